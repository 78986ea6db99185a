"""Every door on the command line: parse, preview, import and the inbox, with their exit codes; the same file twice; replay."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Cli, environment
from tests.inlets.test_containers import ALERT, entry, har_of, letter, mhtml_of, packed
from tests.inlets.test_linkedin import COMMENTS, ENGLISH
from tests.inlets.test_table import workbook
from tests.loopback import CHALLENGE, ld_page, ld_review, rated
from tests.real import REAL, needs_real

from repwatch.models import Page

GOOD = ld_page(rated(ld_review(1), ld_review(2, 2), kind="AggregateRating"))
TABLE = b"Date;Rating;Title;Pros\r\n25/03/2026;4,5;Good;People\r\n03/04/2026;2;Bad;Nothing\r\n"
SETTINGS = '[[employer]]\nname = "Acme"\n'


def warc(path: Path, *pages: Page, zipped: bool = True) -> Path:
    """Write pages as another tool would."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=zipped)
        for page in pages:
            kind = "revisit" if page.status == 304 else "response"
            writer.write_record(writer.create_warc_record(page.url, kind, payload=io.BytesIO(page.body), length=len(page.body), http_headers=StatusAndHeaders(f"{page.status} OK", [("Content-Type", "text/html"), ("Set-Cookie", "planted-secret")], protocol="HTTP/1.1")))
    return path


def types(ran: Any) -> Counter[str]:
    return Counter(row["type"] for row in ran.rows)


def reasons(ran: Any) -> list[str]:
    return [row["reason"] for row in ran.rows if row["type"] in ("problem", "refused")]


@pytest.fixture
def every(alone: Path) -> dict[str, Path]:
    """One file for every door, each with the same two reviews or another thing."""
    made = {
        "page.mhtml": mhtml_of(GOOD.decode(), url="https://ratings.example/acme"), "panel.har": har_of(entry("https://ratings.example/acme", GOOD.decode(), mime="text/html"), entry("https://ads.example/x", '{"a": 1}')),
        "pages.zip": packed({"a/page.html": GOOD, "a/page_files/ad.html": b"<html>ad</html>", "b.csv": TABLE}).getvalue(), "table.csv": TABLE,
        "table.xlsx": workbook(["Date", "Rating", "Title", "Pros"], ["2026-03-25", 4.5, "Good", "People"]), "list.json": json.dumps([{"date": "2026-03-25", "rating": 4.5, "pros": "People"}]).encode(),
        "alert.eml": letter(ALERT, None, more_csv=TABLE).as_bytes(), "alerts.mbox": b"From x Tue Nov  3 09:00:00 2026\n" + letter(None, "Acme again").as_bytes(),
    }  # fmt: skip
    for name, body in made.items():
        (alone / name).write_bytes(body)
    warc(alone / "other.warc.gz", Page("https://ratings.example/acme", body=GOOD), Page("https://ratings.example/logo", body=b"\x89PNG"))
    warc(alone / "plain.warc", Page("https://ratings.example/acme", body=GOOD), zipped=False)
    return {path.name: path for path in alone.iterdir() if path.is_file()}


HOLDS: dict[str, dict[str, int]] = {
    "page.mhtml": {"profile": 1, "review": 2}, "panel.har": {"profile": 1, "review": 2}, "pages.zip": {"profile": 1, "review": 4}, "table.csv": {"review": 2}, "table.xlsx": {"review": 1}, "list.json": {"review": 1},
    "alert.eml": {"mention": 1, "review": 2}, "alerts.mbox": {"mention": 1}, "other.warc.gz": {"profile": 1, "review": 2}, "plain.warc": {"profile": 1, "review": 2},
}  # fmt: skip


def test_parse_takes_every_door(cli: Cli, every: dict[str, Path]) -> None:
    """Each file gives its items, and nothing else; exit 0."""
    assert sorted(HOLDS) == sorted(every)
    for name, path in every.items():
        ran = cli("parse", path)
        assert (name, ran.code, HOLDS[name]) == (name, 0, dict(types(ran)))
        assert "planted-secret" not in ran.out


def test_the_same_page_through_every_door(cli: Cli, every: dict[str, Path]) -> None:
    """All doors end in the same parser: the reviews are equal, but for the file's name."""
    found = [[{**row, "file": ""} for row in cli("parse", every[name]).rows if row["type"] == "review"] for name in ("page.mhtml", "panel.har", "other.warc.gz", "plain.warc")]
    assert found[0] == found[1] == found[2] == found[3]


def test_import_takes_what_parse_takes(cli: Cli, every: dict[str, Path]) -> None:
    """The same counts, nothing new the second time, which holds all when the first is undone; undone too, all is gone."""
    first = cli("import", *every.values(), "--format", "json")
    assert (first.code, {Path(row["file"]).name: dict(row["types"].items()) for row in first.data["files"]}) == (0, HOLDS)
    again = cli("import", *every.values(), "--format", "json")
    assert (again.code, sum(row["new"] + row["revised"] for row in again.data["files"])) == (0, 0)
    held = cli("export").rows
    assert cli("import", "--undo", first.data["run"]).out.endswith(": 0 items removed.\n")
    assert [{**row, "first_seen": ""} for row in held] == [{**row, "first_seen": ""} for row in cli("export").rows]
    assert cli("import", "--undo", again.data["run"]).code == 0
    assert cli("export").out == ""


@pytest.mark.parametrize("name", ["page.html", "page.mhtml", "panel.har", "table.csv", "table.xlsx", "alert.eml", "alerts.mbox"])
def test_undo_leaves_what_a_later_import_of_the_same_told(cli: Cli, every: dict[str, Path], alone: Path, name: str) -> None:
    """By whichever door: the first of two imports of one file is taken back, and the second holds what it told."""
    (alone / "page.html").write_bytes(GOOD)
    runs = [cli("import", alone / name, "--format", "json").data["run"] for _ in range(2)]
    held = cli("export").rows
    for run, left in zip(runs, (held, []), strict=True):
        assert cli("import", "--undo", run).code == 0
        assert [{**row, "first_seen": ""} for row in cli("export").rows] == [{**row, "first_seen": ""} for row in left]
    assert held


def test_exit_codes_of_files_with_parts(cli: Cli, alone: Path) -> None:
    """0 all read, 3 some refused or unreadable, 4 none; each part that was not read has its line."""
    made = {"all.zip": {"a.html": GOOD}, "some.zip": {"a.html": GOOD, "b.html": CHALLENGE, "c.json": b"{}"}, "none.zip": {"b.html": CHALLENGE, "c.json": b"{}"}, "refused.zip": {"b.html": CHALLENGE},
            "void.zip": {"a.png": b""}, "nested.zip": {"x.zip": packed({"a.html": GOOD}).getvalue(), "y.gz": gzip.compress(b"x"), "z.har": b'{"log":{'}}  # fmt: skip
    for name, files in made.items():
        (alone / name).write_bytes(packed(files).getvalue())
    told = {name: (ran.code, reasons(ran)) for name in made if (ran := cli("parse", alone / name))}
    assert told == {"all.zip": (0, []), "some.zip": (3, ["challenge", "unrecognised"]), "none.zip": (4, ["challenge", "unrecognised"]), "refused.zip": (4, ["challenge"]), "void.zip": (4, ["unrecognised"]),
                    "nested.zip": (4, ["unreadable", "unreadable", "unreadable"])}  # fmt: skip
    nested = [row["detail"] for row in cli("parse", alone / "nested.zip").rows]
    assert nested == ["in the file x.zip: a ZIP file inside a ZIP file is not opened; unpack it first", "in the file y.gz: it is packed with gzip; unpack it first",
                      "in the file z.har: the HAR file is torn, or holds no entries"]
    table = cli("parse", alone / "some.zip", "--format", "table").out
    assert "the site shows a test for humans" in table
    ran = cli("import", alone / "some.zip", "--format", "json")
    assert (ran.code, ran.data["files"][0]["state"], ran.data["files"][0]["reason"].startswith("2 of 3 pages or tables could not be read; the first: ")) == (3, "partly", True)


def test_what_is_wrong_inside_a_zip_is_named(cli: Cli, alone: Path) -> None:
    """A refusal and a problem say in which file of a ZIP they stand."""
    parts = {"good.html": GOOD, "a/no.html": CHALLENGE, "a/odd.json": b'{"torn', "t.csv": TABLE + b"01/04/2026;many;Bad;Nothing\r\n", "in.zip": packed({"x.json": b"1"}).getvalue()}
    (alone / "mixed.zip").write_bytes(packed(parts).getvalue())
    told = {row["detail"].partition(": ")[0].removeprefix("in the file ") for row in cli("parse", alone / "mixed.zip").rows if row["type"] in ("problem", "refused")}
    assert {"no.html", "odd.json", "t.csv", "in.zip"} == told


def test_a_pipe_is_read_once_and_whole(alone: Path) -> None:
    """What comes through a pipe is read as the same file is, by parse and by import; no copy stays."""
    (alone / "good.html").write_bytes(GOOD)
    for command in ("parse", "import"):
        ran = subprocess.run(f"cat good.html | {sys.executable} -m repwatch {command} /dev/stdin --format json", shell=True, cwd=alone, env=environment() | {"TMPDIR": str(alone)}, capture_output=True, check=False)
        assert ran.returncode == 0, ran.stderr
        assert b"/dev/stdin" in ran.stdout
    assert ["good.html"] == sorted(each.name for each in alone.iterdir() if each.is_file())


def test_recorded_traffic(cli: Cli, alone: Path) -> None:
    """Of traffic only what is recognised counts; a page for people that was refused is said, telemetry is not; nothing known is said."""
    (alone / "a.har").write_bytes(har_of(entry("https://www.glassdoor.be/x", CHALLENGE.decode(), mime="text/html"), entry("https://www.glassdoor.be/beacon", '{"ok": 1}'), entry("https://shop.example/list", '[{"date": "2026-01-01", "rating": 4, "pros": "x"}]')))
    (alone / "b.har").write_bytes(har_of(entry("https://shop.example/list", "[1]"), entry("https://shop.example/2", "{}")))
    first, second = cli("parse", alone / "a.har"), cli("parse", alone / "b.har")
    assert [(first.code, reasons(first)), (second.code, second.rows[0]["detail"])] == [(4, ["challenge"]), (4, "none of the 2 answers in it is of a page that repwatch knows")]


HOME = "<html><head><title>Find your place</title></head><body><form action=/login><input type=password></form><p>We use cookies.</p></body></html>"


def test_pages_on_the_way_cost_nothing(cli: Cli, alone: Path) -> None:
    """A session passes the home page, a form to log in, a policy of cookies: none is about an employer; a page of reviews that cannot be read stays unread."""
    on_the_way = [entry(url, HOME, mime="text/html") for url in ("https://www.glassdoor.be/", "https://www.kununu.com/de/suche?term=acme", "https://be.indeed.com/?from=gnav", "https://www.trustpilot.com/categories/bank",
                                                                 "https://www.glassdoor.be/Job/gent-jobs-SRCH_IL.0,4_KE5,9.htm", "https://hn.algolia.com/?q=acme")]  # fmt: skip
    changed = entry("https://www.glassdoor.be/Reviews/Acme-Reviews-E900001.htm", HOME, mime="text/html")
    good = entry("https://www.glassdoor.be/graph", (Path(__file__).parents[1] / "sources" / "glassdoor" / "typical-graph.json").read_text("utf-8"))
    for name, entries in (("way", on_the_way), ("good", [*on_the_way, good]), ("changed", [*on_the_way, good, changed])):
        (alone / f"{name}.har").write_bytes(har_of(*entries))
    way, fine, unread = (cli("parse", alone / f"{name}.har") for name in ("way", "good", "changed"))
    assert [(way.code, way.rows[0]["detail"]), (fine.code, reasons(fine)), (unread.code, reasons(unread))] == [
        (4, "none of the 6 answers in it is of a page that repwatch knows"), (0, []), (3, ["layout_changed"]),
    ]  # fmt: skip


def test_a_saved_page_about_no_employer(cli: Cli, alone: Path) -> None:
    """Saved by itself, the home page of a review site is said to be about no employer; its layout is not blamed."""
    (alone / "home.html").write_text(HOME)
    home, changed = (cli("parse", alone / "home.html", "--url", url) for url in ("https://www.glassdoor.be/index.htm", "https://www.glassdoor.be/Reviews/Acme-Reviews-E900001.htm"))
    assert [(home.code, reasons(home)), (changed.code, reasons(changed))] == [(4, ["other_page"]), (4, ["layout_changed"])]
    told = [" ".join(cli("--ui-lang", language, "parse", alone / "home.html", "--url", "https://www.glassdoor.be/index.htm", "--format", "csv").out.split()) for language in ("en", "fr", "nl", "de")]
    assert [sentence in line for sentence, line in zip(("save the page with the employer's reviews instead", "enregistrez plutôt la page des avis sur l’employeur",
                                                        "bewaar in de plaats de pagina met de beoordelingen van de werkgever", "speichern Sie stattdessen die Seite mit den Bewertungen des Arbeitgebers"), told, strict=True)] == [True] * 4  # fmt: skip


def test_broken_archives(cli: Cli, alone: Path) -> None:
    """A WARC cut off keeps what came before and says so; a page that is only referred to is a problem; gzip of another kind is said."""
    whole = warc(alone / "w.warc", Page("https://ratings.example/acme", body=GOOD), Page("https://ratings.example/b", body=GOOD + b" "), zipped=False).read_bytes()
    (alone / "torn.warc").write_bytes(whole[:-50])
    warc(alone / "revisit.warc.gz", Page("https://ratings.example/acme", body=GOOD), Page("https://ratings.example/c", status=304))
    (alone / "x.csv.gz").write_bytes(gzip.compress(TABLE))
    (alone / "junk.warc").write_bytes(b"WARC/1.0\r\nnothing\r\n")
    torn, revisit, other, junk = (cli("parse", alone / name) for name in ("torn.warc", "revisit.warc.gz", "x.csv.gz", "junk.warc"))
    assert [torn.code, [row["detail"] for row in torn.rows if row["type"] == "problem"]] == [3, ["the file breaks off in the middle of a page"]]
    assert [revisit.code, [row["detail"] for row in revisit.rows if row["type"] == "problem"]] == [3, ["a page is only referred to: what it held stands in another file"]]
    assert [other.code, other.rows[0]["detail"], junk.code] == [4, "the file is packed with gzip", 4]


def test_a_repwatch_archive_is_a_door_too(cli: Cli) -> None:
    """The archive of a check is read like any WARC file."""
    from repwatch.pipeline.demonstration import demo_archive

    ran = cli("parse", demo_archive())
    assert [ran.code, types(ran)["review"] > 20, types(ran)["mention"] > 3] == [0, True, True]


def test_preview(cli: Cli, alone: Path) -> None:
    """What each column is read as, what was settled, the first rows; nothing is stored; JSON carries the same."""
    (alone / "t.csv").write_bytes(TABLE + b"x;4;z;w\r\n")
    (alone / "p.html").write_bytes(GOOD)
    for command in ("parse", "import"):
        ran = cli(command, "--preview", alone / "t.csv", alone / "p.html", alone / "none.csv")
        assert ran.code == 3
        for said in ("2 of 3 files can be read; nothing was stored", "Dates in 'Date': day first: 25/03/2026 can be nothing else.", "Columns parted by semicolons.", "1 could not be read; the first: row 4, column 'Date': ",
                     "Rating  rating     4,5", "2026-03-25  4.5/5", "there is no such file"):  # fmt: skip
            assert said in ran.out
    told = cli("parse", "--preview", alone / "t.csv", "--format", "json")
    assert [told.data[0]["types"], told.data[0]["columns"][1], len(told.data[0]["first"])] == [{"review": 3, "problem": 1}, {"name": "Rating", "fields": ["rating"], "sample": "4,5"}, 3]
    assert not (alone / "home").exists()
    assert cli("parse", "--preview", alone / "t.csv", "--format", "xml").code == 2


def test_preview_of_other_things(cli: Cli, alone: Path) -> None:
    """An export, a broken workbook and a member's export are looked at too."""
    (alone / "e.jsonl").write_text('{"type": "mention", "source": "feed", "text": "Acme"}\nno JSON\n')
    (alone / "b.xlsx").write_bytes(workbook(["Rating"])[:300])
    (alone / "Connections.csv").write_text(ENGLISH)
    ran = cli("parse", "--preview", alone / "e.jsonl", alone / "b.xlsx", alone / "Connections.csv")
    assert ran.code == 3
    assert [said in ran.out for said in ("Holds 1 mention.", "damaged or cut off", "Holds 1 presence.", "Invented")] == [True, True, True, False]


def test_mapping(cli: Cli, alone: Path) -> None:
    """A mapping file names columns, source and employer; it may lie beside the table; a wrong one exits 2, or fails its file alone."""
    (alone / "t.csv").write_text("When,Grade,Said\n2026-01-01,9,Fine\n2026-01-02,3,Poor\n")
    text = 'source = "ambitionbox"\nemployer = "Acme"\n[columns]\nWhen = "published"\nGrade = "rating"\nSaid = "body"\n'
    assert [cli("parse", alone / "t.csv").code, reasons(cli("parse", alone / "t.csv"))] == [4, ["unrecognised"]]
    (alone / "m.toml").write_text(text)
    rows = cli("parse", alone / "t.csv", "--mapping", alone / "m.toml").rows
    assert [(row["source"], row["employer"], row["published"], row["rating"], row["rating_scale"], row["body"]) for row in rows] == [("ambitionbox", "Acme", "2026-01-01", 9, 10, "Fine"), ("ambitionbox", "Acme", "2026-01-02", 3, 10, "Poor")]
    (alone / "t.mapping.toml").write_text(text)
    assert rows == cli("parse", alone / "t.csv", alone / "t.mapping.toml").rows
    assert [row["source"] for row in cli("parse", alone / "t.csv", "--source", "glassdoor", "--employer", "Beta").rows] == ["glassdoor"] * 2
    (alone / "t.mapping.toml").write_text("colums = 1")
    broken = cli("parse", alone / "t.csv")
    assert [broken.code, broken.rows[0]["detail"]] == [4, "colums: Extra inputs are not permitted"]
    wrong = cli("parse", alone / "t.csv", "--mapping", alone / "none.toml")
    assert [wrong.code, "the mapping file cannot be read" in wrong.err] == [2, True]
    (alone / "t.mapping.toml").unlink()
    (alone / "j.json").write_text('[{"When": "2026-01-01", "Grade": 9}]')
    assert cli("parse", alone / "j.json", "--mapping", alone / "m.toml").rows[0]["rating"] == 9


def test_an_employer_goes_by_its_name_in_the_settings(cli: Cli, alone: Path) -> None:
    """`--employer` means the employer of the settings whose name or alias it is: what is imported twice under both is there once."""
    (alone / "repwatch.toml").write_text(SETTINGS + 'aliases = ["Acmé Works"]\n')
    (alone / "t.csv").write_bytes(TABLE)
    assert [cli("import", "t.csv", "--employer", name, "--format", "json").data["files"][0]["new"] for name in ("acme", "ACME works", "Acme")] == [2, 0, 0]
    assert {row["employer"] for row in cli("mentions", "--employer", "Acme", "--format", "json").data} == {None}
    assert [row["employer"] for row in cli("report", "--format", "json").data["employers"]] == ["Acme"]


def test_what_nobody_would_suspect_is_told(cli: Cli, alone: Path) -> None:
    """An import and the inbox name employers whom the settings lack, reviews of nobody, and rows that say the same."""
    (alone / "repwatch.toml").write_text(SETTINGS)
    (alone / "stars.csv").write_text("date,rating\n2026-11-24,5\n2026-11-24,5\n2026-11-24,5\n2026-11-23,1\n")
    (alone / "page.html").write_bytes(ld_page(rated(ld_review(1), ld_review(2), name="Acme Works")))
    stranger = "not in the settings: Acme Works; if your firm is meant, write that name among its aliases, and import the file again"
    nobody = "no employer is named; import it with --employer, or name one in a mapping file"
    same = "rows that say what an earlier row says, and count once: 2; if each is a review of its own, name the column of their ids in a mapping file (native_id)"
    inbox = alone / "data" / "inbox"
    inbox.mkdir(parents=True)
    for name in ("stars.csv", "page.html"):
        (inbox / name).write_bytes((alone / name).read_bytes())
    expected = {"stars.csv": [nobody, same], "page.html": [stranger]}
    ran = cli("import", "stars.csv", "page.html", "--format", "json")
    assert {row["file"]: row["notes"] for row in ran.data["files"]} == expected
    assert [row["new"] for row in ran.data["files"]] == [2, 3]
    assert {row["file"]: row["notes"] for row in cli("check", "--data-dir", "data", "--format", "json").data["inbox"]} == expected
    assert "if your firm is meant" in " ".join(cli("import", "page.html").out.split())
    assert cli("import", "stars.csv", "--employer", "Acme", "--format", "json").data["files"][0]["notes"] == [same]
    (alone / "ids.csv").write_text("id,date,rating\n1,2026-10-24,5\n2,2026-10-24,5\n")
    (alone / "ids.mapping.toml").write_text('[columns]\nid = "native_id"\n')
    told = cli("import", "ids.csv", "--employer", "Acme", "--format", "json").data["files"][0]
    assert [told["new"], told["notes"]] == [2, []]


def test_what_is_wrong_within_a_zip_is_told_in_one_language(cli: Cli, alone: Path) -> None:
    """The file, the row and how many more there are: no English word stands within a French sentence."""
    (alone / "t.zip").write_bytes(packed({"raar.csv": b"Datum;Score\n31/02/2026;4\n32/13/2026;9\n"}).getvalue())
    told = " ".join(cli("--ui-lang", "fr", "import", "t.zip", "--employer", "Acme", "--format", "csv").out.split())
    assert "2 éléments n’ont pas pu être lus ; le premier : dans le fichier raar.csv : ligne 2, colonne 'Datum' : ce jour ou cette heure n’existe pas" in told


def test_source_of_a_table(cli: Cli, alone: Path) -> None:
    """--source names the site of a table, also one that only tables are read of; JSON that is no payload of the site is a table only where that is sure."""
    (alone / "t.csv").write_bytes(TABLE)
    (alone / "l.json").write_text('[{"date": "2026-03-25", "rating": 4.5, "pros": "People"}]')
    (alone / "x.html").write_text("<html>nothing</html>")
    assert {row["source"] for name in ("t.csv", "l.json") for row in cli("parse", alone / name, "--source", "blind").rows} == {"blind"}
    (alone / "known.json").write_text('[{"id": "1", "rating": 4, "text": "Good", "position": "Cook", "date_created": "March 19, 2020"}]')
    assert [(row["source"], row["native_id"]) for row in cli("parse", alone / "known.json", "--source", "indeed").rows] == [("indeed", "1")]
    assert cli("parse", alone / "l.json", "--source", "indeed").rows[0]["reason"] == "layout_changed"
    assert [cli("parse", alone / "x.html", "--source", "blind").rows[0]["reason"], cli("parse", alone / "t.csv", "--source", "blnd").code] == ["unrecognised", 2]


def test_member_export(cli: Cli, alone: Path) -> None:
    """`parse` counts; `import` refuses it, and reads the files beside it; inside a ZIP or a mail it is a problem that names consent."""
    export = packed({"Connections.csv": ENGLISH.encode(), "Comments.csv": COMMENTS.encode()}).getvalue()
    (alone / "Basic_LinkedInDataExport.zip").write_bytes(export)
    (alone / "mail.eml").write_bytes(letter(None, "see", in_zip=export, Connections_csv=ENGLISH.encode()).as_bytes())
    (alone / "t.csv").write_bytes(TABLE)
    read = cli("parse", alone / "Basic_LinkedInDataExport.zip")
    assert [read.code, read.rows[0]["counts"], types(read)["mention"]] == [3, {"comments": 3, "contacts": 1}, 3]
    refused = cli("import", alone / "Basic_LinkedInDataExport.zip")
    assert [refused.code, "a member's export belongs to the person: hand it over with their consent record" in refused.err, (alone / "home" / "repwatch").exists()] == [2, True, False]
    beside = cli("import", alone / "t.csv", alone / "Basic_LinkedInDataExport.zip", "--data-dir", alone / "data")
    assert [beside.code, "1 of 2 files read" in beside.out, "hand it over with" in " ".join(beside.out.split())] == [3, True, True]
    assert b"Invented" not in b"".join(path.read_bytes() for path in (alone / "data").rglob("*") if path.is_file())
    assert reasons(cli("parse", alone / "mail.eml")) == ["member_export", "member_export"]
    assert "Invented" not in read.out + cli("parse", alone / "mail.eml").out


def test_inbox_takes_every_door(cli: Cli, every: dict[str, Path], alone: Path) -> None:
    """`check` empties the inbox into store and archive; the replay gives the same bytes; the same files again change nothing."""
    (alone / "repwatch.toml").write_text(SETTINGS)
    inbox = alone / "data" / "inbox"
    inbox.mkdir(parents=True)
    for name, path in every.items():
        (inbox / name).write_bytes(path.read_bytes())
    (inbox / "odd.csv").write_text("When,Grade\n2026-01-01,9\n")
    (inbox / "odd.mapping.toml").write_text('[columns]\nWhen = "published"\nGrade = "rating"\n')
    (inbox / "Connections.csv").write_text(ENGLISH)
    (inbox / "bad.zip").write_bytes(b"PK\x03\x04")
    (inbox / "broken.csv").write_bytes(TABLE + b"x;y;z;w\r\n")
    first = cli("check", "--data-dir", "data", "--format", "json")
    assert first.code == 3
    told = {row["file"]: row["state"] for row in first.data["inbox"]}
    assert told == {**dict.fromkeys([*every, "odd.csv"], "read"), "Connections.csv": "failed", "bad.zip": "failed", "broken.csv": "partly"}
    assert sorted(path.name for path in inbox.iterdir()) == ["Connections.csv", "bad.zip"]
    assert {row["source"] for row in first.data["new"]} == {"jsonld", "mail", "table"}
    (archive,) = (alone / "data" / "archive").glob("*.warc.gz")
    assert b"Invented" not in gzip.decompress(archive.read_bytes())
    replayed = cli("check", "--replay", archive, "--format", "json")
    assert json.dumps(first.data, indent=1) == json.dumps(replayed.data, indent=1)
    for name, path in every.items():
        (inbox / name).write_bytes(path.read_bytes())
    again = cli("check", "--data-dir", "data", "--format", "json")
    assert [again.data["new"], sum(row["new"] for row in again.data["inbox"])] == [[], 0]


def test_pages_are_archived_as_they_came(cli: Cli, alone: Path) -> None:
    """What stood in a ZIP, and a table of many pieces, comes out of the archive byte for byte."""
    from repwatch.web.archive import read_archive

    (alone / "repwatch.toml").write_text(SETTINGS)
    inbox = alone / "data" / "inbox"
    inbox.mkdir(parents=True)
    (inbox / "pages.zip").write_bytes(packed({"a.html": GOOD, "b.csv": TABLE}).getvalue())
    large = b"Date;Rating;Title;Pros;Filler\r\n" + (b"25/03/2026;4;Good;more;" + b"x" * 90_000 + b"\r\n") * 100
    (inbox / "t.csv").write_bytes(large)
    assert cli("check", "--data-dir", "data").code == 0
    (path,) = (alone / "data" / "archive").glob("*.warc.gz")
    steps = read_archive(path).steps
    bodies = {key: steps[key][0].body for key in sorted(steps)}  # type: ignore[union-attr]  # all are pages
    assert [bodies["inbox|pages.zip", 0], bodies["inbox|pages.zip", 1], b"".join(body for key, body in bodies.items() if key[0] == "inbox|t.csv")] == [GOOD, TABLE, large]


def test_excel_both_ways(cli: Cli, alone: Path) -> None:
    """What is written for Excel is read back: semicolons, the mark, decimal commas, days, stars that are no days."""
    (alone / "t.csv").write_text('date,rating,title,pros\n2026-03-25,4.5,Good,Kind people\n2026-03-26,3,=SUM(A1),4/5\n2026-03,2,+32,Long; "odd" hours\n')
    assert cli("import", alone / "t.csv", "--employer", "Acme").code == 0
    written = cli("mentions", "--format", "csv", "--csv-dialect", "excel").out
    assert written.startswith("\ufeffsection;Id;Date;")
    (alone / "back.csv").write_text(written, "utf-8", newline="")
    ran = cli("parse", alone / "back.csv")
    assert ran.code == 0
    assert sorted((row["published"], row["rating"], row["rating_scale"], row["source"], row["body"]) for row in ran.rows) == [
        ("2026-03", 2.0, 5, "table", '+32 · + Long; "odd" hours'), ("2026-03-25", 4.5, 5, "table", "Good · + Kind people"), ("2026-03-26", 3.0, 5, "table", "=SUM(A1) · + 4/5")]  # fmt: skip


def test_excel_numbers() -> None:
    """A decimal gets its comma, stars and days keep their shape, words stay."""
    from repwatch.report.document import Document, Section
    from repwatch.report.plain import to_csv

    table = Document("x", "", (Section("s", "", ("A", "B", "C", "D", "E"), (("3.6", "4/5", "-1.25", "v1.2", "2026-03-25"),)),), None)
    assert to_csv(table, "excel").splitlines()[1] == "s;3,6;'4/5;-1,25;v1.2;2026-03-25"
    assert to_csv(table).splitlines()[1] == "s,3.6,4/5,-1.25,v1.2,2026-03-25"


def test_hostile_files(cli: Cli, alone: Path) -> None:
    """Binary, deep, huge, empty, formulas, floods: each gets its line, the good file is read, nothing crashes."""
    deep = b'{"log":{"entries":' + b"[" * 100_000
    made = {"binary.csv": bytes(range(256)) * 64, "deep.har": deep, "deep.json": b'[{"rating":' + b"[" * 100_000, "empty.csv": b"", "empty.xlsx": b"", "huge.har": b'{"log":{' + b" " * 66_000_000, "flood.zip": packed({"a.json": b"0" * 30_000_000}).getvalue(),
            "torn.mht": b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x", "odd.eml": b"From: a\nSubject: b\n\n" + bytes(range(256)), "formula.csv": b'Date,Rating,Pros\n2026-01-01,4,"=HYPERLINK(""http://x"")"\n'}  # fmt: skip
    for name, body in made.items():
        (alone / name).write_bytes(body)
    (alone / "folder.csv").mkdir()
    ran = cli("parse", *[alone / name for name in made], alone / "folder.csv", alone / "none.zip")
    assert "Traceback" not in ran.err
    assert ran.code == 3
    told = [(Path(row["file"]).name, row["type"], row.get("reason")) for row in ran.rows]
    assert told == [
        ("binary.csv", "problem", "unrecognised"), ("deep.har", "problem", "unreadable"), ("deep.json", "problem", "unrecognised"), ("empty.csv", "problem", "unrecognised"), ("empty.xlsx", "problem", "unrecognised"), ("huge.har", "problem", "unreadable"),
        ("flood.zip", "problem", "unreadable"), ("torn.mht", "problem", "unreadable"), ("odd.eml", "mention", None), ("formula.csv", "review", None), ("folder.csv", "problem", "unreadable"), ("none.zip", "problem", "unreadable")]  # fmt: skip


def test_many_rows(alone: Path) -> None:
    """A table of a hundred thousand rows needs hardly more memory than one of a thousand: rows stream, twice."""
    rows = b"".join(b"%02d/%02d/2025,%d,Title %d,people\n" % (n % 28 + 1, n % 12 + 1, n % 5 + 1, n) for n in range(1_000))
    (alone / "small.csv").write_bytes(b"date,rating,title,pros\n" + rows)
    (alone / "large.csv").write_bytes(b"date,rating,title,pros\n" + rows * 100)
    code = "import resource, sys\nfrom pathlib import Path\nfrom repwatch.pipeline.reading import read_file\nn = sum(1 for _ in read_file(Path(sys.argv[1])).lines)\nprint(n, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"

    def used(name: str) -> list[int]:
        done = subprocess.run([sys.executable, "-c", code, str(alone / name)], capture_output=True, env=environment(), timeout=300, check=True)
        return [int(each) for each in done.stdout.split()]

    (few, little), (many, much) = used("small.csv"), used("large.csv")
    assert [few, many] == [1_000, 100_000]
    assert much < little * 1.3


@needs_real
def test_real_exports_are_stored_once(cli: Cli) -> None:
    """What a file repeats counts once: AmbitionBox 481 of 516 rows, Glassdoor 33 of 40; a second import adds nothing."""
    files = [REAL / "reviews" / "exports" / name for name in ("bcg_reviews.csv", "ikhsan_glassdoor_data.csv", "dhl_reviews.csv", "dhl_reviews.xlsx")]
    first = cli("import", *files, "--format", "json")
    assert [first.code, [(row["new"], row["problems"]) for row in first.data["files"]]] == [3, [(481, 0), (33, 0), (50, 6), (0, 6)]]
    again = cli("import", *files, "--format", "json")
    assert [(row["new"], row["revised"]) for row in again.data["files"]] == [(0, 0)] * 4
