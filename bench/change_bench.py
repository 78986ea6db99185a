"""Reports on simulated employers of whom the truth is known: false alarms where nothing changed, and how often a change is seen.

A report compares 90 days with the 90 before: rating, sentiment, recommendation, sub-rating, volume, three sources, six topics.
Then two years of daily checks by the sequential watch. The argument is the number of reports without a change (400).
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

from side_by_side import table
from volume_bench import draw

from repwatch.analysis.change import Change
from repwatch.analysis.changepoints import segments
from repwatch.analysis.mix import decompose
from repwatch.analysis.sequential import STARS, watch
from repwatch.analysis.visibility import Visibility
from repwatch.pipeline.changes import Period, Side, rows_of, side
from repwatch.store.counts import Count

#: How five kinds of employer are rated: shares of one to five stars.
RATED = {"middling": (15, 13, 20, 28, 24), "loved": (7, 3, 5, 15, 70), "split": (40, 5, 5, 10, 40)}
SOURCES, TOPICS = ("glassdoor", "indeed", "kununu"), ("pay", "workload", "management", "colleagues", "career", "hours")
DAYS, TODAY = 90, date(2026, 11, 25)


class Employer(NamedTuple):
    """An invented employer: reviews a day, dispersion, shares of stars on day `age` (days before today) on a source, shares of sources."""

    rate: float
    dispersion: float
    stars: Callable[[int, str], tuple[float, ...]]
    sources: Callable[[int], tuple[float, ...]] = lambda _: (5, 3, 2)
    #: Five-star reviews added on each of five days, 20 days ago.
    burst: int = 0


def lowered(shares: tuple[float, ...], by: float) -> tuple[float, ...]:
    """Return shares whose mean is lower by `by` stars: some of all turn to the worst."""
    mean = sum((star + 1) * share for star, share in enumerate(shares)) / sum(shares)
    move = by / (mean - 1)
    return (shares[0] * (1 - move) + sum(shares) * move, *(share * (1 - move) for share in shares[1:]))


def reviews(employer: Employer, chance: random.Random, first: int, last: int) -> list[Count]:
    """Return the counts of the days from `first` to `last` days ago."""
    found = []
    for age in range(first, last - 1, -1):
        day = TODAY - timedelta(days=age)
        # Fewer people write at weekends.
        number = draw(chance, employer.rate * (0.6 if day.weekday() > 4 else 1.16), employer.dispersion)
        extra = employer.burst if 16 <= age <= 20 else 0
        for place in range(number + extra):
            source = chance.choices(SOURCES, employer.sources(age))[0]
            star = 5 if place >= number else chance.choices(range(1, 6), employer.stars(age, source))[0]
            found += _told(chance, day.isoformat(), source, star)
    return found


def _told(chance: random.Random, day: str, source: str, star: int) -> list[Count]:
    label = "negative" if star < 3 else "mixed" if star == 3 else "positive"
    rows = [("all", ""), ("stars", f"{star}0"), ("label", label), ("wait", chance.choice(("open", "3", "20")))]
    rows.append(("recom", "yes" if chance.random() < star / 5.5 else "no"))
    rows.append(("sub", f"culture|{min(5, max(1, star + chance.choice((-1, 0, 1))))}0"))
    for topic in TOPICS:
        if chance.random() < 0.25:
            good = chance.random() < (star - 0.5) / 5
            rows.append(("topic", f"{topic}|{'positive' if good else 'negative'}"))
    return [Count(day, source, "review", "en", what, bucket, 1) for what, bucket in rows]


def report(employer: Employer, seed: str) -> tuple[list[Change], Side, Side]:
    """Return the rows of one report on an invented employer."""
    chance = random.Random(seed)
    periods = [Period(TODAY - timedelta(days=first), TODAY - timedelta(days=last)) for first, last in ((2 * DAYS - 1, DAYS), (DAYS - 1, 0))]
    sides = [side(period, reviews(employer, chance, (TODAY - period.first).days, (TODAY - period.last).days)) for period in periods]
    views = [Visibility({name: ["seen"] * DAYS for name in SOURCES}, *period) for period in periods]
    return rows_of(*sides, views), *sides


def steady(kind: str) -> Callable[[int, str], tuple[float, ...]]:
    """Return the stars of an employer who does not change."""
    return lambda _age, _source: RATED[kind]


def step(kind: str, by: float) -> Callable[[int, str], tuple[float, ...]]:
    """Return the stars of an employer who loses `by` stars between the periods."""
    return lambda age, _source: lowered(RATED[kind], by) if age < DAYS else RATED[kind]


def drift(kind: str, by: float) -> Callable[[int, str], tuple[float, ...]]:
    """Return the stars of an employer who loses `by` stars little by little over both periods."""
    return lambda age, _source: lowered(RATED[kind], by * (1 - age / (2 * DAYS)))


def _by_source(_age: int, source: str) -> tuple[float, ...]:
    return RATED["middling"] if source != "kununu" else lowered(RATED["middling"], 1.2)


def _moving(age: int) -> tuple[float, ...]:
    return (5, 3, 2) if age >= DAYS else (2, 1, 7)


SCENES = {
    **{f"no change, {kind}, {rate * DAYS:.0f} a period{', in bursts' * (dispersion > 1)}": Employer(rate, dispersion, steady(kind))
       for kind, rate, dispersion in (("middling", 0.2, 1), ("middling", 0.6, 1), ("middling", 2, 1), ("middling", 2, 2), ("loved", 0.6, 1.5), ("split", 0.6, 1.5), ("loved", 2, 1), ("split", 4, 2))},
    "step of 0.5, 54 a period": Employer(0.6, 1, step("middling", 0.5)),
    "step of 0.5, 180 a period": Employer(2, 1, step("middling", 0.5)),
    "step of 1.0, 54 a period": Employer(0.6, 1, step("middling", 1.0)),
    "step of 1.0, 180 a period": Employer(2, 1, step("middling", 1.0)),
    "drift of 1.0, 180 a period": Employer(2, 1, drift("middling", 1.0)),
    "mix: kununu from 2 to 7 in 10, 180": Employer(2, 1, _by_source, _moving),
    "burst of 40 five-star reviews, 54": Employer(0.6, 1, steady("middling"), burst=8),
}  # fmt: skip


def outcomes(employer: Employer, seed: str, turns: int) -> dict[str, float]:
    """Return how many of `turns` reports show any change, and a change of rating, sentiment and volume; and what the mix explains."""
    found: Counter[str] = Counter()
    mixed = []
    for turn in range(turns):
        rows, *sides = report(employer, f"{seed} {turn}")
        real = {row.metric for row in rows if row.verdict in ("up", "down")}
        found.update(real | {"any"} if real else ())
        split = decompose("source", *({name: told.stars for name, told in each.by_source.items()} for each in sides))
        if split and split.difference:
            mixed.append((split.mix.value or 0) / split.difference)
    told: dict[str, Any] = {name: found[name] / turns for name in ("any", "rating", "net_sentiment", "volume")}
    return {**told, "mix": sorted(mixed)[len(mixed) // 2] if mixed else 0.0}


def watched(kind: str, rate: float, seed: str, *, by: float = 0.0, days: int = 730, at: int = 365) -> tuple[int, int | None, int]:
    """Return (alarms, days from the change to the first alarm after it, change points too many) of two years of daily checks."""
    chance = random.Random(f"{seed} {kind} {rate} {by}")
    series = []
    for day in range(days):
        shares = lowered(RATED[kind], by) if by and day >= at else RATED[kind]
        series.append((f"{day:05}", Counter(chance.choices((10, 20, 30, 40, 50), shares, k=draw(chance, rate, 1.3)))))
    alarms = watch(series, STARS)
    after = [int(alarm.day) - at for alarm in alarms if int(alarm.day) >= at]
    weeks = [sum((told for _, told in series[start : start + 7]), Counter()) for start in range(0, days, 7)]
    return len(alarms), after[0] if after else None, max(0, len(segments(weeks)) - 1 - bool(by))


def main(turns: int) -> None:
    """Print the tables; a scene with a change is played a quarter as often."""
    rows = [("truth", "any change", "rating", "sentiment", "volume", "of the difference, mix", "goal")]
    for name, employer in SCENES.items():
        told = outcomes(employer, name, turns if name.startswith("no change") else turns // 4)
        goal = "any: at most 5 %" if name.startswith("no change") else ""
        mix = f"{told['mix']:.0%}" if name.startswith(("mix", "step")) else ""
        rows.append((name, *(f"{told[each]:.1%}" for each in ("any", "rating", "net_sentiment", "volume")), mix, goal))
    table(f"Reports that show a change, of {turns} without one and {turns // 4} with one", rows)
    rows = [("two years of daily checks", "employers", "false alarms", "most of one", "with extra change points", "goal")]
    for kind in RATED:
        for rate, count in ((0.1, 100), (0.5, 40), (2, 10)):
            told = [watched(kind, rate, str(turn)) for turn in range(count)]
            extra = sum(one[2] > 0 for one in told)
            rows.append((f"{kind}, {rate:g} reviews a day", str(count), str(sum(one[0] for one in told)), str(max(one[0] for one in told)), str(extra), "at most 1 an employer"))
    table("The sequential watch and change points where nothing changed", rows)
    rows = [("lost after one year", "noticed within a year", "median days to the alarm")]
    for by, rate, count in ((1.0, 0.1, 40), (0.5, 0.5, 20), (1.0, 0.5, 20), (0.5, 2, 8), (1.0, 2, 8)):
        delays = sorted(one[1] for turn in range(count) if (one := watched("middling", rate, str(turn), by=by))[1] is not None)
        rows.append((f"{by} stars at {rate:g} reviews a day", f"{len(delays) / count:.0%}", str(delays[len(delays) // 2]) if delays else "-"))
    table("The sequential watch where something changed", rows)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
