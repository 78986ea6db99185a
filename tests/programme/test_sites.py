"""Review sites: what claims a page, since when, what to do next and where."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from repwatch import sources
from repwatch.programme.sites import Claim, Page, Site, Span, Step, claim, link, site, sites, spans, step


def seen(claimed: str, observed: str | None, **more: Any) -> dict[str, Any]:
    return {"claimed": claimed, "observed": observed, "url": None} | more


def test_the_sites_are_sources_of_reviews_with_addresses_of_their_own() -> None:
    """Each is a source that repwatch knows; every address is https."""
    assert [name for name in sites() if name not in sources.names()] == []
    links = [url for each in sites().values() for url in (each.home, each.claim, each.employers) if url]
    assert [url for url in links if urlsplit(url).scheme != "https"] == []
    assert [name for name, each in sites().items() if each.always] == ["glassdoor", "indeed", "kununu"]
    assert site("comparably") == Site("comparably", "comparably")


def test_the_newest_page_that_tells_decides() -> None:
    """A page that does not tell takes nothing back; a person's word says that it is one."""
    rows = [seen("unclaimed", "2026-08-01T10:00:00Z", url="https://a.example"), seen("claimed", "2026-11-02", evidence="typed in by hand"), seen("unknown", "2026-11-05")]
    assert claim(rows) == Claim("claimed", "hand", "2026-11-02", None)
    assert claim(rows[:1]) == Claim("unclaimed", "page", "2026-08-01", "https://a.example")
    assert claim(rows[2:]) == Claim("unknown")
    assert claim([seen("claimed", None)]) == Claim("claimed", "page", None, None)


def test_history_is_one_span_a_state() -> None:
    """First and last day of each; what does not tell is passed over; the order of the rows does not matter."""
    rows = [seen("claimed", "2026-11-02"), seen("unclaimed", "2026-08-01"), seen("unknown", "2026-08-15"), seen("unclaimed", "2026-09-02")]
    assert spans(rows) == [Span(Claim("unclaimed", "page", "2026-08-01"), "2026-09-02"), Span(Claim("claimed", "page", "2026-11-02"), "2026-11-02")]
    assert spans([seen("unknown", "2026-08-15")]) == []


@pytest.mark.parametrize(("page", "claimed", "overdue", "expected"), [
    ("unlooked", "unknown", 0, "look"), ("unread", "unknown", 0, "save"), ("nothing", "unknown", 0, "wait"), ("found", "unclaimed", 3, "claim"),
    ("found", "unknown", 3, "find_out"), ("found", "claimed", 3, "answer"), ("found", "claimed", 0, "none"),
])  # fmt: skip
def test_the_next_step_is_the_first_that_is_in_the_way(page: Page, claimed: Any, overdue: int, expected: Step) -> None:
    """Find the page, then claim it, then answer."""
    assert step(page, claimed, overdue) == expected


@pytest.mark.parametrize(("what", "where", "url", "expected"), [
    ("claim", "glassdoor", "https://g.example", "https://www.glassdoor.com/employers/sign-up/"), ("claim", "indeed", "https://i.example", "https://i.example"),
    ("claim", "indeed", None, "https://employers.indeed.com/"), ("claim", "kununu", None, "https://www.kununu.com/"), ("claim", "comparably", None, None),
    ("find_out", "glassdoor", "https://g.example", "https://g.example"), ("look", "kununu", None, "https://www.kununu.com/"), ("answer", "kununu", "https://k.example", None),
])  # fmt: skip
def test_a_step_begins_at_the_nearest_address_that_was_checked(what: Step, where: str, url: str | None, expected: str | None) -> None:
    """Where pages are claimed, else the employer's page, else the site."""
    assert link(what, site(where), url) == expected
