"""Feeds: RSS, Atom, JSON Feed, Google Alerts. One source for newsrooms, blogs, alerts and every site that offers one."""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from time import struct_time
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

from pydantic import ValidationError

from repwatch.errors import LayoutChanged
from repwatch.models import Mention, NoResults, Outcome, Page, Problem, Read, Request, SourceInfo, Watch
from repwatch.sources._fragment import to_text

INFO = SourceInfo(
    name="feed", title="Feeds: RSS, Atom, JSON Feed, Google Alerts",
    marks=(b"<rss", b"<feed", b"<rdf:RDF", b"<channel", b"jsonfeed.org", b'"home_page_url"', b'"feed_url"', b'"rss":'),
    door="feed", languages=("fr", "nl", "en", "de"), pace_s=2.0, terms="each site's own; robots.txt is obeyed",
    verified="recorded feeds of news sites, blogs, Google Alerts 2019, Google News 2022",
)  # fmt: skip

_POSTS = ("reddit.com", "youtube.com", "mastodon", "bsky.app")
_REDIRECTS = {"www.google.com/url": "url", "www.bing.com/news/apiclick.aspx": "url"}
_REDDIT_TAIL = re.compile(r"\s*submitted by\s+/?u/\S+(\s+to\s+r/\S+)?\s*(\[link\])?\s*(\[comments\])?\s*$")
_ROOT = re.compile(rb"<(rss|feed|rdf:RDF|channel)\b", re.IGNORECASE)
_HEAD = 4096
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LANG = re.compile(r"[A-Za-z]{2,3}(?=$|[-_])")


def walk(watch: Watch) -> Generator[Request, Read, None]:
    """Ask for the feed; a feed has one page."""
    yield Request(url=watch.target, expect="feed")


def parse(page: Page) -> Iterator[Outcome]:
    """Read every entry of a feed; a broken tail costs its own entry only."""
    body = page.body.lstrip(b"\xef\xbb\xbf \t\r\n")
    yield from _json_feed(body) if body[:1] in (b"{", b"[") else _xml_feed(page)


def _xml_feed(page: Page) -> Iterator[Outcome]:
    import feedparser

    # Bytes only: given an address, feedparser would fetch it. The headers carry the charset.
    told = feedparser.parse(page.body.lstrip(b" \t\r\n"), response_headers={"content-type": page.headers.get("content-type", "application/xml"), "content-location": page.url})
    if not told.entries:
        if not _ROOT.search(page.body[:_HEAD].replace(b"\x00", b"")) or _torn(told):
            raise LayoutChanged("no whole feed in page", where=INFO.name)
        yield NoResults(source=INFO.name)
    language = told.feed.get("language")
    site = urlsplit(page.url).hostname or told.feed.get("link") or ""
    for number, entry in enumerate(told.entries, 1):
        yield _made(number, _xml_entry(entry, language, str(site)))
    # A wrong charset label or an odd namespace is healed by feedparser; what it could not parse to the end is not.
    if told.entries and _torn(told):
        yield Problem(source=INFO.name, reason="feed not well-formed", detail=str(told.bozo_exception)[:200])


def _torn(told: Any) -> bool:
    return bool(told.bozo) and "SAXParse" in type(told.get("bozo_exception")).__name__


def _xml_entry(entry: Any, language: str | None, site: str) -> dict[str, Any]:
    link = target_of(entry.get("link") or "")
    title = to_text(entry.get("title"))
    publisher = to_text((entry.get("source") or {}).get("title"))
    google = "news.google.com" in link
    if google and publisher and title.endswith(f" - {publisher}"):
        title = title.removesuffix(f" - {publisher}")
    content = next((part.get("value") for part in entry.get("content") or () if part.get("value")), None) or entry.get("summary") or ""
    lang = next((part.get("language") for part in entry.get("content") or () if part.get("language")), None) or entry.get("language") or entry.get("dc_language") or language
    return {"native_id": entry.get("id") or link or None, "url": link or None, "title": title or None, "lang": _lang(lang),
            # Google News fills its description with links to other stories: that is nobody's text.
            "text": "" if google else _REDDIT_TAIL.sub("", to_text(content)), "author": entry.get("author") or None, "kind": _kind(link, site),
            "published": _published(entry)}  # fmt: skip


def _published(entry: Any) -> str | None:
    for name in ("published", "updated", "created"):
        # `dict.get`: feedparser's own would give one date for another, with a warning.
        parsed, raw = dict.get(entry, f"{name}_parsed"), str(dict.get(entry, name) or "").strip()
        if isinstance(parsed, struct_time):
            if _DAY.fullmatch(raw):
                return raw
            try:
                return datetime.fromtimestamp(calendar.timegm(parsed), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            except (ValueError, OverflowError, OSError):
                continue
    return None


def _json_feed(body: bytes) -> Iterator[Outcome]:
    try:
        told = json.loads(body, strict=False)
    except ValueError as error:
        raise LayoutChanged(f"no feed in page: {error}", where=INFO.name) from error
    if isinstance(told, dict) and isinstance(told.get("rss"), dict):
        told = {"items": _listed((told["rss"].get("channel") or {}).get("item")), "version": "rss"}
    if not isinstance(told, dict) or not isinstance(told.get("items"), list) or not any(name in told for name in ("version", "home_page_url", "feed_url")):
        raise LayoutChanged("no feed in page", where=INFO.name)
    if not told["items"]:
        yield NoResults(source=INFO.name)
    for number, item in enumerate(told["items"], 1):
        if isinstance(item, dict):
            yield _made(number, _json_entry(item, told.get("language")))
        else:
            yield Problem(source=INFO.name, reason="not an object", detail=f"entry {number}")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _json_entry(item: dict[str, Any], language: Any) -> dict[str, Any]:
    link = target_of(str(item.get("url") or item.get("external_url") or item.get("link") or ""))
    authors = [each for each in (*_listed(item.get("authors")), item.get("author")) if isinstance(each, dict)]
    native = item.get("id") if item.get("id") not in (None, "") else item.get("guid")
    text = item.get("content_text") or to_text(item.get("content_html") or item.get("description")) or to_text(item.get("summary"))
    return {"native_id": str(native) if native else link or None, "url": link or None, "title": to_text(str(item.get("title") or "")) or None, "lang": _lang(item.get("language") or language),
            "text": str(text or ""), "author": str(authors[0].get("name") or "") or None if authors else None, "kind": _kind(link, ""),
            "published": _instant(item.get("date_published") or item.get("date_modified") or item.get("pubDate"))}  # fmt: skip


def _instant(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    if _DAY.fullmatch(value.strip()):
        return value.strip()
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment.tzinfo else moment.strftime("%Y-%m-%dT%H:%M:%S")


def _made(number: int, fields: dict[str, Any]) -> Outcome:
    if not (fields["title"] or fields["text"] or fields["url"]):
        return Problem(source=INFO.name, reason="empty entry", detail=f"entry {number}")
    try:
        return Mention(source=INFO.name, **fields)
    except ValidationError as error:
        return Problem(source=INFO.name, reason="a field does not fit", detail=f"entry {number}: {error.errors(include_url=False)[0]['loc']}")


def target_of(link: str) -> str:
    """Return where a redirect link of Google Alerts or Bing leads; any other link as it is."""
    parts = _split(link) if link.startswith(("http://", "https://")) else None
    name = _REDIRECTS.get(f"{parts.netloc}{parts.path}") if parts else None
    if parts is None or name is None:
        return link
    target = parse_qs(parts.query).get(name, [""])[0]
    return target if target.startswith(("http://", "https://")) else link


def _split(link: str) -> SplitResult | None:
    try:
        return urlsplit(link)
    except ValueError:
        return None


def _lang(value: Any) -> str | None:
    found = _LANG.match(value.strip()) if isinstance(value, str) else None
    return found[0].lower() if found else None


def _kind(link: str, site: str) -> str:
    parts = _split(link) if link.startswith("http") else None
    place = (parts and parts.hostname) or site
    return "post" if any(host in place for host in _POSTS) else "article"
