"""Turn files and pages into items: the one way that `parse`, `import`, the inbox and `check` share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from repwatch import sources
from repwatch.errors import LayoutChanged, NestedTooDeeply, RepwatchError, UnreadableError
from repwatch.inlets import export, saved
from repwatch.models import NoResults, Outcome, Page, Problem, Refused
from repwatch.refusals import explains_itself, find_refusal, more_exact

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
        return _failed(source, page, "empty", "the page is empty")
    name = source or sources.recognise(page)
    refusal = find_refusal(page, expect=expect, source=name)
    if refusal is not None:
        told = _in_own_words(name, page, refusal) if name and explains_itself(page, expect) else refusal
        return PageRead(name, page, (told,), "refused", told.reason) if isinstance(told, Refused) else PageRead(name, page, (told,), "read")
    if name is None:
        return _failed(None, page, "unrecognised", "no source knows this kind of file")
    return _parse(name, page)


def _in_own_words(name: str, page: Page, general: Refused) -> Refused | NoResults:
    """Let a source that knows the error in the body name the refusal; else what the status says stands.

    It may be a true nothing: YouTube answers 403 where comments are switched off.
    """
    told = _parse(name, page).outcomes
    own = next((each for each in told if isinstance(each, Refused)), None)
    if own is None and len(told) == 1 and isinstance(told[0], NoResults) and b'"error"' in page.body:
        return told[0]
    return more_exact(general, own) if own else general


def _parse(name: str, page: Page) -> PageRead:
    outcomes: list[Outcome] = []
    try:
        outcomes.extend(sources.load(name).parse(page))
    except LayoutChanged as error:
        outcomes.append(Problem(source=name, reason="layout_changed", detail=str(error)))
        return PageRead(name, page, tuple(outcomes), "partly" if _useful(outcomes) else "failed", "layout_changed")
    except (NestedTooDeeply, RecursionError):
        outcomes.append(Problem(source=name, reason="nested_too_deeply", detail="the page is nested too deeply to be a real one"))
        return PageRead(name, page, tuple(outcomes), "failed", "nested_too_deeply")
    except RepwatchError as error:
        outcomes.append(Problem(source=name, reason="unreadable", detail=str(error)))
        return PageRead(name, page, tuple(outcomes), "failed", "unreadable")
    return PageRead(name, page, tuple(outcomes), *_state(outcomes))


def _state(outcomes: list[Outcome]) -> tuple[State, str]:
    refused = next((each for each in outcomes if isinstance(each, Refused)), None)
    useful = _useful(outcomes)
    if refused:
        return ("partly" if useful else "refused"), refused.reason
    if any(isinstance(each, Problem) for each in outcomes):
        return ("partly", "problems") if useful else ("failed", "problems")
    # A page with neither items nor the site's own "nothing" is a changed layout, never a zero.
    return ("read", "") if outcomes else ("failed", "layout_changed")


def _useful(outcomes: list[Outcome]) -> bool:
    return any(not isinstance(each, Refused | Problem) for each in outcomes)


def _failed(source: str | None, page: Page, reason: str, detail: str) -> PageRead:
    return PageRead(source, page, (Problem(source=source, reason=reason, detail=detail),), "failed", reason)
