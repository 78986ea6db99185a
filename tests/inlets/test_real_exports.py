"""Every real export: type, count and key facts, checked by hand against the file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.real import REAL, needs_real

from repwatch.models import Mention, Presence, Problem, Review
from repwatch.pipeline.reading import PageRead, read_file

pytestmark = needs_real
EXPORTS = REAL / "reviews" / "exports"
MEMBER = REAL / "social" / "linkedin"

#: file: source, reviews, problems, undated, rated, sum of stars, first and last date, employer
FACTS: dict[str, tuple[str, int, int, int, int, float, str, str, str | None]] = {
    "amazon_page_1.json": ("blind", 30, 0, 0, 30, 95.0, "2025-05-16T21:49:12Z", "2025-05-20T06:37:54Z", None),
    "bcg_reviews.csv": ("ambitionbox", 516, 0, 0, 516, 1891.0, "2017-08-08", "2026-03-26", "BCG"),
    "csshlok_EY_reviews.csv": ("glassdoor", 1000, 0, 6, 1000, 3674.0, "2025-02-04", "2025-10-18", None),
    "dhl_reviews.csv": ("kununu", 50, 6, 0, 0, 0.0, "2025-09", "2025-10", None),
    "dhl_reviews.xlsx": ("kununu", 50, 6, 0, 0, 0.0, "2025-09", "2025-10", None),
    "google_2025-05.json": ("comparably", 951, 0, 0, 0, 0.0, "2016-10-27", "2025-05-12", "google"),
    "ikhsan_glassdoor_data.csv": ("glassdoor", 40, 0, 0, 40, 140.0, "2022-11-14", "2023-04-13", None),
    "sap.json": ("kununu", 100, 0, 0, 100, 343.6, "2024-10", "2025-06", "sap"),
    "zehengl_City-of-Ottawa.json": ("indeed", 348, 0, 0, 348, 1468.0, "2012-03-27", "2022-11-16", None),
}


def outcomes(path: Path, **options: Any) -> tuple[str | None, list[Any]]:
    """Return the source of a file and all that it holds."""
    file = read_file(path, **options)
    if file.lines is not None:
        return file.read.source, list(file.lines)
    reads: list[PageRead] = list(file.pages())
    return reads[0].source, [each for read in reads for each in read.outcomes]


@pytest.mark.parametrize("name", FACTS)
def test_facts(name: str) -> None:
    """Counts, stars and dates are those of the file."""
    source, found = outcomes(EXPORTS / name)
    reviews = [each for each in found if isinstance(each, Review)]
    dates = sorted(each.published for each in reviews if each.published)
    stars = [each.rating for each in reviews if each.rating is not None]
    employers = {each.employer for each in reviews}
    problems = sum(isinstance(each, Problem) for each in found)
    told = (source, len(reviews), problems, len(reviews) - len(dates), len(stars), round(sum(stars), 1), dates[0], dates[-1], *employers)
    assert FACTS[name] == told
    assert {source} == {each.source for each in reviews}


def test_no_export_is_forgotten() -> None:
    """Each file of the folder stands in the table, but for the one that is a payload of Glassdoor's own shape."""
    assert {path.name for path in EXPORTS.iterdir()} == {*FACTS, "bitbash_apify_like_sample.json"}
    source, found = outcomes(EXPORTS / "bitbash_apify_like_sample.json")
    assert [source, [each.type for each in found]] == ["glassdoor", ["profile", "review", "salary", "interview"]]
    profile, review, salary, interview = found
    assert [(profile.rating, profile.review_count, profile.recommend), review.native_id, salary.base["p50"], interview.native_id] == [(3.9, 47, 0.82), "93656313", 110000, "123456"]


def test_ambitionbox_row() -> None:
    """The first row, field by field; the title is the reviewer's department, as the file has it."""
    _, found = outcomes(EXPORTS / "bcg_reviews.csv")
    expected = Review(
        source="ambitionbox", employer="BCG", published="2026-03-25", rating=4.0, title="HR Operations", job_title="Global L&D Coordinator", location="Gurugram", status="current",
        pros="People, Culture, Employee affiliation programs", cons="Slow growth, lack of promotions,",
        body="2 days/week from office,\xa0Monday to Friday\xa0(Flexible Timings), This is a desk job.",
        subratings={"work_life_balance": 5.0, "compensation": 3.0, "security": 4.0, "culture": 5.0, "skills": 4.0, "satisfaction": 4.0, "career": 3.0})  # fmt: skip
    assert expected == found[0]


def test_kununu_tables_agree() -> None:
    """CSV and XLSX of the same table give the same reviews; advertisements are left out by row; texts keep their aspect."""
    csv, xlsx = (outcomes(EXPORTS / f"dhl_reviews.{ending}")[1] for ending in ("csv", "xlsx"))
    assert csv == xlsx
    assert [each.detail.split(":")[0] for each in csv if isinstance(each, Problem)] == ["row 5", "row 13", "row 17", "row 28", "row 39", "row 50"]
    reviews = [each for each in csv if isinstance(each, Review)]
    assert Counter(each.recommend for each in reviews) == {True: 32, False: 18}
    assert reviews[0].body is not None
    assert reviews[0].body.split("\n\n")[-1] == "Vorgesetztenverhalten: Unmenschlich"
    assert reviews[0].pros == "Gehalt kommt Pünktlich"


def test_kununu_json() -> None:
    """Voice and status come from one word; the reader's own numbers are no ids; aspects that nobody listed are kept as text."""
    _, found = outcomes(EXPORTS / "sap.json")
    assert Counter(each.status for each in found) == {"current": 82, "former": 17, None: 1}
    assert Counter(each.voice for each in found) == {"employee": 99, "apprentice": 1}
    assert {each.native_id for each in found} == {None}
    assert sum("Arbeitszeiten: " in (each.body or "") for each in found) == 1
    assert [sum(bool(getattr(each, name)) for each in found) for name in ("pros", "cons", "advice")] == [63, 61, 64]


def test_indeed_json() -> None:
    """A job and its status stand in one cell; another bracket stays in the job title. One row stands on each of the pages that were read, and is one review."""
    _, found = outcomes(EXPORTS / "zehengl_City-of-Ottawa.json")
    assert Counter(each.status for each in found) == {"former": 203, "current": 136, None: 9}
    assert (found[0].job_title, found[0].status, found[0].published) == ("Maintenant helper", "former", "2020-03-19")
    assert len({each.native_id for each in found}) == 348


def test_glassdoor_csv() -> None:
    """Dates written out, jobs with a blank before them, "null" as a place."""
    _, found = outcomes(EXPORTS / "ikhsan_glassdoor_data.csv")
    assert (found[0].published, found[0].job_title, found[0].location, found[0].status) == ("2023-04-13", "Senior Manager Production Entertainment", "Las Vegas, NV", "current")
    assert Counter(each.status for each in found) == {"former": 21, "current": 19}
    assert "null" not in {each.location for each in found}


def test_comparably_and_blind() -> None:
    """An answer has its question as title; a reason for leaving is a paragraph of its own."""
    _, answers = outcomes(EXPORTS / "google_2025-05.json")
    assert (answers[0].title, answers[0].body) == ("What is the best part about your compensation package?", "Very Kind And Support All Team")
    assert len({each.title for each in answers}) == 15
    _, reviews = outcomes(EXPORTS / "amazon_page_1.json")
    assert [each.body.split(":")[0] for each in reviews if each.body] == ["Reason for leaving"]


MEMBERS: dict[str, tuple[dict[str, int] | None, list[str]]] = {
    "SYNTHETIC_Company Follows.csv": ({"follows": 1}, []),
    "SYNTHETIC_Connections_en.csv": ({"contacts": 3}, []),
    "SYNTHETIC_Connections_en_bom_no_preamble_old_columns.csv": ({"contacts": 1}, []),
    "SYNTHETIC_Profile.csv": (None, ["personal"]),
    "SYNTHETIC_Reactions.csv": ({"reactions": 1}, []),
    "SYNTHETIC_Shares_1000001.csv": ({"posts": 2}, []),
    "SYNTHETIC_error_401.json": (None, []),
    "SYNTHETIC_error_403.json": (None, []),
    "SYNTHETIC_networkSizes_200.json": (None, []),
}


@pytest.mark.parametrize("name", MEMBERS)
def test_files_of_a_member(name: str) -> None:
    """Contacts are counted without the row of commas and the notes above; posts have no author; no name comes out."""
    _, found = outcomes(MEMBER / name, personal=True)
    counts = next((each.counts for each in found if isinstance(each, Presence)), None)
    assert MEMBERS[name] == (counts, [each.reason for each in found if isinstance(each, Problem)])
    everything = " ".join(each.model_dump_json() for each in found)
    assert [name for name in ("Anne", "Bart", "Voorbeeld", "Solo", "exemple") if name in everything] == []


def test_no_file_of_a_member_is_forgotten() -> None:
    """Each file of the folder stands in the table."""
    assert {path.name for path in MEMBER.iterdir()} == {*MEMBERS}


def test_posts_of_a_member() -> None:
    """Doubled quotation marks and line breaks are the text's own; a post without words keeps the link it shared."""
    _, found = outcomes(MEMBER / "SYNTHETIC_Shares_1000001.csv", personal=True)
    first, second = (each for each in found if isinstance(each, Mention))
    assert (first.published, first.native_id, first.text) == ("2026-05-07T16:41:18Z", "urn:li:ugcPost:7458194261025673216", 'Fière de l\'équipe Acme !\n\nOn recrute ""vite"".'.replace('""', '"'))
    assert (second.text, second.author, second.engagement) == ("https://example.com/article", None, {})
