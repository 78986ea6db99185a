"""The list of reviews that wait, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Cli


def line(number: str, **fields: object) -> dict[str, object]:
    return {"type": "review", "source": "indeed", "native_id": number, "employer": "Acme", "published": "2026-11-01", "lang": "en", "rating": 2, "cons": "Pay is bad"} | fields


LINES = [
    line("new", published="2026-11-20"),
    line("old", published="2019-01-02"),
    line("answered", responses=[{"text": "Thank you"}]),
    line("customer", voice="customer"),
    line("theirs", source="kununu", employer="Globex"),
    {"type": "profile", "source": "kununu", "native_id": "g", "employer": "Globex", "claimed": "unclaimed", "observed": "2026-11-01"},
    {"type": "profile", "source": "kununu", "native_id": "g", "employer": "Globex", "claimed": "claimed", "observed": "2020-11-01"},
]


@pytest.fixture
def ids(cli: Cli, alone: Path) -> dict[str, str]:
    """Store reviews of two employers; return their row ids by the site's."""
    (alone / "repwatch.toml").write_text('data_dir = "data"\n')
    (alone / "lines.jsonl").write_text("\n".join(map(json.dumps, LINES)))
    assert cli("import", "lines.jsonl").code == 0
    return {row["native_id"]: str(row["id"]) for row in cli("mentions", "--format", "json").data}


def test_the_list_is_the_oldest_first_and_says_whether_it_is_worth_it(cli: Cli, ids: dict[str, str]) -> None:
    """Answered reviews and customers are not on it; an unclaimed profile comes before any answer."""
    rows = cli("answers", "--format", "json").data
    assert [(row["native_id"], row["worth"]) for row in rows] == [("old", "no"), ("theirs", "claim_first"), ("new", "yes")]


def test_the_list_can_be_narrowed(cli: Cli, ids: dict[str, str]) -> None:
    """By employer, by source, to what is worth it."""
    assert [row["native_id"] for row in cli("answers", "--employer", "Globex", "--format", "json").data] == ["theirs"]
    assert [row["native_id"] for row in cli("answers", "--source", "indeed", "--worth-it", "--format", "json").data] == ["new"]


def test_the_list_as_a_person_sees_it(cli: Cli, ids: dict[str, str]) -> None:
    """Title, verdict, reasons, next step; an empty list says so."""
    out = cli("answers").out
    assert out.startswith("3 reviews wait for an answer\nFor 1 of them an answer is worth it.\n")
    assert "claim the profile first" in out
    for item in ("new", "old", "theirs"):
        cli("answers", "skip", ids[item])
    assert cli("answers").out == "No review waits for an answer.\n"


def test_what_was_decided_leaves_the_list_and_can_come_back(cli: Cli, ids: dict[str, str]) -> None:
    """Done, skipped, opened again; the count is told each time."""
    assert cli("answers", "done", ids["new"]).out == f"Review {ids['new']} is answered.\n2 reviews still wait.\n"
    assert cli("answers", "skip", ids["old"]).out == f"Review {ids['old']} needs no answer.\n1 review still waits.\n"
    assert cli("answers", "reopen", ids["new"]).out == f"Review {ids['new']} waits again.\n2 reviews still wait.\n"
    assert [row["native_id"] for row in cli("answers", "--format", "json").data] == ["theirs", "new"]


def test_a_draft_is_shown_beside_its_review_and_changes_nothing(cli: Cli, ids: dict[str, str]) -> None:
    """What was said, the draft, what to mind; the review still waits."""
    out = cli("answers", "draft", ids["new"], "--contact", "jobs@acme.example").out
    assert [each for each in ("Cons: Pay is bad", "write to jobs@acme.example", "Nothing was sent.") if each not in out] == []
    assert "new" in [row["native_id"] for row in cli("answers", "--format", "json").data]
    assert cli("answers", "draft", ids["new"], "--lang", "nl", "--format", "json").data["lang"] == "nl"


@pytest.mark.parametrize("arguments", [("draft", "99"), ("done", "99"), ("skip", "99")])
def test_an_unknown_review_is_answered_with_where_the_ids_are(cli: Cli, ids: dict[str, str], arguments: tuple[str, ...]) -> None:
    """Exit 2, nothing changed."""
    done = cli("answers", *arguments)
    assert (done.code, done.err) == (2, "repwatch: there is no review 99\n  `repwatch answers` shows the ids.\n")


def test_a_table_shows_the_oldest_and_says_how_many_wait(cli: Cli, ids: dict[str, str]) -> None:
    """`--limit` bounds what is shown, after `--worth-it` has chosen; the title counts all that wait."""
    assert cli("answers", "--limit", "2").out.startswith("3 reviews wait for an answer\n2 of them are shown here, the oldest first. For 0 of those shown an answer is worth it.\n")
    assert [row["native_id"] for row in cli("answers", "--worth-it", "--limit", "1", "--format", "json").data] == ["new"]


PEERS = """
data_dir = "data"
[[employer]]
name = "Acme"
peers = ["Globex"]
[[employer]]
name = "Globex"
"""


def test_nobody_answers_for_a_peer(cli: Cli, ids: dict[str, str], alone: Path) -> None:
    """A peer's reviews are left out, which is said, unless they are asked for; a peer with peers of its own is one's own."""
    (alone / "repwatch.toml").write_text(PEERS)
    out = " ".join(cli("answers").out.split())
    assert ("2 reviews wait" in out, "1 review of peers is left out: --employer NAME shows it." in out, "Employer" in out) == (True, True, False)
    assert [row["native_id"] for row in cli("answers", "--employer", "Globex", "--format", "json").data] == ["theirs"]
    assert "1 review still waits" in cli("answers", "done", ids["new"]).out
    (alone / "repwatch.toml").write_text(PEERS + 'peers = ["Acme"]\n')
    assert [row["native_id"] for row in cli("answers", "--format", "json").data] == ["old", "theirs"]


def test_reviews_of_several_employers_name_theirs(cli: Cli, ids: dict[str, str]) -> None:
    """Whose review a line is, stands in it."""
    head, *rows = [line for line in cli("answers").out.splitlines() if "kununu" in line or "Employer" in line]
    assert ("Employer" in head, ["Globex" in row for row in rows]) == (True, [True])


def test_what_is_worth_it_is_counted_among_those_shown(cli: Cli, ids: dict[str, str]) -> None:
    """The verdict does not speak for what it has not looked at."""
    assert "1 of them is shown here, the oldest first. For 0 of those shown an answer is worth it." in cli("answers", "--limit", "1").out
