"""Quotations in real proportions, drawn without favour; topics; reviews that wait for an answer."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repwatch.models import Mention, Response, Review, Score, TopicScore
from repwatch.pipeline.voices import Ask, apportion, listen, sentence_of
from repwatch.store import Seen, Store, open_reader

NOON = "2026-11-03T12:00:00Z"
TODAY = date(2026, 11, 30)


def review(number: int, label: str, **more: Any) -> Seen:
    fields = {"body": f"Review number {number} speaks of the pay in a whole sentence.", "published": f"2026-11-{number % 28 + 1:02}", "lang": "en", **more}
    topics = (TopicScore(topic="pay", polarity={"positive": 0.5, "negative": -0.5}.get(label, 0.0)),)
    return Seen(Review(source="indeed", native_id=f"r{number}", **fields), ("Acme",), Score(label=label, topics=topics, evidence=("pay",)), NOON)


def heard(tmp_path: Path, *seen: Seen, ask: Ask | None = None, **more: Any) -> dict[str, Any]:
    with Store.open(tmp_path / "d") as store:
        run = store.begin_run("import", NOON, {})
        store.save(run, list(seen))
        store.finish_run(run, NOON, 0, {})
    with open_reader(tmp_path / "d") as reader:
        return listen(reader, ask or Ask("Acme"), TODAY, **more)


@given(st.dictionaries(st.sampled_from(["positive", "negative", "mixed", "neutral", "unclear"]), st.integers(0, 10_000)), st.integers(1, 12))
def test_seats_follow_the_real_proportions(labels: dict[str, int], seats: int) -> None:
    """No label gets a whole seat more or less than its share; all seats are given, none to a label that nobody has."""
    given_, total = apportion(labels, seats), sum(labels.values())
    assert sum(given_.values()) == min(seats, total)
    assert all(abs(given_.get(name, 0) - n * min(seats, total) / total) < 1 for name, n in labels.items() if total)


def test_ties_are_broken_the_same_way() -> None:
    """By the alphabet, not by the order in which labels came."""
    assert apportion({"positive": 1, "negative": 1}, 1) == apportion({"negative": 1, "positive": 1}, 1) == {"negative": 1}


def test_quotations_are_balanced(tmp_path: Path) -> None:
    """Eight good and four bad reviews give four good quotations and two bad; unscored texts have no seat."""
    seen = [review(number, "positive" if number < 8 else "negative" if number < 12 else "unscored") for number in range(20)]
    found = heard(tmp_path, *seen)["voices"]
    assert Counter(quote["label"] for quote in found["quotes"]) == {"positive": 4, "negative": 2}
    assert (found["scored"], found["labels"]) == (20, {"negative": 4, "positive": 8, "unscored": 8})


def test_the_choice_is_the_same_on_every_machine(tmp_path: Path) -> None:
    """It hangs on the ids of the texts alone: neither the order of arrival nor the words or the stars sway it."""
    seen = [review(number, "positive") for number in range(40)]
    loud = [review(number, "positive", body=f"PAY!!! Review {number} shouts of the pay.", rating=5) for number in range(40)]
    first = heard(tmp_path / "a", *seen)["voices"]["quotes"]
    second = heard(tmp_path / "b", *reversed(loud))["voices"]["quotes"]
    assert [quote["published"] for quote in first] == [quote["published"] for quote in second]


def test_quotations_are_what_was_said(tmp_path: Path) -> None:
    """Word for word, with label, stars of five, source, day and address."""
    (quote,) = heard(tmp_path, review(3, "positive", rating=8.0, rating_scale=10, url="https://a.example/r3"))["voices"]["quotes"]
    assert quote == {"id": 1, "text": "Review number 3 speaks of the pay in a whole sentence.", "label": "positive", "rating": 4.0, "source": "indeed", "published": "2026-11-04",
                     "lang": "en", "type": "review", "url": "https://a.example/r3"}  # fmt: skip


def test_special_sentences_are_skipped(tmp_path: Path) -> None:
    """Another sentence speaks in their place, or another text, or nobody."""
    def is_special(text: str) -> bool:
        return "union" in text

    seen = [review(1, "negative", body="My union fought for the pay of us all. The planning changes every day."), review(2, "negative", body="Only the union helps with the pay here.")]
    found = heard(tmp_path, *seen, is_special=is_special)
    assert [quote["text"] for quote in found["voices"]["quotes"]] == ["The planning changes every day."]
    assert sorted(row["excerpt"] for row in found["needs_answer"]["rows"]) == ["", "The planning changes every day."]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"label": "negative", "pros": "Nice colleagues in the team", "cons": "Shifts change overnight, always"}, "Shifts change overnight, always"),
        ({"label": "positive", "pros": "Nice colleagues in the team", "cons": "Shifts change overnight, always"}, "Nice colleagues in the team"),
        ({"label": "mixed", "body": "It is a firm like any other. The pay is low, the team is good.", "evidence": ["low"]}, "The pay is low, the team is good."),
        ({"label": "mixed", "body": "Too short. OK."}, ""),
        ({"label": "neutral", "text": "x" * 300}, "x" * 239 + "…"),
        ({"label": "negative", "title": "Fuyez cet entrepôt de nuit", "evidence": [""]}, "Fuyez cet entrepôt de nuit"),
        ({"label": "positive"}, ""),
        ({"label": "negative", "pros": "Great colleagues and good pay", "cons": "Bad management"}, "Bad management"),
        ({"label": "positive", "pros": "Nice office", "cons": "Poor communication between the floors"}, "Nice office"),
        ({"label": "mixed", "pros": "Nice office", "cons": "Poor communication"}, "Poor communication"),
        ({"label": "mixed", "pros": "Nice office in the old port", "cons": "Long days", "evidence": ["nice"]}, "Nice office in the old port"),
        ({"label": "positive", "cons": "Stressful atmosphere on some days"}, ""),
        ({"label": "negative", "pros": "Great colleagues and good pay", "cons": "None", "body": "The shifts are far too long.", "lang": "en"}, "The shifts are far too long."),
        ({"label": "negative", "title": "Avoid", "body": "I was there for a year in all.", "evidence": ["avoid"]}, "Avoid"),
        ({"label": "negative", "cons": "Pay. The management is bad.", "evidence": ["bad"]}, "The management is bad."),
    ],
)
def test_the_sentence_that_speaks(row: dict[str, Any], said: str) -> None:
    """The one with the words that carried the verdict, from where such a text says it, and never from the other side; long ones are cut, short ones outside pros and cons say nothing."""
    assert sentence_of(row, lambda _: False) == said


def test_reviews_that_wait(tmp_path: Path) -> None:
    """Without an answer, the worst first; a month waits since its last day; mentions need no answer."""
    answered = review(9, "negative", responses=(Response(text="Thanks"),))
    mention = Seen(Mention(source="hackernews", native_id="m", text="Acme hires again.", published="2026-11-01"), ("Acme",), Score(label="negative"), NOON)
    month = review(5, "negative", published="2026-10")
    found = heard(tmp_path, review(1, "positive", rating=5), review(28, "negative", rating=1), review(25, "mixed", rating=3), month, answered, mention)["needs_answer"]
    assert [found["waiting"], found["overdue"], found["within_days"]] == [4, 3, 14]
    assert [(row["published"], row["days"], row["label"], row["rating"]) for row in found["rows"]] == [
        ("2026-10", 30, "negative", None), ("2026-11-01", 29, "negative", 1.0), ("2026-11-26", 4, "mixed", 3.0), ("2026-11-02", 28, "positive", 5.0)]  # fmt: skip


def test_a_review_that_waits_is_shown_by_its_fault(tmp_path: Path) -> None:
    """By the words that carried the verdict, and by the cons however short."""
    cons = review(1, "negative", body=None, pros="Great colleagues and good pay", cons="Bad management")
    body = review(2, "negative", body="I came here two years ago. The pay is never on time.")
    found = heard(tmp_path, cons, body)["needs_answer"]["rows"]
    assert [row["excerpt"] for row in found] == ["Bad management", "The pay is never on time."]


def test_what_was_decided_waits_no_more(tmp_path: Path) -> None:
    """Nor does a customer's review: a report and `repwatch answers` speak of the same reviews."""
    heard(tmp_path, review(1, "negative"), review(2, "negative"), review(3, "negative", voice="customer"))
    with Store.open(tmp_path / "d") as store:
        store.decide_answer(1, "skipped", NOON)
    with open_reader(tmp_path / "d") as reader:
        found = listen(reader, Ask("Acme"), TODAY)["needs_answer"]
        assert [found["waiting"], [row["id"] for row in found["rows"]], reader.waiting("Acme")] == [1, [2], [2]]


def test_nothing_waits_in_the_future(tmp_path: Path) -> None:
    """A month that has not ended has waited no day."""
    (row,) = heard(tmp_path, review(1, "positive", published="2026-12"))["needs_answer"]["rows"]
    assert row["days"] == 0


def test_topics_are_counted(tmp_path: Path) -> None:
    """In how many texts, and how many of these speak well or badly of it."""
    found = heard(tmp_path, review(1, "positive"), review(2, "negative"), review(3, "mixed"))
    assert found["topics"] == {"n": 3, "rows": [{"topic": "pay", "n": 3, "good": 1, "bad": 1}]}


def test_the_question_narrows_everything(tmp_path: Path) -> None:
    """Period, source and language hold for voices, topics and answers alike."""
    seen = [review(1, "positive"), review(2, "positive", lang="fr"), review(20, "positive")]
    found = heard(tmp_path, *seen, ask=Ask("Acme", "2026-11-01", "2026-11-10", "indeed", "en"))
    assert [found["voices"]["scored"], found["topics"]["n"], found["needs_answer"]["waiting"]] == [1, 1, 1]
    with open_reader(tmp_path / "d") as reader:
        assert listen(reader, Ask("Acme", source="kununu"), TODAY)["voices"] == {"scored": 0, "labels": {}, "quotes": []}


def test_mentions_of_a_topic(tmp_path: Path) -> None:
    """What a figure of a topic leads to is what it counts."""
    heard(tmp_path, review(1, "positive"), review(2, "negative"))
    with open_reader(tmp_path / "d") as reader:
        assert [len(reader.mentions(topic="pay")), len(reader.mentions(topic="culture"))] == [2, 0]
