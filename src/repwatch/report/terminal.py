"""Render a document for a terminal with Rich. Text from outside is data: no markup, no control characters."""

from __future__ import annotations

import io
import os
import sys

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from repwatch.report.document import Cell, Document, Line, Section, text_of
from repwatch.text.clean import clean, one_line

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
    for series in section.lines:
        _sparkline(console, series)
    # What a line shows, the table would only repeat; it stands in the other formats.
    if section.columns and section.rows and not section.lines:
        console.print(_table(section, console.width))
    for quote in section.quotes:
        console.print(Padding(Text.assemble("« ", clean(quote.text), " »"), (0, 0, 0, 2)))
        console.print(Padding(Text(clean(quote.about), style=_STYLE[quote.tone] or "dim"), (0, 0, 0, 4)))
    for line in section.after:
        console.print(Text(clean(line), style="dim"))
    for lead in section.leads:
        # On one line, however long: folded, it could not be pasted into a shell.
        console.print(Text(one_line(lead), style="dim"), soft_wrap=True)


def _table(section: Section, width: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0), header_style="dim", expand=False)
    room = 24 if width >= 100 else 12
    for number, (column, wide) in enumerate(zip(section.columns, _widths(section, room, width), strict=True)):
        table.add_column(Text(clean(column)), justify="right" if number in section.numbers else "left", overflow="fold", width=wide)
    for row in section.rows:
        table.add_row(*(_text(cell, room) for cell in row))
    return table


def _widths(section: Section, room: int, width: int) -> list[int]:
    """Return how wide each column is. Where the window is too narrow, texts fold first, the widest before the others, then figures."""
    whole, narrow = [], []
    for number, column in enumerate(section.columns):
        texts = [_plain_width(row[number], room) for row in section.rows]
        words = [cell_len(word) for text in (column, *(text_of(row[number]) for row in section.rows)) for word in clean(text).split()]
        barred = any(isinstance(row[number], Cell) and row[number].bar for row in section.rows)  # type: ignore[union-attr]  # a text has no bar
        whole.append(max(cell_len(clean(column)), *texts))
        narrow.append(whole[-1] if barred else min(14, max(words, default=1)))
    left = width - 2 * (len(whole) - 1)
    for group in ([number for number in range(len(whole)) if number not in section.numbers], sorted(section.numbers)):
        while sum(whole) > left and (loose := [number for number in group if whole[number] > narrow[number]]):
            whole[max(loose, key=whole.__getitem__)] -= 1
    while sum(whole) > left and max(whole) > 1:
        whole[whole.index(max(whole))] -= 1
    return whole


def _plain_width(cell: Cell | str, room: int) -> int:
    return cell_len(clean(text_of(cell))) + (room + 1 if isinstance(cell, Cell) and cell.bar else 0)


def _text(cell: Cell | str, room: int) -> Text:
    if not isinstance(cell, Cell):
        return Text(clean(cell))
    if not cell.bar:
        return Text(clean(cell.text), style=_STYLE[cell.tone])
    return Text.assemble(*_drawn(cell, room), f" {clean(cell.text)}")


def _drawn(cell: Cell, room: int) -> list[tuple[str, str]]:
    """Return the pieces of a bar; without colour their patterns tell them apart."""
    drawn, used, total = [], 0, 0.0
    for part in cell.bar:
        total += part.share
        until = min(room, round(total * room))
        drawn.append((_PATTERN[part.tone] * (until - used), _STYLE[part.tone]))
        used = until
    if not used:
        drawn, used = [(_PATTERN[cell.bar[0].tone], _STYLE[cell.bar[0].tone])], 1
    return [*drawn, (" " * (room - used), "")]


_PATTERN = {"": "█", "good": "█", "bad": "▓", "warn": "▒", "dim": "░"}
_STEPS = "▁▂▃▄▅▆▇█"


def _sparkline(console: Console, line: Line) -> None:
    """Show a series in one line; a part without a figure is a dot, never a low bar."""
    told = [point.value for point in line.points if point.value is not None]
    low, high = (min(told), max(told)) if told else (0.0, 0.0)
    if line.unit == "count":
        low = min(0.0, low)
    steps = [" " if point.value is None else _step(point.value, low, high) for point in line.points]
    # Long periods are thinned so that they fit; each column then is the last of those it stands for.
    room = console.width - 4
    thin = -(-len(steps) // room) if steps else 1
    console.print(Padding(Text("".join(steps[thin - 1 :: thin]).replace(" ", "·"), style="cyan"), (0, 0, 0, 2)))
    console.print(Padding(Text(clean(line.alt)), (0, 0, 0, 2)))


def _step(value: float, low: float, high: float) -> str:
    return _STEPS[3] if high <= low else _STEPS[min(7, int((value - low) / (high - low) * 8))]


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
