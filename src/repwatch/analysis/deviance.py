"""How badly one mean fits bounded values: the deviance of a quasi-binomial model.

Stars run from 1 to 5, so their variance shrinks as the mean nears an end. With x in 0..1, variance = phi x m(1 - m), and the
deviance of a split is 2 (n1 kl(m1, m) + n2 kl(m2, m)) / phi (McCullagh and Nelder 1989, chapter 9). Employers with nine
five-star reviews in ten and those with every second at one star then share one threshold; with squared t they do not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple


class Sums(NamedTuple):
    """Size, sum and sum of squares of values between 0 and 1."""

    n: int
    total: float
    square: float

    def __add__(self, other: tuple[object, ...]) -> Sums:
        """Return the sums of both."""
        n, total, square = other
        return Sums(self.n + n, self.total + total, self.square + square)  # type: ignore[operator]  # Sums add to Sums

    @property
    def mean(self) -> float:
        """Return the mean."""
        return self.total / self.n

    @property
    def scatter(self) -> float:
        """Return the sum of squares around the mean."""
        return max(0.0, self.square - self.total * self.total / self.n) if self.n else 0.0


NOTHING = Sums(0, 0.0, 0.0)


def sums(histogram: Mapping[int, int], low: int, high: int) -> Sums:
    """Return the sums of a histogram whose values run from `low` to `high`."""
    scaled = [(min(1.0, max(0.0, (value - low) / (high - low))), n) for value, n in histogram.items()]
    return Sums(sum(n for _, n in scaled), sum(x * n for x, n in scaled), sum(x * x * n for x, n in scaled))


def entropy(n: float, mean: float) -> float:
    """Return -n (m ln m + (1 - m) ln(1 - m)): half a segment's cost."""
    if mean <= 1e-12 or mean >= 1 - 1e-12:
        return 0.0
    return -n * (mean * math.log(mean) + (1 - mean) * math.log(1 - mean))


def split_deviances(first: Any, second: Any) -> Any:
    """Return by how much two means fit better than one, a row a split; the columns are those of `Sums`.

    A quarter of a value keeps samples without any spread finite.
    """
    import numpy as np

    def cost(n: Any, mean: Any) -> Any:
        inside = np.clip(mean, 1e-12, 1 - 1e-12)
        whole = -n * (inside * np.log(inside) + (1 - inside) * np.log1p(-inside))
        return np.where((mean <= 1e-12) | (mean >= 1 - 1e-12), 0.0, whole)

    sides = (first.T, second.T)
    n, total = first[:, 0] + second[:, 0], first[:, 1] + second[:, 1]
    one = sum(cost(size, some / size) for size, some, _ in sides)
    binomial = sum(some * (1 - some / size) for size, some, _ in sides)
    scatter = sum(np.maximum(0.0, square - some * some / size) for size, some, square in sides)
    return 2 * (cost(n, total / n) - one) * (binomial + 0.25) / (scatter + 0.25)
