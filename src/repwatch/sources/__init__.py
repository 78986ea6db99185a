"""The sources: one file each, found by looking, never listed by hand. Loading one costs only what it imports."""

from __future__ import annotations

import difflib
import pkgutil
from collections.abc import Generator, Iterator
from functools import cache
from importlib import import_module
from typing import Protocol, cast
from urllib.parse import urlsplit

from repwatch.errors import UsageError
from repwatch.models import Outcome, Page, Read, Request, SourceInfo, Watch
from repwatch.wording import _

#: How much of a page is searched for marks: state stands far down in some pages.
_SEARCHED = 3_000_000


class Source(Protocol):
    """What a source module holds."""

    INFO: SourceInfo

    def walk(self, watch: Watch) -> Generator[Request, Read, None]:
        """Ask for pages, newest first, between `watch.since` and `watch.until`."""
        ...

    def parse(self, page: Page) -> Iterator[Outcome]:
        """Read one page."""
        ...


@cache
def names() -> tuple[str, ...]:
    """Return the names of all sources, in order."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")))


def load(name: str) -> Source:
    """Return the source called `name`; UsageError names the nearest one there is."""
    if name not in names():
        near = difflib.get_close_matches(name, names(), 1)
        hint = _("Did you mean {name}?", name=repr(near[0])) if near else _("Known sources: {names}.", names=", ".join(names()))
        raise UsageError(_("repwatch knows no source {name}", name=repr(name)), hint=hint)
    return cast("Source", import_module(f"{__name__}.{name}"))


def recognise(page: Page) -> str | None:
    """Return the name of the source that can read this page: by its host, else by the marks in its body.

    Sources without hosts of their own read pages of any site; they come last, and the mark that stands first decides among them.
    """
    host = _host(page.url)
    every = [(name, load(name).INFO) for name in names()]
    for name, info in every:
        if any(host == each or host.endswith(f".{each}") for each in info.hosts):
            return name
    body = page.body[:_SEARCHED]
    for name, info in every:
        if info.hosts and any(mark in body for mark in info.marks):
            return name
    marked = [(place, name) for name, info in every if not info.hosts for mark in info.marks if (place := body.find(mark)) >= 0]
    return min(marked)[1] if marked else None


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
