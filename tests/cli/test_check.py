"""`repwatch check` over a small web on loopback: rows, ledger, archive, replay, gaps, inbox and exit codes."""

from __future__ import annotations

import json
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Cli, environment
from tests.loopback import (
    CHALLENGE,
    Answer,
    Asked,
    Web,
    hit,
    hn_answer,
    hn_search,
    ld_page,
    ld_review,
    rated,
    rss,
)

NOW = datetime.now(UTC)
TODAY = NOW.strftime("%a, %d %b %Y 00:10:00 GMT")
DAY = NOW.date().isoformat()


def settings(web: Web, *sources: str, employers: str = '[[employer]]\nname = "Acme"\naliases = ["Acme Corp"]', more: str = "", web_more: str = "retries = 0") -> Path:
    """Write repwatch.toml here, with one [[employer.source]] for each text; alerts, which change exit codes, have tests of their own."""
    text = f'{more}\n[alerts]\nenabled = false\n[web]\ngateway = "{web.gateway}"\n{web_more}\n{employers}\n' + "".join(f"[[employer.source]]\n{each}\n" for each in sources)
    path = Path("repwatch.toml")
    path.write_text(text, "utf-8")
    return path


def url(source: str, host: str, path: str = "acme") -> str:
    return f'source = "{source}"\nurl = "https://{host}/{path}"'


def check(cli: Cli, *more: str) -> Any:
    return cli("check", "--data-dir", "data", "--format", "json", *more)


def ledger(ran: Any) -> dict[str, tuple[str, str]]:
    """Return (state, reason) by target."""
    return {row["target"]: (row["state"], row["reason"]) for row in ran.data["coverage"]}


def everything(web: Web) -> None:
    """Serve a feed, a page with ratings, Hacker News, a test for humans, a changed layout and a closed site."""
    tag = {"ETag": '"one"', "Last-Modified": "Mon, 02 Nov 2026 06:00:00 GMT"}
    web.serve("press.example", Answer(rss("Acme opens a plant", "Acme is praised", day=TODAY), "application/rss+xml", headers=tag))
    web.serve("ratings.example", Answer(ld_page(rated(ld_review(1, datePublished=DAY), ld_review(2, 1, datePublished=DAY))), headers=tag))
    web.serve("hn.algolia.com", hn_search([hit(number, int(NOW.timestamp()) - 60 * number) for number in range(1, 4)]))
    web.serve("wall.example", Answer(CHALLENGE, status=403))
    web.serve("changed.example", Answer(b"<!DOCTYPE html><html><body><h1>All new</h1></body></html>"))
    web.serve("closed.example", Answer(ld_page(rated())))
    web.robots["closed.example"] = b"User-agent: *\nDisallow: /\n"
    settings(web, url("feed", "press.example"), url("jsonld", "ratings.example"), 'source = "hackernews"\nquery = "Acme"', url("jsonld", "wall.example"),
             url("jsonld", "changed.example"), url("jsonld", "closed.example"))  # fmt: skip


def test_one_whole_check(cli: Cli, web: Web) -> None:
    """Each source has its ledger row with state and reason; what is new is told; part unread is exit 3."""
    everything(web)
    ran = check(cli)
    assert (ran.code, ran.err) == (3, "")
    assert ledger(ran) == {"https://press.example/acme": ("read", ""), "https://ratings.example/acme": ("read", ""), "Acme": ("read", ""),
            "https://wall.example/acme": ("refused", "challenge"), "https://changed.example/acme": ("failed", "layout_changed"),
            "https://closed.example/acme": ("refused", "robots")}  # fmt: skip
    assert {name: sum(row["source"] == name for row in ran.data["new"]) for name in ("feed", "hackernews", "jsonld")} == {"feed": 2, "hackernews": 3, "jsonld": 2}
    assert list(ran.told) == ["repwatch", "command", "status", "data", "errors", "meta"]
    assert [ran.told["command"], ran.told["status"]] == ["check", "partial"]
    assert web.of("closed.example") == []
    assert all("repwatch/" in each.headers["user-agent"] for each in web.asked)


def test_a_changed_or_empty_page_says_what_to_do(cli: Cli, web: Web) -> None:
    """Where the page itself is odd, the line ends with a step to take, in the reader's language; a request for a password is no refused key."""
    web.serve("changed.example", Answer(b"<!DOCTYPE html><html><body><h1>All new</h1></body></html>"))
    web.serve("empty.example", Answer(b""))
    web.serve("none.example", Answer(b"", status=204))
    web.serve("members.example", Answer(b"who are you?", status=401))
    settings(web, *(url("feed", f"{name}.example") for name in ("changed", "empty", "none", "members")))
    ran = check(cli)
    assert {row["target"].split(".")[0][8:]: (row["reason"], "Open the address" in row["hint"]) for row in ran.data["coverage"]} == {
        "changed": ("layout_changed", True), "empty": ("empty", True), "none": ("empty", True), "members": ("login", False)}  # fmt: skip
    told = " ".join(cli("--ui-lang", "nl", "check", "--data-dir", "data").out.split())
    assert "empty.example (Acme): de pagina is leeg. Open het adres in uw browser." in told


def test_second_check_finds_nothing_new(cli: Cli, web: Web) -> None:
    """A page that did not change is asked for with its ETag, answered with 304, counted, and read from the archive."""
    everything(web)
    first, second, third = check(cli), check(cli), check(cli)
    assert [first.code, second.code, third.code] == [3, 3, 3]
    assert [second.data["new"], third.data["new"]] == [[], []]
    assert [each.headers.get("if-none-match") for each in web.of("press.example")] == [None, '"one"', '"one"']
    assert [each.headers.get("if-modified-since") for each in web.of("ratings.example")[1:]] == ["Mon, 02 Nov 2026 06:00:00 GMT"] * 2
    rows = {row["target"]: row for row in second.data["coverage"]}
    assert [rows[target]["unchanged"] for target in ("https://press.example/acme", "https://ratings.example/acme", "Acme")] == [1, 1, 0]
    assert [(row["state"], row["items"]) for ran in (second, third) for row in ran.data["coverage"] if row["source"] == "feed"] == [("read", 2)] * 2


def test_lost_archive_is_read_afresh(cli: Cli, web: Web) -> None:
    """Without the archive that holds the body a page is asked for afresh."""
    everything(web)
    check(cli)
    for path in Path("data/archive").iterdir():
        path.unlink()
    assert check(cli).data["new"] == []
    assert [each.headers.get("if-none-match") for each in web.of("press.example")] == [None, None]


def test_replay_gives_the_same_bytes(cli: Cli, web: Web) -> None:
    """A replay of the archive gives the `data` of the live check, byte for byte, every time; also of a check with 304s."""
    everything(web)
    Path("data/inbox").mkdir(parents=True)
    Path("data/inbox/saved.html").write_bytes(ld_page(rated(ld_review(9, datePublished=DAY))))
    live = check(cli)
    archive = live.told["meta"]["archive"]
    once, twice = cli("check", "--replay", archive, "--format", "json"), cli("check", "--replay", archive, "--format", "json")
    assert [once.code, twice.code] == [3, 3]
    said = [json.dumps(ran.data, sort_keys=False) for ran in (live, once, twice)]
    assert said[1] == said[2]
    assert said[0] == said[1]
    again = check(cli).told["meta"]["archive"]
    assert {("read", 2)} == {(row["state"], row["items"]) for row in cli("check", "--replay", again, "--format", "json").data["coverage"] if row["source"] == "feed"}


def test_archive_is_private(cli: Cli, web: Web) -> None:
    """What sites sent is readable by its owner alone, and has no .part left."""
    everything(web)
    check(cli)
    (path,) = Path("data/archive").iterdir()
    assert [stat.S_IMODE(path.stat().st_mode), path.name.endswith(".warc.gz")] == [0o600, True]


def test_old_archives_are_forgotten(cli: Cli, web: Web) -> None:
    """An archive older than `archive_days` is removed by the next check."""
    import os

    everything(web)
    old = Path("data/archive/old.warc.gz")
    old.parent.mkdir(parents=True)
    old.write_bytes(b"")
    os.utime(old, (0, 0))
    check(cli)
    assert not old.exists()


@pytest.mark.parametrize("form", ["table", "csv", "md"])
def test_forms(cli: Cli, web: Web, form: str) -> None:
    """The morning in every form names the employer's unread sources."""
    everything(web)
    ran = cli("check", "--data-dir", "data", "--format", form)
    assert [ran.code, "wall.example" in ran.out or "jsonld" in ran.out] == [3, True]


def test_slow_host(cli: Cli, web: Web) -> None:
    """A host that does not answer in time is `failed: timeout`, and the others are read."""

    def slow(_asked: Asked) -> Answer:
        time.sleep(5)
        return Answer(rss("late"))

    web.serve("slow.example", slow)
    web.serve("press.example", Answer(rss("Acme", day=TODAY)))
    settings(web, url("feed", "slow.example"), url("feed", "press.example"), web_more="retries = 0\nread_s = 1\ntotal_s = 2")
    ran = check(cli)
    assert [ran.code, ledger(ran)["https://slow.example/acme"], ledger(ran)["https://press.example/acme"]] == [3, ("failed", "timeout"), ("read", "")]


def test_too_many_requests(cli: Cli, web: Web) -> None:
    """A 429 with a short Retry-After is tried again; with a long one it is `rate_limit`, without a second request."""
    left = [Answer(b"wait", "text/plain", 429, {"Retry-After": "1"}), Answer(rss("Acme", day=TODAY))]
    web.serve("short.example", lambda _asked: left.pop(0))
    web.serve("long.example", Answer(b"wait", "text/plain", 429, {"Retry-After": "3600"}))
    settings(web, url("feed", "short.example"), url("feed", "long.example"), web_more="retries = 2")
    ran = check(cli)
    assert ledger(ran) == {"https://short.example/acme": ("read", ""), "https://long.example/acme": ("refused", "rate_limit")}
    assert [len(web.of("short.example")), len(web.of("long.example"))] == [2, 1]


def test_nothing_could_be_read(cli: Cli, web: Web) -> None:
    """When no source could be read the exit code is 4 and the state is an error."""
    web.serve("wall.example", Answer(CHALLENGE))
    settings(web, url("jsonld", "wall.example"))
    ran = check(cli)
    assert [ran.code, ran.told["status"], *ledger(ran).values()] == [4, "error", ("refused", "challenge")]


def test_all_read(cli: Cli, web: Web) -> None:
    """When all was read the exit code is 0; a true zero is read, not blind."""
    web.serve("press.example", Answer(rss()))
    settings(web, url("feed", "press.example"))
    ran = check(cli)
    assert [ran.code, ran.told["status"], ran.data["new"]] == [0, "success", []]


def test_bad_items_do_not_cost_the_good(cli: Cli, web: Web) -> None:
    """Odd hits are counted as problems, the rest of the page is stored."""
    at = int(NOW.timestamp())
    web.serve("hn.algolia.com", Answer(hn_answer([hit(1, at), hit(2, 10**18), hit(3, at, points="x"), {"created_at_i": at}]), "application/json"))
    settings(web, 'source = "hackernews"\nquery = "Acme"')
    ran = check(cli)
    assert [ran.code, ledger(ran)["Acme"], len(ran.data["new"])] == [3, ("partly", "problems"), 1]
    assert ran.data["coverage"][0]["problems"] == 3


def stored() -> int:
    with closing(sqlite3.connect("data/repwatch.db")) as database:
        return int(database.execute("SELECT count(*) FROM item").fetchone()[0])


@pytest.mark.parametrize("pages", [1, 2])
def test_gaps_are_filled(cli: Cli, web: Web, pages: int) -> None:
    """What a page cap leaves out is a gap; later checks fill it until nothing is missing."""
    start = int(NOW.timestamp()) - 40 * 86_400
    web.serve("hn.algolia.com", hn_search([hit(number, start - number * 600) for number in range(2500)]))
    settings(web, f'source = "hackernews"\nquery = "Acme"\nmax_pages = {pages}')
    first = check(cli)
    assert [0, True, pages] == [first.code, first.data["coverage"][0]["gap"], first.data["coverage"][0]["pages"]]
    for _ in range(4):
        if not check(cli).data["coverage"][0]["gap"]:
            break
    assert stored() == 2500
    last = check(cli).data
    assert [last["coverage"][0]["gap"], last["new"]] == [False, []]


def test_refused_gap_waits(cli: Cli, web: Web) -> None:
    """A gap whose page is refused stays for the next check."""
    start = int(NOW.timestamp()) - 40 * 86_400
    every = hn_search([hit(number, start - number * 600) for number in range(1500)])
    web.serve("hn.algolia.com", every)
    settings(web, 'source = "hackernews"\nquery = "Acme"\nmax_pages = 1')
    check(cli)
    web.serve("hn.algolia.com", lambda asked: every(asked) if len(web.asked) != 3 else Answer(b'{"message": "busy"}', "application/json", 400))
    assert ledger(check(cli))["Acme"] == ("refused", "api_error")
    check(cli)
    assert stored() == 1500


def test_inbox(cli: Cli, web: Web) -> None:
    """What was read leaves the inbox with its sidecar; what was not stays, and has a ledger row."""
    web.serve("press.example", Answer(rss("Acme", day=TODAY)))
    settings(web, url("feed", "press.example"))
    inbox = Path("data/inbox")
    (inbox / "folder").mkdir(parents=True)
    (inbox / "good.html").write_bytes(ld_page(rated(ld_review())))
    (inbox / "good.http.json").write_text('{"url": "https://ratings.example/acme"}')
    (inbox / "wall.html").write_bytes(CHALLENGE)
    (inbox / ".hidden").write_bytes(b"x")
    (inbox / "lines.jsonl").write_text('{"type": "review", "source": "indeed", "employer": "Acme", "rating": 2, "body": "Long days."}\n')
    ran = check(cli)
    assert sorted(path.name for path in inbox.iterdir()) == [".hidden", "folder", "wall.html"]
    assert [(row["file"], row["state"]) for row in ran.data["inbox"]] == [("good.html", "read"), ("lines.jsonl", "read"), ("wall.html", "refused")]
    assert [ran.code, ledger(ran)["inbox: wall.html"][0]] == [3, "refused"]


def test_the_side_that_decided_comes_first(cli: Cli, web: Web) -> None:
    """A long praise does not push out what a negative review is negative about; an empty answer among the cons decided nothing."""
    inbox = Path("data/inbox")
    inbox.mkdir(parents=True)
    long = "The office is bright, and the coffee machine stands near the window. " * 6
    bad = {"type": "review", "source": "indeed", "employer": "Acme", "published": DAY, "lang": "en", "rating": 1, "title": "Two years", "pros": long, "cons": "Horrible managers, unpaid overtime."}
    plain = {**bad, "native_id": "2", "rating": 5, "pros": "Great colleagues.", "cons": "None"}
    (inbox / "lines.jsonl").write_text("".join(json.dumps(row) + "\n" for row in (bad, plain)))
    settings(web, url("feed", "press.example"))
    web.serve("press.example", Answer(rss(), "application/rss+xml"))
    told = {row["label"]: row["excerpt"] for row in check(cli).data["new"]}
    assert (told["negative"].startswith("Horrible managers, unpaid overtime. · Two years · The office"), told["positive"].startswith("Great colleagues. · Two years")) == (True, True), told


def test_inbox_named_in_the_settings(cli: Cli, web: Web) -> None:
    """`inbox` in the settings names another folder, beside the settings file."""
    web.serve("press.example", Answer(rss()))
    settings(web, url("feed", "press.example"), more='inbox = "drop"')
    Path("drop").mkdir()
    Path("drop/a.html").write_bytes(ld_page(rated(ld_review())))
    assert [(row["file"], row["state"]) for row in check(cli).data["inbox"]] == [("a.html", "read")]


def test_saved_pages_grow_stale(cli: Cli, web: Web) -> None:
    """A source read by hand is stale without a page, read with a fresh one, and stale again when that grows old."""
    from repwatch.pipeline.demonstration import saved_page

    settings(web, 'source = "glassdoor"\nurl = "https://www.glassdoor.be/Reviews/Kastelmont-Reviews-E900001.htm"', employers='[[employer]]\nname = "Kastelmont"')
    none = check(cli)
    assert [none.code, *ledger(none).values()] == [4, ("stale", "no_saved_page")]
    Path("data/inbox").mkdir(exist_ok=True)
    Path("data/inbox/page.html").write_text(saved_page(NOW.date()))
    fresh = check(cli)
    assert [fresh.code, *ledger(fresh).values()] == [0, ("read", "saved_page_0_days_old")]
    old = Path("data/inbox/page.html")
    old.write_text(saved_page(NOW.date()))
    told = (NOW - timedelta(days=20)).strftime("%Y-%m-%dT%H:%M:%SZ")
    Path("data/inbox/page.http.json").write_text(json.dumps({"url": "https://www.glassdoor.be/Reviews/Kastelmont-Reviews-E900001.htm", "recorded_at": told}))
    aged = check(cli)
    assert [aged.code, *ledger(aged).values()] == [4, ("stale", "saved_page_20_days_old")]


def test_another_check_at_work(cli: Cli, web: Web) -> None:
    """A second check in the same folder is refused at once."""
    from filelock import FileLock

    web.serve("press.example", Answer(rss()))
    settings(web, url("feed", "press.example"))
    Path("data").mkdir()
    with FileLock("data/check.lock"):
        ran = check(cli)
    assert [ran.code, "another check is at work in this folder" in ran.err] == [2, True]


def test_interrupted(web: Web) -> None:
    """Ctrl-C during a slow check: exit 130, and what was read already is kept, with a ledger that says so."""
    hanging, released = threading.Event(), threading.Event()

    def slow(_asked: Asked) -> Answer:
        hanging.set()
        released.wait(60)
        return Answer(rss())

    web.serve("slow.example", slow)
    web.serve("press.example", Answer(rss("Acme is kept", day=TODAY)))
    settings(web, url("feed", "slow.example"), url("feed", "press.example"))
    process = subprocess.Popen([sys.executable, "-m", "repwatch", "--data-dir", "data", "check"], stderr=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(traced=False))
    assert hanging.wait(60)
    for _ in range(600):
        time.sleep(0.05)
        if Path("data/repwatch.db").exists() and stored():
            break
    time.sleep(2)  # the page is stored; its walk ends a moment later
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    released.set()
    assert [process.returncode, out, err] == [130, b"", b"Stopped. What was done so far is kept.\n"]
    assert stored() == 1
    with closing(sqlite3.connect("data/repwatch.db")) as database:
        states = database.execute("SELECT state, reason FROM ledger ORDER BY state").fetchall()
    assert states == [("read", ""), ("skipped", "interrupted")]


def test_no_settings(cli: Cli, alone: Path) -> None:
    """Without settings, or without an employer in them, there is a hint and exit 2."""
    ran = cli("check")
    assert [ran.code, "there is no settings file" in ran.err, "repwatch init" in ran.err] == [2, True, True]
    (alone / "repwatch.toml").write_text('language = "en"\n')
    assert "no employer stands in the settings" in cli("check").err


@pytest.mark.parametrize(("source", "said"), [
    ('source = "hackernew"', "Did you mean 'hackernews'?"), ('source = "zzz"', "Known sources: "), ('source = "feed"', 'Add: url = "https://..."'),
])  # fmt: skip
def test_wrong_source(cli: Cli, web: Web, source: str, said: str) -> None:
    """A source that is unknown, or lacks its address, is refused with its line and what would be right."""
    settings(web, source)
    ran = check(cli)
    assert [ran.code, said in ran.err, "repwatch.toml:" in ran.err] == [2, True, True]


def test_wrong_archives(cli: Cli, web: Web, alone: Path) -> None:
    """A replay needs an archive of a check: nothing, another file and another WARC are named as such."""
    from repwatch.web.archive import ArchiveWriter

    (alone / "text.warc.gz").write_text("no archive")
    ArchiveWriter(alone / "other.warc.gz", info={"software": "x"}).close()
    none, text, other = (cli("check", "--replay", alone / name) for name in ("none.warc.gz", "text.warc.gz", "other.warc.gz"))
    assert [none.code, text.code, other.code] == [2, 4, 2]
    assert "there is no such archive" in none.err
    assert "this is no archive of a check" in other.err


def test_a_torn_archive(cli: Cli, web: Web, alone: Path) -> None:
    """A page that was torn off is told as missing from the archive: nothing is said of the site that served it."""
    from repwatch.web.archive import read_archive

    web.serve("press.example", Answer(rss("Acme opens", day=TODAY)))
    settings(web, url("feed", "press.example"))
    archive = Path(check(cli).told["meta"]["archive"])
    (offset,) = read_archive(archive).steps.offsets.values()  # type: ignore[attr-defined]  # an archive's steps know their places
    (alone / "torn.warc.gz").write_bytes(archive.read_bytes()[: offset + 20])
    ran = cli("check", "--replay", "torn.warc.gz", "--format", "json")
    assert [ran.code, [(row["state"], row["reason"]) for row in ran.data["coverage"]]] == [4, [("failed", "not_archived")]]
    told = " ".join(cli("check", "--replay", "torn.warc.gz").out.split())
    assert "press.example (Acme): the archive does not hold this page: it was cut off, or its run was stopped before. Replay a whole copy of the archive." in told


def test_two_employers_and_one_page(cli: Cli, web: Web) -> None:
    """One address asked for by two employers is fetched once, and read for both."""
    web.serve("press.example", Answer(rss("Acme and Beta merge", day=TODAY)))
    both = "\n".join(f'[[employer]]\nname = "{name}"\n[[employer.source]]\n{url("feed", "press.example")}' for name in ("Acme", "Beta"))
    settings(web, employers=both)
    ran = check(cli)
    assert [ran.code, len(web.of("press.example")), [row["employer"] for row in ran.data["new"]]] == [0, 1, ["Acme, Beta"]]


def test_demo(cli: Cli, alone: Path) -> None:
    """The demonstration runs a real check, ends with 0, and keeps its folder where one is named."""
    ran = cli("demo", "--keep", alone / "kept")
    assert [ran.code, "Kastelmont" in ran.out] == [0, True]
    assert {"repwatch.toml", "repwatch.db", "archive", "inbox"} <= {path.name for path in (alone / "kept").iterdir()}
    assert cli("demo", "--keep", alone / "kept").code == 2
    told = cli("demo", "--format", "json")
    assert [told.code, told.told["command"]] == [0, "check"]


def test_a_closed_instance_is_passed_over(cli: Cli, web: Web) -> None:
    """Of three instances one is closed and one has no timeline for visitors: the third is still read, and the watch is partly read."""
    status = {"uri": "https://three.example/s/1", "content": "<p>Acme is fine</p>", "created_at": NOW.strftime("%Y-%m-%dT%H:%M:%SZ"), "in_reply_to_account_id": None,
              "account": {"acct": "ann", "url": "https://three.example/@ann"}}  # fmt: skip
    web.serve("one.example", Answer(b'{"error": "This server is closed"}', "application/json", 403))
    web.serve("two.example", Answer(b'{"configuration": {"timelines_access": {"hashtag_feeds": {"local": "disabled", "remote": "disabled"}}}}', "application/json"))
    web.serve("three.example", lambda asked: Answer(b'{"domain": "three.example", "version": "4.3.0"}' if asked.path.endswith("instance") else json.dumps([status]).encode(), "application/json"))
    settings(web, 'source = "mastodon"\nquery = "acme@one.example,two.example,three.example"')
    ran = check(cli)
    assert [ran.code, ledger(ran)["acme@one.example,two.example,three.example"][0], [row["native_id"] for row in ran.data["new"]]] == [3, "partly", ["https://three.example/s/1"]]
    assert [len(web.of(f"{name}.example")) for name in ("one", "two", "three")] == [1, 1, 2]
