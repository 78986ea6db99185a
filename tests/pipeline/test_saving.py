"""Saving: employers of one name told apart by their numbers; lines of an export that come again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from repwatch.inlets.export import Exported, read_line
from repwatch.models import Mention, Profile, Review
from repwatch.pipeline import saving
from repwatch.pipeline.saving import Desk
from repwatch.store import Store, open_reader

NOON = "2026-11-03T12:00:00Z"


def review(number: str, employer: str | None = "Acme") -> Review:
    return Review(source="glassdoor", employer=employer, employer_id=number, body="Fine.")


def test_the_first_number_keeps_the_name(tmp_path: Path) -> None:
    """The first number seen keeps the plain name, now and in later runs; another one gets its number beside it."""
    with Store.open(tmp_path) as store:
        desk = Desk(store, store.begin_run("import", NOON, {}), NOON, None)
        assert desk.seen(review("1")).employers == ("Acme",)
        assert desk.seen(review("2")).employers == ("Acme (glassdoor 2)",)
        assert [each.employers for each in desk.all_seen([review("1"), review("2"), review("1")])] == [("Acme",), ("Acme (glassdoor 2)",), ("Acme",)]
    with Store.open(tmp_path) as store:
        later = Desk(store, store.begin_run("import", NOON, {}), NOON, None)
        assert later.seen(review("2")).employers == ("Acme (glassdoor 2)",)


def test_the_address_in_the_settings_decides(tmp_path: Path) -> None:
    """The number in the address that the settings name is the employer's, whichever page came first."""
    pages = {("glassdoor", "Acme"): "https://www.glassdoor.be/Reviews/Acme-Reviews-E900002.htm"}
    with Store.open(tmp_path) as store:
        desk = Desk(store, store.begin_run("import", NOON, {}), NOON, None, (), [], pages)
        assert desk.seen(review("900001")).employers == ("Acme (glassdoor 900001)",)
        assert desk.seen(review("900002")).employers == ("Acme",)


def test_a_watch_and_a_page_without_a_name(tmp_path: Path) -> None:
    """What a watch found is its employer's; an item without a name stays without one."""
    with Store.open(tmp_path) as store:
        desk = Desk(store, store.begin_run("import", NOON, {}), NOON, None)
        assert desk.seen(review("9"), "Beta").employers == ("Beta",)
        assert desk.seen(review("9", None)).employers == ("",)


def test_the_employer_s_own_words_are_not_scored(tmp_path: Path) -> None:
    """What an employer posts itself is kept and counted, and stays unscored, also when it comes back from an export."""
    post = Mention(source="linkedin_page", text="We are wonderful!", own=True, native_id="1")
    with Store.open(tmp_path) as store:
        desk = Desk(store, store.begin_run("import", NOON, {}), NOON, None)
        scores = [desk.seen(post, "Acme").score, desk.exported(Exported(post)).score, desk.seen(post.model_copy(update={"own": False}), "Acme").score]
        assert [score.label if score else None for score in scores] == ["unscored", "unscored", "positive"]


def test_followers_are_kept(tmp_path: Path) -> None:
    """The number of followers is part of what was observed of a profile."""
    with Store.open(tmp_path) as store:
        run = store.begin_run("import", NOON, {})
        desk = Desk(store, run, NOON, None)
        store.save(run, [desk.seen(Profile(source="linkedin_page", followers=3200), "Acme")])
    with open_reader(tmp_path) as reader:
        assert [row["followers"] for row in reader.latest_profiles("Acme")] == [3200]


def exported(number: int, **more: object) -> tuple[bytes, int]:
    """Return a raw line of an export with its number."""
    row = {"type": "review", "source": "glassdoor", "employer": "Acme", "native_id": str(number), "body": f"Fine {number}.", **more}
    return json.dumps(row).encode() + b"\n", number


def test_a_line_that_comes_again_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same lines are not read again; a changed one is, and so is every one whose item is gone."""
    lines = [exported(1), exported(2, native_id=None), exported(3, employer=None)]
    with Store.open(tmp_path) as store:
        first = store.begin_run("import", NOON, {})
        told = Desk(store, first, NOON, None).save_lines(lines, "a.jsonl")
        assert [told.new, told.revised, dict(told.types)] == [3, 0, {"review": 3}]
        read: list[int] = []

        def noting(line: bytes, number: int) -> object:
            read.append(number)
            return read_line(line, number)

        monkeypatch.setattr(saving, "read_line", noting)
        desk = Desk(store, store.begin_run("import", NOON, {}), NOON, None)
        again = desk.save_lines([*lines, exported(1, body="Worse.")], "a.jsonl")
        assert [again.new, again.revised, dict(again.types), read] == [0, 1, {"review": 4}, [3, 1]]
        store.undo(desk.run)
        store.undo(first)
        read.clear()
        back = Desk(store, store.begin_run("import", NOON, {}), NOON, None).save_lines(lines, "a.jsonl")
        assert [back.new, read] == [3, [1, 2, 3]]


def test_bad_lines_are_counted_beyond_those_kept(tmp_path: Path) -> None:
    """Of a file of nonsense the first thousand lines are kept as problems, and all are counted."""
    with Store.open(tmp_path) as store:
        told = Desk(store, store.begin_run("import", NOON, {}), NOON, None).save_lines(((b"{no", number) for number in range(1_500)), "b.jsonl")
    assert [told.bad, len(told.problems), dict(told.types)] == [1_500, 1_000, {}]


def test_doubles_without_an_id(tmp_path: Path) -> None:
    """Two lines that say the same under the same day but rate otherwise are one item, the first time and the second."""
    lines = [exported(1, native_id=None, body="Good", rating=3.0), exported(2, native_id=None, body="Good", rating=4.0)]
    with Store.open(tmp_path) as store:
        counts = []
        for _ in range(2):
            told = Desk(store, store.begin_run("import", NOON, {}), NOON, None).save_lines(lines, "c.jsonl")
            counts.append((told.new, told.revised))
    assert counts == [(1, 0), (0, 0)]


def test_words_of_art_9_are_no_reasons_and_no_topics(tmp_path: Path) -> None:
    """A person's health or origin leaves neither topic nor reason in a score; the label and everyday words stay."""
    with Store.open(tmp_path) as store:
        desk = Desk(store, store.begin_run("import", NOON, {}), NOON, None)
        told = {}
        for text in ("I got a burn-out and fell sick here, terrible stress", "Racism every day, terrible", "Safety at work is bad, unhealthy office air"):
            score = desk.seen(Review(source="x", lang="en", body=text)).score
            assert score is not None
            told[text[:6]] = (score.label, {topic.topic for topic in score.topics} & {"health", "diversity"}, {"burn-out", "racism"} & set(score.evidence))
    assert told == {"I got ": ("negative", set(), set()), "Racism": ("negative", set(), set()), "Safety": ("negative", {"health"}, set())}
