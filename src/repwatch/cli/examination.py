"""What `doctor` looks at, one function a thing."""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from repwatch.cli.common import (
    Where,
    check_persons,
    check_rules,
    check_sources,
    credentials_of_sources,
    nearest,
    now,
)
from repwatch.errors import CredentialError, SettingsError, StoreError
from repwatch.report.figures import number
from repwatch.wording import _, n_, told

if TYPE_CHECKING:
    from repwatch.config import Loaded, SourceSettings
    from repwatch.models import Credential, Request, SourceInfo
    from repwatch.web.client import Client
    from repwatch.web.keychain import Keychain

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
        check_rules(loaded)
        with suppress(StoreError):  # what is wrong with the store is told below
            check_persons(loaded, where.folder(loaded))
    except SettingsError as error:
        return [Finding("settings", "wrong", str(error), error.hint)]
    folder = where.folder(loaded)
    found = [_settings(loaded), _contact(loaded), _zone(loaded), _folder(folder), _disk(folder), *_store(folder), *_peers(loaded, folder), _inbox(loaded, folder), _bytecode()]
    return [*found, *_outside(loaded, offline=offline)]


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
    if place.is_dir() and os.access(place, os.W_OK):
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
            unsent = reader.unsent()
            last = next(iter(reader.runs(1)), None)
    except StoreError as error:
        fresh = not (folder / "repwatch.db").exists()
        yield Finding("store", "ok" if fresh else "wrong", _("not made yet: the first check or import makes it") if fresh else told(str(error)), "" if fresh else error.hint)
        return
    yield Finding("store", "ok", n_("{n} item stored, revision {revision}", "{n} items stored, revision {revision}", counts["item"], revision=counts["revision_id"]))
    waiting = n_("{n} gap waits to be filled", "{n} gaps wait to be filled", gaps) if gaps else _("none")
    yield Finding("gaps", "warning" if gaps else "ok", waiting, _("The next checks fill them, oldest first.") if gaps else "")
    if unsent:
        seen = n_("{n} waits to be sent, the oldest since {day}: {why}", "{n} wait to be sent, the oldest since {day}: {why}", len(unsent), day=unsent[0]["created"][:10],
                  why=unsent[0]["error"] or _("not tried yet"))  # fmt: skip
        yield Finding("messages", "warning", seen, "repwatch alerts send")
    if last and last["finished"] is None:
        yield Finding("last run", "warning", _("run {run} did not end", run=last["id"]), _("Run `repwatch check` again; nothing that was stored is lost."))


def _peers(loaded: Loaded, folder: Path) -> Iterator[Finding]:
    """Tell of peers that nothing is known of. One may stand in imported files alone, so that this is no error of the settings."""
    from repwatch.store import open_reader

    known = [each.name for each in loaded.settings.employers]
    with suppress(StoreError), open_reader(folder) as reader:
        known += reader.employers()
    for employer in loaded.settings.employers:
        for peer in set(employer.peers).difference(known):
            seen = _("{employer}: the peer {peer} stands neither in the settings nor in the store", employer=employer.name, peer=repr(peer))
            yield Finding("peers", "warning", seen, nearest(peer, sorted({name for name in known if name != employer.name})))


def _inbox(loaded: Loaded, folder: Path) -> Finding:
    path = (loaded.path.parent if loaded.path else Path()) / loaded.settings.inbox if loaded.settings.inbox else folder / "inbox"
    waiting = len([file for file in path.iterdir() if file.is_file()]) if path.is_dir() else 0
    return Finding("inbox", "ok", n_("{path}: {n} file waiting", "{path}: {n} files waiting", waiting, path=path))


def _bytecode() -> Finding:
    if sys.dont_write_bytecode:
        return Finding("start-up", "warning", _("Python writes no bytecode here: every command starts twice as slowly"), _("Install with UV_COMPILE_BYTECODE=1, or unset PYTHONDONTWRITEBYTECODE."))
    return Finding("start-up", "ok", _("bytecode is kept"))


def _outside(loaded: Loaded, *, offline: bool) -> Iterator[Finding]:
    """Look at credentials and sites, with one client for both; offline only at what is set."""
    from repwatch.pipeline.running import open_client

    web = loaded.settings.web.model_copy(update={"retries": 0})
    client, keys = open_client(loaded.settings.model_copy(update={"web": web}), loaded.folder)
    if offline:
        keys.connect(None)
    try:
        yield from _credentials(loaded, client, keys, offline=offline)
        yield from [Finding("network", "skipped", _("--offline was given"))] if offline else _sites(loaded, client)
    finally:
        client.close()


def _credentials(loaded: Loaded, client: Client, keys: Keychain, *, offline: bool) -> Iterator[Finding]:
    """Tell of each credential whether it is there and, online, whether it is accepted."""
    from repwatch import sources

    used = {wanted.source for employer in loaded.settings.employers for wanted in employer.sources}
    known = credentials_of_sources() if used or loaded.settings.credentials else {}
    for name, (source, credential) in known.items():
        if source in used or name in loaded.settings.credentials:
            yield _credential(sources.load(source).INFO, credential, client, keys, offline=offline)


def _credential(info: SourceInfo, credential: Credential, client: Client, keys: Keychain, *, offline: bool) -> Finding:
    from repwatch.models import Refused, Request
    from repwatch.pipeline.access import hint_for
    from repwatch.pipeline.reading import read_page
    from repwatch.refusals import MEANING, NO_CREDENTIAL

    what = f"credential {credential.name}"
    account = keys.account(credential)
    if not account.ready and not account.reason:
        needless = credential.optional or not info.live
        return Finding(what, "skipped" if needless else "wrong", _("none is set; the source works without") if needless else _("none is set"), "" if needless else told(hint_for(info, NO_CREDENTIAL)))
    if not account.ready:
        return Finding(what, "wrong", told(account.detail), told(hint_for(info, account.reason, account.facts)))
    if offline:
        return Finding(what, "ok", _("it is set; --offline was given, so it was not tried"))
    try:
        keys.accepted(credential)
    except CredentialError as error:
        return Finding(what, "wrong", told(error.message), told(hint_for(info, error.reason, account.facts)))
    if not credential.probe:
        return Finding(what, "ok", _("accepted") if credential.scheme not in ("key", "bearer") else _("it is set; the next check shows whether it is accepted"))
    answer = client.fetch(Request(url=credential.probe.format(**account.facts), expect="json", api=True, auth=credential.name))
    reason = answer.reason if isinstance(answer, Refused) else read.reason if (read := read_page(answer, source=info.name)).state == "refused" else ""
    if reason:
        return Finding(what, "wrong", _(MEANING.get(reason, (reason, ""))[0]), told(hint_for(info, reason, account.facts)))
    return Finding(what, "ok", _("accepted"))


def _sites(loaded: Loaded, client: Client) -> Iterator[Finding]:
    """Ask each live site for its robots.txt, which tells of network, clock and permission at once."""
    from repwatch import sources
    from repwatch.web.redact import public_address

    clocks: list[float] = []
    for employer in loaded.settings.employers:
        names = Counter(each.source for each in employer.sources)
        for wanted in employer.sources:
            info = sources.load(wanted.source).INFO
            # Of several feeds a reader must know which.
            which = public_address(wanted.url or "") or wanted.query or "" if names[wanted.source] > 1 else ""
            what = f"{wanted.source} {which}".rstrip() + f" ({employer.name})"
            if info.credentials and not info.credentials.optional and info.live:
                continue  # its credential was tried, or stands among the findings as missing
            if info.ask_terms and not wanted.accept_terms:
                yield Finding(what, "skipped", _("its terms are not accepted in the settings"), _(info.terms))
            elif not info.live:
                yield Finding(what, "skipped", _("door: {door}", door=_(info.door)), _("Save the page in your browser and drop it into the inbox folder."))
            else:
                yield _site(what, _first_request(wanted, employer.name), client, clocks)
    if clocks:
        off = max(clocks, key=abs)
        good = abs(off) < _CLOCK_SLACK_S
        seen = _("{n} s behind the sites", n=round(abs(off))) if off > 0 else _("{n} s ahead of the sites", n=round(abs(off)))
        yield Finding("clock", "ok" if good else "wrong", seen, "" if good else _("Set this machine's clock."))


def _first_request(wanted: SourceSettings, employer: str) -> Request:
    """Return what tells most cheaply that a site is there: the front of an interface, else what a check asks first."""
    from repwatch import sources
    from repwatch.models import Request, Watch
    from repwatch.web.redact import public_address

    source = sources.load(wanted.source)
    if source.INFO.hosts and not wanted.url:
        return Request(url=f"https://{source.INFO.hosts[0]}/", api=True)
    day = now().date()
    target = public_address(wanted.url or "") or wanted.query or employer
    return next(iter(source.walk(Watch(source=wanted.source, employer=employer, target=target, since=day, until=day))))


def _site(what: str, request: Request, client: Client, clocks: list[float]) -> Finding:
    from repwatch.models import Page
    from repwatch.refusals import MEANING

    answer = client.fetch(request)
    if isinstance(answer, Page):
        clocks += _clock(answer)
        return Finding(what, "ok", _("answers with status {status}", status=answer.status))
    if request.api and answer.reason in ("not_found", "api_error", "blocked"):
        return Finding(what, "ok", _("the interface is there"))
    meaning, what_next = MEANING.get(answer.reason, (answer.reason, ""))
    return Finding(what, "wrong", f"{_(meaning)} ({told(answer.detail)})" if answer.detail else _(meaning), _(what_next))


def _clock(page: object) -> list[float]:
    told = getattr(page, "headers", {}).get("date")
    try:
        return [(parsedate_to_datetime(told).astimezone(UTC) - now()).total_seconds()] if told else []
    except (TypeError, ValueError):
        return []


