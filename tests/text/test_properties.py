"""What holds for any text: forms of white space and letters, a "not" put in, and texts that nobody would write."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.text.test_evidence import ANY_SENTENCE

from repwatch.text import lexicon
from repwatch.text.lexicon import LANGUAGES
from repwatch.text.scorer import score_text, score_texts

FRAMES = {
    "en": ("The {noun} is {word}.", "The {noun} is not {word}.", ("team", "pay", "work", "food", "office")),
    "fr": ("Le {noun} est {word}.", "Le {noun} n'est pas {word}.", ("salaire", "travail", "bureau", "patron", "service")),
    "nl": ("Het {noun} is {word}.", "Het {noun} is niet {word}.", ("loon", "werk", "team", "eten", "kantoor")),
    "de": ("Das {noun} ist {word}.", "Das {noun} ist nicht {word}.", ("Gehalt", "Team", "Essen", "Büro", "Klima")),
}


def praise(lang: str) -> list[str]:
    """Return the single words of praise of a lexicon that are neither nouns nor part of something longer."""
    return sorted(word for word, rows in lexicon.load(lang)._plain.items() for rest, entry in rows if entry.kind == "word" and entry.value >= 2 and not rest and word.isalpha())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_not_never_makes_praise_more_positive(lang: str) -> None:
    """Of every word of praise: "is not good" is never better than "is good"."""
    plain, denied, nouns = FRAMES[lang]
    for number, word in enumerate(praise(lang)):
        noun = nouns[number % len(nouns)]
        assert score_text(denied.format(noun=noun, word=word), lang).polarity <= score_text(plain.format(noun=noun, word=word), lang).polarity, word


@given(ANY_SENTENCE, st.sampled_from(["  ", "\t", "\n", " \r\n ", "\u00a0", "\u2003", "\u3000"]), st.sampled_from(["", " ", "\n\n", "\t"]))
@settings(deadline=None)
def test_no_kind_of_white_space_changes_a_score(told: tuple[str, str], gap: str, edge: str) -> None:
    """Spaces, tabs and line ends are the same, and as many as one likes."""
    lang, text = told
    assert score_text(text, lang) == score_text(edge + text.replace(" ", gap) + edge, lang)


@given(ANY_SENTENCE, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
@settings(deadline=None)
def test_no_unicode_form_changes_a_score(told: tuple[str, str], form: str) -> None:
    """However the letters are written down."""
    lang, text = told
    assert score_text(text, lang) == score_text(unicodedata.normalize(form, text), lang)


@given(ANY_SENTENCE)
@settings(deadline=None)
def test_the_case_of_the_first_letter_changes_no_score(told: tuple[str, str]) -> None:
    """Nor does it matter how a sentence begins."""
    lang, text = told
    first = text[0]
    if len(first.upper()) == len(first.lower()) == 1:
        assert score_text(first.upper() + text[1:], lang) == score_text(first.lower() + text[1:], lang)


@pytest.mark.parametrize(
    "unit", ["a", "good ", "\x00\x1b[31m", "\u202egood\u202c ", "\ud800", "👍", "e\u0301", "not ", "a,", "(((", "https://a.b/", "\u0000", "n't ", "geen ", "ﷺ", "no cons "]
)
@pytest.mark.parametrize("lang", [None, "en", "de"])
def test_ten_megabytes_of_anything_have_a_score(unit: str, lang: str | None) -> None:
    """No text crashes the scorer or keeps it busy for its whole length."""
    found = score_text(unit * (10_000_000 // len(unit)), lang)
    assert -1 <= found.polarity <= 1


def test_many_texts_are_scored_as_each_alone() -> None:
    """In order, with the same result."""
    texts = ["good pay", "toxic managers", "none"]
    assert [score_text(text, "en") for text in texts] == score_texts(texts, "en")
