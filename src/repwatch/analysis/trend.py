"""A figure over time: a point a day, week, month or quarter, each with n, interval and what could be seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Literal, NamedTuple

from repwatch.analysis import tally as read
from repwatch.analysis.change import volume
from repwatch.analysis.intervals import Figure
from repwatch.analysis.responses import median_wait, response_rate
from repwatch.analysis.tally import Count, Tally
from repwatch.analysis.visibility import Coverage, Visibility

Step = Literal["day", "week", "month", "quarter"]
STEPS: tuple[Step, ...] = ("day", "week", "month", "quarter")
_WHOLE = {"rating": read.rating, "recommend": read.recommend, "ceo_approval": read.ceo_approval, "net_sentiment": read.sentiment}
#: The metrics without a name of their own beside; `subrating:NAME`, `topic:NAME` and `topic_sentiment:NAME` have one.
METRICS = (*_WHOLE, "volume", "response_rate", "time_to_respond")


class Point(NamedTuple):
    """A figure between two days. `value` is None where nothing could be seen: a gap in the line, never a zero."""

    first: date
    last: date
    figure: Figure
    coverage: Coverage
    #: Items whose day is only known to the month; by day and week they are left out of the figure.
    month_only: int


def steps(first: date, last: date, step: Step) -> Iterator[tuple[date, date]]:
    """Yield the stretches of a period: calendar days, weeks from Monday, months, quarters, cut off at its ends."""
    start = first
    while start <= last:
        end = min(_end(start, step), last)
        yield start, end
        start = end + timedelta(days=1)


def _end(day: date, step: Step) -> date:
    if step == "day":
        return day
    if step == "week":
        return day + timedelta(days=6 - day.weekday())
    month = day.month if step == "month" else (day.month - 1) // 3 * 3 + 3
    return date(day.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def trend(counts: Iterable[Count], metric: str, step: Step, seen: Visibility, *, source: str | None = None, window: int = 14) -> list[Point]:
    """Return the points of `metric` over the days of `seen`, from counts that are already narrowed to what is asked for."""
    fine = step in ("day", "week")
    stretches = list(steps(seen.first, seen.last, step))
    ends = {end: (start, end) for start, end in stretches}
    by_end: dict[date, list[Count]] = {end: [] for end in ends}
    for count in counts:
        if not count.day:
            continue
        day = date.fromisoformat(count.day)
        if seen.first <= day <= seen.last:
            by_end[min(_end(day, step), seen.last)].append(count)
    points = []
    for end, some in by_end.items():
        kept, left_out = _without_month_only(some) if fine else (some, 0)
        coverage = seen.over(*ends[end], source)
        points.append(Point(*ends[end], _figure(kept, metric, coverage, ends[end], seen.last, window), coverage, left_out))
    return points


def _without_month_only(counts: list[Count]) -> tuple[list[Count], int]:
    """Leave out the (source, day) of which no item's day is known; return the rest, and how many items went."""
    month_only: Counter[tuple[str, str, str]] = Counter()
    whole: Counter[tuple[str, str, str]] = Counter()
    for count in counts:
        if count.what in ("month", "all"):
            (month_only if count.what == "month" else whole)[count.source, count.day, count.type] += count.n
    gone = {key for key, n in month_only.items() if n * 2 > whole[key]}
    return [count for count in counts if (count.source, count.day, count.type) not in gone], sum(whole[key] for key in gone)


def _figure(counts: list[Count], metric: str, coverage: Coverage, stretch: tuple[date, date], today: date, window: int) -> Figure:
    told = read.tally(counts)
    if coverage.gap:
        return Figure(None, 0)
    if metric == "volume":
        per_day: Counter[str] = Counter()
        for count in counts:
            per_day[count.day] += count.n if count.what == "all" and count.type != "interview" else 0
        days = (stretch[1] - stretch[0]).days + 1
        return volume(told.volume, [*map(float, per_day.values()), *[0.0] * (days - len(per_day))])
    return figure_of(told, metric, today, window)


def figure_of(told: Tally, metric: str, today: date, window: int = 14) -> Figure:
    """Return a metric of a tally by its name. Raises KeyError for a name that is none."""
    name, _, part = metric.partition(":")
    named: dict[str, Callable[[Tally, str], Figure]] = {"subrating": read.subrating, "topic": read.topic_share, "topic_sentiment": read.topic_sentiment}
    if name in named:
        return named[name](told, part)
    if metric == "response_rate":
        return response_rate(told.waits, today, window).figure
    if metric == "time_to_respond":
        return median_wait(told.waits, today).figure
    return _WHOLE[metric](told)
