"""A leader's presence: the gap to a goal, and five minutes a day that close it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

from repwatch.programme.people import Goal, Measure, Standing

#: Brunswick, Connected Leadership, 2019: 48 % of CEOs were present on social networks, and one in four of these had posted.
REFERENCE: Mapping[str, str | int | float] = {"source": "Brunswick", "year": 2019, "present": 0.48, "posted_of_present": 0.25}
#: Minutes that each step takes, and what a day may take at most.
MINUTES: Mapping[str, float] = {"profile": 5, "count": 2, "post": 5, "invite": 0.5, "comment": 2, "thank": 1}
DAY_MINUTES = 5
#: More invitations a day than this would be a campaign, not a habit.
MOST_INVITED = 5
#: Whom to invite, from the nearest circle outwards: each with the number of contacts up to which it comes first.
CIRCLES: tuple[tuple[int, tuple[str, ...]], ...] = (
    (50, ("committee", "team", "former_colleagues")),
    (200, ("customers", "suppliers", "school")),
    (10**9, ("sector", "local", "press")),
)
State = Literal["reached", "open", "late", "unknown"]
StepKind = Literal["profile", "count", "post", "invite", "comment", "thank"]


class Gap(NamedTuple):
    """What is missing to a goal. `a_day` is what each working day must bring; `likely` the day on which `MOST_INVITED` a day would get there."""

    measure: Measure
    now: int | None
    target: int
    due: date
    missing: int | None
    a_day: float | None
    state: State
    likely: date | None = None


class Step(NamedTuple):
    """One thing to do; `times` how often, `circle` whom to invite."""

    kind: StepKind
    times: int = 1
    circle: str = ""

    @property
    def minutes(self) -> float:
        """Return how long it takes."""
        return MINUTES[self.kind] * self.times


class Day(NamedTuple):
    """What to do on a working day."""

    day: date
    steps: tuple[Step, ...]

    @property
    def minutes(self) -> float:
        """Return how long the steps take together."""
        return sum(step.minutes for step in self.steps)


def working_days(first: date, last: date) -> int:
    """Count Mondays to Fridays from `first` to `last`, both included."""
    whole, rest = divmod(max(0, (last - first).days + 1), 7)
    return whole * 5 + sum((first.weekday() + each) % 7 < 5 for each in range(rest))


def gap(standing: Standing | None, goal: Goal, today: date) -> Gap:
    """Return what is missing to a goal today."""
    now = None if standing is None else getattr(standing, goal.measure)
    if now is None:
        return Gap(goal.measure, None, goal.target, goal.due, None, None, "unknown")
    missing = max(0, goal.target - now)
    days = working_days(today, goal.due)
    state: State = "reached" if not missing else "late" if goal.due < today else "open"
    a_day = missing / days if missing and days else None
    likely = _after(today, math.ceil(missing / MOST_INVITED)) if goal.measure == "contacts" and missing > MOST_INVITED * days else None
    return Gap(goal.measure, now, goal.target, goal.due, missing, a_day, state, likely)


def _after(today: date, days: int) -> date:
    """Return the last of so many working days from today."""
    found = today
    while days > 0:
        days -= found.weekday() < 5
        found += timedelta(days=1)
    return found - timedelta(days=1)


def week(standing: Standing | None, goals: Sequence[Goal], today: date, news: int) -> tuple[Day, ...]:
    """Plan the next five working days, today included, none longer than five minutes. `news` is how much there is to comment on."""
    gaps = {each.measure: each for each in (gap(standing, goal, today) for goal in goals)}
    days = [day for day in (today + timedelta(days=each) for each in range(7)) if day.weekday() < 5]
    post_on = next(day for day in days if day.weekday() == 1) if _must_post(standing, gaps.get("posts")) else None
    return tuple(Day(day, _steps(standing, gaps.get("contacts"), place, news, posts=day == post_on)) for place, day in enumerate(days))


def _must_post(standing: Standing | None, posts: Gap | None) -> bool:
    """Tell whether something is to be written this week: a goal says so, or nothing was posted for a year."""
    if standing is not None and standing.profile is False:
        return False
    return posts.state != "reached" if posts else standing is None or not standing.posts


def _steps(standing: Standing | None, contacts: Gap | None, place: int, news: int, *, posts: bool) -> tuple[Step, ...]:
    if standing is not None and standing.profile is False:
        return (Step("profile"),)
    if posts:
        return (Step("post"),)
    first = [Step("count")] if place == 0 and (standing is None or standing.contacts is None) else []
    wanted = 0 if contacts is None or contacts.state == "reached" else MOST_INVITED if contacts.a_day is None else min(MOST_INVITED, math.ceil(contacts.a_day))
    invited = [Step("invite", wanted, circle(standing.contacts if standing and standing.contacts is not None else 0, place))] if wanted else []
    return _fitting([*first, *invited, *([Step("comment")] if place < news else []), Step("thank")])


def circle(contacts: int, place: int) -> str:
    """Return whom to invite: near circles first, another one each day."""
    names = next(names for limit, names in CIRCLES if contacts < limit)
    return names[place % len(names)]


def _fitting(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Keep the steps, in order, that fit into a day."""
    kept: list[Step] = []
    for step in steps:
        if sum(each.minutes for each in kept) + step.minutes <= DAY_MINUTES:
            kept.append(step)
    return tuple(kept)
