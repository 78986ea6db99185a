"""Read the 2026 pages, which stream their data as React flight chunks: `self.__next_f.push([1,"..."])`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from repwatch.sources._state import json_at

_PUSH = re.compile(rb"self\.__next_f\.push\(\s*(?=\[)")
_TEXT_ROW = re.compile(rb"([0-9a-f]{1,6}):T([0-9a-f]{1,6}),")
_FIRST_TEXT_ROW = re.compile(rb"(?:^|\n)" + _TEXT_ROW.pattern)
_POINTER = re.compile(r"\$([0-9a-f]{1,6})$")
_COUNTS = (
    "allReviewsCount",
    "filteredReviewsCount",
    "ratedReviewsCount",
    "numberOfPages",
    "currentPage",
    "totalInterviewCount",
)
#: Averages of a whole industry, and of companies like this one, stand beside the employer's own.
_OTHERS = ("industryBenchmarkRatings", "similarCompanies", "similarCompaniesRG", "competitors")
_LISTS = {"reviews": "reviewId", "interviews": "userQuestions"}
_DEPTH = 12


def flight(body: bytes) -> str:
    """Join the chunks of a page. A chunk that does not decode (a page cut short) ends the stream."""
    text = body.decode("utf-8", "replace")
    pieces: list[str] = []
    for place in re.finditer(_PUSH.pattern.decode(), text):
        chunk = json_at(text, place.end())
        if chunk is None:
            break
        if isinstance(chunk, list) and len(chunk) > 1 and isinstance(chunk[1], str):
            pieces.append(chunk[1])
    return "".join(pieces)


def flight_listings(stream: str) -> Iterator[dict[str, Any]]:
    """Yield the listing that a stream tells of: its lists of items with what is said of the employer around them."""
    texts = _text_rows(stream)
    others = [span for name in _OTHERS for span, _ in _values(stream, name)]

    def own(name: str) -> list[Any]:
        found = [(span, value) for span, value in _values(stream, name)]
        return [
            _resolved(value, texts) for span, value in found if not any(a <= span[0] < b for a, b in others)
        ]

    around = _around(stream, own)
    for name, sign in _LISTS.items():
        lists = [one for one in own(name) if isinstance(one, list)]
        items = [item for one in lists for item in one if isinstance(item, dict) and sign in item]
        if items or (
            lists and name == "reviews" and ("allReviewsCount" in around or "numberOfPages" in around)
        ):
            yield {**around, name: items}
            return
    if around.get("ratings"):
        yield around


def _around(stream: str, own: Callable[[str], list[Any]]) -> dict[str, Any]:
    ratings = [one for one in own("ratings") if isinstance(one, dict) and "overallRating" in one]
    spread = [one for one in own("ratingCountDistribution") if isinstance(one, dict)]
    around: dict[str, Any] = {
        "employer": _one_employer([one for one in own("employer") if isinstance(one, dict)])
    }
    if ratings:
        around["ratings"] = max(ratings, key=len)
    if spread:
        around["ratingCountDistribution"] = spread[0]
    for name in _COUNTS:
        count = re.search(rf'"{name}"\s*:\s*(\d{{1,9}})\b', stream)
        if count:
            around[name] = int(count[1])
    return around


def _one_employer(parts: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Put the partial objects of one employer together: the page tells its id, name and CEO in different places."""
    ident = next((one["id"] for one in parts if one.get("id") is not None), None)
    whole: dict[str, Any] = {}
    for one in parts:
        if one.get("id") in (None, ident):
            whole.update({key: value for key, value in one.items() if value is not None and key not in whole})
    return whole or None


def _values(stream: str, name: str) -> Iterator[tuple[tuple[int, int], Any]]:
    decoder = json.JSONDecoder()
    for place in re.finditer(rf'"{name}"\s*:\s*(?=[\[{{])', stream):
        try:
            value, end = decoder.raw_decode(stream, place.end())
        except (ValueError, RecursionError):
            continue
        yield (place.end(), end), value


def _text_rows(stream: str) -> dict[str, str]:
    """Return the long strings, which stand in rows of their own: `1f:T4d2,` and as many bytes of text."""
    raw = stream.encode("utf-8", "replace")
    rows: dict[str, str] = {}
    row = _FIRST_TEXT_ROW.search(raw)
    while row:
        end = row.end() + int(row[2], 16)
        rows[row[1].decode()] = raw[row.end() : end].decode("utf-8", "replace")
        # No line ends a row of text: the next row follows its last byte.
        row = _TEXT_ROW.match(raw, end) or _FIRST_TEXT_ROW.search(raw, end)
    return rows


def _resolved(value: Any, texts: dict[str, str], depth: int = _DEPTH) -> Any:
    """Put long strings back in their places; other pointers (`$undefined`, `$L1a`) say nothing that we read."""
    if isinstance(value, str) and value.startswith("$"):
        pointer = _POINTER.match(value)
        return value[1:] if value.startswith("$$") else texts.get(pointer[1]) if pointer else None
    if depth and isinstance(value, list):
        return [_resolved(one, texts, depth - 1) for one in value]
    if depth and isinstance(value, dict):
        return {key: _resolved(one, texts, depth - 1) for key, one in value.items()}
    return value
