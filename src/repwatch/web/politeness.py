"""What a site allows and how often: robots.txt and the waits it asked for. Knows no HTTP: reading is passed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from repwatch.models import Page, Refused
from repwatch.refusals import (
    DNS,
    NETWORK,
    RATE_LIMIT,
    ROBOTS,
    ROBOTS_UNREADABLE,
    SERVER,
    TIMEOUT,
    TLS,
    looks_like_html,
)
from repwatch.wording import N_

if TYPE_CHECKING:
    from protego import Protego

#: The product token that robots.txt files address.
AGENT = "repwatch"
#: RFC 9309: a parser reads at least 500 kibibytes.
_ROBOTS_BYTES = 500 * 1024
#: What keeps all of a host from being read, its robots.txt only first: told by its own name.
_OF_THE_HOST = (DNS, NETWORK, RATE_LIMIT, SERVER, TIMEOUT, TLS)


def host_of(url: str) -> str:
    """Return the host of an address in lower case, with its port where it is not the usual one."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return host if parts.port in (None, usual) else f"{host}:{parts.port}"


def origin_of(url: str) -> str:
    """Return scheme and host of an address: what one robots.txt speaks for."""
    return f"{urlsplit(url).scheme}://{host_of(url)}"


class Robots:
    """The robots.txt files of one run, each read once. What cannot be read forbids everything (fail closed)."""

    def __init__(self, monotonic: Callable[[], float], patience_s: float) -> None:
        self._monotonic, self._patience_s = monotonic, patience_s
        self._rules: dict[str, Protego | Refused] = {}
        self._asked: dict[str, float] = {}

    def refuse(self, url: str, read: Callable[[str], Page | Refused]) -> Refused | None:
        """Return why a program may not read `url`, or None. `read` gets the address of the robots.txt when needed,
        and gives a page only where the answer is no refusal, or a 404."""
        rules = self._rules_for(origin_of(url), read)
        if isinstance(rules, Refused):
            return rules
        if rules.can_fetch(url, AGENT):
            return None
        return Refused(reason=ROBOTS, detail=N_("disallowed by {address}", address=f"{origin_of(url)}/robots.txt"))

    def crawl_delay(self, host: str) -> float:
        """Return the seconds between requests that the host's robots.txt asks for, 0 where it is silent or not read yet."""
        known = (self._rules.get(f"{scheme}://{host}") for scheme in ("https", "http"))
        return max(
            (_delay(rules) for rules in known if rules and not isinstance(rules, Refused)), default=0.0
        )

    def _rules_for(self, origin: str, read: Callable[[str], Page | Refused]) -> Protego | Refused:
        if origin in self._rules:
            return self._rules[origin]
        if self._hangs(origin):
            # The thread that asked was given up; asking again would hang every further page of this host as long.
            return _unreadable(origin, Refused(reason=TIMEOUT, detail=N_("no answer in time")))
        self._asked.setdefault(origin, self._monotonic())
        rules = _parse(origin, read(f"{origin}/robots.txt"))
        return self._rules.setdefault(origin, rules)

    def _hangs(self, origin: str) -> bool:
        asked = self._asked.get(origin)
        return asked is not None and self._monotonic() - asked >= self._patience_s


def _parse(origin: str, answer: Page | Refused) -> Protego | Refused:
    from protego import Protego

    if isinstance(answer, Refused):
        return _unreadable(origin, answer)
    if answer.status in (404, 410):
        return Protego.parse("")
    if looks_like_html(answer.body):
        return _unreadable(origin, Refused(reason=ROBOTS_UNREADABLE, detail=N_("a web page stands there")))
    if b"\0" in answer.body:
        return _unreadable(origin, Refused(reason=ROBOTS_UNREADABLE, detail=N_("it is not written in UTF-8")))
    return Protego.parse(answer.body[:_ROBOTS_BYTES].decode("utf-8-sig", "replace"))


def _unreadable(origin: str, why: Refused) -> Refused:
    """Return the refusal of all that a robots.txt speaks for which could not be read, by its true cause."""
    reason = why.reason if why.reason in _OF_THE_HOST else ROBOTS_UNREADABLE
    return why.model_copy(update={"reason": reason, "detail": N_("{address} could not be read, so nothing else was asked: {why}", address=f"{origin}/robots.txt", why=why.detail or why.reason)})


def _delay(rules: Protego) -> float:
    delay = rules.crawl_delay(AGENT) or 0.0
    if rate := rules.request_rate(AGENT):
        delay = max(delay, rate.seconds / rate.requests)
    return delay


class Holds:
    """Until when each host asked to be left alone."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._until: dict[str, float] = {}

    def hold(self, host: str, seconds: float) -> None:
        """Leave the host alone for so long, or longer where it already asked for more."""
        self._until[host] = max(self._until.get(host, 0.0), self._monotonic() + seconds)

    def left(self, host: str) -> float:
        """Return the seconds until the host may be asked again, 0 for now."""
        return max(0.0, self._until.get(host, 0.0) - self._monotonic())
