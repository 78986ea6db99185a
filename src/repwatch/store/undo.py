"""Taking an import back: what it added goes, what it changed becomes again what it was, what a later run told too stays."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, CursorResult, and_, delete, exists, func, select, update

from repwatch.errors import UsageError
from repwatch.models import PERSON
from repwatch.store import retold, rollups, schema, stories
from repwatch.store.batch import CHUNK, Batch, chunks
from repwatch.store.identity import dumps
from repwatch.store.state import State
from repwatch.wording import _


def undo(connection: Connection, run: int) -> int:
    """Remove what import run `run` added and return the number of items and profile rows that went.

    Raises UsageError for a run that is unknown, no import, or undone already.
    """
    meta = _meta(connection, run)
    retold.pass_on(connection, run)
    _hand_over(connection, run)
    gone = _remove_items(connection, run)
    _restore_items(connection, run)
    profile, ledger, revision = schema.profile, schema.ledger, schema.revision
    rows: CursorResult[Any] = connection.execute(delete(profile).where(profile.c.run_id == run))
    connection.execute(delete(ledger).where(ledger.c.run_id == run))
    connection.execute(delete(revision).where(revision.c.run_id == run))
    employer = schema.employer.c.id
    connection.execute(delete(schema.doubt).where(schema.doubt.c.run_id == run))
    used = [exists().where(table.c.employer_id == employer) for table in (schema.link, profile, schema.doubt)]
    connection.execute(delete(schema.employer).where(*(~each for each in used)))
    done = {"meta": dumps({**meta, "undone": True})}
    connection.execute(update(schema.run).where(schema.run.c.id == run).values(done))
    return gone + rows.rowcount


def _meta(connection: Connection, run: int) -> dict[str, Any]:
    column = schema.run.c
    row = connection.execute(select(column.kind, column.meta).where(column.id == run)).first()
    if row is None:
        raise UsageError(_("there is no run {run}", run=run), hint=_("`repwatch import` told its number when it ended."))
    if row.kind != "import":
        raise UsageError(
            _("run {run} is no import, and only an import can be undone", run=run),
            hint=_("What a check saw, it saw; undo is for files imported by mistake."),
        )
    meta: dict[str, Any] = json.loads(row.meta)
    if meta.get("undone"):
        raise UsageError(_("run {run} has been undone already", run=run))
    return meta


def _hand_over(connection: Connection, run: int) -> None:
    """Let the items that a later run changed be that run's: it was not taken back."""
    item, journal = schema.item.c, schema.journal.c
    told = (
        select(item.id, item.changed_run).where(item.run_id == run, item.changed_run > run),
        select(journal.item_id, func.min(journal.run_id)).join(schema.item, item.id == journal.item_id).where(item.run_id == run, journal.run_id > run).group_by(journal.item_id),
    )  # fmt: skip
    heirs: dict[int, int] = {}
    for query in told:
        for row, later in connection.execute(query):
            heirs[row] = min(later, heirs.get(row, later))
    started = {row.id: row.started for row in connection.execute(select(schema.run.c.id, schema.run.c.started))}
    for some in chunks(heirs):
        batch = Batch(connection, run, journaled=False)
        batch.load(item.id.in_(some))
        for row, state in list(batch.states.items()):
            changed = max(state.changed_run, heirs[row])
            batch.touch(state)
            # Whom this run alone named goes; where it alone named anybody, the later run meant the same.
            state.links = {employer: by for employer, by in state.links.items() if by != run} or dict.fromkeys(state.links, heirs[row])
            state.run_id, state.first_seen, state.changed_run = heirs[row], started[heirs[row]], changed
        batch.flush()
        for row in some:
            first = select(func.min(schema.revision.c.id)).where(schema.revision.c.item_id == row, schema.revision.c.origin == "seen", schema.revision.c.run_id > run).scalar_subquery()
            connection.execute(delete(schema.revision).where(schema.revision.c.id == first))
            connection.execute(delete(schema.journal).where(journal.item_id == row, journal.run_id == heirs[row]))
            connection.execute(update(schema.score).where(schema.score.c.item_id == row, schema.score.c.run_id == run).values(run_id=heirs[row]))


def _remove_items(connection: Connection, run: int) -> int:
    column = schema.item.c
    # What stands in a story counts for itself before it goes.
    stories.leave(connection, list(connection.execute(select(column.id).where(column.run_id == run, column.story.is_not(None))).scalars()))
    rollups.take_off(connection, run)
    rows: CursorResult[Any] = connection.execute(delete(schema.item).where(column.run_id == run))
    connection.execute(delete(schema.line).where(schema.line.c.run_id == run))
    return rows.rowcount


def _restore_items(connection: Connection, run: int) -> None:
    journal = schema.journal.c
    query = select(journal.item_id, journal.before).where(journal.run_id == run).order_by(journal.item_id)
    person = connection.execute(select(schema.scorer.c.id).where(schema.scorer.c.version == PERSON)).scalar()
    last = 0
    while some := connection.execute(query.where(journal.item_id > last).limit(CHUNK)).all():
        before = {row.item_id: json.loads(row.before) for row in some}
        last = max(before)
        batch = Batch(connection, run, journaled=False)
        batch.load(schema.item.c.id.in_(before))
        ours = {row for row, state in batch.states.items() if state.changed_run == run}
        score = schema.score.c
        connection.execute(delete(schema.score).where(score.run_id == run, score.item_id.in_(ours)))
        for row, state in list(batch.states.items()):
            changed_run = state.changed_run
            batch.touch(state)
            if row in ours:
                said = (state.scorer_id, state.score, state.score_run)
                corrected = state.scorer_id == person and state.derived == before[row]["derived"]
                state.restore(before[row])
                if corrected:  # since then, of the same words
                    state.scorer_id, state.score, state.score_run = said
            else:
                state.changed_run = changed_run
                _take_out(connection, run, state, before[row])
        batch.flush()
    connection.execute(delete(schema.journal).where(journal.run_id == run))


def _take_out(connection: Connection, run: int, state: State, snapshot: dict[str, Any]) -> None:
    """Take `run` out of the history of an item that a later run has changed since."""
    state.links = {employer: by for employer, by in state.links.items() if by != run}
    _mend_revisions(connection, run, state)
    journal = schema.journal
    later = (
        select(func.min(journal.c.run_id))
        .where(journal.c.item_id == state.id, journal.c.run_id > run)
        .scalar_subquery()
    )
    mine = and_(journal.c.item_id == state.id, journal.c.run_id == later)
    row = connection.execute(select(journal.c.before).where(mine)).first()
    if row is not None and json.loads(row.before)["changed_run"] == run:
        connection.execute(update(journal).where(mine).values(before=dumps(snapshot)))


def _mend_revisions(connection: Connection, run: int, state: State) -> None:
    """Let the revision after each of ours start from where ours started."""
    old = schema.revision.c
    query = select(old.id, old.run_id, old.derived, old.data).where(
        old.item_id == state.id, old.origin == "seen"
    )
    start = None
    for row in connection.execute(query.order_by(old.id)).all():
        if row.run_id == run:
            start = start or row
        elif start is not None:
            values = {"derived": start.derived, "data": start.data}
            connection.execute(update(schema.revision).where(old.id == row.id).values(values))
            start = None
