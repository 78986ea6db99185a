"""What keeps a store decent over time: mask what was stored before, let old texts go, finish a rotation, pack the file."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from repwatch.errors import UsageError
from repwatch.period import parse_since
from repwatch.pipeline.normalise import KEY_FILE, load_key
from repwatch.pipeline.protecting import PROTECTED, protect_stored, rekey_stored
from repwatch.pipeline.volunteering import let_go
from repwatch.store.fading import Limits
from repwatch.text.masking import masker_for
from repwatch.wording import _

if TYPE_CHECKING:
    from repwatch.config import PrivacySettings
    from repwatch.models import Employer
    from repwatch.store import Store

MASK, KEYS, SCRUB = "privacy|mask", "privacy|keys", "privacy|scrub"
_NEXT = "pseudonym.key.next"
#: Packing writes the whole file anew: once a week is enough for texts that went by age.
_SCRUB_DAYS = 7


class Kept(NamedTuple):
    """What upkeep did: items masked anew, texts let go by age and because they vanished, old texts of edited items, archives removed, consents that ended."""

    masked: int = 0
    aged: int = 0
    vanished: int = 0
    replaced: int = 0
    archives: int = 0
    packed: bool = False
    ended: int = 0


def keep(store: Store, settings: PrivacySettings, employers: tuple[Employer, ...], at: str, today: date, archive_days: int) -> Kept:
    """Do all that is due, in this order; each part goes on where it was interrupted."""
    finish_rotation(store)
    masked = mask_stored(store, employers, at)
    done = retain(store, settings, at, today)
    archives = forget_old_archives(store.folder / "archive", datetime.fromisoformat(at) - timedelta(days=archive_days))
    ended = let_go(store, today)
    packed = _pack_when_due(store, today, changed=bool(masked) or any(done.values()) or bool(ended))
    if masked or any(done.values()) or archives or ended:
        store.privacy.note(at, "retention", {"masked": masked, **done, "archives": archives, **({"consents": ended} if ended else {})})
    return Kept(masked, done.get("age", 0), done.get("vanished", 0), done.get("revisions", 0), archives, packed, ended)


def retain(store: Store, settings: PrivacySettings, at: str, today: date) -> dict[str, int]:
    """Drop the texts that are older than the settings allow, and count them by reason."""
    limits = limits_of(settings, today)
    if not store.privacy.overdue(limits):
        return {}
    run = store.begin_run("retention", at, {})
    done = store.privacy.fade(run, at, limits)
    store.finish_run(run, at, 0, dict(done))
    return done


def limits_of(settings: PrivacySettings, today: date) -> Limits:
    """Return the days before which texts are to go."""
    days = [today - timedelta(days=count) for count in (settings.vanished_days, settings.replaced_days)]
    return Limits(parse_since(f"{settings.text_months}m", today).isoformat(), *(day.isoformat() for day in days))


def mask_stored(store: Store, employers: tuple[Employer, ...], at: str, *, done: Callable[[int], None] = lambda _: None, again: bool = False) -> int:
    """Mask what was stored by an older repwatch, once, in parts that survive an interruption; return how many items were looked at."""
    state = store.cursor(MASK) or {}
    if state.get("version") == PROTECTED and state.get("done") and not again:
        return 0
    after = int(state.get("item") or 0) if state.get("version") == PROTECTED and not state.get("done") else 0
    key, masker = load_key(store.folder), masker_for(employers)
    counted, last = 0, after
    run = 0
    while store.privacy.find_after(last):
        run = run or store.begin_run("mask", at, {})
        found = store.privacy.rewrite(run, lambda data: protect_stored(data, key, masker), last, (MASK, {"version": PROTECTED, "done": False}))
        counted += store.privacy.between(last, found or last)
        last = found or last
        done(counted)
    store.set_cursor(MASK, {"version": PROTECTED, "done": True, "item": None})
    if run:
        store.finish_run(run, at, 0, {"items": counted})
        store.set_cursor(SCRUB, {**(store.cursor(SCRUB) or {}), "waiting": True})
    return counted


def rotate_key(store: Store, at: str) -> int:
    """Lay a new key over all pseudonyms, in one transaction, and return how many items there are.

    The key file keeps the older parts, so that the same person goes on having one pseudonym; whoever knew the old ones
    can no longer tell who is who.
    """
    folder = store.folder
    old = load_key(folder)
    if old is None:
        raise UsageError(_("there is no key yet, and nothing that it was used for"), where=str(folder / KEY_FILE), hint=_("The first check or import makes one."))
    finish_rotation(store)
    part = secrets.token_bytes(32)
    following = folder / _NEXT
    following.unlink(missing_ok=True)
    following.touch(mode=0o600)
    following.write_text((folder / KEY_FILE).read_text("ascii") + part.hex() + "\n", "ascii")
    run = store.begin_run("rotate-key", at, {})
    count = store.privacy.rewrite_all(run, lambda data: rekey_stored(data, part), (KEYS, {"bytes": len(old) + len(part)}))
    finish_rotation(store)
    store.finish_run(run, at, 0, {"items": count})
    store.privacy.scrub()
    store.privacy.note(at, "rotate-key", {"items": count, "parts": (len(old) + len(part)) // 32})
    return count


def finish_rotation(store: Store) -> None:
    """Bring the key file in step with the store, when a rotation was cut off between the two."""
    following = store.folder / _NEXT
    if not following.is_file():
        return
    written = store.cursor(KEYS)
    if written is not None and written["bytes"] == len(bytes.fromhex(following.read_text("ascii"))):
        following.replace(store.folder / KEY_FILE)
    else:
        following.unlink()


def forget_old_archives(folder: Path, before: datetime) -> int:
    """Remove the archives that were last written before `before`, and return their number.

    Of each of their records `kept.jsonl` keeps id, digest of the address, date and digest of the body.
    """
    old = [path for path in sorted(folder.glob("*.warc.gz*")) if path.stat().st_mtime < before.timestamp()]
    for path in old:
        kept = "".join(json.dumps(line) + "\n" for line in _remains(path))
        with os.fdopen(os.open(folder / "kept.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="ascii") as file:
            file.write(kept)
        path.unlink()
    return len(old)


def _remains(path: Path) -> Iterator[dict[str, str | None]]:
    from repwatch.web.records import whole_members

    for _start, _end, record in whole_members(path):
        if record is not None and record.rec_type in ("response", "revisit"):
            told = record.rec_headers.get_header
            address = hashlib.sha256((told("WARC-Target-URI") or "").encode()).hexdigest()
            yield {"archive": path.name, "record": told("WARC-Record-ID"), "url_sha256": address, "date": told("WARC-Date"), "digest": told("WARC-Payload-Digest")}


def _pack_when_due(store: Store, today: date, *, changed: bool) -> bool:
    state = store.cursor(SCRUB) or {}
    waiting = changed or bool(state.get("waiting"))
    last = date.fromisoformat(state["day"]) if state.get("day") else date.min
    due = waiting and (today - last).days >= _SCRUB_DAYS
    if due:
        store.privacy.scrub()
    if due or waiting != bool(state.get("waiting")):
        store.set_cursor(SCRUB, {"day": today.isoformat() if due else state.get("day"), "waiting": waiting and not due})
    return due
