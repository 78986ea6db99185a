"""The `programme` commands on a real store: nobody without consent, leaving deletes, figures, texts."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Cli
from tests.cli.test_privacy import bytes_of
from tests.loopback import Answer, Web

NOW = datetime.now(UTC)
UNTIL = (NOW + timedelta(days=300)).date().isoformat()
LINK = "https://www.acme.example/open-day"


@pytest.fixture
def settings(alone: Path) -> Path:
    """Settings of an employer of 350."""
    path = alone / "repwatch.toml"
    path.write_text('data_dir = "data"\ntimezone = "UTC"\n[[employer]]\nname = "Acme"\nheadcount = 350\n', "utf-8")
    return path


def joined(cli: Cli, code: str = "zwaluwtje", group: str = "programme") -> None:
    ran = cli(group, "join", code, "--until", UNTIL, "--how", "formulierbriefje")
    assert ran.code == 0, ran.err


def acted(cli: Cli) -> None:
    ran = cli("programme", "action", "add", "Open day", "--url", LINK, "--text-en", "Come and see us.", "--text-fr", "Venez nous voir.")
    assert ran.code == 0, ran.err


def test_figures_from_what_was_recorded(settings: Path, cli: Cli) -> None:
    """One of four invited joined and shared: the shares, their n, and the reference."""
    joined(cli)
    acted(cli)
    cli("programme", "invite", "4")
    assert cli("programme", "shared", "zwaluwtje", 1, "--reach", 200, "--reactions", 10).code == 0
    data = cli("programme", "figures", "--format", "json").data
    month = data["months"][-1]
    assert {name: (month[name]["value"], month[name]["n"]) for name in ("participation", "adoption", "active", "engagement")} == {
        "participation": (1 / 350, 350), "adoption": (0.25, 4), "active": (1.0, 1), "engagement": (0.05, 200),
    }  # fmt: skip
    assert (month["relays"], data["reference"], month["participation"]["low"] > 0) == (1, {"ambassadors": 30, "headcount": 350}, True)
    shown = cli("programme", "figures").out
    assert "1 of 350 people have shared something so far: 0.3 % (0.1 to 1.6 %, n=350). Reference: 30 of 350 people (9 %)." in " ".join(shown.split())
    row = cli("programme", "action", "list", "--format", "json").data["actions"][0]
    assert (row["words"], [(each["member"], each["reach_estimate"], each["reactions"]) for each in row["relays"]]) == ({"en": "Come and see us.", "fr": "Venez nous voir."}, [("zwaluwtje", 200, 10)])
    assert "Reach (estimate)" in cli("programme", "action", "list").out


def test_figures_say_what_is_missing(alone: Path, cli: Cli) -> None:
    """Without a headcount participation is unknown; with more members than invitations adoption is."""
    (alone / "repwatch.toml").write_text('data_dir = "data"\n[[employer]]\nname = "Acme"\n', "utf-8")
    joined(cli)
    shown = " ".join(cli("programme", "figures").out.split())
    assert "Participation is unknown" in shown
    assert "adoption is unknown there" in shown


def test_pause_resume_and_renew(settings: Path, cli: Cli) -> None:
    """A member pauses and comes back; joining again renews the consent and keeps accounts and relays."""
    joined(cli)
    acted(cli)
    cli("programme", "shared", "zwaluwtje", 1)
    cli("programme", "accounts", "add", "zwaluwtje", "https://mastodon.example/@swallow")
    assert cli("programme", "pause", "zwaluwtje", "--format", "json").data == {"code": "zwaluwtje", "state": "paused"}
    assert cli("programme", "list", "--format", "json").data["members"][0]["state"] == "paused"
    joined(cli)
    assert cli("programme", "resume", "zwaluwtje").code == 0
    (row,) = cli("programme", "list", "--format", "json").data["members"]
    assert (row["state"], row["in_force"], row["consent"]["accounts"]) == ("active", True, ["https://mastodon.example/@swallow"])
    assert len(cli("programme", "action", "list", "--format", "json").data["actions"][0]["relays"]) == 1
    assert cli("programme", "accounts", "remove", "zwaluwtje", "https://mastodon.example/@swallow").code == 0
    assert cli("programme", "list", "--format", "json").data["members"][0]["consent"]["accounts"] == []


def test_codes_that_differ_by_capitals_alone(settings: Path, cli: Cli) -> None:
    """One person is not counted twice under two spellings, and nobody reads what is held of another of nearly that name."""
    joined(cli)
    ran = cli("leaders", "join", "Zwaluwtje", "--until", "2027-06-30", "--how", "form")
    assert (ran.code, "differs from 'zwaluwtje'" in ran.err) == (2, True)
    assert len(cli("programme", "list", "--format", "json").data["members"]) == 1


def test_access_by_code_handle_and_account(settings: Path, cli: Cli) -> None:
    """A member learns that they are on record, however they name themselves; nothing is said to be held of nobody else."""
    joined(cli)
    cli("programme", "accounts", "add", "zwaluwtje", "https://mastodon.example/@swallow")
    for asked in ("zwaluwtje", "ZWALUWTJE", "@swallow", "swallow@mastodon.example", "https://mastodon.example/@swallow"):
        told = cli("privacy", "export", "--author", asked).out
        assert ("Nothing is held." in told, "No text is held." in told, "Takes part in ambassador programme" in told) == (False, True, True), asked
    for asked in ("swallow@other.example", "swift"):
        assert "Nothing is held." in cli("privacy", "export", "--author", asked).out


FEED = f"""<?xml version="1.0"?><rss version="2.0"><channel><title>x</title><link>https://mastodon.example/@swallow</link>
<item><guid>1</guid><link>https://mastodon.example/@swallow/1</link><pubDate>{NOW:%a, %d %b %Y %H:%M:%S} +0000</pubDate>
<description>&lt;p&gt;Kwetterzinnetje: &lt;a href="{LINK}?utm_source=m"&gt;&lt;span class="invisible"&gt;https://www.&lt;/span&gt;&lt;span&gt;acme.example/open-day&lt;/span&gt;&lt;/a&gt;&lt;/p&gt;</description></item>
<item><guid>2</guid><link>https://mastodon.example/@swallow/2</link><pubDate>{NOW:%a, %d %b %Y %H:%M:%S} +0000</pubDate><description>Prive praatje</description></item>
</channel></rss>"""  # fmt: skip


def test_accounts_are_read_for_relays_alone(settings: Path, cli: Cli, web: Web) -> None:
    """The link of an action is found in a member's feed; no word of the posts reaches the disk, and whoever paused is not read."""
    settings.write_text(settings.read_text() + f'[web]\ngateway = "{web.gateway}"\n', "utf-8")
    web.serve("mastodon.example", Answer(FEED.encode(), "application/rss+xml"))
    joined(cli)
    acted(cli)
    cli("programme", "accounts", "add", "zwaluwtje", "https://mastodon.example/@swallow")
    ran = cli("programme", "read", "--format", "json")
    assert (ran.code, ran.data["relays"], ran.data["accounts"][0]["posts"], [each.path for each in web.of("mastodon.example")]) == (0, 1, 2, ["/@swallow.rss"]), ran.err
    assert cli("programme", "read", "--format", "json").data["relays"] == 0
    assert [word for word in (b"Kwetterzinnetje", b"Prive praatje") if word in bytes_of()] == []
    cli("programme", "pause", "zwaluwtje")
    asked = len(web.asked)
    assert cli("programme", "read", "--format", "json").data["accounts"] == []
    assert len(web.asked) == asked
    cli("programme", "resume", "zwaluwtje")
    web.serve("mastodon.example", Answer(b"no", "text/plain", 403))
    assert cli("programme", "read").code == 4


def test_a_file_that_was_handed_over(settings: Path, cli: Cli) -> None:
    """Posts since the consent with the link of an action count once; no word of them is kept, and what was typed in stays."""
    joined(cli)
    acted(cli)
    cli("programme", "shared", "zwaluwtje", 1, "--reach", 50)
    today, base = NOW.date().isoformat(), {"type": "mention", "source": "linkedin"}
    rows = [base | {"native_id": "1", "published": today, "text": f"Kwetterzinnetje {LINK}", "engagement": {"likes": 3}}, base | {"native_id": "2", "published": "2026-01-01", "text": LINK}]
    Path("h.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert cli("programme", "handed", "zwaluwtje", "h.jsonl", "--format", "json").data == {"code": "zwaluwtje", "posts": 1, "relays": 0}
    cli("programme", "action", "add", "Again", "--url", LINK)
    assert cli("programme", "handed", "zwaluwtje", "h.jsonl", "--format", "json").data["relays"] == 1
    first, second = cli("programme", "action", "list", "--format", "json").data["actions"]
    assert ([each["reach_estimate"] for each in first["relays"]], [each["reactions"] for each in second["relays"]], b"Kwetterzinnetje" in bytes_of(Path("data"))) == ([50], [3], False)


def test_leaving_deletes_everything(settings: Path, cli: Cli) -> None:
    """After leaving, no byte of the data folder names the person, their accounts or how they were asked; figures no longer count them."""
    joined(cli)
    joined(cli, "blijvertje")
    acted(cli)
    for account in ("https://mastodon.example/@zwaluwhandle", "https://bsky.app/profile/zwaluwhandle.example"):
        assert cli("programme", "accounts", "add", "zwaluwtje", account).code == 0
    cli("programme", "shared", "zwaluwtje", 1, "--reach", 77123)
    Path("posts.jsonl").write_text('{"type": "mention", "source": "mastodon", "employer": "Acme", "native_id": "m1", "published": "2026-11-02", "text": "Zwaluwgekwetter over de werkvloer van Acme", "author": "zwaluwhandle@mastodon.example"}\n')
    assert cli("import", "posts.jsonl").code == 0
    assert b"zwaluwhandle" in bytes_of()
    ran = cli("programme", "leave", "zwaluwtje")
    assert (ran.code, ran.out) == (0, "Everything about this person is deleted. Consents: 1. Stored posts: 1.\n"), ran.err
    everything = bytes_of().lower()
    assert [word for word in (b"zwaluwtje", b"zwaluwhandle", b"zwaluwgekwetter") if word in everything] == []
    assert (b"blijvertje" in everything, [row["code"] for row in cli("programme", "list", "--format", "json").data["members"]]) == (True, ["blijvertje"])
    assert cli("programme", "leave", "zwaluwtje").code == 2


def test_withdrawing_a_consent_is_leaving(settings: Path, cli: Cli) -> None:
    """`privacy withdraw` takes along all that hangs on the consent."""
    joined(cli)
    acted(cli)
    cli("programme", "shared", "zwaluwtje", 1)
    assert cli("privacy", "withdraw", "zwaluwtje").code == 0
    assert (cli("programme", "list", "--format", "json").data["members"], cli("programme", "action", "list", "--format", "json").data["actions"][0]["relays"]) == ([], [])


def test_a_consent_to_take_part_is_none_to_be_followed(settings: Path, cli: Cli) -> None:
    """Who joined the programme may still not be put among the sources."""
    joined(cli, "swallow")
    settings.write_text(settings.read_text() + '[[employer.source]]\nsource = "feed"\nurl = "https://mastodon.example/@swallow.rss"\n', "utf-8")
    ran = cli("check")
    assert (ran.code, "not on record as having agreed" in ran.err) == (2, True)


@pytest.mark.parametrize("lang", ["en", "fr", "nl", "de"])
@pytest.mark.parametrize("name", ["invitation", "kickoff", "digest"])
def test_texts_in_four_languages(settings: Path, cli: Cli, name: str, lang: str) -> None:
    """Each text names the firm, leaves no template mark behind, and says so where there are no examples."""
    acted(cli)
    text = cli("programme", name, "--lang", lang).out
    assert ("Acme" in text, "{{" in text or "{%" in text, text.startswith("# ")) == (True, False, True)
    if name != "invitation":
        assert (LINK in text, ("Come and see us." in text, "Venez nous voir." in text)) == (True, (lang == "en", lang == "fr"))
    if name == "kickoff":
        assert {"en": "There are none yet", "fr": "Il n'y en a pas encore", "nl": "Er zijn er nog geen", "de": "Es gibt noch keine"}[lang] in text


def test_kickoff_shows_the_firms_own_posts(settings: Path, cli: Cli) -> None:
    """Examples are what the employer itself wrote, nobody else's."""
    rows: list[dict[str, Any]] = [{"own": True, "text": "Acme opens its doors", "native_id": "1"}, {"text": "I dislike Acme", "native_id": "2"}]
    base = {"type": "mention", "source": "linkedin_page", "employer": "Acme", "published": "2026-11-02", "url": "https://www.linkedin.com/feed/update/1/"}
    Path("own.jsonl").write_text("".join(json.dumps(base | row) + "\n" for row in rows))
    assert cli("import", "own.jsonl").code == 0
    text = cli("programme", "kickoff", "--lang", "en").out
    assert ("- 2026-11-02: “Acme opens its doors” <https://www.linkedin.com/feed/update/1/>" in text, "dislike" in text) == (True, False)


def test_the_firms_own_feed_counts_as_its_own(settings: Path, cli: Cli) -> None:
    """An article on the firm's own domain is an example; one elsewhere is not."""
    settings.write_text(settings.read_text() + 'domain = "acme.example"\n')
    base = {"type": "mention", "source": "feed", "employer": "Acme", "published": "2026-11-02", "kind": "article"}
    rows = [base | {"native_id": "1", "url": "https://www.acme.example/n/1", "title": "Own news of Acme"}, base | {"native_id": "2", "url": "https://press.example/2", "title": "Press on Acme"}]
    Path("own.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert cli("import", "own.jsonl").code == 0
    text = cli("programme", "kickoff", "--lang", "en").out
    assert ("Own news of Acme" in text, "Press on Acme" in text) == (True, False)
