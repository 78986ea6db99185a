"""Intervals against published tables, and their bounds."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repwatch.analysis.intervals import Figure, mean_of_stars, net_sentiment, t_quantile, wilson


@pytest.mark.parametrize(
    ("yes", "n", "low", "high"),
    [(4, 5, 0.376, 0.964), (16, 20, 0.584, 0.919), (80, 100, 0.711, 0.867), (0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (1, 1, 0.207, 1.0), (1, 2, 0.095, 0.905)],
)
def test_wilson_against_the_tables(yes: int, n: int, low: float, high: float) -> None:
    """The score interval of Wilson (1927) to three digits."""
    found = wilson(yes, n)
    assert Figure(yes / n, n, low, high) == Figure(found.value, found.n, round(found.low or 0.0, 3), round(found.high or 0.0, 3))


@pytest.mark.parametrize("n", [0, -1])
def test_no_answers_no_share(n: int) -> None:
    """Nothing counted, nothing said."""
    assert Figure(None, 0) == wilson(0, n)


@given(st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_within_0_and_1(counts: tuple[int, int]) -> None:
    """0 <= low <= share <= high <= 1, whatever the counts (to the last digit of a float)."""
    found = wilson(*counts)
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_mirrors(counts: tuple[int, int]) -> None:
    """The interval of the noes is that of the yeses, turned round."""
    yes, n = counts
    one, other = wilson(yes, n), wilson(n - yes, n)
    assert one.low == pytest.approx(1 - (other.high or 0.0), abs=1e-9)
    assert one.high == pytest.approx(1 - (other.low or 0.0), abs=1e-9)


@given(st.integers(0, 50), st.integers(2, 20))
def test_more_answers_narrow_the_interval(yes: int, times: int) -> None:
    """The same share from more answers is surer."""
    few, many = wilson(yes, 50), wilson(yes * times, 50 * times)
    assert (many.high or 0) - (many.low or 0) < (few.high or 0) - (few.low or 0)


@pytest.mark.parametrize(
    ("freedom", "expected"),
    [(1, 12.706), (2, 4.303), (4, 2.776), (10, 2.228), (19, 2.093), (29, 2.045), (30, 2.042), (31, 2.040), (40, 2.021), (60, 2.000), (100, 1.984),
     (120, 1.980), (1000, 1.962), (10**9, 1.960)],
)  # fmt: skip
def test_student_t_against_the_tables(freedom: int, expected: float) -> None:
    """The 97.5 % quantile of any handbook, within a unit of its third digit."""
    assert expected == pytest.approx(t_quantile(freedom), abs=0.001)


@given(st.integers(1, 10_000))
def test_student_t_falls_towards_the_normal(freedom: int) -> None:
    """More degrees of freedom never widen, and never below 1.96."""
    assert t_quantile(freedom) >= t_quantile(freedom + 1) >= 1.959


def test_no_ratings_no_mean() -> None:
    """An empty histogram, or one of zeros, says nothing."""
    assert (Figure(None, 0), Figure(None, 0)) == (mean_of_stars({}), mean_of_stars({40: 0}))


def test_one_rating_has_no_interval() -> None:
    """One person is no sample."""
    assert Figure(4.0, 1) == mean_of_stars({40: 1})


def test_a_mean_against_a_sum_by_hand() -> None:
    """1, 2, 3, 4, 5: mean 3, s = 1.581, t(4) = 2.776, half 1.963."""
    found = mean_of_stars({10: 1, 20: 1, 30: 1, 40: 1, 50: 1})
    assert (found.value, found.n, round(found.low or 0, 3), round(found.high or 0, 3)) == (3.0, 5, 1.037, 4.963)


def test_ratings_that_agree_leave_room_for_others() -> None:
    """Ten times four stars do not mean that nobody gives five; with more of them the room grows narrow."""
    unseen = 1 - (wilson(10, 10).low or 0)
    assert mean_of_stars({40: 10, 50: 0}) == Figure(4.0, 10, pytest.approx(4 - 3 * unseen), pytest.approx(4 + unseen))
    assert (mean_of_stars({50: 4}).low or 5) < 3.1 < (mean_of_stars({50: 40}).low or 0)


def test_a_mean_stays_on_the_scale() -> None:
    """No interval goes below 1 or above 5 stars."""
    assert mean_of_stars({10: 1, 50: 1})[2:] == (1.0, 5.0)


@given(st.dictionaries(st.integers(10, 50), st.integers(0, 1000)))
def test_a_mean_lies_in_its_interval_and_on_the_scale(histogram: dict[int, int]) -> None:
    """1 <= low <= mean <= high <= 5 for any histogram."""
    found = mean_of_stars(histogram)
    assert sum(histogram.values()) == found.n
    if found.value is not None:
        assert 1 - 1e-9 <= found.value <= 5 + 1e-9
    if found.low is not None and found.high is not None and found.value is not None:
        assert 1 <= found.low <= found.value + 1e-9
        assert found.value - 1e-9 <= found.high <= 5


def test_net_sentiment_by_hand() -> None:
    """16 good, 4 bad, the rest stays out: +60 points, from Wilson's .584 to .919."""
    found = net_sentiment({"positive": 16, "negative": 4, "mixed": 9, "unclear": 3})
    assert (round(found.value or 0, 3), found.n, round(found.low or 0, 3), round(found.high or 0, 3)) == (0.6, 20, 0.168, 0.839)


@pytest.mark.parametrize("labels", [{}, {"mixed": 3}, {"positive": 0, "negative": 0}])
def test_nothing_clear_no_balance(labels: dict[str, int]) -> None:
    """Mixed and neutral texts alone make no balance."""
    assert Figure(None, 0) == net_sentiment(labels)


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_net_sentiment_turns_with_its_labels(good: int, bad: int) -> None:
    """Exchange good and bad, and the balance changes its sign."""
    one, other = net_sentiment({"positive": good, "negative": bad}), net_sentiment({"positive": bad, "negative": good})
    assert good + bad == one.n
    if one.value is not None and other.value is not None:
        assert one.value == pytest.approx(-other.value)
        assert -1 <= (one.low or 0) <= (one.high or 0) <= 1




def test_figures_are_plain_tuples() -> None:
    """A figure without a value has no bounds."""
    assert tuple(Figure(None, 0)) == (None, 0, None, None)
    assert not math.isnan(wilson(0, 1).high or 0.0)
