"""How people were recruited and what they are said to be paid: told beside the reviews, never mixed into a rating."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from repwatch.analysis.intervals import mean_of_stars, wilson
from repwatch.pipeline.summary import rounded

if TYPE_CHECKING:
    from repwatch.pipeline.voices import Ask
    from repwatch.store import Reader

_FACTS = ("job_title", "location", "country", "count", "currency", "period", "base", "total", "estimate", "source", "url")


def recruiting(reader: Reader, ask: Ask) -> dict[str, Any]:
    """Return what candidates tell of the period, and the salaries as the sites show them: these bear no date."""
    interviews = reader.of_type(ask.employer, "interview", ask.since, ask.until, source=ask.source, lang=ask.lang)
    salaries = reader.of_type(ask.employer, "salary", source=ask.source)
    told = Counter(each["experience"] for each in interviews if each["experience"])
    return {
        "interviews": {
            "n": len(interviews),
            "positive": rounded(wilson(told["positive"], told.total())),
            "difficulty": rounded(mean_of_stars(Counter(round(each["difficulty"] * 10) for each in interviews if each["difficulty"]))),
            "outcomes": dict(sorted(Counter(each["outcome"] for each in interviews if each["outcome"]).items())),
        },
        "salaries": sorted(({name: each.get(name) for name in _FACTS} for each in salaries), key=_order),
    }


def _order(row: Mapping[str, Any]) -> tuple[int, str, str]:
    return -(row["count"] or 0), row["job_title"], row["source"]
