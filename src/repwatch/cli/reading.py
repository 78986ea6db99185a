"""Commands that only read the store: report, mentions, sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from repwatch.cli.common import Dialect, Format, Where, emit, today
from repwatch.errors import Exit, UsageError

if TYPE_CHECKING:
    from repwatch.store import Reader

Since = Annotated[str, typer.Option("--since", help="First day: 30d, 12w, 6m, 2026-03, 2026-03-01.")]
Until = Annotated[str | None, typer.Option("--until", help="Last day, itself included; today if left away.")]
EmployerName = Annotated[str | None, typer.Option("--employer", help="Only this employer.")]
SourceName = Annotated[str | None, typer.Option("--source", help="Only this source.")]
Lang = Annotated[str | None, typer.Option("--lang", help="Only texts in this language: fr, nl, en, de.")]
Form = Annotated[Format, typer.Option("--format", help="How to answer.")]
CsvDialect = Annotated[Dialect, typer.Option("--csv-dialect", help="`excel` for semicolons, as a Belgian Excel expects.")]


def _period(since: str | None, until: str | None) -> tuple[str | None, str | None]:
    from repwatch.period import parse_since, parse_until

    day = today(_zone())
    first = parse_since(since, day) if since else None
    last = parse_until(until, day) if until else day if since else None
    if first and last and first > last:
        raise UsageError(f"the period ends ({last}) before it begins ({first})", hint="Exchange --since and --until.")
    return (first.isoformat() if first else None), (last.isoformat() if last else None)


def _zone() -> str | None:
    import os

    return os.environ.get("REPWATCH_TIMEZONE") or None


def _open(where: Where) -> Reader:
    from repwatch.store import open_reader

    return open_reader(where.folder())


def _employers(reader: Reader, name: str | None) -> list[str]:
    known = reader.employers()
    if name is None:
        return [each for each in known if each] + [each for each in known if not each]
    if name in known:
        return [name]
    folded = [each for each in known if each.casefold() == name.casefold()]
    if folded:
        return folded
    import difflib

    near = difflib.get_close_matches(name, known, 1, 0.5)
    raise UsageError(f"nothing is stored about {name!r}", hint=f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(filter(None, known[:10])) or 'no employer yet'}.")


def report(
    context: typer.Context,
    since: Since = "30d",
    until: Until = None,
    employer: EmployerName = None,
    source: SourceName = None,
    lang: Lang = None,
    form: Form = Format.table,
    dialect: CsvDialect = Dialect.plain,
) -> None:
    """Show rating, net sentiment and volume by source, each with n and interval, and what could not be seen."""
    from repwatch.pipeline.summary import summarise
    from repwatch.report.overview import overview

    first, last = _period(since, until)
    with _open(context.obj) as reader:
        data = summarise(reader, _employers(reader, employer), first, last, source=source, lang=lang)
    code = Exit.PARTIAL if form is Format.json and _partly_blind(data) else Exit.OK
    emit(overview(data), form, dialect=dialect, status=code)


def _partly_blind(data: dict[str, Any]) -> bool:
    states = [each["coverage"]["last_state"] for row in data["employers"] for each in row["sources"] if each["coverage"]]
    return any(state not in ("read", "skipped") for state in states)


def mentions(  # noqa: PLR0913, PLR0917 — one option a parameter, as Typer wants it
    context: typer.Context,
    search: Annotated[str | None, typer.Argument(help='Words to find; "a phrase" and word* work.', show_default=False)] = None,
    since: Annotated[str | None, typer.Option("--since", help="First day: 30d, 2026-03-01.")] = None,
    until: Until = None,
    employer: EmployerName = None,
    source: SourceName = None,
    lang: Lang = None,
    sentiment: Annotated[str | None, typer.Option("--sentiment", help="positive, negative, neutral, mixed, unclear or unscored.")] = None,
    kind: Annotated[str | None, typer.Option("--type", help="review, mention or interview.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 50,
    form: Form = Format.table,
    dialect: CsvDialect = Dialect.plain,
) -> None:
    """List and search reviews and mentions, newest first."""
    from repwatch.pipeline.summary import LABELS
    from repwatch.report.listing import mentions as listing

    if sentiment is not None and sentiment not in LABELS:
        raise UsageError(f"--sentiment {sentiment}: there is no such label", hint=f"Use one of: {', '.join(LABELS)}.")
    first, last = _period(since, until)
    with _open(context.obj) as reader:
        name = _employers(reader, employer)[0] if employer is not None else None
        rows = reader.mentions(search, employer=name, source=source, since=first, until=last, lang=lang, label=sentiment, type=kind, limit=limit, fold=True)
    shown = f" (the newest {limit}; --limit shows more)" if len(rows) == limit else ""
    emit(listing(rows, shown), form, dialect=dialect)


def sources(context: typer.Context, form: Form = Format.table, dialect: CsvDialect = Dialect.plain) -> None:
    """Show the sources repwatch can read, through which door, on what terms, and how the last check went."""
    from repwatch import sources as registry
    from repwatch.errors import StoreError
    from repwatch.report.listing import sources as listing

    used: dict[str, str] = {}
    try:
        with _open(context.obj) as reader:
            used = {row["source"]: row["state"] for row in reader.ledger()}
    except StoreError:
        # Before the first check there is no store, and the list of sources is whole without it.
        used = {}
    emit(listing([registry.load(name).INFO for name in registry.names()], used), form, dialect=dialect)
