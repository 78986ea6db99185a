"""What changed between two periods, and is it real: one question for the rating, one family for all the rest.

The rating is asked first at 2.5 %; every other row shares 2.5 % by Holm, so that at most 5 in 100 reports on unchanged
employers show any change. Whatever does not pass is "no detectable change", with what these numbers could have shown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from repwatch.analysis import permutation
from repwatch.analysis.distributions import normal_quantile
from repwatch.analysis.intervals import Figure, mean_of_stars, t_quantile, wilson

Verdict = Literal["up", "down", "no_detectable_change", "too_few"]
Histogram = Mapping[int, int]

LEVEL = 0.025
#: Fewer values than this in either period say nothing about a change.
LEAST = 5
_POWER = 0.8


class Question(NamedTuple):
    """One row to be compared. `unit` tells how the histograms read: stars in tenths, a share (1 yes, 0 no), a balance (1, -1)."""

    metric: str
    source: str | None
    topic: str | None
    unit: Literal["stars", "share", "balance"]
    before: Histogram
    after: Histogram
    #: What the row's question weighs in the family; what a reader asks about first weighs more.
    weight: float = 1.0


class Volume(NamedTuple):
    """Counts to be compared: the totals of either period, and the means a seen day of their blocks of days."""

    source: str | None
    totals: tuple[int, int]
    before: Sequence[float]
    after: Sequence[float]
    #: Days of a block, and of the later period.
    days: tuple[int, int]
    weight: float = 1.0


class Change(NamedTuple):
    """One answered row: either period, the change with its interval, and whether it is real.

    `p` is the row's own; `adjusted` counts the other questions of the report in. `smallest` is the least change that
    numbers like these show in 8 of 10 cases.
    """

    metric: str
    source: str | None
    topic: str | None
    before: Figure
    after: Figure
    change: Figure
    verdict: Verdict
    p: float | None
    adjusted: float | None
    smallest: float | None


class _Asked(NamedTuple):
    change: Change
    weight: float
    sd: float
    sizes: tuple[int, int]


def changes(questions: Iterable[Question], volumes: Iterable[Volume] = ()) -> list[Change]:
    """Answer all rows of one report together, in the order they were asked: questions first, then volumes."""
    asked = [_ask(each) for each in questions] + [_ask_volume(each) for each in volumes]
    family = [one for one in asked if one.change.p is not None and not _is_first(one.change)]
    weights = [one.weight for one in family]
    adjusted = dict(zip(map(id, family), permutation.holm([one.change.p or 0.0 for one in family], weights), strict=True))
    whole = sum(weights) or 1.0
    return [_judged(one, adjusted.get(id(one), one.change.p), LEVEL if _is_first(one.change) else LEVEL * one.weight / whole) for one in asked]


def _is_first(row: Change) -> bool:
    return row.metric == "rating" and row.source is None and row.topic is None


def _judged(one: _Asked, adjusted: float | None, level: float) -> Change:
    row = one.change
    if row.p is None or adjusted is None:
        return row
    verdict: Verdict = "no_detectable_change"
    if adjusted <= LEVEL and row.change.value:
        verdict = "up" if row.change.value > 0 else "down"
    z = normal_quantile(level / 2) + normal_quantile(1 - _POWER)
    smallest = z * one.sd * math.sqrt(sum(1 / size for size in one.sizes))
    return row._replace(verdict=verdict, adjusted=round(adjusted, 6), smallest=smallest if smallest > 0 else None)


def figure(unit: str, histogram: Histogram) -> Figure:
    """Return the value of a histogram in its unit."""
    if unit == "stars":
        return mean_of_stars(histogram)
    yes = histogram.get(1, 0)
    share = wilson(yes, sum(histogram.values()))
    if unit == "share" or share.value is None or share.low is None or share.high is None:
        return share
    return Figure(2 * share.value - 1, share.n, 2 * share.low - 1, 2 * share.high - 1)


def _ask(question: Question) -> _Asked:
    before, after = figure(question.unit, question.before), figure(question.unit, question.after)
    row = Change(*question[:3], before, after, difference(question.unit, question.before, question.after), "too_few", None, None, None)
    if min(before.n, after.n) < LEAST:
        return _Asked(row, question.weight, 0.0, (1, 1))
    p = permutation.two_samples(question.before, question.after)
    scale = 0.1 if question.unit == "stars" else 1.0
    return _Asked(row._replace(p=round(p, 6)), question.weight, scale * _pooled_sd(question.before, question.after), (before.n, after.n))


def difference(unit: str, before: Histogram, after: Histogram) -> Figure:
    """Return after - before with a 95 % interval: Welch's for stars, Newcombe's (1998, method 10) for shares."""
    old, new = figure(unit, before), figure(unit, after)
    n = old.n + new.n
    if old.value is None or new.value is None:
        return Figure(None, n)
    value = new.value - old.value
    if unit != "stars":
        lows = [(each.low or 0.0, each.value or 0.0, each.high or 0.0) for each in (old, new)]
        (low1, p1, high1), (low2, p2, high2) = lows
        return Figure(value, n, value - math.hypot(p2 - low2, high1 - p1), value + math.hypot(high2 - p2, p1 - low1))
    if min(old.n, new.n) < 2:
        return Figure(value, n)
    parts = [_variance(each) / 100 / size for each, size in ((before, old.n), (after, new.n))]
    half = _half(parts, (old.n, new.n))
    return Figure(value, n, value - half, value + half)


def _half(parts: Sequence[float], sizes: Sequence[int]) -> float:
    """Return half of Welch's interval from the two squared standard errors (Satterthwaite's degrees of freedom)."""
    total = sum(parts)
    if total <= 0:
        return 0.0
    freedom = total * total / sum(part * part / (size - 1) for part, size in zip(parts, sizes, strict=True) if part)
    return t_quantile(max(1, int(freedom))) * math.sqrt(total)


def _variance(histogram: Histogram) -> float:
    n = sum(histogram.values())
    mean = sum(value * count for value, count in histogram.items()) / n
    return sum(count * (value - mean) ** 2 for value, count in histogram.items()) / (n - 1)


def _pooled_sd(before: Histogram, after: Histogram) -> float:
    sizes = [sum(each.values()) for each in (before, after)]
    squares = [(size - 1) * _variance(each) for each, size in zip((before, after), sizes, strict=True)]
    return math.sqrt(sum(squares) / (sum(sizes) - 2))


def _ask_volume(told: Volume) -> _Asked:
    block, days_after = told.days
    before = volume(told.totals[0], [each * block for each in told.before])
    after = volume(told.totals[1], [each * block for each in told.after])
    row = Change("volume", told.source, None, before, after, Figure(None, before.n + after.n), "too_few", None, None, None)
    if sum(told.totals) < 2 * LEAST or min(len(told.before), len(told.after)) < 4:
        return _Asked(row, told.weight, 0.0, (1, 1))
    means = [sum(each) / len(each) for each in (told.before, told.after)]
    parts = [_spread(each) / len(each) for each in (told.before, told.after)]
    sizes = (len(told.before), len(told.after))
    half, value = _half(parts, sizes), means[1] - means[0]
    # A difference of daily means, told over the length of the later period.
    change = Figure(value * days_after, row.change.n, (value - half) * days_after, (value + half) * days_after)
    p = permutation.blocks(told.before, told.after)
    sd = math.sqrt(sum(part * size for part, size in zip(parts, sizes, strict=True)) / 2)
    return _Asked(row._replace(change=change, p=round(p, 6)), told.weight, sd * days_after, sizes)


def _spread(values: Sequence[float]) -> float:
    mean = sum(values) / len(values)
    return sum((each - mean) ** 2 for each in values) / (len(values) - 1)


def volume(total: int, block_counts: Sequence[float]) -> Figure:
    """Return a count with a 95 % interval for counts that come in bursts.

    The variance is the count times its dispersion over blocks of days (at least 1, Poisson's); the square root keeps the
    interval on the right side of zero (Anscombe 1948).
    """
    mean = sum(block_counts) / len(block_counts) if block_counts else 0.0
    dispersion = max(1.0, _spread(block_counts) / mean) if mean and len(block_counts) > 1 else 1.0
    half = 1.959964 / 2 * math.sqrt(dispersion)
    root = math.sqrt(total + 3 / 8)
    low, high = max(0.0, root - half) ** 2 - 3 / 8, (root + half) ** 2 - 3 / 8
    return Figure(total, total, max(0.0, low), high)
