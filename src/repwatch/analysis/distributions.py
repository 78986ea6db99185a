"""Tails and quantiles in plain Python; scipy is the second opinion in the tests, and no report imports it."""

from __future__ import annotations

import math
from collections.abc import Callable

_Ratio = Callable[[int], float]


def normal_tail(z: float) -> float:
    """Return P(Z >= z) of the standard normal distribution."""
    return 0.5 * math.erfc(z / math.sqrt(2))


def normal_quantile(tail: float) -> float:
    """Return z with P(Z >= z) = `tail`, by halving; good to 12 digits."""
    low, high = -40.0, 40.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if normal_tail(middle) > tail else (low, middle)
    return (low + high) / 2


def negative_binomial_tail(count: int, mean: float, dispersion: float) -> float:
    """Return P(X >= count), X with `mean` and variance `dispersion` x mean; a dispersion of 1 is Poisson's.

    Summed from the side of `count` that has fewer terms to add; terms follow from one another by their ratio.
    """
    if count <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    if dispersion <= 1 + 1e-9:
        term = math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))
        return _upper(term, lambda k: mean / (k + 1), count) if count > mean else 1 - _lower(term, lambda k: k / mean, count)
    size = mean / (dispersion - 1)
    stay = (dispersion - 1) / dispersion
    log = math.lgamma(count + size) - math.lgamma(size) - math.lgamma(count + 1) + count * math.log(stay) - size * math.log(dispersion)
    if count > mean:
        return _upper(math.exp(log), lambda k: stay * (k + size) / (k + 1), count)
    return 1 - _lower(math.exp(log), lambda k: k / (stay * (k - 1 + size)), count)


def _upper(term: float, ratio: _Ratio, count: int) -> float:
    total = 0.0
    while term > total * 1e-16:
        total += term
        term *= ratio(count)
        count += 1
    return min(1.0, total)


def _lower(term: float, ratio: _Ratio, count: int) -> float:
    total = 0.0
    for k in range(count, 0, -1):
        term *= ratio(k)
        total += term
    return min(1.0, total)


def hypergeometric(population: int, marked: int, drawn: int) -> tuple[int, list[float]]:
    """Return (least, probabilities) of the number of marked ones among `drawn` out of `population`."""
    least, most = max(0, drawn - (population - marked)), min(marked, drawn)
    middle = min(max(least, (drawn + 1) * (marked + 1) // (population + 2)), most)
    weights = [0.0] * (most - least + 1)
    weights[middle - least] = 1.0
    for k in range(middle, most):
        weights[k + 1 - least] = weights[k - least] * (marked - k) * (drawn - k) / ((k + 1) * (population - marked - drawn + k + 1))
    for k in range(middle, least, -1):
        weights[k - 1 - least] = weights[k - least] * k * (population - marked - drawn + k) / ((marked - k + 1) * (drawn - k + 1))
    total = math.fsum(weights)
    return least, [weight / total for weight in weights]
