"""Open CSV and TSV as people and their programs write them: encoding, separator and header row found by looking."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from repwatch.inlets.grid import Cells, Grid, Known, Opener, header_at, names
from repwatch.wording import N_

SEPARATORS = {";": N_("columns parted by semicolons"), ",": N_("columns parted by commas"), "\t": N_("columns parted by tabs"), "|": N_("columns parted by bars")}
_HEAD = 65_536
_LOOKED_AT = 60
_BLOCK = 1 << 20
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class _Form(NamedTuple):
    separator: str
    header: int
    known: int
    even: float


def open_grid(opener: Opener, known: Known, *, encoding: str | None = None, separator: str | None = None) -> Grid | None:
    """Return the table in a text file, None where it is no table. `known` counts the column names that are known in a row."""
    encoding = encoding or encoding_of(opener)
    if encoding is None:
        return None
    with opener() as file:
        sample = codecs.getincrementaldecoder(encoding)("replace").decode(file.read(_HEAD))
    told = _told_separator(sample)
    form = _form(sample, known, separator or told)
    if form is None:
        return None
    header = list(_rows(opener, encoding, form.separator, until=form.header + 1))[form.header][1]
    if isinstance(header, str):
        return None
    said = (N_("encoding {encoding}", encoding=encoding), SEPARATORS.get(form.separator) or N_("columns parted by {separator}", separator=repr(form.separator)))
    return Grid(names(header), lambda: islice(_rows(opener, encoding, form.separator), form.header + 1, None), said)


def encoding_of(opener: Opener) -> str | None:
    """Return the encoding of a text by its byte order mark, else by trying; None for what is no text."""
    with opener() as file:
        head = file.read(4096)
        marked = next((name for mark, name in _MARKS if head.startswith(mark)), None)
        if marked:
            return marked
        if b"\0" in head:
            return _unmarked_utf16(head)
        return "utf-8" if _is_utf8(head, iter(lambda: file.read(_BLOCK), b"")) else "cp1252"


def _unmarked_utf16(head: bytes) -> str | None:
    little, big = head[1::2].count(0), head[0::2].count(0)
    enough = len(head) // 5
    return "utf-16-le" if little > enough > big else "utf-16-be" if big > enough > little else None


def _is_utf8(head: bytes, rest: Iterator[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(head)
        for block in rest:
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _told_separator(sample: str) -> str | None:
    """Return what Excel's own first line tells: `sep=;`."""
    first = sample.lstrip("\ufeff").split("\n", 1)[0].strip("\r")
    return first[4] if len(first) == 5 and first.startswith("sep=") else None


def _form(sample: str, known: Known, separator: str | None) -> _Form | None:
    forms = [form for each in ([separator] if separator else SEPARATORS) if (form := _tried(sample, each, known))]
    return max(forms, key=lambda form: (form.known, form.even), default=None)


def _tried(sample: str, separator: str, known: Known) -> _Form | None:
    """Judge a separator by the names it brings out, and by how even the rows are."""
    try:
        rows = list(islice(csv.reader(io.StringIO(sample, newline=""), delimiter=separator), _LOOKED_AT))
    except csv.Error:
        return None
    wide = [len(row) for row in rows if len(row) > 1]
    if not wide:
        return None
    header, found = header_at(rows[:20], known)
    usual = max(set(wide), key=wide.count)
    return _Form(separator, header, found, wide.count(usual) / len(rows))


def _rows(opener: Opener, encoding: str, separator: str, until: int | None = None) -> Iterator[tuple[int, Cells]]:
    with io.TextIOWrapper(opener(), encoding, "replace", newline="") as text:
        reader = csv.reader(text, delimiter=separator)
        begins = 1
        for _ in iter(int, 1) if until is None else range(until):
            try:
                row: Cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                row = N_("a quotation mark is not closed, or a cell is too long ({why})", why=error)
            yield begins, row
            begins = reader.line_num + 1
