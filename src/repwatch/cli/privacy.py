"""Commands on personal data: what is kept, forget it, hand it out, let it go, say so, and mask what comes in."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from repwatch.cli.common import Dialect, Format, agreed, instant, nearest, now
from repwatch.cli.consenting import (
    Lang,
    Language,
    inbox_of,
    language_of,
    locked,
    open_store,
    today_of,
)
from repwatch.cli.output import emit, write
from repwatch.errors import Exit, UsageError
from repwatch.wording import _, n_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repwatch.config import Loaded
    from repwatch.pipeline.erasure import Wish
    from repwatch.store import Store

app = typer.Typer(name="privacy", help="What is kept about people: see it, hand it out, forget it, let it go, and say so.", no_args_is_help=True, rich_markup_mode=None)

Author = Annotated[str | None, typer.Option("--author", help="A handle (with or without @) or a pseudonym (p and 16 letters).")]
Url = Annotated[str | None, typer.Option("--url", help="The address of a post or review.")]
Source = Annotated[str | None, typer.Option("--source", help="Only this source.")]
EmployerName = Annotated[str | None, typer.Option("--employer", help="Only this employer.")]
Since = Annotated[str | None, typer.Option("--since", help="From this day on: 2026-03, 2026-03-01, 90d.")]
Until = Annotated[str | None, typer.Option("--until", help="Up to and including this day.")]
Ids = Annotated[list[int] | None, typer.Option("--id", help="The number of an item, as `mentions` shows it; may be repeated.", show_default=False)]
Form = Annotated[Format, typer.Option("--format", help="How to answer.")]
CsvDialect = Annotated[Dialect, typer.Option("--csv-dialect", help="`excel` for semicolons.")]
_CHUNK = 1 << 16


class Shape(StrEnum):
    """How an access request is answered."""

    text = "text"
    json = "json"


@app.command()
def mask(
    context: typer.Context,
    stored: Annotated[bool, typer.Option("--stored", help="Mask what the store holds instead; goes on where it was interrupted.")] = False,  # noqa: FBT002 — a flag of the command line
) -> None:
    """Read lines from standard input and write them with phones, numbers, mail addresses, handles and profiles masked."""
    from repwatch.text.masking import masker_for

    loaded = context.obj.load()
    employers = loaded.settings.known
    if stored:
        from repwatch.pipeline.upkeep import mask_stored

        with locked(context, loaded) as store:
            count = mask_stored(store, employers, instant(now()), again=True)
            if count:
                store.privacy.scrub()
        write(n_("{n} item looked at and masked where needed.", "{n} items looked at and masked where needed.", count) + "\n")
        return
    masker = masker_for(employers)
    for lines in _lines():
        for line in lines:
            # What is not UTF-8 goes through as it is, byte by byte.
            sys.stdout.buffer.write(masker.mask(line.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape"))
        sys.stdout.buffer.flush()


def _lines() -> Iterator[list[bytes]]:
    """Yield lines as they come, as many at once as came at once; the last may have no end. Only a newline ends a line."""
    rest = b""
    while chunk := os.read(sys.stdin.fileno(), _CHUNK):
        *whole, rest = (rest + chunk).split(b"\n")
        yield [line + b"\n" for line in whole]
    yield [rest]


@app.command()
def status(context: typer.Context, form: Form = Format.table, dialect: CsvDialect = Dialect.plain) -> None:
    """Show what is kept about people, how old it is, which keys and consents there are, and what is due."""
    from repwatch.pipeline.holding import standing
    from repwatch.report.privacy import status as document

    loaded = context.obj.load()
    with open_store(context, loaded) as store:
        data = standing(store, loaded.settings, today_of(loaded))
    emit(document(data), form, dialect=dialect)


@app.command()
def forget(  # noqa: PLR0913, PLR0917 — one option a parameter, as Typer wants it
    context: typer.Context,
    author: Author = None,
    url: Url = None,
    source: Source = None,
    employer: EmployerName = None,
    since: Since = None,
    until: Until = None,
    ids: Ids = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be forgotten.")] = False,  # noqa: FBT002 — a flag of the command line
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,  # noqa: FBT002 — as above
    form: Form = Format.table,
    dialect: CsvDialect = Dialect.plain,
) -> None:
    """Forget an author, a page, a source, a period or single items, everywhere and for good; then prove it."""
    from repwatch.pipeline.erasure import forget as erase
    from repwatch.pipeline.erasure import wanted
    from repwatch.report.privacy import forgotten, would_forget

    loaded = context.obj.load()
    wish = _wish(loaded, author, url, source, employer, since, until, ids)
    with locked(context, loaded) as store:
        _refuse_slips(store, wish)
        found = store.privacy.find(wanted(store, wish))
        if dry_run:
            emit(would_forget(len(found), found), form, dialect=dialect)
            return
        if not yes and sys.stdin.isatty() and not agreed(n_("Forget {n} item for good?", "Forget {n} items for good?", len(found))):
            raise typer.Abort
        result = erase(store, wish, loaded.settings.known, instant(now()), inbox_of(loaded, store.folder))
    code = Exit.PARTIAL if result.left else Exit.OK
    emit(forgotten(result), form, status=code, dialect=dialect)
    raise typer.Exit(code)


@app.command()
def export(  # noqa: PLR0913, PLR0917 — one option a parameter, as Typer wants it
    context: typer.Context,
    author: Author = None,
    url: Url = None,
    source: Source = None,
    employer: EmployerName = None,
    since: Since = None,
    until: Until = None,
    ids: Ids = None,
    form: Annotated[Shape, typer.Option("--format", help="text to read, json to hand on.")] = Shape.text,
) -> None:
    """Write all that is held about a person or an item, to answer a request for access."""
    import json

    from repwatch.pipeline.holding import access
    from repwatch.report.privacy import access_text

    loaded = context.obj.load()
    wish = _wish(loaded, author, url, source, employer, since, until, ids)
    with locked(context, loaded) as store:
        _refuse_slips(store, wish)
        data = access(store, wish, loaded.settings.known, instant(now()))
    write(json.dumps(data, ensure_ascii=False, indent=2) + "\n" if form is Shape.json else access_text(data))


@app.command()
def retention(context: typer.Context, form: Form = Format.table, dialect: CsvDialect = Dialect.plain) -> None:
    """Let go now what is due: old texts, texts of what vanished, old archives; then pack the database. `check` does it daily."""
    from repwatch.pipeline.upkeep import keep
    from repwatch.report.privacy import kept

    loaded = context.obj.load()
    settings = loaded.settings
    with locked(context, loaded) as store:
        done = keep(store, settings.privacy, loaded.settings.known, instant(now()), today_of(loaded), settings.archive_days)
        store.privacy.scrub()
    emit(kept(done, settings), form, dialect=dialect)


@app.command()
def notice(context: typer.Context, lang: Lang = None) -> None:
    """Write the notice for the people whose posts are read (GDPR Art. 14), as Markdown. Not legal advice."""
    _letter(context, "privacy-notice", lang)


@app.command()
def register(context: typer.Context, lang: Lang = None) -> None:
    """Write the entry for your register of processing, with interests weighed, as Markdown. Not legal advice."""
    _letter(context, "privacy-register", lang)


@app.command()
def audit(context: typer.Context, form: Form = Format.table, dialect: CsvDialect = Dialect.plain) -> None:
    """Show the log of what was done with personal data, and whether it is whole."""
    from repwatch.report.privacy import log
    from repwatch.store.consents import first_broken

    with open_store(context, context.obj.load()) as store:
        acts = store.privacy.acts()
    broken = first_broken(acts)
    code = Exit.PARTIAL if broken else Exit.OK
    emit(log(acts, broken), form, status=code, dialect=dialect)
    raise typer.Exit(code)


@app.command(name="rotate-key")
def rotate_key(context: typer.Context) -> None:
    """Give every person a new pseudonym; what was handed out under the old ones no longer fits. Tombstones stay."""
    from repwatch.pipeline.upkeep import rotate_key as rotate

    with locked(context, context.obj.load()) as store:
        count = rotate(store, instant(now()))
    write(n_("The key was rotated: {n} item has a new pseudonym.", "The key was rotated: {n} items have new pseudonyms.", count) + "\n")


@app.command()
def resolve(context: typer.Context, item: Annotated[int, typer.Argument(help="The number of an item, as `mentions` shows it.")]) -> None:
    """Show the address of an item whose stored one names no account, for as long as the archive holds its page."""
    from repwatch.pipeline.holding import address

    loaded = context.obj.load()
    with open_store(context, loaded) as store:
        if next(store.privacy.held([item]), None) is None:
            raise UsageError(_("there is no item {item}", item=item), hint=_("`repwatch mentions` shows the ids."))
        found = address(store, item, loaded.settings.known)
    if found is None:
        raise UsageError(_("the archive no longer holds the page of item {item}", item=item), hint=_("Pages are kept for `archive_days`; the post itself may still be found by its words."))
    write(f"{found}\n")


@app.command()
def consent(
    context: typer.Context,
    who: Annotated[str | None, typer.Option("--who", help="The person, as you call them, or their handle.")] = None,
    purpose: Annotated[str | None, typer.Option("--purpose", help="What they agreed to.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Until when: 2027-06-30.")] = None,
    how: Annotated[str | None, typer.Option("--how", help="How they were asked: by mail, in a talk, on a form.")] = None,
    accounts: Annotated[list[str] | None, typer.Option("--account", help="An account they named themselves; may be repeated.", show_default=False)] = None,
    form: Form = Format.table,
    dialect: CsvDialect = Dialect.plain,
) -> None:
    """Record that a person agreed to something; without options, show the consents there are."""
    from repwatch.models import Consent
    from repwatch.period import parse_until
    from repwatch.report.privacy import consents

    loaded = context.obj.load()
    day = today_of(loaded)
    if any((who, purpose, until, how, accounts)):
        missing = [name for name, value in (("--who", who), ("--purpose", purpose), ("--until", until), ("--how", how)) if not value]
        if missing:
            raise UsageError(_("a consent needs {names} too", names=", ".join(missing)), hint=_('repwatch privacy consent --who "@an" --purpose "read her public posts" --until 2027-06-30 --how "by mail"'))
        expires = parse_until(until or "", day)
        if expires < day:
            raise UsageError(_("this consent would have ended on {day}", day=expires), hint=_("Name a day to come with --until."))
        with locked(context, loaded) as store:
            store.privacy.record(Consent(who=who or "", purpose=purpose or "", given=day, expires=expires, how=how or "", accounts=tuple(accounts or ())), instant(now()))
            store.privacy.note(instant(now()), "consent", {"recorded": 1})
    with open_store(context, loaded) as store:
        found = store.privacy.consents()
    emit(consents(found, day), form, dialect=dialect)


@app.command()
def withdraw(
    context: typer.Context,
    who: Annotated[str, typer.Argument(help="The person, as recorded.")],
    purpose: Annotated[str | None, typer.Option("--purpose", help="Only for this purpose.")] = None,
) -> None:
    """Take a consent back, and forget what was read under it."""
    from repwatch.pipeline.erasure import Wish
    from repwatch.pipeline.erasure import forget as erase
    from repwatch.pipeline.volunteering import wishes_for

    loaded = context.obj.load()
    with locked(context, loaded) as store:
        gone = store.privacy.withdraw(who, purpose)
        if not gone:
            raise UsageError(_("there is no consent of {who} on record", who=repr(who)), hint=_("See them with: {command}", command="repwatch privacy consent"))
        at = instant(now())
        store.privacy.note(at, "withdraw", {"consents": len(gone)})
        wishes = dict.fromkeys([Wish(author=who), *(wish for each in gone for account in each.accounts for wish in wishes_for(account))])
        results = [erase(store, wish, loaded.settings.known, at, inbox_of(loaded, store.folder)) for wish in wishes]
    left = sum(len(each.left) for each in results)
    write(_("Withdrawn. Consents deleted: {consents}. Items forgotten: {items}.", consents=len(gone), items=sum(each.items for each in results)) + "\n")
    raise typer.Exit(Exit.PARTIAL if left else Exit.OK)


def _wish(loaded: Loaded, author: str | None, url: str | None, source: str | None, employer: str | None, since: str | None, until: str | None, ids: list[int] | None) -> Wish:
    from repwatch.period import parse_since, parse_until
    from repwatch.pipeline.erasure import Wish
    from repwatch.pipeline.normalise import meant

    day = today_of(loaded)
    employer = meant(employer, loaded.settings.known) if employer else employer
    first, last = (parse_since(since, day).isoformat() if since else None), (parse_until(until, day).isoformat() if until else None)
    wish = Wish(author, url, source, employer, first, last, tuple(ids or ()))
    if not any(wish):
        raise UsageError(_("whom or what?"), hint=_("Name at least one of --author, --url, --source, --employer, --since, --until and --id."))
    return wish


def _refuse_slips(store: Store, wish: Wish) -> None:
    """Refuse a source or an employer of which nothing can be stored: a slip of the pen is no proof that nothing is held."""
    from repwatch import sources

    names = sorted({*store.privacy.sources(), *sources.names()})
    if wish.source and wish.source not in names:
        raise UsageError(_("nothing is stored about {name}", name=repr(wish.source)), hint=nearest(wish.source, names))
    employers = store.privacy.employers()
    if wish.employer and wish.employer not in employers:
        raise UsageError(_("nothing is stored about {name}", name=repr(wish.employer)), hint=nearest(wish.employer, list(filter(None, employers))[:10]))


def _letter(context: typer.Context, name: str, lang: Language | None) -> None:
    from repwatch.pipeline.holding import letter_facts
    from repwatch.report.letters import letter

    loaded = context.obj.load()
    write(letter(name, language_of(lang), letter_facts(loaded.settings, today_of(loaded))))
