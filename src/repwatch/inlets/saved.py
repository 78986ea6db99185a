"""Read a saved page or payload: its bytes, its address, its status."""

from __future__ import annotations

import atexit
import codecs
import html
import json
import re
import shutil
import stat
import tempfile
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import AliasChoices, AliasPath, Field, ValidationError
from pydantic_core import from_json

from repwatch.errors import UnreadableError
from repwatch.models import Page, Value
from repwatch.wording import N_

MAX_BYTES = 64_000_000
#: What a file is called that tells of another one beside it: `NAME.http.json` of `NAME.json`.
SIDECAR = ".http.json"
_TOO_LARGE, _NOT_OPENED, _ODD_SIDECAR = N_("the file is too large"), N_("the file cannot be opened"), N_("it holds no url, status and headers")
_HEAD = 400_000
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)(\S+?)\s*-->")
_CANONICAL = re.compile(rb"<link\b(?=[^>]{0,400}\brel\s*=\s*['\"]?canonical)[^>]{0,400}\bhref\s*=\s*['\"]?([^'\"\s>]+)", re.IGNORECASE)
_OG_URL = re.compile(rb"<meta\b(?=[^>]{0,400}\bproperty\s*=\s*['\"]og:url)[^>]{0,400}\bcontent\s*=\s*['\"]([^'\"]+)", re.IGNORECASE)
_HTML, _HTML_END, _HTML_WITHIN = re.compile(rb"<html\b", re.IGNORECASE), re.compile(rb"</html\b", re.IGNORECASE), 4096
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*['\"]?([\w\-]+)", re.IGNORECASE)


class Sidecar(Value, extra="ignore"):
    """What `NAME.http.json` tells of `NAME.json`: where it came from and with which status."""

    url: str = Field(default="", validation_alias=AliasChoices("url", AliasPath("request", "url")))
    status: int = 200
    headers: dict[str, str | list[str]] = {}  # noqa: RUF012 — pydantic copies defaults
    recorded_at: str | None = None


def read_page(path: Path, url: str | None = None) -> Page:
    """Return the page that `path` holds; `url` wins over what the file or its sidecar says.

    Raises UnreadableError for a folder, a missing, forbidden or huge file. Text in UTF-16 or a declared legacy
    charset comes back as UTF-8.
    """
    body = read_bytes(path)
    beside = path.with_suffix(SIDECAR)
    told = beside != path and stands(beside)
    try:
        return page_of(body, beside.read_bytes() if told else None, url)
    except UnreadableError as error:
        error.where = str(beside)
        raise
    except OSError as error:
        raise UnreadableError(_NOT_OPENED + f" ({error.strerror})", where=str(beside), hint=N_("Check who may read it.")) from error


def page_of(body: bytes, beside: bytes | None, url: str | None = None) -> Page:
    """Return the page that `body` is, with what the sidecar `beside` it tells. Raises UnreadableError for a sidecar that tells nothing."""
    sidecar = _sidecar(beside) if beside is not None else Sidecar()
    headers = {name.lower(): value if isinstance(value, str) else ", ".join(value) for name, value in sidecar.headers.items()}
    body = to_utf8(body)
    return Page(url=_whole(url or sidecar.url or saved_url(body)), status=sidecar.status, headers=headers, body=body,
                fetched_at=sidecar.recorded_at or "", door="saved")  # fmt: skip


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file; UnreadableError says in plain words why that cannot be."""
    size = check_file(path)
    if size > MAX_BYTES:
        raise UnreadableError(N_("{what} ({size} MB; the limit is {limit} MB)", what=_TOO_LARGE, size=size // 1_000_000, limit=MAX_BYTES // 1_000_000), where=str(path),
                              hint=N_("Split it, or save the page once more."))  # fmt: skip
    return path.read_bytes()


def at_rest(path: Path) -> Path:
    """Return a file that can be read twice: `path`, or of a pipe a copy that is gone when the program ends."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return path  # reading says why
    return path if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else _copied(path)


@cache
def _copied(path: Path) -> Path:
    try:
        with path.open("rb") as pipe, tempfile.NamedTemporaryFile(prefix="repwatch-", suffix=path.suffix, delete=False) as copy:
            atexit.register(Path(copy.name).unlink, missing_ok=True)
            shutil.copyfileobj(pipe, copy)
    except OSError as error:
        raise UnreadableError(_NOT_OPENED + f" ({error.strerror})", where=str(path), hint=N_("Check who may read it.")) from error
    return Path(copy.name)


def check_file(path: Path) -> int:
    """Return the size of a file that can be opened; UnreadableError says in plain words why it cannot."""
    try:
        if path.is_dir():
            raise UnreadableError(N_("this is a folder"), where=str(path), hint=N_("Name the files in it, for example with a star: folder/*"))
        with path.open("rb"):
            return path.stat().st_size
    except FileNotFoundError:
        raise UnreadableError(N_("there is no such file"), where=str(path), hint=N_("Check the name.")) from None
    except OSError as error:
        raise UnreadableError(_NOT_OPENED + f" ({error.strerror})", where=str(path), hint=N_("Check who may read it.")) from error


def _sidecar(beside: bytes) -> Sidecar:
    try:
        return Sidecar.model_validate(json.loads(beside))
    except (ValueError, ValidationError, RecursionError) as error:
        raise UnreadableError(_ODD_SIDECAR + f" ({type(error).__name__})", hint=N_("Correct or remove this file.")) from error


def is_sidecar(path: Path) -> bool:
    """Tell whether `path` only describes another file beside it."""
    for mark, endings in ((SIDECAR, (".json", ".html", ".xml", ".txt", ".rss", ".atom")), (".mapping.toml", (".csv", ".tsv", ".xlsx", ".json", ".txt"))):
        if path.name.endswith(mark):
            return any(stands(path.with_name(path.name.removesuffix(mark) + ending)) for ending in endings)
    return False


def stands(path: Path) -> bool:
    """Tell whether there is a file; in a folder that may not be looked into there is none, and reading says why."""
    try:
        return path.is_file()
    except PermissionError:
        return False


def saved_url(body: bytes) -> str:
    """Return the address that a saved page names: the browser's mark, its canonical link, or og:url; else an empty text."""
    head = body[:_HEAD]
    for pattern in (_SAVED_FROM, _CANONICAL, _OG_URL):
        found = pattern.search(head)
        if found:
            url = html.unescape(found[1].decode("utf-8", "replace"))
            if url.startswith(("http://", "https://")):
                return url
    return ""


def _whole(url: str) -> str:
    """Return `url`, or an empty text for what is no address (`http://[::bad`)."""
    try:
        urlsplit(url)
    except ValueError:
        return ""
    return url


def to_utf8(body: bytes) -> bytes:
    """Return `body` in UTF-8 where it declares another charset, else as it is."""
    for mark, charset in ((codecs.BOM_UTF8, ""), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if body.startswith(mark):
            return body.decode(charset, "replace").encode() if charset and not body[:200].lstrip().startswith(b"<?xml") else body
    declared = _CHARSET.search(body[:4096])
    if not declared:
        return body
    try:
        codec = codecs.lookup(declared[1].decode("ascii", "replace"))
        return body if codec.name in ("utf-8", "ascii") or _is_utf8(body) else body.decode(codec.name, "replace").encode()
    except (LookupError, UnicodeError):  # an unknown charset, or a codec of Python's that is none: "base64", "idna"
        return body


def is_cut(body: bytes) -> bool:
    """Tell whether a payload or page ends before its end, as a download does that was broken off."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        try:
            from_json(body.removeprefix(codecs.BOM_UTF8))
        except ValueError as error:
            return "EOF" in str(error)
        return False
    return bool(_HTML.search(body[:_HTML_WITHIN])) and not _HTML_END.search(body)


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
