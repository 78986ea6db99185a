"""Documents of the `leaders` commands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from repwatch.programme.leading import REFERENCE, Gap
from repwatch.programme.people import Member, Standing
from repwatch.report.answers import TOPICS
from repwatch.report.document import Cell, Document, Section, Tone
from repwatch.report.figures import count, number
from repwatch.report.figures import day as told_day
from repwatch.text.clean import one_line
from repwatch.wording import N_, _, n_

MEASURES = {"contacts": N_("contacts"), "posts": N_("posts in 12 months")}
_STATES: Mapping[str, tuple[str, Tone]] = {"reached": (N_("reached"), "good"), "open": (N_("on the way"), ""), "late": (N_("past its day"), "bad"), "unknown": (N_("not known"), "warn")}


class Leader(NamedTuple):
    """A leader with what is known of them."""

    member: Member
    standings: tuple[Standing, ...]
    gaps: tuple[Gap, ...]


def listing(leaders: Sequence[Leader], day: date) -> Document:
    """Return how each consenting leader stands, and their goals."""
    inside = [each for each in leaders if each.member.consent.holds(day)]
    columns = (_("Code"), _("As of"), _("Profile"), _("Contacts"), _("Posts in 12 months"), _("Reactions"), _("Topics"), _("Consent until"))
    rows = tuple((one_line(each.member.code), *_standing(each.standings[-1] if each.standings else None), told_day(each.member.consent.expires.isoformat())) for each in inside)
    after = _brackets(each.standings[-1] if each.standings else None for each in inside)
    sections = [Section("leaders", "", columns, rows, after=after, numbers=frozenset({3, 4, 5}))] if rows else []
    if any(each.gaps for each in inside):
        sections.append(_goals(inside))
    ended = len(leaders) - len(inside)
    title = n_("{n} leader takes part", "{n} leaders take part", len(inside)) if inside else _("No leader takes part yet.")
    closing = n_("The consent of {n} more has ended: nothing is shown of them.", "The consent of {n} more has ended: nothing is shown of them.", ended) if ended else ""
    data = {"reference": dict(REFERENCE), "leaders": [_told(each) for each in inside], "ended": ended}
    return Document("leaders list", title, tuple(sections), data, verdict=reference(), closing=closing)


#: The columns of a standing, by its fields.
_FIGURES = {"profile": N_("Profile"), "contacts": N_("Contacts"), "posts": N_("Posts in 12 months"), "reactions": N_("Reactions"), "topics": N_("Topics")}


def figures_kept(one: Standing) -> Iterator[str]:
    """Yield a sentence a day of which figures are that were not said anew, the newest first."""
    for since in sorted(set(one.kept.values()), reverse=True):
        names = ", ".join(_(title) for name, title in _FIGURES.items() if one.kept.get(name) == since)
        yield _("Not said anew, and kept as of {day}: {names}.", day=told_day(since.isoformat()), names=names)


def reference() -> str:
    """Return the sentence that says how other leaders stand."""
    return _("For comparison: 48 % of CEOs were present on social networks, and one in four of these had posted (Brunswick, 2019).")


def _told(each: Leader) -> dict[str, Any]:
    gaps = [{**gap._asdict(), "due": gap.due.isoformat(), "likely": gap.likely.isoformat() if gap.likely else None} for gap in each.gaps]
    return {"code": each.member.code, "consent_until": each.member.consent.expires.isoformat(), "standings": [one.model_dump(mode="json") for one in each.standings], "goals": gaps}


def _standing(one: Standing | None) -> tuple[Cell | str, ...]:
    if one is None:
        return (Cell("–", "dim"),) * 6
    told = {
        "profile": "–" if one.profile is None else _("yes") if one.profile else _("no"), "contacts": _number(one.contacts), "posts": _number(one.posts), "reactions": _number(one.reactions),
        "topics": ", ".join(_(TOPICS[name]) if name in TOPICS else one_line(name) for name in one.topics) or "–",
    }  # fmt: skip
    return (told_day(one.day.isoformat()), *(f"{text} ({told_day(one.kept[name].isoformat())})" if name in one.kept else text for name, text in told.items()))


def _brackets(shown: Iterable[Standing | None]) -> tuple[str, ...]:
    return (_("In brackets: the day of a figure that was not said anew since."),) if any(one and one.kept for one in shown) else ()


def _number(value: int | None) -> str:
    return "–" if value is None else count(value)


def _goals(leaders: Sequence[Leader]) -> Section:
    columns = (_("Code"), _("Goal"), _("Now"), _("Missing"), _("Until"), _("State"), _("A working day"))
    rows = tuple(
        (one_line(each.member.code), f"{gap.target} {_(MEASURES[gap.measure])}", _number(gap.now), _number(gap.missing), told_day(gap.due.isoformat()), Cell(_(_STATES[gap.state][0]), _STATES[gap.state][1]),
         "–" if gap.a_day is None else number(gap.a_day, 1)) for each in leaders for gap in each.gaps
    )  # fmt: skip
    late = [gap for each in leaders for gap in each.gaps if gap.likely]
    after = tuple(_("At five invitations a working day, {target} contacts are reached on {day} at the earliest.", target=gap.target, day=told_day(str(gap.likely))) for gap in late)
    return Section("goals", _("Goals"), columns, rows, after=after, numbers=frozenset({2, 3, 6}))


def progress(leader: Leader) -> Document:
    """Return how a leader stood over time."""
    columns = (_("As of"), _("Profile"), _("Contacts"), _("Posts in 12 months"), _("Reactions"), _("Topics"))
    rows = tuple(_standing(one) for one in leader.standings)
    # A figure that was kept was counted once.
    known = [one for one in leader.standings if one.contacts is not None and "contacts" not in one.kept]
    verdict = _("From {first} to {last} contacts since {day}.", first=_number(known[0].contacts), last=_number(known[-1].contacts), day=told_day(known[0].day.isoformat())) if len(known) > 1 else \
        _("Nothing to compare yet: one more standing is needed.")  # fmt: skip
    sections = [Section("standings", "", columns, rows, after=_brackets(leader.standings), numbers=frozenset({2, 3, 4}))] if rows else []
    if leader.gaps:
        sections.append(_goals([leader]))
    return Document("leaders progress", _("Progress of {code}", code=one_line(leader.member.code)), tuple(sections), _told(leader), verdict=verdict)
