"""The schema.org records in a page: JSON-LD, however it was mangled on its way into the page, and microdata."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from repwatch.models import Page
from repwatch.sources._foreign import read_json
from repwatch.sources._fragment import to_text


class Thing(NamedTuple):
    """A record with its types, without their prefix, and the record it stands in or speaks of."""

    types: frozenset[str]
    record: dict[str, Any]
    about: dict[str, Any]


class Blocks(NamedTuple):
    """All records of a page, and what could not be read."""

    values: list[Any]
    faults: list[str]


_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset=["']?([\w-]{2,30})""", re.IGNORECASE)
_DECLARED = re.compile(r"charset=[\"']?([\w-]{2,30})", re.IGNORECASE)


def markup(page: Page) -> str:
    """Return the page as text: by its byte order mark, its header, its own word, else UTF-8, else what Windows wrote."""
    if page.body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return page.body.decode("utf-16", "replace")
    declared = _DECLARED.search(page.headers.get("content-type", ""))
    inside = _CHARSET.search(page.body[:4096])
    named = [declared.group(1)] if declared else []
    named += [inside.group(1).decode("ascii")] if inside else []
    for name in [*named, "utf-8"]:
        try:
            return page.body.decode(name).removeprefix("\ufeff")
        except (LookupError, ValueError):
            continue
    return page.body.decode("cp1252", "replace")


def blocks(text: str) -> Blocks:
    """Return the JSON-LD values and the microdata in a page, or the JSON-LD document that `text` itself is."""
    if text.lstrip()[:1] in ("{", "["):
        value = _mended(text)
        return Blocks([value], []) if value is not None else Blocks([], ["the document is not JSON"])
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(text.encode("utf-8", "replace").decode())
    found = Blocks([], [])
    for place, script in enumerate(tree.css('script[type*="ld+json" i]')):
        inside = script.text(deep=True)
        value = _mended(inside)
        if value is not None:
            found.values.append(value)
        elif inside.strip():
            found.faults.append(f"block {place} is not JSON")
    found.values.extend(_microdata(tree))
    return found


_OPENERS, _CLOSERS = ("//", "/*", "*/", "<!--", "<![CDATA["), ("//", "/*", "*/", "-->", "]]>")
_WRAPPINGS = 8


def _unwrapped(text: str) -> str:
    """Return `text` without the comment and CDATA signs around it."""
    for _ in range(_WRAPPINGS):
        text = text.strip(" \t\r\n;")
        for sign in _OPENERS:
            text = text.removeprefix(sign)
        for sign in _CLOSERS:
            text = text.removesuffix(sign)
    return text


#: A string, or a comma before a closing bracket; strings are matched so that their commas stay.
_TRAILING = re.compile(r'("(?:[^"\\]|\\.)*+")|,(?=\s*[\]}])')


def _mended(text: str) -> Any | None:
    """Return the JSON in `text`; comments around it, commas too many and entities for quotes are undone when needed."""
    bare = _unwrapped(text)
    without = _TRAILING.sub(lambda found: found.group(1) or "", bare)
    for attempt in (text, bare, without, html.unescape(without)):
        try:
            return read_json(attempt)
        except ValueError:
            continue
    return None


_DEEPEST = 100
_MOST = 20_000
#: Properties may stand in one another: without a limit a nested page is read again at each depth.
_MOST_TEXT = 5_000_000
_VALUE_IN = {
    "a": "href",
    "link": "href",
    "area": "href",
    "img": "src",
    "time": "datetime",
    "data": "value",
    "meter": "value",
}


def _microdata(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield the outermost microdata items, written as JSON-LD would write them."""
    scopes: dict[int, dict[str, Any]] = {}
    budget = _MOST_TEXT
    for node in islice(tree.css("[itemscope], [itemprop]:not([itemscope])"), _MOST):
        attributes = node.attributes
        value: Any = attributes.get("content") or attributes.get(_VALUE_IN.get(node.tag, ""))
        if "itemscope" in attributes:
            value = scopes[node.mem_id] = {"@type": (attributes.get("itemtype") or "").split()}
            if attributes.get("itemid"):
                value["@id"] = attributes["itemid"]
        elif value is None:
            markup_of_it = node.html or ""
            budget -= len(markup_of_it)
            value = to_text(markup_of_it) if budget > 0 else ""
        names = (attributes.get("itemprop") or "").split()
        owner = _owner(node, scopes)
        if owner is None and "itemscope" in attributes:
            yield value
        for name in names if owner is not None else ():
            owner.setdefault(name, []).append(value)


def _owner(node: Any, scopes: dict[int, dict[str, Any]]) -> Any:
    for _ in range(_DEEPEST):
        node = node.parent
        if node is None:
            return None
        if node.mem_id in scopes:
            return scopes[node.mem_id]
    return None


def things(values: list[Any]) -> Iterator[Thing]:
    """Yield every typed record, in page order, with the record around it; `itemReviewed` beats that."""
    known = {
        record["@id"]: record
        for record, _ in _records(values)
        if isinstance(record.get("@id"), str) and len(record) > 1
    }
    for record, around in _records(values):
        types = frozenset(_local(name) for name in _list(record.get("@type")) if isinstance(name, str))
        about = next(
            (each for each in _list(record.get("itemReviewed")) if isinstance(each, dict | str)), around
        )
        about = {"name": about} if isinstance(about, str) else about
        if set(about) == {"@id"} and isinstance(about["@id"], str):
            about = known.get(about["@id"], about)
        if types and not set(record) <= {"@id", "@type", "@context"}:
            yield Thing(types, record, about)


def _records(values: list[Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    waiting: list[tuple[Any, dict[str, Any]]] = [(value, {}) for value in reversed(values)]
    while waiting:
        value, around = waiting.pop()
        if isinstance(value, list):
            waiting += [(each, around) for each in reversed(value)]
        elif isinstance(value, dict):
            yield value, around
            inner = value if "@type" in value else around
            waiting += [
                (each, inner) for each in reversed(list(value.values())) if isinstance(each, list | dict)
            ]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _local(name: str) -> str:
    """Return the last part of a type's name: `https://schema.org/Review` is `Review`."""
    return re.split(r"[/:#]", name.strip())[-1]


def first(value: Any) -> Any:
    """Take the first of several, and the text out of a record that wraps one."""
    while isinstance(value, list | dict):
        if isinstance(value, dict):
            value = next(
                (
                    value[key]
                    for key in ("@value", "value", "name", "alternateName", "text", "@id")
                    if key in value
                ),
                None,
            )
        else:
            value = value[0] if value else None
    return None if value == "" else value


_FIGURE = re.compile(r"[+-]?\d{1,9}(?:[.,]\d{1,12})?")
_GROUPED = re.compile(r"\d{1,3}(?:[.,'’\s]\d{3})+|\d{1,12}(?:[.,]0+)?")


def figure(value: Any) -> Any:
    """Read a number that may be a text and may have a decimal comma."""
    value = first(value)
    if not isinstance(value, str):
        return value
    if not _FIGURE.fullmatch(value.strip()):
        msg = "not a number"
        raise ValueError(msg)
    return float(value.strip().replace(",", "."))


def count(value: Any) -> Any:
    """Read a whole number that may be a text with its thousands apart."""
    value = first(value)
    if not isinstance(value, str):
        return value
    text = value.strip()
    if not _GROUPED.fullmatch(text):
        msg = "not a whole number"
        raise ValueError(msg)
    return int(re.sub(r"\D", "", re.sub(r"[.,]0{1,2}$", "", text)))
