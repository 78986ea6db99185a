"""The sources: one file each, found by looking, never listed by hand. Loading one costs only what it imports."""

from __future__ import annotations

import difflib
import pkgutil
import re
from collections.abc import Generator, Iterator
from functools import cache
from importlib import import_module
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

from repwatch.errors import NestedTooDeeply, UsageError
from repwatch.models import Outcome, Page, Read, Request, SourceInfo, Watch
from repwatch.refusals import looks_like_html
from repwatch.sources._decode import read_json
from repwatch.wording import _

#: How much of a page is searched for marks: state stands far down in some pages.
_SEARCHED = 3_000_000
#: An answer without a single item is short.
_EMPTY = 20_000


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
    """Return the name of the source that can read this page: by its host, by the path of an interface, else by the marks in its body.

    Sources without hosts of their own read pages of any site; they come last, and the mark that stands first decides among them.
    """
    host = _host(page.url)
    every = [(name, load(name).INFO) for name in names()]
    for name, info in every:
        if any(_is_within(host, each) for each in info.hosts):
            return name
    path = _path(page.url)
    if path and not looks_like_html(page.body):
        for name, info in every:
            if path.startswith(info.paths):
                return name
    body = page.body[:_SEARCHED]
    for name, info in every:
        if info.hosts and any(mark in body for mark in info.marks):
            return name
    marked = [(place, name) for name, info in every if not info.hosts for mark in info.marks if (place := body.find(mark)) >= 0]
    if marked:
        return min(marked)[1]
    told = _object(page.body) if not host else {}
    return next((name for name, info in every if info.keys and told.keys() >= set(info.keys) and _says(info, told)), None)


def is_elsewhere(name: str, url: str) -> bool:
    """Tell whether an address on a source's own hosts is none that it reads: the home page of a review site is about no employer."""
    info, host = load(name).INFO, _host(url)
    return bool(info.reads) and any(_is_within(host, each) for each in info.hosts) and not re.search(info.reads, _path(url))


def _is_within(host: str, other: str) -> bool:
    return host == other or host.endswith(f".{other}")


def _says(info: SourceInfo, told: dict[str, Any]) -> bool:
    return all(re.search(pattern, value) for name, pattern in info.says.items() if isinstance(value := told.get(name), str))


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _object(body: bytes) -> dict[str, Any]:
    """Return the object that a short answer is; an empty one for anything else."""
    if len(body) > _EMPTY or not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return {}
    try:
        told = read_json(body)
    except (ValueError, NestedTooDeeply):
        return {}
    return told if isinstance(told, dict) else {}
