"""A look at one person's own posts, for that person alone: rhythm, what is about work, tone, what worked. Suggestions, never marks."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from repwatch.analysis.intervals import Figure, wilson
from repwatch.wording import _

#: Below so many people there is no aggregate (privacy facts P4, P7).
K = 5
#: Below so many posts a look says nothing of habits.
FEW = 5
_BEST = 3
_LONG_SILENCE = 30
#: An aggregate is told in steps: fine figures of nearly the same people would subtract to one person's.
_STEP = 0.1
_FENCE = "```json"
Suggestion = Literal["few", "slower", "steadier", "closer", "work_works", "other_works", "calmer", "go_on"]


class Judged(NamedTuple):
    """One of the person's posts as read by word lists: its day, an excerpt, reactions, whether it is about work, its tone."""

    day: date
    excerpt: str
    reactions: int | None
    about_work: bool
    tone: str


class Look(NamedTuple):
    """What a look at somebody's posts shows."""

    code: str
    day: date
    since: date | None
    posts: int
    per_week: float | None
    longest_silence: int | None
    about_work: Figure
    tone: dict[str, int]
    best: tuple[Judged, ...]
    suggestions: tuple[Suggestion, ...]

    def figures(self) -> dict[str, Any]:
        """Return what an aggregate needs, without a word of the posts."""
        return {"code": self.code, "posts": self.posts, "per_week": self.per_week, "about_work": self.about_work.value, "tone": self.tone}


def look(code: str, posts: Iterable[Judged], today: date) -> Look:
    """Look at the posts of one person up to `today`."""
    found = sorted((post for post in posts if post.day <= today), key=lambda post: (post.day, post.excerpt))
    first = found[0].day if found else None
    weeks = max(1.0, ((today - first).days + 1) / 7) if first else None
    silence = max(((after - before).days for before, after in pairwise([*(post.day for post in found), today])), default=None)
    about = wilson(sum(post.about_work for post in found), len(found))
    best = tuple(sorted((post for post in found if post.reactions), key=lambda post: (-(post.reactions or 0), post.day))[:_BEST])
    per_week = len(found) / weeks if weeks else None
    tone = dict(sorted(Counter(post.tone for post in found).items()))
    return Look(code, today, first, len(found), per_week, silence, about, tone, best, _suggestions(found, per_week, silence, about))


def _suggestions(posts: Sequence[Judged], per_week: float | None, silence: int | None, about: Figure) -> tuple[Suggestion, ...]:
    if len(posts) < FEW:
        return ("few",)
    found: list[Suggestion] = []
    if per_week is not None and per_week > 7:
        found.append("slower")
    elif silence is not None and silence > _LONG_SILENCE:
        found.append("steadier")
    if about.high is not None and about.high < 0.5:
        found.append("closer")
    found += _what_worked(posts)
    if (wilson(sum(post.tone == "negative" for post in posts), len(posts)).low or 0) > 0.2:
        found.append("calmer")
    return tuple(found) or ("go_on",)


def _what_worked(posts: Sequence[Judged]) -> list[Suggestion]:
    """Compare reactions where both kinds have enough of them to compare."""
    work, other = ([post.reactions for post in posts if post.reactions is not None and post.about_work is kind] for kind in (True, False))
    if min(len(work), len(other)) < FEW:
        return []
    if statistics.median(work) >= 2 * statistics.median(other) and statistics.median(work):
        return ["work_works"]
    return ["other_works"] if statistics.median(other) >= 2 * statistics.median(work) and statistics.median(other) else []


def packed(text: str, seen: Look) -> str:
    """Return the text to read with the figures below it, which `figures_in` finds again."""
    return f"{text.rstrip()}\n\n{_FENCE}\n{json.dumps(seen.figures(), sort_keys=True)}\n```\n"


def unpacked(content: str) -> tuple[str, dict[str, Any] | None]:
    """Return the text to read, and the figures below it; None where there are none."""
    text, fence, rest = content.rpartition(_FENCE)
    if not fence:
        return content, None
    try:
        told = json.loads(rest.replace("```", ""))
    except ValueError:
        return content, None
    return text.rstrip() + "\n", told if isinstance(told, dict) and "code" in told else None


class Together(NamedTuple):
    """What several people's posts come to: medians in steps, never sums."""

    people: int
    per_week: float | None
    about_work: float | None
    negative: float | None


def together(figures: Sequence[Mapping[str, Any]]) -> Together:
    """Return the medians over at least K different people. Raises ValueError for fewer: callers refuse them first."""
    if len({each["code"] for each in figures}) < K or len({each["code"] for each in figures}) != len(figures):
        raise ValueError(_("an aggregate needs {n} different people", n=K))
    negative = [each["tone"].get("negative", 0) / each["posts"] for each in figures if each["posts"]]
    return Together(len(figures), _median([each["per_week"] for each in figures], 0.5), _median([each["about_work"] for each in figures], _STEP), _median(negative, _STEP))


def _median(values: Iterable[float | None], step: float) -> float | None:
    """Return the median to the nearest step; None where fewer than K people have a value."""
    known = [value for value in values if value is not None]
    return round(round(statistics.median(known) / step) * step, 2) if len(known) >= K else None
