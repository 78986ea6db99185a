"""Build the tree of a page, unless its markup is hostile: the parser's time grows with length times depth."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from repwatch.errors import NestedTooDeeply

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

#: Fewer tags than this cost little, however they are nested (measured: 0.1 s for 8,000 nested blocks).
_FEW = 8_000
#: As deep as browsers go; a real page has less than a hundred levels.
_DEEPEST = 512
#: So many attributes in one tag cost as much.
_MOST_ATTRIBUTES = 2_000
_LONG_TAG = 50_000
_TAG = re.compile(rb"<(?:(!--)|(/?)([a-zA-Z][^\s/>]*))")
_RAW = frozenset((b"script", b"style", b"textarea", b"title", b"xmp", b"iframe", b"noembed", b"noframes"))
_RAW_END = {name: re.compile(rb"</" + name, re.IGNORECASE) for name in _RAW}
#: Elements without an end, and those that the next of their kind ends.
_SHALLOW = frozenset(
    b"area base br col embed hr img input link meta source track wbr p li dt dd td th tr thead tbody tfoot option optgroup rp rt colgroup html head body".split()
)


def tree(markup: bytes | str) -> LexborHTMLParser:
    """Return the tree of a page or fragment. Raises NestedTooDeeply instead of parsing without end."""
    from selectolax.lexbor import LexborHTMLParser

    body = markup.encode("utf-8", "replace") if isinstance(markup, str) else markup
    if _is_suspicious(body) and is_hostile(body):
        raise NestedTooDeeply("the page is nested too deeply to be a real one")
    return LexborHTMLParser(body)


def _is_suspicious(body: bytes) -> bool:
    """Tell at the speed of a search whether a closer look is due."""
    if body.count(b"<") > _FEW:
        return True
    return len(body) > _LONG_TAG and any(len(part) > _LONG_TAG and b"<" in part for part in body.split(b">"))


def is_hostile(body: bytes, *, html: bool = True) -> bool:
    """Tell in linear time whether elements are nested, or attributes heaped, beyond reason; in XML every element has an end."""
    depth = place = 0
    while found := _TAG.search(body, place):
        place = found.end()
        end = body.find(b"-->" if found[1] else b">", place)
        if end < 0:
            return len(body[place:].split()) > _MOST_ATTRIBUTES and not found[1]
        if not found[1]:
            if end - place > _LONG_TAG and len(body[place:end].split()) > _MOST_ATTRIBUTES:
                return True
            depth, end = _step(body, found, depth, end) if html else (depth + (-1 if found[2] else body[end - 1] != 47), end)
            if depth > _DEEPEST:
                return True
        if end < 0:
            return False
        place = end + 1
    return False


def _step(body: bytes, found: re.Match[bytes], depth: int, end: int) -> tuple[int, int]:
    """Return the depth behind a tag and where to go on, -1 where an element of raw text never ends."""
    name = found[3].lower()
    if name in _RAW:
        last = None if found[2] else _RAW_END[name].search(body, end)
        return depth, end if found[2] else last.start() - 1 if last else -1
    if name in _SHALLOW:
        return depth, end
    if found[2]:
        return max(depth - 1, 0), end
    return depth + 1, end
