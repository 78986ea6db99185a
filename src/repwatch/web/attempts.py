"""One request on its way: its time budget, what stops it, what may be tried again, and where a redirect may lead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import urljoin, urlsplit

from repwatch import period, refusals
from repwatch.models import Page, Refused, Request
from repwatch.web import ratelimit
from repwatch.web.politeness import host_of, origin_of
from repwatch.web.redact import redact_bytes
from repwatch.wording import N_

#: Told how many seconds the next step may take at most; who waits for a thread learns from it when to give up.
Promise = Callable[[float], None]

_RETRIED = (429, 500, 502, 503, 504)
_MAY_BE_LIMITED = (400, 403, 429)
#: A site that says "too many" without saying until when: the strictest known limit is one request in 5 s.
_UNSAID_WAIT_S = 5.0


def unheard(_seconds: float) -> None:
    """Promise to nobody."""


class Validators(Protocol):
    """Remember what a page's last answer said of its version; saved by the caller under `Page.url`."""

    def get(self, url: str) -> tuple[str | None, str | None] | None:
        """Return ETag and Last-Modified of the last answer from `url`."""
        ...


class StopError(Exception):
    """The request ends here, with this refusal."""

    def __init__(self, reason: str, detail: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(reason, detail)
        self.refused = Refused(reason=reason, detail=detail, retry_after_s=retry_after_s)
        #: What the site answered, where it answered.
        self.page: Page | None = None


class RetryError(StopError):
    """The request failed in a way that another attempt may mend. `backoff` leaves the wait to the retry's own backoff."""

    def __init__(
        self,
        reason: str,
        detail: str = "",
        retry_after_s: float | None = None,
        *,
        status: int = 0,
        backoff: bool = True,
    ) -> None:
        super().__init__(reason, detail, retry_after_s)
        self.status, self.backoff = status, backoff


@dataclass
class Trip:
    """A request with its headers and its budget of seconds; polite waits do not count against it."""

    request: Request
    budget_s: float
    monotonic: Callable[[], float]
    promise: Promise = unheard
    credentials: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    is_robots: bool = False
    faults: int = 0
    attempts: int = 0
    _deadline: float = 0.0

    def start(self) -> None:
        """Let the budget run from now."""
        self._deadline = self.monotonic() + self.budget_s
        self.promise(self.budget_s)

    def left(self) -> float:
        """Return the seconds left of the budget."""
        return self._deadline - self.monotonic()

    def check(self) -> float:
        """Return the seconds left; stop when there are none."""
        if (left := self.left()) <= 0:
            raise StopError(refusals.TIMEOUT, N_("no whole answer within {n} s", n=f"{self.budget_s:g}"))
        return left

    def pause(self, seconds: float, sleep: Callable[[float], object]) -> None:
        """Sleep outside the budget."""
        self.promise(self.left() + seconds)
        self._deadline += seconds
        sleep(seconds)

    def plan(self, error: Exception) -> bool | float:
        """Say whether to try again: False, True for the usual backoff, 0.0 where the host's own wait is slept before."""
        if not isinstance(error, RetryError) or self.left() <= 0:
            return False
        self.faults += error.status == 500
        if self.faults > 1:
            return False
        return True if error.backoff else 0.0


@dataclass(frozen=True)
class Verdict:
    """What an answer means: `error` where it is no page, `hold_s` how long its host asks to be left alone."""

    error: StopError | None
    hold_s: float | None


def judge(page: Page, trip: Trip, now: float, longest_wait_s: float) -> Verdict:
    """Decide what an answer is: a page, a refusal, or a reason to try again."""
    headers, status = page.headers, page.status
    body = ratelimit.json_of_interest(status, page.body)
    # A gateway's own HTML on 429 and 5xx is the fault itself, not a page shown in place of JSON.
    expect = "any" if status == 429 or status >= 500 else trip.request.expect
    refusal = refusals.find_refusal(page, expect=expect)
    wait = ratelimit.wait_s(headers, body, now, refused=refusal is not None and status == 429)
    if refusal is None:
        return Verdict(None, wait)
    # Who showed no key is not told that it was refused.
    reason = refusals.LOGIN if refusal.reason == refusals.CREDENTIALS and trip.request.auth is None and not trip.request.api else refusal.reason
    told_to_wait = status == 429 or wait is not None or ratelimit.says_limited(body)
    if reason in (refusals.API_ERROR, refusals.BLOCKED) and status in _MAY_BE_LIMITED and told_to_wait:
        reason = refusals.RATE_LIMIT
    if reason == refusals.RATE_LIMIT or (reason == refusals.SERVER and status in _RETRIED):
        return _again(page, reason, wait, trip, longest_wait_s)
    return Verdict(StopError(reason, refusal.detail, wait), wait)


def _again(page: Page, reason: str, wait: float | None, trip: Trip, longest_wait_s: float) -> Verdict:
    detail = f"status {page.status}"
    if reason == refusals.RATE_LIMIT and wait is None:
        if (ratelimit.remaining(page.headers) or 0) > 0:
            # A quota is used up although requests remain (X): waiting does not help.
            return Verdict(StopError(reason, detail), None)
        wait = _UNSAID_WAIT_S * 2 ** (trip.attempts - 1)
    if wait is not None and wait > longest_wait_s:
        return Verdict(StopError(refusals.RATE_LIMIT, N_("{what}, asks to wait {n} s", what=detail, n=f"{wait:.0f}"), wait), wait)
    return Verdict(RetryError(reason, detail, wait, status=page.status, backoff=wait is None), wait)


def says_why(page: Page, request: Request) -> bool:
    """Tell whether a refusal is in an interface's own words, which its source reads better than a status can be."""
    return request.api and 400 <= page.status < 500 and bool(ratelimit.json_of_interest(page.status, page.body))


def without_secrets(page: Page, secrets: tuple[str, ...]) -> Page:
    """Return an answer as it may be kept: a site may repeat what it was sent."""
    if not secrets:
        return page
    plain = {name: redact_bytes(value.encode(), secrets).decode() for name, value in page.headers.items()}
    return page._replace(url=redact_bytes(page.url.encode(), secrets).decode(), headers=plain, body=redact_bytes(page.body, secrets))


def next_hop(page: Page, request: Request) -> Request:
    """Return the request that a redirect leads to, or stop where it leads nowhere good."""
    try:
        target = urljoin(page.url, page.headers.get("location", "").strip())
    except ValueError as error:
        raise StopError(refusals.REDIRECTS, N_("to something that is no address")) from error
    ensure_web_address(target, refusals.REDIRECTS)
    if urlsplit(page.url).scheme == "https" and urlsplit(target).scheme == "http":
        raise StopError(refusals.REDIRECTS, N_("from https to unprotected http at {host}", host=host_of(target)))
    if request.method == "GET" or page.status in (301, 302, 303):
        return request.model_copy(update={"url": target, "method": "GET", "body": None})
    if origin_of(target) != origin_of(page.url):
        raise StopError(refusals.REDIRECTS, N_("a POST is not sent on to {host}", host=host_of(target)))
    return request.model_copy(update={"url": target})


def keeps_credentials(first: str, later: str) -> bool:
    """Tell whether credentials for one address may go to another: the same origin, or its step up to https."""
    if origin_of(first) == origin_of(later):
        return True
    return urlsplit(later).scheme == "https" and host_of(first) == host_of(later)


def instant(now: float) -> str:
    """Write a UNIX time as an ISO instant in UTC."""
    return period.instant(datetime.fromtimestamp(now, UTC))


def ensure_web_address(url: str, reason: str = refusals.NOT_FOUND) -> None:
    """Stop where an address is none of the web's."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise StopError(reason, N_("not an address of the web"))
