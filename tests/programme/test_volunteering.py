"""Figures of the ambassador programme, and which posts count as a relay."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repwatch.analysis.intervals import Figure, wilson
from repwatch.models import Consent
from repwatch.programme.people import Action, Invited, Member, Relay
from repwatch.programme.volunteering import (
    Post,
    engagement,
    months,
    plain_link,
    relays_in,
    share,
    since_start,
    standings,
)

TODAY = date(2026, 11, 25)
ACTION = Action(1, "Open day", "https://www.acme.example/open-day/", {}, date(2026, 10, 1))


def member(code: str, joined: date = date(2026, 10, 5), expires: date = date(2027, 10, 1)) -> Member:
    return Member("ambassador", "active", joined, Consent(who=code, purpose="ambassador programme", given=joined, expires=expires, how="form"))


def test_figures_follow_their_definitions() -> None:
    """Each month counts its own sharers; joined and invited add up; active looks back thirty days."""
    people = [member("a"), member("b"), member("c", date(2026, 11, 3)), member("gone", expires=date(2026, 11, 1))]
    relays = [Relay("a", 1, date(2026, 10, 6), 100, 7), Relay("a", 1, date(2026, 11, 2), 50, 1), Relay("b", 1, date(2026, 10, 30)), Relay("gone", 1, date(2026, 10, 7), 9, 9)]
    october, november = months(people, [Invited(date(2026, 9, 30), 0), Invited(date(2026, 10, 1), 8), Invited(date(2026, 11, 2), 2)], relays, 350, TODAY)[1:]
    assert (october.month, october.through, october.participation, october.adoption, october.active) == ("2026-10", date(2026, 10, 31), wilson(2, 350), wilson(2, 8), wilson(2, 2))
    assert (october.engagement, october.relays, october.sharers, october.joined, october.invited) == (Figure(0.07, 100), 2, 2, 2, 8)
    assert (november.through, november.participation, november.adoption, november.active) == (TODAY, wilson(1, 350), wilson(3, 10), wilson(2, 3))
    assert since_start(people, relays, 350, TODAY) == wilson(2, 350)
    assert standings([ACTION], relays, people, TODAY) == {1: relays[:3]}


def test_an_empty_programme_has_one_month_without_figures() -> None:
    """Without anybody there is nothing but today's month, and no share of nothing."""
    (month,) = months([], [], [], None, TODAY)
    assert (month.month, month.participation, month.adoption, month.active, month.engagement) == ("2026-11", *[Figure(None, 0)] * 4)


def test_more_than_the_whole_is_no_share() -> None:
    """Where more joined than were invited on record, nobody knows the adoption."""
    assert share(3, 2) == Figure(None, 2)


def test_engagement_needs_both_numbers() -> None:
    """A relay without reach or reactions says nothing of engagement."""
    day = date(2026, 11, 1)
    assert engagement([Relay("a", 1, day, 200, 10), Relay("a", 1, day, None, 99), Relay("a", 1, day, 50, None), Relay("a", 1, day, 0, 3)]) == Figure(0.05, 200)


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 120)), max_size=30), st.integers(1, 50))
def test_no_month_counts_more_people_than_there_are(shares: list[tuple[str, int]], headcount: int) -> None:
    """Whoever shares often counts once, active people are a part of those who joined, and months follow each other without a hole."""
    relays = [Relay(code, 1, date(2026, 8, 1) + timedelta(days)) for code, days in shares]
    found = months([member(code, date(2026, 8, 1)) for code in "abcd"], [Invited(date(2026, 8, 1), 9)], relays, headcount, TODAY)
    assert [month.month for month in found] == ["2026-08", "2026-09", "2026-10", "2026-11"]
    assert all(month.sharers <= 4 and (month.active.value or 0) <= 1 and (month.participation.value is None) == (month.sharers > headcount) for month in found)
    assert sum(month.relays for month in found) == sum(relay.day <= TODAY for relay in relays)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Come and see: http://acme.example/open-day?utm_source=x.", True),
        ("(https://www.acme.example/open-day)", True),
        ("https://acme.example/open-day/programme", False),
        ("acme open day", False),
    ],
)
def test_a_relay_carries_the_link(text: str, expected: bool) -> None:
    """The same page counts however it is linked; another page does not."""
    assert bool(relays_in("a", [Post(TODAY, text, 3)], [ACTION])) is expected


def test_a_post_before_the_action_is_no_relay() -> None:
    """Who spoke of the page before it was an action relayed nothing; twice on a day is once."""
    posts = [Post(date(2026, 9, 30), ACTION.url), Post(TODAY, ACTION.url, 4), Post(TODAY, ACTION.url, 9)]
    assert relays_in("a", posts, [ACTION]) == [Relay("a", 1, TODAY, None, 4)]
    assert plain_link("https://www.Acme.example/a/?b=c#d") == "acme.example/a"
