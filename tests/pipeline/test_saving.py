"""Two employers of one name on one site are told apart by their numbers."""

from __future__ import annotations

from pathlib import Path

from repwatch.models import Review
from repwatch.pipeline.saving import Desk
from repwatch.store import Store

NOON = "2026-11-03T12:00:00Z"


def review(number: str, employer: str | None = "Acme") -> Review:
    return Review(source="glassdoor", employer=employer, employer_id=number, body="Fine.")


def test_the_first_number_keeps_the_name(tmp_path: Path) -> None:
    """The first number seen keeps the plain name, now and in later runs; another one gets its number beside it."""
    with Store.open(tmp_path) as store:
        desk = Desk(store, store.begin_run("import", NOON, {}), NOON, None)
        assert desk.seen(review("1")).employers == ("Acme",)
        assert desk.seen(review("2")).employers == ("Acme (glassdoor 2)",)
        assert desk.names([review("1"), review("2"), review("1")]) == ("Acme", "Acme (glassdoor 2)")
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
