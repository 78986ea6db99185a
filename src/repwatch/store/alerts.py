"""Alerts as the store keeps them: when each fired, what became of it, and the messages that wait to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, insert, or_, select, update

from repwatch.errors import UsageError
from repwatch.models import Alert
from repwatch.store import schema
from repwatch.store.identity import dumps
from repwatch.wording import _

#: A message that failed so often is given up; it stays in the list.
TRIES = 20


class Message(NamedTuple):
    """A message on its way to a channel."""

    id: int
    channel: str
    subject: str
    text: str
    html: str
    tries: int


def silenced(connection: Connection, alert: Alert, since: str) -> bool:
    """Tell whether the same alert fired since the day `since`, or is snoozed or acknowledged still."""
    column = schema.alert.c
    same = and_(column.rule == alert.rule, column.employer == alert.employer, column.key == alert.key)
    quiet = or_(column.day >= since, column.until > alert.day, column.state == "acknowledged")
    return connection.execute(select(column.id).where(same, quiet).limit(1)).first() is not None


def fire(connection: Connection, run: int, alerts: list[Alert]) -> None:
    """Record that alerts fired."""
    rows = [{"run_id": run, "state": "open", "until": "", **alert.model_dump(exclude={"facts", "source"}), "source": alert.source or "", "facts": dumps(alert.facts)} for alert in alerts]
    if rows:
        connection.execute(insert(schema.alert), rows)


def decide(connection: Connection, alert_id: int, state: str, until: str) -> None:
    """Acknowledge an alert, put it off until a day, or open it again. Raises UsageError for an unknown one."""
    column = schema.alert.c
    row = connection.execute(select(column.rule, column.employer, column.key).where(column.id == alert_id)).first()
    if row is None:
        raise UsageError(_("there is no alert {id}", id=alert_id), hint=_("`repwatch alerts` shows the ids."))
    same = and_(column.rule == row.rule, column.employer == row.employer, column.key == row.key)
    connection.execute(update(schema.alert).where(same).values(state=state, until=until))


def queue(connection: Connection, run: int, messages: list[dict[str, Any]], at: str) -> None:
    """Put messages into the outbox."""
    if messages:
        connection.execute(insert(schema.outbox), [{"run_id": run, "created": at, "sent": None, "tries": 0, "error": "", **message} for message in messages])


def waiting(connection: Connection) -> list[Message]:
    """Return the messages that were not sent, the oldest first."""
    column = schema.outbox.c
    query = select(column.id, column.channel, column.subject, column.text, column.html, column.tries)
    query = query.where(column.sent.is_(None), column.tries < TRIES).order_by(column.id)
    return [Message(*row) for row in connection.execute(query)]


def readdress(connection: Connection, names: Sequence[str], at: str) -> None:
    """Hand what waits for a channel that is gone to those of today: of the same kind before the others, and to none that had the message.

    Where each of them had it, it waits no longer.
    """
    column = schema.outbox.c
    lost = connection.execute(select(schema.outbox).where(column.sent.is_(None), column.channel.not_in(names)).order_by(column.id)).mappings().all() if names else []
    for row in lost:
        same = and_(column.run_id == row["run_id"], column.created == row["created"], column.subject == row["subject"])
        had = set(connection.execute(select(column.channel).where(same)).scalars())
        free = [name for name in names if name not in had]
        goes = [name for name in free if _kind(name) == _kind(row["channel"])] or free
        values: dict[str, Any] = {"channel": goes[0], "tries": 0} if goes else {"sent": at, "text": "", "html": ""}
        connection.execute(update(schema.outbox).where(column.id == row["id"]).values(values))
        queue(connection, row["run_id"], [{"channel": name, **{part: row[part] for part in ("subject", "text", "html")}} for name in goes[1:]], row["created"])


def _kind(channel: str) -> str:
    return channel.partition("-")[0]


def tried(connection: Connection, message: int, at: str, error: str) -> None:
    """Record that a message was sent, or why not. A sent message keeps no text."""
    column = schema.outbox.c
    done = {"sent": at, "text": "", "html": "", "error": ""} if not error else {"error": error}
    connection.execute(update(schema.outbox).where(column.id == message).values(tries=column.tries + 1, **done))
