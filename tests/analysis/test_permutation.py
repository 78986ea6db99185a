"""Permutation tests beside scipy's, and what they promise where nothing changed."""

from __future__ import annotations

import random
import warnings
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from repwatch.analysis import permutation
from repwatch.analysis.permutation import blocks, holm, two_samples


def spread(histogram: dict[int, int]) -> list[int]:
    return [value for value, n in histogram.items() for _ in range(n)]


@pytest.mark.parametrize(("before", "after"), [
    ({10: 2, 20: 1, 50: 4}, {10: 5, 20: 2, 40: 1}), ({1: 3, 0: 4}, {1: 7, 0: 2}), ({50: 3, 40: 2}, {10: 3, 20: 3}), ({10: 1, 30: 3, 50: 2}, {10: 1, 30: 3, 50: 2}),
])  # fmt: skip
def test_small_samples_are_counted_out(before: dict[int, int], after: dict[int, int]) -> None:
    """With few ways to deal the values out the p value is exact: scipy's, with Welch's t."""

    def welch(x: list[int], y: list[int]) -> float:
        t = stats.ttest_ind(x, y, equal_var=False).statistic
        return float("inf") if t != t else abs(t)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = stats.permutation_test((spread(before), spread(after)), welch, n_resamples=10**6, alternative="greater").pvalue
    assert two_samples(before, after) == pytest.approx(expected, abs=1e-9)


def test_large_samples_are_drawn_near_the_exact_p(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draws and counting agree, within what 4,000 draws can tell."""
    before, after = {10: 4, 30: 4, 50: 12}, {10: 9, 30: 5, 50: 6}
    exact = two_samples(before, after)
    monkeypatch.setattr(permutation, "EXACT", 0)
    assert two_samples(before, after) == pytest.approx(exact, abs=0.02)


def test_the_same_data_give_the_same_p() -> None:
    """The draws are seeded from the data."""
    before, after = {10: 30, 20: 50, 30: 100, 40: 120, 50: 110}, {10: 50, 20: 55, 30: 110, 40: 100, 50: 108}
    assert two_samples(before, after) == two_samples(dict(reversed(before.items())), after)


def test_nothing_to_compare_is_no_change() -> None:
    """An empty sample, or one value throughout, has a p of one."""
    assert [two_samples({}, {10: 3}), two_samples({10: 3}, {}), two_samples({30: 9}, {30: 4}), blocks([1.0], [2.0, 3.0])] == [1.0] * 4


def test_a_clear_difference_of_blocks() -> None:
    """Thirteen weeks of one and thirteen of five are not the same; thirteen and thirteen alike are."""
    assert blocks([1.0, 2.0] * 6, [5.0, 6.0] * 6) < 0.001
    assert blocks([1.0, 2.0] * 6, [2.0, 1.0] * 6) > 0.9


def test_false_alarms_keep_their_level() -> None:
    """Of 400 pairs from one lopsided distribution about one in twenty has a p below 5 %."""
    chance = random.Random(7)
    ps = [two_samples(*(Counter(chance.choices((10, 20, 30, 40, 50), (7, 3, 5, 15, 70), k=n)) for n in (30, 45))) for _ in range(400)]
    assert sum(p <= 0.05 for p in ps) <= 31  # the 99.5 % quantile of a binomial of 400 at 5 %


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_is_that_of_statsmodels(ps: list[float]) -> None:
    """With equal weights."""
    assert holm(ps) == pytest.approx(list(multipletests(ps, method="holm")[1]), abs=1e-12)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.1, 9)), min_size=1, max_size=8))
def test_weights_only_share_the_level(rows: list[tuple[float, float]]) -> None:
    """An adjusted p is never below the row's own, nor above what Bonferroni's weights would make of it."""
    ps, weights = [p for p, _ in rows], [weight for _, weight in rows]
    adjusted = holm(ps, weights)
    limits = [min(1.0, p * sum(weights) / weight) for p, weight in rows]
    assert [p - 1e-12 <= each <= limit + 1e-12 for p, each, limit in zip(ps, adjusted, limits, strict=True)] == [True] * len(ps)
