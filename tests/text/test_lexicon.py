"""The lexicons and how their entries are found."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repwatch.text import entries
from repwatch.text.lexicon import LANGUAGES, Lexicon, load, tokens_of_pattern
from repwatch.text.tokens import _TOKEN, tokens

KINDS = {"mute", "idiom", "emoji", "neg", "bad", "good", "word", "up", "down", "boost", "thus", "damp", "but", "wish", "grant", "topic", "other", "void", "deny", "mock", "free"}


def made(*rows: tuple[str, str, float]) -> Lexicon:
    return Lexicon([(pattern, entries.made(kind, value)) for kind, pattern, value in rows])


def found(words: Lexicon, text: str) -> list[tuple[str, str]]:
    stream = tokens(text)
    hits, topics, *_ = words.find(stream)
    return [(hit.entry.kind, " ".join(stream[hit.start : hit.end])) for hit in (*hits, *topics)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Don't worry, be happy!", ["don't", "worry", ",", "be", "happy", "!"]),
        ("L’ambiance n'est pas", ["l'", "ambiance", "n'", "est", "pas"]),
        ("qu'on jusqu'ici", ["qu'", "on", "jusqu'", "ici"]),
        ("work-life balance", ["work-life", "balance"]),
        ("das 13. Gehalt am 5.", ["das", "13.", "gehalt", "am", "5", "."]),
        ("Topp 👍🙂", ["topp", "👍", "🙂"]),
        ("Nice :-) not ;) <3", ["nice", ":-)", "not", ";)", "<3"]),
        ("see https://a.b/c?d=e #tag @me", ["see", "https://a.b/c?d=e", "#tag", "@me"]),
        ("a\nb (c) d…", ["a", "b", "(", "c", ")", "d", "…"]),
    ],
)
def test_tokens_by_example(text: str, expected: list[str]) -> None:
    """Words in lower case with elisions off, punctuation, emoji and links each alone."""
    assert expected == tokens(text)


@given(st.text(st.characters(), max_size=200))
def test_any_text_splits_without_spaces(text: str) -> None:
    """No token is empty or holds a space."""
    for token in tokens(text):
        assert token
        assert not any(char.isspace() for char in token)


@given(st.text(st.sampled_from("aé1.,'’-:)( \n\t\u2003@#_😀"), max_size=60) | st.text(max_size=60))
def test_a_text_splits_as_its_stretches_between_spaces(text: str) -> None:
    """Keeping the tokens of a stretch changes nothing: what stands behind a space is looked at for ordinals alone."""
    assert _TOKEN.findall(text.lower().replace("’", "'")) == tokens(text) == tokens(text)


def test_of_two_patterns_of_a_length_the_one_without_a_star_wins() -> None:
    """Whichever stands first in the file; a star beats nothing but shorter ones."""
    for rows in ((("idiom", "good man*", 1), ("idiom", "good manners", 2)), (("idiom", "good manners", 2), ("idiom", "good man*", 1))):
        hits, *_ = made(*rows, ("word", "good", 3)).find(["good", "manners"])
        assert [2] == [hit.entry.value for hit in hits]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("good pay", ["good", "pay"]), ("manag* style", ["manag*", "style"]), ("l'ambian*", ["l'", "ambian*"]), ("L'air", ["l'", "air"]), ("*lohn", ["*lohn"])],
)
def test_patterns_split_as_texts_do(pattern: str, expected: list[str]) -> None:
    """The stars stay, elisions go."""
    assert expected == tokens_of_pattern(pattern)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_shipped_lexicon_is_in_order(lang: str) -> None:
    """Known kinds, finite values within 3."""
    words = load(lang)
    assert words is load(lang)
    entries = [entry for table in (words._plain, words._prefix) for rows in table.values() for _, entry in rows]
    entries += [entry for _, _, entry in words._starred]
    assert {entry.kind for entry in entries} <= KINDS
    assert all(math.isfinite(entry.value) and abs(entry.value) <= 4 for entry in entries)
    assert {"word", "idiom", "neg", "bad", "good", "up", "down"} <= {entry.kind for entry in entries}


def test_the_longest_entry_wins() -> None:
    """"not bad at all" is one idiom, not a negator and a word."""
    words = made(("word", "bad", -2), ("neg", "not", 0), ("idiom", "not bad at all", 2), ("idiom", "not bad", 1))
    assert found(words, "Not bad at all") == [("idiom", "not bad at all")]
    assert found(words, "not bad at") == [("idiom", "not bad")]
    assert found(words, "not so bad") == [("neg", "not"), ("word", "bad")]


def test_one_pattern_under_several_kinds_takes_the_first_rank() -> None:
    """A mute entry silences the word, an idiom beats a word."""
    assert found(made(("word", "fine", 1), ("idiom", "fine", 2)), "fine") == [("idiom", "fine")]


def test_a_mute_entry_takes_its_words_and_their_topics() -> None:
    """"Payroll software" says nothing of pay, and a muted word nothing at all."""
    words = made(("word", "fine", 1), ("mute", "fine", 0), ("topic", "pay*", 0), ("mute", "payroll software", 0))
    assert found(words, "fine payroll software pays") == [("topic", "pays")]


def test_a_topic_of_two_words_is_found_within_an_idiom() -> None:
    """What takes its words away from other entries leaves them to the topics."""
    words = made(("idiom", "out of hours work", -1), ("topic", "hours work", 0))
    assert found(words, "out of hours work") == [("idiom", "out of hours work"), ("topic", "hours work")]


def test_a_topic_is_found_beside_the_word() -> None:
    """A topic word takes nothing away from what is said of it."""
    words = made(("topic", "pay", 0), ("word", "pay", 1))
    assert found(words, "pay") == [("word", "pay"), ("topic", "pay")]


@pytest.mark.parametrize(
    ("pattern", "text", "hit"),
    [
        ("motivat*", "motivating", True),
        ("motivat*", "motivat", True),
        ("motivat*", "demotivating", False),
        ("*lohn", "stundenlohn", True),
        ("*lohn", "lohnt", False),
        ("an*t", "angst", True),
        ("ab*", "abc", True),
        ("good man*", "good manager", True),
        ("good man*", "good woman", False),
        ("good man*", "good", False),
        ("génial*", "geniale", True),
        ("ambiance géniale", "AMBIANCE GENIALE", True),
        ("geniale", "géniale", True),
        ("l'ambian*", "l'ambiance", True),
        ("*", "anything", False),
        ("**", "anything", False),
        (" ", "anything", False),
    ],
)
def test_stars_and_accents(pattern: str, text: str, *, hit: bool) -> None:
    """A star stands for letters within a word; accents may be missing on either side; a bare star means nothing."""
    assert hit is bool(found(made(("word", pattern, 1)), text))


def test_what_is_kept_of_words_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A flood of new words does not fill the memory; what is no longer kept is still found."""
    monkeypatch.setattr("repwatch.text.lexicon._MOST_WORDS", 2)
    words = made(("word", "good", 1))
    assert found(words, "some good words") == [("word", "good")]
    assert list(words) == [",", "some"]
