"""What commands say to a person, in each language: the commands on people, queries, files that cannot be read."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from tests.cli.conftest import Cli

from repwatch import wording
from repwatch.cli.common import agreed

MENTION = {"type": "mention", "source": "hackernews", "native_id": "1", "employer": "Acme", "published": "2026-11-02", "lang": "en", "text": "I work at Acme and it is fine", "author": "bob", "kind": "comment"}
REVIEW = {"type": "review", "source": "glassdoor", "native_id": "2", "employer": "Acme", "published": "2026-11-01", "lang": "en", "rating": 4.0, "title": "Good place", "pros": "Kind people", "cons": "Long hours"}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Leave the language as it was."""
    yield
    wording.use("en")


@pytest.fixture
def filled(cli: Cli, alone: Path) -> str:
    """Return a data folder with a mention and a review."""
    (alone / "lines.jsonl").write_text("\n".join(map(json.dumps, (MENTION, REVIEW))))
    assert cli("import", "lines.jsonl", "--data-dir", "data").code == 0
    return "data"


@pytest.mark.parametrize(("language", "line", "told"), [
    ("fr", ["status"], ["Ce qui est conservé sur des personnes", "les textes sont gardés 13 mois, puis les chiffres seuls", "Marques d’effacement", "intact"]),
    ("nl", ["status"], ["Wat over mensen bewaard wordt", "teksten worden 13 maanden bewaard, daarna alleen de cijfers", "Wismerken", "ongeschonden"]),
    ("de", ["status"], ["Was über Personen aufbewahrt wird", "Texte werden 13 Monate aufbewahrt, danach nur die Zahlen", "Löschmarken", "unversehrt"]),
    ("fr", ["forget", "--id", "1", "--dry-run"], ["1 élément serait effacé. Rien n’a été changé."]),
    ("nl", ["forget", "--id", "1"], ["1 item gewist", "Verwijderd", "Bewezen: geen enkel bestand"]),
    ("de", ["retention"], ["Was fällig war, ist weg; die Zahlen bleiben.", "Archive, älter als 30 Tage"]),
    ("fr", ["consent"], ["Aucun accord n’est noté, de personne."]),
    ("nl", ["audit"], ["0 handelingen, het logboek is ongeschonden"]),
    ("de", ["rotate-key"], ["Der Schlüssel wurde erneuert: 2 Einträge haben ein neues Pseudonym."]),
    ("fr", ["mask", "--stored"], ["2 éléments examinés et masqués si nécessaire."]),
    ("fr", ["notice"], ["Acme"]),
    ("fr", ["export", "--id", "2"], ["Ce qui est conservé", "1 élément : 1 de", "points positifs : ", "tonalité donnée par le programme : "]),
    ("de", ["export", "--author", "nobody"], ["Nichts wird aufbewahrt."]),
])  # fmt: skip
def test_privacy_speaks_the_users_language(cli: Cli, alone: Path, filled: str, language: str, line: list[str], told: list[str]) -> None:
    """Titles, tables and sentences; JSON keeps its English names."""
    (alone / "repwatch.toml").write_text('[[employer]]\nname = "Acme"\n')
    ran = cli("--ui-lang", language, "privacy", *line, "--data-dir", filled)
    assert [ran.code, [each for each in told if each not in ran.out]] == [0, []]


def test_the_notice_is_french(cli: Cli) -> None:
    """The letter follows the language of the answers."""
    assert "RGPD" in cli("--ui-lang", "fr", "privacy", "notice").out


@pytest.mark.parametrize(("language", "line", "told"), [
    ("fr", ["privacy", "forget"], ["qui ou quoi ?", "Indiquez au moins l’une de ces options"]),
    ("nl", ["privacy", "withdraw", "x"], ["er is geen toestemming van 'x' genoteerd"]),
    ("de", ["privacy", "consent", "--who", "x"], ["eine Einwilligung braucht auch --purpose, --until, --how"]),
    ("fr", ["privacy", "resolve", "1"], ["les archives ne contiennent plus la page de l’élément 1"]),
    ("fr", ["query", "test", "acme OR ("], ["colonne 10 de la requête : une parenthèse a été ouverte et pas fermée", "Écrivez ) là où elle finit."]),
    ("nl", ["query", "test", "author:x"], ["kolom 1 van de zoekopdracht: er is geen veld author:", "repwatch volgt geen mensen"]),
    ("de", ["query", "test", ""], ["die Suchanfrage ist leer"]),
    ("nl", ["coach", "review", "robin", "nofile", "--out", "x.age"], ["De waarde van 'file' past niet: 'nofile' bestaat niet."]),
])  # fmt: skip
def test_refusals_speak_the_users_language(cli: Cli, filled: str, language: str, line: list[str], told: list[str]) -> None:
    """What is wrong and what to do next."""
    ran = cli("--ui-lang", language, *line, "--data-dir", filled)
    assert [ran.code, [each for each in told if each not in ran.err]] == [2, []]


def test_a_mapping_file_is_refused_in_french(cli: Cli, alone: Path) -> None:
    """Also what the schema says of a key."""
    (alone / "t.csv").write_text("date;rating;pros\n13/01/2026;4;nice\n")
    for text, told in (("ratting = 3\n", "ratting: cette clé n’existe pas"), ('encoding = "xx"\n', "l’encodage 'xx' n’existe pas"), ("=", "le fichier de correspondance n’est pas du TOML")):
        (alone / "map.toml").write_text(text)
        assert told in cli("--ui-lang", "fr", "parse", "t.csv", "--mapping", "map.toml").err


def test_a_preview_is_french(cli: Cli, alone: Path) -> None:
    """How a table would be read, sentence by sentence; JSON keeps the English ones."""
    (alone / "t.csv").write_text("date;rating;pros\n13/01/2026;4;nice\n")
    ran = cli("--ui-lang", "fr", "parse", "t.csv", "--preview")
    told = ("rien n’a été enregistré", "Colonnes séparées par des points-virgules.", "Dates dans 'date' : le jour d’abord : 13/01/2026 ne peut être rien d’autre.", "Lu comme")
    assert [each for each in told if each not in ran.out] == []
    assert "columns parted by semicolons" in cli("--ui-lang", "fr", "parse", "t.csv", "--preview", "--format", "json").data[0]["said"]


def test_what_could_not_be_read_is_told_in_dutch(cli: Cli, alone: Path) -> None:
    """The contract keeps the English reason; a person reads their own."""
    with zipfile.ZipFile(alone / "in.zip", "w") as archive:
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as second:
            second.writestr("page.html", b"<html></html>")
        archive.writestr("inner.zip", inner.getvalue())
        archive.writestr("page.html", b"<html><body>nothing</body></html>")
    lines = cli("--ui-lang", "nl", "parse", "in.zip").rows
    assert "in the file inner.zip: a ZIP file inside a ZIP file is not opened; unpack it first" in [row.get("detail") for row in lines]
    assert "een ZIP-bestand in een ZIP-bestand wordt niet geopend" in " ".join(cli("--ui-lang", "nl", "parse", "in.zip", "--format", "table").out.split())


def test_a_query_is_explained_in_german(cli: Cli, filled: str) -> None:
    """Why a mention is hit, and what each source is asked."""
    assert "fine kommt vor; kind ist comment" in cli("--ui-lang", "de", "query", "test", "fine kind:comment", "--data-dir", filled).out
    assert "es kommt mehr, als die Suchanfrage meint; hier beurteilt: strik*" in " ".join(cli("--ui-lang", "de", "query", "explain", "acme strik*").out.split())


@pytest.mark.parametrize(("language", "answer", "expected"), [
    ("en", "y", True), ("en", "", False), ("en", "no", False), ("fr", "o", True), ("fr", "Oui", True), ("fr", "n", False), ("nl", "ja", True), ("de", "J", True), ("de", "nein", False), ("fr", "y", True),
])  # fmt: skip
def test_a_question_is_answered_in_the_users_language(monkeypatch: pytest.MonkeyPatch, language: str, answer: str, expected: bool) -> None:
    """An empty line says no; the English yes is understood everywhere."""
    asked = []
    monkeypatch.setattr(typer, "prompt", lambda question, **_how: asked.append(question) or answer)
    wording.use(language)
    assert agreed("?") is expected
    assert asked == [{"en": "? [y/N]", "fr": "? [o/N]", "nl": "? [j/N]", "de": "? [j/N]"}[language]]
