"""Google News, searched through its feed. Off until the settings accept its terms, which allow personal use alone.

A target is a phrase, or `phrase@COUNTRY:language`: `Acme@BE:nl` (without one, Belgium in French). One answer holds at most a
hundred stories and there are no pages, so a period is asked for in weeks. Links are Google's own and are not followed.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from datetime import date, timedelta
from urllib.parse import urlencode, urlsplit

from repwatch.models import Outcome, Page, Read, Refused, Request, SourceInfo, Watch
from repwatch.refusals import CONSENT, looks_like_html
from repwatch.sources import _api
from repwatch.sources._preset import read_feed

INFO = SourceInfo(
    name="googlenews", title="Google News", door="feed", languages=("fr", "nl", "en", "de"), pace_s=5.0, target="query", ask_terms=True,
    aim=r"@[A-Za-z]{2}:[a-z]{2}$", whole_text=False,
    terms="Google gives this feed for personal, non-commercial use in a feed reader, which watching for a firm is not: Google Alerts is made for that.",
    verified="a recorded answer of 2022; the links of 2026 as described",
)  # fmt: skip

_SEARCH = "https://news.google.com/rss/search"
_AIM = re.compile(r"(?P<phrase>.+)@(?P<country>[A-Za-z]{2}):(?P<language>[a-z]{2})", re.DOTALL)
_WEEK = timedelta(days=7)


def walk(watch: Watch) -> Generator[Request, Read, None]:
    """Ask week by week, the newest first. robots.txt is obeyed: this is no documented interface."""
    found = _AIM.fullmatch(watch.target.strip())
    phrase, country, language = (found["phrase"].strip(), found["country"].upper(), found["language"]) if found else (watch.target.strip(), "BE", "fr")
    end = date.fromisoformat(watch.resume) if watch.resume else watch.until + timedelta(days=1)
    while end > watch.since:
        start = max(end - _WEEK, watch.since)
        query = {"q": f"{_api.quoted(phrase)} after:{start} before:{end}", "hl": language, "gl": country, "ceid": f"{country}:{language}"}
        yield Request(url=f"{_SEARCH}?{urlencode(query)}", expect="feed", resume=end.isoformat())
        end = start


def parse(page: Page) -> Iterator[Outcome]:
    """Read the stories: title, publisher and date; their texts are links to other stories, and no text."""
    if looks_like_html(page.body) or (urlsplit(page.url).hostname or "").startswith("consent."):
        yield Refused(source=INFO.name, reason=CONSENT, detail="a web page in the place of the feed")
        return
    yield from read_feed(page, INFO.name)
