"""Read the public accounts that members named themselves, for one thing: did they relay an action? No post is kept."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from io import BytesIO
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from repwatch.errors import UsageError
from repwatch.models import Item, Mention, Page, Refused, Request
from repwatch.pipeline.reading import read_page
from repwatch.programme.people import Action, Member, Relay
from repwatch.programme.volunteering import Post, relays_in
from repwatch.wording import _

_HREF = re.compile(r"""href=["']([^"']+)["']""")
Fetch = Callable[[Request], Page | Refused]


class AccountRead(NamedTuple):
    """What reading one account came to: the relays in it, or why it could not be read."""

    member: str
    account: str
    state: str
    reason: str = ""
    posts: int = 0
    relays: tuple[Relay, ...] = ()

    def row(self) -> dict[str, Any]:
        """Return it as plain values, the relays counted."""
        return {**self._asdict(), "relays": len(self.relays)}


def feed_of(account: str) -> str:
    """Return the public feed of an account's address. Raises UsageError for what is no address, or cannot be read by a program."""
    parts = urlsplit(account)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(_("{account} is not an address", account=repr(account)), hint=_("Give the address of the profile or of the feed, as the person named it: https://mastodon.example/@merel"))
    if parts.hostname.endswith("linkedin.com"):
        raise UsageError(_("LinkedIn lets no program read a member's posts"), hint=_("The member can download their own data there (Settings, Data privacy, Get a copy of your data) and hand over the file."))
    if parts.hostname == "bsky.app" and (found := re.fullmatch(r"/profile/([\w.:-]+)(?:/rss)?/?", parts.path)):
        return f"https://bsky.app/profile/{found[1]}/rss"
    if found := re.fullmatch(r"/@([\w.-]+?)(?:\.rss)?/?", parts.path):
        return f"https://{parts.netloc}/@{found[1]}.rss"
    return account


def read_accounts(members: Iterable[Member], actions: Sequence[Action], fetch: Fetch, day: date) -> Iterator[AccountRead]:
    """Read the accounts of the members who are active and whose consent is in force; of others nothing is asked."""
    for member in members:
        if member.state == "active" and member.consent.holds(day):
            for account in member.consent.accounts:
                yield _read(member, account, actions, fetch)


def _read(member: Member, account: str, actions: Sequence[Action], fetch: Fetch) -> AccountRead:
    answer = fetch(Request(url=feed_of(account), expect="feed"))
    if isinstance(answer, Refused):
        return AccountRead(member.code, account, "refused", answer.reason)
    read = read_page(answer, source="feed", expect="feed")
    posts = posts_of((each for each in read.outcomes if isinstance(each, Item)), since=member.consent.given, links=links_of(answer.body) if read.state in ("read", "partly") else {})
    return AccountRead(member.code, account, read.state, read.reason, len(posts), tuple(relays_in(member.code, posts, actions)))


def links_of(body: bytes) -> dict[str, str]:
    """Return where the links in each entry of a feed lead, by the entry's address: a text shows them cut short, if at all."""
    import feedparser

    found = {}
    try:
        # A stream, not the bytes: feedparser opens bytes that are names of files.
        entries = feedparser.parse(BytesIO(body), sanitize_html=False).entries
    except (LookupError, ValueError, OverflowError):
        # The feed was read once already; what only this second look stumbles over costs the links, not the posts.
        return {}
    for entry in entries:
        markup = [entry.get("summary", ""), *(part.get("value", "") for part in entry.get("content", ()))]
        found[entry.get("link", "")] = " ".join(html.unescape(link) for part in markup for link in _HREF.findall(part))
    return found


def posts_of(items: Iterable[Item], since: date, links: Mapping[str, str] = MappingProxyType({})) -> list[Post]:
    """Return the dated posts since a day, with the reactions that the network counts; what was posted before the consent is not looked at."""
    found = []
    for each in items:
        day = (each.published or "")[:10]
        if isinstance(each, Mention) and len(day) == 10 and date.fromisoformat(day) >= since:
            found.append(Post(date.fromisoformat(day), f"{each.title or ''} {each.text} {each.url or ''} {links.get(each.url or '', '')}", sum(each.engagement.values()) if each.engagement else None))
    return found
