"""What a clause is set in: elsewhere and before, what is only said, mockery, what nobody has to do."""

from __future__ import annotations

import pytest

from repwatch.text.entries import made
from repwatch.text.lexicon import LANGUAGES, Lexicon, load
from repwatch.text.rules import read_segment
from repwatch.text.scorer import score_text
from repwatch.text.tokens import tokens

ROWS = [
    ("word", "kind", 2.0), ("word", "kinder", 2.0), ("word", "rude", -2.0), ("word", "late", -2.0), ("good", "pay", 1.0), ("bad", "stress", -1.0), ("up", "more", 1.0),
    ("idiom", "streets ahead", 2.0), ("but", "but", 1.0), ("neg", "never", 2.0), ("than", "than", 0.0), ("other", "my old boss", -0.5), ("other", "next door", 0.0),
    ("other", "than here", 0.0), ("deny", "on paper", -1.0), ("void", "is a foreign word", -1.0), ("mock", "nothing beats", -1.5), ("mock", "congratulations", 1.5),
    ("free", "nobody has to", 1.5), ("thus", "as here", 1.0), ("neg", "nobody", 1.0), ("deny", "pretends", -1.0), ("neg", "not only", 1.0), ("now", "today", 0.0),
]  # fmt: skip


def said(text: str) -> float:
    """Return what the rules find in a text, praise less blame."""
    words = Lexicon([(pattern, made(kind, value)) for kind, pattern, value in ROWS])
    found = read_segment(tokens(text), words)
    return found.good - found.bad


@pytest.mark.parametrize(
    "text",
    [
        "my old boss was kind",
        "with my old boss, all were kind",
        "next door they are more kind",
        "they pay more next door",
        "more next door",
        "people are more kind than here",
        "my old boss",
        "kind on paper",
        "on paper, kind",
        "all kind, on paper",
        "on paper",
        "kind is a foreign word",
        "nothing beats rude people",
        "nothing beats kind but rude people",
        "nothing beats a monday",
        "congratulations on being late",
    ],
)
def test_a_frame_speaks_against(text: str) -> None:
    """Praise that is another's, that is only said, or that mocks, is blame."""
    assert said(text) < 0


@pytest.mark.parametrize(
    "text",
    [
        "my old boss was rude",
        "streets ahead of my old boss",
        "more kind than my old boss",
        "stress is a foreign word",
        "nobody here pretends",
        "not only on paper",
        "nothing beats kind people",
        "congratulations",
        "congratulations, kind people",
        "nobody has to stay late",
        "nobody has to pretend",
        "nobody has to be kind",
        "never in six years was my pay late",
        "never were people kinder",
        "never more kind people",
        "never so kind to me as here",
    ],
)
def test_a_frame_speaks_for(text: str) -> None:
    """Blame of another, what does not exist here, what nobody has to do, and what was never better."""
    assert said(text) > 0


def test_what_stands_behind_a_contrast_is_not_in_the_frame() -> None:
    """The praise behind "but" is of here."""
    assert said("on paper, but kind") == 2.0 - 1.0
    assert said("my old boss, but kind") == 2.0 - 0.5


def test_a_clause_of_the_present_is_not_in_the_frame_of_the_past() -> None:
    """The praise behind "today" is of here."""
    assert said("with my old boss, today all are kind") == 2.0 - 0.5


def test_a_form_that_nobody_wrote_down_is_read_as_its_stem() -> None:
    """Dutch and German inflect; in a lexicon without endings only what stands there is known."""
    rows = [("hartelijk", made("word", 2.0))]
    assert Lexicon(rows, endings=("ere", "e"))["hartelijkere"].alone is not None
    assert Lexicon(rows, endings=("ere", "e"))["hartelijkst"].alone is None
    assert Lexicon(rows)["hartelijkere"].alone is None


@pytest.mark.parametrize(("word", "lang"), [("kinder", "en"), ("friendlier", "en"), ("better", "en"), ("vriendelijkere", "nl"), ("herzlichere", "de")])
def test_a_comparative_of_praise_is_known(word: str, lang: str) -> None:
    """By its ending and its stem, or as a word of its own."""
    alone = load(lang)[word].alone
    assert alone is not None
    assert alone.entry.more


@pytest.mark.parametrize(("word", "lang"), [("clever", "en"), ("lekker", "nl"), ("sauber", "de"), ("rude", "en")])
def test_what_only_ends_like_a_comparative_is_none(word: str, lang: str) -> None:
    """ "Clever" is no more of "clev"."""
    alone = load(lang)[word].alone
    assert alone is None or not alone.entry.more


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_every_frame(lang: str) -> None:
    """The four kinds and the words of comparison."""
    known = load(lang)
    kinds = {entry.kind for rows in known._plain.values() for _, entry in rows}
    assert {"other", "void", "deny", "mock", "free"} <= kinds
    assert known.than


@pytest.mark.parametrize(
    ("text", "lang", "good"),
    [
        ("My former boss was fair and patient", "en", False),
        ("The competition pays better", "en", False),
        ("Nobody has to beg for a free day", "en", True),
        ("Mon ancien chef était à l'écoute", "fr", False),
        ("Personne n'est obligé de faire des heures supplémentaires", "fr", True),
        ("La transparence est un mot inconnu", "fr", False),
        ("Mijn vorige baas was vriendelijk en eerlijk", "nl", False),
        ("Niemand moet hier schrik hebben", "nl", True),
        ("Waardering is ver te zoeken", "nl", False),
        ("Mein früherer Chef war freundlich", "de", False),
        ("Niemand muss hier Überstunden machen", "de", True),
        ("Stress ist hier ein Fremdwort", "de", True),
    ],
)
def test_frames_in_four_languages(text: str, lang: str, good: bool) -> None:
    """The shipped lexicons hold the frames."""
    assert (score_text(text, lang).polarity > 0) is good
