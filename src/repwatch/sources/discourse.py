"""Discourse forums: search answers of two ages, lists of topics, topics, and the latest posts.

A target is the address of a forum's search, `https://forum.example/search.json?q=Acme`, or of any of its other lists.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from pydantic import BaseModel

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
from repwatch.refusals import API_ERROR, LOGIN, NOT_FOUND, RATE_LIMIT
from repwatch.sources import _api

INFO = SourceInfo(
    name="discourse", title="Discourse forums",
    marks=(b'"grouped_search_result"', b'"post_stream"', b'"topic_list"', b'"latest_posts"', b'"url": "/t/', b'"url":"/t/'),
    door="JSON beside every page", languages=("fr", "nl", "en", "de"), pace_s=3.0, whole_text=False, terms="each forum's own; robots.txt is obeyed",
    verified="recorded lists, topic and posts of 2013 and 2020; the present search as described",
)  # fmt: skip

_ROUTES = re.compile(r"/(search|latest|top|new|posts|t/.*|c/.*|tag/.*)(\.json)?$")
_ERRORS = {"rate_limit": RATE_LIMIT, "not_logged_in": LOGIN, "invalid_access": LOGIN, "not_found": NOT_FOUND}
_NOTE = 3


class _Topic(BaseModel):
    id: int
    title: str | None = None
    slug: str | None = None
    url: str | None = None
    excerpt: str | None = None
    blurb: str | None = None
    created_at: _api.Iso | None = None
    reply_count: int | None = None
    like_count: int | None = None
    views: int | None = None


class _Post(BaseModel):
    topic_id: int
    post_number: int
    topic_slug: str | None = None
    topic_title: str | None = None
    username: str | None = None
    created_at: _api.Iso
    cooked: str | None = None
    blurb: str | None = None
    like_count: int | None = None
    reply_count: int | None = None
    post_type: int | None = None
    hidden: bool | None = None
    deleted_at: str | None = None


def walk(watch: Watch) -> Generator[Request, Read, None]:
    """Ask a search for page after page, newest first, while it has more; any other address is asked for once."""
    parts = urlsplit(watch.target)
    if not parts.path.rstrip("/").endswith(("/search.json", "/search")):
        yield Request(url=watch.target, expect="json")
        return
    query = dict(parse_qsl(parts.query))
    words = [query.get("q", watch.employer)]
    words += [f"{name}:{value}" for name, value in (("order", "latest"), ("after", watch.since), ("before", watch.until + timedelta(days=1))) if f"{name}:" not in words[0]]
    page = int(watch.resume) if watch.resume else 1
    path = parts.path.rstrip("/").removesuffix(".json") + ".json"
    while True:
        asked = urlencode({**query, "q": " ".join(words), "page": page})
        read = yield Request(url=parts._replace(path=path, query=asked, fragment="").geturl(), expect="json", resume=str(page))
        told = _api.answer(read.page.body, INFO.name)
        group = told.get("grouped_search_result") if isinstance(told, dict) else None
        if not isinstance(group, dict) or group.get("more_full_page_results") is not True:
            return
        page += 1


def parse(page: Page) -> Iterator[Outcome]:
    """Read whatever list of posts or topics an answer holds; hidden and deleted posts are passed over."""
    told = _api.answer(page.body, INFO.name)
    if isinstance(told, dict) and isinstance(told.get("errors"), list):
        yield _refused(told, page)
        return
    home = _home(page.url)
    read = _grouped(told, home) if isinstance(told, list) else _listed(told, home) if isinstance(told, dict) else None
    if read is None:
        raise LayoutChanged("no posts or topics in the answer", where=INFO.name)
    kept = [each for each in read if each is not None]
    yield from kept or [NoResults(source=INFO.name)]


def _refused(told: dict[str, Any], page: Page) -> Refused:
    kind, extras = told.get("error_type"), told.get("extras")
    wait = extras.get("wait_seconds") if isinstance(extras, dict) else None
    reason = RATE_LIMIT if page.status == 429 else _ERRORS.get(kind, API_ERROR) if isinstance(kind, str) else API_ERROR
    return Refused(source=INFO.name, reason=reason, detail=" ".join(str(each) for each in told["errors"])[:200], retry_after_s=float(wait) if isinstance(wait, int | float) and 0 <= wait < 1e7 else None)


def _home(url: str) -> str:
    """Return the forum's own address, its folder included; an empty text where the page tells none."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    return f"{parts.scheme}://{parts.netloc}{_ROUTES.sub('', parts.path).rstrip('/')}/"


def _grouped(told: list[Any], home: str) -> list[Outcome | None] | None:
    """Read the oldest search answers: groups by type, each with its results."""
    groups = [each for each in told if isinstance(each, dict) and isinstance(each.get("results"), list)]
    if told and not groups:
        return None
    return [_topic(raw, home, f"topic {number}") for group in groups if group.get("type") == "topic" for number, raw in enumerate(group["results"], 1)]


def _listed(told: dict[str, Any], home: str) -> list[Outcome | None] | None:
    stream, topics = told.get("post_stream"), told.get("topic_list")
    if isinstance(stream, dict) and isinstance(stream.get("posts"), list):
        return _posts(stream["posts"], home, {told.get("id"): told})
    if isinstance(topics, dict) and isinstance(topics.get("topics"), list):
        return [_topic(raw, home, f"topic {number}") for number, raw in enumerate(topics["topics"], 1)]
    if isinstance(told.get("latest_posts"), list):
        return _posts(told["latest_posts"], home, {})
    if "grouped_search_result" not in told and not (isinstance(told.get("posts"), list) and isinstance(told.get("topics"), list)):
        return None
    found = [each for each in told.get("topics") or () if isinstance(told.get("topics"), list)]
    posts = told.get("posts")
    if isinstance(posts, list) and posts:
        return _posts(posts, home, {each["id"]: each for each in found if isinstance(each, dict) and isinstance(each.get("id"), int)})
    return [_topic(raw, home, f"topic {number}") for number, raw in enumerate(found, 1)]


def _posts(posts: list[Any], home: str, topics: dict[Any, dict[str, Any]]) -> list[Outcome | None]:
    return [_post(raw, home, topics, f"post {number}") for number, raw in enumerate(posts, 1)]


def _place(home: str, topic: int, number: int, slug: str | None) -> tuple[str | None, str | None]:
    """Return the id of a post, which is its place in its forum, and its address; neither where the forum is not known."""
    if not home:
        return None, None
    return f"{home.partition('://')[2]}t/{topic}/{number}", urljoin(home, f"t/{slug or '-'}/{topic}/{number}")


def _topic(raw: object, home: str, where: str) -> Outcome:
    topic = _api.record(_Topic, raw, where, INFO.name)
    if isinstance(topic, Problem):
        return topic
    slug = topic.slug or next(iter(re.findall(r"/t/([^/]+)/\d", topic.url or "")), None)
    native, url = _place(home, topic.id, 1, slug)
    return Mention(source=INFO.name, native_id=native, url=url, published=topic.created_at, title=topic.title, text=_api.plain(topic.excerpt or topic.blurb),
                   engagement=_api.counts(comments=topic.reply_count, likes=topic.like_count, views=topic.views))  # fmt: skip


def _post(raw: object, home: str, topics: dict[Any, dict[str, Any]], where: str) -> Outcome | None:
    post = _api.record(_Post, raw, where, INFO.name)
    if isinstance(post, Problem):
        return post
    if post.hidden or post.deleted_at or post.post_type == _NOTE:
        return None
    topic = topics.get(post.topic_id, {})
    title, slug = (value if isinstance(value, str) else None for value in (topic.get("title"), topic.get("slug")))
    native, url = _place(home, post.topic_id, post.post_number, post.topic_slug or slug)
    return Mention(source=INFO.name, native_id=native, url=url, published=post.created_at, kind="post" if post.post_number == 1 else "comment", title=post.topic_title or title,
                   text=_api.plain(post.cooked or post.blurb), author=post.username, engagement=_api.counts(comments=post.reply_count, likes=post.like_count))  # fmt: skip
