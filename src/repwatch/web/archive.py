"""Keep every page of a run in one WARC file, written through before anybody reads it.

Each record is a gzip member of its own, so that a page is found by its offset and a torn tail costs one record. Our own
members of a record are headers named X-Repwatch-*; any WARC tool reads the rest.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from repwatch.errors import StoreError
from repwatch.models import Page, Refused, Request
from repwatch.web.records import (
    BODY_AT,
    DOOR,
    FETCHED,
    INFO,
    ORIGINAL,
    PAGE,
    REQUEST,
    STEP,
    UNCHANGED,
    WATCH,
    Archive,
    ArchivedSteps,
    load_body,
    pages,
    pages_and_faults,
    read_archive,
)
from repwatch.web.redact import redact, redact_bytes, redact_headers, secrets_of
from repwatch.wording import _

__all__ = ["Archive", "ArchiveWriter", "ArchivedSteps", "load_body", "pages", "pages_and_faults", "read_archive"]

#: The body is stored decoded and whole; a reader of the WARC must not decode it again.
_RENAMED = ("content-encoding", "content-length", "transfer-encoding")
#: A watch's key stays readable: only what a header line cannot hold is quoted.
_PLAIN = "|:/?&=,;@+!$'()*~#[]"
#: A saved page may know no address of its own, and a WARC record of a page must have one.
_NOWHERE = "https://saved.invalid/"
_PROFILE = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


class ArchiveWriter:
    """Write one run's archive as `NAME.warc.gz.part`, readable by its owner only, and rename it on `close`."""

    def __init__(self, path: Path, *, info: Mapping[str, Any]) -> None:
        self.path, self.part = path, path.with_name(f"{path.name}.part")
        if path.exists():
            raise StoreError(_("an archive of this name exists already"), where=str(path))
        try:
            handle = os.open(self.part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise StoreError(
                _("the archive cannot be written: {why}", why=error.strerror), where=str(self.part)
            ) from error
        self._file = io.FileIO(handle, "wb")
        self._buffer = BytesIO()
        self._writer = WARCWriter(self._buffer, gzip=True, warc_version="1.1")
        self._put(self._info_record(info))

    def page(self, watch: str, step: int, request: Request, page: Page, *, body: bytes | None = None) -> int:
        """Store a page and return its offset, by which `load_body` finds it. `body` is what a 304 stands for.

        It is on the disk when this returns.
        """
        secrets = secrets_of(request.url, request.headers)
        headers = self._step_headers(watch, step, request)
        headers |= {DOOR: page.door, FETCHED: page.fetched_at or "-"}
        if page.fetched_at.endswith("Z") and "T" in page.fetched_at:
            headers["WARC-Date"] = page.fetched_at
        records = []
        if body is None and page.unchanged and page.body:
            body = page.body
        if page.unchanged:
            headers |= {UNCHANGED: "1", "WARC-Profile": _PROFILE}
            if body is not None:
                headers[BODY_AT] = str(self._file.tell())
                records.append(self._stored_body(page, redact_bytes(body, secrets)))
        kind = "revisit" if page.unchanged else "response"
        records.append(self._response(kind, page, redact_bytes(page.body, secrets), headers))
        at = self._put(*records, self._request(request, headers))
        return at[len(records) - 1]

    def refused(self, watch: str, step: int, request: Request, refused: Refused) -> int:
        """Store an outcome that left no page, and return its offset."""
        headers = self._step_headers(watch, step, request)
        clean = refused.model_copy(update={"detail": redact(refused.detail)})
        return self._put(
            self._json_record("metadata", redact(request.url), clean.model_dump_json(), headers)
        )[0]

    def close(self) -> None:
        """End the archive and give it its name."""
        if not self._file.closed:
            self._file.close()
            self.part.replace(self.path)

    def discard(self) -> None:
        """Remove the archive unfinished."""
        self._file.close()
        self.part.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _put(self, *records: ArcWarcRecord) -> list[int]:
        """Write records through to the disk; on failure leave the file as it was before."""
        start, offsets = self._file.tell(), []
        self._buffer.seek(0)
        self._buffer.truncate()
        for record in records:
            offsets.append(start + self._buffer.tell())
            self._writer.write_record(record)
        try:
            self._write_through(self._buffer.getbuffer())
        except OSError as error:
            self._file.truncate(start)
            self._file.seek(start)
            raise StoreError(
                _("the archive cannot be written: {why}", why=error.strerror), where=str(self.part)
            ) from error
        return offsets

    def _write_through(self, data: memoryview) -> None:
        with data:
            done = 0
            while done < len(data):
                done += self._file.write(data[done:])
        os.fsync(self._file.fileno())

    def _step_headers(self, watch: str, step: int, request: Request) -> dict[str, str]:
        return {
            WATCH: quote(redact(watch), safe=_PLAIN),
            STEP: str(step),
            REQUEST: _one_line(redact(request.url)),
        }

    def _info_record(self, info: Mapping[str, Any]) -> ArcWarcRecord:
        text = redact(json.dumps(dict(info), ensure_ascii=False, sort_keys=True))
        return self._json_record("warcinfo", "", text, {INFO: "1"})

    def _json_record(self, kind: str, url: str, text: str, headers: dict[str, str]) -> ArcWarcRecord:
        payload = text.encode()
        return self._writer.create_warc_record(
            _one_line(url),
            kind,
            payload=BytesIO(payload),
            length=len(payload),
            warc_content_type="application/json",
            warc_headers_dict=headers,
        )

    def _response(self, kind: str, page: Page, body: bytes, headers: dict[str, str]) -> ArcWarcRecord:
        kept = redact_headers(page.headers)
        lines = [(f"{ORIGINAL}{name}" if name in _RENAMED else name, value) for name, value in kept.items()]
        url = redact(page.url)
        target = _target(url)
        if target != url:
            headers = {**headers, PAGE: quote(url, safe=_PLAIN)}
        return self._writer.create_warc_record(
            target,
            kind,
            payload=BytesIO(body),
            length=len(body),
            http_headers=_Utf8Headers(f"{page.status} -", lines, protocol="HTTP/1.1"),
            warc_headers_dict=headers,
        )

    def _stored_body(self, page: Page, body: bytes) -> ArcWarcRecord:
        """Keep the body that a 304 stands for, as a record of its own that belongs to no step."""
        whole = page._replace(status=200, headers={})
        return self._response("response", whole, body, {DOOR: page.door, FETCHED: page.fetched_at or "-"})

    def _request(self, request: Request, headers: Mapping[str, str]) -> ArcWarcRecord:
        """Keep what was asked, without secrets. A body stays out: it may hold a password in any shape."""
        target = _target(redact(request.url))
        kept = list(redact_headers(request.headers).items())
        dated = {name: headers[name] for name in ("WARC-Date", WATCH, STEP) if name in headers}
        return self._writer.create_warc_record(
            target,
            "request",
            payload=BytesIO(b""),
            length=0,
            http_headers=_Utf8Headers(f"{target} HTTP/1.1", kept, protocol=request.method),
            warc_headers_dict=dated,
        )


class _Utf8Headers(StatusAndHeaders):  # type: ignore[misc] # warcio has no types
    """HTTP headers that stay as they were: warcio would percent-encode what is not ASCII."""

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        self.headers_buff = self.to_bytes(header_filter)


def _target(url: str) -> str:
    """Return what a record names as its address: always one of the web, on one line."""
    return _one_line(url) if url.startswith(("http:", "https:")) else _NOWHERE


def _one_line(url: str) -> str:
    return quote(url, safe="".join(chr(code) for code in range(33, 127)))
