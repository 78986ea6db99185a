"""Ratings and reviews that any web page states in schema.org's words: the door of the many smaller sites."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Generator, Iterator
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, Field, ValidationError

from repwatch.errors import LayoutChanged
from repwatch.models import (
    Outcome,
    Page,
    Problem,
    Profile,
    Read,
    Request,
    Response,
    Review,
    SourceInfo,
    Watch,
)
from repwatch.refusals import find_refusal
from repwatch.sources._fragment import one_line, to_text
from repwatch.sources._lenient import Foreign, Name, absolute, filled, host, observed, why
from repwatch.sources._schemaorg import Thing, blocks, count, figure, first, in_utf8, things
from repwatch.sources._when import language, when

INFO = SourceInfo(
    name="jsonld", title="Pages with schema.org data", marks=(b"AggregateRating", b"schema.org/Review", b'"@type":"Review"', b'"@type": "Review"'),
    door="live page, saved page", languages=("fr", "nl", "en", "de"), pace_s=5.0, terms="each site's own; robots.txt is obeyed",
    verified="pages of Indeed 2024 and Trustpilot 2024 and 2025; schema.org",
)  # fmt: skip

_RATINGS = frozenset(("AggregateRating", "EmployerAggregateRating"))
#: A rating that names none of these tells nothing: it is a reference, or a mistake for the type of what is reviewed.
_TOLD = frozenset(("ratingValue", "reviewCount", "ratingCount"))
_REVIEWS = frozenset(("Review", "EmployerReview", "UserReview", "CriticReview"))
#: Things that are sold or made. Beside what is said of an employer, what is said of them is left out.
_GOODS = frozenset((
    "Product", "ProductGroup", "ProductModel", "IndividualProduct", "Vehicle", "Car", "Offer", "Recipe", "Book", "Movie", "TVSeries",
    "MusicAlbum", "MusicRecording", "Game", "VideoGame", "SoftwareApplication", "MobileApplication", "WebApplication", "Course", "Event",
))  # fmt: skip
#: Sites on which employees speak of employers, by the name in their host; their pages say no more than Review.
_OF_EMPLOYERS = frozenset((
    "greatplacetowork", "welcometothejungle", "choosemycompany", "inhersight", "jobteaser", "meilleures-entreprises", "happyatwork", "comparably", "ambitionbox",
    "teamblind", "glassdoor", "indeed", "kununu",
))  # fmt: skip
#: A fragment with a small number is a place on the page, which another review holds tomorrow.
_PLACE = re.compile(r"#\D*\d{0,3}")

_Words = Annotated[Name, BeforeValidator(first)]
_Number = Annotated[float | None, BeforeValidator(figure)]
_Whole = Annotated[Annotated[int, Field(ge=0)] | None, BeforeValidator(count)]


class _Rating(Foreign):
    ratingValue: _Number = None  # noqa: N815 — the names of schema.org
    bestRating: _Number = None  # noqa: N815
    reviewCount: _Whole = None  # noqa: N815
    ratingCount: _Whole = None  # noqa: N815


class _Rated(NamedTuple):
    """A rating with its scale (five where the page names none), its count, and what is wrong with it."""

    value: float | None = None
    scale: int = 5
    total: int | None = None
    fault: str = ""


class _Comment(Foreign):
    text: _Words = None
    dateCreated: _Words = None  # noqa: N815
    datePublished: _Words = None  # noqa: N815


class _Review(Foreign):
    ld_id: Annotated[_Words, Field(alias="@id")] = None
    url: _Words = None
    identifier: _Words = None
    headline: _Words = None
    name: _Words = None
    reviewBody: _Words = None  # noqa: N815
    description: _Words = None
    datePublished: _Words = None  # noqa: N815
    dateCreated: _Words = None  # noqa: N815
    inLanguage: _Words = None  # noqa: N815
    comment: Annotated[tuple[_Comment, ...], BeforeValidator(lambda value: [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, dict)])] = ()


def walk(watch: Watch) -> Generator[Request, Read, None]:
    """Ask for the one page."""
    yield Request(url=watch.target, expect="html")


def parse(page: Page) -> Iterator[Outcome]:
    """Read the ratings and reviews that a page states; beside those of an employer, those of its goods are left out."""
    refusal = find_refusal(page, source=INFO.name)
    if refusal:
        yield refusal
        return
    values, faults = blocks(in_utf8(page))
    yield from (Problem(source=INFO.name, reason="not_json", detail=fault) for fault in faults)
    found = [thing for thing in things(values) if thing.types & _REVIEWS or (thing.types & _RATINGS and _TOLD & thing.record.keys())]
    if not found:
        raise LayoutChanged("no schema.org rating or review in page", where=INFO.name)
    yield from _once(_outcomes([thing for thing in found if not _types(thing.about) & _GOODS] or found, page))


def _once(outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
    """Drop repetitions: pages state the same record in several blocks."""
    seen: set[str] = set()
    for outcome in outcomes:
        key = outcome.model_dump_json()
        if key not in seen:
            seen.add(key)
            yield outcome


def _outcomes(found: list[Thing], page: Page) -> Iterator[Outcome]:
    found = sorted(found, key=lambda thing: not thing.types & _RATINGS)
    known = not _OF_EMPLOYERS.isdisjoint((host(page.url) or "").split("."))
    employers = {_same(thing.about) for thing in found if "EmployerAggregateRating" in thing.types}
    rated = next((name for thing in found if thing.types & _RATINGS and (name := _employer(thing.about))), None)
    ids = Counter(first(thing.record.get("@id") or thing.record.get("url")) for thing in _distinct(found))
    for number, thing in enumerate(found, 1):
        label = f"{min(thing.types & (_RATINGS | _REVIEWS))} {number}"
        try:
            if thing.types & _RATINGS:
                yield from _profile(thing, page, label)
            else:
                employee = known or "EmployerReview" in thing.types or _same(thing.about) in employers or bool(employers and not _same(thing.about))
                yield from _review(thing, page, label, voice="employee" if employee else "customer", ids=ids, employer=_employer(thing.about) or rated)
        except ValidationError as error:
            yield _problem(f"{label}: {why(error)}")


def _problem(detail: str) -> Problem:
    return Problem(source=INFO.name, reason="schema", detail=detail)


def _distinct(found: list[Thing]) -> list[Thing]:
    """Return the reviews, each once, so that a repetition does not make its id look shared."""
    kept: dict[str, Thing] = {}
    for thing in found:
        if thing.types & _REVIEWS:
            kept.setdefault(repr(thing.record), thing)
    return list(kept.values())


def _types(record: dict[str, Any]) -> frozenset[str]:
    return next((thing.types for thing in things([record])), frozenset())


def _same(about: dict[str, Any]) -> str:
    """Name what a record is about, so that two mentions of one employer meet; "" is the page's own subject."""
    return (_employer(about) or "").casefold()


def _employer(about: dict[str, Any]) -> str | None:
    name = first(about.get("name"))
    return one_line(to_text(name)) or None if isinstance(name, str) else None


def _scaled(raw: Any) -> _Rated:
    """Read a rating: the first of several; a bare number is one as well. One that cannot be right has a fault instead of a value."""
    raw = raw[0] if isinstance(raw, list) and raw else raw
    if not isinstance(raw, dict):
        raw = {"ratingValue": raw} if isinstance(raw, int | float | str) else {}
    try:
        told = _Rating.model_validate(raw)
    except ValidationError as error:
        return _Rated(fault=why(error))
    total = told.ratingCount if told.reviewCount is None else told.reviewCount
    best = 5.0 if told.bestRating is None else told.bestRating
    if best < 1 or best != int(best) or best > 1_000:
        return _Rated(None, 5, total, "bestRating: not a scale")
    if told.ratingValue is not None and told.ratingValue > best:
        return _Rated(None, int(best), total, f"ratingValue: outside 0 to {int(best)}")
    return _Rated(told.ratingValue, int(best), total)


def _profile(thing: Thing, page: Page, label: str) -> Iterator[Outcome]:
    rating = _scaled(thing.record)
    if rating.fault or (rating.value is None and rating.total is None):
        yield _problem(f"{label}: {rating.fault or 'neither ratingValue nor a count'}")
    if rating.value is not None or rating.total is not None:
        yield Profile(source=INFO.name, employer=_employer(thing.about), url=absolute(None, page.url), rating=rating.value, rating_scale=rating.scale,
                      review_count=rating.total, domain=host(page.url), observed=observed(page), filled=filled(thing.about, {"logo": "logo"}))  # fmt: skip


def _review(thing: Thing, page: Page, label: str, *, voice: Any, ids: Counter[Any], employer: str | None) -> Iterator[Outcome]:
    record, rating = _Review.model_validate(thing.record), _scaled(thing.record.get("reviewRating"))
    title = one_line(to_text(record.headline or record.name))
    title = "" if title.casefold() == _same(thing.about) else title
    body = to_text(record.reviewBody or record.description)
    if rating.fault or (rating.value is None and not title and not body):
        yield _problem(f"{label}: {rating.fault or 'neither rating nor text'}")
    if rating.value is None and not title and not body:
        return
    own = record.ld_id or record.url
    identifies = own is not None and ids[own] == 1 and _is_id(own, thing, page)
    link = absolute(page.url, own) if own and identifies and "#" not in own else None
    yield Review(source=INFO.name, employer=employer, native_id=_native(own if identifies else None, record.identifier, page),
                 url=link or absolute(None, page.url), published=when(record.datePublished) or when(record.dateCreated), lang=language(record.inLanguage),
                 voice=voice, rating=rating.value, rating_scale=rating.scale, title=title or None, body=body or None,
                 responses=tuple(Response(text=to_text(each.text), published=when(each.dateCreated) or when(each.datePublished)) for each in record.comment if each.text))  # fmt: skip


def _is_id(own: str, thing: Thing, page: Page) -> bool:
    _, mark, fragment = own.partition("#")
    others = (page.url, first(thing.about.get("@id")), first(thing.about.get("url")))
    return not own.startswith("_:") and own not in others and not (mark and _PLACE.fullmatch(mark + fragment))


def _native(own: str | None, identifier: str | None, page: Page) -> str | None:
    """Return an id that no other site uses: an address, or what the page calls the review with the site's name before it."""
    if own and absolute(None, own):
        return own
    given, site = own or identifier, host(page.url)
    return f"{site}:{given}" if given and site else None
