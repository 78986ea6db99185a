"""Side projects of a board: one at a time for an employer, with how things stood when it began."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update

from repwatch.errors import UsageError
from repwatch.store import schema
from repwatch.store.engine import Database
from repwatch.store.identity import dumps
from repwatch.wording import _


class Project(NamedTuple):
    """A side project as it begins. `owner` is a role; `figure` names what is counted, `baseline` how it stood."""

    employer: str
    title: str
    owner: str
    start: str
    weeks: int
    measure: str
    figure: str = ""
    baseline: Any = None


class Projects:
    """The projects of the store. Every method that writes is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, project: Project, note: str = "") -> int:
        """Keep a new project, and return its id. Raises UsageError while another one runs."""
        row = schema.project.c
        with self._database.writing() as connection:
            running = connection.execute(select(row.title).where(row.employer == project.employer, row.ended.is_(None))).scalar()
            if running is not None:
                raise UsageError(_("a side project is running already: {title}", title=running), hint=_("End it with `repwatch board project done`, then start the next one."))
            values = {**project._asdict(), "baseline": dumps(project.baseline), "notes": dumps([[project.start, note]] if note else [])}
            return int(connection.execute(insert(schema.project).values(values).returning(row.id)).scalar_one())

    def note(self, employer: str, day: str, text: str = "", *, end: bool = False) -> None:
        """Add a note to the project that runs, and end it if asked. Raises UsageError where none runs."""
        row = schema.project.c
        with self._database.writing() as connection:
            found = connection.execute(select(row.id, row.notes).where(row.employer == employer, row.ended.is_(None))).first()
            if found is None:
                raise UsageError(_("no side project is running for {employer}", employer=employer), hint=_("Start one with: repwatch board project start"))
            notes = [*json.loads(found.notes), *([[day, text]] if text else [])]
            connection.execute(update(schema.project).where(row.id == found.id).values(notes=dumps(notes), ended=day if end else None))
