"""GitHub's search over issues and pull requests, newest first.

A search gives at most 1,000 results, in pages of 100; what lies beyond is reached by moving the end of the period.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import UTC, datetime, timedelta
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
from repwatch.refusals import API_ERROR, CREDENTIALS, RATE_LIMIT
from repwatch.sources import _api

INFO = SourceInfo(
    name="github", title="GitHub issues", hosts=("api.github.com",), marks=(b'"incomplete_results"', b'"performed_via_github_app"'),
    door="public API", languages=("en",), pace_s=6.0, target="query", whole_text=False,
    credentials=Credential(name="github", title="a token", scheme="bearer", optional=True, hosts=("api.github.com",), page="https://github.com/settings/personal-access-tokens",
                           rights="a fine-grained token that reads public repositories alone, without any permission", probe="https://api.github.com/rate_limit"),
    terms="allowed: public API, ten searches a minute",
    verified="recorded answers of 2017 and 2022",
)  # fmt: skip

_API = "https://api.github.com/search/issues"
_PER_PAGE, _PAGES = 100, 10


class _User(BaseModel):
    login: str | None = None


class _Reactions(BaseModel):
    total_count: int | None = None


class _Issue(BaseModel):
    html_url: str
    title: str | None = None
    body: str | None = None
    user: _User | None = None
    created_at: _api.Iso
    comments: int | None = None
    reactions: _Reactions | None = None


def walk(watch: Watch) -> Generator[Request, Read, None]:
    """Ask for ten pages, then move the end of the period to the oldest instant seen, that instant included."""
    first, end, page = _api.midnight(watch.since), _api.last_second(watch.until), 1
    if watch.resume:
        told, _, number = watch.resume.partition(" ")
        end, page = datetime.fromisoformat(told), int(number)
    while end >= first:
        oldest = end
        while page <= _PAGES:
            read = yield _search(watch, first, end, page)
            moments = _moments(read.page.body)
            if len(moments) < _PER_PAGE:
                return
            oldest = min(oldest, *(each for each in moments if each))
            page += 1
        # When a thousand share one second, the period must still end earlier.
        end, page = oldest if oldest < end else end - timedelta(seconds=1), 1


def _search(watch: Watch, first: datetime, end: datetime, page: int) -> Request:
    period = f"created:{_api.instant(first)}..{_api.instant(end)}"
    query = {"q": f"{_api.quoted(watch.target)} {period}", "sort": "created", "order": "desc", "per_page": _PER_PAGE, "page": page}
    return Request(url=f"{_API}?{urlencode(query)}", headers={"accept": "application/vnd.github+json"}, expect="json", api=True,
                   auth=None if watch.account is None else "github", resume=f"{_api.instant(end)} {page}")  # fmt: skip


def _moments(body: bytes) -> list[datetime]:
    """Return when each result of a page was created; the end of time for one that does not tell."""
    told = _api.answer(body, INFO.name)
    issues = [_api.record(_Issue, raw, "", INFO.name) for raw in _items(told) or ()]
    return [datetime.max.replace(tzinfo=UTC) if isinstance(issue, Problem) else datetime.fromisoformat(issue.created_at) for issue in issues]


def _items(told: Any) -> list[Any] | None:
    items = told.get("items") if isinstance(told, dict) and "total_count" in told else None
    return items if isinstance(items, list) else None


def parse(page: Page) -> Iterator[Outcome]:
    """Read a search answer, a list of issues, one issue, or recorded exchanges that hold them."""
    told = _api.answer(page.body, INFO.name)
    if _is_recording(told):
        yield from _recording(told)
    elif isinstance(told, dict) and "items" not in told and isinstance(told.get("message"), str):
        yield _refused(told["message"], page)
    else:
        yield from _answer(told)


def _is_recording(told: Any) -> bool:
    return isinstance(told, list) and bool(told) and all(isinstance(each, dict) and "response" in each and "path" in each for each in told)


def _recording(told: list[dict[str, Any]]) -> Iterator[Outcome]:
    """Read what the recorded questions were answered; what was written by the recording itself is no answer."""
    asked = [each["response"] for each in told if str(each.get("method")).lower() == "get" and each.get("status") == 200]
    if not asked:
        raise LayoutChanged("no answer to a question among the exchanges", where=INFO.name)
    for response in asked:
        yield from _answer(response)


def _refused(message: str, page: Page) -> Refused:
    headers = page.headers
    limited = page.status == 429 or "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0" or "rate limit" in message.lower()
    reason = RATE_LIMIT if limited else CREDENTIALS if message == "Bad credentials" else API_ERROR
    wait = headers.get("retry-after", "")
    return Refused(source=INFO.name, reason=reason, detail=message[:200], retry_after_s=float(wait) if wait.isdecimal() and len(wait) < 8 else None)


def _answer(told: Any) -> Iterator[Outcome]:
    items = _items(told)
    if isinstance(told, dict) and "html_url" in told and "created_at" in told and "title" in told:
        items = [told]
    if isinstance(told, list):
        items = told
    if items is None or (items and not any(isinstance(raw, dict) and "html_url" in raw for raw in items)):
        raise LayoutChanged("no issues in the answer", where=INFO.name)
    if isinstance(told, dict) and told.get("incomplete_results") is True:
        yield Problem(source=INFO.name, reason="incomplete", detail="GitHub ran out of time and left results out")
    elif not items:
        yield NoResults(source=INFO.name)
    for number, raw in enumerate(items, 1):
        yield _mention(raw, f"item {number}")


def _mention(raw: object, where: str) -> Outcome:
    issue = _api.record(_Issue, raw, where, INFO.name)
    if isinstance(issue, Problem):
        return issue
    reactions = issue.reactions.total_count if issue.reactions else None
    return Mention(source=INFO.name, native_id=issue.html_url, url=issue.html_url, published=issue.created_at, title=issue.title, text=(issue.body or "").replace("\r\n", "\n").strip(),
                   author=issue.user.login if issue.user else None, engagement=_api.counts(comments=issue.comments, reactions=reactions))  # fmt: skip
