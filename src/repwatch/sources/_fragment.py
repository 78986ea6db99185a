"""HTML fragments as a reader sees them, in plain text."""

from __future__ import annotations

import re

_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "br", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody",
    "tfoot", "thead", "tr", "ul",
))  # fmt: skip
_CELLS = frozenset(("td", "th"))
_UNSEEN = frozenset(
    (
        "script",
        "style",
        "template",
        "iframe",
        "object",
        "noscript",
        "textarea",
        "select",
        "svg",
        "math",
        "title",
    )
)
#: A whole tag or an entity; "pay<promise" is neither, and a parser would drop its end.
_MARKUP = re.compile(r"<[a-zA-Z!/?][^<>]*>|&[#a-zA-Z]")
_SPACES = re.compile(r"[ \t\r\n\f\v\xa0]+")
_INLINE_SPACES = re.compile(r"[ \t\r\f\v\xa0]+")


class _Reader:
    """Hear the parser's events one by one: no tree is built, so that depth costs nothing."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.skipped: list[str] = []
        self.verbatim = 0
        self.spans: list[str] = []

    def start(self, tag: str, attrib: dict[str, str]) -> None:
        if self.skipped:
            if tag == self.skipped[-1]:
                self.skipped.append(tag)
            return
        classes = attrib.get("class", "").split()
        if tag in _UNSEEN or (tag == "span" and "invisible" in classes):
            self.skipped.append(tag)
            return
        if tag in _BLOCKS:
            self.parts.append("\n")
        elif tag in _CELLS:
            self.parts.append(" ")
        elif tag == "span":
            self.spans.append("…" if "ellipsis" in classes else "")
        self.verbatim += tag == "pre"

    def end(self, tag: str) -> None:
        if self.skipped:
            if tag == self.skipped[-1]:
                self.skipped.pop()
            return
        if tag in _BLOCKS:
            self.parts.append("\n")
        elif tag == "span" and self.spans:
            self.parts.append(self.spans.pop())
        self.verbatim -= tag == "pre"

    def data(self, data: str) -> None:
        if not self.skipped:
            self.parts.append(data if self.verbatim > 0 else _SPACES.sub(" ", data))

    def comment(self, text: str) -> None:
        """Pass over comments."""

    def close(self) -> str:
        return _lines("".join(self.parts))


def to_text(fragment: str) -> str:
    """Return `fragment` as plain text: blocks and `<br>` become line ends, entities characters, scripts and styles vanish.

    What Mastodon hides in a shortened link stays hidden, with "…" in its place. Never raises, whatever the input.
    """
    if not _MARKUP.search(fragment):
        return _lines(fragment)
    from lxml.etree import HTMLParser

    parser = HTMLParser(target=_Reader(), huge_tree=True, recover=True, encoding="utf-8")
    parser.feed(fragment.replace("\0", "").encode("utf-8", "replace"))
    text: str = parser.close()
    return text


def one_line(text: str) -> str:
    """Return plain `text` on one line, without spaces around it."""
    return _SPACES.sub(" ", text).strip()


def _lines(text: str) -> str:
    lines = (_INLINE_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
