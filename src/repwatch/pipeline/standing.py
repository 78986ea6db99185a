"""How an employer stands: beside named peers, before a badge, and what looks odd among its reviews."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from repwatch.analysis.badges import Badge, shown, top_company
from repwatch.analysis.bursts import beside_platform, bursts
from repwatch.analysis.intervals import Figure
from repwatch.analysis.peers import missing, ranks, share_of_voice, shared_sources
from repwatch.analysis.tally import sentiment, tally
from repwatch.pipeline.changes import Period
from repwatch.pipeline.summary import rounded
from repwatch.programme.sites import site
from repwatch.stars import out_of_five

if TYPE_CHECKING:
    from repwatch.store import Reader

_YEAR = timedelta(days=365)


def comparison(reader: Reader, own: str, peers: Sequence[str], period: Period, *, source: str | None = None, lang: str | None = None) -> dict[str, Any]:
    """Return share of voice and ranks of `own` among `peers`, over the sources that all have; or what is missing.

    The comparison is refused where an employer is not stored or no source is common; a source that one lacks, or that could not be
    read for one, is left out for all and named.
    """
    since, until = (day.isoformat() for day in period)
    names = [own, *peers]
    known = set(reader.employers())
    sources = {name: [each for each in reader.sources(name) if source in (None, each) and site(each).voice != "customers"] for name in names if name in known}
    unread = {name: sorted(reader.unread_sources(name, since, until) & set(sources[name])) for name in sources}
    lacks = missing(own, peers, sources, unread)
    told: dict[str, Any] = {"employer": own, "peers": list(peers), "missing": [each._asdict() for each in lacks]}
    common = shared_sources(names, sources, unread)
    if any(each.lack == "not_stored" for each in lacks) or not common:
        return {**told, "refused": True, "sources": common, "share_of_voice": [], "ranks": []}
    tallies = {name: tally(count for count in reader.daily_counts(name, since, until, lang=lang) if count.source in common) for name in names}
    total = sum(each.volume for each in tallies.values())
    placed, few = ranks(tallies)
    voices = [{"employer": name, **rounded(share_of_voice(each.volume, total)), "volume": each.volume, "net_sentiment": rounded(sentiment(each))} for name, each in tallies.items()]
    rows = [{"employer": each.employer, "rating": rounded(each.figure), "rank": each.place, "best": each.best, "worst": each.worst} for each in placed]
    return {**told, "refused": False, "missing": told["missing"] + [each._asdict() for each in few], "sources": common, "share_of_voice": voices, "ranks": rows}


def signals(reader: Reader, employer: str, period: Period) -> dict[str, Any]:
    """Return what is odd: bursts of five-star reviews, vanished and edited reviews, a site's rating beside what is visible there."""
    since, until = (day.isoformat() for day in period)
    changed = reader.vanished(employer, since, until)
    gone, edited = ([{name: value for name, value in row.items() if name != "id"} for row in changed if kind in row] for kind in ("vanished", "edited"))
    stars: dict[str, Counter[int]] = {}
    months: dict[str, dict[str, Counter[int]]] = {}
    for count in reader.daily_counts(employer, whats=("stars",)):
        stars.setdefault(count.source, Counter())[int(count.bucket)] += count.n
        if count.day:
            months.setdefault(count.source, {}).setdefault(count.day[:7], Counter())[int(count.bucket)] += count.n
    found = [{"source": source, **_plain(burst._asdict())} for source, some in sorted(months.items()) for burst in bursts(_without_holes(some))
             if since[:7] <= burst.month <= until[:7]]  # fmt: skip
    sites = []
    for profile in reader.latest_profiles(employer):
        if profile["rating"] is not None:
            beside = beside_platform(out_of_five(profile["rating"], profile["rating_scale"]), profile["review_count"], stars.get(profile["source"], {}))
            sites.append({name: profile[name] for name in ("source", "domain", "filter", "observed")} | _plain(beside._asdict()))
    return {"bursts": found, "vanished": gone, "edited": edited, "platform": sites}


def _plain(told: dict[str, Any]) -> dict[str, Any]:
    return {name: rounded(value) if isinstance(value, Figure) else round(value, 4) if isinstance(value, float) else value for name, value in told.items()}


def _without_holes(months: dict[str, Counter[int]]) -> list[tuple[str, Counter[int]]]:
    first, last = min(months), max(months)
    numbers = range(int(first[:4]) * 12 + int(first[5:]) - 1, int(last[:4]) * 12 + int(last[5:]))
    names = [f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers]
    return [(name, months.get(name, Counter())) for name in names]


def badges(reader: Reader, employer: str, today: date) -> list[dict[str, Any]]:
    """Return the badges that the employer's sources give, with what is missing for each."""
    found = shown(reader.profile_history(employer), today.isoformat())
    if (badge := _top_company(reader, employer, today)) is not None:
        found.append(badge)
    return [{"badge": each.name, "source": each.source, "won": each.won, "conditions": [_plain(one._asdict()) for one in each.conditions]} for each in found]


def _top_company(reader: Reader, employer: str, today: date) -> Badge | None:
    whole = reader.employee_stars(employer, "kununu")
    if not whole:
        return None
    year = reader.employee_stars(employer, "kununu", (today - _YEAR).isoformat())
    (n, total), (n_year, total_year) = ((sum(count for _, count in rows), sum(stars * count for stars, count in rows)) for rows in (whole, year))
    return top_company(n, total, n_year, total_year)
