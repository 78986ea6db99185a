"""Import files: what `parse` reads, stored in a run of its own that can be undone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from repwatch.errors import Exit
from repwatch.inlets import saved as inlet
from repwatch.inlets.mapping import Mapping
from repwatch.models import CoverageEntry, Item, Problem, Refused
from repwatch.pipeline.reading import FileRead, PageRead, State, read_file, verdict
from repwatch.pipeline.saving import Desk, is_unnamed
from repwatch.pipeline.vanishing import note
from repwatch.wording import N_

#: Names the newest saved page of a source for an employer among the cursors of the store.
SAVED_PAGE = "saved|{source}|{employer}"
#: So many employers whom the settings do not name are told by name.
_NAMED = 3


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
    #: What was settled on the way, in sentences; and the rows of new items that came as lines.
    said: tuple[str, ...] = ()
    new_ids: Sequence[int] = ()
    #: What a person should look at, in sentences: whom the settings do not name, rows that count once.
    notes: tuple[str, ...] = ()


def worth_reading(paths: Iterable[Path]) -> list[Path]:
    """Leave out the files that only describe another one beside them, and the hidden ones of a folder."""
    return [path for path in paths if not inlet.is_sidecar(path)]


def exit_for(states: Iterable[str]) -> Exit:
    """Return 0 when all was read, 4 when nothing was, 3 between."""
    kinds = list(states)
    if all(state == "read" for state in kinds):
        return Exit.OK
    return Exit.PARTIAL if any(state in ("read", "partly") for state in kinds) else Exit.NOTHING_READ


def import_files(paths: Iterable[Path], desk: Desk, *, source: str | None = None, url: str | None = None, watched: str | None = None,
                 told: Mapping | None = None) -> Iterator[FileResult]:  # fmt: skip
    """Store what the files hold, one result a file; a file that cannot be read loses nothing of the others."""
    for path in paths:
        yield store_file(read_file(path, source=source, url=url, told=told), desk, watched=watched)


def store_file(file: FileRead, desk: Desk, *, watched: str | None = None) -> FileResult:
    """Store one file that was read, part by part."""
    if file.lines is not None:
        return _store_lines(file, desk, watched)
    whole = _Whole(file.path)
    for read in file.pages():
        whole.take(read, desk, watched)
    return whole.result(desk)


class _Whole:
    """A file on its way into the store: what its parts came to, and a ledger row for each source and employer."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.entries: dict[tuple[str, str], CoverageEntry] = {}
        self.sources: dict[str, None] = {}
        self.employers: dict[str, None] = {}
        self.types: Counter[str] = Counter()
        self.said: dict[str, None] = {}
        self.states: Counter[State] = Counter()
        self.new = self.revised = self.problems = self.unnamed = 0
        self.reason = ""

    def take(self, read: PageRead, desk: Desk, watched: str | None) -> None:
        """Store one part."""
        items = [each for each in read.outcomes if isinstance(each, Item)]
        seen = desk.all_seen(items, watched)
        names = tuple(dict.fromkeys(name for each in seen for name in each.employers if name))
        entry = self._entry(read, names[0] if names else "", len(items))
        saved = desk.save(read.outcomes, entry, str(self.path), seen=seen)
        note(desk, read.page, read.source, names[0] if names else "", read.outcomes, seen)
        if items and read.state in ("read", "partly"):
            remember_saved_page(desk, read, names)
        self.types.update(str(getattr(each, "type", "")) for each in items)
        self.employers |= dict.fromkeys(names)
        self.unnamed += sum(map(is_unnamed, seen))
        self.sources |= {read.source: None} if read.source else {}
        self.said |= dict.fromkeys(read.said)
        self.states[read.state] += 1
        self.new, self.revised = self.new + saved.new, self.revised + saved.revised
        self.reason = self.reason or explain(read)

    def _entry(self, read: PageRead, employer: str, items: int) -> CoverageEntry:
        """Return the ledger row of this part's source and employer, with the parts before it."""
        key = (read.source or "unknown", employer)
        problems = sum(isinstance(each, Problem) for each in read.outcomes)
        before = self.entries.get(key)
        state = read.state if before is None else verdict((before.state, read.state))
        self.problems += problems
        self.entries[key] = CoverageEntry(
            source=key[0], employer=employer, target=self.path.name, state=state, reason=(before.reason if before else "") or read.reason,
            pages=1 + (before.pages if before else 0), items=items + (before.items if before else 0), problems=problems + (before.problems if before else 0))  # fmt: skip
        return self.entries[key]

    def result(self, desk: Desk) -> FileResult:
        """Return what the file came to."""
        parts, unread = self.states.total(), self.states["refused"] + self.states["failed"]
        reason = N_("{n} of {all} pages or tables could not be read; the first: {why}", n=unread, all=parts, why=self.reason) if unread and parts > 1 else self.reason
        return FileResult(self.path, ", ".join(sorted(self.sources)) or None, tuple(self.employers), verdict(self.states), reason, self.types, self.new, self.revised,
                          self.problems, tuple(self.said), notes=_notes(desk, self.employers, self.unnamed))  # fmt: skip


def remember_saved_page(desk: Desk, read: PageRead, names: Iterable[str]) -> None:
    """Note when a page of this source was last saved, for the sources whose only door is the saved page."""
    for name in names:
        key = SAVED_PAGE.format(source=read.source, employer=name)
        desk.store.set_cursor(key, {"at": (read.page.fetched_at if read.page else "") or desk.now})


def _store_lines(file: FileRead, desk: Desk, watched: str | None) -> FileResult:
    told = desk.save_lines(file.raw, str(file.path)) if file.raw is not None else desk.save_rows(_rows(file), str(file.path), watched=watched)
    state: State = "read" if not told.bad else "partly" if told.types else "failed"
    reason = N_("{n} lines could not be read; the first: {why}", n=told.bad, why=told.problems[0].detail) if told.bad else ""
    names = tuple(dict.fromkeys(name for _source, name in told.employers))
    if file.read.source is not None or told.bad or told.types:
        # An export tells of many employers: what is wrong with it belongs to none.
        own = names[0] if names and file.read.source is not None else ""
        entry = CoverageEntry(source=file.read.source or "export", employer=own, target=file.path.name, state=state, pages=1, items=told.types.total(),
                              new=told.new, revised=told.revised, problems=told.bad, reason=told.problems[0].reason if told.bad else "")  # fmt: skip
        desk.store.set_ledger(desk.run, entry)
    if file.read.source is not None:
        for source, name in told.employers:
            remember_saved_page(desk, file.read._replace(source=source), (name,))
    return FileResult(file.path, file.read.source or "export", names, state, reason, told.types, told.new, told.revised, told.bad, file.read.said, told.new_ids,
                      _notes(desk, names, told.unnamed, told.repeated if file.raw is None else 0))  # fmt: skip


def _notes(desk: Desk, names: Iterable[str], unnamed: int, repeated: int = 0) -> tuple[str, ...]:
    """Say what a reader of the figures would else not suspect."""
    ours = {each.name for each in desk.employers}
    others = [name for name in names if ours and name not in ours]
    said = []
    if others:
        said.append(N_("not in the settings: {names}; if your firm is meant, write that name among its aliases, and import the file again", names=", ".join(others[:_NAMED]) + (", …" if others[_NAMED:] else "")))
    if unnamed:
        said.append(N_("no employer is named; import it with --employer, or name one in a mapping file"))
    if repeated:
        said.append(N_("rows that say what an earlier row says, and count once: {n}; if each is a review of its own, name the column of their ids in a mapping file (native_id)", n=repeated))
    return tuple(said)


def _rows(file: FileRead) -> Iterator[Item | Problem]:
    return (line for line in file.lines or () if isinstance(line, Item | Problem))


def explain(read: PageRead) -> str:
    """Say in plain words why a page was not, or not wholly, read."""
    for each in read.outcomes:
        if isinstance(each, Refused):
            from repwatch.refusals import MEANING

            return f"{MEANING.get(each.reason, (each.reason, ''))[0]} ({each.detail})" if each.detail else MEANING.get(each.reason, (each.reason, ""))[0]
    found = [each for each in read.outcomes if isinstance(each, Problem)]
    if found:
        first = found[0].detail or found[0].reason
        return N_("{n} entries could not be read; the first: {why}", n=len(found), why=first) if len(found) > 1 else first
    return "" if any(isinstance(each, Item) for each in read.outcomes) or read.state == "read" else read.reason
