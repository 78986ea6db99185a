"""Glassdoor: reviews, interviews and salaries, from pages and payloads of 2019 to 2026 that a person has saved.

The site refuses programs (HTTP 403 with a test for humans on every address), so nothing is requested live by default.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from typing import Any

from pydantic import ValidationError

from repwatch.errors import LayoutChanged
from repwatch.models import Outcome, Page, Profile, Read, Refused, Request, SourceInfo, Watch
from repwatch.refusals import API_ERROR, find_refusal
from repwatch.sources._lenient import complaint, into
from repwatch.sources._paging import last_page
from repwatch.sources._state import Marker, json_after, json_in_scripts, payload
from repwatch.sources.glassdoor.cache import answers, employers, is_cache, listings
from repwatch.sources.glassdoor.flight import flight, flight_listings
from repwatch.sources.glassdoor.header import Head, head
from repwatch.sources.glassdoor.interviews import read_interviews
from repwatch.sources.glassdoor.markup import linked_data, new_reviews, old_reviews
from repwatch.sources.glassdoor.reviews import averages, employer_of, profile, read_reviews
from repwatch.sources.glassdoor.salaries import read_salaries
from repwatch.sources.glassdoor.schema import SOURCE, EmployerIn

INFO = SourceInfo(
    name=SOURCE,
    title="Glassdoor",
    lookup="glassdoor.be",
    hosts=(
        "www.glassdoor.com", "www.glassdoor.fr", "fr.glassdoor.be", "nl.glassdoor.be", "www.glassdoor.be", "www.glassdoor.nl",
        "www.glassdoor.de", "www.glassdoor.co.uk", "www.glassdoor.ie", "www.glassdoor.ca", "fr.glassdoor.ca",
        "www.glassdoor.co.in", "www.glassdoor.com.au", "www.glassdoor.at", "de.glassdoor.ch", "fr.glassdoor.ch",
        "www.glassdoor.es", "www.glassdoor.it",
    ),
    marks=(
        b"EIHdrModule", b"empReview_", b'"EmployerReview"', b"EmployerReviewRG", b"EmployerReviewsRG", b"employerInterviewsIG",
        b'"employerReviews"', b'"eiRatingDetails"', b"ratingRecommendToFriend", b"processDescription", b"header-engagement-status",
        b"AggregatedSalaryEstimates", b"aggregateSalaryResponse", b'"EmployerSalary"', b"basePayStatistics", b'"medianBasePay"',
        b'"recordPageView"', b"<title>Security | Glassdoor</title>",
    ),
    # Every page about one employer bears its number; photos and vacancies of it hold nothing to read.
    reads=r"^/(?:bff|graph)\b|^/(?!Jobs?/|Photos?/|Emplois?/).*[-_/]E(?:I_IE)?\d",
    door="saved page, JSON payload",
    live=False,
    languages=("fr", "nl", "en", "de"),
    pace_s=10.0,
    terms="The site refuses programs (403 with a test for humans on every address): save the page from your own browser.",
    verified="real pages of 2019 (fr, en) and 2024 (en), real payloads of 2025; the pages of 2025 and 2026 and salaries by description",
)  # fmt: skip

_COLON, _ASSIGNED = re.compile(rb"\s*:\s*(?=\{)"), re.compile(rb"\s*=\s*(?=\{)")
_STATES = (
    Marker(b'"apolloState"', _COLON, b"}"),
    Marker(b"window.__APOLLO_STATE__", _ASSIGNED),
    Marker(b"__NEXT_DATA__", re.compile(rb"""["']?[^<>]{0,200}>\s*(?=\{)""")),
)
_FLIGHT = b"self.__next_f.push"
_OVERVIEW = Marker(b'"eiRatingDetails"', _COLON)
_ALL_COUNTS = Marker(b'"sectionCounts"', _COLON)

_PAGE_NUMBER = re.compile(r"(?:_P(\d+))?\.htm(?=$|[?#])")
_NEWEST_FIRST = "sort.sortType=RD&sort.ascending=false"
_Reader = Callable[[list[dict[str, Any]], Head, EmployerIn], Iterator[Outcome]]


def walk(watch: Watch) -> Generator[Request, Read, None]:
    """Ask for the pages of reviews, newest first, until all on a page are older than `watch.since` or seen before."""
    url = watch.resume or _newest_first(watch.target)
    is_last = last_page(watch.since)
    for _ in range(watch.max_pages):
        read = yield Request(url=url, expect="html", resume=url)
        following = _next_page(url)
        if following is None or is_last(read):
            return
        url = following


def _newest_first(url: str) -> str:
    if _PAGE_NUMBER.search(url) is None or "sort.sortType" in url:
        return url
    base, mark, fragment = url.partition("#")
    return f"{base}{'&' if '?' in base else '?'}{_NEWEST_FIRST}{mark}{fragment}"


def _next_page(url: str) -> str | None:
    """Return the address of the following page: `X.htm`, `X_P2.htm`, `X_P3.htm`; None where pages are not numbered so."""
    found = _PAGE_NUMBER.search(url)
    if found is None:
        return None
    return f"{url[: found.start()]}_P{int(found[1] or 1) + 1}.htm{url[found.end() :]}"


def parse(page: Page) -> Iterator[Outcome]:
    """Read one page or payload of whatever year.

    Raises LayoutChanged when there are neither items nor the site's own word that there are none.
    """
    refused = find_refusal(page, source=SOURCE)
    if refused:
        yield refused
        return
    start = page.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in (b"{", b"["):
        yield from _payload(page)
    else:
        yield from _page(page)


def _payload(page: Page) -> Iterator[Outcome]:
    told = payload(page.body)
    found, known = _in_state(told)
    found = found or list(answers(told))
    if found:
        yield from list(_listed(found, head(page), known))  # all or, when the layout has changed, nothing
        return
    error = _api_error(told)
    if error is None:
        raise LayoutChanged("employerReviews not in payload", where=SOURCE)
    yield Refused(source=SOURCE, reason=API_ERROR, detail=error)


def _api_error(payload: Any) -> str | None:
    for one in payload if isinstance(payload, list) else [payload]:
        errors = one.get("errors") if isinstance(one, dict) else None
        if isinstance(errors, list) and errors:
            message = errors[0].get("message") if isinstance(errors[0], dict) else None
            return str(message)[:200] if message else "an error without a message"
    return None


def _page(page: Page) -> Iterator[Outcome]:
    """Try what a page may carry, richest first; the first that gives anything but problems is the answer."""
    around = head(page)
    worst: list[Outcome] = []
    reason = LayoutChanged("employerReviews not in page", where=SOURCE)
    for find in (_by_state, _by_flight, _by_overview, _by_markup):
        found, known = find(page.body)
        if not found:
            continue
        try:
            outcomes = list(_listed(found, around, known))
        except LayoutChanged as error:
            reason = error
            continue
        if all(one.type in ("problem", "profile") for one in outcomes) and any(
            one.type == "problem" for one in outcomes
        ):
            worst = worst or outcomes
            continue
        yield from (one for one in worst if one.type == "problem")
        yield from outcomes
        return
    if not worst:
        raise reason
    yield from worst


def _listed(found: list[dict[str, Any]], around: Head, known: EmployerIn) -> Iterator[Outcome]:
    """Read listings by what they list. A page has one profile, whatever it lists besides: that of the reviews tells most."""
    groups: dict[_Reader, list[dict[str, Any]]] = {}
    for one in found:
        groups.setdefault(_reader(one), []).append(one)
    told = False
    for reader, group in sorted(groups.items(), key=lambda pair: pair[0] is not read_reviews):
        try:
            outcomes = list(reader(group, around, known))
        except ValidationError as error:
            raise LayoutChanged(complaint(SOURCE, error, "listing").detail, where=SOURCE) from error
        for each in outcomes:
            if not isinstance(each, Profile):
                yield each
            elif not told and _tells_anything(each):
                told = True
                yield each


def _tells_anything(one: Profile) -> bool:
    """Tell whether a profile says more than where it was seen: payloads of salaries and interviews may name nobody."""
    return one.employer is not None or one != Profile(source=SOURCE, url=one.url, domain=one.domain, filter=one.filter, observed=one.observed)


def _reader(listing: dict[str, Any]) -> _Reader:
    if isinstance(listing.get("reviews"), list):
        return read_reviews
    if isinstance(listing.get("interviews"), list):
        return read_interviews
    if isinstance(listing.get("results"), list) or isinstance(listing.get("salaries"), list):
        return read_salaries
    return _profile_alone


def _profile_alone(found: list[dict[str, Any]], around: Head, known: EmployerIn) -> Iterator[Outcome]:
    ratings, problem = averages(found[0])
    count, spread = found[0].get("allReviewsCount"), found[0].get("ratingCountDistribution")
    yield profile(around, employer_of(found, known), ratings, all_count=count if isinstance(count, int) else None, histogram=spread if isinstance(spread, dict) else None)
    if problem:
        yield problem


_Found = tuple[list[dict[str, Any]], EmployerIn]


def _by_state(body: bytes) -> _Found:
    """Find the state by its mark in bytes; when a mark stood in a string, look again through the scripts of a tree."""
    there = []
    for mark in _STATES:
        place = body.find(mark.word)
        if place < 0:
            continue
        there.append(mark)
        for value in json_after(body, mark, place):
            found, known = _in_state(value)
            if found:
                return found, known
    for value in (value for mark in there for value in json_in_scripts(body, mark)):
        found, known = _in_state(value)
        if found:
            return found, known
    return [], EmployerIn()


def _in_state(value: Any) -> _Found:
    props = into(value, "props", "pageProps") or into(value, "pageProps")
    table = props.get("apolloCache") if isinstance(props, dict) else value
    if not isinstance(table, dict) or not is_cache(table):
        return (list(answers({"data": props})) if isinstance(props, dict) else []), EmployerIn()
    told: list[dict[str, Any]] = [{"employer": one} for one in employers(table)]
    if isinstance(props, dict):
        ident = into(props, "requestParams", "employerId")
        told += [{"employer": props.get("employer")}, {"employer": {"id": ident}}]
    return list(listings(table)), employer_of(told, EmployerIn())


def _by_flight(body: bytes) -> _Found:
    return (list(flight_listings(flight(body))) if _FLIGHT in body else []), EmployerIn()


def _by_overview(body: bytes) -> _Found:
    """Find the averages of an overview page (2019); the count of all languages stands apart from them."""
    for told in json_after(body, _OVERVIEW):
        if isinstance(told, dict) and "overallRating" in told:
            counts = next((one for one in json_after(body, _ALL_COUNTS) if isinstance(one, dict)), {})
            return [{"ratings": told, "employer": {**told, "counts": counts}}], EmployerIn()
    return [], EmployerIn()


def _by_markup(body: bytes) -> _Found:
    if b"empReview_" in body:
        found = list(old_reviews(body))
        if found:
            return found, EmployerIn()
    linked = list(linked_data(body)) if b"ld+json" in body else []
    cards = list(new_reviews(body)) if b"review-details-container" in body else []
    if cards:
        return [{**cards[0], **(linked[0] if linked else {}), "reviews": cards[0]["reviews"]}], EmployerIn()
    return linked, EmployerIn()
