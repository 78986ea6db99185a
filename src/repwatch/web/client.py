"""Fetch one page politely. The only module that knows httpx; every failure comes back as a `Refused` with a reason."""

from __future__ import annotations

import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import stamina
from stamina.instrumentation import set_on_retry_hooks

from repwatch import refusals
from repwatch.errors import CredentialError, SettingsError
from repwatch.models import Page, Refused, Request, WebSettings
from repwatch.web.attempts import (
    Promise,
    RetryError,
    StopError,
    Trip,
    Validators,
    ensure_web_address,
    instant,
    judge,
    keeps_credentials,
    next_hop,
    says_why,
    unheard,
    without_secrets,
)
from repwatch.web.body import BodyBrokenError, BodyReader, BodyTooLargeError
from repwatch.web.headers import kept_headers, sent_headers, user_agent
from repwatch.web.politeness import Holds, Robots, host_of
from repwatch.web.redact import redact, secrets_of, without_userinfo
from repwatch.wording import N_, _

if TYPE_CHECKING:
    from repwatch.web.keychain import Keychain

_REDIRECT = (301, 302, 303, 307, 308)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Client:
    """A polite HTTP client, for use from several threads.

    `keys` stands for what `Request.auth` names; nothing of it ever shows in a page. `clock` gives UNIX time, `monotonic`
    seconds; `sleep` waits.
    """

    def __init__(
        self,
        settings: WebSettings,
        *,
        version: str,
        validators: Validators | None = None,
        keys: Keychain | None = None,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] | None = None,
        backoff_s: float = 0.3,
    ) -> None:
        self.settings = settings
        self._closed = threading.Event()
        self._clock, self._monotonic = clock, monotonic
        self._sleep = self._closed.wait if sleep is None else sleep
        self._validators, self._keys, self._backoff_s = validators, keys, backoff_s
        self._agent = user_agent(version, settings.contact)
        self._gateway = _checked_gateway(settings.gateway)
        self._robots, self._holds = Robots(monotonic, settings.total_s), Holds(monotonic)
        # Cookies would make today's answer depend on yesterday's; a proxy has no say over a loopback gateway.
        no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        self._http = httpx.Client(cookies=no_cookies, trust_env=self._gateway is None, follow_redirects=False)
        _silence()

    def fetch(self, request: Request, promise: Promise = unheard) -> Page | Refused:
        """Fetch a page, or say why not. `promise` hears, before each step, how many seconds it may take at most.

        An interface's refusal in its own words comes back as the page that it is. No answer holds what was sent with it.
        """
        try:
            ensure_web_address(request.url)
            plain = request.model_copy(update={"url": without_userinfo(request.url)})
            return self._admitted(plain, promise)
        except StopError as stop:
            told = stop.page if stop.refused.reason != refusals.RATE_LIMIT else None
            return told if told and says_why(told, request) else stop.refused
        except CredentialError as error:
            return Refused(reason=error.reason, detail=str(error))

    def crawl_delay(self, host: str) -> float:
        """Return the seconds between requests that the host's robots.txt asks for, 0 where it is silent or not read yet."""
        return self._robots.crawl_delay(host)

    def close(self) -> None:
        """End waits and connections."""
        self._closed.set()
        self._http.close()

    def _admitted(self, request: Request, promise: Promise) -> Page:
        """Ask; once more with a new token where the one that was sent has ended. Signing in takes up to two requests."""
        if request.auth:
            promise(2 * (self.settings.total_s + self.settings.retries * self.settings.longest_wait_s))
        try:
            return self._attempt(self._trip(request, promise))
        except StopError as stop:
            told = stop.page if request.auth else None
            if told is None or self._keys is None or not self._keys.renew(str(request.auth), told):
                raise
        return self._attempt(self._trip(request, promise))

    def _trip(self, request: Request, promise: Promise, *, is_robots: bool = False) -> Trip:
        sent = self._secrets_for(request)
        secrets = tuple(secrets_of(self._true(request.url), sent))
        trip = Trip(request, self.settings.total_s, self._monotonic, promise, sent, secrets, is_robots)
        trip.start()
        return trip

    def _secrets_for(self, request: Request) -> dict[str, str]:
        if request.auth is None:
            return {}
        if self._keys is None:
            raise CredentialError(N_("no credential named {name}", name=request.auth), reason=refusals.NO_CREDENTIAL)
        return self._keys.headers(request.auth, request)

    def _true(self, url: str) -> str:
        return without_userinfo(self._keys.address(url)) if self._keys else url

    def _attempt(self, trip: Trip) -> Page:
        tries = stamina.retry_context(
            on=trip.plan,
            attempts=self.settings.retries + 1,
            timeout=None,
            wait_initial=self._backoff_s,
            wait_jitter=self._backoff_s,
        )
        for attempt in tries:
            with attempt:
                trip.attempts += 1
                return self._follow(trip)
        raise AssertionError  # pragma: no cover - stamina returns or raises

    def _follow(self, trip: Trip) -> Page:
        request = trip.request
        for _hop in range(self.settings.max_redirects + 1):
            self._obey_robots(request, trip)
            self._take_turn(request.url, trip)
            page = self._exchange(request, trip)
            if page.status not in _REDIRECT or "location" not in page.headers:
                return self._settle(page, trip)
            request = next_hop(page, request)
        raise StopError(refusals.REDIRECTS, N_("more than {n} redirects", n=self.settings.max_redirects))

    def _settle(self, page: Page, trip: Trip) -> Page:
        if page.status == 304 and not page.unchanged:
            raise StopError(refusals.SERVER, "304 to a request without validators")
        if trip.is_robots and page.status in (404, 410):
            return page
        verdict = judge(page, trip, self._clock(), self.settings.longest_wait_s)
        if verdict.hold_s is not None:
            self._holds.hold(host_of(page.url), verdict.hold_s)
        kept = without_secrets(page, trip.secrets)
        if verdict.error:
            verdict.error.page = kept
            raise verdict.error
        return kept

    def _obey_robots(self, request: Request, trip: Trip) -> None:
        """Stop where robots.txt says so. A documented interface is exempt on its own host only."""
        exempt = trip.is_robots or (trip.request.api and host_of(request.url) == host_of(trip.request.url))
        if exempt:
            return
        began = self._monotonic()
        refused = self._robots.refuse(request.url, lambda url: self._read_robots(url, trip.promise))
        trip.pause(self._monotonic() - began, lambda _seconds: None)
        if refused:
            raise StopError(refused.reason, redact(refused.detail))

    def _read_robots(self, url: str, promise: Promise) -> Page | Refused:
        try:
            return self._attempt(self._trip(Request(url=url, api=True), promise, is_robots=True))
        except StopError as stop:
            return stop.refused

    def _take_turn(self, url: str, trip: Trip) -> None:
        """Wait until the host wants to be asked again, if that is soon enough."""
        wait = self._holds.left(host_of(url))
        if wait > self.settings.longest_wait_s:
            raise StopError(refusals.RATE_LIMIT, N_("{host} asks to wait {n} s", host=host_of(url), n=f"{wait:.0f}"), wait)
        if wait > 0:
            trip.pause(wait, self._sleep)
        if self._closed.is_set():
            raise StopError(refusals.NETWORK, N_("the run has ended"))

    def _exchange(self, request: Request, trip: Trip) -> Page:
        """Send one request and read its answer, whatever it says."""
        left = trip.check()
        limits = httpx.Timeout(left, connect=min(self.settings.connect_s, left), read=min(self.settings.read_s, left))
        validators = self._validators_for(request, trip)
        with self._named_failures(request, trip):
            wire = self._wire(request, trip, validators, limits)
            response = self._http.send(wire, stream=True)
            try:
                body = self._body(response, trip)
            finally:
                response.close()
        return Page(
            url=request.url,
            status=response.status_code,
            headers=kept_headers(response.headers.items()),
            body=body,
            fetched_at=instant(self._clock()),
            unchanged=response.status_code == 304 and bool(validators),
        )

    def _body(self, response: httpx.Response, trip: Trip) -> bytes:
        if response.status_code == 304:
            return b""
        limit = self.settings.max_bytes
        length = response.headers.get("content-length", "")
        if length.isdecimal() and int(length) > limit:
            raise StopError(refusals.TOO_LARGE, N_("{n} bytes, more than {limit}", n=length, limit=limit))
        reader = BodyReader(response.headers.get("content-encoding", ""), limit)
        for chunk in response.iter_raw():
            trip.check()
            reader.add(chunk)
        return reader.finish()

    def _wire(self, request: Request, trip: Trip, validators: Mapping[str, str], limits: httpx.Timeout) -> httpx.Request:
        own = keeps_credentials(trip.request.url, request.url)
        secrets = trip.credentials if own else {}
        in_headers = {name: text for name, text in secrets.items() if not name.startswith("?")}
        headers = sent_headers(request, self._agent, in_headers, own_host=own)
        url = httpx.URL(self._true(request.url))
        for name in secrets.keys() - in_headers.keys():
            url = url.copy_set_param(name[1:], secrets[name])
        if self._gateway:
            headers |= {"host": url.netloc.decode(), "x-forwarded-proto": url.scheme}
            url = self._gateway.copy_with(raw_path=url.raw_path)
        return self._http.build_request(request.method, url, headers=headers | dict(validators), content=request.body, timeout=limits)

    def _validators_for(self, request: Request, trip: Trip) -> dict[str, str]:
        if self._validators is None or request.method != "GET" or trip.is_robots:
            return {}
        etag, modified = self._validators.get(request.url) or (None, None)
        found = {"if-none-match": etag, "if-modified-since": modified}
        return {name: value for name, value in found.items() if value}

    @contextmanager
    def _named_failures(self, request: Request, trip: Trip) -> Iterator[None]:
        """Give every failure of the wire its name, and say which may be tried again."""
        try:
            yield
        except BodyTooLargeError as error:
            raise StopError(refusals.TOO_LARGE, str(error)) from error
        except BodyBrokenError as error:
            raise StopError(refusals.NETWORK, str(error)) from error
        except (httpx.InvalidURL, UnicodeError) as error:
            raise StopError(refusals.NOT_FOUND, N_("not an address of the web: {what}", what=redact(str(error)))) from error
        except httpx.TransportError as error:
            trip.check()
            reason, detail, mendable = _name_failure(error)
            # A POST that arrived must not arrive twice.
            unsent = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
            kind = RetryError if mendable and (request.method == "GET" or unsent) else StopError
            raise kind(reason, f"{host_of(request.url)}: {redact(detail)}") from error


def _name_failure(error: httpx.TransportError) -> tuple[str, str, bool]:
    """Return reason, detail and whether another attempt may help; the cause lies down the chain."""
    detail = str(error) or type(error).__name__
    if isinstance(error, httpx.TimeoutException):
        return refusals.TIMEOUT, type(error).__name__, True
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, socket.gaierror):
            return refusals.DNS, detail, cause.errno == socket.EAI_AGAIN
        if isinstance(cause, ssl.SSLError):
            return refusals.TLS, detail, False
        cause = cause.__cause__ or cause.__context__
    return refusals.NETWORK, detail, True


def _checked_gateway(gateway: str | None) -> httpx.URL | None:
    if gateway is None:
        return None
    if urlsplit(gateway).hostname not in _LOOPBACK:
        # Requests carry keys, and the way to the gateway is not encrypted.
        raise SettingsError(_("web.gateway must be an address of this machine"), hint=_("Use for example {address}.", address='"http://127.0.0.1:8080"'))
    return httpx.URL(gateway)


def _silence() -> None:
    """Keep addresses, which may hold keys, out of the logs of others."""
    set_on_retry_hooks([])
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
