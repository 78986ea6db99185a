"""Read what a member of LinkedIn downloaded about themselves: how many contacts, which posts and comments. No names.

Of contacts only the rows are counted. Column names are known in English, those of the contacts also in German; the export
speaks the member's language. A count needs no names: where they are in another language, the file's own name says what its rows
are, posts and comments must also look like them (a date, then a link to LinkedIn), and it is said that this was so.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import BinaryIO, NamedTuple
from urllib.parse import unquote

from repwatch.inlets import mapping, zipped
from repwatch.inlets.dates import DateColumn
from repwatch.inlets.delimited import encoding_of
from repwatch.inlets.mapping import plain
from repwatch.models import Item, Mention, Presence, Problem
from repwatch.wording import N_

#: What to say where such a file is not to be stored.
CONSENT = N_("a member's export belongs to the person: hand it over with their consent record")

#: Each kind of file by the columns that it must have.
_KINDS: tuple[tuple[str, frozenset[str]], ...] = (
    ("contacts", frozenset(("first name", "last name", "connected on"))),
    ("contacts", frozenset(("vorname", "nachname", "verbunden am"))),
    ("posts", frozenset(("date", "share link", "share commentary"))),
    ("comments", frozenset(("date", "link", "message"))),
    ("reactions", frozenset(("date", "type", "link"))),
    ("follows", frozenset(("organization", "followed on"))),
    ("person", frozenset(("first name", "last name", "headline"))),
)
_NAMES = {"connections": "contacts", "shares": "posts", "comments": "comments", "reactions": "reactions", "company follows": "follows"}
_NAMED = re.compile(r"(connections|shares|comments|reactions|company follows)(?:_\d+)?\.csv$", re.IGNORECASE)
_URN = re.compile(r"urn:li:(?:share|ugcPost|activity):\d+")
#: A row of contacts names six or seven things, the notes above it one.
_CONTACT = 4
_STAMP = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d")
_HEAD = 20_000
_PREAMBLE = 12


def is_export(names: list[str]) -> bool:
    """Tell whether the names in a ZIP are those of a member's export."""
    return any(_NAMED.match(zipped.label(name)) for name in names)


def is_part(name: str, head: bytes) -> bool:
    """Tell whether a file is one of a member's export, by its columns or its name."""
    if not name.lower().endswith(".csv"):
        return False
    header = _header(head.decode("utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig", "replace"))
    sure = header is not None and (header.kind in ("contacts", "posts", "follows", "person") or b"linkedin.com" in head)
    return sure or (bool(_NAMED.match(name)) and not _is_of_reviews(head))


def _is_of_reviews(head: bytes) -> bool:
    """Tell whether the first row names stars, or pros and cons: "Comments.csv" is a likely name for a table of reviews too."""
    first = head.split(b"\n", 1)[0].decode("utf-8", "replace")
    fields = {field for cell in re.split(r"[,;\t]", first) for field in mapping.Mapping().fields_of(cell.strip('" \r'))}
    return bool(fields & {"rating", "pros", "cons"})


def read_zip(file: BinaryIO) -> Iterator[Item | Problem | str]:
    """Yield a Presence with the counts of a whole export, its posts and comments; files about other people are not opened.

    A sentence among them says what was settled on the way.
    """
    yield from _counted(
        (member.name, member.body) if isinstance(member, zipped.Member) else member
        for member in zipped.read(file) if isinstance(member, Problem) or _NAMED.match(member.name)
    )  # fmt: skip


def read_part(name: str, body: bytes) -> Iterator[Item | Problem | str]:
    """Yield what one file of an export holds, as `read_zip`."""
    yield from _counted(iter([(name, body)]))


def _counted(parts: Iterator[tuple[str, bytes] | Problem]) -> Iterator[Item | Problem | str]:
    counts: Counter[str] = Counter()
    found: list[Item | Problem | str] = []
    for part in parts:
        if isinstance(part, Problem):
            found.append(part)
        else:
            found += _part(*part, counts)
    if counts or not found:
        yield Presence(source="linkedin", counts=dict(sorted(counts.items())))
    yield from found


def _part(name: str, body: bytes, counts: Counter[str]) -> list[Item | Problem | str]:
    text = body.decode(encoding_of(lambda: io.BytesIO(body)) or "utf-8", "replace").removeprefix("\ufeff")
    named = _NAMED.match(name)
    kind = _NAMES[named[1].lower()] if named else ""
    known = _header(text)
    header = known or _unknown_header(text, kind)
    if header is None:
        what = kind or N_("a file of a member's export")
        return [Problem(source="linkedin", reason="unknown columns", detail=N_("{file} ({what}): its column names are in a language, or of a kind, that nobody has verified yet", file=name, what=what))]
    if header.kind == "person":
        return [Problem(source="linkedin", reason="personal", detail=N_("{file}: this file describes a person, and nothing of it is read", file=name))]
    made: list[Item | Problem | str] = []
    if not known:
        made.append(N_("{file}: its column names are in a language that nobody has verified; its rows were counted by what the file is called", file=name))
    for line, row in _rows(text, header):
        # A row that a broken quotation mark tore apart has too few cells, or too many.
        if row is None or (header.kind == "comments" and len(row) != header.width):
            made.append(Problem(source="linkedin", reason="row", detail=N_("{file}, line {line}: the quotation marks do not fit", file=name, line=line)))
            continue
        counts[header.kind] += 1
        if header.kind in ("posts", "comments") and (item := _mention(header.kind, row)):
            made.append(item)
    # A file without rows counts too: no contacts is a number.
    counts[header.kind] += 0
    return made


class _Header(NamedTuple):
    kind: str
    above: int
    width: int


def _header(text: str) -> _Header | None:
    """Find the row of column names (notes may stand above it), and what kind of file they make it."""
    try:
        for above, row in zip(range(_PREAMBLE), csv.reader(io.StringIO(text[:_HEAD], newline="")), strict=False):
            columns = {plain(cell) for cell in row}
            kind = next((kind for kind, needed in _KINDS if needed <= columns), None)
            if kind:
                return _Header(kind, above, len(row))
    except csv.Error:
        return None
    return None


def _unknown_header(text: str, kind: str) -> _Header | None:
    """Find the row of column names in another language: the first that is as wide as a row of this kind, above one that looks like it."""
    wide = _CONTACT if kind == "contacts" else 2
    try:
        rows = [row for _, row in zip(range(_PREAMBLE), csv.reader(io.StringIO(text[:_HEAD], newline="")), strict=False)]
    except csv.Error:
        return None
    above = next((number for number, row in enumerate(rows) if sum(bool(cell.strip()) for cell in row) >= wide), None)
    if not kind or above is None:
        return None
    below = next((row for row in rows[above + 1 :] if any(cell.strip() for cell in row)), None)
    if kind in ("posts", "comments") and below and not ((not below[0] or _STAMP.match(below[0])) and "linkedin.com" in "".join(below[1:2])):
        return None
    return _Header(kind, above, len(rows[above]))


def _rows(text: str, header: _Header) -> Iterator[tuple[int, list[str] | None]]:
    """Yield the rows below the header that hold anything, None for one that cannot be read.

    Comments write a quotation mark as \\" where the others double it.
    """
    mended = re.sub(r'\\"', '""', text) if header.kind == "comments" else text
    reader = csv.reader(io.StringIO(mended, newline=""))
    number = -1
    while True:
        number += 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield reader.line_num, None
            continue
        if number > header.above and any(cell.strip() for cell in row):
            yield reader.line_num, row


def post(row: Mapping[str, object]) -> Mention | None:
    """Return the post of a row as LinkedIn's interface for members gives it: the columns of the export, by name."""
    return _mention("posts", [str(row.get(name) or "") for name in ("Date", "ShareLink", "ShareCommentary", "SharedUrl")])


def _mention(kind: str, row: list[str]) -> Mention | None:
    cells = [*(cell.strip() for cell in row), "", "", "", ""]
    link, text = cells[1], cells[2] or (cells[3] if kind == "posts" else "")
    if not text and not link:
        return None
    urn = _URN.search(unquote(link)) if kind == "posts" else None
    return Mention(source="linkedin", kind="post" if kind == "posts" else "comment", native_id=urn[0] if urn else None,
                   url=link or None, published=_instant(cells[0]), text=text)  # fmt: skip


def _instant(cell: str) -> str | None:
    """Read "2026-05-07 16:41:18", which is in UTC; a blank or odd date is none."""
    try:
        found = DateColumn().read(cell)
    except ValueError:
        return None
    return f"{found}Z" if found and len(found) > 10 and not found.endswith("Z") else found
