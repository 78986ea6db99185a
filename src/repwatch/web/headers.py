"""The headers that repwatch sends and those it keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from repwatch.models import Request
from repwatch.web.politeness import AGENT
from repwatch.web.redact import is_secret_header

_ACCEPT = {
    "json": "application/json",
    "html": "text/html, application/xhtml+xml",
    "feed": "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9",
    "any": "*/*",
}
#: The body is kept decoded and whole, so these would lie; cookies are nobody's business.
_NOT_KEPT = frozenset(
    [
        "set-cookie",
        "set-cookie2",
        "content-encoding",
        "content-length",
        "transfer-encoding",
        "connection",
        "keep-alive",
    ]
)
#: No source may say that we are somebody else.
_OURS = frozenset(["user-agent", "host", "accept-encoding", "content-length", "connection"])
_LINE_ENDS = {10: " ", 13: " "}


def user_agent(version: str, contact: str | None) -> str:
    """Name the program, its version and how to reach who runs it."""
    agent = f"{AGENT}/{version} (+{contact})" if contact else f"{AGENT}/{version}"
    return agent.encode("ascii", "replace").decode().translate(_LINE_ENDS)


def sent_headers(
    request: Request, agent: str, credentials: Mapping[str, str], *, own_host: bool
) -> dict[str, str]:
    """Return what to send: secrets go to the host they are meant for, to no other."""
    asked = {n.lower(): text for n, text in request.headers.items() if own_host or not is_secret_header(n)}
    return {
        "accept": _ACCEPT[request.expect],
        "accept-encoding": "gzip, deflate",
        "user-agent": agent,
        **{name: text for name, text in asked.items() if name not in _OURS},
        **{name.lower(): text for name, text in credentials.items()},
    }


def kept_headers(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return what of an answer's headers goes into a page, names in lower case."""
    return {name.lower(): value for name, value in headers if name.lower() not in _NOT_KEPT}
