"""The command that reads along in the user's own browser: browse."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from repwatch.cli.common import Format, agreed, check_address, instant, now
from repwatch.cli.output import emit
from repwatch.errors import Exit, UsageError
from repwatch.wording import N_, _

if TYPE_CHECKING:
    from repwatch.pipeline.browsing import Read

_SAVE = N_("{url}: the site shows a test for humans. repwatch solves no tests. Close this window, open the page in your usual browser, save it with Save Page As (Ctrl-S), and drop the file into the inbox folder.")


def browse(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="The page to begin with.")],
    employer: Annotated[str | None, typer.Option("--employer", help="The employer that the pages are about.")] = None,
    browser: Annotated[Path | None, typer.Option("--browser", help="The browser to open; left away: the Chromium, Chrome or Edge of this machine.")] = None,
    argument: Annotated[list[str] | None, typer.Option("--browser-argument", help="An argument for the browser, as a locked-down machine may need.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="You have read the site's terms; do not ask.")] = False,  # noqa: FBT002 — a flag of the command line
    form: Annotated[Format, typer.Option("--format", help="How to answer.")] = Format.table,
) -> None:
    """Open a page in your own browser and read along: you log in and turn the pages, repwatch keeps what arrives.

    It clicks nothing, hides nothing and solves nothing. It ends when you close the window.
    """
    from repwatch.report.finding import browsed

    if not url.startswith(("http://", "https://")):
        raise UsageError(_("{url} is no address", url=url), hint=_("It starts with https://"))
    loaded = context.obj.load()
    check_address(url, loaded, context.obj.folder(loaded))
    _ask(url, yes=yes)
    reads, lost, archive, code = _read_along(context.obj.folder(loaded), loaded, url, employer, str(browser) if browser else None, argument or [])
    emit(browsed(url, reads, lost), form, status=code, meta={"archive": archive})
    raise typer.Exit(code)


def _ask(url: str, *, yes: bool) -> None:
    """Show the site's terms and ask; without a person at the keyboard --yes is needed."""
    from repwatch.pipeline.browsing import info_for

    info = info_for(url)
    terms = _("{title}: {terms}", title=info.title, terms=_(info.terms)) if info else _("repwatch does not know this site's terms: read them before you go on.")
    sys.stderr.write(terms + "\n" + _("repwatch reads what your browser receives while you look at the pages yourself, and keeps it on this machine.") + "\n")
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError(_("nobody is there to agree to the site's terms"), hint=_("Read them, then add --yes."))
    if not agreed(_("Go on?")):
        raise typer.Abort


def _read_along(folder: Path, loaded: Any, url: str, employer: str | None, browser: str | None, arguments: list[str]) -> tuple[list[Read], int, str, Exit]:
    from repwatch.pipeline.browsing import exit_for, read_along
    from repwatch.pipeline.normalise import load_key, meant
    from repwatch.pipeline.saving import Desk
    from repwatch.pipeline.scorers import scorer_of
    from repwatch.pipeline.upkeep import finish_rotation, mask_stored
    from repwatch.pipeline.vanishing import settle
    from repwatch.store import Store
    from repwatch.web.archive import ArchiveWriter
    from repwatch.web.browser import open_window

    archives = folder / "archive"
    lost: list[int] = []
    with Store.open(folder) as store, scorer_of(loaded, folder) as scorer:
        archives.mkdir(exist_ok=True, mode=0o700)
        started = instant(now())
        employers = loaded.settings.known
        finish_rotation(store)
        mask_stored(store, employers, started)
        run = store.begin_run("browse", started, {"url": url})
        desk = Desk(store, run, started, load_key(folder, create=True), employers, [], scorer=scorer, sights=[])
        writer = ArchiveWriter(archives / f"{started.replace(':', '').replace('-', '')}-{run}.warc.gz", info={"browse": url})
        window = partial(open_window, url, folder / "browser", executable=browser, arguments=arguments)
        code = Exit.INTERRUPTED
        try:
            reads = list(read_along(lambda received: lost.append(window(received)), writer, desk, employer and meant(employer, employers), _tell))
            code = exit_for(reads)
            settle(desk)
        finally:
            writer.close()
            store.finish_run(run, instant(now()), int(code), {})
    return reads, sum(lost), str(writer.path), code


def _tell(read: Read) -> None:
    """Say on standard error what has just been recognised, while the person goes on."""
    from repwatch.cli.start import say
    from repwatch.report.listing import counted

    if read.challenged:
        say(_(_SAVE, url=read.url))
    elif read.types:
        say(_("{source}: {counts}, {n} new", source=read.source, counts=counted(read.types), n=read.new))
