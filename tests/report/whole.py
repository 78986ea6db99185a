"""The data of a report that has everything: all figures are invented."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any


def figure(value: float | None, n: int, low: float | None = None, high: float | None = None) -> dict[str, Any]:
    """A figure with what it rests on."""
    return {"value": value, "n": n, "low": low, "high": high}


NONE = figure(None, 0)


def seen(target: str = "", **told: Any) -> dict[str, Any]:
    """The coverage of a source with one watch."""
    return {**told, "watches": [{"target": target, **told}]}


def source(name: str, volume: int, rating: dict[str, Any], net: dict[str, Any], *, answered: int = 0, unanswered: int = 0, profile: Any = None, read: int = 28, state: str = "read",
           reason: str = "") -> dict[str, Any]:  # fmt: skip
    """A source with its figures and its coverage."""
    return {"source": name, "volume": volume, "rating": rating, "net_sentiment": net, "answered": answered, "unanswered": unanswered, "profile": profile, "profiles": [profile] if profile else [], "reviews": volume,
            "interviews": 0, "labels": {}, "stars": {}, "coverage": seen(runs=28, read=read, last_read="2026-09-30T05:30:00Z" if read else None, last_state=state, last_reason=reason)}  # fmt: skip


def change(metric: str, before: dict[str, Any], after: dict[str, Any], verdict: str, p: float | None, **more: Any) -> dict[str, Any]:
    """A row of `changes`."""
    return {"metric": metric, "source": None, "topic": None, "before": before, "after": after, "verdict": verdict, "p": p, **more}


def trend(metric: str, values: list[tuple[float | None, int, float | None]]) -> dict[str, Any]:
    """A series of thirteen weeks; the third of each is the share that could be seen, 0 is blind."""
    first = date(2026, 7, 6)
    spread = {"rating": 0.5, "net_sentiment": 0.3}.get(metric, 0)
    points = []
    for week, (value, n, seen) in enumerate(values):
        since = first + timedelta(weeks=week)
        ends = {name: None if value is None or not spread else round(value + sign * spread, 2) for name, sign in (("low", -1), ("high", 1))}
        coverage = {"days": 30, "seen": round(30 * seen), "partly": 0, "blind": 30 - round(30 * seen)} if seen is not None else {"days": 30, "seen": 0, "partly": 0, "blind": 0}
        points.append({"since": since.isoformat(), "until": (since + timedelta(days=6)).isoformat(), "value": value, "n": n, **ends, "gap": seen == 0, "coverage": coverage})
    return {"metric": metric, "source": None, "lang": None, "points": points}


PROFILE = {"claimed": "unclaimed", "rating": 3.4, "review_count": 212, "recommend": 0.61, "ceo_approval": 0.55, "domain": None, "filter": None, "observed": "2026-09-29T06:00:00Z", "url": None}
EMPLOYER = {
    "employer": "Kastelmont", "volume": 85, "reviews": 70, "interviews": 3, "labels": {"positive": 40, "negative": 25, "mixed": 10}, "stars": {"1": 9, "5": 20},
    "rating": figure(3.42, 61, 3.05, 3.79), "net_sentiment": figure(0.231, 65, -0.012, 0.444),
    "sources": [
        source("glassdoor", 41, figure(3.31, 41, 2.85, 3.77), figure(0.2, 38, -0.11, 0.48), answered=6, unanswered=35, profile=PROFILE, read=4, state="stale", reason="saved_page_16_days_old"),
        source("hackernews", 15, NONE, figure(0.0, 4, -0.7, 0.7)),
        source("indeed", 29, figure(3.58, 20, 2.9, 4.26), figure(0.33, 23, -0.06, 0.63), answered=2, unanswered=18, read=0, state="refused", reason="challenge"),
    ],
}  # fmt: skip
DATA: dict[str, Any] = {
    "kind": "quarterly", "since": "2026-07-01", "until": "2026-09-30", "source": None, "lang": None, "employers": [EMPLOYER],
    "compare": {"before": {"since": "2026-03-31", "until": "2026-06-30"}, "after": {"since": "2026-07-01", "until": "2026-09-30"}},
    "changes": [
        change("rating", figure(3.9, 58, 3.6, 4.2), figure(3.42, 61, 3.05, 3.79), "down", 0.012, smallest_detectable=0.6),
        change("net_sentiment", figure(0.4, 60, 0.17, 0.6), figure(0.231, 65, -0.012, 0.444), "no_detectable_change", 0.31),
        change("volume", figure(74, 74), figure(85, 85), "no_detectable_change", 0.44),
        change("recommend", figure(0.7, 20, 0.48, 0.86), figure(0.5, 8, 0.22, 0.78), "too_few", None),
        change("rating", figure(3.8, 40, 3.4, 4.2), figure(3.31, 41, 2.85, 3.77), "no_detectable_change", 0.09, source="glassdoor"),
        change("net_sentiment", figure(0.1, 20, -0.3, 0.5), figure(-0.6, 22, -0.8, -0.2), "down", 0.001, topic="workload"),
    ],
    "trends": {"step": "week", "change_points": [], "series": [
        trend("rating", [(3.9, 4, 1.0), (4.1, 5, 1.0), (3.8, 6, 1.0), (None, 0, 0.0), (None, 0, 0.0), (3.6, 5, 0.7), (3.7, 4, 1.0), (3.4, 6, 1.0), (3.2, 7, 1.0), (3.1, 6, 1.0), (3.3, 6, 1.0), (2.9, 7, 1.0), (3.0, 5, 0.9)]),
        trend("net_sentiment", [(0.5, 5, 1.0), (0.4, 5, 1.0), (0.3, 6, 1.0), (None, 0, 0.0), (None, 0, 0.0), (0.3, 5, 0.7), (0.2, 5, 1.0), (0.1, 6, 1.0), (0.1, 7, 1.0), (-0.1, 6, 1.0), (0.0, 6, 1.0), (-0.2, 8, 1.0), (-0.1, 6, 0.9)]),
        trend("volume", [(6, 6, 1.0), (7, 7, 1.0), (8, 8, 1.0), (None, 0, 0.0), (None, 0, 0.0), (6, 6, 0.7), (6, 6, 1.0), (7, 7, 1.0), (9, 9, 1.0), (8, 8, 1.0), (8, 8, 1.0), (12, 12, 1.0), (8, 8, 0.9)]),
    ]},
    "needs_answer": {"waiting": 53, "overdue": 31, "within_days": 14, "rows": [
        {"id": 7, "source": "indeed", "published": "2026-09-08", "days": 22, "label": "negative", "rating": 1.0, "excerpt": "Le planning change tous les jours.", "url": "https://be.indeed.example/r7"},
        {"id": 9, "source": "glassdoor", "published": "2026-09-24", "days": 6, "label": "mixed", "rating": 2.5, "excerpt": "Fijne collega's, te weinig volk.", "url": None},
    ]},
    "topics": {"n": 75, "rows": [
        {"topic": "workload", "n": 22, "good": 2, "bad": 18}, {"topic": "health", "n": 12, "good": 0, "bad": 12}, {"topic": "colleagues", "n": 20, "good": 17, "bad": 2},
        {"topic": "pay", "n": 14, "good": 5, "bad": 6}, {"topic": "remote_work", "n": 6, "good": 6, "bad": 0},
        {"topic": "tools", "n": 2, "good": 0, "bad": 0}, {"topic": "career", "n": 2, "good": 0, "bad": 2}, {"topic": "training", "n": 2, "good": 2, "bad": 0},
        {"topic": "diversity", "n": 1, "good": 1, "bad": 0}, {"topic": "culture", "n": 1, "good": 1, "bad": 0},
    ]},
    "comparison": {
        "employer": "Kastelmont", "peers": ["Globex", "Initech"], "refused": False, "sources": ["glassdoor", "indeed"],
        "missing": [{"employer": "Initech", "lack": "too_few", "source": None}, {"employer": "Globex", "lack": "source_missing", "source": "hackernews"}],
        "share_of_voice": [
            {"employer": "Kastelmont", **figure(0.5, 170, 0.43, 0.57), "volume": 85, "net_sentiment": figure(0.231, 65, -0.012, 0.444)},
            {"employer": "Globex", **figure(0.47, 170, 0.4, 0.54), "volume": 80, "net_sentiment": figure(0.3, 50, 0.05, 0.5)},
            {"employer": "Initech", **figure(0.03, 170, 0.01, 0.07), "volume": 5, "net_sentiment": NONE},
        ],
        "ranks": [{"employer": "Globex", "rating": figure(3.6, 50, 3.2, 4.0), "rank": 1, "best": 1, "worst": 2}, {"employer": "Kastelmont", "rating": figure(3.42, 61, 3.05, 3.79), "rank": 2, "best": 1, "worst": 2}],
    },
    "voices": {"scored": 75, "labels": {"positive": 40, "negative": 25, "mixed": 10}, "quotes": [
        {"id": 3, "text": "We help each other, also on Fridays.", "label": "positive", "rating": 5.0, "source": "glassdoor", "published": "2026-09-20", "lang": "en", "type": "review", "url": None},
        {"id": 7, "text": "Le planning change tous les jours.", "label": "negative", "rating": 1.0, "source": "indeed", "published": "2026-09-08", "lang": "fr", "type": "review", "url": "https://be.indeed.example/r7"},
        {"id": 2, "text": "Goede sfeer, maar de lonen volgen niet.", "label": "mixed", "rating": None, "source": "hackernews", "published": "2026-08-11", "lang": "nl", "type": "mention", "url": "javascript:alert(1)"},
    ]},
}  # fmt: skip
