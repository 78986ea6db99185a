"""Read single cells: numbers with points or commas, ratings with their scale, words that stand for a value."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from repwatch.inlets.grid import Cell
from repwatch.wording import N_

_NUMBER = re.compile(r"[-+]?\d[\d.,'\u00a0\u202f ]*$")
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:([.,'\u00a0\u202f ])\d{3})(?:\1\d{3})*$")
_OF = re.compile(r"([-+]?\d+(?:[.,]\d+)?)\s*(?:/|out of|of|von|sur|op|uit|auf)\s*(\d{1,3})(?:[.,]0+)?\b\s*\D{0,12}$", re.IGNORECASE)
_STARS = re.compile(r"([★⭐]+)(?:\ufe0f)?\s*([☆✩]*)$")
_UNIT = re.compile(r"\s*(?:stars?|sterne?n?|étoiles?|etoiles?|sterren|ster|punkte?|points?|punten)\s*$", re.IGNORECASE)
#: No rating takes more words; what is longer is a text, and is not searched for one.
_LONGEST = 60
_NOTHING = frozenset(("", "-", "–", "—", "n/a", "na", "n.a.", "nan", "none", "null", "nil", "#n/a", "undefined"))


class Rated(NamedTuple):
    """A rating as a cell tells it, with the scale where the cell tells that too."""

    value: float
    scale: int | None = None


def text_of(cell: Cell) -> str | None:
    """Return a cell as text, None where nothing stands in it. A number that is whole is written whole: an id of Excel's, 123.0, is 123."""
    if cell is None:
        return None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    text = str(cell).strip()
    # The mark by which this program, and Excel, keep a text from being taken for a formula or a date.
    text = text[1:] if text.startswith("'") and text[1:2] in ("=", "+", "-", "@", "\t", *"0123456789") else text
    return None if text.casefold() in _NOTHING else text


def number(cell: Cell, *, whole: bool = False) -> float | None:
    """Return a number, None for an empty cell. A comma or a point before the last one or two digits is decimal.

    `whole` takes "1,234" and "1.234" as a thousand and some. Raises ValueError for what is no number.
    """
    if isinstance(cell, bool):
        raise ValueError(N_("not a number"))
    if isinstance(cell, int | float):
        return _finite(float(cell))
    text = text_of(cell)
    if text is None:
        return None
    if not _NUMBER.match(text):
        raise ValueError(N_("not a number"))
    if whole and _GROUPED.match(text):
        return float(re.sub(r"[^\d+-]", "", text))
    text = re.sub(r"['\u00a0\u202f ]", "", text)
    last = max(text.rfind(","), text.rfind("."))
    other = "," if last >= 0 and text[last] == "." else "."
    return _finite(float(text.replace(other, "").replace(",", ".")))


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(N_("not a number"))
    return value


def rating(cell: Cell) -> Rated | None:
    """Return a rating: 4, "4,5", "4/5", "8 von 10", "★★★☆☆", "80 %"; None for -1, which says "none". Raises ValueError for what is none."""
    text = text_of(cell)
    if text is None:
        return None
    if isinstance(cell, str):
        if len(text) > _LONGEST:
            raise ValueError(N_("not a number"))
        stars = _STARS.match(text)
        if stars:
            return Rated(len(stars[1]), len(stars[1]) + len(stars[2]) if stars[2] else None)
        parts = _OF.match(text)
        if parts:
            return Rated(float(parts[1].replace(",", ".")), int(parts[2]))
        if text.endswith("%"):
            return Rated(number(text[:-1].strip()) or 0.0, 100)
        cell = _UNIT.sub("", text)
    value = number(cell)
    return None if value in (None, -1) else Rated(value)
