"""Discourse: every list it answers with, hidden posts, its errors, and the walk through a search."""

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
from repwatch.sources import discourse

WATCH = Watch(source="discourse", employer="Acme", target="https://f.example/search.json?q=Acme", since=date(2026, 11, 1), until=date(2026, 11, 2))
SEARCH = "https://f.example/search.json?q=x"


def post(number: int = 1, **more: object) -> dict[str, object]:
    return {"topic_id": 9, "post_number": number, "created_at": "2026-11-01T10:00:00Z", **more}


@pytest.mark.parametrize("case", apis.cases("discourse"), ids=lambda case: case.name)
def test_cases(case: Path) -> None:
    """Each invented payload gives what stands beside it."""
    assert golden.outcomes("discourse", case) == golden.golden(case).read_text(encoding="utf-8")


def test_search() -> None:
    """A post found is known by its place; its topic, told once, gives the title."""
    one, two = apis.parsed("discourse", {"posts": [post(1, blurb="a &lt; <i>b</i>", username="x", like_count=1), post(3)], "topics": [{"id": 9, "title": "T", "slug": "s"}]}, SEARCH)
    assert one == Mention(source="discourse", native_id="f.example/t/9/1", url="https://f.example/t/s/9/1", published="2026-11-01T10:00:00Z", title="T", text="a < b", author="x", engagement={"likes": 1})
    assert [two.kind, two.native_id] == ["comment", "f.example/t/9/3"]


def test_titles_are_plain() -> None:
    """A forum tells titles as they were written, only its texts are HTML: what looks like an entity in a title was typed."""
    title = "How &lt;b&gt; is written & &amp;lt; too"
    (post_,), (topic,) = apis.parsed("discourse", {"latest_posts": [post(topic_title=title, cooked="<p>a &amp;lt; b</p>")]}, SEARCH), apis.parsed("discourse", {"topic_list": {"topics": [{"id": 9, "title": title}]}}, SEARCH)
    assert [title, "a &lt; b", title] == [post_.title, post_.text, topic.title]


@pytest.mark.parametrize(("url", "native", "address"), [
    ("https://f.example/forum/search.json?q=x", "f.example/forum/t/9/1", "https://f.example/forum/t/-/9/1"), ("https://f.example/latest.json", "f.example/t/9/1", "https://f.example/t/-/9/1"),
    ("https://f.example/t/slug/9.json", "f.example/t/9/1", "https://f.example/t/-/9/1"), ("", None, None), ("file:///x/search.json", None, None),
])  # fmt: skip
def test_place(url: str, native: str | None, address: str | None) -> None:
    """A forum may stand in a folder; a file without an address tells no place on the web."""
    (one,) = apis.parsed("discourse", {"latest_posts": [post()]}, url)
    assert [one.native_id, one.url] == [native, address]


def test_topics() -> None:
    """Topics stand for their first post: in lists, in the oldest answers, and where a search gives no posts."""
    topic = {"id": 9, "title": "T", "slug": "s", "excerpt": "e", "views": 3}
    told: list[object] = [{"topic_list": {"topics": [topic]}}, {"topics": [topic], "posts": []}, {"grouped_search_result": {}, "topics": [topic]},
                          [{"type": "topic", "results": [{"id": 9, "title": "T", "url": "/t/s/9"}]}, {"type": "user", "results": [{"id": 1}]}]]  # fmt: skip
    read = [apis.parsed("discourse", each, SEARCH) for each in told]
    assert [(one.native_id, one.url, one.title) for (one,) in read] == [("f.example/t/9/1", "https://f.example/t/s/9/1", "T")] * 4
    assert read[0][0].engagement == {"views": 3}


@pytest.mark.parametrize("told", [[], {"posts": [], "topics": []}, {"grouped_search_result": {}}, {"topic_list": {"topics": []}}, {"latest_posts": [post(hidden=True), post(post_type=3)]}])
def test_nothing(told: object) -> None:
    """Nothing found, and nothing that still stands, are a true nothing."""
    assert [NoResults(source="discourse")] == apis.parsed("discourse", told)


@pytest.mark.parametrize("told", [{}, 3, [1], {"posts": []}, {"topic_list": []}, {"post_stream": {}}, b"", b"<html>"])
def test_changed(told: object) -> None:
    """What has no posts where they were is a changed layout, never a zero."""
    with pytest.raises(LayoutChanged):
        apis.parsed("discourse", told)


def test_one_bad_record() -> None:
    """A record of another shape is a problem, named by its field; the others are read."""
    told = apis.parsed("discourse", {"latest_posts": [post(topic_id=None), post(created_at=1), None, post()]})
    assert apis.fields(told[:3]) == ["post 1: topic_id", "post 2: created_at", "post 3: not an object"]
    assert isinstance(told[3], Mention)
    assert apis.fields(apis.parsed("discourse", {"topic_list": {"topics": [{"title": "x"}]}})) == ["topic 1: id"]


@pytest.mark.parametrize(("more", "status", "reason", "wait"), [
    ({"error_type": "rate_limit", "extras": {"wait_seconds": 9}}, 200, "rate_limit", 9.0), ({}, 429, "rate_limit", None), ({"error_type": "not_logged_in"}, 403, "login", None),
    ({"error_type": "invalid_parameters", "extras": {"wait_seconds": -1}}, 400, "api_error", None), ({"error_type": []}, 400, "api_error", None),
])  # fmt: skip
def test_refused(more: dict[str, object], status: int, reason: str, wait: float | None) -> None:
    """An error is a refusal by its type, with the wait it tells."""
    assert [Refused(source="discourse", reason=reason, detail="a b", retry_after_s=wait)] == apis.parsed("discourse", {"errors": ["a", "b"], **more}, status=status)


@pytest.mark.parametrize("told", [{"grouped_search_result": {}}, {"post_stream": {}}, {"topic_list": {}}, {"latest_posts": []}, [{"results": [{"url": "/t/s/9"}]}]])
def test_recognised(told: object) -> None:
    """Answers are known by their marks alone: a forum can be anywhere."""
    assert sources.recognise(Page("https://any.example/x", body=json.dumps(told).encode())) == "discourse"


def page(*, more: object) -> Read:
    return Read(Page("", body=json.dumps({"posts": [], "grouped_search_result": {"more_full_page_results": more}}).encode()), ())


def test_walk() -> None:
    """Page after page while the search has more, the newest first and within the period. robots.txt has its say."""
    walk = discourse.walk(WATCH)
    request = next(walk)
    assert parse_qs(urlsplit(request.url).query) == {"q": ["Acme order:latest after:2026-11-01 before:2026-11-03"], "page": ["1"]}
    assert (request.url.partition("?")[0], request.api, request.resume) == ("https://f.example/search.json", False, "1")
    assert walk.send(page(more=True)).resume == "2"
    with pytest.raises(StopIteration):
        walk.send(page(more=None))


def test_walk_ends_on_another_shape() -> None:
    """An answer without its group has no further page; words of one's own and a token are kept."""
    target = "https://f.example/forum/search?q=Acme+order:views+after:2020-01-01"
    walk = discourse.walk(WATCH.model_copy(update={"target": target, "resume": "3"}))
    request = next(walk)
    assert parse_qs(urlsplit(request.url).query) == {"q": ["Acme order:views after:2020-01-01 before:2026-11-03"], "page": ["3"]}
    assert urlsplit(request.url).path == "/forum/search.json"
    with pytest.raises(StopIteration):
        walk.send(Read(Page("", body=b"[]"), ()))


def test_walk_of_a_list() -> None:
    """Any other address is asked for once, as it is."""
    assert [each.url for each in discourse.walk(WATCH.model_copy(update={"target": "https://f.example/latest.json"}))] == ["https://f.example/latest.json"]


@settings(deadline=None, max_examples=200)
@given(body=apis.broken("discourse"))
def test_broken(body: bytes) -> None:
    """Broken bytes give outcomes or an error of our own."""
    apis.survives("discourse", body)


@needs_real
def test_real() -> None:
    """The recorded answers, counted and read by hand."""
    assert apis.real("discourse") == {"latest": ("read", {"Mention": 3}), "posts_latest": ("read", {"Mention": 4}), "search": ("read", {"Mention": 3}), "topic": ("read", {"Mention": 4})}
    first = {name: apis.outcomes("discourse", f"{name}.json")[0] for name in ("latest", "posts_latest", "search", "topic")}
    assert [one.published for one in first.values() if isinstance(one, Mention)] == ["2013-02-04T20:26:25Z", "2020-01-25T02:10:07Z", None, "2013-02-04T20:26:26Z"]
    latest, topic = first["posts_latest"], first["topic"]
    assert isinstance(latest, Mention)
    assert isinstance(topic, Mention)
    assert [latest.author, latest.kind, latest.text, topic.author, topic.kind] == ["johndoe", "comment", "holla bullhonky.", "samsaffron", "post"]
