"""Lists in the store: what two of them lack has vanished, unless another list shows it."""

from __future__ import annotations

from functools import partial

from tests.store.conftest import Rows, review, run_of, seen

from repwatch.analysis.listing import Listing
from repwatch.pipeline.vanishing import _decide
from repwatch.store import Store

FULL = Listing({"r1": "2026-11-03", "r2": "2026-11-02", "r3": "2026-11-01"}, "2026-11-01")
LESS = Listing({"r1": "2026-11-03", "r3": "2026-11-01"}, "2026-11-01")


def relist(store: Store, key: str, listing: Listing, at: str) -> list[int]:
    return store.relist(key, "indeed", "Acme", at, partial(_decide, listing, at))


def test_what_another_list_shows_is_there(store: Store) -> None:
    """A review that the French list still shows has not vanished, whatever the Dutch one lacks; once both lack it, it has."""
    store.save(run_of(store), [seen(review(name)) for name in ("r1", "r2", "r3")])
    found = [relist(store, key, listing, at) for key, listing, at in (
        ("nl", FULL, "2026-11-04T08:00:00Z"), ("nl", LESS, "2026-11-05T08:00:00Z"), ("fr", FULL, "2026-11-06T07:00:00Z"), ("nl", LESS, "2026-11-06T08:00:00Z"),
        ("fr", LESS, "2026-11-07T08:00:00Z"), ("fr", LESS, "2026-11-08T08:00:00Z"))]  # fmt: skip
    assert found == [[], [], [], [], [], [2]]


def test_a_list_that_says_nothing_new(store: Store, rows: Rows) -> None:
    """The same list on the same instant changes no row; an older one not even the instant of the last."""
    for listing, at in ((FULL, "2026-11-04T08:00:00Z"), (FULL, "2026-11-04T08:00:00Z"), (LESS, "2026-11-01T08:00:00Z")):
        assert relist(store, "nl", listing, at) == []
    assert rows("SELECT seen FROM listing") == [("2026-11-04T08:00:00Z",)]
    assert rows("SELECT identity, lacked FROM listed") == [("r1", 0), ("r2", 0), ("r3", 0)]


def test_ids_that_are_keyed_anew_or_forgotten(store: Store, rows: Rows) -> None:
    """A list follows the id of a review when its account gets another pseudonym, and holds none that was forgotten."""
    run = run_of(store)
    store.save(run, [seen(review(name, source="indeed")) for name in ("r1", "r2", "r3")])
    relist(store, "nl", FULL, "2026-11-04T08:00:00Z")
    store.privacy.rewrite_all(run, lambda data: {**data, "native_id": data["native_id"].replace("r1", "p1")}, ("key", {}))
    store.privacy.erase(run, [2], (), (), "2026-11-05T08:00:00Z")
    assert rows("SELECT identity FROM listed") == [("p1",), ("r3",)]
