"""Read a table of reviews, whoever made it: CSV, TSV, XLSX or JSON in, items and problems out, row by row.

A table is read twice. The first reading settles what only a whole column can tell (the order of day and month, the scale of
the ratings); the second yields the rows. A cell that does not fit is a Problem with its line and column, and its field stays
empty; what else the row holds, and every other row, goes on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from pydantic import ValidationError

from repwatch.errors import UnreadableError
from repwatch.inlets import cells, delimited, mapping, records, workbook
from repwatch.inlets.dates import DateColumn
from repwatch.inlets.grid import Cell, Grid, Opener, is_blank
from repwatch.inlets.mapping import DATES, TEXTS, WORDS, Mapping
from repwatch.inlets.saved import MAX_BYTES
from repwatch.models import Item, Mention, Problem, Response, Review
from repwatch.wording import N_

_JOB_STATUS = re.compile(r"(?P<job>.*?)\s*\((?P<status>[^()]*)\)\s*$", re.DOTALL)
_STATUS_JOB = re.compile(r"(?P<status>.*?)(?:\s+[-–]\s+(?P<job>.*))?$", re.DOTALL)
_LONGEST_JOB = 200
_HTML = re.compile(rb"\s*<")
#: So many objects of a JSON file are looked at to see whether it is of reviews: one of another kind may hold a million.
_FRONT = 1_000
_SCALES = (5, 10, 20, 100)
_TEXTS = ("title", "pros", "cons", "advice", "body")
_WRITTEN = (*_TEXTS, "rating", "recommend", "subratings")
_UNFIT, _NOT_A_REVIEW = N_("a cell does not fit"), "not a review"
_DIGIT = re.compile(r"\d")


class Column(NamedTuple):
    """A column and the fields it holds; `sample` is the first cell that is filled."""

    name: str
    fields: tuple[str, ...]
    sample: str = ""


class Table(NamedTuple):
    """A table that is understood: what each column holds, and what was settled on the way."""

    grid: Grid
    mapping: Mapping
    source: str
    columns: tuple[Column, ...]
    dates: dict[int, DateColumn]
    scale: int
    said: tuple[str, ...]

    def items(self) -> Iterator[Item | Problem]:
        """Yield a review (or mention) a row, each id once, and a Problem for each cell or row that cannot be read."""
        width = len(self.columns)
        seen: dict[str, int] = {}
        for line, row in self.grid.rows():
            if isinstance(row, str):
                yield Problem(source=self.source, reason="row", detail=N_("row {line}: {why}", line=line, why=row))
            elif not is_blank(row[width:]):
                yield Problem(source=self.source, reason="row", detail=N_("row {line}: it has more cells than there are columns; a text with a separator in it needs quotation marks", line=line))
            elif not is_blank(row):
                item, problems = _Row(self, line, row).read()
                ident = item.native_id if item else None
                if ident is None or ident not in seen:
                    yield from (item,) if item else ()
                    yield from problems
                elif seen[ident] != hash(tuple(row)):
                    yield Problem(source=self.source, reason="row", detail=N_("row {line}: an earlier row has the same id, {id}, and says something else", line=line, id=ident[:40]))
                if ident is not None:
                    seen.setdefault(ident, hash(tuple(row)))

    def repeats_heading(self, row: Sequence[Cell]) -> bool:
        """Tell whether a row says once more what the columns are called, as files that were put together do."""
        told = [(text, column.name) for place, column in enumerate(self.columns) if column.fields and (text := cells.text_of(_at(row, place)))]
        return bool(told) and all(" ".join(text.split()) == name for text, name in told)


def understand(opener: Opener, told: Mapping | None = None, source: str | None = None) -> Table | None:
    """Return the table in a file, None for what is no table of reviews. `told` is a mapping file, `source` wins over all.

    Raises UnreadableError for a workbook that cannot be opened, and for JSON that is too large.
    """
    opened = _open(opener, told)
    if opened is None:
        return None
    grid, rule = opened
    if not _is_of_reviews(grid, rule, sure=told is not None):
        return None
    fields = _once([rule.fields_of(name) for name in grid.columns])
    return _settle(grid, rule, source or rule.source or "table", fields)


def _open(opener: Opener, told: Mapping | None) -> tuple[Grid, Mapping] | None:
    with opener() as file:
        head = file.read(4096)
    known = partial(mapping.known, told)
    if head.startswith(b"PK\x03\x04"):
        return _with_rule(workbook.open_grid(opener, known, sheet=told.sheet if told else None), told)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"[", b"{")):
        with opener() as file:
            body = file.read(MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            raise UnreadableError(N_("JSON of more than {limit} MB cannot be read as a table", limit=MAX_BYTES // 1_000_000), hint=N_("Split it, or save it as CSV."))
        value = records.load(body)
        if value is not None:
            return _of_json(value, told)
    if _HTML.match(head):
        return None
    return _with_rule(delimited.open_grid(opener, known, encoding=told.encoding if told else None, separator=told.separator if told else None), told)


def _of_json(value: Any, told: Mapping | None) -> tuple[Grid, Mapping] | None:
    if told is None:
        for preset in mapping.presets():
            grid = records.open_grid(value, preset.rows, _FRONT) if preset.rows else None
            if grid and preset.fits(grid.columns):
                return _with_rule(records.open_grid(value, preset.rows), preset)
        front = _with_rule(records.open_grid(value, most=_FRONT), None)
        if front is None or not _is_of_reviews(*front):
            return front
    return _with_rule(records.open_grid(value, told.rows if told else None), told)


def _with_rule(grid: Grid | None, told: Mapping | None) -> tuple[Grid, Mapping] | None:
    if grid is None:
        return None
    return grid, told or next((each for each in mapping.presets() if not each.rows and each.fits(grid.columns)), Mapping())


def _once(fields: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Let each field be held by one column, the first; an aspect may stand as stars and as text."""
    seen: set[str] = set()
    kept = []
    for each in fields:
        kept.append(tuple(field for field in each if field not in seen or field.startswith(mapping.OPEN)))
        seen.update(each)
    return kept


def _is_of_reviews(grid: Grid, rule: Mapping, *, sure: bool = False) -> bool:
    """Tell whether the columns are those of reviews: stars or pros and cons, and something beside them."""
    fields = {field for each in _once([rule.fields_of(name) for name in grid.columns]) for field in each}
    if sure or rule.name:
        return bool(fields)
    return bool(fields & {"rating", "pros", "cons"}) and len(fields & {*TEXTS, *DATES, "rating", "year", "recommend"}) >= 2


def _settle(grid: Grid, rule: Mapping, source: str, fields: Sequence[tuple[str, ...]]) -> Table | None:
    """Read the whole table once, for what no single row tells."""
    dates = {place: DateColumn(rule.date_order) for place, each in enumerate(fields) if set(each) & set(DATES)}
    stars = [place for place, each in enumerate(fields) if "rating" in each]
    words = [(place, field) for place, each in enumerate(fields) for field in each if field in WORDS]
    samples: dict[int, str] = {}
    empty = set(range(len(fields)))
    unknown: Counter[tuple[int, str]] = Counter()
    highest, told_scale = 0.0, 0
    for _line, row in grid.rows():
        if isinstance(row, str):
            continue
        for place in [place for place in empty if cells.text_of(_at(row, place))]:
            samples[place] = " ".join(str(_at(row, place)).split())[:60]
            empty.discard(place)
        for place, column in dates.items():
            column.look(_at(row, place))
        for place in stars:
            value, scale = _stars(_at(row, place))
            highest, told_scale = max(highest, value), max(told_scale, scale)
        unknown.update((place, field) for place, field in words if (text := cells.text_of(_at(row, place))) and rule.word(field, text) is None)
    scale = rule.rating_scale or told_scale or next((each for each in _SCALES if highest <= each), 0)
    if not scale:
        return None
    for column in dates.values():
        column.settle()
    said = [N_("dates in {column}: {how}", column=repr(grid.columns[place]), how=column.said) for place, column in dates.items() if column.said]
    said += [_scale_told(scale, rule, told_scale, highest)] if stars else []
    said += [N_("{n} cells in {column} hold words for {field} that nobody knows", n=count, column=repr(grid.columns[place]), field=field) for (place, field), count in sorted(unknown.items())]
    said += [N_("only years are told: the rows stay undated")] if any("year" in each for each in fields) and not any("month" in each for each in fields) else []
    columns = tuple(Column(name, fields[place], samples.get(place, "")) for place, name in enumerate(grid.columns))
    return Table(grid, rule, source, columns, dates, scale, tuple(said))


def _scale_told(scale: int, rule: Mapping, told_scale: int, highest: float) -> str:
    if rule.rating_scale:
        return N_("ratings are out of {scale}, as the mapping says", scale=scale)
    if told_scale:
        return N_("ratings are out of {scale}, as the cells say", scale=scale)
    return N_("ratings are out of {scale}: the highest is {highest}", scale=scale, highest=f"{highest:g}") if highest else N_("ratings are out of {scale}", scale=scale)


def _stars(cell: Cell) -> tuple[float, int]:
    try:
        found = cells.rating(cell)
    except ValueError:
        return 0.0, 0
    return (0.0, 0) if found is None else (found.value, 0) if found.scale is None else (0.0, found.scale)


def _at(row: Sequence[Cell], place: int) -> Cell:
    return row[place] if place < len(row) else None


class _Row:
    """One row on its way to an item."""

    def __init__(self, table: Table, line: int, row: Sequence[Cell]) -> None:
        self.table, self.line, self.row = table, line, row
        self.values: dict[str, Any] = {"rating_scale": table.scale, "source": table.source, "subratings": {}}
        self.paragraphs: list[str] = []
        self.problems: list[Problem] = []
        #: A word stands where a date should: "Average", "Total".
        self.is_sum = False
        for place, column in enumerate(table.columns):
            cell = _at(row, place)
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
