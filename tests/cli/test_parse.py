"""`repwatch parse`: what it reads, what it says of what it cannot read, and its exit codes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.cli.conftest import Cli
from tests.loopback import CHALLENGE, hit, hn_answer, ld_page, ld_review, rated, rss

COMMON = ["type", "file", "source"]


@pytest.fixture
def good(alone: Path) -> Path:
    """A page with a rating and two reviews."""
    path = alone / "good.html"
    path.write_bytes(ld_page(rated(ld_review(1), ld_review(2, 2))))
    return path


def test_keys_of_a_review_and_a_profile(cli: Cli, good: Path) -> None:
    """A line has type, file and source first, then the fields of its type, in the order of the contract."""
    ran = cli("parse", good)
    item = ["employer", "employer_id", "native_id", "url", "published", "lang"]
    assert [ran.code, [row["type"] for row in ran.rows]] == [0, ["profile", "review", "review"]]
    assert [*COMMON, *item, "rating", "rating_scale", "review_count", "claimed", "recommend", "ceo_approval", "ceo_name", "outlook", "domain",
            "filter", "observed", "subratings", "histogram"] == list(ran.rows[0])  # fmt: skip
    assert [*COMMON, *item, "voice", "rating", "rating_scale", "title", "pros", "cons", "advice", "body", "job_title", "location", "status", "recommend",
            "ceo_approval", "outlook", "helpful", "subratings", "responses"] == list(ran.rows[1])  # fmt: skip
    assert {str(good)} == {row["file"] for row in ran.rows}


def test_keys_of_an_interview(cli: Cli, alone: Path) -> None:
    """An interview has its own fields after the common ones."""
    (alone / "i.jsonl").write_text(json.dumps({"type": "interview", "source": "glassdoor", "process": "Two talks", "questions": ["Why us?"]}))
    ran = cli("parse", alone / "i.jsonl")
    assert [*COMMON, "employer", "employer_id", "native_id", "url", "published", "lang", "job_title", "location", "experience", "difficulty", "outcome",
            "process", "questions"] == list(ran.rows[0])  # fmt: skip


def test_author_of_a_mention(cli: Cli, alone: Path) -> None:
    """Without a key an author is null; with the key of a data folder it is a pseudonym, never the name."""
    path = alone / "hn.json"
    path.write_bytes(hn_answer([hit(1, 1_790_000_000)]))
    first = cli("parse", path).rows[0]
    assert [*COMMON, "employer", "employer_id", "native_id", "url", "published", "lang", "kind", "title", "text", "author", "engagement"] == list(first)
    assert first["author"] is None
    assert cli("import", path, "--data-dir", alone / "data").code == 0
    ran = cli("parse", path, "--data-dir", alone / "data")
    assert re.fullmatch("p[0-9a-f]{16}", ran.rows[0]["author"])
    assert "invented" not in ran.out


def test_refused_line(cli: Cli, alone: Path) -> None:
    """A saved test for humans is one `refused` line, and exit 4 when nothing else was given."""
    (alone / "wall.html").write_bytes(CHALLENGE)
    ran = cli("parse", alone / "wall.html")
    assert ran.code == 4
    assert [{"type": "refused", "file": str(alone / "wall.html"), "source": None, "reason": "challenge", "detail": "window._cf_chl_opt", "retry_after_s": None}] == ran.rows


def test_every_bad_file_has_its_line(cli: Cli, alone: Path, good: Path) -> None:
    """In one run each bad file gives a line of its own, in order, and the good file is read: exit 3."""
    made = {
        "empty.html": b"", "blank.html": b" \n ", "torn.json": b'{"hits": [{"objectID": "1", "created_at_i": 1, "_highlightRe', "binary.bin": bytes(range(256)) * 64,
        "deep.json": b'{"created_at_i": ' + b"[" * 100_000, "deep.html": b'<script type="application/ld+json">{"@type":"Review","a":' + b"[" * 100_000 + b"</script>",
        "hostile.html": b"<html><link rel=canonical href='http://[::bad'>" + b"<div>" * 50_000 + b"<script>x</script>",
        "wrong.html": ld_page({"@type": "AggregateRating"}).replace(b"Acme", "Société".encode("latin-1")), "large.html": b"x" * 66_000_000,
    }  # fmt: skip
    for name, body in made.items():
        (alone / name).write_bytes(body)
    (alone / "folder").mkdir()
    names = [*made, "folder", "missing.html"]
    ran = cli("parse", *[alone / name for name in names], ".", "/", good)
    assert "Traceback" not in ran.err
    assert ran.code == 3
    told = [(Path(row["file"]).name, row["reason"]) for row in ran.rows if row["type"] == "problem"]
    assert told == [("empty.html", "empty"), ("blank.html", "empty"), ("torn.json", "cut"), ("binary.bin", "unrecognised"), ("deep.json", "nested_too_deeply"),
            ("deep.html", "not_json"), ("deep.html", "layout_changed"), ("hostile.html", "unrecognised"), ("wrong.html", "layout_changed"), ("large.html", "unreadable"),
            ("folder", "unreadable"), ("missing.html", "unreadable"), ("", "unreadable"), ("", "unreadable")]  # fmt: skip
    assert sum(row["file"] == str(good) for row in ran.rows) == 3


def test_fifty_megabytes(cli: Cli, alone: Path) -> None:
    """A page of 50 MB is read like any other."""
    (alone / "big.html").write_bytes(ld_page(rated(ld_review())) + b"<p>" + b"padding " * 6_250_000)
    ran = cli("parse", alone / "big.html")
    assert [ran.code, len(ran.rows)] == [0, 2]


def test_unreadable_file(cli: Cli, alone: Path) -> None:
    """A file that the system does not let be read is a problem with its reason, not a crash."""
    loop = alone / "loop.html"
    loop.symlink_to(loop)
    ran = cli("parse", loop)
    assert [ran.code, ran.rows[0]["reason"], ran.rows[0]["detail"].startswith("the file cannot be opened")] == [4, "unreadable", True]


def test_legacy_charset(cli: Cli, alone: Path) -> None:
    """A page in a declared legacy charset comes out as it was written."""
    body = ld_page(rated(ld_review(body="x"))).replace(b'"x"', '"Un café très agréable, équipe géniale"'.encode("cp1252")).replace(b"<title>", b"<meta charset=windows-1252><title>")
    (alone / "old.html").write_bytes(body)
    assert cli("parse", alone / "old.html").rows[1]["body"] == "Un café très agréable, équipe géniale"


@pytest.mark.parametrize("recorded", [None, "2026-11-03T08:00:00Z", "some day in May"])
def test_sidecar(cli: Cli, alone: Path, recorded: str | None) -> None:
    """`NAME.http.json` tells address, status and instant of `NAME.html`, and is no file of its own; an odd instant is no crash."""
    (alone / "a.html").write_bytes(ld_page(rated()))
    (alone / "a.http.json").write_text(json.dumps({"url": "https://ratings.example/acme", "status": 200, "headers": {"X-A": ["1", "2"]}, "recorded_at": recorded}))
    ran = cli("parse", alone / "a.html", alone / "a.http.json")
    assert [ran.code, len(ran.rows)] == [0, 1]
    assert ["ratings.example", "2026-11-03" if recorded and recorded[0] == "2" else None] == [ran.rows[0]["domain"], ran.rows[0]["observed"]]


def test_status_and_faults_of_a_sidecar(cli: Cli, alone: Path) -> None:
    """The status of the sidecar counts; a sidecar that is no object is a problem."""
    (alone / "a.html").write_bytes(b"<html>no</html>")
    (alone / "a.http.json").write_text(json.dumps({"url": "https://ratings.example/acme", "status": 403}))
    (alone / "b.html").write_bytes(b"<html>no</html>")
    (alone / "b.http.json").write_text("[]")
    ran = cli("parse", alone / "a.html", alone / "b.html")
    assert [ran.code, [(row["type"], row["reason"]) for row in ran.rows]] == [4, [("refused", "blocked"), ("problem", "unreadable")]]


@pytest.mark.parametrize(("form", "start"), [("table", ""), ("csv", ""), ("md", ""), ("json", "{")])
def test_forms(cli: Cli, good: Path, form: str, start: str) -> None:
    """Every form shows the same file; JSON stands in the envelope."""
    ran = cli("parse", good, "--format", form)
    assert ran.code == 0
    assert ran.out.startswith(start)
    assert "good.html" in ran.out
    if form == "json":
        assert list(ran.told) == ["repwatch", "command", "status", "data", "errors", "meta"]
        assert ran.told["command"] == "parse"


def test_forms_of_an_export_and_of_a_failure(cli: Cli, alone: Path, good: Path) -> None:
    """The table counts the lines of an export, and keeps the exit code of what could not be read."""
    (alone / "e.jsonl").write_text('{"type": "mention", "source": "feed", "text": "Acme"}\nno JSON\n')
    assert [cli("parse", alone / "e.jsonl", good, "--format", form).code for form in ("table", "json")] == [3, 3]
    assert cli("parse", alone / "none", "--format", "table").code == 4


def test_unknown_form(cli: Cli, good: Path) -> None:
    """A form that does not exist is a usage error that names those that do."""
    ran = cli("parse", good, "--format", "xml")
    assert [ran.code, "Use one of: jsonl, table, json, csv, md" in ran.err] == [2, True]


def test_employer_and_address(cli: Cli, good: Path) -> None:
    """--employer names the employer of every item, --url the place of the page."""
    ran = cli("parse", good, "--employer", "Beta", "--url", "https://other.example/x")
    assert [{"Beta"}, "https://other.example/x"] == [{row["employer"] for row in ran.rows}, ran.rows[0]["url"]]


def test_unknown_source(cli: Cli, good: Path) -> None:
    """An unknown --source exits 2 and names the nearest one, or all of them."""
    near, far = cli("parse", good, "--source", "hackernewz"), cli("parse", good, "--source", "zzz")
    assert [near.code, far.code] == [2, 2]
    assert "Did you mean 'hackernews'?" in near.err
    assert "Known sources: " in far.err


def test_given_source(cli: Cli, alone: Path) -> None:
    """--source reads a file as that source, whatever its marks say."""
    (alone / "x").write_bytes(rss("One", "Two"))
    ran = cli("parse", alone / "x", "--source", "jsonld")
    assert [ran.code, ran.rows[0]["reason"], ran.rows[0]["source"]] == [4, "layout_changed", "jsonld"]


def test_nothing_found_is_read(cli: Cli, alone: Path) -> None:
    """A site's own "nothing" gives no line and exit 0."""
    (alone / "x.xml").write_bytes(rss())
    assert cli("parse", alone / "x.xml")[:2] == (0, "")


def test_lines_of_an_export(cli: Cli, alone: Path) -> None:
    """Of an export each bad line is a problem; exit 3 beside good lines, 4 without one, 0 without a bad one."""
    line = '{"type": "review", "source": "indeed", "rating": 4}\n'
    bad = ["[1]", "{", '{"type": "poem", "source": "x"}', '{"type": "review", "source": "x", "rating": "high"}', '{"type": "refused", "source": "x", "reason": "login"}']
    (alone / "mixed.jsonl").write_text(line + "\n".join(bad) + "\n\n" + line)
    ran = cli("parse", alone / "mixed.jsonl")
    assert [ran.code, [row["type"] for row in ran.rows]] == [3, ["review", "problem", "problem", "problem", "problem", "review"]]
    (alone / "bad.jsonl").write_text('{"type": "review", "source": "x", "rating": "high"}\n')
    (alone / "fine.jsonl").write_text(line)
    assert [cli("parse", alone / "bad.jsonl").code, cli("parse", alone / "fine.jsonl").code] == [4, 0]


def test_broken_settings_do_not_stop_parse(cli: Cli, alone: Path, good: Path) -> None:
    """`parse` needs no settings: a broken file costs the pseudonyms only."""
    (alone / "repwatch.toml").write_text("language = ")
    assert cli("parse", good).code == 0


def test_a_forbidden_file(bound: Cli, good: Path) -> None:
    """A file that may not be read, or that lies where nobody may look, has its line; every other file is read, whatever the command."""
    locked = good.parent / "locked"
    locked.mkdir()
    wrong = [good.parent / "forbidden.json", locked / "x.json", locked / "y.http.json"]
    for path in wrong:
        path.touch(mode=0o000)
    locked.chmod(0o600)
    ran = bound("parse", *wrong, good)
    assert [ran.code, ran.err] == [3, ""]
    assert [(row["file"], row["detail"]) for row in ran.rows[:3]] == [(str(path), "the file cannot be opened (Permission denied)") for path in wrong]
    assert [row["type"] for row in ran.rows[3:]] == ["profile", "review", "review"]
    for command in (["parse", "--preview"], ["parse", "--format", "table"], ["import", "--data-dir", "data"]):
        ran = bound(*command, *wrong, good)
        assert [ran.code, ran.out.count("Permission denied") >= 3, ran.err] == [3, True, ""]
