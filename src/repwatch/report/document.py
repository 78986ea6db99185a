"""What every command hands to the renderers: headed sections of sentences and tables, and the data beneath them."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

Tone = Literal["", "good", "bad", "warn", "dim"]


class Cell(NamedTuple):
    """A text in a table, with the tone in which a terminal shows it."""

    text: str
    tone: Tone = ""


class Section(NamedTuple):
    """A part of a report. `rows` hold as many cells as there are `columns`; `numbers` names the columns set flush right."""

    name: str
    heading: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell | str, ...], ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    numbers: frozenset[int] = frozenset()


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
