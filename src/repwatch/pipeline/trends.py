"""Figures of one employer over time and by job family, place and country. Reads roll-ups and the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from repwatch.analysis.breakdown import K, atoms, breakdown
from repwatch.analysis.changepoints import segments
from repwatch.analysis.intervals import mean_of_stars
from repwatch.analysis.trend import Step, steps, trend
from repwatch.analysis.visibility import Visibility
from repwatch.pipeline.changes import Period, one_name_a_town, seen_days, whole_months
from repwatch.pipeline.summary import rounded

if TYPE_CHECKING:
    from repwatch.store import Reader
    from repwatch.store.counts import Count

_ALL = ("rating", "net_sentiment", "volume", "recommend", "ceo_approval", "response_rate", "time_to_respond")
_EACH = ("rating", "net_sentiment", "volume")
_MOST_TOPICS = 12


def trends(reader: Reader, employer: str, period: Period, step: Step, *, source: str | None = None, lang: str | None = None) -> dict[str, Any]:
    """Return the series of an employer by `step`: over all, by source, by language; and the change points of its rating."""
    counts = reader.daily_counts(employer, *(day.isoformat() for day in period), source=source, lang=lang)
    view = seen_days(reader, employer, period)
    if source is not None:
        view = Visibility({source: view.states.get(source, ())}, *period)
    topics: Counter[str] = Counter()
    for count in counts:
        topics[count.bucket.rpartition("|")[0]] += count.n if count.what == "topic" else 0
    subs = sorted({count.bucket.rpartition("|")[0] for count in counts if count.what == "sub"})
    named = [name for name, n in sorted(topics.items(), key=lambda each: (-each[1], each[0])) if n][:_MOST_TOPICS]
    metrics = (*_ALL, *(f"subrating:{name}" for name in subs), *(f"{kind}:{name}" for name in named for kind in ("topic", "topic_sentiment")))
    series = [_series(counts, metric, step, view) for metric in metrics]
    for name in sorted({count.source for count in counts}):
        some = [count for count in counts if count.source == name]
        series += [_series(some, metric, step, view, source=name) for metric in _EACH]
    for name in sorted({count.lang for count in counts if count.type != "interview"}):
        some = [count for count in counts if count.lang == name]
        series += [_series(some, metric, step, view, lang=name) for metric in _EACH]
    return {"step": step, "series": [each for each in series if any(point["n"] for point in each["points"])], "change_points": _change_points(counts, period)}


def _series(counts: Sequence[Count], metric: str, step: Step, view: Visibility, *, source: str | None = None, lang: str | None = None) -> dict[str, Any]:
    points = [
        {"since": point.first.isoformat(), "until": point.last.isoformat(), **rounded(point.figure), "gap": point.coverage.gap,
         "coverage": point.coverage._asdict(), **({"month_only": point.month_only} if point.month_only else {})}
        for point in trend(counts, metric, step, view, source=source)
    ]  # fmt: skip
    return {"metric": metric, "source": source, "lang": lang, "points": points}


def _change_points(counts: Iterable[Count], period: Period) -> list[dict[str, Any]]:
    """Return the days between which the mean rating changed, by weeks: PELT over the weekly histograms."""
    weeks = list(steps(*period, "week"))
    stars: list[Counter[int]] = [Counter() for _ in weeks]
    first = period.first.toordinal() - period.first.weekday()
    for count in counts:
        if count.what == "stars" and count.day:
            stars[(date.fromisoformat(count.day).toordinal() - first) // 7][int(count.bucket)] += count.n
    found = segments(stars)
    return [{"since": weeks[each.first][0].isoformat(), "until": weeks[each.last][1].isoformat(), **rounded(each.figure)} for each in found] if len(found) > 1 else []


def breakdowns(reader: Reader, employer: str, period: Period, today: date) -> list[dict[str, Any]]:
    """Return the reviews of the period by job family, place and country, over all sources and languages; k = 5."""
    cells = one_name_a_town(reader.breakdown(employer))
    first, last = whole_months(period)
    found = []
    for dimension in ("family", "place", "country"):
        all_atoms = atoms(cells, dimension, today.isoformat()[:7])
        told = breakdown(all_atoms, dimension, first, last)
        inside = [atom for atom in all_atoms if first <= atom.first and atom.last <= last]
        series = [{"part": atom.part, "since": atom.first, "until": atom.last, **rounded(mean_of_stars(atom.stars)), "reviews": atom.n} for atom in inside]
        parts = [{"part": part.name, "reviews": part.reviews, "rating": rounded(part.rating)} for part in told.parts]
        found.append({"dimension": dimension, "since": told.first, "until": told.last, "k": K, "merged": told.merged, "parts": parts, "points": series})
    return found
