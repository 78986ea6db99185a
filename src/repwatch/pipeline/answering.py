"""Which reviews wait for an answer, and whether one is worth it: the store's rows beside the state of each profile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from repwatch.programme.answers import age, topics, worth_answering

if TYPE_CHECKING:
    from repwatch.store import Reader


def weighed(reader: Reader, reviews: Iterable[int], today: date) -> Iterator[dict[str, Any]]:
    """Yield the reviews with these ids, each with `age_days`, `worth`, `reason`, `praised` and `blamed`."""
    claimed: dict[tuple[str, str], str] = {}
    for row in reader.items(reviews):
        days = age(row.get("published"), today)
        verdict = worth_answering(row, age_days=days, claimed=_claimed(reader, row, claimed))
        praised, blamed = topics(row)
        yield {**row, "age_days": days, "worth": verdict.worth, "reason": verdict.reason, "praised": praised, "blamed": blamed}


def _claimed(reader: Reader, row: dict[str, Any], known: dict[tuple[str, str], str]) -> str:
    """Return whether the profile of a review's employer is claimed on its site, as last seen."""
    for employer in row["employers"]:
        key = (employer, row["source"])
        if key not in known:
            known |= {(employer, name): "unknown" for name in (row["source"],)}
            for profile in sorted(reader.latest_profiles(employer), key=lambda each: each["observed"] or ""):
                known[employer, profile["source"]] = profile["claimed"]
        return known[key]
    return "unknown"
