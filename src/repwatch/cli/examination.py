"""What `doctor` looks at, one function a thing."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from repwatch.cli.common import Where, check_sources, now
from repwatch.errors import SettingsError, StoreError
from repwatch.report.figures import number
from repwatch.wording import _, n_

if TYPE_CHECKING:
    from repwatch.config import Loaded

_DISK_NEEDED = 500_000_000
_CLOCK_SLACK_S = 300


class Finding(NamedTuple):
    """One thing that was looked at; `state` is ok, warning, wrong or skipped."""

    what: str
    state: str
    seen: str
    do: str = ""


def examine(where: Where, *, offline: bool) -> list[Finding]:
    """Look at everything; a wrong settings file ends the tour, since all the rest hangs on it."""
    try:
        loaded = where.load()
        check_sources(loaded)
    except SettingsError as error:
        return [Finding("settings", "wrong", str(error), error.hint)]
    folder = where.folder(loaded)
    found = [_settings(loaded), _contact(loaded), _zone(loaded), _folder(folder), _disk(folder), *_store(folder), _inbox(loaded, folder), _bytecode()]
    if offline:
        return [*found, Finding("network", "skipped", _("--offline was given"))]
    return [*found, *_sites(loaded)]


def _settings(loaded: Loaded) -> Finding:
    count = len(loaded.settings.employers)
    if loaded.path is None:
        return Finding("settings", "warning", _("there is no settings file"), _("Make one with: {command}", command="repwatch init"))
    seen = n_("{path}: {n} employer", "{path}: {n} employers", count, path=loaded.path)
    return Finding("settings", "ok" if count else "warning", seen, "" if count else _("Add an [[employer]]."))


def _contact(loaded: Loaded) -> Finding:
    contact = loaded.settings.web.contact or loaded.settings.contact
    if contact:
        return Finding("contact", "ok", contact)
    return Finding("contact", "warning", _("no contact is set"), _("Sites like to know who reads them: {line}", line='contact = "you@your-firm.be"'))


def _zone(loaded: Loaded) -> Finding:
    named = loaded.settings.timezone
    return Finding("time zone", "ok", named or _("the machine's: {zone}", zone=now().astimezone().tzname()))


def _folder(folder: Path) -> Finding:
    place = folder if folder.exists() else next(parent for parent in folder.absolute().parents if parent.exists())
    if os.access(place, os.W_OK):
        return Finding("data folder", "ok", str(folder))
    return Finding("data folder", "wrong", _("{folder} cannot be written", folder=folder), _("Give yourself the right to write there, or name another --data-dir."))


def _disk(folder: Path) -> Finding:
    place = folder if folder.exists() else next(parent for parent in folder.absolute().parents if parent.exists())
    free = shutil.disk_usage(place).free
    seen = _("{n} GB free", n=number(free / 1e9, 1))
    return Finding("disk", "ok", seen) if free > _DISK_NEEDED else Finding("disk", "warning", seen, _("Make room: a year of daily checks takes some 100 MB."))


def _store(folder: Path) -> Iterator[Finding]:
    from repwatch.store import open_reader

    try:
        with open_reader(folder) as reader:
            counts = reader.counts()
            gaps = len(reader.gaps())
            last = next(iter(reader.runs(1)), None)
    except StoreError as error:
        fresh = not (folder / "repwatch.db").exists()
        yield Finding("store", "ok" if fresh else "wrong", _("not made yet: the first check or import makes it") if fresh else str(error), "" if fresh else error.hint)
        return
    yield Finding("store", "ok", n_("{n} item stored, revision {revision}", "{n} items stored, revision {revision}", counts["item"], revision=counts["revision_id"]))
    waiting = n_("{n} gap waits to be filled", "{n} gaps wait to be filled", gaps) if gaps else _("none")
    yield Finding("gaps", "warning" if gaps else "ok", waiting, _("The next checks fill them, oldest first.") if gaps else "")
    if last and last["finished"] is None:
        yield Finding("last run", "warning", _("run {run} did not end", run=last["id"]), _("Run `repwatch check` again; nothing that was stored is lost."))


def _inbox(loaded: Loaded, folder: Path) -> Finding:
    path = (loaded.path.parent if loaded.path else Path()) / loaded.settings.inbox if loaded.settings.inbox else folder / "inbox"
    waiting = len([file for file in path.iterdir() if file.is_file()]) if path.is_dir() else 0
    return Finding("inbox", "ok", n_("{path}: {n} file waiting", "{path}: {n} files waiting", waiting, path=path))


def _bytecode() -> Finding:
    if sys.dont_write_bytecode:
        return Finding("start-up", "warning", _("Python writes no bytecode here: every command starts twice as slowly"), _("Install with UV_COMPILE_BYTECODE=1, or unset PYTHONDONTWRITEBYTECODE."))
    return Finding("start-up", "ok", _("bytecode is kept"))


def _sites(loaded: Loaded) -> Iterator[Finding]:
    """Ask each live site for its robots.txt, which tells of network, clock and permission at once."""
    from repwatch import __version__, sources
    from repwatch.models import Page, Request
    from repwatch.refusals import MEANING
    from repwatch.web.client import Client

    settings = loaded.settings
    client = Client(settings.web.model_copy(update={"contact": settings.web.contact or settings.contact, "retries": 0}), version=__version__)
    clocks: list[float] = []
    try:
        for employer in settings.employers:
            for wanted in employer.sources:
                info = sources.load(wanted.source).INFO
                what = f"{wanted.source} ({employer.name})"
                if not info.live:
                    yield Finding(what, "skipped", _("door: {door}", door=info.door), _("Save the page in your browser and drop it into the inbox folder."))
                    continue
                url = wanted.url or f"https://{info.hosts[0]}/"
                answer = client.fetch(Request(url=url, api=not wanted.url))
                if isinstance(answer, Page):
                    clocks += _clock(answer)
                    yield Finding(what, "ok", _("answers with status {status}", status=answer.status))
                elif not wanted.url and answer.reason in ("not_found", "api_error", "blocked"):
                    yield Finding(what, "ok", _("the interface is there"))
                else:
                    meaning, what_next = MEANING.get(answer.reason, (answer.reason, ""))
                    yield Finding(what, "wrong", f"{_(meaning)} ({answer.detail})" if answer.detail else _(meaning), _(what_next))
    finally:
        client.close()
    if clocks:
        off = max(clocks, key=abs)
        good = abs(off) < _CLOCK_SLACK_S
        seen = _("{n} s behind the sites", n=round(abs(off))) if off > 0 else _("{n} s ahead of the sites", n=round(abs(off)))
        yield Finding("clock", "ok" if good else "wrong", seen, "" if good else _("Set this machine's clock."))


def _clock(page: object) -> list[float]:
    told = getattr(page, "headers", {}).get("date")
    try:
        return [(parsedate_to_datetime(told).astimezone(UTC) - now()).total_seconds()] if told else []
    except (TypeError, ValueError):
        return []


