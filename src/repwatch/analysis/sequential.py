"""Watch a mean every day and alarm once when it has changed: a likelihood-ratio test over all splits, safe to look at daily.

The change-point model of Hawkins, Qiu and Kang 2003 (no baseline to be known beforehand; the rating so far is learnt while
watching) with the deviance of `repwatch.analysis.deviance` and a bar that rises with what was seen, as in Besson and Kaufmann
2019. The bar is set by simulation: an employer who does not change has at most one false alarm in two years of daily checks; in
`bench/change_bench.py` nearly all have none.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from repwatch.analysis.deviance import NOTHING, split_deviance, sums
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


class Sentinel(NamedTuple):
    """What a watch remembers: the days with values since the last alarm. A value: `observe` returns the next one."""

    ends: tuple[int, int]
    days: tuple[tuple[str, Mapping[int, int]], ...] = ()
    learn: int = LEARN

    def observe(self, day: str, histogram: Mapping[int, int]) -> tuple[Sentinel, Alarm | None]:
        """Take in a day (YYYY-MM-DD, later than all before; value -> n) and return the next state and an alarm, if any.

        After an alarm the watch goes on from the day of the change: what is new becomes what is known.
        """
        if not any(histogram.values()):
            return self, None
        days = (*self.days, (day, dict(histogram)))
        found = _best_split(days, self.ends, self.learn)
        if found is None or found[0] <= found[1]:
            return self._replace(days=days), None
        deviance, bar, place = found
        before, after = (_figure(some, self.ends) for some in (days[:place], days[place:]))
        return Sentinel(self.ends, days[place:], RELEARN), Alarm(day, days[place][0], before, after, deviance, bar)

    def to_json(self) -> dict[str, Any]:
        """Return the state as plain values."""
        return {"ends": list(self.ends), "learn": self.learn, "days": [[day, {str(value): n for value, n in told.items()}] for day, told in self.days]}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Sentinel:
        """Read back what `to_json` wrote."""
        low, high = told["ends"]
        return cls((low, high), tuple((day, {int(value): n for value, n in some.items()}) for day, some in told["days"]), told["learn"])


def watch(series: Iterable[tuple[str, Mapping[int, int]]], ends: tuple[int, int] = STARS) -> tuple[Sentinel, list[Alarm]]:
    """Observe a whole series of days, in order; return the last state and all alarms on the way."""
    state, alarms = Sentinel(ends), []
    for day, histogram in series:
        state, alarm = state.observe(day, histogram)
        if alarm:
            alarms.append(alarm)
    return state, alarms


def _best_split(days: tuple[tuple[str, Mapping[int, int]], ...], ends: tuple[int, int], learn: int) -> tuple[float, float, int] | None:
    """Return (deviance, bar, number of the first day after) of the best split, None where too little is known."""
    parts = [sums(told, *ends) for _, told in days]
    whole = NOTHING
    for part in parts:
        whole += part
    if whole.n < learn + LEAST:
        return None
    before, best = NOTHING, None
    for place in range(1, len(parts)):
        before += parts[place - 1]
        if before.n < learn:
            continue
        after = whole - before
        if after.n < LEAST:
            break
        deviance = split_deviance(before, after)
        if best is None or deviance > best[0]:
            best = deviance, place
    return None if best is None else (best[0], BAR + math.log(whole.n), best[1])


def _figure(days: tuple[tuple[str, Mapping[int, int]], ...], ends: tuple[int, int]) -> Figure:
    total: dict[int, int] = {}
    for _, told in days:
        for value, n in told.items():
            total[value] = total.get(value, 0) + n
    if ends == SENTIMENT:
        return net_sentiment({"positive": total.get(1, 0), "negative": total.get(0, 0)})
    return mean_of_stars(total)


