"""Commands for the first minutes: demo and init."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from repwatch.cli.common import Format, now
from repwatch.cli.output import emit, save, write
from repwatch.errors import UsageError
from repwatch.wording import _, spoken


def demo(
    form: Annotated[Format, typer.Option("--format", help="How to answer.")] = Format.table,
    keep: Annotated[Path | None, typer.Option("--keep", help="Keep the demonstration's folder here, to look around in it.")] = None,
) -> None:
    """Run a whole check on an invented employer: real requests to a small simulated web on this machine."""
    import tempfile

    from repwatch.cli.checking import EXITS
    from repwatch.cli.progress import bar
    from repwatch.pipeline.demonstration import EMPLOYER, run_demo
    from repwatch.report.figures import day
    from repwatch.report.morning import morning

    if keep:
        _check_new(keep)
    at = now()
    today = at.date().isoformat()
    with tempfile.TemporaryDirectory() as scratch:
        folder = keep or Path(scratch)
        with bar(_("Reading sources")) as (total, done):
            result = run_demo(folder, at, total=total, done=done)
        closing = _("A real check of this would exit {code}: {meaning}.", code=int(result.exit), meaning=_(EXITS[result.exit]))
        title = _("{name} (invented) · {day}", name=EMPLOYER, day=day(today))
        emit(morning(result.data, title, closing), form, status=result.exit, meta=result.meta)
        if form is Format.table:
            _report(folder, today)


def _check_new(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(_("the folder cannot be made: {why}", why=error.strerror or str(error)), where=str(folder), hint=_("Name a new folder.")) from error
    if any(folder.iterdir()):
        raise UsageError(_("this folder is not empty"), where=str(folder), hint=_("Name a new folder."))


def _report(folder: Path, today: str) -> None:
    from datetime import date, timedelta

    from repwatch.pipeline.summary import summarise
    from repwatch.report.overview import overview
    from repwatch.store import open_reader

    since = (date.fromisoformat(today) - timedelta(days=90)).isoformat()
    with open_reader(folder) as reader:
        data = summarise(reader, reader.employers(), since, today)
    write("\n")
    emit(overview(data), Format.table)


_TEMPLATE = """\
# {head}
language = "{language}"
contact = {contact}

[[employer]]
name = {name}
aliases = []
{domain}
[[employer.source]]
source = "hackernews"
query = {query}

# {feed}
# [[employer.source]]
# source = "feed"
# url = "https://..."
# query = {query}

# {saved}
# [[employer.source]]
# source = "glassdoor"
# url = "https://www.glassdoor.be/Reviews/..."
"""


def init(
    context: typer.Context,
    employer: Annotated[str | None, typer.Option("--employer", help="Your firm's name.")] = None,
    domain: Annotated[str | None, typer.Option("--domain", help="Its web domain: acme.be")] = None,
    contact: Annotated[str | None, typer.Option("--contact", help="An address at which sites can reach you.")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="The settings file to write (default: that of --config, or repwatch.toml here).", show_default=False)] = None,
) -> None:
    """Write a settings file to begin with; an existing one is never overwritten."""
    import json

    from repwatch.pipeline.discovering import searched

    path = to or context.obj.config or Path("repwatch.toml")
    if path.exists():
        raise UsageError(_("there is a settings file already"), where=str(path), hint=_("Change it in an editor, or name another with --to."))
    if employer is None or not employer.strip():
        if not sys.stdin.isatty():
            raise UsageError(_("which employer?"), hint=_('repwatch init --employer "Your firm" --contact you@your-firm.be'))
        employer = typer.prompt(_("Your firm's name"))
    if contact is None and sys.stdin.isatty():
        contact = typer.prompt(_("A contact for the sites that are read (mail or web address)"), default="")
    # JSON strings are TOML strings: quotes and backslashes in a name stay what they are.
    remarks = {
        "head": _("Settings of repwatch. All keys, with a word on each: config.example.toml."), "feed": _("A press feed, or an alert delivered as a feed; `query` says which of its entries count, without it all do:"),
        "saved": _("Glassdoor lets no program in: save the page in your browser and drop it into the inbox folder."),
    }  # fmt: skip
    text = _TEMPLATE.format(**remarks, language=spoken(), name=json.dumps(employer, ensure_ascii=False), query=json.dumps(searched(employer), ensure_ascii=False), contact=json.dumps(contact or ""), domain=f"domain = {json.dumps(domain)}\n" if domain else "")
    save(path, text)
    write(_("Written: {path}", path=path) + "\n" + _("Next: {first}, then {second}.", first="repwatch doctor", second="repwatch check") + "\n")
