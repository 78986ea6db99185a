"""Commands on files and lines: parse, import, score, export."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from repwatch.cli.common import Dialect, Format, Where, emit, instant, now, write
from repwatch.errors import Exit, UsageError

if TYPE_CHECKING:
    from repwatch.inlets.mapping import Mapping
    from repwatch.pipeline.importing import FileResult
    from repwatch.pipeline.reading import FileRead, PageRead

Files = Annotated[list[Path], typer.Argument(help="Saved pages, payloads, tables, e-mails or exports.", show_default=False)]
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
    from repwatch.pipeline.importing import exit_for, worth_reading

    _known_source(source)
    told = _mapping(mapping)
    if preview:
        _preview(files, source, url, told, Format.table if form == "jsonl" else Format(_one_of(form)))
    if form != "jsonl":
        _parse_as(Format(_one_of(form)), context.obj, files, source, url, employer, told)
        return
    key = _existing_key(context.obj)
    states = []
    for path in worth_reading(files):
        for line, state in _lines(_read(path, source, url, told), employer, key):
            if line:
                write(json.dumps(line, ensure_ascii=False) + "\n")
            states += [state] if state else []
    raise typer.Exit(exit_for(states))


def _read(path: Path, source: str | None, url: str | None, told: Mapping | None) -> FileRead:
    from repwatch.pipeline.reading import read_file

    return read_file(path, source=source, url=url, told=told, personal=True)


def _one_of(form: str) -> str:
    if form not in Format.__members__:
        raise UsageError(f"--format {form}: there is no such format", hint="Use jsonl, table, json, csv or md.")
    return form


def _known_source(name: str | None) -> None:
    if name is not None:
        from repwatch import sources
        from repwatch.inlets import mapping

        if name not in mapping.sources():
            sources.load(name)


def _mapping(path: Path | None) -> Mapping | None:
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
        rows.append((path.name, ", ".join(sorted(names)) or "–", states[-1], "; ".join(filter(None, why)), found))
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


def _preview(files: list[Path], source: str | None, url: str | None, told: Mapping | None, form: Format, dialect: Dialect = Dialect.plain) -> NoReturn:
    from repwatch.pipeline.importing import exit_for, worth_reading
    from repwatch.pipeline.previewing import preview
    from repwatch.report.preview import previewed

    found = [preview(path, source=source, url=url, told=told) for path in worth_reading(files)]
    code = exit_for([each.state for each in found])
    emit(previewed(found), form, status=code, dialect=dialect)
    raise typer.Exit(code)


def import_(  # noqa: PLR0913, PLR0917 — one option a parameter, as Typer wants it
    context: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(help="Saved pages, payloads, tables, e-mails or exports.", show_default=False)] = None,
    source: SourceName = None,
    url: Address = None,
    employer: EmployerName = None,
    undo: Annotated[int | None, typer.Option("--undo", help="Take back the import of this run number.")] = None,
    form: Annotated[Format, typer.Option("--format", help="How to answer.")] = Format.table,
    dialect: Annotated[Dialect, typer.Option("--csv-dialect", help="`excel` for semicolons.")] = Dialect.plain,
    mapping: MappingFile = None,
    preview: Preview = False,  # noqa: FBT002 — a flag of the command line
) -> None:
    """Store what files hold. The same file twice changes nothing; `--undo RUN` takes an import back."""
    from repwatch.store import Store

    if bool(files) == (undo is not None):
        raise UsageError("name the files to import, or the run to undo", hint="repwatch import FILE...   or   repwatch import --undo 12")
    _known_source(source)
    told = _mapping(mapping)
    if preview and files:
        _preview(files, source, url, told, form, dialect)
    _refuse_member_exports(files or [])
    loaded = context.obj.load()
    folder = context.obj.folder(loaded)
    if undo is not None:
        with Store.open(folder) as store:
            taken = store.undo(undo)
        from repwatch.report.listing import undone

        emit(undone(undo, taken), form, dialect=dialect)
        return
    results, run = _import(folder, loaded, files or [], source, url, employer, told)
    from repwatch.pipeline.importing import exit_for
    from repwatch.report.listing import imported

    code = exit_for([result.state for result in results])
    emit(imported(run, results), form, status=code, dialect=dialect, meta={"run": run})
    raise typer.Exit(code)


def _refuse_member_exports(files: list[Path]) -> None:
    """Stop before anything is stored: a person's own export needs that person's consent."""
    from repwatch.inlets.linkedin import CONSENT
    from repwatch.pipeline.opening import kind_of

    for path in files:
        if kind_of(path) == "member":
            raise UsageError(CONSENT, where=str(path), hint="`repwatch parse FILE` shows the numbers in it and stores nothing.")


def _import(folder: Path, loaded: Any, files: list[Path], source: str | None, url: str | None, employer: str | None, told: Mapping | None) -> tuple[list[FileResult], int]:
    from repwatch.cli.progress import tracked
    from repwatch.pipeline.importing import exit_for, import_files, worth_reading
    from repwatch.pipeline.normalise import load_key
    from repwatch.pipeline.saving import Desk
    from repwatch.store import Store

    paths = worth_reading(files)
    with Store.open(folder) as store:
        started = instant(now())
        run = store.begin_run("import", started, {"files": len(paths)})
        desk = Desk(store, run, started, load_key(folder, create=True), tuple(each.employer for each in loaded.settings.employers))
        results: list[FileResult] = []
        code = Exit.INTERRUPTED
        try:
            for result in tracked(import_files(paths, desk, source=source, url=url, watched=employer, told=told), len(paths), "Importing"):
                results.append(result)  # noqa: PERF402 — on Ctrl-C those that were done are still counted
            code = exit_for([result.state for result in results])
        finally:
            store.finish_run(run, instant(now()), int(code), {"read": len(results)})
    return results, run


def score(
    form: Annotated[str, typer.Option("--format", help="jsonl is the only form.")] = "jsonl",
) -> None:
    """Score lines of {"text": ..., "lang": ...} from standard input; each comes back with label, polarity and reasons."""
    from repwatch.text.scorer import score_text

    if form != "jsonl":
        raise UsageError(f"--format {form}: score speaks jsonl only", hint="Leave --format away.")
    wrong = right = 0
    for number, raw in enumerate(sys.stdin.buffer, 1):
        if not raw.strip():
            continue
        try:
            row = json.loads(raw)
            text = row["text"]
            if not isinstance(text, str):
                raise TypeError
        except (ValueError, KeyError, TypeError, RecursionError):
            wrong += 1
            write(json.dumps({"type": "problem", "reason": "not a text", "detail": f"line {number}"}) + "\n")
            continue
        right += 1
        lang = row.get("lang")
        result = score_text(text, lang if isinstance(lang, str) and lang else None)
        write(json.dumps({**row, **result.model_dump(mode="json")}, ensure_ascii=False) + "\n")
    raise typer.Exit(Exit.OK if not wrong else Exit.PARTIAL if right else Exit.NOTHING_READ)


def export(
    context: typer.Context,
    form: Annotated[str, typer.Option("--format", help="jsonl is the only form.")] = "jsonl",
    employer: Annotated[str | None, typer.Option("--employer", help="Only this employer.")] = None,
    source: Annotated[str | None, typer.Option("--source", help="Only this source.")] = None,
    since: Annotated[str | None, typer.Option("--since", help="From this day on: 90d, 2026-03-01.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Up to and including this day.")] = None,
) -> None:
    """Write everything that is stored, one JSON object a line; `import` reads it back without loss."""
    from repwatch.cli.common import today
    from repwatch.period import parse_since, parse_until
    from repwatch.store import Store

    if form != "jsonl":
        raise UsageError(f"--format {form}: export writes jsonl only", hint="For a table use `repwatch mentions --format csv`.")
    day = today()
    first = parse_since(since, day).isoformat() if since else None
    last = parse_until(until, day).isoformat() if until else None
    with Store.open(context.obj.folder()) as store:
        for row in store.export(employer=employer, source=source, since=first, until=last):
            row["employer"] = row.get("employer") or None
            write(json.dumps(row, ensure_ascii=False) + "\n")
