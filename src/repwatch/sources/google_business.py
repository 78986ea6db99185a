"""Google Business Profile: what customers say of your own locations, through the official interface (version 4).

A target is `accounts/NUMBER/locations/NUMBER`, a location of the account whose token is set. Others' locations are not given.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from typing import Any
from urllib.parse import quote, urlencode

from pydantic import BaseModel, Field

from repwatch.errors import LayoutChanged
from repwatch.models import (
    Credential,
    NoResults,
    Outcome,
    Page,
    Problem,
    Profile,
    Read,
    Refused,
    Request,
    Response,
    Review,
    SourceInfo,
    Watch,
)
from repwatch.refusals import API_ERROR, BLOCKED, CREDENTIALS, NOT_FOUND, QUOTA
from repwatch.sources import _api

INFO = SourceInfo(
    name="google_business", title="Google Business Profile", hosts=("mybusiness.googleapis.com",), marks=(b'"starRating":"', b'"starRating": "', b"mybusiness.googleapis"),
    door="official interface", languages=("fr", "nl", "en", "de"), pace_s=1.0, target="query", aim=".+", whole_text=False,
    credentials=Credential(
        name="google_business", title="an OAuth client and a refresh token of the profile's manager", scheme="refresh", hosts=("mybusiness.googleapis.com",),
        page="https://console.cloud.google.com/apis/credentials", token_url="https://oauth2.googleapis.com/token",  # noqa: S106 — an address
        rights="the scope https://www.googleapis.com/auth/business.manage, in a project to which Google opened the interface",
    ),
    terms="allowed for the locations that you manage; Google opens the interface on request; customers' reviews, kept apart from employees'",
    verified="nothing real: the reference of the interface as of 2026-11; no location of ours to try it on",
)  # fmt: skip

_API = "https://mybusiness.googleapis.com/v4/"
_PER_PAGE = 50
_LOCATION = re.compile(r"accounts/[\w-]+/locations/[\w-]+", re.ASCII)
_STARS = {"ONE": 1, "TWO": 2, "THREE": 3, "FOUR": 4, "FIVE": 5}
_STATUS = {"UNAUTHENTICATED": CREDENTIALS, "PERMISSION_DENIED": CREDENTIALS, "RESOURCE_EXHAUSTED": QUOTA, "NOT_FOUND": NOT_FOUND}
#: Google's own translation stands before or behind what the person wrote.
_TRANSLATED = re.compile(r"\(Translated by Google\).*?\(Original\)\s*|\s*\(Translated by Google\).*", re.DOTALL)


class _Reply(BaseModel):
    comment: str | None = None
    updateTime: _api.Iso | None = None  # noqa: N815 — the names in the payload


class _Review(BaseModel):
    name: str | None = None
    reviewId: str = Field(min_length=1)  # noqa: N815
    starRating: str | None = None  # noqa: N815
    comment: str | None = None
    createTime: _api.Iso  # noqa: N815
    reviewReply: _Reply | None = None  # noqa: N815


class _Answer(BaseModel):
    averageRating: float | None = Field(None, ge=0, le=5)  # noqa: N815
    totalReviewCount: int | None = Field(None, ge=0)  # noqa: N815


def walk(watch: Watch) -> Generator[Request, Read, None]:
    """Ask for page after page, the last changed first, until a page holds only reviews from before the period."""
    location = quote(watch.target.strip().strip("/"))
    token = watch.resume or ""
    while True:
        query = {"pageSize": _PER_PAGE, "orderBy": "updateTime desc", **({"pageToken": token} if token else {})}
        read = yield Request(url=f"{_API}{location}/reviews?{urlencode(query)}", expect="json", api=True, auth=INFO.name, resume=token or None)
        told = _api.answer(read.page.body, INFO.name)
        later = told.get("nextPageToken") if isinstance(told, dict) else None
        # Answers and edits bring old reviews to the front, so that the last change decides, not the first writing.
        changed = [str(each.get("updateTime") or each.get("createTime")) for each in _rows(told) if isinstance(each, dict)]
        if not isinstance(later, str) or not later or later == token or (changed and max(changed)[:10] < watch.since.isoformat()):
            return
        token = later


def _rows(told: Any) -> list[Any]:
    rows = told.get("reviews") if isinstance(told, dict) else None
    return rows if isinstance(rows, list) else []


def parse(page: Page) -> Iterator[Outcome]:
    """Read a list of reviews: the profile that it tells of first, then each review."""
    told = _api.answer(page.body, INFO.name)
    if isinstance(told, dict) and told.get("error"):
        yield _refused(told["error"])
        return
    if not isinstance(told, dict) or not ("reviews" in told or "totalReviewCount" in told or told == {}):
        raise LayoutChanged("no reviews in the answer", where=INFO.name)
    if "reviews" in told and not isinstance(told["reviews"], list):
        raise LayoutChanged("reviews are no list", where=INFO.name)
    counted = _api.record(_Answer, told, "answer", INFO.name)
    if isinstance(counted, Problem):
        yield counted
    elif counted.totalReviewCount:
        # Without an address of its own: whose page this is, the watch knows.
        yield Profile(source=INFO.name, rating=counted.averageRating, review_count=counted.totalReviewCount, claimed="claimed")
    rows = _rows(told)
    if not rows and told.get("totalReviewCount"):
        raise LayoutChanged(f"no reviews in the answer, which counts {told['totalReviewCount']}", where=INFO.name)
    if not rows:
        yield NoResults(source=INFO.name)
    for number, raw in enumerate(rows, 1):
        yield _review(raw, f"review {number}")


def _refused(error: Any) -> Refused:
    if not isinstance(error, dict):
        return Refused(source=INFO.name, reason=API_ERROR, detail=str(error)[:200])
    status, code = str(error.get("status")), error.get("code")
    reason = _STATUS.get(status) or {401: CREDENTIALS, 403: BLOCKED, 404: NOT_FOUND, 429: QUOTA}.get(code if isinstance(code, int) else 0, API_ERROR)
    return Refused(source=INFO.name, reason=reason, detail=f"{error.get('message') or ''} ({status})"[:200])


def _review(raw: object, where: str) -> Outcome:
    one = _api.record(_Review, raw, where, INFO.name)
    if isinstance(one, Problem):
        return one
    stars = _STARS.get(one.starRating or "")
    if stars is None and one.starRating not in (None, "STAR_RATING_UNSPECIFIED"):
        return Problem(source=INFO.name, reason="schema", detail=f"{where}: starRating")
    reply = one.reviewReply
    answers = (Response(text=_said(reply.comment), published=reply.updateTime),) if reply and _said(reply.comment) else ()
    location = _LOCATION.search(one.name or "")
    return Review(source=INFO.name, employer_id=location[0] if location else None, native_id=one.reviewId, published=one.createTime, voice="customer", rating=stars,
                  body=_said(one.comment) or None, responses=answers)  # fmt: skip


def _said(text: str | None) -> str:
    return _TRANSLATED.sub("", text or "").strip()
