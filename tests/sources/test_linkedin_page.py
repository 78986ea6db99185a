"""A LinkedIn page: its followers, its posts, the refusals of its interface, and the walk with an administrator's token."""

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
from repwatch.models import Mention, NoResults, Page, Problem, Profile, Read, Refused, Watch
from repwatch.sources import linkedin_page

WATCH = Watch(source="linkedin_page", employer="Acme", target="7001", since=date(2026, 11, 1), until=date(2026, 11, 2), account={})
NEW, OLD = 1793500000000, 1793400000000


@pytest.mark.parametrize("case", apis.cases("linkedin_page"), ids=lambda case: case.name)
def test_cases(case: Path) -> None:
    """Each invented payload gives what stands beside it."""
    assert golden.outcomes("linkedin_page", case) == golden.golden(case).read_text(encoding="utf-8")


def test_recognised() -> None:
    """An answer is known by its host and, saved, by the name of the page."""
    assert sources.recognise(Page("https://api.linkedin.com/rest/posts")) == "linkedin_page"
    assert sources.recognise(Page("", body=(golden.HERE / "linkedin_page/typical.json").read_bytes())) == "linkedin_page"


def test_lines() -> None:
    """A post says that it is the employer's own; followers stand in the line of this profile, and in no other."""
    (post,) = apis.parsed("linkedin_page", {"elements": [{"id": "urn:li:share:1", "commentary": "Welcome!"}]})
    assert post == Mention(source="linkedin_page", native_id="urn:li:share:1", url="https://www.linkedin.com/feed/update/urn:li:share:1/", text="Welcome!", own=True)
    (size,) = apis.parsed("linkedin_page", {"firstDegreeSize": 0})
    assert size == Profile(source="linkedin_page", claimed="claimed", followers=0)
    assert [post.model_dump()["own"], size.model_dump()["followers"]] == [True, 0]
    assert "own" not in Mention(source="feed").model_dump()
    assert "followers" not in Profile(source="kununu").model_dump()


@pytest.mark.parametrize("told", [{"elements": []}, {"elements": [{"organizationalEntity": "urn:li:organization:7", "followerCountsByGeo": []}]}])
def test_nothing(told: object) -> None:
    """No posts, and statistics without a follower, are a true nothing."""
    assert [NoResults(source="linkedin_page")] == apis.parsed("linkedin_page", told)


@pytest.mark.parametrize("told", [b"", b"[]", b"<html>", {}, {"elements": 5}, {"elements": [{"share": 1}]}, {"firstDegreeSize": -1}, {"firstDegreeSize": True}])
def test_changed(told: object) -> None:
    """What holds neither posts nor counts is a changed layout, never a zero."""
    with pytest.raises(LayoutChanged):
        apis.parsed("linkedin_page", told)


@pytest.mark.parametrize(("told", "reason"), [
    ({"status": 401, "serviceErrorCode": 65600}, "credentials"), ({"status": 401, "serviceErrorCode": 65601}, "credentials_revoked"), ({"status": 401, "code": "EXPIRED_ACCESS_TOKEN"}, "credentials_expired"),
    ({"status": 401, "serviceErrorCode": 65601, "message": "Expired access token"}, "credentials_expired"), ({"status": 403, "code": "ACCESS_DENIED"}, "credentials"), ({"status": 429}, "quota"),
    ({"status": 426, "code": "NONEXISTENT_VERSION"}, "api_error"), ({"status": "x", "serviceErrorCode": "y"}, "api_error"),
])  # fmt: skip
def test_refused(told: dict[str, object], reason: str) -> None:
    """A refusal is told by its name or number, and where one number says two things by its words."""
    (refused,) = apis.parsed("linkedin_page", {"message": "m", **told})
    assert (Refused, reason) == (type(refused), refused.reason)


def read(*posts: Any) -> Read:
    return Read(Page("", body=json.dumps({"elements": posts}).encode()), ())


def query(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)


def test_walk() -> None:
    """First the counts, then the posts in hundreds, newest first, until a page lies before the period; by number or by full name."""
    for target in ("7001", " urn:li:organization:7001 "):
        walk = linkedin_page.walk(WATCH.model_copy(update={"target": target}))
        size = next(walk)
        assert size.url == "https://api.linkedin.com/rest/networkSizes/urn%3Ali%3Aorganization%3A7001?edgeType=COMPANY_FOLLOWED_BY_MEMBER"
        assert [size.headers, size.auth, size.api, size.resume] == [{"linkedin-version": "202601", "x-restli-protocol-version": "2.0.0"}, "linkedin_page", True, None]
    followers = walk.send(read())
    assert query(followers.url) == {"q": ["organizationalEntity"], "organizationalEntity": ["urn:li:organization:7001"]}
    posts = walk.send(read())
    assert query(posts.url) == {"q": ["author"], "author": ["urn:li:organization:7001"], "count": ["100"], "sortBy": ["CREATED"], "start": ["0"]}
    assert [posts.headers["x-restli-method"], posts.resume] == ["FINDER", "0"]
    more = walk.send(read(*[{"createdAt": NEW}] * 100))
    assert [query(more.url)["start"], more.resume] == [["100"], "100"]
    with pytest.raises(StopIteration):
        walk.send(read(*[{"createdAt": OLD}] * 100))


@pytest.mark.parametrize("told", [read(), read({"createdAt": NEW}), Read(Page("", body=b"[]"), ())])
def test_walk_ends(told: Read) -> None:
    """A page that is not full is the last; a walk may begin where another stopped."""
    walk = linkedin_page.walk(WATCH.model_copy(update={"resume": "200"}))
    assert query(next(walk).url)["start"] == ["200"]
    with pytest.raises(StopIteration):
        walk.send(told)


def test_one_bad_facet() -> None:
    """A row that does not fit is a problem; the facet is read without it."""
    rows = [{"function": "urn:li:function:1", "followerCounts": {"organicFollowerCount": 3, "paidFollowerCount": 1}}, {"followerCounts": {}}]
    problem, profile = apis.parsed("linkedin_page", {"elements": [{"organizationalEntity": "x", "followerCountsByFunction": rows}]})
    assert isinstance(problem, Problem)
    assert [profile.filter, profile.histogram] == ["followers by function", {"urn:li:function:1": 4}]


@settings(deadline=None, max_examples=100)
@given(body=apis.broken("linkedin_page"))
def test_broken(body: bytes) -> None:
    """Broken bytes give outcomes or an error of our own."""
    apis.survives("linkedin_page", body)


def test_texts_are_read_as_they_are_seen() -> None:
    """Hashtags, names and escaped signs of the interface's own notation; a person's number is not kept."""
    little = r"{hashtag|\#|jobs} @[An Peeters](urn:li:person:a_1-B) of @[Acme \(BE\)](urn:li:organization:7) \#now \[1\] a\_b \\ {x}"
    (post,) = apis.parsed("linkedin_page", {"elements": [{"id": "urn:li:share:1", "commentary": little}]})
    assert r"#jobs An Peeters of Acme (BE) #now [1] a_b \ {x}" == post.text
