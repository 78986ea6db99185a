"""Put the parts of a check together: live over the network, or from an archive into an empty store."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from repwatch import __version__
from repwatch.errors import Exit, UsageError, worst
from repwatch.models import Alert, Page, Refused, Request
from repwatch.period import instant
from repwatch.pipeline.alerting import ON_NEW, Morning, evaluate
from repwatch.pipeline.checking import Checked, Plan, check, data, plan
from repwatch.pipeline.inbox import archived_inbox, open_inbox
from repwatch.pipeline.normalise import load_key
from repwatch.pipeline.saving import Desk
from repwatch.pipeline.scorers import BUILT_IN, Scorer
from repwatch.pipeline.scoring import rescore
from repwatch.pipeline.summary import summarise
from repwatch.pipeline.upkeep import keep
from repwatch.stars import of_five
from repwatch.store import Store, open_reader
from repwatch.text.clean import whole_text
from repwatch.text.emptiness import is_empty_answer
from repwatch.text.special import without_special
from repwatch.web.redact import public_address
from repwatch.wording import _

if TYPE_CHECKING:
    from repwatch.config import Settings
    from repwatch.store import PageRow, Reader
    from repwatch.web.client import Client
    from repwatch.web.keychain import Keychain

#: Pseudonyms of a replay are made with this key: the same archive gives the same bytes everywhere.
REPLAY_KEY = b"repwatch replay"
#: Texts that a check lets a new scorer read again: some seconds' work, so that the morning is not late.
RESCORED_A_CHECK = 10_000
_STANDING_DAYS = 90
_EXCERPT = 200
_DECIDED = {"positive": "pros", "negative": "cons"}
#: How far back lines of an export are news where no rule says it; and at most so many items are held against the rules.
_RECENT_DAYS = 30
_LOOKED_AT = 10_000


class Result(NamedTuple):
    """What a check came to, ready to be shown."""

    data: dict[str, Any]
    exit: Exit
    meta: dict[str, Any]
    alerts: tuple[Alert, ...] = ()


class Remembering:
    """Answer a 304 with the body that the archive keeps, so that a walk sees the same page either way."""

    def __init__(self, inner: Any, store: Store, archive: Path) -> None:
        self._inner, self._store, self._archive = inner, store, archive

    def bind(self, ticket: int, watch_key: str) -> None:
        """Name the watch of a ticket."""
        self._inner.bind(ticket, watch_key)

    def submit(self, ticket: int, request: Request, pace_s: float) -> None:
        """Ask for a page."""
        self._inner.submit(ticket, request, pace_s)

    def results(self) -> Iterator[tuple[int, Page | Refused]]:
        """Yield the answers, each with its body."""
        for ticket, answer in self._inner.results():
            if isinstance(answer, Page) and answer.unchanged:
                row = self._store.validators(answer.url)
                yield ticket, _with_body(answer, row, self._archive)
            else:
                yield ticket, answer


def _with_body(page: Page, row: PageRow | None, folder: Path) -> Page:
    from repwatch.web.archive import load_body

    if row is None or row.archive_file is None or row.offset is None:
        return page
    kept = {"etag": row.etag, "last-modified": row.last_modified}
    headers = {**{name: value for name, value in kept.items() if value}, **page.headers}
    return page._replace(body=load_body(folder / row.archive_file, row.offset), status=200, headers=headers)


class Validators:
    """What the client may ask conditionally: pages whose body is still in the archive."""

    def __init__(self, folder: Path, archive: Path) -> None:
        self._folder, self._archive = folder, archive

    def get(self, url: str) -> tuple[str | None, str | None] | None:
        """Return (ETag, Last-Modified) of `url`, None when it must be read afresh. Opened per call: threads ask."""
        with Store.open(self._folder) as store:
            row = store.validators(url)
        if row is None or row.archive_file is None or not (self._archive / row.archive_file).is_file():
            return None
        return row.etag, row.last_modified


def open_client(settings: Settings, base: Path, validators: Validators | None = None) -> tuple[Client, Keychain]:
    """Return the client of a run with its keys; addresses that hold a secret are known to the client alone."""
    from repwatch.web.client import Client
    from repwatch.web.keychain import Keychain

    true = {public_address(each.url): each.url for employer in settings.employers for each in employer.sources if each.url}
    keys = Keychain(settings.credentials, base, true)
    web = settings.web.model_copy(update={"contact": settings.web.contact or settings.contact})
    client = Client(web, version=__version__, validators=validators, keys=keys)
    keys.connect(client.fetch)
    return client, keys


def run_live(settings: Settings, folder: Path, at: datetime, today: date, *, base: Path = Path(), total: Callable[[int], None] = lambda _: None,
             done: Callable[[Any], None] = lambda _: None, scorer: Scorer = BUILT_IN) -> Result:  # fmt: skip
    """Check every source of the settings once, over the network. Everything is kept in `folder`; paths in the settings begin at `base`."""
    from repwatch.web.archive import ArchiveWriter
    from repwatch.web.fetcher import Fetcher

    started = instant(at)
    archives = folder / "archive"
    archives.mkdir(parents=True, exist_ok=True, mode=0o700)
    inbox = base / settings.inbox if settings.inbox else folder / "inbox"
    client, keys = open_client(settings, base, Validators(folder, archives))
    with Store.open(folder) as store:
        keep(store, settings.privacy, settings.known, started, today, settings.archive_days)
        todo = plan(settings, store, started, today, keys.account)
        run = store.begin_run("check", started, {"watches": len(todo.live) + len(todo.by_hand)})
        desk = Desk(store, run, started, load_key(folder, create=True), todo.employers, [], {(watch.source, watch.employer): watch.target for watch in (*todo.live, *todo.by_hand)}, scorer, [])
        fetcher = Fetcher(client, lambda _host: 0.0)
        writer = ArchiveWriter(archives / f"{started.replace(':', '').replace('-', '')}-{run}.warc.gz", info=_info(todo, settings, scorer))
        total(len(todo.live))
        code = Exit.INTERRUPTED
        try:
            checked = check(todo, Remembering(fetcher, store, archives), writer, desk, open_inbox(inbox), done=done)
            rescore(store, run, scorer, RESCORED_A_CHECK)
            # While the run has no end in the store: what is told must not hang on how long reading took.
            told = _result(folder, todo, checked, desk, {})
            code = told.exit
        finally:
            fetcher.close()
            writer.close()
            client.close()
            store.finish_run(run, _now(), int(code), {})
    return told._replace(meta={"run": run, "archive": str(writer.path), "started": started, "finished": _now(), **told.meta})


def run_replay(archive_path: Path, scratch: Path) -> Result:
    """Run the check that an archive holds, into the empty folder `scratch`. No network, no settings, no clock."""
    from repwatch.web.archive import read_archive
    from repwatch.web.replay import Replay

    archive = read_archive(archive_path)
    if "plan" not in archive.info:
        raise UsageError(_("this is no archive of a check"), where=str(archive_path), hint=_("Import it instead: repwatch import FILE"))
    todo = Plan.from_json(archive.info["plan"])
    with Store.open(scratch) as store:
        run = store.begin_run("check", todo.at, {"replay": True})
        for key, token in todo.gaps:
            store.add_gap(run, key, token)
        desk = Desk(store, run, todo.at, REPLAY_KEY, todo.employers, [], {(watch.source, watch.employer): watch.target for watch in (*todo.live, *todo.by_hand)}, sights=[])
        checked = check(todo, Replay(archive), Nowhere(), desk, archived_inbox(archive.steps))
        store.finish_run(run, todo.at, int(checked.exit), {})
        return _result(scratch, todo, checked, desk, {"archive": str(archive_path), "replay": True})


class Nowhere:
    """An archive that keeps nothing: what is replayed stands in an archive already."""

    path = Path("nowhere")

    def page(self, watch: str, step: int, request: Request, page: Page, *, body: bytes | None = None) -> int:  # noqa: ARG002 — an archive's signature
        """Keep nothing."""
        return 0

    def refused(self, watch: str, step: int, request: Request, refused: Refused) -> int:  # noqa: ARG002 — as above
        """Keep nothing."""
        return 0


def _info(todo: Plan, settings: Settings, scorer: Scorer) -> dict[str, Any]:
    digest = hashlib.sha256(settings.model_dump_json(exclude={"web", "data_dir", "inbox"}).encode()).hexdigest()
    return {"software": f"repwatch/{__version__}", "python": sys.version.split()[0], "scorer": scorer.version, "settings": digest, "plan": todo.to_json()}


def _result(folder: Path, todo: Plan, checked: Checked, desk: Desk, meta: dict[str, Any]) -> Result:
    since = (todo.today - timedelta(days=_STANDING_DAYS)).isoformat()
    names = [each.name for each in todo.employers]
    with open_reader(folder) as reader:
        known = set(reader.employers())
        figures = summarise(reader, [name for name in names if name in known], since, todo.today.isoformat())
        recent = stored_since(reader, desk.run, todo)
        # Lines of an export in the inbox are news too; only those of late, for an export may hold a million.
        fresh = [*desk.new_ids, *sorted(set(recent.here) - set(desk.new_ids))]
        new, copies = _new(reader, fresh)
        vanished = _in_order([row for row in map(reader.item, checked.vanished) if row])
        rows = tuple(reader.items(recent.ids))
        found = evaluate(todo.rules, Morning(reader, todo.today, todo.employers, rows, todo.answer_days))
    loud = desk.store.fire(desk.run, [(one.alert, one.since) for one in found])
    alerts = [{**told, "key": _PSEUDONYM.sub("p", told["key"]), "url": None if _PSEUDONYM.search(told["url"] or "") else told["url"]}
              for told in (alert.model_dump(mode="json") for alert in loud)]  # fmt: skip
    fired = any(alert.severity != "info" for alert in loud)
    code = worst(checked.exit, Exit.ALERT) if fired else checked.exit
    return Result(data(checked, new, figures, alerts, copies, vanished), code, {**meta, "at": todo.at, "day": todo.today.isoformat()}, tuple(loud))


class Stored(NamedTuple):
    """What was first stored since the last check that told its alerts, by row; `here` is what this run stored of it."""

    ids: list[int]
    here: list[int]


def stored_since(reader: Reader, run: int, todo: Plan) -> Stored:
    """Return what the rules on new items are to see: by this check, or by an import before it; published of late, the newest where it is too much."""
    days = max((rule.days for rule in todo.rules if rule.kind in ON_NEW), default=_RECENT_DAYS)
    # A month without a day counts from its first.
    since = (todo.today - timedelta(days=days + 31)).isoformat()
    ids = reader.first_stored(reader.last_check(run), since, _LOOKED_AT)
    return Stored([item for item, _run in ids], [item for item, stored in ids if stored == run])


def _new(reader: Reader, ids: list[int]) -> tuple[list[dict[str, Any]], int]:
    """Return what is new, each story once, and how many mentions repeat a story that is shown or was known before.

    What probably means somebody else is not told as news.
    """
    fresh, stories = set(ids), reader.story_of(ids)
    faces = {item: next(other for other in story if other in fresh) for item, story in stories.items()}
    known = {item for item, story in stories.items() if any(other not in fresh for other in story)}
    shown = [item for item in ids if item not in known and faces.get(item, item) == item]
    rows = [row for row in map(reader.item, shown) if row and (row["employers"] or not row["doubts"])]
    copies = len([item for item in ids if item in known or faces.get(item, item) != item])
    return _in_order(rows), copies


def _in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = [_keyless(_told(row)) for row in rows]
    return sorted(found, key=lambda row: (row["source"], row["employer"] or "", row["published"] or "", row["native_id"] or "", row["excerpt"]))


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    score = row["score"] or {}
    return {"type": row["type"], "source": row["source"], "employer": ", ".join(filter(None, row["employers"])) or None, "native_id": row.get("native_id"),
            "url": row.get("url"), "published": row.get("published"), "lang": row.get("lang"), "rating": of_five(row),
            "elsewhere": row["reach"]["mentions"] - 1 if row["reach"] else 0, "alike": row["alike"], "label": score.get("label", "unscored"), "answered": bool(row.get("responses")), "excerpt": _excerpt(row)}  # fmt: skip


#: A person's account in an id or address, as the key of this folder has it: a replay has another key, and must tell the same.
_PSEUDONYM = re.compile(r"\bp[0-9a-f]{16}\b")


def _keyless(told: dict[str, Any]) -> dict[str, Any]:
    """Leave pseudonyms out of what is told; an address that holds one leads nowhere."""
    url, native = told.get("url"), told.get("native_id")
    return {**told, "url": None if url and _PSEUDONYM.search(url) else url, "native_id": _PSEUDONYM.sub("p", native) if native else native}


def _excerpt(row: Mapping[str, Any]) -> str:
    # What a paper prints is no confession: only what people say of themselves is held back.
    said: Callable[[str], str] = str if row.get("kind") == "article" else without_special
    # A long praise pushes out what a negative review is negative about: the side that decided comes first.
    side = _DECIDED.get((row["score"] or {}).get("label", ""), "")
    decided = row.get(side) or ""
    whole = whole_text(row) if is_empty_answer(decided, row.get("lang")) else "\n".join((decided, whole_text({**row, side: None})))
    text = " · ".join(" ".join(said(part).split()) for part in whole.split("\n") if part.strip())
    return text if len(text) <= _EXCERPT else text[: _EXCERPT - 1].rstrip() + "…"


def _now() -> str:
    return instant(datetime.now(UTC))

