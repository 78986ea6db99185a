"""Commands that find what to watch: query test, query explain, discover, recheck."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from repwatch.cli.common import (
    Dialect,
    Format,
    check_sources,
    emit,
    settings_needed,
    today,
    zone_of,
)
from repwatch.errors import UsageError

if TYPE_CHECKING:
    from repwatch.config import Loaded
    from repwatch.models import Employer

query = typer.Typer(help="Try a mention query: on what is stored, and on what each source is asked.", no_args_is_help=True)

QueryText = Annotated[str, typer.Argument(help='For example: "Acme Belgium" OR (acme NOT records)')]
Form = Annotated[Format, typer.Option("--format", help="How to answer.")]
CsvDialect = Annotated[Dialect, typer.Option("--csv-dialect", help="`excel` for semicolons.")]


@query.command("test")
def try_(
    context: typer.Context,
    text: QueryText,
    employer: Annotated[str | None, typer.Option("--employer", help="Judge by the context rules of this employer, too.")] = None,
    since: Annotated[str, typer.Option("--since", help="First day of the mentions that are tried: 90d, 2026-03.")] = "1y",
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many hits, and so many misses.")] = 20,
    form: Form = Format.table,
    dialect: CsvDialect = Dialect.plain,
) -> None:
    """Show which stored mentions a query hits and misses, and why."""
    from repwatch.period import parse_since
    from repwatch.pipeline.querying import stored, try_query
    from repwatch.report.finding import tried
    from repwatch.store import open_reader

    loaded = context.obj.load()
    whom = _employer(loaded, employer) if employer else None
    first = parse_since(since, today(zone_of(loaded))).isoformat()
    with open_reader(context.obj.folder(loaded)) as reader:
        found = try_query(text, stored(reader, first, None), whom)
    emit(tried(text, found, limit, employer), form, dialect=dialect)


@query.command("explain")
def explain(
    context: typer.Context,
    text: Annotated[str | None, typer.Argument(help="A query; left away, those of the settings.", show_default=False)] = None,
    form: Form = Format.table,
    dialect: CsvDialect = Dialect.plain,
) -> None:
    """Show what each source is asked for a query, and what repwatch judges itself."""
    from repwatch.pipeline.querying import explain_query, explain_settings
    from repwatch.report.finding import asked

    if text is not None:
        emit(asked(f"What the sources are asked for: {text}", explain_query(text)), form, dialect=dialect)
        return
    loaded = context.obj.load()
    settings_needed(loaded)
    check_sources(loaded)
    emit(asked("What the sources of the settings are asked", explain_settings(loaded.settings)), form, dialect=dialect)


def _employer(loaded: Loaded, name: str) -> Employer:
    found = next((each.employer for each in loaded.settings.employers if each.name.casefold() == name.casefold()), None)
    if found is None:
        names = ", ".join(each.name for each in loaded.settings.employers)
        raise UsageError(f"no employer {name!r} stands in the settings", hint=f"There are: {names}." if names else "Make a settings file with: repwatch init")
    return found
