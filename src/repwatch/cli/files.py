"""Commands on files and lines: import, score, export."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from repwatch.cli.common import Dialect, Format, instant, now
from repwatch.cli.output import emit, write
from repwatch.cli.parsing import (
    Address,
    EmployerName,
    MappingFile,
    Preview,
    SourceName,
    known_source,
    mapping_of,
    show_preview,
)
from repwatch.errors import Exit, UsageError
from repwatch.wording import _

if TYPE_CHECKING:
    from repwatch.inlets.mapping import Mapping
    from repwatch.pipeline.importing import FileResult


def import_(  # noqa: PLR0913, PLR0917 — one option a parameter, as Typer wants it
    context: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(help="Saved pages, payloads, tables, e-mails or exports.", show_default=False, readable=False)] = None,
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
        raise UsageError(_("name the files to import, or the run to undo"), hint=_("{first} or {second}", first="repwatch import FILE...", second="repwatch import --undo 12"))
    known_source(source)
    told = mapping_of(mapping)
    if preview and files:
        show_preview(files, source, url, told, form, dialect)
    _refuse_member_exports(files or [])
    loaded = context.obj.load()
    folder = context.obj.folder(loaded)
    if undo is not None:
        with Store.open(folder) as store:
            taken = store.undo(undo)
        from repwatch.report.listing import undone

        emit(undone(undo, taken), form, dialect=dialect)
        return
    results, run = import_saved(folder, loaded, files or [], source, url, employer, told)
    from repwatch.pipeline.importing import exit_for
    from repwatch.report.listing import imported

    code = exit_for([result.state for result in results])
    emit(imported(run, results), form, status=code, dialect=dialect, meta={"run": run})
    raise typer.Exit(code)


def _refuse_member_exports(files: list[Path]) -> None:
    """Stop where there is nothing else to store: a person's own export needs that person's consent. Among other files it is one that was not read."""
    from repwatch.inlets.linkedin import CONSENT
    from repwatch.pipeline.opening import kind_of

    if files and all(kind_of(path) == "member" for path in files):
        raise UsageError(CONSENT, where=str(files[0]), hint=_("`repwatch parse FILE` shows the numbers in it and stores nothing."))


def import_saved(folder: Path, loaded: Any, files: list[Path], source: str | None, url: str | None, employer: str | None,
                 told: Mapping | None = None) -> tuple[list[FileResult], int]:  # fmt: skip
    """Store files in an import run of their own; return what became of each, and the run."""
    from repwatch.cli.progress import tracked
    from repwatch.pipeline.importing import exit_for, import_files, worth_reading
    from repwatch.pipeline.normalise import load_key, meant
    from repwatch.pipeline.saving import Desk
    from repwatch.pipeline.scorers import scorer_of
    from repwatch.pipeline.upkeep import finish_rotation, mask_stored
    from repwatch.pipeline.vanishing import settle
    from repwatch.store import Store

    paths = worth_reading(files)
    with Store.open(folder) as store, scorer_of(loaded, folder) as scorer:
        started = instant(now())
        employers = loaded.settings.known
        finish_rotation(store)
        mask_stored(store, employers, started)
        run = store.begin_run("import", started, {"files": len(paths)})
        desk = Desk(store, run, started, load_key(folder, create=True), employers, scorer=scorer, sights=[])
        results: list[FileResult] = []
        code = Exit.INTERRUPTED
        try:
            for result in tracked(import_files(paths, desk, source=source, url=url, watched=employer and meant(employer, employers), told=told), len(paths), _("Importing")):
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
        raise UsageError(_("--format {form}: score speaks jsonl only", form=form), hint=_("Leave --format away."))
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
    from repwatch.cli.common import today_at
    from repwatch.cli.filters import source_of
    from repwatch.cli.reading import known_employers
    from repwatch.period import parse_since, parse_until
    from repwatch.store import Store, open_reader

    if form != "jsonl":
        raise UsageError(_("--format {form}: export writes jsonl only", form=form), hint=_("For a table use {command}.", command="`repwatch mentions --format csv`"))
    day = today_at(context.obj)
    first = parse_since(since, day).isoformat() if since else None
    last = parse_until(until, day).isoformat() if until else None
    folder = context.obj.folder()
    # A folder without a store is a slip: an empty file would pass for a copy of everything.
    with open_reader(folder) as reader:
        if employer is not None or source is not None:
            employer, source = known_employers(reader, employer, context.obj)[0] if employer is not None else None, source_of(reader, source)
    with Store.open(folder) as store:
        for row in store.export(employer=employer, source=source, since=first, until=last):
            row["employer"] = row.get("employer") or None
            write(json.dumps(row, ensure_ascii=False) + "\n")
