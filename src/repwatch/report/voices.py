"""The sections in which people speak: reviews that wait for an answer, and quotations in their real proportions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from repwatch.report import figures, words
from repwatch.report.document import Cell, Quote, Section, Tidy, Tone
from repwatch.report.leads import all_texts, unanswered
from repwatch.text.clean import one_line
from repwatch.wording import _, n_

_TONE: dict[str, Tone] = {"positive": "good", "negative": "bad", "mixed": "warn"}


def mood(label: str, rating: float | None) -> Cell:
    """Return "negative 1★" in its tone."""
    stars = f" {figures.number(rating, 0 if rating == int(rating) else 1)}★" if rating is not None else ""
    return Cell(f"{words.label(label)}{stars}", _TONE.get(label, ""))


def needs_answer(data: Mapping[str, Any], limit: int = 8) -> Section | None:
    """Return the reviews without an answer, the worst first."""
    found = data.get("needs_answer")
    if not found:
        return None
    heading, within = _("What needs an answer"), found["within_days"]
    if not found["waiting"]:
        return Section("needs_answer", heading, before=(_("No review of this period waits for an answer."),))
    said = [n_("{n} review has no answer on the site.", "{n} reviews have no answer on the site.", found["waiting"])]
    if found["overdue"]:
        said.append(n_("{n} of them has waited longer than {days} days.", "{n} of them have waited longer than {days} days.", found["overdue"], days=within))
    rows = tuple((figures.day(row["published"]), Cell(figures.count(row["days"]), "warn" if row["days"] > within else ""), words.place(row["source"], row.get("url")), mood(row["label"], row["rating"]),
                  one_line(row["excerpt"], 90) or figures.DASH) for row in found["rows"][:limit])  # fmt: skip
    columns = (_("Date"), _("Days"), _("Source"), _("Sentiment"), _("Text"))
    tidy = Tidy(("id", "source", "published", "days", "label", "rating", "excerpt", "url"),
                tuple(tuple(row[name] for name in ("id", "source", "published", "days", "label", "rating", "excerpt", "url")) for row in found["rows"]))  # fmt: skip
    # A board decides nothing about single answers.
    after = (_("Drafts, and what you decided: {command}", command="repwatch answers"),) if data.get("kind") != "board" else ()
    return Section("needs_answer", heading, columns, rows, before=(" ".join(said),), after=after, numbers=frozenset({1}), leads=(unanswered(data),), tidy=tidy)


def voices(data: Mapping[str, Any], limit: int = 6) -> Section | None:
    """Return what people say, word for word, in the proportions that all texts have."""
    found = data.get("voices")
    if not found or not found["quotes"]:
        return None
    counts = ", ".join(words.label_counted(name, found["labels"][name]) for name in words.LABELS if found["labels"].get(name))
    before = (_("Drawn without regard to loudness, in the proportions of all texts: {counts}.", counts=counts),)
    quotes = tuple(_quote(row) for row in found["quotes"][:limit])
    tidy = Tidy(("id", "source", "published", "label", "rating", "lang", "text", "url"),
                tuple(tuple(row[name] for name in ("id", "source", "published", "label", "rating", "lang", "text", "url")) for row in found["quotes"]))  # fmt: skip
    return Section("voices", _("What they say"), before=before, quotes=quotes, leads=(all_texts(data),), tidy=tidy)


def _quote(row: Mapping[str, Any]) -> Quote:
    about = " · ".join((mood(row["label"], row["rating"]).text, words.place(row["source"], row.get("url")), figures.day(row["published"])))
    return Quote(row["text"], about, _TONE.get(row["label"], ""), row["lang"] or "", row["url"] or "")
