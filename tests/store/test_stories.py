"""Stories in the store: counted once, whatever the order of arrival; reviews are flagged and never merged."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.conftest import LATER, Rows, mention, review, run_of, score, seen
from tests.store.press import STORIES

from repwatch.models import AnyItem
from repwatch.store import Reader, Store, open_reader
from repwatch.store import stories as likely
from repwatch.store.fading import Limits
from repwatch.store.rows import Doubt

COPY = STORIES[0].text
CUT = " ".join(COPY.split()[:30]) + "…"


def story(native_id: str, text: str = COPY, **fields: Any) -> AnyItem:
    return mention(native_id, **{"source": "feed", "kind": "article", "text": text, "published": "2026-11-02", "url": f"https://{native_id}.example/1"} | fields)


@pytest.fixture
def reader(folder: Path, store: Store) -> Iterator[Reader]:
    with open_reader(folder) as reader:
        yield reader


def stories(folder: Path) -> list[list[str]]:
    """Return the stories as the ids of their items, faces first."""
    with open_reader(folder) as reader:
        every = {row["id"]: row["identity"] for row in reader.mentions(limit=None)}
        return sorted({tuple(every[item] for item in members) for members in reader.story_of(list(every)).values()})


def volume(reader: Reader, employer: str = "Acme") -> tuple[int, dict[str, int]]:
    return reader.histogram(employer)["all"], reader.copies(employer)


def test_a_story_counts_once(store: Store, reader: Reader) -> None:
    """Three papers print a text: the first counts, with its label; the others are copies of their source."""
    items = [story("b"), story("a", source="gdelt"), story("c", CUT, published="2026-11-03"), story("z", STORIES[1].text)]
    store.save(run_of(store), [seen(item, score=score()) for item in items])
    assert volume(reader) == (2, {"feed": 1, "gdelt": 1})
    assert reader.histogram("Acme", type="mention")["label"] == {"positive": 2}
    told = reader.mentions(fold=True)
    assert [(row["identity"], row["reach"]) for row in told] == [("b", {"mentions": 3, "sources": ["feed", "gdelt"], "sites": 3}), ("z", None)]
    assert [len(reader.mentions()), [row["identity"] for row in reader.mentions(fold=True, source="gdelt")]] == [4, ["a"]]
    assert [row["identity"] for row in reader.mentions("bakery", fold=True, label="positive", employer="Acme", since="2026-11-03")] == ["c"]


def test_the_face_moves_to_the_earlier(store: Store, reader: Reader) -> None:
    """A copy that was published before takes over, day and source included; an undated one never does."""
    run = run_of(store)
    store.save(run, [seen(story("late", published="2026-11-05"))])
    store.save(run, [seen(story("undated", published=None)), seen(story("early", source="gdelt", published="2026-11-01"))])
    assert [reader.per_day("Acme"), reader.copies("Acme")] == [[("2026-11-01", "", 1)], {"feed": 2}]


def test_each_employer_has_a_face(store: Store, reader: Reader) -> None:
    """A cut copy that no longer names the second employer does not count for it."""
    store.save(run_of(store), [seen(story("a"), "Acme"), seen(story("b", published="2026-11-03"), "Acme", "Beta")])
    assert [volume(reader), volume(reader, "Beta")] == [(1, {"feed": 1}), (1, {})]


def test_what_a_machine_sends_a_thousand_times(store: Store, folder: Path, reader: Reader) -> None:
    """A text that comes over and over with another number is one story, found and counted without a look at each of its items."""
    run = run_of(store)
    for start in range(0, 900, 300):
        store.save(run, [seen(story(f"n{number}", f"{COPY} {number}", published=f"2026-11-{number % 28 + 1:02}"), score=score()) for number in range(start, start + 300)])
    assert [len(found) for found in stories(folder)] == [900]
    assert [volume(reader), stories(folder)[0][0]] == [(1, {"feed": 899}), "n0"]
    with store._database.writing() as connection:
        ((_items, found),) = likely._sharing(connection, likely._fingerprints(connection, {900}))
        assert len(found) <= likely._ENOUGH
        assert len(likely._linked(connection, (), likely._Joined(frozenset({1})))) == 1


def test_the_face_of_each_story_is_marked(store: Store, rows: Rows) -> None:
    """Through growth, an edit, a merger of two stories, an undo and a rebuild: one face for each story and employer, the one that counts."""

    def marked() -> list[tuple[Any, ...]]:
        assert rows("SELECT count(*) FROM link JOIN item ON item.id = item_id WHERE (face IS NULL) = (again = 0 AND story IS NOT NULL AND type = 'mention') OR face <> story") == [(0,)]
        return rows("SELECT identity, employer_id FROM link JOIN item ON item.id = item_id WHERE face IS NOT NULL ORDER BY identity, employer_id")

    run = run_of(store)
    store.save(run, [seen(story("a", published="2026-11-05"), "Acme", "Beta"), seen(story("b", published="2026-11-04"), "Acme"), seen(review("r1", body=COPY))])
    assert marked() == [("a", 2), ("b", 1)]
    imported = run_of(store, "import")
    store.save(imported, [seen(story("c", published="2026-11-01"), "Acme", "Beta"), seen(story("d", STORIES[1].text), "Acme"), seen(story("e", STORIES[1].text), "Acme")])
    assert marked() == [("c", 1), ("c", 2), ("d", 1)]
    store.undo(imported)
    assert marked() == [("a", 2), ("b", 1)]
    store.save(run, [seen(story("b", STORIES[1].text), "Acme", at=LATER)])
    assert marked() == []
    store.save(run, [seen(story("f"), "Acme")])
    before = marked()
    store.rebuild_stories()
    assert (before, marked()) == ([("a", 2), ("f", 1)], before)


def test_an_older_store_learns_its_faces(folder: Path) -> None:
    """What was found before faces were marked is marked by the migration, as a new look would."""

    with Store.open(folder) as store:
        store.save(run_of(store), [seen(story("a"), "Acme", "Beta"), seen(story("b", published="2026-11-01"), "Acme"), seen(story("c", STORIES[1].text), "Acme")])
    with closing(sqlite3.connect(folder / "repwatch.db")) as connection, connection:
        wanted = connection.execute("SELECT item_id, employer_id, face FROM link ORDER BY 1, 2").fetchall()
        connection.executescript("DROP INDEX ix_link_face; ALTER TABLE link DROP COLUMN face; UPDATE alembic_version SET version_num = '0012'")
    Store.open(folder).close()
    with closing(sqlite3.connect(folder / "repwatch.db")) as connection:
        assert connection.execute("SELECT item_id, employer_id, face FROM link ORDER BY 1, 2").fetchall() == wanted
    assert sum(row[2] is not None for row in wanted) == 2


def test_alike_reviews_are_flagged(store: Store, reader: Reader) -> None:
    """Reviews with the same words are all counted, and each says how many are like it."""
    store.save(run_of(store), [seen(review("r1", body=COPY)), seen(review("r2", source="kununu", body=COPY)), seen(review("r3", body="Good people."))])
    assert [volume(reader), {row["identity"]: (row["alike"], row["reach"]) for row in reader.mentions(fold=True)}] == [(3, {}), {"r1": (1, None), "r2": (1, None), "r3": (0, None)}]


def test_a_text_that_changes_leaves_its_story(store: Store, folder: Path, reader: Reader) -> None:
    """An article that is rewritten is a story of its own; the rest stays together only where it still is alike."""
    run = run_of(store)
    store.save(run, [seen(story(name)) for name in "abc"])
    assert stories(folder) == [("a", "b", "c")]
    store.save(run, [seen(story("a", STORIES[1].text), at=LATER)])
    assert [stories(folder), volume(reader)] == [[("b", "c")], (2, {"feed": 1})]
    store.save(run, [seen(story("b", STORIES[2].text), at=LATER)])
    assert [stories(folder), volume(reader)] == [[], (3, {})]


def test_an_import_taken_back(store: Store, folder: Path, reader: Reader) -> None:
    """Undoing an import takes its copies out; the story's face and counts are again as before."""
    store.save(run_of(store), [seen(story("b")), seen(story("c"))])
    before = (stories(folder), volume(reader))
    run = run_of(store, "import")
    store.save(run, [seen(story("a", published="2026-10-01")), seen(story("b", CUT, published="2026-10-02"), "Acme", "Beta")])
    assert volume(reader) == (1, {"feed": 2})
    store.undo(run)
    assert (stories(folder), volume(reader)) == before


def test_a_doubt_moves_the_count(store: Store, reader: Reader) -> None:
    """When the face turns out to mean another employer, the next copy counts for the first."""
    run = run_of(store)
    store.save(run, [seen(story("a")), seen(story("b", source="gdelt"))])
    store.save(run, [seen(story("a"), "Beta", doubts=(Doubt("Acme", 0.1, ("another Acme",)),))])
    assert [reader.histogram("Acme", source="gdelt")["all"], volume(reader, "Beta")] == [1, (1, {})]


TEXTS = [COPY, CUT, COPY + " More to follow on this page later today.", STORIES[1].text, STORIES[1].text.replace("two hours", "three hours"), "Acme hires", "word " * 14]
items = st.builds(lambda name, text, day, source, kind: story(name, text, published=day, source=source, kind=kind, url=f"https://{name}.example/1"),
                  st.sampled_from("abcdef"), st.sampled_from(TEXTS), st.sampled_from(["2026-11-01", "2026-11-02", None]), st.sampled_from(["feed", "gdelt"]), st.sampled_from(["article", "comment"]))  # fmt: skip
sights = st.lists(st.tuples(items, st.sampled_from([("Acme",), ("Acme", "Beta")])), max_size=10)


def state(folder: Path) -> list[Any]:
    with open_reader(folder) as reader:
        counted = [each for name in reader.employers() for each in (reader.histograms_by_type(name), reader.copies(name), reader.per_day(name), sorted(reader.daily_counts(name)))]
    return [stories(folder), counted]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=40)
@given(sights, st.randoms(use_true_random=False), st.booleans())
def test_order_does_not_show(told: list[tuple[AnyItem, tuple[str, ...]]], random: Any, in_one: bool) -> None:
    """The same items in any order, in one save or in many, give the same stories and counts; so does finding all anew."""
    once = list({(item.source, item.native_id): (item, names) for item, names in told}.values())
    shuffled = random.sample(once, len(once))
    with tempfile.TemporaryDirectory() as scratch, Store.open(Path(scratch, "a")) as one, Store.open(Path(scratch, "b")) as other:
        one.save(run_of(one), [seen(item, *names, score=score()) for item, names in once])
        run = run_of(other)
        for part in [shuffled] if in_one else [[each] for each in shuffled]:
            other.save(run, [seen(item, *names, score=score()) for item, names in part])
        assert state(Path(scratch, "a")) == state(Path(scratch, "b"))
        before = state(Path(scratch, "b"))
        other.rebuild_stories()
        other.rebuild_rollups()
        assert state(Path(scratch, "b")) == before


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=40)
@given(sights, sights)
def test_changes_end_where_a_fresh_start_would(first: list[tuple[AnyItem, tuple[str, ...]]], then: list[tuple[AnyItem, tuple[str, ...]]]) -> None:
    """After revisions and an import that is taken back, stories and counts are those found anew."""
    with tempfile.TemporaryDirectory() as scratch, Store.open(Path(scratch)) as store:
        run = run_of(store)
        for item, names in first:
            store.save(run, [seen(item, *names, score=score())])
        imported = run_of(store, "import")
        store.save(imported, [seen(item, *names, score=score()) for item, names in then])
        for undone in (False, True):
            if undone:
                store.undo(imported)
            before = state(Path(scratch))
            store.rebuild_stories()
            store.rebuild_rollups()
            assert state(Path(scratch)) == before


def test_doubts(store: Store, folder: Path, rows: Rows) -> None:
    """A doubted mention is kept, counts for nobody, says why, and is exported; a later sight without doubt links it."""
    doubt = Doubt("Orange", 0.1, ("none of must_have is near (-0.4)",))
    unsure = seen(story("a"), doubts=(doubt,))._replace(employers=())
    store.save(run_of(store), [unsure])
    with open_reader(folder) as reader:
        (row,) = reader.mentions()
        assert [row["employers"], row["doubts"], reader.histogram("Orange")["all"]] == [[], [{"employer": "Orange", "relevance": 0.1, "reasons": ["none of must_have is near (-0.4)"]}], 0]
    assert [line["doubts"] for line in store.export()] == [[["Orange", 0.1, ["none of must_have is near (-0.4)"]]]]
    store.save(run_of(store), [unsure])
    assert len(rows("SELECT * FROM doubt")) == 1
    store.save(run_of(store), [seen(story("a"), "Orange")])
    assert ([], ["doubts" in line for line in store.export()]) == (rows("SELECT * FROM doubt"), [False])
    store.save(run_of(store), [unsure])
    assert [(name, len(rows("SELECT * FROM link"))) for (name,) in rows("SELECT name FROM employer JOIN doubt ON employer_id = employer.id")] == [("Orange", 0)]


def test_a_doubt_of_an_import_goes_with_it(store: Store, rows: Rows) -> None:
    """Taking an import back removes its doubts, and an employer that nothing else names."""
    run = run_of(store, "import")
    store.save(run, [seen(story("a"), doubts=(Doubt("Orange", 0.0, ()),))])
    store.undo(run)
    assert [rows("SELECT * FROM doubt"), rows("SELECT name FROM employer")] == [[], []]


def test_a_store_of_the_first_release(folder: Path) -> None:
    """A store that knew no stories finds those it holds when it is brought up to date."""
    from sqlalchemy import NullPool, create_engine

    from repwatch.store import place
    from repwatch.store.migrations import upgrade

    path = place.prepare(folder)
    with create_engine(f"sqlite:///{path}", poolclass=NullPool).begin() as connection:
        upgrade(connection, "0001")
        connection.exec_driver_sql("INSERT INTO run (id, kind, started, meta) VALUES (1, 'check', '2026-11-01', '{}')")
        connection.exec_driver_sql("INSERT INTO employer (id, name) VALUES (1, 'Acme')")
        for number, name in enumerate("ab", 1):
            data = json.dumps(story(name).model_dump(mode="json"))
            connection.exec_driver_sql(
                "INSERT INTO item (id, source, type, identity, derived, published, day, precision, lang, data, more_words, first_seen, run_id, changed_run) "
                "VALUES (?, 'feed', 'mention', ?, ?, '2026-11-02', '2026-11-02', 'day', 'en', ?, '', '2026-11-02', 1, 1)", (number, name, "x:" + name, data)
            )  # fmt: skip
            connection.exec_driver_sql("INSERT INTO link (item_id, employer_id, run_id) VALUES (?, 1, 1)", (number,))
            connection.exec_driver_sql("INSERT INTO rollup VALUES (1, '2026-11-02', 'feed', 'mention', 'all', '', 'en', 1) ON CONFLICT DO UPDATE SET n = 2")
    with Store.open(folder), open_reader(folder) as reader:
        assert [stories(folder), volume(reader)] == [[("a", "b")], (1, {"feed": 1})]


def test_a_text_that_goes_stays_in_its_story(store: Store, reader: Reader) -> None:
    """When the retention lets the texts of a story go, it counts once as before."""
    run = run_of(store)
    store.save(run, [seen(story(name), score=score()) for name in "abc"])
    before = volume(reader)
    assert store.privacy.fade(run, LATER, Limits("2099-01-01", "2000-01-01", "2000-01-01"))["age"] == 3
    assert [before, volume(reader), reader.mentions()[0]["text"]] == [(1, {"feed": 2}), (1, {"feed": 2}), ""]


def test_a_text_that_went_stays_when_another_of_its_story_is_edited(store: Store, reader: Reader) -> None:
    """What is kept of the words joins it to the others, which are told apart and put together anew."""
    run = run_of(store)
    store.save(run, [seen(story(name), score=score(), at="2026-10-01T06:00:00Z") for name in "ac"] + [seen(story("b"), score=score())])
    assert store.privacy.fade(run, LATER, Limits("2026-11-01", "2000-01-01", "2000-01-01"))["age"] == 2
    assert store.save(run, [seen(story("b", "Updated this noon: " + COPY), score=score())]).revised == 1
    assert volume(reader) == (1, {"feed": 2})


def test_forgetting_the_face(store: Store, reader: Reader, rows: Rows) -> None:
    """When the first of a story is forgotten, the next one counts in its place."""
    run = run_of(store)
    store.save(run, [seen(story(name), score=score()) for name in "abc"])
    store.privacy.erase(run, [row[0] for row in rows("SELECT id FROM item WHERE identity = 'a'")], (), (), LATER)
    assert [volume(reader), reader.histogram("Acme")["label"], rows("SELECT count(*) FROM likeness WHERE item_id NOT IN (SELECT id FROM item)")] == [(1, {"feed": 1}), {"positive": 1}, [(0,)]]
