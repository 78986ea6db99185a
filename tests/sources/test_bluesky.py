"""Bluesky: posts in every shape of answer, instants nobody can trust, refusals, and the walk from cursor to cursor."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.real import REAL, needs_real
from tests.sources import golden

from repwatch import sources
from repwatch.errors import LayoutChanged, RepwatchError
from repwatch.inlets.saved import read_page
from repwatch.models import Mention, NoResults, Page, Problem, Read, Refused, Watch
from repwatch.sources import bluesky

CASES = golden.cases("bluesky")
WATCH = Watch(source="bluesky", employer="Kastelmont", target="Kastelmont", since=date(2026, 1, 1), until=date(2026, 1, 5))
URI = "at://did:plc:abc/app.bsky.feed.post/3k"
SEEN = "2026-01-05T06:00:00Z"


def post(record: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    author = {"did": "did:plc:abc", "handle": "anke.example"}
    return {"uri": URI, "author": author, "record": {"$type": "app.bsky.feed.post", "text": "words", "createdAt": "2026-01-04T09:00:00Z", **(record or {})}, **more}


def read(told: object, code: int = 200, seen: str = SEEN) -> list[Any]:
    return list(bluesky.parse(Page("", code, body=told if isinstance(told, bytes) else json.dumps(told).encode(), fetched_at=seen)))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_golden(path: Path) -> None:
    """Each case is read exactly as its golden file says."""
    assert golden.golden(path).read_text("utf-8") == golden.outcomes("bluesky", path)


def test_recognised() -> None:
    """Posts are known by their record; a feed of the site for readers is none of this source's."""
    assert sources.recognise(Page("", body=(golden.HERE / "bluesky/typical.json").read_bytes())) == "bluesky"
    assert [sources.recognise(Page(url)) for url in ("https://api.bsky.app/x", "https://bsky.app/profile/a/rss")] == ["bluesky", None]


@pytest.mark.parametrize(("created", "indexed", "seen", "published"), [
    ("2026-01-04T09:00:00Z", "2026-01-04T09:00:01Z", SEEN, "2026-01-04T09:00:00Z"), ("2031-01-01T00:00:00Z", "2026-01-04T09:00:01Z", SEEN, "2026-01-04T09:00:01Z"),
    ("2026-01-04T09:30:00+01:00", "2026-01-04T09:00:00Z", SEEN, "2026-01-04T09:30:00+01:00"), ("2031-01-01T00:00:00Z", None, SEEN, SEEN), ("2031-01-01T00:00:00Z", None, "", "2031-01-01T00:00:00Z"),
    ("soon", "2026-01-04T09:00:00Z", "None", "2026-01-04T09:00:00Z"), ("2026-01-04T09:00:00", None, SEEN, "2026-01-04T09:00:00"), (None, None, SEEN, None),
])  # fmt: skip
def test_published(created: str | None, indexed: str | None, seen: str, published: str | None) -> None:
    """The earliest of what the author claims, the index saw, and the page's own instant; without either claim, nothing."""
    (one,) = read({"posts": [post({"createdAt": created}, indexedAt=indexed)]}, seen=seen)
    assert published == one.published


@pytest.mark.parametrize("told", [
    {"posts": [post()], "hitsTotal": 1, "detectedQueryLanguages": []}, {"feed": [{"post": post(), "reply": {"parent": post(uri="at://did:plc:x/app.bsky.feed.post/1")}}, {"post": post(), "reason": {}}]},
    {"thread": {"post": post(), "replies": None}}, {"thread": {"post": post(), "replies": 1.5}}, {"records": [{"uri": URI, "value": post()["record"]}]}, {"uri": URI, "cid": "b", "value": post()["record"]}, post(),
])  # fmt: skip
def test_shapes(told: object) -> None:
    """A search old and new, a feed, a thread, records and one post all give the post, once."""
    (one,) = read(told)
    assert isinstance(one, Mention)
    assert [one.native_id, one.url, one.text] == [URI, "https://bsky.app/profile/did:plc:abc/post/3k", "words"]


def test_hidden_from_visitors() -> None:
    """An author who hides from visitors without a login is left out; other labels change nothing."""
    labelled = [{"did": "did:plc:abc", "labels": [{"val": val}]} for val in ("!no-unauthenticated", "other")]
    assert [NoResults(source="bluesky")] == read({"posts": [post(author=labelled[0])]})
    (one,) = read({"posts": [post({"langs": [], "reply": {"parent": {}}}, author=labelled[1])]})
    assert [one.author, one.lang, one.kind, one.engagement] == ["did:plc:abc", None, "comment", {}]


@pytest.mark.parametrize("told", [
    {"posts": []}, {"feed": []}, {"follows": [{"did": "x"}], "subject": {}}, {"did": "did:plc:x", "handle": "a.example"}, {"uri": "at://x/app.bsky.feed.like/1", "value": {"$type": "app.bsky.feed.like"}},
    {"thread": {"$type": "app.bsky.feed.defs#notFoundPost", "notFound": True}}, {"posts": [post({"text": " "})]},
])  # fmt: skip
def test_nothing(told: object) -> None:
    """No posts, people, likes, and posts without words hold no mention."""
    assert [NoResults(source="bluesky")] == read(told)


def test_session() -> None:
    """The answer to a login holds keys: it is named, and never taken for an empty answer."""
    (problem,) = read({"accessJwt": "invented", "did": "did:plc:x", "handle": "a.example"})
    assert (Problem, "a session") == (type(problem), problem.reason)


@pytest.mark.parametrize(("code", "told", "reason"), [
    (401, {"error": "AuthMissing", "message": "m"}, "credentials"), (403, {"error": "AuthMissing", "message": "m"}, "credentials"), (400, {"error": "InvalidToken"}, "credentials"),
    (400, {"error": "NotFound", "message": ["m"]}, "not_found"), (400, {"error": "InvalidRequest"}, "api_error"), (200, {"error": "InvalidRequest"}, "api_error"), (429, {"error": "RateLimitExceeded"}, "rate_limit"),
    (501, {"error": "MethodNotImplemented"}, "server_error"), (403, b"<html><h1>403 Forbidden</h1>Request forbidden by administrative rules.", "blocked"), (200, b"<html>", "html_not_json"), (502, b"", "server_error"),
])  # fmt: skip
def test_refused(code: int, told: object, reason: str) -> None:
    """A refusal is told by the protocol's name for it, else by its status."""
    (refused,) = read(told, code)
    assert (Refused, reason) == (type(refused), refused.reason)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"hits": []}', b'{"posts": null}', b"\xff", b"[" * 100_000, b'{"thread": 1}'])
def test_changed(body: bytes) -> None:
    """What has no posts where they were is a changed layout, never a zero."""
    with pytest.raises(LayoutChanged):
        read(body)


@pytest.mark.parametrize("bad", [post(uri=None), post(uri="https://x"), post({"createdAt": "soon"}), post({"createdAt": "2026-01-04T09"}), post({"createdAt": "2026-13-04T09:00:00Z"}), post({"langs": "nl"}), post(likeCount="many"), None, {"$type": "app.bsky.feed.post"}])
def test_one_bad_post(bad: object) -> None:
    """A post that does not fit is a problem; the others are read."""
    told = [type(each).__name__ for each in read({"posts": [bad, post()]})]
    assert told == ["Problem", "Mention"]


def query(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)


def test_walk() -> None:
    """From cursor to cursor within the period, with the password; a cursor that comes twice, or none, ends the walk."""
    walk = bluesky.walk(WATCH.model_copy(update={"target": "Kastel Mont"}))
    first = next(walk)
    assert [first.auth, first.api, first.expect, first.resume] == ["bluesky", True, "json", None]
    assert first.url.startswith("https://bsky.social/xrpc/app.bsky.feed.searchPosts?")
    assert query(first.url) == {"q": ['"Kastel Mont"'], "sort": ["latest"], "limit": ["100"], "since": ["2026-01-01T00:00:00Z"], "until": ["2026-01-06T00:00:00Z"]}
    second = walk.send(Read(Page("", body=json.dumps({"posts": [post()], "cursor": "100"}).encode()), ()))
    assert [query(second.url)["cursor"], second.resume] == [["100"], "100"]
    with pytest.raises(StopIteration):
        walk.send(Read(Page("", body=json.dumps({"posts": [post()], "cursor": "100"}).encode()), ()))


def test_walk_asks_the_account_s_own_server() -> None:
    """Where the session named a server, the search is asked for there."""
    assert next(bluesky.walk(WATCH.model_copy(update={"account": {"host": "https://pds.example"}}))).url.startswith("https://pds.example/xrpc/app.bsky.feed.searchPosts?")


@pytest.mark.parametrize("told", [{"posts": []}, {"posts": [], "cursor": "7"}, {"posts": [post()], "cursor": 7}, []])
def test_walk_ends(told: object) -> None:
    """An empty page, one without a cursor, and another shape end the walk; it may begin at a cursor; quoted words stay as they are."""
    walk = bluesky.walk(WATCH.model_copy(update={"resume": "300", "target": 'x "y z"'}))
    request = next(walk)
    assert [query(request.url)["cursor"], query(request.url)["q"]] == [["300"], ['x "y z"']]
    with pytest.raises(StopIteration):
        walk.send(Read(Page("", body=json.dumps(told).encode()), ()))


@given(at=st.integers(0, 5000), junk=st.binary(max_size=6), cut=st.integers(0, 20), case=st.sampled_from(CASES))
def test_broken_bytes(at: int, junk: bytes, cut: int, case: Path) -> None:
    """Bytes broken anywhere give outcomes, or an error that a user can read."""
    body = case.read_bytes()
    with suppress(RepwatchError):
        list(bluesky.parse(Page("", body=body[:at] + junk + body[at + cut :], fetched_at=SEEN)))


@needs_real
def test_real_answers() -> None:
    """Every recorded answer, by type and count."""
    paths = [path for path in sorted((REAL / "social/bluesky").glob("*.json")) if not path.name.endswith(".http.json")]
    assert {path.stem: dict(Counter(getattr(each, "reason", each.type) for each in bluesky.parse(read_page(path)))) for path in paths} == REAL_COUNTS


@needs_real
def test_real_posts() -> None:
    """Facts read off the recorded answers by hand: the post of 2031 counts from its index, an early one keeps its date."""
    found = list(bluesky.parse(read_page(REAL / "social/bluesky/searchPosts_pds_authenticated.json")))
    assert [(each.author, each.published, each.lang, each.kind, each.engagement["likes"]) for each in found if isinstance(each, Mention)] == [
        ("dieter.test", "2026-11-23T07:12:01.002Z", "en", "post", 0), ("chloe.test", "2026-11-22T22:59:59Z", "en", "post", 0),
        ("alice.test", "2026-11-20T08:15:00.000Z", "fr", "post", 2), ("bram.test", "2019-01-01T00:00:00.000Z", None, "post", 0),
    ]  # fmt: skip
    first, answer = bluesky.parse(read_page(REAL / "social/bluesky/getPostThread.json"))
    assert isinstance(first, Mention)
    assert isinstance(answer, Mention)
    assert [first.published, first.kind, answer.kind, answer.lang] == ["2026-11-21T09:00:00.000+01:00", "post", "comment", "nl"]


REAL_COUNTS: dict[str, dict[str, int]] = {
    "REPORTED_error_403_auth_missing": {"credentials": 1},
    "createSession_200": {"a session": 1},
    "createSession_401_bad_password": {"credentials": 1},
    "error_501_unknown_method": {"server_error": 1},
    "getAuthorFeed": {"mention": 2},
    "getPostThread": {"mention": 2},
    "getPostThread_400_notfound": {"not_found": 1},
    "getPosts_after_delete_empty": {"no_results": 1},
    "getPosts_single": {"mention": 1},
    "marshalx_extended_post_record": {"mention": 1},
    "marshalx_feed_record": {"no_results": 1},
    "marshalx_get_follows": {"no_results": 1},
    "marshalx_like_record": {"no_results": 1},
    "marshalx_post_record": {"mention": 1},
    # Its one post shows a picture and says nothing.
    "marshalx_thread_view_post_with_embed_media": {"no_results": 1},
    "searchPosts_400_limit_101": {"api_error": 1},
    "searchPosts_400_missing_q": {"api_error": 1},
    "searchPosts_empty": {"no_results": 1},
    "searchPosts_page1_limit2": {"mention": 2},
    "searchPosts_pds_400_invalid_token": {"credentials": 1},
    "searchPosts_pds_401_auth_missing": {"credentials": 1},
    "searchPosts_pds_authenticated": {"mention": 4},
}
