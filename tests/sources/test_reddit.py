"""Reddit: listings, threads, single things, what was taken away, refusals, and the walk from post to post."""

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
from repwatch.sources import reddit

CASES = golden.cases("reddit")
WATCH = Watch(source="reddit", employer="Kastelmont", target="Kastelmont", since=date(2026, 1, 1), until=date(2026, 1, 5))
RAW = "https://oauth.reddit.com/search?raw_json=1"


def post(**more: Any) -> dict[str, Any]:
    return {"kind": "t3", "data": {"id": "a", "name": "t3_a", "title": "Title", "selftext": "words", "permalink": "/r/x/comments/a/t/", "created_utc": 1767520800, **more}}


def comment(name: str = "t1_c", body: object = "said", replies: object = "", **more: Any) -> dict[str, Any]:
    return {"kind": "t1", "data": {"name": name, "body": body, "link_id": "t3_a", "replies": replies, **more}}


def listing(*things: object, after: str | None = None) -> dict[str, Any]:
    return {"kind": "Listing", "data": {"children": list(things), "after": after}}


def read(told: object, code: int = 200, url: str = "") -> list[Any]:
    return list(reddit.parse(Page(url, code, body=told if isinstance(told, bytes) else json.dumps(told).encode())))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_golden(path: Path) -> None:
    """Each case is read exactly as its golden file says."""
    assert golden.golden(path).read_text("utf-8") == golden.outcomes("reddit", path)


def test_recognised() -> None:
    """A listing is known by its shape, spaced or not; feeds of the site are none of this source's."""
    assert [sources.recognise(Page("", body=body)) for body in (json.dumps(listing()).encode(), b'{"kind":"Listing"}')] == ["reddit", "reddit"]
    assert sources.recognise(Page("https://www.reddit.com/r/x/.rss")) is None


def test_needs_a_key() -> None:
    """Nothing is asked for without the keys of an app, and these go to the interface alone."""
    assert reddit.INFO.credentials is not None
    assert [reddit.INFO.credentials.optional, reddit.INFO.credentials.scheme, reddit.INFO.credentials.hosts] == [False, "client", ("oauth.reddit.com",)]


@pytest.mark.parametrize("told", [listing(post()), [listing(post()), listing()], post(), {"json": {"errors": [], "data": {"things": [post()]}}}, listing(post(), post())])
def test_shapes(told: object) -> None:
    """A listing, a page of a post, a single thing, things changed, and a post that comes twice all give the post, once."""
    (one,) = read(told)
    assert isinstance(one, Mention)
    assert [one.native_id, one.url, one.published, one.author, one.engagement] == ["t3_a", "https://www.reddit.com/r/x/comments/a/t/", "2026-01-04T10:00:00Z", None, {}]


def test_thread() -> None:
    """Comments are read in reading order, also below one that was deleted; what is only counted is passed over."""
    below = listing(comment("t1_2", "[deleted]", listing(comment("t1_3"))), {"kind": "more", "data": {"count": 5}})
    told = read([listing(post()), listing(comment("t1_1", replies=below), comment("t1_4", replies={"data": None}), comment("t1_5", replies={"data": {"children": None}}))])
    assert [(each.native_id, each.kind) for each in told] == [("t3_a", "post"), ("t1_1", "comment"), ("t1_3", "comment"), ("t1_4", "comment"), ("t1_5", "comment")]


@pytest.mark.parametrize(("thing", "read_as"), [
    (post(selftext="[removed]", author="[deleted]"), ("Title", "", None)), (post(selftext="[removed]", title="[ Removed by Reddit ]"), None), (post(selftext=""), ("Title", "", None)),
    (comment(body="[removed]", link_title="T"), None), (comment(body=None), None), (comment(author="[deleted]"), (None, "said", None)), (comment(author="invented", link_title="T"), ("T", "said", "invented")),
    (comment(body="they said [deleted]"), (None, "they said [deleted]", None)),
])  # fmt: skip
def test_taken_away(thing: object, read_as: tuple[object, ...] | None) -> None:
    """What was deleted or removed has no text and no author; without a title either, it is as if it were not there."""
    (one,) = read(listing(thing))
    assert (read_as is None and isinstance(one, NoResults)) or (one.title, one.text, one.author) == read_as


@pytest.mark.parametrize(("url", "inside", "text"), [
    (RAW, None, "R&amp;D"), ("", None, "R&D"), ("", '&lt;div class="md"&gt;', "R&D"), ("", '<div class="md">', "R&amp;D"),
])  # fmt: skip
def test_entities(url: str, inside: str | None, text: str) -> None:
    """Entities are read once, unless the answer was asked for, or shows itself, without any."""
    (one,) = read(listing(post(selftext="R&amp;D", selftext_html=inside)), url=url)
    assert text == one.text


def test_hidden_score() -> None:
    """A score that is still hidden is none."""
    (one, two) = read(listing(comment("t1_1", score=1, score_hidden=True), comment("t1_2", score=-4, score_hidden=False)))
    assert [one.engagement, two.engagement] == [{}, {"score": -4}]


@pytest.mark.parametrize("told", [listing(), [listing(), listing()], listing({"kind": "t5", "data": {}}), {"kind": "t2", "data": {"name": "x"}}])
def test_nothing(told: object) -> None:
    """No things, subreddits and people hold no mention."""
    assert [NoResults(source="reddit")] == read(told)


def test_session() -> None:
    """The answer to a login holds a key: it is named, and never taken for an empty answer."""
    (problem,) = read({"access_token": "invented", "token_type": "bearer"})
    assert (Problem, "a session") == (type(problem), problem.reason)


@pytest.mark.parametrize(("code", "told", "reason"), [
    (401, {"message": "Unauthorized", "error": 401}, "credentials"), (200, {"message": "Unauthorized", "error": 401}, "credentials"), (200, {"reason": "private", "error": 403}, "blocked"), (404, b"", "not_found"),
    (200, {"error": "invalid_grant"}, "api_error"), (200, {"error": 7}, "api_error"), (200, {"json": {"errors": [["BAD", "no", None]]}}, "api_error"), (200, {"json": {"errors": "odd"}}, "api_error"),
    (403, b"<!doctype html><title>Blocked</title>whoa there, pardner!", "blocked"), (429, b"<!doctype html>", "rate_limit"), (200, b"<!doctype html><title>Prove your humanity</title>", "html_not_json"), (500, b"", "server_error"),
])  # fmt: skip
def test_refused(code: int, told: object, reason: str) -> None:
    """A refusal is told by its status, by the number in the answer, or by being a web page."""
    (refused,) = read(told, code)
    assert (Refused, reason) == (type(refused), refused.reason)


@pytest.mark.parametrize("body", [b"", b"[]", b"1", b"[[]]", b'{"data": {}}', b'{"kind": "Listing", "data": {"children": null}}', b'{"kind": "Listing"}', b'{"json": {"data": {"things": 1}}}', b"\xff", b"[" * 100_000])
def test_changed(body: bytes) -> None:
    """What has no things where they were is a changed layout, never a zero."""
    with pytest.raises(LayoutChanged):
        read(body)


@pytest.mark.parametrize("bad", [post(created_utc=1e300), post(created_utc="soon"), post(title=5), post(name=None, id=None), {"kind": "t3"}, {"kind": "t9", "data": {}}, {"kind": ["t3"]}, None])
def test_one_bad_thing(bad: object) -> None:
    """A thing that does not fit is a problem; the others are read."""
    told = [type(each).__name__ for each in read(listing(bad, post()))]
    assert told == ["Problem", "Mention"]


def query(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)


def answer(told: object) -> Read:
    return Read(Page("", body=json.dumps(told).encode()), ())


def test_walk() -> None:
    """From post to post until older than the first day, with the key."""
    walk = reddit.walk(WATCH)
    first = next(walk)
    assert [first.auth, first.api, first.expect, first.resume] == ["reddit", True, "json", None]
    assert first.url.startswith("https://oauth.reddit.com/search?")
    assert query(first.url) == {"q": ['"Kastelmont"'], "sort": ["new"], "t": ["all"], "type": ["link"], "limit": ["100"], "raw_json": ["1"]}
    second = walk.send(answer(listing(post(), after="t3_a")))
    assert [query(second.url)["after"], second.resume] == [["t3_a"], "t3_a"]
    with pytest.raises(StopIteration):
        walk.send(answer(listing(post(created_utc=1767225599.0), after="t3_b")))


@pytest.mark.parametrize("told", [listing(), listing(post()), listing(after="t3_b"), listing(post(), after="t3_z"), {"data": 1}, []])
def test_walk_ends(told: object) -> None:
    """A page that leads nowhere, or where the walk has been, ends it; it may begin after a post; quoted words stay as they are."""
    walk = reddit.walk(WATCH.model_copy(update={"resume": "t3_y", "target": 'x "y z"'}))
    request = next(walk)
    assert [query(request.url)["after"], query(request.url)["q"]] == [["t3_y"], ['x "y z"']]
    walk.send(answer(listing(post(), after="t3_z")))
    with pytest.raises(StopIteration):
        walk.send(answer(told))


@given(at=st.integers(0, 5000), junk=st.binary(max_size=6), cut=st.integers(0, 20), case=st.sampled_from(CASES))
def test_broken_bytes(at: int, junk: bytes, cut: int, case: Path) -> None:
    """Bytes broken anywhere give outcomes, or an error that a user can read."""
    body = case.read_bytes()
    with suppress(RepwatchError):
        list(reddit.parse(Page("", body=body[:at] + junk + body[at + cut :])))


@needs_real
def test_real_answers() -> None:
    """Every recorded answer, by type and count."""
    found = {}
    for path in sorted((REAL / "social/reddit").iterdir()):
        if not path.name.endswith((".http.json", ".xml")):
            told = json.loads(path.with_suffix(".http.json").read_text())
            found[path.name] = dict(Counter(getattr(each, "reason", getattr(each, "kind", each.type)) for each in reddit.parse(read_page(path, told["request"]["url"]))))
    assert found == REAL_COUNTS


@needs_real
def test_real_things() -> None:
    """Facts read off the recorded answers by hand."""
    folder = REAL / "social/reddit"
    (post_kept,) = reddit.parse(read_page(folder / "comment_deleted_thread.json"))
    assert isinstance(post_kept, Mention)
    assert [post_kept.native_id, post_kept.published, post_kept.text, post_kept.engagement] == ["t3_52o2fl", "2016-09-14T01:12:03Z", "test", {"score": 1, "comments": 19}]
    (removed,) = reddit.parse(read_page(folder / "comment_removed_info.json"))
    assert isinstance(removed, Mention)
    assert [removed.url, removed.published, removed.kind] == ["https://www.reddit.com/comments/6wmniq/_/dma3mi5", "2017-08-29T13:40:47Z", "comment"]
    first = next(iter(reddit.parse(read_page(folder / "user_overview_mixed_t1_t3_2026-06.json"))))
    assert isinstance(first, Mention)
    assert [first.native_id, first.published, first.kind] == ["t1_optfyql", "2026-06-05T00:51:55Z", "comment"]


REAL_COUNTS: dict[str, dict[str, int]] = {
    "SYNTHETIC_error_429_rss_retry_after.html": {"rate_limit": 1},
    "blocked_403_old_reddit_pardner.html": {"blocked": 1},
    "comment_deleted_thread.json": {"post": 1},
    "comment_removed_info.json": {"comment": 1},
    "comments_thread_2023.json": {"post": 1, "comment": 2},
    "communal_sampleCommentsOutput.json": {"post": 1, "comment": 47},
    "communal_sampleNewsOutput.json": {"post": 4},
    "error_400_html_body.html": {"api_error": 1},
    "error_401_invalid_token.json": {"credentials": 1},
    "error_403_json_with_ratelimit_2025.json": {"blocked": 1},
    "error_404.json": {"not_found": 1},
    "error_429_html_legacy.html": {"rate_limit": 1},
    "error_500.json": {"server_error": 1},
    "listing_empty_200.json": {"no_results": 1},
    "listing_new_before_cursor_2021.json": {"post": 7},
    "listing_new_page1_2021.json": {"post": 100},
    "search_r_all_2016.json": {"post": 6},
    "share_url_invalid_next.txt": {"redirects": 1},
    "submission_edited_2023.json": {"post": 1},
    "subreddits_search.json": {"no_results": 1},
    "token_200_2023_expires_86400.json": {"a session": 1},
    "token_200_client_credentials.json": {"a session": 1},
    "user_overview_mixed_t1_t3_2026-06.json": {"comment": 90, "post": 10},
}
