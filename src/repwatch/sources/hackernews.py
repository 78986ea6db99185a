"""Hacker News through Algolia's public search: stories and comments, newest first, in windows of time.

A search gives at most 1,000 hits whatever its pages say; what lies beyond is reached by moving the window's upper end.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel, ValidationError

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
from repwatch.sources._fragment import to_text

INFO = SourceInfo(
    name="hackernews", title="Hacker News", hosts=("hn.algolia.com",), marks=(b'"_highlightResult"', b'"created_at_i"'), door="public API", languages=("en",),
    pace_s=1.0, target="query", terms="allowed: public API, 10,000 requests an hour",
    verified="recorded answers of 2013 to 2022; the shape since 2023 as described",
)  # fmt: skip

_API = "https://hn.algolia.com/api/v1/search_by_date"
_PER_PAGE = 1000
_ITEM = "https://news.ycombinator.com/item?id="


class _Hit(BaseModel):
    objectID: str | None = None  # noqa: N815 — the name in the payload
    id: int | None = None
    type: str | None = None
    created_at: str | None = None
    created_at_i: int | None = None
    author: str | None = None
    title: str | None = None
    story_title: str | None = None
    story_text: str | None = None
    comment_text: str | None = None
    text: str | None = None
    points: int | None = None
    num_comments: int | None = None
    children: list[Any] = []


def walk(watch: Watch) -> Generator[Request, Read, None]:
    """Search for the phrase, newest first; each further window ends at the oldest second seen, that second included."""
    first = int(datetime.combine(watch.since, time(), UTC).timestamp())
    end = int(watch.resume) if watch.resume else int(datetime.combine(watch.until + timedelta(days=1), time(), UTC).timestamp())
    while end >= first:
        read = yield _search(watch.target, first, end)
        moments = _moments(read.page.body)
        if len(moments) < _PER_PAGE:
            return
        # When a whole page shares one second, the next window must still move.
        end = min(moments) if min(moments) < end else end - 1


def _search(phrase: str, first: int, end: int) -> Request:
    quoted = phrase if '"' in phrase else f'"{phrase}"'
    query = {"query": quoted, "tags": "(story,comment)", "numericFilters": f"created_at_i>={first},created_at_i<={end}", "hitsPerPage": _PER_PAGE, "typoTolerance": "false"}
    return Request(url=f"{_API}?{urlencode(query)}", expect="json", api=True, resume=str(end))


def _moments(body: bytes) -> list[int]:
    return [hit["created_at_i"] for hit in json.loads(body).get("hits", []) if isinstance(hit, dict) and isinstance(hit.get("created_at_i"), int)]


def parse(page: Page) -> Iterator[Outcome]:
    """Read a search answer, or one item with its thread."""
    try:
        told = json.loads(page.body)
    except ValueError as error:
        raise LayoutChanged(f"no JSON in the answer: {error}", where=INFO.name) from error
    if not isinstance(told, dict):
        raise LayoutChanged("no hits in the answer", where=INFO.name)
    if "hits" in told and isinstance(told["hits"], list):
        if not told["hits"]:
            yield NoResults(source=INFO.name)
        for number, hit in enumerate(told["hits"]):
            yield _mention(hit, f"hit {number}")
    elif "created_at_i" in told and "children" in told:
        yield from _thread(told)
    elif "message" in told or "error" in told:
        yield Refused(source=INFO.name, reason="api_error", detail=str(told.get("message") or told.get("error"))[:200])
    elif "karma" in told:
        # A person's page names nobody's employer: there is nothing to read in it, and that is no fault.
        yield NoResults(source=INFO.name)
    else:
        raise LayoutChanged("no hits in the answer", where=INFO.name)


def _thread(item: dict[str, Any]) -> Iterator[Outcome]:
    waiting = [item]
    while waiting:
        one = waiting.pop()
        yield _mention(one, f"item {one.get('id')}")
        waiting += [child for child in reversed(one.get("children") or []) if isinstance(child, dict)]


def _mention(raw: Any, where: str) -> Outcome:
    try:
        hit = _Hit.model_validate(raw)
    except ValidationError as error:
        return Problem(source=INFO.name, reason="a field does not fit", detail=f"{where}: {error.errors(include_url=False)[0]['loc']}")
    native = hit.objectID or (str(hit.id) if hit.id is not None else None)
    if native is None:
        return Problem(source=INFO.name, reason="no id", detail=where)
    comment = hit.comment_text is not None or hit.type == "comment"
    try:
        published = datetime.fromtimestamp(hit.created_at_i, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if hit.created_at_i is not None else None
    except (ValueError, OverflowError, OSError):
        return Problem(source=INFO.name, reason="a field does not fit", detail=f"{where}: created_at_i")
    counts = {"points": hit.points, "comments": hit.num_comments}
    return Mention(source=INFO.name, native_id=native, url=_ITEM + native, published=published, kind="comment" if comment else "post",
                   title=hit.title or hit.story_title, text=to_text(hit.comment_text or hit.story_text or hit.text), author=hit.author,
                   engagement={name: count for name, count in counts.items() if count is not None})  # fmt: skip
