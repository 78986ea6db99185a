"""How far the watches have come: how to revalidate a page, where a walk goes on, and what a page cap left out."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, and_, insert, select, update

from repwatch.errors import UsageError
from repwatch.store import schema
from repwatch.store.batch import replace_row
from repwatch.store.engine import Database
from repwatch.store.identity import dumps
from repwatch.store.rows import Gap, PageRow
from repwatch.wording import _


class Cursors:
    """The part of the store in which walks find their way back. Every method that writes is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def validators(self, url: str) -> PageRow | None:
        """Return how to revalidate `url`, None when it was never read."""
        with self._database.reading() as connection:
            row = connection.execute(select(schema.page).where(schema.page.c.url == url)).first()
            return PageRow(*row) if row else None

    def cursor(self, watch_key: str) -> dict[str, Any] | None:
        """Return how far a watch has come."""
        with self._database.reading() as connection:
            column = schema.watch_cursor.c
            value = connection.execute(select(column.value).where(column.watch_key == watch_key)).scalar()
            return None if value is None else dict(json.loads(value))

    def set_cursor(self, watch_key: str, value: dict[str, Any]) -> None:
        """Record how far a watch has come; for a walk that has finished."""
        with self._database.writing() as connection:
            set_cursor(connection, watch_key, value)

    def gaps(self, watch_key: str | None = None) -> list[Gap]:
        """Return the gaps that wait, the oldest first."""
        column = schema.gap.c
        query = select(column.id, column.watch_key, column.token, column.recorded_run)
        query = query.where(column.filled_run.is_(None)).order_by(column.id)
        if watch_key is not None:
            query = query.where(column.watch_key == watch_key)
        with self._database.reading() as connection:
            return [Gap(*row) for row in connection.execute(query)]

    def add_gap(self, run: int, watch_key: str, token: str) -> None:
        """Record what a page cap left out; the same open gap is recorded once."""
        with self._database.writing() as connection:
            _add_gap(connection, run, watch_key, token)

    def fill_gap(self, run: int, gap_id: int, token_left: str | None) -> None:
        """Close a gap; what was left out again becomes a gap of its own."""
        column = schema.gap.c
        with self._database.writing() as connection:
            query = update(schema.gap).where(column.id == gap_id, column.filled_run.is_(None))
            key = connection.execute(query.values(filled_run=run).returning(column.watch_key)).scalar()
            if key is None:
                raise UsageError(_("there is no open gap {gap}", gap=gap_id))
            if token_left is not None:
                _add_gap(connection, run, key, token_left)


def set_cursor(connection: Connection, watch_key: str, value: dict[str, Any]) -> None:
    """Record a cursor within a transaction that does more."""
    replace_row(connection, schema.watch_cursor, {"watch_key": watch_key, "value": dumps(value)})


def _add_gap(connection: Connection, run: int, watch_key: str, token: str) -> None:
    column = schema.gap.c
    same = and_(column.watch_key == watch_key, column.token == token, column.filled_run.is_(None))
    if connection.execute(select(column.id).where(same)).first() is None:
        row = {"watch_key": watch_key, "token": token, "recorded_run": run}
        connection.execute(insert(schema.gap).values(row))
