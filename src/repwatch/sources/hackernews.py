"""Hacker News, through the public search of Algolia: stories, comments and polls."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from pydantic import Field, ValidationError

from repwatch.errors import LayoutChanged
from repwatch.models import (
    Mention,
    NoResults,
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
from repwatch.sources._foreign import Foreign, Name, Text, instant, read_json, when, why
from repwatch.sources._fragment import one_line, to_text

INFO = SourceInfo(
    name="hackernews",
    title="Hacker News",
    hosts=("hn.algolia.com",),
    marks=(b'"created_at_i"',),
    door="public API",
    languages=("en",),
    pace_s=1.0,
    terms="Public API without a key, 10,000 requests an hour for one address. Be gentle.",
    verified="recorded answers of 2013 to 2022 in the older shape; the shape since 2023 from its documentation",
    target="query",
)

_SEARCH = "https://hn.algolia.com/api/v1/search_by_date"
_ITEM = "https://news.ycombinator.com/item?id="
#: The service shows no more than this many hits of one query, on however many pages.
MOST_HITS = 1000

_Second = Annotated[int, Field(ge=0, le=253_402_300_799)]


class _Hit(Foreign):
    """A search hit: before 2023 every key is there and may be null, since then null keys are absent."""

    id: Annotated[Name, Field(alias="objectID", min_length=1)]
    created_at_i: _Second | None = None
    created_at: Text | None = None
    tags: Annotated[tuple[Text, ...], Field(alias="_tags")] = ()
    title: Text | None = None
    author: Text | None = None
    points: int | None = None
    num_comments: int | None = None
    story_text: Text | None = None
    comment_text: Text | None = None


class _Thing(Foreign):
    """A record of `/items/:id`, without its children."""

    id: Name
    type: Text
    created_at_i: _Second | None = None
    created_at: Text | None = None
    title: Text | None = None
    author: Text | None = None
    points: int | None = None
    text: Text | None = None


def walk(watch: Watch) -> Generator[Request, Read, None]:
    """Ask for hits, newest first, in windows that end where the last one stopped, since one query shows 1,000 at most.

    The resume token is the second at which a window ends, that second included.
    """
    first = _midnight(watch.since)
    last = int(watch.resume) if watch.resume else _midnight(watch.until + timedelta(days=1)) - 1
    while last >= first:
        read = yield _request(watch.target, first, last)
        times = [
            _second(item.published) for item in read.items if isinstance(item, Mention) and item.published
        ]
        if len(read.items) < MOST_HITS or not times:
            return
        # A window full of one second cannot be narrowed: what lies beyond 1,000 in that second is out of reach.
        last = min(times) if min(times) < last else last - 1


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())


def _second(published: str) -> int:
    return int(datetime.fromisoformat(published).timestamp())


def _request(target: str, first: int, last: int) -> Request:
    phrase = '"{}"'.format(target.replace('"', " ").strip())
    query = {
        "query": phrase,
        "tags": "(story,comment,poll)",
        "numericFilters": f"created_at_i>={first},created_at_i<={last}",
        "hitsPerPage": MOST_HITS,
    }
    return Request(url=f"{_SEARCH}?{urlencode(query)}", expect="json", api=True, resume=str(last))


def parse(page: Page) -> Iterator[Outcome]:
    """Read a page of search hits, or one item with the discussion below it."""
    refusal = find_refusal(page, expect="json", source=INFO.name)
    if refusal:
        yield refusal
        return
    try:
        answer = read_json(page.body)
    except ValueError as error:
        msg = "no JSON in page"
        raise LayoutChanged(msg, where=INFO.name) from error
    if isinstance(answer, dict) and isinstance(answer.get("hits"), list):
        yield from _hits(answer["hits"])
    elif isinstance(answer, dict) and "type" in answer and "children" in answer:
        yield from _discussion(answer)
    else:
        yield _refused(answer)


def _refused(answer: Any) -> Refused:
    """Return the error that `answer` states; LayoutChanged when it states none."""
    said = answer if isinstance(answer, dict) else {}
    detail = said.get("message", said.get("error"))
    if isinstance(detail, str):
        return Refused(source=INFO.name, reason=API_ERROR, detail=one_line(to_text(detail))[:200])
    msg = "a user record, which holds no post" if "karma" in said else "hits not in page"
    raise LayoutChanged(msg, where=INFO.name)


def _hits(hits: list[Any]) -> Iterator[Outcome]:
    if not hits:
        yield NoResults(source=INFO.name)
    seen: set[str] = set()
    for place, record in enumerate(hits):
        try:
            hit = _Hit.model_validate(record)
        except ValidationError as error:
            yield Problem(source=INFO.name, reason="bad_entry", detail=f"hit {place}: {why(error)}")
            continue
        if hit.id not in seen:
            seen.add(hit.id)
            yield _from_hit(hit)


def _from_hit(hit: _Hit) -> Mention:
    comment = "comment" in hit.tags or hit.comment_text is not None
    return _mention(
        hit,
        comment=comment,
        title=None if comment else hit.title,
        text=(hit.comment_text if comment else hit.story_text) or "",
        engagement={"points": hit.points, "comments": hit.num_comments},
    )


def _discussion(root: dict[str, Any]) -> Iterator[Outcome]:
    """Yield an item and all below it, in reading order; what was deleted has neither author nor text and is passed over."""
    found = False
    waiting: list[tuple[str, Any]] = [("item", root)]
    while waiting:
        path, record = waiting.pop()
        children = record.get("children") if isinstance(record, dict) else None
        if isinstance(children, list):
            waiting += [(f"{path}.{place}", child) for place, child in reversed(list(enumerate(children)))]
        try:
            thing = _Thing.model_validate(record)
        except ValidationError as error:
            found = True
            yield Problem(source=INFO.name, reason="bad_entry", detail=f"{path}: {why(error)}")
            continue
        if thing.type != "pollopt" and (thing.title or thing.text):
            found = True
            yield _from_thing(thing)
    if not found:
        yield NoResults(source=INFO.name)


def _from_thing(thing: _Thing) -> Mention:
    comment = thing.type == "comment"
    engagement = {"points": thing.points}
    return _mention(
        thing,
        comment=comment,
        title=None if comment else thing.title,
        text=thing.text or "",
        engagement=engagement,
    )


def _mention(
    record: _Hit | _Thing, *, comment: bool, title: str | None, text: str, engagement: dict[str, int | None]
) -> Mention:
    moment = record.created_at_i
    return Mention(
        source=INFO.name,
        native_id=record.id,
        url=f"{_ITEM}{record.id}",
        published=when(record.created_at) if moment is None else instant(datetime.fromtimestamp(moment, UTC)),
        kind="comment" if comment else "post",
        title=one_line(title or "") or None,
        text=to_text(text),
        author=record.author or None,
        engagement={name: count for name, count in engagement.items() if count is not None},
    )
