"""Reddit: posts that match a query, newest first, through the interface for programs with a key.

Nothing else on reddit.com is open to programs; its feeds are read by the source for feeds. Texts are Markdown and stay so.
What a person or a moderator took away is not read: where no title remains, the post or comment is as if it were not there.
"""

from __future__ import annotations

import html
import re
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel, ValidationError

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
from repwatch.refusals import API_ERROR, find_refusal
from repwatch.sources import _api

INFO = SourceInfo(
    name="reddit", title="Reddit", hosts=("oauth.reddit.com",), marks=(b'"kind": "Listing"', b'"kind":"Listing"'), door="public API with a key",
    pace_s=1.0, target="query", aim=r"(?:^|\s+)(?:author|subreddit):\S+",
    credentials=Credential(name="reddit", title="the two keys of an app", scheme="client", hosts=("oauth.reddit.com",), page="https://www.reddit.com/prefs/apps",
                           rights="an app of the kind `script` that Reddit approved", token_url="https://www.reddit.com/api/v1/access_token"),  # noqa: S106 — an address
    terms="only through the API with a key: robots.txt refuses everything else, new keys need Reddit's approval, commercial use an agreement; what users delete must be deleted",
    verified="recorded answers of 2016 to 2026",
)  # fmt: skip

_SEARCH = "https://oauth.reddit.com/search"
_SITE = "https://www.reddit.com"
_PER_PAGE = 100
_GONE = re.compile(r"\[\s*(deleted|removed|deleted by user|removed by reddit|removed by moderator)\s*\]", re.IGNORECASE)
#: Accounts, messages, subreddits, awards, and the comments that an answer only counts: none holds a mention.
_NO_MENTION = frozenset({"t2", "t4", "t5", "t6", "more"})
_HTML = re.compile(rb'"(?:selftext|body)_html":\s*"(<|\\u003[cC]|&lt;)')


class _Thing(BaseModel):
    name: str | None = None
    id: str | None = None
    link_id: str | None = None
    permalink: str | None = None
    author: str | None = None
    title: str | None = None
    link_title: str | None = None
    selftext: str | None = None
    body: str | None = None
    created_utc: float | None = None
    score: int | None = None
    score_hidden: bool | None = None
    num_comments: int | None = None


def walk(watch: Watch) -> Generator[Request, Read, None]:
    """Search for the phrase, newest first, until older than the first day. Words become one phrase unless they hold a quotation mark."""
    since = _api.midnight(watch.since).timestamp()
    words = watch.target.strip()
    query = {"q": words if '"' in words else f'"{words}"', "sort": "new", "t": "all", "type": "link", "limit": _PER_PAGE, "raw_json": 1}
    after = watch.resume
    seen: set[str] = set()
    while True:
        url = f"{_SEARCH}?{urlencode(query | ({'after': after} if after else {}))}"
        read = yield Request(url=url, expect="json", api=True, auth="reddit", resume=after)
        after, oldest = _end(_api.posts(read.page.body, INFO.name))
        if after is None or after in seen or oldest is None or oldest < since:
            return
        seen.add(after)


def _end(told: Any) -> tuple[str | None, float | None]:
    """Return where the next page begins, and the instant of the last post on this one."""
    data = told.get("data") if isinstance(told, dict) else None
    if not isinstance(data, dict):
        return None, None
    things = [each.get("data") for each in _children(data) if isinstance(each, dict)]
    moments = [thing["created_utc"] for thing in things if isinstance(thing, dict) and isinstance(thing.get("created_utc"), int | float)]
    after = data.get("after")
    return after if isinstance(after, str) and after else None, moments[-1] if moments else None


def _children(data: dict[str, Any]) -> list[Any]:
    children = data.get("children")
    return children if isinstance(children, list) else []


def parse(page: Page) -> Iterator[Outcome]:
    """Read listings, a post with its comments, or single things."""
    refusal = find_refusal(page, source=INFO.name) or find_refusal(page, expect="json", source=INFO.name)
    if refusal:
        yield refusal
        return
    told = _api.posts(page.body, INFO.name)
    if isinstance(told, dict) and "access_token" in told:
        yield Problem(source=INFO.name, reason="a session", detail="this answer holds the key of a login and no posts: delete the file")
        return
    refusal = _error(told, page) if isinstance(told, dict) else None
    if refusal:
        yield refusal
        return
    things = _things(told)
    if things is None:
        raise LayoutChanged("no listing in the answer", where=INFO.name)
    yield from _mentions(things, escaped=_escaped(page))


def _error(told: dict[str, Any], page: Page) -> Refused | None:
    """Return the refusal that an answer tells of in its body, whatever its status."""
    code = told.get("error")
    if code is not None and "data" not in told:
        found = find_refusal(page._replace(status=code), source=INFO.name) if isinstance(code, int) and 400 <= code < 600 else None
        return Refused(source=INFO.name, reason=found.reason if found else API_ERROR, detail=_plain(told.get("reason"), told.get("message")))
    inner = told.get("json")
    if isinstance(inner, dict) and inner.get("errors"):
        first = inner["errors"][0] if isinstance(inner["errors"], list) else None
        return Refused(source=INFO.name, reason=API_ERROR, detail=_plain(*(first if isinstance(first, list) else ())))
    return None


def _plain(*told: Any) -> str:
    return ": ".join(each for each in told if isinstance(each, str))[:200]


def _things(told: Any) -> list[Any] | None:
    """Return the things of an answer; None where it is of no known shape."""
    if isinstance(told, list):
        parts = [_things(each) if isinstance(each, dict) else None for each in told]
        return [thing for part in parts if part is not None for thing in part] if parts and None not in parts else None
    if not isinstance(told, dict):
        return None
    inner = told.get("json")
    data = inner.get("data") if isinstance(inner, dict) else told.get("data")
    if not isinstance(data, dict):
        return None
    if isinstance(inner, dict):
        return data["things"] if isinstance(data.get("things"), list) else None
    if told.get("kind") == "Listing":
        return data["children"] if isinstance(data.get("children"), list) else None
    return [told] if isinstance(told.get("kind"), str) else None


def _escaped(page: Page) -> bool:
    """Tell whether `&`, `<` and `>` stand as entities in the texts, as they do unless `raw_json=1` was asked for."""
    if "raw_json=1" in page.url:
        return False
    found = _HTML.search(page.body)
    return found is None or found[1] == b"&lt;"


def _mentions(things: list[Any], *, escaped: bool) -> Iterator[Outcome]:
    """Read things and the answers below them. Where none is left, that is the site's own nothing."""
    return _api.each_once(INFO.name, (_mention(raw, f"thing {number}", escaped=escaped) for number, raw in enumerate(_in_reading_order(things))))


def _in_reading_order(things: list[Any]) -> Iterator[Any]:
    waiting = list(reversed(things))
    while waiting:
        raw = waiting.pop()
        yield raw
        data = raw.get("data") if isinstance(raw, dict) else None
        below = data.get("replies") if isinstance(data, dict) else None
        if isinstance(below, dict) and isinstance(below.get("data"), dict):
            waiting += reversed(_children(below["data"]))


def _mention(raw: Any, where: str, *, escaped: bool) -> Mention | Problem | None:
    """Return the mention; None for a thing of another kind, or one whose words were taken away."""
    kind = raw.get("kind") if isinstance(raw, dict) else None
    if isinstance(kind, str) and kind in _NO_MENTION:
        return None
    if kind not in ("t1", "t3"):
        return Problem(source=INFO.name, reason="schema", detail=f"{where}: kind")
    try:
        thing = _Thing.model_validate(raw.get("data"))
        native = thing.name or (f"{kind}_{thing.id}" if thing.id else None)
        if native is None:
            return Problem(source=INFO.name, reason="schema", detail=f"{where}: name")
        comment = kind == "t1"
        text = _text(thing.body if comment else thing.selftext, escaped=escaped)
        title = _text(thing.link_title if comment else thing.title, escaped=escaped)
        if not text and (comment or not title):
            return None
        counts = {"score": None if thing.score_hidden else thing.score, "comments": thing.num_comments if not comment else None}
        return Mention(source=INFO.name, native_id=native, url=_url(thing, native), published=_instant(thing.created_utc), kind="comment" if comment else "post",
                       title=title or None, text=text, author=None if _GONE.fullmatch(thing.author or "[deleted]") else thing.author,
                       engagement=_api.counts(**counts))  # fmt: skip
    except ValidationError as error:
        return Problem(source=INFO.name, reason="schema", detail=f"{where}: {error.errors(include_url=False)[0]['loc']}")
    except (OverflowError, OSError, ValueError):
        return Problem(source=INFO.name, reason="schema", detail=f"{where}: created_utc")


def _text(told: str | None, *, escaped: bool) -> str:
    text = (html.unescape(told or "") if escaped else told or "").strip()
    return "" if _GONE.fullmatch(text) else text


def _url(thing: _Thing, native: str) -> str | None:
    """Return the address of the post itself (its `url` is what it links to), or None for a comment that names no post."""
    if thing.permalink and thing.permalink.startswith("/"):
        return _SITE + thing.permalink.partition("?")[0]
    kind, _, short = native.partition("_")
    if kind == "t3":
        return f"{_SITE}/comments/{short}"
    post = (thing.link_id or "").removeprefix("t3_")
    return f"{_SITE}/comments/{post}/_/{short}" if post else None


def _instant(seconds: float | None) -> str | None:
    return None if seconds is None else _api.instant(datetime.fromtimestamp(seconds, UTC))
