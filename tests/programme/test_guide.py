"""The guide of good practices: whole in every language, filled, laid over with an organisation's own texts."""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from repwatch.analysis.themes import HIDDEN
from repwatch.errors import UsageError
from repwatch.models import TOPICS
from repwatch.programme.guide import (
    LANGUAGES,
    LETTERS,
    ROLES,
    SECTORS,
    check_overlay,
    guide,
    letter,
    own_cases,
)

PLACES: dict[str, Any] = {"employer": "Acme", "contact": "", "months": 13, "days": 30}
_PLACE = re.compile(r"{\w+}")
FOLDER = resources.files("repwatch.programme").joinpath("guide")


def texts(lang: str) -> dict[str, str]:
    return {each.name: each.read_text("utf-8") for each in FOLDER.joinpath(lang).iterdir()}


def shape(name: str, text: str) -> list[str]:
    """Return what must be the same in every language: the kinds of lines in their order, the sectors, the places and keys."""
    if name.endswith(".toml"):
        return [f"{table}.{key} {sorted(_PLACE.findall(value))}" for table, rows in tomllib.loads(text).items() for key, value in rows.items()]
    marks = [re.match(r"(#+|- |\d\. |\*\*|\*|)", line)[1] for line in text.splitlines() if line.strip()]  # type: ignore[index]  # the last branch always matches
    # The introduction breaks its lines where a language happens to be long.
    prose = name == "intro.md"
    return [mark for mark in marks if mark or not prose] + re.findall(r"{[{%].*?[%}]}", text) + (re.findall(r"(?m)^## \w+$", text) if name == "sectors.md" else [])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_the_same_files_headings_and_places(lang: str) -> None:
    """What is said in one language is said in all."""
    english, other = texts("en"), texts(lang)
    assert sorted(other) == sorted(english)
    assert {name: shape(name, text) for name, text in other.items()} == {name: shape(name, text) for name, text in english.items()}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("contact", ["", "hr@acme.example"])
def test_no_place_is_left_unfilled(lang: str, contact: str) -> None:
    """No brace remains; the contact stands where there is one; every sector and letter is filled."""
    places = {**PLACES, "contact": contact}
    whole = [*(guide(lang, places, sector=sector) for sector in SECTORS), *(letter(name, lang, places) for name in LETTERS)]
    assert [text for text in whole if re.search(r"[{}]", text) or "Acme" not in text] == []
    assert [contact in text for text in (whole[0], whole[-1])] == [True, True]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_roles_and_sectors_choose(lang: str) -> None:
    """Each role and each sector has a text of its own; the order of the roles is ours."""
    whole = guide(lang, PLACES)
    alone = [guide(lang, PLACES, roles=(role,)) for role in ROLES]
    assert len({*alone, whole}) == len(ROLES) + 1
    assert guide(lang, PLACES, roles=("leader", "all")) == guide(lang, PLACES, roles=("all", "leader"))
    assert len({guide(lang, PLACES, sector=sector) for sector in SECTORS}) == len(SECTORS)
    assert len(re.findall(r"(?m)^## ", whole)) == len(ROLES) + 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_topic_has_a_name(lang: str) -> None:
    """Each topic of the scorer can be told of, but what Art. 9 protects."""
    told = own_cases(lang, "Acme", [(topic, 7, "praise") for topic in TOPICS])
    assert len(told) == len({*TOPICS} - HIDDEN)
    assert [case for case in told if "Acme" not in case or "7" not in case] == []


def test_own_cases_stand_before_the_written_ones() -> None:
    """What was said about the employer comes first; a topic without a name is left out."""
    cases = own_cases("en", "Acme", [("workload", 12, "blame"), ("pay", 6, "both"), ("health", 9, "blame")])
    text = guide("en", PLACES, roles=(), cases=cases)
    assert text.partition("## Cases\n\n")[2].split("\n\n")[:3] == [
        "**What people say about Acme: the workload.** In the last twelve months 12 public texts spoke of it, mostly with criticism. Do not talk it away: say what is being done, or that you do not know yet.",
        "**What people say about Acme: pay.** In the last twelve months 6 public texts spoke of it, some with praise, some with criticism. Both may be said.",
        "**A colleague posts a photo of the team lunch, and a customer file lies on the table.** Call, say why, ask for another photo. No warning letter.",
    ]


@pytest.mark.parametrize(("arguments", "message"), [
    ({"lang": "es"}, "--lang es: there is none of this name"),
    ({"roles": ("all", "spy")}, "--role spy: there is none of this name"),
    ({"sector": "mining"}, "--sector mining: there is none of this name"),
])  # fmt: skip
def test_names_that_are_not_ours_are_refused(arguments: dict[str, Any], message: str) -> None:
    """The message says which; the hint which there are."""
    with pytest.raises(UsageError) as caught:
        guide(**{"lang": "en", "places": PLACES, **arguments})
    assert (str(caught.value), caught.value.hint.startswith("Use one of: ")) == (message, True)
    with pytest.raises(UsageError, match="--letter love: there is none of this name"):
        letter("love", "en", PLACES)


def test_texts_of_ones_own_take_the_place_of_ours(tmp_path: Path) -> None:
    """A file replaces, an extra file adds, both are filled; an empty one leaves ours."""
    (tmp_path / "all.md").write_text("## House rules\n\nAt {{ employer }} we listen.", "utf-8")
    (tmp_path / "crisis.extra.md").write_text("\ufeffCall 112 first.", "utf-8")
    (tmp_path / "intro.md").write_text("", "utf-8")
    check_overlay(tmp_path)
    text = guide("en", PLACES, overlay=tmp_path)
    assert "## House rules\n\nAt Acme we listen.\n\n## For volunteers" in text
    assert "who says so. Then tell those who spoke up.\n\nCall 112 first.\n\n> Look" in text
    assert text.startswith("# Speaking about work online: good practices at Acme")


@pytest.mark.parametrize(("text", "told"), [
    ("{{ emploier }}", "'emploier' is undefined"), ("{% if %}", "Expected an expression, got 'end of statement block'"), ("{{ 1 / 0 }}", "division by zero"),
    ("{{ ''.__class__.__mro__ }}", "access to attribute '__class__' of 'str' object is unsafe."), ("{{ 'a' + 1 }}", 'can only concatenate str (not "int") to str'),
])  # fmt: skip
def test_a_text_that_cannot_be_filled_is_named(tmp_path: Path, text: str, told: str) -> None:
    """File, reason and the places there are; a template reaches nothing of the program."""
    (tmp_path / "all.extra.md").write_text(text, "utf-8")
    with pytest.raises(UsageError) as caught:
        guide("en", PLACES, overlay=tmp_path)
    assert str(caught.value) == f"{tmp_path / 'all.extra.md'}: the text cannot be filled in: {told}"
    assert caught.value.hint == "Places that are filled: {{ employer }}, {{ contact }}, {{ months }}, {{ days }}."


def test_a_folder_of_texts_is_checked(tmp_path: Path) -> None:
    """No folder, a name without a place, bytes that are no text."""
    with pytest.raises(UsageError, match="there is no such folder"):
        check_overlay(tmp_path / "none")
    (tmp_path / "everyone.md").touch()
    with pytest.raises(UsageError, match=r"everyone\.md takes no place in the guide") as caught:
        check_overlay(tmp_path)
    assert caught.value.hint.startswith("Names that do: intro.md, all.md, ")
    (tmp_path / "all.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="this file cannot be read"):
        guide("en", PLACES, overlay=tmp_path)
