"""XML feeds of every age, read by feedparser: no network, no files, no external entities."""

from __future__ import annotations

import re
import time
from io import BytesIO
from typing import Any, NamedTuple

from repwatch.errors import LayoutChanged, NestedTooDeeply
from repwatch.models import Page
from repwatch.sources._fragment import one_line, plain, to_text
from repwatch.sources._tree import is_hostile
from repwatch.sources._when import when


class Channel(NamedTuple):
    """What a feed says of itself."""

    link: str = ""
    generator: str = ""
    lang: str | None = None
    author: str | None = None


class Feed(NamedTuple):
    """A feed before its entries are checked. `cut` says that the document ends before its end."""

    channel: Channel
    entries: list[Any]
    cut: bool = False
    json: bool = False


_ROOT = re.compile(rb"<(?:[\w-]+:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_HEAD = 8_192
_FEW_SIGNS, _MOST_SIGNS = 8_000, 20_000
_SPACE = b" \t\r\n"
_BOM = b"\xef\xbb\xbf"
#: What feedparser was seen to raise on mutated feeds: names of encodings that are no text, keys that are missing.
_FAULTS = (LookupError, ValueError, OverflowError)
#: A character reference beyond Unicode costs feedparser the whole feed.
_BEYOND = re.compile(rb"&#(?:[xX]0*[0-9a-fA-F]{7,}|0*[1-9][0-9]{7,});")


def read_xml(page: Page) -> Feed | None:
    """Return the RSS or Atom feed in `page`, None when there is none. Raises NestedTooDeeply instead of reading without end."""
    body = page.body.lstrip(_SPACE)
    body = body[len(_BOM) :].lstrip(_SPACE) if body.startswith(_BOM) else body
    if not _ROOT.search(body[:_HEAD].replace(b"\0", b"")):
        return None
    _ensure_bounded(body)
    headers = {"content-location": page.url} if page.url.startswith(("http://", "https://")) else {}
    declared = page.headers.get("content-type", "")
    if "charset=" in declared.lower():
        headers["content-type"] = declared
    try:
        found = _parsed(body, headers)
        if _is_broken(found) and (mended := _mended(body)) != body:
            found = _parsed(mended, headers)
    except _FAULTS:
        return None
    if not found.get("version"):
        return None
    entries, cut = list(found.entries), False
    if _is_broken(found):
        whole, cut = _whole(body, found.get("encoding") or "utf-8")
        entries = entries[:whole] if cut else entries
    inherits = found.version.startswith("atom")
    return Feed(_channel(found.feed, inherits=inherits), [_record(entry) for entry in entries], cut)


def _ensure_bounded(body: bytes) -> None:
    """Stop before a feed that feedparser would read for hours: nested beyond reason, or broken and so full of signs that
    its second, tolerant parser would go over them again and again."""
    signs = body.count(b"<") + body.count(b"&")
    if signs < _FEW_SIGNS:
        return
    first, *rest = body.split(b"<![CDATA[")
    if is_hostile(first + b"".join(part.partition(b"]]>")[2] for part in rest), html=False):
        raise NestedTooDeeply("the feed is nested too deeply to be a real one")
    if signs > _MOST_SIGNS and not _is_well_formed(body) and not _is_well_formed(_mended(body)):
        raise LayoutChanged("the feed is broken, and too large to be mended", where="feed")


def _is_well_formed(body: bytes) -> bool:
    from xml.parsers import expat

    try:
        expat.ParserCreate().Parse(body, True)  # noqa: FBT003 — expat takes no names
    except (expat.ExpatError, ValueError, LookupError):
        return False
    return True


def _parsed(body: bytes, headers: dict[str, str]) -> Any:
    import feedparser

    # A stream and not the bytes themselves: feedparser opens bytes and strings that are names of files.
    stream = BytesIO(_BEYOND.sub(b"", body))
    return feedparser.parse(stream, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)


def _is_broken(found: Any) -> bool:
    return type(found.get("bozo_exception")).__name__ == "SAXParseException"


_BARE = re.compile(rb"&(?!#?\w{1,32};)")


def _mended(body: bytes) -> bytes:
    """Escape ampersands that stand alone, save in CDATA: feedparser would read `R&D` as an entity."""
    first, *rest = body.split(b"<![CDATA[")
    parts = [_BARE.sub(b"&amp;", first)]
    for part in rest:
        inside, end, outside = part.partition(b"]]>")
        parts.append(inside + end + _BARE.sub(b"&amp;", outside))
    return b"<![CDATA[".join(parts)


_ENTRY_END = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
_FEED_END = re.compile(r"</(?:\w+:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)


def _whole(body: bytes, encoding: str) -> tuple[int, bool]:
    """Count the entries that have an end, and tell whether the document lacks its own."""
    try:
        text = body.decode(encoding, "replace")
    except (LookupError, ValueError):
        text = body.decode("utf-8", "replace")
    first, *rest = text.split("<![CDATA[")
    outside = first + "".join(part.partition("]]>")[2] for part in rest)
    return len(_ENTRY_END.findall(outside)), not _FEED_END.search(outside)


def _channel(feed: dict[str, Any], *, inherits: bool) -> Channel:
    """Read the channel; in Atom an entry inherits language (feedparser has done that, blanks included) and author."""
    return Channel(
        link=_get(feed, "link") or "",
        generator=_get(feed, "generator") or "",
        lang=None if inherits else _get(feed, "language"),
        author=_get(feed, "author") if inherits else None,
    )


def _record(entry: dict[str, Any]) -> dict[str, Any]:
    title, summary = _detail(entry, "title_detail"), _detail(entry, "summary_detail")
    contents = [_plain(part) for part in dict.get(entry, "content") or []]
    told = [part.get("language") for part in (title, summary, *(dict.get(entry, "content") or []))]
    return {
        "id": _get(entry, "id"),
        "link": _get(entry, "link"),
        "title": one_line(_plain(title)),
        "text": max(contents, key=len, default="") or _plain(summary),
        "published": _date(entry, "published") or _date(entry, "updated") or _date(entry, "created"),
        "lang": next(filter(None, told), None),
        "author": _get(entry, "author"),
        "publisher": _get(_detail(entry, "source"), "title"),
    }


def _get(record: dict[str, Any], key: str) -> str | None:
    """Read `key` as it stands: feedparser's own access falls back to other keys, with warnings."""
    value = dict.get(record, key)
    return value if isinstance(value, str) else None


def _detail(record: dict[str, Any], key: str) -> dict[str, Any]:
    value = dict.get(record, key)
    return value if isinstance(value, dict) else {}


def _plain(detail: dict[str, Any]) -> str:
    """Return a text construct as plain text; feedparser has told texts with markup from those without."""
    value = detail.get("value") or ""
    return plain(value) if detail.get("type") == "text/plain" else to_text(value)


_CLOCK = re.compile(r"\d:\d|T\d")


def _date(entry: dict[str, Any], key: str) -> str | None:
    raw, parsed = _get(entry, key), dict.get(entry, f"{key}_parsed")
    exact = when(raw)
    if exact or not raw or not parsed or not 0 < parsed.tm_year < 10_000:
        return exact
    form = "%Y-%m-%dT%H:%M:%SZ" if _CLOCK.search(raw) else "%Y-%m-%d"
    return when(time.strftime(form, parsed).rjust(20 if "T" in form else 10, "0"))
