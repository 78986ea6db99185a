"""What the schemas of foreign records share: lenient to unknown keys, strict about the fields that are read."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, TypeVar
from urllib.parse import urljoin, urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from repwatch.models import Page, Problem
from repwatch.sources._fragment import plain

Record = TypeVar("Record", bound=BaseModel)

#: A whole entity: a text may hold `R&D` and `pay&notice`, of which a browser would read half as one.
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?)?$", re.ASCII)


def _no_stars(value: Any) -> Any:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return None if number and value in (0, -1) else value


def _no_count(value: Any) -> Any:
    return None if type(value) is int and value == -1 else value


def text_or_none(value: Any) -> Any:
    """Return a payload's text as plain text, its entities read once, an empty one as None; of anything else, the value itself."""
    if not isinstance(value, str):
        return value
    return plain(_ENTITY.sub(_unescaped, value) if "&" in value else value) or None


def _unescaped(entity: re.Match[str]) -> str:
    return html.unescape(entity[0])


def _object(value: Any) -> Any:
    return value if isinstance(value, dict) else None


def _moment(value: Any) -> str | None:
    """Keep a date or a moment as the site tells it, without fractions of a second; no zone is added."""
    if value is None or value == "":
        return None
    found = _MOMENT.match(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("not a date")
    moment = found[1] + (f"T{found[2]}{found[3] or ''}" if found[2] else "")
    try:
        datetime.fromisoformat(moment)
    except ValueError:
        raise ValueError("no such day or hour") from None  # Python's own words change from version to version
    return moment


#: Stars of which 0 means "not given", as -1 means "none" of stars and counts alike.
Stars = Annotated[float | None, Field(ge=0, le=5), BeforeValidator(_no_stars)]
Count = Annotated[int | None, Field(ge=0), BeforeValidator(_no_count)]
Text = Annotated[str | None, BeforeValidator(text_or_none)]
Moment = Annotated[str | None, BeforeValidator(_moment)]
#: An id, which some write as a number.
Name = Annotated[str | None, BeforeValidator(lambda value: str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value)]
#: Marks a field whose value is an object or, whatever else it is, nothing.
OrNothing = BeforeValidator(_object)


class Foreign(BaseModel):
    """A value of a site's: unknown keys are let pass."""

    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False)


def objects(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list; of anything else, none."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def into(value: Any, *path: str) -> Any:
    """Return what stands at `path` inside objects, or None."""
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def holds(value: Any) -> bool:
    """Tell whether a part of a page holds anything: a picture may be an object whose addresses are all null."""
    return any(part for name, part in value.items() if name != "__typename") if isinstance(value, dict) else bool(value)


def filled(told: Any, parts: Mapping[str, str]) -> dict[str, bool]:
    """Return which parts of a page are filled in, of those of which `told` speaks; `parts` says which part each field is."""
    return {part: holds(told[name]) for name, part in parts.items() if name in told} if isinstance(told, dict) else {}


def why(error: ValidationError) -> str:
    """Say which field did not pass, and why, without repeating what stood in it."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    field = ".".join(str(step) for step in first["loc"])
    said = "not an object" if first["type"] in ("model_type", "model_attributes_type") else first["msg"].removeprefix("Value error, ")
    return f"{field}: {said}" if field else said


def complaint(source: str, error: ValidationError, what: str) -> Problem:
    """Return the problem of a record that did not pass its schema."""
    return Problem(source=source, reason="schema", detail=f"{what}: {why(error)}")


def without_its_date(schema: type[Record], row: Any, date: str, context: dict[str, Any] | None = None) -> tuple[Record, ValidationError | None]:
    """Return a row as `schema` reads it. One that its date alone spoils is read without it: the error that tells stands beside."""
    try:
        return schema.model_validate(row, context=context), None
    except ValidationError as error:
        if {each["loc"][:1] for each in error.errors(include_input=False, include_url=False)} != {(date,)}:
            raise
        return schema.model_validate({**row, date: None}, context=context), error


def once(rows: list[Any], key: str) -> Iterator[tuple[str, Any]]:
    """Yield each row with a name for it ("review ID"); a row whose id came before is passed over."""
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        ident = row.get(key) if isinstance(row, dict) else None
        if not isinstance(ident, str) or not ident:
            yield f"review number {number}", row
        elif ident not in seen:
            seen.add(ident)
            yield f"review {ident[:40]}", row


def absolute(base: str | None, url: str | None) -> str | None:
    """Return `url` as a web address, seen from `base`; None where that gives none."""
    try:
        whole = urljoin(base or "", url) if url else ""
        return whole if urlsplit(whole).scheme in ("http", "https") and urlsplit(whole).netloc else None
    except ValueError:
        return None


def host(url: str | None) -> str | None:
    """Return the host of a web address, or None."""
    whole = absolute(None, url)
    return urlsplit(whole).hostname if whole else None


def observed(page: Page) -> str | None:
    """Return the day on which the page was fetched, where that is known."""
    day = page.fetched_at[:10]
    return day if _MOMENT.match(day) else None
