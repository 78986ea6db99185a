"""The report of a period, to the last character."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from tests.report.test_plain import HOSTILE
from tests.report.whole import seen

from repwatch.refusals import MEANING
from repwatch.report.document import Cell, Section
from repwatch.report.leads import with_leads
from repwatch.report.overview import overview
from repwatch.report.plain import to_csv, to_markdown
from repwatch.report.terminal import to_terminal

NONE = {"value": None, "n": 0, "low": None, "high": None}
RATING = {"value": 3.5, "n": 4, "low": 2.5, "high": 4.5}
BALANCE = {"value": 0.24, "n": 9, "low": -0.08, "high": 0.51}


def source(**more: Any) -> dict[str, Any]:
    return {"source": "glassdoor", "volume": 4, "rating": RATING, "net_sentiment": BALANCE, "answered": 1, "unanswered": 3, "profiles": [more.pop("profile")] if more.get("profile") else [],
            "coverage": seen(runs=4, read=4, last_read="2026-03-30T06:00Z", last_state="read", last_reason=""), **more}  # fmt: skip


def employer(*sources: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"employer": "Acme", "volume": 5, "rating": RATING, "net_sentiment": BALANCE, "sources": list(sources), **more}


def profile(**more: Any) -> dict[str, Any]:
    return {"domain": None, "filter": None, "claimed": "claimed", "rating": 3.27, "rating_scale": 5, "review_count": 120, "recommend": 0.62, "ceo_approval": None, "observed": "2026-03-29T00:00Z", **more}


def data(*employers: dict[str, Any], since: str | None = "2026-01-01", until: str | None = "2026-03-31") -> dict[str, Any]:
    return {"since": since, "until": until, "scorers": [], "employers": list(employers)}


def sections(found: dict[str, Any]) -> dict[str, Section]:
    return {each.name: each for each in overview(found).sections}


def test_a_report_to_the_last_character() -> None:
    """One employer with two sources: figures, a line for all, the site's own, what could not be seen, how to read it."""
    refused = seen(runs=4, read=1, last_read="2026-03-01T06:00Z", last_state="refused", last_reason="challenge")
    found = data(employer(source(profile=profile()), source(source="kununu", volume=1, rating=NONE, net_sentiment=NONE, answered=0, unanswered=0, coverage=refused)))
    expected = f"""\
# Employer reputation · 2026-01-01 to 2026-03-31

Acme: 5 reviews and mentions, rating 3.5 (2.5 to 4.5) from 4 reviews, net sentiment +24 (-8 to +51).

## Figures

| Source | New | Rating | n | Net sentiment | n | Answered | Seen |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |
| glassdoor | 4 | 3.5 (2.5 to 4.5) | 4 | +24 (-8 to +51) | 9 | 1 of 4 | 4/4 |
| kununu | 1 | – | 0 | – | 0 | – | 1/4 |
| all | 5 | 3.5 (2.5 to 4.5) | 4 | +24 (-8 to +51) | 9 | – |  |

The texts behind it: `repwatch mentions --employer Acme --since 2026-01-01 --until 2026-03-31 --source SOURCE --counted FIGURE`

## On the site

| Source | Profile | Rating | Reviews | Recommend | CEO | Seen on |
| --- | --- | ---: | ---: | ---: | ---: | --- |
| glassdoor | claimed | 3.27 | 120 | 62 % | – | 2026-03-29 |

## Not seen

Acme · kununu: {MEANING["challenge"][0]}. Last read: 2026-03-01. {MEANING["challenge"][1]}

## How to read the figures

Rating: mean of the stars given in the period, with its 95 % interval. Two ratings whose intervals overlap widely may well be the same.

Net sentiment: (positive - negative) / (positive + negative), in points; mixed, neutral, unclear and unscored texts stay out.

Seen: in how many of the checks the source could be read, all its pages included.

A story that several places carry counts once, where and when it came first.

On the site: what the site itself shows, over all years; sites weigh by age and by country.

\\`repwatch mentions\\` lists the texts that a figure counts. In the place of a word in capitals goes what the row says; FIGURE is rating, net\\_sentiment or volume, and --source and --topic narrow it.
"""
    assert expected == to_markdown(overview(found))
    assert ("report", with_leads(found)) == (overview(found).command, overview(found).data)


@pytest.mark.parametrize(
    ("employers", "verdict"),
    [
        ((), "Nothing is stored yet: run `repwatch check`, or `repwatch import` with a saved page."),
        ((employer(), employer(volume=3)), "2 employers, 8 reviews and mentions in the period."),
        ((employer(volume=0),), "Acme: nothing in this period."),
        ((employer(employer="", volume=0),), "No employer named: nothing in this period."),
        ((employer(rating=NONE, net_sentiment=NONE),), "Acme: 5 reviews and mentions."),
        ((employer(net_sentiment=NONE),), "Acme: 5 reviews and mentions, rating 3.5 (2.5 to 4.5) from 4 reviews."),
    ],
)
def test_the_verdict(employers: tuple[dict[str, Any], ...], verdict: str) -> None:
    """One sentence that says no more than is known."""
    assert verdict == overview(data(*employers)).verdict


@pytest.mark.parametrize(
    ("since", "until", "title"),
    [(None, None, "the beginning to today"), ("2026-01-01", None, "2026-01-01 to today"), (None, "2026-03-31", "the beginning to 2026-03-31")],
)
def test_an_open_period(since: str | None, until: str | None, title: str) -> None:
    """Without bounds: the beginning, today."""
    assert f"Employer reputation · {title}" == overview(data(since=since, until=until)).title


def test_several_employers_have_their_names_as_headings() -> None:
    """Figures and profiles of each are told apart."""
    found = overview(data(employer(source(profile=profile())), employer(source(), employer="")))
    assert [each.heading for each in found.sections] == ["Employers", "Acme", "Acme: on the site", "(no employer named)", "Not seen", "How to read the figures"]


def test_everything_seen_is_said() -> None:
    """Silence would leave a doubt."""
    assert sections(data(employer(source())))["not_seen"].before == ("Everything that was asked for could be read.",)


@pytest.mark.parametrize(
    ("coverage", "cell"),
    [
        (None, Cell("–", "dim")),
        (seen(runs=4, read=4, last_state="read", last_reason=""), Cell("4/4", "good")),
        (seen(runs=4, read=1, last_state="read", last_reason=""), Cell("1/4", "warn")),
        (seen(runs=4, read=0, last_state="skipped", last_reason="no_credential", last_read=None), Cell("0/4", "bad")),
    ],
)
def test_how_often_a_source_was_seen(coverage: dict[str, Any] | None, cell: Cell) -> None:
    """Always is green, at times yellow, never red."""
    assert cell == sections(data(employer(source(coverage=coverage))))["figures"].rows[0][-1]


@pytest.mark.parametrize(
    ("state", "reason", "said"), [("failed", "odd", "Acme · glassdoor: odd. Never read so far."), ("failed", "", "Acme · glassdoor: failed. Never read so far.")]
)
def test_an_unknown_reason_is_repeated(state: str, reason: str, said: str) -> None:
    """A reason without a meaning, or none at all, still makes a sentence."""
    found = data(employer(source(coverage=seen(runs=1, read=0, last_read=None, last_state=state, last_reason=reason))))
    assert (said,) == sections(found)["not_seen"].before


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"claimed": "unclaimed", "rating": None, "review_count": None}, (Cell("unclaimed", "warn"), "–", "–", "62 %", "–", "2026-03-29")),
        ({"claimed": "unknown", "ceo_approval": 0.5, "observed": None}, (Cell("unknown", "dim"), "3.27", "120", "62 %", "50 %", "–")),
    ],
)
def test_a_profile(more: dict[str, Any], expected: tuple[Cell | str, ...]) -> None:
    """What the site itself shows; a dash for what it does not."""
    assert expected == sections(data(employer(source(profile=profile(**more)))))["profiles"].rows[0][1:]


@given(HOSTILE)
def test_hostile_names_pass_harmlessly(text: str) -> None:
    """Names of employers and sources, and reasons, carry no orders."""
    missed = seen(runs=1, read=0, last_read=None, last_state="failed", last_reason=text)
    found = overview(data(employer(source(source=text, profile=profile(), coverage=missed), employer=text), employer(employer=text)))
    shown = to_terminal(found, width=80, colour=False)
    assert not set("\x1b\x9b\x07\u202e\u2066\ud800\x00") & set(shown)
    for form in (shown, to_markdown(found), to_csv(found)):
        form.encode()


def test_domain_and_filter_are_kept_apart() -> None:
    """A source with a rating a country or language shows each with its place; one with a filter alone tells the filter."""
    many = [profile(domain="kununu.de", filter=None), profile(domain="kununu.com", filter="lang=fr")]
    rows = sections(data(employer(source(profiles=many), source(source="indeed", profile=profile(domain="be.indeed.com", filter="fcountry=BE")))))["profiles"].rows
    assert [row[0] for row in rows] == ["glassdoor (kununu.de)", "glassdoor (kununu.com) (lang=fr)", "indeed (fcountry=BE)"]


def test_a_fleet_leads_to_its_texts() -> None:
    """One line an employer, each count with its command; of a large fleet the sources have none, so that it stays quick."""
    few = overview(data(employer(), employer(employer="Beta")))
    cells = [cell.lead for section in few.sections if section.name in ("employers", "figures") for row in section.rows for cell in row if isinstance(cell, Cell) and cell.lead]
    assert "repwatch mentions --employer Beta --since 2026-01-01 --until 2026-03-31 --counted volume" in cells
    many = overview(data(*(employer(source(), employer=f"E{number}") for number in range(7))))
    assert [("mentions" in row, "mentions" in row["sources"][0]) for row in many.data["employers"]] == [(True, False)] * 7
