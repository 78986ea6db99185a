"""Periods as people write them."""

from __future__ import annotations

import calendar
import contextlib
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repwatch.errors import Exit, UsageError
from repwatch.period import KINDS, equal_before, last_complete, parse_since, parse_until

TODAY = date(2026, 3, 31)
HINT = "Write 90d, 12w, 6m, 2y, 2026-03, 2026-03-31, today or yesterday."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("today", date(2026, 3, 31)),
        ("Yesterday", date(2026, 3, 30)),
        ("0d", date(2026, 3, 31)),
        ("1d", date(2026, 3, 30)),
        ("90d", date(2025, 12, 31)),
        (" 90 D ", date(2025, 12, 31)),
        ("12w", date(2026, 1, 6)),
        ("1m", date(2026, 2, 28)),
        ("3M", date(2025, 12, 31)),
        ("4m", date(2025, 11, 30)),
        ("12m", date(2025, 3, 31)),
        ("25m", date(2024, 2, 29)),
        ("1y", date(2025, 3, 31)),
        ("2026-01-05", date(2026, 1, 5)),
    ],
)
def test_a_period_means_the_same_day_at_either_end(text: str, expected: date) -> None:
    """Everything but a whole month names one day."""
    assert (expected, expected) == (parse_since(text, TODAY), parse_until(text, TODAY))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-03", date(2026, 3, 1), date(2026, 3, 31)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("1900-02", date(1900, 2, 1), date(1900, 2, 28)),
        ("2000-02", date(2000, 2, 1), date(2000, 2, 29)),
        ("2026-04", date(2026, 4, 1), date(2026, 4, 30)),
    ],
)
def test_a_month_runs_from_its_first_day_to_its_last(text: str, first: date, last: date) -> None:
    """`2026-03` begins on the 1st and ends on the 31st; February knows leap years."""
    assert (first, last) == (parse_since(text, TODAY), parse_until(text, TODAY))


@pytest.mark.parametrize(
    ("today", "text", "expected"),
    [
        (date(2024, 2, 29), "1y", date(2023, 2, 28)),
        (date(2024, 2, 29), "4y", date(2020, 2, 29)),
        (date(2024, 3, 31), "1m", date(2024, 2, 29)),
        (date(2026, 1, 31), "1m", date(2025, 12, 31)),
        (date(2026, 5, 31), "1m", date(2026, 4, 30)),
        (date(2026, 3, 29), "1m", date(2026, 2, 28)),
        (date(2026, 1, 1), "1m", date(2025, 12, 1)),
    ],
)
def test_months_back_end_on_a_day_that_exists(today: date, text: str, expected: date) -> None:
    """A month back from the 31st is the last day of a shorter month."""
    assert expected == parse_since(text, today)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "90", "d", "-3d", "90x", "1.5m", "2026", "2026-13", "2026-00", "2026-02-30", "2026-3", "0000-01", "99999d99",
     "99999y", "99999m", "999999d", "31/03/2026", "2026-03-31T10:00", "tomorrow", "९०d x", "\x00", "90d\n1d"],
)  # fmt: skip
@pytest.mark.parametrize("parse", [parse_since, parse_until])
def test_what_is_no_period_is_named_with_a_hint(parse: Callable[[str, date], date], text: str) -> None:
    """The error repeats the text and tells every form that would be right."""
    with pytest.raises(UsageError) as caught:
        parse(text, TODAY)
    assert f"{text!r} is not a period" == caught.value.message
    assert caught.value.hint == HINT
    assert Exit.USAGE is caught.value.exit_code


def test_the_last_month_of_the_calendar_has_a_last_day() -> None:
    """9999-12 ends on the 31st, although no day follows it."""
    assert (date(9999, 12, 1), date(9999, 12, 31)) == (parse_since("9999-12", TODAY), parse_until("9999-12", TODAY))


@given(st.integers(0, 4000), st.dates(date(1950, 1, 1), date(2100, 12, 31)))
def test_days_count_back_exactly(count: int, today: date) -> None:
    """`Nd` is N days before today."""
    assert today - timedelta(days=count) == parse_since(f"{count}d", today)


@given(st.integers(0, 600), st.dates(date(1950, 1, 1), date(2100, 12, 31)))
def test_months_count_back_exactly(count: int, today: date) -> None:
    """`Nm` is N calendar months back: the same day, or the last of that month."""
    found = parse_since(f"{count}m", today)
    assert count == (today.year - found.year) * 12 + today.month - found.month
    assert min(today.day, calendar.monthrange(found.year, found.month)[1]) == found.day


@pytest.mark.parametrize("parse", [parse_since, parse_until])
@given(text=st.text(max_size=20))
def test_any_text_is_a_date_or_a_usage_error(parse: Callable[[str, date], date], text: str) -> None:
    """Nothing typed at the command line is a crash."""
    with contextlib.suppress(UsageError):
        assert isinstance(parse(text, TODAY), date)


@pytest.mark.parametrize(
    ("kind", "today", "since", "until"),
    [
        ("daily", "2026-03-01", "2026-02-28", "2026-02-28"), ("weekly", "2026-11-23", "2026-11-16", "2026-11-22"), ("weekly", "2026-11-29", "2026-11-16", "2026-11-22"),
        ("monthly", "2026-03-31", "2026-02-01", "2026-02-28"), ("monthly", "2026-01-01", "2025-12-01", "2025-12-31"), ("quarterly", "2026-04-01", "2026-01-01", "2026-03-31"),
        ("quarterly", "2026-03-31", "2025-10-01", "2025-12-31"), ("board", "2026-11-30", "2026-07-01", "2026-09-30"),
    ],
)  # fmt: skip
def test_the_last_complete_period(kind: str, today: str, since: str, until: str) -> None:
    """A report of a kind looks at days that are over, so that the same report comes out whenever it is asked for."""
    assert last_complete(kind, date.fromisoformat(today)) == (date.fromisoformat(since), date.fromisoformat(until))


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.sampled_from(KINDS))
def test_a_complete_period_is_over(today: date, kind: str) -> None:
    """It ends before today, and less than one period before it."""
    since, until = last_complete(kind, today)
    assert since <= until < today
    assert (today - until).days <= (until - since).days + 1 + 3


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 400))
def test_the_period_before_is_as_long(since: date, days: int) -> None:
    """It ends the day before, and has as many days."""
    until = since + timedelta(days=days)
    first, last = equal_before(since, until)
    assert [last + timedelta(days=1), last - first] == [since, until - since]
