"""Indeed: reviews and the profile of a company page that a person has saved.

The page carries the whole texts in its data, also of the reviews that it hides behind a login. The site refuses programs.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from typing import Annotated, Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, ValidationInfo

from repwatch.errors import LayoutChanged
from repwatch.models import (
    NoResults,
    Outcome,
    Page,
    Profile,
    Read,
    Request,
    Response,
    Review,
    SourceInfo,
    Watch,
)
from repwatch.refusals import find_refusal
from repwatch.sources._dates import read_date
from repwatch.sources._javascript import unescape
from repwatch.sources._lenient import (
    Count,
    Foreign,
    OrNothing,
    Stars,
    Text,
    absolute,
    complaint,
    filled,
    host,
    into,
    objects,
    observed,
    once,
    without_its_date,
)
from repwatch.sources._paging import last_page
from repwatch.sources._state import Marker, json_after, json_at, payload, places

SOURCE = "indeed"
INFO = SourceInfo(
    name=SOURCE, title="Indeed", hosts=("indeed.com",),
    reads=r"^/cmp/[^/]+(?:/(?!jobs\b|photos\b)|$)", pages=("https://be.indeed.com/cmp/{Slug}/reviews",), lookup="indeed.com/cmp",
    marks=(b"comp-initialData", b"window._initialData", b'"encryptedReviewId"', b"https://www.indeed.com/support/contact"),
    door="saved page", live=False, languages=("nl", "fr", "de", "en"), pace_s=10.0,
    terms="The site refuses programs (a test for humans on every address): save the page from your own browser.",
    verified="real pages of 2024 (nl); fr, de, en, answers and the older `window._initialData` by description",
)  # fmt: skip

_PER_PAGE = 20
_STATE = Marker(b"comp-initialData", re.compile(rb"""["']?[^<>]{0,200}>\s*(?=\{)"""))
_OLD = re.compile(rb"\s*=\s*JSON\.parse\(\s*(?:'((?:[^'\\]|\\.)*+)'|\"((?:[^\"\\]|\\.)*+)\")", re.DOTALL)


def _day(value: Any, info: ValidationInfo) -> str | None:
    return read_date(value, (info.context or {}).get("language", ""))


def _in_object(key: str) -> BeforeValidator:
    return BeforeValidator(lambda value: value.get(key) if isinstance(value, dict) else value)


Day = Annotated[str | None, BeforeValidator(_day)]
#: The innermost validator stands first: what is in the object is read as text.
Words = Annotated[Text, _in_object("text")]
Part = Annotated[Stars, _in_object("rating")]


class CommentIn(Foreign):
    text: Words = Field(default=None, alias="commentText")
    published: Day = Field(default=None, alias="date")
    official: bool | None = Field(default=None, alias="isOfficial")


class ReviewIn(Foreign):
    ident: str = Field(alias="encryptedReviewId", min_length=1)
    rating: Stars = Field(default=None, alias="overallRating")
    title: Words = None
    text: Words = None
    pros: Words = None
    cons: Words = None
    job_title: Text = Field(default=None, alias="jobTitle")
    location: Text = None
    country: Text = None
    is_current: bool | None = Field(default=None, alias="currentEmployee")
    published: Day = Field(default=None, alias="submissionDate")
    helpful: Count = None
    url: str | None = Field(default=None, alias="reviewUrl")
    compensation: Part = Field(default=None, alias="compensationAndBenefitsRating")
    culture: Part = Field(default=None, alias="cultureAndValuesRating")
    career: Part = Field(default=None, alias="jobSecurityAndAdvancementRating")
    management: Part = Field(default=None, alias="managementRating")
    work_life_balance: Part = Field(default=None, alias="workAndLifeBalanceRating")
    comments: Annotated[list[CommentIn], BeforeValidator(objects)] = Field(default=[])


class HeaderIn(Foreign):
    name: Text = None
    rating: Stars = None
    count: Count = Field(default=None, alias="reviewCount")
    url: str | None = Field(default=None, alias="reviewsUrl")


class CountsIn(Foreign):
    found: Count = Field(default=None, alias="foundReviewCount")
    total: Count = Field(default=None, alias="totalReviewCount")


class PartsIn(Foreign):
    compensation: Stars = Field(default=None, alias="compensationBenefits")
    culture: Stars = None
    career: Stars = Field(default=None, alias="jobSecurityAdvancement")
    management: Stars = None
    work_life_balance: Stars = Field(default=None, alias="workLifeBalance")


class ContextIn(Foreign):
    language: str | None = None
    domain: str | None = None
    url: str | None = None


def _lists(value: list[int]) -> list[int]:
    if len(value) not in (0, 5):
        raise ValueError("not five counts")
    return value


class AroundIn(Foreign):
    """What a page tells besides its reviews."""

    header: Annotated[HeaderIn, BeforeValidator(lambda value: value or {})]
    counts: Annotated[CountsIn, BeforeValidator(lambda value: value or {})]
    parts: Annotated[PartsIn, BeforeValidator(lambda value: value or {})]
    context: Annotated[ContextIn, BeforeValidator(lambda value: value or {})]
    histogram: Annotated[list[Annotated[int, Field(ge=0)]], AfterValidator(_lists), BeforeValidator(lambda value: value or [])]
    filters: Annotated[dict[str, Any] | None, OrNothing]
    ident: Annotated[str | None, BeforeValidator(lambda value: value or None)]
    claimed: bool | None
    filled: dict[str, bool]


_PARTS = tuple(PartsIn.model_fields)
#: What an employer can fill in, as far as a page of reviews tells.
_FILLABLE = {"logoUrl": "logo", "headerVideoUrl": "video"}


def walk(watch: Watch) -> Generator[Request, Read, None]:
    """Ask for the pages of reviews, until all on a page are older than `watch.since` or were seen before."""
    url = watch.resume or watch.target
    is_last = last_page(watch.since)
    for _ in range(watch.max_pages):
        read = yield Request(url=url, expect="html", resume=url)
        if is_last(read):
            return
        url = _next(url)


def _start(url: str | None) -> int:
    told = parse_qs(urlsplit(url or "").query).get("start", ["0"])[0]
    return int(told) if told.isascii() and told.isdigit() and len(told) < 9 else 0


def _next(url: str) -> str:
    parts = urlsplit(url)
    query = {**parse_qs(parts.query), "start": [str(_start(url) + _PER_PAGE)]}
    return urlunsplit(parts._replace(query=urlencode(query, doseq=True)))


def parse(page: Page) -> Iterator[Outcome]:
    """Read one page: the profile, then its reviews."""
    refused = find_refusal(page, source=SOURCE)
    if refused:
        yield refused
        return
    state = next((one for one in _states(page.body) if _is_company(one)), None)
    if state is None:
        raise LayoutChanged("comp-initialData not in page", where=SOURCE)
    try:
        around = _around(state)
    except ValidationError as error:
        raise LayoutChanged(complaint(SOURCE, error, "page").detail, where=SOURCE) from error
    base = absolute(None, around.context.domain) or absolute(None, page.url)
    whole = _profile(around, base, page)
    yield whole
    rows = into(state, "reviewsList", "items")
    if not isinstance(rows, list):
        if into(state, "companyPageHeader", "pageName") in (None, "reviews"):
            raise LayoutChanged("reviewsList.items not in comp-initialData", where=SOURCE)
        return
    shown = _filter(around)
    if shown and around.counts.found is not None:
        # The header speaks of all countries. What the page lists is counted apart; no rating is told of it, and who claimed the page is said once.
        yield Profile(source=SOURCE, employer=whole.employer, employer_id=whole.employer_id, url=whole.url, review_count=around.counts.found, domain=whole.domain,
                      filter=shown, observed=whole.observed)  # fmt: skip
    if not rows:
        yield _nothing(around)
    yield from _reviews(rows, around, base)


def _states(body: bytes) -> Iterator[Any]:
    if body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        yield payload(body)
    yield from json_after(body, _STATE)
    for place in places(body, b"_initialData"):
        found = _OLD.match(body, place + len(b"_initialData"))
        if found:
            yield json_at(unescape((found[1] or found[2] or b"").decode("utf-8", "replace")), 0)


def _is_company(value: Any) -> bool:
    return isinstance(value, dict) and ("reviewsList" in value or "companyPageHeader" in value)


def _around(state: dict[str, Any]) -> AroundIn:
    side = state.get("sidebarWidgets")
    return AroundIn.model_validate({
        "header": into(state, "companyPageHeader", "companyHeader"), "counts": into(state, "reviewsFilters", "reviewsCount"),
        "parts": into(side, "companyPageStats", "reviewCategories"), "context": state.get("requestContext"),
        "histogram": into(side, "reviewHistogram", "counts"), "filters": into(state, "reviewsFilters", "activeFilters"),
        "ident": state.get("encodedFccId") or into(state, "reviewsList", "encodedFccId"),
        "claimed": into(side, "claimedProfileSectionWidget", "profileClaimed"),
        "filled": filled(state.get("companyPageHeader"), _FILLABLE) | _answered(objects(into(side, "qnaQuestionsWidget", "questions"))),
    })  # fmt: skip


def _answered(questions: list[dict[str, Any]]) -> dict[str, bool]:
    """Tell whether the employer itself has answered any of the questions of visitors that the page shows."""
    told = [each["hasOfficialAnswer"] for each in questions if isinstance(each.get("hasOfficialAnswer"), bool)]
    return {"answers": any(told)} if told else {}


def _nothing(around: AroundIn) -> NoResults:
    """Return the site's own "nothing": a count of zero, or a page beyond the last."""
    found = around.counts.found if around.counts.found is not None else around.counts.total
    if found is not None and found <= _start(around.context.url):
        return NoResults(source=SOURCE)
    raise LayoutChanged(f"no reviews in reviewsList.items, of which {found} are counted", where=SOURCE)


def _filter(around: AroundIn) -> str | None:
    """Tell what the listed reviews are limited to ("fcountry=NL"), without how many those are: each new one would be another filter."""
    return "; ".join(each for each in (around.filters or {}).values() if isinstance(each, str) and "=" in each) or None


def _parts(value: PartsIn | ReviewIn) -> dict[str, float]:
    return {name: stars for name in _PARTS if (stars := getattr(value, name)) is not None}


def _profile(around: AroundIn, base: str | None, page: Page) -> Profile:
    header, counts = around.header, around.counts
    return Profile(source=SOURCE, employer=header.name, employer_id=around.ident, url=absolute(base, header.url), rating=header.rating,
                   review_count=counts.total if header.count is None else header.count, domain=host(base),
                   claimed="unknown" if around.claimed is None else "claimed" if around.claimed else "unclaimed", observed=observed(page),
                   subratings=_parts(around.parts), histogram={str(star): count for star, count in enumerate(around.histogram, 1)}, filled=around.filled)  # fmt: skip


def _reviews(rows: list[Any], around: AroundIn, base: str | None) -> Iterator[Outcome]:
    for name, row in once(rows, "encryptedReviewId"):
        try:
            one, odd = without_its_date(ReviewIn, row, "submissionDate", {"language": around.context.language or ""})
        except ValidationError as error:
            yield complaint(SOURCE, error, name)
            continue
        if odd:
            yield complaint(SOURCE, odd, name)
        # A comment that is expressly not official is not the employer's.
        answers = tuple(Response(text=each.text, published=each.published) for each in one.comments if each.text and each.official is not False)
        yield Review(source=SOURCE, employer=around.header.name, employer_id=around.ident, native_id=one.ident, url=absolute(base, one.url),
                     published=one.published, rating=one.rating, title=one.title, pros=one.pros, cons=one.cons, body=one.text, job_title=one.job_title,
                     location=", ".join(filter(None, (one.location, one.country))) or None, helpful=one.helpful, subratings=_parts(one), responses=answers,
                     status=None if one.is_current is None else "current" if one.is_current else "former")  # fmt: skip
