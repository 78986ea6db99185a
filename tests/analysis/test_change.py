"""What changed, with its verdict; and how seldom a report on an unchanged employer says that anything did."""

from __future__ import annotations

from math import sqrt

import pytest
from change_bench import SCENES, outcomes
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from repwatch.analysis.change import LEVEL, Question, Volume, changes, difference, volume

SAME = {10: 8, 20: 6, 30: 10, 40: 14, 50: 12}
WORSE = {10: 25, 20: 10, 30: 8, 40: 4, 50: 3}


def asked(metric: str = "rating", before: dict[int, int] = SAME, after: dict[int, int] = WORSE, **more: object) -> Question:
    return Question(metric, **{"source": None, "topic": None, "unit": "stars", "before": before, "after": after} | more)  # type: ignore[arg-type]


def test_a_change_has_size_interval_and_verdict() -> None:
    """Fifty reviews a side and a fall of more than a star: down, with Welch's interval as scipy has it."""
    (row,) = changes([asked()])
    old, new = ([value / 10 for value, n in each.items() for _ in range(n)] for each in (SAME, WORSE))
    ends = stats.ttest_ind(new, old, equal_var=False).confidence_interval()
    assert (row.verdict, row.change.n) == ("down", 100)
    assert [row.change.value, row.change.low, row.change.high] == pytest.approx([-1.32, ends.low, ends.high], abs=2e-3)
    assert row.p is not None
    assert row.p <= LEVEL


def test_no_change_says_what_could_have_shown() -> None:
    """The smallest change is (2.24 + 0.84) standard deviations over the root of the sizes: the rating is asked at 2.5 %."""
    (row,) = changes([asked(after={10: 7, 20: 7, 30: 11, 40: 13, 50: 12})])
    values = [value / 10 for value, n in SAME.items() for _ in range(n)]
    assert (row.verdict, row.adjusted) == ("no_detectable_change", row.p)
    assert row.smallest == pytest.approx((2.2414 + 0.8416) * stats.tstd(values) * sqrt(2 / 50), rel=0.02)


def test_too_few_is_no_verdict() -> None:
    """Four reviews on a side are never compared, and take nothing from the others' level."""
    rows = changes([asked(after={50: 4}), asked("recommend", {1: 40, 0: 5}, {1: 4}, unit="share")])
    assert [(row.verdict, row.p, row.smallest) for row in rows] == [("too_few", None, None)] * 2


def test_the_rating_is_asked_alone_and_all_else_together() -> None:
    """A p of 2 % is a change of the rating; in a family of five equal rows it is none."""
    before, after = {1: 40, 0: 20}, {1: 25, 0: 35}
    alone = changes([asked("net_sentiment", before, after, unit="balance")])
    crowd = changes([asked("net_sentiment", before, after, unit="balance"), *(asked(f"x{each}", {1: 30, 0: 30}, {1: 30, 0: 30}, unit="share") for each in range(4))])
    assert (alone[0].verdict, crowd[0].verdict, alone[0].p) == ("down", "no_detectable_change", crowd[0].p)
    assert crowd[0].adjusted == pytest.approx(5 * (crowd[0].p or 0), abs=1e-5)


def test_a_weight_buys_a_row_its_place() -> None:
    """What a reader asks about first has more of the level, at the cost of the rest."""
    before, after = {1: 40, 0: 20}, {1: 25, 0: 35}
    rest = [asked(f"x{each}", {1: 30, 0: 30}, {1: 30, 0: 30}, unit="share") for each in range(4)]
    (first, *_) = changes([asked("net_sentiment", before, after, unit="balance", weight=40.0), *rest])
    assert first.verdict == "down"


@given(st.tuples(*[st.integers(1, 60)] * 4))
def test_the_interval_of_a_difference_of_shares_is_newcombes(counts: tuple[int, int, int, int]) -> None:
    """As statsmodels has it."""
    yes1, no1, yes2, no2 = counts
    told = difference("share", {1: yes1, 0: no1}, {1: yes2, 0: no2})
    low, high = confint_proportions_2indep(yes2, yes2 + no2, yes1, yes1 + no1, method="newcomb")
    assert [told.low, told.high] == pytest.approx([low, high], abs=1e-6)


def test_a_difference_needs_two_sides() -> None:
    """With an empty side there is none; with one review a side there is no interval."""
    assert difference("stars", {}, {50: 3}).value is None
    assert difference("stars", {50: 1}, {10: 1})[:3] == (-4.0, 2, None)


def test_volume_that_doubled() -> None:
    """Thirteen weeks at twice the rate are more; the change is told over the length of the later period."""
    (row,) = changes([], [Volume(None, (91, 182), [1.0, 0.9, 1.1] * 4, [2.0, 1.9, 2.1] * 4, (7, 91))])
    assert (row.metric, row.verdict, row.before[:2], row.after[:2]) == ("volume", "up", (91, 91), (182, 182))
    assert row.change.value == pytest.approx(91)


def test_volume_of_too_little() -> None:
    """A handful of items, or fewer than four blocks that could be seen, say nothing."""
    rows = changes([], [Volume(None, (3, 4), [0.1] * 12, [0.1] * 12, (7, 91)), Volume("x", (50, 90), [1.0] * 3, [2.0] * 12, (7, 91))])
    assert [row.verdict for row in rows] == ["too_few", "too_few"]


def test_the_interval_of_a_count_knows_bursts() -> None:
    """Steady counts have Poisson's interval, about 80 to 122 around 100; the same number in bursts a wider one."""
    steady, bursty = volume(100, [10.0] * 10), volume(100, [0.0, 50.0, 0.0, 0.0, 50.0, *[0.0] * 5])
    assert [steady.low, steady.high] == pytest.approx(stats.chi2.ppf([0.025, 0.975], [200, 202]) / 2, rel=0.02)
    assert (bursty.low or 0) < 50 < 150 < (bursty.high or 0)


def test_of_unchanged_employers_at_most_five_in_a_hundred_show_a_change() -> None:
    """A hundred whole reports, seeded; `bench/change_bench.py` plays thousands and prints the power as well."""
    told = [outcomes(SCENES[name], "test", 50)["any"] for name in ("no change, middling, 54 a period", "no change, loved, 54 a period, in bursts")]
    assert sum(told) / 2 <= 0.1  # of 100 reports at 5 % each, 10 or fewer in 99 of 100 tries


@pytest.mark.parametrize(("scene", "metric", "least"), [("step of 1.0, 180 a period", "rating", 0.95), ("step of 1.0, 54 a period", "rating", 0.7), ("drift of 1.0, 180 a period", "rating", 0.6)])
def test_real_changes_are_seen(scene: str, metric: str, least: float) -> None:
    """A step of a star among 180 reviews is seen nearly always, among 54 mostly; a drift of a star over both periods mostly."""
    assert outcomes(SCENES[scene], "test", 20)[metric] >= least


def test_a_change_of_mix_is_told_from_a_change_of_opinion() -> None:
    """Where a stricter site takes over, most of the difference is mix; where all rate lower, none is."""
    assert outcomes(SCENES["mix: kununu from 2 to 7 in 10, 180"], "test", 15)["mix"] > 0.7
    assert abs(outcomes(SCENES["step of 1.0, 180 a period"], "test", 15)["mix"]) < 0.15
