"""The daily check: settings into watches, the inbox, the walks, and the answer to "what is new"."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from repwatch import sources
from repwatch.errors import Exit
from repwatch.models import CoverageEntry, Employer, Page, Request, SourceInfo, Watch
from repwatch.pipeline.collecting import Archive, Fetcher, Walk, collect
from repwatch.pipeline.importing import SAVED_PAGE, FileResult, exit_for, store_file, worth_reading
from repwatch.pipeline.normalise import parsed_query
from repwatch.pipeline.reading import FileRead, read_file, read_page
from repwatch.pipeline.saving import Desk
from repwatch.pipeline.vanishing import settle
from repwatch.text.asking import asks

if TYPE_CHECKING:
    from repwatch.config import Settings
    from repwatch.store import Store

#: How many days a later walk looks back behind the last one: sites publish late, and clocks differ.
OVERLAP_DAYS = 3
#: How often a source is read far back again, for edits and for what has vanished.
RECHECK_EVERY_DAYS = 7
RECHECKED = "recheck|"
INBOX = "inbox"


class Plan(NamedTuple):
    """What a check is to do; it travels in the archive, so that a replay needs no settings."""

    at: str
    today: date
    employers: tuple[Employer, ...]
    live: tuple[Watch, ...]
    by_hand: tuple[Watch, ...]
    stale_after: int
    #: What earlier walks left out: (watch key, token), the oldest first.
    gaps: tuple[tuple[str, str], ...] = ()
    #: The keys of the watches that are read far back again this time.
    rechecks: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the plan as plain values."""
        return {"at": self.at, "today": self.today.isoformat(), "stale_after": self.stale_after, "gaps": [list(gap) for gap in self.gaps], "rechecks": list(self.rechecks),
                **{name: [each.model_dump(mode="json") for each in getattr(self, name)] for name in ("employers", "live", "by_hand")}}  # fmt: skip

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Plan:
        """Read back what `to_json` wrote."""
        return cls(told["at"], date.fromisoformat(told["today"]), tuple(map(Employer.model_validate, told["employers"])),
                   tuple(map(Watch.model_validate, told["live"])), tuple(map(Watch.model_validate, told["by_hand"])), told["stale_after"],
                   tuple((key, token) for key, token in told.get("gaps", ())), tuple(told.get("rechecks", ())))  # fmt: skip


class Checked(NamedTuple):
    """What a check found: the ledger, and the files of the inbox."""

    coverage: tuple[CoverageEntry, ...]
    files: tuple[FileResult, ...]
    #: Reviews that two whole lists lacked, by their rows in the store.
    vanished: tuple[int, ...] = ()

    @property
    def exit(self) -> Exit:
        """Return the verdict on what could be read."""
        return exit_for([entry.state for entry in self.coverage])


def plan(settings: Settings, store: Store, at: str, today: date) -> Plan:
    """Turn the settings into watches, each from where its last walk ended."""
    live: list[Watch] = []
    by_hand: list[Watch] = []
    for employer in settings.employers:
        for wanted in employer.sources:
            info = sources.load(wanted.source).INFO
            query = wanted.query or employer.query
            for target, told in [(wanted.url, query)] if wanted.url else searches(query, employer.name, info):
                watch = Watch(source=wanted.source, employer=employer.name, target=target, since=today, until=today, max_pages=wanted.max_pages, query=told)
                (live if info.live else by_hand).append(watch.model_copy(update={"since": _since(watch, settings, store, today)}))
    names = tuple(each.employer for each in settings.employers)
    gaps = tuple((gap.watch_key, gap.token) for gap in store.gaps())
    due = tuple(watch.key for watch in live if _is_due(watch, settings, store, today))
    back = today - timedelta(days=settings.recheck_days)
    live = [watch.model_copy(update={"since": min(watch.since, back)}) if watch.key in due else watch for watch in live]
    return Plan(at, today, names, tuple(live), tuple(by_hand), settings.stale_after, gaps, due)


def _is_due(watch: Watch, settings: Settings, store: Store, today: date) -> bool:
    """Tell whether a watch is to be read far back again: weekly, once it was read, and never on top of a gap."""
    last = store.cursor(RECHECKED + watch.key)
    if not settings.recheck_days or last is None or store.gaps(watch.key):
        return False
    return (today - date.fromisoformat(str(last["at"]))).days >= RECHECK_EVERY_DAYS


def searches(query: str | None, name: str, info: SourceInfo) -> list[tuple[str, str | None]]:
    """Return what a source is to be asked for a query, each with the query that judges the answers.

    What the source's own kind of target holds beside the words (`@instance`, a channel) stays as it is.
    """
    if query is None:
        return [(name, None)]
    beside = re.search(info.aim, query) if info.aim else None
    words = query[: beside.start()] + query[beside.end() :] if beside else query
    if not words.strip():
        return [(query, None)]
    behind = beside[0] if beside else ""
    return [(target + behind, words) for target in asks(parsed_query(words), info)]


def _since(watch: Watch, settings: Settings, store: Store, today: date) -> date:
    cursor = store.cursor(watch.key)
    if cursor is None:
        return today - timedelta(days=settings.first_days)
    return min(date.fromisoformat(cursor["until"]), today) - timedelta(days=OVERLAP_DAYS)


def check(todo: Plan, fetcher: Fetcher, archive: Archive, desk: Desk, inbox: Iterator[FileRead], *, done: Callable[[Walk], None] = lambda _: None) -> Checked:
    """Empty the inbox, run the walks, judge the sources whose only door is the saved page."""
    files = [_take_file(file, archive, desk) for file in inbox]
    walks = collect(list(todo.live), fetcher, archive, desk, done=done)
    saved_pages = [_by_hand(watch, todo, desk) for watch in todo.by_hand]
    for entry in saved_pages:
        desk.store.set_ledger(desk.run, entry)
    unread = [_unread(file) for file in files if file.state != "read"]
    coverage = sorted([walk.entry for walk in walks] + saved_pages + unread, key=lambda entry: (entry.source, entry.employer, entry.target))
    for walk in walks:
        # The first check of a watch reads far back by itself.
        key = RECHECKED + walk.watch.key
        if walk.state == "read" and (walk.watch.key in todo.rechecks or desk.store.cursor(key) is None):
            desk.store.set_cursor(key, {"at": todo.today.isoformat()})
    return Checked(tuple(coverage), tuple(files), tuple(settle(desk)))


def _take_file(file: FileRead, archive: Archive, desk: Desk) -> FileResult:
    page = file.read.page
    if page is not None:
        archive.page(f"{INBOX}|{file.path.name}", 0, Request(url=page.url or "file:" + file.path.name), page)
    return store_file(file, desk)


def _unread(file: FileResult) -> CoverageEntry:
    return CoverageEntry(source=file.source or "unknown", employer=file.employers[0] if file.employers else "", target=f"inbox: {file.path.name}",
                         state=file.state, reason=file.reason, problems=file.problems, pages=1,  # type: ignore[arg-type]  # one of the same states
                         hint="The file is still in the inbox: save the page once more, or remove the file.")  # fmt: skip


def _by_hand(watch: Watch, todo: Plan, desk: Desk) -> CoverageEntry:
    """Judge a source by the age of its newest saved page."""
    cursor = desk.store.cursor(SAVED_PAGE.format(source=watch.source, employer=watch.employer))
    hint = f"Open {watch.target} in your browser, save the page, and drop it into the inbox folder."
    entry = CoverageEntry(source=watch.source, employer=watch.employer, target=watch.target, state="stale", reason="no_saved_page", hint=hint)
    if cursor is None:
        return entry
    age = (todo.today - datetime.fromisoformat(cursor["at"]).date()).days
    if age > todo.stale_after:
        return entry.model_copy(update={"reason": f"saved_page_{age}_days_old"})
    return entry.model_copy(update={"state": "read", "reason": f"saved_page_{max(age, 0)}_days_old", "hint": ""})


def open_inbox(folder: Path) -> Iterator[FileRead]:
    """Read the files of the inbox, by name; what is read whole leaves the folder once it is stored."""
    if not folder.is_dir():
        return
    for path in worth_reading(sorted(path for path in folder.iterdir() if not path.name.startswith("."))):
        if not path.is_dir():
            file = read_file(path)
            yield file
            if file.read.state in ("read", "partly"):
                path.unlink()
                path.with_suffix(".http.json").unlink(missing_ok=True)


def archived_inbox(steps: Mapping[tuple[str, int], Any]) -> Iterator[FileRead]:
    """Return the inbox pages of an archived check, as they were read then."""
    for watch, step in sorted(steps):
        page = steps[watch, step][0] if watch.startswith(f"{INBOX}|") else None
        if isinstance(page, Page):
            yield FileRead(Path(watch.removeprefix(f"{INBOX}|")), read_page(page))


def data(checked: Checked, new: Sequence[Mapping[str, Any]], figures: Mapping[str, Any], copies: int = 0, vanished: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Return what JSON carries: no row ids, no clock, no order of arrival."""
    coverage = [entry.model_dump(mode="json") for entry in checked.coverage]
    inbox = [{"file": each.path.name, "source": each.source, "state": each.state, "reason": each.reason, "types": dict(sorted(each.types.items())), "new": each.new}
             for each in sorted(checked.files, key=lambda file: file.path.name)]  # fmt: skip
    return json.loads(json.dumps({"coverage": coverage, "inbox": inbox, "new": list(new), "copies": copies, "vanished": list(vanished), "figures": dict(figures)}))  # type: ignore[no-any-return]

