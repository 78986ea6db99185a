"""Say what is held: the state of the store for its keeper, and all about one person for that person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from repwatch import sources
from repwatch.models import Consent, Item
from repwatch.pipeline.erasure import Wish, bare_handle, wanted
from repwatch.pipeline.normalise import load_key
from repwatch.pipeline.protecting import PROTECTED, account_in
from repwatch.pipeline.reading import read_page
from repwatch.pipeline.saving import Desk
from repwatch.pipeline.tombstones import KEY_FILE as TOMBSTONE_KEY
from repwatch.pipeline.upkeep import MASK, limits_of
from repwatch.pipeline.volunteering import handle_of, held_of
from repwatch.store.consents import Act, first_broken
from repwatch.store.privacy import Held
from repwatch.store.sights import look

if TYPE_CHECKING:
    from repwatch.config import Settings
    from repwatch.models import Employer
    from repwatch.store import Store


def standing(store: Store, settings: Settings, today: date) -> dict[str, Any]:
    """Return what is kept, how old it is, keys, consents, archives, retention, and what is due."""
    key = load_key(store.folder)
    archives = sorted((store.folder / "archive").glob("*.warc.gz*"))
    consents = store.privacy.consents()
    masked = store.cursor(MASK) or {}
    acts = store.privacy.acts()
    return {
        **store.privacy.counts(),
        "due": store.privacy.overdue(limits_of(settings.privacy, today)),
        "masked": bool(masked.get("done")) and masked.get("version") == PROTECTED,
        "keys": {"pseudonyms": len(key or b"") // 32, "tombstones": int((store.folder / TOMBSTONE_KEY).is_file())},
        "consents": {"in_force": sum(each.holds(today) for each in consents), "ended": sum(not each.holds(today) for each in consents)},
        "archives": {"files": len(archives), "bytes": sum(path.stat().st_size for path in archives), "oldest": archives[0].name[:8] if archives else None},
        "retention": {**settings.privacy.model_dump(), "archive_days": settings.archive_days},
        "log_broken_at": first_broken(acts),
        "last_acts": [_act(each) for each in acts[-5:]],
    }


def _act(act: Act) -> dict[str, Any]:
    return {"number": act.number, "at": act.at, "action": act.action, "detail": act.detail}


def access(store: Store, wish: Wish, employers: tuple[Employer, ...], at: str) -> dict[str, Any]:
    """Return all that is held about a person or of items, with where it came from and what is done with it; the log notes it."""
    held = list(store.privacy.held(store.privacy.find(wanted(store, wish))))
    consents = _consents_of(wish.author, store.privacy.consents()) if wish.author else []
    data = {
        "written": at,
        "asked": {name: value for name, value in wish._asdict().items() if value},
        "items": [_told(each) for each in held],
        "by_source": dict(sorted(Counter(each.source for each in held).items())),
        "consents": [each.model_dump(mode="json") for each in consents],
        "takes_part": [part for code in dict.fromkeys(each.who for each in consents) for part in held_of(store, code)],
        "archived_pages": list(_pages(store, employers, {(each.source, each.identity) for each in held})) if held else [],
    }
    store.privacy.note(at, "export", {"items": len(held), "by": sorted(data["asked"])})
    return data


def _consents_of(author: str, consents: Sequence[Consent]) -> list[Consent]:
    """Return the consents of a person, asked for by code, handle or account; capitals count where two people differ by them alone."""
    asked = bare_handle(author)
    named = [(each, {name for told in (each.who, *each.accounts) for name in _names(told)}) for each in consents]
    exact = [each for each, names in named if asked in names]
    return exact or [each for each, names in named if asked.casefold() in {name.casefold() for name in names}]


def _names(told: str) -> set[str]:
    """Return what a person may call an account, or a code: @an@one.example, an, its address."""
    handle = bare_handle(handle_of(told) or told)
    return {told, handle, handle.partition("@")[0], account_in(told) or handle}


def _told(held: Held) -> dict[str, Any]:
    return {"id": held.id, **held.data, "native_id": held.identity, "employers": list(held.employers), "score": held.score, "first_seen": held.first_seen,
            "vanished": held.vanished, "revisions": list(held.revisions)}  # fmt: skip


def _pages(store: Store, employers: tuple[Employer, ...], wanted_items: set[tuple[str, str]]) -> Any:
    """Yield the archived pages that show one of the items: archive, address, and when it was fetched."""
    desk = Desk(store, 0, "", load_key(store.folder), employers)
    for name, page in _archived(store.folder):
        for each in read_page(page).outcomes:
            if isinstance(each, Item):
                sight = look(desk.known(each))
                if (each.source, sight.native or sight.derived) in wanted_items:
                    yield {"archive": name, "url": page.url, "fetched": page.fetched_at or None}
                    break


def _archived(folder: Path) -> Any:
    from repwatch.web.archive import pages

    for path in sorted((folder / "archive").glob("*.warc.gz*"), reverse=True):
        for page in pages(path):
            yield path.name, page


def address(store: Store, item: int, employers: tuple[Employer, ...]) -> str | None:
    """Return the address of an item as its page has it, from the newest archive that shows it; None where none does."""
    held = next(store.privacy.held([item]), None)
    if held is None:
        return None
    desk = Desk(store, 0, "", load_key(store.folder), employers)
    for _name, page in _archived(store.folder):
        for each in read_page(page).outcomes:
            if isinstance(each, Item) and each.source == held.source and each.url and desk.known(each).item.native_id == held.identity:
                return each.url
    return None


def letter_facts(settings: Settings, today: date) -> dict[str, Any]:
    """Return what the notice and the register entry say of this firm."""
    infos = [sources.load(name).INFO for name in sorted({wanted.source for each in settings.employers for wanted in each.sources})]
    return {
        "controller": settings.employers[0].name if settings.employers else None,
        "employers": [each.name for each in settings.employers],
        "contact": settings.contact,
        "domain": settings.employers[0].domain if settings.employers else None,
        "sources": [{"title": info.title, "door": info.door, "terms": info.terms} for info in infos],
        "text_months": settings.privacy.text_months,
        "vanished_days": settings.privacy.vanished_days,
        "replaced_days": settings.privacy.replaced_days,
        "archive_days": settings.archive_days,
        "today": today,
    }
