"""Answer the requests of a check from its archive: the same walks, without a network and without waiting."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from repwatch.models import Page, Refused, Request
from repwatch.refusals import NOT_FOUND
from repwatch.web.archive import Archive


class Replay:
    """Stand in for the network's fetcher. Answers come in the order (watch, step), whatever the order of arrival was."""

    def __init__(self, archive: Archive) -> None:
        self._steps = archive.steps
        self._watch: dict[int, str] = {}
        self._next: dict[int, int] = {}
        self._asked: deque[int] = deque()

    def bind(self, ticket: int, watch: str) -> None:
        """Name the watch whose steps a ticket walks through."""
        self._watch[ticket], self._next[ticket] = watch, 0

    def submit(self, ticket: int, request: Request, pace_s: float) -> None:  # noqa: ARG002 — the fetcher's signature
        """Ask for the next page of the ticket's watch."""
        # To the left: a walk is finished before the next one begins, so that the order does not depend on its length.
        self._asked.appendleft(ticket) if self._next[ticket] else self._asked.append(ticket)

    def results(self) -> Iterator[tuple[int, Page | Refused]]:
        """Yield the archived answers until nothing is asked."""
        while self._asked:
            ticket = self._asked.popleft()
            step = self._next[ticket]
            self._next[ticket] = step + 1
            found = self._steps.get((self._watch[ticket], step))
            yield ticket, found[0] if found else Refused(reason=NOT_FOUND, detail="not in the archive")
