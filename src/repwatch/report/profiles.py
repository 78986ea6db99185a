"""Documents for profiles: the latest of each source, what it was before, and what was typed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from repwatch.report import figures, words
from repwatch.report.document import Cell, Document, Section, Tone
from repwatch.report.presence import stars
from repwatch.wording import N_, _, n_

_TONE: dict[str, Tone] = {"claimed": "good", "unclaimed": "warn", "unknown": "dim"}
_HOW = {"typed in by hand": N_("typed in by hand"), "a page": N_("a page")}


def listed(rows: Sequence[Mapping[str, Any]]) -> Document:
    """Return the latest profile of each source, then the earlier ones. `rows` come newest first within their place."""
    places = [list(group) for _, group in groupby(rows, key=lambda row: (row["employer"], row["source"], row["domain"], row["filter"]))]
    sections = [Section("latest", _("Profiles"), _columns(), tuple(_row(group[0]) for group in places), numbers=_NUMBERS)]
    earlier = tuple(_row(row) for group in places for row in group[1:])
    if earlier:
        sections.append(Section("earlier", _("Before"), _columns(), earlier, numbers=_NUMBERS))
    title = n_("{n} profile", "{n} profiles", len(places)) if places else _("No profile is known yet: save a page, or use `repwatch profiles add`.")
    return Document("profiles", title, tuple(sections) if places else (), [dict(row) for row in rows])


def _columns() -> tuple[str, ...]:
    return (_("Employer"), _("Source"), _("Seen on"), _("Rating"), _("Reviews"), _("Page"), _("Recommend"), _("CEO"), _("How it was seen"))


_NUMBERS = frozenset({3, 4, 6, 7})


def _row(row: Mapping[str, Any]) -> tuple[Cell | str, ...]:
    return (row["employer"] or figures.DASH, row["source"], figures.day(row["observed"]), stars(row), figures.DASH if row["review_count"] is None else figures.count(row["review_count"]),
            Cell(words.claimed(row["claimed"]), _TONE[row["claimed"]]), figures.share(row["recommend"]), figures.share(row["ceo_approval"]), _(_HOW[row["evidence"]]))  # fmt: skip


def added(profile: Any, run: int, *, kept: bool) -> Document:
    """Return what became of a profile that was typed in."""
    row = {**profile.model_dump(mode="json"), "evidence": "typed in by hand"}
    title = _("Kept.") if kept else _("This was known already; nothing changed.")
    return Document("profiles add", title, (Section("added", "", _columns(), (_row(row),), numbers=_NUMBERS),), row,
                    closing=_("To take it back: repwatch import --undo {run}", run=run) if kept else "")  # fmt: skip
