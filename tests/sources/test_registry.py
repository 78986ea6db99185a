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
    ("", b'{"hits":[', None), ("", b'{"status": 401, "serviceErrorCode": 65601, "message": "x"}', "linkedin_page"), ("", b'{"reviews": [{"id": "1", "stars": 2, "companyReply": null}]}', "trustpilot"),
    ("", b'[{"data": {"recordPageView": {"ok": true}}}, {"errors": [{"message": "x"}]}]', "glassdoor"), ("", b"Your query was too short or too long.", "gdelt"),
    ("http://[broken", rss("x"), "feed"), ("", b'<rss version="2.0">"AggregateRating"', "feed"), ("", b'<script type="application/ld+json">{"@type":"AggregateRating"}</script>{"rss":{}}', "jsonld"),
])  # fmt: skip
def test_recognised(url: str, body: bytes, name: str | None) -> None:
    """A page finds its source by its host, by the path of an interface, by its marks, an answer without an address by its keys; sources of any site come last."""
    assert name == sources.recognise(Page(url, body=body))
