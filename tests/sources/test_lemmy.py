"""Lemmy: both shapes of its answers, what was deleted, its errors, and the walk from page to page."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from tests.real import needs_real
from tests.sources import apis, golden

from repwatch import sources
from repwatch.errors import LayoutChanged
from repwatch.models import Mention, NoResults, Page, Read, Refused, Watch
from repwatch.sources import lemmy

WATCH = Watch(source="lemmy", employer="Acme", target="Acme", since=date(2026, 11, 1), until=date(2026, 11, 2))
COMMENT = "https://l.example/comment/1"


def entry(**more: object) -> dict[str, object]:
    return {"ap_id": "https://l.example/post/1", "name": "t", "published": "2026-11-01T10:00:00Z", **more}


def read(posts: list[object], comments: list[object] | None = None) -> list[object]:
    return apis.parsed("lemmy", {"posts": posts, "comments": comments or []})


@pytest.mark.parametrize("case", apis.cases("lemmy"), ids=lambda case: case.name)
def test_cases(case: Path) -> None:
    """Each invented payload gives what stands beside it."""
    assert golden.outcomes("lemmy", case) == golden.golden(case).read_text(encoding="utf-8")


def test_post_and_comment() -> None:
    """A post has a title and a text; a comment the title of its post."""
    post, comment = read([{"post": entry(body="b "), "counts": {"score": 0, "comments": 2}}],
                         [{"comment": entry(ap_id=COMMENT, name=None, content="c"), "post": {"name": "of it"}, "creator": {"name": "x"}}])  # fmt: skip
    assert post == Mention(source="lemmy", native_id="https://l.example/post/1", url="https://l.example/post/1", published="2026-11-01T10:00:00Z", title="t", text="b", engagement={"points": 0, "comments": 2})
    assert comment == Mention(source="lemmy", native_id=COMMENT, url=COMMENT, published="2026-11-01T10:00:00Z", kind="comment", title="of it", text="c", author="x")


@pytest.mark.parametrize(("told", "published"), [
    ("2022-05-01T10:00:00.5", "2022-05-01T10:00:00Z"), ("2022-05-01T10:00:00", "2022-05-01T10:00:00Z"), ("2024-05-01T12:00:00.123456+02:00", "2024-05-01T10:00:00Z"),
])  # fmt: skip
def test_instants(told: str, published: str) -> None:
    """Before 0.19 no zone was told: it was UTC."""
    (one,) = read([{"post": entry(published=told)}])
    assert isinstance(one, Mention)
    assert one.published == published


def test_newer_shape() -> None:
    """Since 1.0 the counts stand in the post, the instant is `published_at`, and a person has an `ap_id`."""
    post = {"ap_id": "https://l.example/post/1", "name": "t", "published_at": "2026-11-01T10:00:00Z", "score": 3, "comments": 4}
    (one,) = apis.parsed("lemmy", {"posts": [{"post": post, "creator": {"name": "x", "ap_id": "https://l.example/u/x"}}], "persons": [], "next_page": "p2"})
    assert [one.engagement, one.author] == [{"points": 3, "comments": 4}, "https://l.example/u/x"]


@pytest.mark.parametrize("posts", [[], [{"post": entry(deleted=True)}, {"post": entry(removed=True)}]])
def test_nothing(posts: list[object]) -> None:
    """No posts, or none that still stand, are a true nothing."""
    assert [NoResults(source="lemmy")] == read(posts)


@pytest.mark.parametrize("told", [[], {}, {"posts": None}, {"users": []}, b"", b"<html>"])
def test_changed(told: object) -> None:
    """What has no posts where they were is a changed layout, never a zero."""
    with pytest.raises(LayoutChanged):
        apis.parsed("lemmy", told)


def test_one_bad_record() -> None:
    """A record of another shape is a problem, named by its field; the others are read."""
    told = read([{"post": entry(published=None)}, {"post": entry(ap_id="")}, 1, {"post": entry()}], [{"comment": None}])
    assert apis.fields([*told[:3], told[4]]) == ["posts 1: post.published", "posts 2: post.ap_id", "posts 3: not an object", "comments 1: comment"]
    assert isinstance(told[3], Mention)


@pytest.mark.parametrize(("error", "reason"), [("rate_limit_error", "rate_limit"), ("instance_is_private", "credentials"), ("couldnt_find_object", "api_error")])
def test_refused(error: str, reason: str) -> None:
    """An error is a refusal by its name."""
    assert [Refused(source="lemmy", reason=reason, detail=f"{error} m")] == apis.parsed("lemmy", {"error": error, "message": "m"}, status=400)


def test_recognised() -> None:
    """Answers are known by their marks alone: an instance can be anywhere."""
    assert [sources.recognise(Page("https://any.example/api", body=json.dumps(told).encode())) for told in ({"posts": [{"post": entry()}]}, {"type_": "All", "posts": []})] == ["lemmy", "lemmy"]


def page(posts: int, comments: int = 0, when: str = "2026-11-01T10:00:00Z", bad: int = 0) -> Read:
    told = {"posts": [{"post": entry(published=when)}] * posts + [3] * bad, "comments": [{"comment": entry(published=when)}] * comments}
    return Read(Page("", body=json.dumps(told).encode()), ())


def test_walk() -> None:
    """Page after page while posts or comments come back full, the last of them within the period."""
    walk = lemmy.walk(WATCH)
    request = next(walk)
    asked = parse_qs(urlsplit(request.url).query)
    assert {"q": ["Acme"], "type_": ["All"], "sort": ["New"], "page": ["1"], "limit": ["50"]}.items() <= asked.items()
    assert (request.url.partition("?")[0], request.api, request.resume) == ("https://lemmy.world/api/v3/search", True, "1")
    assert [walk.send(page(50)).resume, walk.send(page(3, 50)).resume, walk.send(page(49, bad=1)).resume] == ["2", "3", "4"]
    with pytest.raises(StopIteration):
        walk.send(page(50, 49, "2026-10-31T23:59:59Z"))


def test_walk_ends_when_short() -> None:
    """A short page ends the walk; a target names its instance, a token its page."""
    walk = lemmy.walk(WATCH.model_copy(update={"target": "Acme Corp@feddit.nl", "resume": "7"}))
    request = next(walk)
    assert [urlsplit(request.url).hostname, parse_qs(urlsplit(request.url).query)["q"], request.resume] == ["feddit.nl", ["Acme Corp"], "7"]
    with pytest.raises(StopIteration):
        walk.send(page(49, 49))


@settings(deadline=None, max_examples=200)
@given(body=apis.broken("lemmy"))
def test_broken(body: bytes) -> None:
    """Broken bytes give outcomes or an error of our own."""
    apis.survives("lemmy", body)


@needs_real
def test_real() -> None:
    """The one answer, written by hand by others, counted and read by hand."""
    assert apis.real("lemmy") == {"HANDWRITTEN_search_v3_posts_zeus-kim": ("read", {"Mention": 2})}
    one, two = apis.outcomes("lemmy", "HANDWRITTEN_search_v3_posts_zeus-kim.json")
    assert isinstance(one, Mention)
    assert isinstance(two, Mention)
    assert [one.native_id, one.published, one.engagement, one.author] == ["https://lemmy.world/post/47517454", "2026-05-29T23:20:46Z", {"points": 512, "comments": 34}, None]
    assert [two.text, two.published, two.engagement] == ["", "2026-01-01T00:00:00Z", {"points": 1, "comments": 0}]
