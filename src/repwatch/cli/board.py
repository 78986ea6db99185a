"""Commands for a board that takes no part yet: one page, and a side project to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from repwatch.cli.common import Format, today
from repwatch.cli.guiding import own_employer
from repwatch.cli.output import emit
from repwatch.errors import UsageError
from repwatch.wording import _, spoken

if TYPE_CHECKING:
    from datetime import date

    from repwatch.config import Loaded

app = typer.Typer(help="One page for the board, and the side project with which it begins.", invoke_without_command=True, rich_markup_mode=None)
project = typer.Typer(help="The side project: start it, follow it, end it.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(project, name="project")

EmployerName = Annotated[str | None, typer.Option("--employer", help="Whose board; needed where the settings name several.")]
Form = Annotated[Format, typer.Option("--format", help="How to answer.")]
Note = Annotated[str, typer.Option("--note", help="A sentence to keep with it.")]


@app.callback()
def board(
    context: typer.Context,
    employer: EmployerName = None,
    form: Form = Format.table,
    out: Annotated[Path | None, typer.Option("--out", help="Write to this file instead of standard output.")] = None,
) -> None:
    """Write one page for the board: where you stand, what is praised and blamed, peers, what waits, and three proposals."""
    if context.invoked_subcommand is not None:
        return
    from repwatch.report.board import document

    emit(document(_facts(context, employer)[0]), form, out=out)


def _facts(context: typer.Context, employer: str | None) -> tuple[dict[str, Any], date, Path]:
    from repwatch.cli.reading import known_employers
    from repwatch.pipeline.boarding import standing
    from repwatch.store import open_reader

    loaded: Loaded = context.obj.load()
    folder, day = context.obj.folder(loaded), today(loaded.settings.timezone)
    with open_reader(folder) as reader:
        name = known_employers(reader, own_employer(loaded, employer), context.obj)[0]
        return standing(reader, loaded.settings, name, day), day, folder


@project.command()
def start(
    context: typer.Context,
    title: Annotated[str | None, typer.Option("--title", help="What it is called; the first proposal of the page if left away.")] = None,
    owner: Annotated[str | None, typer.Option("--owner", help="Who does it: a role rather than a name.")] = None,
    weeks: Annotated[int, typer.Option("--weeks", min=1, max=52, help="How long it takes.")] = 4,
    measure: Annotated[str | None, typer.Option("--measure", help="How you will know that it worked.")] = None,
    note: Note = "",
    employer: EmployerName = None,
    form: Form = Format.table,
) -> None:
    """Start a side project; how things stand today is kept beside it."""
    from repwatch.pipeline.boarding import figure_of
    from repwatch.programme.board import texts
    from repwatch.report.board import proposed
    from repwatch.store import Store
    from repwatch.store.projects import Project

    facts, day, folder = _facts(context, employer)
    small = proposed(facts)[0]
    if title and not measure:
        raise UsageError(_("a project of your own needs a measure"), hint=_("Add --measure with how you will know that it worked."))
    figure = "" if measure else small.figure
    begun = Project(facts["employer"], title or small.title, owner or (texts(spoken())["listen"]["owner"] if title else small.owner), day.isoformat(), weeks,
                    measure or small.measure, figure, figure_of(facts, figure))  # fmt: skip
    with Store.open(folder) as store:
        store.projects.start(begun, note)
    _show(context, employer, form)


@project.command()
def status(context: typer.Context, employer: EmployerName = None, form: Form = Format.table) -> None:
    """Show how the side project stands: its week, and its figure at the start and now."""
    _show(context, employer, form)


@project.command()
def note(context: typer.Context, text: Annotated[str, typer.Argument(help="What happened, in a sentence.", show_default=False)], employer: EmployerName = None, form: Form = Format.table) -> None:
    """Keep a note with the side project that runs."""
    _add(context, employer, text, form)


@project.command()
def done(context: typer.Context, note: Note = "", employer: EmployerName = None, form: Form = Format.table) -> None:
    """End the side project, and show what became of its figure."""
    _add(context, employer, note, form, end=True)


def _add(context: typer.Context, employer: str | None, text: str, form: Format, *, end: bool = False) -> None:
    from repwatch.store import Store

    facts, day, folder = _facts(context, employer)
    with Store.open(folder) as store:
        store.projects.note(facts["employer"], day.isoformat(), text, end=end)
    _show(context, employer, form)


def _show(context: typer.Context, employer: str | None, form: Format) -> None:
    from repwatch.pipeline.boarding import figure_of
    from repwatch.report.board import project as page

    facts, day, _folder = _facts(context, employer)
    row = facts["projects"][0] if facts["projects"] else None
    emit(page(row, figure_of(facts, row["figure"]) if row else None, day, employer=facts["employer"]), form)
