"""Answers to reviews: who waits, whether it is worth it, what a draft says and what it never says."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repwatch.errors import UsageError
from repwatch.models import TOPICS as ALL_TOPICS
from repwatch.programme.answers import LANGUAGES, Verdict, age, draft, topics, worth_answering
from repwatch.report.answers import TOPICS


def review(label: str = "negative", told: dict[str, float] | None = None, **fields: Any) -> dict[str, Any]:
    score = {"label": label, "topics": [{"topic": topic, "polarity": polarity} for topic, polarity in (told or {}).items()]}
    return {"source": "indeed", "identity": "1", "lang": "en", "cons": "Long hours", "published": "2026-11-02", "score": score} | fields


@pytest.mark.parametrize(
    ("row", "days", "claimed", "expected"),
    [
        (review(), 9, "unclaimed", Verdict("claim_first", "unclaimed")),
        (review(cons=None), 9, "claimed", Verdict("no", "wordless")),
        (review(cons="  "), 9, "unknown", Verdict("no", "wordless")),
        (review(), 366, "claimed", Verdict("no", "old")),
        (review(), 365, "claimed", Verdict("yes", "criticism")),
        (review(), None, "claimed", Verdict("yes", "criticism")),
        (review("positive", {"pay": 0.8}), 9, "claimed", Verdict("brief", "praise")),
        (review("mixed", {"pay": -0.5}), 9, "claimed", Verdict("yes", "names_topics")),
        (review("unclear", {"pay": -0.05}), 9, "claimed", Verdict("brief", "unclear")),
        (review(score=None), 9, "claimed", Verdict("brief", "unclear")),
    ],
)
def test_an_answer_is_worth_it_where_somebody_would_read_it(row: dict[str, Any], days: int | None, claimed: str, expected: Verdict) -> None:
    """Not without a profile of one's own, not to bare stars, not after a year; praise needs thanks alone."""
    assert worth_answering(row, age_days=days, claimed=claimed) == expected


@pytest.mark.parametrize(("published", "expected"), [("2026-11-20T23:00:00Z", 5), ("2026-11-25", 0), ("2026-11", 24), (None, None)])
def test_age_counts_days_since_publication(published: str | None, expected: int | None) -> None:
    """A month counts from its first day; without a date nobody knows."""
    assert age(published, date(2026, 11, 25)) == expected


def test_topics_are_sorted_by_strength() -> None:
    """What is said with more weight comes first; a breath of an opinion is none."""
    assert topics(review(told={"pay": -0.4, "culture": -0.9, "tools": 0.5, "career": 0.05})) == (["tools"], ["culture", "pay"])


def test_a_draft_to_a_critical_review() -> None:
    """Thanks, topics, a blank for what is done, regret, a contact."""
    found = draft(review(told={"workload": -0.9, "pay": -0.4, "tools": -0.2}), contact="jobs@acme.example")
    assert found.text == (
        "Thank you for your frank review.\n"
        "You write about the workload and pay.\n"
        "[Say in one sentence what is being done about the workload, or that nothing is decided yet. Promise nothing.]\n"
        "We are sorry that it did not go as it should have.\n"
        "If you would like to tell us more, in confidence, write to jobs@acme.example."
    )
    assert found.blanks == ("[Say in one sentence what is being done about the workload, or that nothing is decided yet. Promise nothing.]",)


def test_a_draft_without_topics_or_contact_leaves_both_to_a_person() -> None:
    """Two blanks, nothing invented."""
    found = draft(review("mixed"))
    assert found.blanks == ("[Say in one sentence what you take from this review.]", "[Name a person or an address for those who want to say more, in confidence.]")
    assert all(blank in found.text for blank in found.blanks)


def test_a_draft_to_praise_is_short_and_has_no_blank() -> None:
    """Blame inside praise is not picked at."""
    found = draft(review("positive", {"colleagues": 0.9, "pay": -0.5}), contact="jobs@acme.example")
    assert (found.blanks, "colleagues" in found.text, "pay" in found.text, "jobs@" in found.text) == ((), True, False, False)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_draft_speaks_the_language_of_the_review(lang: str) -> None:
    """Both sides are named in each of the four languages."""
    blocks = tomllib.loads(resources.files("repwatch.programme").joinpath("blocks", f"{lang}.toml").read_text("utf-8"))
    found = draft(review("mixed", {"colleagues": 0.8, "pay": -0.8}, lang=lang))
    assert (found.lang, blocks["topics"]["colleagues"] in found.text, blocks["topics"]["pay"] in found.text) == (lang, True, True)


@pytest.mark.parametrize("lang", [None, "it"])
def test_a_language_without_blocks_is_refused_until_one_is_named(lang: str | None) -> None:
    """Nobody is answered in a language that was guessed."""
    with pytest.raises(UsageError, match="there are no building blocks in the language it" if lang else "the language of this review is not known"):
        draft(review(lang=lang))
    assert draft(review(lang=lang), lang="fr").lang == "fr"


def test_all_languages_have_the_same_blocks_and_places() -> None:
    """A block that lacks in one language, or another {place}, would break an answer there."""

    def shape(table: dict[str, Any]) -> dict[str, Any]:
        return {name: shape(value) if isinstance(value, dict) else len(value) if isinstance(value, list) else sorted(re.findall(r"\{\w+\}", value)) for name, value in table.items()}

    shapes = [shape(tomllib.loads(resources.files("repwatch.programme").joinpath("blocks", f"{lang}.toml").read_text("utf-8"))) for lang in LANGUAGES]
    assert all(each == shapes[0] for each in shapes)
    assert set(shapes[0]["topics"]) == set(ALL_TOPICS) == set(TOPICS)


SECRET = st.text("abcdefghijklmnopqrstuvwxyz", min_size=6, max_size=12).map(lambda word: f"zq{word}")


@given(SECRET, SECRET, SECRET, st.sampled_from(["positive", "negative", "mixed", "unclear"]), st.sampled_from(LANGUAGES))
def test_a_draft_repeats_nothing_by_which_a_person_could_be_known(job: str, place: str, words: str, label: str, lang: str) -> None:
    """Job, place, status, date and the words of the review never enter an answer."""
    text = draft(review(label, {"pay": -0.5}, lang=lang, job_title=job, location=place, status="former", cons=words, title=words, published="2019-03-07")).text
    assert not [each for each in (job, place, words, "2019", "former") if each in text]
