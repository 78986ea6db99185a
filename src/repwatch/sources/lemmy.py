"""Lemmy through the search of one instance: posts and comments of everything that instance knows.

A target is a phrase, or `phrase@instance`: `Acme@feddit.nl`. Both the older answers (v3) and those of Lemmy 1.0 (v4) are read.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from typing import Any
from urllib.parse import urlencode

from pydantic import AliasChoices, BaseModel, Field

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
from repwatch.refusals import API_ERROR, CREDENTIALS, RATE_LIMIT
from repwatch.sources import _api

INFO = SourceInfo(
    name="lemmy", title="Lemmy", marks=(b'"ap_id"', b'"type_":', b'"rate_limit_error"'), paths=("/api/v3/", "/api/v4/"), door="public API", languages=("fr", "nl", "en", "de"), pace_s=2.0, target="query",
    terms="each instance's own; public API, about one search a second", verified="no recorded answer was found: a shape written by hand, and the interface as described",
    search="phrase", aim=r"@[a-z0-9\-]+(\.[a-z0-9\-]+)+$",
)  # fmt: skip

_INSTANCE = "lemmy.world"
_TARGET = re.compile(r"(?P<phrase>.+)@(?P<instance>[a-z0-9\-]+(\.[a-z0-9\-]+)+)", re.DOTALL)
_PER_PAGE = 50
_KINDS = ("posts", "comments")
_ERRORS = {"rate_limit_error": RATE_LIMIT, "not_logged_in": CREDENTIALS, "incorrect_login": CREDENTIALS, "instance_is_private": CREDENTIALS}


class _Counts(BaseModel):
    score: int | None = None
    comments: int | None = None


class _Creator(BaseModel):
    name: str | None = None
    actor: str | None = Field(None, validation_alias=AliasChoices("actor_id", "ap_id"))


class _Entry(BaseModel):
    """A post or a comment; since 1.0 its counts stand in it, and its instant has another name."""

    ap_id: str = Field(min_length=1)
    published: _api.Iso = Field(validation_alias=AliasChoices("published", "published_at"))
    name: str | None = None
    body: str | None = None
    content: str | None = None
    deleted: bool | None = None
    removed: bool | None = None
    score: int | None = None
    comments: int | None = None
    child_count: int | None = None


class _Titled(BaseModel):
    name: str | None = None


class _PostView(BaseModel):
    post: _Entry
    creator: _Creator | None = None
    counts: _Counts | None = None


class _CommentView(BaseModel):
    comment: _Entry
    post: _Titled | None = None
    creator: _Creator | None = None
    counts: _Counts | None = None


def walk(watch: Watch) -> Generator[Request, Read, None]:
    """Ask for page after page, newest first, until both posts and comments end or reach back before the period."""
    found = _TARGET.fullmatch(watch.target.strip())
    phrase, instance = (found["phrase"].strip(), found["instance"]) if found else (watch.target.strip(), _INSTANCE)
    first = _api.instant(_api.midnight(watch.since))
    page = int(watch.resume) if watch.resume else 1
    while True:
        query = {"q": phrase, "type_": "All", "sort": "New", "listing_type": "All", "page": page, "limit": _PER_PAGE}
        read = yield Request(url=f"https://{instance}/api/v3/search?{urlencode(query)}", expect="json", api=True, resume=str(page))
        told = _api.answer(read.page.body, INFO.name)
        if all(_done(told.get(kind), kind, first) for kind in _KINDS):
            return
        page += 1


def _done(views: Any, kind: str, first: str) -> bool:
    """Tell whether a list was the last of its kind that matters: short, or old throughout."""
    if not isinstance(views, list) or len(views) < _PER_PAGE:
        return True
    entries = [entry for entry in (_view(raw, kind, "") for raw in views) if not isinstance(entry, Problem)]
    return all(_entry(entry).published < first for entry in entries)


def _view(raw: object, kind: str, where: str) -> _PostView | _CommentView | Problem:
    return _api.record(_PostView, raw, where, INFO.name) if kind == "posts" else _api.record(_CommentView, raw, where, INFO.name)


def _entry(view: _PostView | _CommentView) -> _Entry:
    return view.post if isinstance(view, _PostView) else view.comment


def parse(page: Page) -> Iterator[Outcome]:
    """Read the posts and comments of a search answer; what was deleted or removed is passed over."""
    told = _api.answer(page.body, INFO.name)
    if isinstance(told, dict) and isinstance(told.get("error"), str):
        yield Refused(source=INFO.name, reason=_ERRORS.get(told["error"], API_ERROR), detail=f"{told['error']} {told.get('message') or ''}".strip()[:200])
        return
    lists = {kind: told[kind] for kind in _KINDS if isinstance(told.get(kind), list)} if isinstance(told, dict) else {}
    if not lists:
        raise LayoutChanged("no posts or comments in the answer", where=INFO.name)
    read = [_mention(raw, kind, f"{kind} {number}") for kind, views in lists.items() for number, raw in enumerate(views, 1)]
    kept = [each for each in read if each is not None]
    yield from kept or [NoResults(source=INFO.name)]


def _mention(raw: object, kind: str, where: str) -> Outcome | None:
    view = _view(raw, kind, where)
    if isinstance(view, Problem):
        return view
    entry, counts = _entry(view), view.counts or _Counts()
    if entry.deleted or entry.removed:
        return None
    title = entry.name if isinstance(view, _PostView) else view.post.name if view.post else None
    answers = next((each for each in (counts.comments, entry.comments, entry.child_count) if each is not None), None)
    author = (view.creator.actor or view.creator.name) if view.creator else None
    return Mention(source=INFO.name, native_id=entry.ap_id, url=entry.ap_id, published=entry.published, kind="post" if isinstance(view, _PostView) else "comment", title=title,
                   text=(entry.body or entry.content or "").strip(), author=author,
                   engagement=_api.counts(points=counts.score if counts.score is not None else entry.score, comments=answers))  # fmt: skip
