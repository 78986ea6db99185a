"""Days on which more was said than the weeks before explain.

The count of a day, and of three days together, is held against a negative binomial tail: the mean of the 56 seen days before,
a dispersion learnt from up to 182 days and drawn to 1.5, widened for what 56 days leave unknown of the mean (a day's
predictive variance). `bench/volume_bench.py` holds it against the rule with one window and 56 days for both.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from repwatch.analysis.distributions import negative_binomial_tail

#: Seen days of which the mean is taken, those of which the dispersion, and those without which nothing is said.
MEAN_DAYS, DISPERSION_DAYS, LEAST_DAYS = 56, 182, 28
#: Windows in days, each with the tail below which it is a spike.
LEVELS = {1: 0.0013, 3: 0.0006}
#: Fewer items than this are no spike.
LEAST = 2
_PRIOR_DISPERSION, _PRIOR_DAYS, _FLOOR = 1.5, 8, 1.05
#: A third of an item on one more day: an empty baseline still expects something.
_PRIOR_ITEMS = 0.3


class Spike(NamedTuple):
    """A spike that ends on day number `day`: items in the last `window` days, and how many were expected."""

    day: int
    window: int
    items: int
    expected: float
    p: float


def spikes(counts: Sequence[int | None], first: int = 0) -> list[Spike]:
    """Return the spikes of a daily series from number `first` on; None is a day that could not be seen.

    A day that could not be seen is left out of every baseline and window; a day without items ends no spike.
    """
    seen = [(day, count) for day, count in enumerate(counts) if count is not None]
    values = [count for _, count in seen]
    sums = [0, *accumulate(values)]
    squares = [0, *accumulate(value * value for value in values)]
    found = []
    for place, (day, count) in enumerate(seen):
        if day >= first and count:
            told = [_window(place, window, sums, squares) for window in LEVELS]
            hits = [(p / LEVELS[window], window, items, expected, p) for window, items, expected, p in filter(None, told) if p < LEVELS[window]]
            if hits:
                _, window, items, expected, p = min(hits)
                found.append(Spike(day, window, items, expected, p))
    return found


def _window(place: int, window: int, sums: Sequence[int], squares: Sequence[int]) -> tuple[int, int, float, float] | None:
    start = place + 1 - window
    if start < LEAST_DAYS:
        return None
    items = sums[place + 1] - sums[start]
    if items < LEAST:
        return None
    near, far = max(0, start - MEAN_DAYS), max(0, start - DISPERSION_DAYS)
    mean = (sums[start] - sums[near] + _PRIOR_ITEMS) / (start - near + 1)
    days = start - far
    level = (sums[start] - sums[far]) / days
    spread = ((squares[start] - squares[far]) / days - level * level) * days / (days - 1)
    raw = spread / level if level else _PRIOR_DISPERSION
    dispersion = max(_FLOOR, (_PRIOR_DAYS * _PRIOR_DISPERSION + days * raw) / (_PRIOR_DAYS + days))
    widened = dispersion * (1 + window / (start - near + 1))
    return window, items, mean * window, negative_binomial_tail(items, mean * window, widened)
