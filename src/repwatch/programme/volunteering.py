"""The figures of an ambassador programme, month by month, by the definitions of docs/explanation/figures.md.

participation = people who shared / headcount; adoption = joined / invited; active = shared in the last 30 days / joined;
engagement = reactions / estimated reach, over the relays for which both are known.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from repwatch.analysis.intervals import Figure, wilson
from repwatch.programme.people import Action, Invited, Member, Relay

#: The workshop's example of a programme that lives: 30 ambassadors among 350 people.
REFERENCE = (30, 350)
_ACTIVE_DAYS = 30


class Month(NamedTuple):
    """The figures of a month up to `through`, its last day or today."""

    month: str
    through: date
    participation: Figure
    adoption: Figure
    active: Figure
    engagement: Figure
    relays: int
    sharers: int
    joined: int
    invited: int


def counted(members: Iterable[Member], today: date) -> list[Member]:
    """Return the members whose consent is in force: nobody else is counted, in no month."""
    return [member for member in members if member.consent.holds(today)]


def months(members: Sequence[Member], invited: Sequence[Invited], relays: Sequence[Relay], headcount: int | None, today: date) -> list[Month]:
    """Return the figures of every month since the first invitation, joining or relay, oldest first."""
    inside = {member.code: member for member in counted(members, today)}
    told = [relay for relay in relays if relay.member in inside and relay.day <= today]
    starts = [*(each.day for each in invited), *(member.joined for member in inside.values()), *(relay.day for relay in told)]
    return [_month(first, min(_last(first), today), list(inside.values()), invited, told, headcount) for first in _firsts(min(starts, default=today), today)]


def since_start(members: Sequence[Member], relays: Sequence[Relay], headcount: int | None, today: date) -> Figure:
    """Return participation over the whole time: everybody who ever shared, of all who work there."""
    inside = {member.code for member in counted(members, today)}
    return share(len({relay.member for relay in relays if relay.member in inside and relay.day <= today}), headcount)


def share(part: int, whole: int | None) -> Figure:
    """Return part / whole with Wilson's interval; no figure where the whole is unknown, or smaller than its part."""
    return wilson(part, whole) if whole and part <= whole else Figure(None, whole or 0)


def _month(first: date, through: date, members: Sequence[Member], invited: Sequence[Invited], relays: Sequence[Relay], headcount: int | None) -> Month:
    mine = [relay for relay in relays if first <= relay.day <= through]
    sharers = {relay.member for relay in mine}
    joined = {member.code for member in members if member.joined <= through}
    asked = sum(each.n for each in invited if each.day <= through)
    lately = {relay.member for relay in relays if through - timedelta(days=_ACTIVE_DAYS) < relay.day <= through}
    return Month(first.strftime("%Y-%m"), through, share(len(sharers), headcount), share(len(joined), asked), share(len(lately & joined), len(joined)), engagement(mine),
                 len(mine), len(sharers), len(joined), asked)  # fmt: skip


def engagement(relays: Iterable[Relay]) -> Figure:
    """Return reactions / estimated reach. It has no interval: an estimate below the line is no sample."""
    pairs = [(relay.reactions, relay.reach) for relay in relays if relay.reactions is not None and relay.reach]
    reach = sum(reach for _reactions, reach in pairs)
    return Figure(sum(reactions for reactions, _reach in pairs) / reach if reach else None, reach)


def _firsts(start: date, today: date) -> Iterator[date]:
    first = start.replace(day=1)
    while first <= today:
        yield first
        first = _last(first) + timedelta(days=1)


def _last(first: date) -> date:
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


class Post(NamedTuple):
    """A public post of a member: when, what it says with its links, and how many reacted where the network tells."""

    day: date
    text: str
    reactions: int | None = None


def relays_in(member: str, posts: Iterable[Post], actions: Sequence[Action]) -> list[Relay]:
    """Find which posts carry the link of an action. Nothing else of a post is kept."""
    found: dict[tuple[int, date], Relay] = {}
    for post in posts:
        for action in actions:
            if post.day >= action.day and plain_link(action.url) in {plain_link(link) for link in _LINK.findall(post.text)}:
                found.setdefault((action.id, post.day), Relay(member, action.id, post.day, None, post.reactions))
    return list(found.values())


_LINK = re.compile(r"https?://[^\s<>\"')\]]+")


def plain_link(url: str) -> str:
    """Return a link without what differs between shares of it: scheme, www, query, fragment, last slash."""
    return re.sub(r"^https?://(?:www\.)?|[?#].*$", "", url.rstrip(".,;:!")).rstrip("/").lower()


def standings(actions: Sequence[Action], relays: Sequence[Relay], members: Sequence[Member], today: date) -> Mapping[int, list[Relay]]:
    """Return the relays of each action by members whose consent is in force."""
    inside = {member.code for member in counted(members, today)}
    return {action.id: [relay for relay in relays if relay.action == action.id and relay.member in inside] for action in actions}
