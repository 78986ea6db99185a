"""Write figures the way a reader understands them: value, interval, n, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from repwatch.report.document import Cell, Part, Tone
from repwatch.wording import _, spoken

DASH = "–"


def number(value: float, digits: int = 0, *, sign: bool = False) -> str:
    """Return a number with so many digits behind the comma; English needs no Babel, which costs start-up time."""
    # Rounded first: "-0" is no number that a reader expects.
    value = round(value, digits) + 0.0
    if spoken() == "en":
        return f"{value:{'+' if sign and value else ''}.{digits}f}"
    from babel.numbers import format_decimal

    form = "#,##0" + ("." + "0" * digits if digits else "")
    return str(format_decimal(value, f"+{form};-{form}" if sign and value else form, locale=spoken()))


def count(value: int) -> str:
    """Return a count, with the thousands set apart where the language does so."""
    return number(value) if spoken() != "en" else str(value)


def rating(figure: Mapping[str, Any]) -> Cell:
    """Return "3.6 (3.2 to 4.0)", or a dash without ratings."""
    if figure["value"] is None:
        return Cell(DASH, "dim")
    return Cell(_interval(figure, 1))


def balance(figure: Mapping[str, Any]) -> Cell:
    """Return net sentiment in points, "+24 (-8 to +51)", or a dash where nothing was clear."""
    if figure["value"] is None:
        return Cell(DASH, "dim")
    points = {name: None if figure[name] is None else figure[name] * 100 for name in ("value", "low", "high")}
    tone: Tone = "good" if points["low"] is not None and points["low"] > 0 else "bad" if points["high"] is not None and points["high"] < 0 else ""
    return Cell(_interval(points, 0, sign=True), tone)


def share(value: float | None) -> str:
    """Return a share as a whole percentage."""
    return DASH if value is None else _("{n} %", n=number(value * 100))


def portion(figure: Mapping[str, Any]) -> Cell:
    """Return a share with its interval, "62 % (48 to 75)"."""
    if figure["value"] is None:
        return Cell(DASH, "dim")
    points = {name: None if figure.get(name) is None else figure[name] * 100 for name in ("value", "low", "high")}
    return Cell(_interval(points, 0, value=share(figure["value"])))


def _interval(figure: Mapping[str, Any], digits: int, *, sign: bool = False, value: str = "") -> str:
    value = value or number(figure["value"], digits, sign=sign)
    if figure.get("low") is None or figure.get("high") is None:
        return value
    low, high = (number(figure[name], digits, sign=sign) for name in ("low", "high"))
    return _("{value} ({low} to {high})", value=value, low=low, high=high)


#: Metrics that are shares of 0 to 1, written as percentages.
_SHARES = ("recommend", "ceo_approval", "response_rate", "answered_in_time")


def metric(name: str, figure: Mapping[str, Any]) -> Cell:
    """Return the figure of any metric, in its own unit."""
    if name == "net_sentiment":
        return balance(figure)
    if name in _SHARES or name.endswith("_share"):
        return portion(figure)
    if figure["value"] is None:
        return Cell(DASH, "dim")
    if name == "volume" or name.endswith("_count"):
        return Cell(count(round(figure["value"])))
    return rating(figure)


def day(instant: str | None) -> str:
    """Return the date part of an instant, or a dash; a month stays a month."""
    if not instant:
        return DASH
    told = instant[:10]
    if spoken() == "en":
        return told
    from datetime import date

    from babel.dates import format_date

    try:
        if len(told) == 7:
            return str(format_date(date.fromisoformat(f"{told}-01"), "LLL y", locale=spoken()))
        shown = str(format_date(date.fromisoformat(told), "medium", locale=spoken()))
        # In French the first of a month is an ordinal; the locale data writes a plain number.
        return f"1er{shown[1:]}" if spoken() == "fr" and told.endswith("-01") else shown
    except ValueError:
        return told


def bar(*parts: tuple[float, Tone]) -> tuple[Part, ...]:
    """Return a bar of `parts`, each a share of the whole width held between 0 and 1."""
    return tuple(Part(min(1.0, max(0.0, size)), tone) for size, tone in parts if size > 0)
