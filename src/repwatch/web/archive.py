"""Keep what sites sent, one WARC a run: written before anything is parsed, secrets left out, readable by any WARC tool.

Written as `NAME.part` and renamed when the run ends; every record is a gzip member of its own, so that a torn
file loses its last record only.
"""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from repwatch.errors import UnreadableError
from repwatch.models import Page, Refused, Request

_SECRET_HEADERS = frozenset({"authorization", "cookie", "set-cookie", "proxy-authorization", "apikey", "x-api-key"})
_SECRET_PARTS = re.compile(r"([?&](?:[\w\-]*(?:key|token|secret|passw(?:or)?d|sig(?:nature)?|auth|session))=)[^&#]*", re.IGNORECASE)
_ALERTS_FEED = re.compile(r"(google\.\w+/alerts/feeds/)\d+/\d+")
_KIND = "application/vnd.repwatch+json"
_REASONS = {200: "OK", 304: "Not Modified", 403: "Forbidden", 404: "Not Found", 429: "Too Many Requests"}
Answer = Page | Refused


class Archive(NamedTuple):
    """An archive that was read: what the run knew, and its answers by (watch, step). `torn` counts bytes that were lost."""

    info: dict[str, Any]
    steps: dict[tuple[str, int], tuple[Answer, str]]
    torn: int = 0


def without_secrets(url: str) -> str:
    """Return `url` with the values of keys, tokens and passwords, and a secret feed address, taken out."""
    parts = urlsplit(url)
    if parts.password or parts.username:
        url = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return _ALERTS_FEED.sub(r"\1REDACTED", _SECRET_PARTS.sub(r"\1REDACTED", url))


class ArchiveWriter:
    """Write the archive of one run at `path`, readable by its owner alone."""

    def __init__(self, path: Path, *, info: Mapping[str, Any]) -> None:
        self.path, self._part = path, path.with_name(path.name + ".part")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = os.fdopen(os.open(self._part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b")
        self._writer = WARCWriter(self._file, gzip=True)
        self._write(self._writer.create_warc_record("urn:repwatch:run", "warcinfo", payload=_json(info), warc_content_type=_KIND))

    @property
    def name(self) -> str:
        """Return the file's name, by which the store finds it again."""
        return self.path.name

    def page(self, watch: str, step: int, request: Request, page: Page) -> int:
        """Keep a page with its place in the walk; it is on disk when this returns its offset.

        An unchanged page is a revisit record that holds the body it stands for, so that a replay needs no older file.
        """
        headers = [(name, value) for name, value in page.headers.items() if name not in _SECRET_HEADERS and name not in ("content-length", "content-encoding")]
        headers.append(("content-length", str(len(page.body))))
        status = StatusAndHeaders(f"{page.status} {_REASONS.get(page.status, 'Answer')}", headers, protocol="HTTP/1.1")
        told = {"watch": watch, "step": step, "door": page.door, "method": request.method, "status": page.status, "unchanged": page.unchanged, "fetched_at": page.fetched_at}
        fields = {"X-Repwatch": json.dumps(told), "WARC-Date": _date(page.fetched_at)}
        if page.unchanged:
            fields["X-Repwatch-Revisit"] = "server-not-modified"
        record = self._writer.create_warc_record(without_secrets(page.url) or "urn:repwatch:unknown", "response", payload=io.BytesIO(page.body), http_headers=status, warc_headers_dict=fields)
        return self._write(record)

    def refused(self, watch: str, step: int, request: Request, refused: Refused) -> None:
        """Keep an outcome that has no response: DNS, TLS, robots.txt, a refusal."""
        told = {"watch": watch, "step": step, "refused": refused.model_dump(mode="json")}
        self._write(self._writer.create_warc_record(without_secrets(request.url), "metadata", payload=_json(told), warc_content_type=_KIND))

    def close(self) -> None:
        """End the archive and give it its name."""
        if not self._file.closed:
            self._file.close()
            self._part.replace(self.path)

    def discard(self) -> None:
        """Throw the archive away."""
        self._file.close()
        self._part.unlink(missing_ok=True)

    def _write(self, record: ArcWarcRecord) -> int:
        offset = self._file.tell()
        self._writer.write_record(record)
        self._file.flush()
        os.fsync(self._file.fileno())
        return offset


def read_archive(path: Path) -> Archive:
    """Read an archive of a run; a torn tail costs only what was torn. Raises UnreadableError for what is no archive."""
    info: dict[str, Any] = {}
    steps: dict[tuple[str, int], tuple[Answer, str]] = {}
    whole = 0
    for record, end in _records(path):
        whole = end
        if record.rec_type == "warcinfo":
            info = info or _loads(record.content_stream().read())
        elif record.rec_type == "metadata":
            told = _loads(record.content_stream().read())
            if "refused" in told:
                steps[told["watch"], told["step"]] = (Refused.model_validate(told["refused"]), record.rec_headers.get_header("WARC-Target-URI"))
        elif (note := record.rec_headers.get_header("X-Repwatch")) is not None:
            told = json.loads(note)
            page = _page(record, told)
            steps[told["watch"], told["step"]] = (page, page.url)
    return Archive(info, steps, path.stat().st_size - whole)


def pages(path: Path) -> Iterator[Page]:
    """Yield the responses of any WARC file, ours or another tool's, as pages."""
    for record, _ in _records(path):
        if record.rec_type == "response":
            yield _page(record, {})


def load_body(path: Path, offset: int) -> bytes:
    """Return the body of the record that stands at `offset`."""
    with path.open("rb") as file:
        file.seek(offset)
        record = next(iter(ArchiveIterator(file)))
        return bytes(record.content_stream().read())


def _records(path: Path) -> Iterator[tuple[ArcWarcRecord, int]]:
    """Yield each whole record with the offset at which it ends."""
    with path.open("rb") as file:
        archive = ArchiveIterator(file)
        count = 0
        try:
            for record in archive:
                kept = record.content_stream().read()
                record.raw_stream = io.BytesIO(kept)
                record.length = len(kept)
                record.content_stream = _stream_of(kept)
                archive.read_to_end(record)
                count += 1
                yield record, archive.member_info[0] + archive.member_info[1] if archive.member_info else file.tell()
        except (ArchiveLoadFailed, EOFError, OSError, ValueError) as error:
            if not count:
                raise UnreadableError("this is no WARC archive", where=str(path), hint="Archives end in .warc or .warc.gz.") from error


def _stream_of(kept: bytes) -> Any:
    return lambda: io.BytesIO(kept)


def _page(record: ArcWarcRecord, told: Mapping[str, Any]) -> Page:
    http = record.http_headers
    headers = {name.lower(): value for name, value in http.headers} if http else {}
    status = int(http.get_statuscode()) if http and str(http.get_statuscode()).isdigit() else 200
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    return Page(url="" if url.startswith("urn:") else url, status=told.get("status", status), headers=headers, body=record.content_stream().read(),
                fetched_at=str(told["fetched_at"] if told else record.rec_headers.get_header("WARC-Date") or ""), door=told.get("door", "saved"),
                unchanged=bool(told.get("unchanged")))  # fmt: skip


def _json(value: Mapping[str, Any]) -> io.BytesIO:
    return io.BytesIO(json.dumps(value, ensure_ascii=False, sort_keys=True).encode())


def _loads(text: bytes) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _date(instant: str) -> str:
    try:
        return datetime.fromisoformat(instant).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
