"""Render a document for a terminal with Rich. Text from outside is data: no markup, no control characters."""

from __future__ import annotations

import io
import os
import sys

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from repwatch.report.document import Cell, Document, Section, text_of
from repwatch.text.clean import clean

_STYLE = {"": "", "good": "green", "bad": "red", "warn": "yellow", "dim": "dim"}
_NARROWEST, _WIDEST = 60, 140


def to_terminal(document: Document, *, width: int | None = None, colour: bool | None = None) -> str:
    """Return the document as text for a terminal of `width` columns (that of stdout, or 100 where there is none)."""
    out = io.StringIO()
    console = Console(file=out, width=_width(width), force_terminal=_colour(colour), no_color=not _colour(colour), highlight=False,
                      markup=False, emoji=False, soft_wrap=False, legacy_windows=False)  # fmt: skip
    console.print(Text(clean(document.title), style="bold"))
    if document.verdict:
        console.print(Text(clean(document.verdict)))
    for section in document.sections:
        console.print()
        _section(console, section)
    if document.closing:
        console.print()
        console.print(Text(clean(document.closing), style="bold"))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _section(console: Console, section: Section) -> None:
    if section.heading:
        console.print(Text(clean(section.heading), style="bold cyan"))
    for line in section.before:
        console.print(Text(clean(line)))
    if section.columns and section.rows:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0), header_style="dim", expand=False)
        # A name stays whole where it is short; a long one (a file's) would push the other columns out of the window.
        short = all(len(text_of(row[0])) <= 30 for row in section.rows)
        for number, column in enumerate(section.columns):
            right = number in section.numbers
            table.add_column(Text(clean(column)), justify="right" if right else "left", no_wrap=right or (number == 0 and short), overflow="fold")
        for row in section.rows:
            table.add_row(*map(_text, row))
        console.print(table)
    for line in section.after:
        console.print(Text(clean(line), style="dim"))


def _text(cell: Cell | str) -> Text:
    if isinstance(cell, Cell):
        return Text(clean(cell.text), style=_STYLE[cell.tone])
    return Text(clean(cell))


def _width(width: int | None) -> int:
    if width is None:
        try:
            width = int(os.environ.get("COLUMNS", "")) or None
        except ValueError:
            width = None
    if width is None:
        width = os.get_terminal_size(sys.stdout.fileno()).columns if sys.stdout.isatty() else 100
    return max(_NARROWEST, min(_WIDEST, width))


def _colour(colour: bool | None) -> bool:  # noqa: FBT001 — private; None means "look"
    if colour is None:
        return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return colour
