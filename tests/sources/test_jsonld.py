"""Pages with schema.org data: ratings and reviews, as pages really write them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.loopback import ld_page, ld_review, rated

from repwatch.errors import LayoutChanged
from repwatch.models import Outcome, Page, Problem, Profile, Review, Watch
from repwatch.sources import jsonld
from repwatch.sources._fragment import to_text


def read(body: bytes, url: str = "https://a.example/x", at: str = "2026-11-03T08:00:00Z") -> list[Outcome]:
    return list(jsonld.parse(Page(url, body=body, fetched_at=at)))


def block(text: str) -> bytes:
    return f"<html><script type=application/ld+json>{text}</script></html>".encode()


def test_rating_and_reviews() -> None:
    """A page gives its rating with place and day, and its reviews with their employer."""
    profile, review = read(ld_page(rated(ld_review(1, "4,5", inLanguage="nl-BE", headline="T"))))
    assert isinstance(profile, Profile)
    assert isinstance(review, Review)
    assert [profile.employer, profile.rating, profile.review_count, profile.domain, profile.observed] == ["Acme", 3.9, 12, "a.example", "2026-11-03"]
    assert [review.employer, review.rating, review.lang, review.title, review.voice, review.native_id] == ["Acme", 4.5, "nl", "T", "customer", "https://ratings.example/r1"]


def test_employer_rating() -> None:
    """EmployerAggregateRating makes the voice an employee's; the same rating twice counts once; one without figures not at all."""
    rating = {"@type": ["EmployerAggregateRating"], "itemReviewed": [{"name": "Acme"}], "ratingValue": 4, "ratingCount": "7", "bestRating": 10}
    profile, review = read(ld_page([rating, rating, {"@type": "AggregateRating"}], {"@type": "http://schema.org/Review", "itemReviewed": {"name": "Beta"}}))
    assert isinstance(profile, Profile)
    assert isinstance(review, Review)
    assert [profile.rating_scale, profile.review_count, review.employer, review.voice, review.rating] == [10, 7, "Beta", "employee", None]


@pytest.mark.parametrize("text", [
    '<!-- {"@type":"AggregateRating","ratingValue":4} -->', "{&quot;@type&quot;:&quot;AggregateRating&quot;,&quot;ratingValue&quot;:4}",
    '{"@type":"AggregateRating","ratingValue":4,}', '//<![CDATA[\n{"@type":"AggregateRating","ratingValue":4}\n//]]>', '[[{"a":{"@type":"AggregateRating","ratingValue":4}}]]',
])  # fmt: skip
def test_blocks_as_pages_write_them(text: str) -> None:
    """Comments, escapes, CDATA, a comma too many and lists around are read."""
    assert [type(each).__name__ for each in read(block(text))] == ["Profile"]


def test_a_broken_block() -> None:
    """A block that is no JSON is a problem; the others are read."""
    assert [type(each).__name__ for each in read(block("{no") + ld_page(rated()))] == ["Problem", "Profile"]


@pytest.mark.parametrize("body", [b"<html></html>", block("{}"), block("5"), block('{"@type":"Organization"}'), block('{"@type":"AggregateRating"}')])
def test_changed(body: bytes) -> None:
    """A page without a rating or review is a changed layout, never a zero."""
    with pytest.raises(LayoutChanged):
        read(body)


@pytest.mark.parametrize(("value", "rating"), [(0, None), ("0", None), (True, None), ("x", None), (None, None), ([], None), (1e12, None), ("3,5", 3.5), (float("nan"), None)])
def test_numbers(value: Any, rating: float | None) -> None:
    """Only real, positive figures are ratings."""
    review = read(ld_page(ld_review(1, value)))[0]
    assert isinstance(review, Review)
    assert rating == review.rating


@pytest.mark.parametrize(("value", "published"), [("2026-11-02 08:00:00", "2026-11-02T08:00:00"), ("2026-11", "2026-11"), ("yesterday", None), (5, None)])
def test_dates(value: Any, published: str | None) -> None:
    """A date is as precise as the page's."""
    review = read(ld_page(ld_review(1, datePublished=value)))[0]
    assert isinstance(review, Review)
    assert published == review.published


def test_depth_is_bounded() -> None:
    """A review buried deeper than real data goes is not looked for."""
    inner: Any = ld_review()
    for _ in range(20):
        inner = {"a": inner}
    with pytest.raises(LayoutChanged):
        read(ld_page(inner))


def test_a_field_that_does_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A review that does not fit its model is a problem with its number."""
    found = read(ld_page(rated(ld_review(1, reviewRating={"ratingValue": 3, "bestRating": 5}, inLanguage=5, url=7, name=["x"]))))
    assert [type(each).__name__ for each in found] == ["Profile", "Review"]
    monkeypatch.setattr(jsonld, "_when", lambda _value: "no date")
    monkeypatch.setattr(jsonld, "_profile", lambda *_: Profile(source="jsonld", rating=1))
    problem = read(ld_page(rated(ld_review())))[1]
    assert isinstance(problem, Problem)
    assert problem.detail == "review 1: ('published',)"


def test_walk() -> None:
    """A page is one request."""
    requests = list(jsonld.walk(Watch(source="jsonld", employer="A", target="https://a.example", since=date(2026, 1, 1), until=date(2026, 1, 2))))
    assert [(each.url, each.expect) for each in requests] == [("https://a.example", "html")]


@pytest.mark.parametrize(("fragment", "text"), [
    (None, ""), ("", ""), (" plain ", "plain"), ("a &amp; b", "a & b"), ("&amp;lt;", "&lt;"), ("a<br>b", "a\nb"), ("<p>a</p><p>b</p>", "a\n\nb"), ("<b>a</b>b", "ab"),
    ("x<script>alert(1)</script><style>p{}</style>", "x"), ("1 < 2", "1 < 2"), ("<ul><li>a<li>b</ul>", "a\n\nb"), ("<!-- c -->", ""), ("a<p>\n\n</p>\n<p>\n</p>b", "a\n\nb"),
])  # fmt: skip
def test_fragments(fragment: str | None, text: str) -> None:
    """The text that a reader sees: tags out, blocks as lines, entities read once, scripts dropped."""
    assert text == to_text(fragment)
