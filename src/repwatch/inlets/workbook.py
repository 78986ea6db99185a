"""Open XLSX workbooks row by row. Formulas are never worked out: what Excel last showed counts."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError

from repwatch.errors import UnreadableError
from repwatch.inlets import zipped
from repwatch.inlets.grid import Cell, Cells, Grid, Known, Opener, header_at, names
from repwatch.wording import N_

_LOOKED_AT = 20
#: What openpyxl raises on a workbook that is torn, forged or of another make.
_BROKEN = (ParseError, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, EOFError, SyntaxError, OSError, NotImplementedError)


def open_grid(opener: Opener, known: Known, *, sheet: str | None = None) -> Grid | None:
    """Return the sheet whose columns are known best, or the one that `sheet` names; None for an empty workbook.

    Raises UnreadableError for what is no workbook, is protected, or unpacks to too much.
    """
    with opener() as file:
        zipped.look_inside(file)
    try:
        with opener() as file:
            book = _load(file)
            heads = {each.title: list(_cells(each, _LOOKED_AT)) for each in book.worksheets if sheet in (None, each.title)}
    except _BROKEN as error:
        raise UnreadableError(N_("this workbook cannot be opened ({why})", why=type(error).__name__), hint=N_("Open it in Excel and save it once more as .xlsx.")) from error
    if sheet is not None and not heads:
        raise UnreadableError(N_("there is no sheet {sheet} in this workbook", sheet=repr(sheet)), hint=N_("Correct `sheet` in the mapping file."))
    heads = {title: rows for title, rows in heads.items() if rows}
    if not heads:
        return None
    best = max(heads, key=lambda title: header_at(heads[title], known)[1])
    header, _found = header_at(heads[best], known)
    return Grid(names(heads[best][header]), lambda: islice(_rows(opener, best), header + 1, None), (N_("sheet {sheet}", sheet=repr(best)),))


def _load(file: Any) -> Any:
    import openpyxl

    with warnings.catch_warnings():
        # It warns of styles and extensions that it leaves out; we read values only.
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(file, read_only=True, data_only=True)


def _cells(sheet: Any, until: int | None = None) -> Iterator[tuple[Cell, ...]]:
    # The size that a workbook claims for its sheet is often wrong.
    sheet.reset_dimensions()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield from islice(sheet.iter_rows(values_only=True), until)


def _rows(opener: Opener, sheet: str) -> Iterator[tuple[int, Cells]]:
    with opener() as file:
        line = 0
        try:
            for line, row in enumerate(_cells(_load(file)[sheet]), 1):
                yield line, row
        except _BROKEN as error:
            yield line + 1, N_("the workbook breaks off here ({why})", why=type(error).__name__)
