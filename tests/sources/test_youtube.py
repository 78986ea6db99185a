"""YouTube: videos, threads and comments, its errors, and the walk with a key."""

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
from repwatch.sources import youtube

WATCH = Watch(source="youtube", employer="Acme", target="Acme", since=date(2026, 11, 1), until=date(2026, 11, 2))
AT = "2026-11-01T10:00:00Z"


def listed(*items: object) -> dict[str, object]:
    return {"kind": "youtube#searchListResponse", "items": list(items)}


def video(**more: object) -> dict[str, object]:
    return {"kind": "youtube#searchResult", "id": {"kind": "youtube#video", "videoId": "v"}, "snippet": {"publishedAt": AT, **more}}


def comment(name: str = "c", **more: object) -> dict[str, object]:
    return {"kind": "youtube#comment", "id": name, "snippet": {"publishedAt": AT, **more}}


@pytest.mark.parametrize("case", apis.cases("youtube"), ids=lambda case: case.name)
def test_cases(case: Path) -> None:
    """Each invented payload gives what stands beside it."""
    assert golden.outcomes("youtube", case) == golden.golden(case).read_text(encoding="utf-8")


def test_video() -> None:
    """A search escapes its texts; a list of videos does not, and has the counts."""
    found, told = apis.parsed("youtube", listed(video(title="a &amp; b&#39;s", channelTitle="x &amp; y"), {"kind": "youtube#video", "id": "w", "snippet": {"publishedAt": AT, "title": "a &amp; b"}, "statistics": {"viewCount": "7"}}))
    assert found == Mention(source="youtube", native_id="v", url="https://www.youtube.com/watch?v=v", published=AT, title="a & b's", author="x & y")
    assert [told.title, told.engagement, told.native_id] == ["a &amp; b", {"views": 7}, "w"]


def test_thread() -> None:
    """A thread gives its first comment and its replies; the text as written is better than the one to display."""
    thread = {"kind": "youtube#commentThread", "snippet": {"videoId": "v", "totalReplyCount": 1, "topLevelComment": comment(textOriginal="a <3", textDisplay="a &lt;3", likeCount=2)}, "replies": {"comments": [comment("r", textDisplay="x<br>y &amp; z")]}}
    first, reply = apis.parsed("youtube", listed(thread))
    assert first == Mention(source="youtube", native_id="c", url="https://www.youtube.com/watch?v=v&lc=c", published=AT, kind="comment", text="a <3", engagement={"likes": 2, "comments": 1})
    assert [reply.text, reply.url] == ["x\ny & z", "https://www.youtube.com/watch?v=v&lc=r"]


@pytest.mark.parametrize("told", [listed(), listed({"kind": "youtube#channel"})])
def test_nothing(told: object) -> None:
    """No items, and only channels, are a true nothing."""
    assert [NoResults(source="youtube")] == apis.parsed("youtube", told)


@pytest.mark.parametrize("told", [[], {}, {"items": []}, {"kind": "youtube#x"}, {"kind": "drive#x", "items": []}, b"", b"<html>"])
def test_changed(told: object) -> None:
    """What has no items where they were is a changed layout, never a zero."""
    with pytest.raises(LayoutChanged):
        apis.parsed("youtube", told)


def test_one_bad_record() -> None:
    """A record of another shape is a problem, named by its field; the others are read."""
    told = apis.parsed("youtube", listed(video(publishedAt=None), {"kind": "youtube#commentThread"}, comment(likeCount="x"), 5, {**video(), "id": {}}, video()))
    assert apis.fields(told[:-1]) == ["item 1: snippet.publishedAt", "item 2: snippet", "item 3: snippet.likeCount", "item 4: kind", "item 5: id"]
    assert isinstance(told[-1], Mention)


@pytest.mark.parametrize(("error", "reason", "detail"), [
    ({"message": "m", "errors": [{"reason": "quotaExceeded"}]}, "quota", "m (quotaExceeded)"), ({"message": 'your <a href="/q">quota</a>.', "errors": [{"reason": "quotaExceeded"}]}, "quota", "your quota. (quotaExceeded)"), ({"message": "m", "errors": [{"reason": "forbidden"}]}, "credentials", "m (forbidden)"),
    ({"message": "m", "errors": [{"reason": "videoNotFound"}]}, "not_found", "m (videoNotFound)"), ({"message": "m", "status": "RESOURCE_EXHAUSTED"}, "quota", "m"),
    ({"message": "m", "errors": [{"reason": "commentsDisabled"}]}, "api_error", "m (commentsDisabled)"), ({"errors": [{"reason": "new"}, 5], "status": "PERMISSION_DENIED"}, "credentials", " (new)"), ({"message": "m", "errors": [{"reason": "keyExpired"}]}, "credentials_expired", "m (keyExpired)"), ({"message": "API key expired.", "details": [{"reason": "API_KEY_INVALID"}, {"@type": "help"}]}, "credentials_expired", "API key expired. (keyExpired)"),
    ({"message": "m", "details": [{"reason": "API_KEY_INVALID"}]}, "credentials", "m (API_KEY_INVALID)"), ({"message": "m"}, "api_error", "m"), ("words", "api_error", "words"),
])  # fmt: skip
def test_refused(error: object, reason: str, detail: str) -> None:
    """An error is a refusal by its reason, else by its status."""
    assert [Refused(source="youtube", reason=reason, detail=detail)] == apis.parsed("youtube", {"error": error}, status=403)


def test_recognised() -> None:
    """Answers are known without an address; the site's own feeds are not taken."""
    assert sources.recognise(Page("", body=json.dumps(listed()).encode())) == "youtube"
    assert sources.recognise(Page("https://www.youtube.com/feeds/videos.xml?channel_id=x", body=b'<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015">')) == "feed"


def page(token: object, *items: Mention) -> Read:
    return Read(Page("", body=json.dumps({**listed(), "nextPageToken": token}).encode()), items)


def test_walk() -> None:
    """A search asks for page after page by token, with a key that is named and never in the address."""
    walk = youtube.walk(WATCH)
    request = next(walk)
    asked = parse_qs(urlsplit(request.url).query)
    assert {"q": ['"Acme"'], "type": ["video"], "order": ["date"], "publishedAfter": ["2026-11-01T00:00:00Z"], "publishedBefore": ["2026-11-02T23:59:59Z"], "maxResults": ["50"]}.items() <= asked.items()
    assert ["pageToken" in asked, "key" in asked, request.auth, request.api] == [False, False, "youtube", True]
    request = walk.send(page("next"))
    assert [request.resume, parse_qs(urlsplit(request.url).query)["pageToken"]] == ["next", ["next"]]
    with pytest.raises(StopIteration):
        walk.send(page(None))


@pytest.mark.parametrize(("target", "place"), [("video:v1", "videoId"), ("channel:UC1", "allThreadsRelatedToChannelId")])
def test_walk_of_comments(target: str, place: str) -> None:
    """Comments of a video or a channel are asked for until a page lies before the period whole."""
    walk = youtube.walk(WATCH.model_copy(update={"target": target, "resume": "t"}))
    request = next(walk)
    asked = parse_qs(urlsplit(request.url).query)
    assert [urlsplit(request.url).path, asked[place], asked["pageToken"], asked["order"]] == ["/youtube/v3/commentThreads", [target.partition(":")[2]], ["t"], ["time"]]
    old, new = (Mention(source="youtube", published=when) for when in ("2026-10-31T23:59:59Z", AT))
    assert walk.send(page("u", old, new)).resume == "u"
    with pytest.raises(StopIteration):
        walk.send(page("w", old))


@settings(deadline=None, max_examples=200)
@given(body=apis.broken("youtube"))
def test_broken(body: bytes) -> None:
    """Broken bytes give outcomes or an error of our own."""
    apis.survives("youtube", body)


@needs_real
def test_real() -> None:
    """The recorded answers, counted and read by hand."""
    assert apis.real("youtube") == {
        "comment_threads_by_video_paged_1": ("read", {"Mention": 5}), "comment_threads_by_video_paged_2": ("read", {"Mention": 5}), "comment_threads_with_search": ("read", {"Mention": 1}),
        "comments_by_parent_paged_1": ("read", {"Mention": 2}), "error_permission_resp": ("refused", {"Refused": 1}), "error_response": ("refused", {"Refused": 1}),
        "error_response_simple": ("refused", {"Refused": 1}), "search_by_keywords_p1": ("read", {"Mention": 25}), "search_by_location": ("read", {"Mention": 5}), "videos_info_multi": ("read", {"Mention": 2}),
    }  # fmt: skip
    assert [apis.outcomes("youtube", f"{name}.json")[0].reason for name in ("error_permission_resp", "error_response", "error_response_simple")] == ["credentials", "credentials", "api_error"]  # type: ignore[union-attr]
    found = apis.outcomes("youtube", "search_by_keywords_p1.json")
    assert isinstance(found[0], Mention)
    assert [found[0].native_id, found[0].published, found[0].author] == ["gQ_1zX-F_No", "2019-12-05T19:00:10Z", "Jamie O'Brien"]
    reply = apis.outcomes("youtube", "comments_by_parent_paged_1.json")[0]
    assert isinstance(reply, Mention)
    assert [reply.text, reply.published, reply.engagement, reply.url] == ["this is the third reply!", "2019-12-01T04:46:31Z", {"likes": 0}, None]


@pytest.mark.parametrize(("kind", "item"), [
    ("youtube#searchListResponse", {"id": {"kind": "youtube#video", "videoId": "v"}, "snippet": {"publishedAt": "2026-01-02T03:04:05Z", "title": "a"}}),
    ("youtube#videoListResponse", {"id": "v", "snippet": {"publishedAt": "2026-01-02T03:04:05Z", "title": "a"}}),
    ("youtube#commentThreadListResponse", {"id": "v", "snippet": {"videoId": "w", "topLevelComment": {"id": "v", "snippet": {"publishedAt": "2026-01-02T03:04:05Z", "textOriginal": "a"}}}}),
])  # fmt: skip
def test_an_item_without_its_kind(kind: str, item: dict[str, object]) -> None:
    """What a list is of tells what an item is that does not say so itself."""
    (one,) = apis.parsed("youtube", {"kind": kind, "items": [item]})
    assert "v" == one.native_id
