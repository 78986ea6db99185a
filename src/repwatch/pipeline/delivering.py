"""Bring messages to their channels: into the outbox first, out of it once a channel took them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from repwatch.notify import Channel, send

if TYPE_CHECKING:
    from repwatch.store import Store


class Delivery(NamedTuple):
    """What became of one message; `error` is empty when it was sent."""

    channel: str
    subject: str
    error: str


def enqueue(store: Store, run: int, channels: Sequence[Channel], message: tuple[str, str, str], at: str) -> None:
    """Put one message (subject, text, HTML) for each channel into the outbox."""
    subject, text, html = message
    store.queue(run, [{"channel": channel.name, "subject": subject, "text": text, "html": html} for channel in channels], at)


def deliver(store: Store, channels: Sequence[Channel], now: Callable[[], str]) -> list[Delivery]:
    """Send what waits, the oldest first. What a channel does not take stays in the outbox; what has no channel any more goes through those of today."""
    by_name = {channel.name: channel for channel in channels}
    done = []
    down: set[str] = set()
    store.readdress(list(by_name), now())
    for message in store.outbox():
        channel = by_name.get(message.channel)
        # A channel that is down is not asked again in the same run.
        if channel is None or channel.name in down:
            continue
        error = send(channel, message.subject, message.text, message.html)
        store.tried(message.id, now(), error)
        if error:
            down.add(channel.name)
        done.append(Delivery(channel.name, message.subject, error))
    return done
