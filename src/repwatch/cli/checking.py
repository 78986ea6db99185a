"""Commands that look at the world: check (live or from an archive) and doctor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repwatch.cli.common import (
    Dialect,
    Format,
    check_persons,
    check_rules,
    check_sources,
    now,
    settings_needed,
    today,
)
from repwatch.cli.output import emit
from repwatch.errors import Exit, UsageError
from repwatch.wording import N_, _, n_

if TYPE_CHECKING:
    from repwatch.config import Loaded
    from repwatch.pipeline.running import Result


def check(
    context: typer.Context,
    replay: Annotated[str | None, typer.Option("--replay", help="Run from this archive, without network, into an empty store; `demo` is one that ships.")] = None,
    form: Annotated[Format, typer.Option("--format", help="How to answer.")] = Format.table,
    dialect: Annotated[Dialect, typer.Option("--csv-dialect", help="`excel` for semicolons.")] = Dialect.plain,
) -> None:
    """Read every source once; say what is new, what it means, what could not be seen and what to do."""
    from repwatch.report.morning import morning

    if replay:
        result = _replay(replay)
    else:
        loaded = context.obj.load()
        settings_needed(loaded)
        check_sources(loaded)
        check_rules(loaded)
        result = _live(loaded, context.obj.folder(loaded))
    document = morning(result.data, _title(result), _("exit {code}: {meaning}", code=int(result.exit), meaning=_meaning(result)))
    emit(document, form, dialect=dialect, status=result.exit, meta=result.meta)
    if not replay:
        _send(loaded, context.obj.folder(loaded), result)
    raise typer.Exit(result.exit)


EXITS = {Exit.OK: N_("all sources were read"), Exit.ALERT: N_("an alert fired"), Exit.PARTIAL: N_("part could not be read"), Exit.NOTHING_READ: N_("nothing could be read")}


def _meaning(result: Result) -> str:
    if result.exit is Exit.OK and any(entry["gap"] for entry in result.data["coverage"]):
        return _("all sources were read, as far as one check reads")
    return _(EXITS[result.exit])


def _title(result: Result) -> str:
    from repwatch.report.figures import day

    names = ", ".join(row["employer"] for row in result.data["figures"]["employers"]) or "repwatch"
    parts = (names, day(result.meta["day"]), *((_("replay"),) if result.meta.get("replay") else ()))
    return " · ".join(parts)


def _send(loaded: Loaded, folder: Path, result: Result) -> None:
    """Send one message for all alerts of this run, and what waits from earlier ones. A channel that is down loses nothing."""
    from repwatch.cli.alerting import channels_of, deliver_now
    from repwatch.cli.start import say
    from repwatch.report.alerts import message

    channels = channels_of(loaded)
    if not channels:
        return
    loud = [alert.model_dump(mode="json") for alert in result.alerts if alert.severity != "info"]
    for each in deliver_now(folder, channels, message(loud) if loud else None, result.meta["run"]):
        if each.error:
            say(_("repwatch: a message to {channel} was not sent: {why}. The next check tries again.", channel=each.channel, why=each.error))


def _live(loaded: Loaded, folder: Path) -> Result:
    from filelock import FileLock, Timeout

    from repwatch.cli.progress import bar
    from repwatch.pipeline.running import run_live
    from repwatch.pipeline.scorers import scorer_of
    from repwatch.store.place import prepare

    settings = loaded.settings
    prepare(folder)
    check_persons(loaded, folder)
    try:
        with FileLock(folder / "check.lock", timeout=0), scorer_of(loaded, folder) as scorer, bar(_("Reading sources")) as (total, advance):
            return run_live(settings, folder, now(), today(settings.timezone), base=loaded.folder, total=total, done=advance, scorer=scorer)
    except Timeout:
        raise UsageError(_("another check is at work in this folder"), where=str(folder), hint=_("Wait until it has ended, or name another --data-dir.")) from None


def _replay(name: str) -> Result:
    import tempfile

    from repwatch.pipeline.demonstration import demo_archive
    from repwatch.pipeline.running import run_replay

    with tempfile.TemporaryDirectory() as scratch:
        path = demo_archive() if name == "demo" else Path(name)
        if not path.is_file():
            raise UsageError(_("there is no such archive"), where=name, hint=_("Archives stand in the folder `archive` of the data folder; `demo` ships with repwatch."))
        return run_replay(path, Path(scratch) / "store")


def doctor(
    context: typer.Context,
    offline: Annotated[bool, typer.Option("--offline", help="Ask no site for anything.")] = False,  # noqa: FBT002 — a flag of the command line
    form: Annotated[Format, typer.Option("--format", help="How to answer.")] = Format.table,
    dialect: Annotated[Dialect, typer.Option("--csv-dialect", help="`excel` for semicolons.")] = Dialect.plain,
) -> None:
    """Tell whether settings, store, clock, disk, robots.txt and each source are in order."""
    from repwatch.cli.examination import examine
    from repwatch.report.listing import checks

    rows = examine(context.obj, offline=offline)
    wrong = sum(row.state == "wrong" for row in rows)
    doubtful = sum(row.state == "warning" for row in rows)
    if wrong:
        title = n_("{n} of {total} things needs you", "{n} of {total} things need you", wrong, total=len(rows))
    elif doubtful:
        title = n_("Nothing is wrong; {n} of {total} things is worth a look", "Nothing is wrong; {n} of {total} things are worth a look", doubtful, total=len(rows))
    else:
        title = n_("{n} thing looked at, all in order", "{n} things looked at, all in order", len(rows))
    data = {"checks": [row._asdict() for row in rows]}
    code = Exit.USAGE if any(row.state == "wrong" and row.what == "settings" for row in rows) else Exit.PARTIAL if wrong else Exit.OK
    emit(checks(title, rows, data), form, dialect=dialect, status=code)
    raise typer.Exit(code)
