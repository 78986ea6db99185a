"""What the commands on people share: a code, a consent, a day, the store, and the way out."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repwatch.cli.common import Format, instant, now, today
from repwatch.cli.output import emit, write
from repwatch.errors import Exit, UsageError
from repwatch.wording import _, spoken

if TYPE_CHECKING:
    from repwatch.config import Loaded
    from repwatch.programme.people import Role
    from repwatch.store import Store


class Language(StrEnum):
    """The languages in which letters are written."""

    en = "en"
    fr = "fr"
    nl = "nl"
    de = "de"


Code = Annotated[str, typer.Argument(metavar="CODE", help="The name that the person chose to be known by.", show_default=False)]
Until = Annotated[str | None, typer.Option("--until", help="Until when the consent holds: 2027-06-30; two years at most.")]
How = Annotated[str | None, typer.Option("--how", help="How they were asked: by mail, in a talk, on a form.")]
Lang = Annotated[Language | None, typer.Option("--lang", help="The language; that of the settings if left away.")]


def today_of(loaded: Loaded) -> date:
    """Return today in the time zone of the settings."""
    return today(loaded.settings.timezone)


def checked_day(option: str, told: str | None, day: date) -> date:
    """Return the day that an option told, or today; refuse one to come."""
    from repwatch.period import parse_day

    found = parse_day(option, told, day) if told else day
    if found > day:
        raise UsageError(_("{day} is still to come", day=found), hint=_("Name today or a day before."))
    return found


def expiry(told: str | None, day: date) -> date | None:
    """Return the day until which a consent holds, None where nobody said."""
    from repwatch.period import parse_day

    return parse_day("--until", told, day, last=True) if told else None


def language_of(lang: Language | None) -> str:
    """Return the language of a text: the one asked for, else that of the answers."""
    return lang.value if lang else spoken()


def open_store(context: typer.Context, loaded: Loaded) -> Store:
    """Open the store of the data folder."""
    from repwatch.store import Store

    return Store.open(context.obj.folder(loaded))


def inbox_of(loaded: Loaded, folder: Path) -> Path | None:
    """Return the inbox where it lies outside the data folder."""
    inbox = loaded.settings.inbox
    outside = (loaded.path.parent if loaded.path else Path()) / inbox if inbox else None
    return outside if outside and folder.resolve() not in outside.resolve().parents else None


class locked:  # noqa: N801 — used as a function would be
    """Hold the folder against a check, and hand out its store."""

    def __init__(self, context: typer.Context, loaded: Loaded) -> None:
        from filelock import FileLock

        self._folder: Path = context.obj.folder(loaded)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = FileLock(self._folder / "check.lock", timeout=0)

    def __enter__(self) -> Store:
        from filelock import Timeout

        from repwatch.store import Store

        try:
            self._lock.acquire()
        except Timeout:
            raise UsageError(_("a check is at work in this folder"), where=str(self._folder), hint=_("Wait until it has ended.")) from None
        return Store.open(self._folder)

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def take_in(context: typer.Context, code: str, role: Role, until: str | None, how: str | None, form: Format) -> None:
    """Record the consent of a person, or its renewal, and say how to leave again."""
    from repwatch.pipeline import volunteering
    from repwatch.report.figures import day as told_day
    from repwatch.report.volunteers import done

    loaded = context.obj.load()
    group = context.command_path.split()[-2]
    day = today_of(loaded)
    consent = volunteering.consent_of(code, role, day, expiry(until, day), how)
    with open_store(context, loaded) as store:
        volunteering.join(store, consent, role, instant(now()))
    emit(done(f"{group} join", _("{code} takes part until {day}.", code=code, day=told_day(str(consent.expires))), consent.model_dump(mode="json"),
              _("Leaving is one command: repwatch {group} leave {code}", group=group, code=code)), form)  # fmt: skip


def take_out(context: typer.Context, code: str) -> None:
    """Delete everything about a person, say so, and exit."""
    from repwatch.pipeline.volunteering import leave

    loaded = context.obj.load()
    with locked(context, loaded) as store:
        gone = leave(store, code, loaded.settings.known, instant(now()), inbox_of(loaded, store.folder))
    write(_("Everything about this person is deleted. Consents: {consents}. Stored posts: {items}.", consents=gone.consents, items=gone.items) + "\n")
    if gone.left:
        write(_("Something still stands in these files, which are not repwatch's own to remove: {files}", files=", ".join(gone.left)) + "\n")
    raise typer.Exit(Exit.PARTIAL if gone.left else Exit.OK)
