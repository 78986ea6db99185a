"""The daily check: settings into watches, the inbox, the walks, and the answer to "what is new"."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from repwatch import sources
from repwatch.errors import Exit, SettingsError
from repwatch.models import AlertRule, CoverageEntry, Employer, SourceInfo, Watch
from repwatch.pipeline.access import Accounts, access, nobody
from repwatch.pipeline.alerting import rules_of
from repwatch.pipeline.collecting import Archive, Fetcher, Walk, collect
from repwatch.pipeline.consenting import unasked
from repwatch.pipeline.importing import SAVED_PAGE, FileResult, exit_for, store_file
from repwatch.pipeline.inbox import keep
from repwatch.pipeline.normalise import parsed_query
from repwatch.pipeline.reading import FileRead
from repwatch.pipeline.saving import Desk
from repwatch.pipeline.vanishing import settle
from repwatch.refusals import ADVICE
from repwatch.text.asking import asks
from repwatch.web.redact import public_address

if TYPE_CHECKING:
    from repwatch.config import Settings
    from repwatch.store import Store

#: How many days a later walk looks back behind the last one: sites publish late, and clocks differ.
OVERLAP_DAYS = 3
#: How often a source is read far back again, for edits and for what has vanished.
RECHECK_EVERY_DAYS = 7
RECHECKED = "recheck|"


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
    rules: tuple[AlertRule, ...] = ()
    answer_days: int = 14
    #: What could not be begun: no key, or terms that nobody accepted.
    closed: tuple[CoverageEntry, ...] = ()
    #: The keys of the watches that are read far back again this time.
    rechecks: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the plan as plain values."""
        return {"at": self.at, "today": self.today.isoformat(), "stale_after": self.stale_after, "gaps": [list(gap) for gap in self.gaps],
                "answer_days": self.answer_days, "rechecks": list(self.rechecks),
                **{name: [each.model_dump(mode="json") for each in getattr(self, name)] for name in ("employers", "live", "by_hand", "closed", "rules")}}  # fmt: skip

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Plan:
        """Read back what `to_json` wrote."""
        return cls(told["at"], date.fromisoformat(told["today"]), tuple(map(Employer.model_validate, told["employers"])),
                   tuple(map(Watch.model_validate, told["live"])), tuple(map(Watch.model_validate, told["by_hand"])), told["stale_after"],
                   tuple((key, token) for key, token in told.get("gaps", ())), tuple(map(AlertRule.model_validate, told.get("rules", ()))), told.get("answer_days", 14),
                   tuple(map(CoverageEntry.model_validate, told.get("closed", ()))), tuple(told.get("rechecks", ())))  # fmt: skip


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


def plan(settings: Settings, store: Store, at: str, today: date, accounts: Accounts = nobody) -> Plan:
    """Turn the settings into watches, each from where its last walk ended. No secret of an address stands in one.

    Raises SettingsError where one of them would follow a person who has not agreed.
    """
    for one in unasked(settings, store.privacy.consents(), today):
        raise SettingsError(one.message, where=f"employer[{one.employer + 1}].source[{one.source + 1}].{one.key}", hint=one.hint)
    live: list[Watch] = []
    by_hand: list[Watch] = []
    closed: list[CoverageEntry] = []
    for employer in settings.employers:
        for wanted in employer.sources:
            info = sources.load(wanted.source).INFO
            query = wanted.query or employer.query
            asked = [(public_address(wanted.url), query)] if wanted.url else searches(query, employer.name, info, employer.aliases)
            way = access(info, accounts, terms_accepted=wanted.accept_terms)
            if way.door == "closed":
                closed += [CoverageEntry(source=info.name, employer=employer.name, target=target, state=way.state, reason=way.reason, hint=way.hint) for target, _told in asked]
                continue
            for target, told in asked:
                watch = Watch(source=info.name, employer=employer.name, target=target, since=today, until=today, max_pages=wanted.max_pages, account=way.account, query=told)
                (live if way.door == "live" else by_hand).append(watch.model_copy(update={"since": _since(watch, settings, store, today)}))
    names = settings.known
    gaps = tuple((gap.watch_key, gap.token) for gap in store.gaps())
    due = tuple(watch.key for watch in live if _is_due(watch, settings, store, today))
    back = today - timedelta(days=settings.recheck_days)
    live = [watch.model_copy(update={"since": min(watch.since, back)}) if watch.key in due else watch for watch in live]
    rules = rules_of(settings.rules, enabled=settings.alerts.enabled, defaults=settings.alerts.defaults)
    return Plan(at, today, names, tuple(live), tuple(by_hand), settings.stale_after, gaps, rules, settings.answer_within_days, tuple(closed), due)


def _is_due(watch: Watch, settings: Settings, store: Store, today: date) -> bool:
    """Tell whether a watch is to be read far back again: weekly, once it was read, and never on top of a gap."""
    last = store.cursor(RECHECKED + watch.key)
    if not settings.recheck_days or last is None or store.gaps(watch.key):
        return False
    return (today - date.fromisoformat(str(last["at"]))).days >= RECHECK_EVERY_DAYS


def searches(query: str | None, name: str, info: SourceInfo, aliases: Sequence[str] = ()) -> list[tuple[str, str | None]]:
    """Return what a source is to be asked for a query, each with the query that judges the answers.

    What the source's own kind of target holds beside the words (`@instance`, a channel) stays as it is. Without a query the
    name is asked for, and an answer has to hold it, or an alias, in one piece: a search finds its words wherever they stand.
    """
    if query is None:
        phrases = ['"' + " ".join(each.replace('"', " ").split()) + '"' for each in (name, *aliases) if re.search(r"\w", each)]
        # What is no search (a location, a page) is judged by nobody, nor is a name without a letter.
        is_search = bool(re.search(r"\w", name)) and searches(phrases[0], name, info)[0][1] is not None
        return [(name, " OR ".join(phrases) if is_search else None)]
    beside = re.search(info.aim, query) if info.aim else None
    words = query[: beside.start()] + query[beside.end() :] if beside else query
    if not words.strip():
        return [(query, None)]
    behind = beside[0] if beside else ""
    if ":" in behind and not behind.startswith("@"):  # an operator, which stands outside the quotation marks
        quoted = (target if '"' in target else f'"{target}"' for target in asks(parsed_query(words), info))
        return [(f"{target} {behind.strip()}", words) for target in quoted]
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
    for entry in (*saved_pages, *todo.closed):
        desk.store.set_ledger(desk.run, entry)
    unread = [_unread(file) for file in files if file.state != "read"]
    coverage = sorted([walk.entry for walk in walks] + saved_pages + list(todo.closed) + unread, key=lambda entry: (entry.source, entry.employer, entry.target))
    for walk in walks:
        # The first check of a watch reads far back by itself.
        key = RECHECKED + walk.watch.key
        if walk.state == "read" and (walk.watch.key in todo.rechecks or desk.store.cursor(key) is None):
            desk.store.set_cursor(key, {"at": todo.today.isoformat()})
    return Checked(tuple(coverage), tuple(files), tuple(settle(desk)))


def _take_file(file: FileRead, archive: Archive, desk: Desk) -> FileResult:
    result = store_file(keep(file, archive), desk)
    desk.new_ids.extend(result.new_ids)
    file.after(result)
    return result


def _unread(file: FileResult) -> CoverageEntry:
    hint = "" if file.state == "partly" else ADVICE["still_in_inbox"]
    return CoverageEntry(source=file.source or "unknown", employer=file.employers[0] if file.employers else "", target=f"inbox: {file.path.name}",
                         state=file.state, reason=file.reason, problems=file.problems, pages=1, hint=hint)  # type: ignore[arg-type]  # one of the same states


def _by_hand(watch: Watch, todo: Plan, desk: Desk) -> CoverageEntry:
    """Judge a source by the age of its newest saved page."""
    cursor = desk.store.cursor(SAVED_PAGE.format(source=watch.source, employer=watch.employer))
    hint = ADVICE["save_page"].format(target=watch.target)
    entry = CoverageEntry(source=watch.source, employer=watch.employer, target=watch.target, state="stale", reason="no_saved_page", hint=hint)
    if cursor is None:
        return entry
    age = (todo.today - datetime.fromisoformat(cursor["at"]).date()).days
    if age > todo.stale_after:
        return entry.model_copy(update={"reason": f"saved_page_{age}_days_old"})
    return entry.model_copy(update={"state": "read", "reason": f"saved_page_{max(age, 0)}_days_old", "hint": ""})


def data(checked: Checked, new: Sequence[Mapping[str, Any]], figures: Mapping[str, Any], alerts: Sequence[Mapping[str, Any]], copies: int = 0,
         vanished: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:  # fmt: skip
    """Return what JSON carries: no row ids, no clock, no order of arrival."""
    coverage = [entry.model_dump(mode="json") for entry in checked.coverage]
    inbox = [{"file": each.path.name, "source": each.source, "state": each.state, "reason": each.reason, "types": dict(sorted(each.types.items())), "new": each.new, "notes": list(each.notes)}
             for each in sorted(checked.files, key=lambda file: file.path.name)]  # fmt: skip
    return json.loads(json.dumps({"alerts": list(alerts), "coverage": coverage, "inbox": inbox, "new": list(new), "copies": copies, "vanished": list(vanished), "figures": dict(figures)}))  # type: ignore[no-any-return]

