"""`report --compare`, `--by`, `--peer` and `--fail-on` on the command line."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.cli.conftest import Cli, environment
from tests.loopback import Answer, Web, rss


@pytest.fixture
def data(cli: Cli, alone: Path) -> Path:
    """Half a year of Acme, much worse since 91 days, and of a steady Beta."""
    chance, today = random.Random(1), datetime.now(UTC).date()
    rows = []
    for number in range(160):
        age = number * 180 // 160
        stars = chance.choice((1, 2) if age < 91 else (4, 5))
        rows += [{"type": "review", "source": "indeed", "employer": name, "native_id": f"{name}{number}", "published": (today - timedelta(days=age)).isoformat(), "lang": "en", "rating": value,
                  "title": f"Review {number}", "body": "Good colleagues." if value > 3 else "Chaotic planning."} for name, value in (("Acme", stars), ("Beta", 1 + number % 5))]  # fmt: skip
    (alone / "lines.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert cli("import", alone / "lines.jsonl", "--data-dir", alone / "data").code == 0
    return alone / "data"


def test_the_contract(cli: Cli, data: Path) -> None:
    """`data.changes` holds the rows, the overall rating first; a change alone is no alarm and ends with 0."""
    ran = cli("report", "--data-dir", data, "--employer", "Acme", "--since", "90d", "--compare", "previous", "--format", "json")
    first = ran.data["changes"][0]
    assert (ran.code, ran.told["status"], first["metric"], first["source"], first["topic"], first["verdict"]) == (0, "success", "rating", None, None, "down")
    assert set(first) >= {"metric", "source", "topic", "before", "after", "verdict", "p"}
    assert cli("report", "--data-dir", data, "--employer", "Acme", "--since", "90d", "--compare", "previous", "--format", "json").data == ran.data


def test_an_unchanged_employer(cli: Cli, data: Path) -> None:
    """Beta shows no change, and says what could have shown."""
    ran = cli("report", "--data-dir", data, "--employer", "Beta", "--since", "90d", "--compare", "previous", "--fail-on", "alert")
    assert ran.code == 0
    assert ": no detectable change; " in ran.out
    assert "only a change of the rating by about" in ran.out


def test_failing_on_what_got_worse(cli: Cli, data: Path) -> None:
    """--fail-on alert ends with 1 where something got worse; without a comparison there is nothing to fail on, which is refused."""
    worse = cli("report", "--data-dir", data, "--employer", "Acme", "--since", "90d", "--compare", "previous", "--fail-on", "alert")
    assert (worse.code, "the rating has gone down" in worse.out) == (1, True)
    ran = cli("report", "--data-dir", data, "--employer", "Acme", "--fail-on", "alert")
    assert (ran.code, "--fail-on needs a period to compare with" in ran.err) == (2, True)
    assert cli("report", "--data-dir", data, "--kind", "weekly", "--fail-on", "alert").code == 2
    assert cli("report", "--data-dir", data, "--employer", "Acme", "--kind", "weekly", "--fail-on", "alert").code in (0, 1)


def test_nobody_stands_beside_itself(cli: Cli, data: Path) -> None:
    """An employer that is its own peer is a slip of the pen."""
    ran = cli("report", "--data-dir", data, "--employer", "Acme", "--peer", "acme")
    assert (ran.code, "Acme cannot stand beside itself" in ran.err) == (2, True)


def test_settings_that_were_named_must_be_there(cli: Cli, data: Path) -> None:
    """Reading a store asks for none, but a wrong path is told by whatever is given it."""
    for command in (("report",), ("mentions",), ("answers",)):
        ran = cli(*command, "--data-dir", data, "--config", "nowhere.toml")
        assert (ran.code, "nowhere.toml" in ran.err) == (2, True)


def test_over_time_and_beside_peers(cli: Cli, data: Path) -> None:
    """The table has a section for each; JSON has the series, the breakdowns and the comparison."""
    ran = cli("report", "--data-dir", data, "--employer", "Acme", "--since", "180d", "--by", "month", "--peer", "Beta")
    assert [heading in ran.out for heading in ("Over time", "Beside others", "Share of voice")] == [True] * 3
    told = cli("report", "--data-dir", data, "--employer", "Acme", "--since", "180d", "--by", "month", "--peer", "Beta", "--format", "json").data
    assert ({"trends", "breakdowns", "comparison"} <= told.keys(), told["comparison"]["refused"]) == (True, False)


def test_the_peers_of_the_settings_stand_beside(cli: Cli, data: Path, alone: Path) -> None:
    """Without --peer a report stands beside the peers of the settings; where one of them is not stored it says that there is no comparison, and why."""
    asked = ("report", "--data-dir", data, "--employer", "Acme", "--kind", "monthly")
    assert "Beside others" not in cli(*asked).out
    settings = alone / "repwatch.toml"
    settings.write_text('[[employer]]\nname = "Acme"\npeers = ["Beta"]\n')
    assert cli(*asked, "--format", "json").data["comparison"]["peers"] == ["Beta"]
    settings.write_text('[[employer]]\nname = "Acme"\npeers = ["Beta", "Gamma"]\n')
    assert "Nothing is stored about Gamma." in cli(*asked).out
    assert cli(*asked, "--peer", "Beta", "--format", "json").data["comparison"]["refused"] is False
    settings.write_text('[[employer]]\nname = "Acme"\npeers = 3\n')
    assert cli(*asked).code == 0


@pytest.mark.parametrize(("wanted", "said"), [
    (("--compare", "previous"), "are about one employer"), (("--by", "week"), "are about one employer"),
    (("--employer", "Acme", "--compare", "2030-01..2030-02"), "does not end before"), (("--employer", "Acme", "--compare", "soon"), "'soon' is not a period"),
    (("--employer", "Acme", "--peer", "Gamma"), "nothing is stored about 'Gamma'"),
])  # fmt: skip
def test_what_cannot_be_compared(cli: Cli, data: Path, wanted: tuple[str, ...], said: str) -> None:
    """No employer named, a period that is none or too late, an unknown peer: a usage error that says so."""
    ran = cli("report", "--data-dir", data, *wanted)
    assert (ran.code, said in ran.err) == (2, True)


@pytest.mark.parametrize("period", ["year-ago", "2020-01..2020-03", "2020-01"])
def test_named_periods(cli: Cli, data: Path, period: str) -> None:
    """A year ago, a month or some months: without reviews there the verdict is too few."""
    told = cli("report", "--data-dir", data, "--employer", "Acme", "--since", "30d", "--compare", period, "--format", "json").data
    assert told["changes"][0]["verdict"] == "too_few"


def test_partial_coverage(cli: Cli, web: Web) -> None:
    """A comparison made while a source could not be read ends with 3."""
    web.serve("press.example", Answer(rss("Acme", day="Mon, 02 Nov 2026 06:00:00 GMT")))
    Path("repwatch.toml").write_text(f'[web]\nretries = 0\ngateway = "{web.gateway}"\n[[employer]]\nname = "Acme"\n[[employer.source]]\nsource = "feed"\nurl = "https://press.example/a"\n'
                                     '[[employer.source]]\nsource = "jsonld"\nurl = "https://gone.example/a"\n')  # fmt: skip
    assert cli("check", "--data-dir", "d").code == 3
    ran = cli("report", "--data-dir", "d", "--employer", "Acme", "--since", "90d", "--compare", "previous", "--format", "json")
    assert (ran.code, ran.told["status"]) == (3, "partial")


@pytest.mark.parametrize(("source", "said"), [("youtube", "no key or password is set for this source"), ("googlenews", "terms are not accepted in the settings")])
def test_a_source_without_key_or_terms_was_not_read(cli: Cli, data: Path, alone: Path, source: str, said: str) -> None:
    """What a check could not read for want of a key, or of terms accepted, is not told as seen; the report ends with 3 as the check does."""
    (alone / "repwatch.toml").write_text(f'[[employer]]\nname = "Acme"\n[[employer.source]]\nsource = "{source}"\nquery = "Acme"\n')
    cli("check", "--data-dir", data)
    ran = cli("report", "--data-dir", data, "--employer", "Acme", "--since", "90d", "--compare", "previous")
    assert (ran.code, "Everything that was asked for could be read" in ran.out, said in " ".join(ran.out.split())) == (3, False, True)


@pytest.mark.parametrize("form", ["table", "json"])
def test_a_report_imports_nothing_heavy(data: Path, form: str) -> None:
    """What costs start-up time stays out of the read path: no validation, no database toolkit, no numbers library."""
    heavy = {"pydantic", "sqlalchemy", "alembic", "numpy", "scipy", "jinja2", "babel", "openpyxl", "httpx"}
    line = ["report", "--employer", "Acme", "--compare", "previous", "--format", form, "--data-dir", str(data)]
    code = f"import sys; from repwatch.cli.start import run; run({line!r}); print(chr(10), *sorted({heavy!r} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment(), timeout=60, check=True)
    assert done.stdout.decode().splitlines()[-1].strip() == ""


def test_a_wrong_period_to_compare_with(cli: Cli, data: Path) -> None:
    """The refusal names the option and what it understands."""
    ran = cli("report", "--data-dir", data, "--employer", "Acme", "--compare", "lastmonth")
    assert (ran.code, "--compare: 'lastmonth' is not a period" in ran.err, "Write previous, year-ago" in ran.err) == (2, True, True)
