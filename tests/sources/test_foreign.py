"""Dates, languages, addresses and JSON as sites write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repwatch.errors import NestedTooDeeply
from repwatch.sources._decode import read_json
from repwatch.sources._fragment import to_text
from repwatch.sources._lenient import absolute, host
from repwatch.sources._when import language, when


@given(st.text() | st.lists(st.sampled_from(["<p>", "</p>", "<!--", "<![CDATA[", "&#0;", "&", "<script>", "<pre>", "</span>", "x"])).map("".join))
def test_to_text_never_raises(fragment: str) -> None:
    """Whatever comes in, clean text without a third line end in a row comes out."""
    text = to_text(fragment)
    assert text == text.strip()
    assert "\n\n\n" not in text or "<" not in fragment


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2026-11-02T08:00:00Z", "2026-11-02T08:00:00Z"),
        ("2026-11-02T00:30:00+01:00", "2026-11-01T23:30:00Z"),
        ("2026-11-02 08:00", "2026-11-02T08:00:00"),
        ("Mon, 02 Nov 2026 08:00:00 CET", "2026-11-02T08:00:00"),
        ("Mon, 02 Nov 2026 08:00:00 -0000", "2026-11-02T08:00:00Z"),
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
    """Instants with a zone are UTC, days and months stay what they are, the rest is no date."""
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
    assert [absolute(None, "http://[x"), absolute(None, "javascript:x"), absolute("https://a.be", None), host("http://[x")] == [None] * 4


def test_json_that_is_too_deep_is_no_json() -> None:
    """A tower of brackets is told as what it is."""
    with pytest.raises(NestedTooDeeply):
        read_json(b"[" * 200_000)


@pytest.mark.parametrize("body", ['{"a": "é"}'.encode(), b"\xef\xbb\xbf" + '{"a": "é"}'.encode(), '{"a": "é"}'.encode("utf-16"), '{"a": "é"}', b'{"a": "\\u00e9"}'])
def test_json_in_every_unicode(body: bytes | str) -> None:
    """UTF-8 with or without its mark, UTF-16, text, escapes: one value."""
    assert read_json(body) == {"a": "é"}


def test_half_a_pair_is_healed() -> None:
    """Half a surrogate pair is JSON, but no text; a whole one is a character."""
    assert read_json(b'["\\ud83d", "\\ud83d\\ude00"]') == ["?", "\U0001f600"]
