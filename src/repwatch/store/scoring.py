"""Scores after the fact: what a person corrects, and what a new scorer has still to read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from repwatch.errors import UsageError
from repwatch.models import PERSON, Score, TopicScore
from repwatch.store import schema
from repwatch.store.batch import Batch, Names, chunks
from repwatch.store.identity import dumps
from repwatch.store.sights import rescore
from repwatch.store.state import Scored, State
from repwatch.wording import _

_SCORED = ("review", "mention", "interview")


class Correction(NamedTuple):
    """What a person said of an item, and what the scorer had said; `stands` is False once the item says something else."""

    item_id: int
    at: str
    label: str
    topics: dict[str, float]
    was: dict[str, Any] | None
    data: dict[str, Any]
    stands: bool


def correct(connection: Connection, batch: Batch, item_id: int, score: Score, at: str) -> Score | None:
    """Let a person's word stand for an item; return the score it replaced. Raises UsageError for an unknown item."""
    state = _one(batch, item_id)
    before = state.score
    scorers = Names(connection, schema.scorer)
    was = _told(before, scorers.name(state.scorer_id)) if before and state.scorer_id else None
    earlier = connection.execute(select(schema.correction.c.was).where(schema.correction.c.item_id == item_id)).scalar()
    rescore(batch, state, score, scorers, told=False)
    batch.flush()
    connection.execute(delete(schema.correction).where(schema.correction.c.item_id == item_id))
    topics = {topic.topic: topic.polarity for topic in score.topics}
    row = {"item_id": item_id, "run_id": batch.run, "at": at, "label": score.label, "topics": dumps(topics), "was": earlier or dumps(was), "derived": state.derived}
    connection.execute(insert(schema.correction).values(row))
    return _score(was)


def withdraw(connection: Connection, batch: Batch, item_id: int, score: Score) -> None:
    """Take a correction back: `score`, the scorer's own, counts again. Raises UsageError where there is none."""
    state = _one(batch, item_id)
    gone = delete(schema.correction).where(schema.correction.c.item_id == item_id)
    if not connection.execute(gone).rowcount:
        raise UsageError(_("item {item} was not corrected", item=item_id), hint=_("`repwatch mentions` shows the ids."))
    batch.touch(state, told=False)
    state.score, state.scorer_id, state.score_run = None, None, None
    state.wipe_scores = True
    rescore(batch, state, score, Names(connection, schema.scorer), told=False)
    batch.flush()


def corrections(connection: Connection) -> list[Correction]:
    """Return all corrections, the oldest first, each with the item as it stands."""
    column, item = schema.correction.c, schema.item.c
    query = select(column.item_id, column.at, column.label, column.topics, column.was, item.data, column.derived == item.derived)
    rows = connection.execute(query.join_from(schema.correction, schema.item).order_by(column.at, column.item_id))
    return [Correction(row[0], row[1], row[2], json.loads(row[3]), json.loads(row[4]), json.loads(row[5]), bool(row[6])) for row in rows]


def outdated(connection: Connection, version: str, limit: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (id, data) of at most `limit` items that wait for the scorer `version`: unscored, or scored by another one.

    One look at the index for each other scorer and type, so that finding nothing costs nothing.
    """
    item = schema.item.c
    for waiting in _waiting(connection, version):
        for row in connection.execute(select(item.id, item.data).where(*waiting).order_by(item.id).limit(limit)):
            limit -= 1
            yield row.id, json.loads(row.data)


def count_outdated(connection: Connection, version: str) -> int:
    """Count what `outdated` would yield."""
    counts = (select(func.count()).select_from(schema.item).where(*waiting) for waiting in _waiting(connection, version))
    return sum(connection.execute(count).scalar_one() for count in counts)


def _waiting(connection: Connection, version: str) -> list[tuple[ColumnElement[bool], ...]]:
    """Return conditions that together name all items which neither `version` nor a person has scored."""
    item, scorer = schema.item.c, schema.scorer.c
    others = select(scorer.id).where(scorer.version.not_in((version, PERSON))).order_by(scorer.id)
    ids = connection.execute(others).scalars().all()
    # What was let go has no words left to read: its old score stands.
    told = item.id.not_in(select(schema.faded.c.item_id))
    return [(item.scorer_id.is_(None) if each is None else item.scorer_id == each, item.type == kind, told) for each, kind in product((None, *ids), _SCORED)]


def save_scores(connection: Connection, batch: Batch, scores: list[tuple[int, Score]]) -> int:
    """Score items by id and return how many scores were new or other than before."""
    count = 0
    for some in chunks(scores):
        by_id = dict(some)
        scorers = Names(connection, schema.scorer)
        for state in batch.load(schema.item.c.id.in_(by_id)):
            rescore(batch, state, by_id[state.id or 0], scorers, today=True, told=False)
            count += state.rescored
        batch.flush()
    return count


def _one(batch: Batch, item_id: int) -> State:
    found = batch.load(schema.item.c.id == item_id)
    if not found or found[0].type not in _SCORED:
        raise UsageError(_("there is no review, mention or interview {item}", item=item_id), hint=_("`repwatch mentions` shows the ids."))
    return found[0]


def _told(scored: Scored, version: str) -> dict[str, Any]:
    return {**scored._asdict(), "topics": json.loads(scored.topics), "evidence": json.loads(scored.evidence), "scorer": version}


def _score(told: dict[str, Any] | None) -> Score | None:
    return Score.model_validate({**told, "topics": [TopicScore(**topic) for topic in told["topics"]]}) if told else None
