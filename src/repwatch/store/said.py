"""A set of numbers in a file of SQLite's own, which is gone when it is closed: a million of them in memory would be 100 MB."""

from __future__ import annotations

import sqlite3


class Said:
    """Remembers the derived ids that were met in one save."""

    def __init__(self) -> None:
        self._file: sqlite3.Connection | None = None
        self.repeated = 0

    def add(self, derived: str) -> None:
        """Remember an id; one that was met before is counted as repeated."""
        if self._file is None:
            self._file = sqlite3.connect("", isolation_level=None)
            self._file.executescript("PRAGMA journal_mode=OFF; PRAGMA cache_size=-2000; CREATE TABLE said (id INTEGER PRIMARY KEY); BEGIN")
        self.repeated += 1 - self._file.execute("INSERT OR IGNORE INTO said VALUES (?)", (hash(derived),)).rowcount

    def __contains__(self, derived: str) -> bool:
        if self._file is None:
            return False
        return self._file.execute("SELECT 1 FROM said WHERE id = ?", (hash(derived),)).fetchone() is not None

    def close(self) -> None:
        """Forget all."""
        if self._file is not None:
            self._file.close()
            self._file = None
