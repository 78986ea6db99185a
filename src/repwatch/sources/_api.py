"""What the sources that read an interface's JSON share: the door, records that pass a schema, and instants."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ValidationError

from repwatch.errors import LayoutChanged, NestedTooDeeply
from repwatch.models import Mention, NoResults, Outcome, Problem
from repwatch.sources._decode import read_json
from repwatch.sources._fragment import to_text as plain
from repwatch.sources._lenient import complaint
from repwatch.sources._when import instant

__all__ = ["Epoch", "Escaped", "Iso", "answer", "counts", "each_once", "instant", "last_second", "midnight", "plain", "posts", "quoted", "record"]

Record = TypeVar("Record", bound=BaseModel)


def answer(body: bytes, source: str) -> Any:
    """Return the JSON of an answer; LayoutChanged where there is none."""
    try:
        return read_json(body)
    except ValueError as error:
        raise LayoutChanged(f"no JSON in the answer: {error}", where=source) from error


def posts(body: bytes, source: str) -> Any:
    """Return the JSON of an answer; LayoutChanged also where it is nested beyond reason: no answer with posts is."""
    try:
        return answer(body, source)
    except NestedTooDeeply as error:
        raise LayoutChanged(str(error), where=source) from error


def record(schema: type[Record], raw: object, where: str, source: str) -> Record | Problem:
    """Return `raw` as `schema` reads it, or the Problem that names the field which does not fit."""
    try:
        return schema.model_validate(raw)
    except ValidationError as error:
        return complaint(source, error, where)


def each_once(source: str, read: Iterable[Mention | Problem | None]) -> Iterator[Outcome]:
    """Yield each mention once, and each problem. Where none is left (None may not be shown), that is the site's own nothing."""
    seen: set[str] = set()
    empty = True
    for one in read:
        if one is None or (isinstance(one, Mention) and one.native_id in seen):
            continue
        if isinstance(one, Mention) and one.native_id:
            seen.add(one.native_id)
        empty = False
        yield one
    if empty:
        yield NoResults(source=source)


def _from_iso(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    try:
        return instant(datetime.fromisoformat(value.strip()))
    except (ValueError, OverflowError) as error:  # the text itself is not repeated
        raise ValueError("not an instant") from error


def _from_epoch(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("not a number")
    try:
        return instant(datetime.fromtimestamp(value, UTC))
    except (OverflowError, OSError, ValueError) as error:
        raise ValueError("not an instant") from error


#: An ISO text, or seconds since 1970, that becomes an instant in UTC.
Iso = Annotated[str, BeforeValidator(_from_iso)]
Epoch = Annotated[str, BeforeValidator(_from_epoch)]
#: A text with entities in it that is no HTML otherwise; it becomes plain text.
Escaped = Annotated[str, BeforeValidator(lambda value: html.unescape(value) if isinstance(value, str) else value)]


def counts(**told: int | None) -> dict[str, int]:
    """Return the counts that an answer tells."""
    return {name: count for name, count in told.items() if count is not None}


def midnight(day: date) -> datetime:
    """Return the first second of a day in UTC."""
    return datetime.combine(day, time(), UTC)


def last_second(day: date) -> datetime:
    """Return the last second of a day in UTC."""
    return midnight(day + timedelta(days=1)) - timedelta(seconds=1)


def quoted(phrase: str) -> str:
    """Return a phrase in quotes; one that holds quotes already is taken as it is."""
    return phrase if '"' in phrase else f'"{phrase}"'
