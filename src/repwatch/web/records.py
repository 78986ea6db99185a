"""Read archives: our own by step and offset, those of other tools page by page."""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import unquote

from pydantic import ValidationError
from warcio.archiveiterator import WARCIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from repwatch.errors import UnreadableError
from repwatch.models import Door, Page, Refused
from repwatch.refusals import ERASED as WAS_ERASED
from repwatch.wording import N_, _

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

WATCH, STEP, DOOR = "X-Repwatch-Watch", "X-Repwatch-Step", "X-Repwatch-Door"
#: The address that was asked for (a page's own may be another, after a redirect), and when it was fetched.
REQUEST, FETCHED = "X-Repwatch-Request", "X-Repwatch-Fetched"
#: A page's own address where a record cannot name it as it is.
PAGE = "X-Repwatch-Page"
#: A page unchanged since an earlier run, and the offset of the body it stands for.
UNCHANGED, BODY_AT = "X-Repwatch-Unchanged", "X-Repwatch-Body-At"
INFO = "X-Repwatch-Info"
#: When the body of a record was erased on request.
ERASED = "X-Repwatch-Erased"
#: The prefix that other WARC tools too give to headers that no longer fit the stored body.
ORIGINAL = "x-archive-orig-"

_BLOCK = 1 << 16
_GZIP = zlib.MAX_WBITS | 16

#: Bodies come decoded, so these no longer hold; cookies are not kept from anywhere.
_UNTRUE = {"content-encoding", "content-length", "transfer-encoding", "set-cookie", "set-cookie2"}
#: What a torn or foreign file may raise; a record without an address breaks warcio with AttributeError.
_BROKEN = (ArchiveLoadFailed, AttributeError)

Step = tuple[Page | Refused, str]


class ArchivedSteps(Mapping[tuple[str, int], Step]):
    """The steps of an archive, by watch key and number. Bodies stay in the file until they are asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.offsets: dict[tuple[str, int], int] = {}

    def __getitem__(self, key: tuple[str, int]) -> Step:
        """Return the page or refusal of a step, with the address that was asked for."""
        record = _record_at(self._path, self.offsets[key])
        url = record.rec_headers.get_header(REQUEST) or ""
        if record.rec_type == "metadata":
            return _refused(record, self._path), url
        if when := _erased(record, self._path):
            return Refused(reason=WAS_ERASED, detail=when), url
        return _page(record, self._path), url

    def __iter__(self) -> Iterator[tuple[str, int]]:
        """Go through the keys in the order of the file."""
        return iter(self.offsets)

    def __len__(self) -> int:
        """Count the steps."""
        return len(self.offsets)


@dataclass(frozen=True)
class Archive:
    """One run's archive: what the run knew, its steps, and how many bytes at the end were torn off and are lost."""

    info: dict[str, Any]
    steps: Mapping[tuple[str, int], Step]
    torn: int = 0


def read_archive(path: Path) -> Archive:
    """Read an archive that repwatch wrote, finished or not. Every whole record counts; a torn tail is measured."""
    steps, info, whole = ArchivedSteps(path), {}, 0
    with _opened(path) as file:
        for offset, end, member in _members(file):
            record = _parse(member)
            whole = end
            if record is None:
                continue
            if record.rec_type == "warcinfo" and record.rec_headers.get_header(INFO):
                info = json.loads(record.content_stream().read())
            elif (key := _key(record)) and record.rec_type != "request":
                steps.offsets[key] = offset
    if not whole:
        raise UnreadableError(_("no whole record in this archive"), where=str(path))
    return Archive(info, steps, path.stat().st_size - whole)


def whole_members(path: Path) -> Iterator[tuple[int, int, ArcWarcRecord | None]]:
    """Yield start, end and record of each whole member of an archive; no record where a member holds none."""
    with _opened(path) as file:
        for start, end, member in _members(file):
            yield start, end, _parse(member)


def page_of(record: ArcWarcRecord) -> Page:
    """Return the page of a record as it stands, without the body that it may stand for."""
    return _as_page(record, record.raw_stream.read())


def _erased(record: ArcWarcRecord, path: Path) -> str | None:
    body_at = record.rec_headers.get_header(BODY_AT)
    when = record.rec_headers.get_header(ERASED)
    return when or (_record_at(path, int(body_at)).rec_headers.get_header(ERASED) if body_at else None)


def load_body(path: Path, offset: int) -> bytes:
    """Return the body of the page stored at `offset`; of an unchanged page the body it stands for."""
    return _page(_record_at(path, offset), path).body


def pages(path: Path) -> Iterator[Page]:
    """Yield the pages of any WARC file, compressed or not, up to where it breaks off."""
    return (each for each in pages_and_faults(path) if isinstance(each, Page))


def pages_and_faults(path: Path) -> Iterator[Page | str]:
    """Yield the pages of any WARC file, and in its place a sentence for what cannot be read.

    A revisit record repeats a page; where that stands in this file it is read there. Raises UnreadableError for no WARC.
    """
    found = False
    bodies: set[str | None] = set()
    with _unzipped(path) as file:
        try:
            for record in WARCIterator(file):
                found = True
                headers = record.rec_headers
                if record.rec_type == "response" and record.http_headers:
                    bodies.add(headers.get_header("WARC-Payload-Digest"))
                    yield _foreign_page(record) or N_("the file breaks off in the middle of a page")
                elif record.rec_type == "revisit" and not headers.get_header(UNCHANGED) and headers.get_header("WARC-Payload-Digest") not in bodies:
                    yield N_("a page is only referred to: what it held stands in another file")
        except _BROKEN:
            if found:
                yield N_("the file breaks off here")
    if not found:
        raise UnreadableError(_("this is no WARC file"), where=str(path))


def _foreign_page(record: ArcWarcRecord) -> Page | None:
    """Read a response record, or nothing where it was cut off: half a page is not a page."""
    body = record.content_stream().read()
    rest = record.raw_stream
    while rest.read(_BLOCK):
        pass  # a chunked body may leave its trailer behind
    if getattr(rest, "limit", 0) > 0:
        return None
    return _as_page(record, body)


def _as_page(record: ArcWarcRecord, body: bytes) -> Page:
    headers: dict[str, str] = {}
    door: Door = record.rec_headers.get_header(DOOR) or "saved"
    for name, value in record.http_headers.headers:
        if name.lower() in _UNTRUE:
            continue
        plain = name.lower().removeprefix(ORIGINAL)
        headers[plain] = f"{headers[plain]}, {value}" if plain in headers else value
    fetched = record.rec_headers.get_header(FETCHED) or record.rec_headers.get_header("WARC-Date") or ""
    status = record.http_headers.get_statuscode()
    own_url = record.rec_headers.get_header(PAGE)
    return Page(
        url=unquote(own_url) if own_url is not None else record.rec_headers.get_header("WARC-Target-URI"),
        status=int(status) if status.isdecimal() else 200,
        headers=headers,
        body=body,
        fetched_at="" if fetched == "-" else fetched,
        door=door,
        unchanged=bool(record.rec_headers.get_header(UNCHANGED)),
    )


def _page(record: ArcWarcRecord, path: Path) -> Page:
    if record.http_headers is None:
        raise UnreadableError(_("there is no page at this place"), where=str(path))
    body_at = record.rec_headers.get_header(BODY_AT)
    source = _record_at(path, int(body_at)) if body_at else record
    return _as_page(record, source.raw_stream.read())


def _refused(record: ArcWarcRecord, path: Path) -> Refused:
    try:
        return Refused.model_validate_json(record.raw_stream.read())
    except ValidationError as error:
        raise UnreadableError(_("a refusal in this archive cannot be read"), where=str(path)) from error


def _key(record: ArcWarcRecord) -> tuple[str, int] | None:
    watch, step = record.rec_headers.get_header(WATCH), record.rec_headers.get_header(STEP)
    return (unquote(watch), int(step)) if watch is not None and step is not None else None


def _record_at(path: Path, offset: int) -> ArcWarcRecord:
    with _opened(path) as file:
        file.seek(offset)
        for _start, _end, member in _members(file):
            if record := _parse(member):
                return record
            break
    raise UnreadableError(_("there is no record at this place"), where=str(path))


def _members(file: BinaryIO) -> Iterator[tuple[int, int, bytes]]:
    """Yield start, end and content of each whole gzip member, its checksum verified, up to where the file breaks."""
    rest, read_to = b"", file.tell()
    while True:
        start, parts, unzip = read_to - len(rest), [], zlib.decompressobj(_GZIP)
        while not unzip.eof:
            if not rest:
                rest = file.read(_BLOCK)
                read_to += len(rest)
            if not rest:
                return
            try:
                parts.append(unzip.decompress(rest))
            except zlib.error:
                return
            rest = unzip.unused_data
        yield start, read_to - len(rest), b"".join(parts)


def _parse(member: bytes) -> ArcWarcRecord | None:
    try:
        return next(iter(WARCIterator(BytesIO(member))))
    except (ArchiveLoadFailed, StopIteration):
        return None


def _unzipped(path: Path) -> BinaryIO:
    """Open a file, unzipped where it is zipped: record by record or, as some tools do, all in one."""
    file = _opened(path)
    zipped = file.read(2) == b"\x1f\x8b"
    file.seek(0)
    return io.BufferedReader(_Unzipped(file)) if zipped else file


class _Unzipped(io.RawIOBase):
    """Unzip a file up to where it breaks. (The gzip module raises there, and withholds what came just before.)"""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._parts, self._ready = file, _inflate(file), b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        while not self._ready:
            part = next(self._parts, None)
            if part is None:
                return 0
            self._ready = part
        size = min(len(view), len(self._ready))
        view[:size], self._ready = self._ready[:size], self._ready[size:]
        return size

    def close(self) -> None:
        self._file.close()
        super().close()


def _inflate(file: BinaryIO) -> Iterator[bytes]:
    unzip = zlib.decompressobj(_GZIP)
    while chunk := file.read(_BLOCK):
        while chunk:
            try:
                yield unzip.decompress(chunk)
            except zlib.error:
                return
            chunk = unzip.unused_data
            if unzip.eof:
                unzip = zlib.decompressobj(_GZIP)


def opened(path: Path) -> BinaryIO:
    """Open an archive as it is on the disk."""
    return _opened(path)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise UnreadableError(_("cannot be opened: {why}", why=error.strerror), where=str(path)) from error
