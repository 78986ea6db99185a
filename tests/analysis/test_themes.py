"""What is praised and blamed, on whole months, in groups of five or more."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repwatch.analysis.themes import Theme, tellable, themes, whole_months


def row(*told: tuple[str, float], **fields: Any) -> dict[str, Any]:
    return {"type": "review", "voice": "employee", "vanished": None, "score": {"topics": [{"topic": topic, "polarity": polarity} for topic, polarity in told]}} | fields


def test_topics_are_counted_once_a_text() -> None:
    """Clear praise and clear blame apart; the most frequent first; what does not count is left out."""
    rows = [
        row(("pay", -0.8), ("colleagues", 0.6)), row(("pay", 0.05)), row(("pay", 0.9), type="mention"),
        row(("pay", -1.0), voice="customer"), row(("pay", -1.0), type="interview"), row(("pay", -1.0), own=True), row(("pay", -1.0), vanished="2026-01-01"),
        row(("health", -1.0)), row(score=None), row(score={"topics": None}),
    ]  # fmt: skip
    assert themes(rows) == [Theme("pay", 3, 1, 1), Theme("colleagues", 1, 1, 0)]


@pytest.mark.parametrize(("praised", "blamed", "mood"), [(4, 2, "praise"), (2, 4, "blame"), (3, 2, "both"), (0, 0, "both")])
def test_mood_needs_two_thirds(praised: int, blamed: int, mood: str) -> None:
    """Where neither outweighs the other it is both."""
    assert Theme("pay", 9, praised, blamed).mood == mood


def test_small_groups_stay_unsaid() -> None:
    """Fewer than five texts, or fewer than five that are clear."""
    assert tellable([Theme("pay", 4, 4, 0), Theme("tools", 9, 2, 2), Theme("career", 5, 0, 5)]) == [Theme("career", 5, 0, 5)]


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)), st.integers(1, 36))
def test_whole_months_end_before_today(today: date, count: int) -> None:
    """From a first of a month to the last day of the month before this one, so many months."""
    first, last = whole_months(today, count)
    assert first.day == 1
    assert last + timedelta(days=1) == today.replace(day=1)
    assert (last.year - first.year) * 12 + last.month - first.month == count - 1
