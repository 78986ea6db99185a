"""Open ZIP files without being flooded: how much unpacks is counted, names are labels only, nothing is written to disk."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO, NamedTuple

from repwatch.errors import UnreadableError
from repwatch.inlets.saved import SIDECAR
from repwatch.models import Problem
from repwatch.wording import N_

MAX_FILES = 2_000
MAX_BYTES = 64_000_000
MAX_TOTAL = 256_000_000
#: Text packs 5 to 1, a page full of repeated state 30 to 1; a bomb 1,000 to 1.
MAX_RATIO = 200
_SMALL = 1_000_000
#: What the browser puts beside a page that it saves whole, and what systems leave in archives.
_ASSETS = ("css", "js", "mjs", "map", "png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "ico", "woff", "woff2", "ttf", "eot", "mp4", "download", "txt", "md")
_ASSET_FOLDERS = ("_files", "_bestanden", "_fichiers", "-Dateien", "-dateien", "__MACOSX")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, KeyError)


class Member(NamedTuple):
    """One file out of a ZIP, with the `NAME.http.json` that stands beside it there."""

    name: str
    body: bytes
    beside: bytes | None = None


def names(file: BinaryIO) -> list[str]:
    """Return the names in a ZIP; none for what cannot be opened."""
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.namelist()
    except _BROKEN:
        return []


def look_inside(file: BinaryIO) -> None:
    """Raise UnreadableError for a workbook that is broken, or that unpacks to more than is allowed.

    It is read row by row, and many like rows pack well: how well says nothing.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            _judge(archive.infolist(), ratio=False)
    except _BROKEN as error:
        raise UnreadableError(N_("the ZIP file is damaged or cut off"), hint=N_("Copy or download it once more.")) from error


def read(file: BinaryIO) -> Iterator[Member | Problem]:
    """Yield the files in a ZIP by name, but for pictures, styles and folders of a saved page; a bad one is a Problem.

    Raises UnreadableError for a ZIP that cannot be opened, or that holds too much.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            infos = archive.infolist()
            _judge(infos)
            every = {info.filename: info for info in infos}
            for info in sorted(infos, key=lambda info: info.filename):
                path = PurePosixPath(info.filename)
                beside = every.get(str(path.with_suffix(SIDECAR))) if path.suffix else None
                if beside or _is_wanted(info.filename):
                    yield _member(archive, info, beside)
    except _BROKEN as error:
        raise UnreadableError(N_("the ZIP file is damaged or cut off"), hint=N_("Copy or download it once more.")) from error


def label(name: str) -> str:
    """Return a name that is safe to show and to keep: without folders, drives and control characters."""
    plain = "".join(char for char in name.replace("\\", "/") if char.isprintable())
    return PurePosixPath(plain).name[:120] or "unnamed"


def _judge(infos: list[zipfile.ZipInfo], *, ratio: bool = True) -> None:
    if len(infos) > MAX_FILES:
        raise UnreadableError(N_("the ZIP file holds {n} files; the limit is {limit}", n=len(infos), limit=MAX_FILES), hint=N_("Pack only the pages and tables."))
    total = sum(info.file_size for info in infos)
    if total > MAX_TOTAL:
        raise UnreadableError(N_("the ZIP file unpacks to {size} MB; the limit is {limit} MB", size=total // 1_000_000, limit=MAX_TOTAL // 1_000_000), hint=N_("Split it."))
    for info in infos:
        if ratio and info.file_size > _SMALL and info.file_size > MAX_RATIO * max(info.compress_size, 1):
            raise UnreadableError(N_("the ZIP file unpacks to far more than it holds, as those do that are made to flood a disk"), hint=N_("Do not open it; ask who sent it."))


def _is_wanted(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    ending = path.suffix.lower().lstrip(".")
    hidden = path.name.startswith(".") or any(part.endswith(_ASSET_FOLDERS) for part in path.parts[:-1])
    return not (name.endswith("/") or hidden or ending in _ASSETS)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, beside: zipfile.ZipInfo | None) -> Member | Problem:
    name = label(info.filename)
    if info.flag_bits & 1:
        return Problem(reason="unreadable", detail=N_("{file}: it is locked with a password; unpack it first", file=name))
    try:
        with archive.open(info) as file:
            body = file.read(MAX_BYTES + 1)
        told = archive.read(beside) if beside and not info.filename.endswith(SIDECAR) else None
    except _BROKEN:
        return Problem(reason="unreadable", detail=N_("{file}: it is damaged in the ZIP file", file=name))
    if len(body) > MAX_BYTES:
        return Problem(reason="unreadable", detail=N_("{file}: it is larger than {limit} MB", file=name, limit=MAX_BYTES // 1_000_000))
    return Member(name, body, told)
