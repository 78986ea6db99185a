"""What a comparison says, in words and in tables."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from tests.report.test_plain import HOSTILE

from repwatch.report.changes import sentence, why_changed
from repwatch.report.document import Document, Section
from repwatch.report.page import to_html
from repwatch.report.plain import to_csv, to_markdown


def figure(value: float | None = 3.6, n: int = 41, low: float | None = 3.2, high: float | None = 4.0) -> dict[str, Any]:
    return {"value": value, "n": n, "low": low, "high": high}


def row(**more: Any) -> dict[str, Any]:
    return {"metric": "rating", "source": None, "topic": None, "before": figure(3.7, 44, 3.3, 4.1), "after": figure(), "verdict": "no_detectable_change", "p": 0.6, "adjusted_p": 0.6,
            "change": figure(-0.1, 85, -0.6, 0.4), "smallest_detectable": 0.94} | more  # fmt: skip


SHARE = {"before": figure(0.2, 50, 0.1, 0.4), "after": figure(0.5, 50, 0.4, 0.6), "change": figure(0.3, 100, 0.1, 0.5)}


@pytest.mark.parametrize(("told", "expected"), [
    (row(), "Rating: no detectable change, 3.6 (3.2 to 4.0) now (41), 3.7 (3.3 to 4.1) before (44). With numbers like these only a change of about 0.9 shows."),
    (row(smallest_detectable=None), "Rating: no detectable change, 3.6 (3.2 to 4.0) now (41), 3.7 (3.3 to 4.1) before (44)."),
    (row(verdict="down", change=figure(-0.6, 85, -0.9, -0.3)), "Rating went down: 3.7 (3.3 to 4.1) before (44), 3.6 (3.2 to 4.0) now (41). The change is -0.6 (-0.9 to -0.3)."),
    (row(metric="net_sentiment", source="indeed", verdict="up", **SHARE), "Net sentiment · indeed went up: +20 (+10 to +40) before (50), +50 (+40 to +60) now (50). The change is +30 (+10 to +50)."),
    (row(metric="topic_share", topic="pay", **SHARE, smallest_detectable=0.28), "Texts that speak of it · pay: no detectable change, 50 % now (50), 20 % before (50). With numbers like these only a change of about 28 points shows."),
    (row(metric="volume", verdict="up", before=figure(90, 90), after=figure(180, 180), change=figure(91.2, 270, 80, 102)), "Reviews and mentions went up: 90 before (90), 180 now (180). The change is +91 (+80 to +102). It is told for equally many days on which the sources could be seen."),
    (row(metric="subrating:work_life_balance", verdict="too_few", after=figure(None, 0, None, None)), "Rating · work-life balance: too few to tell (0 now, 44 before)."),
])  # fmt: skip
def test_a_verdict_in_a_sentence(told: dict[str, Any], expected: str) -> None:
    """Value, interval and n of both periods, the size of the change, or what could have shown."""
    assert sentence(told) == expected


def test_what_a_difference_comes_from_to_the_last_character() -> None:
    """The mix told apart from opinion, and the words with an example; without either there is nothing to say."""
    mix = [{"dimension": "source", "difference": -0.4, "mix": figure(-0.3, 85, -0.4, -0.2), "opinion": figure(-0.1, 85, -0.3, 0.1), "groups": 3, "moved": "kununu"}]
    why = {"topics": [{"topic": "pay", "before": 3, "after": 20, "quotes": []}], "words": [{"word": "overtime", "before": 1, "after": 18, "quotes": [{"excerpt": "endless overtime"}]}], "texts": {"before": 44, "after": 41}}
    sections = why_changed({"mix": mix, "why": why})
    assert to_markdown(Document("report", "T", tuple(sections), {})) == """\
# T

## Other people, or another opinion

Of the difference in rating, the mix comes from who speaks, the opinion from what they say.

| By | Difference | From mix | From opinion | Moved most |
| --- | ---: | ---: | ---: | --- |
| source | -0.40 | -0.30 (-0.40 to -0.20) | -0.10 (-0.30 to +0.10) | kununu |

## What is said more, or less

Said in how many texts (44 before, 41 now); the words that tell the periods apart come first.

| Topic or word | Before | Now | For example |
| --- | ---: | ---: | --- |
| pay | 3 | 20 | – |
| overtime | 1 | 18 | endless overtime |
"""
    assert why_changed({}) == []


def test_an_example_leads_to_where_it_stands() -> None:
    """A quotation links to its page; for machines each quotation is a row, with names that no language changes."""
    quotes = [{"source": "indeed", "native_id": f"r{n}", "url": f"https://be.indeed.com/r{n}", "published": "2026-11-02", "excerpt": f"overtime {n}"} for n in (1, 2)]
    why = {"topics": [{"topic": "pay", "before": 3, "after": 20, "log_odds": 1.9, "z": 3.1, "quotes": []}], "texts": {"before": 44, "after": 41},
           "words": [{"word": "overtime", "before": 1, "after": 18, "log_odds": 2.5, "z": 3.4, "quotes": quotes}]}  # fmt: skip
    document = Document("report", "T", tuple(why_changed({"why": why})), {})
    assert '<a href="https://be.indeed.com/r1" rel="noreferrer noopener">overtime 1</a>' in to_html(document)
    scripted = {**why, "words": [{**why["words"][0], "quotes": [{**quotes[0], "url": "javascript:alert(1)"}]}]}
    assert "javascript:" not in to_html(Document("report", "T", tuple(why_changed({"why": scripted})), {}))
    assert to_csv(document).splitlines() == [
        "section,topic,word,before,after,log_odds,z,source,native_id,published,excerpt,url",
        "why,pay,,3,20,1.9,3.1,,,,,",
        "why,,overtime,1,18,2.5,3.4,indeed,r1,2026-11-02,overtime 1,https://be.indeed.com/r1",
        "why,,overtime,1,18,2.5,3.4,indeed,r2,2026-11-02,overtime 2,https://be.indeed.com/r2",
    ]


@given(HOSTILE)
def test_hostile_words_pass_harmlessly(text: str) -> None:
    """A topic, a word, a peer and an excerpt carry no orders, whatever braces and markup they hold."""
    why = {"topics": [], "words": [{"word": text, "before": 1, "after": 9, "quotes": [{"excerpt": text}]}], "texts": {"before": 9, "after": 9}}
    said = sentence(row(topic=text, source=text, verdict="up"))
    sections = [*why_changed({"why": why}), Section("changes", before=(said,))]
    assert "\x1b" not in to_markdown(Document("report", "T", tuple(sections), {}))
