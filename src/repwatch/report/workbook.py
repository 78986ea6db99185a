"""Render a document as an XLSX workbook: one sheet a section, one value a cell, numbers and dates as what they are."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from repwatch.report.document import Document, Tidy, tidied
from repwatch.text.clean import clean

_FORMULA = ("=", "+", "-", "@")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LONGEST = 32_767
_NO_CHARACTER = re.compile("[\x0b\x0c\ufdd0-\ufdef\ufffe\uffff]")


def to_xlsx(document: Document) -> bytes:
    """Return the workbook. Texts stay texts: what looks like a formula is marked so that no spreadsheet computes it."""
    book = Workbook(write_only=True)
    about = book.create_sheet("report")
    about.column_dimensions["A"].width = 120
    for text in (document.title, document.verdict, *(line for section in document.sections for line in section.before), document.closing):
        if text:
            about.append([_cell(about, text)])
    taken = {"report"}
    for section in document.sections:
        if section.columns or section.tidy:
            _table(book, _name(section.name, taken), tidied(section))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _name(wanted: str, taken: set[str]) -> str:
    """Return a sheet name that no other has, without the characters that Excel refuses."""
    plain = re.sub(r"[^\w -]", "", wanted)[:25].strip() or "table"
    name, number = plain, 2
    while name.casefold() in taken:
        name, number = f"{plain} {number}", number + 1
    taken.add(name.casefold())
    return name


def _table(book: Workbook, name: str, table: Tidy) -> None:
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    for number, column in enumerate(table.columns):
        longest = max([len(column), *(len(str(row[number])) for row in table.rows if row[number] is not None)])
        sheet.column_dimensions[chr(65 + number) if number < 26 else "AA"].width = min(60, longest + 3)
    heads = [_cell(sheet, column) for column in table.columns]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    for row in table.rows:
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: Any, value: str | float | None) -> Any:
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value)
    text = _NO_CHARACTER.sub("", clean(value))[:_LONGEST]
    if not text:
        return WriteOnlyCell(sheet, None)
    if _DAY.match(text) and len(text) == 10:
        try:
            cell = WriteOnlyCell(sheet, datetime.fromisoformat(text))
        except ValueError:
            return WriteOnlyCell(sheet, text)
        cell.number_format = "yyyy-mm-dd"
        return cell
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    if text.startswith(_FORMULA):
        cell.quotePrefix = True
    return cell
