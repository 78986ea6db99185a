"""Trustpilot: what customers say, from saved pages, lists of reviews and the answers of the official interface.

The site's robots.txt allows no programs on its pages, so a walk asks the interface alone, which needs a key.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from typing import Annotated, Any
from urllib.parse import quote, unquote, urlencode, urlsplit

from pydantic import AliasChoices, AliasPath, BeforeValidator, Field, ValidationError

from repwatch.errors import LayoutChanged
from repwatch.models import (
    Credential,
    NoResults,
    Outcome,
    Page,
    Profile,
    Read,
    Refused,
    Request,
    Response,
    Review,
    SourceInfo,
    Watch,
)
from repwatch.refusals import API_ERROR, LOGIN, find_refusal
from repwatch.sources import _lenient as lenient
from repwatch.sources._lenient import Count, Foreign, Moment, OrNothing, Stars, Text, into
from repwatch.sources._paging import last_page
from repwatch.sources._state import Marker, json_after, payload

SOURCE = "trustpilot"
INFO = SourceInfo(
    name=SOURCE, title="Trustpilot", hosts=("trustpilot.com",),
    reads=r"^/review/|^/_next/data/|^/(?:v1|api)/", pages=("https://www.trustpilot.com/review/{domain}",), lookup="trustpilot.com",
    marks=(b"data-business-unit-json-ld", b'"consumersReviewCountOnSameDomain"', b'"trustScore"', b'"businessUnit"', b"api.trustpilot.com", b'"companyReply"'),
    door="saved page, JSON payload, official interface", live=False, languages=("fr", "nl", "en", "de"), pace_s=2.0,
    credentials=Credential(name="trustpilot", title="an API key", scheme="key", send="apikey", hosts=("api.trustpilot.com",), page="https://businessapp.b2b.trustpilot.com/applications",
                           rights="the key of an application, which some plans of Trustpilot include", probe="https://api.trustpilot.com/v1/business-units/find?name=trustpilot.com"),
    terms="robots.txt allows no programs on the pages: save the page from your own browser. With a key the official interface is asked, and nothing else.",
    verified="real pages of 2024 (de) and 2025 (it), a real list of reviews of 2025; the pages of 2026 and the interface as described, never with a key",
)  # fmt: skip

_API = "https://api.trustpilot.com/v1/business-units/"
_SITE = "https://www.trustpilot.com"
_PER_PAGE = 100
#: What a company can fill in.
_FILLABLE = {"profileImageUrl": "logo", "websiteUrl": "website", "customHeaderUrl": "cover_photo", "contactInfo": "contact"}
#: Beyond this page the site shows nothing to those who are not logged in.
_LAST_OPEN_PAGE = 10
_STATE = Marker(b"__NEXT_DATA__", re.compile(rb"""["']?[^<>]{0,200}>\s*(?=\{)"""))
_ID = re.compile(r"[0-9a-f]{24}", re.ASCII)
_STARS = (("1", "one", "oneStar"), ("2", "two", "twoStars"), ("3", "three", "threeStars"), ("4", "four", "fourStars"), ("5", "five", "fiveStars"))


def _named(*names: str) -> Any:
    return Field(default=None, validation_alias=AliasChoices(*(AliasPath(*name.split(".")) for name in names)))


class ReplyIn(Foreign):
    text: Text = _named("message", "text")
    published: Moment = _named("publishedDate", "createdAt")


class ReviewIn(Foreign):
    """A review as the pages and as the interface name its parts."""

    ident: str = Field(alias="id", min_length=1)
    rating: Stars = _named("rating", "stars")
    title: Text = None
    text: Text = None
    language: str | None = None
    likes: Count = _named("likes", "numberOfLikes")
    published: Moment = _named("dates.publishedDate", "createdAt")
    reply: Annotated[ReplyIn | None, OrNothing] = _named("reply", "companyReply")
    pending: bool | None = _named("isPending", "pending")


def _total(value: Any) -> Any:
    return value.get("total") if isinstance(value, dict) else value


class UnitIn(Foreign):
    """A business unit as the pages and as the interface name its parts."""

    ident: str | None = Field(default=None, alias="id")
    name: Text = Field(default=None, alias="displayName")
    domain: str | None = _named("identifyingName", "name.identifying")
    count: Annotated[Count, BeforeValidator(_total)] = Field(default=None, alias="numberOfReviews")
    score: Stars = _named("trustScore", "score.trustScore")
    claimed: bool | None = _named("isClaimed", "activity.isClaimed", "claimed")


class PagesIn(Foreign):
    """Which page of how many, within the chosen language."""

    page: Count = Field(default=None, alias="currentPage")
    pages: Count = Field(default=None, alias="totalPages")
    count: Count = Field(default=None, alias="totalCount")


def walk(watch: Watch) -> Generator[Request, Read, None]:
    """Ask the interface for the business unit, then for its reviews, newest first."""
    if watch.resume:
        ident, page = _token(watch.resume)
    else:
        told, page = _target(watch.target), 1
        read = yield _ask(f"find?name={quote(told, safe='')}" if not _ID.fullmatch(told) else told)
        ident = next((one.employer_id for one in read.items if isinstance(one, Profile) and one.employer_id), "")
    is_last = last_page(watch.since)
    for number in range(page, page + watch.max_pages) if ident else ():
        query = urlencode({"orderBy": "createdat.desc", "perPage": _PER_PAGE, "page": number})
        read = yield _ask(f"{quote(ident, safe='')}/reviews?{query}", resume=f"{ident}/{number}")
        if is_last(read):
            return


def _ask(path: str, resume: str | None = None) -> Request:
    return Request(url=_API + path, expect="json", api=True, auth="trustpilot", resume=resume)


def _token(resume: str) -> tuple[str, int]:
    ident, _, page = resume.partition("/")
    return ident, int(page) if page.isascii() and page.isdigit() else 1


def _target(target: str) -> str:
    """Return what the interface calls an employer: an id, or the domain of an address like `.../review/DOMAIN?page=2`."""
    path = urlsplit(target).path if "//" in target else target
    return unquote(path.rpartition("/review/")[2].strip("/"))


def parse(page: Page) -> Iterator[Outcome]:
    """Read a saved page, a list of reviews, or an answer of the interface: the profile first, where one is told."""
    refused = _refusal(page)
    if refused:
        yield refused
        return
    start = page.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] not in (b"{", b"["):
        props = next((found for one in json_after(page.body, _STATE) if (found := _props(one))), None)
        if props is None:
            raise LayoutChanged("businessUnit and reviews not in __NEXT_DATA__", where=SOURCE)
        yield from _outcomes(props, page)
        return
    told = payload(page.body)
    if isinstance(told, list):
        if any(isinstance(one, dict) and one.keys() & {"rating", "stars"} for one in told) or not told:
            yield from _outcomes({"reviews": told}, page, alone=True)
            return
    elif isinstance(told, dict) and (props := _props(told) or _answer(told)):
        yield from _outcomes(props, page, alone="businessUnit" not in props)
        return
    elif fault := into(told, "fault", "faultstring") or into(told, "message"):
        yield Refused(source=SOURCE, reason=API_ERROR, detail=str(fault)[:200])
        return
    raise LayoutChanged("no reviews in the payload", where=SOURCE)


def _refusal(page: Page) -> Refused | None:
    """Return the refusal that a page is; a page of ours with its data in it is none."""
    return find_refusal(page, source=SOURCE, expect="json" if page.url.startswith(_API) else "any")


def _props(told: Any) -> dict[str, Any] | None:
    """Return the properties of a page: they name the business unit and list its reviews."""
    for value in (into(told, "props", "pageProps"), into(told, "pageProps"), told):
        if isinstance(value, dict) and isinstance(value.get("businessUnit"), dict):
            return value
    return None


def _answer(told: dict[str, Any]) -> dict[str, Any] | None:
    """Return an answer of the interface as properties of a page: reviews alone, or a business unit alone."""
    if isinstance(told.get("reviews"), list):
        return {"reviews": told["reviews"]}
    return {"businessUnit": told, "reviews": None} if told.keys() >= {"id", "displayName"} else None


def _outcomes(props: dict[str, Any], page: Page, *, alone: bool = False) -> Iterator[Outcome]:
    unit, pages = UnitIn(), PagesIn()
    try:
        if not alone:
            unit = UnitIn.model_validate(props["businessUnit"])
            pages = PagesIn.model_validate(into(props, "filters", "pagination") or {})
    except ValidationError as error:
        raise LayoutChanged(lenient.complaint(SOURCE, error, "page").detail, where=SOURCE) from error
    url = lenient.absolute(None, props.get("pageUrl") if isinstance(props.get("pageUrl"), str) else None)
    if not alone:
        yield _profile(unit, props, url, page)
    rows = props.get("reviews")
    if rows is None and "reviews" in props:
        return
    if not isinstance(rows, list):
        raise LayoutChanged("reviews not beside businessUnit", where=SOURCE)
    if not rows and not alone:
        yield _nothing(unit, pages)
        return
    outcomes = list(_reviews(rows, unit, url))
    yield from outcomes or [NoResults(source=SOURCE)]


def _nothing(unit: UnitIn, pages: PagesIn) -> Outcome:
    """Tell a true nothing from a page that the site keeps from those who are not logged in."""
    number = pages.page or 1
    if 0 in (unit.count, pages.count) or number > (pages.pages or number):
        return NoResults(source=SOURCE)
    if number > _LAST_OPEN_PAGE:
        return Refused(source=SOURCE, reason=LOGIN, detail=f"page {number} without reviews")
    raise LayoutChanged(f"no reviews in page, which counts {pages.count}", where=SOURCE)


def _profile(unit: UnitIn, props: dict[str, Any], url: str | None, page: Page) -> Profile:
    counts = into(props, "filters", "reviewStatistics", "ratings") or into(props, "businessUnit", "numberOfReviews")
    found = {star: next((into(counts, name) for name in names if into(counts, name) is not None), None) for star, *names in _STARS}
    selected = into(props, "filters", "selected")
    chosen = [f"{name}={value}" for name in ("languages", "stars", "date", "search", "topics") if (value := into(selected, name)) and isinstance(value, str)]
    return Profile(source=SOURCE, employer=unit.name or unit.domain, employer_id=unit.ident, url=url, rating=unit.score, review_count=unit.count,
                   claimed="unknown" if unit.claimed is None else "claimed" if unit.claimed else "unclaimed", domain=lenient.host(url),
                   filter="; ".join(chosen) or None, observed=lenient.observed(page),
                   histogram={star: count for star, count in found.items() if type(count) is int and count >= 0},
                   filled=lenient.filled(props.get("businessUnit"), _FILLABLE))  # fmt: skip


def _named_in(row: Any) -> UnitIn:
    """Return the business unit that a review of the interface names itself."""
    told = {key: into(row, "businessUnit", key) for key in ("id", "displayName", "identifyingName")}
    return UnitIn.model_validate({key: value for key, value in told.items() if isinstance(value, str)})


def _reviews(rows: list[Any], unit: UnitIn, url: str | None) -> Iterator[Outcome]:
    for name, row in lenient.once(rows, "id"):
        try:
            one, odd = lenient.without_its_date(ReviewIn, row, "dates" if isinstance(row, dict) and "dates" in row else "createdAt")
        except ValidationError as error:
            yield lenient.complaint(SOURCE, error, name)
            continue
        if odd:
            yield lenient.complaint(SOURCE, odd, name)
        if one.pending:  # the site still checks it; a later page has it, or never will
            continue
        answer = (Response(text=one.reply.text, published=one.reply.published),) if one.reply and one.reply.text else ()
        about = unit if unit.ident else _named_in(row)
        yield Review(source=SOURCE, employer=about.name or about.domain, employer_id=about.ident, native_id=one.ident,
                     url=lenient.absolute(url or _SITE, f"/reviews/{quote(one.ident, safe='')}"), published=one.published, voice="customer",
                     lang=(one.language or "")[:2].lower() or None, rating=one.rating, title=one.title, body=one.text, helpful=one.likes, responses=answer)  # fmt: skip
