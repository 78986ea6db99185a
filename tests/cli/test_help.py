"""Help and usage errors speak the user's language, whatever is wrong with the rest."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docs import catalogues
from tests.cli.conftest import Cli
from typer.main import get_command

from repwatch import wording
from repwatch.cli import spoken
from repwatch.cli.app import application, command_names
from repwatch.wording import _

LANGUAGES = ("fr", "nl", "de")
HELP = {"fr": ("Usage : repwatch", "Options :"), "nl": ("Gebruik: repwatch", "Opties:"), "de": ("Aufruf: repwatch", "Optionen:")}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Leave the language as it was."""
    yield
    wording.use("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_help_is_translated(language: str) -> None:
    """Each docstring and each `help=` in the tree of commands has an entry of its own in the catalogue."""
    wording.use(language)
    same = {text for text, _place in catalogues.helps() if _(text) == text}
    # Names of values alone: what must be typed is the same in every language.
    assert [text for text in same if re.search(r"\b(the|a|of|to|is|what|only)\b", text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_english_sentence_is_left_in_help(cli: Cli, language: str) -> None:
    """Every command shows its help without a sentence of the English one, and without Typer's English words."""
    english = {text for text, _place in catalogues.helps() if " " in text and len(text) > 40}
    words = re.compile(r"^(Usage: |Options:|Arguments:|Commands:)|Show this message|\[default|\[required|env var", re.MULTILINE)
    for names in ((), *command_names()):
        ran = cli("--ui-lang", language, *names, "--help")
        shown = " ".join(ran.out.split())
        assert [ran.code, [text for text in english if " ".join(text.split()) in shown], HELP[language][0] in shown, HELP[language][1] in shown] == [0, [], True, True]
        assert [found for found in words.findall(ran.out) if (found, language) not in {("Options:", "de"), ("Arguments:", "fr")}] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_fits_into_80_columns(cli: Cli, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A longer language is wrapped as English is."""
    monkeypatch.setenv("COLUMNS", "80")
    assert [line for names in ((), *command_names()) for line in cli("--ui-lang", language, *names, "--help").out.splitlines() if len(line) > 80] == []


def test_english_help_is_typers_own(cli: Cli) -> None:
    """Nothing is changed where nothing is translated."""
    shown = cli("check", "--help").out
    assert ["Usage: repwatch check [OPTIONS]" in shown, "Options:" in shown, "Show this message and exit." in shown] == [True, True, True]


def test_help_reads_the_language_of_the_settings(cli: Cli, alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file here, the one that --config or REPWATCH_CONFIG names, and REPWATCH_LANGUAGE; --ui-lang wins."""
    (alone / "repwatch.toml").write_text('language = "fr"\n')
    (alone / "other.toml").write_text('language = "nl"\n')
    first = [cli(*line).out.split()[0] for line in (["--help"], ["check", "--help"], ["--config", "other.toml", "--help"], ["--help", "--ui-lang=de"])]
    monkeypatch.setenv("REPWATCH_CONFIG", str(alone / "other.toml"))
    first.append(cli("--help").out.split()[0])
    monkeypatch.setenv("REPWATCH_LANGUAGE", "de")
    first.append(cli("--help").out.split()[0])
    assert first == ["Usage", "Usage", "Gebruik:", "Aufruf:", "Gebruik:", "Aufruf:"]


@pytest.mark.parametrize("settings", ["language = ", "language = 3", 'language = "xx"', "\x00", "[language]"])
def test_a_broken_settings_file_never_keeps_help_from_showing(cli: Cli, alone: Path, settings: str) -> None:
    """Help is what a person with a broken file needs."""
    (alone / "repwatch.toml").write_text(settings)
    assert [(ran.code, ran.out.split()[0]) for ran in (cli("--help"), cli("check", "--help"), cli("--config", "nowhere.toml", "--help"))] == [(0, "Usage:")] * 3


@pytest.mark.parametrize(("line", "told"), [
    (["chek"], "La commande 'chek' n’existe pas. Vouliez-vous dire 'check', 'recheck' ?"),
    (["zzz"], "La commande 'zzz' n’existe pas."),
    (["report", "--zzz"], "L’option --zzz n’existe pas"),
    (["report", "--sinc", "1d"], "L’option --sinc n’existe pas (options proches : --kind, --since)"),
    (["report", "--format", "foo"], "La valeur de '--format' ne convient pas : 'foo' n’est pas l’une de ces valeurs : 'table', 'json', 'csv', 'md', 'xlsx', 'html', 'pdf', 'eml'."),
    (["parse"], "Il manque l’argument 'files'."),
    (["programme", "invite", "x"], "La valeur de 'count' ne convient pas : 'x' n’est pas un nombre entier."),
    (["mentions", "--limit", "0"], "La valeur de '--limit' ne convient pas : 0 n’est pas dans l’intervalle x>=1."),
    (["report", "--since"], "L’option '--since' demande une valeur."),
    (["answers", "--worth-it=1"], "L’option '--worth-it' ne prend pas de valeur."),
    (["browse", "a", "b"], "Argument(s) en trop (b)"),
])  # fmt: skip
def test_usage_errors_in_french(cli: Cli, line: list[str], told: str) -> None:
    """What is wrong, and where help is, in the user's language; the exit code is the same."""
    ran = cli("--ui-lang", "fr", *line)
    assert [ran.code, ran.err.splitlines()[0].removeprefix("repwatch: "), "Pour obtenir de l’aide" in ran.err] == [2, told, True]


def test_a_group_without_a_command_shows_its_help(cli: Cli) -> None:
    """As help, not as a complaint; it is still a wrong line."""
    ran = cli("--ui-lang", "nl", "privacy")
    assert [ran.code, ran.out, ran.err.splitlines()[0]] == [2, "", "Gebruik: repwatch privacy [OPTIES] COMMANDO [ARGS]..."]


def test_typers_words_come_from_one_name() -> None:
    """The one name of Typer's that is replaced is there, and is gettext's: an update that drops it is noticed here."""
    import inspect

    from typer import core

    imported = [each.names[0].asname for each in ast.walk(ast.parse(inspect.getsource(core))) if isinstance(each, ast.ImportFrom) and each.module == "gettext"]
    assert imported == ["_"]


def test_english_leaves_the_tree_alone() -> None:
    """No walk is paid for where nothing is translated."""
    tree: Any = get_command(application())
    assert spoken.in_language(tree) is tree
    assert tree.help.startswith("Watch what people say")
