"""The `leaders` commands on a real store."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.cli.conftest import Cli
from tests.cli.test_privacy import bytes_of
from tests.cli.test_programme import UNTIL, joined, settings
from tests.loopback import Answer, Asked, Web

__all__ = ["settings"]
TODAY = datetime.now(UTC).date()


def test_presence_goals_and_progress(settings: Path, cli: Cli) -> None:
    """What is typed in is kept by day; the gap is against the latest; the comparison has its source."""
    joined(cli, "kapitein", "leaders")
    first = (TODAY - timedelta(days=30)).isoformat()
    assert cli("leaders", "presence", "kapitein", "--profile", "--contacts", 10, "--on", first).code == 0
    assert cli("leaders", "presence", "kapitein", "--profile", "--contacts", 25, "--posts", 2, "--topic", "safety").code == 0
    assert cli("leaders", "goal", "kapitein", "contacts", 125, "--by", UNTIL).code == 0
    data = cli("leaders", "list", "--format", "json").data
    (leader,) = data["leaders"]
    assert (data["reference"], [one["contacts"] for one in leader["standings"]], leader["goals"][0]["missing"]) == (
        {"source": "Brunswick", "year": 2019, "present": 0.48, "posted_of_present": 0.25}, [10, 25], 100,
    )  # fmt: skip
    assert "48 % of CEOs were present on social networks, and one in four of these had posted (Brunswick, 2019)" in " ".join(cli("leaders", "list").out.split())
    assert f"From 10 to 25 contacts since {first}." in cli("leaders", "progress", "kapitein").out


def test_what_is_not_said_stays_as_it_was(settings: Path, cli: Cli) -> None:
    """A later standing changes the figures it names and says which it keeps; a goal stays known; the same day is one row; an older day learns nothing of a later one."""
    joined(cli, "kapitein", "leaders")
    days = [(TODAY - timedelta(days=back)).isoformat() for back in (40, 30)]
    cli("leaders", "presence", "kapitein", "--profile", "--contacts", 10, "--posts", 4, "--topic", "safety", "--on", days[1])
    cli("leaders", "goal", "kapitein", "posts", 6, "--by", UNTIL)
    later = cli("leaders", "presence", "kapitein", "--contacts", 10050).out
    assert f"Not said anew, and kept as of {days[1]}: Profile, Posts in 12 months, Topics." in " ".join(later.split())
    again = " ".join(cli("leaders", "presence", "kapitein", "--reactions", 7).out.split())
    assert (f"kept as of {days[1]}: Profile, Posts in 12 months, Topics." in again, f"kept as of {TODAY}" in again) == (True, False)
    cli("leaders", "presence", "kapitein", "--contacts", 5, "--on", days[0])
    (leader,) = cli("leaders", "list", "--format", "json").data["leaders"]
    assert [(one["contacts"], one["posts"], one["reactions"], one["topics"]) for one in leader["standings"]] == [(5, None, None, []), (10, 4, None, ["safety"]), (10050, 4, 7, ["safety"])]
    assert leader["goals"][0]["missing"] == 2
    assert [one["kept"] for one in leader["standings"]] == [{}, {}, dict.fromkeys(("profile", "posts", "topics"), days[1])]


def test_progress_shows_the_day_of_what_was_kept(settings: Path, cli: Cli) -> None:
    """A figure that was not said anew carries the day on which it was said, over several standings; it is no second count."""
    joined(cli, "kapitein", "leaders")
    days = [(TODAY - timedelta(days=back)).isoformat() for back in (40, 30)]
    cli("leaders", "presence", "kapitein", "--contacts", 10, "--posts", 4, "--on", days[0])
    cli("leaders", "presence", "kapitein", "--posts", 5, "--on", days[1])
    cli("leaders", "presence", "kapitein", "--reactions", 7)
    for shown in (cli("leaders", "progress", "kapitein", "--format", "md").out, cli("leaders", "list", "--format", "md").out):
        assert (f"10 ({days[0]}) | 5 ({days[1]}) | 7 |" in shown, "In brackets: the day of a figure that was not said anew since." in shown) == (True, True)
    assert "Nothing to compare yet" in cli("leaders", "progress", "kapitein").out


def test_a_wrong_day_is_no_period(settings: Path, cli: Cli) -> None:
    """The refusal names the option and says how a day is written."""
    joined(cli, "kapitein", "leaders")
    ran = cli("leaders", "presence", "kapitein", "--contacts", 10, "--on", "31-12-2026")
    assert (ran.code, "--on 31-12-2026: this is no day" in ran.err, "period" in ran.err) == (2, True, False)


def test_a_file_that_was_handed_over_is_counted(settings: Path, cli: Cli) -> None:
    """Posts become numbers; none of their words reaches the disk; what is typed in beside goes first."""
    joined(cli, "kapitein", "leaders")
    rows = [{"type": "mention", "source": "linkedin", "native_id": str(each), "published": TODAY.isoformat(), "text": "Zeemansgebrabbel about pay", "engagement": {"likes": 4}} for each in range(3)]
    Path("posts.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    data = cli("leaders", "presence", "kapitein", "--export", "posts.jsonl", "--contacts", 11, "--format", "json").data
    assert (data["contacts"], data["posts"], data["reactions"], data["topics"], b"Zeemansgebrabbel" in bytes_of(Path("data"))) == (11, 3, 12, ["pay"], False)


def test_a_download_without_posts_says_nothing_of_them(settings: Path, cli: Cli) -> None:
    """The quick download of LinkedIn lists contacts alone: posts and reactions stay as they were said. An empty list of posts is none."""
    joined(cli, "kapitein", "leaders")
    Path("Connections.csv").write_text("First Name,Last Name,URL,Email Address,Company,Position,Connected On\nAn,Peeters,,,Acme,,01 Jan 2026\n")
    handed = ("leaders", "presence", "kapitein", "--export", "Connections.csv", "--format", "json")
    data = cli(*handed).data
    assert (data["contacts"], data["posts"]) == (1, None)
    cli("leaders", "presence", "kapitein", "--posts", 4, "--reactions", 9)
    data = cli(*handed).data
    assert (data["contacts"], data["posts"], data["reactions"]) == (1, 4, 9)
    with zipfile.ZipFile("Complete_LinkedInDataExport_11-25-2026.zip", "w") as whole:
        whole.write("Connections.csv")
        whole.writestr("Shares.csv", "Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility\n")
    assert cli("leaders", "presence", "kapitein", "--export", "Complete_LinkedInDataExport_11-25-2026.zip", "--format", "json").data["posts"] == 0


@pytest.mark.parametrize("lang", ["en", "fr", "nl", "de"])
def test_a_plan_to_print(settings: Path, cli: Cli, lang: str) -> None:
    """The plan has five days of boxes, the gap, the news, and no template mark."""
    joined(cli, "kapitein", "leaders")
    empty = cli("leaders", "plan", "kapitein", "--lang", lang).out
    assert "`repwatch leaders presence`" in empty
    cli("leaders", "presence", "kapitein", "--profile", "--contacts", 10, "--posts", 0)
    cli("leaders", "goal", "kapitein", "contacts", 900, "--by", (TODAY + timedelta(days=9)).isoformat())
    cli("programme", "action", "add", "Open day", "--url", "https://acme.example/open", f"--text-{lang}", "Kom maar.")
    article = {"type": "mention", "source": "feed", "employer": "Acme", "native_id": "1", "kind": "article", "published": TODAY.isoformat(), "title": "Acme opens", "text": "Acme", "url": "https://press.example/1"}
    Path("n.jsonl").write_text(json.dumps(article) + "\n")
    assert cli("import", "n.jsonl").code == 0
    text = cli("leaders", "plan", "kapitein", "--lang", lang).out
    assert ("{{" in text or "{%" in text, "890" in text, "<https://press.example/1>" in text, "Kom maar." in text, text.count("- [ ]") >= 5, text.count("**") == 10) == (False, True, True, True, True, True)


def test_ten_thousand_contacts_without_a_name(settings: Path, cli: Cli) -> None:
    """LinkedIn's own download is counted; not one of its names reaches the disk."""
    pytest.importorskip("repwatch.inlets.linkedin", reason="the reader of LinkedIn's download is not in this tree")
    joined(cli, "kapitein", "leaders")
    rows = "".join(f"Voornaampje{each},Achternaampje{each},https://www.linkedin.com/in/profieltje{each},,Firma,Job,05 Mar 2026\n" for each in range(10_000))
    shares = f"Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility\n{TODAY} 08:00:00,https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A1,Zeemansgebrabbel,,,MEMBER_NETWORK\n"
    with zipfile.ZipFile("Basic_LinkedInDataExport_11-25-2026.zip", "w") as packed:
        packed.writestr("Connections.csv", 'Notes:\n"A note"\n\nFirst Name,Last Name,URL,Email Address,Company,Position,Connected On\n' + rows)
        packed.writestr("Shares.csv", shares)
    data = cli("leaders", "presence", "kapitein", "--export", "Basic_LinkedInDataExport_11-25-2026.zip", "--format", "json").data
    everything = bytes_of(Path("data")) + bytes_of(Path("../home"))
    assert (data["contacts"], data["posts"], [word for word in (b"Voornaampje", b"Achternaampje", b"profieltje", b"Zeemansgebrabbel") if word in everything]) == (10_000, 1, [])


def member_data(asked: Asked) -> Answer:
    """Answer as LinkedIn does: a `start` a page, a link to the next one, 404 past the end."""
    def told(status: int, data: object) -> Answer:
        return Answer(json.dumps(data).encode(), "application/json", status)

    if asked.headers.get("authorization") != "Bearer zeemanssleutel" or asked.headers.get("linkedin-version") != "202312":
        return told(401, {"status": 401, "message": "Invalid access token"})
    domain, start = asked.query["domain"][0], int(asked.query.get("start", ["0"])[0])
    contacts = [{"First Name": f"Voornaampje{each}", "Last Name": "Achternaampje", "Connected On": "05 Mar 2026"} for each in range(10)]
    pages = {
        "CONNECTIONS": [contacts, [*contacts[:3], {"First Name": "", "Last Name": ""}]],
        "MEMBER_SHARE_INFO": [[{"Date": f"{TODAY} 08:00:00", "ShareLink": "https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A1", "ShareCommentary": "Zeemansgebrabbel about pay", "SharedUrl": None}]],
    }[domain]
    if start >= len(pages):
        return told(404, {"status": 404, "message": "No data found for this memberId"})
    links = [{"type": "application/json", "rel": "next", "href": f"/rest/memberSnapshotData?count=10&domain={domain}&q=criteria&start={start + 1}"}]
    return told(200, {"paging": {"start": start, "count": 10, "links": links, "total": 2}, "elements": [{"snapshotDomain": domain, "snapshotData": pages[start]}]})


def test_a_members_own_token_counts_and_leaves_no_name(settings: Path, cli: Cli, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two pages of contacts and the posts become numbers; neither a name, nor a word, nor the token reaches the disk."""
    settings.write_text(settings.read_text() + f'[web]\ngateway = "{web.gateway}"\n', "utf-8")
    web.serve("api.linkedin.com", member_data)
    joined(cli, "kapitein", "leaders")
    monkeypatch.setenv("REPWATCH_LINKEDIN_MEMBER_TOKEN", "zeemanssleutel")
    ran = cli("leaders", "presence", "kapitein", "--linkedin", "--format", "json")
    assert (ran.code, ran.data["contacts"], ran.data["posts"], ran.data["topics"], ran.data["profile"]) == (0, 13, 1, ["pay"], True), ran.err
    everything = bytes_of(Path("data")) + bytes_of(Path("../home")) + ran.out.encode() + ran.err.encode()
    assert [word for word in (b"Voornaampje", b"Achternaampje", b"Zeemansgebrabbel", b"zeemanssleutel") if word in everything] == []
    assert cli("leaders", "presence", "stuurman", "--linkedin").code == 2
    assert len(web.of("api.linkedin.com")) == 5  # nobody is asked about without consent


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [(Answer(b'{"status":401,"message":"Invalid access token"}', "application/json", 401), 3, "LinkedIn did not accept the token"),
     (Answer(b"<html>no</html>", status=403), 4, "LinkedIn did not answer"),
     (Answer(b'{"status":404,"message":"No data found for this memberId"}', "application/json", 404), 4, "LinkedIn has no data of this member yet"),
     (Answer(b'{"status":429}', "application/json", 429, {"Retry-After": "86400"}), 4, "LinkedIn did not answer"),
     (Answer(b'{"items":[]}', "application/json"), 4, "in a way that nobody has seen yet"),
     (Answer(b'{"elements":[],"paging":{"links":[{"rel":"next","href":"https://elsewhere.example/"}]}}', "application/json"), 0, "is recorded")],
)  # fmt: skip
def test_what_linkedin_may_answer(settings: Path, cli: Cli, web: Web, monkeypatch: pytest.MonkeyPatch, answer: Answer, code: int, said: str) -> None:
    """Each answer has its sentence, and a link to somewhere else is not followed."""
    settings.write_text(settings.read_text() + f'[web]\ngateway = "{web.gateway}"\n', "utf-8")
    web.serve("api.linkedin.com", answer)
    joined(cli, "kapitein", "leaders")
    monkeypatch.setenv("REPWATCH_LINKEDIN_MEMBER_TOKEN", "zeemanssleutel")
    ran = cli("leaders", "presence", "kapitein", "--linkedin")
    assert (ran.code, said in ran.out + ran.err, "zeemanssleutel" in ran.out + ran.err, web.of("elsewhere.example")) == (code, True, False, []), ran


def test_without_a_token_nothing_is_asked(settings: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable and the page are named; two ways at once are refused."""
    joined(cli, "kapitein", "leaders")
    monkeypatch.delenv("REPWATCH_LINKEDIN_MEMBER_TOKEN", raising=False)
    ran = cli("leaders", "presence", "kapitein", "--linkedin")
    assert (ran.code, "no token of this leader" in ran.err, "REPWATCH_LINKEDIN_MEMBER_TOKEN" in ran.err, "developers/tools/oauth" in ran.err) == (2, True, True, True)
    both = cli("leaders", "presence", "kapitein", "--linkedin", "--export", settings)
    assert (both.code, "give one of them" in both.err) == (2, True)


def test_leaving_deletes_a_leader(settings: Path, cli: Cli) -> None:
    """Nothing of the person is left in any byte of the data folder."""
    joined(cli, "kapitein", "leaders")
    joined(cli, "kapitein")
    cli("leaders", "presence", "kapitein", "--contacts", 31337, "--topic", "zeewaardigheid")
    cli("leaders", "goal", "kapitein", "posts", 12, "--by", UNTIL)
    assert cli("leaders", "leave", "kapitein").out == "Everything about this person is deleted. Consents: 2. Stored posts: 0.\n"
    assert [word for word in (b"kapitein", b"zeewaardigheid", b"31337") if word in bytes_of()] == []
    assert cli("leaders", "list", "--format", "json").data["leaders"] == []
