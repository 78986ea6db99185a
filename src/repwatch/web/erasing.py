"""Take bodies out of an archive: the record stays with its headers and says when its body went; all else is as it was."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from repwatch.models import Page
from repwatch.web.records import BODY_AT, ERASED, opened, page_of, whole_members

#: What is true of a record only with its body.
_OF_THE_BODY = frozenset({"content-length", "warc-payload-digest", "warc-block-digest"})


class Erased(NamedTuple):
    """What became of an archive: bodies taken out, the new place of every record by its old one, the file's new SHA-256."""

    records: int
    moved: dict[int, int]
    sha256: str


def erase(path: Path, wanted: Callable[[Page], bool], at: str) -> Erased | None:
    """Write the archive anew without the bodies of the pages that `wanted` accepts; None where it accepts none.

    A place that `moved` does not hold is one whose body went. The file keeps its mode and its time.
    """
    gone = _places(path, wanted)
    if not gone:
        return None
    moved: dict[int, int] = {}
    part, told = path.with_name(f"{path.name}.erasing"), path.stat()
    with opened(path) as old, os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as new:
        for start, end, record in whole_members(path):
            old.seek(start)
            raw = old.read(end - start)
            place = new.tell()
            body_at = record.rec_headers.get_header(BODY_AT) if record is not None else None
            if record is None:
                new.write(raw)
            elif start in gone:
                new.write(_written(record, {ERASED: at}, b""))
            elif body_at and moved.get(int(body_at)) != int(body_at):
                # A page that stands for a body elsewhere in the file: follow the body, or say that it went.
                change = {BODY_AT: str(moved[int(body_at)])} if int(body_at) in moved else {ERASED: at}
                new.write(_written(record, change, record.raw_stream.read()))
            else:
                new.write(raw)
            if start not in gone and not (body_at and int(body_at) not in moved):
                moved[start] = place
        new.flush()
        os.fsync(new.fileno())
    digest = hashlib.sha256(part.read_bytes()).hexdigest()
    part.replace(path)
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))
    return Erased(len(gone), moved, digest)


def _places(path: Path, wanted: Callable[[Page], bool]) -> set[int]:
    found = set()
    for start, _end, record in whole_members(path):
        if record is not None and record.http_headers is not None and record.rec_type in ("response", "revisit") and not record.rec_headers.get_header(ERASED):
            page = page_of(record)
            if page.body and wanted(page):
                found.add(start)
    return found


def _written(record: ArcWarcRecord, changes: dict[str, str], body: bytes) -> bytes:
    kept = [(name, value) for name, value in record.rec_headers.headers if name.lower() not in _OF_THE_BODY and name not in changes]
    headers = StatusAndHeaders("", [*kept, *changes.items()], protocol="WARC/1.1")
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version="1.1")
    http = _AsTheyWere(record.http_headers.statusline, record.http_headers.headers, protocol=record.http_headers.protocol)
    new = writer.create_warc_record("", record.rec_type, payload=BytesIO(body), length=len(body), warc_headers=headers, http_headers=http)
    writer.write_record(new)
    return buffer.getvalue()


class _AsTheyWere(StatusAndHeaders):  # type: ignore[misc] # warcio has no types
    """HTTP headers that stay as they were: warcio would percent-encode what is not ASCII."""

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        self.headers_buff = self.to_bytes(header_filter)
