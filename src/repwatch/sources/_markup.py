"""Turn markup and raw strings into text: paragraphs kept, control characters out."""

from __future__ import annotations

import re

_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_LINE_END = re.compile(r"\r\n?|\x0b|\x0c|\x85|\u2028|\u2029")
_BLOCK = "br, p, div, li, ul, ol, h1, h2, h3, h4, h5, h6, tr, blockquote, pre, section, article, hr, dt, dd"
_SPACE = re.compile(r"[ \t\n\xa0]+")
_BREAK = "\x1e"
_BREAKS = re.compile(rf"[ ]*{_BREAK}[ {_BREAK}]*")


def plain(text: str) -> str:
    """Return text that is no markup with one kind of line end and without control or bidirectional characters."""
    return _CONTROL.sub("", _LINE_END.sub("\n", text)).strip()


def to_text(html: str) -> str:
    """Return the text of a piece of HTML: a line break for each `<br>`, an empty line between blocks.

    White space inside a paragraph becomes single spaces, as a browser shows it; scripts and styles say nothing.
    """
    if "<" not in html and "&" not in html:
        return plain(html)
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(_CONTROL.sub("", _LINE_END.sub("\n", html)))
    for silent in tree.css("script, style, template, noscript"):
        silent.decompose()
    for block in tree.css(_BLOCK):
        mark = _BREAK if block.tag == "br" else _BREAK * 2
        block.insert_before(mark)
        if block.tag not in ("br", "hr"):
            block.insert_after(mark)
    body = tree.body
    text = _SPACE.sub(" ", body.text(separator="") if body else "")
    return plain(_BREAKS.sub(lambda found: "\n" if found[0].count(_BREAK) == 1 else "\n\n", text))
