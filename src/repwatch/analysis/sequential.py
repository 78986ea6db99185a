"""Watch a mean every day and alarm once when it has changed: a likelihood-ratio test over all splits, safe to look at daily.

The change-point model of Hawkins, Qiu and Kang 2003 (no baseline to be known beforehand; the rating so far is learnt while
watching) with the deviance of `repwatch.analysis.deviance` and a bar that rises with what was seen, as in Besson and Kaufmann
2019. The bar is set by simulation: an employer who does not change has at most one false alarm in two years of daily checks; in
`bench/change_bench.py` nearly all have none.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from repwatch.analysis.deviance import split_deviances, sums
from repwatch.analysis.intervals import Figure, mean_of_stars, net_sentiment

#: Values before a split without which nothing is learnt, and after it without which nothing is new.
LEARN, LEAST = 20, 10
#: Values without which nothing is learnt after an alarm: an odd stretch that set off a false one is not taken for the rule,
#: else the return to normal would be the next.
RELEARN = 60
#: The deviance that a change must exceed, beside the logarithm of the number of values.
BAR = 17.0

#: Low and high end of the values: stars in tenths, and sentiment as 0 (negative) or 1 (positive).
STARS, SENTIMENT = (10, 50), (0, 1)


class Alarm(NamedTuple):
    """A change that was noticed on `day` and set in after `since`: the figure before and after, and the deviance beside its bar."""

    day: str
    since: str
    before: Figure
    after: Figure
    deviance: float
    bar: float

    @property
    def up(self) -> bool:
        """Tell whether the figure rose."""
        return (self.after.value or 0) > (self.before.value or 0)


def watch(series: Iterable[tuple[str, Mapping[int, int]]], ends: tuple[int, int] = STARS) -> list[Alarm]:
    """Observe a series of days (YYYY-MM-DD, value -> n), in order, as if looking each day; return the alarms.

    After an alarm the watch goes on from the day of the change: what is new becomes what is known.
    """
    import numpy as np

    days = [(day, histogram) for day, histogram in series if any(histogram.values())]
    parts = np.array([sums(histogram, *ends) for _, histogram in days]).reshape(-1, 3)
    alarms, first, learn = [], 0, LEARN
    for last in range(1, len(days) + 1):
        found = _best_split(parts[first:last].cumsum(axis=0), learn)
        if found is None or found[0] <= found[1]:
            continue
        deviance, bar, place = found[0], found[1], first + found[2]
        before, after = (_figure(some, ends) for some in (days[first:place], days[place:last]))
        alarms.append(Alarm(days[last - 1][0], days[place][0], before, after, deviance, bar))
        first, learn = place, RELEARN
    return alarms


def _best_split(so_far: Any, learn: int) -> tuple[float, float, int] | None:
    """Return (deviance, bar, number of the first day after) of the best split, None where too little is known.

    `so_far` holds size, sum and sum of squares of all values up to each day, a row a day.
    """
    whole, before = so_far[-1], so_far[:-1]
    after = whole - before
    known = (before[:, 0] >= learn) & (after[:, 0] >= LEAST)
    if not known.any():
        return None
    deviance = split_deviances(before[known], after[known])
    best = int(deviance.argmax())
    return float(deviance[best]), BAR + math.log(whole[0]), int(known.nonzero()[0][best]) + 1


def _figure(days: Sequence[tuple[str, Mapping[int, int]]], ends: tuple[int, int]) -> Figure:
    total: dict[int, int] = {}
    for _, told in days:
        for value, n in told.items():
            total[value] = total.get(value, 0) + n
    if ends == SENTIMENT:
        return net_sentiment({"positive": total.get(1, 0), "negative": total.get(0, 0)})
    return mean_of_stars(total)


