"""Read what a browser's network panel saved (HAR): the pages and JSON answers in it, never cookies or other credentials."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from repwatch.errors import UnreadableError
from repwatch.models import Page, Problem
from repwatch.period import instant
from repwatch.wording import N_

#: The headers that tell what an answer is, or that it is a refusal. No other is kept.
_KEPT = frozenset(("content-type", "etag", "last-modified", "retry-after", "cf-mitigated", "x-amzn-waf-action"))
_READABLE = ("html", "json", "xml", "text/plain")


class _Foreign(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Header(_Foreign):
    name: str
    value: str = ""


class _Content(_Foreign):
    text: str | None = None
    encoding: str | None = None
    mime: str = Field(default="", alias="mimeType")
    size: int = 0


class _Response(_Foreign):
    status: int
    headers: list[_Header] = Field(default=[])
    content: _Content = _Content()


class _Request(_Foreign):
    url: str


class _Entry(_Foreign):
    request: _Request
    response: _Response
    started: str = Field(default="", alias="startedDateTime")


def is_har(head: bytes) -> bool:
    """Tell whether the first bytes of a file are those of a HAR."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200]
    return b"".join(start.split()).startswith(b'{"log":{')


def read(body: bytes) -> Iterator[Page | Problem]:
    """Yield the pages and JSON answers of a HAR in the order of their requests; each answer once.

    An answer that never came, was not modified, or was saved without its content is passed over. Raises UnreadableError
    where the file is torn, or holds no contents at all.
    """
    seen: set[tuple[str, bytes]] = set()
    bodies = number = 0
    for number, row in enumerate(_entries(body), 1):
        try:
            entry = _Entry.model_validate(row)
            content = _body(entry.response.content)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            yield Problem(reason="entry", detail=f"entry {number}: {'.'.join(map(str, first['loc'])) or 'entry'}: {first['msg']}")
            continue
        except (binascii.Error, ValueError):
            yield Problem(reason="entry", detail=N_("entry {number}: its content is no base64", number=number))
            continue
        bodies += bool(content)
        page = _page(entry, content)
        if page and (page.url, page.body) not in seen:
            seen.add((page.url, page.body))
            yield page
    if not number:
        raise UnreadableError(N_("the HAR file holds no requests: nothing was recorded"), hint=N_("Open the network panel first, then load the page, and save it."))
    if not bodies:
        raise UnreadableError(N_("the file holds no contents, only addresses"), hint=N_('Save it in the network panel with "Save all as HAR with content".'))


def _entries(body: bytes) -> list[Any]:
    try:
        entries = json.loads(body.decode("utf-8-sig", "replace"))["log"]["entries"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnreadableError(N_("the HAR file is torn, or holds no entries"), hint=N_("Save it in the network panel once more.")) from error
    if not isinstance(entries, list):
        raise UnreadableError(N_("the HAR file holds no list of entries"), hint=N_("Save it in the network panel once more."))
    return sorted(entries, key=lambda row: str(row.get("startedDateTime", "")) if isinstance(row, dict) else "")


def _body(content: _Content) -> bytes:
    if content.text is None:
        return b""
    if content.encoding == "base64":
        return base64.b64decode(content.text)
    return content.text.encode("utf-8", "replace")


def _page(entry: _Entry, body: bytes) -> Page | None:
    response = entry.response
    headers = {each.name.lower(): each.value for each in response.headers if each.name.lower() in _KEPT}
    mime = (response.content.mime or headers.get("content-type", "")).lower()
    readable = any(word in mime for word in _READABLE) or not mime
    if response.status < 100 or response.status == 304 or not readable or (not body.strip() and response.status < 400):
        return None
    return Page(url=entry.request.url, status=response.status, headers={**headers, "content-type": mime}, body=body, fetched_at=_instant(entry.started), door="saved")


def _instant(text: str) -> str:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return instant(found) if found.tzinfo else ""
