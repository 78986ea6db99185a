"""Consents, and the log of what was done with personal data: rows that only grow, each holding the digest of the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import delete, insert, select

from repwatch.models import Consent
from repwatch.store import schema
from repwatch.store.engine import Database
from repwatch.store.identity import Data, dumps


class Act(NamedTuple):
    """One line of the log."""

    number: int
    at: str
    action: str
    detail: Data
    digest: str


class Records:
    """Consents and the log. Every method that writes is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- consent ---
    def consents(self) -> list[Consent]:
        """Return the consents on record, by person and purpose."""
        row = schema.consent.c
        with self._database.reading() as connection:
            found = connection.execute(select(row.who, row.purpose, row.given, row.expires, row.how, row.accounts).order_by(row.who, row.purpose)).all()
        return [Consent.model_validate({**each._asdict(), "accounts": tuple(json.loads(each.accounts))}) for each in found]

    def record(self, consent: Consent, at: str) -> None:
        """Keep a consent, in the place of an older one of the same person for the same purpose."""
        row = {**consent.model_dump(mode="json"), "accounts": dumps(list(consent.accounts)), "recorded": at}
        column = schema.consent.c
        with self._database.writing() as connection:
            connection.execute(delete(schema.consent).where(column.who == consent.who, column.purpose == consent.purpose))
            connection.execute(insert(schema.consent).values(row))

    def withdraw(self, who: str, purpose: str | None = None) -> list[Consent]:
        """Delete the consents of a person, for one purpose or all, and return them."""
        column = schema.consent.c
        gone = [each for each in self.consents() if each.who == who and purpose in (None, each.purpose)]
        with self._database.writing() as connection:
            for each in gone:
                connection.execute(delete(schema.consent).where(column.who == each.who, column.purpose == each.purpose))
        return gone

    # --- the log ---
    def note(self, at: str, action: str, detail: Data) -> Act:
        """Add a line to the log, chained to the one before."""
        row = schema.audit.c
        with self._database.writing() as connection:
            last = connection.execute(select(row.id, row.digest).order_by(row.id.desc()).limit(1)).first()
            number, before = (last.id + 1, last.digest) if last else (1, "")
            act = Act(number, at, action, detail, chain(before, number, at, action, detail))
            connection.execute(insert(schema.audit).values(id=number, at=at, action=action, detail=dumps(detail), digest=act.digest))
        return act

    def acts(self) -> list[Act]:
        """Return the log, oldest first."""
        row = schema.audit.c
        with self._database.reading() as connection:
            return [Act(each.id, each.at, each.action, json.loads(each.detail), each.digest) for each in connection.execute(select(schema.audit).order_by(row.id))]


def chain(before: str, number: int, at: str, action: str, detail: Data) -> str:
    """Return the digest of a line of the log: SHA-256 over the digest before it and its own content."""
    content = json.dumps([before, number, at, action, detail], ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


def first_broken(acts: Sequence[Act]) -> int | None:
    """Return the number of the first line that is not what was written, or that misses its predecessor; None when all hold."""
    before = ""
    for expected, act in enumerate(acts, 1):
        if act.number != expected or act.digest != chain(before, act.number, act.at, act.action, act.detail):
            return expected
        before = act.digest
    return None
