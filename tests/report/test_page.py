"""The HTML page as text: one file, nothing from elsewhere, foreign text escaped; charts, mail and PDF around it."""

from __future__ import annotations

import email
import email.policy
import re
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from selectolax.lexbor import LexborHTMLParser
from tests.report.golden import speaking
from tests.report.test_plain import HOSTILE, of
from tests.report.whole import DATA

from repwatch.cli import paper
from repwatch.errors import UsageError
from repwatch.report import charts
from repwatch.report.document import Cell, Document, Line, Part, Point, Quote, Section
from repwatch.report.mail import message, to_eml
from repwatch.report.overview import overview
from repwatch.report.page import to_html

needs_charts = pytest.mark.skipif(not charts.available(), reason="the extra `charts` (vl-convert-python) is not installed")
#: Every element that a page may hold; none of them loads or runs anything.
HARMLESS = {"html", "head", "meta", "title", "style", "body", "main", "header", "footer", "section", "h1", "h2", "p", "div", "figure", "figcaption", "table", "caption", "thead", "tbody", "tr",
            "th", "td", "ul", "li", "span", "i", "blockquote", "a", "code", "svg", "g", "path", "text", "line", "rect", "defs", "clippath"}  # fmt: skip


def tree(page: str) -> LexborHTMLParser:
    return LexborHTMLParser(page)


def everywhere(text: str) -> Document:
    """A document with `text` in each place where a text can stand."""
    points = (Point(text, 1.0, 0.5, 1.5, 3, 1.0), Point(text + "2", None, None, None, 0, 0.0))
    section = Section(text, text, (text, text), ((Cell(text, "bad", (Part(0.5, "bad"),), text), text),), before=(text,), after=(text,), leads=(text,),
                      lines=(Line(text, text, text, "stars", points),), quotes=(Quote(text, text, "good", text, text),))  # fmt: skip
    return Document("x", text, (section,), {"kind": text}, verdict=text, closing=text)


def assert_harmless(page: str) -> None:
    """Hold a page to what it may contain: known elements, no handler, no address but of the web, behind a click."""
    for node in tree(page).css("*"):
        assert node.tag in HARMLESS, node.tag
        for name, value in node.attributes.items():
            assert not name.startswith("on")
            assert name not in ("src", "srcdoc", "action", "formaction", "background", "poster", "data")
            if name.endswith("href"):
                assert str(value).startswith(("https://", "http://")) or re.fullmatch(r"#s\d+[\w-]*", str(value))


@settings(deadline=None, max_examples=60)
@given(HOSTILE)
def test_any_text_passes_harmlessly(text: str) -> None:
    """Whatever stands in a name, a review or a setting: no element, handler or address comes of it, in page and mail."""
    document = everywhere(text)
    assert_harmless(to_html(document))
    assert_harmless(to_html(document, mail=True))
    assert not set("\x1b\x9b\x07\u202e\u2066\ud800\x00") & set(to_html(document))
    to_eml(document)


def test_a_firm_called_if() -> None:
    """Vega takes a title of that word alone for a signal."""
    assert_harmless(to_html(everywhere("if")))


@pytest.mark.parametrize("text", ["</title></style><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "{{ 7*7 }}", "--><svg onload=alert(1)>", "]]>"])
def test_known_attacks(text: str) -> None:
    """Scripts, handlers, addresses that are code, and orders to the template stay text."""
    page = to_html(everywhere(text))
    assert_harmless(page)
    assert text in tree(page).css_first("h1").text() + tree(page).css_first(".verdict").text()


def test_ten_megabytes() -> None:
    """A text of that size is carried through."""
    assert len(to_html(of("<b>é</b>" * 1_250_000))) > 10_000_000


def test_the_policy_allows_nothing_from_outside() -> None:
    """No script at all, no image, font, frame or form from anywhere."""
    policy = tree(to_html(overview(DATA))).css_first("meta[http-equiv='Content-Security-Policy']").attributes["content"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


@pytest.mark.parametrize("language", ["en", "fr", "nl", "de"])
def test_the_page_names_its_language(language: str) -> None:
    """Screen readers speak it, and a quotation in another language is marked as such."""
    with speaking(language):
        page = tree(to_html(overview(DATA)))
    assert page.css_first("html").attributes["lang"] == language
    assert [node.attributes.get("lang") for node in page.css("blockquote")] == ["en", "fr", "nl"]


@needs_charts
def test_each_chart_has_its_words_and_its_table() -> None:
    """A chart is an image with a text; what it says stands under it, and its figures in the table beneath."""
    section = tree(to_html(overview(DATA))).css_first("section[id$=-trend]")
    assert [(node.attributes["role"], node.attributes["aria-label"]) for node in section.css("figure div")] == [("img", node.text()) for node in section.css("figcaption")]
    assert [len(section.css("figure svg")), len(section.css("table tbody tr"))] == [3, 13]


def test_without_the_extra_the_page_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the tables stand alone; a mail never had charts and says nothing."""
    monkeypatch.setattr(charts, "available", lambda: False)
    assert "install repwatch with its extra `charts`" in to_html(overview(DATA))
    assert "<svg" not in to_html(overview(DATA))
    assert "install repwatch" not in to_html(overview(DATA), mail=True)


def test_a_missing_extra_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where vl-convert cannot be imported there are no charts, and no crash."""
    monkeypatch.setitem(__import__("sys").modules, "vl_convert", None)
    assert not charts.available()


def test_a_link_that_is_no_address_is_none() -> None:
    """Only http and https may be followed; what cannot even be read as an address is dropped."""
    quotes = tuple(Quote("t", "a", "", "", lead) for lead in ("https://a.example/x", "ftp://a", "http://[x", "//a", ""))
    page = tree(to_html(Document("x", "T", (Section("s", "S", quotes=quotes),), None)))
    assert [node.attributes["href"] for node in page.css("a")] == ["https://a.example/x"]


LINE = Line("rating", "Rating <b>", "alt", "stars", tuple(Point(f"2026-{month:02}-01", value, None, None, 3, seen) for month, value, seen in [(1, 3.0, 1.0), (2, None, 0.0), (3, 3.5, 1.0), (4, 3.6, 1.0)]))


@needs_charts
@pytest.mark.parametrize("unit", ["stars", "points", "count", "share"])
def test_a_line_is_drawn_in_every_unit(unit: Any) -> None:
    """The SVG is well-formed, without script, role or address, and takes the ink of the page; its ids are its own."""
    svg = charts.to_svg(LINE._replace(unit=unit, points=tuple(point._replace(value=point.value and point.value / 5) for point in LINE.points)))
    root = ET.fromstring(svg)
    assert root.tag.endswith("svg")
    assert "currentColor" in svg
    assert re.findall(r"<script|<image| role=|aria-|href=(?!\"#)", svg) == []
    assert [name for name in re.findall(r' id="([^"]*)"', svg) if not name.startswith("rating-")] == []


@needs_charts
@pytest.mark.parametrize(("language", "tick"), [("en", "3.0"), ("fr", "3,0"), ("nl", "3,0"), ("de", "3,0")])
def test_the_axis_speaks_the_language(language: str, tick: str) -> None:
    """Decimal commas where the reader writes them."""
    with speaking(language):
        assert f">{tick}<" in charts.to_svg(LINE)


@needs_charts
def test_what_cannot_be_drawn_is_marked() -> None:
    """Characters beyond the fonts, and of two halves, are replaced: Vega would cut them in two, and fail."""
    odd = LINE._replace(title="漢字 \U000104ff \U000cb05d" * 9, points=tuple(point._replace(label=f"\U0010af52{place}" * 30) for place, point in enumerate(LINE.points)))
    assert "\ufffd" in charts.to_svg(odd)
    assert charts.to_png(odd).startswith(b"\x89PNG")


@needs_charts
def test_a_blind_month_breaks_the_line() -> None:
    """The line has a gap where nothing was seen; nothing is drawn across it."""
    whole = charts.to_svg(LINE._replace(points=tuple(point._replace(value=3.0, seen=1.0) for point in LINE.points)))
    assert max(path.count("L") for path in re.findall(r'd="(M[^"]*)"[^>]*stroke-width="2"', whole)) == 3
    assert max(path.count("L") for path in re.findall(r'd="(M[^"]*)"[^>]*stroke-width="2"', charts.to_svg(LINE))) == 1


@needs_charts
def test_charts_as_files() -> None:
    """SVG and PNG of each line, black on white, to be used elsewhere."""
    found = dict(charts.files(overview(DATA)))
    assert sorted(found) == ["net_sentiment.png", "net_sentiment.svg", "rating.png", "rating.svg", "volume.png", "volume.svg"]
    assert [found["rating.png"][:8], b"currentColor" in found["rating.svg"]] == [b"\x89PNG\r\n\x1a\n", False]


def test_one_mail_with_both_forms() -> None:
    """Plain text and HTML side by side, no header but those of content, the same bytes every time."""
    raw = to_eml(overview(DATA))
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert mail["Subject"] == "Quarterly report · 2026-07-01 to 2026-09-30"
    assert [mail["From"], mail["To"], mail["Date"], raw] == [None, None, None, to_eml(overview(DATA))]
    assert [line for line in raw.split(b"\r\n") if len(line) > 998] == []
    html = mail.get_body(("html",)).get_content()
    assert ("<svg" in html, "Content-Security-Policy" in html, "Kastelmont" in html) == (False, False, True)


def test_a_subject_takes_no_header() -> None:
    """A line break in a name begins no header; a title without text still has a subject."""
    assert message(of("A\r\nBcc: x@y.example"))["Subject"] == "A Bcc: x@y.example"
    assert message(of("\x00"))["Subject"] == "repwatch"


def test_no_browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without Chromium the way to a PDF is named."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(paper, "_PLACES", ())
    with pytest.raises(UsageError, match="a PDF needs Chromium") as caught:
        paper.to_pdf("<p>x</p>")
    assert "--format html" in caught.value.hint


def fake(folder: Path, script: str) -> None:
    (folder / "chromium").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "chromium").chmod(0o755)


def test_a_browser_that_prints_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It is named, with what to do instead."""
    fake(tmp_path, "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="the browser printed nothing") as caught:
        paper.to_pdf("<p>x</p>")
    assert caught.value.where == str(tmp_path / "chromium")


def test_a_browser_that_hangs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It is given up after its time."""
    monkeypatch.setattr(paper, "browser", lambda: "/bin/true")

    def hang(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("chromium", 90)

    monkeypatch.setattr(subprocess, "run", hang)
    with pytest.raises(UsageError, match="the browser did not print"):
        paper.to_pdf("<p>x</p>")


@pytest.mark.parametrize(("language", "told"), [("en", "workload · Texts: "), ("fr", "workload · Texts\u00a0: "), ("nl", "workload · Texts: "), ("de", "workload · Texts: ")])
def test_a_colon_stands_as_the_language_has_it(language: str, told: str) -> None:
    """The line behind a figure names row and column, then the command."""
    document = Document("report", "T", (Section("topics", "Topics", ("Topic", "Texts"), ((Cell("workload"), Cell("3", lead="repwatch mentions --topic workload")),)),), {})
    with speaking(language):
        assert told + "repwatch mentions --topic workload" in tree(to_html(document)).css_first(".behind li").text()
