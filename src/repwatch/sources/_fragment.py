"""Turn a fragment of HTML into the text that a reader sees."""

from __future__ import annotations

import re

_BLOCKS = frozenset({"p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "tr", "table", "article", "section"})
_TAG = re.compile(r"<[a-zA-Z/!?]")
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]\w*);")
_LONGEST = 2_000_000


def to_text(fragment: str | None) -> str:
    """Return the text of `fragment`: tags out, paragraphs and breaks as new lines, entities read once, after the tags."""
    if not fragment:
        return ""
    fragment = fragment[:_LONGEST]
    if not _TAG.search(fragment) and not _ENTITY.search(fragment):
        return fragment.strip()
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(fragment)
    for node in tree.css("script, style, template, noscript"):
        node.decompose()
    for node in tree.css("br"):
        node.replace_with("\n")
    for node in tree.css(", ".join(sorted(_BLOCKS))):
        node.insert_before("\n")
        node.insert_after("\n")
    text = tree.body.text(separator="", strip=False) if tree.body else ""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
