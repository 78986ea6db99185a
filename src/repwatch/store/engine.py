"""The way into the database: an engine whose write transactions begin at once, and errors that say what to do."""

from __future__ import annotations

import signal
import sqlite3
import threading
from pathlib import Path
from types import FrameType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from repwatch.store import place

_BEGIN = {True: "BEGIN IMMEDIATE", False: "BEGIN"}


class Transaction:
    """A transaction on a connection of its own.

    Ctrl-C is heard while the work in it is done, never while it is begun or ended: SQLAlchemy left halfway through
    either keeps the lock, and what an interrupted command has to note in the end would wait for it in vain.
    What SQLite made of a Ctrl-C (a function of ours that failed), or swallowed, is Ctrl-C again when the transaction ends.
    """

    def __init__(self, engine: Engine, path: Path, *, write: bool) -> None:
        self._engine, self._path, self._begin = engine, path, _BEGIN[write]
        self._connection: Connection | None = None
        self._hears, self._heard = False, False
        self._before: Any = None

    def __enter__(self) -> Connection:
        if threading.current_thread() is threading.main_thread() and callable(signal.getsignal(signal.SIGINT)):
            self._before = signal.signal(signal.SIGINT, self._hear)
        try:
            self._connection = self._engine.connect()
            self._connection.exec_driver_sql(self._begin)
        except BaseException as error:
            self.__exit__(type(error), error, None)
            raise
        if self._heard:
            self.__exit__(KeyboardInterrupt, None, None)
        self._hears = True
        return self._connection

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        self._hears = False
        try:
            if isinstance(error, DatabaseError | sqlite3.Error):
                raise error
            if kind is None and self._connection:
                self._connection.exec_driver_sql("COMMIT")
        except (DatabaseError, sqlite3.Error) as refusal:
            raise place.explain(refusal, self._path) from refusal
        finally:
            if self._connection:
                self._connection.close()
            self._hears = True
            if self._before:
                signal.signal(signal.SIGINT, self._before)
            if self._heard and not isinstance(error, KeyboardInterrupt):
                self._before(signal.SIGINT, None)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self._heard = True
        if self._hears:
            self._before(number, frame)


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

    def writing(self) -> Transaction:
        """Hold the one write transaction; all of it is kept, or nothing."""
        return Transaction(self._engine, self.path, write=True)

    def reading(self) -> Transaction:
        """Hold a read transaction: one state of the store, whatever is written meanwhile."""
        return Transaction(self._engine, self.path, write=False)

    def _migrate(self) -> None:
        from repwatch.store.migrations import upgrade
        from repwatch.store.rollups import rebuild

        with self.writing() as connection:
            upgrade(connection)
            # A migration may know a new kind of count: what is stored is counted for it, too.
            rebuild(connection)
