"""Read periods as people write them: `90d`, `12w`, `6m`, `2026-01-01`, `2026-03`, `today`; and write instants in one form."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

from repwatch.errors import UsageError
from repwatch.wording import _

_BACK = re.compile(r"(\d{1,5})\s*([dwmy])", re.IGNORECASE)
_DAYS = {"d": 1, "w": 7}


def parse_since(text: str, today: date) -> date:
    """Return the first day of a period: `90d` is the 90 complete days before today, and today.

    Raises UsageError naming what would be right.
    """
    return _parse(text, today, last=False)


def parse_until(text: str, today: date) -> date:
    """Return the last day of a period, that day included; `2026-03` ends on the 31st."""
    return _parse(text, today, last=True)


def parse_day(option: str, text: str, today: date, *, last: bool = False) -> date:
    """Return the day that an option names, of a month its first, or its `last`; UsageError names the option, and how a day is written."""
    try:
        return _parse(text, today, last=last)
    except UsageError:
        raise UsageError(_("{option} {value}: this is no day", option=option, value=text), hint=_("Write today, yesterday, or year-month-day: {example}", example=today.isoformat())) from None


def instant(moment: datetime) -> str:
    """Return `moment` as an ISO instant in UTC, to the second; without a zone it counts as UTC."""
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


KINDS = ("daily", "weekly", "monthly", "quarterly", "board")


def last_complete(kind: str, today: date) -> tuple[date, date]:
    """Return the last complete day, week (Monday to Sunday), month or quarter before `today`; a board looks at quarters."""
    if kind == "daily":
        return today - timedelta(days=1), today - timedelta(days=1)
    if kind == "weekly":
        monday = today - timedelta(days=today.weekday())
        return monday - timedelta(days=7), monday - timedelta(days=1)
    first = today.replace(day=1)
    if kind in ("quarterly", "board"):
        first = first.replace(month=(first.month - 1) // 3 * 3 + 1)
    return _months_back(first, 1 if kind == "monthly" else 3), first - timedelta(days=1)


def equal_before(since: date, until: date) -> tuple[date, date]:
    """Return the period of equal length that ends the day before `since`."""
    return since - timedelta(days=(until - since).days + 1), since - timedelta(days=1)


def _parse(text: str, today: date, *, last: bool) -> date:
    plain = text.strip().lower()
    if plain in ("today", "yesterday"):
        return today - timedelta(days=plain == "yesterday")
    back = _BACK.fullmatch(plain)
    try:
        if back:
            count, unit = int(back[1]), back[2].lower()
            return today - timedelta(days=count * _DAYS[unit]) if unit in _DAYS else _months_back(today, count * (12 if unit == "y" else 1))
        if re.fullmatch(r"\d{4}-\d{2}", plain):
            year, month = map(int, plain.split("-"))
            return date(year, month, monthrange(year, month)[1] if last else 1)
        return date.fromisoformat(plain)
    except (ValueError, OverflowError):
        raise UsageError(_("{text} is not a period", text=repr(text)), hint=_("Write 90d, 12w, 6m, 2y, 2026-03, 2026-03-31, today or yesterday.")) from None


def _months_back(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            if not 1 <= year <= 9999:
                raise
    raise ValueError(f"no such day {months} months before {day}")  # pragma: no cover — every month has a 28th
