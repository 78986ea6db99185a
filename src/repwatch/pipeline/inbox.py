"""The inbox folder: read its files, keep them in the archive, and read them back from there as they were then."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from pydantic import TypeAdapter

from repwatch.inlets.saved import SIDECAR
from repwatch.models import Outcome, Page, Refused, Request
from repwatch.pipeline.collecting import Archive
from repwatch.pipeline.importing import FileResult, worth_reading
from repwatch.pipeline.reading import FileRead, PageRead, read_file, read_page

INBOX = "inbox"
#: A record that holds a piece of a file whose lines stream, and one that holds what was said of a part without a page.
_PIECE, _TOLD = "application/x-repwatch-piece", "application/x-repwatch-outcomes"
_MAPPING = "x-repwatch-mapping"
_PIECE_BYTES = 4_000_000
_OUTCOMES: TypeAdapter[Any] = TypeAdapter(tuple[Outcome, ...])


def open_inbox(folder: Path) -> Iterator[FileRead]:
    """Read the files of the inbox, by name; what could be read leaves the folder once it is stored."""
    if not folder.is_dir():
        return
    for path in worth_reading(sorted(path for path in folder.iterdir() if not path.name.startswith("."))):
        if not path.is_dir():
            yield read_file(path)._replace(after=_remover(path))


def _remover(path: Path) -> Callable[[FileResult], None]:
    def remove(result: FileResult) -> None:
        if result.state in ("read", "partly"):
            path.unlink()
            path.with_suffix(SIDECAR).unlink(missing_ok=True)
            mapping_beside(path).unlink(missing_ok=True)

    return remove


def mapping_beside(path: Path) -> Path:
    return path.with_name(f"{path.stem}.mapping.toml")


def keep(file: FileRead, archive: Archive) -> FileRead:
    """Return the file with everything in it archived on its way: each page as it is, a table or export piece by piece."""
    if archive.path == Path("nowhere"):
        return file
    if file.lines is not None:
        _keep_pieces(file.path, archive)
        return file
    return file._replace(parts=_keeping(file, archive))


def _keep_pieces(path: Path, archive: Archive) -> None:
    beside = mapping_beside(path)
    headers = {"content-type": _PIECE} | ({_MAPPING: quote(beside.read_bytes())} if beside.is_file() else {})
    with path.open("rb") as file:
        for step, piece in enumerate(iter(lambda: file.read(_PIECE_BYTES), b"")):
            _archive(archive, path, step, Page(url="", headers=headers, body=piece, door="inbox"))


def _keeping(file: FileRead, archive: Archive) -> Iterator[PageRead]:
    for step, read in enumerate(file.pages()):
        _archive(archive, file.path, step, read.page or _told(read))
        yield read


def _archive(archive: Archive, path: Path, step: int, page: Page) -> None:
    archive.page(f"{INBOX}|{path.name}", step, Request(url=page.url or f"file:{path.name}"), page)


def _told(read: PageRead) -> Page:
    """Return a part that left no page as a record of what was said of it."""
    said = {"source": read.source, "state": read.state, "reason": read.reason, "outcomes": [each.model_dump(mode="json") for each in read.outcomes]}
    return Page(url="", headers={"content-type": _TOLD}, body=json.dumps(said).encode(), door="inbox")


def archived_inbox(steps: Mapping[tuple[str, int], Any]) -> Iterator[FileRead]:
    """Return the files of the inbox of an archived check, as they were read then."""
    keys = sorted(key for key in steps if key[0].startswith(f"{INBOX}|"))
    for watch, group in groupby(keys, key=lambda key: key[0]):
        path = Path(watch.removeprefix(f"{INBOX}|"))
        numbers = [step for _watch, step in group]
        first = steps[watch, numbers[0]][0]
        if isinstance(first, Page) and first.headers.get("content-type") == _PIECE:
            yield from _from_pieces(path, first, (steps[watch, step][0].body for step in numbers))
        else:
            pages = (_read_back(steps[watch, step][0]) for step in numbers)
            yield FileRead(path, PageRead(None, None, (), "read"), parts=pages)


def _from_pieces(path: Path, first: Page, bodies: Iterator[bytes]) -> Iterator[FileRead]:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        with copy.open("wb") as file:
            file.writelines(bodies)
        if told := first.headers.get(_MAPPING):
            mapping_beside(copy).write_text(unquote(told), "utf-8")
        yield read_file(copy)._replace(path=path)


def _read_back(page: Page | Refused) -> PageRead:
    if isinstance(page, Refused):
        return PageRead(page.source, None, (page,), "refused", page.reason)
    if page.headers.get("content-type") != _TOLD:
        return read_page(page)
    said = json.loads(page.body)
    return PageRead(said["source"], None, _OUTCOMES.validate_python(said["outcomes"]), said["state"], said["reason"])
