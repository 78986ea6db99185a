"""Two employers of one name on one site are told apart by their numbers."""

from __future__ import annotations

from pathlib import Path

from repwatch.inlets.export import Exported
from repwatch.models import Mention, Profile, Review
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
