"""Documents for lists: what was parsed, imported, found, and the sources there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from repwatch.report import figures, words
from repwatch.report.document import Cell, Document, Section, Tone
from repwatch.report.reasons import doubt, explained
from repwatch.scorers import PERSON
from repwatch.stars import of_five
from repwatch.text.clean import one_line
from repwatch.wording import _, n_, told

_STATE: dict[str, Tone] = {"read": "good", "partly": "warn", "refused": "bad", "failed": "bad", "stale": "warn", "skipped": "dim"}
_LABEL: dict[str, Tone] = {"positive": "good", "negative": "bad", "mixed": "warn"}


def state(name: str) -> Cell:
    """Return a state in its tone."""
    return Cell(words.state(name), _STATE.get(name, ""))


def counted(types: Mapping[str, int]) -> str:
    """Return "10 reviews, 1 profile"."""
    return ", ".join(words.things(name, n) for name, n in sorted(types.items(), key=lambda pair: (-pair[1], pair[0]))) or _("nothing")


def parsed(files: Sequence[tuple[str, str, str, Sequence[str], list[dict[str, Any]]]], data: list[dict[str, Any]]) -> Document:
    """Return what each file was recognised as."""
    rows = []
    for name, source, verdict, said, found in files:
        types = Counter(row["type"] for row in found if row["type"] not in ("refused", "problem"))
        rows.append((name, source, state(verdict), counted(types), "; ".join(explained(each) for each in said if each)))
    read = sum(each[2] in ("read", "partly") for each in files)
    columns = (_("File"), _("Source"), _("State"), _("Holds"), _("Why"))
    return Document("parse", _("{read} of {total} files read", read=read, total=len(files)), (Section("files", "", columns, tuple(rows)),), data)


def why(reason: str, *sentences: str) -> str:
    """Return why a file stands as it stands, with what was settled or is to be looked at."""
    return "; ".join(filter(None, (explained(reason) if reason else "", *map(told, sentences))))


def imported(run: int, results: Sequence[Any]) -> Document:
    """Return what an import stored, file by file."""
    rows = tuple(
        (each.path.name, each.source or "–", state(each.state), counted(each.types), str(each.new), str(each.revised), why(each.reason, *each.said, *each.notes)) for each in results
    )
    new, read = sum(each.new for each in results), sum(each.state in ("read", "partly") for each in results)
    data = {"run": run, "files": [
        {"file": str(each.path), "source": each.source, "state": each.state, "reason": each.reason, "employers": list(each.employers),
         "types": dict(each.types), "new": each.new, "revised": each.revised, "problems": each.problems, "said": list(each.said), "notes": list(each.notes)} for each in results]}  # fmt: skip
    columns = (_("File"), _("Source"), _("State"), _("Holds"), _("New"), _("Changed"), _("Why"))
    return Document("import", _("{read} of {total} files read, {new} new", read=read, total=len(results), new=new), (Section("files", "", columns, rows, numbers=frozenset({4, 5})),), data,
                    closing=_("To take this import back: {command}", command=f"repwatch import --undo {run}"))  # fmt: skip


def undone(run: int, taken: int) -> Document:
    """Return what undoing an import removed."""
    return Document("import", n_("Import {run} was taken back: {n} item removed.", "Import {run} was taken back: {n} items removed.", taken, run=run), (), {"run": run, "removed": taken})


def mentions(rows: Sequence[Mapping[str, Any]], shown: str, *, why: bool = False) -> Document:
    """Return reviews and mentions as a list, newest first; with `why`, the words that decided."""
    lines = []
    for row in rows:
        score = row["score"] or {}
        label = score.get("label") or "unscored"
        stars = f"{figures.number(row['rating'], _digits(row['rating']))}/{row['rating_scale']}" if row.get("rating") is not None else ""
        lines.append((str(row["id"]), (row.get("published") and figures.day(row["published"])) or "–", row["source"], row.get("lang") or "–",
                      Cell(words.label(label), _LABEL.get(label, "")), stars, one_line(_text(row), 160) + _beside(row), *((_why(row, score),) if why else ())))  # fmt: skip
    columns = (_("Id"), _("Date"), _("Source"), _("Lang"), _("Sentiment"), _("Stars"), _("Text"), *((_("Why"),) if why else ()))
    title = n_("{n} review or mention", "{n} reviews and mentions", len(rows)) + shown
    return Document("mentions", title, (Section("mentions", "", columns, tuple(lines), numbers=frozenset({0})),), [dict(row) for row in rows])


def _digits(rating: float) -> int:
    return 0 if rating == int(rating) else 1 if round(rating, 1) == rating else 2


def _why(row: Mapping[str, Any], score: Mapping[str, Any]) -> str:
    """Return what a sentiment rests on: a person's word, the stars, the words found in the text."""
    if score.get("scorer") == PERSON:
        return _("you said so")
    stars = of_five(row)
    given = [n_("{stars} star", "{stars} stars", 1 if stars == 1 else 2, stars=f"{stars:g}")] if stars is not None else []
    return " · ".join([*given, *(one_line(words) for words in score.get("evidence") or ())]) or _("nothing that decides was found")


def _beside(row: Mapping[str, Any]) -> str:
    """Say what stands beside a text: the story elsewhere, reviews that are alike, a doubt, that it has vanished."""
    said = told_again(row["reach"]["mentions"] - 1 if row.get("reach") else 0, row.get("alike") or 0)
    said += [_("probably not {employer}: {reasons}", employer=each["employer"], reasons=", ".join(map(doubt, each["reasons"]))) for each in row.get("doubts") or ()]
    if row.get("vanished"):
        said.append(_("vanished {day}", day=figures.day(row["vanished"])))
    return f" ({'; '.join(said)})" if said else ""


def told_again(elsewhere: int, alike: int) -> list[str]:
    """Return in how many other places a story stands, and how many other reviews are like one."""
    said = [n_("+{n} elsewhere", "+{n} elsewhere", elsewhere)] if elsewhere else []
    return [*said, *([n_("like {n} other review", "like {n} other reviews", alike)] if alike else [])]


def _text(row: Mapping[str, Any]) -> str:
    parts = [row.get("title"), row.get("text"), row.get("body"), row.get("pros") and f"+ {row['pros']}", row.get("cons") and f"- {row['cons']}", row.get("process")]
    if row.get("type") == "salary":
        middle = (row.get("base") or {}).get("p50")
        parts = [row["job_title"], middle and f"{figures.number(middle)} {row.get('currency') or ''}".strip()]
    return " · ".join(part for part in parts if part)


def sources(infos: Iterable[Any], used: Mapping[str, str]) -> Document:
    """Return the sources that repwatch can read, and their state in the last check."""
    infos = list(infos)
    rows = tuple((each.name, each.title, _(each.door), state(used.get(each.name, "–")), _(each.terms)) for each in infos)
    data = [{**each.model_dump(mode="json", exclude={"marks"}), "last_state": used.get(each.name)} for each in infos]
    columns = (_("Name"), _("Site"), _("Door"), _("Last check"), _("Terms"))
    return Document("sources", n_("{n} source", "{n} sources", len(rows)), (Section("sources", "", columns, rows),), data)


def checks(title: str, rows: Iterable[tuple[str, str, str, str]], data: Any) -> Document:
    """Return the doctor's findings: (what, state, what was seen, what to do)."""
    tones: dict[str, Tone] = {"ok": "good", "warning": "warn", "wrong": "bad", "skipped": "dim"}
    lines = tuple((words.check(what), Cell(words.state(how), tones.get(how, "")), seen, do) for what, how, seen, do in rows)
    return Document("doctor", title, (Section("checks", "", (_("What"), _("State"), _("Seen"), _("What to do")), lines),), data)
