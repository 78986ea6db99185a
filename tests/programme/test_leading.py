"""A leader's plan: gaps, working days, and five minutes a day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repwatch.errors import UnreadableError
from repwatch.models import Item, Mention
from repwatch.pipeline.leading import Handed, counted, news, taken
from repwatch.pipeline.reading import FileRead, PageRead
from repwatch.programme.leading import DAY_MINUTES, Step, circle, gap, week, working_days
from repwatch.programme.people import Goal, Standing

TODAY = date(2026, 11, 25)
SOON = date(2026, 12, 8)
GOAL = Goal("contacts", 60, SOON, TODAY)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(-5, 400))
def test_working_days_are_counted_as_on_a_calendar(first: date, length: int) -> None:
    """The count is that of the Mondays to Fridays, both ends included."""
    days = [first + timedelta(each) for each in range(length)]
    assert working_days(first, first + timedelta(length - 1)) == sum(day.weekday() < 5 for day in days)


def test_a_gap_says_what_is_missing_a_day() -> None:
    """From 10 contacts to 60 in ten working days: five a day, just feasible."""
    found = gap(Standing(day=TODAY, contacts=10), GOAL, TODAY)
    assert (found.missing, found.a_day, found.state, found.likely) == (50, 5.0, "open", None)


@pytest.mark.parametrize(
    ("standing", "due", "expected"),
    [
        (None, SOON, (None, None, "unknown", None)),
        (Standing(day=TODAY), SOON, (None, None, "unknown", None)),
        (Standing(day=TODAY, contacts=60), SOON, (0, None, "reached", None)),
        (Standing(day=TODAY, contacts=9), SOON, (51, 5.1, "open", date(2026, 12, 9))),
        (Standing(day=TODAY, contacts=50), date(2026, 11, 24), (10, None, "late", date(2026, 11, 26))),
    ],
)
def test_a_gap_that_cannot_be_closed_says_when(standing: Standing | None, due: date, expected: tuple[Any, ...]) -> None:
    """More than five invitations a day are not planned: the plan says when five would get there."""
    found = gap(standing, GOAL._replace(due=due), TODAY)
    assert (found.missing, found.a_day, found.state, found.likely) == expected


_COUNTS = st.none() | st.integers(0, 900)


@given(st.none() | st.builds(Standing, day=st.just(TODAY), profile=st.none() | st.booleans(), contacts=_COUNTS, posts=_COUNTS), st.integers(1, 900), st.integers(1, 20), st.dates(TODAY, date(2027, 6, 1)),
       st.integers(0, 6), st.integers(0, 6))  # fmt: skip
def test_no_day_is_longer_than_five_minutes(standing: Standing | None, contacts: int, posts: int, due: date, news_count: int, shift: int) -> None:
    """Whatever the gap, five working days of one to five minutes; the same facts give the same plan."""
    today = TODAY + timedelta(shift)
    goals = [Goal("contacts", contacts, due, TODAY), Goal("posts", posts, due, TODAY)]
    days = week(standing, goals, today, news_count)
    assert [len(days), all(0 < day.minutes <= DAY_MINUTES for day in days), {day.day.weekday() for day in days}] == [5, True, {0, 1, 2, 3, 4}]
    assert days == week(standing, goals, today, news_count)
    assert sum(step.kind == "comment" for day in days for step in day.steps) <= news_count


def test_the_plan_adapts_to_the_gap() -> None:
    """Without a profile there is one thing to do; with a small gap few invitations; with none, thanks and comments alone."""
    assert week(Standing(day=TODAY, profile=False), [GOAL], TODAY, 3)[0].steps == (Step("profile"),)
    assert week(Standing(day=TODAY, contacts=51, posts=3), [GOAL], TODAY, 1)[0].steps == (Step("invite", 1, "customers"), Step("comment"), Step("thank"))
    assert week(Standing(day=TODAY, contacts=10, posts=3), [GOAL], TODAY, 9)[1].steps == (Step("invite", 5, "team"), Step("comment"))
    assert week(Standing(day=TODAY, contacts=60, posts=3), [GOAL], TODAY, 0)[0].steps == (Step("thank"),)
    assert week(None, [GOAL], TODAY, 0)[0].steps == (Step("count"), Step("invite", 5, "committee"))
    assert [day.steps for day in week(None, [], TODAY, 0) if Step("post") in day.steps] == [(Step("post"),)]
    assert (circle(10, 1), circle(60, 0), circle(500, 2)) == ("team", "customers", "press")


def mention(day: str, text: str = "We hire", **fields: Any) -> Mention:
    return Mention(source="linkedin", text=text, published=day, **fields)


def test_what_was_handed_over_becomes_numbers() -> None:
    """Posts of the last 12 months count, older ones and comments do not; without reactions nobody guesses them."""

    class Counted(Item):
        type: str = "presence"
        counts: dict[str, int]

    outcomes: Any = (Counted(source="linkedin", counts={"contacts": 10}), mention("2026-11-01", "We raise pay for all. Good pay matters."), mention("2025-11-01"), mention("2026-10-01", kind="comment"))
    found = taken(FileRead(Path("x"), PageRead(None, None, outcomes, "read")))
    assert (found.contacts, len(found.posts)) == (10, 2)
    standing = Standing(day=TODAY, **counted(found, TODAY))
    assert (standing.contacts, standing.posts, standing.reactions, "pay" in standing.topics) == (10, 1, None, True)
    assert counted(Handed(None, (mention("2026-11-01", engagement={"likes": 3, "comments": 2}),)), TODAY)["reactions"] == 5
    with pytest.raises(UnreadableError, match="no contacts and no posts"):
        taken(FileRead(Path("x"), PageRead(None, None, (), "read")))


def test_nobody_private_is_put_before_a_leader() -> None:
    """The firm's own news and articles that are not hostile: no posts of people, nothing old, nothing without an address."""
    base = {"url": "https://acme.example/1", "published": "2026-11-20", "kind": "article", "text": "News"}
    rows: list[dict[str, Any]] = [base, base | {"own": True, "url": "o", "kind": "post"}, base | {"kind": "post"}, base | {"url": None}, base | {"published": "2026-11-01"}, base | {"score": {"label": "negative"}}]
    assert [(each["url"], each["own"]) for each in news(rows, TODAY)] == [("o", True), ("https://acme.example/1", False)]
    assert [each["own"] for each in news([base, base | {"url": "https://notacme.example/1"}], TODAY, "acme.example")] == [True, False]


def test_nobody_is_singled_out_for_a_comment() -> None:
    """Articles may be commented on; a post of a person may not, though a feed calls it an article, and its address is no address any more."""
    told = [("https://press.example/acme-grows", "article"), ("https://x.com/p0123456789abcdef/status/17", "article"), ("https://www.linkedin.com/posts/p0123456789abcdef_work-activity-7", "article"), ("https://a.example/p", "post")]
    rows = [{"url": url, "kind": kind, "published": TODAY.isoformat(), "title": "Acme", "score": {"label": "positive"}} for url, kind in told]
    assert [each["url"] for each in news(rows, TODAY)] == ["https://press.example/acme-grows"]
