"""Answers that say nothing, and answers that begin by saying nothing."""

from __future__ import annotations

from importlib import resources

import pytest
from model.train import corpus

from repwatch.text.emptiness import Nothing, is_empty_answer, load, without_empty_opening
from repwatch.text.lexicon import LANGUAGES
from repwatch.text.scorer import score_text


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("none so far", "en"), ("Can't think of any", "en"), ("nothing really", "en"), ("No cons at this time", "en"), ("I do not have any cons", "en"), ("Nothing comes to mind right now.", "en"),
        ("RAS pour le moment", "fr"), ("Pas de point négatif", "fr"), ("Rien à signaler en particulier", "fr"), ("Je n'en vois pas", "fr"), ("Aucun à ce jour", "fr"),
        ("geen", "nl"), ("Niets te melden", "nl"), ("Ik kan zo niets bedenken", "nl"), ("geen nadelen", "nl"),
        ("keine", "de"), ("Bisher nichts", "de"), ("Fällt mir nichts ein", "de"), ("Keine Verbesserungsvorschläge", "de"),
    ],
)  # fmt: skip
def test_an_answer_made_of_words_that_say_nothing_is_empty(text: str, lang: str) -> None:
    """However it is put."""
    assert is_empty_answer(text, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_shipped_lists_are_in_order(lang: str) -> None:
    """Known kinds alone, each row a kind and words, and something of each that an answer is made of."""
    rows = [line.split("\t") for line in resources.files("repwatch.text").joinpath("nothing", f"{lang}.tsv").read_text("utf-8").splitlines()]
    assert {len(row) for row in rows} == {2}
    assert {"empty", "nil", "fault", "hollow"} <= {row[0] for row in rows} <= {"empty", "full", "nil", "nothing", "fault", "hollow", "opens", "begins"}
    assert load(lang) is load(lang)


def test_an_empty_answer_is_kept_folded() -> None:
    """"N.v.t." and "n v t" are one empty answer."""
    assert Nothing([("empty", "N.v.t.")]).empty == {"n v t"}


@pytest.mark.parametrize(
    ("text", "lang"),
    [("No benefits", "en"), ("nothing works", "en"), ("Never again", "en"), ("not bad", "en"), ("Don't do it", "en"), ("pas de formation", "fr"), ("geen opleiding", "nl"), ("Nie wieder", "de"), ("keine Perspektive", "de")],
)
def test_a_lack_is_not_empty(text: str, lang: str) -> None:
    """Who writes what is missing has said something."""
    assert not is_empty_answer(text, lang)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("No cons, it is a good company", "it is a good company"),
        ("no cons lovely place", "lovely place"),
        ("nothing it was great", "it was great"),
        ("not really it's a good company", "it's a good company"),
        ("not everything is good", "not everything is good"),
        ("Nothing. ...", "Nothing. ..."),
        ("Nothing works here", "Nothing works here"),
        ("No training, no support", "No training, no support"),
    ],
)
def test_what_stands_behind_an_empty_opening_counts(text: str, rest: str) -> None:
    """The opening goes, the rest stays; without a rest all stays."""
    assert without_empty_opening(text, "en").strip() == rest


def test_a_capital_letter_begins_a_sentence_unless_nouns_have_one() -> None:
    """English "Nothing Good place to work" says nothing and then something; German "Nichts Positives zu berichten" is one clause."""
    assert without_empty_opening("Nothing Good place to work", "en") == "Good place to work"
    assert score_text("Nichts Positives zu berichten", "de").label == "negative"
    assert without_empty_opening("Nichts Positives zu berichten", "de") == "Nichts Positives zu berichten"


@pytest.mark.parametrize(("text", "label"), [("No cons lovely place to work", "positive"), ("none so far in this department", "neutral"), ("No cons. Terrible pay and toxic managers", "negative")])
def test_an_opening_without_cons_speaks_for_the_firm(text: str, label: str) -> None:
    """The rest decides; a rest without any known word says nothing either."""
    assert label == score_text(text, "en").label


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_empty_rows_of_the_corpus_are_hardly_ever_blame(lang: str) -> None:
    """Of the empty answers that were written for the corpus at most one in five is read as blame."""
    empty = [row.text for row in corpus(lang) if row.kind == "empty"]
    blamed = [text for text in empty if score_text(text, lang).label == "negative"]
    assert len(blamed) <= len(empty) / 5, blamed


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Nothing Good firm to work for", "Good firm to work for"),
        ("None Everyone is friendly", "Everyone is friendly"),
        ("Nothing Good About This Place", "Nothing Good About This Place"),
        ("nothing good about it", "nothing good about it"),
    ],
)
def test_a_capital_letter_begins_a_sentence_behind_nothing(text: str, rest: str) -> None:
    """Unless every word has one."""
    assert rest == without_empty_opening(text, "en")
