"""Drive the walks of all watches against one fetcher: archive, parse, store, then ask for the next page.

The fetcher may be the network or an archive; nothing here knows which.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator
from datetime import date
from pathlib import Path
from typing import Protocol

from repwatch import sources
from repwatch.models import CoverageEntry, Item, Page, Problem, Read, Refused, Request, Watch
from repwatch.pipeline.access import hint_for
from repwatch.pipeline.reading import read_page
from repwatch.pipeline.saving import Desk, count
from repwatch.pipeline.vanishing import note
from repwatch.refusals import ADVICE, INTERRUPTED
from repwatch.store import Gap, PageRow

#: What is wrong with a page itself: whoever opens its address sees more than a program.
_OF_A_PAGE = ("layout_changed", "empty")


class Fetcher(Protocol):
    """What drives requests: the network's `web.fetcher.Fetcher` or an archive's `web.replay.Replay`."""

    def bind(self, ticket: int, watch_key: str) -> None: ...
    def submit(self, ticket: int, request: Request, pace_s: float) -> None: ...
    def results(self) -> Iterator[tuple[int, Page | Refused]]: ...


class Archive(Protocol):
    """Where pages go before they are parsed. `page` returns the offset at which the body can be found again."""

    path: Path

    def page(self, watch: str, step: int, request: Request, page: Page, *, body: bytes | None = None) -> int: ...
    def refused(self, watch: str, step: int, request: Request, refused: Refused) -> int: ...


class Walk:
    """One watch on its way: where it stands, what it has read so far.

    After the walk itself come the gaps that earlier walks left, the oldest first, as far as the page cap reaches.
    """

    def __init__(self, watch: Watch, gaps: list[Gap]) -> None:
        self.watch, self.gaps = watch, gaps
        self.source = sources.load(watch.source)
        self.steps: Generator[Request, Read, None] = self.source.walk(watch)
        self.request: Request | None = next(self.steps, None)
        self.leg = watch
        self.filling: Gap | None = None
        self.step = self.pages = self.unchanged = self.items = self.problems = self.new = self.revised = 0
        self.state, self.reason, self.gap = "read", "", False
        self.went_on = self.missed = False

    def fill(self, gap: Gap) -> None:
        """Go on where an earlier walk stopped at its page cap."""
        self.filling = gap
        self.leg = self.watch.model_copy(update=_from_token(gap.token))
        self.steps = self.source.walk(self.leg)
        self.request = next(self.steps, None)

    @property
    def entry(self) -> CoverageEntry:
        """Return the ledger row of this watch as it stands."""
        state = "partly" if self.went_on and (self.items or self.state == "read") else self.state
        return CoverageEntry(source=self.watch.source, employer=self.watch.employer, target=self.watch.target, state=state,  # type: ignore[arg-type]  # kept to the states below
                             reason=self.reason, hint=self._hint(), pages=self.pages, unchanged=self.unchanged,
                             items=self.items, new=self.new, revised=self.revised, problems=self.problems, gap=self.gap)  # fmt: skip

    def _hint(self) -> str:
        if self.reason in _OF_A_PAGE and self.watch.target.startswith("http"):
            return ADVICE["other_page"]
        return hint_for(self.source.INFO, self.reason, self.watch.account)

    def lower(self, state: str, reason: str) -> None:
        """Note that something was not read; a watch that gave pages before is partly read."""
        self.state = "partly" if self.items or (self.pages and state == "partly") else state
        self.reason = reason


def collect(watches: list[Watch], fetcher: Fetcher, archive: Archive, desk: Desk, *, done: Callable[[Walk], None] = lambda _: None) -> list[Walk]:
    """Run all walks to their end and return them, in the order of `watches`.

    On Ctrl-C the walks under way are marked, their ledger rows kept, and KeyboardInterrupt goes on.
    """
    walks = [Walk(watch, desk.store.gaps(watch.key)) for watch in watches]
    under_way = {ticket for ticket, walk in enumerate(walks) if walk.request}
    for ticket in sorted(under_way):
        fetcher.bind(ticket, walks[ticket].watch.key)
        _submit(fetcher, ticket, walks[ticket])
    try:
        for ticket, answer in fetcher.results():
            walk = walks[ticket]
            if _take(walk, answer, archive, desk):
                _submit(fetcher, ticket, walk)
                continue
            under_way.discard(ticket)
            desk.store.set_ledger(desk.run, walk.entry)
            done(walk)
    except KeyboardInterrupt:
        for ticket in under_way:
            walks[ticket].lower("skipped", INTERRUPTED)
            desk.store.set_ledger(desk.run, walks[ticket].entry)
        raise
    return walks


def _submit(fetcher: Fetcher, ticket: int, walk: Walk) -> None:
    if walk.request:
        fetcher.submit(ticket, walk.request, walk.source.INFO.pace_s)


def _take(walk: Walk, answer: Page | Refused, archive: Archive, desk: Desk) -> bool:
    """Archive, read and store one answer; tell whether the walk wants another page."""
    request = walk.request
    assert request is not None
    step, walk.step = walk.step, walk.step + 1
    if isinstance(answer, Refused):
        archive.refused(walk.watch.key, step, request, answer)
        walk.lower("failed" if answer.reason in _FAILED else "refused", answer.reason)
        return _without(walk, answer.reason, desk) if request.optional else False
    kept = answer._replace(body=b"", status=304) if answer.unchanged else answer
    offset = archive.page(walk.watch.key, step, request, kept, body=answer.body if answer.unchanged else None)
    read = read_page(answer, source=walk.watch.source, expect=request.expect)
    walk.pages, walk.unchanged = walk.pages + 1, walk.unchanged + answer.unchanged
    walk.items += count(read.outcomes)
    walk.problems += sum(isinstance(each, Problem) for each in read.outcomes)
    if read.state != "read":
        walk.lower(read.state, read.reason)
    pages = [_page_row(answer, archive.path.name, offset)] if read.state == "read" and request.method == "GET" else []
    seen = desk.all_seen(read.outcomes, walk.watch.employer, walk.watch.query)
    saved = desk.save(read.outcomes, walk.entry, answer.url, pages=pages, seen=seen)
    note(desk, answer, walk.watch.source, walk.watch.employer, read.outcomes, seen)
    walk.new, walk.revised = walk.new + saved.new, walk.revised + saved.revised
    if read.state in ("refused", "failed"):
        return _without(walk, read.reason, desk) if request.optional else False
    return _advance(walk, Read(answer, tuple(each for each in read.outcomes if isinstance(each, Item))), desk)


def _without(walk: Walk, reason: str, desk: Desk) -> bool:
    """Go on without an answer. What is closed to all stays so; whatever else was missed is asked for again next time."""
    walk.went_on = True
    walk.missed = walk.missed or reason not in _CLOSED
    assert walk.request is not None
    return _advance(walk, Read(Page(walk.request.url, 0), ()), desk)


def _advance(walk: Walk, read: Read, desk: Desk) -> bool:
    """Send the page to the walk. At its end, or at the page cap, see to the gaps; tell whether there is another request."""
    try:
        walk.request = walk.steps.send(read)
    except StopIteration:
        walk.request = None
    capped = walk.pages >= walk.watch.max_pages
    if walk.request is not None and not capped:
        return True
    left = _token(walk.request, walk.leg) if walk.request else None
    if walk.filling:
        desk.store.fill_gap(desk.run, walk.filling.id, left)
    elif not walk.missed:
        # The cursor moves although pages were left out: the gap remembers them.
        desk.store.set_cursor(walk.watch.key, {"until": walk.watch.until.isoformat()})
    if left and not walk.filling:
        desk.store.add_gap(desk.run, walk.watch.key, left)
    walk.gap = bool(left or walk.gaps)
    # The oldest gap gets one page in every check, else a watch that always uses its cap would never fill it.
    if (capped and walk.filling) or not walk.gaps:
        return False
    walk.fill(walk.gaps.pop(0))
    walk.gap = bool(walk.gaps)
    return walk.request is not None


def _page_row(page: Page, archive: str, offset: int) -> PageRow:
    return PageRow(page.url, page.headers.get("etag"), page.headers.get("last-modified"), archive, offset, page.fetched_at)


def _token(request: Request, leg: Watch) -> str:
    return json.dumps({"resume": request.resume, "since": leg.since.isoformat(), "until": leg.until.isoformat()})


def _from_token(token: str) -> dict[str, str | date | None]:
    told = json.loads(token)
    return {"resume": told["resume"], "since": date.fromisoformat(told["since"]), "until": date.fromisoformat(told["until"])}


_CLOSED = frozenset({"login", "credentials", "blocked", "not_found", "gone"})
_FAILED = frozenset({"timeout", "dns", "tls", "network", "server_error", "not_archived"})
