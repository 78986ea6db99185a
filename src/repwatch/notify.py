"""Send messages to channels through Apprise. An address holds secrets: it is read from the environment or a file, and never told."""

from __future__ import annotations

import os
import re
import stat
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from repwatch.errors import SettingsError
from repwatch.wording import _

VARIABLE = "REPWATCH_CHANNELS"
_HINT = "pip install 'repwatch[notify]'"
_MAIL = ("mailto", "mailtos")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Channel(NamedTuple):
    """A channel: its kind, and a digest by which the outbox knows it without its address."""

    name: str
    address: str

    @property
    def kind(self) -> str:
        """Return the kind, as Apprise calls it: mailtos, slack, msteams, json."""
        return self.name.partition("-")[0]


def channels(channels_file: str | None, base: Path) -> list[Channel]:
    """Return the channels that the environment or a file names, one Apprise address a line.

    Raises SettingsError for a file that cannot be read, or that others can read.
    """
    text = os.environ.get(VARIABLE) or (_from_file(base / Path(channels_file).expanduser()) if channels_file else "")
    addresses = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return [Channel(f"{_kind(address)}-{blake2b(address.encode(), digest_size=4).hexdigest()}", address) for address in dict.fromkeys(addresses)]


def _kind(address: str) -> str:
    found = re.match(r"([a-z][a-z0-9+]*)://", address, re.IGNORECASE)
    if found is None:
        raise SettingsError(_("a channel is no address of Apprise"), where=VARIABLE, hint=_("An address looks like mailtos://... or slack://...; one stands on each line. Kinds: docs/how-to/be-alerted.md"))
    return found[1].lower()


def _from_file(path: Path) -> str:
    try:
        if os.name == "posix" and path.stat().st_mode & _OTHERS:
            raise SettingsError(_("others can read this file, and it holds secrets"), where=str(path), hint=f"chmod 600 {path}")
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(_("the file of channels cannot be read: {why}", why=getattr(error, "strerror", None) or type(error).__name__), where="alerts.channels_file",
                            hint=_("It holds one Apprise address a line.")) from error  # fmt: skip


def check(channel: Channel) -> None:
    """Raise SettingsError where Apprise cannot use the address, or is not installed. Sends nothing."""
    _apprise(channel)


def send(channel: Channel, subject: str, text: str, html: str) -> str:
    """Send one message; return an empty text, or why it did not arrive (without any part of the address)."""
    told: list[str] = []
    mail = channel.kind in _MAIL
    service = _apprise(channel)
    sent = service.notify(title=subject, body=html if mail and html else text, body_format="html" if mail and html else "text", log_callback=lambda entry, _service: told.append(entry.message))
    if sent:
        return ""
    return _without_secrets(told[-1], channel.address) if told else _("the channel did not take it")


def _apprise(channel: Channel):  # type: ignore[no-untyped-def]
    try:
        import apprise
    except ImportError as error:
        raise SettingsError(_("sending needs the package apprise"), where=VARIABLE, hint=_("Install it with: {command}", command=_HINT)) from error
    service = apprise.Apprise()
    if not service.add(channel.address):
        raise SettingsError(_("Apprise cannot use the channel {name}", name=channel.name), where=VARIABLE, hint=_("Compare it with the page of its kind: docs/how-to/be-alerted.md"))
    return service


def _without_secrets(line: str, address: str) -> str:
    """Take every longer part of the address out of what a service says."""
    parts = {part for whole in (address, unquote(address)) for part in re.split(r"[/:@?&=]+", whole) if len(part) > 4}
    for part in sorted(parts, key=len, reverse=True):
        line = line.replace(part, "…")
    return line
