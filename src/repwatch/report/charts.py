"""Draw lines over time as SVG or PNG with vl-convert (the extra `charts`): no browser, no network.

Buckets stand on an ordinal axis with labels that are written already: no time zone can move a day, and no locale is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from repwatch.report.document import Document, Line
from repwatch.text.clean import one_line
from repwatch.wording import spoken

#: Readable on white and on black alike (contrast above 3 on both).
_BLUE = "#3a86c8"
_WIDTH, _HEIGHT = 620, 150
_DOMAINS: dict[str, list[float] | None] = {"stars": [1, 5], "points": [-100, 100], "share": [0, 1], "count": None}
_FORMATS = {"stars": ".1f", "points": "+d", "share": ".0%", "count": "d"}
_BLIND = "#8a8a8a"
#: The grammar is pinned: a later one draws gaps in lines in its own way.
_VERSION = "5.21"


def available() -> bool:
    """Tell whether charts can be drawn here."""
    try:
        import vl_convert  # noqa: F401 — asked for, not used
    except ImportError:
        return False
    return True


def to_svg(line: Line, *, ink: str = "currentColor", paper: str | None = None) -> str:
    """Return one line as SVG; in a page it takes the colour of the text around it."""
    import vl_convert

    svg = vl_convert.vegalite_to_svg(_spec(line, ink, paper), vl_version=_VERSION, allowed_base_urls=[], format_locale=_locale())
    # The page says in words what a chart shows; Vega's own roles would read out every mark.
    svg = re.sub(r' (role|aria-[a-z]+)="[^"<>]*"', "", str(svg))
    # Ids would meet those of the other charts in one page.
    return re.sub(r'( id="|url\(#)(\w+)', rf"\g<1>{_file_name(line)}-\g<2>", svg)


def _file_name(line: Line) -> str:
    return re.sub(r"[^a-z0-9_]", "_", line.name.lower()) or "line"


def to_png(line: Line) -> bytes:
    """Return one line as PNG, black on white, sharp enough for paper."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(_spec(line, "#000000", "#ffffff"), vl_version=_VERSION, scale=2, allowed_base_urls=[], format_locale=_locale()))


def files(document: Document) -> Iterator[tuple[str, bytes]]:
    """Yield each line of a document as (file name, content), SVG and PNG."""
    for section in document.sections:
        for line in section.lines:
            yield f"{_file_name(line)}.svg", to_svg(line, ink="#000000", paper="#ffffff").encode()
            yield f"{_file_name(line)}.png", to_png(line)


def _drawable(text: str, width: int) -> str:
    """Return a text that can be drawn: the bundled fonts are Latin, and Vega cuts characters of two halves in two."""
    return "".join(char if char <= "\u2fff" and (char.isprintable() or char == " ") else "\ufffd" for char in one_line(text, width))


def _title(line: Line) -> str:
    """Return the title; Vega takes the bare word "if" for a signal."""
    drawn = _drawable(line.title, 80)
    return f"{drawn} " if drawn == "if" else drawn


def _locale() -> dict[str, Any]:
    comma = spoken() != "en"
    thousands = {"fr": "\u202f", "nl": ".", "de": "."}.get(spoken(), ",")
    return {"decimal": "," if comma else ".", "thousands": thousands, "grouping": [3], "currency": ["", ""], "percent": "\u00a0%"}


def _spec(line: Line, ink: str, paper: str | None) -> dict[str, Any]:
    scale = 100 if line.unit == "points" else 1
    rows: list[dict[str, Any]] = [{"label": _drawable(point.label, 40), "blind": point.seen == 0,
             **{name: None if value is None else value * scale for name, value in (("value", point.value), ("low", point.low), ("high", point.high))}} for point in line.points]  # fmt: skip
    ends = [value for row in rows for value in (row["low"], row["high"], row["value"]) if value is not None]
    domain = _DOMAINS[line.unit] or [0, max([*map(float, ends), 1.0])]
    x = {"field": "label", "type": "ordinal", "scale": {"domain": list(dict.fromkeys(row["label"] for row in rows))}, "axis": {"title": None, "labelAngle": 0, "labelOverlap": "greedy", "grid": False}}
    y = {"type": "quantitative", "scale": {"domain": domain}, "axis": {"title": None, "format": _FORMATS[line.unit], "tickCount": 5, "domain": False, "grid": True}}
    path = {"color": _BLUE, "invalid": "break-paths-show-path-domains"}
    layers: list[dict[str, Any]] = [
        {"transform": [{"filter": "datum.blind"}], "mark": {"type": "bar", "color": _BLIND, "opacity": 0.18, "width": {"band": 1}},
         "encoding": {"y": {"datum": domain[0], "scale": {"domain": domain}}, "y2": {"datum": domain[1]}}},
        {"mark": {"type": "area", "opacity": 0.2, **path}, "encoding": {"y": {"field": "low", **y}, "y2": {"field": "high"}}},
        {"mark": {"type": "line", "strokeWidth": 2, **path}, "encoding": {"y": {"field": "value", **y}}},
        {"mark": {"type": "point", "filled": True, "size": 40, "color": _BLUE, "invalid": "filter"}, "encoding": {"y": {"field": "value", **y}}},
    ]  # fmt: skip
    if line.unit == "count":
        layers[1:] = [{"mark": {"type": "bar", "color": _BLUE, "invalid": "filter"}, "encoding": {"y": {"field": "value", **y}}}]
    axis = {"labelColor": ink, "domainColor": ink, "tickColor": ink, "gridColor": ink, "gridOpacity": 0.15, "labelFontSize": 11}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json", "width": _WIDTH, "height": _HEIGHT, "background": paper,
        "title": {"text": _title(line), "anchor": "start", "color": ink, "fontSize": 13, "fontWeight": 600},
        "config": {"aria": False, "font": "sans-serif", "view": {"stroke": None}, "axis": axis},
        "data": {"values": rows}, "encoding": {"x": x}, "layer": layers,
    }  # fmt: skip
