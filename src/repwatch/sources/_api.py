"""What the sources that read an interface's JSON share: the door, records that pass a schema, and instants."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ValidationError

from repwatch.errors import LayoutChanged
from repwatch.models import Problem
from repwatch.sources._fragment import to_text

Record = TypeVar("Record", bound=BaseModel)

_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def answer(body: bytes, source: str) -> Any:
    """Return the JSON of an answer; LayoutChanged where there is none."""
    try:
        told = json.loads(body, strict=False)
        # Half a surrogate pair is JSON, but no text: it could be stored nowhere.
        return json.loads(json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")) if _SURROGATE.search(body) else told
    except (ValueError, RecursionError) as error:
        raise LayoutChanged(f"no JSON in the answer: {error}", where=source) from error


def record(schema: type[Record], raw: object, where: str, source: str) -> Record | Problem:
    """Return `raw` as `schema` reads it, or the Problem that names the field which does not fit."""
    try:
        return schema.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "not an object"
        return Problem(source=source, reason="schema", detail=f"{where}: {field}")


def instant(moment: datetime) -> str:
    """Return `moment` in UTC to the second; without a zone it counts as UTC."""
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _from_iso(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    try:
        return instant(datetime.fromisoformat(value.strip()))
    except OverflowError as error:
        raise ValueError("no instant") from error


def _from_epoch(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("not a number")
    try:
        return instant(datetime.fromtimestamp(value, UTC))
    except (OverflowError, OSError) as error:
        raise ValueError("no instant") from error


#: An ISO text, or seconds since 1970, that becomes an instant in UTC.
Iso = Annotated[str, BeforeValidator(_from_iso)]
Epoch = Annotated[str, BeforeValidator(_from_epoch)]
#: A text with entities in it that is no HTML otherwise; it becomes plain text.
Escaped = Annotated[str, BeforeValidator(lambda value: html.unescape(value) if isinstance(value, str) else value)]


def plain(fragment: str | None) -> str:
    """Return what a reader sees of a fragment of HTML."""
    return to_text(fragment)


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
