"""The small values that go into the store and come out of it. Plain tuples: cheap to import."""

from __future__ import annotations

from typing import NamedTuple


class Saved(NamedTuple):
    """What a save did, counted by sight. `new_ids` are the rows of new items (a profile has none).

    `repeated` are the sights without an id, among the unchanged, that say what an earlier one of the same save said.
    """

    new: int
    revised: int
    unchanged: int
    new_ids: tuple[int, ...]
    repeated: int = 0


class Doubt(NamedTuple):
    """An employer whom an item names and probably does not mean: relevance 0 to 1, and why."""

    employer: str
    relevance: float
    reasons: tuple[str, ...]


class ListRow(NamedTuple):
    """An item of a list of reviews: when it was last in it, and how many whole lists lacked it since."""

    identity: str
    published: str
    seen: str
    lacked: int = 0
    lacked_at: str | None = None


class PageRow(NamedTuple):
    """How to revalidate a page, and where in the archive its last body stands."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    archive_file: str | None = None
    offset: int | None = None
    fetched_at: str | None = None


class ProblemRow(NamedTuple):
    """One thing that could not be read; `place` is the file or URL it stands in."""

    source: str | None
    place: str
    reason: str
    detail: str = ""


class Gap(NamedTuple):
    """What a page cap left out of a walk: `token` is where a later walk starts."""

    id: int
    watch_key: str
    token: str
    recorded_run: int
