"""Turn files and pages into items: the one way that `parse`, `import`, the inbox and `check` share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from repwatch import sources
from repwatch.errors import LayoutChanged, RepwatchError, UnreadableError
from repwatch.inlets import export, saved
from repwatch.models import Outcome, Page, Problem, Refused
from repwatch.refusals import find_refusal
from repwatch.wording import N_

State = Literal["read", "partly", "refused", "failed"]


class PageRead(NamedTuple):
    """What one page gave: its outcomes and whether it counts as read."""

    source: str | None
    page: Page | None
    outcomes: tuple[Outcome, ...]
    state: State
    reason: str = ""


class FileRead(NamedTuple):
    """What one file is: a page that was read, or an export that streams."""

    path: Path
    read: PageRead
    lines: Iterator[export.Exported | Problem] | None = None


def read_file(path: Path, *, source: str | None = None, url: str | None = None) -> FileRead:
    """Read one file; what cannot be read at all comes back as `failed` with its reason, never as an exception."""
    try:
        if path.is_file() and source is None and export.is_export(path):
            return FileRead(path, PageRead(None, None, (), "read"), export.read(path))
        page = saved.read_page(path, url)
    except UnreadableError as error:
        problem = Problem(source=source, reason="unreadable", detail=error.message)
        return FileRead(path, PageRead(source, None, (problem,), "failed", error.message))
    return FileRead(path, read_page(page, source=source))


def read_page(page: Page, *, source: str | None = None, expect: str = "any") -> PageRead:
    """Read a page by `source`, or by the source that recognises it."""
    if not page.body.strip() and not 300 <= page.status < 600:
        return _failed(source, page, "empty", N_("the page is empty"))
    name = source or sources.recognise(page)
    refusal = find_refusal(page, expect=expect, source=name)
    if refusal is not None:
        return PageRead(name, page, (refusal,), "refused", refusal.reason)
    if name is None:
        return _failed(None, page, "unrecognised", N_("no source knows this kind of file"))
    return _parse(name, page)


def _parse(name: str, page: Page) -> PageRead:
    outcomes: list[Outcome] = []
    try:
        outcomes.extend(sources.load(name).parse(page))
    except LayoutChanged as error:
        outcomes.append(Problem(source=name, reason="layout_changed", detail=str(error)))
        return PageRead(name, page, tuple(outcomes), "failed" if len(outcomes) == 1 else "partly", "layout_changed")
    except RecursionError:
        outcomes.append(Problem(source=name, reason="nested_too_deeply", detail=N_("the page is nested too deeply to be a real one")))
        return PageRead(name, page, tuple(outcomes), "failed", "nested_too_deeply")
    except RepwatchError as error:
        outcomes.append(Problem(source=name, reason="unreadable", detail=str(error)))
        return PageRead(name, page, tuple(outcomes), "failed", "unreadable")
    return PageRead(name, page, tuple(outcomes), *_state(outcomes))


def _state(outcomes: list[Outcome]) -> tuple[State, str]:
    refused = next((each for each in outcomes if isinstance(each, Refused)), None)
    useful = [each for each in outcomes if not isinstance(each, Refused | Problem)]
    if refused:
        return ("partly" if useful else "refused"), refused.reason
    if any(isinstance(each, Problem) for each in outcomes):
        return ("partly", "problems") if useful else ("failed", "problems")
    # A page with neither items nor the site's own "nothing" is a changed layout, never a zero.
    return ("read", "") if outcomes else ("failed", "layout_changed")


def _failed(source: str | None, page: Page, reason: str, detail: str) -> PageRead:
    return PageRead(source, page, (Problem(source=source, reason=reason, detail=detail),), "failed", reason)
