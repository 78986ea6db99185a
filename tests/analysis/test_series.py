"""Series over days: spikes, change points, the sequential watch, trends and what could be seen."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
import pytest
from change_bench import RATED, watched
from hypothesis import given
from hypothesis import strategies as st
from volume_bench import BURSTS, false_alarms, one_window, ours, power

from repwatch.analysis.changepoints import segments
from repwatch.analysis.deviance import entropy, split_deviances, sums
from repwatch.analysis.intervals import net_sentiment
from repwatch.analysis.sequential import SENTIMENT, watch
from repwatch.analysis.spikes import spikes
from repwatch.analysis.trend import METRICS, steps, trend
from repwatch.analysis.visibility import Visibility, visibility


def test_quiet_series_seldom_alarm() -> None:
    """At most one false alarm a year, in ten years of four of the seven series; the bench plays sixty of each."""
    assert [false_alarms(ours, name, 10) <= 1.0 for name in ("0.1 a day", "2", "10", "2 in bursts")] == [True] * 4


@pytest.mark.parametrize(("name", "items", "days"), [burst for burst in BURSTS if burst in {("0.1 a day", 3, 1), ("0.1 a day", 5, 3), ("2", 7, 1), ("10", 30, 3)}])
def test_small_bursts_are_noticed_more_often(name: str, items: int, days: int) -> None:
    """Two windows and a dispersion learnt for longer beat one window of 56 days."""
    assert power(ours, name, items, days, 60) > power(one_window, name, items, days, 60)


@pytest.mark.parametrize(("name", "items", "least"), [("0.1 a day", 5, 1.0), ("2", 10, 0.95), ("10", 30, 1.0)])
def test_the_bursts_of_the_facts_are_noticed(name: str, items: int, least: float) -> None:
    """+5 on 0.1 a day, +10 on 2, +30 on 10."""
    assert power(ours, name, items, 1, 60) >= least


def test_days_that_could_not_be_seen_are_no_zeros() -> None:
    """A refused month neither lowers what is expected nor counts as silence."""
    seen = [2] * 60 + [9]
    blind = [2] * 30 + [None] * 30 + [2] * 30 + [9]
    assert [(each.window, each.items, each.expected) for each in spikes(seen)] == [(each.window, each.items, each.expected) for each in spikes(blind)] != []
    assert spikes([None] * 90) == spikes([0] * 20 + [50]) == []


def weeks(chance: random.Random, *parts: tuple[int, tuple[float, ...]]) -> list[Counter[int]]:
    return [Counter(chance.choices((10, 20, 30, 40, 50), shares, k=8)) for number, shares in parts for _ in range(number)]


def test_a_step_is_found_where_it_is() -> None:
    """Forty weeks well rated, forty badly: one change, within three weeks of the true one."""
    found = segments(weeks(random.Random(1), (40, (5, 5, 20, 30, 40)), (40, (30, 20, 20, 15, 15))))
    assert len(found) == 2
    assert abs(found[1].first - 40) <= 3
    assert (found[0].figure.value or 0) > (found[1].figure.value or 0)


def test_the_segments_are_the_best_there_are() -> None:
    """PELT prunes and loses nothing: beside a search through all divisions of a short series."""
    from itertools import combinations, pairwise

    from repwatch.analysis.changepoints import LEAST
    from repwatch.analysis.deviance import NOTHING, entropy, sums

    series = weeks(random.Random(5), (4, (5, 5, 20, 30, 40)), (4, (40, 30, 20, 5, 5)), (3, (5, 5, 20, 30, 40)))
    parts = [sums(each, 10, 50) for each in series]
    whole = sum(parts, NOTHING)
    phi = sum(part.scatter for part in parts) / sum(part.n - 1 for part in parts) / (whole.mean * (1 - whole.mean))

    def cost(cuts: tuple[int, ...]) -> float:
        ends = [0, *cuts, len(parts)]
        groups = [sum(parts[start:end], NOTHING) for start, end in pairwise(ends)]
        if any(group.n < LEAST for group in groups[1:]):
            return float("inf")
        return sum(2 * entropy(group.n, group.mean) / phi for group in groups) + 5.0 * len(cuts)

    best = min((cuts for size in range(4) for cuts in combinations(range(1, len(parts)), size)), key=cost)
    assert tuple(each.first for each in segments(series, price=5.0))[1:] == best


def test_series_without_values_or_spread() -> None:
    """Nothing has no segments; five stars throughout are one."""
    assert (segments([{}, {}]), [(each.first, each.last) for each in segments([{50: 9}, {}, {50: 9}])]) == ([], [(0, 2)])


@pytest.mark.parametrize("kind", RATED)
def test_an_unchanged_employer_has_no_alarm_in_two_years(kind: str) -> None:
    """Eight employers of each kind, checked daily for two years: at most one alarm among them all."""
    assert sum(watched(kind, 0.3, f"test {turn}")[0] for turn in range(8)) <= 1


def test_a_change_is_noticed_once_with_its_day() -> None:
    """A loss of one and a half stars is noticed within a year; the watch then takes the new rating as known."""
    alarms, delay, _ = watched("middling", 0.5, "test", by=1.5)
    assert (alarms, delay is not None and delay <= 365) == (1, True)


def test_the_watch_looks_each_day() -> None:
    """What it says of the first days does not depend on those that follow; days without values change nothing."""
    chance = random.Random(2)
    series = [(f"{day:03}", Counter(chance.choices((0, 1), (1, 3) if day < 80 else (3, 1), k=2))) for day in range(160)]
    alarms = watch(series, SENTIMENT)
    assert [watch(series[:days], SENTIMENT) for days in (0, 70, int(alarms[0].day) + 1)] == [[], [], alarms]
    assert watch([*series[:90], ("089x", {}), *series[90:]], SENTIMENT) == alarms
    assert [alarm.up for alarm in alarms] == [False]
    assert abs(int(alarms[0].since) - 80) <= 10
    assert alarms[0].before.value == net_sentiment({"positive": sum(told[1] for day, told in series if day < alarms[0].since), "negative": sum(told[0] for day, told in series if day < alarms[0].since)}).value


def test_the_deviance_of_a_split_by_hand() -> None:
    """The formula, value by value; a sample without spread stays finite."""
    first, second = sums({10: 3, 30: 1}, 10, 50), sums({50: 4}, 10, 50)
    [found] = split_deviances(np.array([first]), np.array([second]))
    both = entropy(8, (first.total + second.total) / 8) - entropy(4, first.mean) - entropy(4, second.mean)
    phi = (first.scatter + second.scatter + 0.25) / (4 * first.mean * (1 - first.mean) + 0.25)
    assert found == pytest.approx(2 * both / phi)


class Sight(NamedTuple):
    source: str
    target: str
    day: str
    state: str
    reason: str = ""
    gap: bool = False
    kind: str = "check"


class Row(NamedTuple):
    day: str
    source: str
    what: str
    bucket: str = ""
    n: int = 1
    type: str = "review"
    lang: str = "en"


def letters(view: Visibility, source: str) -> str:
    return "".join({"seen": "s", "partly": "p", "blind": "b", "before": "-", "unknown": "u"}[state] for state in view.states[source])


FIRST, LAST = date(2026, 11, 1), date(2026, 11, 10)


@pytest.mark.parametrize(("sights", "short", "expected"), [
    ([Sight("x", "t", "2026-11-04", "read"), Sight("x", "t", "2026-11-05", "refused")], (), "ssssbbbbbb"),
    ([Sight("x", "t", "2026-11-02", "read"), Sight("x", "t", "2026-11-05", "refused"), Sight("x", "t", "2026-11-09", "read")], (), "sssssssssb"),
    ([Sight("x", "t", "2026-11-02", "read"), Sight("x", "t", "2026-11-09", "read")], ("x",), "ssbbbssssb"),
    ([Sight("x", "t", "2026-11-03", "read", gap=True), Sight("x", "t", "2026-11-06", "read")], (), "ppssssbbbb"),
    ([Sight("x", "t", "2026-11-04", "read"), Sight("x", "u", "2026-11-04", "refused")], (), "ssspbbbbbb"),
    ([Sight("x", "t", "2026-11-10", "read", "saved_page_4_days_old")], (), "ssssssbbbb"),
    ([Sight("x", "t", "2026-11-04", "refused")], (), "uuubbbbbbb"),
    ([Sight("x", "a.html", "2026-11-03", "read", kind="import"), Sight("x", "b.html", "2026-11-08", "read", kind="import")], (), "ssssssssbb"),
    ([], (), "uuuuuuuuuu"),
])  # fmt: skip
def test_which_days_could_be_seen(sights: list[Sight], short: tuple[str, ...], expected: str) -> None:
    """A later reading sees back to the last one, but not of a feed; a gap, or one of two watches, is partly; files are one watch."""
    assert letters(visibility(sights, {"x": "2026-10-01"}, FIRST, LAST, short=short), "x") == expected


def test_before_anything_was_known() -> None:
    """Days before the first item, and before the first walk reaches back, are neither seen nor blind."""
    assert letters(visibility([], {"x": "2026-11-05"}, FIRST, LAST), "x") == "----uuuuuu"
    assert visibility([], {}, FIRST, LAST).of("2026-11-05", "x") == "before"
    assert visibility([], {"x": "2026-11-05"}, FIRST, LAST).of("2026-12-05", "x") == "before"


@given(st.dates(date(2020, 1, 1), date(2026, 1, 1)), st.integers(0, 800), st.sampled_from(["day", "week", "month", "quarter"]))
def test_steps_cover_the_period_once(first: date, length: int, step: Any) -> None:
    """Every day stands in one stretch, in order, and none crosses a calendar border of its kind."""
    last = first + timedelta(days=length)
    found = list(steps(first, last, step))
    assert [found[0][0], found[-1][1]] == [first, last]
    assert [end + timedelta(days=1) for _, end in found[:-1]] == [start for start, _ in found[1:]]
    name = {"day": date.isoformat, "week": lambda day: str(day.isocalendar()[:2]), "month": lambda day: day.isoformat()[:7], "quarter": lambda day: f"{day.year}{(day.month - 1) // 3}"}[step]
    assert [name(start) == name(end) for start, end in found] == [True] * len(found)


def test_blind_days_are_gaps_and_quiet_days_are_zeros() -> None:
    """Of a source refused since the fourth, the week behind it has no value; the one before has its own."""
    view = visibility([Sight("x", "t", "2026-11-03", "read"), Sight("x", "t", "2026-11-04", "refused")], {"x": "2026-10-01"}, date(2026, 10, 26), date(2026, 11, 15))
    rows = [Row("2026-10-27", "x", "all"), Row("2026-10-27", "x", "stars", "40"), Row("", "x", "all")]
    told = [(each.first.isoformat(), each.figure.value, each.coverage.gap) for each in trend(rows, "volume", "week", view)]
    assert told == [("2026-10-26", 1, False), ("2026-11-02", 0, False), ("2026-11-09", None, True)]
    assert [each.figure[:2] for each in trend(rows, "rating", "week", view)] == [(4.0, 1), (None, 0), (None, 0)]


def test_items_dated_to_the_month_stay_out_of_days() -> None:
    """They would all fall on the first; by month they count."""
    view = visibility([], {"x": "2026-10-01"}, date(2026, 11, 1), date(2026, 11, 2))
    rows = [Row("2026-11-01", "x", "all", n=3), Row("2026-11-01", "x", "month", n=3), Row("2026-11-02", "x", "all")]
    assert [(each.figure.value, each.month_only) for each in trend(rows, "volume", "day", view)] == [(0, 3), (1, 0)]
    assert [(each.figure.value, each.month_only) for each in trend(rows, "volume", "month", view)] == [(4, 0)]


def test_every_metric_has_a_trend() -> None:
    """Each with n: rating, shares, balances, answers, sub-ratings and topics."""
    view = visibility([], {"x": "2026-10-01"}, date(2026, 11, 1), date(2026, 11, 1))
    told = [("stars", "40"), ("recom", "yes"), ("ceo", "approve"), ("label", "positive"), ("all", ""), ("wait", "0"), ("sub", "culture|35"), ("topic", "pay|negative")]
    rows = [Row("2026-11-01", "x", what, bucket) for what, bucket in told]
    names = (*METRICS, "subrating:culture", "topic:pay", "topic_sentiment:pay")
    assert [trend(rows, name, "day", view, window=0)[0].figure[:2] for name in names] == [(4.0, 1), (1.0, 1), (1.0, 1), (1.0, 1), (1, 1), (1.0, 1), (0, 1), (3.5, 1), (1.0, 1), (-1.0, 1)]
