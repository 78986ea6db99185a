"""Daily roll-ups: histograms of stars and labels, and the volume, a day, employer, source, type and language.

A story that several mentions tell counts once, at the one that had it first (`stories`); the others count as `again`.

Kept by difference: what an item counted for before a change is taken off, what it counts for after it is added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from sqlalchemy import Connection, text

from repwatch.store.identity import is_rolled_up

#: employer_id, day, source, type, what, bucket, lang: the primary key of the table.
Key = tuple[int, str, str, str, str, str, str]
_COLUMNS = ("employer_id", "day", "source", "type", "what", "bucket", "lang")

_ADD = text(
    "INSERT INTO rollup (employer_id, day, source, type, what, bucket, lang, n) "
    "VALUES (:employer_id, :day, :source, :type, :what, :bucket, :lang, :n) "
    "ON CONFLICT (employer_id, day, source, type, what, bucket, lang) DO UPDATE SET n = rollup.n + excluded.n"
)
_DROP_EMPTY = text(
    "DELETE FROM rollup WHERE employer_id = :employer_id AND day = :day AND source = :source AND type = :type "
    "AND what = :what AND bucket = :bucket AND lang = :lang AND n = 0"
)
_REBUILD = """
INSERT INTO rollup (employer_id, day, source, type, what, bucket, lang, n)
SELECT link.employer_id, item.day, item.source, item.type, '{what}', {bucket}, item.lang, count(*)
FROM item JOIN link ON link.item_id = item.id {join}
WHERE item.type IN ('review', 'mention', 'interview') {where}
GROUP BY link.employer_id, item.day, item.source, item.type, {bucket}, item.lang
"""
_SCORED = "JOIN score ON score.item_id = item.id AND score.scorer_id = item.scorer_id"


def keys(
    employers: Collection[int],
    day: str,
    source: str,
    kind: str,
    lang: str,
    *,
    stars: int | None,
    label: str | None,
    again: Collection[int] = (),
) -> Iterator[Key]:
    """Yield the rows in which one item counts for one. For the employers in `again` it repeats a story that counts elsewhere."""
    if not is_rolled_up(kind):
        return
    for employer in employers:
        if employer in again:
            yield employer, day, source, kind, "again", "", lang
            continue
        yield employer, day, source, kind, "all", "", lang
        if stars is not None:
            yield employer, day, source, kind, "stars", str(stars), lang
        if label is not None:
            yield employer, day, source, kind, "label", label, lang


def apply(connection: Connection, change: Counter[Key]) -> None:
    """Add the differences to the table; rows that come to nothing go."""
    rows = {key: {**dict(zip(_COLUMNS, key, strict=True)), "n": n} for key, n in sorted(change.items()) if n}
    if rows:
        connection.execute(_ADD, list(rows.values()))
    if less := [row for key, row in rows.items() if change[key] < 0]:
        connection.execute(_DROP_EMPTY, less)


def rebuild(connection: Connection) -> None:
    """Count all roll-ups anew, in SQL: the second opinion on `keys` and `apply`."""
    connection.execute(text("DELETE FROM rollup"))
    for what, bucket, join, where in (
        ("all", "''", "", "AND link.again = 0"),
        ("again", "''", "", "AND link.again = 1"),
        ("stars", "CAST(item.stars AS VARCHAR)", "", "AND item.stars IS NOT NULL AND link.again = 0"),
        ("label", "score.label", _SCORED, "AND link.again = 0"),
    ):
        connection.execute(text(_REBUILD.format(what=what, bucket=bucket, join=join, where=where)))
