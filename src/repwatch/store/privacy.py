"""What the store does for the people in it: show what is held, forget it, let texts go, write it anew."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    update,
)

from repwatch.errors import StoreError
from repwatch.store import place, schema, stories
from repwatch.store.batch import CHUNK, Batch, chunks
from repwatch.store.consents import Records
from repwatch.store.cursors import set_cursor
from repwatch.store.fading import Limits, due, empty, fade
from repwatch.store.identity import Data, dumps
from repwatch.store.rewriting import Change, relisted, rewrite
from repwatch.wording import _


class Wanted(NamedTuple):
    """Which items: all conditions that are given hold. Dates are YYYY-MM-DD, both inclusive; `authors` are pseudonyms, `accounts` what an id or address holds of them."""

    ids: tuple[int, ...] = ()
    authors: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    source: str | None = None
    employer: str | None = None
    since: str | None = None
    until: str | None = None
    accounts: tuple[str, ...] = ()


class Held(NamedTuple):
    """All that is held of one item: what it says, what it said, whom it is linked to, and its score."""

    id: int
    source: str
    type: str
    identity: str
    derived: tuple[str, ...]
    data: Data
    first_seen: str
    vanished: str | None
    revisions: tuple[Data, ...]
    employers: tuple[str, ...]
    score: Data | None


class Privacy(Records):
    """The part of the store that answers for personal data. Every method that writes is one transaction."""

    # --- what is held ---
    def find(self, wanted: Wanted) -> list[int]:
        """Return the ids of the items that `wanted` names, in order; nothing asked for names nothing."""
        rules = _rules(wanted)
        if not rules:
            return []
        with self._database.reading() as connection:
            return list(connection.execute(select(schema.item.c.id).where(*rules).order_by(schema.item.c.id)).scalars())

    def sources(self) -> list[str]:
        """Return the sources of all items."""
        with self._database.reading() as connection:
            return list(connection.execute(select(schema.item.c.source).distinct()).scalars())

    def employers(self) -> list[str]:
        """Return the names of all employers, in order."""
        with self._database.reading() as connection:
            return sorted(_employers(connection).values())

    def held(self, ids: Iterable[int]) -> Iterator[Held]:
        """Yield all that is held of the items."""
        with self._database.reading() as connection:
            for some in chunks(ids):
                batch = Batch(connection, 0, journaled=False)
                names = _employers(connection)
                for state in sorted(batch.load(schema.item.c.id.in_(some)), key=lambda state: state.id or 0):
                    older = batch.older(state)
                    score = {**state.score._asdict(), "topics": json.loads(state.score.topics), "evidence": json.loads(state.score.evidence)} if state.score else None
                    yield Held(state.id or 0, state.source, state.type, state.identity, (state.derived, *(old.derived for old in older)), json.loads(state.data),
                               state.first_seen, state.vanished, tuple({"replaced": old.replaced, "data": json.loads(old.data)} for old in older),
                               tuple(sorted(names[row] for row in state.links)), score)  # fmt: skip

    def said_elsewhere(self, piece: str, but: Sequence[int]) -> bool:
        """Tell whether another item, or its past, holds `piece` too."""
        item, old = schema.item.c, schema.revision.c
        with self._database.reading() as connection:
            return any(
                connection.execute(select(literal(1)).where(func.instr(data, piece) > 0, row.notin_(but)).limit(1)).first()
                for data, row in ((item.data, item.id), (old.data, old.item_id))
            )

    def counts(self) -> dict[str, Any]:
        """Count what is kept: items with and without their text, the oldest, authors, revisions, tombstones, acts."""
        item = schema.item.c
        with self._database.reading() as connection:
            ask = connection.execute
            gone = select(schema.faded.c.item_id)
            return {
                "items": ask(select(func.count()).select_from(schema.item)).scalar_one(),
                "without_text": ask(select(func.count()).select_from(schema.faded)).scalar_one(),
                "oldest_text": ask(select(func.min(item.first_seen)).where(item.id.notin_(gone), item.type.in_(("review", "mention", "interview")))).scalar(),
                "vanished": ask(select(func.count()).where(item.vanished.is_not(None))).scalar_one(),
                "authors": ask(select(func.count(func.distinct(func.json_extract(item.data, "$.author"))))).scalar_one(),
                "revisions": ask(select(func.count()).select_from(schema.revision)).scalar_one(),
                "tombstones": ask(select(func.count()).select_from(schema.tombstone)).scalar_one(),
                "acts": ask(select(func.count()).select_from(schema.audit)).scalar_one(),
            }

    # --- forgetting ---
    def buried(self, digests: Iterable[str]) -> frozenset[str]:
        """Return those of `digests` that are on a tombstone."""
        column = schema.tombstone.c.digest
        with self._database.reading() as connection:
            return frozenset(name for some in chunks(sorted(set(digests))) for name in connection.execute(select(column).where(column.in_(some))).scalars())

    def has_tombstones(self) -> bool:
        """Tell whether anything was ever forgotten."""
        with self._database.reading() as connection:
            return connection.execute(select(literal(1)).select_from(schema.tombstone).limit(1)).first() is not None

    def erase(self, run: int, ids: Sequence[int], digests: Iterable[str], urls: Iterable[str], at: str) -> None:
        """Set the tombstones, take the items off the roll-ups and remove them with all that hangs on them."""
        with self._database.writing() as connection:
            _bury(connection, digests, at)
            for some in chunks(ids):
                batch = Batch(connection, run, journaled=False)
                for state in batch.load(schema.item.c.id.in_(some)):
                    batch.touch(state)
                    state.links = {}
                    relisted(connection, state, None)
                batch.flush()
                stories.leave(connection, some)
                connection.execute(delete(schema.item).where(schema.item.c.id.in_(some)))
            for some_urls in chunks(urls):
                connection.execute(delete(schema.page).where(schema.page.c.url.in_(some_urls)))
                connection.execute(delete(schema.problem).where(schema.problem.c.place.in_(some_urls)))

    def moved(self, archive: str, moved: dict[int, int]) -> None:
        """Follow an archive that was written anew: its pages' new places; a page without one has to be read afresh."""
        page = schema.page.c
        with self._database.writing() as connection:
            rows = connection.execute(select(page.url, page.offset).where(page.archive_file == archive)).all()
            for url, offset in rows:
                values = {"offset": moved[offset]} if offset in moved else {"archive_file": None, "offset": None, "etag": None, "last_modified": None}
                connection.execute(update(schema.page).where(page.url == url).values(values))

    def forget_places(self, mentions: Callable[[str], bool]) -> int:
        """Remove rows of pages, gaps, cursors, problems and ledgers whose text `mentions` accepts; return their number."""
        gone = 0
        with self._database.writing() as connection:
            for table, names in _PLACES:
                keys = list(table.primary_key)
                rows = connection.execute(select(*keys, *(table.c[name] for name in names))).all()
                for row in rows:
                    if any(value and mentions(str(value)) for value in row[len(keys) :]):
                        connection.execute(delete(table).where(*(key == value for key, value in zip(keys, row, strict=False))))
                        gone += 1
        return gone

    def scrub(self) -> None:
        """Leave nothing of what was deleted in the file: count the words anew, pack the pages, empty the log of writes.

        Raises StoreError when another process holds the store: then the log could not be emptied.
        """
        path = self._database.path
        try:
            with closing(place.connect(path, wait_ms=30_000)) as connection:
                connection.execute("PRAGMA secure_delete = ON")
                for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%fts5%'").fetchall():
                    connection.execute(f"INSERT INTO {name}({name}) VALUES ('rebuild')")  # noqa: S608 — a table of our own migrations
                connection.execute("VACUUM")
                busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.Error as error:
            raise place.explain(error, path) from error
        if busy:
            raise StoreError(_("is being read by another process, so that what was deleted still stands in its log of writes"), where=str(path),
                             hint=_("Close the other program, then run: repwatch privacy retention"))  # fmt: skip

    # --- letting texts go ---
    def overdue(self, limits: Limits) -> int:
        """Count the items and old states whose text is to go."""
        aged, vanished, replaced = due(limits)
        with self._database.reading() as connection:
            items = connection.execute(select(func.count()).select_from(schema.item).where(or_(aged, vanished))).scalar_one()
            return items + connection.execute(select(func.count()).select_from(schema.revision).where(replaced)).scalar_one()

    def fade(self, run: int, at: str, limits: Limits) -> dict[str, int]:
        """Drop the texts that are over their limits; the facts and the figures stay."""
        item = schema.item.c
        aged, vanished, replaced = due(limits)
        done = {"age": 0, "vanished": 0, "revisions": 0}
        with self._database.writing() as connection:
            for why, rule in (("vanished", vanished), ("age", aged)):
                while ids := list(connection.execute(select(item.id).where(rule).limit(CHUNK)).scalars()):
                    fade(connection, run, ids, at, why)
                    done[why] += len(ids)
            done["revisions"] = empty(connection, replaced)
        return done

    # --- writing anew ---
    def rewrite(self, run: int, change: Change, after: int, cursor: tuple[str, Data] | None = None, limit: int = 500) -> int | None:
        """Lay `change` over the next items after id `after`, with their past and journals; return the last id, None at the end.

        `cursor` (watch key and value) is written in the same transaction, with the last id as `item`.
        """
        with self._database.writing() as connection:
            batch = Batch(connection, run, journaled=False)
            ids = list(connection.execute(select(schema.item.c.id).where(schema.item.c.id > after).order_by(schema.item.c.id).limit(limit)).scalars())
            names = _employers(connection)
            for state in batch.load(schema.item.c.id.in_(ids)) if ids else ():
                rewrite(batch, state, change, [names[row] for row in state.links])
            batch.flush()
            if cursor is not None:
                set_cursor(connection, cursor[0], {**cursor[1], "item": ids[-1] if ids else None})
            return ids[-1] if ids else None

    def rewrite_all(self, run: int, change: Change, cursor: tuple[str, Data]) -> int:
        """Lay `change` over all items in one transaction, and return how many there are."""
        with self._database.writing() as connection:
            names = _employers(connection)
            ids = list(connection.execute(select(schema.item.c.id).order_by(schema.item.c.id)).scalars())
            for some in chunks(ids):
                batch = Batch(connection, run, journaled=False)
                for state in batch.load(schema.item.c.id.in_(some)):
                    rewrite(batch, state, change, [names[row] for row in state.links])
                batch.flush()
            set_cursor(connection, *cursor)
            return len(ids)

    def find_after(self, after: int) -> int | None:
        """Return the first id after `after`, None when there is none."""
        with self._database.reading() as connection:
            return connection.execute(select(func.min(schema.item.c.id)).where(schema.item.c.id > after)).scalar()

    def between(self, after: int, last: int) -> int:
        """Count the items after `after`, up to and with `last`."""
        with self._database.reading() as connection:
            return connection.execute(select(func.count()).where(schema.item.c.id > after, schema.item.c.id <= last)).scalar_one()


_PLACES = (
    (schema.page, ("url",)),
    (schema.problem, ("place", "detail")),
    (schema.gap, ("watch_key", "token")),
    (schema.watch_cursor, ("watch_key", "value")),
    (schema.ledger, ("target",)),
    (schema.listing, ("key",)),
)


def _employers(connection: Connection) -> dict[int, str]:
    return {row.id: row.name for row in connection.execute(select(schema.employer))}


def _rules(wanted: Wanted) -> list[ColumnElement[bool]]:
    item = schema.item.c
    rules: list[ColumnElement[bool]] = []
    if wanted.ids:
        rules.append(item.id.in_(wanted.ids))
    if wanted.authors:
        # Few addresses hold a pseudonym at all: only these are looked through for each.
        places = item.identity + literal(" ") + func.coalesce(func.json_extract(item.data, "$.url"), "")
        account = func.json_each(dumps(list(wanted.accounts))).table_valued("value")
        named = exists(select(literal(1)).select_from(account).where(func.instr(places, account.c.value) > 0))
        rules.append(or_(func.json_extract(item.data, "$.author").in_(wanted.authors), and_(places.op("GLOB")("*p" + 16 * "[0-9a-f]" + "*"), named)))
    if wanted.urls:
        rules.append(func.json_extract(item.data, "$.url").in_(wanted.urls))
    if wanted.source is not None:
        rules.append(item.source == wanted.source)
    if wanted.employer is not None:
        linked = schema.link.join(schema.employer, schema.employer.c.id == schema.link.c.employer_id)
        rules.append(exists(select(literal(1)).select_from(linked).where(schema.link.c.item_id == item.id, schema.employer.c.name == wanted.employer)))
    if wanted.since is not None or wanted.until is not None:
        rules.append(item.day >= (wanted.since or "0"))
    if wanted.until is not None:
        rules.append(item.day <= wanted.until)
    return rules


def _bury(connection: Connection, digests: Iterable[str], at: str) -> None:
    rows = [{"digest": digest, "at": at} for digest in sorted(set(digests))]
    if rows:
        connection.execute(text("INSERT INTO tombstone (digest, at) VALUES (:digest, :at) ON CONFLICT DO NOTHING"), rows)
