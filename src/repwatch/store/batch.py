"""A batch of items inside one transaction: loaded together, changed in memory, written together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, delete, insert, select, text, update

from repwatch.store import retold, rollups, schema, stories
from repwatch.store.rollups import Cell, Key
from repwatch.store.state import OldState, Scored, State

T = TypeVar("T")

#: SQLite takes 32,766 variables a statement; this keeps well below.
CHUNK = 1_000

_SCORE = ("lang", "label", "polarity", "confidence", "topics", "evidence")
_PLAIN = (
    "id",
    "source",
    "type",
    "identity",
    "derived",
    "data",
    "first_seen",
    "vanished",
    "run_id",
    "changed_run",
)
_SHOWN = ("scorer_id", "published", "day", "precision", "lang", "stars", "more_words")
_LOAD = select(
    *(schema.item.c[name] for name in (*_PLAIN, *_SHOWN)),
    schema.score.c.run_id,
    *(schema.score.c[name] for name in _SCORE),
).select_from(
    schema.item.outerjoin(
        schema.score,
        and_(schema.score.c.item_id == schema.item.c.id, schema.score.c.scorer_id == schema.item.c.scorer_id),
    )
)
_COLUMNS = (*_PLAIN[1:], *_SHOWN)
_UPDATE = (
    update(schema.item)
    .where(schema.item.c.id == bindparam("row"))
    .values({name: bindparam(f"new_{name}") for name in _COLUMNS})
)
#: SQLite keeps the highest id that a table ever had; none is used twice.
_LAST_ID = text("SELECT seq FROM sqlite_sequence WHERE name = 'item'")
_JOURNAL = text(
    "INSERT INTO journal (run_id, item_id, before) VALUES (:run_id, :item_id, :before) ON CONFLICT DO NOTHING"
)


def replace_row(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    """Insert `row`, in the place of the one with the same primary key."""
    same = and_(*(column == row[column.name] for column in table.primary_key))
    connection.execute(delete(table).where(same))
    connection.execute(insert(table).values(row))


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Cut `values` into lists of at most `size`."""
    chunk: list[T] = []
    for value in values:
        chunk.append(value)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


class Names:
    """The ids of a small table of names (employers, scorers), which grows as names are met."""

    def __init__(self, connection: Connection, table: Table) -> None:
        self._connection, self._table, self._column = connection, table, table.c[1]
        rows = connection.execute(select(table.c.id, self._column))
        self._ids: dict[str, int] = {name: row for row, name in rows}
        self._names = {row: name for name, row in self._ids.items()}

    def id(self, name: str) -> int:
        """Return the id of `name`, with a new row where it is new."""
        if name not in self._ids:
            new = insert(self._table).values({self._column: name}).returning(self._table.c.id)
            row = self._connection.execute(new).scalar_one()
            self._ids[name], self._names[row] = row, name
        return self._ids[name]

    def name(self, row: int) -> str:
        """Return the name of an id."""
        return self._names[row]


class Batch:
    """Items on their way through one transaction of `run`; `journaled` runs can be undone."""

    def __init__(self, connection: Connection, run: int, *, journaled: bool) -> None:
        self.connection, self.run, self.journaled = connection, run, journaled
        self.states: dict[int, State] = {}
        self.lines: dict[int, State] = {}
        #: The items that this run told again as they stand, by id, each with the run that left it so (0: it told an older state).
        self.again: dict[int, int] = {}
        self._fresh: list[State] = []
        self._touched: list[State] = []

    def load(self, where: ColumnElement[bool]) -> list[State]:
        """Return the items that `where` names; an item already loaded comes as it stands in memory."""
        found, new = [], {}
        for row in self.connection.execute(_LOAD.where(where)):
            if row[0] not in self.states:
                self.states[row[0]] = new[row[0]] = _state(row)
            found.append(self.states[row[0]])
        link = schema.link.c
        for ids in chunks(new):
            query = select(link.item_id, link.employer_id, link.run_id, link.again).where(link.item_id.in_(ids))
            for item, employer, run, again in self.connection.execute(query):
                new[item].links[employer] = run
                if again:
                    new[item].again.add(employer)
        return found

    def older(self, state: State) -> list[OldState]:
        """Return what an item said before, the part not yet written included."""
        if state.older is None:
            state.older = []
            if state.id is not None:
                old = schema.revision.c
                query = select(old.replaced, old.derived, old.origin, old.data).where(old.item_id == state.id)
                state.older = [OldState(*row) for row in self.connection.execute(query)]
        return [*state.older, *state.added]

    def add(self, state: State) -> None:
        """Take in an item that is new."""
        state.touched = True
        self._fresh.append(state)

    def touch(self, state: State, *, told: bool = True) -> None:
        """Say that `state` is about to change; must come before the change.

        `told` says that somebody tells the item anew: an import of it is then no longer all that there is. A score, a mask or
        an absence tells nothing.
        """
        if not state.touched:
            state.touched = True
            state.counted, state.celled = state.keys(), state.cells()
            state.linked = set(state.links)
            if self.journaled:
                state.before = state.snapshot()
            self._touched.append(state)
        if told:
            state.changed_run = self.run

    def flush(self) -> list[int]:
        """Write everything, roll-ups included, and return the ids of the new items."""
        self._insert()
        if self._touched:
            self.connection.execute(_UPDATE, [_parameters(state) for state in self._touched])
        changed = [*self._fresh, *self._touched]
        self._write_links(changed)
        self._write_older(changed)
        self._insert_all(schema.faded, [{"item_id": state.id, "at": state.faded, "why": "import"} for state in self._fresh if state.faded])
        self._write_scores([state for state in changed if state.rescored])
        if journal := [
            {"run_id": self.run, "item_id": state.id, "before": state.before}
            for state in self._touched
            if state.before
        ]:
            self.connection.execute(_JOURNAL, journal)
        self._roll_up(changed)
        self._insert_all(schema.line, [{"digest": digest, "item_id": state.id, "run_id": self.run} for digest, state in self.lines.items()], "OR REPLACE")
        retold.note(self.connection, self.run, {row: holder for row, holder in self.again.items() if self.states[row].changed_run != self.run})
        stories.settle(self.connection, self._fresh, self._touched)
        ids = [state.id for state in self._fresh if state.id is not None]
        self._fresh, self._touched, self.states, self.lines, self.again = [], [], {}, {}, {}
        return ids

    def _insert(self) -> None:
        """Insert the new items under ids given here: the write lock is ours, and a statement a row would cost five times as much."""
        if not self._fresh:
            return
        last = self.connection.execute(_LAST_ID).scalar() or 0
        for row, state in enumerate(self._fresh, last + 1):
            state.id = row
        self._insert_all(schema.item, [{"id": state.id, **_columns(state)} for state in self._fresh])

    def _write_links(self, changed: list[State]) -> None:
        less = [(state.id, row) for state in changed for row in state.linked - state.links.keys()]
        if less:
            link = schema.link.c
            gone = delete(schema.link).where(
                link.item_id == bindparam("item"), link.employer_id == bindparam("employer")
            )
            self.connection.execute(gone, [{"item": item, "employer": row} for item, row in less])
        self._insert_all(
            schema.link,
            [
                {"item_id": state.id, "employer_id": employer, "run_id": run}
                for state in changed
                for employer, run in state.links.items()
                if employer not in state.linked
            ],
        )

    def _write_older(self, changed: list[State]) -> None:
        self._insert_all(
            schema.revision,
            [
                {"item_id": state.id, "run_id": self.run, **old._asdict()}
                for state in changed
                for old in state.added
            ],
        )

    def _write_scores(self, changed: list[State]) -> None:
        score = schema.score.c
        if wiped := [{"item": state.id} for state in changed if state.wipe_scores]:
            self.connection.execute(delete(schema.score).where(score.item_id == bindparam("item")), wiped)
        rows = [
            {
                "item_id": state.id,
                "scorer_id": state.scorer_id,
                "run_id": state.score_run,
                **state.score._asdict(),
            }
            for state in changed
            if state.score is not None
        ]
        if old := [
            {"item": row["item_id"], "scorer": row["scorer_id"]}
            for row in rows
            if row["item_id"] in self.states
        ]:
            same = and_(score.item_id == bindparam("item"), score.scorer_id == bindparam("scorer"))
            self.connection.execute(delete(schema.score).where(same), old)
        self._insert_all(schema.score, rows)

    def _roll_up(self, changed: list[State]) -> None:
        change: Counter[Key] = Counter()
        parts: Counter[Cell] = Counter()
        for state in changed:
            change.update(state.keys())
            change.subtract(state.counted)
            parts.update(state.cells())
            parts.subtract(state.celled)
        rollups.apply(self.connection, change)
        rollups.apply_cells(self.connection, parts)

    def _insert_all(self, table: Table, rows: list[dict[str, Any]], conflict: str = "") -> None:
        """Insert rows of one shape by the driver's own means: half the time of a statement that is compiled for each row."""
        if rows:
            names = list(rows[0])
            places = ", ".join(f":{name}" for name in names)
            statement = f"INSERT {conflict} INTO {table.name} ({', '.join(names)}) VALUES ({places})"  # noqa: S608 — names of our own tables and columns
            self.connection.exec_driver_sql(statement, rows)


def _state(row: Any) -> State:
    plain = dict(zip((*_PLAIN, *_SHOWN), row, strict=False))
    score = Scored(*row[-6:]) if row[-5] is not None else None
    return State(**plain, score=score, score_run=row[-7])


def _columns(state: State) -> dict[str, Any]:
    return {name: getattr(state, name) for name in _COLUMNS}


def _parameters(state: State) -> dict[str, Any]:
    return {"row": state.id, **{f"new_{name}": getattr(state, name) for name in _COLUMNS}}
