"""One polite HTTP client: robots.txt, conditional requests, retries, deadlines, limits; every refusal is a named outcome.

The only module that imports httpx. A client is used by many threads, one request each.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple, Protocol
from urllib.parse import urljoin, urlsplit

import httpx
import stamina
from protego import Protego

from repwatch import refusals
from repwatch.models import Page, Refused, Request, WebSettings
from repwatch.web import ratelimit

_RETRIED_STATUS = frozenset({429, 500, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ROBOTS_BYTES = 512_000


class Validators(Protocol):
    """Where the ETag and Last-Modified of a page are kept."""

    def get(self, url: str) -> tuple[str | None, str | None] | None: ...


class _Again(Exception):  # noqa: N818 — a signal to retry, caught two frames above
    """The answer may be better in a moment; `answer` is what counts when it is not."""

    def __init__(self, answer: Refused, wait_s: float | None) -> None:
        super().__init__(answer.reason)
        self.answer, self.wait_s = answer, wait_s


class _TooLarge(Exception):  # noqa: N818 — as above
    """The body went over the limit."""


class _Raw(NamedTuple):
    """An answer as it came, redirects not followed."""

    status: int
    headers: dict[str, str]
    body: bytes


class Client:
    """Fetch pages for all hosts. `credentials` gives the headers for the credential that a request names."""

    def __init__(self, settings: WebSettings, *, version: str, validators: Validators | None = None,
                 credentials: Callable[[str, Request], dict[str, str]] | None = None, clock: Callable[[], float] = time.time,
                 monotonic: Callable[[], float] = time.monotonic) -> None:  # fmt: skip
        self.settings, self._validators, self._credentials = settings, validators, credentials
        self._clock, self._monotonic = clock, monotonic
        contact = f" (+{settings.contact})" if settings.contact else ""
        self._agent = f"repwatch/{version}{contact}"
        limits = httpx.Timeout(settings.read_s, connect=settings.connect_s)
        # trust_env=False: a proxy that the environment names would send pages, and secrets, where nobody decided to.
        self._http = httpx.Client(timeout=limits, follow_redirects=False, trust_env=False, headers={"user-agent": self._agent, "accept-language": "fr,nl,en,de"})
        self._robots: dict[str, Protego | Refused] = {}
        self._robots_lock = threading.Lock()
        self._pauses: dict[str, float] = {}
        self._closing = threading.Event()

    def close(self) -> None:
        """End waits and connections."""
        self._closing.set()
        self._http.close()

    def wait_before(self, host: str) -> float:
        """Return the seconds for which `host` asked to be left alone."""
        return max(0.0, self._pauses.get(host, 0.0) - self._monotonic())

    def crawl_delay(self, host: str) -> float:
        """Return the Crawl-delay that the host's robots.txt names, 0 without one or before it was read."""
        delays = [rules.crawl_delay(self._agent) for origin, rules in self._robots.items() if isinstance(rules, Protego) and urlsplit(origin).netloc == host]
        return float(max((delay for delay in delays if delay), default=0.0))

    def fetch(self, request: Request) -> Page | Refused:
        """Return the page, or the named refusal; never raises for what a site or the network does."""
        deadline = self._monotonic() + self.settings.total_s
        answer: Page | Refused = Refused(reason=refusals.NETWORK)
        for attempt in stamina.retry_context(on=self._retry_wait, attempts=self.settings.retries + 1, timeout=None, wait_initial=0.5, wait_max=self.settings.longest_wait_s):
            with attempt:
                try:
                    answer = self._once(request, deadline)
                except _Again as again:
                    answer = again.answer
                    if attempt.num > self.settings.retries or not self._worth_waiting(again, deadline):
                        return answer
                    raise
        return answer

    def _retry_wait(self, error: Exception) -> bool | float:
        if not isinstance(error, _Again) or self._closing.is_set():
            return False
        return error.wait_s or True

    def _worth_waiting(self, again: _Again, deadline: float) -> bool:
        wait = again.wait_s or 0.0
        return wait <= self.settings.longest_wait_s and self._monotonic() + wait < deadline and not self._closing.is_set()

    def _once(self, request: Request, deadline: float) -> Page | Refused:
        """Follow one request through its redirects to its answer."""
        url, seen = request.url, 0
        while True:
            if not request.api:
                refused = self._refused_by_robots(url, deadline)
                if refused:
                    return refused
            raw = self._send(request, url, deadline)
            if isinstance(raw, Refused):
                return raw
            target = raw.headers.get("location") if raw.status in _REDIRECTS else None
            if target is None:
                return self._judge(request, url, raw)
            following, seen = urljoin(url, target), seen + 1
            problem = _bad_redirect(url, following, seen, self.settings.max_redirects)
            if problem:
                return problem
            url = following

    def _judge(self, request: Request, url: str, raw: _Raw) -> Page | Refused:
        host = urlsplit(url).netloc
        self._pauses[host] = self._monotonic() + ratelimit.pause(raw.headers, raw.body, self._clock())
        page = Page(url=url, status=raw.status, headers=raw.headers, body=raw.body, fetched_at=self._now(), unchanged=raw.status == 304)
        if page.unchanged:
            return page._replace(url=request.url)
        refused = refusals.find_refusal(page, expect=request.expect)
        if refused is None:
            return page
        if raw.status in _RETRIED_STATUS:
            wait = ratelimit.wait_after_refusal(raw.headers, self._clock())
            raise _Again(refused.model_copy(update={"retry_after_s": wait}), wait)
        return refused

    def _send(self, request: Request, url: str, deadline: float) -> _Raw | Refused:
        headers = self._headers(request, url)
        try:
            return self._stream(request.method, url, headers, request.body, deadline, self.settings.max_bytes)
        except _TooLarge:
            return Refused(reason=refusals.TOO_LARGE, detail=f"more than {self.settings.max_bytes} bytes")
        except httpx.TimeoutException as error:
            raise _Again(Refused(reason=refusals.TIMEOUT, detail=type(error).__name__), None) from error
        except httpx.HTTPError as error:
            answer = Refused(reason=_network_reason(error), detail=str(error)[:200])
            if answer.reason in (refusals.TLS, refusals.DNS):
                return answer
            raise _Again(answer, None) from error
        except httpx.InvalidURL as error:
            return Refused(reason=refusals.NOT_FOUND, detail=str(error)[:200])

    def _headers(self, request: Request, url: str) -> dict[str, str]:
        headers = dict(request.headers)
        same_host = urlsplit(url).netloc == urlsplit(request.url).netloc
        if request.auth and self._credentials and same_host:
            headers |= self._credentials(request.auth, request)
        known = self._validators.get(request.url) if self._validators and request.method == "GET" and same_host else None
        if known and known[0]:
            headers["If-None-Match"] = known[0]
        if known and known[1]:
            headers["If-Modified-Since"] = known[1]
        return headers

    def _stream(self, method: str, url: str, headers: dict[str, str], body: bytes | None, deadline: float, limit: int) -> _Raw:
        """Send and read, watching size and the total deadline between reads (httpx counts each read anew)."""
        target, extra = self._through_gateway(url)
        with self._http.stream(method, target, headers={**headers, **extra}, content=body) as response:
            taken = bytearray()
            for chunk in response.iter_bytes():
                taken += chunk
                if len(taken) > limit:
                    raise _TooLarge
                if self._monotonic() > deadline:
                    raise httpx.ReadTimeout("the whole answer took too long")
            kept = {name.lower(): value for name, value in response.headers.items() if name.lower() not in ("set-cookie", "content-encoding", "transfer-encoding")}
            return _Raw(response.status_code, kept, bytes(taken))

    def _through_gateway(self, url: str) -> tuple[str, dict[str, str]]:
        if not self.settings.gateway:
            return url, {}
        parts, gateway = urlsplit(url), urlsplit(self.settings.gateway)
        return parts._replace(scheme=gateway.scheme, netloc=gateway.netloc).geturl(), {"host": parts.netloc, "x-forwarded-proto": parts.scheme}

    def _refused_by_robots(self, url: str, deadline: float) -> Refused | None:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        with self._robots_lock:
            known = self._robots.get(origin)
        if known is None:
            known = self._read_robots(origin, deadline)
            with self._robots_lock:
                self._robots[origin] = known
        if isinstance(known, Refused):
            return known
        return None if known.can_fetch(url, self._agent) else Refused(reason=refusals.ROBOTS, detail=f"disallowed in {origin}/robots.txt")

    def _read_robots(self, origin: str, deadline: float) -> Protego | Refused:
        """Read robots.txt; what cannot be read, for other reasons than that there is none, closes the site."""
        url = f"{origin}/robots.txt"
        try:
            for _ in range(self.settings.max_redirects + 1):
                raw = self._stream("GET", url, {}, None, deadline, _ROBOTS_BYTES)
                if raw.status not in _REDIRECTS or "location" not in raw.headers:
                    break
                url = urljoin(url, raw.headers["location"])
        except (_TooLarge, httpx.HTTPError, httpx.InvalidURL) as error:
            reason = _network_reason(error)
            return Refused(reason=reason if reason in (refusals.DNS, refusals.TLS, refusals.TIMEOUT, refusals.NETWORK) else refusals.ROBOTS, detail=f"robots.txt: {error or type(error).__name__}")
        if raw.status in (404, 410):
            return Protego.parse("")
        if raw.status != 200 or refusals.looks_like_html(raw.body):
            return Refused(reason=refusals.ROBOTS, detail=f"robots.txt could not be read (status {raw.status})")
        return Protego.parse(raw.body.decode("utf-8", "replace"))

    def _now(self) -> str:
        return datetime.fromtimestamp(self._clock(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _bad_redirect(url: str, following: str, seen: int, limit: int) -> Refused | None:
    if seen > limit:
        return Refused(reason=refusals.REDIRECTS, detail=f"more than {limit} redirects")
    old, new = urlsplit(url), urlsplit(following)
    if new.scheme not in ("http", "https"):
        return Refused(reason=refusals.REDIRECTS, detail=f"to {new.scheme}:")
    if old.scheme == "https" and new.scheme == "http":
        return Refused(reason=refusals.REDIRECTS, detail="from https down to http")
    if new.netloc.startswith("consent."):
        return Refused(reason=refusals.CONSENT, detail=new.netloc)
    return None


def _network_reason(error: BaseException) -> str:
    """Name what failed below HTTP, from the chain of causes."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, socket.gaierror) or "Name or service not known" in str(cause):
            return refusals.DNS
        if isinstance(cause, ssl.SSLError):
            return refusals.TLS
        if isinstance(cause, httpx.TimeoutException | TimeoutError):
            return refusals.TIMEOUT
        cause = cause.__cause__ or cause.__context__
    return refusals.TLS if "CERTIFICATE_VERIFY_FAILED" in str(error) else refusals.NETWORK
