"""Any feed: RSS, Atom, JSON Feed; and the ways of those who publish them (Google Alerts and News, Bing, Reddit, Mastodon, YouTube)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Generator, Iterator
from typing import Literal
from urllib.parse import parse_qs, urlsplit

from pydantic import ValidationError

from repwatch.errors import LayoutChanged
from repwatch.models import Mention, NoResults, Outcome, Page, Problem, Read, Request, SourceInfo, Watch
from repwatch.refusals import find_refusal, looks_like_html
from repwatch.sources._feedjson import JsonEntry, read_feed_json
from repwatch.sources._feedxml import Channel, Feed, read_xml
from repwatch.sources._lenient import Foreign, absolute, complaint, host
from repwatch.sources._when import language

INFO = SourceInfo(
    name="feed", title="Feeds: RSS, Atom, JSON Feed, Google Alerts",
    marks=(b"<rss", b"<feed", b"<rdf:RDF", b"<channel", b"jsonfeed.org/version", b"jsonfeed.org\\/version", b'"home_page_url"', b'"feed_url"', b'"rss":'),
    door="feed", languages=("fr", "nl", "en", "de"), pace_s=2.0, terms="each site's own; robots.txt is obeyed; Google News allows personal use only, Google Alerts is the way for firms",
    verified="recorded feeds of news sites, blogs, Google Alerts 2019, Google News 2022",
)  # fmt: skip


class Entry(Foreign):
    """One entry, whatever the format of its feed."""

    id: str | None = None
    link: str | None = None
    title: str = ""
    text: str = ""
    published: str | None = None
    lang: str | None = None
    author: str | None = None
    publisher: str | None = None


def walk(watch: Watch) -> Generator[Request, Read, None]:
    """Ask for the feed itself: it is one page, and what has fallen off its end is gone."""
    yield Request(url=watch.target, expect="feed")


def parse(page: Page) -> Iterator[Outcome]:
    """Read a feed. A feed that is cut gives its whole entries and a Problem."""
    refusal = find_refusal(page, source=INFO.name)
    if refusal:
        yield refusal
        return
    feed = None if looks_like_html(page.body) else _read(page)
    if feed is None:
        raise LayoutChanged("no feed in page", where=INFO.name)
    entries = []
    for place, record in enumerate(feed.entries, 1):
        try:
            entry = Entry.model_validate(JsonEntry.model_validate(record).record() if feed.json else record)
        except ValidationError as error:
            yield complaint(INFO.name, error, f"entry {place}")
            continue
        if entry.title or entry.text or entry.link:
            entries.append(entry)
        else:
            yield Problem(source=INFO.name, reason="empty_entry", detail=f"entry {place} has neither title, text nor link")
    uses = Counter(entry.id for entry in entries)
    for entry in entries:
        yield _mention(entry, feed.channel, page.url, shared=uses[entry.id] > 1)
    if feed.cut:
        yield Problem(source=INFO.name, reason="cut", detail="the feed ends before its end; only whole entries are read")
    elif not feed.entries:
        yield NoResults(source=INFO.name)


def _read(page: Page) -> Feed | None:
    start = page.body[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    return read_feed_json(page.body) if start.startswith(b"{") else read_xml(page)


def _mention(entry: Entry, channel: Channel, base: str, *, shared: bool) -> Mention:
    link = _target(absolute(base, entry.link))
    kind, title, text = _kind(entry, channel, link), entry.title, entry.text
    if _is_google_news(entry, channel):
        title, text = _without_publisher(title, entry.publisher), ""
    elif within(host(link), "reddit.com"):
        text = _REDDIT_TAIL.sub("", text)
    return Mention(source=INFO.name, native_id=link if shared else _identity(entry.id, link, base), url=link, published=entry.published,
                   lang=language(entry.lang) or language(channel.lang), kind=kind, title=title or None, text=text,
                   author=entry.author or channel.author or None)  # fmt: skip


_BARE = re.compile(r"[\w.-]{1,15}")
_REDDIT_ID = re.compile(r"t[1-6]_\w+")


def _identity(given: str | None, link: str | None, base: str) -> str | None:
    """Return the entry's own id. A bare number is an id on its own site only, and gets the site's name."""
    given = (given or "").strip()
    if not given:
        return link
    if _BARE.fullmatch(given) and not _REDDIT_ID.fullmatch(given):
        site = host(link or base)
        return f"{site}:{given}" if site else given
    return given


def _target(link: str | None) -> str | None:
    """Return where a link of Google Alerts or Bing News leads; both carry the address of the story."""
    try:
        parts = urlsplit(link or "")
    except ValueError:  # pragma: no cover — the link has been split before
        return link
    alert = re.fullmatch(r"(www\.)?google\.[a-z.]{2,6}", parts.netloc) and parts.path == "/url"
    bing = within(parts.hostname, "bing.com") and parts.path.lower().endswith("/apiclick.aspx")
    if not alert and not bing:
        return link
    query = parse_qs(parts.query)
    wanted = query.get("url") or query.get("q") or [""]
    return absolute(None, wanted[0]) or link


_POSTS = ("reddit.com", "youtube.com", "youtu.be", "bsky.app")


def _kind(entry: Entry, channel: Channel, link: str | None) -> Literal["post", "comment", "article"]:
    if (entry.id or "").startswith("t1_"):
        return "comment"
    posted = within(host(link), *_POSTS) or (entry.id or "").startswith(("t3_", "yt:video:"))
    return "post" if posted or channel.generator.lower().startswith("mastodon") else "article"


def _is_google_news(entry: Entry, channel: Channel) -> bool:
    return "news.google.com" in (host(channel.link), host(entry.link))


def _without_publisher(title: str, publisher: str | None) -> str:
    return title.removesuffix(f" - {publisher}") if publisher else title


_REDDIT_TAIL = re.compile(r"\s*submitted by\s+/?u/\S+(\s+to\s+/?r/\S+)?(\s*\[link\])?(\s*\[comments\])?\s*\Z")


def within(name: str | None, *domains: str) -> bool:
    """Tell whether the host `name` is one of `domains` or below one, on label borders."""
    return name is not None and any(name == domain or name.endswith(f".{domain}") for domain in domains)
