"""Every place of `programme`, `leaders` and `coach` where a person is named: refused without their consent, with a sentence and exit 2."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import pytest
import typer
from tests.cli.conftest import Cli
from tests.cli.test_privacy import bytes_of
from tests.cli.test_programme import UNTIL, acted, joined, settings

__all__ = ["settings"]
WHO = "onbekende"
#: Each command that names a person, with arguments that would do on a person who agreed.
NAMING: dict[tuple[str, ...], tuple[str, ...]] = {
    ("programme", "pause"): (WHO,),
    ("programme", "resume"): (WHO,),
    ("programme", "leave"): (WHO,),
    ("programme", "shared"): (WHO, "1"),
    ("programme", "handed"): (WHO, "posts.jsonl"),
    ("programme", "accounts", "add"): (WHO, "https://mastodon.example/@onbekende"),
    ("programme", "accounts", "remove"): (WHO, "https://mastodon.example/@onbekende"),
    ("leaders", "leave"): (WHO,),
    ("leaders", "presence"): (WHO, "--contacts", "10"),
    ("leaders", "goal"): (WHO, "contacts", "100", "--by", UNTIL),
    ("leaders", "progress"): (WHO,),
    ("leaders", "plan"): (WHO,),
    ("coach", "leave"): (WHO,),
    ("coach", "review"): (WHO, "posts.jsonl", "--out", "x.age"),
}
#: Those that take a person in: they need the consent itself.
JOINING = (("programme", "join"), ("leaders", "join"), ("coach", "join"))
_ROLES = {"programme": "programme", "leaders": "leaders", "coach": "coach"}


@pytest.fixture(autouse=True)
def posts(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lay a file of posts and a passphrase ready, so that nothing but the consent is missing."""
    monkeypatch.setenv("REPWATCH_COACH_PASSPHRASE", "vijf woorden die passen")
    Path("posts.jsonl").write_text(json.dumps({"type": "mention", "source": "linkedin", "native_id": "1", "published": "2026-11-01", "text": "Hallo"}) + "\n")


def naming(command: click.Command, *names: str) -> Iterator[tuple[str, ...]]:
    """Yield the commands of a group that take the code of a person."""
    if isinstance(command, click.Group) or hasattr(command, "commands"):
        for name, below in command.commands.items():  # type: ignore[union-attr]
            yield from naming(below, *names, name)
    elif any(getattr(each, "metavar", None) == "CODE" for each in command.params):
        yield names


def test_the_lists_are_whole() -> None:
    """No command that names a person is missing from the lists above."""
    from repwatch.cli.app import application

    groups: Any = typer.main.get_command(application())
    found = {names for group in _ROLES for names in naming(groups.commands[group], group)}
    assert found == {*NAMING, *JOINING}


@pytest.mark.parametrize("command", NAMING, ids=" ".join)
def test_nobody_is_named_who_did_not_agree(settings: Path, cli: Cli, command: tuple[str, ...]) -> None:
    """Without a consent there is a sentence and exit 2, and the person reaches no byte of the data folder."""
    acted(cli)
    ran = cli(*command, *NAMING[command])
    sentence = "nobody is on record as 'onbekende'" if command[-1] == "leave" else "'onbekende' is not on record as having agreed to this"
    assert (ran.code, ran.out, sentence in " ".join(ran.err.split()), Path("x.age").exists(), b"onbekende" in bytes_of(Path("data"))) == (2, "", True, False, False)


@pytest.mark.parametrize("command", [each for each in NAMING if each[-1] != "leave"], ids=" ".join)
def test_a_consent_that_ended_is_none(settings: Path, cli: Cli, command: tuple[str, ...]) -> None:
    """After its last day a consent opens nothing; leaving is always possible."""
    acted(cli)
    joined(cli, WHO, _ROLES[command[0]])
    with closing(sqlite3.connect("data/repwatch.db")) as connection, connection:
        connection.execute("UPDATE consent SET given = '2025-01-01', expires = '2025-12-31'")
    ran = cli(*command, *NAMING[command])
    assert (ran.code, ran.out, "the consent of 'onbekende' ended on 2025-12-31" in " ".join(ran.err.split())) == (2, "", True)
    assert cli(command[0], "leave", WHO).code == 0


@pytest.mark.parametrize("command", NAMING, ids=" ".join)
def test_a_consent_to_one_thing_is_none_to_another(settings: Path, cli: Cli, command: tuple[str, ...]) -> None:
    """Whoever agreed to one role is not named in another; leaving alone works across roles."""
    other = {"programme": "leaders", "leaders": "coach", "coach": "programme"}[command[0]]
    joined(cli, WHO, other)
    acted(cli)
    assert cli(*command, *NAMING[command]).code == (0 if command[-1] == "leave" else 2)


@pytest.mark.parametrize("command", JOINING, ids=" ".join)
@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ((), "nobody enters without a consent on record"),
        (("--until", UNTIL), "nobody enters without a consent on record"),
        (("--how", "form"), "nobody enters without a consent on record"),
        (("--until", UNTIL, "--how", "  "), "nobody enters without a consent on record"),
        (("--until", "2020-01-01", "--how", "form"), "would have ended on 2020-01-01"),
        (("--until", "2099-01-01", "--how", "form"), "two years at most"),
    ],
)
def test_nobody_enters_without_a_consent(settings: Path, cli: Cli, command: tuple[str, ...], more: tuple[str, ...], sentence: str) -> None:
    """Until when and how they were asked are both needed, and a consent ends."""
    ran = cli(*command, WHO, *more)
    assert (ran.code, ran.out, sentence in " ".join(ran.err.split())) == (2, "", True)


@pytest.mark.parametrize("command", JOINING, ids=" ".join)
@pytest.mark.parametrize("code", ["An Peeters", "an.peeters@acme.example", "@anpeeters", "https://www.linkedin.com/in/an-peeters", "0470123456", "x", "a" * 25])
def test_a_code_is_no_name_and_no_address(settings: Path, cli: Cli, command: tuple[str, ...], code: str) -> None:
    """Full names, addresses, handles and numbers are refused as codes."""
    ran = cli(*command, code, "--until", UNTIL, "--how", "form")
    assert (ran.code, "is not a code" in ran.err) == (2, True)


@pytest.mark.parametrize("account", ["https://www.linkedin.com/in/an-peeters", "an@mastodon.example", "ftp://x.example/y"])
def test_an_account_that_cannot_be_read_is_refused(settings: Path, cli: Cli, account: str) -> None:
    """LinkedIn is read by no program, and an account is an address."""
    joined(cli)
    assert cli("programme", "accounts", "add", "zwaluwtje", account).code == 2


def test_other_refusals_say_what_to_do(settings: Path, cli: Cli) -> None:
    """Days to come, unknown actions, measures, employers and links: a sentence each, exit 2."""
    joined(cli)
    joined(cli, "kapitein", "leaders")
    acted(cli)
    for arguments, sentence in (
        (("programme", "shared", "zwaluwtje", "9"), "there is no action 9"),
        (("programme", "shared", "zwaluwtje", "1", "--on", "2099-01-01"), "still to come"),
        (("programme", "shared", "zwaluwtje", "1", "--on", "2020-01-01"), "what was shared before is not recorded"),
        (("programme", "accounts", "remove", "zwaluwtje", "https://x.example/"), "named no such account"),
        (("programme", "action", "add", "T", "--url", "acme.example"), "is not a link"),
        (("programme", "figures", "--employer", "Nobody"), "know no employer"),
        (("leaders", "presence", "kapitein"), "nothing was said"),
        (("leaders", "goal", "kapitein", "fame", "1", "--by", UNTIL), "cannot be a goal"),
        (("leaders", "goal", "kapitein", "posts", "1", "--by", "2020-01-01"), "would have ended"),
    ):
        ran = cli(*arguments)
        assert (ran.code, sentence in " ".join(ran.err.split())) == (2, True), arguments
    settings.write_text('data_dir = "data"\n')
    assert "no employer stands in the settings" in cli("programme", "figures").err


def test_a_consent_that_ended_a_month_ago_is_deleted(settings: Path, cli: Cli) -> None:
    """Retention deletes all that hung on it, and leaves a consent that may still be renewed."""
    from datetime import UTC, datetime, timedelta

    joined(cli, "zwaluwtje")
    joined(cli, "blijvertje")
    acted(cli)
    cli("programme", "shared", "zwaluwtje", "1")
    for who, days in (("zwaluwtje", 32), ("blijvertje", 20)):
        with closing(sqlite3.connect("data/repwatch.db")) as connection, connection:
            connection.execute("UPDATE consent SET expires = ? WHERE who = ?", ((datetime.now(UTC) - timedelta(days)).date().isoformat(), who))
    assert cli("privacy", "retention", "--format", "json").data["ended"] == 1
    assert (b"zwaluwtje" in bytes_of(Path("data")), b"blijvertje" in bytes_of(Path("data"))) == (False, True)
    assert cli("privacy", "retention", "--format", "json").data["ended"] == 0


def test_whoever_takes_part_can_ask_what_is_held(settings: Path, cli: Cli) -> None:
    """An answer to a request for access holds relays, standings and goals in full."""
    joined(cli, "zwaluwtje")
    joined(cli, "zwaluwtje", "leaders")
    acted(cli)
    cli("programme", "shared", "zwaluwtje", "1", "--reach", "5")
    cli("leaders", "presence", "zwaluwtje", "--contacts", "12")
    cli("leaders", "goal", "zwaluwtje", "contacts", "90", "--by", UNTIL)
    told = json.loads(cli("privacy", "export", "--author", "zwaluwtje", "--format", "json").out)["takes_part"]
    assert [(each["purpose"], [one["reach"] for one in each["relays"]], [one["contacts"] for one in each["standings"]], [one["target"] for one in each["goals"]]) for each in told] == [
        ("ambassador programme", [5], [], []), ("presence of a leader", [], [12], [90]),
    ]  # fmt: skip
    assert "Takes part in ambassador programme since" in cli("privacy", "export", "--author", "zwaluwtje").out
