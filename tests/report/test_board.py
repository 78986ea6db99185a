"""The board's page and its project from plain facts: what a small store cannot show."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from repwatch.pipeline.boarding import figure_of
from repwatch.report.board import document, project
from repwatch.report.plain import to_markdown

FIGURE = {"value": None, "n": 0, "low": None, "high": None}
SHARE = {"value": 0.5, "n": 4, "low": 0.2, "high": 0.8}
FACTS: dict[str, Any] = {
    "employer": "Acme", "since": "2025-11-01", "until": "2026-10-31", "today": "2026-11-25", "within_days": 14, "rating": FIGURE, "net_sentiment": FIGURE,
    "response_rate": {"value": 0.25, "n": 8, "low": 0.07, "high": 0.59}, "volume": 0, "praised": [], "blamed": [{"topic": "pay", "n": 9}],
    "peers": {"sources": ["indeed"], "rows": [{"employer": "Acme", "rating": None, "place": None, "best": None, "worst": None, "share_of_voice": SHARE},
              {"employer": "Globex", "rating": {"value": 3.5, "n": 9, "low": 3.0, "high": 4.0}, "place": 1, "best": 1, "worst": 2, "share_of_voice": SHARE}], "not_stored": []},
    "waiting": {"reviews": 0, "overdue": 0, "median_days": None, "oldest_days": None, "last_answer": None, "days_since_answer": None},
    "pages": {"found": 0, "unclaimed": 0, "unknown": 0, "unlooked": 0}, "projects": [],
}  # fmt: skip
PROJECT = {"title": "Photos", "owner": "human resources", "start": "2026-10-01", "weeks": 2, "measure": "the rate", "figure": "response_rate", "baseline": {"value": 0.25, "n": 8}, "notes": [], "ended": None}


def test_what_is_not_known_is_a_dash_or_left_out() -> None:
    """No rating, no rank, no pages: said so, and nothing is made up."""
    text = to_markdown(document(FACTS))
    assert text.partition("## If nothing")[0].partition("## Where we stand\n\n")[2] == """| Figure | Value (95 % interval) | n | What it is |
| --- | ---: | ---: | --- |
| Rating | – | 0 | mean of the stars, customers' sites left out |
| Net sentiment | – | 0 | positive less negative, of 100 clear texts |
| Response rate | 25 % (7 to 59) | 8 | of reviews that had 14 days or more |

## What employees say

| Praised | n | Blamed | n |
| --- | ---: | --- | ---: |
|  |  | pay | 9 |

Topics that five reviews or more praise, or blame; n is the number of these reviews. Smaller groups stay unsaid.

## Peers

| Employer | Rating | n | Rank | Share of voice |
| --- | ---: | ---: | ---: | ---: |
| Acme | – | – | – | 50 % (20 to 80) |
| Globex | 3.5 (3.0 to 4.0) | 9 | 1 to 2 | 50 % (20 to 80) |

Only the sources that all of them have: indeed.

Acme: too few ratings for a rank.

"""
    assert "Pages on review sites" not in text
    assert "1. Read together once a month (four weeks)." in text
    assert "rating: not known." in text


@pytest.mark.parametrize(("name", "expected"), [
    ("rating", {"value": None, "n": 0}), ("response_rate", {"value": 0.25, "n": 8}), ("overdue", {"value": 0, "n": None}), ("unlooked", {"value": 0, "n": None}), ("", None),
])  # fmt: skip
def test_a_figure_as_it_stands(name: str, expected: dict[str, Any] | None) -> None:
    """Shares and means with n, counts without, nothing where only people can tell."""
    assert figure_of(FACTS, name) == expected


@pytest.mark.parametrize(("figure", "now", "line"), [
    ("response_rate", {"value": 0.5, "n": 10}, "response rate: 25 % (n 8) at the start, 50 % (n 10) now"),
    ("rating", {"value": None, "n": 0}, "rating: 0.2 (n 8) at the start, – now"), ("overdue", None, "reviews that wait for too long: 0.2 (n 8) at the start, – now"),
])  # fmt: skip
def test_a_project_whose_weeks_are_over(figure: str, now: dict[str, Any] | None, line: str) -> None:
    """It says when they ended; the figure in its own unit."""
    shown = project(PROJECT | {"figure": figure}, now, date(2026, 10, 15), employer="Acme")
    assert shown.verdict == "Its 2 weeks ended on 2026-10-15."
    assert shown.sections[0].before[3] == line


def test_a_project_that_begins_tomorrow_is_in_its_first_week() -> None:
    """A clock that was set back makes no week zero."""
    assert project(PROJECT, None, date(2026, 9, 30), employer="Acme").verdict == "Week 1 of 2, until 2026-10-15."
