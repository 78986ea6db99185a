"""`report` on the command line: kinds, formats, files, and the language of the answer."""

from __future__ import annotations

import email
import errno
import io
import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import jsonschema
import openpyxl
import pytest
from tests.cli.conftest import Cli, environment
from tests.loopback import ld_page, rated
from tests.report.test_golden import SCHEMA
from tests.report.test_page import needs_charts
from tests.report.whole import DATA

from repwatch.cli import common, output, paper, reading
from repwatch.report import charts


@pytest.fixture
def filled(cli: Cli, alone: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with reviews of two employers; today is the last day of November."""
    rows = [{"type": "review", "source": "indeed", "employer": "Acme", "native_id": f"r{number}", "published": f"2026-11-{number:02}", "rating": number % 5 + 1, "lang": "en",
             "body": f"Good colleagues and fair pay, number {number} says."} for number in range(1, 29)]  # fmt: skip
    rows.append({"type": "review", "source": "indeed", "employer": "Beta", "native_id": "b", "published": "2026-11-20", "rating": 2, "body": "Bad planning every single week."})
    (alone / "lines.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert cli("import", alone / "lines.jsonl", "--data-dir", alone / "data").code == 0
    monkeypatch.setattr(reading, "today_at", lambda _where: date(2026, 11, 30))
    return alone / "data"


@pytest.mark.parametrize(
    ("kind", "since", "until"),
    [("daily", "2026-11-29", "2026-11-29"), ("weekly", "2026-11-23", "2026-11-29"), ("monthly", "2026-10-01", "2026-10-31"), ("quarterly", "2026-07-01", "2026-09-30"), ("board", "2026-07-01", "2026-09-30")],
)
def test_a_kind_has_its_period(cli: Cli, filled: Path, kind: str, since: str, until: str) -> None:
    """The last complete day, week, month or quarter; what --since names wins."""
    told = cli("report", "--kind", kind, "--employer", "Acme", "--data-dir", filled, "--format", "json").data
    assert [told["kind"], told["since"], told["until"]] == [kind, since, until]
    assert cli("report", "--kind", kind, "--since", "2026-11-05", "--data-dir", filled, "--format", "json").data["since"] == "2026-11-05"


def test_the_output_fits_the_schema(cli: Cli, filled: Path) -> None:
    """What the program prints for one employer, and for all, is what the documentation promises."""
    for more in (["--employer", "Acme"], []):
        told = cli("report", "--data-dir", filled, "--format", "json", *more).told
        jsonschema.Draft202012Validator(SCHEMA).validate(told)


def test_one_employer_is_told_in_full(cli: Cli, filled: Path) -> None:
    """Voices, topics and what waits stand in the data of one employer; for all of them there is one line each."""
    one = cli("report", "--employer", "acme", "--data-dir", filled, "--format", "json").data
    assert [one["needs_answer"]["waiting"], one["voices"]["scored"], len(one["voices"]["quotes"]), one["topics"]["n"]] == [28, 28, 6, 28]
    every = cli("report", "--data-dir", filled)
    assert "2 employers, 29 reviews and mentions in the period." in every.out
    assert "voices" not in cli("report", "--data-dir", filled, "--format", "json").data


@pytest.mark.parametrize(("setting", "within"), [("answer_within_days = 5", 5), ("answer_within_days = 'x'", 14), ("", 14)])
def test_the_settings_say_when_an_answer_is_late(cli: Cli, filled: Path, setting: str, within: int) -> None:
    """A report reads the days from the settings; a wrong value is for `doctor` to name."""
    Path("repwatch.toml").write_text(setting)
    assert cli("report", "--employer", "Acme", "--data-dir", filled, "--format", "json").data["needs_answer"]["within_days"] == within


def test_every_format_goes_into_a_file(cli: Cli, filled: Path) -> None:
    """--out writes the file whole, and nothing on standard output."""
    for form in ("table", "json", "csv", "md", "xlsx", "html", "eml"):
        ran = cli("report", "--employer", "Acme", "--data-dir", filled, "--format", form, "--out", f"r.{form}")
        assert [form, ran.code, ran.out, Path(f"r.{form}").stat().st_size > 300] == [form, 0, "", True]
    assert openpyxl.load_workbook("r.xlsx")["figures"]["C2"].value == 28
    assert email.message_from_bytes(Path("r.eml").read_bytes()).is_multipart()
    assert Path("r.html").read_text().startswith("<!DOCTYPE html>")
    assert [path.name for path in Path().glob(".r*")] == []


def test_bytes_go_down_a_pipe(cli: Cli, filled: Path) -> None:
    """A workbook is written to standard output where that is no screen."""
    done = subprocess.run([sys.executable, "-m", "repwatch", "report", "--data-dir", str(filled), "--format", "xlsx"], capture_output=True, env=environment(), check=True)
    assert "employers" in openpyxl.load_workbook(io.BytesIO(done.stdout)).sheetnames


def test_bytes_are_not_for_the_eyes(cli: Cli, filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal the file is asked for."""
    monkeypatch.setattr(output.sys.stdout, "isatty", lambda: True, raising=False)
    ran = cli("report", "--data-dir", filled, "--format", "xlsx")
    assert [ran.code, "--out report.xlsx" in ran.err] == [2, True]


def test_a_file_that_cannot_be_written(cli: Cli, filled: Path) -> None:
    """It is named, and what was there stays."""
    ran = cli("report", "--data-dir", filled, "--out", "missing/r.md", "--format", "md")
    assert [ran.code, "missing/r.md: the file cannot be written" in ran.err] == [2, True]


def test_a_pdf(cli: Cli, filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page goes through the browser; without one a sentence says so."""
    monkeypatch.setattr(paper, "to_pdf", lambda page: b"%PDF-" + str("<html" in page).encode())
    cli("report", "--data-dir", filled, "--format", "pdf", "--out", "r.pdf")
    assert Path("r.pdf").read_bytes() == b"%PDF-True"
    monkeypatch.undo()
    monkeypatch.setattr(paper, "browser", lambda: None)
    assert cli("report", "--data-dir", filled, "--format", "pdf", "--out", "r.pdf").code == 2


@needs_charts
def test_charts_as_files(cli: Cli, filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--charts fills a folder beside the report."""
    monkeypatch.setattr(reading, "_listened", lambda *_: {"trends": DATA["trends"]})
    assert cli("report", "--employer", "Acme", "--data-dir", filled, "--charts", "pictures/new").code == 0
    assert sorted(path.name for path in Path("pictures/new").iterdir()) == ["net_sentiment.png", "net_sentiment.svg", "rating.png", "rating.svg", "volume.png", "volume.svg"]


@needs_charts
def test_charts_have_a_folder_and_something_to_draw(cli: Cli, filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file in their place is told with its path; a report without lines says how to get some, and is shown all the same."""
    ran = cli("report", "--employer", "Acme", "--data-dir", filled, "--charts", "pictures")
    assert (ran.code, "nothing to draw" in ran.err, "--by week" in ran.err, Path("pictures").exists(), "Acme" in ran.out) == (0, True, True, False, True)
    monkeypatch.setattr(reading, "_listened", lambda *_: {"trends": DATA["trends"]})
    Path("taken").write_text("")
    for path in ("taken", "taken/new"):
        ran = cli("report", "--employer", "Acme", "--data-dir", filled, "--charts", path)
        assert (ran.code, f"{path}: the folder cannot be made" in ran.err) == (2, True)


def test_charts_need_their_extra(cli: Cli, filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the way to it is named."""
    monkeypatch.setattr(charts, "available", lambda: False)
    ran = cli("report", "--data-dir", filled, "--charts", "pictures")
    assert [ran.code, "repwatch[charts]" in ran.err] == [2, True]


@pytest.mark.parametrize(("language", "said"), [("fr", "Réputation employeur · du "), ("nl", "Werkgeversreputatie · "), ("de", "Arbeitgeberreputation · ")])
def test_the_report_speaks_the_language(cli: Cli, filled: Path, language: str, said: str) -> None:
    """In every form for people; the names for machines stay English."""
    for form in ("table", "md", "html"):
        assert said in cli("--ui-lang", language, "report", "--data-dir", filled, "--format", form).out
    assert cli("--ui-lang", language, "report", "--data-dir", filled, "--format", "csv").out.startswith("section,employer,source,volume")


def test_errors_speak_the_language(cli: Cli, filled: Path) -> None:
    """A message with its hint, also one that the ledger keeps in English."""
    told = cli("--ui-lang", "nl", "report", "--employer", "Acmee", "--data-dir", filled).err
    assert told == "repwatch: er is niets opgeslagen over 'Acmee'\n  Bedoelde u 'Acme'?\n"
    assert "eine solche Datei gibt es nicht" in cli("--ui-lang", "de", "import", "missing", "--data-dir", filled).out
    assert cli("--ui-lang", "fr", "import", "--undo", 1, "x", "--data-dir", filled).err == "repwatch: nommez les fichiers à importer, ou l’exécution à annuler\n  repwatch import FILE... ou repwatch import --undo 12\n"


def test_a_check_speaks_the_language_and_stores_english(cli: Cli) -> None:
    """The same replay gives the same data in every language; only what people read differs."""
    english, french = (cli("--ui-lang", language, "check", "--replay", "demo", "--format", "json") for language in ("en", "fr"))
    assert english.told["data"] == french.told["data"]
    shown = cli("--ui-lang", "fr", "check", "--replay", "demo").out
    assert "le site affiche un test pour humains au lieu de la page. Ouvrez la page dans votre navigateur" in shown
    assert "the " not in shown.partition("Non vu")[2]


def test_mentions_of_a_topic(cli: Cli, filled: Path) -> None:
    """--topic lists what a figure of the report counts."""
    assert [len(cli("mentions", "--topic", topic, "--data-dir", filled, "--format", "json").data) for topic in ("pay", "diversity")] == [28, 0]


def stored(cli: Cli, folder: Path, *rows: dict[str, object]) -> Path:
    """Import rows of Acme and return the data folder."""
    (folder / "more.jsonl").write_text("".join(json.dumps({"employer": "Acme", "source": "glassdoor", **row}) + "\n" for row in rows))
    assert cli("import", folder / "more.jsonl", "--data-dir", folder / "data").code == 0
    return folder / "data"


def test_what_customers_write_stands_apart(cli: Cli, alone: Path) -> None:
    """It has a row of its own and counts in no figure of the employer; a site that holds both has two rows."""
    said = {"type": "review", "published": "2026-11-20", "lang": "en"}
    rows = [{**said, "source": "trustpilot", "voice": "customer", "native_id": f"c{number}", "rating": 5, "body": "Great shop, fine delivery."} for number in range(20)]
    rows += [{**said, "source": "jsonld", "voice": "customer", "native_id": "k", "rating": 5, "body": "A fine shop."}, {**said, "source": "jsonld", "native_id": "e", "rating": 1, "body": "Bad pay."},
             {**said, "native_id": "g", "rating": 2, "body": "The manager shouts."}]  # fmt: skip
    folder = stored(cli, alone, *rows)
    told = cli("report", "--employer", "Acme", "--since", "2026-11-01", "--until", "2026-11-30", "--compare", "previous", "--data-dir", folder, "--format", "json").told
    jsonschema.Draft202012Validator(SCHEMA).validate(told)
    (acme,) = told["data"]["employers"]
    assert [acme["rating"]["value"], acme["rating"]["n"], acme["volume"], acme["customers"]] == [1.5, 2, 2, 21]
    assert [(row["source"], row["voice"], row["rating"]["value"], row["volume"]) for row in acme["sources"]] == [
        ("glassdoor", None, 2, 1), ("jsonld", None, 1, 1), ("jsonld", "customers", 5, 1), ("trustpilot", "customers", 5, 20),
    ]  # fmt: skip
    assert {row["metric"]: row["after"]["n"] for row in told["data"]["changes"] if (row["source"], row["topic"]) == (None, None)}["rating"] == 2
    assert [told["data"]["voices"]["scored"], told["data"]["needs_answer"]["waiting"]] == [2, 2]
    text = cli("report", "--employer", "Acme", "--since", "2026-11-01", "--until", "2026-11-30", "--data-dir", folder).out
    assert ["trustpilot (customers)" in text, "Customers: what customers write has a row of its own." in text] == [True, True]


def test_how_people_were_recruited_and_what_they_are_paid(cli: Cli, alone: Path) -> None:
    """Interviews and salaries are told beside the reviews, also where there is no review at all, and rate nothing."""
    heard = {"type": "interview", "published": "2026-11-20", "lang": "en", "process": "Two talks."}
    paid = {"type": "salary", "job_title": "Welder", "currency": "EUR", "period": "year", "estimate": False}
    folder = stored(
        cli, alone, {**heard, "native_id": "1", "experience": "positive", "difficulty": 2, "outcome": "accepted"}, {**heard, "native_id": "2", "experience": "negative", "difficulty": 4, "outcome": "none"},
        {**heard, "native_id": "3"}, {**paid, "count": 12, "base": {"p25": 38000, "p50": 42000, "p75": 47000}, "country": "BE"}, {**paid, "job_title": "Cook", "period": "hour", "base": {"min": 13, "max": 17}},
    )  # fmt: skip
    period = ("--employer", "Acme", "--since", "2026-11-01", "--until", "2026-11-30", "--data-dir", folder)
    told = cli("report", *period, "--format", "json").told
    jsonschema.Draft202012Validator(SCHEMA).validate(told)
    found = told["data"]["recruiting"]
    assert [found["interviews"]["n"], found["interviews"]["positive"]["value"], found["interviews"]["difficulty"]["value"], found["interviews"]["outcomes"]] == [3, 0.5, 3, {"accepted": 1, "none": 1}]
    assert [(row["job_title"], row["count"]) for row in found["salaries"]] == [("Welder", 12), ("Cook", None)]
    text = cli("report", *period, "--format", "md").out
    assert "Acme: no review of employees and no mention in this period; 3 interviews." in text
    wanted = ("3 candidates tell of an interview in this period.", "of 2. Difficulty, from 1 to 5: 3.0", "Offers: 1 taken, 0 declined; 1 had none.", "42000 EUR / year", "38000 to 47000", "13 to 17")
    assert [each for each in wanted if each not in " ".join(text.split())] == []


def test_a_file_that_could_not_be_read_is_named_until_it_is_read(cli: Cli, alone: Path) -> None:
    """A page that shows a test for humans, and an export with a broken line: the report says so."""
    folder = stored(cli, alone, {"type": "review", "native_id": "g", "published": "2026-11-20", "rating": 2, "body": "The manager shouts."})
    Path("wall.html").write_text("<html><head><title>Just a moment...</title></head><body></body></html>")
    Path("torn.jsonl").write_text('{"type": "review", "source": "kununu", "employer": "Acme", "native_id": "k", "published": "2026-11-21", "rating": 3}\n{"type": "review", \n')
    assert cli("import", "wall.html", "torn.jsonl", "--data-dir", folder).code == 3
    told = cli("report", "--employer", "Acme", "--data-dir", folder, "--format", "json").told
    jsonschema.Draft202012Validator(SCHEMA).validate(told)
    assert [(row["file"], row["state"], row["reason"]) for row in told["data"]["unread_files"]] == [("torn.jsonl", "partly", "not JSON"), ("wall.html", "refused", "challenge")]
    text = cli("report", "--employer", "Acme", "--data-dir", folder).out
    assert ["wall.html, imported on" in text, "Everything that was asked for could be read." in text] == [True, False]
    Path("wall.html").write_bytes(ld_page(rated()))
    Path("torn.jsonl").write_text(Path("torn.jsonl").read_text().splitlines()[0])
    assert cli("import", "wall.html", "torn.jsonl", "--data-dir", folder).code == 0
    assert "imported on" not in cli("report", "--employer", "Acme", "--data-dir", folder).out



def test_a_rating_out_of_ten(cli: Cli, alone: Path) -> None:
    """A site that counts to ten is shown with its scale, and its reviews in stars of five beside all others."""
    more = {"source": "jsonld", "employer": "Acme", "rating_scale": 10}
    rows = [{"type": "profile", "rating": 8.4, "review_count": 12, "observed": "2026-11-03", **more},
            {"type": "review", "native_id": "1", "rating": 4, "body": "The pay is bad.", "published": "2026-11-03", **more}]  # fmt: skip
    (alone / "ten.jsonl").write_text("\n".join(map(json.dumps, rows)))
    assert cli("import", "ten.jsonl", "--data-dir", "ten").code == 0
    ask = ("report", "--since", "2026-11-01", "--data-dir", "ten")
    (profile,) = cli(*ask, "--format", "json").data["employers"][0]["sources"][0]["profiles"]
    assert [profile["rating"], profile["rating_scale"], "8.4 of 10" in cli(*ask).out] == [8.4, 10, True]
    assert ["2 stars" in cli("mentions", "--why", "--data-dir", "ten").out, " 4/10 " in cli("mentions", "--data-dir", "ten").out] == [True, True]


def test_groups_are_shown_to_a_reader(cli: Cli, alone: Path) -> None:
    """With --by, the reviews by job, place and country stand in the report; groups that are too small stand together, and the report says so."""
    jobs = ["Nurse"] * 7 + ["Cook"] * 3 + ["Driver"] * 3
    folder = stored(cli, alone, *({"type": "review", "native_id": str(number), "published": f"2026-0{number % 3 + 6}-03", "rating": 3, "body": "Fine people here.", "job_title": job, "location": "Gent"} for number, job in enumerate(jobs)))
    text = cli("report", "--employer", "Acme", "--since", "2026-06", "--until", "2026-08-31", "--by", "month", "--data-dir", folder, "--format", "md").out
    assert [each for each in ("By job, place and country", "care and health | 7", "other parts | 6", "groups of fewer than 5 reviews are added together") if each not in text] == []


def test_a_lead_leads_to_just_what_was_counted(cli: Cli, filled: Path) -> None:
    """What waits is listed by its own line, and a program gets all rows of it."""
    one = cli("report", "--employer", "Acme", "--data-dir", filled, "--format", "json").data
    rows = cli("mentions", "--employer", "Acme", "--since", one["since"], "--until", one["until"], "--unanswered", "--data-dir", filled, "--format", "json").data
    assert len(rows) == one["needs_answer"]["waiting"] == 28
    more = [{"type": "review", "source": "indeed", "employer": "Acme", "native_id": f"x{number}", "published": "2026-11-20", "rating": 3, "body": f"Number {number}."} for number in range(60)]
    (filled.parent / "more.jsonl").write_text("".join(json.dumps(row) + "\n" for row in more))
    assert cli("import", filled.parent / "more.jsonl", "--data-dir", filled).code == 0
    ask = ("mentions", "--employer", "Acme", "--data-dir", filled)
    assert [len(cli(*ask, "--format", "json").data), len(cli(*ask, "--format", "json", "--limit", "9").data), "(the newest 50; --limit shows more)" in cli(*ask).out] == [88, 9, True]


def test_the_day_is_that_of_the_settings(cli: Cli, alone: Path, filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the settings, or the environment, name a time zone, the machine's own says nothing of what day it is; a zone that there is not is told."""
    monkeypatch.setattr(reading, "today_at", common.today_at)
    monkeypatch.setattr(common, "now", lambda: datetime(2026, 11, 30, 23, 30, tzinfo=UTC))

    def ends(*line: str) -> str:
        return str(cli(*line, "--data-dir", filled, "--format", "json").data["until"])

    days = []
    for zone in ("Asia/Tokyo", "Pacific/Pago_Pago", "UTC"):
        (alone / "repwatch.toml").write_text(f'timezone = "{zone}"\n')
        days.append([ends("report"), ends("report", "--kind", "daily")])
    assert days == [["2026-12-01", "2026-11-30"], ["2026-11-30", "2026-11-29"], ["2026-11-30", "2026-11-29"]]
    monkeypatch.setenv("REPWATCH_TIMEZONE", "Asia/Tokyo")
    assert ends("report") == "2026-12-01"
    for name, where in (("Mars/X", "REPWATCH_TIMEZONE: 'Mars/X'"), ("../x", "REPWATCH_TIMEZONE: '../x'")):
        monkeypatch.setenv("REPWATCH_TIMEZONE", name)
        ran = cli("report", "--data-dir", filled)
        assert [ran.code, where in ran.err] == [2, True]
    monkeypatch.delenv("REPWATCH_TIMEZONE")
    (alone / "repwatch.toml").write_text('timezone = "Brussels"\n')
    ran = cli("mentions", "--since", "30d", "--data-dir", filled)
    assert [ran.code, "timezone: 'Brussels'" in ran.err] == [2, True]


def test_a_full_disk_leaves_nothing_behind(cli: Cli, alone: Path, filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report that does not fit says so, and its beginning is taken away."""
    class Full:
        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def write(self, _raw: bytes) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fdopen", lambda handle, _mode: os.close(handle) or Full())
    before = sorted(path.name for path in alone.iterdir())
    ran = cli("report", "--data-dir", filled, "--format", "md", "--out", "r.md")
    assert [ran.code, "r.md: does not fit on the disk" in ran.err, "Make room" in ran.err] == [2, True, True]
    assert sorted(path.name for path in alone.iterdir()) == before


@pytest.mark.parametrize(("line", "hint"), [("--since 2027-01-01", "Name both"), ("--until 2026-01-01", "Name both"), ("--since 2026-11-20 --until 2026-11-10", "Exchange")])
def test_a_period_that_ends_before_it_begins(cli: Cli, filled: Path, line: str, hint: str) -> None:
    """Only who named both days can have exchanged them."""
    ran = cli("report", *line.split(), "--data-dir", filled)
    assert [ran.code, hint in ran.err] == [2, True]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full (Linux)")
def test_standard_output_that_takes_nothing(filled: Path) -> None:
    """`> file` on a full disk is told as one, in every form; where nobody listens at all, that is no fault."""
    line = [sys.executable, "-m", "repwatch", "--data-dir", str(filled), "report", "--format"]
    for form in ("table", "xlsx"):
        with Path("/dev/full").open("wb") as full:
            ran = subprocess.run([*line, form], stdout=full, stderr=subprocess.PIPE, env=environment(), check=False, text=True)
        assert [ran.returncode, "standard output: does not fit on the disk" in ran.stderr, "Make room" in ran.stderr] == [2, True, True]
    closed = subprocess.run(["/bin/sh", "-c", '"$@" >&-', "sh", *line, "table"], env=environment(), check=False, stderr=subprocess.PIPE, text=True)
    assert [closed.returncode, closed.stderr] == [0, ""]
