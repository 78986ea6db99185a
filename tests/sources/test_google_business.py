"""Google Business Profile: reviews of one's own locations, its refusals, and the walk by the last change."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from tests.sources import apis, golden

from repwatch import sources
from repwatch.errors import LayoutChanged
from repwatch.models import NoResults, Page, Read, Refused, Watch
from repwatch.sources import google_business

PLACE = "accounts/1/locations/2"
WATCH = Watch(source="google_business", employer="Acme", target=PLACE, since=date(2026, 11, 1), until=date(2026, 11, 2), account={})


@pytest.mark.parametrize("case", apis.cases("google_business"), ids=lambda case: case.name)
def test_cases(case: Path) -> None:
    """Each invented payload gives what stands beside it."""
    assert golden.outcomes("google_business", case) == golden.golden(case).read_text(encoding="utf-8")


def test_recognised() -> None:
    """An answer is known by its host and, saved, by its stars in words."""
    assert sources.recognise(Page("https://mybusiness.googleapis.com/v4/x")) == "google_business"
    assert sources.recognise(Page("", body=(golden.HERE / "google_business/typical.json").read_bytes())) == "google_business"


@pytest.mark.parametrize(("told", "kind"), [({"totalReviewCount": 0}, NoResults), ({"reviews": []}, NoResults)])
def test_nothing(told: object, kind: type) -> None:
    """No reviews and a count of none are a true nothing."""
    assert [kind(source="google_business")] == apis.parsed("google_business", told)


@pytest.mark.parametrize("told", [b"", b"[]", b"<html>", {"items": []}, {"reviews": 5}, {"reviews": [], "totalReviewCount": 3}])
def test_changed(told: object) -> None:
    """What has no reviews where they were is a changed layout, never a zero."""
    with pytest.raises(LayoutChanged):
        apis.parsed("google_business", told)


def test_counts_that_do_not_fit() -> None:
    """An average beyond the scale is a problem; the reviews are read."""
    outcomes = apis.parsed("google_business", {"averageRating": 9, "reviews": [{"reviewId": "a", "createTime": "2026-11-01T10:00:00Z"}]})
    assert [(each.type, getattr(each, "detail", "")[:21]) for each in outcomes] == [("problem", "answer: averageRating"), ("review", "")]


@pytest.mark.parametrize(("error", "reason"), [
    ({"code": 401, "status": "UNAUTHENTICATED"}, "credentials"), ({"code": 403, "status": "PERMISSION_DENIED"}, "credentials"), ({"code": 429, "status": "RESOURCE_EXHAUSTED"}, "quota"),
    ({"code": 404}, "not_found"), ({"code": 403}, "blocked"), ({"code": "x"}, "api_error"), ("words", "api_error"),
])  # fmt: skip
def test_refused(error: object, reason: str) -> None:
    """An error is a refusal by its status in words, else by its number."""
    (refused,) = apis.parsed("google_business", {"error": error})
    assert (Refused, reason) == (type(refused), refused.reason)


def read(told: Any) -> Read:
    return Read(Page("", body=json.dumps(told).encode()), ())


def test_walk() -> None:
    """From token to token, the last changed first, until nothing on a page changed within the period."""
    walk = google_business.walk(WATCH)
    first = next(walk)
    assert urlsplit(first.url)._replace(query="").geturl() == f"https://mybusiness.googleapis.com/v4/{PLACE}/reviews"
    assert parse_qs(urlsplit(first.url).query) == {"pageSize": ["50"], "orderBy": ["updateTime desc"]}
    assert [first.auth, first.api, first.resume] == ["google_business", True, None]
    old_but_answered = {"createTime": "2020-01-01T00:00:00Z", "updateTime": "2026-11-01T00:00:00Z"}
    second = walk.send(read({"reviews": [old_but_answered, 5], "nextPageToken": "b"}))
    assert [parse_qs(urlsplit(second.url).query)["pageToken"], second.resume] == [["b"], "b"]
    with pytest.raises(StopIteration):
        walk.send(read({"reviews": [{"createTime": "2026-10-31T23:00:00Z"}], "nextPageToken": "c"}))


@pytest.mark.parametrize("told", [[], {"reviews": []}, {"nextPageToken": "a"}, {"nextPageToken": 5}])
def test_walk_ends(told: object) -> None:
    """An answer that leads nowhere, or where the walk has been, ends it; it may begin at a token."""
    walk = google_business.walk(WATCH.model_copy(update={"resume": "a"}))
    assert next(walk).resume == "a"
    with pytest.raises(StopIteration):
        walk.send(read(told))


def test_no_location() -> None:
    """A target that names no location is asked for all the same: the site's answer says that there is none."""
    assert next(google_business.walk(WATCH.model_copy(update={"target": "Acme & Co"}))).url.startswith("https://mybusiness.googleapis.com/v4/Acme%20%26%20Co/reviews?")


@settings(deadline=None, max_examples=100)
@given(body=apis.broken("google_business"))
def test_broken(body: bytes) -> None:
    """Broken bytes give outcomes or an error of our own."""
    apis.survives("google_business", body)
