"""Turn one row of a table into an item: what each cell says, what several say together, and a Problem for each that does not fit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from repwatch.inlets import cells, mapping
from repwatch.inlets.grid import Cell
from repwatch.inlets.mapping import DATES, WORDS
from repwatch.models import Item, Mention, Problem, Response, Review
from repwatch.wording import N_

if TYPE_CHECKING:
    from repwatch.inlets.table import Column, Table

_JOB_STATUS = re.compile(r"(?P<job>.*?)\s*\((?P<status>[^()]*)\)\s*$", re.DOTALL)
_STATUS_JOB = re.compile(r"(?P<status>.*?)(?:\s+[-–]\s+(?P<job>.*))?$", re.DOTALL)
_LONGEST_JOB = 200
_TEXTS = ("title", "pros", "cons", "advice", "body")
_WRITTEN = (*_TEXTS, "rating", "recommend", "subratings")
_UNFIT, _NOT_A_REVIEW = N_("a cell does not fit"), "not a review"
_DIGIT = re.compile(r"\d")



def cell_at(row: Sequence[Cell], place: int) -> Cell:
    """Return the cell of a column, None where the row is shorter."""
    return row[place] if place < len(row) else None


class Row:
    """One row on its way to an item."""

    def __init__(self, table: Table, line: int, row: Sequence[Cell]) -> None:
        self.table, self.line, self.row = table, line, row
        self.values: dict[str, Any] = {"rating_scale": table.scale, "source": table.source, "subratings": {}}
        self.paragraphs: list[str] = []
        self.problems: list[Problem] = []
        #: A word stands where a date should: "Average", "Total".
        self.is_sum = False
        for place, column in enumerate(table.columns):
            cell = cell_at(row, place)
            for field in column.fields if cell is not None else ():
                self._take(field, column, place, cell)

    def _take(self, field: str, column: Column, place: int, cell: Cell) -> None:
        try:
            if field.startswith(mapping.OPEN):
                kind, _, name = field.partition(".")
                self._part(kind, name, column.name, cell)
            else:
                self._field(field, place, cell)
        except (ValueError, OverflowError) as error:
            self._add(_UNFIT, N_("row {line}, column {column}: {why}", line=self.line, column=repr(column.name), why=error))
            self.is_sum |= field in DATES and not _DIGIT.search(cells.text_of(cell) or "")

    def _field(self, field: str, place: int, cell: Cell) -> None:
        text = cells.text_of(cell)
        if text is None:
            return
        if field in DATES:
            self.values[field] = self.table.dates[place].read(cell)
        elif field == "rating":
            self._rating(cell)
        elif field in ("helpful", "rating_scale", "year", "month"):
            value = cells.number(cell, whole=True)
            if field == "rating_scale" and value is not None and value < 1:
                raise ValueError(N_("not a scale of ratings"))
            if value is not None:
                self.values[field] = int(value)
        elif field in WORDS:
            self.values[field] = self.table.mapping.word(field, text)
        elif field == "job_and_status":
            self._job_and_status(text)
        elif field == "employer" and self.table.mapping.employer_pattern:
            found = re.search(self.table.mapping.employer_pattern, text)
            self.values[field] = found[1] if found else text
        else:
            self.values[field] = text

    def _rating(self, cell: Cell) -> None:
        found = cells.rating(cell)
        # 0 is how many tools write "not rated".
        if found is None or found.value == 0:
            return
        scale = found.scale or self.table.scale
        if not 0 < found.value <= scale:
            raise ValueError(N_("not a rating out of {scale}", scale=scale))
        self.values |= {"rating": found.value, "rating_scale": scale}

    def _part(self, kind: str, name: str, column: str, cell: Cell) -> None:
        """Take in the stars of one aspect, or what was written under its heading."""
        text = cells.text_of(cell)
        if text is None:
            return
        if kind != "text":
            try:
                stars = cells.rating(cell)
                if stars is None:
                    return
            except ValueError:
                stars = None
                if kind == "subrating":
                    raise
            if stars is not None and 0 <= stars.value <= (stars.scale or self.table.scale):
                if stars.value:
                    self.values["subratings"][name] = stars.value
                return
        self.paragraphs.append(f"{name if kind == 'text' else column.rpartition('.')[2] or column}: {text}")

    def _job_and_status(self, text: str) -> None:
        """Take apart "Nurse (Former Employee)" and "Ancien employé - Infirmière"; without a word for the status, all of it is the job."""
        self.values["job_title"] = text
        for form in (_JOB_STATUS, _STATUS_JOB):
            found = form.match(text) if len(text) < _LONGEST_JOB else None
            status = self.table.mapping.word("status", found["status"]) if found else None
            if found and status:
                self.values |= {"job_title": found["job"] or None, "status": status}
                return

    def read(self) -> tuple[Item | None, list[Problem]]:
        """Return what the row holds, None where that is no review, and what of it could not be read."""
        if self.table.repeats_heading(self.row):
            return None, [self._problem(_NOT_A_REVIEW, N_("row {line}: the heading once more", line=self.line))]
        self._gather()
        if self._is_bare():
            if not self.problems:
                self._add(_NOT_A_REVIEW, N_("row {line}: neither a date nor a rating nor a text; left out, as an advertisement or a heading", line=self.line))
            return None, self.problems
        return self._made(), self.problems

    def _is_bare(self) -> bool:
        """Tell whether nothing of a review is in the row. What bears the word of a sum is one only where somebody wrote something."""
        written = _TEXTS if self.is_sum else _WRITTEN
        return not any(self.values.get(name) not in (None, {}) for name in written if name != "title" or self.values.get("published"))

    def _add(self, reason: str, detail: str) -> None:
        self.problems.append(self._problem(reason, detail))

    def _problem(self, reason: str, detail: str) -> Problem:
        return Problem(source=self.table.source, reason=reason, detail=detail)

    def _gather(self) -> None:
        """Put together what stands in several cells."""
        values = self.values
        year, month = values.pop("year", None), values.pop("month", None)
        if not values.get("published") and year and month and 1990 <= year < 2100 and 1 <= month <= 12:
            values["published"] = f"{year:04d}-{month:02d}"
        current = values.pop("current", None)
        if current and not values.get("status"):
            values["status"] = "current" if current == "yes" else "former"
        if values.get("recommend"):
            values["recommend"] = values["recommend"] == "yes"
        answer, day, answered = values.pop("response", None), values.pop("response_date", None), values.pop("answered", None)
        if answer or answered == "yes":
            # That there is an answer counts, also where its text is not told.
            values["responses"] = (Response(text=answer or "", published=day),)
        values["employer"] = values.get("employer") or self.table.mapping.employer
        values["body"] = "\n\n".join([text for text in [values.get("body")] if text] + self.paragraphs) or None

    def _made(self) -> Item | None:
        values = {name: value for name, value in self.values.items() if value is not None}
        while True:
            try:
                return self._of(values)
            except ValidationError as error:
                first = error.errors(include_input=False, include_url=False)[0]
                self._add(_UNFIT, f"row {self.line}, {'.'.join(map(str, first['loc']))}: {first['msg']}")
                if values.pop(str(first["loc"][0]) if first["loc"] else "", None) is None:
                    return None

    def _of(self, values: dict[str, Any]) -> Item:
        kind = self.table.mapping.type
        if kind == "mention" or (kind == "either" and "rating" not in values):
            texts = [values[name] for name in ("body", "pros", "cons", "advice") if name in values]
            kept = {name: values[name] for name in Mention.model_fields if name in values and name != "text"}
            return Mention.model_validate({**kept, "text": "\n\n".join(texts)})
        return Review.model_validate(values)
