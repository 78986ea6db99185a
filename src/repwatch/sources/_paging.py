"""When to stop turning the pages of a site that shows the newest reviews first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from repwatch.models import Read, Review


def last_page(since: date) -> Callable[[Read], bool]:
    """Return what tells of each page read whether it is the last to ask for.

    It is where no review stands on it, none that was not met before, or only such as are older than `since`.
    """
    first = since.isoformat()
    met: set[str | None] = set()

    def is_last(read: Read) -> bool:
        reviews = [one for one in read.items if isinstance(one, Review)]
        known = {one.native_id for one in reviews} <= met
        met.update(one.native_id for one in reviews)
        # A review of which only the month is told is as old as that month.
        return known or all(one.published is not None and one.published[:10] < first[: len(one.published)] for one in reviews)

    return is_last
