"""Where the store lives and whether this program can use it; speaks sqlite3 alone, so that a look costs nothing."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from repwatch.errors import StoreError
from repwatch.wording import _

#: Every Alembic revision this program knows, oldest first; a store at the last one needs no migration.
REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011", "0012", "0013")
HEAD = REVISIONS[-1]
FILE = "repwatch.db"


def database(folder: Path) -> Path:
    """Return the path of the database in `folder`."""
    return folder / FILE


def prepare(folder: Path) -> Path:
    """Create `folder` (0700) and an empty database file (0600) where they are missing, and return the file."""
    path = database(folder)
    try:
        if not folder.exists():
            folder.mkdir(parents=True)
            folder.chmod(0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        path.chmod(0o600)
    except OSError as error:
        raise StoreError(
            _("cannot be written: {why}", why=error.strerror),
            where=str(path),
            hint=_("Choose another data folder, or make this one yours."),
        ) from error
    return path


def explain(error: BaseException, path: Path) -> StoreError:
    """Turn what SQLite says into what happened and what to do next."""
    said = str(getattr(error, "orig", None) or error)
    for mark, message, hint in (
        ("locked", _("is in use by another process"), _("Wait until the other run has finished, then try again.")),
        ("not a database", _("is not a database"), _("Move the file away; repwatch then starts a new store.")),
        ("malformed", _("is damaged"), _("Restore a backup, or move the file away and import your export again.")),
        ("readonly", _("cannot be written"), _("Check who owns the file and its folder.")),
        ("full", _("does not fit on the disk"), _("Make room on the disk, then try again.")),
        ("unable to open", _("cannot be opened"), _("Check that the data folder exists and is yours.")),
    ):
        if mark in said:
            return StoreError(message, where=str(path), hint=hint)
    return StoreError(_("cannot be used: {why}", why=said), where=str(path), hint=_("Run {command}.", command="`repwatch doctor`"))


def check_revision(found: str | None, path: Path) -> None:
    """Refuse a store whose revision this program does not know."""
    if found is not None and found not in REVISIONS:
        raise StoreError(
            _("was written by a newer repwatch (revision {found}, this one knows {known})", found=found, known=HEAD),
            where=str(path),
            hint=_("Upgrade repwatch."),
        )


def revision_of(connection: sqlite3.Connection, path: Path) -> str | None:
    """Return the Alembic revision of an open database, None when it is empty.

    Raises StoreError when the tables are somebody else's.
    """
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "alembic_version" in tables:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        if row is not None:
            return str(row[0])
    elif tables:
        raise StoreError(
            _("is a database, but not a store of repwatch"),
            where=str(path),
            hint=_("Choose another data folder."),
        )
    return None


class _Connection(sqlite3.Connection):
    """A connection that ends its transaction when it is closed, whatever still reads from it.

    SQLite keeps a closed connection, and its lock, alive until the last statement on it is done; after Ctrl-C in the
    middle of a read the traceback holds one, and the ledger row of the interrupted run would wait for it in vain.
    """

    def close(self) -> None:
        """Roll back what is open, and close."""
        if self.in_transaction:
            self.rollback()
        super().close()


def connect(path: Path, *, wait_ms: int, read_only: bool = False) -> sqlite3.Connection:
    """Open the database in autocommit mode: transactions are begun by hand."""
    options: dict[str, Any] = {"isolation_level": None, "check_same_thread": False, "timeout": wait_ms / 1000, "factory": _Connection}
    if read_only:
        options["uri"] = True
    name = f"file:{quote(str(path.absolute()))}?mode=ro" if read_only else str(path)
    connection: sqlite3.Connection = sqlite3.connect(name, **options)
    if read_only:
        return connection
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def revision_at(path: Path, *, wait_ms: int) -> str | None:
    """Return the revision of the store at `path`, and refuse what this program cannot use."""
    try:
        with closing(connect(path, wait_ms=wait_ms, read_only=True)) as connection:
            found = revision_of(connection, path)
    except sqlite3.Error as error:
        raise explain(error, path) from error
    check_revision(found, path)
    return found
