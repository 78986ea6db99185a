"""Feeds: RSS, Atom, RDF, JSON Feed, alerts; whole, empty, odd, torn and changed."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.loopback import rss
from tests.real import REAL, needs_real

from repwatch.errors import LayoutChanged
from repwatch.models import Mention, NoResults, Outcome, Page, Problem, Watch
from repwatch.pipeline.reading import read_file
from repwatch.sources import feed


def read(body: bytes | str, url: str = "") -> list[Outcome]:
    return list(feed.parse(Page(url, body=body.encode() if isinstance(body, str) else body)))


def one(body: bytes | str, url: str = "") -> Mention:
    (found,) = read(body, url)
    assert isinstance(found, Mention)
    return found


def item(inner: str, root: str = "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:media='http://search.yahoo.com/mrss/'><channel>", end: str = "</channel></rss>") -> str:
    return f"{root}<item>{inner}</item>{end}"


def told(**more: object) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "language": "nl-BE", "items": [more]})


def test_rss() -> None:
    """An entry has its id, address, title, text, instant, and the language of its feed."""
    found = one(rss("Acme opens"))
    assert [found.url, found.title, found.text, found.published, found.lang, found.kind] == ["https://press.example/1", "Acme opens", "A story about Acme.", "2026-11-02T06:00:00Z", "en", "article"]


def test_atom() -> None:
    """An Atom entry has its author, its HTML as text, and its own language."""
    found = one("<feed xmlns='http://www.w3.org/2005/Atom'><entry xml:lang='fr-BE'><id>tag:1</id><title>T</title><author><name>Ann</name></author><updated>2026-11-02T08:00:00+02:00</updated>"
                "<content type='html'>&lt;p&gt;a&lt;/p&gt;&lt;p&gt;b&amp;amp;c&lt;/p&gt;</content></entry></feed>")  # fmt: skip
    assert [found.native_id, found.author, found.text, found.published, found.lang] == ["tag:1", "Ann", "a\n\nb&c", "2026-11-02T06:00:00Z", "fr"]


@pytest.mark.parametrize(("date_", "published"), [("2026-11-02", "2026-11-02"), ("soon", None), ("", None), ("Mon, 02 Nov 2026 06:00:00 +0100", "2026-11-02T05:00:00Z")])
def test_dates(date_: str, published: str | None) -> None:
    """A date without an hour stays a date; what is no date is none."""
    assert published == one(item(f"<title>x</title><pubDate>{date_}</pubDate>")).published


@pytest.mark.parametrize(("link", "url", "kind"), [
    ("https://www.google.com/url?rct=j&amp;url=https://a.example/x&amp;ct=ga", "https://a.example/x", "article"), ("https://www.google.com/url?url=javascript:x", "https://www.google.com/url?url=javascript:x", "article"),
    ("https://www.bing.com/news/apiclick.aspx?url=https%3a%2f%2fa.example", "https://a.example", "article"), ("https://www.reddit.com/r/x/1", "https://www.reddit.com/r/x/1", "post"),
    ("http://[::bad", None, "article"), ("https://a.example/]x[", "https://a.example/]x[", "article"), ("/relative", "https://p.example/relative", "article"),
])  # fmt: skip
def test_links(link: str, url: str | None, kind: str) -> None:
    """Redirects of alerts lead to their target; an address that is none costs nothing."""
    found = one(item(f"<title>x</title><link>{link}</link>"), "https://p.example/feed")
    assert (url, kind) == (found.url, found.kind)


def test_an_address_that_is_none() -> None:
    """In JSON too an address that is none costs nothing."""
    assert one(told(title="x", url="http://[::bad")).kind == "article"


def test_google_news() -> None:
    """Google News: the publisher leaves the title, and the list of other stories is nobody's text."""
    found = one(item("<title>Acme grows - The Paper</title><link>https://news.google.com/a</link><source url='https://p.example'>The Paper</source><description>other</description>"))
    assert [found.title, found.text] == ["Acme grows", ""]


def test_reddit_tail() -> None:
    """The tail that Reddit adds to each text is cut."""
    assert one(item("<title>x</title><link>https://www.reddit.com/r/jobs/1</link><description>Acme is fine submitted by /u/somebody to r/jobs [link] [comments]</description>")).text == "Acme is fine"


def test_nothing() -> None:
    """A feed without entries is a true nothing, in XML as in JSON."""
    assert [[NoResults(source="feed")]] * 2 == [read(rss()), read('{"version": "1", "items": []}')]


def test_odd_entries() -> None:
    """An entry without anything is a problem, the others are read."""
    assert [type(each).__name__ for each in read(item("</item><item><title>x</title>"))] == ["Problem", "Mention"]


def test_torn() -> None:
    """A feed torn in its middle gives what was whole, and says so."""
    found = read(rss("One", "Two")[:-60])
    assert isinstance(found[0], Mention)
    assert isinstance(found[-1], Problem)


@pytest.mark.parametrize("body", ["<html><body>no</body></html>", "<rss", '{"a": 1}', '{"items": [], "x": 1}', "[]", "{", "plain"])
def test_changed(body: str) -> None:
    """What is no feed is a changed layout, never a zero."""
    with pytest.raises(LayoutChanged):
        read(body)


def test_json_feed() -> None:
    """A JSON Feed item has its text, author, instant in UTC, and the language of its feed."""
    found = one(told(id=7, url="https://a.example/x", title="T", content_html="<p>a</p>", authors=[{"name": "Ann"}], date_published="2026-11-02T08:00:00+02:00"))
    assert [found.native_id, found.title, found.text, found.author, found.published, found.lang] == ["a.example:7", "T", "a", "Ann", "2026-11-02T06:00:00Z", "nl"]


@pytest.mark.parametrize(("value", "published"), [("2026-11-02", "2026-11-02"), ("2026-11-02T08:00:00", "2026-11-02T08:00:00"), ("soon", None), (5, None)])
def test_json_dates(value: object, published: str | None) -> None:
    """Dates of JSON never claim more than was said."""
    assert published == one(told(title="x", date_published=value)).published


def test_odd_json() -> None:
    """An item that is no object, is empty, or has a field of a wrong type, is a problem."""
    body = json.dumps({"version": "1", "items": ["x", {}, {"title": "fine", "author": {"name": "Ann"}, "link": "https://a.example"}]})
    assert [type(each).__name__ for each in read(body)] == ["Problem", "Problem", "Mention"]


@pytest.mark.parametrize(("items", "count"), [({"title": "x", "guid": "g"}, 1), ([{"title": "x"}, {"title": "y"}], 2), (None, 1)])
def test_rss_in_json(items: object, count: int) -> None:
    """RSS put into JSON is read too: one item, many, or none."""
    assert count == len(read(json.dumps({"rss": {"channel": {"item": items}}})))


def test_walk() -> None:
    """A feed has one page."""
    requests = list(feed.walk(Watch(source="feed", employer="A", target="https://a.example", since=date(2026, 1, 1), until=date(2026, 1, 2))))
    assert [(each.url, each.expect) for each in requests] == [("https://a.example", "feed")]


ITEM = b"<item><title>%s</title><link>https://f.example/1</link>%s</item>"


def small(title: bytes = b"T", more: bytes = b"", head: bytes = b"") -> bytes:
    return head + b'<rss version="2.0"><channel>' + ITEM % (title, more) + b"</channel></rss>"


def alone(body: bytes, **given: Any) -> Mention:
    (mention,) = feed.parse(Page(url="", body=body)._replace(**given))
    assert isinstance(mention, Mention)
    return mention


def test_a_body_that_names_a_file_is_not_opened(tmp_path: Path) -> None:
    """A page whose bytes are a path stays bytes."""
    file = tmp_path / "feed.xml"
    file.write_bytes(small())
    with pytest.raises(LayoutChanged):
        list(feed.parse(Page(url="", body=str(file).encode())))


def test_external_entities_are_not_read(tmp_path: Path) -> None:
    """No file and no network address comes in through a document type."""
    secret = tmp_path / "secret"
    secret.write_text("hidden words")
    head = b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "%s">]>' % secret.as_uri().encode()
    assert "hidden words" not in str(list(feed.parse(Page(url="", body=small(b"A &x; B", head=head)))))


def test_entities_that_multiply_stay_small() -> None:
    """A billion laughs are not laughed."""
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"ha") for n in range(9))
    found = list(
        feed.parse(
            Page(url="", body=small(b"&l8;", head=b'<?xml version="1.0"?><!DOCTYPE rss [' + laughs + b"]>"))
        )
    )
    assert len(str(found)) < 10_000


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"Mon, 02 Nov 2026", "2026-11-02"),
        (b"Mon, 02 Nov 2026 08:00:00 CET", "2026-11-02T08:00:00"),
        (b"Mon, 02 Nov 2026 08:00:00 EST", "2026-11-02T13:00:00Z"),
        (b"2026-11-02T08:00:00.5+01:00", "2026-11-02T07:00:00Z"),
        (b"02 Nov 26 08:00 GMT", "2026-11-02T08:00:00Z"),
        (b"the day before", None),
    ],
)
def test_dates_keep_their_precision(raw: bytes, expected: str | None) -> None:
    """A day stays a day, an instant is UTC, what nobody can read is none."""
    assert expected == alone(small(more=b"<pubDate>%s</pubDate>" % raw)).published


def test_byte_order_mark_and_header_charset() -> None:
    """A mark and blanks before the document do no harm; the header's charset counts."""
    assert alone(b"\xef\xbb\xbf \n" + small("été".encode())).title == "été"
    assert (
        alone(
            small("été".encode("latin-1")), headers={"content-type": "application/rss+xml; charset=iso-8859-1"}
        ).title
        == "été"
    )


def test_a_bare_ampersand_in_a_cdata_link_stays() -> None:
    """Mending broken XML leaves what stands in CDATA alone."""
    body = b'<rss version="2.0"><channel><item><title>Q & A</title><link><![CDATA[https://f.example/?a=1&b=2]]></link></item></channel></rss>'
    assert (alone(body).title, alone(body).url) == ("Q & A", "https://f.example/?a=1&b=2")


def test_a_character_beyond_unicode_costs_only_itself() -> None:
    """One impossible reference does not lose a feed."""
    assert alone(small(b"A&#xffffffff;B")).title == "AB"


def test_an_unusable_encoding_is_no_feed_or_is_read() -> None:
    """Encodings that are no text encodings raise nothing of their own."""
    for name in (b"hex", b"base64", b"idna", b"undefined", b"\xff\xfe"):
        body = small(b"A & B <", head=b'<?xml version="1.0" encoding="%s"?>' % name)
        with contextlib.suppress(LayoutChanged):
            assert list(feed.parse(Page(url="", body=body)))


def test_rss_as_json_with_one_item() -> None:
    """A single item need not stand in a list, and its author may be an object, a name or none."""
    body = b'{"rss": {"channel": {"item": {"title": "T", "link": "https://f.example/1", "author": {"name": "mara"}}}}}'
    assert (alone(body).title, alone(body).author) == ("T", "mara")
    assert alone(body.replace(b'{"name": "mara"}', b'"tern"')).author == "tern"


@needs_real
def test_real_feeds() -> None:
    """Every recorded feed gives so many mentions and problems."""
    folder = REAL / "social"
    paths = [path for name in ("rss_atom_jsonfeed", "google_alerts", "google_news") for path in sorted((folder / name).rglob("*")) if path.is_file() and not path.name.endswith(".http.json")]
    found = {str(Path(path).relative_to(folder)): (told.state, dict(Counter(type(each).__name__ for each in told.outcomes))) for path in paths if (told := read_file(path, source="feed").read)}
    assert found == REAL_COUNTS


REAL_COUNTS: dict[str, tuple[str, dict[str, int]]] = {
    "rss_atom_jsonfeed/feedjira_AtomEscapedHTMLInPreTag.xml": ("read", {"Mention": 1}),
    "rss_atom_jsonfeed/feedjira_HuffPostCanada.xml": ("read", {"Mention": 2}),
    "rss_atom_jsonfeed/feedjira_InvalidDateFormat.xml": ("partly", {"Mention": 2, "Problem": 1}),
    "rss_atom_jsonfeed/feedjira_RSSWithComments.xml": ("read", {"Mention": 30}),
    "rss_atom_jsonfeed/feedjira_json_feed.json": ("read", {"Mention": 20}),
    "rss_atom_jsonfeed/feedjira_json_feed_with_escaped_uris.json": ("read", {"Mention": 30}),
    "rss_atom_jsonfeed/feedjira_youtube_atom.xml": ("read", {"Mention": 15}),
    "rss_atom_jsonfeed/feedparser/encoding_demoronize-1.xml": ("read", {"Mention": 1}),
    "rss_atom_jsonfeed/feedparser/encoding_http_text_xml_bogus_charset.xml": ("read", {"NoResults": 1}),
    "rss_atom_jsonfeed/feedparser/encoding_utf-8-bom.xml": ("read", {"NoResults": 1}),
    "rss_atom_jsonfeed/feedparser/illformed_rss_incomplete_cdata.xml": ("failed", {"Problem": 1}),
    "rss_atom_jsonfeed/feedparser/illformed_undeclared_namespace.xml": ("read", {"NoResults": 1}),
    "rss_atom_jsonfeed/feedparser/lang_channel_dc_language.xml": ("read", {"NoResults": 1}),
    "rss_atom_jsonfeed/feedparser/lang_entry_content_xml_lang.xml": ("read", {"Mention": 1}),
    "rss_atom_jsonfeed/feedparser/lang_entry_content_xml_lang_blank_2.xml": ("read", {"Mention": 1}),
    "rss_atom_jsonfeed/feedparser/rss_channel_author.xml": ("read", {"NoResults": 1}),
    "rss_atom_jsonfeed/feedparser/rss_channel_author_map_author_detail_email_2.xml": ("read", {"NoResults": 1}),
    "rss_atom_jsonfeed/feedparser/rss_channel_author_map_author_detail_name.xml": ("read", {"NoResults": 1}),
    "rss_atom_jsonfeed/feedparser/rss_channel_dc_author.xml": ("read", {"NoResults": 1}),
    "rss_atom_jsonfeed/feedparser/rss_channel_dc_author_map_author_detail_name.xml": ("read", {"NoResults": 1}),
    "rss_atom_jsonfeed/feedparser/rss_channel_dc_creator.xml": ("read", {"NoResults": 1}),
    "rss_atom_jsonfeed/feedparser/rss_channel_dc_creator_map_author_detail_name.xml": ("read", {"NoResults": 1}),
    "rss_atom_jsonfeed/gofeed/atom10_feed.xml": ("read", {"NoResults": 1}),
    "rss_atom_jsonfeed/gofeed/empty_feed.xml": ("failed", {"Problem": 1}),
    "rss_atom_jsonfeed/gofeed/invalid.json": ("failed", {"Problem": 1}),
    "rss_atom_jsonfeed/gofeed/rdf_feed.xml": ("read", {"NoResults": 1}),
    "rss_atom_jsonfeed/gofeed/rss_feed_bom.xml": ("read", {"NoResults": 1}),
    "rss_atom_jsonfeed/gofeed/rss_feed_leading_spaces.xml": ("read", {"NoResults": 1}),
    "rss_atom_jsonfeed/gofeed/unknown_feed.xml": ("failed", {"Problem": 1}),
    "rss_atom_jsonfeed/gofeed/version_json_11.json": ("read", {"Mention": 1}),
    "rss_atom_jsonfeed/gofeed/version_json_11_expected.json": ("read", {"Mention": 1}),
    "rss_atom_jsonfeed/nnw_489.rss": ("read", {"Mention": 10}),
    "rss_atom_jsonfeed/nnw_DaringFireball.json": ("read", {"Mention": 48}),
    "rss_atom_jsonfeed/nnw_EMarley.rss": ("read", {"Mention": 10}),
    "rss_atom_jsonfeed/nnw_OneFootTsunami.atom": ("read", {"Mention": 25}),
    "rss_atom_jsonfeed/nnw_allthis-partial.json": ("partly", {"Mention": 2, "Problem": 1}),
    "rss_atom_jsonfeed/nnw_inessential.json": ("read", {"Mention": 20}),
    "rss_atom_jsonfeed/nnw_livemint.xml": ("read", {"Mention": 25}),
    "rss_atom_jsonfeed/nnw_manton.rss": ("read", {"Mention": 10}),
    "google_alerts/feedjira_google_alerts_atom.xml": ("read", {"Mention": 20}),
    "google_news/search_en_US_2022.xml": ("read", {"Mention": 37}),
}
