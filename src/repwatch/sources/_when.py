"""Dates and languages as sites write them for programs: ISO 8601, RFC 822, language tags."""

from __future__ import annotations

import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime

from repwatch.languages import language as language  # noqa: PLC0414 — sources take it from here, beside the dates
from repwatch.period import instant as instant  # noqa: PLC0414 — as above

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_CLOCK = re.compile(r"\d:\d|\dT\d")


def when(raw: object) -> str | None:
    """Return a date in ISO 8601 or RFC 822 with its own precision: an instant in UTC, a day, a month; None for what is no date.

    A time without a zone, or in one that nobody can name, stays without a zone: it is nobody's to guess.
    """
    text = raw.strip() if isinstance(raw, str) else ""
    if _MONTH.fullmatch(text):
        return text
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text).isoformat()
        moment = _moment(text)
        if not _CLOCK.search(text):
            return moment.date().isoformat()
        return instant(moment) if moment.tzinfo or text.endswith("-0000") else moment.isoformat(timespec="seconds")
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return parsedate_to_datetime(text)
