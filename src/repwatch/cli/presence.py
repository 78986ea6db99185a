"""What `repwatch profiles` shows by itself; the commands beneath it are in `profiles`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repwatch.cli.common import Dialect, Format, Where, today
from repwatch.cli.output import emit
from repwatch.errors import UsageError
from repwatch.wording import _

if TYPE_CHECKING:
    from repwatch.config import Loaded
    from repwatch.store import Reader


def profiles(
    context: typer.Context,
    employer: Annotated[list[str] | None, typer.Option("--employer", help="Only this employer; may be repeated.", show_default=False)] = None,
    source: Annotated[str | None, typer.Option("--source", help="Only this site.")] = None,
    history: Annotated[bool, typer.Option("--history", help="Since when each page is claimed, or not.")] = False,  # noqa: FBT002 — a flag of the command line
    shock: Annotated[bool, typer.Option("--shock", help="One page for a workshop: companies side by side, and whose pages nobody has claimed.")] = False,  # noqa: FBT002 — as above
    form: Annotated[Format, typer.Option("--format", help="How to answer.")] = Format.table,
    dialect: Annotated[Dialect, typer.Option("--csv-dialect", help="`excel` for semicolons, as a Belgian Excel expects.")] = Dialect.plain,
    out: Annotated[Path | None, typer.Option("--out", help="Write to this file instead of standard output.")] = None,
) -> None:
    """Show your page on every review site: found or not, claimed or not, its figures, and what to do next; then your peers'."""
    if context.invoked_subcommand is not None:
        return
    from repwatch.cli.filters import source_of
    from repwatch.pipeline.presence import claim_history, places, presence
    from repwatch.report import presence as report
    from repwatch.store import open_reader

    if history and shock:
        raise UsageError(_("--history and --shock are two different pages"), hint=_("Choose one of them."))
    loaded = context.obj.load()
    settings = loaded.settings
    with open_reader(context.obj.folder(loaded)) as reader:
        names, source = _names(reader, loaded, context.obj, employer, everybody=shock), source_of(reader, source)
        if history:
            emit(report.history(claim_history(reader, names, source)), form, dialect=dialect, out=out)
            return
        wanted = places(settings, names, peers=not shock)
        rows = presence(reader, wanted, today(settings.timezone), within_days=settings.answer_within_days, source=source)
    emit(report.shock(rows) if shock else report.listing(rows), form, dialect=dialect, out=out)


def _names(reader: Reader, loaded: Loaded, where: Where, asked: list[str] | None, *, everybody: bool) -> list[str]:
    """Return the employers to show: those asked for; else those of the settings that are nobody's peers; else all that are stored."""
    from repwatch.cli.reading import known_employers
    from repwatch.pipeline.answering import only_peers

    told = loaded.settings.employers
    if asked:
        known = {each.name.casefold(): each.name for each in told}
        return list(dict.fromkeys(known.get(name.casefold()) or known_employers(reader, name, where)[0] for name in asked))
    theirs = only_peers(told)
    own = [each.name for each in told if each.name not in theirs]
    return own if own and not everybody else [name for name in reader.employers() if name]
