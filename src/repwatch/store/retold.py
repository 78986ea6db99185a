"""What runs told again without changing it: an undo of the run before leaves it, as the later run's.

Only what an import left so is noted, for nothing else can be undone; and only until a check has told it too, for a check
is never undone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Connection,
    Table,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    update,
)

from repwatch.store import schema
from repwatch.store.identity import dumps

_CHUNK = 1_000
_NOTE = text("""
INSERT OR IGNORE INTO told_item (item_id, run_id, as_of) SELECT id, :run, :as_of FROM item
WHERE id = :item AND changed_run <> :run AND (SELECT kind FROM run WHERE id = changed_run) = 'import' AND NOT EXISTS (
  SELECT 1 FROM told_item AS told JOIN run ON run.id = told.run_id WHERE told.item_id = item.id AND told.run_id > item.changed_run AND run.kind <> 'import')
""")
_TOLD, _ITEM, _JOURNAL = schema.told_item.c, schema.item.c, schema.journal.c


def note(connection: Connection, run: int, items: Mapping[int, int]) -> None:
    """Note that `run` told `items` as they stand: ids, each with the run that left it so (0: an older state was told)."""
    if items:
        connection.execute(_NOTE, [{"item": item, "run": run, "as_of": holder} for item, holder in items.items()])


def note_lines(connection: Connection, run: int, digests: Sequence[int]) -> None:
    """Note that `run` told the items of these lines again."""
    line = schema.line.c
    as_of = case((line.run_id == _ITEM.changed_run, _ITEM.changed_run), else_=0)
    told = (
        select(line.item_id, literal(run), as_of)
        .join_from(schema.line, schema.item, _ITEM.id == line.item_id)
        .join(schema.run, schema.run.c.id == _ITEM.changed_run)
        .where(line.digest.in_(digests), schema.run.c.kind == "import", schema.run.c.id != run)
    )
    connection.execute(insert(schema.told_item).prefix_with("OR IGNORE").from_select(["item_id", "run_id", "as_of"], told))


def note_profile(connection: Connection, run: int, row: int) -> None:
    """Note that `run` told an observation again."""
    column = schema.profile.c
    told = select(column.id, literal(run)).where(column.id == row, column.run_id != run)
    connection.execute(insert(schema.told_profile).prefix_with("OR IGNORE").from_select(["profile_id", "run_id"], told))


def pass_on(connection: Connection, run: int) -> None:
    """Let what `run` left so, and a later run told again, be that run's; what `run` itself told again is told no more."""
    connection.execute(delete(schema.told_item).where(_TOLD.run_id == run))
    connection.execute(delete(schema.told_profile).where(schema.told_profile.c.run_id == run))
    _pass_on_profiles(connection, run)
    ours = and_(_ITEM.run_id == run, _ITEM.changed_run == run)
    query = (
        select(_TOLD.item_id, func.min(_TOLD.run_id).label("heir"))
        .join_from(schema.told_item, schema.item, _ITEM.id == _TOLD.item_id)
        .where(_TOLD.run_id > run, or_(_TOLD.as_of == run, ours))
        .group_by(_TOLD.item_id)
        .order_by(_TOLD.item_id)
        .limit(_CHUNK)
    )
    last = 0
    while some := connection.execute(query.where(_TOLD.item_id > last)).all():
        last = some[-1].item_id
        _give(connection, run, {row.item_id: row.heir for row in some})


def _pass_on_profiles(connection: Connection, run: int) -> None:
    profile, told = schema.profile.c, schema.told_profile.c
    query = select(profile.id, func.min(told.run_id)).join_from(schema.profile, schema.told_profile, told.profile_id == profile.id).where(profile.run_id == run).group_by(profile.id)
    if heirs := [{"row": row, "heir": heir} for row, heir in connection.execute(query)]:
        connection.execute(update(schema.profile).where(profile.id == bindparam("row")).values(run_id=bindparam("heir")), heirs)
        connection.execute(delete(schema.told_profile).where(told.profile_id == bindparam("row"), told.run_id == bindparam("heir")), heirs)


def _give(connection: Connection, run: int, heirs: Mapping[int, int]) -> None:
    """Write the name of the heir wherever that of `run` stands in the history of an item."""
    rows = [{"row": item, "heir": heir} for item, heir in heirs.items()]
    of_heir: dict[str, Any] = {"row": bindparam("row"), "heir": bindparam("heir")}
    # An heir that changed the item later in its own course holds one journal of it: how it was before `run`, or none where `run` made it.
    before = select(schema.journal.c.item_id).where(_JOURNAL.item_id == of_heir["row"], _JOURNAL.run_id == run)
    made = select(_ITEM.id).where(_ITEM.id == of_heir["row"], _ITEM.run_id == run)
    connection.execute(delete(schema.journal).where(_JOURNAL.item_id == of_heir["row"], _JOURNAL.run_id == of_heir["heir"], or_(before.exists(), made.exists())), rows)
    started = select(schema.run.c.started).where(schema.run.c.id == of_heir["heir"]).scalar_subquery()
    since = select(schema.run.c.started).where(schema.run.c.id == run).scalar_subquery()
    # An export that told of an earlier first sight told it again.
    first_seen = case((_ITEM.first_seen >= since, started), else_=_ITEM.first_seen)
    connection.execute(update(schema.item).where(_ITEM.id == of_heir["row"], _ITEM.run_id == run).values(run_id=of_heir["heir"], first_seen=first_seen), rows)
    connection.execute(update(schema.item).where(_ITEM.id == of_heir["row"], _ITEM.changed_run == run).values(changed_run=of_heir["heir"]), rows)
    for table in (schema.link, schema.score, schema.revision, schema.journal, schema.doubt):
        connection.execute(_renamed(table, run), rows)
    connection.execute(delete(schema.told_item).where(_TOLD.item_id == of_heir["row"], _TOLD.run_id == of_heir["heir"]), rows)
    connection.execute(update(schema.told_item).where(_TOLD.item_id == of_heir["row"], _TOLD.as_of == run).values(as_of=of_heir["heir"]), rows)
    later = connection.execute(select(_JOURNAL.run_id, _JOURNAL.item_id, _JOURNAL.before).where(_JOURNAL.item_id.in_(heirs), _JOURNAL.run_id > run)).all()
    told = [{"by": row.run_id, "row": row.item_id, "new": dumps(_snapshot(json.loads(row.before), run, heirs[row.item_id]))} for row in later]
    if told:
        connection.execute(update(schema.journal).where(_JOURNAL.run_id == bindparam("by"), _JOURNAL.item_id == of_heir["row"]).values(before=bindparam("new")), told)


def _renamed(table: Table, run: int) -> Any:
    return update(table).where(table.c.item_id == bindparam("row"), table.c.run_id == run).values(run_id=bindparam("heir"))


def _snapshot(before: dict[str, Any], run: int, heir: int) -> dict[str, Any]:
    for name in ("changed_run", "score_run"):
        if before[name] == run:
            before[name] = heir
    before["links"] = [[employer, heir if by == run else by] for employer, by in before["links"]]
    return before
