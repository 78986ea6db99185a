"""Read along in the user's own browser: archive, recognise and store what the window receives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from repwatch import sources
from repwatch.errors import Exit
from repwatch.models import Item, Page, Request, SourceInfo
from repwatch.pipeline.collecting import Archive
from repwatch.pipeline.consenting import person_in
from repwatch.pipeline.importing import store_file
from repwatch.pipeline.reading import FileRead, read_page
from repwatch.pipeline.saving import Desk
from repwatch.refusals import CHALLENGE


class Read(NamedTuple):
    """What one answer of the site came to. `state` is as in the ledger, or `other` for what holds nothing that is watched."""

    url: str
    source: str | None
    state: str
    reason: str
    types: Counter[str]
    new: int = 0

    @property
    def challenged(self) -> bool:
        """Tell whether the site shows a test for humans instead of a page."""
        return self.reason == CHALLENGE


def info_for(url: str) -> SourceInfo | None:
    """Return what is known of the site at `url`, None for an unknown one."""
    name = sources.recognise(Page(url=url))
    return sources.load(name).INFO if name else None


def take(page: Page, number: int, archive: Archive, desk: Desk, employer: str | None) -> Read:
    """Archive an answer, then store what it holds. The page of a person who has not agreed is neither read nor kept."""
    if person_in(page.url, desk.employers, desk.store.privacy.consents(), date.fromisoformat(desk.now[:10])):
        return Read(page.url, None, "other", "", Counter())
    archive.page("browse", number, Request(url=page.url), page)
    read = read_page(page)
    items = [each for each in read.outcomes if isinstance(each, Item)]
    if read.state != "refused" and not items:
        # Most answers of a site hold nothing that is watched: menus, counts, advertisements.
        return Read(page.url, read.source, "other", read.reason, Counter())
    result = store_file(FileRead(Path(urlsplit(page.url).path.rpartition("/")[2] or "page"), read), desk, watched=employer)
    return Read(page.url, read.source, read.state, read.reason, result.types, result.new)


def read_along(pages: Callable[[Callable[[Page], None]], object], archive: Archive, desk: Desk, employer: str | None, tell: Callable[[Read], None]) -> Iterator[Read]:
    """Take each page that `pages` hands over, tell of it at once, and yield all of it in the end."""
    found: list[Read] = []

    def received(page: Page) -> None:
        found.append(take(page, len(found), archive, desk, employer))
        tell(found[-1])

    pages(received)
    yield from found


def exit_for(reads: list[Read]) -> Exit:
    """Return 0 when something was recognised, 4 when nothing was, 3 when part was refused."""
    good = any(each.types for each in reads)
    if not good:
        return Exit.NOTHING_READ
    return Exit.PARTIAL if any(each.state in ("refused", "partly", "failed") for each in reads) else Exit.OK
