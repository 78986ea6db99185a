"""Read a column of dates. Whether 03/04/2026 is in March or in April is settled by the whole column, and said."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from repwatch.inlets.cells import text_of
from repwatch.inlets.grid import Cell
from repwatch.period import instant
from repwatch.sources._dates import read_month
from repwatch.wording import N_

Order = Literal["dmy", "mdy"]

_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?\s*(Z|UTC|[+-]\d\d:?\d\d)?)?$", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})[./ -](\d{1,2})(?:[./ -](\d{1,2}))?(?:[ T,].*)?$", re.ASCII)
_PARTS = re.compile(r"(\d{1,2})([./ -])(\d{1,2})\2(\d{4}|\d{2})(?:[ T,].*)?$", re.ASCII)
_MONTH_YEAR = re.compile(r"(\d{1,2})[./-](\d{4})$", re.ASCII)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?$", re.ASCII)
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:\s*[ap]\.?m\b\.?)?|(?:GMT|UTC)?[+-]\d{2}:?\d{2}\b|\([^)]*\)", re.IGNORECASE)
_FIRST_WORD = re.compile(r"\W*[^\W\d_]+[.,]?\s+")
_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 — a serial of Excel's has no zone
_SAID = {"dmy": N_("day first"), "mdy": N_("month first")}
_OLDEST, _NEWEST = 1990, 2100
_NEVER = N_("there is no such day or hour")


class DateColumn:
    """One column: `look` at every cell, `settle` once, then `read` each cell."""

    def __init__(self, order: Order | None = None) -> None:
        self.order: Order | None = order
        self.said = N_("as the mapping file says: {order}", order=_SAID[order]) if order else ""
        self.mixed = False
        self._proof: dict[Order, str] = {}
        self._unclear = ""
        self._parted_by: set[str] = set()

    def look(self, cell: Cell) -> None:
        """Take note of what a cell tells of the order of day and month."""
        found = _PARTS.match(text) if isinstance(cell, str) and (text := text_of(cell)) else None
        if found is None:
            return
        first, second = int(found[1]), int(found[3])
        if first > 12 >= second:
            self._proof.setdefault("dmy", found[0])
        elif second > 12 >= first:
            self._proof.setdefault("mdy", found[0])
        elif first != second:
            self._unclear = self._unclear or found[0]
            self._parted_by.add(found[2])

    def settle(self) -> None:
        """Decide the order of day and month, and say why."""
        if self.order is not None:
            return
        if len(self._proof) == 2:
            self.mixed = True
            self.said = N_("day first and month first stand side by side ({one}, {other}): dates that could be either are not read", one=self._proof["dmy"], other=self._proof["mdy"])
        elif self._proof:
            self.order, example = next(iter(self._proof.items()))
            self.said = N_("{order}: {example} can be nothing else", order=_SAID[self.order], example=example)
        elif self._unclear:
            self.order = "dmy"
            if self._parted_by == {"."}:  # nowhere is a month written before a day and a point
                self.said = N_("day first, as dates with points are written: {example}", example=self._unclear)
            else:
                self.said = N_("day first, which is assumed: {example} could be either, and no other date in the column decides it; a mapping file can say so (date_order)", example=self._unclear)

    def read(self, cell: Cell) -> str | None:
        """Return a date as ISO text, `YYYY-MM` where only the month is told, None for an empty cell; ValueError for no date."""
        if isinstance(cell, datetime):
            return cell.date().isoformat() if cell.time() == time() else cell.replace(microsecond=0).isoformat()
        if isinstance(cell, date):
            return cell.isoformat()
        if isinstance(cell, bool | time | timedelta):
            raise ValueError(N_("not a date"))
        text = text_of(cell)
        if text is None:
            return None
        return self._text(text)

    def _text(self, text: str) -> str:
        if iso := _ISO.match(text):
            return _iso(iso)
        if _NUMBER.match(text):
            return _number(float(text.replace(",", ".")))
        if parts := _PARTS.match(text):
            return self._parts(parts)
        if parts := _YEAR_FIRST.match(text):
            return _day(int(parts[1]), int(parts[2]), int(parts[3])) if parts[3] else _month(int(parts[1]), int(parts[2]))
        if parts := _MONTH_YEAR.match(text):
            return _month(int(parts[2]), int(parts[1]))
        return _words(text)

    def _parts(self, parts: re.Match[str]) -> str:
        first, second, year = int(parts[1]), int(parts[3]), int(parts[4])
        year += (2000 if year < 70 else 1900) if len(parts[4]) == 2 else 0
        order = self.order
        if order is None and (first > 12 or second > 12 or first == second):
            order = "dmy" if first > 12 or first == second else "mdy"
        if order is None:
            raise ValueError(N_("day first or month first? The column holds both"))
        return _day(year, second, first) if order == "dmy" else _day(year, first, second)


def _day(year: int, month: int, day: int) -> str:
    if not _OLDEST <= year < _NEWEST:
        raise ValueError(N_("not a year of our time"))
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise ValueError(_NEVER) from None


def _month(year: int, month: int) -> str:
    return _day(year, month, 1)[:7]


def _iso(found: re.Match[str]) -> str:
    zone = "Z" if found[3] == "UTC" else found[3] or ""
    told = f"{found[1]}T{found[2] or '00:00'}{zone}"
    try:
        datetime.fromisoformat(told)
    except ValueError:
        raise ValueError(_NEVER) from None
    return told if zone or (found[2] or "").strip("0:") else found[1]


def _number(value: float) -> str:
    """Read a serial of Excel's, a date written as one number, or seconds or milliseconds since 1970."""
    if 20_000 <= value <= 80_000:
        moment = _EXCEL_EPOCH + timedelta(days=value)
        return moment.date().isoformat() if value.is_integer() else moment.replace(microsecond=0).isoformat()
    if 19_900_101 <= value <= 21_001_231:
        return _day(int(value) // 10_000, int(value) // 100 % 100, int(value) % 100)
    seconds = value / 1000 if value >= 6e11 else value
    if 6e8 <= seconds <= 4.2e9:
        return instant(datetime.fromtimestamp(int(seconds), UTC))
    raise ValueError(N_("not a date"))


def _words(text: str) -> str:
    """Read "Apr 13, 2023", "13 avril 2023", "Oktober 2025", "Sat Sep 05 08:12:14 UTC 2026". The clock is left out: its zone has no sure name."""
    plain = _CLOCK.sub(" ", text[:80])
    try:
        found = read_month(plain, "")
    except ValueError:
        # "mar. 12 mars 2024" begins with a Tuesday, which reads like a month.
        found = read_month(_FIRST_WORD.sub("", plain, count=1), "")
    if found is None:
        raise ValueError(N_("not a date"))
    year, month, *day = map(int, found.split("-"))
    return _day(year, month, day[0]) if day else _month(year, month)
