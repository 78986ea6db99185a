"""Daily roll-ups: histograms of stars, labels, topics and answers, and the volume, a day, employer, source, type and language.

What is counted (`what`, bucket): all; stars (tenths); label; recom yes, no; ceo approve, disapprove, no_opinion; sub
"name|tenths"; topic "name|positive"; wait (days to the answer, open, answered); month (the day is not known, it counts
on the first). `breakdown` counts reviews a month by job family, place and country. What customers wrote counts under a type of its own.

A story that several mentions tell counts once, at the one that had it first (`stories`); the others count as `again`.
Kept by difference: what an item counted for before a change is taken off, what it counts for after it is added.
"""

# ruff: noqa: S608 — statements are built from constants, values are bound
from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Connection, text

from repwatch.facets import country, job_family, place
from repwatch.store.identity import Data, is_rolled_up, tenths_of, topic_bucket, wait_of

#: employer_id, day, source, type, what, bucket, lang: the primary key of the table.
Key = tuple[int, str, str, str, str, str, str]
_COLUMNS = ("employer_id", "day", "source", "type", "what", "bucket", "lang")
#: employer_id, month, dimension, part, what, bucket.
Cell = tuple[int, str, str, str, str, str]
_CELL = ("employer_id", "month", "dimension", "part", "what", "bucket")
#: By what reviews are broken down: the field it is read from, and how.
DIMENSIONS = {"family": ("job_title", job_family), "place": ("location", place), "country": ("location", country)}

_SCORED = "JOIN score ON score.item_id = item.id AND score.scorer_id = item.scorer_id"
_REVIEW = "AND item.type = 'review'"
#: what, bucket, join, where: the second opinion on `State.keys`.
_COUNTED = (
    ("all", "''", "", ""),
    ("again", "''", "", ""),
    ("stars", "CAST(item.stars AS VARCHAR)", "", "AND item.stars IS NOT NULL"),
    ("label", "score.label", _SCORED, ""),
    ("month", "''", "", "AND item.precision = 'month'"),
    ("topic", "topic_bucket(json_extract(told.value, '$.topic'), json_extract(told.value, '$.polarity'))",
     f"{_SCORED} JOIN json_each(score.topics) AS told", ""),
    ("wait", "wait_of(json_extract(item.data, '$.published'), coalesce(json_extract(item.data, '$.responses'), '[]'))", "", _REVIEW),
    ("recom", "iif(json_extract(item.data, '$.recommend'), 'yes', 'no')", "", f"{_REVIEW} AND json_extract(item.data, '$.recommend') IS NOT NULL"),
    ("ceo", "json_extract(item.data, '$.ceo_approval')", "", f"{_REVIEW} AND json_extract(item.data, '$.ceo_approval') IS NOT NULL"),
    ("sub", "told.key || '|' || tenths_of(told.value, json_extract(item.data, '$.rating_scale'))",
     "JOIN json_each(item.data, '$.subratings') AS told", _REVIEW),
)  # fmt: skip
_KIND = "iif(json_extract(item.data, '$.voice') = 'customer', 'customer', item.type)"
_REBUILD = """
INSERT INTO rollup (employer_id, day, source, type, what, bucket, lang, n)
SELECT link.employer_id, item.day, item.source, {kind}, '{what}', {bucket}, item.lang, count(*)
FROM item JOIN link ON link.item_id = item.id {join}
WHERE item.type IN ('review', 'mention', 'interview') AND link.again = {again} {where}
GROUP BY link.employer_id, item.day, item.source, {kind}, {bucket}, item.lang
"""
_REBUILD_CELLS = """
INSERT INTO breakdown (employer_id, month, dimension, part, what, bucket, n)
SELECT employer_id, month, '{dimension}', part, '{what}', bucket, count(*) FROM (
  SELECT link.employer_id AS employer_id, substr(item.day, 1, 7) AS month,
         part_{dimension}(json_extract(item.data, '$.{field}')) AS part, {bucket} AS bucket
  FROM item JOIN link ON link.item_id = item.id
  WHERE {kind} = 'review' AND item.day <> '' {where}) WHERE bucket IS NOT NULL
GROUP BY employer_id, month, part, bucket
"""


def keys(  # noqa: PLR0913 — the columns of the table, and what fills them
    employers: Collection[int],
    day: str,
    source: str,
    kind: str,
    lang: str,
    *,
    stars: int | None,
    label: str | None,
    facts: Sequence[tuple[str, str]] = (),
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
        for what, bucket in facts:
            yield employer, day, source, kind, what, bucket, lang


def cells(employers: Collection[int], month: str, data: Data, *, stars: int | None) -> Iterator[Cell]:
    """Yield the cells in which one dated review counts for one."""
    for dimension, (field, name) in DIMENSIONS.items():
        part = name(data.get(field))
        for employer in employers:
            yield employer, month, dimension, part, "all", ""
            if stars is not None:
                yield employer, month, dimension, part, "stars", str(stars)


def told(precision: str, topics: str | None) -> list[tuple[str, str]]:
    """Return the facts of an item of any type: a day that is not known, and the topics (JSON) that its score names."""
    month = [("month", "")] if precision == "month" else []
    return [*month, *(("topic", topic_bucket(each["topic"], each["polarity"])) for each in json.loads(topics or "[]"))]


def apply(connection: Connection, change: Counter[Key]) -> None:
    """Add the differences to `rollup`; rows that come to nothing go."""
    _apply(connection, "rollup", _COLUMNS, change)


def apply_cells(connection: Connection, change: Counter[Cell]) -> None:
    """Add the differences to `breakdown`; rows that come to nothing go."""
    _apply(connection, "breakdown", _CELL, change)


def _apply(connection: Connection, table: str, columns: Sequence[str], change: Counter[Key] | Counter[Cell]) -> None:
    rows = {key: {**dict(zip(columns, key, strict=True)), "n": n} for key, n in sorted(change.items()) if n}
    names, values = ", ".join(columns), ", ".join(f":{column}" for column in columns)
    if rows:
        add = f"INSERT INTO {table} ({names}, n) VALUES ({values}, :n) ON CONFLICT ({names}) DO UPDATE SET n = {table}.n + excluded.n"
        connection.execute(text(add), list(rows.values()))
    if less := [row for row in rows.values() if row["n"] < 0]:  # type: ignore[operator]  # n is a number, the rest are names
        same = " AND ".join(f"{column} = :{column}" for column in columns)
        connection.execute(text(f"DELETE FROM {table} WHERE {same} AND n = 0"), less)


def rebuild(connection: Connection) -> None:
    """Count all roll-ups anew, in SQL: the second opinion on `keys`, `cells` and `apply`."""
    _teach(connection)
    for table in ("rollup", "breakdown"):
        connection.execute(text(f"DELETE FROM {table}"))
    for _table, counted in _counts(""):
        connection.exec_driver_sql(counted)


def take_off(connection: Connection, run: int) -> None:
    """Take off what the items that `run` added count for, before they go."""
    _teach(connection)
    for table, counted in _counts(f"AND item.run_id = {run:d}"):
        names = ", ".join(_COLUMNS if table == "rollup" else _CELL)
        connection.exec_driver_sql(f"{counted} ON CONFLICT ({names}) DO UPDATE SET n = {table}.n - excluded.n")
    for table in ("rollup", "breakdown"):
        connection.execute(text(f"DELETE FROM {table} WHERE n = 0"))


def _counts(which: str) -> Iterator[tuple[str, str]]:
    """Yield (table, statement) for all that is counted, over the items that `which` names."""
    for what, bucket, join, where in _COUNTED:
        yield "rollup", _REBUILD.format(kind=_KIND, what=what, bucket=bucket, join=join, where=f"{where} {which}", again=int(what == "again"))
    for dimension, (field, _) in DIMENSIONS.items():
        for what, bucket in (("all", "''"), ("stars", "CAST(item.stars AS VARCHAR)")):
            yield "breakdown", _REBUILD_CELLS.format(kind=_KIND, dimension=dimension, field=field, what=what, bucket=bucket, where=which)


def _teach(connection: Connection) -> None:
    """Let SQL ask for what only Python can tell."""
    database = connection.connection.driver_connection
    if database is None:
        return
    for name, count, function in (("wait_of", 2, wait_of), ("tenths_of", 2, tenths_of), ("topic_bucket", 2, topic_bucket)):
        database.create_function(name, count, function, deterministic=True)
    for dimension, (_, part) in DIMENSIONS.items():
        database.create_function(f"part_{dimension}", 1, part, deterministic=True)
