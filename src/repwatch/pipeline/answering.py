"""Which reviews wait for an answer, and whether one is worth it: the store's rows beside the state of each profile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from repwatch.programme.answers import age, topics, worth_answering

if TYPE_CHECKING:
    from repwatch.store import Reader


class _Named(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def peers(self) -> Sequence[str]: ...


def only_peers(employers: Sequence[_Named]) -> frozenset[str]:
    """Return the employers that another one names as its peer, and that name no peers of their own: nobody here can answer for them."""
    own = {each.name for each in employers if each.peers}
    return frozenset(peer for each in employers for peer in each.peers if peer != each.name) - own


def weighed(reader: Reader, reviews: Iterable[int], today: date) -> Iterator[dict[str, Any]]:
    """Yield the reviews with these ids, each with `age_days`, `worth`, `reason`, `praised` and `blamed`."""
    claimed: dict[tuple[str, str], str] = {}
    for row in reader.items(reviews):
        days = age(row.get("published"), today)
        verdict = worth_answering(row, age_days=days, claimed=_claimed(reader, row, claimed, today))
        praised, blamed = topics(row)
        yield {**row, "age_days": days, "worth": verdict.worth, "reason": verdict.reason, "praised": praised, "blamed": blamed}


def _claimed(reader: Reader, row: dict[str, Any], known: dict[tuple[str, str], str], today: date) -> str:
    """Return whether the profile of a review's employer is claimed on its site, as last seen by the end of a day."""
    for employer in row["employers"]:
        key = (employer, row["source"])
        if key not in known:
            known[key] = "unknown"
            for profile in sorted(reader.latest_profiles(employer, today.isoformat()), key=lambda each: each["observed"] or ""):
                known[employer, profile["source"]] = profile["claimed"]
        return known[key]
    return "unknown"
