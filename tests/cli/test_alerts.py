"""Alerts from the command line: a check raises them, a person answers them, the outbox keeps what could not be sent."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.cli.conftest import Cli
from tests.loopback import Answer, Web, ld_page, ld_review, rated

SETTINGS = """
data_dir = "data"
[web]
gateway = "{gateway}"
[[employer]]
name = "Acme"
[[employer.source]]
source = "jsonld"
url = "https://ratings.example/acme"
"""


def day(back: int) -> str:
    return (datetime.now(UTC).date() - timedelta(days=back)).isoformat()


@pytest.fixture
def acme(cli: Cli, alone: Path, web: Web) -> Cli:
    """Settings with one source, whose page shows two bad reviews."""
    web.serve("ratings.example", Answer(ld_page(rated(*(ld_review(number, 1, datePublished=day(2)) for number in (1, 2))))))
    (alone / "repwatch.toml").write_text(SETTINGS.format(gateway=web.gateway))
    return cli


def add(alone: Path, text: str) -> None:
    path = alone / "repwatch.toml"
    path.write_text(f"{path.read_text()}{text}\n")


def test_a_check_says_what_needs_a_person_and_exits_with_it(acme: Cli) -> None:
    """One line for both reviews, exit 1; the next check is silent about them."""
    first = acme("check")
    assert (first.code, "1 thing needs you" in first.out, "2 new reviews with 1★ or less: ratings.example 2." in first.out) == (1, True, True)
    assert "exit 1: an alert fired" in first.out
    second = acme("check", "--format", "json")
    assert (second.code == 1, second.data["alerts"]) == (False, [])


def test_the_list_is_answered_one_by_one(acme: Cli) -> None:
    """Open alerts are exit 1; seen and put off they leave the list, and `--all` shows them."""
    acme("check")
    shown = acme("alerts", "--format", "json")
    assert (shown.code, [row["id"] for row in shown.data["alerts"]]) == (1, [2, 1])
    assert acme("alerts", "ack", "1").out == "Alert 1 is seen; it stays silent.\n"
    assert acme("alerts", "snooze", "2", "--until", "2w").out == f"Alert 2 stays silent until {day(-14)}.\n"
    french = acme("--ui-lang", "fr", "alerts", "snooze", "2", "--until", "2027-01-10")
    assert "10 janv. 2027" in french.out
    empty = acme("alerts")
    assert (empty.code, empty.out) == (0, "No alert is open.\n")
    assert [row["state"] for row in acme("alerts", "--all", "--format", "json").data["alerts"]] == ["snoozed", "acknowledged"]
    assert acme("alerts", "reopen", "1").out == "Alert 1 is open again.\n"
    assert "A new review on ratings.example gives 1★." in acme("alerts").out


@pytest.mark.parametrize(("arguments", "message"), [
    (("ack", "9"), "there is no alert 9"),
    (("snooze", "1", "--until", "2020-01-01"), "--until 2020-01-01: this day is not ahead"),
    (("snooze", "1", "--until", "yesterday"), "--until yesterday: this day is not ahead"),
    (("snooze", "1", "--until", "soon"), "--until soon: this is no day"),
])  # fmt: skip
def test_what_cannot_be_meant_is_answered(acme: Cli, arguments: tuple[str, ...], message: str) -> None:
    """Exit 2 and a sentence."""
    acme("check")
    done = acme("alerts", *arguments)
    assert (done.code, done.err.splitlines()[0]) == (2, f"repwatch: {message}")


def test_snoozing_until_a_day_ahead(acme: Cli) -> None:
    """A date works as well as a span."""
    acme("check")
    assert acme("alerts", "snooze", "1", "--until", day(-40)).out == f"Alert 1 stays silent until {day(-40)}.\n"


def test_the_rules_are_tried_on_the_past(acme: Cli) -> None:
    """What would have fired, rule by rule; nothing is stored."""
    acme("check")
    told = acme("alerts", "test", "--last", "30d", "--format", "json").data
    fired = {row["rule"]: row["fired"] for row in told["rules"]}
    assert (fired["negative_review"], fired["volume"]) == (2, 0)
    out = acme("alerts", "test").out
    assert ("On shuffled data" in out, "A dash under Fired" in out, "A review waited for an answer on each day" in out) == (True, False, True)
    assert (fired["answer_overdue"], fired["blind"]) == (0, 0)


def test_the_ledger_of_no_check_tries_nothing(acme: Cli) -> None:
    """Where no check ran, it cannot be told what was blind: a dash, which is explained, and no zero."""
    Path("rows.jsonl").write_text(json.dumps({"type": "review", "source": "indeed", "employer": "Acme", "published": day(30), "rating": 1, "body": "Endless overtime, bad pay.", "lang": "en"}) + "\n")
    acme("import", "rows.jsonl")
    told = {row["rule"]: row for row in acme("alerts", "test", "--last", "60d", "--format", "json").data["rules"]}
    assert (told["blind"]["fired"], told["answer_overdue"]["days"]) == (None, [day(15), day(7)])
    out = acme("alerts", "test").out
    assert ("A dash under Fired: the rule was not tried." in out, next(line.split()[1] for line in out.splitlines() if line.startswith("blind"))) == (True, "–")


@pytest.mark.parametrize(
    ("rule", "where", "message"),
    [
        ('kind = "word"', 10, 'a rule of the kind word names them: words = ["strike"]'),
        ('kind = "topic"\ntopic = "cake"', 10, "a rule of the kind topic names one"),
        ('kind = "volum"', 11, "it must be one of"),
        ('kind = "volume"\nsources = ["glasdoor"]', 12, "there is no 'glasdoor' here"),
        ('kind = "volume"\nemployers = ["Acm"]', 12, "there is no 'Acm' here"),
        ('kind = "volume"\ncooldown = 3', 12, "repwatch knows no such key"),
        ('kind = "volume"\nminimum = 0', 12, "the least is 1"),
    ],
)
def test_a_bad_rule_is_found_before_anything_is_fetched(acme: Cli, alone: Path, web: Web, rule: str, where: int, message: str) -> None:
    """Exit 2 with the line, by `check` and by `doctor`; no site was asked."""
    add(alone, f"[[alert]]\n{rule}")
    done = acme("check")
    assert (done.code, f"repwatch.toml:{where}" in done.err, message in done.err) == (2, True, True)
    assert (acme("doctor", "--offline").code, web.asked) == (2, [])


def test_switched_off_nothing_fires(acme: Cli, alone: Path) -> None:
    """Neither ours nor yours."""
    add(alone, "[alerts]\nenabled = false")
    assert acme("check", "--format", "json").data["alerts"] == []


def test_a_channel_that_is_down_keeps_its_message_and_doctor_shows_it(acme: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check says so on the error line and keeps its exit code; `send` tries again."""
    pytest.importorskip("apprise", reason="the extra `notify` is not installed: apprise")
    monkeypatch.setenv("REPWATCH_CHANNELS", "json://127.0.0.1:9/hidden-path?cto=1&rto=1")
    done = acme("check")
    assert (done.code, "was not sent" in done.err, "hidden" in done.err + done.out) == (1, True, False)
    assert "1 waits to be sent" in acme("doctor", "--offline").out
    again = acme("alerts", "send")
    assert (again.code, "1 could not be sent" in again.out) == (3, True)
    assert "1 message waits to be sent" in acme("alerts").out
    monkeypatch.delenv("REPWATCH_CHANNELS")
    nobody = acme("alerts", "send")
    assert (nobody.code, "1 message waits, and no channel is named" in nobody.err) == (2, True)


def test_with_nothing_to_send_nothing_is_said(acme: Cli) -> None:
    """An empty outbox is no news."""
    acme("check")
    assert acme("alerts", "send").out == "Nothing waits to be sent.\n"


def test_a_channel_that_cannot_be_used_is_found_before_anything_is_fetched(acme: Cli, monkeypatch: pytest.MonkeyPatch, web: Web) -> None:
    """Exit 2, and no site was asked."""
    monkeypatch.setenv("REPWATCH_CHANNELS", "no address")
    assert (acme("check").code, web.asked) == (2, [])


def lines(*back: int) -> str:
    rows = [{"type": "review", "source": "indeed", "native_id": f"i{days}", "employer": "Acme", "published": day(days), "rating": 1, "cons": "A strike looms", "lang": "en"} for days in back]
    return "\n".join(map(json.dumps, rows))


TABLE = "source,employer,id,date,rating,text\nindeed,Acme,t{back},{day},1,A strike looms\n"


def fired(acme: Cli) -> Counter[str]:
    return Counter(alert["rule"] for alert in acme("check", "--format", "json").data["alerts"] if alert["rule"] in ("negative_review", "word"))


@pytest.fixture
def quiet(acme: Cli, alone: Path, web: Web) -> Cli:
    """A folder whose source shows nothing new, with a rule on words, checked once."""
    web.serve("ratings.example", Answer(ld_page(rated(ld_review(9, 5, datePublished=day(2))))))
    add(alone, '[[alert]]\nkind = "word"\nwords = ["strike"]')
    acme("check")
    return acme


def test_what_was_imported_since_the_last_check_raises_its_alerts_once(quiet: Cli, alone: Path) -> None:
    """By both rules on new items; what is older than the rule's days wakes nobody, and the check after is silent."""
    (alone / "lines.jsonl").write_text(lines(1, 300))
    (alone / "table.csv").write_text(TABLE.format(back=3, day=day(3)))
    assert quiet("import", "lines.jsonl", "table.csv").code == 0
    assert [fired(quiet), fired(quiet)] == [Counter(negative_review=2, word=2), Counter()]


def test_an_export_in_the_inbox_raises_alerts_and_is_news(quiet: Cli, alone: Path) -> None:
    """The lines of late are listed as new by the check that took them in."""
    inbox = alone / "data" / "inbox"
    inbox.mkdir(exist_ok=True)
    (inbox / "lines.jsonl").write_text(lines(1, 300))
    told = quiet("check", "--format", "json").data
    assert sorted((alert["rule"], alert["key"]) for alert in told["alerts"] if alert["rule"] != "answer_overdue") == [("negative_review", "indeed|review|i1"), ("word", "indeed|review|i1")]
    assert [row["native_id"] for row in told["new"]] == ["i1"]
