"""Days on which a mean changed: PELT with a penalty calibrated by simulation.

Killick, Fearnhead and Eckley 2012, "Optimal detection of changepoints with a linear computational cost". The cost of a segment
is its quasi-binomial deviance (`repwatch.analysis.deviance`), scaled by the variance within steps, which no change of the mean
inflates. Written here, some thirty lines: the packages that offer it import NumPy and SciPy, which no report can afford.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from repwatch.analysis.deviance import NOTHING, Sums, entropy, sums
from repwatch.analysis.intervals import Figure, mean_of_stars

#: A segment holds so many values at least.
LEAST = 10


class Segment(NamedTuple):
    """Steps `first` to `last` (their numbers, both inclusive) between two changes, with the mean over them."""

    first: int
    last: int
    figure: Figure


def penalty(values: int) -> float:
    """Return the price of one more change point for a series of `values` ratings.

    Chosen so that at most 5 of 100 series without a change get any: `bench/change_bench.py`.
    """
    return 7.0 + math.log(max(values, 2))


def segments(steps: Sequence[Mapping[int, int]], *, price: float | None = None) -> list[Segment]:
    """Return the segments of a series of histograms (tenths -> n, a step each); one where nothing changed, none without values."""
    total = sum(sum(each.values()) for each in steps)
    if not total:
        return []
    parts = [sums(each, 10, 50) for each in steps]
    phi = _phi(parts)
    ends = _pelt(parts, phi, penalty(total) if price is None else price) if phi > 0 else [len(steps)]
    found = []
    for start, end in zip([0, *ends], ends, strict=False):
        stars: dict[int, int] = {}
        for each in steps[start:end]:
            for value, n in each.items():
                stars[value] = stars.get(value, 0) + n
        found.append(Segment(start, end - 1, mean_of_stars(stars)))
    return found


def _phi(parts: Sequence[Sums]) -> float:
    """Return the variance within steps (within all where steps hold one value each) over that of a binomial mean."""
    whole = NOTHING
    for part in parts:
        whole += part
    freedom = sum(part.n - 1 for part in parts if part.n)
    variance = sum(part.scatter for part in parts) / freedom if freedom >= LEAST else whole.scatter / max(whole.n - 1, 1)
    binomial = whole.mean * (1 - whole.mean)
    return variance / binomial if binomial > 0 else 0.0


def _pelt(parts: Sequence[Sums], phi: float, price: float) -> list[int]:
    """Return the ends (exclusive) of the optimal segments."""
    n, s = [0, *accumulate(part.n for part in parts)], [0.0, *accumulate(part.total for part in parts)]

    def cost(start: int, end: int) -> float:
        size = n[end] - n[start]
        return 2 * entropy(size, (s[end] - s[start]) / size) / phi if size else 0.0

    best = [-price] + [math.inf] * len(parts)
    came = [0] * (len(parts) + 1)
    candidates = [0]
    for end in range(1, len(parts) + 1):
        costs = [(best[start] + cost(start, end) + price, start) for start in candidates if n[end] - n[start] >= LEAST or start == 0]
        best[end], came[end] = min(costs)
        # A start that is dearer by more than the price can never win again.
        long = {start for total, start in costs if total - price > best[end]}
        candidates = [start for start in candidates if start not in long] + [end]
    ends = []
    end = len(parts)
    while end > 0:
        ends.append(end)
        end = came[end]
    return ends[::-1]
