"""95 % intervals for shares and means, from counts alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

_Z = 1.959963984540054
# Student's t, 97.5 % quantile for 1 to 30 degrees of freedom (any statistics handbook; scipy.stats.t.ppf agrees in the tests).
_T = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
      2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042)  # fmt: skip


class Figure(NamedTuple):
    """A value with what it rests on; `value`, `low` and `high` are None where n says nothing."""

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None


def wilson(yes: int, n: int) -> Figure:
    """Return the share yes/n with Wilson's 95 % score interval (Wilson 1927)."""
    if n <= 0:
        return Figure(None, 0)
    share = yes / n
    centre = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n * n))
    return Figure(share, n, max(0.0, centre - half), min(1.0, centre + half))


def mean_of_stars(histogram: Mapping[int, int]) -> Figure:
    """Return the mean rating of a histogram {tenths of a star: count} with a t interval, held within 1..5.

    With one rating, or with none, there is no interval. Where all ratings are the same, t would say that no other can be:
    as many as Wilson's interval for "all of n" leaves unseen may then lie at either end.
    """
    n = sum(histogram.values())
    if n == 0:
        return Figure(None, 0)
    mean = sum(tenths * count for tenths, count in histogram.items()) / n / 10
    if n == 1:
        return Figure(mean, 1)
    square = sum(count * (tenths / 10 - mean) ** 2 for tenths, count in histogram.items()) / (n - 1)
    if len([count for count in histogram.values() if count]) == 1:
        unseen = 1 - (wilson(n, n).low or 0.0)
        return Figure(mean, n, mean - unseen * (mean - 1), mean + unseen * (5 - mean))
    half = t_quantile(n - 1) * math.sqrt(square / n)
    return Figure(mean, n, max(1.0, mean - half), min(5.0, mean + half))


def shrunk_mean(histogram: Mapping[int, int], prior: float = 3.4, weight: float = 7.0) -> Figure:
    """Return (7 x prior + sum of stars) / (7 + n): a mean that a handful of reviews cannot carry far.

    The interval is that of the raw mean, drawn to the prior by the same share.
    """
    raw = mean_of_stars(histogram)
    keep = raw.n / (weight + raw.n)
    ends = [None if each is None else prior + keep * (each - prior) for each in (raw.value, raw.low, raw.high)]
    return Figure(prior if ends[0] is None else ends[0], raw.n, ends[1], ends[2])


def t_quantile(freedom: int) -> float:
    """Return Student's t at 97.5 %; beyond 30 degrees by the Cornish-Fisher expansion, exact to three digits."""
    if freedom <= len(_T):
        return _T[freedom - 1]
    return _Z + (_Z**3 + _Z) / (4 * freedom) + (5 * _Z**5 + 16 * _Z**3 + 3 * _Z) / (96 * freedom**2)


def net_sentiment(labels: Mapping[str, int]) -> Figure:
    """Return (positive - negative) / (positive + negative), n of both, with an interval from Wilson's."""
    good, bad = labels.get("positive", 0), labels.get("negative", 0)
    share = wilson(good, good + bad)
    if share.value is None or share.low is None or share.high is None:
        return Figure(None, 0)
    return Figure(2 * share.value - 1, share.n, 2 * share.low - 1, 2 * share.high - 1)
