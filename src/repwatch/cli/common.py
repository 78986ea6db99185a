"""What the commands share: places, formats, the clock, what is refused early."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from repwatch.errors import SettingsError, UsageError
from repwatch.period import instant as instant  # noqa: PLC0414 — commands take it from here, beside the clock
from repwatch.wording import _

if TYPE_CHECKING:
    from repwatch.config import Loaded
    from repwatch.models import Consent, Credential


class Format(StrEnum):
    """The forms in which a command can answer."""

    table = "table"
    json = "json"
    csv = "csv"
    md = "md"
    xlsx = "xlsx"
    html = "html"
    pdf = "pdf"
    eml = "eml"


class Dialect(StrEnum):
    """How CSV is written: `excel` opens right in a French, Dutch or German Excel."""

    plain = "plain"
    excel = "excel"


class Where(NamedTuple):
    """The places that flags or the environment name."""

    data_dir: Path | None = None
    config: Path | None = None

    def load(self) -> Loaded:
        """Read the settings."""
        from repwatch import config

        return config.load(self.config)

    def folder(self, loaded: Loaded | None = None) -> Path:
        """Return the data folder; settings are only read where neither a flag nor the environment names it."""
        if self.data_dir:
            if self.config:
                from repwatch.settings_file import find_file

                find_file(self.config)  # a file that was named and is not there is a slip, whatever needs it
            return self.data_dir
        from repwatch import config

        return config.data_dir(loaded or self.load())


def now() -> datetime:
    """Return the current instant; the one place, with `web`, where the clock is read."""
    return datetime.now(UTC)


def at_most(limit: int | None, form: Format) -> int | None:
    """Return how many rows to show: as asked for, else what a person reads at a time; a program gets all."""
    return limit or (50 if form in (Format.table, Format.md) else None)


def today(zone: str | None = None) -> date:
    """Return the local date."""
    if zone is None:
        return now().astimezone().date()
    from zoneinfo import ZoneInfo

    return now().astimezone(ZoneInfo(zone)).date()


def today_at(where: Where) -> date:
    """Return the date in the time zone of the environment or the settings file, whose other keys are not looked at; the machine's else."""
    import os

    from repwatch.settings_file import value_told

    named = os.environ.get("REPWATCH_TIMEZONE")
    zone = named or value_told("timezone", where.config)
    if not isinstance(zone, str):
        return today()
    from zoneinfo import ZoneInfoNotFoundError

    try:
        return today(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        place = "REPWATCH_TIMEZONE" if named else "timezone"
        raise UsageError(_("a time zone looks like {example}", example='"Europe/Brussels"'), where=f"{place}: {zone!r}", hint=_("Correct it, or leave it away: then the machine's time zone counts.")) from None


def agreed(question: str) -> bool:
    """Ask a question that is answered with yes or no, in the user's language; an empty line says no."""
    import typer

    told = str(typer.prompt(f"{question} {_('[y/N]')}", default="", show_default=False, err=True)).strip().casefold()
    return told in ("y", "yes", _("yes"), _("yes")[0])


def zone_of(loaded: Loaded) -> str | None:
    """Return the time zone of the settings."""
    return loaded.settings.timezone


def check_sources(loaded: Loaded) -> None:
    """Refuse a source that repwatch does not know, or one without what it needs, with its line and the nearest name."""
    import difflib

    from repwatch import sources

    names = sources.names()
    for number, employer in enumerate(loaded.settings.employers):
        if employer.query:
            _check_query(loaded, ("employer", number, "query"), employer.query)
        for place, wanted in enumerate(employer.sources):
            key = ("employer", number, "source", place)
            if wanted.source not in names:
                near = difflib.get_close_matches(wanted.source, names, 1)
                hint = _("Did you mean {name}?", name=repr(near[0])) if near else _("Known sources: {names}.", names=", ".join(names))
                raise loaded.wrong((*key, "source"), _("repwatch knows no source {name}", name=repr(wanted.source)), hint)
            needed = sources.load(wanted.source).INFO.target
            if not getattr(wanted, needed) and needed == "url":
                raise loaded.wrong(key, _("the source {name} needs the address of its page", name=repr(wanted.source)), _("Add: {line}", line='url = "https://..."'))
            if wanted.url and needed == "query":
                raise loaded.wrong((*key, "url"), _("the source {name} searches, and has no page of its own", name=repr(wanted.source)), _("Remove url; query says what to look for."))
            if wanted.query or (employer.query and needed == "query"):
                place_of_query = (*key, "query") if wanted.query else ("employer", number, "query")
                _check_query(loaded, place_of_query, wanted.query or employer.query or "", wanted.source if needed == "query" else None)
    if loaded.settings.credentials:
        _check_credentials(loaded)


def _check_query(loaded: Loaded, key: tuple[str | int, ...], query: str, source: str | None = None) -> None:
    """Refuse a query that cannot be read, or that a source cannot be asked for."""
    from repwatch import sources
    from repwatch.pipeline.checking import searches
    from repwatch.pipeline.normalise import parsed_query

    try:
        if source:
            searches(query, "", sources.load(source).INFO)
        else:
            if re.search(r"@[\w.,\- ]+$", query):
                raise UsageError(_("an instance behind an @ belongs to one source"), hint=_("Write this query beside that source."))
            parsed_query(query)
    except UsageError as error:
        raise loaded.wrong(key, error.message, error.hint) from error


def credentials_of_sources() -> dict[str, tuple[str, Credential]]:
    """Return every credential by its name, each with the source that it is for."""
    from repwatch import sources

    every = ((name, sources.load(name).INFO.credentials) for name in sources.names())
    return {credential.name: (name, credential) for name, credential in every if credential}


def _check_credentials(loaded: Loaded) -> None:
    """Refuse a credential that no source knows, a key that it does not have, and a secret in the file itself."""

    from repwatch.web.safekeeping import FIELDS, PLACES, plain_fields, variable

    known = credentials_of_sources()
    for name, table in loaded.settings.credentials.items():
        if name not in known:
            raise loaded.wrong(("credentials", name), _("repwatch knows no such credential"), nearest(name, sorted(known)))
        credential = known[name][1]
        secrets = FIELDS[credential.scheme][1]
        fields = (*plain_fields(credential), *(f"{field}_{place}" for field in secrets for place in PLACES))
        for key in table:
            if key in secrets:
                hint = _("Take it out. Put it into the variable {variable}, or into a file that you alone can read: {line}", variable=variable(credential, key), line=f'{key}_file = "..."')
                raise loaded.wrong(("credentials", name, key), _("a secret does not stand in the settings, which are copied and sent around"), hint)
            if key not in fields:
                raise loaded.wrong(("credentials", name, key), _("repwatch knows no such key"), nearest(key, fields))


def nearest(name: str, known: Sequence[str]) -> str:
    """Return the hint for a name that is none of `known`: the one that is meant, or all there are."""
    import difflib

    near = difflib.get_close_matches(name, known, 1)
    return _("Did you mean {name}?", name=repr(near[0])) if near else _("Known here: {names}.", names=", ".join(known))


def check_rules(loaded: Loaded) -> None:
    """Refuse an alert rule that names an employer or a source that is not there, and channels that cannot be used, before anything is fetched."""

    from repwatch import sources
    from repwatch.notify import channels, check

    known = {"employers": [each.name for each in loaded.settings.employers], "sources": list(sources.names())}
    for number, rule in enumerate(loaded.settings.rules):
        for key, names in known.items():
            wrong = next((name for name in getattr(rule, key) if name not in names), None)
            if wrong is not None:
                raise loaded.wrong(("alert", number, key), _("there is no {name} here", name=repr(wrong)), nearest(wrong, names))
    for channel in channels(loaded.settings.alerts.channels_file, loaded.path.parent if loaded.path else Path()):
        check(channel)


def check_persons(loaded: Loaded, folder: Path) -> None:
    """Refuse a source that would follow a person who has not agreed, with its line."""
    from repwatch.pipeline.consenting import unasked

    for one in unasked(loaded.settings, _consents(folder), today(loaded.settings.timezone)):
        raise loaded.wrong(("employer", one.employer, "source", one.source, one.key), one.message, one.hint)


def check_address(url: str, loaded: Loaded, folder: Path) -> None:
    """Refuse the address of a person who has not agreed to be read."""
    from repwatch.pipeline.consenting import person_in, refusal

    who = person_in(url, loaded.settings.known, _consents(folder), today(loaded.settings.timezone))
    if who:
        message, hint = refusal(who)
        raise UsageError(message, hint=hint)


def _consents(folder: Path) -> list[Consent]:
    from repwatch.store import Store

    if not (folder / "repwatch.db").exists():
        return []
    with Store.open(folder) as store:
        return list(store.privacy.consents())


def settings_needed(loaded: Loaded) -> None:
    """Refuse to go on without any employer in the settings."""
    if not loaded.settings.employers:
        where = str(loaded.path) if loaded.path else ""
        raise SettingsError(_("no employer stands in the settings") if loaded.path else _("there is no settings file"), where=where, hint=_("Make one with: {command}", command="repwatch init"))
