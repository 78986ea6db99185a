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
    profile, review = read(ld_page(rated(ld_review(1, "4,5", inLanguage="nl-BE", headline="T"), kind="AggregateRating")))
    assert isinstance(profile, Profile)
    assert isinstance(review, Review)
    assert [profile.employer, profile.rating, profile.review_count, profile.domain, profile.observed] == ["Acme", 3.9, 12, "a.example", "2026-11-03"]
    assert [review.employer, review.rating, review.lang, review.title, review.voice, review.native_id] == ["Acme", 4.5, "nl", "T", "customer", "https://ratings.example/r1"]


def test_employer_rating() -> None:
    """EmployerAggregateRating makes the voice an employee's; the same rating twice counts once; one without figures not at all."""
    rating = {"@type": ["EmployerAggregateRating"], "itemReviewed": [{"name": "Acme"}], "ratingValue": 4, "ratingCount": "7", "bestRating": 10}
    reviews = [{"@type": "http://schema.org/Review", "itemReviewed": about, "name": "Fine"} for about in ({"name": "ACME"}, None, {"name": "Beta"})]
    profile, *rest = read(ld_page([rating, rating, {"@type": "AggregateRating"}], *reviews))
    assert isinstance(profile, Profile)
    assert [profile.rating_scale, profile.review_count] == [10, 7]
    assert [(each.employer, each.voice, each.rating) for each in rest if isinstance(each, Review)] == [("ACME", "employee", None), ("Acme", "employee", None), ("Beta", "customer", None)]


@pytest.mark.parametrize(("url", "voice"), [
    ("https://www.inhersight.com/company/acme", "employee"), ("https://www.greatplacetowork.be/acme", "employee"), ("https://www.welcometothejungle.com/fr/companies/acme", "employee"),
    ("https://choosemycompany.com/fr/acme", "employee"), ("https://shop.example/inhersight.com", "customer"), ("", "customer"),
])  # fmt: skip
def test_voice_on_sites_for_employees(url: str, voice: str) -> None:
    """On a site where employees speak of employers, a review is an employee's, whatever type it bears."""
    body = b'<script type="application/ld+json">{"@type": "Organization", "name": "Acme", "review": {"@type": "Review", "reviewRating": 2, "reviewBody": "Stress"}}</script>'
    assert [voice] == [each.voice for each in jsonld.parse(Page(url, body=body)) if isinstance(each, Review)]


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
    """Only real, positive figures are ratings; one that cannot be costs no text."""
    review = read(ld_page(ld_review(1, value)))[-1]
    assert isinstance(review, Review)
    assert rating == review.rating


@pytest.mark.parametrize(("value", "published"), [("2026-11-02 08:00:00", "2026-11-02T08:00:00"), ("2026-11", "2026-11"), ("yesterday", None), (5, None)])
def test_dates(value: Any, published: str | None) -> None:
    """A date is as precise as the page's."""
    review = read(ld_page(ld_review(1, datePublished=value)))[0]
    assert isinstance(review, Review)
    assert published == review.published


@pytest.mark.parametrize(("rating", "problem"), [
    ({"ratingValue": 86}, "ratingValue: outside 0 to 5"), ({"ratingValue": "4 of 5"}, "ratingValue: not a number"), ({"ratingValue": 3, "bestRating": "4.5"}, "bestRating: not a scale"),
    ({"ratingValue": [{"a": 1}]}, None), ([{"ratingValue": "3,5"}], None), (7, "ratingValue: outside 0 to 5"), ("2", None), ([], None), ({"ratingValue": 4, "bestRating": "many"}, None),
])  # fmt: skip
def test_a_rating_that_cannot_be_right(rating: Any, problem: str | None) -> None:
    """A rating beyond its scale is a problem, and the review keeps its words."""
    found = read(ld_page(ld_review(reviewRating=rating)))
    assert [each.detail for each in found if isinstance(each, Problem)] == ([f"Review 1: {problem}"] if problem else [])
    assert [each.body for each in found if isinstance(each, Review)] == ["The colleagues are kind and the work is good."]


def test_buried_and_linked() -> None:
    """A review is found however deep it lies; what it speaks of may be told by its name or by its id."""
    inner: Any = ld_review(itemReviewed={"@id": "#acme"})
    for _ in range(30):
        inner = {"a": [inner]}
    deep, named = read(ld_page(inner, {"@type": "Organization", "@id": "#acme", "name": "Acme"}, ld_review(2, itemReviewed="Beta")))
    assert isinstance(deep, Review)
    assert isinstance(named, Review)
    assert [deep.employer, named.employer] == ["Acme", "Beta"]


def test_goods() -> None:
    """Beside an employer's rating that of its goods is left out; on a page of goods alone it is read."""
    goods = {"@type": "Product", "name": "Anvil", "aggregateRating": {"@type": "AggregateRating", "ratingValue": 5, "reviewCount": 3}}
    assert [[each.employer for each in read(page) if isinstance(each, Profile)] for page in (ld_page(goods, rated()), ld_page(goods))] == [["Acme"], ["Anvil"]]


def test_without_an_address() -> None:
    """A page without an address gives no ids but whole ones; a text where a review's language is an object is read too."""
    (found,) = read(ld_page(ld_review(**{"@id": None, "identifier": 7, "inLanguage": {"name": "Dutch"}, "comment": ["x", {"text": "Thanks"}]})), url="")
    assert isinstance(found, Review)
    assert [found.native_id, found.url, found.lang, [each.text for each in found.responses]] == [None, None, "nl", ["Thanks"]]


def test_a_comment_that_does_not_fit() -> None:
    """A record that does not pass is a problem that names its field."""
    (problem,) = read(ld_page(ld_review(comment={"text": True})))
    assert isinstance(problem, Problem)
    assert problem.detail.startswith("Review 1: comment.0.text")


def test_microdata_at_its_edges() -> None:
    """An item without an owner stands alone; a property outside every item says nothing; a page nested in itself ends."""
    page = b"<p itemprop=x>lost</p><div itemscope itemtype='https://schema.org/AggregateRating' itemid=i><meta itemprop='ratingValue' content=4>" + b"<div itemprop=name>" * 300 + b"x"
    (found,) = read(page)
    assert isinstance(found, Profile)
    assert found.rating == 4


def test_walk() -> None:
    """A page is one request."""
    requests = list(jsonld.walk(Watch(source="jsonld", employer="A", target="https://a.example", since=date(2026, 1, 1), until=date(2026, 1, 2))))
    assert [(each.url, each.expect) for each in requests] == [("https://a.example", "html")]


@pytest.mark.parametrize(("fragment", "text"), [
    (None, ""), ("", ""), (" plain ", "plain"), ("pay<promise", "pay<promise"), ("<pre>a\n  b</pre>c", "a\nb\n\nc"), ("<table><tr><td>a<td>b<tr><td>c</table>", "a b\n\nc"), ("x<svg><svg></svg>hidden</svg>z", "xz"),
    ('<span class="invisible">https://</span><span class="ellipsis">ex.be/a</span><span class="invisible">b</span>', "ex.be/a…"), ("<div>" * 100_000 + "d&amp;eep", "d&eep"), ("a\x00\u202e<b>b", "ab"), ("a &amp; b", "a & b"), ("&amp;lt;", "&lt;"), ("a<br>b", "a\nb"), ("<p>a</p><p>b</p>", "a\n\nb"), ("<b>a</b>b", "ab"),
    ("x<script>alert(1)</script><style>p{}</style>", "x"), ("1 < 2", "1 < 2"), ("<ul><li>a<li>b</ul>", "a\n\nb"), ("<!-- c -->", ""), ("a<p>\n\n</p>\n<p>\n</p>b", "a\n\nb"),
])  # fmt: skip
def test_fragments(fragment: str | None, text: str) -> None:
    """The text that a reader sees: tags out, blocks as lines, entities read once, scripts dropped."""
    assert text == to_text(fragment)


@pytest.mark.parametrize(("logo", "filled"), [({}, {}), ({"logo": "https://a.example/logo.png"}, {"logo": True}), ({"logo": ""}, {"logo": False})])
def test_a_logo_that_the_page_names(logo: dict[str, str], filled: dict[str, bool]) -> None:
    """The one part of an employer's page that such data speaks of; where it does not, nothing is said."""
    (profile, *_) = read(ld_page(rated() | logo))
    assert isinstance(profile, Profile)
    assert profile.filled == filled
