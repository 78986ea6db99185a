"""Commands that find what to watch: query test, query explain, discover, recheck."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from repwatch.cli.common import Dialect, Format, agreed, check_sources, settings_needed, today, zone_of
from repwatch.cli.output import emit, save
from repwatch.errors import Exit, UsageError
from repwatch.wording import _

if TYPE_CHECKING:
    from repwatch.config import Loaded
    from repwatch.models import Employer

query = typer.Typer(help="Try a mention query: on what is stored, and on what each source is asked.", no_args_is_help=True, rich_markup_mode=None)

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
        emit(asked(_("What the sources are asked for: {query}", query=text), explain_query(text)), form, dialect=dialect)
        return
    loaded = context.obj.load()
    settings_needed(loaded)
    check_sources(loaded)
    emit(asked(_("What the sources of the settings are asked"), explain_settings(loaded.settings)), form, dialect=dialect)


def _employer(loaded: Loaded, name: str) -> Employer:
    found = next((each.employer for each in loaded.settings.employers if each.name.casefold() == name.casefold()), None)
    if found is None:
        names = ", ".join(each.name for each in loaded.settings.employers)
        raise UsageError(_("no employer {name} stands in the settings", name=repr(name)), hint=_("There are: {names}.", names=names) if names else _("Make a settings file with: {command}", command="repwatch init"))
    return found


def discover(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The employer's name.")],
    domain: Annotated[str | None, typer.Option("--domain", help="Its web domain, which is read for feeds and ratings: acme.be")] = None,
    write_: Annotated[bool, typer.Option("--write", help="Add what was found to the settings without asking.")] = False,  # noqa: FBT002 — a flag of the command line
    form: Form = Format.table,
    dialect: CsvDialect = Dialect.plain,
) -> None:
    """Find what to watch: likely pages of each site, searches, feeds and ratings on the firm's own domain; add them to the settings."""
    from repwatch.pipeline.discovering import look, propose
    from repwatch.report.finding import discovered

    loaded = context.obj.load()
    if not name.strip():
        raise UsageError(_("an employer needs a name"), hint='repwatch discover "Acme" --domain acme.be')
    own = _host(domain) if domain else None
    every = [*(_live(loaded, own, look) if own else ()), *propose(name, own)]
    emit(discovered(name, every), form, dialect=dialect)
    found = [each.found for each in every if each.found]
    if not write_ and not (form is Format.table and sys.stdin.isatty() and sys.stdout.isatty() and agreed(_("Add {n} sources to the settings?", n=len(found)))):
        return
    path = loaded.path or Path("repwatch.toml")
    added = _add(path, name, own, found)
    said = (_("{path}: {n} sources added. Look at what is marked as a guess; then: {command}", path=path, n=added, command="repwatch doctor") if added
            else _("{path}: nothing to add, all of it stands there already.", path=path))  # fmt: skip
    sys.stderr.write(said + "\n")


def _host(domain: str) -> str:
    from urllib.parse import urlsplit

    host = urlsplit(domain if "://" in domain else f"https://{domain}").hostname or ""
    if "." not in host:
        raise UsageError(_("--domain {domain}: this is no web domain", domain=domain), hint=_("Write it as in acme.be"))
    return host


def _live(loaded: Loaded, domain: str, look: Any) -> list[Any]:
    from repwatch.pipeline.running import open_client

    client, _keys = open_client(loaded.settings, loaded.folder)
    try:
        return list(look(domain, client.fetch))
    finally:
        client.close()


def _add(path: Path, name: str, domain: str | None, found: list[Any]) -> int:
    from repwatch.pipeline.adding import add_sources

    text = path.read_text("utf-8-sig") if path.exists() else ""
    written, new = add_sources(text, name, domain, found)
    if new:
        save(path, written)
    return len(new)


def recheck(
    context: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(help="Pages of a list that were saved again, from its first page on.", show_default=False)] = None,
    employer: Annotated[str | None, typer.Option("--employer", help="The employer that the pages are about, or of whom alone to tell.")] = None,
    form: Form = Format.table,
    dialect: CsvDialect = Dialect.plain,
) -> None:
    """Show which reviews have vanished from the lists that were read again, and which lists to save next."""
    from datetime import timedelta

    from repwatch.cli.files import import_saved
    from repwatch.cli.reading import known_employers
    from repwatch.pipeline.normalise import meant
    from repwatch.report.finding import rechecked
    from repwatch.store import open_reader

    loaded = context.obj.load()
    folder = context.obj.folder(loaded)
    employer = employer and meant(employer, loaded.settings.known)
    results = import_saved(folder, loaded, files, None, None, employer)[0] if files else []
    unread = [f"{each.path.name}: {each.reason}" for each in results if each.state not in ("read", "partly")]
    with open_reader(folder) as reader:
        # Pages that could not be read leave an employer unknown; what is wrong with them is told.
        only = employer if employer is None or unread else known_employers(reader, employer, context.obj)[0]
        lists = [each for each in reader.listings() if only in (None, each["employer"])]
        gone = reader.mentions(employer=only, type="review", vanished=True, limit=None)
    day = today(zone_of(loaded))
    back = (day - timedelta(days=loaded.settings.recheck_days)).isoformat()
    code = Exit.PARTIAL if unread else Exit.OK
    emit(rechecked(lists, gone, unread, back, day.isoformat()), form, dialect=dialect, status=code)
    raise typer.Exit(code)
