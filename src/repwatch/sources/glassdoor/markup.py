"""Read reviews out of markup alone, where a page or fragment carries no state: 2019 lists, 2025 cards, JSON-LD.

What is found goes on as a payload of the site's own would: under its names, and with its texts escaped.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from repwatch.sources._dates import read_date
from repwatch.sources._fragment import of_node, plain, to_text
from repwatch.sources._schemaorg import json_ld, things
from repwatch.sources._tree import tree
from repwatch.sources.glassdoor.schema import Count, Foreign, Stars

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_EMPLOYER_ID = re.compile(rb"""\bdata-(?:employer|emp)-id=["'](\d{1,12})["']""")
_CARD_ID = re.compile(r"(?:empReview_|RVW)(\d{1,12})")
_QUOTES = " \t\n\xa0\"'«»“”„‹›"
_COLOURS = {"green": "POSITIVE", "yellow": "NEUTRAL", "red": "NEGATIVE"}
_CEO = {"POSITIVE": "APPROVE", "NEUTRAL": "NO_OPINION", "NEGATIVE": "DISAPPROVE"}
#: A word of each label in the languages of the site; the order decides where two could fit.
_OPINIONS = (
    ("ratingCeo", ("ceo", "pdg", "directeur", "geschäftsführer", "vorstand")),
    (
        "ratingBusinessOutlook",
        ("outlook", "point de vue", "perspective", "vooruitzicht", "aussicht", "prognose"),
    ),
    ("ratingRecommendToFriend", ("recommend", "recommande", "aanbevel", "beveelt", "empfiehlt", "empfehl")),
)
_SUBJECTS = (
    ("ratingWorkLifeBalance", ("life", "vie privée", "vie perso", "privé", "privat", "balans", "balance")),
    ("ratingDiversityAndInclusion", ("divers",)),
    ("ratingCultureAndValues", ("cultur", "kultur")),
    ("ratingCareerOpportunities", ("career", "carri", "karrier", "loopbaan")),
    ("ratingCompensationAndBenefits", ("comp", "rémun", "salar", "gehalt", "vergüt", "belon", "vergoed")),
    ("ratingSeniorLeadership", ("manage", "leadership", "dirigeant", "direction", "führung", "leiding")),
)
#: "Conseil" begins like "cons": advice comes first, and a label is read from its start.
_TEXTS = (
    ("advice", ("advice", "conseil", "advies", "rat an", "ratschläge")),
    ("pros", ("pro", "avantages", "voordelen", "pluspunten", "vorteile")),
    ("cons", ("cons", "inconvénients", "nadelen", "minpunten", "nachteile", "kontra", "contra")),
)
_FORMER = ("former", "ancien", "voormalig", "ehemalig", "ex-")
_CURRENT = ("current", "actuel", "huidig", "derzeitig", "aktuell")


def old_reviews(body: bytes) -> Iterator[dict[str, Any]]:
    """Yield the listing of `li.empReview` elements (until 2020) under the names that the site's own payloads use."""
    cards = tree(body).css("li.empReview[id^=empReview_]")
    if cards:
        ident = _EMPLOYER_ID.search(body)
        employer = {"id": ident[1].decode() if ident else None, "shortName": _text_of(cards[0], ".item .fn")}
        yield {"reviews": [_old_review(card) for card in cards], "employer": employer}


def _old_review(card: LexborNode) -> dict[str, Any]:
    # Under the stars of the whole stand those of each aspect.
    stars = card.css_first(".gdStars .value-title[title]") or (None if card.css_first(".subRatings") else card.css_first(".value-title[title]"))
    link = card.css_first("a.reviewLink[href]")
    helpful = re.search(r"\d+", _text_of(card, ".helpfulCount") or "")
    return {
        "reviewId": (card.id or "").removeprefix("empReview_"),
        "reviewDateTime": _moment(card),
        "ratingOverall": stars.attributes.get("title") if stars else None,
        "summary": (_text_of(card, "a.reviewLink") or "").strip(_QUOTES),
        "links": {"reviewDetailUrl": link.attributes.get("href") if link else None},
        "location": _text_of(card, ".authorLocation"),
        "countHelpful": int(helpful[0][:9]) if helpful else None,
        "employerResponses": [{"response": _paragraphs(one)} for one in card.css(".commentText")],
        **_job(_text_of(card, ".authorJobTitle") or ""),
        **_old_texts(card),
        **_opinions(card),
        **_subratings(card),
    }


def _text_of(card: LexborNode, selector: str) -> str | None:
    node = card.css_first(selector)
    return _escaped(" ".join(plain(node.text()).split())) or None if node else None


def _paragraphs(node: LexborNode) -> str:
    """Return the text of an element; one without elements inside is one line."""
    return _escaped(of_node(node) if node.css_first("*") else " ".join(plain(node.text()).split()))


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


def _moment(card: LexborNode) -> str | None:
    """Return the date as the state would tell it: JavaScript's own form loses its zone, which the state never has."""
    node = card.css_first("time[datetime]")
    told = (node.attributes.get("datetime") or "").strip() if node else ""
    written = re.match(r"\w{3} (\w{3} \d{2} \d{4} \d\d:\d\d:\d\d) GMT", told, re.ASCII)
    if written is None:
        return told or None
    try:
        return datetime.strptime(written[1], "%b %d %Y %H:%M:%S").isoformat()  # noqa: DTZ007 — see above
    except ValueError:
        return told


def _job(label: str) -> dict[str, Any]:
    """Split "Former Employee - Nurse"; an anonymous author shows the first half alone."""
    kind, _, title = label.partition(" - ")
    low = kind.casefold()
    former, current = (any(word in low for word in words) for words in (_FORMER, _CURRENT))
    title = title.strip() if former or current else label
    return {
        "isCurrentJob": not former if former or current else None,
        "jobTitle": None if "anonym" in title.casefold() else title,
    }


def _old_texts(card: LexborNode) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, selector in (("pros", "p.pros"), ("cons", "p.cons"), ("advice", "p.adviceMgmt")):
        node = card.css_first(selector)
        if node:
            found[name] = _paragraphs(node)
    if not found:
        for block in card.css("div[class*=EiReviewTextStyles]"):
            lines = block.css("p")
            label = lines[0].text(strip=True).casefold() if len(lines) > 1 else ""
            kind = next((kind for kind, starts in _TEXTS if label.startswith(starts)), None)
            if kind:
                found[kind] = _paragraphs(lines[1])
    return found


def _named(table: tuple[tuple[str, tuple[str, ...]], ...], label: str) -> str | None:
    low = " ".join(label.split()).casefold()
    return next((name for name, words in table if any(word in low for word in words)), None)


def _opinions(card: LexborNode) -> dict[str, str]:
    """Read the lights beside the opinions: the colour says which way, a word of the label says about what."""
    found = {}
    for light in card.css(".recommends .sqLed, i.sqLed.mr-xsm"):
        colour = next((one for one in (light.attributes.get("class") or "").split() if one in _COLOURS), None)
        holder = light.parent
        if holder is not None and not holder.text(strip=True):
            holder = holder.parent
        subject = _named(_OPINIONS, holder.text() if holder else "")
        if subject and colour:
            opinion = _COLOURS[colour]
            found[subject] = _CEO[opinion] if subject == "ratingCeo" else opinion
    return found


def _subratings(card: LexborNode) -> dict[str, str]:
    found = {}
    for row in card.css(".subRatings li"):
        bars = row.css_first(".gdBars[title]")
        name = _named(_SUBJECTS, row.text())
        if bars and name:
            found[name] = bars.attributes.get("title") or ""
    return found


def new_reviews(body: bytes) -> Iterator[dict[str, Any]]:
    """Yield the 2025 cards (`data-test` attributes; class names carry hashes): text and stars; id and date where they are shown."""
    page = tree(body)
    cards = page.css("[data-test=review-details-container]")
    if cards:
        root = page.css_first("html[lang]")
        language = (root.attributes.get("lang") or "") if root else ""
        stars = _figure(_text_of(page.root, "[data-test=rating-headline]") if page.root else None)
        yield {"reviews": [_new_review(card, language) for card in cards], **({"ratings": {"overallRating": stars}} if stars else {})}


def _figure(text: str | None) -> str | None:
    found = re.search(r"\d(?:[.,]\d)?", text or "")
    return found[0].replace(",", ".") if found else None


def _shown_day(card: LexborNode, language: str) -> str | None:
    """Return the date that a card shows, as the state would tell it; one that cannot be read, as it stands."""
    text = _text_of(card, "time, [class*=timestamp]")
    try:
        return read_date(text, language)
    except ValueError:
        return text


def _new_review(card: LexborNode, language: str) -> dict[str, Any]:
    def text(name: str) -> str | None:
        node = card.css_first(f"[data-test={name}]")
        return _escaped(of_node(node)) or None if node else None

    helpful = re.search(r"\d+", text("review-helpful-button") or "")
    link = card.css_first("a[href*=RVW]")
    address = (link.attributes.get("href") or "") if link else ""
    ident = _CARD_ID.search(card.id or "") or _CARD_ID.search(address)
    return {
        "reviewId": ident[1] if ident else None,
        "reviewDateTime": _shown_day(card, language),
        "links": {"reviewDetailUrl": address},
        "ratingOverall": _figure(text("review-rating-label")),
        "summary": text("review-details-title"),
        "pros": text("review-text-PROS"),
        "cons": text("review-text-CONS"),
        "jobTitle": text("review-avatar-label"),
        "countHelpful": int(helpful[0][:9]) if helpful else None,
        "isCurrentJob": _job(text("review-avatar-tag") or "").get("isCurrentJob"),
    }


class AggregateIn(Foreign):
    """What JSON-LD tells of an employer."""

    stars: Stars = None
    count: Count = None


def linked_data(body: bytes) -> Iterator[dict[str, Any]]:
    """Yield what JSON-LD tells: the average with its count, and reviews of which only title, stars and author are given."""
    found = list(things(json_ld(body).values))
    total = next((one.record for one in found if "EmployerAggregateRating" in one.types), None)
    reviews = [_linked_review(one.record) for one in found if "Review" in one.types]
    if total is None:
        return
    item = total.get("itemReviewed")
    name = item.get("name") if isinstance(item, dict) else None
    try:
        told = AggregateIn.model_validate(
            {"stars": total.get("ratingValue"), "count": total.get("ratingCount")}
        )
    except ValidationError:
        return
    yield {
        "employer": {"shortName": name if isinstance(name, str) else None},
        "ratings": {"overallRating": told.stars, "reviewCount": told.count},
        "reviews": reviews,
    }


def _linked_review(one: dict[str, Any]) -> dict[str, Any]:
    rating, author = one.get("reviewRating"), one.get("author")
    name = author.get("name") if isinstance(author, dict) else None
    body = one.get("reviewBody")
    return {
        "reviewId": None,
        "ratingOverall": rating.get("ratingValue") if isinstance(rating, dict) else None,
        "summary": _escaped(to_text(body)) if isinstance(body, str) else None,
        "reviewDateTime": one.get("datePublished"),
        "languageId": one.get("inLanguage"),
        **_job(name if isinstance(name, str) else ""),
    }
