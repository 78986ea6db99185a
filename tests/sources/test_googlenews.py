"""Google News: off until its terms are accepted, asked week by week, its links not followed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.real import REAL, needs_real
from tests.sources import apis, golden

from repwatch.errors import LayoutChanged
from repwatch.models import Page, Watch
from repwatch.sources import googlenews

WATCH = Watch(source="googlenews", employer="Acme", target="Acme Corp", since=date(2026, 10, 20), until=date(2026, 11, 2))


@pytest.mark.parametrize("case", apis.cases("googlenews"), ids=lambda case: case.name)
def test_cases(case: Path) -> None:
    """Each invented payload gives what stands beside it."""
    assert golden.outcomes("googlenews", case) == golden.golden(case).read_text(encoding="utf-8")


def test_off_by_default() -> None:
    """The terms allow personal use alone, so that the settings must say yes; robots.txt is obeyed besides."""
    assert googlenews.INFO.ask_terms
    assert not next(googlenews.walk(WATCH)).api


def query(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)


def test_walk() -> None:
    """Two weeks are two requests, the newest first, in Belgian French unless the target says otherwise."""
    asked = [query(request.url) for request in googlenews.walk(WATCH)]
    assert [each["q"] for each in asked] == [['"Acme Corp" after:2026-10-27 before:2026-11-03'], ['"Acme Corp" after:2026-10-20 before:2026-10-27']]
    assert [asked[0][name] for name in ("hl", "gl", "ceid")] == [["fr"], ["BE"], ["BE:fr"]]
    (request,) = googlenews.walk(WATCH.model_copy(update={"target": "Acme@nl:nl", "resume": "2026-10-22"}))
    assert query(request.url) == {"q": ['"Acme" after:2026-10-20 before:2026-10-22'], "hl": ["nl"], "gl": ["NL"], "ceid": ["NL:nl"]}


def test_changed() -> None:
    """What is no feed is a changed layout, in this source's name."""
    with pytest.raises(LayoutChanged, match="googlenews: no whole feed"):
        apis.parsed("googlenews", b"[1]")


@needs_real
def test_real() -> None:
    """The recorded answer of 2022: 37 stories, none with a text of its own where Google's links are all there is."""
    found = list(googlenews.parse(Page("https://news.google.com/rss/search?q=x", body=(REAL / "social/google_news/search_en_US_2022.xml").read_bytes())))
    assert [len(found), {each.source for each in found}] == [37, {"googlenews"}]  # type: ignore[union-attr]
