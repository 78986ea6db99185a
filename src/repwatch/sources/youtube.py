"""YouTube through its Data API (v3): videos found by a search, and the comments of a video or a channel.

A target is a phrase, `video:ID` or `channel:ID`. A key is needed; a search costs one of a hundred calls a day.
"""

from __future__ import annotations

import html
from collections.abc import Generator, Iterator
from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel

from repwatch.errors import LayoutChanged
from repwatch.models import (
    Credential,
    Mention,
    NoResults,
    Outcome,
    Page,
    Problem,
    Read,
    Refused,
    Request,
    SourceInfo,
    Watch,
)
from repwatch.refusals import API_ERROR, CREDENTIALS, EXPIRED, NOT_FOUND, QUOTA, RATE_LIMIT
from repwatch.sources import _api

INFO = SourceInfo(
    name="youtube", title="YouTube", hosts=("youtube.googleapis.com", "www.googleapis.com"), marks=(b'"youtube#', b'"youtube.CoreErrorDomain"', b'"youtube.quota"', b'"youtube.commentThread"'), door="public API with a key",
    languages=("fr", "nl", "en", "de"), pace_s=1.0, target="query",
    credentials=Credential(name="youtube", title="an API key", scheme="key", send="?key", hosts=("www.googleapis.com",), page="https://console.cloud.google.com/apis/credentials",
                           rights="a key of a project in which the YouTube Data API v3 is switched on, restricted to that API",
                           probe="https://www.googleapis.com/youtube/v3/i18nLanguages?part=snippet"),
    terms="allowed with a key of one's own, 100 searches a day; saved answers are read without one; what is kept is to be refreshed or deleted within 30 days",
    verified="recorded answers of 2019 to 2024",
    whole_text=False, aim=r"^(?:video|channel):\S+$",
)  # fmt: skip

_API = "https://www.googleapis.com/youtube/v3"
_WATCH = "https://www.youtube.com/watch?v="
_ERRORS = {
    **dict.fromkeys(("quotaExceeded", "dailyLimitExceeded"), QUOTA),
    **dict.fromkeys(("rateLimitExceeded", "userRateLimitExceeded"), RATE_LIMIT),
    "keyExpired": EXPIRED,
    **dict.fromkeys(("forbidden", "keyInvalid", "API_KEY_INVALID", "accessNotConfigured", "authError", "required", "insufficientPermissions"), CREDENTIALS),
    **dict.fromkeys(("videoNotFound", "channelNotFound", "commentNotFound", "notFound"), NOT_FOUND),
}  # fmt: skip
_STATUS = {"PERMISSION_DENIED": CREDENTIALS, "UNAUTHENTICATED": CREDENTIALS, "RESOURCE_EXHAUSTED": QUOTA}
#: Results that nobody wrote about an employer in.
_OTHERS = ("youtube#channel", "youtube#playlist")


class _Id(BaseModel):
    kind: str | None = None
    videoId: str | None = None  # noqa: N815 — the names in the payload


class _Snippet(BaseModel):
    publishedAt: _api.Iso  # noqa: N815
    title: str | None = None
    description: str | None = None
    channelTitle: str | None = None  # noqa: N815
    defaultLanguage: str | None = None  # noqa: N815
    defaultAudioLanguage: str | None = None  # noqa: N815


class _Statistics(BaseModel):
    viewCount: int | None = None  # noqa: N815
    likeCount: int | None = None  # noqa: N815
    commentCount: int | None = None  # noqa: N815


class _Video(BaseModel):
    id: _Id | str
    snippet: _Snippet
    statistics: _Statistics = _Statistics()


class _Said(BaseModel):
    publishedAt: _api.Iso  # noqa: N815
    textOriginal: str | None = None  # noqa: N815
    textDisplay: str | None = None  # noqa: N815
    authorDisplayName: str | None = None  # noqa: N815
    likeCount: int | None = None  # noqa: N815
    videoId: str | None = None  # noqa: N815


class _Comment(BaseModel):
    id: str
    snippet: _Said


class _Talk(BaseModel):
    topLevelComment: _Comment  # noqa: N815
    totalReplyCount: int | None = None  # noqa: N815
    videoId: str | None = None  # noqa: N815


class _Replies(BaseModel):
    comments: list[Any] = []


class _Thread(BaseModel):
    snippet: _Talk
    replies: _Replies = _Replies()


def walk(watch: Watch) -> Generator[Request, Read, None]:
    """Ask for page after page, newest first; comments end where a page reaches back before the period."""
    kind, _, name = watch.target.partition(":")
    first, token = _api.instant(_api.midnight(watch.since)), watch.resume or ""
    if kind in ("video", "channel") and name:
        place = "videoId" if kind == "video" else "allThreadsRelatedToChannelId"
        path, query = "commentThreads", {"part": "snippet,replies", place: name, "order": "time", "textFormat": "plainText", "maxResults": "100"}
    else:
        path = "search"
        query = {"part": "snippet", "type": "video", "q": _api.quoted(watch.target), "order": "date", "publishedAfter": first,
                 "publishedBefore": _api.instant(_api.last_second(watch.until)), "maxResults": "50"}  # fmt: skip
    while True:
        asked = urlencode({**query, **({"pageToken": token} if token else {})})
        read = yield Request(url=f"{_API}/{path}?{asked}", expect="json", api=True, auth="youtube", resume=token)
        told = _api.answer(read.page.body, INFO.name)
        later = told.get("nextPageToken") if isinstance(told, dict) else None
        seen = [each.published for each in read.items if isinstance(each, Mention) and each.published]
        if not isinstance(later, str) or not later or (seen and max(seen) < first):
            return
        token = later


def parse(page: Page) -> Iterator[Outcome]:
    """Read a list of videos, threads or comments."""
    told = _api.answer(page.body, INFO.name)
    if isinstance(told, dict) and told.get("error"):
        yield _refused(told["error"])
        return
    items = told.get("items") if isinstance(told, dict) else None
    if not isinstance(items, list) or not isinstance(told.get("kind"), str) or not told["kind"].startswith("youtube#"):
        raise LayoutChanged("no items in the answer", where=INFO.name)
    # An item without its kind is of the list's.
    kind = {"kind": told["kind"].removesuffix("ListResponse").replace("youtube#search", "youtube#searchResult")}
    read = [each for number, raw in enumerate(items, 1) for each in _outcomes({**kind, **raw} if isinstance(raw, dict) else raw, f"item {number}")]
    yield from read or [NoResults(source=INFO.name)]


def _refused(error: Any) -> Refused:
    if not isinstance(error, dict):
        return Refused(source=INFO.name, reason=API_ERROR, detail=str(error)[:200])
    listed = error.get("errors")
    # What is wrong with a key stands among the details; that it has expired, in the message alone.
    more = error.get("details")
    reasons = [str(each["reason"]) for part in (listed, more) if isinstance(part, list) for each in part if isinstance(each, dict) and "reason" in each]
    if "API_KEY_INVALID" in reasons and "expired" in str(error.get("message")):
        reasons.append("keyExpired")
        reasons.remove("API_KEY_INVALID")
    reason = next((_ERRORS[each] for each in reasons if each in _ERRORS), None) or _STATUS.get(str(error.get("status")), API_ERROR)
    return Refused(source=INFO.name, reason=reason, detail=f"{_api.plain(str(error.get('message') or ''))} ({', '.join(reasons)})".removesuffix(" ()")[:200])


def _outcomes(raw: Any, where: str) -> Iterator[Outcome]:
    kind = raw.get("kind") if isinstance(raw, dict) else None
    if kind == "youtube#commentThread":
        yield from _thread(raw, where)
    elif kind == "youtube#comment":
        yield _comment(raw, where, None, None)
    elif kind in ("youtube#searchResult", "youtube#video"):
        inner = raw.get("id")
        if not (isinstance(inner, dict) and inner.get("kind") in _OTHERS):
            yield _video(raw, where)
    elif kind not in _OTHERS:
        yield Problem(source=INFO.name, reason="schema", detail=f"{where}: kind")


def _video(raw: Any, where: str) -> Outcome:
    video = _api.record(_Video, raw, where, INFO.name)
    if isinstance(video, Problem):
        return video
    native = video.id if isinstance(video.id, str) else video.id.videoId
    if not native:
        return Problem(source=INFO.name, reason="schema", detail=f"{where}: id")
    snippet, numbers = video.snippet, video.statistics
    # A search escapes its texts, a list of videos does not.
    unescape = html.unescape if raw["kind"] == "youtube#searchResult" else str
    lang = (snippet.defaultAudioLanguage or snippet.defaultLanguage or "").partition("-")[0].lower()
    return Mention(source=INFO.name, native_id=native, url=_WATCH + native, published=snippet.publishedAt, lang=lang or None, title=unescape(snippet.title) if snippet.title else None,
                   text=unescape(snippet.description or "").strip(), author=unescape(snippet.channelTitle) if snippet.channelTitle else None,
                   engagement=_api.counts(views=numbers.viewCount, likes=numbers.likeCount, comments=numbers.commentCount))  # fmt: skip


def _thread(raw: Any, where: str) -> Iterator[Outcome]:
    thread = _api.record(_Thread, raw, where, INFO.name)
    if isinstance(thread, Problem):
        yield thread
        return
    video = thread.snippet.videoId
    yield _comment(thread.snippet.topLevelComment.model_dump(), where, video, thread.snippet.totalReplyCount)
    for number, reply in enumerate(thread.replies.comments, 1):
        yield _comment(reply, f"{where}, reply {number}", video, None)


def _comment(raw: Any, where: str, video: str | None, replies: int | None) -> Outcome:
    comment = _api.record(_Comment, raw, where, INFO.name)
    if isinstance(comment, Problem):
        return comment
    said = comment.snippet
    place = video or said.videoId
    text = said.textOriginal.strip() if said.textOriginal is not None else _api.plain(said.textDisplay)
    return Mention(source=INFO.name, native_id=comment.id, url=f"{_WATCH}{place}&lc={comment.id}" if place else None, published=said.publishedAt, kind="comment", text=text,
                   author=said.authorDisplayName, engagement=_api.counts(likes=said.likeCount, comments=replies))  # fmt: skip
