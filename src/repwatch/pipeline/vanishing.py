"""Notice reviews that have vanished: pages of lists are noted as they are read, and laid over what was in them before."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from repwatch.analysis.listing import Listed, Listing, Sheet, address_of, gapless, look_again
from repwatch.models import Outcome, Page, Problem, Profile, Refused, Review
from repwatch.store.rows import ListRow

if TYPE_CHECKING:
    from repwatch.pipeline.saving import Desk
    from repwatch.store import Seen


class Sight(NamedTuple):
    """A page of a list as it was read: which list, when, and what stood in it."""

    key: str
    source: str
    employer: str
    at: str
    sheet: Sheet


def note(desk: Desk, page: Page | None, source: str | None, employer: str, outcomes: Sequence[Outcome], seen: Sequence[Seen]) -> None:
    """Note a page of reviews, unless something on it could not be read: it may be the very one that is looked for.

    `seen` are its items as they are stored: ids that hold a person's account are keyed there.
    """
    reviews = [each.item for each in seen if isinstance(each.item, Review)]
    if desk.sights is None or page is None or not page.url or not reviews or any(isinstance(each, Problem | Refused) for each in outcomes):
        return
    address, number, offset = address_of(page.url)
    shown = next((each.filter or "" for each in outcomes if isinstance(each, Profile) and each.filter), "")
    sheet = Sheet(number, offset, tuple((each.native_id, each.published) for each in reviews))
    desk.sights.append(Sight(f"{source}|{employer}|{address}|{shown}", source or "", employer, page.fetched_at or desk.now, sheet))


def settle(desk: Desk) -> list[int]:
    """Lay the lists of this run over those before; mark what has vanished and return the items."""
    gone: list[int] = []
    for key, day in sorted({(sight.key, sight.at[:10]) for sight in desk.sights or ()}, key=lambda pair: (pair[1], pair[0])):
        sights = [sight for sight in desk.sights or () if sight.key == key and sight.at[:10] == day]
        newest = {(sight.sheet.number, sight.sheet.offset): sight for sight in sorted(sights, key=lambda sight: sight.at)}
        listing = gapless(sight.sheet for sight in newest.values())
        if listing is not None:
            at = max(sight.at for sight in newest.values())
            found = desk.store.relist(key, sights[0].source, sights[0].employer, at, partial(_decide, listing, at))
            desk.store.vanish(desk.run, found, at)
            gone += found
    return gone


def _decide(listing: Listing, at: str, rows: Sequence[ListRow], last: str | None) -> tuple[list[ListRow], list[str]]:
    after, gone = look_again([Listed(*row) for row in rows], last, listing, at)
    return [ListRow(*row) for row in after], gone
