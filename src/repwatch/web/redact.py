"""Keep secrets out of what is written down: addresses, headers, messages."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, unquote_plus, urlsplit, urlunsplit

GONE = "REDACTED"
_NAMES = (
    r"key|api[_-]?key|app[_-]?key|token|[a-z]+[_-]token|sig|signature|password|passwd|pwd|secret|[a-z]+[_-]secret"
    r"|auth|authorization|jwt|session|sessionid|session_id|sid|usg"
)
#: A value ends where a query, a quoted string, a header part or a JSON string would.
_VALUE = r"(?!REDACTED)[^&#\s<>\"'\\;]*"
_QUERY = re.compile(rf"([?&;]|%3F|%26)((?:{_NAMES})(?:=|%3D))({_VALUE})", re.IGNORECASE)
_USERINFO = re.compile(r"(\w://)[^/?#\s@\"]+@")
_SECRET_HEADERS = re.compile(
    r"^(?:(?:proxy-)?authorization|(?:set-)?cookie2?|www-authenticate|authentication-info|.*(?:api-?key|token|secret|password|session|signature).*)$",
    re.IGNORECASE,
)
#: The address of a Google Alerts feed is itself the secret.
_ALERTS_FEED = re.compile(r"(/alerts/feeds/)(\d+)/(\d+)")
_LINES = re.compile(r"[\r\n\0]+")
_SHORTEST_SECRET = 6


def redact(text: str) -> str:
    """Replace the values of secret query parameters, and drop user names and passwords before a host."""
    return _USERINFO.sub(r"\1", _QUERY.sub(rf"\1\2{GONE}", _ALERTS_FEED.sub(rf"\1{GONE}", text)))


def public_address(url: str) -> str:
    """Return an address as it may be shown and kept: with a mark in the place of its secrets, so that two stay two."""
    shown = redact(url)
    if shown == url:
        return url
    return shown.replace(GONE, f"{GONE}-{hashlib.sha256(url.encode('utf-8', 'replace')).hexdigest()[:6]}")


def is_secret_header(name: str) -> bool:
    """Tell whether a header of this name may carry a credential or a cookie."""
    return bool(_SECRET_HEADERS.match(name))


def redact_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that may be kept, on one line each, with secrets in their addresses replaced."""
    kept = ((name, value) for name, value in headers.items() if not is_secret_header(name))
    return {name: redact(_LINES.sub(" ", value).strip()) for name, value in kept}


def secrets_of(url: str, headers: Mapping[str, str]) -> list[str]:
    """List the secret values that a request carries, as sent and decoded, long enough to be told from chance.

    A name in `headers` that begins with `?` is that of a query parameter.
    """
    found = {match[3] for match in _QUERY.finditer(url)}
    found |= {unquote_plus(value) for value in found}
    found |= {value for match in _ALERTS_FEED.finditer(url) for value in match.group(2, 3)}
    found |= {value.split(" ")[-1] for name, value in headers.items() if name.startswith("?") or is_secret_header(name)}
    return every_form(found)


def every_form(secrets: Iterable[str]) -> list[str]:
    """List secrets as a text may hold them, as they are, quoted for an address and for JSON, the longest first."""
    told = [value for value in secrets if len(value) >= _SHORTEST_SECRET]
    forms = {form for value in told for form in (value, quote(value, safe=""), value.replace("/", "\\/"))}
    return sorted(forms, key=lambda form: (-len(form), form))


def redact_bytes(body: bytes, secrets: Iterable[str]) -> bytes:
    """Replace secrets that a site echoes in its answer."""
    for secret in secrets:
        body = body.replace(secret.encode(), GONE.encode())
    return body


def without_userinfo(url: str) -> str:
    """Return an address without user name and password: credentials have their own way in."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
