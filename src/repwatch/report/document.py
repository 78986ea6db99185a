"""What every command hands to the renderers: headed sections of sentences, tables, charts and quotations, and the data beneath them."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

Tone = Literal["", "good", "bad", "warn", "dim"]
Unit = Literal["stars", "points", "count", "share"]


class Part(NamedTuple):
    """A piece of a bar: its share of the whole width (0 to 1), and its tone."""

    share: float
    tone: Tone = ""


class Cell(NamedTuple):
    """A text in a table, with the tone in which a terminal shows it, a bar that stands before the text, the command line that shows what it counts, and its address on the web."""

    text: str
    tone: Tone = ""
    bar: tuple[Part, ...] = ()
    lead: str = ""
    url: str = ""


class Point(NamedTuple):
    """A bucket of a line: None where nothing can be told; `seen` is the share of checks that could read (None: unknown)."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    seen: float | None = None


class Line(NamedTuple):
    """A series over time. A blind bucket is a gap in the line, never a zero; `alt` says in words what the line shows."""

    name: str
    title: str
    alt: str
    unit: Unit
    points: tuple[Point, ...]


class Quote(NamedTuple):
    """What somebody said, word for word; `about` tells label, stars, source and day, `lead` the way to the whole of it."""

    text: str
    about: str
    tone: Tone = ""
    lang: str = ""
    lead: str = ""


class Tidy(NamedTuple):
    """The same table for machines: one value a cell (a number, an ISO date as text, a text, or None), names in English."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | float | int | None, ...], ...]


class Section(NamedTuple):
    """A part of a report. `rows` hold as many cells as there are `columns`; `numbers` names the columns set flush right.

    `leads` are the command lines that show the mentions behind the figures, with a word in capitals for what the rows differ by;
    `tidy` replaces the table in CSV and XLSX.
    """

    name: str
    heading: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell | str, ...], ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    numbers: frozenset[int] = frozenset()
    lines: tuple[Line, ...] = ()
    quotes: tuple[Quote, ...] = ()
    leads: tuple[str, ...] = ()
    tidy: Tidy | None = None


class Document(NamedTuple):
    """A whole report. `data` is what JSON carries; `verdict` the one sentence that comes first."""

    command: str
    title: str
    sections: tuple[Section, ...]
    data: Any
    verdict: str = ""
    closing: str = ""


def text_of(cell: Cell | str) -> str:
    """Return the text of a cell."""
    return cell.text if isinstance(cell, Cell) else cell


def tidied(section: Section) -> Tidy:
    """Return the table of a section for machines: its own, or the one that people see."""
    return section.tidy or Tidy(section.columns, tuple(tuple(map(text_of, row)) for row in section.rows))
