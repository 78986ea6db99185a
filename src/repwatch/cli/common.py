"""What the commands share: places, formats, output."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from repwatch.errors import Exit, SettingsError

if TYPE_CHECKING:
    from repwatch.config import Loaded
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
        if employer.query:
            _check_query(loaded, ("employer", number, "query"), employer.query)
        for place, wanted in enumerate(employer.sources):
            key = ("employer", number, "source", place)
            if wanted.source not in names:
                near = difflib.get_close_matches(wanted.source, names, 1)
                hint = f"Did you mean {near[0]!r}?" if near else f"Known sources: {', '.join(names)}."
                raise loaded.wrong((*key, "source"), f"repwatch knows no source {wanted.source!r}", hint)
            needed = sources.load(wanted.source).INFO.target
            if not getattr(wanted, needed) and needed == "url":
                raise loaded.wrong(key, f"the source {wanted.source!r} needs the address of its page", 'Add: url = "https://..."')
            if wanted.url and needed == "query":
                raise loaded.wrong((*key, "url"), f"the source {wanted.source!r} searches, and has no page of its own", "Remove url; query says what to look for.")
            if wanted.query or (employer.query and needed == "query"):
                place_of_query = (*key, "query") if wanted.query else ("employer", number, "query")
                _check_query(loaded, place_of_query, wanted.query or employer.query or "", wanted.source if needed == "query" else None)


def _check_query(loaded: Loaded, key: tuple[str | int, ...], query: str, source: str | None = None) -> None:
    """Refuse a query that cannot be read, or that a source cannot be asked for."""
    from repwatch import sources
    from repwatch.errors import UsageError
    from repwatch.pipeline.checking import searches
    from repwatch.pipeline.normalise import parsed_query

    try:
        if source:
            searches(query, "", sources.load(source).INFO)
        else:
            if re.search(r"@[\w.,\- ]+$", query):
                raise UsageError("an instance behind an @ belongs to one source", hint="Write this query beside that source.")
            parsed_query(query)
    except UsageError as error:
        raise loaded.wrong(key, error.message, error.hint) from error


def settings_needed(loaded: Loaded) -> None:
    """Refuse to go on without any employer in the settings."""
    if not loaded.settings.employers:
        where = str(loaded.path) if loaded.path else ""
        raise SettingsError("no employer stands in the settings" if loaded.path else "there is no settings file", where=where, hint="Make one with: repwatch init")
