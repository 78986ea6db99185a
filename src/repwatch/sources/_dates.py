"""Read the dates that a page writes out in its own language: "29 september 2024", "Oktober 2025"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from repwatch.wording import N_

#: The languages that are tried together where a page does not tell its own; no month is written alike for two months.
SPOKEN = ("nl", "fr", "de", "en")
#: What Austria says, and what stands where a keyboard has no umlauts: German that the Unicode consortium's tables do not know.
_GERMAN = {"janner": 1, "jaenner": 1, "jan": 1, "feber": 2, "maerz": 3}
#: A short form that English, Dutch and German pages write as well.
_SHORT = {"sept": 9}
_WORD = re.compile(r"\d+|[^\W\d_]+")
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:T[\d:.]{5,16}(?:Z|[+-]\d\d:?\d\d)?)?$", re.ASCII)
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])$", re.ASCII)
_LONGEST = 60


def read_date(value: Any, language: str) -> str | None:
    """Read "29 september 2024", "1er février 2024" or "September 29, 2024" as a page in `language` writes it.

    Raises ValueError for what is no date in that language. Nothing, and an empty text, give None.
    """
    if value is None or value == "":
        return None
    iso = _ISO.match(value) if isinstance(value, str) else None
    if iso:
        return _day(*map(int, iso[1].split("-")))
    days, months, years = _parts(value, language)
    if (len(days), len(months), len(years)) != (1, 1, 1):
        raise ValueError(N_("not a date in the page's language"))
    return _day(years[0], months[0], days[0])


def _day(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise ValueError("no such day") from None  # Python's own words change from version to version


def read_month(value: Any, language: str) -> str | None:
    """Read "Oktober 2025" as "2025-10"; a day, where one is told, is kept. Raises ValueError as `read_date`."""
    if isinstance(value, str) and _MONTH.match(value):
        return value
    if isinstance(value, str):
        days, months, years = _parts(value, language)
        if not days and (len(months), len(years)) == (1, 1):
            return f"{years[0]:04d}-{months[0]:02d}"
    return read_date(value, language)


def _parts(value: Any, language: str) -> tuple[list[int], list[int], list[int]]:
    words = _WORD.findall(_bare(value[:_LONGEST])) if isinstance(value, str) else []
    names = _months(language[:20])
    numbers = [word for word in words if word.isascii() and word.isdigit()]
    days = [min(int(word), 99) for word in numbers if len(word) != 4]
    years = [int(word) for word in numbers if len(word) == 4]
    return days, [names[word] for word in words if word in names], years


def _bare(text: str) -> str:
    """Return a text in small letters without accents: "12 aout" means what "12 août" does."""
    return "".join(sign for sign in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(sign))


@lru_cache(maxsize=32)
def _months(language: str) -> dict[str, int]:
    """Return the months of a language by name and short name, without points and accents; of an unknown one, of those we speak."""
    from babel import Locale, UnknownLocaleError

    try:
        locales: Iterable[Locale] = (Locale.parse(language.replace("-", "_")),)
    except (ValueError, UnknownLocaleError):
        locales = [Locale.parse(one) for one in SPOKEN]
    found = {
        _bare(name).rstrip("."): number
        for locale in locales
        for names in locale.months.values()
        for width in ("wide", "abbreviated")
        for number, name in names[width].items()
    }
    return {**_SHORT, **(_GERMAN if any(locale.language == "de" for locale in locales) else {}), **found}
