"""Mask what is about to be stored: identifiers in texts, accounts in ids and addresses, authors.

`parse` shows what a page says and stores nothing: it does not come here. Everything that is stored does, as items or as
the JSON that an export holds.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from typing import Any

from repwatch.models import AnyItem, Interview, Mention, Review
from repwatch.text.masking import VERSION, Masker

#: Every field in which a person may have written anything.
TEXTS = ("title", "pros", "cons", "advice", "body", "text", "process", "job_title", "location")
_PSEUDONYM = re.compile("p[0-9a-f]{16}")
_KEY_BYTES = 32
#: What is masked in texts, and which addresses are known to name an account: what was stored under another is protected anew.
PROTECTED = f"{VERSION}.1"
#: Where addresses and ids name an account; the group is the account.
_ACCOUNTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^at://([^/]+)/", r"stackoverflow\.com/users/(\d+(?:/[\w-]+)?)", r"://bsky\.app/profile/([^/?#]+)", r"://[^/?#]+/@([\w.-]+(?:@[\w.-]+)?)(?=[/?#]|$)", r"://[^/?#]+/(?:users|u)/([^/?#]+)",
        r"reddit\.com/(?:user|u)/([^/?#]+)", r"/r/u_([^/?#]+)", r"linkedin\.com/(?:in|pub)/([^/?#]+)", r"linkedin\.com/posts/([^/?#_]+)_", r"xing\.com/profile/([^/?#]+)",
        r"://(?:www\.|mobile\.)?(?:twitter|x)\.com/(?!i/)([^/?#]+)/status", r"://(?:[\w-]+\.)?facebook\.com/(?!groups/|pages/|events/|watch)([^/?#]+)/(?:posts|photos|videos)",
        r"ycombinator\.com/user\?id=([\w-]+)", r"youtube\.com/(?:user|channel)/([\w-]+)", r"instagram\.com/(?!p/|reel/|tv/)([\w.]+)/(?:p|reel|tv)/", r"://gist\.github\.com/([\w-]+)/[0-9a-f]",
        r"://dev\.to/(?!t/)([\w-]+)/[\w-]", r"://(?!www\.|blog\.|help\.)([\w-]+)\.medium\.com(?:/|$)",
    )
)  # fmt: skip


def pseudonym(key: bytes, source: str, author: str) -> str:
    """Return the pseudonym of an author on a source: counts people without naming them.

    A key that was rotated has several parts of 32 bytes; each is laid over what the one before gave.
    """
    name = author
    for start in range(0, max(len(key), 1), _KEY_BYTES):
        name = "p" + hmac.new(key[start : start + _KEY_BYTES], f"{source}\x00{name}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:16]
    return name


def is_pseudonym(name: str) -> bool:
    """Tell whether a name is a pseudonym already."""
    return bool(_PSEUDONYM.fullmatch(name))


def keyed(place: str, name: Callable[[str], str]) -> str:
    """Return an id or address with the account in it replaced by what `name` makes of it."""
    for pattern in _ACCOUNTS:
        if match := pattern.search(place):
            return place[: match.start(1)] + name(match[1]) + place[match.end(1) :]
    return place


def account_in(place: str) -> str | None:
    """Return the account that an id or address names, None where it names none."""
    return next((match[1] for pattern in _ACCOUNTS if (match := pattern.search(place))), None)


def protect(item: AnyItem, key: bytes | None, masker: Masker) -> AnyItem:
    """Return the item as it may be stored: texts masked, accounts and authors as pseudonyms (an author without a key is dropped)."""
    changes = _changes(lambda name: getattr(item, name, None), item.source, key, masker)
    if isinstance(item, Mention) and item.author and not is_pseudonym(item.author):
        changes["author"] = pseudonym(key, item.source, item.author) if key else None
    if isinstance(item, Review) and item.responses:
        changes["responses"] = tuple(each.model_copy(update={"text": masker.mask(each.text)}) for each in item.responses)
    elif isinstance(item, Interview) and item.questions:
        changes["questions"] = tuple(map(masker.mask, item.questions))
    return item.model_copy(update=changes) if changes else item


def protect_stored(data: Mapping[str, Any], key: bytes | None, masker: Masker) -> dict[str, Any]:
    """Do the same to an item in the form in which it is stored."""
    changed = {**data, **_changes(data.get, data["source"], key, masker)}
    if isinstance(data.get("author"), str) and not is_pseudonym(data["author"]):
        changed["author"] = pseudonym(key, data["source"], data["author"]) if key else None
    if data.get("responses"):
        changed["responses"] = [{**each, "text": masker.mask(each["text"])} for each in data["responses"]]
    if data.get("questions"):
        changed["questions"] = [masker.mask(each) for each in data["questions"]]
    return changed


def rekey_stored(data: Mapping[str, Any], key: bytes) -> dict[str, Any]:
    """Return a stored item with its pseudonyms laid over with one more key."""
    again: Callable[[str], str] = lambda name: pseudonym(key, data["source"], name) if is_pseudonym(name) else name  # noqa: E731 — one line, used three times
    changed = dict(data)
    if data.get("author"):
        changed["author"] = again(data["author"])
    for name in ("native_id", "url"):
        if data.get(name):
            changed[name] = keyed(data[name], again)
    return changed


def _changes(get: Callable[[str], Any], source: str, key: bytes | None, masker: Masker) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name in TEXTS:
        value = get(name)
        if value and (masked := masker.mask(value)) != value:
            changes[name] = masked
    if key is not None:
        for name in ("native_id", "url"):
            value = get(name)
            if value and (place := keyed(value, lambda account: account if is_pseudonym(account) else pseudonym(key, source, account))) != value:
                changes[name] = place
    return changes
