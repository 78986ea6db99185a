"""Do employers answer, and how soon: rates by cohort, and the median wait with the unanswered as still waiting."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from repwatch.analysis.intervals import Figure, wilson
from repwatch.analysis.tally import Wait

WINDOW = 14


class Responses(NamedTuple):
    """How many reviews old enough to have had the window were answered at all, and how many within it.

    `within` leaves out answers without a day. `young` reviews have not had the window yet.
    """

    figure: Figure
    within: Figure
    young: int
    undated: int


class Median(NamedTuple):
    """The median wait in days with its 95 % interval; None where half are not answered yet. `open` are still waiting."""

    figure: Figure
    open: int
    undated: int


def response_rate(waits: Mapping[Wait, int], today: date, window: int = WINDOW) -> Responses:
    """Return answered / answerable over the reviews that were published `window` days before `today` or earlier."""
    limit = (today - timedelta(days=window)).isoformat()
    told: Counter[str] = Counter()
    for wait, n in waits.items():
        kind = wait.waited if wait.waited in ("open", "answered") else "soon" if int(wait.waited) <= window else "late"
        told["undated" if not wait.day else kind if wait.day <= limit else "young"] += n
    answered = told["answered"] + told["soon"] + told["late"]
    dated = told["open"] + told["soon"] + told["late"]
    return Responses(wilson(answered, answered + told["open"]), wilson(told["soon"], dated), told["young"], told["undated"])


def median_wait(waits: Mapping[Wait, int], today: date) -> Median:
    """Return the median time to respond by Kaplan and Meier (1958), the unanswered censored at `today`.

    The interval is Brookmeyer and Crowley's (1982) on the log-log scale: where the survival curve's own interval crosses one half.
    """
    answered: Counter[int] = Counter()
    waiting: Counter[int] = Counter()
    undated = 0
    for wait, n in waits.items():
        if not wait.day or wait.waited == "answered":
            undated += n
        elif wait.waited == "open":
            waiting[max(0, (today - date.fromisoformat(wait.day)).days)] += n
        else:
            answered[int(wait.waited)] += n
    n = answered.total() + waiting.total()
    return Median(_crossings(answered, waiting, n), waiting.total(), undated)


def _crossings(answered: Counter[int], waiting: Counter[int], n: int) -> Figure:
    at_risk, survival, spread = n, 1.0, 0.0
    value = low = high = None
    for day in sorted({*answered, *waiting}):
        gone = answered[day]
        if gone:
            survival *= 1 - gone / at_risk
            spread += gone / (at_risk * (at_risk - gone)) if at_risk > gone else math.inf
            bounds = _bounds(survival, spread)
            low = day if low is None and bounds[0] <= 0.5 else low
            value = day if value is None and survival <= 0.5 + 1e-12 else value
            high = day if high is None and bounds[1] <= 0.5 else high
        at_risk -= gone + waiting[day]
    return Figure(value, n, low, high)


def _bounds(survival: float, spread: float) -> tuple[float, float]:
    """Return the 95 % interval of a survival share by Greenwood's variance on the log-log scale."""
    if survival <= 1e-12:
        return 0.0, 0.0
    if survival >= 1:
        return 1.0, 1.0
    half = 1.959964 * math.sqrt(spread) / abs(math.log(survival))
    return survival ** math.exp(half), survival ** math.exp(-half)
