"""Stand beside named peers: share of voice, rank with its uncertainty, or a refusal that says what is missing."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from repwatch.analysis.intervals import Figure, mean_of_stars, wilson
from repwatch.analysis.tally import Tally

DRAWS = 1_000
LEAST = 5

Lack = Literal["not_stored", "source_missing", "source_unread", "too_few"]


class Missing(NamedTuple):
    """What stands in the way of a comparison: the employer, what is wrong, and the source."""

    employer: str
    lack: Lack
    source: str | None = None


class Rank(NamedTuple):
    """A place among employers (1 is best) with the 95 % range of places that the numbers allow."""

    employer: str
    figure: Figure
    place: int
    best: int
    worst: int


def missing(own: str, peers: Sequence[str], sources: Mapping[str, Iterable[str]], unread: Mapping[str, Iterable[str]]) -> list[Missing]:
    """Return what keeps `own` from being compared with `peers`; nothing means that the comparison is fair.

    `sources` are those watched or filled for each employer, `unread` those of them that could not be read in the window.
    """
    found = [Missing(name, "not_stored") for name in (own, *peers) if name not in sources]
    common = set().union(*(sources[name] for name in (own, *peers) if name in sources))
    for name in (own, *peers):
        if name in sources:
            found += [Missing(name, "source_missing", source) for source in sorted(common - set(sources[name]))]
            found += [Missing(name, "source_unread", source) for source in sorted(unread.get(name, ()))]
    return found


def shared_sources(names: Iterable[str], sources: Mapping[str, Iterable[str]], unread: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the sources that every employer has and that could be read for all."""
    sets = [set(sources.get(name, ())) - set(unread.get(name, ())) for name in names]
    return sorted(set.intersection(*sets)) if sets else []


def share_of_voice(own: int, all_of_them: int) -> Figure:
    """Return own / (own + named peers), all from the same sources and window."""
    return wilson(own, all_of_them)


def ranks(tallies: Mapping[str, Tally]) -> tuple[list[Rank], list[Missing]]:
    """Rank employers by mean rating; those with fewer than five ratings are named instead.

    The range comes from Rubin's Bayesian bootstrap (1981) of each histogram, seeded from the data; how far ranks can be trusted
    is Goldstein and Spiegelhalter 1996, "League tables and their limitations".
    """
    figures = {name: mean_of_stars(told.stars) for name, told in tallies.items()}
    ranked = sorted((name for name in figures if figures[name].n >= LEAST), key=lambda name: (-(figures[name].value or 0), name))
    few = [Missing(name, "too_few") for name in figures if name not in ranked]
    chance = random.Random(repr([(name, sorted(tallies[name].stars.items())) for name in ranked]))  # noqa: S311 — the same data, the same ranks
    places: dict[str, list[int]] = {name: [] for name in ranked}
    for _ in range(DRAWS if len(ranked) > 1 else 0):
        drawn = {name: _draw(tallies[name].stars, chance) for name in ranked}
        for place, name in enumerate(sorted(ranked, key=drawn.__getitem__, reverse=True), 1):
            places[name].append(place)
    found = []
    for place, name in enumerate(ranked, 1):
        sample = sorted(places[name]) or [place]
        found.append(Rank(name, figures[name], place, sample[int(0.025 * len(sample))], sample[min(len(sample) - 1, int(0.975 * len(sample)))]))
    return found, few


def _draw(stars: Mapping[int, int], chance: random.Random) -> float:
    weights = [(value, chance.gammavariate(n, 1)) for value, n in sorted(stars.items()) if n]
    return sum(value * weight for value, weight in weights) / sum(weight for _, weight in weights)
