"""The registry of sources: each public module here is one. Nothing heavy is imported until a page is parsed."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Generator, Iterator
from functools import cache
from typing import Protocol, cast

from repwatch.errors import UsageError
from repwatch.models import Outcome, Page, Read, Request, SourceInfo, Watch
from repwatch.sources._foreign import host, within


class Source(Protocol):
    """What a source module offers."""

    INFO: SourceInfo

    def walk(self, watch: Watch) -> Generator[Request, Read, None]:
        """Ask for pages, newest first."""
        ...

    def parse(self, page: Page) -> Iterator[Outcome]:
        """Read one page."""
        ...


@cache
def names() -> tuple[str, ...]:
    """Return the names of all sources, in alphabetical order."""
    return tuple(
        sorted(found.name for found in pkgutil.iter_modules(__path__) if not found.name.startswith("_"))
    )


def load(name: str) -> Source:
    """Return the source called `name`; UsageError with the nearest name when there is none."""
    if name not in names():
        near = difflib.get_close_matches(name.lower(), names(), n=1, cutoff=0.5)
        hint = f"Did you mean {near[0]!r}?" if near else f"The sources are: {', '.join(names())}."
        msg = f"there is no source called {name!r}"
        raise UsageError(msg, hint=hint)
    return cast("Source", importlib.import_module(f"{__name__}.{name}"))


def recognise(page: Page) -> str | None:
    """Return the name of the source that can read `page`: by host, then by marks in its body; None when no source can.

    A source without hosts of its own reads pages of any site. It comes last, so that a page of a known site stays with
    that site's source; among such sources the mark that stands first in the page decides.
    """
    infos = _infos()
    by_host = [
        (len(domain), info.name) for info in infos for domain in info.hosts if within(host(page.url), domain)
    ]
    if by_host:
        return max(by_host)[1]
    body = _searchable(page.body)
    generic: list[tuple[int, str]] = []
    for info in infos:
        places = [place for mark in info.marks if (place := body.find(mark)) >= 0]
        if places and info.hosts:
            return info.name
        generic += [(min(places), info.name)] if places else []
    return min(generic)[1] if generic else None


@cache
def _infos() -> tuple[SourceInfo, ...]:
    return tuple(sorted((load(name).INFO for name in names()), key=lambda info: not info.hosts))


def _searchable(body: bytes) -> bytes:
    """Return `body` in an encoding in which marks can be found: UTF-16 is told by its byte order mark or its zeros."""
    head = body[:4]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace").encode()
    if head[:1] == b"\0":
        return body.decode("utf-16-be", "replace").encode()
    if head[1:2] == b"\0":
        return body.decode("utf-16-le", "replace").encode()
    return body
