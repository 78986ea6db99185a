"""Lists that are looked at again: what was in them, and what they lack."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from repwatch.store import schema
from repwatch.store.rows import ListRow

#: Takes the rows of a list and the instant of its last sight; returns the rows as they are now, and the ids that are gone.
Decide = Callable[[Sequence[ListRow], str | None], tuple[Sequence[ListRow], Sequence[str]]]


def relist(connection: Connection, key: str, source: str, employer: str, at: str, decide: Decide) -> list[int]:
    """Bring a list up to date and return the items that have vanished: those that no other list shows since."""
    column, listed = schema.listing.c, schema.listed.c
    known = connection.execute(select(column.id, column.seen).where(column.key == key)).first()
    if known is None:
        new = insert(schema.listing).values(key=key, source=source, employer=employer, seen=at).returning(column.id)
        row, last, before = connection.execute(new).scalar_one(), None, []
    else:
        row, last = known
        query = select(listed.identity, listed.published, listed.seen, listed.lacked, listed.lacked_at)
        before = [ListRow(*each) for each in connection.execute(query.where(listed.listing_id == row).order_by(listed.identity))]
        connection.execute(update(schema.listing).where(column.id == row).values(seen=max(last, at)))
    after, gone = decide(before, last)
    if list(after) != before:
        connection.execute(delete(schema.listed).where(listed.listing_id == row))
        if after:
            connection.execute(insert(schema.listed), [{"listing_id": row, **each._asdict()} for each in after])
    lacked = {each.identity: each.lacked_at for each in after}
    return [item for name in gone for item in _item(connection, source, name, lacked[name])]


def _item(connection: Connection, source: str, identity: str, since: str | None) -> list[Any]:
    column, listed = schema.listing.c, schema.listed.c
    elsewhere = (
        select(listed.seen).join_from(schema.listed, schema.listing, column.id == listed.listing_id)
        .where(column.source == source, listed.identity == identity, listed.lacked == 0, listed.seen >= (since or "")[:10])
    )  # fmt: skip
    if connection.execute(elsewhere).first() is not None:
        return []
    item = schema.item.c
    return list(connection.execute(select(item.id).where(item.source == source, item.identity == identity, item.type == "review", item.vanished.is_(None))).scalars())
