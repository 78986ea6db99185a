"""Documents for lists: what was parsed, imported, found, and the sources there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from repwatch.report import figures
from repwatch.report.document import Cell, Document, Section, Tone
from repwatch.text.clean import one_line

_STATE: dict[str, Tone] = {"read": "good", "partly": "warn", "refused": "bad", "failed": "bad", "stale": "warn", "skipped": "dim"}
_LABEL: dict[str, Tone] = {"positive": "good", "negative": "bad", "mixed": "warn"}


def state(name: str) -> Cell:
    """Return a state in its tone."""
    return Cell(name, _STATE.get(name, ""))


def counted(types: Mapping[str, int]) -> str:
    """Return "10 reviews, 1 profile"."""
    plural = {"review": "reviews", "mention": "mentions", "interview": "interviews", "salary": "salaries", "profile": "profiles"}
    return ", ".join(f"{n} {name if n == 1 else plural.get(name, name)}" for name, n in sorted(types.items(), key=lambda pair: (-pair[1], pair[0]))) or "nothing"


def parsed(files: Sequence[tuple[str, str, str, str, list[dict[str, Any]]]], data: list[dict[str, Any]]) -> Document:
    """Return what each file was recognised as."""
    rows = []
    for name, source, verdict, why, found in files:
        types = Counter(row["type"] for row in found if row["type"] not in ("refused", "problem"))
        rows.append((name, source, state(verdict), counted(types), why))
    read = sum(each[2] in ("read", "partly") for each in files)
    return Document("parse", f"{read} of {len(files)} files read", (Section("files", "", ("File", "Source", "State", "Holds", "Why"), tuple(rows)),), data)


def imported(run: int, results: Sequence[Any]) -> Document:
    """Return what an import stored, file by file."""
    rows = tuple(
        (each.path.name, each.source or "–", state(each.state), counted(each.types), str(each.new), str(each.revised), each.reason) for each in results
    )
    new, read = sum(each.new for each in results), sum(each.state in ("read", "partly") for each in results)
    data = {"run": run, "files": [
        {"file": str(each.path), "source": each.source, "state": each.state, "reason": each.reason, "employers": list(each.employers),
         "types": dict(each.types), "new": each.new, "revised": each.revised, "problems": each.problems} for each in results]}  # fmt: skip
    columns = ("File", "Source", "State", "Holds", "New", "Changed", "Why")
    return Document("import", f"{read} of {len(results)} files read, {new} new", (Section("files", "", columns, rows, numbers=frozenset({4, 5})),), data,
                    closing=f"To take this import back: repwatch import --undo {run}")  # fmt: skip


def undone(run: int, taken: int) -> Document:
    """Return what undoing an import removed."""
    return Document("import", f"Import {run} was taken back: {taken} items removed.", (), {"run": run, "removed": taken})


def mentions(rows: Sequence[Mapping[str, Any]], shown: str) -> Document:
    """Return reviews and mentions as a list, newest first."""
    lines = []
    for row in rows:
        score = row["score"] or {}
        label = score.get("label") or "unscored"
        stars = f"{row['rating']:g}/{row['rating_scale']}" if row.get("rating") is not None else ""
        lines.append((str(row["id"]), (row.get("published") and figures.day(row["published"])) or "–", row["source"], row.get("lang") or "–",
                      Cell(label, _LABEL.get(label, "")), stars, one_line(_text(row), 160) + _beside(row)))  # fmt: skip
    section = Section("mentions", "", ("Id", "Date", "Source", "Lang", "Sentiment", "Stars", "Text"), tuple(lines), numbers=frozenset({0}))
    return Document("mentions", f"{len(rows)} reviews and mentions{shown}", (section,), [dict(row) for row in rows])


def _beside(row: Mapping[str, Any]) -> str:
    """Say what stands beside a text: the story elsewhere, reviews that are alike, a doubt, that it has vanished."""
    said = []
    if row.get("reach") and row["reach"]["mentions"] > 1:
        said.append(f"+{row['reach']['mentions'] - 1} elsewhere")
    if row.get("alike"):
        said.append(f"like {row['alike']} other review{'s' if row['alike'] > 1 else ''}")
    said += [f"probably not {each['employer']}: {', '.join(each['reasons'])}" for each in row.get("doubts") or ()]
    if row.get("vanished"):
        said.append(f"vanished {row['vanished'][:10]}")
    return f" ({'; '.join(said)})" if said else ""


def _text(row: Mapping[str, Any]) -> str:
    parts = [row.get("title"), row.get("text"), row.get("body"), row.get("pros") and f"+ {row['pros']}", row.get("cons") and f"- {row['cons']}", row.get("process")]
    return " · ".join(part for part in parts if part)


def sources(infos: Iterable[Any], used: Mapping[str, str]) -> Document:
    """Return the sources that repwatch can read, and their state in the last check."""
    infos = list(infos)
    rows = tuple((each.name, each.title, each.door, state(used.get(each.name, "–")), each.terms) for each in infos)
    data = [{**each.model_dump(mode="json", exclude={"marks"}), "last_state": used.get(each.name)} for each in infos]
    return Document("sources", f"{len(rows)} sources", (Section("sources", "", ("Name", "Site", "Door", "Last check", "Terms"), rows),), data)


def checks(title: str, rows: Iterable[tuple[str, str, str, str]], data: Any) -> Document:
    """Return the doctor's findings: (what, state, what was seen, what to do)."""
    tones: dict[str, Tone] = {"ok": "good", "warning": "warn", "wrong": "bad", "skipped": "dim"}
    lines = tuple((what, Cell(how, tones.get(how, "")), seen, do) for what, how, seen, do in rows)
    return Document("doctor", title, (Section("checks", "", ("What", "State", "Seen", "What to do"), lines),), data)



