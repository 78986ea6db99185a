"""What the store knows of its own reading: runs, coverage, problems and gaps. The lower half of `reading`."""

# ruff: noqa: S608 — statements are built from constants, values are bound
from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple, Self

from repwatch.errors import Exit
from repwatch.store import place
from repwatch.store.rows import Gap

Row = dict[str, Any]


class Coverage(NamedTuple):
    """What could be seen of one watch for an employer: in `read` of `runs`. What came from files is one watch a source, without a target."""

    source: str
    target: str
    runs: int
    read: int
    last_read: str | None
    last_state: str
    last_reason: str


#: From bad to good; the worst watch speaks for its source.
STATES = ("failed", "refused", "stale", "skipped", "partly", "read")
_COUNTED = ("item", "revision", "score", "employer", "profile", "run", "ledger", "problem", "page", "journal")


class RunReader:
    """Read-only statements over runs and their ledgers."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.row_factory = sqlite3.Row

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ledger(self, run: int | None = None) -> list[Row]:
        """Return the coverage ledger of a run, of the latest check when none is named."""
        if run is None:
            run = self._all("SELECT max(id) FROM run WHERE kind = 'check'")[0][0]
        rows = self._all("SELECT * FROM ledger WHERE run_id = ? ORDER BY source, employer, target", run)
        return [{**dict(row), "gap": bool(row["gap"])} for row in rows]

    def coverage(self, employer: str, since: str | None = None, until: str | None = None) -> list[Coverage]:
        """Return, for each watch, what the runs that started in the period could see."""
        rules, values = conditions("substr(run.started, 1, 10)", since, until)
        rows = self._all(
            "SELECT source, iif(run.kind = 'check' AND target NOT LIKE 'inbox: %', target, '') AS watch, run_id, state, reason, started AS at FROM ledger "
            f"JOIN run ON run.id = run_id WHERE employer = ?{rules} ORDER BY source, watch, run_id, target",
            employer,
            *values,
        )
        return [_coverage(*watch, list(group)) for watch, group in groupby(rows, key=lambda row: (str(row[0]), str(row[1])))]

    def unread_sources(self, employer: str, since: str | None = None, until: str | None = None) -> set[str]:
        """Return the sources of which no watch could be read in the period."""
        told = self.coverage(employer, since, until)
        return {each.source for each in told} - {each.source for each in told if each.read}

    def unread_files(self, since: str | None = None, until: str | None = None) -> list[Row]:
        """Return the files of the period that could not be read, wholly or in part, and that tell of no employer; not those that were read later."""
        rules, values = conditions("substr(run.started, 1, 10)", since, until)
        rows = self._all(
            "SELECT source, target AS file, state, reason, substr(run.started, 1, 10) AS day FROM ledger JOIN run ON run.id = run_id "
            "WHERE employer = '' AND run.kind = 'import' AND run_id = (SELECT max(later.run_id) FROM ledger AS later JOIN run AS imported ON imported.id = later.run_id "
            f"WHERE later.target = ledger.target AND imported.kind = 'import'){rules} ORDER BY run_id, target",
            *values,
        )
        return [{name: row[name] for name in ("source", "file", "state", "reason", "day")} for row in rows if row["state"] not in ("read", "skipped")]

    def runs(self, limit: int = 20) -> list[Row]:
        """Return the latest runs, newest first."""
        rows = self._all("SELECT * FROM run ORDER BY id DESC LIMIT ?", limit)
        return [{**dict(row), "meta": json.loads(row["meta"])} for row in rows]

    def last_check(self, before: int) -> int:
        """Return the id of the last check before a run that came to its end, 0 where there is none: an interrupted one told no alert."""
        rows = self._all("SELECT max(id) FROM run WHERE kind = 'check' AND id < ? AND finished IS NOT NULL AND exit_code <> ?", before, int(Exit.INTERRUPTED))
        return int(rows[0][0] or 0)

    def first_stored(self, after: int, since: str, limit: int) -> list[tuple[int, int]]:
        """Return (item, run) of what runs after `after` stored first and is dated since a day, in order of arrival: the newest where there are more than `limit`."""
        rows = self._all("SELECT id, run_id FROM item WHERE run_id > ? AND day >= ? ORDER BY day DESC, id DESC LIMIT ?", after, since, limit)
        return sorted((row[0], row[1]) for row in rows)

    def alerts(self, *, everything: bool = False, limit: int = 200) -> list[Row]:
        """Return the alerts, newest first: those that are open, or all."""
        rule = "" if everything else "WHERE state = 'open'"
        rows = self._all(f"SELECT * FROM alert {rule} ORDER BY day DESC, id DESC LIMIT ?", limit)
        return [{**dict(row), "facts": json.loads(row["facts"])} for row in rows]

    def projects(self, employer: str) -> list[Row]:
        """Return the board's side projects for an employer, the running one first, then the newest."""
        rows = self._all("SELECT * FROM project WHERE employer = ? ORDER BY ended IS NOT NULL, start DESC, id DESC", employer)
        return [{**dict(row), "baseline": json.loads(row["baseline"]), "notes": json.loads(row["notes"])} for row in rows]

    def unsent(self) -> list[Row]:
        """Return the messages that were not sent: when they were made, how often tried, and what stood in the way."""
        return [dict(row) for row in self._all("SELECT id, channel, subject, created, tries, error FROM outbox WHERE sent IS NULL ORDER BY id")]

    def watches(self, employer: str, check: int | None = None) -> list[tuple[str, str]]:
        """Return the (source, target) that the last check looked at for an employer, or the check of this id."""
        query = ("SELECT source, target FROM ledger WHERE employer = ? AND target NOT LIKE 'inbox: %' "
                 "AND run_id = coalesce(?, (SELECT max(id) FROM run WHERE kind = 'check')) ORDER BY source, target")  # fmt: skip
        return [(row[0], row[1]) for row in self._all(query, employer, check)]

    def checks(self, since: str, until: str) -> list[tuple[int, str]]:
        """Return (id, instant of the start) of the checks of a time, both days (UTC) included, that came to their end; the oldest first."""
        query = "SELECT id, started FROM run WHERE kind = 'check' AND substr(started, 1, 10) BETWEEN ? AND ? AND finished IS NOT NULL AND exit_code <> ? ORDER BY id"
        return [(row[0], row[1]) for row in self._all(query, since, until, int(Exit.INTERRUPTED))]

    def states(self, source: str, employer: str, target: str, runs: int, check: int | None = None) -> list[Row]:
        """Return the ledger rows of a watch in the last `runs` checks that looked at it, newest first; those up to `check`, where it is named."""
        rows = self._all(
            "SELECT run_id, state, reason, started AS at FROM ledger JOIN run ON run.id = run_id AND run.kind = 'check' "
            "WHERE source = ? AND employer = ? AND target = ? AND run_id <= coalesce(?, run_id) ORDER BY run_id DESC LIMIT ?", source, employer, target, check, runs)  # fmt: skip
        return [dict(row) for row in rows]

    def problems(self, run: int) -> list[Row]:
        """Return what a run could not read."""
        query = "SELECT source, place, reason, detail FROM problem WHERE run_id = ? ORDER BY id"
        return [dict(row) for row in self._all(query, run)]

    def counts(self) -> Row:
        """Return how many rows each table has, and the `revision_id` of the store."""
        found: Row = {name: self._all(f"SELECT count(*) FROM {name}")[0][0] for name in _COUNTED}
        return {**found, "revision_id": place.HEAD}

    def scorers(self) -> list[str]:
        """Return the versions of the scorers whose word counts for some item, in order of appearance."""
        query = "SELECT version FROM scorer WHERE EXISTS (SELECT 1 FROM item WHERE scorer_id = scorer.id) ORDER BY id"
        return [row[0] for row in self._all(query)]

    def gaps(self, watch_key: str | None = None) -> list[Gap]:
        """Return the gaps that wait, the oldest first."""
        rules, values = conditions("", None, None, watch_key=watch_key)
        return [
            Gap(*row)
            for row in self._all(
                "SELECT id, watch_key, token, recorded_run FROM gap "
                f"WHERE filled_run IS NULL{rules} ORDER BY id",
                *values,
            )
        ]

    def _all(self, statement: str, *values: object) -> list[sqlite3.Row]:
        return self._connection.execute(statement, values).fetchall()


def conditions(day: str, since: str | None, until: str | None, **equal: str | Sequence[str] | None) -> tuple[str, list[Any]]:
    """Return conditions as ` AND ...` with their values; the names are this module's own. Of several values any will do."""
    bounds = [] if since is None and until is None else [(f"{day} >= ?", since or "0")]
    if until is not None:
        bounds.append((f"{day} <= ?", until))
    bounds += [(f"{name} = ?", value) if isinstance(value, str) else (f"{name} IN (SELECT value FROM json_each(?))", json.dumps(value)) for name, value in equal.items() if value is not None]
    return "".join(f" AND {rule}" for rule, _ in bounds), [value for _, value in bounds]


def _coverage(source: str, target: str, rows: list[sqlite3.Row]) -> Coverage:
    runs = [list(group) for _, group in groupby(rows, key=lambda row: int(row["run_id"]))]
    worst = [min(run, key=lambda row: STATES.index(row["state"])) for run in runs]
    read = [row["at"] for row in worst if row["state"] in ("read", "partly")]
    last = worst[-1]
    return Coverage(source, target, len(runs), len(read), max(read, default=None), last["state"], last["reason"])
