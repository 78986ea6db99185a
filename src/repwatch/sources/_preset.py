"""What a preset of the source for feeds shares: the feed is read as any other, and bears the preset's name."""

from __future__ import annotations

from collections.abc import Iterator

from repwatch.errors import LayoutChanged
from repwatch.models import Outcome, Page
from repwatch.sources import feed


def read_feed(page: Page, source: str) -> Iterator[Outcome]:
    """Read every entry of a feed for `source`. Raises LayoutChanged where there is no feed."""
    try:
        for one in feed.parse(page):
            yield one.model_copy(update={"source": source})
    except LayoutChanged as error:
        raise LayoutChanged("no whole feed in the answer", where=source) from error
