"""Any page that carries schema.org ratings or reviews as JSON-LD: the door of the many smaller sites."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Generator, Iterator
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from repwatch.errors import LayoutChanged
from repwatch.models import Outcome, Page, Problem, Profile, Read, Request, Review, SourceInfo, Watch
from repwatch.sources._fragment import to_text

INFO = SourceInfo(
    name="jsonld", title="Pages with schema.org data", marks=(b"AggregateRating", b"schema.org/Review", b'"@type":"Review"', b'"@type": "Review"'),
    door="live page, saved page", languages=("fr", "nl", "en", "de"), pace_s=5.0, terms="each site's own; robots.txt is obeyed",
    verified="pages of Indeed 2024 and Trustpilot 2024 and 2025; schema.org",
)  # fmt: skip

_BLOCK = re.compile(rb"<script\b[^>]*application/ld\+json[^>]*>(.*?)</script>", re.IGNORECASE | re.DOTALL)
_TRAILING = re.compile(r",(\s*[\]}])")
_RATINGS = ("EmployerAggregateRating", "AggregateRating")
_WHEN = re.compile(r"\d{4}-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?)?")


def walk(watch: Watch) -> Generator[Request, Read, None]:
    """Ask for the one page."""
    yield Request(url=watch.target, expect="html")


def parse(page: Page) -> Iterator[Outcome]:
    """Read the ratings and reviews of a page."""
    blocks = [match[1].decode("utf-8", "replace") for match in _BLOCK.finditer(page.body)]
    things: list[dict[str, Any]] = []
    for number, block in enumerate(blocks):
        told = _loads(block)
        if told is None:
            yield Problem(source=INFO.name, reason="not JSON", detail=f"JSON-LD block {number + 1}")
        else:
            things += _things(told)
    found = list(_outcomes(things, page))
    if not found:
        raise LayoutChanged("no schema.org rating or review in page", where=INFO.name)
    yield from found


def _loads(block: str) -> Any:
    """Read a block as pages write it: wrapped in a comment, escaped, or with a comma too many; None where all fails."""
    text = block.strip().removeprefix("<!--").removesuffix("-->").strip()
    text = text.removeprefix("//<![CDATA[").removesuffix("//]]>").strip()
    for form in (text, html.unescape(text), _TRAILING.sub(r"\1", text)):
        try:
            return json.loads(form, strict=False)
        except ValueError:
            continue
    return None


def _things(told: Any) -> list[dict[str, Any]]:
    """Return every object of a block, in order, without walking deeper than real data goes."""
    found, waiting = [], [(told, 0)]
    while waiting:
        thing, depth = waiting.pop(0)
        if isinstance(thing, dict):
            found.append(thing)
        if depth < 8:
            inner = thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list) else ()
            waiting += [(each, depth + 1) for each in inner if isinstance(each, dict | list)]
    return found


def _types(thing: dict[str, Any]) -> list[str]:
    kind = thing.get("@type")
    return [str(each).rpartition("/")[2] for each in (kind if isinstance(kind, list) else [kind]) if each]


def _outcomes(things: list[dict[str, Any]], page: Page) -> Iterator[Outcome]:
    owners = {id(thing["aggregateRating"]): thing for thing in things if isinstance(thing.get("aggregateRating"), dict)}
    employer_page = any("EmployerAggregateRating" in _types(thing) for thing in things)
    reviewed = {id(review): thing for thing in things for review in _listed(thing.get("review") or thing.get("reviews"))}
    name: str | None = None
    seen: set[str] = set()
    for thing in things:
        if any(kind in _RATINGS for kind in _types(thing)):
            profile = _profile(thing, owners.get(id(thing)), page)
            name = name or profile.employer
            key = profile.model_dump_json()
            if key not in seen and (profile.rating is not None or profile.review_count is not None):
                seen.add(key)
                yield profile
    for number, thing in enumerate(each for each in things if "Review" in _types(each)):
        about = _first(thing.get("itemReviewed")) or reviewed.get(id(thing)) or {}
        yield _review(thing, about, name, employer=employer_page, where=f"review {number + 1}")


def _listed(value: Any) -> list[dict[str, Any]]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, dict)]


def _first(value: Any) -> dict[str, Any] | None:
    return next(iter(_listed(value)), None)


def _profile(thing: dict[str, Any], owner: dict[str, Any] | None, page: Page) -> Profile:
    about = _first(thing.get("itemReviewed")) or owner or {}
    best = _number(thing.get("bestRating")) or 5
    count = _number(thing.get("reviewCount")) or _number(thing.get("ratingCount"))
    return Profile(source=INFO.name, employer=_text(about.get("name")), rating=_number(thing.get("ratingValue")), rating_scale=int(best),
                   review_count=int(count) if count is not None else None, url=page.url or None, domain=urlsplit(page.url).hostname,
                   observed=_when(page.fetched_at[:10]))  # fmt: skip


def _review(thing: dict[str, Any], about: dict[str, Any], name: str | None, *, employer: bool, where: str) -> Outcome:
    rating = _first(thing.get("reviewRating")) or {}
    url = next((value for value in (thing.get("@id"), thing.get("url")) if isinstance(value, str) and value.startswith("http")), None)
    lang = thing.get("inLanguage")
    try:
        return Review(source=INFO.name, employer=_text(about.get("name")) or name, native_id=url, url=url, published=_when(thing.get("datePublished")),
                      lang=str(lang)[:2].lower() if isinstance(lang, str) and lang else None, voice="employee" if employer else "customer",
                      rating=_number(rating.get("ratingValue")), rating_scale=int(_number(rating.get("bestRating")) or 5),
                      title=_text(thing.get("headline")) or _text(thing.get("name")), body=_text(thing.get("reviewBody") or thing.get("description")))  # fmt: skip
    except ValidationError as error:
        return Problem(source=INFO.name, reason="a field does not fit", detail=f"{where}: {error.errors(include_url=False)[0]['loc']}")


def _text(value: Any) -> str | None:
    return to_text(str(value)) or None if isinstance(value, str | int | float) else None


def _number(value: Any) -> float | None:
    """Read a number that may be a text, with a decimal comma or without; None for anything else, and for 0 stars."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        value = value.strip().replace(",", ".")
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if number > 0 and number < 1e9 else None


def _when(value: Any) -> str | None:
    found = _WHEN.match(value.strip().replace(" ", "T", 1)) if isinstance(value, str) else None
    return found[0] if found else None
