"""What every source needs at its door: lenient schemas, JSON that may be broken, dates and languages as sites write them."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Annotated, Any
from urllib.parse import urljoin, urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError


class Foreign(BaseModel):
    """A record as somebody else sent it: unknown keys are passed over, known ones are checked."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


def _mend(value: object) -> object:
    """Join surrogate pairs and replace halves, which JSON may carry and UTF-8 may not."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


def _mend_number(value: object) -> object:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return _mend(value)


Text = Annotated[str, BeforeValidator(_mend)]
#: An id, which some write as a number.
Name = Annotated[str, BeforeValidator(_mend_number)]


def why(error: ValidationError) -> str:
    """Say in one line which field failed, and why; never quote what stood there."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    said = "not a record" if first["type"] == "model_type" else first["msg"].removeprefix("Value error, ")
    return f"{place}: {said}" if place else said


def read_json(body: bytes | str) -> Any:
    """Return the JSON value in `body`; ValueError when there is none."""
    try:
        if isinstance(body, bytes):
            body = body.decode(json.detect_encoding(body), "replace").lstrip("\ufeff")
        return json.loads(body, strict=False)
    except RecursionError:
        msg = "nested too deeply"
        raise ValueError(msg) from None


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_CLOCK = re.compile(r"\d:\d|T\d")


def when(raw: str | None) -> str | None:
    """Return a date as sites write it (ISO 8601 or RFC 822) with its own precision: instant in UTC, day or month.

    A time without a zone is taken as UTC. What is no date is None.
    """
    text = (raw or "").strip()
    if _MONTH.fullmatch(text):
        return text
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text).isoformat()
        moment = _moment(text)
        if not _CLOCK.search(text):
            return moment.date().isoformat()
        return instant(moment)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return parsedate_to_datetime(text)


def instant(moment: datetime) -> str:
    """Return `moment` as an ISO instant in UTC, to the second."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").zfill(20)


_LANGUAGES = {
    "dut": "nl", "nld": "nl", "fra": "fr", "fre": "fr", "deu": "de", "ger": "de", "eng": "en",
    "dutch": "nl", "french": "fr", "german": "de", "english": "en",
}  # fmt: skip
_TAG = re.compile(r"\s*([A-Za-z]{2,8})(?=[-_\s]|$)")


def language(tag: str | None) -> str | None:
    """Return the primary part of a language tag in lower case: `nl-BE` and `nld` are `nl`."""
    found = _TAG.match(tag or "")
    if not found:
        return None
    primary = found.group(1).lower()
    return _LANGUAGES.get(primary, primary)


def host(url: str) -> str:
    """Return the host name in `url`, "" where there is none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def web_link(link: str | None, base: str = "") -> str | None:
    """Return `link` as an absolute web address, or None where it is none."""
    try:
        joined = urljoin(base, (link or "").strip())
        parts = urlsplit(joined)
    except ValueError:
        return None
    return joined if link and parts.scheme in ("http", "https") and parts.hostname else None


def within(name: str, *domains: str) -> bool:
    """Tell whether the host `name` is one of `domains` or below one, on label borders."""
    return any(name == domain or name.endswith(f".{domain}") for domain in domains)
