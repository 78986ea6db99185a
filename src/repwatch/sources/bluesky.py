"""Bluesky: posts that match a query, newest first, through the search of the AT protocol.

The search needs a login, and is asked for at the account's own server, which the session names. A post's own date is what its author's program claims, so that a post
counts as published at the earliest of that date, the moment it was indexed, and the moment it was read.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel, Field, ValidationError

from repwatch.errors import LayoutChanged
from repwatch.models import (
    Credential,
    Mention,
    Outcome,
    Page,
    Problem,
    Read,
    Refused,
    Request,
    SourceInfo,
    Watch,
)
from repwatch.refusals import API_ERROR, CREDENTIALS, EXPIRED, NOT_FOUND, RATE_LIMIT, REVOKED, find_refusal
from repwatch.sources import _api

INFO = SourceInfo(
    name="bluesky", title="Bluesky", hosts=("bsky.social", "api.bsky.app", "host.bsky.network"), marks=(b'"app.bsky.feed.',),
    reads=r"^/xrpc/", paths=("/xrpc/app.bsky.", "/xrpc/com.atproto."), door="public API with a login",
    pace_s=1.0, target="query", aim=r"(?:^|\s+)(?:from|mentions|to):\S+",
    credentials=Credential(name="bluesky", title="an account and its app password", scheme="session", hosts=("bsky.social",), page="https://bsky.app/settings/app-passwords",
                           rights="an app password of an account, without access to its messages"),
    terms="allowed with an account's app password, for queries people ask, not in bulk; accounts that hide from visitors without a login are left out",
    verified="answers of a server of the AT protocol in 2026 and records of 2023 and 2024; not on bsky.social itself; the second search as described",
)  # fmt: skip

_ENTRY, _SEARCH = "https://bsky.social", "/xrpc/app.bsky.feed.searchPosts"
_PER_PAGE = 100
_URI = re.compile(r"at://([^/\s]+)/app\.bsky\.feed\.post/([^/\s?#]+)")
_POST = "app.bsky.feed.post"
_HIDDEN = "!no-unauthenticated"
#: The protocol's names of errors; what is not here is judged by its status.
_ERRORS = {"AuthMissing": CREDENTIALS, "AuthenticationRequired": CREDENTIALS, "InvalidToken": CREDENTIALS, "ExpiredToken": EXPIRED, "AccountTakedown": REVOKED,
           "NotFound": NOT_FOUND, "RecordNotFound": NOT_FOUND, "RateLimitExceeded": RATE_LIMIT}  # fmt: skip


class _Label(BaseModel):
    val: str | None = None


class _Author(BaseModel):
    did: str | None = None
    handle: str | None = None
    labels: list[_Label] | None = None


class _Record(BaseModel):
    type: str | None = Field(None, alias="$type")
    text: str | None = None
    createdAt: str | None = None  # noqa: N815 — the names in the payload
    langs: list[str] | None = None
    reply: Any = None


class _View(BaseModel):
    uri: str
    author: _Author = _Author()
    record: _Record
    indexedAt: str | None = None  # noqa: N815
    likeCount: int | None = None  # noqa: N815
    repostCount: int | None = None  # noqa: N815
    replyCount: int | None = None  # noqa: N815
    quoteCount: int | None = None  # noqa: N815


def walk(watch: Watch) -> Generator[Request, Read, None]:
    """Search for the phrase, newest first, from cursor to cursor. Words become one phrase unless they hold a quotation mark."""
    words = watch.target.strip()
    query = {"q": words if '"' in words or " " not in words else f'"{words}"', "sort": "latest", "limit": _PER_PAGE,
             "since": _api.instant(_api.midnight(watch.since)), "until": _api.instant(_api.midnight(watch.until + timedelta(days=1)))}  # fmt: skip
    search = (watch.account or {}).get("host", _ENTRY) + _SEARCH
    cursor = watch.resume
    seen: set[str] = set()
    while True:
        url = f"{search}?{urlencode(query | ({'cursor': cursor} if cursor else {}))}"
        read = yield Request(url=url, expect="json", api=True, auth="bluesky", resume=cursor)
        told = _api.posts(read.page.body, INFO.name)
        cursor = told.get("cursor") if isinstance(told, dict) and told.get("posts") else None
        if not isinstance(cursor, str) or not cursor or cursor in seen:
            return
        seen.add(cursor)


def parse(page: Page) -> Iterator[Outcome]:
    """Read a search answer, posts by their addresses, somebody's feed, a thread, or records."""
    refusal = _refusal(page)
    if refusal:
        yield refusal
        return
    told = _api.posts(page.body, INFO.name)
    if not isinstance(told, dict):
        raise LayoutChanged("no posts in the answer", where=INFO.name)
    if "accessJwt" in told:
        yield Problem(source=INFO.name, reason="a session", detail="this answer holds the keys of a login and no posts: delete the file")
        return
    found = _posts(told)
    if found is None:
        raise LayoutChanged("no posts in the answer", where=INFO.name)
    yield from _mentions(found, page)


def _refusal(page: Page) -> Refused | None:
    """Judge by the protocol's name of the error where there is one, else by the status."""
    found = find_refusal(page, source=INFO.name) or find_refusal(page, expect="json", source=INFO.name)
    try:
        told = _api.posts(page.body, INFO.name) if len(page.body) < 10_000 else None
    except LayoutChanged:
        return found
    if not isinstance(told, dict) or not isinstance(told.get("error"), str):
        return found
    reason = _ERRORS.get(told["error"]) or (found.reason if found else API_ERROR)
    words = (told["error"], told.get("message"))
    detail = ": ".join(each for each in words if isinstance(each, str))[:200]
    return Refused(source=INFO.name, reason=reason, detail=detail)


def _posts(told: dict[str, Any]) -> list[Any] | None:
    """Return the views of posts in an answer, whatever its shape; None where it is of no known shape."""
    for name in ("posts", "records"):
        if isinstance(told.get(name), list):
            return [_view(each) for each in told[name]]
    if isinstance(told.get("feed"), list):
        return [each.get("post") if isinstance(each, dict) else each for each in told["feed"]]
    if isinstance(told.get("thread"), dict):
        return _thread(told["thread"])
    if "record" in told or "value" in told or told.get("$type") == _POST:
        return [_view(told)]
    # Accounts, and lists of them, name nobody's employer.
    if any(isinstance(told.get(name), list) for name in ("follows", "followers", "actors", "profiles")) or {"did", "handle"} <= told.keys():
        return []
    return None


def _view(raw: Any) -> Any:
    """Turn a record with its address into the view of a post."""
    if isinstance(raw, dict) and "record" not in raw and "value" in raw:
        return {"uri": raw.get("uri"), "record": raw["value"]}
    return raw


def _thread(top: dict[str, Any]) -> list[Any]:
    """Return the posts of a thread in reading order: what was answered first, then the post, then its answers."""
    above: list[Any] = []
    parent = top.get("parent")
    while isinstance(parent, dict):
        above.append(parent)
        parent = parent.get("parent")
    found, waiting = [], [top, *above]
    while waiting:
        one = waiting.pop()
        # What was deleted, or is blocked, stands there without a post.
        if "post" in one:
            found.append(one["post"])
        if one is top or not any(one is each for each in above):
            replies = one.get("replies")
            waiting += [each for each in reversed(replies if isinstance(replies, list) else []) if isinstance(each, dict)]
    return found


def _mentions(views: list[Any], page: Page) -> Iterator[Outcome]:
    """Read posts. Where none is there, or none that may be shown, that is the site's own nothing."""
    return _api.each_once(INFO.name, (_mention(raw, f"post {number}", page) for number, raw in enumerate(views)))


def _mention(raw: Any, where: str, page: Page) -> Mention | Problem | None:
    """Return the mention; None for a record of another kind, a post without words, or one whose author hides from visitors."""
    try:
        view = _View.model_validate(raw)
        record, author = view.record, view.author
        hidden = any(label.val == _HIDDEN for label in author.labels or [])
        if record.type not in (None, _POST) or hidden or not (record.text or "").strip():
            return None
        uri = _URI.fullmatch(view.uri)
        if uri is None:
            return Problem(source=INFO.name, reason="schema", detail=f"{where}: uri")
        told = [text for text in (record.createdAt, view.indexedAt) if text is not None]
        moments = [(moment, text) for text in (*told, page.fetched_at) if (moment := _moment(text))]
        if told and not any(_moment(text) for text in told):
            return Problem(source=INFO.name, reason="schema", detail=f"{where}: createdAt")
        counts = {"likes": view.likeCount, "reposts": view.repostCount, "replies": view.replyCount, "quotes": view.quoteCount}
        return Mention(source=INFO.name, native_id=view.uri, url=f"https://bsky.app/profile/{author.did or uri[1]}/post/{uri[2]}",
                       published=min(moments, key=lambda pair: pair[0])[1] if told else None, lang=next(iter(record.langs or []), None),
                       kind="comment" if record.reply else "post", text=(record.text or "").strip(), author=author.handle or author.did or uri[1],
                       engagement=_api.counts(**counts))  # fmt: skip
    except ValidationError as error:
        return Problem(source=INFO.name, reason="schema", detail=f"{where}: {error.errors(include_url=False)[0]['loc']}")


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if text[10:11] == "T" else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment and not moment.tzinfo else moment
