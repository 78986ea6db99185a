"""Whom a mention names and probably does not mean: written beside the item, and taken back when the rules change."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select

from repwatch.store import schema
from repwatch.store.batch import Names, chunks
from repwatch.store.identity import dumps
from repwatch.store.rows import Doubt
from repwatch.store.state import State

_Row = tuple[int, int, float, str]


def write(connection: Connection, run: int, employers: Names, doubted: Iterable[tuple[State, tuple[Doubt, ...]]]) -> None:
    """Let each mention have exactly the doubts of its last sight."""
    wanted = {state.id or 0: {(state.id or 0, employers.id(each.employer), each.relevance, dumps(each.reasons)) for each in doubts} for state, doubts in doubted}
    column = schema.doubt.c
    for some in chunks(wanted):
        found = connection.execute(select(column.item_id, column.employer_id, column.relevance, column.reasons).where(column.item_id.in_(some)))
        before: dict[int, set[_Row]] = {}
        for row in found:
            before.setdefault(row.item_id, set()).add((row.item_id, row.employer_id, row.relevance, row.reasons))
        other = [item for item in some if wanted[item] != before.get(item, set())]
        if other:
            connection.execute(delete(schema.doubt).where(column.item_id.in_(other)))
        if rows := [row for item in other for row in sorted(wanted[item])]:
            names = ("item_id", "employer_id", "relevance", "reasons")
            connection.execute(insert(schema.doubt), [{**dict(zip(names, row, strict=True)), "run_id": run} for row in rows])
