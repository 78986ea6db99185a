"""Correcting, measuring and reading again, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Cli

LINES = [
    {"type": "review", "source": "indeed", "native_id": "1", "employer": "Acme", "published": "2026-11-02", "lang": "en", "rating": 2, "cons": "Pay is bad"},
    {"type": "mention", "source": "hackernews", "native_id": "2", "employer": "Acme", "published": "2026-11-03", "lang": "en", "text": "Great team at Acme"},
    {"type": "mention", "source": "hackernews", "native_id": "3", "employer": "Acme", "published": "2026-11-04", "lang": "en", "text": "Acme moved to a street",
     "score": {"lang": "en", "label": "positive", "polarity": 0.5, "confidence": 0.9, "scorer": "ancient"}},
]  # fmt: skip


@pytest.fixture
def ids(cli: Cli, alone: Path) -> dict[str, str]:
    """Store three texts, one scored by an old scorer; return their row ids by the site's."""
    (alone / "repwatch.toml").write_text('data_dir = "data"\n')
    (alone / "lines.jsonl").write_text("\n".join(map(json.dumps, LINES)))
    assert cli("import", "lines.jsonl").code == 0
    return {row["native_id"]: str(row["id"]) for row in cli("mentions", "--format", "json").data}


def test_a_correction_is_seen_everywhere_and_can_be_taken_back(cli: Cli, ids: dict[str, str]) -> None:
    """List, reason, report and measure follow the person's word."""
    done = cli("correct", ids["2"], "negative", "--topic", "pay", "--topic", "culture:positive")
    assert (done.code, done.out) == (0, f"Item {ids['2']} is negative now (it was: positive).\n1 correction is kept. How well the scorer does on it: repwatch evaluate\n")
    row = next(row for row in cli("mentions", "--format", "json").data if row["native_id"] == "2")
    assert {topic["topic"]: topic["polarity"] for topic in row["score"]["topics"]} == {"pay": -0.8, "culture": 0.8}
    assert "you said so" in cli("mentions", "--why").out
    assert "where you corrected a text, your word counts" in cli("report", "--since", "2026-11-01").out
    measured = cli("evaluate", "--format", "json").data
    assert (measured["n"], measured["confusion"]) == (1, {"negative": {"positive": 1}})
    assert cli("correct", ids["2"], "--undo").out.startswith(f"Item {ids['2']}: the scorer's own word counts again: positive.")
    assert cli("evaluate").out.splitlines()[1] == "There is nothing to measure on. Correct some texts first: repwatch correct 12 negative"


def test_a_correction_is_measured_on_the_words_alone(cli: Cli, ids: dict[str, str]) -> None:
    """Stars would answer for the words: they are left out of the measure."""
    cli("correct", ids["1"], "negative")
    measured = cli("evaluate", "--format", "json").data
    assert (measured["n"], list(measured["by_source"]), list(measured["by_language"])) == (1, ["indeed"], ["en"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("1",), "say what it means, or take a correction back"),
        (("1", "negative", "--undo"), "say what it means, or take a correction back"),
        (("1", "great"), "'great' is no label"),
        (("1", "positive", "--topic", "cake"), "--topic cake: there is no such topic or label"),
        (("1", "positive", "--topic", "pay:great"), "--topic pay:great: there is no such topic or label"),
        (("99", "positive"), "there is no review, mention or interview 99"),
        (("1", "--undo"), "item 1 was not corrected"),
    ],
)
def test_a_wrong_correction_changes_nothing(cli: Cli, ids: dict[str, str], arguments: tuple[str, ...], message: str) -> None:
    """What cannot be meant is answered with what can."""
    done = cli("correct", *arguments)
    assert (done.code, done.err.splitlines()[0]) == (2, f"repwatch: {message}")
    assert cli("evaluate", "--format", "json").data["n"] == 0


def test_a_report_says_that_scorers_are_mixed_until_all_was_read_again(cli: Cli, ids: dict[str, str]) -> None:
    """`rescore` goes on where a limit stopped it, and tells what is left."""
    assert "some texts were scored by an older scorer (" in cli("report", "--since", "2026-11-01").out
    first = cli("rescore", "--limit", "1", "--format", "json").data
    assert (first["read"], first["left"]) == (1, 0)
    assert "older scorer" not in cli("report", "--since", "2026-11-01").out
    assert cli("rescore").out.splitlines()[1] == "All texts carry its scores."


def test_labelled_texts_are_measured_without_a_store(cli: Cli, alone: Path) -> None:
    """A file of one's own is enough; by language and source."""
    (alone / "mine.csv").write_text("text,label,lang\nGreat colleagues and good pay,positive,en\nEr is veel werkdruk en slechte leiding,negative,nl\n")
    done = cli("evaluate", "mine.csv", "--format", "json")
    assert (done.code, done.data["two_class"]["value"], sorted(done.data["by_language"])) == (0, 1.0, ["en", "nl"])


def test_the_measure_as_a_person_sees_it(cli: Cli, alone: Path) -> None:
    """Verdict, figures, confusion, how to read them."""
    (alone / "mine.csv").write_text("text,label,lang\nGreat colleagues and good pay,positive,en\nzzz qqq,negative,en\n")
    out = cli("evaluate", "mine.csv").out
    assert "2 texts, 1 answered, 100 % of the answers right." in out
    assert "1 text was left open." in out


def test_the_why_of_a_text_without_words(cli: Cli, ids: dict[str, str]) -> None:
    """Stars are named; where nothing decided, that is said."""
    out = cli("mentions", "--why", "--format", "csv").out
    assert ",2 stars" in out
    assert "nothing that decides was found" in cli("mentions", "--why", "--source", "hackernews", "--format", "csv").out or "Great" in out


def test_the_next_check_reads_again_what_an_old_scorer_read(cli: Cli, ids: dict[str, str], alone: Path) -> None:
    """No command is needed: a check does some of it each time."""
    (alone / "repwatch.toml").write_text('data_dir = "data"\n[[employer]]\nname = "Acme"\n[[employer.source]]\nsource = "glassdoor"\nurl = "https://www.glassdoor.be/x"\n')
    cli("check")
    assert {row["score"]["scorer"] for row in cli("mentions", "--format", "json").data} != {"ancient"}
    assert "ancient" not in {row["score"]["scorer"] for row in cli("mentions", "--format", "json").data}
