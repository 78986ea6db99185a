"""Which language a text is in: one of ours, another, or nobody can tell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from model.train import corpus

from repwatch.text.language import _FOREIGN_WORDS, identify
from repwatch.text.lexicon import LANGUAGES
from repwatch.text.scorer import score_text
from repwatch.text.tokens import tokens

LONG = [
    ("The atmosphere is friendly and the managers listen to what we say.", "en"),
    ("L'ambiance est agréable et les responsables écoutent ce que nous disons.", "fr"),
    ("De sfeer is aangenaam en de leidinggevenden luisteren naar wat wij zeggen.", "nl"),
    ("Die Stimmung ist angenehm und die Vorgesetzten hören zu, wenn wir etwas sagen.", "de"),
    ("El ambiente de trabajo es muy bueno y los compañeros son geniales, aunque el salario es bajo", "es"),
    ("L'ambiente di lavoro è molto buono e i colleghi sono gentili, anche se lo stipendio è basso", "it"),
    ("这家公司的工作环境非常好,同事们也很友好", "zh"),
    ("Атмосфера хорошая, но зарплата низкая и начальство не слушает", "ru"),
    ("会社の雰囲気はとても良いですが、給料が低いです", "ja"),
]


@pytest.mark.parametrize(("text", "expected"), LONG)
@pytest.mark.parametrize("hint", [None, "en", "fr"])
def test_a_sentence_tells_its_language_whatever_the_hint(text: str, expected: str, hint: str | None) -> None:
    """A whole sentence is believed over what somebody declared."""
    assert expected == identify(text, hint)


@pytest.mark.parametrize("text", ["", "  ", "12 / 34", "!!!", "👍", "ok", "https://example.com/a @someone #tag"])
@pytest.mark.parametrize("hint", [None, "nl", "es"])
def test_without_letters_the_hint_is_all_there_is(text: str, hint: str | None) -> None:
    """Links, names and figures say nothing of a language."""
    assert hint == identify(text, hint)


@pytest.mark.parametrize(("text", "hint"), [("Goede sfeer", "nl"), ("Gute Leute", "de"), ("Bonne ambiance", "fr"), ("Good people", "en")])
def test_a_short_text_takes_a_plausible_hint(text: str, hint: str) -> None:
    """Two words are believed to be in the language that the site declared."""
    assert hint == identify(text, hint)


def test_a_short_text_is_never_foreign() -> None:
    """Names and loan words look Italian: below 25 letters one of ours is chosen."""
    assert identify("Pizza Roma Napoli") in ("en", "fr", "nl", "de")
    assert identify("Pizza Roma", "es") in ("en", "fr", "nl", "de")


@pytest.mark.parametrize("hint", [None, "en"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bardzo dobra firma, polecam", "pl"), ("Nie polecam", "pl"), ("Salário baixo e muito stress", "pt"), ("Muito bom", "pt"), ("Boa empresa para trabalhar", "pt"),
        ("El ambiente es muy bueno", "es"), ("Mucho trabajo y poco dinero", "es"), ("Ottimo ambiente di lavoro", "it"), ("Çok iyi bir şirket", "tr"), ("Firmă bună, colegi de treabă", "ro"),
    ],
)  # fmt: skip
def test_a_short_foreign_text_is_known_by_a_sure_sign(text: str, expected: str, hint: str | None) -> None:
    """A word that none of ours has, or letters that none writes: such a text is not scored, whatever was declared."""
    assert expected == identify(text, hint)
    assert score_text(text).label == "unscored"


@pytest.mark.parametrize(("text", "expected"), [("Small office in São Paulo", "en"), ("Petit bureau à Gdańsk", "fr"), ("Klein kantoor in Łódź", "nl"), ("Kleines Büro in Malmö", "de"), ("Buenos Aires office is nice", "en")])
def test_a_foreign_name_makes_no_foreign_text(text: str, expected: str) -> None:
    """A town has letters of its own; the words around it tell the language."""
    assert expected == identify(text)


def test_no_sign_of_another_language_stands_in_ours() -> None:
    """No such word is in the corpus of any of our languages."""
    words = {word for lang in LANGUAGES for row in corpus(lang) for word in tokens(row.text)}
    assert not words & _FOREIGN_WORDS


@given(st.text(st.characters(), max_size=300), st.sampled_from([None, "en", "nl", "es"]))
def test_any_text_has_an_answer(text: str, hint: str | None) -> None:
    """Any characters at all give two letters, or the hint; the same each time."""
    found = identify(text, hint)
    assert found == hint or (found is not None and len(found) == 2)
    assert found == identify(text, hint)
