"""Write figures the way a reader understands them: value, interval, n."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from repwatch.report.document import Cell, Tone


def rating(figure: Mapping[str, Any]) -> Cell:
    """Return "3.6 (3.2 to 4.0)", or a dash without ratings."""
    if figure["value"] is None:
        return Cell("–", "dim")
    return Cell(f"{figure['value']:.1f}{_interval(figure, '{:.1f}')}")


def balance(figure: Mapping[str, Any]) -> Cell:
    """Return net sentiment in points, "+24 (-8 to +51)", or a dash where nothing was clear."""
    if figure["value"] is None:
        return Cell("–", "dim")
    points = {name: None if figure[name] is None else figure[name] * 100 for name in ("value", "low", "high")}
    tone: Tone = "good" if points["low"] is not None and points["low"] > 0 else "bad" if points["high"] is not None and points["high"] < 0 else ""
    return Cell(f"{points['value']:+.0f}{_interval(points, '{:+.0f}')}", tone)


def share(value: float | None) -> str:
    """Return a share as a whole percentage."""
    return "–" if value is None else f"{value * 100:.0f} %"


def _interval(figure: Mapping[str, Any], form: str) -> str:
    if figure["low"] is None or figure["high"] is None:
        return ""
    return f" ({form.format(figure['low'])} to {form.format(figure['high'])})"


def day(instant: str | None) -> str:
    """Return the date part of an instant, or a dash."""
    return instant[:10] if instant else "–"
