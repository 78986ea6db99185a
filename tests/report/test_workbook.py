"""The workbook: numbers are numbers, dates are dates, texts are texts and nothing else."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from tests.report.test_plain import HOSTILE, REPORT, of
from tests.report.whole import DATA

from repwatch.report.document import Document, Section, Tidy
from repwatch.report.overview import overview
from repwatch.report.workbook import to_xlsx


def book(document: Document) -> Any:
    return openpyxl.load_workbook(io.BytesIO(to_xlsx(document)))


def one(value: Any) -> Any:
    """The cell that `value` becomes."""
    section = Section("s", "", tidy=Tidy(("a",), ((value,),)))
    return book(Document("x", "T", (section,), None))["s"]["A2"]


def test_one_sheet_a_section() -> None:
    """The words of the report first, then one tidy table a section."""
    found = book(overview(DATA))
    assert found.sheetnames == ["report", "changes", "needs_answer", "topics", "comparison", "profiles", "voices", "trend", "figures"]
    assert [cell.value for cell in found["topics"][1]] == ["topic", "n", "of", "good", "bad"]
    assert [cell.value for cell in found["topics"][2]] == ["workload", 22, 75, 2, 18]
    assert found["report"]["A1"].value == "Quarterly report · 2026-07-01 to 2026-09-30"


@pytest.mark.parametrize(
    ("value", "kept", "kind"),
    [(3, 3, "n"), (2.5, 2.5, "n"), (None, None, "n"), ("2026-03-31", datetime(2026, 3, 31), "d"), ("2026-02-31", "2026-02-31", "s"), ("2026-03", "2026-03", "s"), ("12", "12", "s"), ("", None, "n")],  # noqa: DTZ001 — a date in a sheet has no zone
)
def test_cells_have_their_type(value: Any, kept: Any, kind: str) -> None:
    """Whatever language the spreadsheet speaks, it computes with the numbers and sorts the dates."""
    found = one(value)
    assert (found.value, found.data_type) == (kept, kind)


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1+1", "-1", "@SUM(A1)", "=1+1"])
def test_no_formula(text: str) -> None:
    """What a spreadsheet would compute is a text, and stays one when the cell is edited."""
    found = one(text)
    assert (found.value, found.data_type, found.quotePrefix) == (text, "s", True)


def test_two_sections_of_one_name() -> None:
    """Sheets have names of their own, within what Excel allows."""
    sections = tuple(Section(name, "", ("a",), (("b",),)) for name in ("report", "Report", "x" * 40, "x" * 40, "[]:*?/\\"))
    assert book(Document("x", "T", sections, None)).sheetnames == ["report", "report 2", "Report 3", "x" * 25, "x" * 25 + " 2", "table"]


def test_tables_without_a_tidy_twin() -> None:
    """What people see is what the sheet holds."""
    assert [cell.value for cell in book(REPORT)["figures"][2]] == ["glassdoor", "12", "3.6 (3.2 to 4.0)"]


def test_many_columns() -> None:
    """More than the alphabet has letters."""
    assert len(list(book(Document("x", "T", (Section("s", tidy=Tidy(tuple(map(str, range(30))), (tuple(range(30)),))),), None))["s"][2])) == 30


def test_ten_megabytes() -> None:
    """A text is cut where Excel's cell ends."""
    assert len(one("é" * 10_000_000).value) == 32_767


@settings(deadline=None, max_examples=40)
@given(HOSTILE)
def test_any_text_makes_a_workbook(text: str) -> None:
    """Every text from outside is written and read back as a text."""
    found = book(of(text))
    assert {cell.data_type for sheet in found for row in sheet for cell in row} <= {"s", "n", "d"}
    assert [cell.data_type for sheet in found for row in sheet for cell in row if isinstance(cell.value, str) and cell.data_type != "s"] == []
