"""What each review site shows of an employer, and of its peers: the page, who claimed it, its figures, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from repwatch.analysis.intervals import wilson
from repwatch.programme.sites import Page, claim, link, site, sites, spans, step
from repwatch.store.runs import STATES

if TYPE_CHECKING:
    from repwatch.config import Settings
    from repwatch.store import Reader

_FIGURES = ("rating", "rating_scale", "review_count", "recommend", "ceo_approval", "ceo_name", "domain", "filter")
#: The source of a table that names none: a sheet of one's own is no page that anybody could claim.
_NO_SITE = "table"


class Place(NamedTuple):
    """An employer to look at: `peer_of` names the employer whose peer it is; `urls` are the addresses in the settings by source."""

    employer: str
    peer_of: str | None = None
    urls: Mapping[str, str | None] = {}


def places(settings: Settings, names: Sequence[str], *, peers: bool = True) -> list[Place]:
    """Return the employers `names`, each with what the settings say of it, then their peers that are not among them."""
    known = {each.name: each for each in settings.employers}
    urls = {name: {one.source: one.url for one in each.sources} for name, each in known.items()}
    found = [Place(name, None, urls.get(name, {})) for name in names]
    if peers:
        for name in names:
            more = known[name].peers if name in known else ()
            found += [Place(peer, name, urls.get(peer, {})) for peer in more if peer not in {place.employer for place in found}]
    return found


def presence(reader: Reader, wanted: Iterable[Place], today: date, *, within_days: int, source: str | None = None) -> list[dict[str, Any]]:
    """Return for each employer its rows, one a site. A review is old enough once it has had `within_days` days to be answered."""
    stored = set(reader.employers())
    return [{"employer": place.employer, "peer_of": place.peer_of, "stored": place.employer in stored,
             "sites": _sites(reader, place, today, within_days, source)} for place in wanted]  # fmt: skip


def _sites(reader: Reader, place: Place, today: date, within_days: int, only: str | None) -> list[dict[str, Any]]:
    observed: dict[str, list[dict[str, Any]]] = {}
    for row in reader.profile_history(place.employer):
        observed.setdefault(row["source"], []).append(row)
    latest: dict[str, list[dict[str, Any]]] = {}
    for row in reader.latest_profiles(place.employer):
        latest.setdefault(row["source"], []).append(row)
    answers = {each.source: each for each in reader.answers(place.employer)}
    old = {each.source: each for each in reader.answers(place.employer, None, (today - timedelta(days=within_days)).isoformat())}
    covered = {each.source: each for each in sorted(reader.coverage(place.employer), key=lambda each: STATES.index(each.last_state))}
    names = [name for name, each in sites().items() if each.always or name in {*observed, *answers}]
    names += sorted({*observed, *answers} - {*names, _NO_SITE})
    found = []
    for name in names:
        if only in (None, name):
            page = _page(name in observed or name in answers, covered.get(name), place.urls.get(name))
            told = claim(observed.get(name, ()))
            main = min(latest.get(name, ()), key=_first, default={})
            waiting, due = answers.get(name), old.get(name)
            overdue = due.unanswered if due else 0
            url = main.get("url") or told.url or place.urls.get(name)
            parts = _last_told(observed.get(name, ()), "filled")
            next_step = step(page, told.claimed, overdue, incomplete=not all(parts.values()))
            rate = wilson(due.answered, due.answered + due.unanswered) if due else wilson(0, 0)
            found.append({
                "source": name, "title": site(name).title, "voice": site(name).voice, "page": page, "url": url, "observed": (main.get("observed") or "")[:10] or None,
                "claimed": told.claimed, "claimed_told_by": told.told_by, "claimed_observed": told.observed, "claimed_url": told.url,
                **{figure: main.get(figure) for figure in _FIGURES},
                "filled": parts, "badges": _last_told(observed.get(name, ()), "badges"),
                "last_review": _last_review(reader, place.employer, name), "reviews_stored": waiting.answered + waiting.unanswered if waiting else 0,
                "unanswered": waiting.unanswered if waiting else 0, "overdue": overdue, "within_days": within_days,
                "response_rate": {key: round(value, 3) if isinstance(value, float) else value for key, value in rate._asdict().items()},
                "next": None if place.peer_of else next_step, "link": None if place.peer_of else link(next_step, site(name), url),
            })  # fmt: skip
    return found


def _last_told(seen: Iterable[Mapping[str, Any]], what: str) -> dict[str, bool]:
    """Return which parts of a page are filled in, or which badges it bears, each as last told: a page tells of some only."""
    told: dict[str, bool] = {}
    for row in sorted(seen, key=lambda each: each["observed"] or ""):
        told |= row.get(what) or {}
    return dict(sorted(told.items()))


def _page(found: bool, coverage: Any, url: str | None) -> Page:  # noqa: FBT001 — private; whether anything is stored
    if found:
        return "found"
    if coverage is not None and coverage.last_state == "read":
        return "nothing"
    return "unread" if coverage is not None or url else "unlooked"


def _first(row: Mapping[str, Any]) -> tuple[bool, bool, int, int, str]:
    """Order the profiles of a site: without a filter first, then with a rating, then the newest, then the one with the most reviews."""
    return bool(row["filter"]), row["rating"] is None, -int((row["observed"] or "0")[:10].replace("-", "") or 0), -(row["review_count"] or 0), row["domain"] or ""


def _last_review(reader: Reader, employer: str, source: str) -> str | None:
    return max((each.day for kind in ("review", "customer") for each in reader.per_day(employer, source=source, type=kind) if each.day), default=None)


def claim_history(reader: Reader, names: Iterable[str], source: str | None = None) -> list[dict[str, Any]]:
    """Return since when each page was claimed or not, the oldest state first."""
    found = []
    for name in names:
        pages: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for row in reader.profile_history(name, source):
            pages.setdefault((row["source"], row["native_id"] or ""), []).append(row)
        found += [
            {"employer": name, "source": where, "title": site(where).title, "page_id": native or None, "claimed": span.claim.claimed, "told_by": span.claim.told_by,
             "since": span.claim.observed, "last": span.last, "url": span.claim.url}
            for (where, native), rows in sorted(pages.items()) for span in spans(rows)
        ]  # fmt: skip
    return found
