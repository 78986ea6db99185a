"""Fill the guide: places from the settings, cases from what the store holds about the employer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from repwatch.analysis.themes import tellable, themes, whole_months
from repwatch.programme.guide import ROLES, check_overlay, guide, letter, own_cases

if TYPE_CHECKING:
    from repwatch.config import Settings
    from repwatch.store import Reader

_MONTHS = 12
#: More cases of one's own would push the written ones off the page.
_CASES = 4
_SPECIAL = str.maketrans({char: f"\\{char}" for char in "\\`*_[]<>#|"})


class Wanted(NamedTuple):
    """What was asked for: whose guide, in which language, for whom; `letter` names a letter instead."""

    employer: str
    lang: str
    contact: str = ""
    roles: Sequence[str] = ROLES
    sector: str = "general"
    overlay: Path | None = None
    letter: str | None = None


def written(wanted: Wanted, settings: Settings, told: Sequence[tuple[str, int, str]] = ()) -> str:
    """Return the guide, or a letter, as Markdown. `told` is what `told_about` found. Raises UsageError."""
    if wanted.overlay:
        check_overlay(wanted.overlay)
    employer = _plain(wanted.employer)
    places: dict[str, Any] = {"employer": employer, "contact": _plain(wanted.contact), "months": settings.privacy.text_months, "days": settings.archive_days}
    if wanted.letter:
        return letter(wanted.letter, wanted.lang, places, overlay=wanted.overlay)
    cases = own_cases(wanted.lang, employer, told) if told else ()
    return guide(wanted.lang, places, roles=wanted.roles, sector=wanted.sector, cases=cases, overlay=wanted.overlay)



def told_about(reader: Reader, employer: str, today: date) -> Sequence[tuple[str, int, str]]:
    """Return (topic, texts, mood) of what was said in the last twelve whole months; groups of fewer than five stay unsaid."""
    since, until = whole_months(today, _MONTHS)
    rows = reader.mentions(employer=employer, since=since.isoformat(), until=until.isoformat(), limit=None)
    return [(theme.topic, theme.n, theme.mood) for theme in tellable(themes(rows))][:_CASES]


def _plain(text: str) -> str:
    """Keep a name from being read as Markdown."""
    return " ".join(text.split()).translate(_SPECIAL)
