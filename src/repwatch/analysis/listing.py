"""Lists of reviews that are looked at again, and what has vanished from them. Pure.

A list is of use only where nothing can hide in it: it begins at its top, its pages follow one another, nothing on them
was unreadable, and it stands in the order of dates, newest first. It says something of the places above its last date.
What is lacking there in two lists of different days has vanished. Where any of this is open, nothing is claimed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_PAGE_IN_PATH = re.compile(r"_P(\d+)(?=\.html?$)")
_NUMBERED = frozenset({"page", "pagenumber", "p"})
_OFFSET = frozenset({"start", "offset"})
_FEWEST = 3


class Sheet(NamedTuple):
    """One page of a list: its number (counted from 1) or the place of its first item (counted from 0), and its items in order.

    `items` are (id, published); an item without an id of the site's own is (None, published).
    """

    number: int | None
    offset: int | None
    items: tuple[tuple[str | None, str | None], ...]


class Listing(NamedTuple):
    """A gapless list: the ids in it with their dates, and the date of its last item."""

    present: Mapping[str, str]
    oldest: str


class Listed(NamedTuple):
    """An item of a list: when it was last in it, and how many lists of different days that cover its place lacked it since."""

    identity: str
    published: str
    seen: str
    lacked: int = 0
    lacked_at: str | None = None


def address_of(url: str) -> tuple[str, int | None, int | None]:
    """Return the address of the list that a page belongs to, and the number or the offset of the page in it."""
    parts = urlsplit(url)
    number, offset = 1, None
    found = _PAGE_IN_PATH.search(parts.path)
    if found:
        number = int(found[1])
    rest = []
    for name, value in sorted(parse_qsl(parts.query, keep_blank_values=True)):
        if name.lower() in _NUMBERED and value.isdecimal():
            number = int(value)
        elif name.lower() in _OFFSET and value.isdecimal():
            offset = int(value)
        else:
            rest.append((name, value))
    path = _PAGE_IN_PATH.sub("", parts.path)
    address = urlunsplit((parts.scheme, parts.netloc.lower(), path, urlencode(rest), ""))
    return address, (None if offset is not None else number), offset


def gapless(sheets: Iterable[Sheet]) -> Listing | None:
    """Join pages to one list from its top on; None where they are none that can be relied on."""
    items = _joined(list(sheets))
    # A page may show one review above the list that is not in its order.
    if len(items) > 1 and _later(items[1][1], items[0][1]):
        pinned, items = items[:1], items[1:]
    else:
        pinned = []
    dates = [published for _, published in items]
    if len(items) < _FEWEST or None in dates or len({date[:7] if date else None for date in dates} | {date[:10] if date else None for date in dates}) < _FEWEST:
        return None
    if any(_later(after, before) for before, after in pairwise(dates)):
        return None
    present = {identity: published or "" for identity, published in [*pinned, *items] if identity}
    return Listing(present, min((date or "" for date in dates), key=lambda date: (date[:7], date[:10])))


def _joined(sheets: list[Sheet]) -> list[tuple[str | None, str | None]]:
    """Return the items of the pages that follow one another from the first on."""
    items: list[tuple[str | None, str | None]] = []
    for number, sheet in enumerate(sorted((each for each in sheets if each.number is not None), key=lambda each: each.number or 0), 1):
        if sheet.number != number:
            return items
        items += sheet.items
    if items:
        return items
    for sheet in sorted((each for each in sheets if each.offset is not None), key=lambda each: each.offset or 0):
        if sheet.offset != len(items):
            return items
        items += sheet.items
    return items


def _later(one: str | None, other: str | None) -> bool:
    """Tell whether one date is surely later than the other, by what both tell: days, or months only."""
    if one is None or other is None:
        return False
    shorter = min(len(one), len(other), 10)
    return one[:shorter] > other[:shorter]


def covers(listing: Listing, published: str) -> bool:
    """Tell whether an item of this date would surely stand in the list: it is later than the last one."""
    return _later(published, listing.oldest)


def look_again(rows: Sequence[Listed], last: str | None, listing: Listing, at: str) -> tuple[list[Listed], list[str]]:
    """Lay a list, seen at the instant `at`, over what was in it before; return the rows and the ids that have vanished now.

    `last` is the instant of the newest list before. An older list changes nothing; one of the same day says no more of
    what is lacking than that day did already.
    """
    if last is not None and at < last:
        return list(rows), []
    found = {row.identity: row for row in rows}
    gone = []
    for row in rows:
        if row.identity in listing.present or not covers(listing, row.published):
            continue
        if at[:10] > (row.lacked_at or row.seen)[:10]:
            found[row.identity] = row._replace(lacked=row.lacked + 1, lacked_at=at)
            if row.lacked == 1:
                gone.append(row.identity)
    found |= {identity: Listed(identity, published, at) for identity, published in listing.present.items()}
    return [found[identity] for identity in sorted(found)], gone
