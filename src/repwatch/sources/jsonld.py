"""Ratings and reviews that any web page states in schema.org's words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Generator, Iterator
from typing import Annotated, Any

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
from repwatch.sources._foreign import Foreign, Name, host, language, web_link, when, why
from repwatch.sources._fragment import one_line, to_text
from repwatch.sources._schemaorg import Thing, blocks, count, figure, first, markup, things

INFO = SourceInfo(
    name="jsonld",
    title="Ratings in any web page (schema.org)",
    marks=(
        b"application/ld+json",
        b"schema.org/AggregateRating",
        b"schema.org/EmployerAggregateRating",
        b"schema.org/Review",
        b'"EmployerAggregateRating"',
        b'"AggregateRating"',
    ),
    door="web page or saved page",
    terms="What a page states for search engines; robots.txt is obeyed.",
    verified="saved pages of Trustpilot (2024 to 2025) and Indeed (2024)",
)

_RATINGS = frozenset(("AggregateRating", "EmployerAggregateRating"))
_REVIEWS = frozenset(("Review", "EmployerReview", "UserReview", "CriticReview"))
#: Things that are sold or made; what is said of them is not said of who employs.
_GOODS = frozenset((
    "Product", "ProductGroup", "ProductModel", "IndividualProduct", "Vehicle", "Car", "Offer", "Recipe", "Book", "Movie", "TVSeries",
    "MusicAlbum", "MusicRecording", "Game", "VideoGame", "SoftwareApplication", "MobileApplication", "WebApplication", "Course", "Event",
))  # fmt: skip


def _one_record(value: Any) -> Any:
    """Take the first of several ratings; a bare number is a rating as well."""
    value = value[0] if isinstance(value, list) and value else value
    return (
        {"ratingValue": value}
        if isinstance(value, int | float | str) and not isinstance(value, bool)
        else value or None
    )


_Words = Annotated[Name | None, BeforeValidator(first)]
_Number = Annotated[float | None, BeforeValidator(figure)]
_Whole = Annotated[Annotated[int, Field(ge=0)] | None, BeforeValidator(count)]


class _Rating(Foreign):
    ratingValue: _Number = None  # noqa: N815 — the names of schema.org
    bestRating: _Number = None  # noqa: N815
    reviewCount: _Whole = None  # noqa: N815
    ratingCount: _Whole = None  # noqa: N815

    def scaled(self) -> tuple[float | None, int]:
        """Return rating and scale (five where the page names none); ValueError when they cannot both be right."""
        best = 5.0 if self.bestRating is None else self.bestRating
        if best < 1 or best != int(best):
            msg = "bestRating: not a scale"
            raise ValueError(msg)
        if self.ratingValue is not None and not 0 <= self.ratingValue <= best:
            msg = f"ratingValue: outside 0 to {int(best)}"
            raise ValueError(msg)
        return self.ratingValue, int(best)


class _Comment(Foreign):
    text: _Words = None
    dateCreated: _Words = None  # noqa: N815
    datePublished: _Words = None  # noqa: N815


class _Review(Foreign):
    ld_id: Annotated[_Words, Field(alias="@id")] = None
    url: _Words = None
    identifier: _Words = None
    reviewRating: Annotated[_Rating | None, BeforeValidator(_one_record)] = None  # noqa: N815
    headline: _Words = None
    name: _Words = None
    reviewBody: _Words = None  # noqa: N815
    description: _Words = None
    datePublished: _Words = None  # noqa: N815
    dateCreated: _Words = None  # noqa: N815
    inLanguage: _Words = None  # noqa: N815
    comment: Annotated[
        tuple[_Comment, ...], BeforeValidator(lambda value: value if isinstance(value, list) else [value])
    ] = ()


def walk(watch: Watch) -> Generator[Request, Read, None]:
    """Ask for the one page."""
    yield Request(url=watch.target, expect="html")


def parse(page: Page) -> Iterator[Outcome]:
    """Read the ratings and reviews that a page states; what is said of its goods is left out, and counted."""
    refusal = find_refusal(page, source=INFO.name)
    if refusal:
        yield refusal
        return
    values, faults = blocks(markup(page))
    yield from (Problem(source=INFO.name, reason="bad_block", detail=fault) for fault in faults)
    found = [thing for thing in things(values) if thing.types & (_RATINGS | _REVIEWS)]
    goods = [thing for thing in found if _types(thing.about) & _GOODS]
    if goods:
        detail = f"{len(goods)} ratings or reviews of goods, not of an employer, are left out"
        yield Problem(source=INFO.name, reason="not_employer", detail=detail)
    read = [thing for thing in found if thing not in goods]
    if not read:
        msg = "no schema.org rating or review in page"
        raise LayoutChanged(msg, where=INFO.name)
    yield from _once(_outcomes(read, page))


def _once(outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
    """Drop repetitions: pages state the same record in several blocks."""
    seen: set[str] = set()
    for outcome in outcomes:
        key = outcome.model_dump_json()
        if key not in seen:
            seen.add(key)
            yield outcome


def _outcomes(found: list[Thing], page: Page) -> Iterator[Outcome]:
    employers = {_same(thing.about) for thing in found if "EmployerAggregateRating" in thing.types}
    ids = Counter(first(thing.record.get("@id") or thing.record.get("url")) for thing in _distinct(found))
    for place, thing in enumerate(found):
        try:
            if thing.types & _RATINGS:
                yield _profile(thing, page)
            else:
                employee = "EmployerReview" in thing.types or _same(thing.about) in employers
                yield _review(thing, page, employee=employee, ids=ids)
        except ValidationError as error:
            yield Problem(
                source=INFO.name, reason="bad_entry", detail=f"{_label(thing)} {place}: {why(error)}"
            )
        except ValueError as error:
            yield Problem(source=INFO.name, reason="bad_entry", detail=f"{_label(thing)} {place}: {error}")


def _distinct(found: list[Thing]) -> list[Thing]:
    """Return the reviews, each once, so that a repetition does not make its id look shared."""
    kept: dict[str, Thing] = {}
    for thing in found:
        if thing.types & _REVIEWS:
            kept.setdefault(repr(thing.record), thing)
    return list(kept.values())


def _label(thing: Thing) -> str:
    return min(thing.types & (_RATINGS | _REVIEWS))


def _types(record: dict[str, Any]) -> frozenset[str]:
    return next((thing.types for thing in things([record])), frozenset())


def _same(about: dict[str, Any]) -> str:
    """Name what a record is about, so that two mentions of one employer meet; "" is the page's own subject."""
    name = first(about.get("name"))
    return one_line(str(name)).casefold() if name else ""


def _employer(about: dict[str, Any]) -> str | None:
    name = first(about.get("name"))
    return one_line(to_text(name)) or None if isinstance(name, str) else None


def _profile(thing: Thing, page: Page) -> Profile:
    rating = _Rating.model_validate(thing.record)
    value, scale = rating.scaled()
    total = rating.ratingCount if rating.reviewCount is None else rating.reviewCount
    if value is None and total is None:
        msg = "neither ratingValue nor a count"
        raise ValueError(msg)
    return Profile(
        source=INFO.name,
        employer=_employer(thing.about),
        url=web_link(page.url),
        rating=None if not value and not total else value,
        rating_scale=scale,
        review_count=total,
        domain=host(page.url) or None,
        observed=when(page.fetched_at),
    )


def _review(thing: Thing, page: Page, *, employee: bool, ids: Counter[Any]) -> Review:
    record = _Review.model_validate(thing.record)
    rating, scale = record.reviewRating.scaled() if record.reviewRating else (None, 5)
    title = one_line(to_text(record.headline or record.name or ""))
    title = "" if title.casefold() == _same(thing.about) else title
    body = to_text(record.reviewBody or record.description or "")
    if rating is None and not title and not body:
        msg = "neither rating nor text"
        raise ValueError(msg)
    own = record.ld_id or record.url
    identifies = own is not None and ids[own] == 1 and _is_id(own, thing, page)
    return Review(
        source=INFO.name,
        employer=_employer(thing.about),
        native_id=_native(own if identifies else None, record.identifier, page),
        url=(web_link(own, page.url) if own and identifies and "#" not in own else None)
        or web_link(page.url),
        published=when(record.datePublished) or when(record.dateCreated),
        lang=language(record.inLanguage),
        voice="employee" if employee else "customer",
        rating=rating,
        rating_scale=scale,
        title=title or None,
        body=body or None,
        responses=tuple(
            Response(
                text=to_text(answer.text), published=when(answer.dateCreated) or when(answer.datePublished)
            )
            for answer in record.comment
            if answer.text
        ),
    )


#: A fragment with a small number is a place on the page, which another review holds tomorrow.
_PLACE = re.compile(r"#\D*\d{0,3}")


def _is_id(own: str, thing: Thing, page: Page) -> bool:
    _, mark, fragment = own.partition("#")
    others = (page.url, first(thing.about.get("@id")), first(thing.about.get("url")))
    return not own.startswith("_:") and own not in others and not (mark and _PLACE.fullmatch(mark + fragment))


def _native(own: str | None, identifier: str | None, page: Page) -> str | None:
    """Return an id that no other site uses: an address, or what the page calls the review with the site's name before it."""
    if own and web_link(own):
        return own
    given = own or identifier
    return f"{host(page.url)}:{given}" if given and host(page.url) else None
