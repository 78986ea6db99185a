"""The board's page and its side project, from the command line, on a real store."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from tests.cli.conftest import Cli

from repwatch.analysis.themes import whole_months
from repwatch.cli.common import today

SETTINGS = """
data_dir = "data"
[[employer]]
name = "Acme"
peers = ["Globex", "Initech"]
[[employer]]
name = "Globex"
"""
FIRST, LAST = whole_months(today(), 12)


def review(number: int, employer: str, text: str, rating: float, *, answered: str | None = None, source: str = "indeed", day: str = LAST.isoformat()) -> dict[str, object]:
    field = "pros" if rating > 3 else "cons"
    return {"type": "review", "source": source, "native_id": f"{employer}{number}", "employer": employer, "published": day, "lang": "en", "rating": rating, field: text,
            "responses": [{"text": "Thank you", "published": answered}] if answered else []}  # fmt: skip


def lines() -> list[dict[str, object]]:
    answer = today().isoformat()
    rows = [review(n, "Acme", "The pay is bad.", 2) for n in range(6)]
    rows += [review(n, "Acme", "Great colleagues.", 5, answered=answer if n < 8 else None) for n in range(6, 11)]
    rows += [review(n, "Acme", "The tools are bad.", 2.5) for n in range(11, 15)]
    rows += [review(n, "Acme", "Never again, the pay is bad!", 1, source="trustpilot") | {"voice": "customer"} for n in range(20, 26)]
    rows += [review(n, "Globex", "Great colleagues.", 4) for n in range(5)]
    rows.append({"type": "profile", "source": "glassdoor", "native_id": "g", "employer": "Acme", "claimed": "unclaimed", "observed": "2026-01-02"})
    return rows


@pytest.fixture(autouse=True)
def filled(cli: Cli, alone: Path) -> None:
    """Store a year of an employer and of a peer."""
    (alone / "repwatch.toml").write_text(SETTINGS)
    (alone / "lines.jsonl").write_text("\n".join(map(json.dumps, lines())))
    assert cli("import", "lines.jsonl").code == 0


def claim(cli: Cli, alone: Path) -> None:
    (alone / "more.jsonl").write_text(json.dumps({"type": "profile", "source": "glassdoor", "native_id": "g", "employer": "Acme", "claimed": "claimed", "observed": "2026-01-03"}))
    assert cli("import", "more.jsonl").code == 0


def test_the_page_as_the_board_sees_it(cli: Cli) -> None:
    """Facts with n and interval, groups of five or more, peers, what waits, three proposals; on one page."""
    waited = (today() - LAST).days
    overdue = waited > 14
    text = cli("board", "--format", "md").out
    assert text.partition("## If nothing is done")[0] == f"""# Acme as an employer, {FIRST} to {LAST}

## Where we stand

| Figure | Value (95 % interval) | n | What it is |
| --- | ---: | ---: | --- |
| Rating | 3.1 (2.4 to 3.9) | 15 | mean of the stars, customers' sites left out |
| Net sentiment | -9 (-57 to +44) | 11 | positive less negative, of 100 clear texts |
| Response rate | {"13 % (4 to 38) | 15" if overdue else "– | 0"} | of reviews that had 14 days or more |

## What employees say

| Praised | n | Blamed | n |
| --- | ---: | --- | ---: |
| the colleagues | 5 | pay | 6 |

Topics that five reviews or more praise, or blame; n is the number of these reviews. Smaller groups stay unsaid.

## Peers

| Employer | Rating | n | Rank | Share of voice |
| --- | ---: | ---: | ---: | ---: |
| Globex | 4.0 (2.7 to 4.4) | 5 | 1 | 25 % (11 to 47) |
| Acme | 3.1 (2.4 to 3.9) | 15 | 2 | 75 % (53 to 89) |

Only the sources that all of them have: indeed.

Initech: nothing is stored.

"""
    facts = text.partition("stays as it is\n\n")[2].partition("\n\n## Three")[0].split("\n\n")
    assert facts == [
        "13 reviews wait for an answer.", *(["13 of them are worth an answer and have waited for longer than 14 days."] if overdue else []),
        f"Half of them have waited for {waited} days or longer, the oldest for {waited}.", "The last answer that carries a date was given 0 days ago.",
        "Pages on review sites: 3. Nobody has claimed 1 of them; of 2 it is not known.", "On 1 review site nothing was read yet.",
        "Of what is said about us and our peers, 75 % (53 to 89) is about us.",
    ]  # fmt: skip
    assert re.findall(r"(?m)^(\d\. .*?\))", text) == ["1. Claim our pages (four weeks)", "2. Answer within 14 days (three months)", "3. Take up what is blamed most: pay (one year)"]
    assert text.endswith("\nTo begin with the first proposal: repwatch board project start\n")
    assert len(cli("board").out.splitlines()) <= 66


@pytest.mark.parametrize(("lang", "expected"), [("fr", "Revendiquer nos fiches"), ("nl", "Onze pagina's claimen"), ("de", "Unsere Seiten beanspruchen")])
def test_the_page_speaks_the_users_language(cli: Cli, lang: str, expected: str) -> None:
    """Proposals and frame in one language."""
    text = cli("--ui-lang", lang, "board", "--format", "md").out
    assert expected in text
    assert [english for english in ("Where we stand", "Measure:", "Who:", "Peers", "{") if english in text] == []


def test_the_page_for_printing(cli: Cli, alone: Path) -> None:
    """HTML is a page without a script; JSON carries facts and proposals."""
    assert cli("board", "--format", "html", "--out", "board.html").code == 0
    page = (alone / "board.html").read_text("utf-8")
    assert [("Claim our pages" in page), ("<script" in page)] == [True, False]
    data = cli("board", "--format", "json").data
    assert [(each["size"], each["kind"], each["figure"]) for each in data["proposals"]] == [("small", "claim", "unclaimed"), ("medium", "rhythm", "response_rate"), ("large", "topic", "rating")]


def test_an_employer_without_anything(cli: Cli, alone: Path) -> None:
    """No peers, too few reviews: said so, and the proposals fit."""
    (alone / "repwatch.toml").write_text('data_dir = "data"\n[[employer]]\nname = "Umbra"\n')
    (alone / "lines.jsonl").write_text(json.dumps(review(1, "Umbra", "Fine.", 4, day=FIRST.isoformat())))
    cli("import", "lines.jsonl")
    for item in cli("answers", "--employer", "Umbra", "--format", "json").data:
        cli("answers", "skip", item["id"])
    text = cli("board", "--format", "md").out
    assert [part in text for part in ("too few reviews to tell", "No review waits for an answer.", f"No answer with a date was given to a review since {FIRST}.", "1. Find our pages", "3. Colleagues who tell")] == [True] * 5
    assert "## Peers" not in text
    (alone / "repwatch.toml").write_text('data_dir = "data"\n[[employer]]\nname = "Umbra"\npeers = ["Void"]\n')
    assert "No source was read for all of them: they cannot be compared." in cli("board", "--format", "md").out


def test_a_side_project_from_start_to_end(cli: Cli, alone: Path) -> None:
    """It keeps how things stood, shows how they stand, takes notes, and ends."""
    day, end = today(), today() + timedelta(weeks=4)
    assert cli("board", "project", "status").out == "No side project was started for Acme\n\nTo begin: repwatch board project start\n"
    assert cli("board", "project", "note", "x").code == 2
    begun = f"""Claim our pages
Week 1 of 4, until {end}.

Who: the communication team, half a day a week
Since: {day}
Measure: pages that nobody has claimed: 1 today, 0 in four weeks
pages that nobody has claimed: 1 at the start, 1 now
A difference between two figures is no proof that the project made it.
"""
    assert cli("board", "project", "start").out == begun
    ran = cli("board", "project", "start")
    assert (ran.code, "a side project is running already: Claim our pages" in ran.err) == (2, True)
    assert cli("board").out.endswith(f"The side project\nClaim our pages. Week 1 of 4, until {end}.\n")
    claim(cli, alone)
    assert cli("board", "project", "note", "met the site").out == begun.replace("1 now", "0 now") + f"\nNotes\n{day}: met the site\n"
    told = cli("board", "project", "done", "--note", "all claimed", "--format", "json").data
    assert (told["ended"], told["baseline"], told["now"], told["notes"]) == (day.isoformat(), {"value": 1, "n": None}, {"value": 0, "n": None}, [[day.isoformat(), "met the site"], [day.isoformat(), "all claimed"]])
    assert f"Ended on {day}." in cli("board", "project", "status").out
    ran = cli("board", "project", "done")
    assert (ran.code, "no side project is running for Acme" in ran.err) == (2, True)


def test_a_project_of_ones_own_has_a_measure(cli: Cli) -> None:
    """Title, owner, weeks and measure as typed; no figure is invented for it."""
    ran = cli("board", "project", "start", "--title", "Photos")
    assert (ran.code, "a project of your own needs a measure" in ran.err) == (2, True)
    out = cli("board", "project", "start", "--title", "Photos", "--measure", "ten photos", "--weeks", "2", "--note", "go").out
    assert out.splitlines()[3:] == ["Who: human resources", f"Since: {today()}", "Measure: ten photos", "", "Notes", f"{today()}: go"]
