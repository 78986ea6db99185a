"""What reports ask of the store."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.store.conftest import LATER, NOON, interview, mention, profile, review, run_of, score, seen

from repwatch.models import CoverageEntry, Response
from repwatch.store import Gap, ProblemRow, Reader, Store, open_reader, place
from repwatch.store.counts import Answers
from repwatch.store.reading import DayCount
from repwatch.store.runs import Coverage
from repwatch.store.search import fts_query


@pytest.fixture
def reader(folder: Path, store: Store) -> Iterator[Reader]:
    """A small store with something of everything."""
    run = run_of(store)
    store.save(run, [
        seen(review(lang="fr"), score=score()),
        seen(review("r2", rating=3.55, published="2026-11-05", body="Été pluvieux", responses=(Response(text="Merci beaucoup"),)), score=score("negative")),
        seen(review("r3", source="kununu", rating=None, published="2026-10")),
        seen(mention(), "Acme", "Globex", score=score("neutral")),
        seen(mention("m2", published=None, text="Globex grows")),
        seen(interview()),
        seen(profile()), seen(profile(rating=3.9, observed="2026-11-04")), seen(profile(filter="BE", domain=None)),
    ])  # fmt: skip
    store.save(run, [seen(review(rating=2), at=LATER)])
    with open_reader(folder) as reader:
        yield reader


def test_names(reader: Reader) -> None:
    """Employers and their sources, in order."""
    assert reader.employers() == ["Acme", "Globex"]
    assert ["glassdoor", "hackernews", "indeed", "kununu"] == reader.sources("Acme") == reader.sources()
    assert reader.sources("Globex") == ["hackernews"]


def test_histograms(reader: Reader) -> None:
    """Stars in tenths, labels, and all; by source from one statement."""
    assert reader.histogram("Acme") == {
        "stars": {20: 1, 36: 1},
        "label": {"negative": 1, "neutral": 1, "positive": 1},
        "all": 6,
    }
    assert reader.histogram("Acme", "indeed", "2026-11-02", "2026-11-04", "review", "fr") == {
        "stars": {20: 1},
        "label": {"positive": 1},
        "all": 1,
    }
    assert reader.histogram("Acme", since="2026-11-03")["all"] == 1
    assert reader.histogram("Acme", until="2026-10-31")["all"] == 2
    assert reader.histogram("Nobody") == {"stars": {}, "label": {}, "all": 0}
    by_source = reader.histograms_by_type("Acme")["review"]
    assert {source: found["all"] for source, found in by_source.items()} == {"indeed": 2, "kununu": 1}


def test_per_day(reader: Reader) -> None:
    """One row a day and bucket."""
    assert [
        DayCount("2026-10-01", "", 2),
        DayCount("2026-11-02", "", 2),
        DayCount("2026-11-05", "", 1),
    ] == reader.per_day("Acme", since="2026-10-01")
    assert [DayCount("2026-11-02", "20", 1), DayCount("2026-11-05", "36", 1)] == reader.per_day(
        "Acme", what="stars"
    )


def test_profiles(reader: Reader) -> None:
    """The newest observation of each page and filter, and all of them in time."""
    assert [(row["domain"], row["filter"], row["rating"]) for row in reader.latest_profiles("Acme")] == [
        (None, "BE", 3.6),
        ("kununu.com", None, 3.9),
    ]
    history = reader.profile_history("Acme", "kununu", "2026-11-01", "2026-11-03")
    assert [(row["observed"], row["seen"]) for row in history] == [("2026-11-02", NOON)] * 2


def test_mentions(reader: Reader) -> None:
    """Newest first, with employers and score."""
    assert [row["identity"] for row in reader.mentions()] == ["r2", "m1", "r1", "i1", "r3", "m2"]
    [first] = reader.mentions(limit=1)
    assert (
        first["identity"],
        first["employers"],
        first["score"]["label"],
        first["score"]["evidence"],
        first["day"],
        first["revised"],
    ) == ("r2", ["Acme"], "negative", ["good"], "2026-11-05", 0)
    [second] = reader.mentions(limit=1, offset=1)
    assert second["identity"] == "m1"
    for wanted, found in (
        ({"employer": "Globex"}, {"m1"}), ({"source": "kununu"}, {"r3"}), ({"since": "2026-11-05"}, {"r2"}), ({"until": "2026-10-31"}, {"r3", "i1"}),
        ({"lang": "fr"}, {"r1"}), ({"label": "neutral"}, {"m1"}), ({"type": "interview"}, {"i1"}), ({"search": "   ", "source": "kununu"}, {"r3"}),
    ):  # fmt: skip
        assert found == {row["identity"] for row in reader.mentions(**wanted)}
    [unscored] = reader.mentions(source="kununu")
    assert unscored["score"] is None


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("ete", {"r2"}), ("PLUVIEUX été", {"r2"}), ("merci", {"r2"}), ('"hires again"', {"m1"}), ('"again hires"', set()), ("grow*", {"m2"}), ("grow", set()),
        ("acme globex", set()), ('"hires ag"*', {"m1"}), ("two talks", {"i1"}), ("title:fine", set()), ("...", set()), ('"', set()), ("NOT", set()), ("why-us", {"i1"}),
    ],
)  # fmt: skip
def test_search(reader: Reader, search: str, found: set[str]) -> None:
    """Words in any field without their accents, phrases, beginnings; no operators."""
    assert found == {row["identity"] for row in reader.mentions(search)}


@settings(max_examples=300, deadline=None)
@given(st.text() | st.text(alphabet='"*() ^:-+{}\0a AND OR NOT NEAR,\ud800'))
@example('a"b"*"')
@example("a*b* **")
@example(" AND ".join("abc" * 200))
def test_no_search_is_a_syntax_error(hostile: Reader, search: str) -> None:
    """Whatever is typed, FTS5 understands what we ask."""
    assert isinstance(hostile.mentions(search), list)


@pytest.fixture(scope="module")
def hostile() -> Iterator[Reader]:
    """A store that a search may hit as often as it likes."""
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder)) as store:
        store.save(run_of(store), [seen(mention(text="a AND b NEAR c"))])
        with open_reader(Path(folder)) as reader:
            yield reader


def test_a_query_is_made_of_quoted_terms() -> None:
    """Only our own AND is an operator."""
    assert fts_query('a "b c"* NOT ') == '"a" AND "b c"* AND "NOT"'
    assert fts_query('"open') == '"open"'
    assert fts_query("!?") is None


def test_one_item(reader: Reader) -> None:
    """With what it said before."""
    item = reader.item(1)
    assert item is not None
    assert (
        item["rating"],
        [(old["replaced"], old["data"]["rating"]) for old in item["revisions"]],
        item["revised"],
    ) == (2.0, [(LATER, 4.0)], 1)
    assert reader.item(99) is None


def test_answers(reader: Reader) -> None:
    """Reviews with and without an answer, by source."""
    assert [Answers("indeed", 1, 1), Answers("kununu", 0, 1)] == reader.answers("Acme")
    assert [Answers("indeed", 1, 0)] == reader.answers("Acme", since="2026-11-03")


def test_coverage(store: Store, reader: Reader) -> None:
    """Each watch speaks for itself; a source of which no watch was read is unread."""
    entry = CoverageEntry(source="indeed", employer="Acme", target="a", state="read")
    for day, states in (("01", ("read", "partly")), ("02", ("read", "refused")), ("03", ("read", "read"))):
        run = store.begin_run("check", f"2026-11-{day}T06:00:00Z", {})
        for target, state in zip("ab", states, strict=True):
            store.set_ledger(
                run,
                entry.model_copy(update={"target": target, "state": state, "reason": f"{state} {target}"}),
            )
        if day != "03":
            store.finish_run(run, f"2026-11-{day}T06:02:00Z", 0, {"clock": day})
    first, last = "2026-11-01T06:00:00Z", "2026-11-03T06:00:00Z"
    assert [Coverage("indeed", "a", 3, 3, last, "read", "read a"), Coverage("indeed", "b", 3, 2, last, "read", "read b")] == reader.coverage("Acme")
    assert Coverage("indeed", "b", 2, 1, first, "refused", "refused b") == reader.coverage("Acme", "2026-11-01", "2026-11-02")[1]
    assert (reader.unread_sources("Acme"), reader.unread_sources("Acme", "2026-11-02", "2026-11-02")) == (set(), set())
    store.set_ledger(store.begin_run("import", "2026-11-04T06:00:00Z", {}), entry.model_copy(update={"employer": "", "target": "c.html", "state": "refused", "reason": "challenge"}))
    store.set_ledger(store.begin_run("import", "2026-11-04T07:00:00Z", {}), entry.model_copy(update={"employer": "", "target": "d.html", "state": "failed", "reason": "empty"}))
    store.set_ledger(store.begin_run("import", "2026-11-04T08:00:00Z", {}), entry.model_copy(update={"employer": "", "target": "d.html", "state": "read"}))
    assert reader.unread_files() == [{"source": "indeed", "file": "c.html", "state": "refused", "reason": "challenge", "day": "2026-11-04"}]
    assert reader.coverage("Globex") == []
    assert [(row["target"], row["state"], row["gap"]) for row in reader.ledger()] == [
        ("a", "read", False),
        ("b", "read", False),
    ]
    assert [row["state"] for row in reader.ledger(2) if row["target"] == "b"] == ["partly"]
    assert [(row["id"], row["exit_code"], row["meta"]) for row in reader.runs(2)] == [
        (7, None, {}),
        (6, None, {}),
    ]


def test_what_doctor_asks(store: Store, reader: Reader) -> None:
    """Counts, gaps and problems."""
    store.add_gap(1, "w", "page 11")
    store.save(1, [], problems=[ProblemRow("indeed", "file.html", "no date", "review 3")])
    assert {
        "item": 6,
        "revision": 1,
        "profile": 3,
        "employer": 2,
        "revision_id": place.HEAD,
    }.items() <= reader.counts().items()
    assert [Gap(1, "w", "page 11", 1)] == reader.gaps() == reader.gaps("w")
    assert reader.gaps("v") == []
    assert reader.problems(1) == [
        {"source": "indeed", "place": "file.html", "reason": "no date", "detail": "review 3"}
    ]
