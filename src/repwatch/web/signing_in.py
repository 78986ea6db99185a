"""Turn a credential into what is sent with a request: as it is, or exchanged for a token. Pure but for the `fetch` handed in.

What is exchanged is seen here alone: no archive, no log and no error text holds it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from repwatch import refusals
from repwatch.errors import CredentialError
from repwatch.models import Credential, Page, Refused, Request
from repwatch.wording import N_

Fetch = Callable[[Request], Page | Refused]

#: The door to the AT protocol for accounts of Bluesky; an account on a server of its own names that as `host`.
ENTRY = "https://bsky.social"
#: A token is renewed this long before it ends: a request may wait its turn.
_EARLY_S = 60.0
#: RFC 6749 section 5.2, and the AT protocol's names, by what the reader must do.
_ERRORS = {
    "invalid_grant": refusals.EXPIRED, "ExpiredToken": refusals.EXPIRED, "InvalidToken": refusals.EXPIRED,
    "AccountTakedown": refusals.REVOKED, "RateLimitExceeded": refusals.RATE_LIMIT,
}  # fmt: skip


class Grant(NamedTuple):
    """What goes with a request. `lasts_s` is None where nothing says how long; `again` renews a session; `facts` are no secrets."""

    headers: dict[str, str]
    lasts_s: float | None = None
    again: str = ""
    facts: dict[str, str] = {}  # noqa: RUF012 — a NamedTuple default is shared, and nobody writes to it


def sign_in(credential: Credential, plain: Mapping[str, str], secrets: Mapping[str, str], fetch: Fetch) -> Grant:
    """Return what to send for a credential. Raises CredentialError with the reason why there is nothing."""
    if credential.scheme == "key":
        return Grant({credential.send: secrets["key"]})
    if credential.scheme == "bearer":
        return Grant(_bearer(secrets["token"]))
    if credential.scheme == "session":
        return _session(credential, plain, secrets, fetch)
    return _token(credential, plain, secrets, fetch)


def renew(credential: Credential, grant: Grant, fetch: Fetch) -> Grant:
    """Renew a session of the AT protocol with its second token, at the account's own server."""
    url = f"{grant.facts['host']}/xrpc/com.atproto.server.refreshSession"
    told = _exchange(credential, Request(url=url, method="POST", headers=_bearer(grant.again), expect="json", api=True), fetch)
    return _opened(credential, told, grant.facts["host"])


def _bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def _session(credential: Credential, plain: Mapping[str, str], secrets: Mapping[str, str], fetch: Fetch) -> Grant:
    body = json.dumps({"identifier": plain["identifier"], "password": secrets["password"]}).encode()
    request = Request(url=f"{ENTRY}/xrpc/com.atproto.server.createSession", method="POST", body=body, headers={"content-type": "application/json"}, expect="json", api=True)
    return _opened(credential, _exchange(credential, request, fetch), ENTRY)


def _opened(credential: Credential, told: Mapping[str, Any], host: str) -> Grant:
    access, again = told.get("accessJwt"), told.get("refreshJwt")
    if not isinstance(access, str) or not isinstance(again, str):
        raise _not_understood(credential)
    return Grant(_bearer(access), None, again, {"host": _own_server(told) or host})


def _own_server(told: Mapping[str, Any]) -> str | None:
    """Return the address of the account's own server, as its DID document names it."""
    document = told.get("didDoc")
    services = document.get("service") if isinstance(document, dict) else None
    for each in services if isinstance(services, list) else ():
        if isinstance(each, dict) and str(each.get("id")).endswith("#atproto_pds"):
            parts = urlsplit(str(each.get("serviceEndpoint")))
            # A token must not travel in the clear, whatever a document says.
            return f"https://{parts.netloc}" if parts.scheme == "https" and parts.netloc else None
    return None


def _token(credential: Credential, plain: Mapping[str, str], secrets: Mapping[str, str], fetch: Fetch) -> Grant:
    """Exchange keys for a token (RFC 6749): a client's own, or one that a refresh token stands for."""
    headers = {"content-type": "application/x-www-form-urlencoded"}
    if credential.scheme == "client":
        pair = f"{quote(plain['client_id'], safe='')}:{quote(secrets['client_secret'], safe='')}"
        headers["authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        form = {"grant_type": "client_credentials"}
    else:
        form = {"grant_type": "refresh_token", "client_id": plain["client_id"], **secrets}
    request = Request(url=credential.token_url, method="POST", headers=headers, body=urlencode(form).encode(), expect="json", api=True)
    told = _exchange(credential, request, fetch)
    token, lasts = told.get("access_token"), told.get("expires_in")
    if not isinstance(token, str) or not token:
        raise _not_understood(credential)
    return Grant(_bearer(token), max(0.0, float(lasts) - _EARLY_S) if isinstance(lasts, int | float) else None)


def _exchange(credential: Credential, request: Request, fetch: Fetch) -> Mapping[str, Any]:
    answer = fetch(request)
    if isinstance(answer, Refused):
        raise _refused(credential, answer.reason)
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise _not_understood(credential)
    error = told.get("error")
    if answer.status >= 400 or (error and "access_token" not in told):
        raise _refused(credential, _ERRORS.get(error, refusals.CREDENTIALS) if isinstance(error, str) else refusals.CREDENTIALS)
    return told


def _refused(credential: Credential, reason: str) -> CredentialError:
    # The words of the site stay out: they may hold what was sent.
    what = refusals.MEANING.get(reason, (reason, ""))[0]
    return CredentialError(N_("signing in: {what}", what=what), where=f"credentials.{credential.name}", reason=reason)


def _not_understood(credential: Credential) -> CredentialError:
    return CredentialError(N_("signing in: the answer holds no token"), where=f"credentials.{credential.name}", reason=refusals.API_ERROR)
