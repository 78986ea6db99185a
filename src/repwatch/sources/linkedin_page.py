"""A LinkedIn page of one's own, with an administrator's token: its posts, how many follow it, and who they are.

A target is the number of the page. Nothing else on LinkedIn is read live: its terms forbid it. Posts are the employer's own
words, kept as such and never scored; followers are counts, never people.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from datetime import UTC, datetime, time
from typing import Any
from urllib.parse import quote, urlencode

from pydantic import BaseModel, Field

from repwatch.errors import LayoutChanged
from repwatch.models import (
    Credential,
    Mention,
    NoResults,
    Outcome,
    Page,
    Problem,
    Profile,
    Read,
    Refused,
    Request,
    SourceInfo,
    Watch,
)
from repwatch.refusals import API_ERROR, CREDENTIALS, EXPIRED, QUOTA, REVOKED
from repwatch.sources import _api

INFO = SourceInfo(
    name="linkedin_page", title="LinkedIn page", hosts=("api.linkedin.com",), marks=(b'"urn:li:organization:', b'"firstDegreeSize"', b'"serviceErrorCode"'),
    door="official interface", languages=("fr", "nl", "en", "de"), pace_s=1.0, target="query", aim=".+", whole_text=False,
    credentials=Credential(name="linkedin_page", title="an access token of the page's administrator", scheme="bearer", hosts=("api.linkedin.com",),
                           page="https://www.linkedin.com/developers/apps", rights="r_organization_social and rw_organization_admin, in an app with the Community Management API"),
    terms="allowed for a page that you administer, with an app that LinkedIn approved; what members write elsewhere is not read",
    verified="nothing real: the vendor's documentation of 2024 to 2026",
)  # fmt: skip

#: The signs of LinkedIn's "little" text: a hashtag, somebody named, and a sign that is meant as it stands.
_HASHTAG, _NAMED, _MEANT = re.compile(r"\{hashtag\|\\?#\|([^{}|]{1,200})\}"), re.compile(r"@\[((?:\\.|[^\[\]\\]){1,200})\] ?\(urn:li:\w+:(?:\\.|[\w-])+\)"), re.compile(r"\\([\\|{}@\[\]()<>#*_~])")
_API = "https://api.linkedin.com/rest/"
#: A version lives about a year; LinkedIn then answers 426 and this line is to be raised.
_VERSION = "202601"
_PER_PAGE = 100
_FACETS = "followerCountsBy"
_CODES = {65600: CREDENTIALS, 65601: REVOKED, 65602: EXPIRED, 65603: CREDENTIALS, 65604: CREDENTIALS}
_NAMES = {"REVOKED_ACCESS_TOKEN": REVOKED, "EXPIRED_ACCESS_TOKEN": EXPIRED, "ACCESS_DENIED": CREDENTIALS, "TOO_MANY_REQUESTS": QUOTA}
_STATUS = {401: CREDENTIALS, 403: CREDENTIALS, 429: QUOTA}


class _Post(BaseModel):
    id: str = Field(min_length=1)
    commentary: str | None = None
    publishedAt: int | None = None  # noqa: N815 — the names in the payload
    createdAt: int | None = None  # noqa: N815
    lifecycleState: str | None = None  # noqa: N815


class _Counts(BaseModel):
    organicFollowerCount: int = Field(0, ge=0)  # noqa: N815
    paidFollowerCount: int = Field(0, ge=0)  # noqa: N815


def walk(watch: Watch) -> Generator[Request, Read, None]:
    """Ask for the number of followers, who they are, and the posts, page by page until one lies before the period whole."""
    page = f"urn:li:organization:{watch.target.strip().rpartition(':')[2]}"
    if watch.resume is None:
        yield _ask(f"networkSizes/{quote(page, safe='')}?edgeType=COMPANY_FOLLOWED_BY_MEMBER")
        yield _ask(f"organizationalEntityFollowerStatistics?{urlencode({'q': 'organizationalEntity', 'organizationalEntity': page})}")
    since = datetime.combine(watch.since, time(), UTC).timestamp() * 1000
    start = int(watch.resume or 0)
    while True:
        query = {"q": "author", "author": page, "count": _PER_PAGE, "sortBy": "CREATED", "start": start}
        read = yield _ask(f"posts?{urlencode(query)}", resume=str(start), finder=True)
        told = _api.answer(read.page.body, INFO.name)
        posts = [each for each in _elements(told) or () if isinstance(each, dict)]
        moments = [each["createdAt"] for each in posts if isinstance(each.get("createdAt"), int)]
        if len(posts) < _PER_PAGE or (moments and max(moments) < since):
            return
        start += _PER_PAGE


def _ask(path: str, resume: str | None = None, *, finder: bool = False) -> Request:
    headers = {"linkedin-version": _VERSION, "x-restli-protocol-version": "2.0.0", **({"x-restli-method": "FINDER"} if finder else {})}
    return Request(url=_API + path, headers=headers, expect="json", api=True, auth=INFO.name, resume=resume)


def _elements(told: Any) -> list[Any] | None:
    elements = told.get("elements") if isinstance(told, dict) else None
    return elements if isinstance(elements, list) else None


def parse(page: Page) -> Iterator[Outcome]:
    """Read the number of followers, their statistics, or a list of posts."""
    told = _api.answer(page.body, INFO.name)
    if isinstance(told, dict) and "message" in told and "elements" not in told:
        yield _refused(told)
        return
    if isinstance(told, dict) and "firstDegreeSize" in told:
        size = told["firstDegreeSize"]
        if type(size) is not int or size < 0:
            raise LayoutChanged("firstDegreeSize is no count", where=INFO.name)
        yield Profile(source=INFO.name, claimed="claimed", followers=size)
        return
    elements = _elements(told)
    if elements is None or (elements and not any(isinstance(each, dict) and ("id" in each or "organizationalEntity" in each) for each in elements)):
        raise LayoutChanged("neither posts nor followers in the answer", where=INFO.name)
    outcomes = [one for number, raw in enumerate(elements, 1) for one in _outcomes(raw, f"element {number}")]
    yield from outcomes or [NoResults(source=INFO.name)]


def _refused(told: dict[str, Any]) -> Refused:
    number, name, status = told.get("serviceErrorCode"), told.get("code"), told.get("status")
    # One number stands for expired and for revoked; the words, which are English, tell them apart.
    said = str(told["message"])
    reason = _NAMES.get(str(name)) or _CODES.get(number if isinstance(number, int) else 0) or _STATUS.get(status if isinstance(status, int) else 0, API_ERROR)
    if reason == REVOKED and "expired" in said.lower():
        reason = EXPIRED
    return Refused(source=INFO.name, reason=reason, detail=said[:200])


def _outcomes(raw: object, where: str) -> Iterator[Outcome]:
    if isinstance(raw, dict) and "organizationalEntity" in raw:
        yield from _followers(raw, where)
    else:
        one = _post(raw, where)
        if one is not None:
            yield one


def _post(raw: object, where: str) -> Mention | Problem | None:
    """Return the post; None where it is not published, or shares something without a word."""
    post = _api.record(_Post, raw, where, INFO.name)
    if isinstance(post, Problem):
        return post
    text = _as_read(post.commentary or "").strip()
    if post.lifecycleState not in (None, "PUBLISHED") or not text:
        return None
    moment = post.publishedAt if post.publishedAt is not None else post.createdAt
    try:
        published = None if moment is None else _api.instant(datetime.fromtimestamp(moment / 1000, UTC))
    except (OverflowError, OSError, ValueError):
        return Problem(source=INFO.name, reason="schema", detail=f"{where}: publishedAt")
    return Mention(source=INFO.name, native_id=post.id, url=f"https://www.linkedin.com/feed/update/{post.id}/", published=published, text=text, own=True)


def _as_read(little: str) -> str:
    """Return a text of a post as its readers see it; whose number LinkedIn gives to a name is left out."""
    return _MEANT.sub(r"\1", _NAMED.sub(r"\1", _HASHTAG.sub(r"#\1", little)))


def _followers(raw: dict[str, Any], where: str) -> Iterator[Outcome]:
    """Read how the followers divide, one observation a facet: its name as the filter, the counts by the site's own names."""
    for name, rows in raw.items():
        if not name.startswith(_FACETS) or not isinstance(rows, list) or not rows:
            continue
        counts: dict[str, int] = {}
        for row in rows:
            label = next((value for key, value in row.items() if isinstance(value, str)), None) if isinstance(row, dict) else None
            told = _api.record(_Counts, row.get("followerCounts") if isinstance(row, dict) else None, f"{where}: {name}", INFO.name)
            if label is None or isinstance(told, Problem):
                yield told if isinstance(told, Problem) else Problem(source=INFO.name, reason="schema", detail=f"{where}: {name}")
                continue
            counts[label] = told.organicFollowerCount + told.paidFollowerCount
        if counts:
            yield Profile(source=INFO.name, claimed="claimed", filter=f"followers by {name.removeprefix(_FACETS).lower()}", histogram=counts)
