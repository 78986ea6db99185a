"""The reading side of the store: plain sqlite3, read-only, with every statement that a report needs.

Imports neither SQLAlchemy nor Alembic nor pydantic: they would cost more time than all the reading.
Dates are YYYY-MM-DD, both inclusive; an undated item counts only where neither is given.
"""

# ruff: noqa: S608 — statements are built from constants, values are bound
from __future__ import annotations

import json
import sqlite3
from itertools import groupby
from pathlib import Path
from typing import Literal, NamedTuple, TypedDict

from repwatch.errors import StoreError
from repwatch.store import place
from repwatch.store.counts import NO_CUSTOMERS, CountReader
from repwatch.store.identity import CUSTOMER
from repwatch.store.items import ItemReader
from repwatch.store.runs import Row, conditions
from repwatch.store.voices import VoiceReader
from repwatch.wording import _

What = Literal["all", "stars", "label"]


#: Tenths of a star -> n, label -> n, and n of all.
class Histogram(TypedDict):
    stars: dict[int, int]
    label: dict[str, int]
    all: int


class DayCount(NamedTuple):
    """How many items of a day fall into a bucket: tenths of a star, a label, or "" for all."""

    day: str
    bucket: str
    n: int


def open_reader(folder: Path) -> Reader:
    """Open the store in `folder` for reading.

    Raises StoreError when there is none yet, or when it is of another revision than this program.
    """
    path = place.database(Path(folder))
    if not path.exists():
        raise StoreError(
            _("there is no store yet"),
            where=str(path),
            hint=_("Run `repwatch check`, or `repwatch import` with a file."),
        )
    connection = None
    try:
        connection = place.connect(path, wait_ms=5_000, read_only=True)
        found = place.revision_of(connection, path)
        place.check_revision(found, path)
        if found != place.HEAD:
            raise StoreError(
                _("is of revision {found}, this program reads {known}", found=found or _("none"), known=place.HEAD),
                where=str(path),
                hint=_("Run `repwatch check` once: it brings the store up to date."),
            )
    except (sqlite3.Error, StoreError) as error:
        if connection is not None:
            connection.close()
        raise error if isinstance(error, StoreError) else place.explain(error, path) from error
    return Reader(connection)


class Reader(VoiceReader, CountReader, ItemReader):
    """All that reports ask of the store."""

    def employers(self) -> list[str]:
        """Return the names of all employers, in order."""
        return [row[0] for row in self._all("SELECT name FROM employer ORDER BY name")]

    def sources(self, employer: str | None = None) -> list[str]:
        """Return the sources of which items, profiles or ledger rows are kept."""
        rule, names = ("", ()) if employer is None else ("WHERE employer.name = ?", (employer,))
        join = "JOIN employer ON employer.id = employer_id"
        parts = (
            f"SELECT source FROM item JOIN link ON item_id = item.id {join} {rule}"
            if employer is not None
            else "SELECT source FROM item",
            f"SELECT source FROM profile {join} {rule}"
            if employer is not None
            else "SELECT source FROM profile",
            "SELECT source FROM ledger" + (" WHERE employer = ?" if employer is not None else ""),
        )
        return [row[0] for row in self._all(" UNION ".join(parts) + " ORDER BY 1", *names * 3)]

    def languages(self) -> list[str]:
        """Return the languages of the items, in order."""
        return [row[0] for row in self._all("SELECT DISTINCT lang FROM item WHERE lang IS NOT NULL ORDER BY 1")]

    def histogram(
        self,
        employer: str,
        source: str | None = None,
        since: str | None = None,
        until: str | None = None,
        type: str | None = None,  # noqa: A002 — the field's own name
        lang: str | None = None,
    ) -> Histogram:
        """Return how ratings (in tenths of a star of five) and labels are spread, and how many items there are; customers only where `type` asks for them."""
        total = _histogram()
        for row in self._rolled("type", employer, since, until, source=source, type=type, lang=lang):
            if type or row[0] != CUSTOMER:
                _add(total, row)
        return total

    def histograms_by_type(
        self, employer: str, since: str | None = None, until: str | None = None, lang: str | None = None
    ) -> dict[str, dict[str, Histogram]]:
        """Return type -> source -> histogram, by one statement; `customer` is a type of its own."""
        found: dict[str, dict[str, Histogram]] = {}
        for row in self._rolled("type || '|' || source", employer, since, until, lang=lang):
            kind, _, source = row[0].partition("|")
            _add(found.setdefault(kind, {}).setdefault(source, _histogram()), row)
        return found

    def _rolled(
        self, group: str, employer: str, since: str | None, until: str | None, **equal: str | None
    ) -> list[sqlite3.Row]:
        rules, values = conditions("day", since, until, **equal)
        return self._all(
            f"SELECT {group}, what, bucket, sum(n) FROM rollup "
            f"WHERE employer_id = (SELECT id FROM employer WHERE name = ?) AND what IN ('all', 'stars', 'label'){rules} "
            "GROUP BY 1, what, bucket ORDER BY 1, what, CAST(bucket AS INTEGER), bucket",
            employer,
            *values,
        )

    def per_day(
        self,
        employer: str,
        since: str | None = None,
        until: str | None = None,
        what: What = "all",
        source: str | None = None,
        type: str | None = None,  # noqa: A002
    ) -> list[DayCount]:
        """Return the counts of each day that has any, in order."""
        rules, values = conditions("day", since, until, what=what, source=source, type=type)
        rules += NO_CUSTOMERS if type is None else ""
        rows = self._all(
            "SELECT day, bucket, sum(n) FROM rollup "
            f"WHERE employer_id = (SELECT id FROM employer WHERE name = ?){rules} "
            "GROUP BY day, bucket ORDER BY day, CAST(bucket AS INTEGER), bucket",
            employer,
            *values,
        )
        return [DayCount(*row) for row in rows]

    def profile_history(
        self,
        employer: str,
        source: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> list[Row]:
        """Return each observation of the employer's profiles (data, with `observed`, `seen` and the run's `evidence`), oldest first."""
        rules, values = conditions("day", since, until, source=source)
        rows = self._all(
            "SELECT data, observed, seen, (SELECT meta FROM run WHERE id = run_id) FROM profile "
            f"WHERE employer_id = (SELECT id FROM employer WHERE name = ?){rules} "
            "ORDER BY source, domain, filter, identity, observed, seen, id",
            employer,
            *values,
        )
        return [{**json.loads(row[0]), "observed": row[1], "seen": row[2], "evidence": json.loads(row[3]).get("evidence")} for row in rows]

    def latest_profiles(self, employer: str, until: str | None = None) -> list[Row]:
        """Return the newest observation of each (source, domain, filter, id), with `until` as of that day."""
        names = ("source", "domain", "filter", "native_id")
        rows = [row for row in self.profile_history(employer) if until is None or (row["observed"] or "")[:10] <= until]
        return [
            list(group)[-1]
            for _, group in groupby(rows, key=lambda row: tuple(row[name] or "" for name in names))
        ]

def _histogram() -> Histogram:
    return {"stars": {}, "label": {}, "all": 0}


def _add(histogram: Histogram, row: sqlite3.Row) -> None:
    _, what, bucket, n = row
    if what == "all":
        histogram["all"] += n
    elif what == "stars":
        histogram["stars"][int(bucket)] = n
    else:
        histogram["label"][bucket] = n
