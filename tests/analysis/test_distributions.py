"""Tails and quantiles beside scipy's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from repwatch.analysis.distributions import (
    hypergeometric,
    negative_binomial_tail,
    normal_quantile,
    normal_tail,
)


@given(st.integers(0, 400), st.floats(0.01, 200), st.floats(1.001, 8))
def test_the_negative_binomial_tail_is_scipys(count: int, mean: float, dispersion: float) -> None:
    """On either side of the mean, for any dispersion."""
    size = mean / (dispersion - 1)
    assert negative_binomial_tail(count, mean, dispersion) == pytest.approx(stats.nbinom.sf(count - 1, size, 1 / dispersion), rel=1e-6, abs=1e-12)


@given(st.integers(0, 400), st.floats(0.01, 200))
def test_without_dispersion_the_tail_is_poissons(count: int, mean: float) -> None:
    """A dispersion of one is no burst at all."""
    assert negative_binomial_tail(count, mean, 1) == pytest.approx(stats.poisson.sf(count - 1, mean), rel=1e-6, abs=1e-12)


def test_nothing_comes_of_nothing() -> None:
    """Where nothing is expected one item is impossible, and none is certain."""
    assert (negative_binomial_tail(1, 0, 1.5), negative_binomial_tail(0, 0, 1.5)) == (0.0, 1.0)


@given(st.floats(1e-9, 1 - 1e-9))
def test_normal_quantiles_are_scipys(tail: float) -> None:
    """And the tail takes the quantile back."""
    assert normal_quantile(tail) == pytest.approx(stats.norm.isf(tail), abs=1e-7)
    assert normal_tail(normal_quantile(tail)) == pytest.approx(tail, rel=1e-6)


@given(st.integers(0, 60), st.integers(1, 60), st.data())
def test_hypergeometric_probabilities_are_scipys(marked: int, rest: int, data: st.DataObject) -> None:
    """From the least possible number on, adding up to one."""
    drawn = data.draw(st.integers(0, marked + rest))
    least, weights = hypergeometric(marked + rest, marked, drawn)
    expected = stats.hypergeom.pmf(range(least, least + len(weights)), marked + rest, marked, drawn)
    assert weights == pytest.approx(list(expected), abs=1e-9)
    assert sum(weights) == pytest.approx(1)
