"""The schema.org records in a page: JSON-LD, however it was mangled on its way into the page, and microdata."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from repwatch.errors import NestedTooDeeply
from repwatch.models import Page
from repwatch.sources._decode import read_json
from repwatch.sources._microdata import microdata


class Thing(NamedTuple):
    """A record with its types, without their prefix, and the record it stands in or speaks of."""

    types: frozenset[str]
    record: dict[str, Any]
    about: dict[str, Any]


class Blocks(NamedTuple):
    """The JSON-LD values of a page, and what could not be read."""

    values: list[Any]
    faults: list[str]


_CHARSET = re.compile(rb"""<meta[^<>]{0,200}?charset=["']?([\w-]{2,30})""", re.IGNORECASE)
_DECLARED = re.compile(r"charset=[\"']?([\w-]{2,30})", re.IGNORECASE)
_START = re.compile(rb"""<script\b[^<>]{0,2000}?type\s{0,9}=\s{0,9}["']?application/ld\+json[^<>]{0,2000}>""", re.IGNORECASE)
_END = re.compile(rb"</script", re.IGNORECASE)
_OPENERS, _CLOSERS = ("//", "/*", "*/", "<!--", "<![CDATA["), ("//", "/*", "*/", "-->", "]]>")
_WRAPPINGS = 8
#: A string, or a comma before a closing bracket; strings are matched so that their commas stay.
_TRAILING = re.compile(r'("(?:[^"\\]|\\.)*+")|,(?=\s*+[\]}])')


def in_utf8(page: Page) -> bytes:
    """Return the body in UTF-8: as it is where it is that already, else by its header, by its own word, else as Windows wrote it."""
    body = page.body
    try:
        body.decode()
        return body
    except UnicodeDecodeError:
        declared = _DECLARED.search(page.headers.get("content-type", ""))
        inside = _CHARSET.search(body[:4096])
    names = [declared[1]] if declared else []
    for name in [*names, *([inside[1].decode("ascii")] if inside else []), "cp1252"]:
        try:
            return body.decode(name).encode("utf-8", "replace")
        except (LookupError, ValueError):
            continue
    return body.decode("utf-8", "replace").encode()


def json_ld(body: bytes) -> Blocks:
    """Return the JSON-LD of a page in UTF-8, or the JSON-LD document that `body` itself is."""
    if body.lstrip()[:1] in (b"{", b"["):
        value = _mended(body.decode("utf-8", "replace"))
        return Blocks([], ["the document is not JSON"]) if value is None else Blocks([value], [])
    found = Blocks([], [])
    place = number = 0
    while body.find(b"ld+json", place) >= 0 and (start := _START.search(body, place)):
        number += 1
        end = _END.search(body, start.end())
        place = end.start() if end else len(body)
        inside = body[start.end() : place].decode("utf-8", "replace")
        value = _mended(inside)
        if value is not None:
            found.values.append(value)
        elif inside.strip():
            found.faults.append(f"block {number} is not JSON")
    return found


def blocks(body: bytes) -> Blocks:
    """Return the JSON-LD and the microdata of a page."""
    found = json_ld(body)
    found.values.extend(microdata(body))
    return found


def _unwrapped(text: str) -> str:
    """Return `text` without the comment and CDATA signs around it."""
    for _ in range(_WRAPPINGS):
        text = text.strip(" \t\r\n;")
        for sign in _OPENERS:
            text = text.removeprefix(sign)
        for sign in _CLOSERS:
            text = text.removesuffix(sign)
    return text


def _mended(text: str) -> Any | None:
    """Return the JSON in `text`; comments around it, commas too many and entities for quotes are undone when needed."""
    for attempt in _attempts(text):
        try:
            return read_json(attempt)
        except (ValueError, NestedTooDeeply):
            continue
    return None


def _attempts(text: str) -> Iterator[str]:
    yield text
    bare = _unwrapped(text)
    yield bare
    tidy = _tidy(bare)
    yield tidy
    yield html.unescape(tidy)


def _tidy(text: str) -> str:
    return _TRAILING.sub(lambda found: found[1] or "", text)


def things(values: list[Any]) -> Iterator[Thing]:
    """Yield every typed record, in page order, with the record around it; `itemReviewed` beats that."""
    known = {record["@id"]: record for record, _ in _records(values) if isinstance(record.get("@id"), str) and len(record) > 1}
    for record, around in _records(values):
        types = frozenset(_local(name) for name in _list(record.get("@type")) if isinstance(name, str))
        about = next((each for each in _list(record.get("itemReviewed")) if isinstance(each, dict | str)), around)
        about = {"name": about} if isinstance(about, str) else about
        if set(about) <= {"@id", "@type"} and isinstance(about.get("@id"), str):
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
            waiting += [(each, inner) for each in reversed(list(value.values())) if isinstance(each, list | dict)]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _local(name: str) -> str:
    """Return the last part of a type's name: `https://schema.org/Review` is `Review`."""
    return re.split(r"[/:#]", name.strip())[-1]


def first(value: Any) -> Any:
    """Take the first of several, and the text out of a record that wraps one."""
    while isinstance(value, list | dict):
        if isinstance(value, dict):
            value = next((value[key] for key in ("@value", "value", "name", "alternateName", "text", "@id") if key in value), None)
        else:
            value = value[0] if value else None
    return None if value == "" else value


_FIGURE = re.compile(r"[+-]?\d{1,9}(?:[.,]\d{1,12})?")
_GROUPED = re.compile(r"\d{1,3}(?:[.,'’\s]\d{3})+|\d{1,12}(?:[.,]0+)?")


def figure(value: Any) -> Any:
    """Read a number that may be a text and may have a decimal comma; what holds no digit is none ("N/A"), as are 0 and below: "not rated"."""
    value = first(value)
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        if not any(sign.isdigit() for sign in value):
            return None
        if not _FIGURE.fullmatch(value.strip()):
            raise ValueError("not a number")
        value = float(value.strip().replace(",", "."))
    return None if isinstance(value, int | float) and not 0 < value < math.inf else value


def count(value: Any) -> Any:
    """Read a whole number that may be a text with its thousands apart; -1 is none."""
    value = first(value)
    if isinstance(value, str):
        text = value.strip()
        if not _GROUPED.fullmatch(text):
            raise ValueError("not a whole number")
        value = int(re.sub(r"\D", "", re.sub(r"[.,]0{1,2}$", "", text)))
    return None if isinstance(value, int | float) and not isinstance(value, bool) and value < 0 else value
