"""A long text as one page of HTML that asks nobody for anything."""

from __future__ import annotations

from repwatch.report.leaflet import to_page


def test_a_page_is_whole_and_asks_nobody() -> None:
    """Title from the first heading, language, tables; what looks like HTML is text; no image, no script, no address that runs."""
    text = "# A *new* <b>guide</b>\n\n| a | b |\n| --- | ---: |\n| x | 1 |\n\n<script>alert(1)</script>\n\n![x](https://spy.example/x.png)\n\n[a](javascript:alert(1))\n"
    page = to_page(text, "nl")
    assert page.startswith('<!DOCTYPE html>\n<html lang="nl">\n')
    assert "<title>A new &lt;b&gt;guide&lt;/b&gt;</title>" in page
    body = page.partition("<main>\n")[2].partition("</main>")[0]
    assert body == (
        "<h1>A <em>new</em> &lt;b&gt;guide&lt;/b&gt;</h1>\n"
        '<table>\n<thead>\n<tr>\n<th>a</th>\n<th style="text-align:right">b</th>\n</tr>\n</thead>\n'
        '<tbody>\n<tr>\n<td>x</td>\n<td style="text-align:right">1</td>\n</tr>\n</tbody>\n</table>\n'
        "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"
        '<p>!<a href="https://spy.example/x.png">x</a></p>\n'
        "<p>[a](javascript:alert(1))</p>\n"
    )
    assert [mark for mark in ("<script", "<img", "<link", "@import", "url(") if mark in page] == []
    assert "@page { size: A4;" in page


def test_a_text_without_a_heading_is_called_by_the_program() -> None:
    """A page has a title in any case; an empty text gives an empty page."""
    assert "<title>repwatch</title>" in to_page("Hello", "en")
    assert "<main>\n</main>" in to_page("", "en")
