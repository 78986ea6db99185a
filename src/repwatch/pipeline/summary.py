"""Sum up what the store holds for a period: figures with n and interval, and what could not be seen.

Reads roll-ups only, through the light reader: its cost does not grow with the store.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from repwatch.analysis.intervals import Figure, mean_of_stars, net_sentiment, shrunk_mean, wilson
from repwatch.store.runs import STATES, Coverage

if TYPE_CHECKING:
    from repwatch.store import Reader
    from repwatch.store.counts import Answers
    from repwatch.store.reading import Histogram

LABELS = ("positive", "negative", "mixed", "neutral", "unclear", "unscored")


def summarise(reader: Reader, employers: Sequence[str], since: str | None, until: str | None, *, source: str | None = None, lang: str | None = None) -> dict[str, Any]:
    """Return the figures of `employers` from `since` to `until` (YYYY-MM-DD, both inclusive)."""
    gaps = Counter(_watched(gap.watch_key) for gap in reader.gaps())
    rows = [_employer(reader, name, since, until, source, lang, gaps) for name in employers]
    unread = [] if source or lang else reader.unread_files(since, until)
    return {"since": since, "until": until, "source": source, "lang": lang, "scorers": reader.scorers(), "employers": rows, "unread_files": unread}


def _employer(reader: Reader, name: str, since: str | None, until: str | None, source: str | None, lang: str | None,
              gaps: Counter[tuple[str, str]]) -> dict[str, Any]:  # fmt: skip
    found = reader.histograms_by_type(name, since, until, lang=lang)
    reviews, mentions, interviews, customers = (found.get(kind, {}) for kind in ("review", "mention", "interview", "customer"))
    everything = {each: _total([reviews.get(each), mentions.get(each)]) for each in {*reviews, *mentions}}
    coverage: dict[str, list[Coverage]] = {}
    for watch in reader.coverage(name, since, until):
        coverage.setdefault(watch.source, []).append(watch)
    profiles: dict[str, list[dict[str, Any]]] = {}
    for profile in reader.latest_profiles(name):
        profiles.setdefault(profile["source"], []).append(profile)
    copies = reader.copies(name, since, until)
    answers, theirs = ({each.source: each for each in reader.answers(name, since, until, kind=kind)} for kind in ("review", "customer"))
    names = [each for each in sorted({*everything, *interviews, *coverage, *profiles, *copies, *customers}) if source in (None, each)]
    by_source = []
    for each in names:
        # Where a site holds customers' reviews alone, its row is theirs; in no case do they count for the employer.
        alone = each in customers and each not in everything
        row = {"source": each, "voice": "customers" if alone else None, **(figures(customers[each], customers[each]) if alone else figures(everything.get(each), reviews.get(each)))}
        row["interviews"] = interviews[each]["all"] if each in interviews else 0
        row["copies"] = copies.get(each, 0)
        row |= _answers((theirs if alone else answers).get(each))
        row["profiles"] = [_profile(one) for one in sorted(profiles.get(each, ()), key=_first)]
        row["profile"] = next(iter(row["profiles"]), None)
        row["coverage"] = _coverage(coverage.get(each, ()), gaps[name, each])
        by_source.append(row)
        if each in customers and not alone:
            by_source.append({"source": each, "voice": "customers", **figures(customers[each], customers[each]), "interviews": 0, "copies": 0, **_answers(theirs.get(each)),
                              "profiles": [], "profile": None, "coverage": None})  # fmt: skip
    return {"employer": name, **figures(_total(everything.get(each) for each in names), _total(reviews.get(each) for each in names)),
            "interviews": sum(row["interviews"] for row in by_source), "copies": sum(row["copies"] for row in by_source), "customers": sum(row["reviews"] for row in by_source if row["voice"]), "sources": by_source}  # fmt: skip


def figures(everything: Histogram | None, reviews: Histogram | None) -> dict[str, Any]:
    """Return rating, net sentiment, volume and labels of one cell."""
    stars = reviews["stars"] if reviews else {}
    labels = everything["label"] if everything else {}
    volume = everything["all"] if everything else 0
    return {
        "rating": rounded(mean_of_stars(stars)),
        "shrunk_rating": rounded(shrunk_mean(stars)) if stars else None,
        "net_sentiment": rounded(net_sentiment(labels)),
        "unscored_share": rounded(wilson(volume - sum(labels.values()) + labels.get("unscored", 0), volume)),
        "volume": volume,
        "reviews": reviews["all"] if reviews else 0,
        "labels": {label: labels.get(label, 0) for label in LABELS if labels.get(label)},
        "stars": {f"{tenths / 10:g}": n for tenths, n in sorted(stars.items())},
    }


def _answers(told: Answers | None) -> dict[str, int]:
    return {"answered": told.answered, "unanswered": told.unanswered} if told else {"answered": 0, "unanswered": 0}


def rounded(figure: Figure) -> dict[str, float | int | None]:
    """Return a figure as a plain object, to three digits."""
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in figure._asdict().items()}


def _watched(watch_key: str) -> tuple[str, str]:
    """Return employer and source of a watch (`Watch.key`)."""
    source, _, rest = watch_key.partition("|")
    return rest.partition("|")[0], source


def _total(histograms: Iterable[Histogram | None]) -> Histogram:
    total: Histogram = {"stars": {}, "label": {}, "all": 0}
    for one in histograms:
        if one is None:
            continue
        total["all"] += one["all"]
        for tenths, n in one["stars"].items():
            total["stars"][tenths] = total["stars"].get(tenths, 0) + n
        for label, n in one["label"].items():
            total["label"][label] = total["label"].get(label, 0) + n
    return total


def _profile(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("rating", "rating_scale", "review_count", "claimed", "recommend", "ceo_approval", "domain", "filter", "observed", "url")
    return {name: row.get(name) for name in names}


def _first(row: Mapping[str, Any]) -> tuple[bool, bool, int, int, str, str]:
    """Order the profiles of a source: without a filter first, then with a rating, then the newest, then by place; one place is never shown for another."""
    day = int((row["observed"] or "0")[:10].replace("-", "") or 0)
    return bool(row["filter"]), row["rating"] is None, -day, -(row["review_count"] or 0), row["domain"] or "", row["filter"] or ""


def _coverage(watches: Sequence[Coverage], gaps: int) -> dict[str, Any] | None:
    """Return what could be seen of a source: all looks at its pages and queries together, the worst of them, and each by itself."""
    if not watches:
        return None
    worst = min(watches, key=lambda each: STATES.index(each.last_state))
    rows = [{name: value for name, value in each._asdict().items() if name != "source"} for each in watches]
    return {"runs": sum(each.runs for each in watches), "read": sum(each.read for each in watches), "last_read": max((each.last_read for each in watches if each.last_read), default=None),
            "last_state": worst.last_state, "last_reason": worst.last_reason, "gaps": gaps, "watches": rows}  # fmt: skip
