"""Documents for profiles: the latest of each source, what it was before, and what was typed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from repwatch.report import figures
from repwatch.report.document import Cell, Document, Section, Tone

_TONE: dict[str, Tone] = {"claimed": "good", "unclaimed": "warn", "unknown": "dim"}
_COLUMNS = ("Employer", "Source", "Seen on", "Rating", "Reviews", "Page", "Recommend", "CEO", "How it was seen")


def listed(rows: Sequence[Mapping[str, Any]]) -> Document:
    """Return the latest profile of each source, then the earlier ones. `rows` come newest first within their place."""
    places = [list(group) for _, group in groupby(rows, key=lambda row: (row["employer"], row["source"], row["domain"], row["filter"]))]
    sections = [Section("latest", "Profiles", _COLUMNS, tuple(_row(group[0]) for group in places), numbers=_NUMBERS)]
    earlier = tuple(_row(row) for group in places for row in group[1:])
    if earlier:
        sections.append(Section("earlier", "Before", _COLUMNS, earlier, numbers=_NUMBERS))
    title = f"{len(places)} profile{'' if len(places) == 1 else 's'}" if places else "No profile is known yet: save a page, or use `repwatch profiles add`."
    return Document("profiles", title, tuple(sections) if places else (), [dict(row) for row in rows])


_NUMBERS = frozenset({3, 4, 6, 7})


def _row(row: Mapping[str, Any]) -> tuple[Cell | str, ...]:
    stars = "–" if row["rating"] is None else f"{row['rating']:g}" if row["rating_scale"] == 5 else f"{row['rating']:g} of {row['rating_scale']}"
    count = "–" if row["review_count"] is None else str(row["review_count"])
    return (row["employer"] or "–", row["source"], figures.day(row["observed"]), stars, count, Cell(row["claimed"], _TONE[row["claimed"]]),
            figures.share(row["recommend"]), figures.share(row["ceo_approval"]), row["evidence"])  # fmt: skip


def added(profile: Any, run: int, *, kept: bool) -> Document:
    """Return what became of a profile that was typed in."""
    row = {**profile.model_dump(mode="json"), "evidence": "typed in by hand"}
    title = "Kept." if kept else "This was known already; nothing changed."
    return Document("profiles add", title, (Section("added", "", _COLUMNS, (_row(row),), numbers=_NUMBERS),), row,
                    closing=f"To take it back: repwatch import --undo {run}" if kept else "")  # fmt: skip
