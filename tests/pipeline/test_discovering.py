"""The firm's own site, looked at without a network."""

from __future__ import annotations

from repwatch.models import Page, Refused, Request
from repwatch.pipeline.discovering import look, propose
from repwatch.refusals import DNS, TIMEOUT


def test_a_site_that_answers_with_www_only() -> None:
    """Where the bare domain cannot be reached, www. is tried; a page and a feed that fail cost nothing else."""
    home = b'<html><head><link rel="alternate" type="application/rss+xml" href="/rss"><link rel="alternate" type="application/rss+xml" href="http://[bad"></head><body><a href="/jobs">x</a></body></html>'
    asked = []

    def fetch(request: Request) -> Page | Refused:
        asked.append(request.url)
        return Page(url=request.url, body=home) if request.url == "https://www.acme.example/" else Refused(reason=DNS if request.url == "https://acme.example/" else TIMEOUT)

    found = list(look("acme.example", fetch))
    assert asked == ["https://acme.example/", "https://www.acme.example/", "https://www.acme.example/jobs", "https://www.acme.example/rss"]
    assert [(each.source, each.state, each.url, each.found) for each in found] == [("feed", "not read: timeout", "https://www.acme.example/rss", None)]


def test_what_is_found_by_hand_is_no_setting() -> None:
    """A site whose address nobody can guess gives a link to search with, and nothing to write."""
    (glassdoor,) = [each for each in propose("Acme", None) if each.source == "glassdoor"]
    assert [glassdoor.found, glassdoor.lookup] == [None, "https://duckduckgo.com/?q=site%3Aglassdoor.be+%22Acme%22"]
