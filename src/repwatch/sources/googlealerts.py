"""Google Alerts delivered as a feed: the sanctioned way to news from everywhere. A preset of the source for feeds.

The address of such a feed is its own key: repwatch asks for it and shows it nowhere. (The client knows the true address; a
watch, the ledger, the archive and the store know one with a mark in the place of the secret.)
"""

from __future__ import annotations

from collections.abc import Generator, Iterator

from repwatch.models import Outcome, Page, Read, Refused, Request, SourceInfo, Watch
from repwatch.refusals import LOGIN, looks_like_html
from repwatch.sources._preset import read_feed

INFO = SourceInfo(
    name="googlealerts", title="Google Alerts", door="feed with a secret address", languages=("fr", "nl", "en", "de"), pace_s=5.0, whole_text=False,
    terms="made for this: choose delivery to a feed in the alert; its address is a secret of yours, and shown nowhere",
    verified="a recorded feed of 2019",
)  # fmt: skip


def walk(watch: Watch) -> Generator[Request, Read, None]:
    """Ask for the feed; up to twenty entries stand in it, the newest first."""
    # The address was given to its owner for programs: it is a documented interface, as a key is.
    yield Request(url=watch.target, expect="feed", api=True)


def parse(page: Page) -> Iterator[Outcome]:
    """Read every entry of the feed."""
    if looks_like_html(page.body):
        yield Refused(source=INFO.name, reason=LOGIN, detail="a web page stands there: the alert was removed, or its delivery changed to mail")
        return
    yield from read_feed(page, INFO.name)
