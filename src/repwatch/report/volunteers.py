"""Documents of the `programme` commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from repwatch.analysis.intervals import Figure
from repwatch.programme.people import Action, Member, Relay
from repwatch.programme.volunteering import REFERENCE, Month
from repwatch.report import words
from repwatch.report.document import Cell, Document, Section
from repwatch.report.figures import count, number, share
from repwatch.report.figures import day as told_day
from repwatch.report.reasons import explained
from repwatch.text.clean import one_line
from repwatch.wording import N_, _, n_

_STATES = {"active": N_("active"), "paused": N_("paused"), "ended": N_("consent ended")}


def members(found: Sequence[Member], day: date, command: str = "programme list") -> Document:
    """Return who takes part, by the codes that they chose."""
    inside = sum(member.consent.holds(day) for member in found)
    rows = tuple(
        (one_line(member.code), _state(member, day), told_day(member.joined.isoformat()), Cell(told_day(member.consent.expires.isoformat()), "" if member.consent.holds(day) else "bad"),
         one_line(member.consent.how), one_line(", ".join(member.consent.accounts)) or "–") for member in found
    )  # fmt: skip
    columns = (_("Code"), _("State"), _("Joined"), _("Consent until"), _("How asked"), _("Accounts"))
    title = n_("{n} person takes part", "{n} people take part", inside) if found else _("Nobody takes part yet.")
    data = [{"code": member.code, "state": member.state, "joined": member.joined.isoformat(), "in_force": member.consent.holds(day), "consent": member.consent.model_dump(mode="json")} for member in found]
    return Document(command, title, (Section("members", "", columns, rows),) if found else (), {"members": data})


def _state(member: Member, day: date) -> Cell:
    state = member.state if member.consent.holds(day) else "ended"
    return Cell(_(_STATES[state]), "bad" if state == "ended" else "dim" if state == "paused" else "")


def actions(found: Sequence[Action], relayed: Mapping[int, Sequence[Relay]]) -> Document:
    """Return what is worth relaying, and what became of it."""
    rows = tuple((str(each.id), told_day(each.day.isoformat()), one_line(each.title), ", ".join(each.words) or "–", *_sums(relayed.get(each.id, ())), one_line(each.url)) for each in found)
    columns = (_("No"), _("Since"), _("Title"), _("Words in"), _("Relays"), _("Reach (estimate)"), _("Reactions"), _("Link"))
    title = n_("{n} thing worth relaying", "{n} things worth relaying", len(found)) if found else _("Nothing to relay yet.")
    data = [{"id": each.id, "day": each.day.isoformat(), "title": each.title, "url": each.url, "words": each.words, "relays": _told(relayed.get(each.id, ()))} for each in found]
    return Document("programme action list", title, (Section("actions", "", columns, rows, numbers=frozenset({0, 4, 5, 6})),) if found else (), {"actions": data})


def _sums(relays: Sequence[Relay]) -> tuple[str, str, str]:
    reach, reactions = ([value for value in values if value is not None] for values in ([each.reach for each in relays], [each.reactions for each in relays]))
    return count(len(relays)), count(sum(reach)) if reach else "–", count(sum(reactions)) if reactions else "–"


def _told(relays: Sequence[Relay]) -> list[dict[str, Any]]:
    return [{"member": each.member, "day": each.day.isoformat(), "reach_estimate": each.reach, "reactions": each.reactions} for each in relays]


def figures(found: Sequence[Month], ever: Figure, headcount: int | None) -> Document:
    """Return the figures of the programme, month by month, beside the reference."""
    columns = (_("Month"), _("Participation"), _("Adoption"), _("Active"), _("Engagement"), _("Relays"))
    rows = tuple((told_day(each.month), _share(each.participation), _share(each.adoption), _share(each.active), _rate(each.engagement), str(each.relays)) for each in found)
    reference = _("Reference: {yes} of {n} people ({share}).", yes=REFERENCE[0], n=REFERENCE[1], share=share(REFERENCE[0] / REFERENCE[1]))
    notes = (
        _("Participation: people who shared, of all who work there. Adoption: joined, of those invited. Active: shared in the last 30 days, of those who joined. Figures in brackets: interval (95 %) and n."),
        _("Engagement: reactions, divided by reach. Reach is an estimate, so there is no interval; n is the estimated reach."),
        _("Whoever left, or whose consent ended, is no longer counted, not in past months either."),
        *([] if headcount else [_("Participation is unknown: the settings do not say how many people work there. Add headcount = ... under the employer.")]),
        *([_("More people joined than were invited on record: adoption is unknown there. Record invitations with: repwatch programme invite N")] if any(each.joined > each.invited for each in found) else []),
    )
    people = 0 if ever.value is None else round(ever.value * ever.n)
    verdict = f"{_('{n} of {headcount} people have shared something so far: {share}.', n=people, headcount=ever.n, share=_share(ever))} {reference}" if ever.value is not None else reference
    data = {"headcount": headcount, "reference": {"ambassadors": REFERENCE[0], "headcount": REFERENCE[1]}, "participation_so_far": ever._asdict(),
            "months": [{**each._asdict(), "through": each.through.isoformat(), **{name: getattr(each, name)._asdict() for name in ("participation", "adoption", "active", "engagement")}} for each in found]}  # fmt: skip
    return Document("programme figures", _("The ambassador programme in figures"), (Section("months", "", columns, rows, after=notes, numbers=frozenset({5})),), data, verdict=verdict)


def _share(figure: Figure) -> str:
    if figure.value is None or figure.low is None or figure.high is None:
        return "–"
    return _("{share} % ({low} to {high} %, n={n})", share=_percent(figure.value), low=_percent(figure.low), high=_percent(figure.high), n=figure.n)


def _percent(value: float) -> str:
    """Return a percentage: below ten with a decimal, so that one of 350 is not told as nothing."""
    return number(value * 100, 1 if 0 < value < 0.0995 else 0)


def _rate(figure: Figure) -> str:
    return "–" if figure.value is None else _("{share} % (n={n})", share=number(figure.value * 100, 1), n=count(figure.n))


def done(command: str, title: str, data: Mapping[str, Any], closing: str = "") -> Document:
    """Return what a command did, in a sentence."""
    return Document(command, title, (), dict(data), closing=closing)


def read(rows: Sequence[Mapping[str, Any]], found: int) -> Document:
    """Return which accounts of members were read, and how many relays were found there."""
    cells = tuple((one_line(row["member"]), one_line(row["account"]), Cell(words.state(row["state"]), "good" if row["state"] == "read" else "warn"), str(row["posts"]), str(row["relays"]), one_line(explained(row["reason"]) if row["reason"] else ""))
                  for row in rows)  # fmt: skip
    columns = (_("Code"), _("Account"), _("State"), _("Posts"), _("Relays"), _("Why"))
    title = n_("{n} relay found", "{n} relays found", found)
    return Document("programme read", title, (Section("accounts", "", columns, cells, numbers=frozenset({3, 4})),), {"relays": found, "accounts": [dict(row) for row in rows]},
                    closing=_("Of the posts nothing was kept but that, and when, they carried the link of an action."))  # fmt: skip
