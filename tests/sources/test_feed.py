"""What feeds do at their edges."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from repwatch.errors import LayoutChanged
from repwatch.models import Mention, Page
from repwatch.sources import feed

ITEM = b"<item><title>%s</title><link>https://f.example/1</link>%s</item>"


def rss(title: bytes = b"T", more: bytes = b"", head: bytes = b"") -> bytes:
    return head + b'<rss version="2.0"><channel>' + ITEM % (title, more) + b"</channel></rss>"


def only(body: bytes, **given: object) -> Mention:
    (mention,) = feed.parse(Page(url="", body=body)._replace(**given))
    assert isinstance(mention, Mention)
    return mention


def test_a_body_that_names_a_file_is_not_opened(tmp_path: Path) -> None:
    """A page whose bytes are a path stays bytes."""
    file = tmp_path / "feed.xml"
    file.write_bytes(rss())
    with pytest.raises(LayoutChanged):
        list(feed.parse(Page(url="", body=str(file).encode())))


def test_external_entities_are_not_read(tmp_path: Path) -> None:
    """No file and no network address comes in through a document type."""
    secret = tmp_path / "secret"
    secret.write_text("hidden words")
    head = b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "%s">]>' % secret.as_uri().encode()
    assert "hidden words" not in str(list(feed.parse(Page(url="", body=rss(b"A &x; B", head=head)))))


def test_entities_that_multiply_stay_small() -> None:
    """A billion laughs are not laughed."""
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"ha") for n in range(9))
    found = list(
        feed.parse(
            Page(url="", body=rss(b"&l8;", head=b'<?xml version="1.0"?><!DOCTYPE rss [' + laughs + b"]>"))
        )
    )
    assert len(str(found)) < 10_000


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"Mon, 02 Nov 2026", "2026-11-02"),
        (b"Mon, 02 Nov 2026 08:00:00 CET", "2026-11-02T08:00:00Z"),
        (b"Mon, 02 Nov 2026 08:00:00 EST", "2026-11-02T13:00:00Z"),
        (b"2026-11-02T08:00:00.5+01:00", "2026-11-02T07:00:00Z"),
        (b"02 Nov 26 08:00 GMT", "2026-11-02T08:00:00Z"),
        (b"the day before", None),
    ],
)
def test_dates_keep_their_precision(raw: bytes, expected: str | None) -> None:
    """A day stays a day, an instant is UTC, what nobody can read is none."""
    assert expected == only(rss(more=b"<pubDate>%s</pubDate>" % raw)).published


def test_byte_order_mark_and_header_charset() -> None:
    """A mark and blanks before the document do no harm; the header's charset counts."""
    assert only(b"\xef\xbb\xbf \n" + rss("été".encode())).title == "été"
    assert (
        only(
            rss("été".encode("latin-1")), headers={"content-type": "application/rss+xml; charset=iso-8859-1"}
        ).title
        == "été"
    )


def test_a_bare_ampersand_in_a_cdata_link_stays() -> None:
    """Mending broken XML leaves what stands in CDATA alone."""
    body = b'<rss version="2.0"><channel><item><title>Q & A</title><link><![CDATA[https://f.example/?a=1&b=2]]></link></item></channel></rss>'
    assert (only(body).title, only(body).url) == ("Q & A", "https://f.example/?a=1&b=2")


def test_a_character_beyond_unicode_costs_only_itself() -> None:
    """One impossible reference does not lose a feed."""
    assert only(rss(b"A&#xffffffff;B")).title == "AB"


def test_an_unusable_encoding_is_no_feed_or_is_read() -> None:
    """Encodings that are no text encodings raise nothing of their own."""
    for name in (b"hex", b"base64", b"idna", b"undefined", b"\xff\xfe"):
        body = rss(b"A & B <", head=b'<?xml version="1.0" encoding="%s"?>' % name)
        with contextlib.suppress(LayoutChanged):
            assert list(feed.parse(Page(url="", body=body)))


def test_rss_as_json_with_one_item() -> None:
    """A single item need not stand in a list, and its author may be an object, a name or none."""
    body = b'{"rss": {"channel": {"item": {"title": "T", "link": "https://f.example/1", "author": {"name": "mara"}}}}}'
    assert (only(body).title, only(body).author) == ("T", "mara")
    assert only(body.replace(b'{"name": "mara"}', b'"tern"')).author == "tern"
