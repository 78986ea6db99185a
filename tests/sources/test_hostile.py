"""Hostile pages in quantity: every source ends, with a page that is told as bad, and the next page is read.

Each of these bodies took from seconds to hours before nesting was bounded; a source that goes over a page again and
again makes this file hang.
"""

from __future__ import annotations

import pytest
from tests.loopback import rss
from tests.sources import golden

from repwatch import sources
from repwatch.errors import LayoutChanged, NestedTooDeeply
from repwatch.models import Page
from repwatch.pipeline.reading import read_page
from repwatch.sources import feed
from repwatch.sources._tree import tree

N = 60_000
FORMS = {
    "blocks": b"<div>" * N,
    "lists": b"<ul><li>" * N,
    "closed at the end": b"<div>" * N + b"</p>" * N,
    "formatting": b"<b><div></b>" * N,
    "attributes": b"<p " + b" ".join(b"a%d" % n for n in range(N)) + b">x",
    "an endless tag": b"<p " + b" ".join(b"a%d" % n for n in range(N)),
    "signs": b"<" * N * 5,
    "scripts": b"<script " * N,
    "linked data": b'<script type="application/ld+json">{' * (N // 4),
    "comments": b"<!--" * N,
    "brackets": b"[" * N * 5,
    "objects": b'{"a":' * N,
    "items": b"<div itemscope itemprop=review itemtype=Review><i itemprop=name>" * (N // 2),
    "entities": b"<rss><channel><item><title>" + b"&" * N * 5,
    "entries": b"<rss><channel>" + b"<item><title>x" * N,
    "elements": b"<feed><entry>" + b"<a>" * N,
    "a number": b'{"created_at_i":' + b"9" * N * 5 + b"}",
    "blanks": b"<html" + b" " * N * 5,
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", sources.names())
def test_hostile_markup_is_a_problem(name: str, form: str) -> None:
    """Whatever is heaped up, with or without the source's own marks around it, the page is told as bad and the work ends."""
    marks = sources.load(name).INFO.marks
    for body in (FORMS[form], b"<html>" + b" ".join(marks) + b"<body>" + FORMS[form]):
        assert read_page(Page("", body=body), source=name).state in ("failed", "refused")


@pytest.mark.parametrize("name", sources.names())
def test_marks_in_quantity(name: str) -> None:
    """A page that repeats a source's own marks is gone over a bounded number of times."""
    for mark in sources.load(name).INFO.marks:
        for each in (mark + b':{"a":[', b"<script>" + mark + b"={", b'<div class="' + mark + b'">'):
            assert read_page(Page("", body=each * (N // 4)), source=name).state in ("failed", "refused")


@pytest.mark.parametrize("name", sources.names())
def test_the_next_page_is_read(name: str) -> None:
    """A hostile page costs nothing of a good one after it."""
    typical = next(case for case in golden.cases(name) if case.name.startswith("typical"))
    before = golden.outcomes(name, typical)
    read_page(Page("", body=FORMS["blocks"]), source=name)
    assert golden.outcomes(name, typical) == before == golden.golden(typical).read_text("utf-8")


@pytest.mark.parametrize("markup", [
    b"<p>x" * N, b"<li>x" * N, b"<div>x</div>" * N, b"<br>" * N, b"<div/>" * 400 + b"<p>" * N, b"<script>" + b"'<div>'" * N + b"</script><p>x" + b"<i>y</i>" * N,
    b"<!--" + b"<div>" * N + b"-->" + b"<i>y</i>" * N, b"<p>x" * N + b"<!--", b"<p>x" * N + b"<script>", b"<p>x" * N + b"<p ", b"<p title='" + b"word " * 1_500 + b"x" * 60_000 + b"'>x",
    "<p>é" * N,
])  # fmt: skip
def test_long_pages_are_no_hostile_ones(markup: bytes | str) -> None:
    """Length is no depth: what closes, what needs no end, and what only stands in scripts and comments, is parsed."""
    assert tree(markup).body is not None


@pytest.mark.parametrize("markup", [b"<DIV>" * N, b"<div>" * 600 + b"<i>x</i>" * N, b"<p>x" * N + b"<p " + b"a " * N, b"<p " + b"a " * N + b">"])
def test_depth_is_told(markup: bytes) -> None:
    """Elements nested beyond reason and attributes without end are told instead of parsed."""
    with pytest.raises(NestedTooDeeply):
        tree(markup)


def test_large_feeds() -> None:
    """A large feed is read while it is well-formed, or would be with its ampersands mended; else it is told, not tried for hours."""
    large = rss(*["R&amp;D"] * 2_500)
    assert [len(list(feed.parse(Page("", body=body)))) for body in (large, large.replace(b"R&amp;D", b"R&D", 1))] == [2_500, 2_500]
    with pytest.raises(LayoutChanged, match="too large to be mended"):
        list(feed.parse(Page("", body=large[:-200])))
    unclosed = b"<![CDATA[" + b"<br><img>" * 2_500 + b"]]>"
    assert len(list(feed.parse(Page("", body=rss("x").replace(b"A story about Acme.", unclosed))))) == 1
