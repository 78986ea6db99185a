"""Tell a change in who speaks from a change in what they say: Kitagawa's decomposition of a difference of means.

Kitagawa 1955, "Components of a difference between two rates". With w the shares and m the means of the groups,
after - before = sum (w2 - w1)(m1 + m2)/2 [mix] + sum (w1 + w2)/2 (m2 - m1) [opinion], and both add up exactly.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from repwatch.analysis.intervals import Figure

Groups = Mapping[str, Mapping[int, int]]
#: Groups smaller than this in both periods together are put together.
LEAST = 5
_Z = 1.959964


class Decomposition(NamedTuple):
    """A difference of mean ratings, and the parts of it that come from mix and from opinion. `moved` names the group whose share moved most."""

    dimension: str
    difference: float
    mix: Figure
    opinion: Figure
    groups: int
    moved: str | None


def decompose(dimension: str, before: Groups, after: Groups) -> Decomposition | None:
    """Split the difference of the mean ratings of two periods (group -> histogram in tenths); None where one period is empty.

    A group that only one period has contributes to the mix alone. The intervals (delta method) take the mean shares as given for
    opinion, and the mean opinions as given for mix.
    """
    old, new = _merged(before, after)
    n1, n2 = (sum(sum(each.values()) for each in groups.values()) for groups in (old, new))
    if not n1 or not n2:
        return None
    mix = opinion = spread = 0.0
    levels: dict[str, float] = {}
    moves: dict[str, float] = {}
    for name in sorted({*old, *new}):
        size1, size2 = sum(old.get(name, {}).values()), sum(new.get(name, {}).values())
        w1, w2 = size1 / n1, size2 / n2
        m1 = _mean(old[name]) if size1 else _mean(new[name])
        m2 = _mean(new[name]) if size2 else m1
        levels[name], moves[name] = (m1 + m2) / 2, w2 - w1
        mix += (w2 - w1) * levels[name]
        opinion += (w1 + w2) / 2 * (m2 - m1)
        if size1 and size2:
            spread += ((w1 + w2) / 2) ** 2 * (_variance(old[name]) / size1 + _variance(new[name]) / size2)
    shares = sum(_share_variance(groups, levels, n) for groups, n in ((old, n1), (new, n2)))
    moved = max(moves, key=lambda name: (abs(moves[name] * (levels[name] - sum(levels.values()) / len(levels))), name))
    return Decomposition(dimension, mix + opinion, _figure(mix, n1 + n2, shares), _figure(opinion, n1 + n2, spread), len(moves), moved if len(moves) > 1 else None)


def _merged(before: Groups, after: Groups) -> tuple[dict[str, Counter[int]], dict[str, Counter[int]]]:
    sizes: Counter[str] = Counter()
    for groups in (before, after):
        sizes.update({name: sum(each.values()) for name, each in groups.items()})
    found: tuple[dict[str, Counter[int]], dict[str, Counter[int]]] = ({}, {})
    for kept, groups in zip(found, (before, after), strict=True):
        for name, each in groups.items():
            if each:
                kept.setdefault(name if sizes[name] >= LEAST else "other parts", Counter()).update(each)
    return found


def _figure(value: float, n: int, variance: float) -> Figure:
    half = _Z * math.sqrt(variance)
    return Figure(value, n, value - half, value + half)


def _mean(histogram: Mapping[int, int]) -> float:
    return sum(value * n for value, n in histogram.items()) / sum(histogram.values()) / 10


def _variance(histogram: Mapping[int, int]) -> float:
    n, mean = sum(histogram.values()), _mean(histogram)
    return sum(count * (value / 10 - mean) ** 2 for value, count in histogram.items()) / (n - 1) if n > 1 else 0.0


def _share_variance(groups: Mapping[str, Mapping[int, int]], levels: Mapping[str, float], n: int) -> float:
    shares = {name: sum(each.values()) / n for name, each in groups.items()}
    mean = sum(share * levels[name] for name, share in shares.items())
    return sum(share * (levels[name] - mean) ** 2 for name, share in shares.items()) / n
