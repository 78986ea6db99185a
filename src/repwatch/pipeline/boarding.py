"""What a board needs on one page: how the employer stands, what is said, how peers stand, and what waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from repwatch.analysis.intervals import Figure, wilson
from repwatch.analysis.peers import LEAST, ranks, share_of_voice, shared_sources
from repwatch.analysis.tally import Tally, rating, sentiment, tally
from repwatch.analysis.themes import themes, whole_months
from repwatch.pipeline.answering import weighed
from repwatch.pipeline.presence import Place, presence
from repwatch.pipeline.summary import rounded
from repwatch.programme.sites import site

if TYPE_CHECKING:
    from repwatch.config import Settings
    from repwatch.store import Reader

_MONTHS = 12
_TOPICS = 3


def standing(reader: Reader, settings: Settings, employer: str, today: date) -> dict[str, Any]:
    """Return the facts for one page on the last twelve whole months; what waits and who claimed what is of today."""
    since, until = whole_months(today, _MONTHS)
    days = settings.answer_within_days
    told = next((each for each in settings.employers if each.name == employer), None)
    urls = {one.source: one.url for one in told.sources} if told else {}
    pages = presence(reader, [Place(employer, None, urls)], today, within_days=days)[0]["sites"]
    counts = _tally(reader, employer, since, until)
    return {
        "employer": employer, "since": since.isoformat(), "until": until.isoformat(), "today": today.isoformat(), "within_days": days,
        "rating": rounded(rating(counts)), "net_sentiment": rounded(sentiment(counts)), "response_rate": rounded(_rate(reader, employer, since, today, days)),
        "volume": counts.volume, **_said(reader, employer, since, until), "peers": _peers(reader, employer, told.peers if told else (), since, until),
        "waiting": _waiting(reader, employer, since, today, days), "pages": _pages(pages), "projects": reader.projects(employer),
    }  # fmt: skip


def _tally(reader: Reader, employer: str, since: date, until: date, only: Sequence[str] | None = None) -> Tally:
    counts = reader.daily_counts(employer, since.isoformat(), until.isoformat())
    return tally(each for each in counts if only is None or each.source in only)


def _rate(reader: Reader, employer: str, since: date, today: date, days: int) -> Figure:
    old = reader.answers(employer, since.isoformat(), (today - timedelta(days=days)).isoformat())
    told = [each for each in old if site(each.source).voice != "customers"]
    answered = sum(each.answered for each in told)
    return wilson(answered, answered + sum(each.unanswered for each in told))


def _said(reader: Reader, employer: str, since: date, until: date) -> dict[str, Any]:
    """Return what five reviews of employees or more praise, and blame; smaller groups stay unsaid."""
    rows = reader.mentions(employer=employer, since=since.isoformat(), until=until.isoformat(), type="review", limit=None)
    found = themes(row for row in rows if row.get("voice") != "applicant")
    praised = sorted((theme for theme in found if theme.praised >= LEAST), key=lambda theme: (-theme.praised, theme.topic))
    blamed = sorted((theme for theme in found if theme.blamed >= LEAST), key=lambda theme: (-theme.blamed, theme.topic))
    return {"praised": [{"topic": each.topic, "n": each.praised} for each in praised[:_TOPICS]], "blamed": [{"topic": each.topic, "n": each.blamed} for each in blamed[:_TOPICS]]}


def _peers(reader: Reader, employer: str, peers: Sequence[str], since: date, until: date) -> dict[str, Any] | None:
    """Stand beside the peers that are stored, on the sources that all have and that were read; None without peers."""
    if not peers:
        return None
    stored = set(reader.employers())
    names = [name for name in (employer, *peers) if name in stored]
    unread = {name: reader.unread_sources(name, since.isoformat(), until.isoformat()) for name in names}
    held = {name: {each.source for each in reader.daily_counts(name, since.isoformat(), until.isoformat(), whats=("all",))} for name in names}
    common = [source for source in shared_sources(names, held, unread) if site(source).voice != "customers"] if len(names) > 1 else []
    tallies = {name: _tally(reader, name, since, until, common) for name in names} if common else {}
    ranked, few = ranks(tallies)
    total = sum(each.volume for each in tallies.values())
    rows = [
        {"employer": name, "rating": figure and rounded(figure), "place": place, "best": best, "worst": worst, "share_of_voice": rounded(share_of_voice(tallies[name].volume, total))}
        for name, figure, place, best, worst in [*ranked, *((each.employer, None, None, None, None) for each in few)]
    ]
    return {"sources": common, "rows": rows, "not_stored": [name for name in peers if name not in stored]}


def _waiting(reader: Reader, employer: str, since: date, today: date, days: int) -> dict[str, Any]:
    """Return how many reviews wait, how long, how many are overdue and worth an answer, and when the last answer was given."""
    rows = list(weighed(reader, reader.waiting(employer), today))
    ages = sorted(row["age_days"] for row in rows if row["age_days"] is not None)
    overdue = sum(row["worth"] != "no" and (row["age_days"] or 0) > days for row in rows)
    answered = [response["published"][:10] for row in reader.mentions(employer=employer, since=since.isoformat(), type="review", limit=None)
                if row.get("voice") != "customer" for response in row["responses"] if len(response["published"] or "") >= 10]  # fmt: skip
    last = max((day for day in answered if day <= today.isoformat()), default=None)
    return {"reviews": len(rows), "overdue": overdue, "median_days": ages[len(ages) // 2] if ages else None, "oldest_days": ages[-1] if ages else None,
            "last_answer": last, "days_since_answer": (today - date.fromisoformat(last)).days if last else None}  # fmt: skip


def _pages(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    found = Counter(row["claimed"] for row in rows if row["page"] == "found")
    return {"found": found.total(), "unclaimed": found["unclaimed"], "unknown": found["unknown"], "unlooked": sum(row["page"] in ("unlooked", "unread") for row in rows)}


def figure_of(facts: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    """Return a figure by which a project is measured, as it stands now; None where only people can tell."""
    if name in ("rating", "response_rate"):
        return {"value": facts[name]["value"], "n": facts[name]["n"]}
    places = {"overdue": "waiting", "unclaimed": "pages", "unlooked": "pages"}
    return {"value": facts[places[name]][name], "n": None} if name in places else None
