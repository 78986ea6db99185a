"""How far a badge is away, by the site's own rule; whether a page bears one, where the site publishes no rule."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

#: kununu Top Company (as of 2026): employee reviews, their mean over all years and over twelve months, and one new a year.
REVIEWS, RATING, A_YEAR = 6, 3.8, 1
_TITLES = {"glassdoor": "Glassdoor"}


class Condition(NamedTuple):
    """One condition of a badge: what is there, what is needed, and how many five-star reviews would do (None: none needed)."""

    name: str
    have: float | None
    need: float
    met: bool
    reviews_short: int | None


class Badge(NamedTuple):
    """A badge and its conditions; it is won when all are met. One without a published rule has none: the page tells whether it is borne."""

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


def shown(observations: Iterable[Mapping[str, Any]], until: str) -> list[Badge]:
    """Return the badges of which the pages tell, each as last told up to the day `until`. Observations are profiles, with `source` and `observed`."""
    told: dict[tuple[str, str], bool] = {}
    for row in sorted((each for each in observations if (each["observed"] or "")[:10] <= until), key=lambda each: each["observed"] or ""):
        told |= {(row["source"], name): there for name, there in (row.get("badges") or {}).items()}
    return [Badge(f"{_TITLES.get(source, source)} {name}", source, won, ()) for (source, name), won in sorted(told.items())]
