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

from repwatch.errors import UnreadableError
from repwatch.inlets import cells, delimited, mapping, records, workbook
from repwatch.inlets.dates import DateColumn
from repwatch.inlets.grid import Cell, Grid, Opener, is_blank
from repwatch.inlets.mapping import DATES, TEXTS, WORDS, Mapping
from repwatch.inlets.row import Row, cell_at
from repwatch.inlets.saved import MAX_BYTES
from repwatch.models import Item, Problem
from repwatch.wording import N_

_HTML = re.compile(rb"\s*<")
#: So many objects of a JSON file are looked at to see whether it is of reviews: one of another kind may hold a million.
_FRONT = 1_000
_SCALES = (5, 10, 20, 100)


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
                item, problems = Row(self, line, row).read()
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
        told = [(text, column.name) for place, column in enumerate(self.columns) if column.fields and (text := cells.text_of(cell_at(row, place)))]
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
        for place in [place for place in empty if cells.text_of(cell_at(row, place))]:
            samples[place] = " ".join(str(cell_at(row, place)).split())[:60]
            empty.discard(place)
        for place, column in dates.items():
            column.look(cell_at(row, place))
        for place in stars:
            value, scale = _stars(cell_at(row, place))
            highest, told_scale = max(highest, value), max(told_scale, scale)
        unknown.update((place, field) for place, field in words if (text := cells.text_of(cell_at(row, place))) and rule.word(field, text) is None)
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
