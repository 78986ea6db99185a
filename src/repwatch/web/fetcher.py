"""Fetch for many walks at once: one daemon thread and one queue a host, so that no site is asked faster than its pace.

The consumer's thread holds the total deadline of every request: a thread that hangs (headers that drip, a silent
peer) is given up, its request answered as a time-out, and a new thread takes over the queue of its host.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from repwatch.models import Page, Refused, Request, WebSettings
from repwatch.refusals import TIMEOUT

Answer = Page | Refused
#: How often the consumer looks at deadlines; also how soon Ctrl-C is heard.
_TICK_S = 0.1
#: What the client may take above its own total deadline before its thread counts as hung.
_GRACE_S = 1.0


class FetchesPages(Protocol):
    """What the fetcher asks of a client."""

    settings: WebSettings

    def fetch(self, request: Request) -> Answer: ...
    def wait_before(self, host: str) -> float: ...
    def crawl_delay(self, host: str) -> float: ...


@dataclass
class _Job:
    request: Request
    pace_s: float
    tickets: list[int]
    started: float | None = None
    given_up: bool = False


@dataclass
class _Host:
    jobs: queue.SimpleQueue[_Job] = field(default_factory=queue.SimpleQueue)
    under_way: _Job | None = None
    last_end: float | None = None


class Fetcher:
    """Answer requests, by ticket, in the order in which they are done."""

    def __init__(self, client: FetchesPages, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._client, self._monotonic = client, monotonic
        self._hosts: dict[str, _Host] = {}
        self._answers: queue.SimpleQueue[tuple[_Job, Answer]] = queue.SimpleQueue()
        self._pending = 0
        self._by_url: dict[str, _Job] = {}
        self._done: dict[str, Answer] = {}
        self._closing = threading.Event()

    def bind(self, ticket: int, watch: str) -> None:
        """Name the watch of a ticket; the network does not need to know."""

    def submit(self, ticket: int, request: Request, pace_s: float) -> None:
        """Ask for a page; the same address is fetched once a run, however many ask."""
        self._pending += 1
        plain = request.method == "GET" and request.body is None
        if plain and request.url in self._done:
            self._answers.put((_Job(request, pace_s, [ticket]), self._done[request.url]))
            return
        if plain and request.url in self._by_url:
            self._by_url[request.url].tickets.append(ticket)
            return
        job = _Job(request, pace_s, [ticket])
        if plain:
            self._by_url[request.url] = job
        self._host(urlsplit(request.url).netloc).jobs.put(job)

    def results(self) -> Iterator[tuple[int, Answer]]:
        """Yield (ticket, answer) until nothing is pending; more may be submitted meanwhile."""
        while self._pending:
            try:
                job, answer = self._answers.get(timeout=_TICK_S)
            except queue.Empty:
                self._give_up_hung()
                continue
            if job.given_up and not (isinstance(answer, Refused) and answer.reason == TIMEOUT):
                continue
            if job.request.method == "GET" and job.request.body is None:
                self._by_url.pop(job.request.url, None)
                self._done[job.request.url] = answer
            tickets, job.tickets = job.tickets, []
            for ticket in tickets:
                self._pending -= 1
                yield ticket, answer

    def close(self) -> None:
        """Let all threads end after what they are at."""
        self._closing.set()

    def _host(self, name: str) -> _Host:
        if name not in self._hosts:
            self._hosts[name] = _Host()
            self._start(name, self._hosts[name])
        return self._hosts[name]

    def _start(self, name: str, host: _Host) -> None:
        threading.Thread(target=self._work, args=(name, host), name=f"fetch {name}", daemon=True).start()

    def _work(self, name: str, host: _Host) -> None:
        while not self._closing.is_set():
            try:
                job = host.jobs.get(timeout=_TICK_S * 5)
            except queue.Empty:
                continue
            self._closing.wait(self._wait_s(name, host, job))
            if self._closing.is_set():
                return
            job.started = self._monotonic()
            host.under_way = job
            answer = self._client.fetch(job.request)
            if job.given_up:
                return
            host.under_way, host.last_end = None, self._monotonic()
            self._answers.put((job, answer))

    def _wait_s(self, name: str, host: _Host, job: _Job) -> float:
        if host.last_end is None:
            return self._client.wait_before(name)
        pace = max(job.pace_s, self._client.crawl_delay(name))
        return max(host.last_end + pace - self._monotonic(), self._client.wait_before(name), 0.0)

    def _give_up_hung(self) -> None:
        limit = self._client.settings.total_s + _GRACE_S
        for name, host in self._hosts.items():
            job = host.under_way
            if job and job.started is not None and not job.given_up and self._monotonic() - job.started > limit:
                job.given_up = True
                host.under_way, host.last_end = None, self._monotonic()
                self._answers.put((job, Refused(reason=TIMEOUT, detail="no whole answer within the total deadline")))
                self._start(name, host)
