"""The command that looks at files: parse, and the preview that `import` has too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from repwatch.cli.common import Dialect, Format, Where
from repwatch.cli.output import emit, write
from repwatch.errors import UsageError
from repwatch.wording import _
from repwatch.wording import told as told_again

if TYPE_CHECKING:
    from repwatch.inlets.mapping import Mapping
    from repwatch.pipeline.reading import FileRead, PageRead

# Typer would end the command at a file that it may not read, where every other file is still to be read: not `readable`.
Files = Annotated[list[Path], typer.Argument(help="Saved pages, payloads, tables, e-mails or exports.", show_default=False, readable=False)]
SourceName = Annotated[str | None, typer.Option("--source", help="Read as this source instead of recognising it.")]
Address = Annotated[str | None, typer.Option("--url", help="Where the page came from, if the file does not say.")]
EmployerName = Annotated[str | None, typer.Option("--employer", help="The employer the files are about, if they do not say.")]
MappingFile = Annotated[Path | None, typer.Option("--mapping", help="A file that says what the columns of a table mean.")]
Preview = Annotated[bool, typer.Option("--preview", help="Show how a table would be read, and its first rows; store nothing.")]


def parse(
    context: typer.Context,
    files: Files,
    source: SourceName = None,
    url: Address = None,
    employer: EmployerName = None,
    form: Annotated[str, typer.Option("--format", help="jsonl, table, json, csv or md.")] = "jsonl",
    mapping: MappingFile = None,
    preview: Preview = False,  # noqa: FBT002 — a flag of the command line
) -> None:
    """Show what repwatch reads in files; nothing is stored."""
    from repwatch.cli.start import say
    from repwatch.pipeline.importing import exit_for, worth_reading

    known_source(source)
    told = mapping_of(mapping)
    if preview:
        show_preview(files, source, url, told, Format.table if form == "jsonl" else Format(_one_of(form)))
    if form != "jsonl":
        _parse_as(Format(_one_of(form)), context.obj, files, source, url, employer, told)
        return
    key = _existing_key(context.obj)
    states = []
    for path in worth_reading(files):
        file = _read(path, source, url, told)
        for sentence in file.read.said:
            say(f"{path.name}: {told_again(sentence)}")
        for line, state in _lines(file, employer, key):
            if line:
                write(json.dumps(line, ensure_ascii=False) + "\n")
            states += [state] if state else []
    raise typer.Exit(exit_for(states))


def _read(path: Path, source: str | None, url: str | None, told: Mapping | None) -> FileRead:
    from repwatch.pipeline.reading import read_file

    return read_file(path, source=source, url=url, told=told, personal=True)


def _one_of(form: str) -> str:
    if form not in Format.__members__:
        raise UsageError(_("--format {form}: there is no such format", form=form), hint=_("Use one of: {names}.", names="jsonl, table, json, csv, md"))
    return form


def known_source(name: str | None) -> None:
    """Refuse a name that is of no source, and of no table that is known; UsageError names the nearest."""
    if name is not None:
        from repwatch import sources
        from repwatch.inlets import mapping

        if name not in mapping.sources():
            sources.load(name)


def mapping_of(path: Path | None) -> Mapping | None:
    """Read the mapping file, where one is named."""
    from repwatch.inlets import mapping

    return mapping.load(path) if path else None


def _existing_key(where: Where) -> bytes | None:
    from repwatch.errors import SettingsError
    from repwatch.pipeline.normalise import load_key

    try:
        return load_key(where.folder())
    except SettingsError:
        # `parse` needs no settings: with a broken file it still shows what it reads, without pseudonyms.
        return None


def _lines(file: FileRead, employer: str | None, key: bytes | None) -> Iterator[tuple[dict[str, Any] | None, str]]:
    """Yield the objects of one file, each with an empty state; last of all its state."""
    from repwatch.models import Problem
    from repwatch.pipeline.reading import verdict

    if file.lines is None:
        states = []
        for read in file.pages():
            for outcome in read.outcomes:
                yield _line(outcome, file.path, employer, key), ""
            states.append(read.state)
        yield None, verdict(states)
        return
    good = bad = 0
    for line in file.lines:
        good, bad = good + (not isinstance(line, Problem)), bad + isinstance(line, Problem)
        yield _line(line, file.path, employer, key), ""
    yield None, "read" if not bad else "partly" if good else "failed"


def _line(line: Any, path: Path, employer: str | None, key: bytes | None) -> dict[str, Any] | None:
    from repwatch.inlets.export import Exported
    from repwatch.models import Item, NoResults
    from repwatch.pipeline.normalise import normalise

    if isinstance(line, NoResults):
        return None
    if isinstance(line, Exported):
        line = line.item
    elif isinstance(line, Item):
        line = normalise(line, key)  # type: ignore[arg-type]  # every Item is one of AnyItem
        line = line.model_copy(update={"employer": employer}) if employer else line
    row = line.model_dump(mode="json")
    return {"type": row.pop("type"), "file": str(path), **row}


def _parse_as(form: Format, where: Where, files: list[Path], source: str | None, url: str | None, employer: str | None, told: Mapping | None) -> None:
    from repwatch.pipeline.importing import exit_for, worth_reading
    from repwatch.report.listing import parsed

    rows, states, data = [], [], []
    key = _existing_key(where)
    for path in worth_reading(files):
        file = _read(path, source, url, told)
        names: dict[str, None] = {file.read.source: None} if file.read.source else {}
        why: list[str] = list(file.read.said)
        watched = file._replace(parts=_listening(file, names, why)) if file.lines is None else file
        found = []
        for line, state in _lines(watched, employer, key):
            found += [line] if line else []
            states += [state] if state else []
        data += found
        if file.lines is not None:
            why = [row["detail"] for row in found if row["type"] == "problem"][:1] + why
        rows.append((path.name, ", ".join(sorted(names)) or "–", states[-1], why, found))
    code = exit_for(states)
    emit(parsed(rows, data), form, status=code)
    raise typer.Exit(code)


def _listening(file: FileRead, names: dict[str, None], why: list[str]) -> Iterator[PageRead]:
    """Yield the parts of a file, and note by the way what they are and why one was not read."""
    from repwatch.pipeline.importing import explain

    for read in file.pages():
        names |= {read.source: None} if read.source else {}
        why += [each for each in (explain(read), *read.said) if each and each not in why][: 0 if why else None]
        yield read


def show_preview(files: list[Path], source: str | None, url: str | None, told: Mapping | None, form: Format, dialect: Dialect = Dialect.plain) -> NoReturn:
    """Show how files would be read, and end."""
    from repwatch.pipeline.importing import exit_for, worth_reading
    from repwatch.pipeline.previewing import preview
    from repwatch.report.preview import previewed

    found = [preview(path, source=source, url=url, told=told) for path in worth_reading(files)]
    code = exit_for([each.state for each in found])
    emit(previewed(found), form, status=code, dialect=dialect)
    raise typer.Exit(code)
