"""Answer a run's requests from its archive, in the place of a fetcher."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator

from repwatch.models import Page, Refused, Request
from repwatch.refusals import NOT_FOUND
from repwatch.web.records import Archive
from repwatch.web.redact import redact
from repwatch.wording import N_


class Replay:
    """Hand out the pages of an archive by watch and step; a watch's steps are counted from 0."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._watches: dict[int, str] = {}
        self._steps: Counter[str] = Counter()
        self._asked: deque[tuple[int, tuple[str, int]]] = deque()

    def bind(self, ticket: int, watch_key: str) -> None:
        """Say which watch a ticket belongs to."""
        # Written down without secrets, so looked up without them.
        self._watches[ticket] = redact(watch_key)

    def submit(self, ticket: int, request: Request, pace_s: float) -> None:  # noqa: ARG002 - a fetcher's signature
        """Ask for the next step of the ticket's watch; nothing is waited for."""
        watch = self._watches.get(ticket, "")
        self._asked.append((ticket, (watch, self._steps[watch])))
        self._steps[watch] += 1

    def results(self) -> Iterator[tuple[int, Page | Refused]]:
        """Yield tickets with their answers in the order they were asked for, until nothing is pending."""
        while self._asked:
            ticket, key = self._asked.popleft()
            try:
                answer, _url = self._archive.steps[key]
            except KeyError:
                answer = Refused(reason=NOT_FOUND, detail=N_("not in the archive"))
            yield ticket, answer

    def close(self) -> None:
        """Forget what was asked."""
        self._asked.clear()
