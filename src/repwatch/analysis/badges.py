"""How far a badge is away, by the site's own rule."""

from __future__ import annotations

import math
from typing import NamedTuple

#: kununu Top Company (as of 2026): employee reviews, their mean over all years and over twelve months, and one new a year.
REVIEWS, RATING, A_YEAR = 6, 3.8, 1


class Condition(NamedTuple):
    """One condition of a badge: what is there, what is needed, and how many five-star reviews would do (None: none needed)."""

    name: str
    have: float | None
    need: float
    met: bool
    reviews_short: int | None


class Badge(NamedTuple):
    """A badge and its conditions; it is won when all are met."""

    name: str
    source: str
    won: bool
    conditions: tuple[Condition, ...]


def top_company(n: int, total: float, n_year: int, total_year: float) -> Badge:
    """Return how far kununu's Top Company is: `n` employee reviews with stars adding up to `total`, and the same over twelve months."""
    conditions = (
        Condition("reviews", n, REVIEWS, n >= REVIEWS, max(0, REVIEWS - n) or None),
        _mean("rating", n, total),
        _mean("rating_12_months", n_year, total_year),
        Condition("reviews_12_months", n_year, A_YEAR, n_year >= A_YEAR, max(0, A_YEAR - n_year) or None),
    )
    return Badge("kununu Top Company", "kununu", all(each.met for each in conditions), conditions)


def _mean(name: str, n: int, total: float) -> Condition:
    met = n > 0 and total / n >= RATING - 1e-9
    short = None if met else max(1, math.ceil((RATING * n - total) / (5 - RATING) - 1e-9))
    return Condition(name, total / n if n else None, RATING, met, short)
