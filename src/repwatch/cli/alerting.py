"""Commands on alerts: what is open, what was seen, what would have fired, and the messages on their way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repwatch.cli.common import Dialect, Format, Where, instant, now, settings_needed, today, today_at
from repwatch.cli.output import emit
from repwatch.errors import Exit, UsageError
from repwatch.wording import _, n_

if TYPE_CHECKING:
    from repwatch.config import Loaded
    from repwatch.notify import Channel
    from repwatch.pipeline.delivering import Delivery

app = typer.Typer(help="Alerts: list them, mark them as seen, put them off, try the rules on the past.", invoke_without_command=True, rich_markup_mode=None)
Id = Annotated[int, typer.Argument(help="The id that `repwatch alerts` shows.", show_default=False)]
Form = Annotated[Format, typer.Option("--format", help="How to answer.")]
CsvDialect = Annotated[Dialect, typer.Option("--csv-dialect", help="`excel` for semicolons, as a Belgian Excel expects.")]


@app.callback()
def alerts(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Those that were seen or put off too.")] = False,  # noqa: FBT002 — a flag of the command line
    form: Form = Format.table,
    dialect: CsvDialect = Dialect.plain,
) -> None:
    """List the alerts that are open, newest first. Exit 1 when there are any."""
    if context.invoked_subcommand:
        return
    from repwatch.report.alerts import listing
    from repwatch.store import open_reader

    with open_reader(context.obj.folder()) as reader:
        rows = reader.alerts(everything=everything)
        unsent = len(reader.unsent())
    code = Exit.ALERT if any(row["state"] == "open" for row in rows) else Exit.OK
    emit(listing(rows, unsent), form, dialect=dialect, status=code)
    raise typer.Exit(code)


@app.command()
def ack(context: typer.Context, alert: Id, form: Form = Format.table) -> None:
    """Mark an alert as seen: the same one stays silent from now on."""
    _decide(context, alert, "acknowledged", "", form)


@app.command()
def snooze(
    context: typer.Context,
    alert: Id,
    until: Annotated[str, typer.Option("--until", help="How long: 3d, 2w, 1m, or a day like 2027-01-31.")] = "1w",
    form: Form = Format.table,
) -> None:
    """Put an alert off: the same one stays silent until then."""
    _decide(context, alert, "snoozed", _day_ahead(context.obj, until), form)


@app.command()
def reopen(context: typer.Context, alert: Id, form: Form = Format.table) -> None:
    """Let an alert speak again."""
    _decide(context, alert, "open", "", form)


def _day_ahead(where: Where, text: str) -> str:
    """Return the day that a span or a date names; the reader of periods looks back, this looks ahead."""
    from repwatch.period import parse_since

    day = today_at(where)
    try:
        back = parse_since(text, day)
    except UsageError:
        raise UsageError(_("{option} {value}: this is no day", option="--until", value=text), hint=_("Write 3d, 2w, 1m, or a day to come.")) from None
    span = text.strip()[:1].isdigit() and not text.strip()[:4].isdigit()
    ahead = day + (day - back) if span else back
    if ahead <= day:
        raise UsageError(_("--until {text}: this day is not ahead", text=text), hint=_("Write 3d, 2w, 1m, or a day to come."))
    return ahead.isoformat()


def _decide(context: typer.Context, alert: int, state: str, until: str, form: Format) -> None:
    from repwatch.report.alerts import decided
    from repwatch.store import Store

    with Store.open(context.obj.folder()) as store:
        store.decide_alert(alert, state, until)
    emit(decided(alert, state, until), form)


@app.command(name="test")
def try_rules(
    context: typer.Context,
    last: Annotated[str, typer.Option("--last", help="How far back: 90d, 6m.")] = "90d",
    form: Form = Format.table,
    dialect: CsvDialect = Dialect.plain,
) -> None:
    """Show what the rules would have said in the past, and how often on shuffled data, where nothing can be real."""
    from repwatch.period import parse_since
    from repwatch.pipeline.alerting import rules_of
    from repwatch.pipeline.rehearsal import rehearse
    from repwatch.report.alerts import rehearsal
    from repwatch.store import open_reader

    loaded = context.obj.load()
    settings_needed(loaded)
    settings, day = loaded.settings, today(loaded.settings.timezone)
    rules = rules_of(settings.rules, enabled=True, defaults=settings.alerts.defaults)
    with open_reader(context.obj.folder(loaded)) as reader:
        data = rehearse(reader, rules, settings.known, day, (day - parse_since(last, day)).days, settings.answer_within_days)
    emit(rehearsal(data), form, dialect=dialect)


@app.command()
def send(context: typer.Context, form: Form = Format.table) -> None:
    """Send the messages that wait. The next check would do it too."""
    from repwatch.report.alerts import sent

    loaded = context.obj.load()
    folder, channels = context.obj.folder(loaded), channels_of(loaded)
    if not channels:
        _nobody_to_send_to(folder)
    done = deliver_now(folder, channels)
    code = Exit.PARTIAL if any(each.error for each in done) else Exit.OK
    emit(sent(done), form, status=code)
    raise typer.Exit(code)


def _nobody_to_send_to(folder: Path) -> None:
    """Refuse to call it sent where messages wait and no channel is named."""
    from repwatch.store import Store

    with Store.open(folder) as store:
        waiting = len(store.outbox())
    if waiting:
        raise UsageError(n_("{n} message waits, and no channel is named", "{n} messages wait, and no channel is named", waiting), hint=_("Name a file of channels in the settings: docs/how-to/be-alerted.md"))


def channels_of(loaded: Loaded) -> list[Channel]:
    """Return the channels of the settings."""
    from repwatch.notify import channels

    return channels(loaded.settings.alerts.channels_file, loaded.path.parent if loaded.path else Path())


def deliver_now(folder: Path, channels: list[Channel], message: tuple[str, str, str] | None = None, run: int = 0) -> list[Delivery]:
    """Put a message into the outbox, where there is one, and send all that waits."""
    from repwatch.pipeline.delivering import deliver, enqueue
    from repwatch.store import Store

    with Store.open(folder) as store:
        if message:
            enqueue(store, run, channels, message, instant(now()))
        return deliver(store, channels, lambda: instant(now()))
