"""People who take part, as the store knows them: who is in, who may be read, and how everything about one goes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from repwatch.errors import UsageError
from repwatch.models import Consent
from repwatch.pipeline.erasure import Wish, forget
from repwatch.programme.people import PURPOSES, Action, Goal, Invited, Member, Relay, Role, Standing
from repwatch.text.masking import masker_for
from repwatch.wording import _

if TYPE_CHECKING:
    from repwatch.models import Employer
    from repwatch.store import Store

_CODE = re.compile(r"[^\W_][\w-]{1,23}")
_LONGEST_DAYS = 731
#: How long the rows of a consent that ended are kept, so that a late renewal loses nothing.
GRACE_DAYS = 30


class Left(NamedTuple):
    """What leaving came to: consents and items deleted, and the files in which something still stands."""

    consents: int
    items: int
    left: tuple[str, ...]


def checked_code(code: str) -> str:
    """Return the code by which a person wants to be known; refuse what is an address, a number or a full name."""
    if not _CODE.fullmatch(code) or masker_for(()).find(code):
        raise UsageError(_("{code} is not a code", code=repr(code)), hint=_("The person chooses one word of 2 to 24 letters and digits, such as a nickname. No full name, address or handle is needed."))
    return code


def consent_of(code: str, role: Role, given: date, expires: date | None, how: str | None) -> Consent:
    """Return the consent that a person gave; refuse one without an end, or of which nobody says how it was asked."""
    if expires is None or not (how or "").strip():
        raise UsageError(
            _("nobody enters without a consent on record: until when, and how were they asked?"),
            hint=_('Ask the person first, then say it with --until and --how: --until 2027-06-30 --how "signed form"'),
        )
    if not given <= expires:
        raise UsageError(_("this consent would have ended on {day}", day=expires), hint=_("Name a day to come with --until."))
    if (expires - given).days > _LONGEST_DAYS:
        raise UsageError(_("a consent lasts two years at most, then people are asked again"), hint=_("Name an earlier day with --until."))
    return Consent(who=checked_code(code), purpose=PURPOSES[role], given=given, expires=expires, how=(how or "").strip())


def join(store: Store, consent: Consent, role: Role, at: str) -> None:
    """Take a person in, or renew their consent; accounts named before stay named."""
    for known in (each.code for other in PURPOSES for each in members(store, other)):
        if known != consent.who and known.casefold() == consent.who.casefold():
            raise UsageError(
                _("{code} differs from {known}, which is on record, by capital letters alone", code=repr(consent.who), known=repr(known)),
                hint=_("If it is the same person, write the code as it stands there; if not, let them choose another word."),
            )
    before = next((member.consent for member in members(store, role) if member.code == consent.who), None)
    store.people.join(consent.model_copy(update={"accounts": before.accounts if before else ()}), role, at)
    store.privacy.note(at, "consent", {"recorded": 1})


def members(store: Store, role: Role) -> list[Member]:
    """Return everybody on record in a role, also those whose consent has ended."""
    return [Member(**row) for row in store.people.members(role)]


def member(store: Store, code: str, role: Role, day: date) -> Member:
    """Return one person whose consent is in force on `day`; refuse anybody else."""
    found = next((each for each in members(store, role) if each.code == code), None)
    hint = _("Nobody is named, followed or counted without having agreed. Ask them; if they say yes, record it with `join`.")
    if found is None:
        raise UsageError(_("{code} is not on record as having agreed to this", code=repr(code)), hint=hint)
    if not found.consent.holds(day):
        raise UsageError(_("the consent of {code} ended on {day}", code=repr(code), day=found.consent.expires), hint=hint)
    return found


def leave(store: Store, code: str, employers: tuple[Employer, ...], at: str, inbox: Path | None) -> Left:
    """Delete everything about a person in every role, what was read of their accounts included, and pack the database."""
    gone = [each for purpose in PURPOSES.values() for each in store.privacy.withdraw(code, purpose)]
    if not gone:
        raise UsageError(_("nobody is on record as {code}", code=repr(code)), hint=_("Capital letters count. The lists show who is in: repwatch programme list, repwatch leaders list."))
    accounts = dict.fromkeys(account for each in gone for account in each.accounts)
    results = [forget(store, wish, employers, at, inbox) for account in accounts for wish in wishes_for(account)]
    store.privacy.note(at, "withdraw", {"consents": len(gone)})
    # Deleted rows stand in free pages until the database is packed.
    store.privacy.scrub()
    return Left(len(gone), sum(each.items for each in results), tuple(dict.fromkeys(name for each in results for name in each.left)))


def let_go(store: Store, today: date) -> int:
    """Delete everything that hangs on consents which ended more than `GRACE_DAYS` ago and were not renewed; return how many ended."""
    last = today - timedelta(days=GRACE_DAYS)
    ended = [each for each in store.privacy.consents() if each.purpose in PURPOSES.values() and each.expires < last]
    return sum(len(store.privacy.withdraw(each.who, each.purpose)) for each in ended)


def held_of(store: Store, code: str) -> list[dict[str, Any]]:
    """Return all that is held of a person in each role, as plain values, to answer a request for access."""
    found = [each for role in PURPOSES for each in members(store, role) if each.code == code]
    return [
        {"purpose": each.consent.purpose, "state": each.state, "joined": each.joined.isoformat(),
         "relays": [{**relay._asdict(), "day": relay.day.isoformat()} for relay in relays(store) if each.role == "ambassador" and relay.member == each.code],
         "standings": [one.model_dump(mode="json") for one in standings_of(store, each.code)] if each.role == "leader" else [],
         "goals": [{**goal._asdict(), "due": goal.due.isoformat(), "day": goal.day.isoformat()} for goal in goals(store, each.code)] if each.role == "leader" else []}
        for each in found
    ]  # fmt: skip


def wishes_for(account: str) -> list[Wish]:
    """Return what there is to be forgotten with an account that a person named: its address, and what its handle wrote."""
    return [Wish(url=account), *([Wish(author=handle)] if (handle := handle_of(account)) else [])]


def handle_of(account: str) -> str | None:
    """Return the handle in an account's address: @an@mastodon.example, an.bsky.social; None for a plain feed."""
    if found := re.search(r"bsky\.app/profile/([\w.:-]+)", account):
        return found[1]
    if found := re.match(r"https?://([\w.-]+)/(?:@|users/)([\w.-]+?)(?:\.rss|\.atom)?/?$", account):
        return f"{found[2]}@{found[1]}"
    return None if account.startswith("http") else account


def actions(store: Store) -> list[Action]:
    """Return everything worth relaying, oldest first."""
    return [Action(**row) for row in store.people.actions()]


def relays(store: Store) -> list[Relay]:
    """Return who relayed what, oldest first."""
    return [Relay(**row) for row in store.people.relays()]


def keep_relays(store: Store, found: Iterable[Relay]) -> int:
    """Record the relays that are not on record yet, and return how many they are; what a person typed in stays."""
    known = {(each.member, each.action, each.day) for each in relays(store)}
    fresh = [each for each in found if (each.member, each.action, each.day) not in known]
    for each in fresh:
        store.people.relay(each.member, each.action, each.day, each.reach, each.reactions)
    return len(fresh)


def invitations(store: Store) -> list[Invited]:
    """Return how many were invited and when."""
    return [Invited(*row) for row in store.people.invitations()]


def standings_of(store: Store, code: str) -> list[Standing]:
    """Return how a leader stood, oldest first."""
    return [Standing.model_validate(row) for row in store.people.presences(code)]


def goals(store: Store, code: str) -> list[Goal]:
    """Return what a leader aims at."""
    return [Goal(**row) for row in store.people.goals(code)]


def own_posts(mentions: Iterable[Mapping[str, Any]], domain: str | None = None, limit: int = 3) -> list[Mapping[str, Any]]:
    """Choose the firm's own public posts among `mentions`, the newest first: what it wrote itself, or published on its own site."""
    found = [each for each in mentions if is_own(each, domain)]
    return sorted(found, key=lambda each: each.get("published") or "", reverse=True)[:limit]


def is_own(mention: Mapping[str, Any], domain: str | None) -> bool:
    """Tell whether the firm itself wrote a mention: it is marked so, or an article that stands on the firm's own domain."""
    host = (urlsplit(mention.get("url") or "").hostname or "").removeprefix("www.")
    return bool(mention.get("own")) or bool(domain and mention.get("kind") == "article" and (host == domain or host.endswith(f".{domain}")))
