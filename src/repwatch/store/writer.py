"""The writing side of the store: runs, items, ledger, cursors, gaps, undo and export."""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from repwatch.errors import UsageError
from repwatch.models import Alert, CoverageEntry, Score
from repwatch.store import alerts, doubts, profiles, retold, rollups, schema, scoring, stories
from repwatch.store.alerts import Message
from repwatch.store.batch import Batch, Names, chunks, replace_row
from repwatch.store.cursors import Cursors
from repwatch.store.engine import Database
from repwatch.store.export import Wanted, export
from repwatch.store.identity import dumps
from repwatch.store.listings import Decide, relist
from repwatch.store.people import People
from repwatch.store.privacy import Privacy
from repwatch.store.projects import Projects
from repwatch.store.rows import PageRow, ProblemRow, Saved
from repwatch.store.said import Said
from repwatch.store.scoring import Correction
from repwatch.store.sights import Seen, Sights, Verdict, look
from repwatch.store.undo import undo
from repwatch.wording import _

__all__ = ["Seen", "Store"]

#: Sights taken in together, and how many such parts are one transaction when a long import is saved: what is held in
#: memory is one part, whether a thousand lines come or a million.
PART, PARTS = 500, 4


class Store(Cursors):
    """The store of one data folder. Every method that writes is one transaction, begun at once."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.folder = database.path.parent
        self.privacy = Privacy(database)
        self.projects = Projects(database)
        self.people = People(database)

    @classmethod
    def open(cls, folder: Path, *, wait_ms: int = 5_000) -> Store:
        """Open the store in `folder`; create or migrate it first where needed.

        Raises StoreError when it is locked for longer than `wait_ms`, cannot be written, is newer than this program,
        or is no store at all.
        """
        store = cls(Database(Path(folder), wait_ms=wait_ms))
        if store._database.was is not None and store._database.was < "0010":
            store.rebuild_stories()
        return store

    def close(self) -> None:
        """Close the store; each transaction has closed its own connection already."""

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def begin_run(self, kind: str, started: str, meta: dict[str, Any]) -> int:
        """Record that a run of `kind` (check, import, ...) began, and return its id."""
        row = {"kind": kind, "started": started, "meta": dumps(meta)}
        with self._database.writing() as connection:
            new = insert(schema.run).values(row).returning(schema.run.c.id)
            return int(connection.execute(new).scalar_one())

    def finish_run(self, run: int, finished: str, exit_code: int, meta: dict[str, Any]) -> None:
        """Record how a run ended; `meta` is laid over what it began with."""
        with self._database.writing() as connection:
            before = json.loads(_run(connection, run).meta)
            values = {"finished": finished, "exit_code": int(exit_code), "meta": dumps({**before, **meta})}
            connection.execute(update(schema.run).where(schema.run.c.id == run).values(values))

    def save(self, run: int, seen: Iterable[Seen], *, entry: CoverageEntry | None = None, pages: Sequence[PageRow] = (), problems: Sequence[ProblemRow] = (), keep_ids: bool = True) -> Saved:
        """Save what was seen, with its ledger row, pages and problems, in one transaction.

        Without `entry` a long iterable is saved in transactions of 2,000, the last of which has pages and problems.
        The counts `new` and `revised` of the ledger row are what this run's saves for that watch came to. Without
        `keep_ids` nobody is told the ids of what is new.
        """
        verdicts: Counter[Verdict] = Counter()
        ids = array("q")
        said = Said()
        parts = chunks(seen, PART)
        more = True
        try:
            while more:
                with self._database.writing() as connection:
                    count = 0
                    for part in parts if entry is not None else islice(parts, PARTS):
                        count += 1
                        new = _save(connection, run, part, verdicts, said)
                        ids.extend(new if keep_ids else ())
                    more = entry is None and count == PARTS
                    if entry is not None:
                        _write_ledger(connection, run, entry, verdicts)
                    if not more:
                        _write_rest(connection, run, pages, problems)
        finally:
            said.close()
        return Saved(verdicts["new"], verdicts["revised"], verdicts["unchanged"], tuple(ids), said.repeated)

    def known_lines(self, digests: Sequence[int]) -> dict[int, str]:
        """Return which lines were imported before, with the type of the item that each told of and that is still there."""
        line, item = schema.line.c, schema.item.c
        with self._database.reading() as connection:
            query = select(line.digest, item.type).join(schema.item, item.id == line.item_id).where(line.digest.in_(digests))
            return {row.digest: row.type for row in connection.execute(query)}

    def repeat_lines(self, run: int, digests: Iterable[int]) -> None:
        """Note that `run` told again what these lines told before: an undo of the earlier run leaves it."""
        with self._database.writing() as connection:
            for some in chunks(digests):
                retold.note_lines(connection, run, some)

    def set_ledger(self, run: int, entry: CoverageEntry) -> None:
        """Insert or replace the ledger row of this watch in this run, as it stands in `entry`."""
        with self._database.writing() as connection:
            _write_ledger(connection, run, entry, None)

    def score(self, run: int, scores: Iterable[tuple[int, Score]]) -> int:
        """Score items by id (a new scorer, an old store) and return how many scores were new or other than before."""
        count = 0
        for some in chunks(scores):
            with self._database.writing() as connection:
                count += scoring.save_scores(connection, _batch(connection, run), some)
        return count

    def outdated(self, version: str, limit: int) -> list[tuple[int, dict[str, Any]]]:
        """Return (id, data) of at most `limit` items that neither the scorer `version` nor a person has scored."""
        with self._database.reading() as connection:
            return list(scoring.outdated(connection, version, limit))

    def count_outdated(self, version: str) -> int:
        """Count the items that neither the scorer `version` nor a person has scored."""
        with self._database.reading() as connection:
            return scoring.count_outdated(connection, version)

    def correct(self, run: int, item_id: int, score: Score, at: str) -> Score | None:
        """Let a person's word (a score of the scorer PERSON) stand for an item; return the score it replaced."""
        with self._database.writing() as connection:
            return scoring.correct(connection, _batch(connection, run), item_id, score, at)

    def withdraw(self, run: int, item_id: int, score: Score) -> None:
        """Take a correction back; `score`, the scorer's own, counts again. Raises UsageError where there is none."""
        with self._database.writing() as connection:
            scoring.withdraw(connection, _batch(connection, run), item_id, score)

    def corrections(self) -> list[Correction]:
        """Return all corrections, the oldest first."""
        with self._database.reading() as connection:
            return scoring.corrections(connection)

    def vanish(self, run: int, ids: Iterable[int], at: str | None) -> None:
        """Mark items as vanished since `at`, or with None as there again."""
        with self._database.writing() as connection:
            batch = _batch(connection, run)
            for some in chunks(ids):
                for state in batch.load(schema.item.c.id.in_(some)):
                    batch.touch(state, told=False)
                    state.vanished = at
            batch.flush()

    def relist(self, key: str, source: str, employer: str, at: str, decide: Decide) -> list[int]:
        """Lay a list of reviews over what was in it before and return the items that have vanished (`listings.relist`)."""
        with self._database.writing() as connection:
            return relist(connection, key, source, employer, at, decide)

    def fire(self, run: int, found: Sequence[tuple[Alert, str]]) -> list[Alert]:
        """Record alerts, each with the first day of its cooldown; return those that were not silent."""
        with self._database.writing() as connection:
            loud = [alert for alert, since in found if not alerts.silenced(connection, alert, since)]
            alerts.fire(connection, run, loud)
        return loud

    def decide_alert(self, alert_id: int, state: str, until: str = "") -> None:
        """Acknowledge an alert ("acknowledged"), put it off ("snoozed", until a day), or open it again ("open")."""
        with self._database.writing() as connection:
            alerts.decide(connection, alert_id, state, until)

    def queue(self, run: int, messages: list[dict[str, Any]], at: str) -> None:
        """Put messages (channel, subject, text, html) into the outbox."""
        with self._database.writing() as connection:
            alerts.queue(connection, run, messages, at)

    def outbox(self) -> list[Message]:
        """Return the messages that wait to be sent, the oldest first."""
        with self._database.reading() as connection:
            return alerts.waiting(connection)

    def readdress(self, names: Sequence[str], at: str) -> None:
        """Hand what waits for a channel that is none of `names` to those that are."""
        with self._database.writing() as connection:
            alerts.readdress(connection, names, at)

    def tried(self, message: int, at: str, error: str = "") -> None:
        """Record that a message was sent, or why it was not."""
        with self._database.writing() as connection:
            alerts.tried(connection, message, at, error)

    def decide_answer(self, item_id: int, state: str | None, at: str) -> None:
        """Record that a review was answered elsewhere ("done") or needs no answer ("skipped"); None opens it again.

        Raises UsageError where there is no such review.
        """
        with self._database.writing() as connection:
            kind = connection.execute(select(schema.item.c.type).where(schema.item.c.id == item_id)).scalar()
            if kind != "review":
                raise UsageError(_("there is no review {item}", item=item_id), hint=_("`repwatch answers` shows the ids."))
            connection.execute(delete(schema.answer).where(schema.answer.c.item_id == item_id))
            if state is not None:
                connection.execute(insert(schema.answer).values(item_id=item_id, state=state, at=at))

    def undo(self, run: int) -> int:
        """Take an import back and return the number of items (profile rows included) it had added.

        Raises UsageError for a run that is unknown, no import, or undone already.
        """
        with self._database.writing() as connection:
            return undo(connection, run)

    def rebuild_rollups(self) -> None:
        """Count the roll-ups anew from the items."""
        with self._database.writing() as connection:
            rollups.rebuild(connection)

    def rebuild_stories(self) -> None:
        """Find anew which items say the same."""
        with self._database.writing() as connection:
            stories.rebuild(connection)

    def export(self, *, employer: str | None = None, source: str | None = None, since: str | None = None, until: str | None = None) -> Iterator[dict[str, Any]]:
        """Yield every item as a line that can be imported again, one for each employer, ordered by (source, identity).

        A line is the item's data with `score`, `first_seen`, `vanished` and `revisions`; an id the store derived
        is shown ("x:..."), so that the line finds its item again. Dates are YYYY-MM-DD, both inclusive.
        """
        with self._database.reading() as connection:
            yield from export(connection, Wanted(employer, source, since, until))


def _run(connection: Connection, run: int) -> Any:
    row = connection.execute(select(schema.run).where(schema.run.c.id == run)).first()
    if row is None:
        raise UsageError(_("there is no run {run}", run=run))
    return row


def _batch(connection: Connection, run: int) -> Batch:
    return Batch(connection, run, journaled=_run(connection, run).kind == "import")


def _save(connection: Connection, run: int, seen: list[Seen], verdicts: Counter[Verdict], said: Said) -> list[int]:
    batch = _batch(connection, run)
    employers = Names(connection, schema.employer)
    sights = Sights(batch, employers, Names(connection, schema.scorer), said)
    looks = [look(one) for one in seen]
    verdicts.update(sights.take([sight for sight in looks if sight.data["type"] != "profile"]))
    ids = batch.flush()
    doubts.write(connection, run, employers, sights.doubted)
    for sight in looks:
        if sight.data["type"] == "profile":
            rows: list[int | None] = [employers.id(name) for name in sight.employers]
            verdicts[profiles.save_all(connection, run, sight.seen, rows or [None])] += 1
    return ids


def _write_ledger(connection: Connection, run: int, entry: CoverageEntry, added: Counter[Verdict] | None) -> None:
    row = {"run_id": run, **entry.model_dump(), "gap": int(entry.gap)}
    if added is not None:
        column = schema.ledger.c
        same = [column[name] == row[name] for name in ("run_id", "source", "employer", "target")]
        before = connection.execute(select(column.new, column.revised).where(*same)).first() or (0, 0)
        row.update(new=before[0] + added["new"], revised=before[1] + added["revised"])
    replace_row(connection, schema.ledger, row)


def _write_rest(connection: Connection, run: int, pages: Sequence[PageRow], problems: Sequence[ProblemRow]) -> None:
    for page in pages:
        replace_row(connection, schema.page, page._asdict())
    if problems:
        connection.execute(insert(schema.problem), [{"run_id": run, **row._asdict()} for row in problems])
