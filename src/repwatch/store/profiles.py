"""Profiles over time: a row an observation, and only where it tells something."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, select

from repwatch.models import Profile
from repwatch.store import retold, schema
from repwatch.store.identity import Data, dumps
from repwatch.store.sights import Seen, Verdict

#: The pages of one list show one profile, each under an address of its own.
_NOT_CONTENT = frozenset({"observed", "employer", "employer_id", "url"})


def identity(data: Data) -> str:
    """Return the site's id of a profile, "" where it has none."""
    return data.get("native_id") or ""


def save_all(connection: Connection, run: int, seen: Seen, employers: Sequence[int | None]) -> Verdict:
    """Save an observation for each employer it is about, and return what it came to."""
    verdicts = {save(connection, run, seen, employer) for employer in employers}
    return next(verdict for verdict in ("new", "revised", "unchanged") if verdict in verdicts)


def save(connection: Connection, run: int, seen: Seen, employer: int | None) -> Verdict:
    """Add an observation of `seen.item` unless it repeats the last one of its day.

    The first of its (employer, source, domain, filter, id) is new, one that differs from the one before it is revised.
    """
    if not isinstance(seen.item, Profile):
        raise TypeError(f"not a profile: {seen.item.type}")
    data = seen.item.model_dump(mode="json")
    first = seen.first_seen or seen.seen
    observed = data["observed"] or first
    place = {
        "employer_id": employer,
        "source": data["source"],
        "domain": data["domain"] or "",
        "filter": data["filter"] or "",
        "identity": identity(data),
    }
    verdict = _verdict(connection, place, (observed, first), data)
    if isinstance(verdict, int):
        retold.note_profile(connection, run, verdict)
        return "unchanged"
    row = {
        **place,
        "observed": observed,
        "day": observed[:10],
        "seen": first,
        "data": dumps(data),
        "run_id": run,
    }
    connection.execute(insert(schema.profile), row)
    return verdict


def _verdict(
    connection: Connection, place: dict[str, Any], at: tuple[str, str], data: Data
) -> Verdict | int:
    """Return what the observation is, or the row that it repeats."""
    column = schema.profile.c
    same = [column[name].is_not_distinct_from(value) for name, value in place.items()]
    query = select(column.id, column.observed, column.seen, column.day, column.data).where(*same)
    last = connection.execute(
        query.where((column.observed < at[0]) | ((column.observed == at[0]) & (column.seen <= at[1])))
        .order_by(column.observed.desc(), column.seen.desc(), column.id.desc())
        .limit(1)
    ).first()
    if last is None:
        return "new" if connection.execute(query.limit(1)).first() is None else "unchanged"
    content = _content(data)
    known = json.loads(last.data)
    if _content(known) != content or (data["url"] and not known["url"]):
        twins = connection.execute(query.where(column.observed == at[0], column.seen == at[1]))
        return next((int(row.id) for row in twins if _content(json.loads(row.data)) == content), "revised")
    return int(last.id) if last.day == at[0][:10] else "unchanged"


def _content(data: Data) -> Data:
    return {name: value for name, value in data.items() if name not in _NOT_CONTENT}
