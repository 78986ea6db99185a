"""`repwatch profiles`: a figure typed in by hand, and the list of what each site says."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.cli.conftest import Cli
from tests.loopback import ld_page, rated

TODAY = datetime.now(UTC).astimezone().date()


@pytest.fixture
def acme(alone: Path) -> Path:
    """Settings with one employer."""
    (alone / "repwatch.toml").write_text('[[employer]]\nname = "Acme"\n')
    return alone


def listed(cli: Cli, *more: str) -> list[tuple[object, ...]]:
    rows = json.loads(cli("profiles", "observations", "--data-dir", "data", "--format", "json", *more).out)["data"]
    return [(row["employer"], row["source"], row["observed"], row["rating"], row["review_count"], row["claimed"], row["evidence"]) for row in rows]


def test_add(cli: Cli, acme: Path) -> None:
    """A figure is kept with its day and as typed in by hand; the same once more changes nothing; it can be taken back."""
    ran = cli("profiles", "add", "glassdoor", "--claimed", "no", "--rating", "3,4", "--count", 41, "--on", "today", "--recommend", "60%", "--ceo", "0.5", "--url", "https://www.glassdoor.be/x", "--data-dir", "data", "--format", "json")
    assert [ran.code, ran.data["recommend"], ran.data["ceo_approval"], ran.data["domain"]] == [0, 0.6, 0.5, "www.glassdoor.be"]
    assert [("Acme", "glassdoor", TODAY.isoformat(), 3.4, 41, "unclaimed", "typed in by hand")] == listed(cli)
    again = cli("profiles", "add", "glassdoor", "--claimed", "no", "--rating", "3.4", "--count", 41, "--recommend", "0.6", "--ceo", "50 %", "--url", "https://www.glassdoor.be/x", "--data-dir", "data")
    assert "This was known already; nothing changed." in again.out
    # What was typed in twice is taken back twice.
    assert [(cli("import", "--undo", run, "--data-dir", "data").code, len(listed(cli))) for run in (1, 2)] == [(0, 1), (0, 0)]
    assert listed(cli) == []
    assert "No profile is known yet" in cli("profiles", "observations", "--data-dir", "data").out


def test_history(cli: Cli, acme: Path) -> None:
    """The latest of each source comes first, then what it was before; a page says that it was one; filters hold."""
    old = (TODAY - timedelta(days=30)).isoformat()
    assert cli("profiles", "add", "kununu", "--rating", "7", "--scale", "10", "--employer", "acme", "--data-dir", "data").code == 0
    assert cli("profiles", "add", "kununu", "--rating", "6.5", "--scale", "10", "--on", old, "--data-dir", "data").code == 0
    (acme / "page.html").write_bytes(ld_page(rated()))
    assert cli("import", acme / "page.html", "--data-dir", "data").code == 0
    assert [(row[1], row[2], row[3], row[6]) for row in listed(cli)][1:] == [("kununu", TODAY.isoformat(), 7, "typed in by hand"), ("kununu", old, 6.5, "typed in by hand")]
    assert [(row[1], row[6]) for row in listed(cli, "--source", "jsonld")] == [("jsonld", "a page")]
    table = cli("profiles", "observations", "--data-dir", "data").out
    assert [said in table for said in ("2 profiles", "Before", "7 of 10", "6.5 of 10", "a page")] == [True] * 5
    assert [cli("profiles", *more, "--employer", "Beta", "--data-dir", "data").code for more in ((), ("observations",))] == [2, 2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["glasdoor", "--rating", "3"], "Did you mean 'glassdoor'?"), (["glassdoor"], "there is nothing to add"), (["glassdoor", "--rating", "good"], "this is no number"), (["glassdoor", "--rating", ""], "this is no number"),
        (["glassdoor", "--rating", "5.1"], "a rating lies above 0 and is 5 at most"), (["glassdoor", "--rating", "0"], "a rating lies above 0"), (["glassdoor", "--recommend", "60"], "a share lies between 0 and 1"),
        (["glassdoor", "--rating", "3", "--on", "2999-01-01"], "this day is still to come"), (["glassdoor", "--rating", "3", "--on", "24/11/2026"], "--on 24/11/2026: this is no day\n  Write today, yesterday, or year-month-day: 20"), (["glassdoor", "--rating", "3", "--url", "glassdoor.be"], "this is no web address"),
        (["glassdoor", "--rating", "3", "--url", "http://[::bad"], "this is no web address"), (["glassdoor", "--claimed", "perhaps"], "perhaps"), (["glassdoor", "--count", "-1"], "-1"), (["table", "--rating", "3"], "Known sources"),
    ],
)  # fmt: skip
def test_wrong_figures(cli: Cli, acme: Path, arguments: list[str], said: str) -> None:
    """A figure that cannot be is refused with what would be right, exit 2, and nothing is stored."""
    ran = cli("profiles", "add", *arguments, "--data-dir", "data")
    assert [ran.code, said in ran.err] == [2, True]
    assert not (acme / "data").exists()


def test_which_employer(cli: Cli, alone: Path) -> None:
    """Without one employer in the settings --employer is needed; sources that only tables are read of can be typed in too."""
    assert "Give --employer NAME." in cli("profiles", "add", "ambitionbox", "--rating", "3").err
    assert cli("profiles", "add", "ambitionbox", "--rating", "3", "--employer", "Beta", "--data-dir", "data").code == 0
    (alone / "repwatch.toml").write_text('[[employer]]\nname = "Acme"\npeers = ["Beta"]\n[[employer]]\nname = "Beta"\n')
    assert "Give --employer with one of: Acme, Beta." in cli("profiles", "add", "ambitionbox", "--rating", "3").err
