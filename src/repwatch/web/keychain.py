"""The credentials of one run: found once, signed in with when first needed, renewed when they end, and kept in memory alone.

A session is not written to disk: a check signs in once, which every site allows, and no file then holds a key.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from repwatch import refusals
from repwatch.errors import CredentialError
from repwatch.models import Credential, Page, Request
from repwatch.web.politeness import host_of
from repwatch.web.safekeeping import find_secrets, plain_fields
from repwatch.web.signing_in import Fetch, Grant, renew, sign_in
from repwatch.wording import N_


class Account(NamedTuple):
    """How a credential stands: `ready` with what a walk may know of it, `absent`, or not to be had for a `reason`."""

    ready: bool
    facts: dict[str, str] = {}  # noqa: RUF012 — a NamedTuple default is shared, and nobody writes to it
    reason: str = ""
    detail: str = ""


ABSENT = Account(ready=False)


class Keychain:
    """Hand out what goes with a request, for use from several threads. `connect` gives it its way to the network.

    `tables` are those under [credentials] in the settings, `base` the folder at which their paths begin; `addresses` give
    the true address for one whose secrets were left out.
    """

    def __init__(
        self, tables: Mapping[str, Mapping[str, str]], base: Path, addresses: Mapping[str, str] | None = None, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._tables, self._base, self._addresses, self._monotonic = tables, base, addresses or {}, monotonic
        self._fetch: Fetch | None = None
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def connect(self, fetch: Fetch | None) -> None:
        """Sign in through `fetch`; None stays away from the network."""
        self._fetch = fetch

    def account(self, credential: Credential) -> Account:
        """Look whether a credential is there; sign in where a walk must know its account's own server."""
        try:
            kept = self._keep(credential)
            if kept is None:
                return ABSENT
            if credential.scheme == "session" and self._fetch:
                return Account(ready=True, facts=kept.grant(self._fetch).facts)
            return Account(ready=True, facts={name: kept.plain[name] for name in ("host",) if name in kept.plain})
        except CredentialError as error:
            return Account(ready=False, reason=error.reason, detail=error.message)

    def accepted(self, credential: Credential) -> None:
        """Sign in where that is how a credential is tried. Raises CredentialError."""
        kept = self._keep(credential)
        if kept and self._fetch and credential.scheme not in ("key", "bearer"):
            kept.grant(self._fetch)

    def headers(self, name: str, request: Request) -> dict[str, str]:
        """Return what to send with a request; a name with a leading `?` is a query parameter. Raises CredentialError."""
        kept = self._kept.get(name)
        if kept is None or self._fetch is None:
            raise CredentialError(N_("no credential named {name}", name=name), reason=refusals.NO_CREDENTIAL)
        grant = kept.grant(self._fetch)
        if host_of(request.url) not in kept.hosts:
            raise CredentialError(N_("it is not meant for {host}", host=host_of(request.url)), where=f"credentials.{name}", reason=refusals.CREDENTIALS)
        return grant.headers

    def renew(self, name: str, page: Page) -> bool:
        """Tell whether the answer says that a token has ended, and another one was had in its place."""
        kept = self._kept.get(name)
        return kept is not None and self._fetch is not None and _has_ended(page) and kept.renew(self._fetch)

    def address(self, url: str) -> str:
        """Return the true address for one whose secrets were left out."""
        return self._addresses.get(url, url)

    def _keep(self, credential: Credential) -> _Kept | None:
        with self._lock:
            if credential.name not in self._kept:
                table = self._tables.get(credential.name, {})
                secrets = find_secrets(credential, table, self._base)
                if not secrets:
                    return None
                plain = {name: table[name] for name in plain_fields(credential)}
                if "host" in plain:  # as people write it, with https:// before and a slash behind
                    plain["host"] = plain["host"].strip().lower().rpartition("//")[2].rstrip("/")
                self._kept[credential.name] = _Kept(credential, plain, secrets, self._monotonic)
            return self._kept[credential.name]


class _Kept:
    """One credential with its token."""

    def __init__(self, credential: Credential, plain: Mapping[str, str], secrets: Mapping[str, str], monotonic: Callable[[], float]) -> None:
        self._credential, self.plain, self._secrets, self._monotonic = credential, plain, secrets, monotonic
        self._lock = threading.Lock()
        self._grant: Grant | None = None
        self._failed: CredentialError | None = None
        self._since = 0.0

    @property
    def hosts(self) -> frozenset[str]:
        """Return the hosts that may be sent this credential."""
        facts = self._grant.facts if self._grant else {}
        own = urlsplit(facts.get("host", "")).netloc or self.plain.get("host", "")
        return frozenset((*self._credential.hosts, own.lower()))

    def grant(self, fetch: Fetch) -> Grant:
        """Return what to send, signing in where there is no token yet or it has run out. A refusal is asked for once."""
        with self._lock:
            if self._failed:
                raise self._failed
            lasts = self._grant.lasts_s if self._grant else None
            if self._grant is None or (lasts is not None and self._monotonic() - self._since >= lasts):
                self._sign_in(fetch)
            assert self._grant is not None
            return self._grant

    def renew(self, fetch: Fetch) -> bool:
        """Get a new token in the place of one that has ended; False where there is nothing to get it with."""
        if self._credential.scheme in ("key", "bearer"):
            return False
        with self._lock:
            try:
                if self._grant and self._grant.again:
                    self._grant = renew(self._credential, self._grant, fetch)
                    return True
            except CredentialError:
                pass  # the second token has ended too: sign in anew
            try:
                self._sign_in(fetch)
            except CredentialError:
                return False
            return True

    def _sign_in(self, fetch: Fetch) -> None:
        try:
            self._grant = sign_in(self._credential, self.plain, self._secrets, fetch)
            self._since = self._monotonic()
        except CredentialError as error:
            self._failed = error
            raise


def _has_ended(page: Page) -> bool:
    """Tell whether an answer is the one to a token that has run out: 401, or the AT protocol's 400 that says so."""
    return page.status == 401 or (page.status == 400 and b'"ExpiredToken"' in page.body[:1000])
