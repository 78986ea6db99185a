"""Drive a client with one daemon thread a host. (A pool's threads would block Ctrl-C until the last answer.)

The consumer's side holds the deadline of each request: headers that drip are caught by nothing else. A thread that
breaks its promise is given up, its request answered as a time-out, and a new thread takes over the host's queue.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Protocol

from repwatch.models import Page, Refused, Request, WebSettings
from repwatch.refusals import RATE_LIMIT, TIMEOUT
from repwatch.web.attempts import Promise
from repwatch.web.politeness import host_of
from repwatch.wording import N_

Answer = Page | Refused

#: How often the consumer looks at the deadlines, and at most how long Ctrl-C may wait.
_LOOK_S = 0.1
#: The client keeps most deadlines itself and words them better: give it this share of the budget more, at most 1 s.
_GRACE, _LONGEST_GRACE_S = 0.25, 1.0


class Fetches(Protocol):
    """What a fetcher asks of its client."""

    settings: WebSettings

    def fetch(self, request: Request, promise: Promise) -> Answer:
        """Fetch one page."""
        ...

    def crawl_delay(self, host: str) -> float:
        """Return what robots.txt asks for."""
        ...


class Fetcher:
    """Fetch pages of many hosts at once and of one host in turn. `paces` gives the seconds between requests to a host.

    `submit`, `results` and `close` belong to one thread, the consumer's.
    """

    def __init__(
        self,
        client: Fetches,
        paces: Callable[[str], float],
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client, self._paces, self._monotonic = client, paces, monotonic
        self._closed = threading.Event()
        self._done: queue.Queue[_Job] = queue.Queue()
        self._lanes: dict[str, _Lane] = {}
        self._known: dict[tuple[object, ...], _Job] = {}
        self._ready: list[tuple[int, Answer]] = []
        self._pending: set[_Job] = set()
        settings = client.settings
        self._grace_s = min(_LONGEST_GRACE_S, settings.total_s * _GRACE)

    def bind(self, ticket: int, watch_key: str) -> None:
        """Accept what a replay needs to know: which watch a ticket belongs to."""

    def submit(self, ticket: int, request: Request, pace_s: float) -> None:
        """Queue a request. A page asked for before in this run is answered from that answer."""
        key = _identity(request)
        if key and (job := self._known.get(key)):
            self._join(job, ticket)
            return
        job = _Job(ticket, request, pace_s)
        if key:
            self._known[key] = job
        self._pending.add(job)
        host = host_of(request.url)
        if host not in self._lanes:
            self._lanes[host] = _Lane(self, host)
        self._lanes[host].put(job)

    def results(self) -> Iterator[tuple[int, Answer]]:
        """Yield tickets with their answers as they arrive, until nothing is pending or the fetcher is closed."""
        while (self._pending or self._ready) and not self._closed.is_set():
            yield from self._take_ready()
            if not self._pending:
                continue
            with suppress(queue.Empty):
                self._settle(self._done.get(timeout=_LOOK_S))
            self._give_up_overdue()

    def close(self) -> None:
        """End all threads that wait; those that hang end with the process."""
        self._closed.set()
        for lane in self._lanes.values():
            lane.put(None)

    def _join(self, job: _Job, ticket: int) -> None:
        if job in self._pending:
            job.tickets.append(ticket)
        else:
            self._ready.append((ticket, job.result()))

    def _take_ready(self) -> Iterator[tuple[int, Answer]]:
        while self._ready:
            yield self._ready.pop(0)

    def _settle(self, job: _Job) -> None:
        self._pending.remove(job)
        answer = job.result()
        self._ready.extend((ticket, answer) for ticket in job.tickets)

    def _give_up_overdue(self) -> None:
        now = self._monotonic()
        for lane in self._lanes.values():
            if job := lane.give_up(now - self._grace_s):
                job.answer = Refused(reason=TIMEOUT, detail=N_("{host}: no whole answer in time; given up", host=lane.host))
                self._settle(job)

    def _serve(self, lane: _Lane) -> None:
        """Answer one lane's requests in turn, in its own thread."""
        me = threading.current_thread()
        while not self._closed.is_set() and (job := lane.get()) is not None:
            refused = self._keep_distance(lane, job)
            if self._closed.is_set():
                return
            answer, error = (refused, None) if refused else self._fetch(lane, job)
            if not lane.finish(me):
                return  # given up meanwhile: another thread serves, and the request has its answer
            job.answer, job.error = answer, error
            self._done.put(job)

    def _fetch(self, lane: _Lane, job: _Job) -> tuple[Answer | None, Exception | None]:
        job.promise(self._client.settings.total_s, self._monotonic)
        lane.job = job
        try:
            return self._client.fetch(
                job.request, lambda seconds: job.promise(seconds, self._monotonic)
            ), None
        except Exception as error:  # noqa: BLE001 - a bug must end the run in the consumer, not a thread in silence
            return None, error

    def _keep_distance(self, lane: _Lane, job: _Job) -> Refused | None:
        """Wait until the host may be asked again; refuse where its robots.txt asks for longer than anybody waits."""
        if lane.last is None:
            return None
        crawl_delay = self._client.crawl_delay(lane.host)
        if crawl_delay > self._client.settings.longest_wait_s:
            detail = N_("robots.txt asks for {n} s between requests", n=f"{crawl_delay:.0f}")
            return Refused(reason=RATE_LIMIT, detail=detail, retry_after_s=crawl_delay)
        wait = lane.last + max(job.pace_s, self._paces(lane.host), crawl_delay) - self._monotonic()
        if wait > 0:
            self._closed.wait(wait)
        return None


class _Job:
    """One request, the tickets that wait for it, and until when its thread promised to be done."""

    def __init__(self, ticket: int, request: Request, pace_s: float) -> None:
        self.tickets, self.request, self.pace_s = [ticket], request, pace_s
        self.due = 0.0
        self.answer: Answer | None = None
        self.error: Exception | None = None

    def promise(self, seconds: float, monotonic: Callable[[], float]) -> None:
        self.due = monotonic() + seconds

    def result(self) -> Answer:
        if self.error:
            raise self.error
        assert self.answer is not None
        return self.answer


class _Lane:
    """One host's queue and the thread that serves it."""

    def __init__(self, fetcher: Fetcher, host: str) -> None:
        self.host, self._fetcher = host, fetcher
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self.job: _Job | None = None
        self.last: float | None = None
        self._thread = self._start()

    def give_up(self, before: float) -> _Job | None:
        """Return the request that was due before then, and let a new thread serve the lane; None where all is well."""
        with self._lock:
            job = self.job
            if job is None or job.due >= before:
                return None
            self.job, self.last = None, self._fetcher._monotonic()
            self._thread = self._start()
            return job

    def finish(self, thread: threading.Thread) -> bool:
        """End the request in hand; False where the thread was given up and must not go on."""
        with self._lock:
            if self._thread is not thread:
                return False
            self.job, self.last = None, self._fetcher._monotonic()
            return True

    def put(self, job: _Job | None) -> None:
        self._jobs.put(job)

    def get(self) -> _Job | None:
        return self._jobs.get()

    def _start(self) -> threading.Thread:
        serve = self._fetcher._serve
        thread = threading.Thread(target=serve, args=(self,), name=f"web {self.host}", daemon=True)
        thread.start()
        return thread


def _identity(request: Request) -> tuple[object, ...] | None:
    """Name what makes two requests the same, or None where each is its own."""
    if request.method != "GET" or request.body is not None:
        return None
    return (request.url, request.expect, request.api, request.auth, tuple(sorted(request.headers.items())))
