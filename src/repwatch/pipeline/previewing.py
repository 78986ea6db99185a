"""Look at a file before it is imported: what each column means, what was settled, the first rows."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import NamedTuple

from repwatch.errors import SettingsError, UnreadableError
from repwatch.inlets import table
from repwatch.inlets.mapping import Mapping
from repwatch.inlets.saved import stands
from repwatch.inlets.table import Column
from repwatch.models import Item, Problem
from repwatch.pipeline import opening
from repwatch.pipeline.importing import explain
from repwatch.pipeline.reading import mapping_beside, read_file, verdict

_ROWS = 5


class Look(NamedTuple):
    """What a file holds. `kind` is the preset's title for a table that is known, `columns` are empty for what is no table."""

    path: Path
    source: str | None
    kind: str
    state: str
    reason: str
    types: Counter[str]
    columns: tuple[Column, ...] = ()
    said: tuple[str, ...] = ()
    first: tuple[Item, ...] = ()
    problems: tuple[Problem, ...] = ()


def preview(path: Path, *, source: str | None = None, url: str | None = None, told: Mapping | None = None) -> Look:
    """Read a file whole and keep of it what a person needs to see first; nothing is stored."""
    columns, kind, opened = _columns(path, source, told)
    file = read_file(path, source=source, url=url, told=told, personal=True)
    types: Counter[str] = Counter()
    first: list[Item] = []
    wrong: list[Problem] = []
    states, sources, reason = [], {file.read.source: None}, ""
    said = dict.fromkeys((*opened, *file.read.said))
    if file.lines is None:
        for read in file.pages():
            states.append(str(read.state))
            sources[read.source] = None
            said |= dict.fromkeys(read.said)
            reason = reason or explain(read)
            for each in read.outcomes:
                _note(each, types, first, wrong)
    else:
        for line in file.lines:
            _note(getattr(line, "item", line), types, first, wrong)
        states = ["read"] if types or not wrong else []
        states += ["failed"] if wrong else []
        reason = wrong[0].detail if wrong else ""
    names = ", ".join(sorted(name for name in sources if name)) or None
    return Look(path, names, kind, verdict(states), reason, types, columns, tuple(said), tuple(first), tuple(wrong))


def _columns(path: Path, source: str | None, told: Mapping | None) -> tuple[tuple[Column, ...], str, tuple[str, ...]]:
    if opening.kind_of(path) not in ("table", "page") or not stands(path):
        return (), "", ()
    try:
        found = table.understand(lambda: path.open("rb"), told or mapping_beside(path), source)
    except (UnreadableError, SettingsError, OSError):
        # Reading the file says it too, and better.
        return (), "", ()
    return (found.columns, found.mapping.title, found.grid.said) if found else ((), "", ())


def _note(each: object, types: Counter[str], first: list[Item], wrong: list[Problem]) -> None:
    if isinstance(each, Item):
        types[str(getattr(each, "type", ""))] += 1
        if len(first) < _ROWS:
            first.append(each)
    elif isinstance(each, Problem):
        if len(wrong) < _ROWS:
            wrong.append(each)
        types["problem"] += 1
