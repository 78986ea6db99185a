"""Figures by job family, place and country that point at nobody (k = 5).

Calendar months are put together into blocks, and the parts of a block into atoms of at least five reviews each. Where atoms
end depends on the reviews alone, never on the question, and every figure shown is a sum of whole atoms: whatever two reports
are taken from one another, at least five reviews are left, or none. The small parts of a block are one atom, "other".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from repwatch.analysis.intervals import Figure, mean_of_stars
from repwatch.wording import N_

K = 5
#: A block is closed as soon as a part of its own can be shown, at the latest after a year of months.
_LONGEST = 12
#: What small parts are merged into.
OTHER = N_("other parts")


class Cell(Protocol):
    """Reviews of a month in a part of a dimension, as the store reads them."""

    @property
    def month(self) -> str: ...
    @property
    def dimension(self) -> str: ...
    @property
    def part(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def bucket(self) -> str: ...
    @property
    def n(self) -> int: ...


class Atom(NamedTuple):
    """The smallest thing that may be shown: a part over whole months `first` to `last` (YYYY-MM), with five reviews or more."""

    first: str
    last: str
    part: str
    n: int
    stars: Mapping[int, int]


class Part(NamedTuple):
    """A part of a breakdown: how many reviews, and their rating. The name "" means that the authors did not say."""

    name: str
    reviews: int
    rating: Figure


class Breakdown(NamedTuple):
    """Reviews by a dimension over whole months `first` to `last`; `merged` of them stand under other parts."""

    dimension: str
    first: str | None
    last: str | None
    parts: tuple[Part, ...]
    merged: int


def atoms(cells: Iterable[Cell], dimension: str, before: str) -> list[Atom]:
    """Return the atoms of `dimension` over all months earlier than `before` (YYYY-MM): that month is not over yet."""
    months: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        if cell.dimension == dimension and cell.month < before:
            months[cell.month].append(cell)
    found: list[Atom] = []
    block: list[str] = []
    for month in sorted(months):
        if block and _distance(block[0], month) >= _LONGEST:
            found += _split(block, months)
            block = []
        block.append(month)
        if any(atom.part != OTHER for atom in _split(block, months)):
            found += _split(block, months)
            block = []
    return found


def _distance(first: str, month: str) -> int:
    return (int(month[:4]) - int(first[:4])) * 12 + int(month[5:]) - int(first[5:])


def _split(block: Sequence[str], months: Mapping[str, Sequence[Cell]]) -> list[Atom]:
    """Return the atoms of a block; none where it holds fewer than five reviews."""
    sizes: Counter[str] = Counter()
    stars: dict[str, Counter[int]] = defaultdict(Counter)
    for cell in (cell for month in block for cell in months[month]):
        if cell.what == "all":
            sizes[cell.part] += cell.n
        else:
            stars[cell.part][int(cell.bucket)] += cell.n
    small = [part for part, n in sizes.items() if n < K]
    # The small ones together must be five as well, else the smallest of the others joins them.
    for part in sorted(set(sizes) - set(small), key=lambda part: (sizes[part], part)):
        if not small or sum(sizes[each] for each in small) >= K:
            break
        small.append(part)
    groups = {part: [part] for part in sorted(sizes) if part not in small} | ({OTHER: small} if small else {})
    return [Atom(block[0], block[-1], name, n, dict(sum((stars[part] for part in parts), Counter())))
            for name, parts in groups.items() if (n := sum(sizes[part] for part in parts)) >= K]  # fmt: skip


def breakdown(found: Iterable[Atom], dimension: str, first: str, last: str) -> Breakdown:
    """Return the parts over the atoms that lie wholly within the months `first` to `last`."""
    inside = [atom for atom in found if first <= atom.first and atom.last <= last]
    stars: dict[str, Counter[int]] = defaultdict(Counter)
    sizes: Counter[str] = Counter()
    for atom in inside:
        stars[atom.part].update(atom.stars)
        sizes[atom.part] += atom.n
    parts = tuple(Part(name, n, mean_of_stars(stars[name])) for name, n in sorted(sizes.items(), key=lambda each: (each[0] == OTHER, -each[1], each[0])))
    begin, end = min((atom.first for atom in inside), default=None), max((atom.last for atom in inside), default=None)
    return Breakdown(dimension, begin, end, parts, sizes[OTHER])
