"""Which sights are of one item, and what a second sight changes."""

from __future__ import annotations

import json

import pytest
from tests.store.conftest import LATER, Rows, interview, mention, review, run_of, score, seen

from repwatch.models import Response, Salary
from repwatch.store import Store
from repwatch.store.identity import day_of, derive, merge, stars_of


def test_same_items_again_change_nothing(store: Store, rows: Rows) -> None:
    """A second save of the same sights is unchanged, row by row."""
    items = [seen(review(), score=score()), seen(review(None)), seen(mention(), "Acme", "Globex")]
    first = store.save(run_of(store), items)
    before = rows("SELECT * FROM item") + rows("SELECT * FROM rollup") + rows("SELECT * FROM score")
    again = store.save(run_of(store), items)

    assert (*first[:3], len(first.new_ids)) == (2, 0, 1, 2)
    assert again == (0, 0, 3, (), 0)
    assert before == rows("SELECT * FROM item") + rows("SELECT * FROM rollup") + rows("SELECT * FROM score")


def test_other_content_is_a_revision(store: Store, rows: Rows) -> None:
    """What an item said before stays, with when it was replaced."""
    run = run_of(store)
    store.save(run, [seen(review())])
    saved = store.save(run, [seen(review(rating=2), at=LATER)])

    assert saved == (0, 1, 0, (), 0)
    [(replaced, old)] = rows("SELECT replaced, data FROM revision")
    assert (replaced, json.loads(old)["rating"]) == (LATER, 4.0)
    assert rows("SELECT stars FROM item") == [(20,)]


def test_going_back_is_a_revision_on_a_live_page_and_an_old_copy_in_a_file(store: Store) -> None:
    """A live page that shows the old text again has changed; an old file has not."""
    check, file = run_of(store), run_of(store, "import")
    store.save(check, [seen(review())])
    store.save(check, [seen(review(rating=2))])

    assert store.save(file, [seen(review(), score=score())]) == (0, 0, 1, (), 0)
    assert store.save(check, [seen(review())]) == (0, 1, 0, (), 0)


@pytest.mark.parametrize("change", [{"employer": "ACME nv"}, {"employer_id": "E7"}, {"helpful": 12}])
def test_counts_and_employer_are_updated_silently(
    store: Store, rows: Rows, change: dict[str, object]
) -> None:
    """Who is meant and counts that move on their own are no news."""
    run = run_of(store)
    store.save(run, [seen(review(helpful=1))])

    assert store.save(run, [seen(review(**{"helpful": 1} | change))]) == (0, 0, 1, (), 0)
    [(data,)] = rows("SELECT data FROM item")
    assert change.items() <= json.loads(data).items()
    assert rows("SELECT * FROM revision") == []


def test_engagement_is_laid_over_what_was_known(store: Store, rows: Rows) -> None:
    """A count that a page does not show stays."""
    run = run_of(store)
    store.save(run, [seen(mention(engagement={"likes": 1, "replies": 2}))])
    assert store.save(run, [seen(mention(engagement={"likes": 5}))]) == (0, 0, 1, (), 0)
    [(data,)] = rows("SELECT data FROM item")
    assert json.loads(data)["engagement"] == {"likes": 5, "replies": 2}


def test_fewer_fields_never_erase(store: Store, rows: Rows) -> None:
    """A sight that shows less is unchanged, and a month never replaces a day."""
    run = run_of(store)
    full = review(pros="Pay", subratings={"culture": 4, "pay": 3}, responses=(Response(text="Thanks"),))
    store.save(run, [seen(full)])
    less = review(title=None, body=None, rating=None, published="2026-11", subratings={"pay": 3})

    assert store.save(run, [seen(less)]) == (0, 0, 1, (), 0)
    assert [(full.model_dump_json(),)] == rows("SELECT data FROM item")


@pytest.mark.parametrize("first", ["r9", None])
def test_twins_become_one(store: Store, rows: Rows, first: str | None) -> None:
    """The same content with and without an id is one item with that id, whichever comes first."""
    run = run_of(store)
    store.save(run, [seen(review(first))])
    saved = store.save(run, [seen(review(None if first else "r9", title=" fine "))])

    assert saved.new == 0
    assert rows("SELECT identity FROM item") == [("r9",)]


def test_an_id_less_twin_of_what_an_item_said_before_is_that_item(store: Store, rows: Rows) -> None:
    """An old file without ids does not bring an edited review back."""
    run = run_of(store)
    store.save(run, [seen(review())])
    store.save(run, [seen(review(body="Bad people."))])

    assert store.save(run_of(store, "import"), [seen(review(None))]) == (0, 0, 1, (), 0)
    assert rows("SELECT count(*) FROM item") == [(1,)]


def test_twins_in_one_batch(store: Store, rows: Rows) -> None:
    """Twins need not come in two saves."""
    items = [seen(review(None)), seen(review("r1")), seen(review(None)), seen(review("r2"))]
    assert store.save(run_of(store), items)[:3] == (2, 0, 2)
    assert rows("SELECT identity FROM item ORDER BY 1") == [("r1",), ("r2",)]


def test_two_with_the_same_derived_id_are_one(store: Store, rows: Rows) -> None:
    """The second is counted as unchanged, on every save of that file."""
    items = [seen(review(None, job_title="Cook")), seen(review(None, job_title="Waiter"))]
    assert store.save(run_of(store, "import"), items)[:3] == (1, 0, 1)
    assert store.save(run_of(store, "import"), items)[:3] == (0, 0, 2)
    assert store.save(run_of(store), items)[:3] == (0, 0, 2)
    assert rows("SELECT * FROM revision") == []


def test_a_native_id_counts_within_its_source_and_type(store: Store) -> None:
    """A review and an interview of one site may bear the same number."""
    items = [seen(review("7")), seen(review("7", source="kununu")), seen(interview("7", source="indeed"))]
    assert store.save(run_of(store), items).new == 3


def test_items_link_to_several_employers(store: Store, rows: Rows) -> None:
    """Links only grow by a save; without any the item's own employer is linked."""
    run = run_of(store)
    store.save(run, [seen(mention(), "Acme")])
    store.save(run, [seen(mention(), "Globex", "Acme")])
    store.save(run, [seen(review())._replace(employers=())])
    store.save(run, [seen(mention("m2"))._replace(employers=())])
    assert rows(
        "SELECT identity, name FROM item JOIN link ON item_id = item.id JOIN employer ON employer.id = employer_id ORDER BY 1, 2"
    ) == [("m1", "Acme"), ("m1", "Globex"), ("r1", "Acme")]


def test_first_seen_is_the_earliest(store: Store, rows: Rows) -> None:
    """An older page that turns up later moves the first sight back."""
    run = run_of(store)
    store.save(run, [seen(review(), at=LATER)])
    store.save(run, [seen(review())])
    store.save(run, [seen(review(), first_seen="2026-01-01T00:00:00Z")])
    assert rows("SELECT first_seen FROM item") == [("2026-01-01T00:00:00Z",)]


def test_vanished_and_back(store: Store, rows: Rows) -> None:
    """A live sight after an item vanished brings it back; a file does not."""
    run = run_of(store)
    [row] = store.save(run, [seen(review())]).new_ids
    store.vanish(run, [row], "2026-11-05T00:00:00Z")
    store.save(run_of(store, "import"), [seen(review(), at=LATER)])
    assert rows("SELECT vanished FROM item") == [("2026-11-05T00:00:00Z",)]
    store.save(run, [seen(review(), at=LATER)])
    assert rows("SELECT vanished FROM item") == [(None,)]


def test_the_newest_scorer_counts(store: Store, rows: Rows) -> None:
    """An older scorer never takes the word from a newer one; new words end old scores."""
    run = run_of(store)
    current = "SELECT label, version FROM item JOIN scorer ON scorer.id = item.scorer_id JOIN score ON score.item_id = item.id AND score.scorer_id = scorer.id"
    store.save(run, [seen(review(), score=score("positive", "v1"))])
    store.save(run, [seen(review(), score=score("negative", "v2"))])
    store.save(run, [seen(review(), score=score("neutral", "v1"))])
    assert rows(current) == [("negative", "v2")]
    assert rows("SELECT count(*) FROM score") == [(2,)]
    assert store.score(run, [(1, score("negative", "v2"))]) == 0
    assert store.score(run, [(1, score("mixed", "v3"))]) == 1
    assert rows(current) == [("mixed", "v3")]
    store.save(run, [seen(review(body="Other words"))])
    assert rows("SELECT * FROM score") == []


def test_derived_ids_look_at_words_first() -> None:
    """Case, blanks and other fields do not matter where there are words; with a title alone, or none, they tell items apart."""
    data = review(None).model_dump(mode="json")
    assert derive(data, "Acme") == derive({**data, "title": "FINE ", "rating": 1}, "Acme")
    assert derive(data, "Acme") != derive(data, "Globex")
    assert derive(data, "Acme") != derive({**data, "published": "2026-11-03"}, "Acme")
    bare = {**data, "title": None, "body": ""}
    assert derive(bare, "Acme") != derive({**bare, "rating": 1}, "Acme")
    titled = {**bare, "title": "Team lead", "published": "2025-03"}
    assert len({derive(each, "Acme") for each in (titled, {**titled, "title": " team  LEAD"}, {**titled, "rating": 1}, {**titled, "job_title": "Guard"})}) == 3
    pay = Salary(source="s", job_title="Cook", base={"p50": 1.0}).model_dump(mode="json")
    assert derive(pay, "Acme") == derive({**pay, "base": {"p50": 2.0}}, "Acme")
    asked = interview(None).model_dump(mode="json")
    assert derive(asked, "Acme") == derive({**asked, "questions": ["why  us?"]}, "Acme")


def test_days_and_stars() -> None:
    """A month counts from its first; stars are tenths on a scale of five, rounded half up."""
    assert [day_of(when) for when in (None, "2026-11", "2026-11-02", "2026-11-02T23:59:00-05:00")] == [
        ("", ""),
        ("2026-11-01", "month"),
        ("2026-11-02", "day"),
        ("2026-11-02", "day"),
    ]
    assert [
        stars_of(review(rating=rating, rating_scale=scale).model_dump())
        for rating, scale in ((3.55, 5), (3.6, 5), (8, 10), (0, 5))
    ] == [36, 36, 40, 0]
    assert [
        stars_of(row)
        for row in (review(rating=None).model_dump(), {**review().model_dump(), "rating_scale": 0}, mention().model_dump())
    ] == [None, None, None]


def test_merge_takes_fields_the_old_state_did_not_know() -> None:
    """A field added by a later version finds its place."""
    assert merge({"a": 1}, {"a": None, "b": None, "c": 2}) == {"a": 1, "b": None, "c": 2}
