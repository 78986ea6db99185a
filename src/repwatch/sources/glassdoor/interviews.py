"""Turn a listing of interviews into items."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import ValidationError

from repwatch.errors import LayoutChanged
from repwatch.models import Interview, NoResults, Outcome, Problem
from repwatch.sources._lenient import complaint, without_its_date
from repwatch.sources.glassdoor.header import Head
from repwatch.sources.glassdoor.reviews import employer_of, language_code, profile
from repwatch.sources.glassdoor.schema import (
    SOURCE,
    EmployerIn,
    InterviewIn,
    InterviewsIn,
    told_id,
)

_DIFFICULTY = {"VERY_EASY": 1.0, "EASY": 2.0, "AVERAGE": 3.0, "DIFFICULT": 4.0, "VERY_DIFFICULT": 5.0}
_EXPERIENCE: dict[str, Literal["positive", "neutral", "negative"]] = {
    "POSITIVE": "positive", "NEUTRAL": "neutral", "NEGATIVE": "negative",
}  # fmt: skip
_OUTCOME: dict[str, Literal["accepted", "declined", "none"]] = {
    "ACCEPT_OFFER": "accepted", "DECLINE_OFFER": "declined", "NO_OFFER": "none",
}  # fmt: skip


def read_interviews(found: list[dict[str, Any]], head: Head, known: EmployerIn) -> Iterator[Outcome]:
    """Yield the profile, then every interview once."""
    listings = [InterviewsIn.model_validate(one) for one in found]
    employer = employer_of(found, known)
    raw = [interview for one in listings for interview in one.interviews]
    yield profile(head, employer, None)
    if raw:
        yield from _each(raw, head, employer)
    elif any(0 in (one.total, one.filtered) for one in listings):
        yield NoResults(source=SOURCE)
    else:
        raise LayoutChanged(
            "interviews not in employerInterviews, which does not say that there are none", where=SOURCE
        )


def _each(raw: list[Any], head: Head, employer: EmployerIn) -> Iterator[Interview | Problem]:
    seen: set[str] = set()
    for number, one in enumerate(raw, 1):
        ident = told_id(one, "id", "interviewId") or f"number {number}"
        if ident in seen:
            continue
        seen.add(ident)
        try:
            interview, odd = without_its_date(InterviewIn, one, "reviewDateTime")
        except ValidationError as error:
            yield complaint(SOURCE, error, f"interview {ident[:40]}")
            continue
        if odd:
            yield complaint(SOURCE, odd, f"interview {ident[:40]}")
        yield _interview(interview, head, employer)


def _interview(one: InterviewIn, head: Head, employer: EmployerIn) -> Interview:
    return Interview(
        source=SOURCE,
        employer=employer.name or head.employer,
        employer_id=employer.ident or head.employer_id,
        native_id=one.ident,
        published=one.published,
        lang=language_code(one.language),
        job_title=one.job_title,
        location=one.location,
        experience=_EXPERIENCE.get(one.experience or ""),
        difficulty=_DIFFICULTY.get(one.difficulty or ""),
        outcome=_OUTCOME.get(one.outcome or ""),
        process=one.process,
        questions=tuple(each.question for each in one.questions if each.question),
    )
