"""The long texts: each in four languages, asking for the same facts, addressing the reader politely."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest
from jinja2 import Environment, meta

from repwatch.programme.answers import LANGUAGES

SHELF = Path(str(resources.files("repwatch.programme"))) / "texts"
NAMES = sorted(path.name for path in (SHELF / "en").iterdir())
#: What is said to friends, and never in these texts.
FAMILIAR = {"fr": r"\b(?:tu|toi|tes)\b", "nl": r"\b(?:je|jij|jou|jouw|jullie)\b", "de": r"\b(?:du|dich|dir|dein\w*|euch|euer)\b"}
#: A menu of X is quoted as the network writes it.
_QUOTED = ("Je posts beschermen", "Deine Posts schützen")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_exists_in_four_languages(lang: str) -> None:
    """No language misses a text, and none asks for facts that the others do not."""
    assert sorted(path.name for path in (SHELF / lang).iterdir()) == NAMES

    def facts(language: str, name: str) -> set[str]:
        environment = Environment()
        environment.filters |= {"day": str, "plain": str}
        return meta.find_undeclared_variables(environment.parse((SHELF / language / name).read_text("utf-8")))

    assert [name for name in NAMES if facts(lang, name) != facts("en", name)] == []


@pytest.mark.parametrize("lang", FAMILIAR)
def test_the_reader_is_addressed_politely(lang: str) -> None:
    """Vous, u and Sie throughout."""
    found = {}
    for name in NAMES:
        text = (SHELF / lang / name).read_text("utf-8")
        for quoted in _QUOTED:
            text = text.replace(quoted, "")
        found[name] = re.findall(FAMILIAR[lang], text, re.IGNORECASE)
    assert found == {name: [] for name in NAMES}
