"""A look at one person's posts: figures, suggestions, and aggregates that betray nobody."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repwatch.analysis.intervals import Figure, wilson
from repwatch.programme.coaching import Judged, Together, look, packed, together, unpacked

TODAY = date(2026, 11, 25)


def posts(count: int, *, every: int = 7, work: bool = True, reactions: int | None = None, tone: str = "neutral") -> list[Judged]:
    return [Judged(TODAY - timedelta(each * every), f"post {each}", reactions, work, tone) for each in range(count)]


def test_a_look_has_rhythm_share_tone_and_what_worked() -> None:
    """Weekly posts over nine weeks; a later one is left out; the share has its interval."""
    found = look("swallow", [*posts(10, reactions=3), Judged(TODAY + timedelta(1), "later", 99, False, "negative")], TODAY)
    assert (found.posts, found.since, found.longest_silence, found.about_work, found.tone) == (10, TODAY - timedelta(63), 7, wilson(10, 10), {"neutral": 10})
    assert (round(found.per_week or 0, 2), [post.reactions for post in found.best], found.suggestions) == (1.09, [3, 3, 3], ("go_on",))


@pytest.mark.parametrize(
    ("given_posts", "expected"),
    [
        (posts(4), ("few",)),
        (posts(0), ("few",)),
        (posts(20, every=0), ("slower",)),
        (posts(6, every=40), ("steadier",)),
        (posts(12, work=False), ("closer",)),
        (posts(12, reactions=8) + posts(12, work=False, reactions=4), ("work_works",)),
        (posts(12, reactions=2) + posts(12, work=False, reactions=4), ("other_works",)),
        (posts(12, reactions=3) + posts(12, work=False, reactions=4), ("go_on",)),
        (posts(12, tone="negative"), ("calmer",)),
        (posts(6) + posts(2, tone="negative"), ("go_on",)),
    ],
)
def test_suggestions_follow_from_the_figures(given_posts: list[Judged], expected: tuple[str, ...]) -> None:
    """Each suggestion needs enough posts to stand on; with few there is only that."""
    assert look("swallow", given_posts, TODAY).suggestions == expected


def test_nothing_at_all_is_said_as_such() -> None:
    """Without posts there is no rhythm, no share and no date."""
    found = look("swallow", [], TODAY)
    assert (found.since, found.per_week, found.longest_silence, found.about_work) == (None, None, None, Figure(None, 0))


def test_figures_are_found_again_below_the_text() -> None:
    """What is packed can be read by a person, and its figures by `coach aggregate`; they hold no word of a post."""
    seen = look("swallow", posts(10), TODAY)
    text, told = unpacked(packed("# A look\n", seen))
    assert (text, told) == ("# A look\n", {"code": "swallow", "posts": 10, "per_week": seen.per_week, "about_work": 1.0, "tone": {"neutral": 10}})
    assert (unpacked("plain"), unpacked("x\n```json\n[]\n```\n")[1], unpacked("x\n```json\n{broken\n```\n")[1]) == (("plain", None), None, None)


def figures(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "posts": 10, "per_week": 1.2, "about_work": 0.43, "tone": {"negative": 1, "positive": 9}} | more


def test_an_aggregate_is_told_in_steps() -> None:
    """Medians to the nearest half and tenth; a figure that fewer than five people have is none."""
    assert together([figures(code) for code in "abcde"]) == Together(5, 1.0, 0.4, 0.1)
    assert together([*(figures(code) for code in "abcd"), figures("e", posts=0, per_week=None, about_work=None, tone={})]) == Together(5, None, None, None)


@given(st.lists(st.sampled_from("abcde"), max_size=7))
def test_no_aggregate_of_fewer_than_five_people(codes: list[str]) -> None:
    """Five files of one person are one person."""
    if len(codes) == 5 == len(set(codes)):
        assert together([figures(code) for code in codes]).people == 5
    else:
        with pytest.raises(ValueError, match="different people"):
            together([figures(code) for code in codes])
