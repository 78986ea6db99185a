"""Let texts go: which items and old states are over their limits, and what is left of them."""

from __future__ import annotations

import json
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, update

from repwatch.store import schema
from repwatch.store.batch import Batch
from repwatch.store.identity import dumps, without_text

_PROSE = ("text", "title", "pros", "cons", "advice", "body", "process", "author")


class Limits(NamedTuple):
    """Texts first held, vanished or replaced before these days (YYYY-MM-DD) are to go."""

    held: str
    vanished: str
    replaced: str


def due(limits: Limits) -> tuple[ColumnElement[bool], ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions for items that are too old, items that vanished too long ago, and old states replaced too long ago."""
    item, old = schema.item.c, schema.revision.c
    fresh = and_(item.type.in_(("review", "mention", "interview")), item.id.notin_(select(schema.faded.c.item_id)))
    worded = or_(*(func.coalesce(func.json_extract(old.data, f"$.{name}"), "") != "" for name in _PROSE))
    return and_(fresh, item.first_seen < limits.held), and_(fresh, item.vanished < limits.vanished), and_(old.replaced < limits.replaced, worded)


def fade(connection: Connection, run: int, ids: list[int], at: str, why: str) -> None:
    """Drop the texts of items and of their old states; facts and figures stay."""
    batch = Batch(connection, run, journaled=False)
    for state in batch.load(schema.item.c.id.in_(ids)):
        batch.touch(state, told=False)
        kept = without_text(json.loads(state.data))
        state.say(dumps(kept), kept)
        if state.score:
            state.score, state.rescored = state.score._replace(evidence="[]"), True
    batch.flush()
    empty(connection, schema.revision.c.item_id.in_(ids))
    # How an item stood before an import holds its text too; such an import can no longer be undone to the letter.
    connection.execute(delete(schema.journal).where(schema.journal.c.item_id.in_(ids)))
    connection.execute(insert(schema.faded), [{"item_id": row, "at": at, "why": why} for row in ids])


def empty(connection: Connection, rule: ColumnElement[bool]) -> int:
    """Drop the texts of the old states that fit, and return how many these are."""
    old = schema.revision.c
    rows = connection.execute(select(old.id, old.data).where(rule)).all()
    for row, data in rows:
        connection.execute(update(schema.revision).where(old.id == row).values(data=dumps(without_text(json.loads(data)))))
    return len(rows)
