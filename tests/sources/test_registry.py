"""The sources: found by looking, each with what its table needs, recognised by host or marks."""

from __future__ import annotations

import pytest
from tests.loopback import hit, hn_answer, ld_page, rated, rss

from repwatch import sources
from repwatch.errors import UsageError
from repwatch.models import Page


def test_every_source_is_whole() -> None:
    """Every source has the name of its file, a title, a door, terms, walk and parse."""
    assert {"feed", "glassdoor", "hackernews", "jsonld"} <= set(sources.names())
    for name in sources.names():
        source = sources.load(name)
        assert name == source.INFO.name
        assert all([source.INFO.title, source.INFO.door, source.INFO.terms, source.INFO.verified])
        assert callable(source.walk)
        assert callable(source.parse)


def test_unknown_source() -> None:
    """An unknown name is a usage error with the nearest, or with all."""
    with pytest.raises(UsageError, match="feeds") as near:
        sources.load("feeds")
    with pytest.raises(UsageError) as far:
        sources.load("_fragment")
    assert [near.value.hint, far.value.hint.startswith("Known sources: ")] == ["Did you mean 'feed'?", True]


@pytest.mark.parametrize(("url", "body", "name"), [
    ("https://hn.algolia.com/x", b"", "hackernews"), ("https://www.hn.algolia.com/x", b"", "hackernews"), ("https://nothn.algolia.com.example/", b"", None),
    ("https://www.glassdoor.be/x", b"", "glassdoor"), ("", hn_answer([hit(1, 1)]), "hackernews"), ("", rss("x"), "feed"), ("https://a.example", ld_page(rated()), "jsonld"), ("", b"plain", None),
    ("http://localhost/xrpc/app.bsky.feed.searchPosts?q=x", b'{"posts":[]}', "bluesky"), ("http://localhost/api/v2/search?type=statuses", b"{}", "mastodon"), ("https://l.example/api/v3/search", b"{}", "lemmy"),
    ("https://a.example/api/v2/search", b"<!doctype html><html>", None), ("", b'{"hits":[],"nbHits":0,"nbPages":0,"hitsPerPage":20,"query":"x"}', "hackernews"),
    ("https://shop.example/x", b'{"hits":[],"nbHits":0,"nbPages":0,"hitsPerPage":20,"query":"x"}', None), ("", b'{"accounts":[],"statuses":[],"hashtags":[]}', "mastodon"),
    ("", b'{"hits":[],"nbHits":0,"nbPages":0,"hitsPerPage":20,"query":"x","params":"advancedSyntax=true&analytics=true&analyticsTags=backend&query=x&tags=story"}', "hackernews"),
    ("", b'{"hits":[],"nbHits":0,"nbPages":0,"hitsPerPage":20,"query":"x","params":"query=x&tags=%28story%2Ccomment%29"}', "hackernews"),
    ("", b'{"hits":[],"nbHits":0,"nbPages":0,"hitsPerPage":20,"query":"x","params":"query=x&hitsPerPage=20&facets=contract_type"}', None),
    ("", b'{"hits":[{"objectID":"1","name":"Accountant","_highlightResult":{}}],"nbHits":1,"nbPages":1,"hitsPerPage":20,"query":"x","params":"query=x"}', None),
    ("", b'{"hits":[', None), ("", b'{"status": 401, "serviceErrorCode": 65601, "message": "x"}', "linkedin_page"), ("", b'{"reviews": [{"id": "1", "stars": 2, "companyReply": null}]}', "trustpilot"),
    ("", b'[{"data": {"recordPageView": {"ok": true}}}, {"errors": [{"message": "x"}]}]', "glassdoor"), ("", b"Your query was too short or too long.", "gdelt"),
    ("http://[broken", rss("x"), "feed"), ("", b'<rss version="2.0">"AggregateRating"', "feed"), ("", b'<script type="application/ld+json">{"@type":"AggregateRating"}</script>{"rss":{}}', "jsonld"),
])  # fmt: skip
def test_recognised(url: str, body: bytes, name: str | None) -> None:
    """A page finds its source by its host, by the path of an interface, by its marks, an answer without an address by its keys; sources of any site come last."""
    assert name == sources.recognise(Page(url, body=body))


@pytest.mark.parametrize(("name", "urls"), [
    ("glassdoor", ("https://www.glassdoor.be/Reviews/Acme-Reviews-E10686_P2.htm", "https://www.glassdoor.fr/Avis/Acme-Avis-E10686.htm", "https://www.glassdoor.fr/Pr%C3%A9sentation/Travailler-chez-Acme-EI_IE10686.16,20.htm",
                   "https://www.glassdoor.com/Overview/W-EI_IE10686.htm", "https://www.glassdoor.de/Bewertungen/Acme-Gent-Bewertungen-EI_IE9079.0,6_IL.7,13_IC3271041.htm", "https://www.glassdoor.com/graph",
                   "https://www.glassdoor.com/bff/employer-profile-mono/employer-reviews", "https://www.glassdoor.fr/Salaires/Acme-Salaires-E10686.htm")),
    ("indeed", ("https://nl.indeed.com/cmp/Flink-8/reviews?start=20", "https://be.indeed.com/cmp/Acme", "https://be.indeed.com/cmp/Acme/salaries")),
    ("kununu", ("https://www.kununu.com/de/acme/kommentare", "https://www.kununu.com/at/acme", "https://www.kununu.com/middlewares/profiles/de/acme/1/reviews")),
    ("trustpilot", ("https://www.trustpilot.com/review/acme.example", "https://nl.trustpilot.com/review/calo.app/en?page=2", "https://api.trustpilot.com/v1/business-units/1/reviews")),
])  # fmt: skip
def test_pages_of_an_employer_are_never_elsewhere(name: str, urls: tuple[str, ...]) -> None:
    """Every address of a page about an employer is known as one: were it passed over, a changed layout would look like nothing new."""
    assert [False] * len(urls) == [sources.is_elsewhere(name, url) for url in urls]


def test_pages_that_discovery_proposes_are_read() -> None:
    """Where a firm's page may stand is not elsewhere; without an address, and on hosts of others, nothing is."""
    for info in (sources.load(name).INFO for name in sources.names()):
        assert not any(sources.is_elsewhere(info.name, page.format(slug="acme", Slug="Acme", domain="acme.example")) for page in info.pages)
    assert [False, False, True] == [sources.is_elsewhere("glassdoor", url) for url in ("", "https://mirror.example/", "https://www.glassdoor.be/")]
