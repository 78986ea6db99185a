"""People who take part. Every row of theirs hangs on a consent and is deleted with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Table, and_, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from repwatch.models import Consent
from repwatch.store import schema
from repwatch.store.consents import keep
from repwatch.store.engine import Database
from repwatch.store.identity import dumps

_MEMBER = schema.member.join(schema.consent, schema.consent.c.id == schema.member.c.consent_id)
_CONSENT = ("who", "purpose", "given", "expires", "how")


class People:
    """Members, what they did, goals and invitations. Every method that writes is one transaction; days are dates."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def join(self, consent: Consent, role: str, at: str) -> None:
        """Record a consent and the member who hangs on it; one who is there already only renews the consent."""
        row = {**consent.model_dump(mode="json"), "accounts": dumps(list(consent.accounts)), "recorded": at}
        with self._database.writing() as connection:
            number = keep(connection, row)
            new = {"consent_id": number, "role": role, "state": "active", "joined": consent.given.isoformat()}
            connection.execute(upsert(schema.member).values(new).on_conflict_do_nothing())

    def members(self, role: str) -> list[dict[str, Any]]:
        """Return the members of a role by code: state, joined and consent, whether it is still in force or not."""
        member, consent = schema.member.c, schema.consent.c
        wanted = select(member.state, member.joined, consent.accounts, *(consent[name] for name in _CONSENT)).select_from(_MEMBER)
        with self._database.reading() as connection:
            found = connection.execute(wanted.where(member.role == role).order_by(consent.who)).mappings().all()
        return [{"role": role, "state": row["state"], "joined": date.fromisoformat(row["joined"]),
                 "consent": Consent.model_validate({**{name: row[name] for name in _CONSENT}, "accounts": tuple(json.loads(row["accounts"]))})} for row in found]  # fmt: skip

    def set_state(self, code: str, role: str, state: str) -> None:
        """Set the state of a member: active or paused."""
        with self._database.writing() as connection:
            connection.execute(update(schema.member).where(schema.member.c.consent_id.in_(_ids(code, role))).values(state=state))

    def set_accounts(self, code: str, role: str, accounts: tuple[str, ...]) -> None:
        """Write down which accounts a member named."""
        with self._database.writing() as connection:
            connection.execute(update(schema.consent).where(schema.consent.c.id.in_(_ids(code, role))).values(accounts=dumps(list(accounts))))

    # --- invitations and actions: of nobody ---
    def invite(self, day: date, count: int) -> None:
        """Record how many were invited."""
        self._add(schema.invitation, {"day": day.isoformat(), "n": count})

    def invitations(self) -> list[tuple[date, int]]:
        """Return the invitations, oldest first."""
        row = schema.invitation.c
        with self._database.reading() as connection:
            return [(date.fromisoformat(each.day), each.n) for each in connection.execute(select(row.day, row.n).order_by(row.day, row.id))]

    def add_action(self, title: str, url: str, words: Mapping[str, str], day: date) -> int:
        """Record something worth relaying and return its number."""
        return self._add(schema.action, {"title": title, "url": url, "words": dumps(dict(words)), "day": day.isoformat()})

    def actions(self) -> list[dict[str, Any]]:
        """Return all actions, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(schema.action).order_by(schema.action.c.id)).mappings().all()
        return [{**row, "words": json.loads(row["words"]), "day": date.fromisoformat(row["day"])} for row in rows]

    def _add(self, table: Table, values: Mapping[str, Any]) -> int:
        with self._database.writing() as connection:
            return int(connection.execute(insert(table).values(values).returning(table.c.id)).scalar_one())

    # --- what a member did, is and wants ---
    def relay(self, code: str, action: int, day: date, reach: int | None, reactions: int | None) -> None:
        """Record that an ambassador relayed an action on a day; said again, the later word holds."""
        self._keep(schema.relay, code, "ambassador", {"action_id": action, "day": day.isoformat()}, {"reach": reach, "reactions": reactions})

    def relays(self) -> list[dict[str, Any]]:
        """Return who relayed what and when, oldest first."""
        return [{"member": row["who"], "action": row["action_id"], "day": date.fromisoformat(row["day"]), "reach": row["reach"], "reactions": row["reactions"]}
                for row in self._of(schema.relay, None)]  # fmt: skip

    def add_presence(self, code: str, day: date, data: Mapping[str, Any]) -> None:
        """Record how a leader stands on a day, in the place of what was said for that day."""
        self._keep(schema.presence, code, "leader", {"day": day.isoformat()}, {"data": dumps(dict(data))})

    def presences(self, code: str) -> list[dict[str, Any]]:
        """Return how a leader stood, oldest first."""
        return [json.loads(row["data"]) for row in self._of(schema.presence, code)]

    def set_goal(self, code: str, measure: str, target: int, due: date, day: date) -> None:
        """Record what a leader wants to reach, in the place of an older goal for the same measure."""
        self._keep(schema.goal, code, "leader", {"measure": measure}, {"target": target, "due": due.isoformat(), "day": day.isoformat()})

    def goals(self, code: str) -> list[dict[str, Any]]:
        """Return the goals of a leader."""
        return [{"measure": row["measure"], "target": row["target"], **{name: date.fromisoformat(row[name]) for name in ("due", "day")}} for row in self._of(schema.goal, code)]

    def _keep(self, table: Table, code: str, role: str, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        with self._database.writing() as connection:
            number = connection.execute(_ids(code, role)).scalar_one()
            row = upsert(table).values({"consent_id": number, **key, **values})
            connection.execute(row.on_conflict_do_update(index_elements=["consent_id", *key], set_=dict(values)))

    def _of(self, table: Table, code: str | None) -> list[Any]:
        consent = schema.consent.c
        joined = table.join(schema.consent, consent.id == table.c.consent_id)
        wanted = select(table, consent.who).select_from(joined).order_by(table.c.day, consent.who)
        with self._database.reading() as connection:
            return list(connection.execute(wanted.where(consent.who == code) if code is not None else wanted).mappings())


def _ids(code: str, role: str) -> Any:
    member, consent = schema.member.c, schema.consent.c
    return select(member.consent_id).select_from(_MEMBER).where(and_(consent.who == code, member.role == role))
