"""The store as lines that can be imported again: streaming, in an order that no row id decides."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, Select, and_, exists, select

from repwatch.store import schema
from repwatch.store.identity import Data

_Line = tuple[tuple[str, ...], Data]


class Wanted(NamedTuple):
    """Which part of the store: dates as YYYY-MM-DD, both inclusive; an undated item is in no period."""

    employer: str | None = None
    source: str | None = None
    since: str | None = None
    until: str | None = None

    def where(self, source: Column[str], day: Column[str]) -> list[ColumnElement[bool]]:
        """Return the conditions on source and day."""
        rules: list[ColumnElement[bool]] = []
        if self.source is not None:
            rules.append(source == self.source)
        if self.since is not None or self.until is not None:
            rules.append(day >= (self.since or "0"))
        if self.until is not None:
            rules.append(day <= self.until)
        return rules


def export(connection: Connection, wanted: Wanted) -> Iterator[Data]:
    """Yield an item's data for each employer it is linked to, ordered by (source, identity)."""
    for _, line in heapq.merge(
        _items(connection, wanted), _profiles(connection, wanted), key=lambda pair: pair[0]
    ):
        yield line


def _items(connection: Connection, wanted: Wanted) -> Iterator[_Line]:
    item, score, employer, link = schema.item.c, schema.score, schema.employer, schema.link
    query: Select[Any] = (
        select(
            item.id,
            item.source,
            item.identity,
            item.type,
            item.data,
            item.first_seen,
            item.vanished,
            exists().where(schema.revision.c.item_id == item.id).label("revised"),
            select(schema.faded.c.at).where(schema.faded.c.item_id == item.id).scalar_subquery().label("faded"),
            exists().where(schema.doubt.c.item_id == item.id).label("doubted"),
            schema.scorer.c.version,
            *(score.c[name] for name in ("lang", "label", "polarity", "confidence", "topics", "evidence")),
            employer.c.name,
        )
        .select_from(
            schema.item.outerjoin(link, link.c.item_id == item.id)
            .outerjoin(employer, employer.c.id == link.c.employer_id)
            .outerjoin(score, and_(score.c.item_id == item.id, score.c.scorer_id == item.scorer_id))
            .outerjoin(schema.scorer, schema.scorer.c.id == score.c.scorer_id)
        )
        .where(*wanted.where(item.source, item.day))
        .order_by(item.source, item.identity, item.type)
    )
    if wanted.employer is not None:
        query = query.where(employer.c.name == wanted.employer)
    rows = connection.execute(query.execution_options(yield_per=500))
    for _, group in groupby(rows, key=lambda row: row.id):
        for row in sorted(group, key=lambda row: row.name or ""):
            yield (row.source, row.identity, row.type, row.name or ""), _line(connection, row)


def _line(connection: Connection, row: Any) -> Data:
    line: Data = json.loads(row.data)
    line["native_id"] = row.identity
    if row.name is not None:
        line["employer"] = row.name
    line["score"] = _score(row) if row.version is not None else None
    line["first_seen"], line["vanished"] = row.first_seen, row.vanished
    if row.faded is not None:
        line["faded"] = row.faded
    line["revisions"] = _revisions(connection, row.id) if row.revised else []
    if row.doubted:
        line["doubts"] = _doubts(connection, row.id)
    return line


def _doubts(connection: Connection, item: int) -> list[list[Any]]:
    doubt, employer = schema.doubt.c, schema.employer.c
    query = select(employer.name, doubt.relevance, doubt.reasons).join_from(schema.doubt, schema.employer, employer.id == doubt.employer_id)
    return [[name, score, json.loads(reasons)] for name, score, reasons in connection.execute(query.where(doubt.item_id == item).order_by(employer.name))]


def _score(row: Any) -> Data:
    return {
        "lang": row.lang,
        "label": row.label,
        "polarity": row.polarity,
        "confidence": row.confidence,
        "topics": json.loads(row.topics),
        "evidence": json.loads(row.evidence),
        "scorer": row.version,
    }


def _revisions(connection: Connection, item: int) -> list[Data]:
    old = schema.revision.c
    query = select(old.replaced, old.data).where(old.item_id == item).order_by(old.replaced, old.id)
    return [{"replaced": row.replaced, "data": json.loads(row.data)} for row in connection.execute(query)]


def _profiles(connection: Connection, wanted: Wanted) -> Iterator[_Line]:
    row, employer = schema.profile.c, schema.employer.c.name
    query = (
        select(row.source, row.identity, row.domain, row.filter, row.observed, row.seen, row.data, employer)
        .outerjoin_from(schema.profile, schema.employer, schema.employer.c.id == row.employer_id)
        .where(*wanted.where(row.source, row.day))
        .order_by(row.source, row.identity, employer, row.domain, row.filter, row.observed, row.seen, row.id)
    )
    if wanted.employer is not None:
        query = query.where(employer == wanted.employer)
    for found in connection.execute(query.execution_options(yield_per=500)):
        line: Data = json.loads(found.data)
        if found.name is not None:
            line["employer"] = found.name
        line.update(score=None, first_seen=found.seen, vanished=None, revisions=[])
        yield (found.source, found.identity, "profile", found.name or ""), line
