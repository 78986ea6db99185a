"""Read a page that a browser saved as a single file (MHTML): the page itself, without its pictures and frames."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from repwatch.errors import UnreadableError
from repwatch.inlets.saved import saved_url, to_utf8
from repwatch.models import Page
from repwatch.period import instant
from repwatch.wording import N_

_HEAD = re.compile(rb"content-type:\s*multipart/related|snapshot-content-location:", re.IGNORECASE)


def is_mhtml(head: bytes) -> bool:
    """Tell whether the first bytes of a file are those of a page saved as one file."""
    return not head.lstrip().startswith((b"<", b"{", b"[")) and bool(_HEAD.search(head.split(b"\n\n", 1)[0].split(b"\r\n\r\n", 1)[0]))


def read(body: bytes) -> Page:
    """Return the page in an MHTML file, in UTF-8. Raises UnreadableError where no page is in it."""
    message = message_from_bytes(body, policy=policy.default)
    root = _root(message)
    content = root.get_payload(decode=True) if root is not None else None
    if root is None or not isinstance(content, bytes) or not content.strip():
        raise UnreadableError(N_("no page is in this file"), hint=N_("Save the page once more, as a single file."))
    page = _decoded(content, root.get_content_charset())
    url = _header(message, "Snapshot-Content-Location") or _header(root, "Content-Location") or saved_url(page)
    return Page(url=url if url.startswith(("http://", "https://")) else "", headers={"content-type": root.get_content_type()}, body=page,
                fetched_at=moment(_header(message, "Date")), door="saved")  # fmt: skip


def _root(message: EmailMessage) -> EmailMessage | None:
    """Return the part that is the page: the one that `start` names, else the first that is HTML."""
    parts = [part for part in message.walk() if part.get_content_maintype() != "multipart"]
    start = str(message.get_param("start") or "")
    named = [part for part in parts if start and _header(part, "Content-ID") == start]
    return next((part for part in named + parts if part.get_content_type() in ("text/html", "application/xhtml+xml")), None)


def _decoded(content: bytes, charset: str | None) -> bytes:
    if charset and charset.lower() not in ("utf-8", "us-ascii"):
        try:
            return content.decode(charset, "replace").encode()
        except LookupError:
            pass
    return to_utf8(content)


def _header(message: EmailMessage, name: str) -> str:
    """Return a header on one line; an empty text where it is missing or broken beyond reading."""
    try:
        return "".join(str(message.get(name, "")).split("\n")).strip()
    except (ValueError, IndexError, AttributeError):  # what the standard library raises on forged headers
        return ""


def moment(value: str) -> str:
    """Return the instant of a Date header in UTC, an empty text for one that cannot be read."""
    try:
        return instant(parsedate_to_datetime(value))
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
