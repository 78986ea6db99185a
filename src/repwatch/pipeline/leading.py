"""What a leader's plan needs from outside: the export that they handed over, in numbers, and what there is to comment on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from repwatch.errors import UnreadableError
from repwatch.models import Item, Mention
from repwatch.pipeline.protecting import account_in
from repwatch.pipeline.reading import FileRead, read_file
from repwatch.pipeline.volunteering import is_own
from repwatch.programme.people import Standing
from repwatch.text.clean import one_line
from repwatch.text.scorer import score_item
from repwatch.wording import _

_YEAR = 365
_TOPICS = 3
_NEWS_DAYS = 14
_LINE = '{"type": "mention", "source": "mastodon", "published": "2026-11-02", "text": "..."}'


class Handed(NamedTuple):
    """What a person handed over: contacts as a number alone, None where the file does not say, and their own posts, in memory only.

    `tells_posts` is False where what was handed over holds no list of posts at all: that none is there says nothing then.
    """

    contacts: int | None
    posts: tuple[Mention, ...]
    tells_posts: bool = True


def handed(path: Path) -> Handed:
    """Read the file that a person handed over. Nothing of it is stored."""
    return taken(read_file(path, personal=True))


def taken(file: FileRead) -> Handed:
    """Take the counts and the posts out of a file that was opened. Raises UnreadableError where there are none."""
    items = [getattr(each, "item", each) for each in (file.read.outcomes if file.lines is None else file.lines)]
    counts: Mapping[str, int] = next((getattr(each, "counts", {}) for each in items if getattr(each, "type", "") == "presence"), {})
    posts = tuple(each for each in items if isinstance(each, Mention) and each.kind != "comment")
    if not counts and not posts:
        raise UnreadableError(_("no contacts and no posts were found"), where=str(file.path), hint=_("Hand over the whole download of LinkedIn as it came, or the person's posts as lines of JSON such as: {example}", example=_LINE))
    return Handed(counts.get("contacts"), posts, bool(posts) or "posts" in counts)


def counted(found: Handed, day: date) -> dict[str, Any]:
    """Return the figures of a `Standing` that a person's file tells: posts and topics of the last 12 months, reactions where they are counted."""
    told: dict[str, Any] = {"profile": True, **({} if found.contacts is None else {"contacts": found.contacts})}
    if not found.tells_posts:
        return told
    lately = [post for post in found.posts if (day - timedelta(days=_YEAR)).isoformat() < (post.published or "")[:10] <= day.isoformat()]
    reactions = [sum(post.engagement.values()) for post in lately if post.engagement]
    return {**told, "posts": len(lately), "topics": topics_of(lately), **({"reactions": sum(reactions)} if reactions else {})}


def renewed(earlier: Iterable[Standing], day: date, said: Mapping[str, Any]) -> Standing:
    """Return how a leader stands on `day` where only the figures of `said` are new.

    What is not said stays as it was at the latest standing that is not after `day`, and keeps the day on which it was said.
    """
    before = max((each for each in earlier if each.day <= day), key=lambda each: each.day, default=None)
    if before is None:
        return Standing(day=day, **said)
    kept = {name: before.kept.get(name, before.day) for name, value in before if name not in {"day", "kept", *said} and value not in (None, ())}
    return before.model_copy(update={**said, "day": day, "kept": {name: since for name, since in kept.items() if since < day}})


def topics_of(posts: Iterable[Item]) -> tuple[str, ...]:
    """Return what the posts speak of most."""
    counts = Counter(topic.topic for post in posts for topic in score_item(post, why=False).topics)
    return tuple(name for name, _n in sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:_TOPICS])


def news(mentions: Iterable[Mapping[str, Any]], today: date, domain: str | None = None, limit: int = 5) -> list[dict[str, Any]]:
    """Choose what a leader can comment on: the firm's own posts, then articles that are not hostile, of the last two weeks.

    Posts of private people are left out, whatever a feed calls them: nobody is singled out for an answer by a leader.
    """
    since = (today - timedelta(days=_NEWS_DAYS)).isoformat()
    fresh = [each for each in mentions if each.get("url") and since <= (each.get("published") or "")[:10] <= today.isoformat()]
    own = [each for each in fresh if is_own(each, domain)]
    articles = [each for each in fresh if not is_own(each, domain) and each.get("kind") == "article" and account_in(each["url"]) is None and (each.get("score") or {}).get("label") != "negative"]
    return [{"url": each["url"], "own": is_own(each, domain), "title": _title(each)} for each in [*_newest(own), *_newest(articles)][:limit]]


def _newest(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(rows, key=lambda each: each["published"], reverse=True)


def _title(row: Mapping[str, Any]) -> str:
    return one_line(row.get("title") or row.get("text") or "", 100)
