"""What the store does for the people in it: find, erase, let go, write anew, consent and log."""

from __future__ import annotations

import json
from datetime import date

import pytest
from tests.store.conftest import NOON, Rows, interview, mention, review, run_of, score, seen

from repwatch.models import Consent, Response
from repwatch.pipeline.protecting import protect_stored
from repwatch.store import PageRow, Store
from repwatch.store.consents import chain, first_broken
from repwatch.store.fading import Limits
from repwatch.store.identity import without_text
from repwatch.store.privacy import Wanted
from repwatch.text.masking import Masker

P = "p0123456789abcdef"
NEVER = Limits("0", "0", "0")


def mask(data: dict) -> dict:
    return protect_stored(data, None, Masker())


@pytest.mark.parametrize(("wanted", "found"), [
    (Wanted(), []), (Wanted(ids=(2, 9)), ["b"]), (Wanted(authors=(P,)), ["a"]), (Wanted(urls=("https://a.example/b",)), ["b"]), (Wanted(source="hackernews"), ["a", "b"]), (Wanted(source="indeed"), ["c"]),
    (Wanted(employer="Beta"), ["b"]), (Wanted(since="2026-11-02"), ["a", "c"]), (Wanted(until="2026-11-01"), ["b"]), (Wanted(since="2026-11-02", source="indeed"), ["c"]), (Wanted(employer="Nobody"), []),
])  # fmt: skip
def test_what_is_wanted(store: Store, wanted: Wanted, found: list[str]) -> None:
    """All conditions hold together; asking for nothing finds nothing."""
    store.save(run_of(store), [seen(mention("a", author=P)), seen(mention("b", url="https://a.example/b", published="2026-11-01"), "Acme", "Beta"), seen(review("c"))])
    assert found == [held.identity for held in store.privacy.held(store.privacy.find(wanted))]


def test_all_that_is_held(store: Store) -> None:
    """An item comes with its past, its employers and its score."""
    run = run_of(store)
    store.save(run, [seen(review("r", body="Before"), "Acme", "Beta", score=score())])
    store.save(run, [seen(review("r", body="After"), "Acme", score=score("negative"))])
    (held,) = store.privacy.held([1])
    assert (held.employers, held.data["body"], [old["data"]["body"] for old in held.revisions], held.score["label"]) == (("Acme", "Beta"), "After", ["Before"], "negative")  # type: ignore[index]  # it has one
    assert len(set(held.derived)) == 2
    assert [store.privacy.said_elsewhere(piece, but) for piece, but in (("After", ()), ("Before", ()), ("After", (1,)), ("never", ()))] == [True, True, False, False]


def test_erasing(store: Store, rows: Rows) -> None:
    """Items go with all that hangs on them, roll-ups follow, pages are read afresh; the tombstones are found again."""
    run = run_of(store, "import")
    store.save(run, [seen(review("r1"), score=score()), seen(review("r2"))], pages=[PageRow("https://a.example/1", '"x"', None, "one.warc.gz", 5, NOON), PageRow("https://a.example/2")])
    store.save(run, [seen(review("r1", body="Other"))])
    store.privacy.moved("one.warc.gz", {5: 9})
    assert rows("SELECT archive_file, offset FROM page WHERE url LIKE '%1'") == [("one.warc.gz", 9)]
    store.privacy.moved("one.warc.gz", {})
    assert rows("SELECT etag, archive_file, offset FROM page WHERE url LIKE '%1'") == [(None, None, None)]
    store.privacy.erase(run, [1], ["d1", "d2"], ["https://a.example/2"], NOON)
    store.privacy.erase(run, [], ["d1"], [], NOON)
    assert [rows(f"SELECT count(*) FROM {table}")[0][0] for table in ("item", "revision", "score", "link", "journal", "page", "tombstone")] == [1, 0, 0, 1, 0, 1, 2]
    assert rows("SELECT what, n FROM rollup ORDER BY what") == [("all", 1), ("stars", 1), ("wait", 1)]
    assert (store.privacy.buried(["d1", "d3"]), store.privacy.has_tombstones()) == (frozenset({"d1"}), True)


def test_places_that_name_somebody(store: Store, rows: Rows) -> None:
    """Rows of cursors, gaps and pages that name a person go; the others stay."""
    run = run_of(store)
    for name in ("an", "bob"):
        store.set_cursor(f"hackernews|Acme|@{name}", {"until": "2026-11-01"})
        store.add_gap(run, f"hackernews|Acme|@{name}", "t")
        store.save(run, [], pages=[PageRow(f"https://a.example/@{name}")])
    assert store.privacy.forget_places(lambda text: "@an" in text) == 3
    assert [rows(f"SELECT count(*) FROM {table}")[0][0] for table in ("watch_cursor", "gap", "page")] == [1, 1, 1]


def test_texts_that_are_due(store: Store, rows: Rows) -> None:
    """Texts go by age and because they vanished, old states on their own; what is due is counted before, and nothing after."""
    run = run_of(store)
    store.save(run, [seen(review("old", responses=(Response(text="Thanks"),)), score=score(), at="2025-01-01T00:00:00Z"), seen(interview("gone")), seen(mention("kept"))])
    store.save(run, [seen(mention("kept", text="Other words"))])
    store.vanish(run, [2], "2026-10-01T00:00:00Z")
    limits = Limits("2025-06-01", "2026-10-15", "9999")
    assert (store.privacy.overdue(limits), store.privacy.overdue(NEVER)) == (3, 0)
    assert store.privacy.fade(run, NOON, limits) == {"age": 1, "vanished": 1, "revisions": 1}
    assert (store.privacy.overdue(limits), store.privacy.fade(run, NOON, limits)) == (0, {"age": 0, "vanished": 0, "revisions": 0})
    found = {line["native_id"]: line for line in store.export()}
    assert (found["old"]["title"], found["old"]["rating"], found["old"]["responses"], found["old"]["score"]["evidence"]) == (None, 4, [{"text": "", "published": None}], [])
    assert (found["gone"]["process"], found["gone"]["questions"], found["kept"]["text"]) == (None, [], "Other words")
    assert found["kept"]["revisions"][0]["data"]["text"] == ""
    assert sorted(why for (why,) in rows("SELECT why FROM faded")) == ["age", "vanished"]


def test_a_text_that_went_does_not_come_back(store: Store) -> None:
    """A new sight of an item without its text changes facts, not words; an item known by its words alone is still the same one."""
    run = run_of(store)
    store.save(run, [seen(review("r"), score=score()), seen(review(None, body="Without an id"))])
    store.privacy.fade(run, NOON, Limits("9999", "0", "0"))
    saved = store.save(run, [seen(review("r", rating=2), score=score("negative")), seen(review(None, body="Without an id"))])
    assert (saved.new, saved.revised) == (0, 1)
    first, second = sorted(store.export(), key=lambda line: line["native_id"])
    assert [(line["body"], line["title"], line["rating"]) for line in (first, second)] == [(None, None, 2), (None, None, 4)]
    assert first["score"]["label"] == "positive"


def test_an_old_file_of_an_edited_item(store: Store) -> None:
    """An old copy is known as one by its digest after its text went."""
    store.save(run_of(store), [seen(review("r", body="Before"))])
    store.save(run_of(store), [seen(review("r", body="After"))])
    store.privacy.fade(run_of(store), NOON, Limits("0", "0", "9999"))
    assert store.save(run_of(store, "import"), [seen(review("r", body="Before"))]).revised == 0
    assert next(iter(store.export()))["body"] == "After"


def test_writing_anew(store: Store, rows: Rows) -> None:
    """Items, their past and their journals are changed, part by part; an undo afterwards brings back what was masked."""
    store.save(run_of(store, "import"), [seen(mention("a", text="Bel 0470/12.34.56")), seen(mention("b", text="fine")), seen(mention("https://mastodon.social/@an/1", text="@an"))])
    second = run_of(store, "import")
    store.save(second, [seen(mention("a", text="Bel 0471/12.34.56"))])
    run = run_of(store, "mask")
    assert store.privacy.rewrite(run, mask, 0, ("k", {"v": 1}), limit=2) == 2
    assert (store.cursor("k"), store.privacy.find_after(2), store.privacy.between(0, 2)) == ({"v": 1, "item": 2}, 3, 2)
    assert store.privacy.rewrite(run, mask, 2) == 3
    assert store.privacy.rewrite(run, mask, 3) is None
    assert [(line["text"], [old["data"]["text"] for old in line["revisions"]]) for line in store.export()] == [("Bel <PHONE>", ["Bel <PHONE>"]), ("fine", []), ("<HANDLE>", [])]
    assert "0470" not in json.dumps(rows("SELECT before FROM journal"))
    store.undo(second)
    assert next(iter(store.export()))["text"] == "Bel <PHONE>"


def test_writing_all_anew_moves_ids(store: Store, rows: Rows) -> None:
    """An id that is written anew stays the item's identity, in its journal too."""
    store.save(run_of(store, "import"), [seen(mention("old-1", text="x"))])
    store.save(run_of(store, "import"), [seen(mention("old-1", text="y"))])
    change = lambda data: {**data, "native_id": data["native_id"].replace("old", "new")}  # noqa: E731 — one line
    assert store.privacy.rewrite_all(run_of(store, "rotate-key"), change, ("k", {"bytes": 64})) == 1
    assert rows("SELECT identity FROM item") == [("new-1",)]
    assert json.loads(rows("SELECT before FROM journal")[0][0])["identity"] == "new-1"
    assert store.save(run_of(store), [seen(mention("new-1", text="y"))]).unchanged == 1


def test_consents(store: Store) -> None:
    """A person has one consent a purpose; withdrawing deletes one or all."""
    one = Consent(who="An", purpose="posts", given=date(2026, 1, 1), expires=date(2026, 12, 31), how="by mail", accounts=("@an",))
    store.privacy.record(one, NOON)
    store.privacy.record(one.model_copy(update={"how": "in a talk"}), NOON)
    store.privacy.record(one.model_copy(update={"purpose": "quotes"}), NOON)
    assert [(each.purpose, each.how, each.accounts) for each in store.privacy.consents()] == [("posts", "in a talk", ("@an",)), ("quotes", "by mail", ("@an",))]
    assert [one.holds(date(2026, 12, 31)), one.holds(date(2027, 1, 1)), one.holds(date(2025, 12, 31))] == [True, False, False]
    assert [each.purpose for each in store.privacy.withdraw("An", "posts")] == ["posts"]
    assert [each.purpose for each in store.privacy.withdraw("An")] == ["quotes"]
    assert store.privacy.withdraw("An") == []


def test_the_chain(store: Store) -> None:
    """Each line holds the digest of the one before; a line that is changed, left out or put first shows."""
    for number in range(3):
        store.privacy.note(NOON, "forget", {"items": number})
    acts = store.privacy.acts()
    assert first_broken(acts) is None
    assert first_broken([acts[0], acts[1]._replace(detail={"items": 9}), acts[2]]) == 2
    assert first_broken([acts[0], acts[2]]) == 2
    assert first_broken(acts[1:]) == 1
    assert acts[0].digest == chain("", 1, NOON, "forget", {"items": 0})


def test_facts_without_words() -> None:
    """Taking the words out keeps the order of the fields, and doing it twice changes nothing."""
    data = review("r").model_dump(mode="json")
    kept = without_text(data)
    assert (list(kept), kept["body"], kept["rating"]) == (list(data), None, 4)
    assert kept == without_text(kept)
