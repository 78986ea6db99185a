"""Volume alerts on eventless series and on bursts: false alarms a year and power, beside the rule with one window of 56 days."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from side_by_side import table

from repwatch.analysis.distributions import negative_binomial_tail
from repwatch.analysis.spikes import DISPERSION_DAYS, spikes

#: Mean a day and dispersion (variance over mean) of the seven series.
SERIES = {"0.1 a day": (0.1, 1.0), "0.5": (0.5, 1.0), "2": (2.0, 1.0), "10": (10.0, 1.0), "0.5 in bursts": (0.5, 2.0), "2 in bursts": (2.0, 3.0), "10 in bursts": (10.0, 5.0)}
#: Items added to a series, and over how many days.
BURSTS = (("0.1 a day", 2, 1), ("0.1 a day", 3, 1), ("0.1 a day", 3, 3), ("0.1 a day", 5, 1), ("0.1 a day", 5, 3), ("0.5", 4, 1), ("2", 5, 1), ("2", 7, 1), ("2", 10, 1), ("2", 10, 3), ("10", 15, 1),
          ("10", 30, 1), ("10", 30, 3), ("2 in bursts", 10, 1), ("2 in bursts", 15, 1), ("10 in bursts", 30, 1))  # fmt: skip
YEARS, TURNS, WARM = 60, 400, DISPERSION_DAYS
Rule = Callable[[Sequence[int], int], list[int]]


def draw(chance: random.Random, mean: float, dispersion: float) -> int:
    """Return a count: Poisson's, or a Poisson of a gamma mean (negative binomial)."""
    if dispersion > 1:
        mean = chance.gammavariate(mean / (dispersion - 1), dispersion - 1)
    total, count = chance.expovariate(1), 0
    while total < mean:
        total += chance.expovariate(1)
        count += 1
    return count


def one_window(counts: Sequence[int], first: int) -> list[int]:
    """Return the alarms of the rule in the facts: p < .001, 56 days for mean and dispersion, floor 1.2, at least 2 items."""
    found = []
    for day in range(max(first, 56), len(counts)):
        if counts[day] < 2:
            continue
        window = counts[day - 56 : day]
        mean = sum(window) / 56
        raw = sum((count - mean) ** 2 for count in window) / 55 / mean if mean else 1.5
        if negative_binomial_tail(counts[day], max(mean, 1e-3), max(1.2, (8 * 1.5 + 56 * raw) / 64)) < 0.001:
            found.append(day)
    return found


def ours(counts: Sequence[int], first: int) -> list[int]:
    """Return the alarms of `repwatch.analysis.spikes`."""
    return [spike.day for spike in spikes(counts, first)]


RULES: dict[str, Rule] = {"one window": one_window, "ours": ours}


def false_alarms(rule: Rule, name: str, years: int = YEARS) -> float:
    """Return false alarms a year; alarms on following days are one."""
    chance = random.Random(f"quiet {name}")
    counts = [draw(chance, *SERIES[name]) for _ in range(WARM + years * 365)]
    days = rule(counts, WARM)
    return sum(before < day - 1 for before, day in zip([-9, *days], days, strict=False)) / years


def power(rule: Rule, name: str, items: int, days: int, turns: int = TURNS) -> float:
    """Return how often a burst is noticed on one of its days."""
    chance = random.Random(f"burst {name} {items} {days}")
    caught = 0
    for _ in range(turns):
        counts = [draw(chance, *SERIES[name]) for _ in range(WARM + days)]
        for _ in range(items):
            counts[WARM + chance.randrange(days)] += 1
        caught += bool(rule(counts, WARM))
    return caught / turns


def main() -> None:
    """Print the two tables."""
    rows = [("series", *RULES, "goal")]
    rows += [(name, *(f"{false_alarms(rule, name):.2f}" for rule in RULES.values()), "at most 1.0") for name in SERIES]
    table(f"False alarms a year, {YEARS} years of each series", rows)
    rows = [("burst", *RULES, "goal")]
    for name, items, days in BURSTS:
        known = {("0.1 a day", 5, 1): "100 %", ("2", 10, 1): "99 %", ("10", 30, 1): "100 %"}.get((name, items, days), "more than the one window" if "bursts" not in name else "")
        rows.append((f"+{items} on {name}, over {days} day{'s' * (days > 1)}", *(f"{power(rule, name, items, days):.0%}" for rule in RULES.values()), known))
    table(f"Bursts noticed, {TURNS} of each", rows)


if __name__ == "__main__":
    main()
