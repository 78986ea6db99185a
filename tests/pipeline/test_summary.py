"""Figures of a period: rating, net sentiment, volume, profiles, answers and what could be seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from repwatch.models import CoverageEntry, Mention, Profile, Response, Review, Score
from repwatch.pipeline.summary import summarise
from repwatch.store import Seen, Store, open_reader

NOON = "2026-11-03T12:00:00Z"


def review(number: int, stars: float, label: str, source: str = "indeed", lang: str = "en", **more: Any) -> Seen:
    item = Review(source=source, native_id=f"{number}", rating=stars, body=f"text {number}", published=f"2026-11-{number:02}", lang=lang, **more)
    return Seen(item, ("Acme",), Score(label=label), NOON)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Store.open(tmp_path / "d") as store:
        run = store.begin_run("check", NOON, {})
        entry = CoverageEntry(source="indeed", employer="Acme", target="t", state="read")
        answered = review(1, 5, "positive", responses=(Response(text="Thanks"),))
        store.save(run, [answered, review(2, 1, "negative"), review(3, 2, "negative", "kununu", "nl")], entry=entry)
        store.set_ledger(run, CoverageEntry(source="glassdoor", employer="Acme", target="g", state="refused", reason="challenge"))
        mention = Mention(source="hackernews", native_id="m", text="Acme", published="2026-11-04")
        profiles = [Profile(source="kununu", employer="Acme", rating=rating, review_count=9, observed=day, domain=domain) for rating, day, domain in
                    [(3.1, "2026-10-01", "kununu.com"), (3.4, "2026-11-01", "kununu.de"), (2.9, "2026-09-01", "kununu.at")]]  # fmt: skip
        store.save(run, [Seen(mention, ("Acme",), None, NOON), *(Seen(each, ("Acme",), None, NOON) for each in profiles)])
        store.finish_run(run, NOON, 3, {})
    return tmp_path / "d"


def of(folder: Path, *employers: str, since: str | None = None, until: str | None = None, **more: str) -> list[dict[str, Any]]:
    with open_reader(folder) as reader:
        return list(summarise(reader, employers or ["Acme"], since, until, **more)["employers"])


def test_all(folder: Path) -> None:
    """The whole: mean rating with n, volume, labels, stars and one row a source, each by name."""
    (acme,) = of(folder)
    assert [acme["rating"]["value"], acme["rating"]["n"]] == [2.667, 3]
    assert [acme["volume"], acme["reviews"], acme["labels"], acme["stars"]] == [4, 3, {"positive": 1, "negative": 2}, {"1": 1, "2": 1, "5": 1}]
    assert [row["source"] for row in acme["sources"]] == ["glassdoor", "hackernews", "indeed", "kununu"]


def test_what_a_handful_can_carry(folder: Path) -> None:
    """Beside the mean stands one drawn to 3.4, and beside net sentiment the share of texts without a score."""
    (acme,) = of(folder)
    assert acme["shrunk_rating"]["value"] == round((7 * 3.4 + 8) / 10, 3)
    assert [acme["unscored_share"]["value"], acme["unscored_share"]["n"]] == [0.25, 4]


def test_a_source_and_a_language(folder: Path) -> None:
    """--source and --lang narrow the figures and their totals."""
    (indeed,) = of(folder, source="indeed")
    assert [indeed["volume"], indeed["rating"]["value"], len(indeed["sources"])] == [2, 3.0, 1]
    assert of(folder, lang="nl")[0]["volume"] == 1


def test_answers_profiles_and_coverage(folder: Path) -> None:
    """Answered reviews, the latest profile of a source, and what the last run could see."""
    rows = {row["source"]: row for row in of(folder)[0]["sources"]}
    assert (rows["indeed"]["answered"], rows["indeed"]["unanswered"]) == (1, 1)
    assert [rows["kununu"]["profile"]["domain"], rows["kununu"]["profile"]["rating"]] == ["kununu.de", 3.4]
    seen = {"runs": 1, "read": 0, "last_read": None, "last_state": "refused", "last_reason": "challenge"}
    assert rows["glassdoor"]["coverage"] == {**seen, "gaps": 0, "watches": [{"target": rows["glassdoor"]["coverage"]["watches"][0]["target"], **seen}]}
    assert None is rows["hackernews"]["coverage"]
    assert rows["glassdoor"]["volume"] == 0


def test_a_period(folder: Path) -> None:
    """Only items published in the period count, both ends included."""
    assert of(folder, since="2026-11-02", until="2026-11-03")[0]["reviews"] == 2


def test_nobody(folder: Path) -> None:
    """An employer without anything has empty figures, not invented ones."""
    (gamma,) = of(folder, "Gamma")
    assert [gamma["volume"], gamma["rating"]["value"], gamma["sources"]] == [0, None, []]
