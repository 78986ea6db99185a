"""Lists of reviews that are looked at again: nothing is claimed where anything is open."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repwatch.analysis.listing import (
    Listed,
    Listing,
    Sheet,
    address_of,
    covers,
    gapless,
    look_again,
)


@pytest.mark.parametrize(("url", "place"), [
    ("https://www.glassdoor.be/Reviews/Acme-Reviews-E1_P3.htm?filter.iso3Language=fra", ("https://www.glassdoor.be/Reviews/Acme-Reviews-E1.htm?filter.iso3Language=fra", 3, None)),
    ("https://www.glassdoor.be/Reviews/Acme-Reviews-E1.htm", ("https://www.glassdoor.be/Reviews/Acme-Reviews-E1.htm", 1, None)),
    ("https://be.indeed.com/cmp/Acme/reviews?start=20&fcountry=BE", ("https://be.indeed.com/cmp/Acme/reviews?fcountry=BE", None, 20)),
    ("https://WWW.trustpilot.com/review/acme.example?page=2&languages=all#x", ("https://www.trustpilot.com/review/acme.example?languages=all", 2, None)),
    ("https://a.example/x?page=last", ("https://a.example/x?page=last", 1, None)),
])  # fmt: skip
def test_the_address_of_a_list(url: str, place: tuple[str, int | None, int | None]) -> None:
    """The number of a page is no part of its list's address; filters are."""
    assert place == address_of(url)


def sheet(number: int | None, *dates: str | None, offset: int | None = None, name: str = "") -> Sheet:
    return Sheet(number, offset, tuple((f"{name}{number or 0}-{place}", each) for place, each in enumerate(dates)))


@pytest.mark.parametrize("sheets", [
    [], [sheet(1, "2026-11-03")], [sheet(1, "2026-11-03", "2026-11-02")], [sheet(2, "2026-11-03", "2026-11-02", "2026-11-01")], [sheet(1, "2026-11-03", None, "2026-11-01")],
    [sheet(1, "2026-11-03", "2026-11-01", "2026-11-02")], [sheet(1, "2026-11-03", "2026-11-03", "2026-11-03")], [sheet(None, "2026-11-03", "2026-11-02", "2026-11-01", offset=20)],
])  # fmt: skip
def test_no_list(sheets: list[Sheet]) -> None:
    """Too short, without a top, undated or in another order: nothing can be said."""
    assert gapless(sheets) is None


def test_a_list_ends_at_its_first_gap() -> None:
    """Pages that follow one another are one list; what comes after a missing page is not in it."""
    dates = ("2026-11-09", "2026-11-08", "2026-11-07")
    one, two, four = sheet(1, *dates), sheet(2, "2026-11-06", "2026-10"), sheet(4, "2026-08-01")
    found = gapless([four, two, one])
    assert found is not None
    assert [sorted(found.present), found.oldest] == [["1-0", "1-1", "1-2", "2-0", "2-1"], "2026-10"]
    by_place = gapless([sheet(None, *dates, offset=0), sheet(None, "2026-11-01", offset=3, name="b"), sheet(None, "2026-10-01", offset=9, name="c")])
    assert by_place is not None
    assert by_place.oldest == "2026-11-01"


def test_a_review_above_the_list() -> None:
    """One review that a site shows first, whatever its date, is there, and does not set the end of the list."""
    found = gapless([sheet(1, "2020-01-01", "2026-11-09", "2026-11-08", "2026-11-07")])
    assert found is not None
    assert [found.oldest, found.present["1-0"]] == ["2026-11-07", "2020-01-01"]


@pytest.mark.parametrize(("oldest", "published", "covered"), [
    ("2026-11-01", "2026-11-02", True), ("2026-11-01", "2026-11-01", False), ("2026-11-01", "2026-11", False), ("2026-11-01", "2026-12", True),
    ("2026-11", "2026-11-30", False), ("2026-11", "2026-12-01", True), ("2026-11-01T10:00:00Z", "2026-11-01T12:00:00Z", False), ("2026-11-01", "", False),
])  # fmt: skip
def test_what_a_list_covers(oldest: str, published: str, covered: bool) -> None:
    """Only what is surely later than the last item would stand in the list: of the same day, or month where that is all, is open."""
    assert covered is covers(Listing({}, oldest), published)


def test_two_lists_of_different_days() -> None:
    """What two lists of different days lack has vanished, once; a sight between begins anew; an older list says nothing."""
    full = Listing({"a": "2026-11-05", "b": "2026-11-04", "c": "2026-11-01"}, "2026-11-01")
    less = Listing({"a": "2026-11-05", "c": "2026-11-01"}, "2026-11-01")
    rows, gone = look_again([], None, full, "2026-11-06T08:00:00Z")
    assert gone == []
    for at, wanted in (("2026-11-06T09:00:00Z", []), ("2026-11-07T08:00:00Z", []), ("2026-11-07T20:00:00Z", []), ("2026-11-08T08:00:00Z", ["b"]), ("2026-11-09T08:00:00Z", [])):
        rows, gone = look_again(rows, "2026-11-06T08:00:00Z", less, at)
        assert (at, wanted) == (at, gone)
    rows, gone = look_again(rows, "2026-11-09T08:00:00Z", full, "2026-11-10T08:00:00Z")
    assert (Listed("b", "2026-11-04", "2026-11-10T08:00:00Z") in rows, gone) == (True, [])
    assert look_again(rows, "2026-11-10T08:00:00Z", less, "2026-11-09T08:00:00Z") == (rows, [])


START = date(2026, 9, 1)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[list[Sheet]], set[str]]:
    """Draw what somebody saved of a site, day after day, and which reviews the site really removed at some time.

    The site shows five reviews a page, newest first, with days or with months only; pages may be missing.
    """
    months_only = draw(st.booleans())
    posted = {f"r{number}": START + timedelta(days=draw(st.integers(0, 60))) for number in range(draw(st.integers(3, 14)))}
    removed: dict[str, int] = draw(st.dictionaries(st.sampled_from(sorted(posted)), st.integers(1, 5), max_size=3))
    saved = []
    for day in range(6):
        there = sorted((name for name in posted if removed.get(name, 99) > day), key=lambda name: (posted[name], name), reverse=True)
        order = draw(st.sampled_from(["dates", "dates", "dates", "shuffled"]))
        if order == "shuffled":
            there = draw(st.permutations(there))
        pages = [there[first : first + 5] for first in range(0, len(there), 5)]
        kept = draw(st.sets(st.integers(1, 3)))
        saved.append([Sheet(number, None, tuple((name, posted[name].isoformat()[: 7 if months_only else 10]) for name in page)) for number, page in enumerate(pages, 1) if number in kept])
    return saved, set(removed)


@given(histories())
def test_nothing_that_is_there_has_vanished(history: tuple[list[list[Sheet]], set[str]]) -> None:
    """Whatever pages were saved in whatever order: only what the site removed is ever claimed to have vanished."""
    saved, removed = history
    rows: list[Listed] = []
    last = None
    for day, sheets in enumerate(saved):
        listing = gapless(sheets)
        if listing is None:
            continue
        at = f"2026-11-{day + 1:02}T08:00:00Z"
        rows, gone = look_again(rows, last, listing, at)
        last = at
        assert set(gone) <= removed


@given(st.lists(st.integers(0, 30), min_size=4, max_size=12, unique=True), st.data())
def test_what_is_removed_is_noticed(days: list[int], data: st.DataObject) -> None:
    """A review that was in a whole list and that the site removes is noticed by the second list, unless it was the last."""
    dates = sorted(((START + timedelta(days=day)).isoformat() for day in days), reverse=True)
    whole = [(f"r{number}", each) for number, each in enumerate(dates)]
    victim = data.draw(st.integers(0, len(whole) - 2))
    left = [each for number, each in enumerate(whole) if number != victim]
    rows, last = [], None
    claimed = []
    for day, items in enumerate([whole, left, left]):
        listing = gapless([Sheet(1, None, tuple(items))])
        assert listing is not None
        at = f"2026-11-{day + 1:02}T08:00:00Z"
        rows, gone = look_again(rows, last, listing, at)
        last = at
        claimed.append(gone)
    assert claimed == [[], [], [f"r{victim}"]]
