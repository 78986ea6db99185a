"""What the commands share: places, formats, output."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from repwatch.errors import Exit, SettingsError
from repwatch.wording import _

if TYPE_CHECKING:
    from repwatch.config import Loaded
    from repwatch.models import Credential
    from repwatch.report.document import Document


class Format(StrEnum):
    """The forms in which a command can answer."""

    table = "table"
    json = "json"
    csv = "csv"
    md = "md"


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
            return self.data_dir
        from repwatch import config

        return config.data_dir(loaded or self.load())


def now() -> datetime:
    """Return the current instant; the one place, with `web`, where the clock is read."""
    return datetime.now(UTC)


def instant(moment: datetime) -> str:
    """Return an instant as ISO text in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def today(zone: str | None = None) -> date:
    """Return the local date."""
    if zone is None:
        return now().astimezone().date()
    from zoneinfo import ZoneInfo

    return now().astimezone(ZoneInfo(zone)).date()


def emit(document: Document, form: Format, *, status: Exit = Exit.OK, dialect: Dialect = Dialect.plain, meta: Mapping[str, Any] | None = None,
         errors: Sequence[Mapping[str, str]] = ()) -> None:  # fmt: skip
    """Write a document to standard output in the form that was asked for."""
    from repwatch.report import plain

    if form is Format.json:
        state = {Exit.OK: "success", Exit.ALERT: "success", Exit.PARTIAL: "partial"}.get(status, "error")
        text = plain.envelope(document.command, document.data, status=state, errors=errors, meta=meta)
    elif form is Format.csv:
        text = plain.to_csv(document, dialect.value)
    elif form is Format.md:
        text = plain.to_markdown(document)
    else:
        from repwatch.report.terminal import to_terminal

        text = to_terminal(document)
    write(text)


def write(text: str) -> None:
    """Write UTF-8 to standard output whatever the machine's locale says."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def zone_of(loaded: Loaded) -> str | None:
    """Return the time zone of the settings."""
    return loaded.settings.timezone


def check_sources(loaded: Loaded) -> None:
    """Refuse a source that repwatch does not know, or one without what it needs, with its line and the nearest name."""
    import difflib

    from repwatch import sources

    names = sources.names()
    for number, employer in enumerate(loaded.settings.employers):
        for place, wanted in enumerate(employer.sources):
            key = ("employer", number, "source", place)
            if wanted.source not in names:
                near = difflib.get_close_matches(wanted.source, names, 1)
                hint = f"Did you mean {near[0]!r}?" if near else f"Known sources: {', '.join(names)}."
                raise loaded.wrong((*key, "source"), f"repwatch knows no source {wanted.source!r}", hint)
            needed = sources.load(wanted.source).INFO.target
            if not getattr(wanted, needed) and needed == "url":
                raise loaded.wrong(key, f"the source {wanted.source!r} needs the address of its page", 'Add: url = "https://..."')
    if loaded.settings.credentials:
        _check_credentials(loaded)


def credentials_of_sources() -> dict[str, tuple[str, Credential]]:
    """Return every credential by its name, each with the source that it is for."""
    from repwatch import sources

    every = ((name, sources.load(name).INFO.credentials) for name in sources.names())
    return {credential.name: (name, credential) for name, credential in every if credential}


def _check_credentials(loaded: Loaded) -> None:
    """Refuse a credential that no source knows, a key that it does not have, and a secret in the file itself."""
    import difflib

    from repwatch.web.safekeeping import FIELDS, PLACES, plain_fields, variable

    known = credentials_of_sources()
    for name, table in loaded.settings.credentials.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            raise loaded.wrong(("credentials", name), _("repwatch knows no such credential"), _nearest(near, sorted(known)))
        credential = known[name][1]
        secrets = FIELDS[credential.scheme][1]
        fields = (*plain_fields(credential), *(f"{field}_{place}" for field in secrets for place in PLACES))
        for key in table:
            if key in secrets:
                hint = _("Take it out. Put it into the variable {variable}, or into a file that you alone can read: {line}", variable=variable(credential, key), line=f'{key}_file = "..."')
                raise loaded.wrong(("credentials", name, key), _("a secret does not stand in the settings, which are copied and sent around"), hint)
            if key not in fields:
                raise loaded.wrong(("credentials", name, key), _("repwatch knows no such key"), _nearest((), fields))


def _nearest(near: Sequence[str], known: Sequence[str]) -> str:
    return _("Did you mean {name}?", name=repr(near[0])) if near else _("Known here: {names}.", names=", ".join(known))


def check_rules(loaded: Loaded) -> None:
    """Refuse an alert rule that names an employer or a source that is not there, and channels that cannot be used, before anything is fetched."""
    import difflib

    from repwatch import sources
    from repwatch.notify import channels, check

    known = {"employers": [each.name for each in loaded.settings.employers], "sources": list(sources.names())}
    for number, rule in enumerate(loaded.settings.rules):
        for key, names in known.items():
            wrong = next((name for name in getattr(rule, key) if name not in names), None)
            if wrong is not None:
                near = difflib.get_close_matches(wrong, names, 1)
                raise loaded.wrong(("alert", number, key), f"there is no {wrong!r} here", f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(names)}.")
    for channel in channels(loaded.settings.alerts.channels_file, loaded.path.parent if loaded.path else Path()):
        check(channel)


def check_persons(loaded: Loaded, folder: Path) -> None:
    """Refuse a source that would follow a person who has not agreed, with its line."""
    from repwatch.pipeline.consenting import unasked
    from repwatch.store import Store

    consents = []
    if (folder / "repwatch.db").exists():
        with Store.open(folder) as store:
            consents = store.privacy.consents()
    for one in unasked(loaded.settings, consents, today(loaded.settings.timezone)):
        raise loaded.wrong(("employer", one.employer, "source", one.source, one.key), one.message, one.hint)


def settings_needed(loaded: Loaded) -> None:
    """Refuse to go on without any employer in the settings."""
    if not loaded.settings.employers:
        where = str(loaded.path) if loaded.path else ""
        raise SettingsError("no employer stands in the settings" if loaded.path else "there is no settings file", where=where, hint="Make one with: repwatch init")
