"""A check over every interface at once: the right ledger, within the paces; and what is said of a key that is not accepted."""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Cli, Ran
from tests.hosts import ALERT, GIVEN, PLACE, SECRETS, TABLES, Hosts, told
from tests.loopback import Answer, Web

from repwatch import sources

#: Every source, each with what it reads here.
WATCHED = {
    "bluesky": 'query = "Acme"', "discourse": 'url = "https://forum.example/search.json?q=Acme"', "feed": 'url = "https://press.example/rss"', "gdelt": 'query = "Acme"', "github": 'query = "Acme"',
    "glassdoor": 'url = "https://www.glassdoor.be/Reviews/Acme-Reviews-E1.htm"', "google_business": f'query = "{PLACE}"', "googlealerts": f'url = "https://www.google.com/alerts/feeds/{ALERT}"',
    "googlenews": 'query = "Acme@BE:fr"\naccept_terms = true', "hackernews": 'query = "Acme"', "indeed": 'url = "https://be.indeed.com/cmp/Acme/reviews"', "jsonld": 'url = "https://ratings.example/acme"',
    "kununu": 'url = "https://www.kununu.com/de/acme"', "lemmy": 'query = "Acme"', "linkedin_page": 'query = "7"', "mastodon": 'query = "Acme"', "reddit": 'query = "Acme"', "stackexchange": 'query = "Acme"',
    "trustpilot": 'url = "https://www.trustpilot.com/review/acme.example"', "youtube": 'query = "Acme"',
}  # fmt: skip
#: Paces are kept, but a twentieth as long.
SHORTER = 20


def settings(web: Web, *names: str, tables: str = TABLES, more: str = "first_days = 20", retries: int = 2) -> None:
    """Write settings with these sources, all of them by default."""
    watched = "".join(f'[[employer.source]]\nsource = "{name}"\n{WATCHED[name]}\n' for name in names or WATCHED)
    Path("repwatch.toml").write_text(f'{more}\n[web]\ngateway = "{web.gateway}"\nretries = {retries}\n{tables}\n[[employer]]\nname = "Acme"\n{watched}', "utf-8")


def check(cli: Cli) -> Any:
    return cli("check", "--data-dir", "data", "--format", "json")


def ledger(ran: Ran) -> dict[str, tuple[str, str, int, int]]:
    """Return state, reason, pages and items by source."""
    return {row["source"]: (row["state"], row["reason"], row["pages"], row["items"]) for row in ran.data["coverage"]}


@pytest.fixture
def hosts(web: Web, monkeypatch: pytest.MonkeyPatch) -> Hosts:
    """Serve every interface, hand over the keys, shorten the paces."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    for name in sources.names():
        source = sources.load(name)
        monkeypatch.setattr(source, "INFO", source.INFO.model_copy(update={"pace_s": source.INFO.pace_s / SHORTER}))
    return Hosts(web)


def test_every_source_is_watched_here() -> None:
    """A new source must join this check."""
    assert set(WATCHED) == set(sources.names())


def test_every_source_at_once(cli: Cli, web: Web, hosts: Hosts) -> None:
    """Every live source is read whole through paging, pauses and an ended session; consent and unsaved pages are told; exit 3; then nothing new."""
    settings(web)
    ran = check(cli)
    assert ledger(ran) == {
        "bluesky": ("read", "", 2, 2), "discourse": ("read", "", 2, 2), "feed": ("read", "", 1, 1), "gdelt": ("read", "", 1, 1), "github": ("read", "", 2, 101),
        "glassdoor": ("stale", "no_saved_page", 0, 0), "google_business": ("read", "", 2, 4), "googlealerts": ("read", "", 1, 1), "googlenews": ("refused", "consent", 0, 0),
        "hackernews": ("read", "", 1, 3), "indeed": ("stale", "no_saved_page", 0, 0), "jsonld": ("read", "", 1, 2), "kununu": ("stale", "no_saved_page", 0, 0), "lemmy": ("read", "", 2, 50),
        "linkedin_page": ("read", "", 3, 3), "mastodon": ("read", "", 6, 3), "reddit": ("read", "", 2, 2), "stackexchange": ("read", "", 2, 2), "trustpilot": ("read", "", 4, 3),
        "youtube": ("read", "", 2, 2),
    }  # fmt: skip
    assert (ran.code, ran.err) == (3, "")
    again = check(cli)
    assert (again.code, again.data["new"]) == (3, [])
    assert {name: row[:2] for name, row in ledger(again).items()} == {name: row[:2] for name, row in ledger(ran).items()}


def test_paces_are_kept(cli: Cli, web: Web, hosts: Hosts) -> None:
    """Between two requests to a host lies its source's pace, and after a demand for a pause the pause, in every dialect."""
    paused = hosts.limits - {"www.googleapis.com"}  # which says that it may be asked again at once
    settings(web)
    check(cli)
    paces = {host: sources.load(name).INFO.pace_s for name, host in (
        ("bluesky", "pds.example"), ("discourse", "forum.example"), ("github", "api.github.com"), ("google_business", "mybusiness.googleapis.com"), ("lemmy", "lemmy.world"),
        ("linkedin_page", "api.linkedin.com"), ("mastodon", "mastodon.social"), ("reddit", "oauth.reddit.com"), ("stackexchange", "api.stackexchange.com"),
        ("trustpilot", "api.trustpilot.com"), ("youtube", "www.googleapis.com"))}  # fmt: skip
    for host, pace in paces.items():
        times = [each.at for each in web.of(host) if not each.path.endswith("refreshSession")]
        gaps = [later - earlier for earlier, later in pairwise(times)]
        assert gaps, host
        # Renewing a session is no request of the walk: the one it was for is sent again at once.
        assert len([gap for gap in gaps if gap < pace]) <= (host in ("pds.example", "www.googleapis.com")), host
        assert gaps[0] > 0.9 or host not in paused, host
    # Who does not say how long is left alone as long as the strictest of all asks.
    assert web.of("lemmy.world")[1].at - web.of("lemmy.world")[0].at > 4.9
    # `backoff` stands in a good answer, and is obeyed before the next page.
    assert web.of("api.stackexchange.com")[2].at - web.of("api.stackexchange.com")[1].at > 0.9
    assert [each.path.rpartition(".")[2] for each in web.of("pds.example")] == ["searchPosts", "searchPosts", "searchPosts", "refreshSession", "searchPosts"]
    assert len(web.of("bsky.social")) == len(web.of("www.reddit.com")) == len(web.of("oauth2.googleapis.com")) == 1


def files(folder: Path) -> dict[str, bytes]:
    """Return the content of every file, unzipped, and of every row of the store as text."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file():
            body = path.read_bytes()
            found[str(path)] = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
    with closing(sqlite3.connect(folder / "repwatch.db")) as database:
        found["store"] = "\n".join(database.iterdump()).encode()
    return found


def test_no_secret_is_left_anywhere(cli: Cli, web: Web, hosts: Hosts, monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets planted in variables, a file, an address, answers and errors stand in no output, archive, store, crash report or other file."""
    Path("youtube.key").write_text("planted-file-secret\n")
    Path("youtube.key").chmod(0o600)
    monkeypatch.delenv("REPWATCH_YOUTUBE_KEY")
    echo = {"error": {"code": 403, "message": "planted-file-secret is not allowed", "errors": [{"reason": "forbidden"}]}}
    hosts.wrong["www.googleapis.com"] = told(echo, 403, X_Echo="planted-file-secret")
    hosts.wrong["api.trustpilot.com"] = Answer(b"<html>planted-trustpilot-key</html>", status=403)
    settings(web, tables=TABLES + '[credentials.youtube]\nkey_file = "youtube.key"\n')
    text = "".join(ran.out + ran.err for ran in (
        check(cli), cli("check", "--data-dir", "data"), cli("doctor", "--data-dir", "data"), cli("sources", "--data-dir", "data"), cli("mentions", "--data-dir", "data", "--since", "2020-01-01"),
        cli("export", "--data-dir", "data")))  # fmt: skip
    archive = min(Path("data/archive").iterdir())
    text += cli("check", "--replay", archive, "--format", "json").out

    def broken(*_arguments: object) -> None:
        raise RuntimeError(SECRETS["REPWATCH_BLUESKY_PASSWORD"])

    monkeypatch.setattr("repwatch.web.keychain.sign_in", broken)
    crash = check(cli)
    assert crash.code == 70
    (report,) = Path("../home").rglob("repwatch-crash-*")
    text += crash.out + crash.err + report.read_text()
    secrets = [*SECRETS.values(), *GIVEN, "planted-file-secret", *ALERT.split("/")]
    secrets += [value.replace("/", "%2F") for value in secrets] + [value.replace("/", "\\/") for value in secrets]
    assert [secret for secret in secrets if secret in text] == []
    held = files(Path("data"))
    assert len([name for name in held if name.endswith(".warc.gz")]) >= 2
    assert [(name, secret) for name, body in held.items() for secret in secrets if secret.encode() in body] == []
    assert any(b"REDACTED" in body for body in held.values())
    # What was exchanged for a token stands in no archive at all.
    assert [name for name, body in held.items() if b"com.atproto.server" in body or b"access_token" in body or b"oauth2.googleapis.com" in body] == []


def lines(ran: Ran) -> list[str]:
    """Return the lines under "Not seen" of a report, those of pages saved by hand left out."""
    part = ran.out.partition("Not seen")[2].partition("Coverage")[0]
    return [" ".join(each.split()) for each in re.split(r"\n\s*(?=[a-z_]+ \(Acme\):)", part) if each.strip()]


#: What a site answers; the words that the one line must have.
REFUSED = {
    "youtube key": ("youtube", "www.googleapis.com", told({"error": {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT", "errors": [{"reason": "badRequest"}], "details": [{"reason": "API_KEY_INVALID"}]}}, 400), "was not accepted"),
    "youtube expired": ("youtube", "www.googleapis.com", told({"error": {"code": 400, "message": "API key expired. Please renew the API key.", "status": "INVALID_ARGUMENT", "details": [{"reason": "API_KEY_INVALID"}]}}, 400), "has expired"),
    "youtube quota": ("youtube", "www.googleapis.com", told({"error": {"code": 403, "message": "quota", "errors": [{"reason": "quotaExceeded"}]}}, 403), "is used up"),
    "bluesky password": ("bluesky", "bsky.social", told({"error": "AuthenticationRequired", "message": "Invalid identifier or password"}, 401), "was not accepted"),
    "bluesky withdrawn": ("bluesky", "bsky.social", told({"error": "AccountTakedown", "message": "m"}, 401), "was withdrawn"),
    "reddit secret": ("reddit", "www.reddit.com", told({"message": "Unauthorized", "error": 401}, 401), "was not accepted"),
    "reddit revoked": ("reddit", "oauth.reddit.com", told({"message": "Unauthorized", "error": 401}, 401), "was not accepted"),
    "google expired": ("google_business", "oauth2.googleapis.com", told({"error": "invalid_grant", "error_description": "Token has been expired or revoked."}, 400), "has expired"),
    "google quota": ("google_business", "mybusiness.googleapis.com", told({"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "Quota exceeded"}}, 403), "is used up"),
    "linkedin revoked": ("linkedin_page", "api.linkedin.com", told({"status": 401, "serviceErrorCode": 65601, "code": "REVOKED_ACCESS_TOKEN", "message": "revoked by the user"}, 401), "was withdrawn"),
    "linkedin expired": ("linkedin_page", "api.linkedin.com", told({"status": 401, "serviceErrorCode": 65601, "message": "The token used in the request has expired"}, 401), "has expired"),
    "linkedin quota": ("linkedin_page", "api.linkedin.com", told({"status": 429, "code": "TOO_MANY_REQUESTS", "message": "day limit"}, 429, Retry_After="7000"), "fewer requests"),
    "reddit quota": ("reddit", "oauth.reddit.com", told({"message": "Too Many Requests"}, 429, x_ratelimit_remaining="0.0", x_ratelimit_reset="900"), "fewer requests"),
    "bluesky quota": ("bluesky", "bsky.social", told({"error": "RateLimitExceeded"}, 429, ratelimit_remaining="0", ratelimit_reset="9999999999"), "fewer requests"),
    "trustpilot quota": ("trustpilot", "api.trustpilot.com", told({"fault": {"faultstring": "Rate limit quota violation"}}, 429, Retry_After="3600"), "fewer requests"),
    "trustpilot key": ("trustpilot", "api.trustpilot.com", told({"fault": {"faultstring": "Invalid ApiKey"}}, 401), "was not accepted"),
    "github token": ("github", "api.github.com", told({"message": "Bad credentials"}, 401), "was not accepted"),
    "stackexchange key": ("stackexchange", "api.stackexchange.com", told({"error_id": 400, "error_name": "bad_parameter", "error_message": "`key` doesn't match a known application"}, 400), "was not accepted"),
    "stackexchange quota": ("stackexchange", "api.stackexchange.com", told({"error_id": 502, "error_name": "throttle_violation", "error_message": "too many requests from this IP, more requests available in 70000 seconds"}, 400), "fewer requests"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_one_line_for_a_key_that_is_refused(cli: Cli, web: Web, hosts: Hosts, case: str) -> None:
    """A bad, expired, withdrawn or used-up key is one line, which names the setting and the page where a new one is made."""
    name, host, answer, words = REFUSED[case]
    hosts.limits.clear()
    hosts.wrong[host] = answer
    settings(web, name, retries=0)
    ran = cli("check", "--data-dir", "data")
    assert ran.code == 4
    (line,) = lines(ran)
    credential = sources.load(name).INFO.credentials
    assert credential is not None
    assert [part in line for part in (words, f"[credentials.{name}]", credential.page, "docs/how-to/keys.md")] == [True] * 4, line


def test_mastodon_search_is_refused_but_the_timeline_read(cli: Cli, web: Web, hosts: Hosts, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that its server does not accept costs the search; the timeline of the tag is read all the same."""
    monkeypatch.setenv("REPWATCH_MASTODON_TOKEN", "planted-but-wrong")
    hosts.limits.clear()
    settings(web, "mastodon")
    ran = cli("check", "--data-dir", "data", "--format", "json")
    assert (ran.code, ledger(ran)["mastodon"]) == (3, ("partly", "credentials", 4, 2))
    assert "[credentials.mastodon] (REPWATCH_MASTODON_TOKEN)" in ran.data["coverage"][0]["hint"]
    assert "https://mastodon.social/settings/applications" in ran.data["coverage"][0]["hint"]
    doubted = next(row for row in cli("doctor", "--data-dir", "data", "--format", "json").data["checks"] if row["what"] == "credential mastodon")
    assert "https://mastodon.social/settings/applications" in doubted["do"]
    monkeypatch.setenv("REPWATCH_MASTODON_TOKEN", "two words")
    doubted = next(row for row in cli("doctor", "--data-dir", "data", "--format", "json").data["checks"] if row["what"] == "credential mastodon")
    assert "https://mastodon.social/settings/applications" in doubted["do"]


def test_without_any_key(cli: Cli, web: Web, hosts: Hosts, monkeypatch: pytest.MonkeyPatch) -> None:
    """A source without its key is skipped with setting and page, one that does without is read, one with a saved page waits for it; nothing is sent."""
    for name in SECRETS:
        monkeypatch.delenv(name)
    hosts.limits.clear()
    settings(web, "bluesky", "youtube", "linkedin_page", "trustpilot", "mastodon", tables="")
    ran = check(cli)
    assert ran.code == 3
    assert {name: row[:2] for name, row in ledger(ran).items()} == {
        "bluesky": ("skipped", "no_credential"), "linkedin_page": ("skipped", "no_credential"), "youtube": ("skipped", "no_credential"), "trustpilot": ("stale", "no_saved_page"), "mastodon": ("read", ""),
    }  # fmt: skip
    hints = {row["source"]: row["hint"] for row in ran.data["coverage"]}
    assert hints["youtube"] == ("Look at [credentials.youtube] (REPWATCH_YOUTUBE_KEY) in the settings; a new one is made at https://console.cloud.google.com/apis/credentials "
                                "(docs/how-to/keys.md).")  # fmt: skip
    assert {each.host for each in web.asked} == {"mastodon.social"}
    replay = cli("check", "--replay", ran.told["meta"]["archive"], "--format", "json")
    assert json.dumps(replay.data) == json.dumps(ran.data)


def test_terms_that_nobody_accepted(cli: Cli, web: Web, hosts: Hosts, monkeypatch: pytest.MonkeyPatch) -> None:
    """Google News is off, says why, and asks for nothing, until the settings accept its terms."""
    monkeypatch.setitem(WATCHED, "googlenews", 'query = "Acme"')
    settings(web, "googlenews")
    ran = check(cli)
    assert (ran.code, ledger(ran)["googlenews"][:2], web.asked) == (4, ("skipped", "terms"), [])
    assert ran.data["coverage"][0]["hint"].endswith("To go on all the same: accept_terms = true for this source in the settings.")


def test_two_alerts_stay_two(cli: Cli, web: Web, hosts: Hosts) -> None:
    """Two secret addresses of one site have two lines in the ledger, live and in a replay."""
    other = ALERT.replace("2", "3")
    settings(web, "googlealerts")
    with Path("repwatch.toml").open("a") as file:
        file.write(f'[[employer.source]]\nsource = "googlealerts"\nurl = "https://www.google.com/alerts/feeds/{other}"\n')
    ran = check(cli)
    rows = [(row["target"], row["state"], row["items"]) for row in ran.data["coverage"]]
    assert [row[1:] for row in sorted(rows, key=lambda row: row[1])] == [("read", 1), ("refused", 0)]
    assert all(re.fullmatch(r"https://www\.google\.com/alerts/feeds/REDACTED-[0-9a-f]{6}", row[0]) for row in rows)
    assert json.dumps(cli("check", "--replay", ran.told["meta"]["archive"], "--format", "json").data) == json.dumps(ran.data)
