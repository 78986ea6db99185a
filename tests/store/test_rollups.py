"""Roll-ups kept by difference are the roll-ups counted anew."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool
from tests.store.conftest import NOON, Rows, interview, mention, review, run_of, score, seen

from repwatch.models import AnyItem, Response, Salary
from repwatch.store import Store, place
from repwatch.store.migrations import upgrade
from repwatch.store.rows import Doubt

IDS = st.sampled_from(["1", "2", "3", None])
DATES = st.sampled_from([None, "2026-10", "2026-10-01", "2026-11-02", "2026-11-02T10:00:00Z"])
TEXTS = st.sampled_from(["", "Good", "Bad"])
MORE: list[dict[str, Any]] = [
    {},
    {"recommend": True, "ceo_approval": "approve", "job_title": "Account Manager", "location": "Gent, Belgium"},
    {"recommend": False, "subratings": {"culture": 3.55, "pay": 1}, "location": "Bruxelles"},
    {"voice": "customer", "recommend": True, "location": "Gent, Belgium"},
    {"subratings": {"culture": 8}, "rating_scale": 10, "responses": (Response(text="Thanks", published="2026-11-05"), Response(text="Again"))},
    {"responses": (Response(text="Thanks", published="2026-11"),), "job_title": "Cook"},
]
ITEMS: st.SearchStrategy[AnyItem] = st.one_of(
    st.builds(
        lambda i, p, b, r, lang, more: review(i, published=p, body=b, rating=r, lang=lang, title=None, **more),
        IDS,
        DATES,
        TEXTS,
        st.sampled_from([None, 1, 3.55, 5]),
        st.sampled_from([None, "fr"]),
        st.sampled_from(MORE),
    ),
    st.builds(lambda i, p, t: mention(i, published=p, text=t), IDS, DATES, TEXTS),
    st.builds(lambda i, p: interview(i, published=p), IDS, DATES),
    st.just(Salary(source="indeed", native_id="1", job_title="Cook")),
)
SCORES = st.one_of(
    st.none(), st.builds(score, st.sampled_from(["positive", "mixed"]), st.sampled_from(["v1", "v2"]))
)
EMPLOYERS = st.lists(st.sampled_from(["Acme", "Globex"]), max_size=2).map(tuple)
SAVES = st.lists(
    st.builds(lambda i, e, s: seen(i, score=s)._replace(employers=e), ITEMS, EMPLOYERS, SCORES), max_size=6
)
DOUBTED = st.lists(st.builds(lambda i: seen(i, "Globex", doubts=(Doubt("Acme", 0.1, ("another Acme",)),)), ITEMS), max_size=3)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("check"), SAVES),
        st.tuples(st.just("import"), SAVES),
        st.tuples(st.just("undo"), st.integers(0, 5)),
        st.tuples(st.just("check"), DOUBTED),
        st.tuples(st.just("score"), st.tuples(st.integers(1, 5), SCORES)),
    ),
    max_size=8,
)


def take(store: Store, imports: list[int], step: str, what: Any) -> None:
    if step == "undo":
        if imports:
            store.undo(imports.pop(what % len(imports)))
        return
    run = run_of(store, "import" if step == "import" else "check")
    if step == "score":
        store.score(run, [what] if what[1] else [])
    else:
        store.save(run, what)
        imports += [run] if step == "import" else []


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(STEPS)
def test_incremental_is_rebuilt(steps: list[tuple[str, Any]]) -> None:
    """After any sequence of saves, revisions, scores, links and undoing; and the text index is whole as well."""
    with tempfile.TemporaryDirectory() as place, Store.open(Path(place)) as store:
        imports: list[int] = []
        for step, what in steps:
            take(store, imports, step, what)
        with closing(sqlite3.connect(Path(place) / "repwatch.db")) as connection:
            ask = ("SELECT * FROM rollup ORDER BY 1, 2, 3, 4, 5, 6, 7", "SELECT * FROM breakdown ORDER BY 1, 2, 3, 4, 5, 6")
            kept = [connection.execute(each).fetchall() for each in ask]
            store.rebuild_rollups()
            assert [connection.execute(each).fetchall() for each in ask] == kept
            connection.execute("INSERT INTO item_fts(item_fts, rank) VALUES ('integrity-check', 1)")
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SAVES, SAVES)
def test_undo_brings_the_export_back(before: list[Any], imported: list[Any]) -> None:
    """Whatever was imported, after undo the store tells what it told before."""
    with tempfile.TemporaryDirectory() as place, Store.open(Path(place)) as store:
        store.save(run_of(store), before)
        told = list(store.export())
        run = run_of(store, "import")
        store.save(run, imported)
        store.undo(run)
        assert told == list(store.export())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SAVES)
def test_saving_a_file_again_changes_nothing(sights: list[Any]) -> None:
    """The second import of any file is unchanged throughout."""
    with tempfile.TemporaryDirectory() as place, Store.open(Path(place)) as store:
        store.save(run_of(store, "import"), sights)
        told = list(store.export())
        assert (0, 0, len(sights), ()) == store.save(run_of(store, "import"), sights)[:4]
        assert told == list(store.export())


def test_only_reviews_mentions_and_interviews_count(store: Store, rows: Rows) -> None:
    """A day, a bucket, a number; a month counts from its first day, and an undated item has no day."""
    store.save(run_of(store), [
        seen(review(rating=3.55, lang="fr"), score=score("mixed")), seen(mention(published=None)), seen(interview()),
        seen(Salary(source="glassdoor", job_title="Cook"), at=NOON),
    ])  # fmt: skip
    assert rows("SELECT day, source, type, lang, what, bucket, n FROM rollup ORDER BY day, what") == [
        ("", "hackernews", "mention", "en", "all", "", 1),
        ("2026-10-01", "glassdoor", "interview", "", "all", "", 1),
        ("2026-10-01", "glassdoor", "interview", "", "month", "", 1),
        ("2026-11-02", "indeed", "review", "fr", "all", "", 1),
        ("2026-11-02", "indeed", "review", "fr", "label", "mixed", 1),
        ("2026-11-02", "indeed", "review", "fr", "stars", "36", 1),
        ("2026-11-02", "indeed", "review", "fr", "topic", "pay|negative", 1),
        ("2026-11-02", "indeed", "review", "fr", "wait", "open", 1),
    ]


def test_what_a_review_counts_for(store: Store, rows: Rows) -> None:
    """Recommendation, CEO, sub-ratings in tenths of five, days to the first answer; and each month by job, place, country."""
    store.save(run_of(store), [seen(review(
        rating=8, rating_scale=10, recommend=True, ceo_approval="disapprove", subratings={"culture": 7}, job_title="Verpleegkundige", location="Gent, Belgium",
        responses=(Response(text="Later", published="2026-11-09"), Response(text="First", published="2026-11-05T08:00:00Z"))))])  # fmt: skip
    assert rows("SELECT what, bucket, n FROM rollup WHERE what NOT IN ('all', 'stars') ORDER BY what") == [
        ("ceo", "disapprove", 1), ("recom", "yes", 1), ("sub", "culture|35", 1), ("wait", "3", 1)]  # fmt: skip
    assert rows("SELECT month, dimension, part, what, bucket, n FROM breakdown ORDER BY dimension, what") == [
        ("2026-11", "country", "BE", "all", "", 1), ("2026-11", "country", "BE", "stars", "40", 1),
        ("2026-11", "family", "care and health", "all", "", 1), ("2026-11", "family", "care and health", "stars", "40", 1),
        ("2026-11", "place", "Ghent", "all", "", 1), ("2026-11", "place", "Ghent", "stars", "40", 1)]  # fmt: skip


def test_a_store_of_the_first_release_is_counted_anew(tmp_path: Path, rows: Rows, folder: Path) -> None:
    """Opening a store at revision 0001 counts what that revision did not count."""
    path = place.prepare(folder)
    engine = create_engine("sqlite://", creator=lambda: place.connect(path, wait_ms=10), poolclass=NullPool)
    with engine.begin() as connection:
        upgrade(connection, "0001")
        data = review(recommend=True, location="Liège").model_dump_json()
        for statement in (
            "INSERT INTO run (id, kind, started, meta) VALUES (1, 'check', '2026-11-03T12:00:00Z', '{}')",
            "INSERT INTO employer (id, name) VALUES (1, 'Acme')",
            ("INSERT INTO item (id, source, type, identity, derived, published, day, precision, lang, stars, data, more_words, first_seen, run_id, changed_run) "
            f"VALUES (1, 'indeed', 'review', 'r1', 'x:1', '2026-11-02', '2026-11-02', 'day', '', 40, '{data}', '', '2026-11-03T12:00:00Z', 1, 1)"),
            "INSERT INTO link (item_id, employer_id, run_id) VALUES (1, 1, 1)",
        ):
            connection.exec_driver_sql(statement)
    Store.open(folder).close()
    assert rows("SELECT what, bucket FROM rollup ORDER BY 1") == [("all", ""), ("recom", "yes"), ("stars", "40"), ("wait", "open")]
    assert rows("SELECT dimension, part FROM breakdown WHERE what = 'all' ORDER BY 1") == [("country", "BE"), ("family", ""), ("place", "Liège")]
