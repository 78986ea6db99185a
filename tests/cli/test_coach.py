"""The `coach` commands: sealed files, aggregates of five, nothing readable on the disk."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.cli.conftest import Cli
from tests.cli.test_privacy import bytes_of
from tests.cli.test_programme import joined, settings

__all__ = ["settings"]
PHRASE = "vijf woorden die passen"
TODAY = datetime.now(UTC).date().isoformat()


@pytest.fixture(autouse=True)
def phrase(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the passphrase by the environment, as nobody types in a test."""
    monkeypatch.setenv("REPWATCH_COACH_PASSPHRASE", PHRASE)


def handed(words: str = "Merelfluistering over loon bij Acme") -> Path:
    path = Path("handed.jsonl")
    path.write_text("".join(json.dumps({"type": "mention", "source": "linkedin", "native_id": str(each), "published": TODAY, "text": words, "engagement": {"likes": each}}) + "\n" for each in range(6)))
    return path


def sealed(cli: Cli, code: str, lang: str = "en") -> Path:
    joined(cli, code, "coach")
    out = Path(f"{code}.age")
    ran = cli("coach", "review", code, handed(), "--out", out, "--lang", lang)
    assert ran.code == 0, ran.err
    assert "Merelfluistering" not in ran.out + ran.err
    return out


@pytest.mark.parametrize("lang", ["en", "fr", "nl", "de"])
def test_only_the_passphrase_opens_the_file(settings: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    """The file is the owner's alone, holds nothing readable, and opens with the passphrase only; nothing is left elsewhere."""
    out = sealed(cli, "merel", lang)
    Path("handed.jsonl").unlink()
    assert (stat.S_IMODE(out.stat().st_mode), out.read_bytes()[:21]) == (0o600, b"age-encryption.org/v1")
    assert [word for word in (b"Merelfluistering", b"per_week") if word in bytes_of(Path()) + bytes_of(Path("../home"))] == []
    text = cli("coach", "open", out).out
    assert ("Merelfluistering over loon bij Acme" in text, "5" in text, "```" in text, "{{" in text) == (True, True, False, False)
    monkeypatch.setenv("REPWATCH_COACH_PASSPHRASE", "een heel andere zin")
    ran = cli("coach", "open", out)
    assert (ran.code, ran.out, "does not open" in ran.err) == (2, "", True)
    assert cli("coach", "open", "nowhere.age").code == 2


def test_what_cannot_be_sealed_is_refused(settings: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """A short passphrase, a file that is there, a place that is not, no passphrase, no posts: a sentence each, and no file."""
    out = sealed(cli, "merel")
    assert "exists already" in cli("coach", "review", "merel", handed(), "--out", out).err
    assert "cannot be written" in cli("coach", "review", "merel", handed(), "--out", "nowhere/x.age").err
    Path("empty.txt").write_text("no posts here")
    assert cli("coach", "review", "merel", "empty.txt", "--out", "y.age").code == 4
    monkeypatch.setenv("REPWATCH_COACH_PASSPHRASE", "short")
    assert "at least 12" in cli("coach", "review", "merel", handed(), "--out", "x.age").err
    monkeypatch.delenv("REPWATCH_COACH_PASSPHRASE")
    assert (Path("x.age").exists(), Path("y.age").exists()) == (False, False)


def test_without_anybody_to_type_it_asks_for_the_variable(settings: Path, cli: Cli, process: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cron has no keyboard: the refusal names the variable."""
    out = sealed(cli, "merel")
    monkeypatch.delenv("REPWATCH_COACH_PASSPHRASE")
    ran = process("coach", "open", out)
    assert (ran.code, "REPWATCH_COACH_PASSPHRASE" in ran.err) == (2, True)


def test_an_aggregate_needs_five_people(settings: Path, cli: Cli, process: Cli) -> None:
    """Five people who each give their passphrase: medians in steps. Four, or one twice, are refused with a sentence."""
    files = [sealed(cli, f"vogel{each}") for each in range(5)]
    lines = f"{PHRASE}\n".encode() * 5
    ran = process("coach", "aggregate", *files, "--format", "json", stdin=lines)
    assert (ran.code, ran.data) == (0, {"people": 5, "per_week": 6.0, "about_work": 1.0, "negative": 0.0}), ran.err
    few = process("coach", "aggregate", *files[:4], stdin=lines)
    assert (few.code, few.out, "below 5 a single person could be made out" in few.err) == (2, "", True)
    copy = Path("copy.age")
    copy.write_bytes(files[0].read_bytes())
    twice = process("coach", "aggregate", *files[:4], copy, stdin=lines)
    assert (twice.code, twice.out, "of the same person" in twice.err) == (2, "", True)
    assert cli("coach", "leave", "vogel4").code == 0
    gone = process("coach", "aggregate", *files, stdin=lines)
    assert (gone.code, gone.out, "not on record as having agreed" in gone.err) == (2, "", True)
    assert b"vogel4" not in bytes_of(Path("data"))


def test_an_aggregate_without_lines_takes_the_variable_or_says_what_it_needs(settings: Path, cli: Cli, process: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty standard input is no passphrase; lines that end too early name the file that has none."""
    files = [sealed(cli, f"vogel{each}") for each in range(5)]
    assert process("coach", "aggregate", *files, stdin=b"").code == 0
    short = process("coach", "aggregate", *files, stdin=f"{PHRASE}\n".encode() * 3)
    assert (short.code, "vogel3.age: no passphrase was given for this file" in short.err, "one line for each file" in short.err) == (2, True, True)
    monkeypatch.delenv("REPWATCH_COACH_PASSPHRASE")
    none = process("coach", "aggregate", *files, stdin=b"")
    assert (none.code, "vogel0.age" in none.err, "REPWATCH_COACH_PASSPHRASE" in none.err) == (2, True, True)


@pytest.mark.parametrize("lang", ["en", "fr", "nl", "de"])
def test_kit_and_guide_in_four_languages(settings: Path, cli: Cli, lang: str) -> None:
    """The kit has agenda, exercises and handout; the guide has seven networks, each saying what was verified and that the network itself was not."""
    kit, guide = cli("coach", "kit", "--lang", lang).out, cli("coach", "privacy-guide", "--lang", lang).out
    assert (kit.count("\n## "), kit.count("**") >= 8, guide.count("\n## ")) == (3, True, 8)
    assert guide.count("2026") == 7
    assert {"en": "Not verified", "fr": "Non vérifié", "nl": "Niet nagegaan", "de": "icht"}[lang] in guide
    one = cli("coach", "privacy-guide", "--lang", lang, "--network", "mastodon").out
    assert (one.count("\n## "), "Mastodon" in one, "TikTok" in one, "{%" in guide + kit) == (2, True, False, False)
