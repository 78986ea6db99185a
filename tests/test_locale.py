"""The catalogues: whole, current, with the same places in every language, compiled as they are written."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from docs import catalogues

from repwatch import wording

ROOT = Path(__file__).parents[1]
LANGUAGES = catalogues.LANGUAGES


def catalogue(language: str) -> Catalog:
    with catalogues.place(language, "po").open("rb") as file:
        return read_po(file, locale=language)


def messages(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def forms(text: object) -> list[str]:
    return [text] if isinstance(text, str) else list(text)  # type: ignore[call-overload]  # a tuple of forms


def places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_translated(language: str) -> None:
    """No message lacks a translation or one of its plural forms."""
    assert [message.id for message in catalogues.untranslated(catalogue(language))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_guessed(language: str) -> None:
    """No translation is fuzzy, none is left over from a message that the code no longer says."""
    found = catalogue(language)
    assert [[message.id for message in found if message.id and message.fuzzy], list(found.obsolete)] == [[], []]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_places_in_every_form(language: str) -> None:
    """A value that the English message shows is shown in the translation, in each of its forms."""
    pairs = [(english, form) for message in messages(language) for english, form in zip(forms(message.id), forms(message.string), strict=True)]
    assert [(english, form) for english, form in pairs if places(form) != places(english)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_ends_as_the_english_does(language: str) -> None:
    """Sentences stay sentences: full stops, and blanks at the ends, are those of the English message."""
    ends = [(message.id, form) for message in messages(language) for form in forms(message.string)
            if form != form.strip() or form.endswith(".") != forms(message.id)[-1].endswith(".")]  # fmt: skip
    assert ends == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_commands_are_not_translated(language: str) -> None:
    """What stands in backticks, and every option, is said as it must be typed."""
    typed = re.compile(r"`[^`]+`|(?<!\w)--[a-z][a-z-]*")
    assert [message.id for message in messages(language) if sorted(typed.findall(forms(message.id)[-1])) != sorted(typed.findall(forms(message.string)[-1]))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_is_that_of_the_code(language: str) -> None:
    """`make messages` would change nothing: every message of the code is there, and no other."""
    assert catalogues.as_po(catalogues.merged(language)) == catalogues.place(language, "po").read_bytes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_that_of_the_text(language: str) -> None:
    """The .mo beside a .po is what it compiles to."""
    assert catalogues.as_mo(catalogue(language)) == catalogues.place(language, "mo").read_bytes()


def test_every_message_is_one_whole_text() -> None:
    """Nothing is put together before it is translated: no f-string, no sum, no choice between texts."""
    glued = (ast.JoinedStr, ast.BinOp, ast.IfExp, ast.BoolOp)
    paths = sorted((ROOT / "src" / "repwatch").rglob("*.py"))
    assert [(path.name, ast.unparse(call)) for path in paths for call in catalogues.calls(path) if isinstance(call.args[0], glued)] == []


def test_messages_are_found_wherever_they_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also within an f-string; a key, an empty text and a variable are no messages."""
    (tmp_path / "module.py").write_text("x = f\"{_('within')} {n_('one', 'many', 2)}\"; y = _(WORDS['key']) + _('') + _(name) + N_('marked') + other('none')\n")
    monkeypatch.setattr(catalogues, "SOURCE", tmp_path)
    assert {message.id for message in catalogues.extracted() if message.id} == {"marked", "within", ("one", "many")}


@pytest.mark.parametrize(("language", "expected"), [("fr", "0 mention|1 mention|2 mentions"), ("nl", "0 vermeldingen|1 vermelding|2 vermeldingen"), ("de", "0 Erwähnungen|1 Erwähnung|2 Erwähnungen")])
def test_plurals_are_those_of_the_language(language: str, expected: str) -> None:
    """Nothing is one in French, and several in Dutch and German."""
    wording._catalogue.cache_clear()
    wording.use(language)
    try:
        assert "|".join(wording.n_("{n} mention", "{n} mentions", n) for n in (0, 1, 2)) == expected
    finally:
        wording.use("en")


def test_an_empty_message_stays_empty() -> None:
    """The head of the catalogue never reaches a person."""
    wording.use("fr")
    try:
        assert wording._("") == ""
    finally:
        wording.use("en")


def test_make_messages_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A new message is named for each language, and the verb fails; nothing that was translated is lost."""
    monkeypatch.setattr(catalogues, "place", lambda language, ending: tmp_path / language / f"x.{ending}")
    known = catalogues.merged("fr")
    known["Not seen"].string = "Non vu"
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / "x.po").write_bytes(catalogues.as_po(known))
    assert catalogues.main() == 1
    told = capsys.readouterr().out
    assert ["fr: 'Coverage'" in told, "nl: 'Not seen'" in told, "fr: 'Not seen'" in told] == [True, True, False]


def test_english_needs_no_babel() -> None:
    """A report in English starts without Babel, which would cost it half of its start-up time."""
    code = """
import sys
import repwatch.report.overview, repwatch.report.terminal, repwatch.report.plain
from repwatch.report import figures
figures.number(1.5, 1), figures.day("2026-01-01")
print(sorted({"babel", "jinja2", "openpyxl", "vl_convert", "sqlalchemy"} & set(sys.modules)))
"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(ROOT / "src")}).stdout == "[]\n"
