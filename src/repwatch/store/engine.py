"""The way into the database: an engine whose write transactions begin at once, and errors that say what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from repwatch.store import place

_BEGIN = {True: "BEGIN IMMEDIATE", False: "BEGIN"}


class Database:
    """The database file of a folder, migrated to what this program knows."""

    def __init__(self, folder: Path, *, wait_ms: int) -> None:
        self.path = place.prepare(folder)
        self._wait_ms = wait_ms
        #: The revision in which the store was found, None for a new one.
        self.was = found = place.revision_at(self.path, wait_ms=wait_ms)
        self._engine: Engine = create_engine(
            "sqlite://", creator=lambda: place.connect(self.path, wait_ms=wait_ms), poolclass=NullPool
        )
        if found != place.HEAD:
            self._migrate()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Hold the one write transaction; all of it is kept, or nothing."""
        with self._open(write=True) as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Hold a read transaction: one state of the store, whatever is written meanwhile."""
        with self._open(write=False) as connection:
            yield connection

    @contextmanager
    def _open(self, *, write: bool) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                connection.exec_driver_sql(_BEGIN[write])
                yield connection
                connection.exec_driver_sql("COMMIT")
        except (DatabaseError, sqlite3.Error) as error:
            raise place.explain(error, self.path) from error

    def _migrate(self) -> None:
        from repwatch.store.migrations import upgrade
        from repwatch.store.rollups import rebuild

        with self.writing() as connection:
            upgrade(connection)
            # A migration may know a new kind of count: what is stored is counted for it, too.
            rebuild(connection)
