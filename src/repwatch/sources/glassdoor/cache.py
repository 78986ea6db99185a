"""Lay out what the page's own scripts hold: Apollo 2 and 3 caches, API answers and bare records."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

#: What a listing is called, and the list within it.
LISTS = ("reviews", "interviews")
#: What a query for a listing is called, over the years: employerReviews, employerReviewsRG, employerInterviewsIG.
_LISTING = re.compile(r"employer(?:Reviews|Interviews)[A-Z]{0,3}")
#: How deep objects and lists are followed: listing, reviews, review, employer, CEO, name; a salary's percentiles need as many.
_DEPTH = 6
#: How deep an API answer is searched for listings: operations, data, alias, listing.
_SEARCH = 6
#: Parts of an employer that lead to dozens of other objects, of which no more is read than whether there is one.
_UNREAD = frozenset(
    {"officeAddresses", "relatedEmployers", "subsidiaries", "parent", "popularJobTitlesInterviews"}
)
#: What the rows of a mixed list call themselves; of jobs, places and benefits nothing is read.
_RECORDS = {"review": "reviews", "interview": "interviews", "salary": "results"}
_ENVELOPES = (
    "data",
    "employerReviews",
    "employerInterviews",
    "aggregateSalaryResponse",
    "aggregatedSalaryEstimates",
)


class Cache:
    """An Apollo cache: a table of objects that point at one another, by `{"__ref"}` (3) or `{"type": "id"}` (2)."""

    def __init__(self, table: dict[str, Any]) -> None:
        self.table = table
        self._laid_out: dict[tuple[str, int], Any] = {}

    def roots(self) -> Iterator[tuple[str, Any]]:
        """Yield what the page asked for: each query's name with arguments, and its answer (references not followed)."""
        root = self.table.get("ROOT_QUERY")
        if isinstance(root, dict):
            yield from root.items()
        else:
            yield from ((key.removeprefix("$ROOT_QUERY."), value) for key, value in self.table.items())

    def one(self, value: Any) -> Any:
        """Return the object that `value` points at, or `value` itself."""
        key = _points_at(value)
        return value if key is None else self.table.get(key)

    def whole(self, value: Any, depth: int = _DEPTH) -> Any:
        """Return `value` with its references followed; arguments are cut from keys (`date({"format":"ISO"})` is `date`)."""
        key = _points_at(value)
        if key is None:
            return self._inside(value, depth)
        if (key, depth) not in self._laid_out:
            self._laid_out[key, depth] = self._inside(self.table.get(key), depth)
        return self._laid_out[key, depth]

    def _inside(self, value: Any, depth: int) -> Any:
        if not isinstance(value, dict | list):
            return value
        if depth == 0:
            return None
        if isinstance(value, list):
            return [self.whole(one, depth - 1) for one in value]
        # Most values are plain: they are spared the two calls.
        return {
            key.partition("(")[0]: bool(one) if key in _UNREAD else self.whole(one, depth - 1) if isinstance(one, dict | list) else one
            for key, one in value.items()
        }


def _points_at(value: Any) -> str | None:
    if not isinstance(value, dict):
        return None
    key = value.get("__ref") or (value.get("id") if value.get("type") == "id" else None)
    return key if isinstance(key, str) else None


def is_cache(value: Any) -> bool:
    """Tell whether `value` has the shape of an Apollo cache."""
    return isinstance(value, dict) and (
        isinstance(value.get("ROOT_QUERY"), dict) or any(str(key).startswith("$ROOT_QUERY.") for key in value)
    )


def listings(table: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield each listing of a cache: its fields with references followed, and `filter` from the query's arguments.

    Several queries share the word "employerReviews"; only an answer that has the list itself is a listing.
    """
    cache = Cache(table)
    for key, value in cache.roots():
        name, _, arguments = key.partition("(")
        answer = cache.one(value)
        if isinstance(answer, dict) and _is_listing(name, answer):
            yield {**cache.whole(answer), "filter": _language(arguments)}


def employers(table: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the employer that the page asked for, when it did so apart from a listing."""
    cache = Cache(table)
    for key, value in cache.roots():
        found = cache.whole(value, 3) if key.startswith("employer(") else None
        if isinstance(found, dict):
            yield found


def _is_listing(name: str, answer: dict[str, Any]) -> bool:
    if _LISTING.fullmatch(name):
        return any(isinstance(answer.get(one), list) for one in LISTS)
    return is_pay(answer)


def is_pay(answer: dict[str, Any]) -> bool:
    """Tell whether an answer is a listing of salaries."""
    counted = "salaryCount" in answer or "filteredSalaryCount" in answer
    return counted and any(isinstance(answer.get(name), list) for name in ("results", "salaries"))


def _language(arguments: str) -> str | None:
    """Return `language=fra` from a query's arguments, when they name a language."""
    try:
        value = json.loads(arguments.rstrip(")")) if arguments else None
    except (ValueError, RecursionError):
        return None
    while isinstance(value, dict):
        language = value.get("language")
        if isinstance(language, str) and language:
            return f"language={language}"
        value = next((one for key, one in value.items() if key.endswith("Input") or key == "input"), None)
    return None


def answers(payload: Any, depth: int = _SEARCH) -> Iterator[dict[str, Any]]:
    """Yield each listing of an API answer: a list of operations, a single one, or a plain list of records."""
    if depth == 0:
        return
    if isinstance(payload, list):
        records = list(_records(payload))
        if records:
            yield from records
            return
        for one in payload:
            yield from answers(one, depth - 1)
    elif isinstance(payload, dict):
        if _is_answer(payload):
            yield payload
            return
        for name, value in payload.items():
            if name in _ENVELOPES or depth < _SEARCH:
                yield from answers(value, depth - 1)


def _is_answer(value: dict[str, Any]) -> bool:
    return any(isinstance(value.get(name), list) for name in LISTS) or is_pay(value) or _is_results(value)


def _is_results(value: dict[str, Any]) -> bool:
    rows = value.get("results")
    return isinstance(rows, list) and bool(rows) and isinstance(rows[0], dict) and "jobTitle" in rows[0]


def _records(rows: list[Any]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a plain list as listings, by what they are; a row of no kind is a bad one of the first kind."""
    groups: dict[str, list[Any]] = {}
    unknown = []
    for row in rows:
        inner = row.get(str(row.get("recordType"))) if isinstance(row, dict) else None
        record = {**row, **inner} if isinstance(inner, dict) else row
        kind = _kind_of_record(record) if isinstance(record, dict) else None
        if kind:
            groups.setdefault(kind, []).append(record)
        elif not isinstance(row, dict) or "recordType" not in row:
            unknown.append(row)
    for number, (kind, records) in enumerate(groups.items()):
        yield {**_statistics(records), kind: records if number else records + unknown}


def _statistics(records: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the totals that a reader of other people's wrote into each of its rows."""
    told = (one.get(name) for one in records for name in ("companyReviewStats", "companyInterviewStats"))
    return next((one for one in told if isinstance(one, dict)), {})


def _kind_of_record(record: dict[str, Any]) -> str | None:
    named = _RECORDS.get(str(record.get("recordType")))
    if named:
        return named
    if "reviewId" in record:
        return "reviews"
    if "processDescription" in record or "userQuestions" in record:
        return "interviews"
    if "jobTitle" in record and ("basePayStatistics" in record or "medianBasePay" in record):
        return "results"
    return None
