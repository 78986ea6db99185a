"""Tell what a file is, and take apart those that hold several things: ZIP, HAR, WARC, MHTML, e-mail."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from repwatch.errors import UnreadableError
from repwatch.inlets import export, har, linkedin, mail, mhtml, saved, zipped
from repwatch.models import Page, Problem
from repwatch.web.redact import redact
from repwatch.wording import N_

Kind = Literal["page", "table", "export", "member", "zip", "har", "warc", "mhtml", "mail", "mbox", "gzip"]

_HEAD = 65_536
_TABLES = (".csv", ".tsv", ".xlsx", ".xlsm")
#: Marks a page whose body is a table that a ZIP or an e-mail held.
TABLE = "application/x-repwatch-table"


class Part(NamedTuple):
    """What a file of several things holds: a page, or what could not be opened. `name` is what a file in it is called.

    Of pages `recorded` from traffic many are of no interest, so that one counts only where it is recognised.
    """

    what: Page | Problem
    name: str = ""
    recorded: bool = False


def kind_of(path: Path) -> Kind:
    """Tell by its first bytes what a file is; a name counts for tables only. A file that cannot be opened is a page: reading it says why."""
    try:
        path = saved.at_rest(path)
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except (OSError, UnreadableError):
        return "page"
    if head.startswith(b"PK\x03\x04"):
        with path.open("rb") as file:
            return _kind_of_zip(zipped.names(file))
    if head.startswith(b"WARC/") or (head.startswith(b"\x1f\x8b") and _is_zipped_warc(head)):
        return "warc"
    if export.is_export(path):
        return "export"
    return _kind_of_text(path.name, head)


def _kind_of_zip(names: list[str]) -> Kind:
    if any(name.startswith("xl/") for name in names):
        return "table"
    return "member" if linkedin.is_export(names) else "zip"


def _kind_of_text(name: str, head: bytes) -> Kind:
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if linkedin.is_part(name, head):
        return "member"
    if name.lower().endswith(_TABLES):
        return "table"
    tests: tuple[tuple[Kind, Callable[[bytes], bool]], ...] = (("har", har.is_har), ("mhtml", mhtml.is_mhtml), ("mbox", mail.is_mbox), ("mail", mail.is_mail))
    return next((kind for kind, test in tests if test(head)), "page")


def _is_zipped_warc(head: bytes) -> bool:
    import zlib

    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, 16).startswith(b"WARC/")
    except zlib.error:
        return False


def take_apart(path: Path, kind: Kind) -> Iterator[Part]:
    """Yield what stands in a file of several things, one after the other, without secrets in its addresses.

    Raises UnreadableError where it cannot be opened.
    """
    for part in _taken(path, kind):
        yield part._replace(what=part.what._replace(url=redact(part.what.url))) if isinstance(part.what, Page) else part


def _taken(path: Path, kind: Kind) -> Iterator[Part]:
    if kind == "warc":
        from repwatch.web.archive import pages_and_faults

        for each in pages_and_faults(path):
            yield Part(Problem(reason="unreadable", detail=each)) if isinstance(each, str) else Part(each, recorded=True)
    elif kind == "zip":
        with path.open("rb") as file:
            yield from _from_zip(file)
    elif kind == "gzip":
        raise UnreadableError(N_("the file is packed with gzip"), hint=N_("Unpack it first."))
    else:
        yield from _from_body(kind, saved.read_bytes(path))


def _from_body(kind: Kind, body: bytes) -> Iterator[Part]:
    if kind == "har":
        yield from (Part(each, recorded=isinstance(each, Page)) for each in har.read(body))
    elif kind == "mhtml":
        yield Part(mhtml.read(body))
    else:
        for message in mail.messages(body) if kind == "mbox" else (body,):
            for each in mail.read(message):
                yield from (Part(each),) if isinstance(each, Page) else _member(each, nested=False)


def _from_zip(file: io.BufferedIOBase) -> Iterator[Part]:
    for member in zipped.read(file):  # type: ignore[arg-type]  # an open binary file is one
        if isinstance(member, Problem):
            yield Part(member)
        elif not member.name.endswith((saved.SIDECAR, ".mapping.toml")):
            yield from _member(member, nested=True)


def _member(member: zipped.Member, *, nested: bool) -> Iterator[Part]:
    """Take apart a file that came in a ZIP (`nested`) or an e-mail; a ZIP in a ZIP is not opened."""
    try:
        for part in _inside(member, nested=nested):
            yield part._replace(name=part.name or member.name)
    except UnreadableError as error:
        yield Part(Problem(reason="unreadable", detail=error.message), member.name)


def _inside(member: zipped.Member, *, nested: bool) -> Iterator[Part]:
    head = member.body[:_HEAD]
    packed = head.startswith(b"PK\x03\x04")
    kind = _kind_of_zip(zipped.names(io.BytesIO(member.body))) if packed else _kind_of_text(member.name, head)
    if kind == "member":
        yield Part(Problem(source="linkedin", reason="member_export", detail=linkedin.CONSENT))
    elif kind == "gzip":
        yield Part(Problem(reason="unreadable", detail=N_("it is packed with gzip; unpack it first")))
    elif kind == "zip" and nested:
        yield Part(Problem(reason="unreadable", detail=N_("a ZIP file inside a ZIP file is not opened; unpack it first")))
    elif kind == "zip":
        yield from _from_zip(io.BytesIO(member.body))
    elif kind in ("har", "mhtml", "mail", "mbox"):
        yield from _from_body(kind, member.body)
    else:
        table = Page(url="", headers={"content-type": TABLE}, body=member.body, door="saved")
        yield Part(table if kind == "table" else saved.page_of(member.body, member.beside))
