"""Foreign text is made harmless and comparable."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repwatch.text.clean import clean, clean_or_none, fold, one_line, words

ANY = st.text(st.characters(), max_size=200) | st.text(st.sampled_from("a \t\n\r\x00\x1b\x7f\x85\u00a0\u200e\u202e\u2066\ufeff\ud800\udfffe\u0301"), max_size=60)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("  a \t b  ", "a b"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\n\n\n \n  b", "a\n\nb"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("a\x00b\x07c\x7f\x9f", "abc"),
        ("\u202eevil\u202c \u2066x\u2069 \u200ey\u200f \u061cz", "evil x y z"),
        ("\ufefftext", "text"),
        ("lone \ud800 and \udfff", "lone and"),
        ("e\u0301", "é"),
        ("5\u00a0000\u202f€\u3000x", "5 000 € x"),
    ],
)
def test_clean_by_example(text: str, expected: str) -> None:
    """Controls go, spaces fold, paragraphs stay, accents compose."""
    assert expected == clean(text)


@given(ANY)
def test_what_is_cleaned_can_be_written_everywhere(text: str) -> None:
    """No control but tab and newline, no direction control, no surrogate is left: UTF-8 takes it all."""
    found = clean(text)
    found.encode()
    assert {"\n"} >= {char for char in found if unicodedata.category(char) in ("Cc", "Cs")}
    assert not set(found) & set("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
    assert found == found.strip()
    assert unicodedata.is_normalized("NFC", found)


@given(ANY)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    """`clean` is a projection."""
    assert clean(text) == clean(clean(text))


@pytest.mark.parametrize(("text", "expected"), [(None, None), ("", None), (" \x00\n ", None), (" a ", "a")])
def test_nothing_left_is_none(text: str | None, expected: str | None) -> None:
    """A field of spaces and controls holds nothing."""
    assert expected == clean_or_none(text)


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [("a\n\nb\tc", 0, "a b c"), ("abcdef", 6, "abcdef"), ("abcdefg", 6, "abcde…"), ("abcd efg", 6, "abcd…"), ("", 3, "")],
)
def test_one_line_by_example(text: str, width: int, expected: str) -> None:
    """Lines are joined; a cut shows an ellipsis and never a space before it."""
    assert expected == one_line(text, width)


@given(ANY, st.integers(2, 40))
def test_one_line_is_one_line_of_that_width(text: str, width: int) -> None:
    """Whatever comes in, one line comes out, no longer than asked."""
    found = one_line(text, width)
    assert len(found) <= width
    assert len(found.splitlines()) <= 1


@pytest.mark.parametrize(("text", "expected"), [("ÉCOLE", "ecole"), ("Straße", "strasse"), ("ﬁn", "fin"), ("Ünal İ", "unal i"), ("ĳs", "ijs")])
def test_fold_by_example(text: str, expected: str) -> None:
    """Case, accents and ligatures do not count in a comparison."""
    assert expected == fold(text)


@given(st.text())
def test_fold_knows_no_accent_and_no_form(text: str) -> None:
    """The composed and the decomposed text fold alike, without combining marks."""
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))
    assert not any(unicodedata.combining(char) for char in fold(text))


def test_words_are_folded() -> None:
    """Punctuation falls away, numbers stay."""
    assert words("L'École est: n\u0303o 1!".replace("n\u0303o", "no")) == ["l", "ecole", "est", "no", "1"]
