"""kununu: reviews by employees, applicants and apprentices, from answers of the site's interface and saved pages.

The site asks programs to solve a test in JavaScript, so nothing is requested live by default.
"""

from __future__ import annotations

import html
import re
from collections.abc import Generator, Iterator
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs, quote, urlencode, urlsplit, urlunsplit

from pydantic import AliasChoices, BeforeValidator, Field, ValidationError

from repwatch.errors import LayoutChanged
from repwatch.models import (
    NoResults,
    Outcome,
    Page,
    Problem,
    Profile,
    Read,
    Request,
    Review,
    SourceInfo,
    Voice,
    Watch,
)
from repwatch.refusals import find_refusal
from repwatch.sources import _lenient as lenient
from repwatch.sources._dates import read_month
from repwatch.sources._fragment import plain
from repwatch.sources._lenient import Count, Foreign, Moment, OrNothing, Stars, Text, into, objects
from repwatch.sources._paging import last_page
from repwatch.sources._state import Marker, json_after, payload
from repwatch.sources._tree import tree

SOURCE = "kununu"
INFO = SourceInfo(
    name=SOURCE, title="kununu", hosts=("kununu.com",),
    reads=r"^/middlewares/|^/(?:de|at|ch)/(?!(?:suche|search|jobs|stellenangebote|login|registrieren|impressum|datenschutz|agb|nutzungsbedingungen|cookies?|hilfe|kontakt|top-companies|community-guidelines)(?:/|$))[^/]",
    pages=("https://www.kununu.com/de/{slug}/kommentare",), lookup="kununu.com",
    marks=(b"kununu.com/middlewares/", b'"recommendationRate"', b'"apprenticeshipJob"', b"index__reviewBlock__"),
    door="JSON payload, saved page", live=False, languages=("de", "en"), pace_s=10.0,
    terms="The site asks programs to solve a test (AWS WAF): save the page or the answer from your own browser.",
    verified="nothing real: the interface by the code of four readers (2021 to 2026), saved pages by description, unverified",
)  # fmt: skip

_STATES = (
    Marker(b"__NEXT_DATA__", re.compile(rb"""["']?[^<>]{0,200}>\s*(?=\{)""")),
    Marker(b"apollo-state", re.compile(rb"""["']?[^<>]{0,200}>\s*(?=\{)""")),
)
_ARTICLE = b'data-testid="review-'
_LANG = re.compile(rb"""<html\b[^>]{0,300}?\blang=["']?([a-zA-Z]{2})""")
_PATH = re.compile(r"/profiles/([a-z]{2})/([^/?#]+)/([0-9a-fA-F-]{36})/reviews")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_LINK = re.compile(rf"/review/({_UUID.pattern})", re.IGNORECASE)
_VOICES: dict[str, Voice] = {"employer": "employee", "application": "applicant", "apprentice": "apprentice", "apprenticeship": "apprentice"}
_TEXTS = {"positive": "pros", "negative": "cons", "suggestion": "advice"}
_LABELS = {"Gut am Arbeitgeber finde ich": "pros", "Schlecht am Arbeitgeber finde ich": "cons", "Verbesserungsvorschläge": "advice"}
#: What a page calls those who write, by how the word begins; `Ex-` before it says that they left. Any other word is a job.
_WRITERS: tuple[tuple[tuple[str, ...], Voice], ...] = (
    (("angestellte", "employee"), "employee"), (("bewerber", "applicant"), "applicant"), (("auszubildende", "azubi", "lehrling", "apprentice"), "apprentice"),
)  # fmt: skip
_LEFT = re.compile(r"ex-\s*", re.IGNORECASE)
#: What stands in the title behind an employer's name.
_TITLE = re.compile(r"<title\b[^>]{0,200}>\s*([^<|]{1,200}?)\s+(?:als (?:Arbeitgeber|Ausbilder)|Erfahrungen|Bewertungen|as an? employer|reviews)\b[^<]{0,200}kununu", re.IGNORECASE)
_TITLE_SIZE = 2000
_PAGE = re.compile(r"kununu\.com/[a-z]{2}/([^/?#]+)")
_COMPANY = re.compile(rf"/statements/({_UUID.pattern})/review/", re.IGNORECASE)
_DEEPEST = 12


class TextIn(Foreign):
    ident: str = Field(alias="id")
    text: Text = None


class RatingIn(Foreign):
    ident: str = Field(alias="id", min_length=1)
    score: Stars = None
    text: Text = None


class PlaceIn(Foreign):
    city: Text = None
    state: Text = None


class CompanyIn(Foreign):
    name: Text = None
    ident: str | None = Field(default=None, alias="uuid")
    location: Annotated[PlaceIn | None, OrNothing] = None


class ReviewIn(Foreign):
    ident: str = Field(alias="uuid", min_length=1)
    title: Text = None
    score: Stars = None
    created: Moment = Field(default=None, alias="createdAt")
    kind: Literal["employer", "application", "apprentice", "apprenticeship"] = Field(default="employer", alias="type")
    recommended: bool | None = None
    former: Any = None
    position: Text = None
    apprenticeship: Text = Field(default=None, alias="apprenticeshipJob")
    company: Annotated[CompanyIn | None, OrNothing] = None
    texts: Annotated[list[TextIn], BeforeValidator(objects)] = Field(default=[])
    ratings: Annotated[list[RatingIn], BeforeValidator(objects)] = Field(default=[])


class ShownIn(Foreign):
    """The score as a page shows it, the comma made a point: 0 is one that was not given."""

    score: Annotated[float | None, Field(ge=0, le=5), BeforeValidator(lambda value: None if value in ("0", "0.0") else value)] = None


class RateIn(Foreign):
    percentage: Annotated[float | None, Field(ge=0, le=100)] = None


class ListingIn(Foreign):
    """A page of reviews as the interface tells it; the reviews themselves are checked one by one."""

    total: Count = Field(default=None, alias="totalReviews")
    page: Count = None
    pages: Count = Field(default=None, validation_alias=AliasChoices("pagesCount", "totalPages"))
    score: Stars = None
    rate: Annotated[RateIn | None, OrNothing] = Field(default=None, alias="recommendationRate")


def walk(watch: Watch) -> Generator[Request, Read, None]:
    """Ask for the pages of the interface, newest first; of any other address, for that page alone."""
    url = watch.resume or watch.target
    is_last = last_page(watch.since)
    for _ in range(watch.max_pages):
        paged = "/middlewares/" in url
        read = yield Request(url=url, expect="json" if paged else "html", resume=url)
        if not paged or is_last(read):
            return
        url = _next(url)


def _next(url: str) -> str:
    parts = urlsplit(url)
    query = parse_qs(parts.query, keep_blank_values=True)
    number = query.get("page", ["1"])[0]
    query["page"] = [str(int(number) + 1 if number.isascii() and number.isdigit() and len(number) < 9 else 2)]
    return urlunsplit(parts._replace(query=urlencode(query, doseq=True)))


def parse(page: Page) -> Iterator[Outcome]:
    """Read an answer of the interface or a saved page: the profile first, where one is told."""
    refused = find_refusal(page, source=SOURCE, expect="json" if "/middlewares/" in page.url else "any")
    if refused:
        yield refused
        return
    if page.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        told = _listing(payload(page.body))
        if told is None:
            raise LayoutChanged("reviews not in the answer", where=SOURCE)
        yield from _outcomes(told, page, None)
        return
    found = _LANG.search(page.body[:5000])
    lang = found[1].decode().lower() if found else None
    for mark in _STATES:
        for value in json_after(page.body, mark):
            told = _listing(value)
            if told is not None:
                yield from _outcomes(told, page, lang)
                return
    if _ARTICLE not in page.body:
        raise LayoutChanged("neither state nor reviews in page", where=SOURCE)
    yield from _articles(page, lang)


def _listing(value: Any) -> dict[str, Any] | None:
    """Find the listing in a state: an object whose `reviews` are objects with a uuid, or are none and counted."""
    waiting = [(value, 0)]
    while waiting:
        one, depth = waiting.pop(0)
        if isinstance(one, dict):
            rows = one.get("reviews")
            if isinstance(rows, list) and (any("uuid" in row for row in objects(rows)) or (not rows and "totalReviews" in one)):
                return one
        inner = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        if depth < _DEEPEST:
            waiting += [(each, depth + 1) for each in inner if isinstance(each, dict | list)]
    return None


def _outcomes(told: dict[str, Any], page: Page, lang: str | None) -> Iterator[Outcome]:
    try:
        listing = ListingIn.model_validate(told)
    except ValidationError as error:
        raise LayoutChanged(lenient.complaint(SOURCE, error, "listing").detail, where=SOURCE) from error
    employer = next(_companies(told["reviews"]), CompanyIn())
    yield _profile(listing, employer, told, page)
    if not told["reviews"]:
        number = listing.page or 1
        if listing.total and number <= (listing.pages or number):
            raise LayoutChanged(f"no reviews in the answer, which counts {listing.total}", where=SOURCE)
        yield NoResults(source=SOURCE)
    for name, row in lenient.once(told["reviews"], "uuid"):
        try:
            one, odd = lenient.without_its_date(ReviewIn, row, "createdAt")
        except ValidationError as error:
            yield lenient.complaint(SOURCE, error, name)
            continue
        if odd:
            yield lenient.complaint(SOURCE, odd, name)
        yield _review(one, employer, lang)


def _companies(rows: list[Any]) -> Iterator[CompanyIn]:
    for row in objects(rows):
        try:
            yield CompanyIn.model_validate(row.get("company"))
        except ValidationError:
            continue


def _profile(listing: ListingIn, employer: CompanyIn, told: dict[str, Any], page: Page) -> Profile:
    path = _PATH.search(urlsplit(page.url).path) if lenient.host(page.url) else None
    url = f"https://www.kununu.com/{path[1]}/{quote(path[2], safe='%')}/kommentare" if path else lenient.absolute(None, page.url)
    kind = parse_qs(urlsplit(page.url).query).get("reviewType") if path else None
    slug = into(told, "common", "slug")
    rate = listing.rate.percentage if listing.rate and listing.total else None  # 0 % of nobody says nothing
    # Beyond the last page nobody names the employer, whom the pages before did: its slug would make another one of it.
    name = employer.name or (slug if isinstance(slug, str) and not listing.total else None)
    return Profile(source=SOURCE, employer=name, employer_id=employer.ident or (path[3] if path else None),
                   url=url, rating=listing.score, review_count=listing.total, recommend=None if rate is None else round(rate / 100, 4),
                   domain=lenient.host(page.url), filter=f"reviewType={kind[0]}" if kind else None, observed=lenient.observed(page))  # fmt: skip


def _review(one: ReviewIn, employer: CompanyIn, lang: str | None) -> Review:
    company = one.company or employer
    place = one.company.location if one.company else None
    voice = "apprentice" if one.apprenticeship and one.kind == "employer" else _VOICES[one.kind]
    words: dict[str, Any] = {_TEXTS[each.ident]: each.text for each in one.texts if each.ident in _TEXTS and each.text}
    rest = [each.text for each in one.texts if each.ident not in _TEXTS] + [each.text for each in one.ratings]
    # `former` is an object for those who left and null for those who stayed; applicants are neither.
    told = voice != "applicant" and "former" in one.model_fields_set
    return Review(source=SOURCE, employer=company.name, employer_id=company.ident, native_id=one.ident, published=one.created, lang=lang, voice=voice,
                  rating=one.score, title=one.title, body="\n\n".join(filter(None, rest)) or None, job_title=one.apprenticeship or one.position,
                  location=", ".join(filter(None, (place.city, place.state))) or None if place else None, recommend=one.recommended,
                  status=("current" if one.former in (None, False) else "former") if told else None,
                  subratings={each.ident: each.score for each in one.ratings if each.score is not None}, **words)  # fmt: skip


def _articles(page: Page, lang: str | None) -> Iterator[Outcome]:
    """Read the reviews that a saved page shows, as far as their marks are known: score, month, who writes, texts."""
    employer, base = _company(page), lenient.absolute(None, page.url)
    if employer.name:
        yield Profile(source=SOURCE, employer=employer.name, employer_id=employer.ident, url=base, domain=lenient.host(base), observed=lenient.observed(page))
    for number, node in enumerate(tree(page.body).css('article[data-testid^="review-"]'), 1):
        linked = _LINK.search(node.html or "") or _UUID.search(node.attributes.get("data-testid") or "")
        ident = (linked[linked.lastindex or 0]).lower() if linked else None
        name = f"review {ident or f'number {number}'}"
        score, time = (_shown(node, each) for each in ('span[class*="index__score__"]', "time"))
        moment = node.css_first("time[datetime]")
        published = None
        try:
            shown = ShownIn.model_validate({"score": score.replace(",", ".") if score else None})
            published = read_month((moment.attributes.get("datetime") if moment else None) or time, lang or "")
        except ValidationError as error:
            yield lenient.complaint(SOURCE, error, name)
            continue
        except ValueError as error:
            yield Problem(source=SOURCE, reason="schema", detail=f"{name}: time: {error}")
        words = _sections(node)
        if ident is None and shown.score is None and not words:  # an advertisement stands in the list like a review
            yield Problem(source=SOURCE, reason="schema", detail=f"{name}: neither id, text nor score")
            continue
        heading = node.css_first("h3")
        link = node.css_first("a[href]:has(h3), h3 a[href]")
        yield Review(source=SOURCE, employer=employer.name, employer_id=employer.ident, native_id=ident, published=published, lang=lang, rating=shown.score,
                     url=lenient.absolute(base, link.attributes.get("href")) if link and base else None, title=plain(heading.text()) or None if heading else None,
                     **_writer(_shown(node, 'div[class*="index__employmentInfoBlock__"] b')), **words)  # fmt: skip


def _company(page: Page) -> CompanyIn:
    """Return whose page it is: by its title, else by the slug in its address; the links to its reviews hold its id."""
    text = page.body.decode("utf-8", "replace")
    start = text.find("<title")
    title = _TITLE.match(text[start : start + _TITLE_SIZE]) if start >= 0 else None
    slug, ident = _PAGE.search(page.url), _COMPANY.search(text)
    name = html.unescape(title[1]) if title else slug[1] if slug else None
    return CompanyIn(name=plain(name) or None if name else None, uuid=ident[1].lower() if ident else None)


def _writer(told: str | None) -> dict[str, Any]:
    """Return who writes, whether they left, and the job where one is told: "Ex-Angestellte/r oder Arbeiter/in" is none."""
    if told is None:
        return {}
    word = _LEFT.sub("", told, count=1) if _LEFT.match(told) else told
    voice = next((voice for starts, voice in _WRITERS if word.casefold().startswith(starts)), None)
    return {"voice": voice or "employee", "job_title": None if voice else word, "status": None if voice == "applicant" else "current" if word == told else "former"}


def _shown(node: Any, selector: str) -> str | None:
    found = node.css_first(selector)
    return " ".join(found.text().split()) or None if found else None


def _sections(node: Any) -> dict[str, Any]:
    """Return the text after each heading: three headings have a place of their own, the others' texts are the body."""
    told: dict[str, list[str]] = {}
    for heading in node.css("h4"):
        parts, after = [], heading.next
        while after is not None and after.tag != "h4":
            parts.append(plain(after.text(separator=" ")))
            after = after.next
        text = "\n\n".join(filter(None, parts))
        if text:
            told.setdefault(_LABELS.get(" ".join(heading.text().split()), "body"), []).append(text)
    return {field: "\n\n".join(texts) for field, texts in told.items()}
