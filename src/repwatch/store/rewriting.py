"""Write items anew: a change of their content, laid over their past and over what an undo would bring back."""

from __future__ import annotations

import json
from collections.abc import Callable

from sqlalchemy import Connection, and_, delete, select, update

from repwatch.store import schema
from repwatch.store.batch import Batch
from repwatch.store.identity import Data, derive, dumps, is_derived
from repwatch.store.state import State, named

Change = Callable[[Data], Data]


def rewrite(batch: Batch, state: State, change: Change, employers: list[str]) -> None:
    """Lay `change` over an item, its old states and its journals; `employers` are the names of those it is about."""
    connection, before = batch.connection, json.loads(state.data)
    after = change(before)
    if after != before:
        batch.touch(state, told=False)
        state.say(dumps(after), after)
        state.derive(after, employers)
        native = after.get("native_id")
        if not is_derived(native) and native != state.identity and not is_derived(state.identity):
            relisted(connection, state, native)
            state.identity = native or state.identity
    old, journal = schema.revision.c, schema.journal.c
    for row, data in connection.execute(select(old.id, old.data).where(old.item_id == state.id)).all():
        was = json.loads(data)
        if (now := change(was)) != was:
            values = {"data": dumps(now), "derived": _derived(now, employers)}
            connection.execute(update(schema.revision).where(old.id == row).values(values))
    for run, told in connection.execute(select(journal.run_id, journal.before).where(journal.item_id == state.id)).all():
        snapshot = json.loads(told)
        was = json.loads(snapshot["data"])
        if (now := change(was)) != was:
            snapshot |= {"data": dumps(now), "derived": _derived(now, employers)}
            if not is_derived(snapshot["identity"]):
                snapshot["identity"] = now.get("native_id") or snapshot["identity"]
            connection.execute(update(schema.journal).where(journal.run_id == run, journal.item_id == state.id).values(before=dumps(snapshot)))


def relisted(connection: Connection, state: State, identity: str | None) -> None:
    """Give an item its new id in the lists in which it stood, or with None take it out of them."""
    listing, listed = schema.listing.c, schema.listed.c
    if state.type == "review":
        here = and_(listed.identity == state.identity, listed.listing_id.in_(select(listing.id).where(listing.source == state.source)))
        connection.execute(delete(schema.listed).where(here) if identity is None else update(schema.listed).where(here).values(identity=identity))


def _derived(content: Data, employers: list[str]) -> str:
    return derive(content, named(content, employers))
