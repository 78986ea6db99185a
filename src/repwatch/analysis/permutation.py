"""Permutation tests of two samples: exact where few ways exist to deal the values out, else by draws seeded from the data.

The statistic is Welch's t, which keeps the test right for means of samples that spread differently (Janssen 1997, "Studentized
permutation tests for non-i.i.d. hypotheses"). Draws stop early by Besag and Clifford 1991, "Sequential Monte Carlo p-values".
"""

from __future__ import annotations

import math
import random
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

from repwatch.analysis.distributions import hypergeometric

#: Ways to deal the values out up to which all are counted.
EXACT = 6_000
DRAWS = 4_000
#: As many draws at least as extreme as the data end the drawing.
ENOUGH = 25
_TINY = 1e-9


def two_samples(before: Mapping[int, int], after: Mapping[int, int]) -> float:
    """Return the two-sided p of "both histograms (value -> n) come from one distribution with one mean".

    1.0 where a sample is empty or all values are equal.
    """
    values = sorted({*before, *after})
    pooled = [before.get(value, 0) + after.get(value, 0) for value in values]
    drawn, total = sum(before.values()), sum(pooled)
    if not drawn or drawn == total or len(values) < 2:
        return 1.0
    statistic = _Welch(values, pooled, drawn)
    seen = statistic([before.get(value, 0) for value in values]) - _TINY
    if math.prod(sorted(count + 1 for count in pooled)[:-1]) <= EXACT:
        return _exact(pooled, drawn, statistic, seen)
    seed = f"{sorted(before.items())} {sorted(after.items())}"
    return _drawn(pooled, drawn, statistic, seen, random.Random(seed))  # noqa: S311 — a seed from the data makes the same report twice


class _Welch:
    """The size of Welch's t for a division of the pooled values, from the part that falls to the first sample."""

    def __init__(self, values: Sequence[int], pooled: Sequence[int], drawn: int) -> None:
        self._values, self._drawn, self._rest = values, drawn, sum(pooled) - drawn
        self._squares = [value * value for value in values]
        self._sum = sum(map(_times, values, pooled))
        self._square = sum(map(_times, self._squares, pooled))

    def __call__(self, part: Sequence[int]) -> float:
        first, square = sum(map(_times, self._values, part)), sum(map(_times, self._squares, part))
        return welch(self._drawn, first, square, self._rest, self._sum - first, self._square - square)


def _times(one: int, other: int) -> int:
    return one * other


def welch(n1: int, sum1: float, square1: float, n2: int, sum2: float, square2: float) -> float:
    """Return |t| from sizes, sums and sums of squares; without any spread it is the difference over next to nothing."""
    difference = abs(sum1 / n1 - sum2 / n2)
    spread = (square1 - sum1 * sum1 / n1) / (n1 * max(n1 - 1, 1)) + (square2 - sum2 * sum2 / n2) / (n2 * max(n2 - 1, 1))
    return difference / math.sqrt(spread + 1e-12)


def _exact(pooled: Sequence[int], drawn: int, statistic: _Welch, seen: float) -> float:
    ways = math.comb(sum(pooled), drawn)
    extreme = sum(weight for part, weight in _deals(pooled, drawn) if statistic(part) >= seen)
    return extreme / ways


def _deals(pooled: Sequence[int], drawn: int) -> Iterator[tuple[list[int], int]]:
    """Yield every part that the first sample may get, with the number of ways in which it gets it."""
    if len(pooled) == 1:
        if drawn <= pooled[0]:
            yield [drawn], math.comb(pooled[0], drawn)
        return
    others = sum(pooled[1:])
    for taken in range(max(0, drawn - others), min(pooled[0], drawn) + 1):
        ways = math.comb(pooled[0], taken)
        for part, weight in _deals(pooled[1:], drawn - taken):
            yield [taken, *part], ways * weight


def _drawn(pooled: Sequence[int], drawn: int, statistic: _Welch, seen: float, chance: random.Random) -> float:
    deal = _Dealer(pooled, drawn, chance)
    extreme = 0
    for number in range(1, DRAWS + 1):
        extreme += statistic(deal()) >= seen
        if extreme == ENOUGH:
            return extreme / number
    return (extreme + 1) / (DRAWS + 1)


class _Dealer:
    """Draws the first sample's part value by value, each a hypergeometric draw from a table made on first use."""

    def __init__(self, pooled: Sequence[int], drawn: int, chance: random.Random) -> None:
        # The largest come first: what is left for the others is then small, and so are their tables.
        self._order = sorted(range(len(pooled)), key=lambda place: -pooled[place])
        self._pooled, self._drawn, self._chance = pooled, drawn, chance.random
        self._left = list(accumulate(pooled[place] for place in reversed(self._order)))[::-1]
        self._tables: dict[tuple[int, int], tuple[int, list[float]]] = {}

    def __call__(self) -> list[int]:
        part = [0] * len(self._pooled)
        wanted = self._drawn
        for step, place in enumerate(self._order):
            if not wanted:
                break
            table = self._tables.get((step, wanted)) or self._table(step, wanted)
            part[place] = taken = table[0] + min(bisect_left(table[1], self._chance()), len(table[1]) - 1)
            wanted -= taken
        return part

    def _table(self, step: int, wanted: int) -> tuple[int, list[float]]:
        least, weights = hypergeometric(self._left[step], self._pooled[self._order[step]], wanted)
        self._tables[step, wanted] = least, list(accumulate(weights))
        return self._tables[step, wanted]


def blocks(before: Sequence[float], after: Sequence[float]) -> float:
    """Return the two-sided p of "the same mean", for a few block totals on either side; 1.0 with fewer than two in one."""
    if min(len(before), len(after)) < 2:
        return 1.0
    pooled = [*before, *after]
    size, rest = len(before), len(after)
    whole, square = sum(pooled), sum(each * each for each in pooled)
    chance = random.Random(f"{list(before)} {list(after)}")  # noqa: S311 — as above

    def statistic(part: Sequence[float]) -> float:
        first, squares = sum(part), sum(each * each for each in part)
        return welch(size, first, squares, rest, whole - first, square - squares)

    seen, extreme = statistic(before) - _TINY, 0
    for number in range(1, DRAWS + 1):
        extreme += statistic(chance.sample(pooled, size)) >= seen
        if extreme == ENOUGH:
            return extreme / number
    return (extreme + 1) / (DRAWS + 1)


def holm(ps: Sequence[float], weights: Sequence[float] | None = None) -> list[float]:
    """Return p values adjusted for asking many questions at once (Holm 1979, with his weights where given)."""
    weight = list(weights or [1.0] * len(ps))
    left, least = sum(weight), 0.0
    adjusted = [1.0] * len(ps)
    for place in sorted(range(len(ps)), key=lambda place: ps[place] / weight[place]):
        least = max(least, min(1.0, ps[place] * left / weight[place]))
        adjusted[place] = least
        left -= weight[place]
    return adjusted
