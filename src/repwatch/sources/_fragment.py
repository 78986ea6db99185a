"""Turn fragments of HTML and raw strings into the text that a reader sees: paragraphs kept, control characters out."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from repwatch.errors import NestedTooDeeply
from repwatch.sources._tree import tree

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LINE_END = re.compile(r"\r\n?|\x0b|\x0c|\x85|\u2028|\u2029")
#: A whole tag, a comment, or an entity; "pay<promise" is none of these, and a parser would drop its end.
_MARKUP = re.compile(r"<[a-zA-Z/!?][^<>]*>|<!--|&(?:#\d|#[xX][0-9a-fA-F]|[a-zA-Z])")
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
_BLOCKS = frozenset(
    ["address", "article", "aside", "blockquote", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tr", "ul"]
)
_SILENT = frozenset(["script", "style", "template", "noscript", "iframe", "object", "textarea", "select", "svg", "math", "title", "-comment"])
_SPACE = re.compile(r"[ \t\n\xa0]+")
_BREAK = "\x1e"
_BREAKS = re.compile(rf"[ ]*{_BREAK}[ {_BREAK}]*")
_LONGEST = 2_000_000


def plain(text: str) -> str:
    """Return text that is no markup with one kind of line end and without control or bidirectional characters."""
    return _CONTROL.sub("", _LINE_END.sub("\n", text)).strip()


def one_line(text: str | None) -> str:
    """Return text that is no markup on one line."""
    return " ".join(plain(text or "").split())


def to_text(fragment: str | None) -> str:
    """Return the text of `fragment`: a line end for each `<br>`, an empty line between blocks, entities read once, after the tags.

    White space inside a paragraph becomes single spaces, as a browser shows it; scripts and styles say nothing. What
    Mastodon hides in a shortened link stays hidden, with "…" in its place. Never raises, whatever the input.
    """
    if not fragment:
        return ""
    fragment = fragment[:_LONGEST]
    if not _MARKUP.search(fragment):
        return plain(fragment)
    fragment = _CONTROL.sub("", _LINE_END.sub("\n", fragment))
    try:
        return of_node(tree(fragment).body)
    except NestedTooDeeply:
        return plain(html.unescape(_TAG.sub(" ", fragment)))


def of_node(node: LexborNode | None) -> str:
    """Return the text of a node of a tree, as `to_text` does."""
    parts: list[str] = []
    waiting: list[tuple[LexborNode | None, str, bool]] = [(node, "", False)]
    while waiting:
        one, after, verbatim = waiting.pop()
        if one is None:
            parts.append(after)
            continue
        tag = one.tag or ""
        if tag == "-text":
            said = one.text_content or ""
            parts.append(said.replace("\n", _BREAK) if verbatim else said)
        elif tag == "br":
            parts.append(_BREAK)
        elif tag not in _SILENT:
            before, after = _marks(one, tag)
            if before is not None:
                parts.append(before)
                waiting.append((None, after, False))
                waiting += [(child, "", verbatim or tag == "pre") for child in reversed([*one.iter(include_text=True)])]
    text = _SPACE.sub(" ", "".join(parts))
    return plain(_BREAKS.sub(lambda found: "\n" if found[0].count(_BREAK) == 1 else "\n\n", text))


def _marks(node: LexborNode, tag: str) -> tuple[str | None, str]:
    """Return what stands before and after the text of an element; None before one that is hidden."""
    if tag in _BLOCKS:
        return _BREAK * 2, _BREAK * 2
    if tag in ("td", "th"):
        return " ", " "
    if tag == "span":
        classes = (node.attributes.get("class") or "").split()
        return None if "invisible" in classes else "", "…" if "ellipsis" in classes else ""
    return "", ""

