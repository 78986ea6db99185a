"""Commands on files and lines: parse, import, score, export."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from repwatch.cli.common import Dialect, Format, Where, emit, instant, now, write
from repwatch.errors import Exit, UsageError

if TYPE_CHECKING:
    from repwatch.pipeline.importing import FileResult
    from repwatch.pipeline.reading import FileRead

Files = Annotated[list[Path], typer.Argument(help="Saved pages, payloads or exports.", show_default=False)]
SourceName = Annotated[str | None, typer.Option("--source", help="Read as this source instead of recognising it.")]
Address = Annotated[str | None, typer.Option("--url", help="Where the page came from, if the file does not say.")]
EmployerName = Annotated[str | None, typer.Option("--employer", help="The employer the files are about, if they do not say.")]


def parse(
    context: typer.Context,
    files: Files,
    source: SourceName = None,
    url: Address = None,
    employer: EmployerName = None,
    form: Annotated[str, typer.Option("--format", help="jsonl, table, json, csv or md.")] = "jsonl",
) -> None:
    """Show what repwatch reads in files; nothing is stored."""
    from repwatch.pipeline.importing import exit_for, worth_reading

    _known_source(source)
    if form != "jsonl":
        _parse_as(Format(_one_of(form)), context.obj, files, source, url, employer)
        return
    key = _existing_key(context.obj)
    states = []
    for path in worth_reading(files):
        lines, state = _lines(path, source, url, employer, key)
        for line in lines:
            write(json.dumps(line, ensure_ascii=False) + "\n")
        states.append(state())
    raise typer.Exit(exit_for(states))


def _one_of(form: str) -> str:
    if form not in Format.__members__:
        raise UsageError(f"--format {form}: there is no such format", hint="Use jsonl, table, json, csv or md.")
    return form


def _known_source(name: str | None) -> None:
    if name is not None:
        from repwatch import sources

        sources.load(name)


def _existing_key(where: Where) -> bytes | None:
    from repwatch.errors import SettingsError
    from repwatch.pipeline.normalise import load_key

    try:
        return load_key(where.folder())
    except SettingsError:
        # `parse` needs no settings: with a broken file it still shows what it reads, without pseudonyms.
        return None


def _lines(path: Path, source: str | None, url: str | None, employer: str | None, key: bytes | None) -> tuple[Iterator[dict[str, Any]], Any]:
    """Return the objects of one file, and a call that tells its state once they were taken."""
    from repwatch.models import Item, NoResults
    from repwatch.pipeline.normalise import normalise
    from repwatch.pipeline.reading import read_file

    file = read_file(path, source=source, url=url)
    if file.lines is not None:
        return _exported_lines(file)

    def lines() -> Iterator[dict[str, Any]]:
        for each in file.read.outcomes:
            if isinstance(each, NoResults):
                continue
            if isinstance(each, Item):
                neat = normalise(each, key)
                neat = neat.model_copy(update={"employer": employer}) if employer else neat
                yield {"type": neat.type, "file": str(path), **neat.model_dump(mode="json")}
            else:
                row = each.model_dump(mode="json")
                yield {"type": row.pop("type"), "file": str(path), **row}

    return lines(), lambda: file.read.state


def _exported_lines(file: FileRead) -> tuple[Iterator[dict[str, Any]], Any]:
    from repwatch.models import Problem

    counts = {"good": 0, "bad": 0}

    def lines() -> Iterator[dict[str, Any]]:
        for line in file.lines or ():
            bad = isinstance(line, Problem)
            counts["bad" if bad else "good"] += 1
            row = (line if isinstance(line, Problem) else line.item).model_dump(mode="json")
            yield {"type": row["type"], "file": str(file.path), **row}

    return lines(), lambda: "read" if not counts["bad"] else "partly" if counts["good"] else "failed"


def _parse_as(form: Format, where: Where, files: list[Path], source: str | None, url: str | None, employer: str | None) -> None:
    from repwatch.pipeline.importing import exit_for, explain, worth_reading
    from repwatch.pipeline.reading import read_file
    from repwatch.report.listing import parsed

    rows, states, data = [], [], []
    key = _existing_key(where)
    for path in worth_reading(files):
        file = read_file(path, source=source, url=url)
        lines, state = _lines(path, source, url, employer, key)
        found = list(lines)
        data += found
        states.append(state())
        rows.append((path.name, file.read.source or "–", states[-1], explain(file.read), found))
    code = exit_for(states)
    emit(parsed(rows, data), form, status=code)
    raise typer.Exit(code)


def import_(
    context: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(help="Saved pages, payloads or exports.", show_default=False)] = None,
    source: SourceName = None,
    url: Address = None,
    employer: EmployerName = None,
    undo: Annotated[int | None, typer.Option("--undo", help="Take back the import of this run number.")] = None,
    form: Annotated[Format, typer.Option("--format", help="How to answer.")] = Format.table,
    dialect: Annotated[Dialect, typer.Option("--csv-dialect", help="`excel` for semicolons.")] = Dialect.plain,
) -> None:
    """Store what files hold. The same file twice changes nothing; `--undo RUN` takes an import back."""
    from repwatch.store import Store

    if bool(files) == (undo is not None):
        raise UsageError("name the files to import, or the run to undo", hint="repwatch import FILE...   or   repwatch import --undo 12")
    _known_source(source)
    loaded = context.obj.load()
    folder = context.obj.folder(loaded)
    if undo is not None:
        with Store.open(folder) as store:
            taken = store.undo(undo)
        from repwatch.report.listing import undone

        emit(undone(undo, taken), form, dialect=dialect)
        return
    results, run = import_saved(folder, loaded, files or [], source, url, employer)
    from repwatch.pipeline.importing import exit_for
    from repwatch.report.listing import imported

    code = exit_for([result.state for result in results])
    emit(imported(run, results), form, status=code, dialect=dialect, meta={"run": run})
    raise typer.Exit(code)


def import_saved(folder: Path, loaded: Any, files: list[Path], source: str | None, url: str | None, employer: str | None) -> tuple[list[FileResult], int]:
    """Store files in an import run of their own; return what became of each, and the run."""
    from repwatch.cli.progress import tracked
    from repwatch.pipeline.importing import exit_for, import_files, worth_reading
    from repwatch.pipeline.normalise import load_key
    from repwatch.pipeline.saving import Desk
    from repwatch.pipeline.vanishing import settle
    from repwatch.store import Store

    paths = worth_reading(files)
    with Store.open(folder) as store:
        started = instant(now())
        run = store.begin_run("import", started, {"files": len(paths)})
        desk = Desk(store, run, started, load_key(folder, create=True), tuple(each.employer for each in loaded.settings.employers), sights=[])
        results: list[FileResult] = []
        code = Exit.INTERRUPTED
        try:
            for result in tracked(import_files(paths, desk, source=source, url=url, watched=employer), len(paths), "Importing"):
                results.append(result)  # noqa: PERF402 — on Ctrl-C those that were done are still counted
            code = exit_for([result.state for result in results])
            settle(desk)
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
