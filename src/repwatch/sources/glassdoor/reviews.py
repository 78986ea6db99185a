"""Turn a listing of reviews into reviews and the employer's profile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import ValidationError

from repwatch.errors import LayoutChanged
from repwatch.models import NoResults, Outcome, Problem, Profile, Response, Review
from repwatch.sources._lenient import complaint, objects, without_its_date
from repwatch.sources.glassdoor.header import Head
from repwatch.sources.glassdoor.schema import (
    LANGUAGES,
    SOURCE,
    EmployerIn,
    RatingsIn,
    ResponseIn,
    ReviewIn,
    ReviewsIn,
    told_id,
)

#: The lists of a listing, each row of which may name the employer.
LISTS = ("reviews", "interviews", "results", "salaries")
PARTS = ("work_life_balance", "culture", "career", "compensation", "management", "diversity")
_CEO: dict[str, Literal["approve", "disapprove", "no_opinion"]] = {
    "APPROVE": "approve", "DISAPPROVE": "disapprove", "NO_OPINION": "no_opinion",
}  # fmt: skip
_OUTLOOK: dict[str, Literal["positive", "neutral", "negative"]] = {
    "POSITIVE": "positive", "NEUTRAL": "neutral", "NEGATIVE": "negative",
}  # fmt: skip
_RECOMMEND = {"POSITIVE": True, "RECOMMEND": True, "NEGATIVE": False, "WONT_RECOMMEND": False}


def read_reviews(found: list[dict[str, Any]], head: Head, known: EmployerIn) -> Iterator[Outcome]:
    """Yield the profile, then every review once: a page lists the same reviews again for each language of its filter."""
    listings = [ReviewsIn.model_validate(one) for one in found]
    employer = employer_of(found, known)
    first = max(listings, key=lambda one: bool(one.reviews))
    ratings, problem = averages(found[listings.index(first)])
    yield profile(
        head, employer, ratings, all_count=first.all_count, filters=_filters(found), histogram=first.histogram
    )
    if problem:
        yield problem
    raw = [review for one in listings for review in one.reviews]
    if raw:
        yield from _each(raw, head, employer)
    elif _truly_empty(first):
        yield NoResults(source=SOURCE)
    else:
        raise LayoutChanged(f"reviews not in employerReviews, which counts {first.all_count}", where=SOURCE)


def averages(listing: dict[str, Any]) -> tuple[RatingsIn | None, Problem | None]:
    """Check the averages of a listing alone: a bad one is a problem and costs no review."""
    raw = listing.get("ratings")
    try:
        return (None if raw is None else RatingsIn.model_validate(raw)), None
    except ValidationError as error:
        return None, complaint(SOURCE, error, "ratings")


def _filters(found: list[dict[str, Any]]) -> str | None:
    languages = sorted({str(one["filter"]).partition("=")[2] for one in found if one.get("filter")})
    return f"language={','.join(languages)}" if languages else None


def _truly_empty(listing: ReviewsIn) -> bool:
    """Tell whether the site itself says that there is nothing: a count of zero, or a page beyond the last."""
    if 0 in (listing.all_count, listing.filtered_count, listing.pages):
        return True
    return bool(listing.page and listing.pages and listing.page > listing.pages)


def employer_of(found: list[dict[str, Any]], known: EmployerIn) -> EmployerIn:
    """Return what the listings tell of the employer, filled up with what the page told elsewhere."""
    told = [one.get("employer") for one in found]
    for one in found:
        told += [row.get("employer") for name in LISTS for row in objects(one.get(name))]
    for raw in told:
        try:
            employer = EmployerIn.model_validate(raw)
        except ValidationError:
            continue
        if employer.ident or employer.name:
            same = known.ident in (None, employer.ident)
            return _merged(employer, known) if same else employer
    return known


def _merged(one: EmployerIn, other: EmployerIn) -> EmployerIn:
    holes = {name: value for name, value in other if getattr(one, name) is None}
    return one.model_copy(update={**holes, "filled": {**other.filled, **one.filled}})


def profile(
    head: Head,
    employer: EmployerIn,
    ratings: RatingsIn | None,
    *,
    all_count: int | None = None,
    filters: str | None = None,
    histogram: dict[str, Any] | None = None,
) -> Profile:
    """Return the profile as the page shows it. Counts are those of all languages where the page gives them."""
    rated = ratings or RatingsIn()
    if all_count is None:
        all_count = employer.counts.reviews if employer.counts else None
    leader = rated.ceo or employer.ceo
    return Profile(
        source=SOURCE,
        employer=employer.name or head.employer,
        employer_id=employer.ident or head.employer_id,
        url=head.url if head.url and ".htm" in head.url else None,  # not the address of an interface
        rating=rated.rating,
        review_count=rated.review_count if all_count is None else all_count,
        claimed=head.claimed,
        recommend=rated.recommend,
        ceo_approval=rated.ceo_approval,
        ceo_name=rated.ceo_name or (leader.name if leader else None),
        outlook=rated.outlook,
        domain=head.domain,
        filter=filters,
        observed=head.observed,
        subratings=_parts(rated),
        histogram=_stars(histogram),
        filled=dict(sorted(employer.filled.items())),
        badges=head.badges,
    )


def _parts(value: RatingsIn | ReviewIn) -> dict[str, float]:
    return {part: stars for part in PARTS if (stars := getattr(value, part)) is not None}


def _stars(distribution: dict[str, Any] | None) -> dict[str, int]:
    overall = (distribution or {}).get("overall")
    if not isinstance(overall, dict):
        return {}
    found = {star: overall.get(f"_{star}") for star in "12345"}
    return {star: count for star, count in found.items() if type(count) is int and count >= 0}


def _each(raw: list[Any], head: Head, employer: EmployerIn) -> Iterator[Review | Problem]:
    seen: set[str | None] = set()
    for number, one in enumerate(raw, 1):
        ident = told_id(one, "reviewId")
        if ident is not None and ident in seen:
            continue
        seen.add(ident)
        name = f"review {ident[:40] if ident else f'number {number}'}"
        try:
            review, odd = without_its_date(ReviewIn, one, "reviewDateTime")
        except ValidationError as error:
            yield complaint(SOURCE, error, name)
            continue
        if odd:
            yield complaint(SOURCE, odd, name)
        if any((review.ident, review.title, review.pros, review.cons, review.rating)):
            yield _review(review, head, employer)
        else:
            yield Problem(source=SOURCE, reason="schema", detail=f"{name}: neither id, text nor rating")


def _review(one: ReviewIn, head: Head, employer: EmployerIn) -> Review:
    return Review(
        source=SOURCE,
        employer=employer.name or head.employer,
        employer_id=employer.ident or head.employer_id,
        native_id=one.ident,
        url=head.absolute(one.links.detail if one.links else None),
        published=one.published,
        rating=one.rating,
        job_title=one.job_title,
        location=one.location,
        status=None if one.is_current is None else "current" if one.is_current else "former",
        recommend=_RECOMMEND.get(one.recommend or ""),
        ceo_approval=_CEO.get(one.ceo or ""),
        outlook=_OUTLOOK.get(one.outlook or ""),
        helpful=one.helpful,
        subratings=_parts(one),
        responses=tuple(_responses(one.responses)),
        **_words(one),
    )


def _words(one: ReviewIn) -> dict[str, Any]:
    """Return the texts and their language: what the person wrote, not the machine translation shown instead of it."""
    translated = any((one.title_original, one.pros_original, one.cons_original, one.advice_original))
    language = (
        (one.language_original if translated else one.language) or one.language or one.language_original
    )
    return {
        "title": one.title_original or one.title,
        "pros": one.pros_original or one.pros,
        "cons": one.cons_original or one.cons,
        "advice": one.advice_original or one.advice,
        "lang": language_code(language),
    }


def language_code(language: str | None) -> str | None:
    """Return the two letters of a language that the site names by two or three."""
    low = (language or "").lower()
    return low if low in LANGUAGES.values() else LANGUAGES.get(low)


def _responses(found: list[ResponseIn]) -> Iterator[Response]:
    for one in found:
        text = one.original or one.response
        if text:
            yield Response(text=text, published=one.published)
