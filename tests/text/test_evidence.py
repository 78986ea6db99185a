"""The words that carry a score: truthful, in the direction said."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model.train import corpus

from repwatch.models import Interview, Review
from repwatch.text import lexicon, reasons, rules
from repwatch.text.lexicon import LANGUAGES
from repwatch.text.parts import Places
from repwatch.text.reading import margin, prepare, read, read_segment
from repwatch.text.scorer import explain, score_item, score_text
from repwatch.text.tokens import tokens
from repwatch.text.weights import load_weights

SENTENCES = {lang: [row.text for row in corpus(lang) if row.kind != "empty"] for lang in LANGUAGES}
ANY_SENTENCE = st.sampled_from(LANGUAGES).flatmap(lambda lang: st.tuples(st.just(lang), st.sampled_from(SENTENCES[lang])))


def without(text: str, lang: str, places: Places, number: int) -> float:
    """Return the margin of a text from which the words at `places` of segment `number` are taken out, read anew from its tokens."""
    parts = rules.segments(tokens(prepare(text)))
    gone = {place for start, end in places for place in range(start, end)}
    stream = [word for at, each in enumerate(parts) for place, word in enumerate(each) if at != number or place not in gone]
    words, weights = lexicon.load(lang), load_weights(lang)
    return margin([read_segment(each, words, weights) for each in rules.segments(stream)], weights)


@given(ANY_SENTENCE)
@settings(max_examples=300, deadline=None)
def test_taking_evidence_out_moves_the_margin_as_said(told: tuple[str, str]) -> None:
    """Without words that speak for a text it is less good, without words that speak against it less bad."""
    lang, text = told
    found = read(prepare(text), lang)
    for toward in (found.margin, 0.0):
        for reason in reasons.chief(found, lang, toward):
            assert reason.without != found.margin
            if toward:
                assert (found.margin - reason.without) * toward > 0


@given(ANY_SENTENCE, st.sampled_from([None, 1.0, 3.0, 5.0]), st.sampled_from(["", "Nothing", "The pay is low"]))
@settings(max_examples=200, deadline=None)
def test_who_does_not_ask_why_gets_the_same_score(told: tuple[str, str], rating: float | None, cons: str) -> None:
    """All of it but the evidence, for a text, a review with fields and an interview."""
    lang, text = told
    review = Review(source="kununu", pros=text, cons=cons, rating=rating, lang=lang)
    interview = Interview(source="kununu", process=text, experience="negative" if rating else None, lang=lang)
    assert score_text(text, lang, why=False) == score_text(text, lang).model_copy(update={"evidence": ()})
    for item in (review, review.model_copy(update={"cons": None}), interview):
        assert score_item(item, why=False) == score_item(item).model_copy(update={"evidence": ()})


@given(ANY_SENTENCE)
@settings(max_examples=200, deadline=None)
def test_a_reason_is_what_reading_again_gives(told: tuple[str, str]) -> None:
    """What is said of a text without some words is what that text gets when it is read from the start."""
    lang, text = told
    found = read(prepare(text), lang)
    for candidate in reasons._candidates(found, lang):
        _, number, places = candidate
        assert reasons._without(found, candidate, lang).without == without(text, lang, places, number)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_verdict_in_words_taken_out_of_the_text_itself(lang: str) -> None:
    """A piece of evidence that stands once in a plain text, deleted from it, moves the polarity against the label."""
    tried = 0
    for text in random.Random(4).sample(SENTENCES[lang], 400):
        found = score_text(text, lang)
        for piece in found.evidence:
            if found.label not in {"positive", "negative"} or text.lower().count(piece) != 1 or "…" in piece or "'" in piece:
                continue
            at = text.lower().index(piece)
            left = text[:at] + text[at + len(piece) :]
            if tokens(left) != _deleted(tokens(text), tokens(piece)):
                continue  # the piece was part of a longer word
            other = score_text(left, lang)
            if other.label in {"neutral", "unscored"}:
                continue  # nothing is left that says anything
            tried += 1
            assert (found.polarity - other.polarity) * found.polarity >= 0, (text, piece)
    assert tried > 100


def _deleted(words: list[str], piece: list[str]) -> list[str]:
    for at in range(len(words)):
        if words[at : at + len(piece)] == piece:
            return words[:at] + words[at + len(piece) :]
    return words


def test_an_explanation_tells_both_sides() -> None:
    """Praise carries a plus, blame a minus, the weightiest first."""
    told = explain("The people are friendly, the pay is terrible", "en")
    assert dict(told)["friendly"] > 0 > dict(told)["terrible"]
    assert sorted((abs(value) for _, value in told), reverse=True) == [abs(value) for _, value in told]


def test_behind_an_empty_opening_the_reasons_are_those_of_the_rest() -> None:
    """Blame behind "no cons" is blame, and is told as such."""
    told = dict(explain("No cons, but the pay is terrible", "en"))
    assert told["terrible"] < 0
    assert "terrible" in score_text("No cons, but the pay is terrible and the managers are toxic", "en").evidence


@pytest.mark.parametrize(("text", "lang"), [("none", "en"), ("", None), ("muy bueno", "es"), ("El ambiente de trabajo es muy bueno y los compañeros son geniales", None)])
def test_what_is_not_scored_is_not_explained(text: str, lang: str | None) -> None:
    """An empty answer and another language have no reasons."""
    assert explain(text, lang) == []


def test_a_text_without_known_words_is_explained_by_learned_ones() -> None:
    """Where the rules know no word, the weights may."""
    found = read("qwertzuiop documentation asdfghjkl", "en")
    assert all(words in "qwertzuiop documentation asdfghjkl" for words in (each.words for each in reasons.all_of(found, "en")))


def test_a_text_that_leans_to_no_side_shows_both() -> None:
    """However much more there is of the one."""
    found = read("great team, good pay and nice offices, but a terrible boss", "en")
    assert {each.words for each in reasons.chief(found, "en", 0.0)} == {"great", "terrible"}
