"""Nobody is followed, or searched for by name, without a consent on record (privacy facts P5)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote_plus

from repwatch.programme.people import PURPOSES
from repwatch.text.masking import Masker, masker_for
from repwatch.text.masking.spans import letters_of
from repwatch.wording import N_, _

if TYPE_CHECKING:
    from repwatch.config import Settings
    from repwatch.models import Consent, Employer

#: Operators of search engines and networks that ask for one person's posts.
_OPERATOR = re.compile(r"(?<!\w)(?:author|from|user|by|owner|commenter|creator|intext:@|mentions|involves|assignee):\s*@?([\w.@:/-]+)", re.IGNORECASE)
_PERSONAL = frozenset({"HANDLE", "PROFILE", "EMAIL", "PHONE", "NATIONAL_NUMBER"})
#: A person's own feed, where the address of the profile is not that of the feed.
_FEEDS = re.compile(r"medium\.com/feed/@([\w.-]+)|/@([\w.-]+)(?:\.rss|/feed|\.atom)|reddit\.com/(?:user|u)/([\w-]+)|/users/([\w.-]+)(?:\.rss|\.atom|/statuses|/feed)|author/([\w.-]+)/feed|/u/([\w.-]+)/activity"
                    r"|github\.com/([\w-]+)\.atom|hnrss\.org/(?:user|submitted|threads|favorites)\?[^#]*?id=([\w-]+)|nitter\.[\w.-]+/(?!search)([\w-]+)(?:/rss|/with_replies/rss)"
                    r"|feeds/videos\.xml\?[^#]*?user=([\w.-]+)|/feeds/u/([\w-]+)|/feeds/user/(\d+)|[?&](?:username|author|creator_id)=@?([\w.-]+)", re.IGNORECASE)  # fmt: skip
#: The signs that part an account from the rest of an address, and what a feed's address ends in.
_PARTS, _ENDING, _SCHEME = re.compile(r"[/?=&@:#]+"), re.compile(r"\.(?:rss|atom|xml|json)\b"), re.compile(r"^https?://(?:www\.)?")
#: A hashtag with the servers on which it is followed: acme@mastodon.social.
_TAG = re.compile(r"([^@/]+)@[\w.,@ -]+$")
_HINT = N_(
    'Ask the person first, then record it: repwatch privacy consent --who "{who}" --purpose "read their public posts" --until 2027-06-30 --how "asked by mail". '
    "If this is your own account, name it under identifiers."
)


class Unasked(NamedTuple):
    """A source of the settings that names a person who is not on record as having consented."""

    employer: int
    source: int
    key: str
    who: str

    @property
    def message(self) -> str:
        """Return what is wrong, as a sentence."""
        return refusal(self.who)[0]

    @property
    def hint(self) -> str:
        """Return what to do."""
        return refusal(self.who)[1]


def refusal(who: str) -> tuple[str, str]:
    """Return why a person is not followed, and what to do."""
    return _("this follows one person ({who}), who is not on record as having agreed", who=who), _(_HINT, who=who)


def people_in(target: str, masker: Masker) -> Iterator[str]:
    """Yield the people whom a query or an address names, as it names them; the employer itself is none."""
    target = unquote_plus(target) if "://" in target else target
    for match in [*_OPERATOR.finditer(target), *_FEEDS.finditer(target)]:
        who = next(filter(None, match.groups()), "")
        if who and not _is_own(who, masker):
            yield who
    yield from (target[span.start : span.end] for span in masker.find(target) if span.kind in _PERSONAL)


def _is_own(who: str, masker: Masker) -> bool:
    # A number alone is an account's on its site, never a firm's name.
    return not who.isdigit() and not masker.find(f"@{who.lstrip('@')}")


def person_in(target: str, employers: tuple[Employer, ...], consents: Sequence[Consent], day: date) -> str | None:
    """Return the first person whom a query or an address names without a consent in force on `day`, None where there is none."""
    # Who takes part in a programme agreed to less than to be followed.
    agreed = [consent for consent in consents if consent.holds(day) and consent.purpose not in PURPOSES.values()]
    names = [name for consent in agreed for name in (consent.who, *consent.accounts) if name]
    return next((who for who in people_in(target, masker_for(employers)) if not _agreed(who, names)), None)


def _agreed(who: str, names: Iterable[str]) -> bool:
    """Tell whether one of the names on record is that of `who`: the same, a part of their address, or an address whose part they are."""
    parts = _parts(who)
    return any(letters_of(name) in parts or ("/" in name and (letters_of(who) in _parts(name) or _bare(who) == _bare(name))) for name in names)


def _parts(address: str) -> set[str]:
    """Return an address whole and piece by piece, without the ending of a feed."""
    return {letters_of(address), *(letters_of(part) for part in _PARTS.split(_ENDING.sub("", address)))} - {""}


def _bare(address: str) -> str:
    return _ENDING.sub("", _SCHEME.sub("", address.casefold())).rstrip("/")


def unasked(settings: Settings, consents: Sequence[Consent], day: date) -> Iterator[Unasked]:
    """Yield the sources that name a person without a consent in force on `day`."""
    employers = settings.known
    for number, employer in enumerate(settings.employers):
        for place, wanted in enumerate(employer.sources):
            for key in ("url", "query"):
                target = getattr(wanted, key) or (employer.query if key == "query" and not wanted.url else None) or ""
                if wanted.source == "mastodon":
                    target = _TAG.match(target)[1] if _TAG.match(target) else target  # type: ignore[index]  # asked for in the same line
                who = person_in(target, employers, consents, day)
                if who:
                    yield Unasked(number, place, key, who)
