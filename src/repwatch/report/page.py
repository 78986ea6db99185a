"""Render a document as one self-contained HTML page: no script, no request to anywhere, readable in a mail too."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from repwatch import __version__
from repwatch.report import charts
from repwatch.report.document import Cell, Document, Line, Quote, Section, text_of
from repwatch.text.clean import clean, one_line
from repwatch.wording import _, spoken

#: Noncharacters, which no text needs and validators refuse.
_NO_CHARACTER = re.compile("[\x0b\x0c\ufdd0-\ufdef\ufffe\uffff]")


def to_html(document: Document, *, mail: bool = False) -> str:
    """Return the document as a page; in a mail charts are left out, since readers of mail drop them."""
    drawn = not mail and charts.available()
    has_lines = any(section.lines for section in document.sections)
    missing = _("Charts are not drawn here: install repwatch with its extra `charts`. The tables hold the same figures.") if has_lines and not drawn and not mail else ""
    board = isinstance(document.data, dict) and document.data.get("kind") == "board"
    return str(_template().render(
        lang=spoken(), mail=mail, board=board, version=__version__, style=Markup(_style()),  # noqa: S704 — our own style sheet
        title=_text(document.title), verdict=_text(document.verdict), closing=_text(document.closing), behind=_("The texts behind it:"), link=_("on the site"),
        missing=missing, sections=[_section(number, section, drawn=drawn, mail=mail) for number, section in enumerate(document.sections)]))  # fmt: skip


@cache
def _template() -> Any:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_file("page.html.j2"))


@cache
def _style() -> str:
    return _file("page.css").strip()


def _file(name: str) -> str:
    return resources.files("repwatch.report").joinpath("templates", name).read_text("utf-8")


def _text(text: str) -> str:
    return _NO_CHARACTER.sub("", clean(text))


def _section(number: int, section: Section, *, drawn: bool, mail: bool) -> dict[str, Any]:
    name = f"s{number}-{section.name}" if re.fullmatch(r"[a-z_]+", section.name) else f"s{number}"
    return {
        "id": name, "behind": [] if mail else _behind(section, name),
        "heading": _text(section.heading), "label": _text(section.heading or section.name) or _("Table"),
        "before": [_text(line) for line in section.before], "after": [_text(line) for line in section.after], "leads": [_text(one_line(lead)) for lead in section.leads],
        "lines": [{"alt": _text(line.alt), "svg": _svg(line) if drawn else ""} for line in section.lines],
        "columns": [_text(column) for column in section.columns], "numbers": section.numbers, "rows": [[_cell(cell, "" if mail else f"{name}-{line}-{column}") for column, cell in enumerate(row)] for line, row in enumerate(section.rows)],
        "quotes": [_quote(quote) for quote in section.quotes],
    }  # fmt: skip


def _behind(section: Section, name: str) -> list[dict[str, str]]:
    """Return what the figures of a table link to: the command line of each. The style sheet shows the one that was asked for."""
    return [{"id": f"{name}-{line}-{column}", "about": _("{what}:", what=_text(f"{text_of(row[0])} · {section.columns[column]}")), "lead": _text(one_line(cell.lead))}
            for line, row in enumerate(section.rows) for column, cell in enumerate(row) if isinstance(cell, Cell) and cell.lead]  # fmt: skip


def _cell(cell: Cell | str, place: str) -> dict[str, Any]:
    whole = cell if isinstance(cell, Cell) else Cell(cell)
    return {"text": _text(whole.text), "tone": whole.tone, "place": place if whole.lead else "", "href": _href(whole.url), "bar": [{"tone": part.tone, "width": f"{part.share * 100:.1f}"} for part in whole.bar]}


def _quote(quote: Quote) -> dict[str, Any]:
    return {"text": _text(quote.text), "about": _text(quote.about), "tone": quote.tone, "href": _href(quote.lead),
            "lang": quote.lang if re.fullmatch(r"[a-z]{2,3}", quote.lang) else ""}  # fmt: skip


def _href(address: str) -> str:
    """Return an address that may be followed: of the web, or none."""
    plain = _text(address)
    try:
        return plain if urlsplit(plain).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _svg(line: Line) -> Markup:
    # Drawn by vl-convert from values and cleaned labels, which it escapes.
    return Markup(charts.to_svg(line))  # noqa: S704
