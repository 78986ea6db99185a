"""The other commands: import, export, report, mentions, sources, doctor, init, score; and how the command line ends."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from tests.cli.conftest import Cli, Ran, environment
from tests.loopback import CHALLENGE, Answer, Web, hit, hn_answer, ld_page, ld_review, rated, rss

from repwatch import __version__
from repwatch.__main__ import main
from repwatch.cli import start


def line(number: int = 1, **more: Any) -> str:
    row = {"type": "review", "source": "indeed", "employer": "Acme", "native_id": f"r{number}", "published": "2026-11-02", "rating": 4,
           "title": "Fine", "body": f"Good people, number {number}."}  # fmt: skip
    return json.dumps(row | more) + "\n"


@pytest.fixture
def filled(cli: Cli, alone: Path) -> Path:
    """A folder with reviews of two employers, a mention and a profile."""
    lines = [line(1), line(2, rating=1, body="Terrible pay and rude managers."), line(3, employer="Beta"), line(4, rating=None, published=None)]
    lines.append(json.dumps({"type": "mention", "source": "hackernews", "employer": "Acme", "native_id": "m1", "published": "2026-11-03", "text": "Acme hires", "lang": "en"}) + "\n")
    lines.append(json.dumps({"type": "profile", "source": "indeed", "employer": "Acme", "rating": 3.5, "review_count": 40, "observed": "2026-11-03"}) + "\n")
    (alone / "lines.jsonl").write_text("".join(lines))
    assert cli("import", alone / "lines.jsonl", "--data-dir", alone / "data").code == 0
    return alone / "data"


def test_import_twice(cli: Cli, filled: Path, alone: Path) -> None:
    """The same file twice changes nothing."""
    before = cli("export", "--data-dir", filled).out
    ran = cli("import", alone / "lines.jsonl", "--data-dir", filled, "--format", "json")
    assert [0, before] == [ran.code, cli("export", "--data-dir", filled).out]
    assert [ran.told["command"], ran.told["status"], ran.told["meta"]["run"]] == ["import", "success", 2]


def test_ctrl_c_during_an_import(alone: Path) -> None:
    """Stopped amid its lines, an import ends with 130, keeps what was done, and its run says how it ended."""
    (alone / "many.jsonl").write_text("".join(line(number) for number in range(100_000)))
    process = subprocess.Popen([sys.executable, "-m", "repwatch", "import", "many.jsonl", "--data-dir", "data"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(traced=False))
    reviews = 0
    while not reviews and process.poll() is None:
        time.sleep(0.02)
        with suppress(sqlite3.Error), closing(sqlite3.connect("file:data/repwatch.db?mode=ro", uri=True)) as database:
            reviews = database.execute("SELECT count(*) FROM item").fetchone()[0]
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert [process.returncode, out, err] == [130, b"", b"Stopped. What was done so far is kept.\n"]
    with closing(sqlite3.connect("data/repwatch.db")) as database:
        assert database.execute("SELECT exit_code, (SELECT count(*) FROM item) < 100000 FROM run").fetchall() == [(130, 1)]


def test_ctrl_c_before_anything_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pressed so early that no command has begun, it is exit 130, no traceback."""
    monkeypatch.setattr(sys, "argv", ["repwatch", "doctor"])
    monkeypatch.setattr(start, "run", Mock(side_effect=KeyboardInterrupt))
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 130


def test_undo(cli: Cli, filled: Path, alone: Path) -> None:
    """--undo takes back one import and no more; an unknown run is refused."""
    before = cli("export", "--data-dir", filled).out
    (alone / "more.jsonl").write_text(line(9) + line(1, body="Good people, changed."))
    run = cli("import", alone / "more.jsonl", "--data-dir", filled, "--format", "json").told["meta"]["run"]
    assert before != cli("export", "--data-dir", filled).out
    assert cli("import", "--undo", run, "--data-dir", filled).code == 0
    assert before == cli("export", "--data-dir", filled).out
    assert cli("import", "--undo", 99, "--data-dir", filled).code == 2


def test_undo_leaves_what_a_later_import_holds(cli: Cli, alone: Path) -> None:
    """A file whose lines a later one repeats, changes and adds to: only what nobody else told goes."""
    (alone / "first.jsonl").write_text(line(1) + line(2) + line(3))
    (alone / "second.jsonl").write_text(line(1) + line(2, body="Good people, changed.") + line(4))
    runs = [cli("import", alone / name, "--data-dir", alone / "d", "--format", "json").told["meta"]["run"] for name in ("first.jsonl", "second.jsonl")]
    assert cli("import", "--undo", runs[0], "--data-dir", alone / "d").out == f"Import {runs[0]} was taken back: 1 item removed.\n"
    cli("import", alone / "second.jsonl", "--data-dir", alone / "fresh")
    told, wanted = ([json.loads(row) for row in cli("export", "--data-dir", alone / name).out.splitlines()] for name in ("d", "fresh"))
    assert [{**row, "first_seen": ""} for row in told] == [{**row, "first_seen": ""} for row in wanted]
    assert cli("import", "--undo", runs[1], "--data-dir", alone / "d").code == 0
    assert cli("export", "--data-dir", alone / "d").out == ""
    empty = cli("report", "--data-dir", alone / "d")
    assert (empty.code, "Nothing is stored yet" in empty.out) == (0, True)


def test_import_needs_one_thing(cli: Cli, filled: Path, alone: Path) -> None:
    """Neither files nor a run, or both, is a usage error."""
    assert [cli("import", "--data-dir", filled).code, cli("import", alone / "lines.jsonl", "--undo", 1, "--data-dir", filled).code] == [2, 2]


def test_export_comes_back_without_loss(cli: Cli, filled: Path, alone: Path) -> None:
    """What is exported, imported into a fresh folder and exported again, is the same bytes; authors stay pseudonyms."""
    (alone / "hn.json").write_bytes(hn_answer([hit(1, 1_790_000_000), hit(2, 1_790_000_000)]))
    (alone / "page.html").write_bytes(ld_page(rated(ld_review())))
    assert cli("import", alone / "hn.json", alone / "page.html", "--data-dir", filled, "--employer", "Acme").code == 0
    (alone / "changed.jsonl").write_text(line(1, body="Good people, still."))
    cli("import", alone / "changed.jsonl", "--data-dir", filled)
    first = cli("export", "--data-dir", filled)
    (alone / "all.jsonl").write_text(first.out)
    assert cli("import", alone / "all.jsonl", "--data-dir", alone / "fresh").code == 0
    assert first.out == cli("export", "--data-dir", alone / "fresh").out
    assert "invented" not in first.out


def test_nothing_to_export_is_no_export(cli: Cli, alone: Path) -> None:
    """A folder without a store is named, not made: an empty file would pass for a copy of everything."""
    ran = cli("export", "--data-dir", "typo")
    assert [ran.code, ran.out, "there is no store yet" in ran.err, (alone / "typo").exists()] == [2, "", True, False]


def test_export_filters(cli: Cli, filled: Path) -> None:
    """Export may be narrowed; another format is refused."""
    assert [row["native_id"] for row in cli("export", "--data-dir", filled, "--employer", "Beta").rows] == ["r3"]
    assert [row["native_id"] for row in cli("export", "--data-dir", filled, "--source", "hackernews", "--since", "2026-11-03", "--until", "2026-11").rows] == ["m1"]
    assert cli("export", "--data-dir", filled, "--format", "csv").code == 2


def test_many_lines(cli: Cli, alone: Path) -> None:
    """Twenty thousand lines of an employer that no settings name are stored and can be reported."""
    (alone / "many.jsonl").write_text("".join(line(number, employer="Grote Firma", lang="en", body="", title=None, published=f"2026-{number % 9 + 1:02}-10") for number in range(20_000)))
    assert cli("import", alone / "many.jsonl", "--data-dir", "d").code == 0
    (row,) = cli("report", "--data-dir", "d", "--employer", "grote firma", "--since", "2026-01", "--format", "json").data["employers"]
    assert [row["employer"], row["volume"]] == ["Grote Firma", 20_000]


def test_import_of_bad_files(cli: Cli, alone: Path) -> None:
    """A bad file costs nothing of a good one (exit 3); nothing good is exit 4; each has its reason."""
    (alone / "good.html").write_bytes(ld_page(rated(ld_review())))
    (alone / "wall.html").write_bytes(CHALLENGE)
    (alone / "odd.json").write_bytes(hn_answer([hit(1, 1), {"x": 1}, {"x": 2}]))
    (alone / "bad.jsonl").write_text(line(1) + '{"type": "review", "source": "x", "rating": "high"}\n')
    (alone / "none.xml").write_bytes(rss())
    ran = cli("import", *(alone / name for name in ("good.html", "wall.html", "odd.json", "bad.jsonl", "none.xml", "missing")), "--data-dir", "d", "--format", "csv")
    assert ran.code == 3
    for said in ("the site shows a test for humans", "hit 2: objectID", "2 entries could not be read; the first: ", "1 lines could not be read", "there is no such file"):
        assert said in ran.out
    assert cli("import", alone / "wall.html", "--data-dir", "d").code == 4
    assert cli("import", alone / "good.html", "--source", "nope", "--data-dir", "d").code == 2


def test_report(cli: Cli, filled: Path) -> None:
    """The report gives rating and volume by source, in every form."""
    ran = cli("report", "--data-dir", filled, "--since", "2026-11-01", "--format", "json")
    acme = ran.data["employers"][0]
    assert [ran.code, ran.told["command"], acme["employer"], acme["rating"]["value"], acme["volume"]] == [0, "report", "Acme", 2.5, 3]
    for form in ("table", "csv", "md"):
        assert "indeed" in cli("report", "--data-dir", filled, "--since", "2026-11-01", "--format", form).out
    assert ";" in cli("report", "--data-dir", filled, "--format", "csv", "--csv-dialect", "excel").out


def test_report_tells_of_blindness(cli: Cli, web: Web) -> None:
    """A source that the last check could not read makes the report partial: exit 3, and the JSON status says so."""
    web.serve("press.example", Answer(rss("Acme", day="Mon, 02 Nov 2026 06:00:00 GMT")))
    Path("repwatch.toml").write_text(f'[web]\nretries = 0\ngateway = "{web.gateway}"\n[[employer]]\nname = "Acme"\n[[employer.source]]\nsource = "feed"\nurl = "https://press.example/a"\n'
                                     '[[employer.source]]\nsource = "jsonld"\nurl = "https://gone.example/a"\n')  # fmt: skip
    assert cli("check", "--data-dir", "d").code == 3
    ran = cli("report", "--data-dir", "d", "--format", "json")
    assert [ran.code, ran.told["status"]] == [3, "partial"]
    assert "Acme · gone.example: there is no page at this address." in cli("report", "--data-dir", "d").out
    told = {row["name"] if "name" in row else row["source"]: row for row in cli("sources", "--data-dir", "d", "--format", "json").data}
    assert {"feed", "jsonld"} <= set(told)


def test_near_names(cli: Cli, filled: Path) -> None:
    """An employer that is not stored exits 2 and names the nearest, or those there are."""
    near, far = cli("report", "--data-dir", filled, "--employer", "Acmee"), cli("mentions", "--data-dir", filled, "--employer", "Zzzz")
    assert [near.code, far.code] == [2, 2]
    assert "Did you mean 'Acme'?" in near.err
    assert "Known: Acme, Beta" in far.err


def test_wrong_periods(cli: Cli, filled: Path) -> None:
    """A period that ends before it begins, or is none, is a usage error."""
    assert "ends (2026-01-31) before it begins (2026-11-01)" in cli("report", "--data-dir", filled, "--since", "2026-11-01", "--until", "2026-01").err
    assert cli("report", "--data-dir", filled, "--since", "soon").code == 2


def test_mentions(cli: Cli, filled: Path) -> None:
    """Search and filters narrow the list, newest first; --limit says that there is more."""

    def ids(*more: object) -> list[str]:
        ran = cli("mentions", *more, "--data-dir", filled, "--format", "json")
        assert ran.code == 0
        return [row["native_id"] for row in ran.data]

    assert sorted(ids()) == ["m1", "r1", "r2", "r3", "r4"]
    assert ids()[0] == "m1"
    assert ids("rude managers") == ["r2"]
    assert ids("hire*", "--type", "mention", "--lang", "en", "--employer", "ACME", "--source", "hackernews", "--since", "2026-11-03", "--until", "2026-11-03") == ["m1"]
    assert ids("--sentiment", "negative") == ["r2"]
    assert len(ids("--limit", 2)) == 2
    assert "the newest 1; --limit shows more" in cli("mentions", "--limit", 1, "--data-dir", filled).out


@pytest.mark.parametrize(("arguments", "said", "hint"), [
    ("mentions --sentiment angry", "--sentiment angry: there is nothing of this name", "Known here: positive, negative, mixed"),
    ("mentions --type reviews", "--type reviews", "Did you mean 'review'?"), ("mentions --topic foo", "--topic foo", "Known here: pay, benefits"),
    ("mentions --lang xx", "--lang xx", "Known here: "), ("mentions --source foo", "--source foo", "Known here: ambitionbox, "),
    ("report --source hackernew", "--source hackernew", "Did you mean 'hackernews'?"), ("report --lang xx", "--lang xx", "Known here: "),
    ("export --source foo", "--source foo", "Known here: "), ("export --employer Acne", "nothing is stored about 'Acne'", "Did you mean 'Acme'?"),
    ("answers --source foo", "--source foo", "Known here: "), ("profiles --source foo", "--source foo", "Known here: "), ("profiles observations --source foo", "--source foo", "Known here: "),
])  # fmt: skip
def test_a_filter_that_names_nothing(cli: Cli, filled: Path, arguments: str, said: str, hint: str) -> None:
    """What is none of the known names is refused with the nearest or all of them: its empty answer would read as a true zero."""
    ran = cli(*arguments.split(), "--data-dir", filled)
    assert [ran.code, ran.out, said in ran.err, hint in ran.err] == [2, "", True, True]


def test_an_alias_means_its_employer(cli: Cli, filled: Path, alone: Path) -> None:
    """Reading commands know an employer by an alias of the settings; broken settings know none, and the name is still looked for."""
    settings = alone / "repwatch.toml"
    settings.write_text('[[employer]]\nname = "Acme"\naliases = ["Acme Works"]\n')
    for command in ("report", "mentions", "answers"):
        ran = cli(command, "--employer", "acme works", "--data-dir", filled, "--format", "json")
        assert [ran.code, "Acme" in ran.out] == [0, True]
    settings.write_text("[[employer]]\nname = 3\n")
    ran = cli("mentions", "--employer", "acme works", "--data-dir", filled)
    assert [ran.code, "nothing is stored about 'acme works'" in ran.err] == [2, True]


def test_a_filter_in_other_letters(cli: Cli, filled: Path) -> None:
    """Capitals and regions change nothing; a source that repwatch knows and that nothing is stored of is a true zero."""
    ran = cli("mentions", "--source", "HackerNews", "--lang", "EN-gb", "--type", "MENTION", "--data-dir", filled, "--format", "json")
    assert [ran.code, [row["native_id"] for row in ran.data]] == [0, ["m1"]]
    assert [cli("mentions", "--source", "kununu", "--data-dir", filled).code, cli("report", "--lang", "nl", "--data-dir", filled).code] == [0, 0]


def test_no_store_yet(cli: Cli) -> None:
    """Without a store `report` says what to do; `sources` lists the sources all the same."""
    ran = cli("report", "--data-dir", "nowhere")
    assert [ran.code, ran.err.startswith("repwatch:")] == [2, True]
    assert "hackernews" in cli("sources", "--data-dir", "nowhere").out


@pytest.mark.parametrize(("place", "name"), [("flag", "a"), ("flag=", "b"), ("environment", "c"), ("settings", "d"), ("default", "")])
def test_places_of_the_store(cli: Cli, alone: Path, monkeypatch: pytest.MonkeyPatch, place: str, name: str) -> None:
    """The data folder is named by --data-dir anywhere on the line, the environment, the settings, or is the user's."""
    (alone / "l.jsonl").write_text(line())
    if place == "environment":
        monkeypatch.setenv("REPWATCH_DATA_DIR", name)
    if place == "settings":
        (alone / "s.toml").write_text(f'data_dir = "{name}"\n')
    where = {"flag": ("--data-dir", name), "flag=": (f"--data-dir={name}",), "settings": ("--config", "s.toml")}.get(place, ())
    assert cli("import", "l.jsonl", *where).code == 0
    assert (alone / name / "repwatch.db").is_file() if name else list(Path(os.environ["HOME"]).rglob("repwatch.db"))


def test_time_zone_of_the_environment(cli: Cli, filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """REPWATCH_TIMEZONE says which day is today."""
    monkeypatch.setenv("REPWATCH_TIMEZONE", "Europe/Brussels")
    assert cli("report", "--data-dir", filled).code == 0


SETTINGS = 'contact = "me@acme.example"\ntimezone = "Europe/Brussels"\n[[employer]]\nname = "Acme"\n[[employer.source]]\nsource = "feed"\nurl = "https://press.example/a"\n'


def findings(ran: Ran) -> dict[str, str]:
    return {row["what"]: row["state"] for row in ran.data["checks"]}


def test_doctor_offline(cli: Cli, alone: Path, filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With good settings all is in order, and no site is asked; a warning is not passed over in the first line."""
    (alone / "repwatch.toml").write_text(SETTINGS)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    ran = cli("doctor", "--offline", "--data-dir", filled, "--format", "json")
    assert ran.code == 0
    assert {"settings": "ok", "contact": "ok", "time zone": "ok", "data folder": "ok", "store": "ok", "gaps": "ok", "inbox": "ok", "network": "skipped"}.items() <= findings(ran).items()
    assert "all in order" in cli("doctor", "--offline", "--data-dir", filled).out
    (alone / "repwatch.toml").write_text(SETTINGS.replace("contact = ", "# contact = "))
    ran = cli("doctor", "--offline", "--data-dir", filled)
    assert [ran.code, "Nothing is wrong; 1 of 10 things is worth a look" in ran.out, "all in order" in ran.out] == [0, True, False]


def test_doctor_names_a_peer_of_whom_nothing_is_known(cli: Cli, alone: Path, filled: Path) -> None:
    """A peer that stands neither in the settings nor in the store is a warning with the nearest name; one that was imported is none."""
    (alone / "repwatch.toml").write_text('[[employer]]\nname = "Kastelmont"\npeers = ["Beta", "Acne"]\n')
    rows = cli("doctor", "--offline", "--data-dir", filled, "--format", "json").data["checks"]
    assert [(row["state"], row["seen"], row["do"]) for row in rows if row["what"] == "peers"] == [
        ("warning", "Kastelmont: the peer 'Acne' stands neither in the settings nor in the store", "Did you mean 'Acme'?")]  # fmt: skip


def test_doctor_without_anything(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without settings and store doctor warns and goes on."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    found = findings(cli("doctor", "--offline", "--format", "json"))
    assert [found[what] for what in ("settings", "contact", "store", "start-up")] == ["warning", "warning", "ok", "warning"]
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    assert findings(cli("doctor", "--offline", "--format", "json"))["start-up"] == "ok"


def test_doctor_on_wrong_settings(cli: Cli, alone: Path) -> None:
    """Wrong settings and an unknown source end the tour with exit 2 and the line."""
    (alone / "repwatch.toml").write_text('language = "xx"\n')
    assert [(ran := cli("doctor", "--offline")).code, "repwatch.toml:1" in ran.out] == [2, True]
    (alone / "repwatch.toml").write_text(SETTINGS.replace('"feed"', '"feeed"'))
    ran = cli("doctor", "--offline", "--format", "json")
    assert [ran.code, findings(ran)["settings"], "repwatch.toml:6" in ran.out, "feed" in ran.data["checks"][0]["do"]] == [2, "wrong", True, True]


def test_doctor_on_a_broken_store(cli: Cli, alone: Path) -> None:
    """A database that is none is wrong: exit 3, with what to do."""
    (alone / "repwatch.toml").write_text(SETTINGS)
    (alone / "d").mkdir()
    (alone / "d/repwatch.db").write_bytes(b"no database at all, but long enough to be taken for one" * 100)
    ran = cli("doctor", "--offline", "--data-dir", "d", "--format", "json")
    assert [ran.code, findings(ran)["store"]] == [3, "wrong"]


def test_doctor_sees_an_unfinished_run_and_a_full_disk(cli: Cli, alone: Path, filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run without an end, gaps, little room and a folder that cannot be written are named."""
    from repwatch.cli import examination
    from repwatch.store import Store

    with Store.open(filled) as store:
        run = store.begin_run("check", "2026-11-03T12:00:00Z", {})
        store.add_gap(run, "w", "{}")
    monkeypatch.setattr(examination, "_DISK_NEEDED", 10**18)
    found = findings(cli("doctor", "--offline", "--data-dir", filled, "--format", "json"))
    assert [found[what] for what in ("last run", "gaps", "disk")] == ["warning", "warning", "warning"]
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert findings(cli("doctor", "--offline", "--data-dir", "new/deep", "--format", "json"))["data folder"] == "wrong"


def test_doctor_asks_the_sites(cli: Cli, web: Web) -> None:
    """Each live site is asked once, of several feeds with its address; the page of a browser is skipped; a refusal and a wrong clock are wrong."""
    web.serve("press.example", Answer(rss("x"), headers={"Date": "Mon, 02 Nov 2020 06:00:00 GMT"}))
    web.serve("odd.example", Answer(rss("x"), headers={"Date": "some day"}))
    web.serve("wall.example", Answer(CHALLENGE, status=403))
    named = "".join(f'[[employer.source]]\nsource = "{source}"\n{key} = "{value}"\n' for source, key, value in [
        ("feed", "url", "https://press.example/a"), ("feed", "url", "https://odd.example/a"), ("jsonld", "url", "https://wall.example/a"),
        ("glassdoor", "url", "https://www.glassdoor.be/x"), ("hackernews", "query", "Acme")])  # fmt: skip
    Path("repwatch.toml").write_text(f'[web]\ngateway = "{web.gateway}"\n[[employer]]\nname = "Acme"\n{named}')
    ran = cli("doctor", "--data-dir", "d", "--format", "json")
    rows = [(row["what"], row["state"]) for row in ran.data["checks"] if "(Acme)" in row["what"] or row["what"] == "clock"]
    assert rows == [("feed https://press.example/a (Acme)", "ok"), ("feed https://odd.example/a (Acme)", "ok"), ("jsonld (Acme)", "wrong"), ("glassdoor (Acme)", "skipped"), ("hackernews (Acme)", "ok"), ("clock", "wrong")]
    assert ran.code == 3
    Path("repwatch.toml").write_text(f'[web]\ngateway = "{web.gateway}"\n[[employer]]\nname = "Acme"\n[[employer.source]]\nsource = "jsonld"\nurl = "https://wall.example/a"\n')
    assert "clock" not in findings(cli("doctor", "--data-dir", "d", "--format", "json"))


def test_init(cli: Cli, alone: Path) -> None:
    """`init` writes settings that load, keeps quotes in a name, and never overwrites."""
    from repwatch import config

    ran = cli("init", "--employer", 'Frites "Chez \\ Léon"', "--contact", "me@acme.example", "--domain", "acme.example")
    assert ran.code == 0
    loaded = config.load().settings
    assert [loaded.employers[0].name, loaded.employers[0].domain, loaded.contact] == ['Frites "Chez \\ Léon"', "acme.example", "me@acme.example"]
    assert cli("init", "--employer", "Other").code == 2
    assert cli("init", "--employer", "Other", "--to", "other.toml").code == 0


@pytest.mark.parametrize(("name", "query"), [
    ("Your firm", '"Your firm"'), ("O'Neil & Co", '"O\'Neil & Co"'), ("Acme NV", "Acme"), ("AG Insurance", '"AG Insurance"'), ("NOT", '"NOT"'), ('Frites "Chez \\ Léon"', '"Frites Chez \\ Léon"'),
])  # fmt: skip
def test_init_searches_for_the_name_as_a_phrase(cli: Cli, name: str, query: str) -> None:
    """Whatever the name is, the settings can be used at once, and words of it that stand apart are no mention."""
    from repwatch import config

    assert cli("init", "--employer", name).code == 0
    assert config.load().settings.employers[0].sources[0].query == query
    assert [cli("doctor", "--offline").code, cli("query", "explain").code] == [0, 0]


def test_an_empty_name_is_none(cli: Cli, alone: Path) -> None:
    """An empty name is none: nothing is written that no command could read."""
    assert [cli("init", "--employer", " ").code, (alone / "repwatch.toml").exists()] == [2, False]


def test_init_where_the_settings_are_to_live(cli: Cli, alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A settings file that a flag or the environment names is the one that `init` writes; the next command finds it there."""
    monkeypatch.setenv("REPWATCH_CONFIG", "elsewhere.toml")
    assert [cli("init", "--employer", "Acme").code, cli("doctor", "--offline").code, cli("init", "--employer", "Acme").code] == [0, 0, 2]
    assert cli("--config", "third.toml", "init", "--employer", "Acme").code == 0
    assert sorted(path.name for path in alone.glob("*.toml")) == ["elsewhere.toml", "third.toml"]


@pytest.mark.parametrize("line", [["check"], ["init", "--employer", "Acme", "--to", "file/deep.toml"], ["demo", "--keep", "file"], ["demo", "--keep", "file/deep"]])
def test_places_where_nothing_can_be_written(cli: Cli, alone: Path, line: list[str]) -> None:
    """A folder that is a file, or lies in one, is a slip of the line: exit 2 with its name; `doctor` sees it before."""
    (alone / "file").write_text("")
    cli("init", "--employer", "Acme")
    ran = cli(*line, "--data-dir", "file")
    assert [ran.code, "file" in ran.err, "a fault of ours" in ran.err] == [2, True, False]
    assert findings(cli("doctor", "--offline", "--data-dir", "file", "--format", "json"))["data folder"] == "wrong"


def test_init_needs_a_name(process: Cli) -> None:
    """Where nobody can be asked, `init` without a name is a usage error."""
    assert [(ran := process("init")).code, "which employer?" in ran.err] == [2, True]


def test_init_asks(alone: Path) -> None:
    """At a terminal `init` asks for what was not given, and a report of progress may be shown."""
    import pty

    here, there = pty.openpty()
    process = subprocess.Popen([sys.executable, "-m", "repwatch", "init"], stdin=there, stdout=there, stderr=there, env=environment(), start_new_session=True)
    os.write(here, b"Asked NV\nme@asked.example\n")
    assert process.wait(20) == 0
    os.close(there)
    os.close(here)
    assert '"Asked NV"' in (alone / "repwatch.toml").read_text()


def test_progress_on_a_terminal(alone: Path) -> None:
    """On a terminal the import of several files shows a bar on standard error; the result is whole."""
    import pty

    for number in range(4):
        (alone / f"{number}.jsonl").write_text(line(number))
    here, there = pty.openpty()
    process = subprocess.Popen([sys.executable, "-m", "repwatch", "import", *(f"{n}.jsonl" for n in range(4)), "--data-dir", "d"],
                               stdout=subprocess.PIPE, stderr=there, env={**environment(), "TERM": "xterm"})  # fmt: skip
    os.close(there)

    def drain() -> None:
        with suppress(OSError):
            while os.read(here, 10_000):
                pass

    threading.Thread(target=drain, daemon=True).start()
    out, _ = process.communicate(timeout=60)
    assert [process.returncode, b"3.jsonl" in out] == [0, True]


def test_score(process: Cli) -> None:
    """Lines come back in order with label and polarity; a bad one is a problem in its place (exit 3); all bad is 4."""
    lines = [b'{"text": "Great colleagues, I love it", "lang": "en", "id": 7}', b"no JSON", b"", b'{"text": 5}', b'{"text": "Terrible managers", "lang": 3}']
    ran = process("score", stdin=b"\n".join(lines))
    assert ran.code == 3
    assert [row.get("label") for row in ran.rows] == ["positive", None, None, "negative"]
    assert [ran.rows[0]["id"], ran.rows[1]["detail"], ran.rows[2]["detail"]] == [7, "line 2", "line 4"]
    assert [process("score", stdin=b"x\n").code, process("score", stdin=lines[0]).code, process("score", "--format", "csv").code] == [4, 0, 2]


def test_score_here(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`score` reads what stands on standard input."""
    (tmp_path / "in").write_bytes(b'{"text": "Great colleagues"}\n\n[]\n')
    with (tmp_path / "in").open() as lines:
        monkeypatch.setattr(sys, "stdin", lines)
        assert [(ran := cli("score")).code, [row.get("label") for row in ran.rows]] == [3, ["positive", None]]
    assert cli("score", "--format", "csv").code == 2


def test_version(process: Cli) -> None:
    """--version answers before anything heavy is imported."""
    assert (0, f"repwatch {__version__}\n", "") == process("--version")


def test_help(cli: Cli) -> None:
    """--help lists the commands and the exit codes; a command has its own."""
    ran = cli("--help")
    assert ran.code == 0
    for name in ("demo", "init", "check", "parse", "import", "score", "report", "mentions", "sources", "doctor", "export", "Exit codes"):
        assert name in ran.out
    assert [cli(name, "--help").code for name in ("import", "check")] == [0, 0]


@pytest.mark.parametrize("arguments", [["nonsense"], ["report", "--nonsense"], ["parse"], ["mentions", "--limit", "0"], ["report", "--format", "odt"], ["report", "--data-dir"]])
def test_usage_errors(cli: Cli, arguments: list[str]) -> None:
    """A wrong command line exits 2, says so on standard error, and shows no traceback."""
    ran = cli(*arguments)
    assert [ran.code, ran.out] == [2, ""]
    assert "Traceback" not in ran.err


def test_end_of_options(cli: Cli) -> None:
    """After -- a word that looks like an option is an argument."""
    assert [(ran := cli("parse", "--", "--data-dir")).code, "there is no such file" in ran.out] == [4, True]


@pytest.mark.parametrize("folder", ["crashes", "not/there", "l.jsonl", None])
def test_crash(cli: Cli, alone: Path, monkeypatch: pytest.MonkeyPatch, folder: str | None) -> None:
    """A fault of ours exits 70 with a report that holds the stack and no arguments, readable by its owner alone."""
    import repwatch.pipeline.summary

    word = "secret"

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(f"{word} message")

    (alone / "l.jsonl").write_text(line())
    cli("import", "l.jsonl", "--data-dir", "d")
    monkeypatch.setattr(repwatch.pipeline.summary, "summarise", fail)
    if folder:
        monkeypatch.setenv("REPWATCH_DATA_DIR", folder)
        (alone / "crashes").mkdir()
    ran = cli("report", "--employer", "Acme", "--data-dir", "d")
    assert [ran.code, ran.out] == [70, ""]
    assert "Traceback" not in ran.err
    (path,) = (alone / "crashes" if folder == "crashes" else Path(os.environ["TMPDIR"])).glob("repwatch-crash-*.txt")
    text = path.read_text()
    assert [oct(path.stat().st_mode)[-3:], "RuntimeError" in text, "secret message" in text, "Acme" in text] == ["600", True, False, False]
    assert str(path.name) in ran.err


def test_crash_on_a_full_disk(cli: Cli, alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no report can be written either, it is said, and the exit is still that of a fault, never that of an alert."""
    import repwatch.cli.start
    import repwatch.report.listing

    def fail(*_: object) -> None:
        raise RuntimeError

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(repwatch.report.listing, "sources", fail)
    monkeypatch.setattr(repwatch.cli.start, "_crash_file", full)
    ran = cli("sources")
    assert [ran.code, "could not be written: No space left on device" in ran.err] == [70, True]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, EOFError])
def test_stopped(cli: Cli, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]) -> None:
    """Ctrl-C and an input that ends are told in one line and exit 130."""
    import repwatch.report.listing

    def fail(*_: object) -> None:
        raise stop

    monkeypatch.setattr(repwatch.report.listing, "sources", fail)
    ran = cli("sources")
    assert [ran.code, ran.out, ran.err.strip()] == [130, "", "Stopped. What was done so far is kept."]


def test_reader_that_leaves(alone: Path) -> None:
    """`| head -1` takes its line and ends the command quietly, with exit 0, never with the code of an alert."""
    (alone / "many.jsonl").write_text("".join(map(line, range(20_000))))
    process = subprocess.Popen([sys.executable, "-m", "repwatch", "parse", "many.jsonl"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
    assert process.stdout is not None
    assert process.stderr is not None
    assert b'"review"' in process.stdout.readline()
    process.stdout.close()
    assert [process.wait(20), process.stderr.read()] == [0, b""]
    process.stderr.close()


def test_messages_have_no_control_characters(capsys: pytest.CaptureFixture[str]) -> None:
    """A message never carries an escape sequence from outside to the terminal."""
    start.say("a\x1b[31mb")
    assert "\x1b" not in capsys.readouterr().err


def test_module_runs(process: Cli) -> None:
    """`python -m repwatch` without arguments shows the help."""
    ran = process()
    assert "Usage" in ran.out + ran.err


def test_hoisting() -> None:
    """--data-dir and --config move before the command, wherever they stand; nothing else moves."""
    assert start._hoist(["report", "--data-dir", "x", "--since", "3d", "--config=y"]) == ["--data-dir", "x", "--config=y", "report", "--since", "3d"]
    assert start._hoist(["report", "--data-dir"]) == ["--data-dir", "report"]
