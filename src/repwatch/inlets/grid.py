"""What a table is before anybody knows what its columns mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import BinaryIO, NamedTuple

Cell = str | int | float | bool | date | datetime | time | timedelta | None
#: One row, or in its place a sentence that says why it cannot be read.
Cells = Sequence[Cell] | str
#: Opens the same bytes anew at each call: a table is read twice, once to settle its columns.
Opener = Callable[[], BinaryIO]
#: Counts the column names in a row that are known.
Known = Callable[[Sequence[Cell]], int]


class Grid(NamedTuple):
    """A table: the names of its columns, and its rows with the line on which each begins. `said` tells how it was opened."""

    columns: tuple[str, ...]
    rows: Callable[[], Iterator[tuple[int, Cells]]]
    said: tuple[str, ...] = ()


def header_at(rows: Sequence[Sequence[Cell]], known: Known) -> tuple[int, int]:
    """Return the index of the row that holds the column names, and how many of them are known.

    Titles may stand above it. Where no name is known, it is the first row with more than one cell filled.
    """
    scores = [known(row) for row in rows]
    best = max(scores, default=0)
    if best >= 2:
        return scores.index(best), best
    return next((number for number, row in enumerate(rows) if sum(cell not in (None, "") for cell in row) > 1), 0), best


def names(row: Sequence[Cell]) -> tuple[str, ...]:
    """Return a row as column names; a name that stands twice gets a number, an empty one the letter of its place."""
    found: dict[str, None] = {}
    for place, cell in enumerate(row):
        name = " ".join(str(cell).split()) if cell not in (None, "") else f"({place + 1})"
        while name in found:
            name = f"{name} ({place + 1})"
        found[name] = None
    return tuple(found)


def is_blank(row: Sequence[Cell]) -> bool:
    """Tell whether nothing stands in a row."""
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in row)
