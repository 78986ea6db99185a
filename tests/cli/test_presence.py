"""Pages on review sites, from the command line, on a real store."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Cli

from repwatch.cli.common import today

SETTINGS = """
data_dir = "data"
[[employer]]
name = "Acme"
peers = ["Globex", "Initech"]
[[employer.source]]
source = "kununu"
url = "https://www.kununu.com/de/acme"
[[employer]]
name = "Globex"
"""


def profile(source: str, native: str, employer: str, claimed: str, observed: str, **fields: object) -> dict[str, object]:
    return {"type": "profile", "source": source, "native_id": native, "employer": employer, "claimed": claimed, "observed": observed} | fields


def review(number: int, days: int, *, answered: bool = False) -> dict[str, object]:
    day = (today() - timedelta(days=days)).isoformat()
    return {"type": "review", "source": "indeed", "native_id": f"r{number}", "employer": "Acme", "published": day, "lang": "en", "rating": 2, "cons": "Long hours",
            "responses": [{"text": "Thank you"}] if answered else []}  # fmt: skip


GLASSDOOR = "https://www.glassdoor.be/Reviews/Acme-Reviews-E1.htm"
LINES = [
    profile("glassdoor", "g1", "Acme", "unclaimed", "2026-08-01", url=GLASSDOOR, rating=3.2),
    profile("glassdoor", "g1", "Acme", "claimed", "2026-11-02", url=GLASSDOOR, rating=3.4, review_count=212, recommend=0.61, ceo_approval=0.55),
    profile("glassdoor", "g1", "Acme", "unknown", "2026-11-05", url=GLASSDOOR, rating=3.4, review_count=213, filter="city: Gent"),
    profile("indeed", "i1", "Acme", "unclaimed", "2026-11-03", rating=3.1, review_count=40),
    profile("comparably", "c1", "Acme", "unknown", "2026-11-03", rating=71, rating_scale=100),
    profile("glassdoor", "g2", "Globex", "unclaimed", "2026-11-03", rating=2.9, review_count=12, url="https://g.example"),
    review(1, 13), review(2, 14), review(3, 40), review(4, 50, answered=True),
]  # fmt: skip


@pytest.fixture(autouse=True)
def filled(cli: Cli, alone: Path) -> None:
    """Store profiles of an employer and a peer, and reviews of different ages."""
    (alone / "repwatch.toml").write_text(SETTINGS)
    (alone / "lines.jsonl").write_text("\n".join(map(json.dumps, LINES)))
    assert cli("import", "lines.jsonl").code == 0


def rows(cli: Cli, *arguments: str) -> dict[tuple[str, str], dict[str, Any]]:
    data = cli("profiles", *arguments, "--format", "json").data
    return {(each["employer"], row["source"]): row for each in data["employers"] for row in each["sites"]}


def test_what_is_filled_in_is_told_part_by_part(cli: Cli, alone: Path) -> None:
    """Each part as it was last told, since a page tells of some parts only; where nothing presses, filling in is next."""
    (alone / "more.jsonl").write_text("\n".join(json.dumps(profile("glassdoor", "g1", "Acme", "claimed", day, url=GLASSDOOR, filled=parts, badges={"OpenCompany": True})) for day, parts in (
        ("2026-11-03", {"logo": False, "website": True}), ("2026-11-04", {"logo": True, "cover_photo": False}))))  # fmt: skip
    assert cli("import", "more.jsonl").code == 0
    row = rows(cli)["Acme", "glassdoor"]
    assert (row["filled"], row["next"], row["link"]) == ({"cover_photo": False, "logo": True, "website": True}, "fill_in", GLASSDOOR)
    assert "Glassdoor: 2 of 3 parts that the page shows are filled in; missing: cover photo." in cli("profiles").out
    assert (row["badges"], "Glassdoor: the page bears the badge OpenCompany." in cli("profiles").out) == ({"OpenCompany": True}, True)
    assert rows(cli)["Globex", "glassdoor"]["filled"] == {}


def test_every_site_is_there_with_what_says_so_and_what_to_do(cli: Cli) -> None:
    """Sites of employee reviews always, others where something is stored; peers without a next step."""
    found = rows(cli)
    told = {key: (row["page"], row["claimed"], row["claimed_told_by"], row["claimed_observed"], row["next"], row["link"]) for key, row in found.items()}
    assert told == {
        ("Acme", "glassdoor"): ("found", "claimed", "page", "2026-11-02", "none", None),
        ("Acme", "indeed"): ("found", "unclaimed", "page", "2026-11-03", "claim", "https://employers.indeed.com/"),
        ("Acme", "kununu"): ("unread", "unknown", "nobody", None, "save", "https://www.kununu.com/de/acme"),
        ("Acme", "comparably"): ("found", "unknown", "nobody", None, "find_out", None),
        ("Globex", "glassdoor"): ("found", "unclaimed", "page", "2026-11-03", None, None),
        **{("Globex", name): ("unlooked", "unknown", "nobody", None, None, None) for name in ("indeed", "kununu")},
        **{("Initech", name): ("unlooked", "unknown", "nobody", None, None, None) for name in ("glassdoor", "indeed", "kununu")},
    }
    assert (found["Acme", "glassdoor"]["review_count"], found["Acme", "glassdoor"]["filter"]) == (212, None)


def test_reviews_count_once_they_are_old_enough(cli: Cli) -> None:
    """Three of four are 14 days old or older, one of them is answered."""
    row = rows(cli, "--source", "indeed")["Acme", "indeed"]
    assert (row["reviews_stored"], row["unanswered"], row["overdue"]) == (4, 3, 2)
    assert row["response_rate"] == {"value": 0.333, "n": 3, "low": 0.061, "high": 0.792}
    assert row["last_review"] == (today() - timedelta(days=13)).isoformat()


def test_the_pages_as_a_person_sees_them(cli: Cli) -> None:
    """One row a site, what to do next, then the peers."""
    last = (today() - timedelta(days=13)).isoformat()
    assert cli("profiles", "--format", "md").out == f"""# Acme: 3 pages on review sites

Claimed: 1. Unclaimed: 1. Unknown: 1.

| Site | Page | Rating | Reviews | Recommend | CEO | Last review | Unanswered | Response rate | What says so |
| --- | --- | ---: | ---: | ---: | ---: | --- | ---: | --- | --- |
| Glassdoor | claimed | 3.4 | 212 | 61 % | 55 % | – | – | – | the page, 2026-11-02 |
| Indeed | unclaimed | 3.1 | 40 | – | – | {last} | 3 of 4 | 33 % (6 to 79), n 3 | the page, 2026-11-03 |
| kununu | not read yet | – | – | – | – | – | – | – | – |
| comparably | unknown | 71 of 100 | – | – | – | – | – | – | no stored page tells |

## What to do next

| Site | Next | Where |
| --- | --- | --- |
| Glassdoor | nothing | – |
| Indeed | claim the page | https://employers.indeed.com/ |
| kununu | save the page in your browser and drop it into the inbox folder | https://www.kununu.com/de/acme |
| comparably | find out whether it is claimed, then: \\`repwatch profiles add\\` | – |

## Peers

| Employer | Site | Page | Rating | Reviews | Recommend | CEO | Last review | Unanswered | Response rate | What says so |
| --- | --- | --- | ---: | ---: | ---: | ---: | --- | ---: | --- | --- |
| Globex | Glassdoor | unclaimed | 2.9 | 12 | – | – | – | – | – | the page, 2026-11-03 |

Initech: no page is stored.

Response rate: of the reviews that are 14 days old or older, with its 95 % interval.
"""


def test_companies_side_by_side_on_one_page(cli: Cli) -> None:
    """The most unclaimed first; a dash is not a zero; where a page is claimed."""
    assert cli("profiles", "--shock").out == """2 of 2 companies have a page that nobody has claimed
Claimed: 1. Unclaimed: 2. Unknown: 1.

Company  Glassdoor            Indeed               kununu  comparably         Without answer
────────────────────────────────────────────────────────────────────────────────────────────
Acme     claimed 3.4★ (212)   unclaimed 3.1★ (40)  –       unknown 71 of 100          3 of 4
Globex   unclaimed 2.9★ (12)  –                    –       –                               –

Where a page is claimed
Glassdoor: https://www.glassdoor.com/employers/sign-up/
Trustpilot: https://business.trustpilot.com/signup

A dash: no page is stored, which does not mean that there is none. Each page is shown as its site last showed it.
"""
    ran = cli("profiles", "--shock", "--employer", "globex", "--employer", "Globex", "--format", "md")
    assert ran.out.startswith("# 1 of 1 company has a page that nobody has claimed\n\nClaimed: 0. Unclaimed: 1. Unknown: 0.\n\n| Company | Glassdoor | Indeed | kununu | Without answer |\n")


def test_the_history_of_a_claim(cli: Cli) -> None:
    """When a page was first and last seen in each state."""
    assert cli("profiles", "--history", "--source", "glassdoor").out == """Since when pages are claimed

Employer  Site       Claimed    First seen so  Last seen so  What says so
─────────────────────────────────────────────────────────────────────────
Acme      Glassdoor  unclaimed  2026-08-01     2026-08-01    the page
Acme      Glassdoor  claimed    2026-11-02     2026-11-02    the page
"""
    assert cli("profiles", "--history", "--source", "kununu").out == "No page that is stored tells whether it is claimed.\n"


def test_nothing_stored_is_no_proof_that_there_is_nothing(cli: Cli, alone: Path) -> None:
    """Without a page the answer says so; without settings every employer of the store is shown."""
    assert cli("profiles", "--employer", "Acme", "--source", "kununu").out.startswith(
        "Acme: no page on a review site is stored\nThat a page is not stored does not mean that there is none: look for it.\n")  # fmt: skip
    (alone / "repwatch.toml").write_text('data_dir = "data"\n')
    assert cli("profiles").out.startswith("4 pages on review sites\n")


@pytest.mark.parametrize(("arguments", "expected"), [
    (("--history", "--shock"), "--history and --shock are two different pages"), (("--employer", "Glob"), "nothing is stored about 'Glob'\n  Did you mean 'Globex'?"),
])  # fmt: skip
def test_what_cannot_be_is_refused(cli: Cli, arguments: tuple[str, ...], expected: str) -> None:
    """Exit 2, with what would be right."""
    ran = cli("profiles", *arguments)
    assert (ran.code, expected in ran.err) == (2, True)


def test_a_sheet_of_ones_own_is_no_page(cli: Cli, alone: Path) -> None:
    """Reviews out of a table that names no site wait for an answer, and are no page that anybody could claim."""
    (alone / "repwatch.toml").write_text(SETTINGS + '[[employer]]\nname = "Solo"\n')
    (alone / "survey.csv").write_text("date,rating,comment\n2026-11-24,5,Good\n2026-11-23,1,Bad planning\n")
    assert cli("import", "survey.csv", "--employer", "Solo").code == 0
    told = cli("profiles", "--employer", "Solo", "--format", "json").data["employers"]
    assert [(row["source"], row["page"]) for each in told for row in each["sites"]] == [("glassdoor", "unlooked"), ("indeed", "unlooked"), ("kununu", "unlooked")]
    assert "2 reviews wait" in cli("answers", "--employer", "Solo").out
