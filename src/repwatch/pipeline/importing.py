"""Import files: what `parse` reads, stored in a run of its own that can be undone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from repwatch.errors import Exit
from repwatch.inlets import saved as inlet
from repwatch.models import CoverageEntry, Item, Problem, Refused
from repwatch.pipeline.reading import FileRead, PageRead, read_file
from repwatch.pipeline.saving import Desk
from repwatch.pipeline.vanishing import note

#: Names the newest saved page of a source for an employer among the cursors of the store.
SAVED_PAGE = "saved|{source}|{employer}"


class FileResult(NamedTuple):
    """What became of one file."""

    path: Path
    source: str | None
    employers: tuple[str, ...]
    state: str
    reason: str
    types: Counter[str]
    new: int = 0
    revised: int = 0
    problems: int = 0


def worth_reading(paths: Iterable[Path]) -> list[Path]:
    """Leave out the files that only describe another one beside them, and the hidden ones of a folder."""
    return [path for path in paths if not inlet.is_sidecar(path)]


def exit_for(states: Iterable[str]) -> Exit:
    """Return 0 when all was read, 4 when nothing was, 3 between."""
    kinds = list(states)
    if all(state == "read" for state in kinds):
        return Exit.OK
    return Exit.PARTIAL if any(state in ("read", "partly") for state in kinds) else Exit.NOTHING_READ


def import_files(paths: Iterable[Path], desk: Desk, *, source: str | None = None, url: str | None = None, watched: str | None = None) -> Iterator[FileResult]:
    """Store what the files hold, one result a file; a file that cannot be read loses nothing of the others."""
    for path in paths:
        yield store_file(read_file(path, source=source, url=url), desk, watched=watched)


def store_file(file: FileRead, desk: Desk, *, watched: str | None = None) -> FileResult:
    """Store one file that was read."""
    if file.lines is not None:
        return _store_lines(file, desk)
    read = file.read
    items = [each for each in read.outcomes if isinstance(each, Item)]
    types = Counter(str(getattr(each, "type", "")) for each in items)
    names = desk.names(items, watched)
    entry = CoverageEntry(source=read.source or "unknown", employer=names[0] if names else "", target=str(file.path.name),
                          state=read.state, reason=read.reason, pages=1, items=len(items),
                          problems=sum(isinstance(each, Problem) for each in read.outcomes))  # fmt: skip
    saved = desk.save(read.outcomes, entry, str(file.path), watched=watched)
    note(desk, read.page, read.source, names[0] if names else "", read.outcomes)
    if items and read.state in ("read", "partly"):
        remember_saved_page(desk, read, names)
    return FileResult(file.path, read.source, names, read.state, explain(read), types, saved.new, saved.revised, entry.problems)


def remember_saved_page(desk: Desk, read: PageRead, names: Iterable[str]) -> None:
    """Note when a page of this source was last saved, for the sources whose only door is the saved page."""
    for name in names:
        key = SAVED_PAGE.format(source=read.source, employer=name)
        desk.store.set_cursor(key, {"at": (read.page.fetched_at if read.page else "") or desk.now})


def _store_lines(file: FileRead, desk: Desk) -> FileResult:
    types: Counter[str] = Counter()

    def counted() -> Iterator[object]:
        for line in file.lines or ():
            if not isinstance(line, Problem):
                types[line.item.type] += 1
            yield line

    saved, wrong = desk.save_lines(counted(), str(file.path))  # type: ignore[arg-type]  # the same lines, counted on their way
    state = "read" if not wrong else "partly" if types else "failed"
    reason = f"{len(wrong)} lines could not be read; the first: {wrong[0].detail}" if wrong else ""
    return FileResult(file.path, "export", (), state, reason, types, saved.new, saved.revised, len(wrong))


def explain(read: PageRead) -> str:
    """Say in plain words why a page was not, or not wholly, read."""
    for each in read.outcomes:
        if isinstance(each, Refused):
            from repwatch.refusals import MEANING

            return f"{MEANING.get(each.reason, (each.reason, ''))[0]} ({each.detail})" if each.detail else MEANING.get(each.reason, (each.reason, ""))[0]
    found = [each for each in read.outcomes if isinstance(each, Problem)]
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        return f"{found[0].detail or found[0].reason}{more}"
    return "" if any(isinstance(each, Item) for each in read.outcomes) or read.state == "read" else read.reason
