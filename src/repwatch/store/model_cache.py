"""What a user's own model said, by the digest of model and text: a file of its own, without a word of any text."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

from repwatch.store import place

FILE = "model-cache.db"
_AT_ONCE = 500
_Row = tuple[str, float, float]


class ModelCache:
    """Verdicts (label, polarity, confidence) kept in the data folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / FILE
        try:
            self._connection = sqlite3.connect(path, isolation_level=None)
        except sqlite3.Error as error:
            raise place.explain(error, path) from error
        try:
            path.chmod(0o600)
            self._connection.execute("CREATE TABLE IF NOT EXISTS verdict (key BLOB PRIMARY KEY, label TEXT, polarity REAL, confidence REAL) WITHOUT ROWID")
        except sqlite3.Error as error:
            self.close()
            raise place.explain(error, path) from error

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def get(self, keys: Sequence[bytes]) -> dict[bytes, _Row]:
        """Return the verdicts that are known."""
        found: dict[bytes, _Row] = {}
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            query = f"SELECT key, label, polarity, confidence FROM verdict WHERE key IN ({marks})"  # noqa: S608 — question marks only
            found |= {key: (label, polarity, confidence) for key, label, polarity, confidence in self._connection.execute(query, some)}
        return found

    def put(self, verdicts: Mapping[bytes, _Row]) -> None:
        """Keep verdicts."""
        self._connection.execute("BEGIN")
        self._connection.executemany("INSERT OR REPLACE INTO verdict VALUES (?, ?, ?, ?)", [(key, *verdict) for key, verdict in verdicts.items()])
        self._connection.execute("COMMIT")
