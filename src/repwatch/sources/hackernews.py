"""Hacker News through Algolia's public search: stories, comments and polls, newest first, in windows of time.

A search gives at most 1,000 hits whatever its pages say; what lies beyond is reached by moving the window's upper end.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from pydantic import BeforeValidator, Field, ValidationError

from repwatch.errors import LayoutChanged
from repwatch.models import (
    Mention,
    NoResults,
    Outcome,
    Page,
    Read,
    Refused,
    Request,
    SourceInfo,
    Watch,
)
from repwatch.refusals import API_ERROR, find_refusal, looks_like_html
from repwatch.sources import _api
from repwatch.sources._fragment import one_line, to_text
from repwatch.sources._lenient import Foreign, complaint
from repwatch.sources._when import instant, when

INFO = SourceInfo(
    name="hackernews", title="Hacker News", hosts=("hn.algolia.com",), marks=(b'"created_at_i"',), reads=r"^/api/", keys=("hits", "nbHits", "nbPages", "hitsPerPage", "query"),
    # Algolia searches many sites, and every answer repeats what was asked.
    says={"params": r"created_at_i|advancedSyntax=true&analytics=|tags=(?:%28|\()?(?:story|comment|poll|ask_hn|show_hn|front_page|author_|story_)"}, door="public API", languages=("en",),
    pace_s=1.0, target="query", terms="allowed: public API, 10,000 requests an hour",
    verified="recorded answers of 2013 to 2022; the shape since 2023 as described",
)  # fmt: skip

_SEARCH = "https://hn.algolia.com/api/v1/search_by_date"
_ITEM = "https://news.ycombinator.com/item?id="
#: The service shows no more than this many hits of one query, on however many pages.
_MOST = 1000
_LAST_SECOND = 253_402_300_799

_Second = Annotated[int, Field(ge=0, le=_LAST_SECOND)]
#: An id, which the two interfaces write as a text and as a number.
_Id = Annotated[str, Field(min_length=1), BeforeValidator(lambda value: str(value) if isinstance(value, int) and not isinstance(value, bool) else value)]


class _Hit(Foreign):
    """A search hit: before 2023 every key is there and may be null, since then null keys are absent."""

    id: Annotated[_Id, Field(alias="objectID")]
    created_at_i: _Second | None = None
    created_at: str | None = None
    tags: Annotated[tuple[str, ...], Field(alias="_tags")] = ()
    title: str | None = None
    story_title: str | None = None
    author: str | None = None
    points: int | None = None
    num_comments: int | None = None
    story_text: str | None = None
    comment_text: str | None = None


class _Thing(Foreign):
    """A record of `/items/:id`, without its children."""

    id: _Id
    type: str | None = None
    created_at_i: _Second | None = None
    created_at: str | None = None
    title: str | None = None
    author: str | None = None
    points: int | None = None
    text: str | None = None


def walk(watch: Watch) -> Generator[Request, Read, None]:
    """Search for the phrase, newest first; each further window ends at the oldest second seen, that second included."""
    first = int(_api.midnight(watch.since).timestamp())
    last = int(watch.resume) if watch.resume else int(_api.last_second(watch.until).timestamp())
    while last >= first:
        read = yield _search(watch.target, first, last)
        moments = [_second(item.published) for item in read.items if isinstance(item, Mention) and item.published]
        # Hits that could not be read are no items, yet they fill the page.
        if len(_api.answer(read.page.body, INFO.name).get("hits", ())) < _MOST or not moments:
            return
        # When a whole page shares one second, the next window must still move: the rest of that second is out of reach.
        last = min(moments) if min(moments) < last else last - 1


def _search(phrase: str, first: int, last: int) -> Request:
    query = {"query": _api.quoted(phrase), "tags": "(story,comment,poll)", "numericFilters": f"created_at_i>={first},created_at_i<={last}",
             "hitsPerPage": _MOST, "typoTolerance": "false"}  # fmt: skip
    return Request(url=f"{_SEARCH}?{urlencode(query)}", expect="json", api=True, resume=str(last))


def _second(published: str) -> int:
    return int(datetime.fromisoformat(published).timestamp())


def parse(page: Page) -> Iterator[Outcome]:
    """Read a search answer, or one item with its thread."""
    told = None if looks_like_html(page.body) else _api.answer(page.body, INFO.name)
    told = told if isinstance(told, dict) else {}
    if isinstance(told.get("hits"), list):
        yield from _hits(told["hits"])
    elif "children" in told and ("type" in told or "created_at_i" in told):
        yield from _thread(told)
    elif "karma" in told:
        # A person's page names nobody's employer: there is nothing to read in it, and that is no fault.
        yield NoResults(source=INFO.name)
    else:
        yield _refused(page, told)


def _refused(page: Page, told: dict[str, Any]) -> Refused:
    said = told.get("message", told.get("error"))
    found = find_refusal(page, source=INFO.name, expect="json")
    if found or isinstance(said, str):
        detail = one_line(to_text(said))[:200] if isinstance(said, str) else ""
        return Refused(source=INFO.name, reason=found.reason if found else API_ERROR, detail=detail or (found.detail if found else ""))
    raise LayoutChanged("no hits in the answer", where=INFO.name)


def _hits(hits: list[Any]) -> Iterator[Outcome]:
    if not hits:
        yield NoResults(source=INFO.name)
    seen: set[str] = set()
    for number, raw in enumerate(hits, 1):
        try:
            hit = _Hit.model_validate(raw)
        except ValidationError as error:
            yield complaint(INFO.name, error, f"hit {number}")
            continue
        if hit.id not in seen:
            seen.add(hit.id)
            comment = "comment" in hit.tags or hit.comment_text is not None
            title = hit.title or hit.story_title
            yield _mention(hit, comment=comment, title=title, text=hit.comment_text if comment else hit.story_text, comments=hit.num_comments)


def _thread(root: dict[str, Any]) -> Iterator[Outcome]:
    """Yield an item and all below it, in reading order; what was deleted has neither title nor text and is passed over."""
    found = False
    waiting: list[Any] = [root]
    while waiting:
        raw = waiting.pop()
        children = raw.get("children") if isinstance(raw, dict) else None
        waiting += reversed(children) if isinstance(children, list) else ()
        try:
            thing = _Thing.model_validate(raw)
        except ValidationError as error:
            found = True
            yield complaint(INFO.name, error, f"item {raw.get('id')}"[:40] if isinstance(raw, dict) else "an item")
            continue
        if thing.type != "pollopt" and (thing.title or thing.text):
            found = True
            yield _mention(thing, comment=thing.type == "comment", title=thing.title, text=thing.text, comments=None)
    if not found:
        yield NoResults(source=INFO.name)


def _mention(record: _Hit | _Thing, *, comment: bool, title: str | None, text: str | None, comments: int | None) -> Mention:
    moment = record.created_at_i
    return Mention(source=INFO.name, native_id=record.id, url=_ITEM + record.id, kind="comment" if comment else "post",
                   published=when(record.created_at) if moment is None else instant(datetime.fromtimestamp(moment, UTC)),
                   title=one_line(title) or None, text=to_text(text), author=record.author or None,
                   engagement=_api.counts(points=record.points, comments=comments))  # fmt: skip
