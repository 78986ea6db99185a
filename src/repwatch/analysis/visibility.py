"""Which days could be seen of a source: from the coverage ledger to a state a day. Silence is not blindness.

A walk that succeeds sees back to the last one before it, so a refused day is seen afterwards when the source is read again;
only a short memory (a feed keeps its newest entries alone) loses what lies further back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple, Protocol

#: `before` nothing was watched yet; `unknown`: files tell of it, no check looked.
DayState = Literal["seen", "partly", "blind", "before", "unknown"]
#: How far the first walk of a watch looks back where the settings say nothing else.
FIRST_DAYS = 90
#: How far back a feed shows what it had before.
SHORT_MEMORY = 3
_AGE = re.compile(r"saved_page_(\d+)_days_old")


class Sight(Protocol):
    """What a run saw of a watch, as the store reads it."""

    @property
    def source(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def day(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def gap(self) -> bool: ...
    @property
    def kind(self) -> str: ...


class Coverage(NamedTuple):
    """How much of some days could be seen, over all sources: counted in source-days."""

    days: int
    seen: int
    partly: int
    blind: int

    @property
    def gap(self) -> bool:
        """Tell whether nothing at all could be seen where something was watched."""
        return self.blind > 0 and not self.seen and not self.partly


class Visibility:
    """The state of every day of every source between `first` and `last`."""

    def __init__(self, states: Mapping[str, Sequence[DayState]], first: date, last: date) -> None:
        self.states, self.first, self.last = states, first, last

    def of(self, day: str, source: str) -> DayState:
        """Return the state of a source on a day (YYYY-MM-DD)."""
        place = (date.fromisoformat(day) - self.first).days
        days = self.states.get(source, ())
        return days[place] if 0 <= place < len(days) else "before"

    def over(self, first: date, last: date, source: str | None = None) -> Coverage:
        """Return how much of `first` to `last` could be seen of a source, or of all."""
        low, high = max(0, (first - self.first).days), (last - self.first).days + 1
        found = [state for name, days in self.states.items() if source in (None, name) for state in days[low:high]]
        seen = sum(state in ("seen", "unknown") for state in found)
        return Coverage(len(found), seen, found.count("partly"), found.count("blind"))


def visibility(sights: Iterable[Sight], first_days: Mapping[str, str], first: date, last: date, *, short: Iterable[str] = ()) -> Visibility:
    """Return what could be seen from `first` to `last`.

    `first_days` names the first day of which each source holds anything; `short` the sources with a short memory.
    """
    by_source: dict[str, dict[str, list[Sight]]] = {name: {} for name in first_days}
    for sight in sights:
        # Files come and go by name: of a source they are one watch together.
        target = "" if sight.kind == "import" or sight.target.startswith("inbox: ") else sight.target
        by_source.setdefault(sight.source, {}).setdefault(target, []).append(sight)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    states = {}
    for source, watches in by_source.items():
        begin = date.fromisoformat(first_days[source]) if source in first_days else None
        watched = [_watch(told, days, SHORT_MEMORY if source in short else None) for told in watches.values()]
        states[source] = [_worst([watch[place] for watch in watched], day, begin) for place, day in enumerate(days)]
    return Visibility(states, first, last)


def _watch(sights: Sequence[Sight], days: Sequence[date], memory: int | None) -> list[DayState]:
    """Return the state of each day for one watch."""
    stretches: list[tuple[date, date, DayState]] = []
    last: date | None = None
    for sight in sights:
        if sight.state not in ("read", "partly"):
            continue
        aged = _AGE.fullmatch(sight.reason)
        until = date.fromisoformat(sight.day) - timedelta(days=int(aged[1]) if aged else 0)
        reach = until - timedelta(days=FIRST_DAYS) if last is None else last
        if memory is not None:
            reach = max(reach, until - timedelta(days=memory))
        stretches.append((reach, until, "seen" if sight.state == "read" and not sight.gap else "partly"))
        last = until
    begin = min((date.fromisoformat(sight.day) for sight in sights), default=None)
    begin = min([begin, *(reach for reach, _, _ in stretches)]) if begin else None
    states: list[DayState] = ["before" if begin is None or day < begin else "blind" for day in days]
    for reach, until, state in stretches:
        for place in range(max(0, (reach - days[0]).days), min(len(days), (until - days[0]).days + 1)):
            # A day read whole once stays seen.
            states[place] = "seen" if "seen" in (state, states[place]) else state
    return states


def _worst(found: Sequence[DayState], day: date, begin: date | None) -> DayState:
    told = [state for state in found if state != "before"]
    if not told:
        return "unknown" if begin is not None and day >= begin else "before"
    if len(set(told)) == 1:
        return told[0]
    return "partly"
