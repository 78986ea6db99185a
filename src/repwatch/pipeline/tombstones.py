"""Keep what was forgotten from coming back: keyed digests of its ids, addresses, authors and words.

The key of the tombstones is their own and is never rotated. What they cover (a pseudonym, an id with a pseudonym in it)
does change with the key of the pseudonyms; a raw name gives all that it was ever called, so each is asked for.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from repwatch.models import Item
from repwatch.pipeline.protecting import account_in, is_pseudonym, keyed, pseudonym
from repwatch.store.identity import is_derived
from repwatch.store.sights import look
from repwatch.text.clean import words

if TYPE_CHECKING:
    from repwatch.store import Seen, Store

#: (source, account) to the name under which it is stored.
Naming = Callable[[str, str], str]
KEY_FILE = "tombstone.key"
_KEY_BYTES = 32
#: Shorter texts are said by many people.
_TELLING_WORDS = 12
_WORDED = ("title", "text", "pros", "cons", "advice", "body", "process")
_MASK = re.compile(r"<[A-Z_]{3,15}>")


def load_key(folder: Path) -> bytes:
    """Return the key of the tombstones in `folder`, made on first use."""
    path = folder / KEY_FILE
    if not path.is_file():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_bytes(_KEY_BYTES).hex() + "\n")
    return bytes.fromhex(path.read_text("ascii").strip())


def digest(key: bytes, mark: str) -> str:
    """Return a mark as a tombstone holds it."""
    return hmac.new(key, mark.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]


def places(data: Mapping[str, Any], name: Naming, identity: str | None = None) -> set[str]:
    """Return the marks that name an item from outside: its id, its address and its author, as `name` writes accounts."""
    source, kind = data["source"], data["type"]
    found = set()
    native = identity or data.get("native_id")
    if not is_derived(native):
        found.add(f"id|{source}|{kind}|{keyed(str(native), lambda account: name(source, account))}")
    if data.get("url"):
        found.add(url_mark(data["url"], source, name))
    return found | {author_mark(source, name(source, each)) for each in _people(data)}


def _people(data: Mapping[str, Any]) -> set[str]:
    """Return what an item's author may be called: its name, with and without capitals, and the account in its id or address, there and on its server."""
    author = data.get("author")
    found = {author, author.lower()} if author else set()
    for place in filter(None, (data.get("native_id"), data.get("url"))):
        if account := account_in(place):
            found |= {account, account.lower(), f"{account}@{urlsplit(place).hostname}".lower()}
    return found


def url_mark(url: str, source: str, name: Naming) -> str:
    """Return the mark of an address."""
    return f"url|{keyed(url, lambda account: name(source, account))}"


def author_mark(source: str, name: str) -> str:
    """Return the mark of an author by pseudonym."""
    return f"author|{source}|{name}"


def contents(data: Mapping[str, Any], derived: Iterable[str]) -> set[str]:
    """Return the marks of what an item says: its derived ids, and its words where there are enough to be its own."""
    said = words(_MASK.sub(" ", " ".join(data[name] for name in _WORDED if data.get(name))))
    telling = {f"words|{data['source']}|{' '.join(said)}"} if len(said) >= _TELLING_WORDS else set()
    return {f"derived|{each}" for each in derived} | telling


def as_stored(source: str, name: str) -> str:  # noqa: ARG001 — a naming's signature
    """Return a name as it is: what is stored is a pseudonym already."""
    return name


def namings(key: bytes | None) -> list[Naming]:
    """Return the ways in which a name may have been written down, one for each part of the key.

    A raw name takes the parts up to that one; a pseudonym, of whatever time, takes those after it.
    """
    whole = key or b""
    cuts = range(_KEY_BYTES, len(whole), _KEY_BYTES)
    return [_naming(whole, cut) for cut in (*cuts, len(whole))]


def _naming(whole: bytes, cut: int) -> Naming:
    def name(source: str, account: str) -> str:
        if not is_pseudonym(account):
            return pseudonym(whole[:cut], source, account)
        return pseudonym(whole[cut:], source, account) if whole[cut:] else account

    return name


class Graves:
    """The tombstones of a store, asked item by item; without any, asking costs nothing."""

    def __init__(self, store: Store, key: bytes | None) -> None:
        self._store, self._namings = store, namings(key)
        self._secret = load_key(store.folder) if store.privacy.has_tombstones() else None

    def holds(self, seen: Seen, raw: Item) -> bool:
        """Tell whether an item was forgotten: by what it says as it would be stored, or by what its source calls it."""
        if self._secret is None:
            return False
        secret, sight = self._secret, look(seen)
        found = contents(sight.data, [sight.derived])
        told = raw.model_dump(mode="json")
        for name in self._namings:
            found |= places(told, name)
        return bool(self._store.privacy.buried(digest(secret, mark) for mark in found))
