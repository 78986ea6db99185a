"""Feeds in JSON: JSON Feed 1 and 1.1, and RSS written as JSON."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any

from pydantic import Field

from repwatch.sources._decode import read_json
from repwatch.sources._feedxml import Channel, Feed
from repwatch.sources._fragment import one_line, plain, to_text
from repwatch.sources._lenient import Foreign, Name
from repwatch.sources._when import when


class _Author(Foreign):
    name: str | None = None


class _Guid(Foreign):
    value: Annotated[Name, Field(alias="#value")] = None


class JsonEntry(Foreign):
    """An item of a JSON Feed, or of RSS as JSON; the latter's names stand at the end."""

    id: Name = None
    url: str | None = None
    external_url: str | None = None
    title: Name = None
    summary: str | None = None
    content_html: str | None = None
    content_text: str | None = None
    date_published: Any = None
    date_modified: Any = None
    language: Any = None
    author: _Author | str | None = None
    authors: tuple[_Author, ...] | None = None
    guid: _Guid | Name = None
    link: str | None = None
    description: str | None = None
    pubDate: Any = None  # noqa: N815 — the format's own name

    def record(self) -> dict[str, Any]:
        """Return the entry in the words that XML feeds use."""
        guid = self.guid.value if isinstance(self.guid, _Guid) else self.guid
        html = self.content_html or (None if self.content_text else self.description)
        return {
            "id": self.id or guid,
            "link": self.url or self.external_url or self.link,
            "title": one_line(to_text(self.title or "") if self.link else self.title or ""),
            "text": to_text(html) if html else plain(self.content_text or self.summary or ""),
            "published": when(self.date_published) or when(self.pubDate) or when(self.date_modified),
            "lang": self.language if isinstance(self.language, str) else None,
            "author": _name(self.authors) or _name(self.author),
            "publisher": None,
        }


def _name(author: Any) -> str | None:
    """Return the name of an author: an object, a plain name, or the first of several."""
    if isinstance(author, tuple | list):
        author = author[0] if author else None
    if isinstance(author, dict):
        author = author.get("name")
    if isinstance(author, _Author):
        author = author.name
    return author if isinstance(author, str) else None


def read_feed_json(body: bytes) -> Feed | None:
    """Return the feed in `body`, None when it is no feed; of a feed that is cut, the entries that are whole."""
    try:
        answer = read_json(body)
    except ValueError:
        return _salvaged(body)
    if not isinstance(answer, dict):
        return None
    rss = answer.get("rss")
    channel = rss.get("channel") if isinstance(rss, dict) else None
    if isinstance(channel, dict):
        entries = channel.get("item", [])
        return Feed(_channel(channel), entries if isinstance(entries, list) else [entries], json=True)
    if isinstance(answer.get("items"), list) and _is_feed(answer):
        return Feed(_channel(answer), answer["items"], json=True)
    return None


def _is_feed(answer: dict[str, Any]) -> bool:
    """Tell a feed from the many answers that call their list `items`: it names its version, or its own address."""
    version = answer.get("version")
    named = isinstance(version, str) and ("jsonfeed.org" in version or version in ("1", "1.0", "1.1"))
    return named or ("title" in answer and ("feed_url" in answer or "home_page_url" in answer))


def _channel(feed: dict[str, Any]) -> Channel:
    texts = {key: value for key, value in feed.items() if isinstance(value, str)}
    return Channel(
        link=texts.get("home_page_url", texts.get("link", "")),
        generator=texts.get("generator", ""),
        lang=texts.get("language"),
        author=_name(feed.get("authors")) or _name(feed.get("author")),
    )


_ITEMS = re.compile(r'"items"\s*:\s*\[')
_HEAD = re.compile(r'jsonfeed\.org|"feed_url"|"home_page_url"')
_BETWEEN = re.compile(r"[\s,]*")


def _salvaged(body: bytes) -> Feed | None:
    text = body.decode(json.detect_encoding(body), "replace")
    start = _ITEMS.search(text)
    if not start or not _HEAD.search(text, 0, start.start()):
        return None
    entries, place, decoder = [], start.end(), json.JSONDecoder(strict=False)
    try:
        while True:
            place = (_BETWEEN.match(text, place) or start).end()
            entry, place = decoder.raw_decode(text, place)
            entries.append(entry)
    except (ValueError, RecursionError):
        return Feed(Channel(), entries, cut=True, json=True)
