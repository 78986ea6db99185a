"""Months in which reviews came in a burst with more five-star ones than the months around: a sign of inflation, no proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from repwatch.analysis.distributions import hypergeometric, negative_binomial_tail
from repwatch.analysis.intervals import Figure, mean_of_stars, wilson

#: Months on either side that a month is held against.
NEIGHBOURS = 3
_LEVEL = 0.005
_FIVE = 50


class Burst(NamedTuple):
    """A month with far more reviews, and far more five-star ones among them, than its neighbours."""

    month: str
    reviews: int
    expected: float
    five_star: Figure
    around: Figure
    p_count: float
    p_share: float


def bursts(months: Sequence[tuple[str, Mapping[int, int]]]) -> list[Burst]:
    """Return the bursts in a series of months without holes (YYYY-MM, histogram in tenths).

    Both must be improbable at 0.5 %: the count by a negative binomial tail whose dispersion comes from the neighbours, and the
    share by Fisher's exact test.
    """
    found = []
    for place, (month, stars) in enumerate(months):
        around = [each for _, each in [*months[max(0, place - NEIGHBOURS) : place], *months[place + 1 : place + 1 + NEIGHBOURS]]]
        n, others = sum(stars.values()), [sum(each.values()) for each in around]
        if n < 5 or len(around) < NEIGHBOURS or not sum(others):
            continue
        mean = (sum(others) + 0.5) / (len(others) + 0.5)
        spread = sum((each - mean) ** 2 for each in others) / len(others) / mean
        dispersion = max(1.2, (4 * 1.5 + len(others) * spread) / (4 + len(others)))
        five, five_around = stars.get(_FIVE, 0), sum(each.get(_FIVE, 0) for each in around)
        p_count = negative_binomial_tail(n, mean, dispersion)
        p_share = _more(five, n, five_around, sum(others))
        if p_count < _LEVEL and p_share < _LEVEL:
            found.append(Burst(month, n, mean, wilson(five, n), wilson(five_around, sum(others)), p_count, p_share))
    return found


def _more(yes: int, n: int, yes_around: int, n_around: int) -> float:
    """Return the one-sided p of Fisher's exact test: as many yes in `n`, or more, when both share one rate."""
    least, weights = hypergeometric(n + n_around, yes + yes_around, n)
    return min(1.0, sum(weights[max(0, yes - least) :]))


class Platform(NamedTuple):
    """What a site shows beside what can be seen there: the site's rating, ours with its interval, and whether they differ by more than chance."""

    site: float
    ours: Figure
    difference: float | None
    outside: bool
    visible: Figure


def beside_platform(site: float, review_count: int | None, stars: Mapping[int, int]) -> Platform:
    """Compare a site's rating with the mean of the reviews that are visible; `visible` is their share of the site's own count."""
    ours = mean_of_stars(stars)
    difference = None if ours.value is None else site - ours.value
    outside = ours.low is not None and ours.high is not None and not ours.low - 0.05 <= site <= ours.high + 0.05
    seen = wilson(min(ours.n, review_count), review_count) if review_count else Figure(None, 0)
    return Platform(site, ours, difference, outside, Figure(seen.value, seen.n))
