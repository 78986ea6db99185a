"""Fragments become what a reader sees; dates and languages become what the store holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repwatch.sources._foreign import host, language, read_json, web_link, when
from repwatch.sources._fragment import to_text


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("", ""),
        ("plain  text\n\n\nsecond", "plain text\nsecond"),
        ("a &lt;b&gt; &amp;amp; c<p>d<br>e", "a <b> &amp; c\nd\ne"),
        ("pay<promise", "pay<promise"),
        ("x<script>a<b></script><style>y</style>z", "xz"),
        ("x<svg><svg></svg>hidden</svg>z", "xz"),
        ("<pre>a\n  b</pre>c", "a\nb\nc"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc"),
        (
            '<span class="invisible">https://</span><span class="ellipsis">ex.be/a</span><span class="invisible">b</span>',
            "ex.be/a…",
        ),
        ("<!-- x -->\ud800<b>y</b>", "?y"),
        ("</span></pre></p>x", "x"),
        ("<div>" * 100_000 + "deep", "deep"),
    ],
)
def test_to_text(fragment: str, expected: str) -> None:
    """Blocks end lines, entities come after tags, what is hidden stays hidden, depth costs nothing."""
    assert expected == to_text(fragment)


@given(
    st.text()
    | st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<!--", "<![CDATA[", "&#0;", "&", "<script>", "<pre>", "</span>", "x"]
        )
    ).map("".join)
)
def test_to_text_never_raises(fragment: str) -> None:
    """Whatever comes in, text without empty lines comes out."""
    text = to_text(fragment)
    assert "\n\n" not in text
    assert text == text.strip(" \n")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2026-11-02T08:00:00Z", "2026-11-02T08:00:00Z"),
        ("2026-11-02T00:30:00+01:00", "2026-11-01T23:30:00Z"),
        ("2026-11-02 08:00", "2026-11-02T08:00:00Z"),
        ("Mon, 02 Nov 2026 08:00 +0100", "2026-11-02T07:00:00Z"),
        ("2026-11-02", "2026-11-02"),
        ("20261102", "2026-11-02"),
        ("2026-11", "2026-11"),
        ("2026-02-30", None),
        ("0001-01-01T00:00:00+05:00", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_when(raw: str | None, expected: str | None) -> None:
    """Instants are UTC, days and months stay what they are, the rest is no date."""
    assert expected == when(raw)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("nl-BE", "nl"), ("fra", "fr"), ("EN_us", "en"), ("xx", "xx"), ("", None), ("?", None), (None, None)],
)
def test_language(tag: str | None, expected: str | None) -> None:
    """The primary tag, in two letters where it is known."""
    assert expected == language(tag)


def test_links_that_are_none() -> None:
    """Broken and dangerous links are no links."""
    assert [
        web_link("http://[x"),
        web_link("javascript:x"),
        web_link(None, "https://a.be"),
        host("http://[x"),
    ] == [None, None, None, ""]


def test_json_that_is_too_deep_is_no_json() -> None:
    """A tower of brackets is a ValueError like any other broken JSON."""
    with pytest.raises(ValueError, match=r"deep|char|column"):
        read_json(b"[" * 200_000)
