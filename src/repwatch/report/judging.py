"""Documents on the scorer itself: a correction, its measure, a reading anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from repwatch.report import figures, words
from repwatch.report.document import Document, Section
from repwatch.wording import _, n_


def corrected(told: Mapping[str, Any], count: int) -> Document:
    """Return what a correction changed."""
    places = {"item": told["item"], "label": words.label(told["label"]), "was": words.label(told["was"] or "unscored")}
    title = _("Item {item}: the scorer's own word counts again: {label}.", **places) if told["undone"] else _("Item {item} is {label} now (it was: {was}).", **places)
    verdict = n_("{n} correction is kept. How well the scorer does on it: repwatch evaluate", "{n} corrections are kept. How well the scorer does on them: repwatch evaluate", count)
    return Document("correct", title, (), {**told, "corrections": count}, verdict=verdict)


def rescored(scorer: str, count: int, left: int) -> Document:
    """Return what a reading anew came to."""
    title = n_("{n} text was read again by {scorer}.", "{n} texts were read again by {scorer}.", count, scorer=scorer)
    verdict = n_("{n} text still waits: repwatch rescore", "{n} texts still wait: repwatch rescore", left) if left else _("All texts carry its scores.")
    return Document("rescore", title, (), {"scorer": scorer, "read": count, "left": left}, verdict=verdict)


def evaluation(data: Mapping[str, Any]) -> Document:
    """Return how well a scorer does, over all and by language and source."""
    title = _("How well the scorer does ({scorer})", scorer=data["scorer"])
    if not data["n"]:
        return Document("evaluate", title, (), dict(data), verdict=_("There is nothing to measure on. Correct some texts first: repwatch correct 12 negative"))
    groups = [(_("language"), data["by_language"]), (_("source"), data["by_source"])]
    rows = [(_("all"), "", *_cells(data)), *((kind, name, *_cells(row)) for kind, group in groups for name, row in group.items())]
    columns = (_("By"), "", _("Texts"), _("Answered"), _("Right"), _("Good or bad"), _("Macro-F1"), _("Calibration error"))
    sections = (Section("figures", "", columns, tuple(rows), numbers=frozenset(range(2, 8))), _confusion(data["confusion"]), Section("reading", _("How to read the figures"), before=_reading(data)))
    return Document("evaluate", title, sections, dict(data), verdict=_verdict(data))


def _verdict(data: Mapping[str, Any]) -> str:
    said = n_("{n} text, {answered} answered, {right} of the answers right.", "{n} texts, {answered} answered, {right} of the answers right.", data["n"],
              answered=data["answered"], right=figures.share(data["accuracy"]["value"]))  # fmt: skip
    worst = data["worst_language"]
    return said + " " + _("Least sure in: {lang}.", lang=worst) if worst else said


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    return (str(row["n"]), str(row["answered"]), _share(row["accuracy"]), _share(row["two_class"]), figures.share(row["macro_f1"]), figures.share(row["calibration_error"]))


def _share(figure: Mapping[str, Any]) -> str:
    if figure["value"] is None:
        return "–"
    return _("{value} ({low} to {high})", value=figures.share(figure["value"]), low=figures.share(figure["low"]), high=figures.share(figure["high"]))


def _confusion(table: Mapping[str, Mapping[str, int]]) -> Section:
    labels = sorted({label for row in table.values() for label in row})
    rows = tuple((words.label(truth), *(str(table[truth].get(label, 0)) for label in labels)) for truth in table)
    return Section("confusion", _("What a person said (rows), what the scorer said (columns)"), ("", *(words.label(label) for label in labels)), rows, numbers=frozenset(range(1, len(labels) + 1)))


def _reading(data: Mapping[str, Any]) -> tuple[str, ...]:
    unclear = data["unclear"]
    lines = [
        _("The scorer read the words alone, without the stars."),
        _("Right: how often an answer was the label that a person gave. Good or bad: how often the side was right, open answers guessed."),
        _("Macro-F1: the mean over all labels, so that a rare one counts as much as a frequent one. Calibration error: how far the confidence is from how often it is right."),
    ]
    if unclear["n"]:
        lines.append(n_("{n} text was left open. A guess would have been right in {right} of such cases; over all, guessing gives {all}.",
                        "{n} texts were left open. A guess would have been right in {right} of such cases; over all, guessing gives {all}.",
                        unclear["n"], right=figures.share(unclear["if_guessed"]["value"]), all=figures.share(unclear["accuracy_if_guessed"]["value"])))  # fmt: skip
    return tuple(lines)
