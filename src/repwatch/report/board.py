"""The board's page, and the side project with which it begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from repwatch.programme.board import Proposal, proposals
from repwatch.programme.guide import topic_name
from repwatch.report import figures
from repwatch.report.document import Cell, Document, Section
from repwatch.report.presence import rate
from repwatch.wording import N_, _, n_, spoken

_FIGURE = {
    "unclaimed": N_("pages that nobody has claimed"), "overdue": N_("reviews that wait for too long"), "unlooked": N_("review sites where nothing was read yet"),
    "response_rate": N_("response rate"), "rating": N_("rating"),
}  # fmt: skip


def document(facts: Mapping[str, Any]) -> Document:
    """Return the page: where we stand, what is said, peers, what waits, three proposals."""
    offered = proposed(facts)
    sections = (_figures(facts), _said(facts), _peers(facts), _cost(facts), _proposals(offered), _running(facts))
    title = _("{employer} as an employer, {since} to {until}", employer=facts["employer"], since=figures.day(facts["since"]), until=figures.day(facts["until"]))
    closing = "" if any(project["ended"] is None for project in facts["projects"]) else _("To begin with the first proposal: repwatch board project start")
    return Document("board", title, tuple(section for section in sections if section), {"kind": "board", **facts, "proposals": [each._asdict() for each in offered]}, closing=closing)


def proposed(facts: Mapping[str, Any]) -> tuple[Proposal, Proposal, Proposal]:
    """Return the three proposals that fit the facts, in the user's language."""
    blamed = facts["blamed"][0] if facts["blamed"] else None
    return proposals(spoken(), {
        "unclaimed": facts["pages"]["unclaimed"], "found": facts["pages"]["found"], "unlooked": facts["pages"]["unlooked"], "overdue": facts["waiting"]["overdue"],
        "days": facts["within_days"], "rate": _told(rate(facts["response_rate"])), "rating": _told(figures.rating(facts["rating"]).text),
        "blamed": (blamed["topic"], blamed["n"]) if blamed else None,
    })  # fmt: skip


def _told(text: str) -> str:
    return _("not known") if text == "–" else text


def _figures(facts: Mapping[str, Any]) -> Section:
    share = facts["response_rate"]
    rows = (
        (_("Rating"), figures.rating(facts["rating"]), str(facts["rating"]["n"]), _("mean of the stars, customers' sites left out")),
        (_("Net sentiment"), figures.balance(facts["net_sentiment"]), str(facts["net_sentiment"]["n"]), _("positive less negative, of 100 clear texts")),
        (_("Response rate"), figures.portion(share), str(share["n"]), _("of reviews that had {days} days or more", days=facts["within_days"])),
    )
    return Section("figures", _("Where we stand"), (_("Figure"), _("Value (95 % interval)"), _("n"), _("What it is")), rows, numbers=frozenset({1, 2}))


def _said(facts: Mapping[str, Any]) -> Section:
    praised, blamed = facts["praised"], facts["blamed"]
    note = _("Topics that five reviews or more praise, or blame; n is the number of these reviews. Smaller groups stay unsaid.")
    if not praised and not blamed:
        return Section("said", _("What employees say"), before=(_("No topic is praised or blamed in five reviews or more: too few reviews to tell."),))
    rows = tuple((*_topic(praised, number), *_topic(blamed, number)) for number in range(max(len(praised), len(blamed))))
    return Section("said", _("What employees say"), (_("Praised"), _("n"), _("Blamed"), _("n")), rows, after=(note,), numbers=frozenset({1, 3}))


def _topic(told: Sequence[Mapping[str, Any]], number: int) -> tuple[str, str]:
    return (topic_name(spoken(), told[number]["topic"]), str(told[number]["n"])) if number < len(told) else ("", "")


def _peers(facts: Mapping[str, Any]) -> Section | None:
    peers = facts["peers"]
    if peers is None:
        return None
    missing = tuple(_("{employer}: nothing is stored.", employer=name) for name in peers["not_stored"])
    if not peers["rows"]:
        return Section("peers", _("Peers"), before=(_("No source was read for all of them: they cannot be compared."), *missing))
    rows = tuple((row["employer"], figures.rating(row["rating"]) if row["rating"] else Cell("–", "dim"), str(row["rating"]["n"]) if row["rating"] else "–", _rank(row),
                  figures.portion(row["share_of_voice"])) for row in peers["rows"])  # fmt: skip
    few = tuple(_("{employer}: too few ratings for a rank.", employer=row["employer"]) for row in peers["rows"] if row["rating"] is None)
    after = (_("Only the sources that all of them have: {sources}.", sources=", ".join(peers["sources"])), *few, *missing)
    return Section("peers", _("Peers"), (_("Employer"), _("Rating"), _("n"), _("Rank"), _("Share of voice")), rows, after=after, numbers=frozenset({1, 2, 3, 4}))


def _rank(row: Mapping[str, Any]) -> str:
    if row["place"] is None:
        return "–"
    return str(row["best"]) if row["best"] == row["worst"] else _("{best} to {worst}", best=row["best"], worst=row["worst"])


def _cost(facts: Mapping[str, Any]) -> Section:
    """Say what stays as it is, in facts alone."""
    wait, pages = facts["waiting"], facts["pages"]
    lines = [n_("{n} review waits for an answer.", "{n} reviews wait for an answer.", wait["reviews"]) if wait["reviews"] else _("No review waits for an answer.")]
    if wait["overdue"]:
        lines.append(n_("{n} of them is worth an answer and has waited for longer than {days} days.", "{n} of them are worth an answer and have waited for longer than {days} days.",
                        wait["overdue"], days=facts["within_days"]))  # fmt: skip
    if wait["median_days"] is not None:
        lines.append(_("Half of them have waited for {median} days or longer, the oldest for {oldest}.", median=wait["median_days"], oldest=wait["oldest_days"]))
    if wait["last_answer"]:
        lines.append(n_("The last answer that carries a date was given {n} day ago.", "The last answer that carries a date was given {n} days ago.", wait["days_since_answer"]))
    else:
        lines.append(_("No answer with a date was given to a review since {day}.", day=figures.day(facts["since"])))
    if pages["found"]:
        lines.append(_("Pages on review sites: {found}. Nobody has claimed {unclaimed} of them; of {unknown} it is not known.", **pages))
    if pages["unlooked"]:
        lines.append(n_("On {n} review site nothing was read yet.", "On {n} review sites nothing was read yet.", pages["unlooked"]))
    own = next((row for row in (facts["peers"] or {"rows": ()})["rows"] if row["employer"] == facts["employer"]), None)
    if own:
        lines.append(_("Of what is said about us and our peers, {share} is about us.", share=figures.portion(own["share_of_voice"]).text))
    return Section("nothing", _("If nothing is done, this stays as it is"), before=tuple(lines))


def _proposals(offered: Sequence[Proposal]) -> Section:
    lines = tuple(_("{number}. {title} ({time}). {what} Who: {owner}. Measure: {measure}.", number=number, **each._asdict()) for number, each in enumerate(offered, 1))
    return Section("proposals", _("Three proposals"), before=lines)


def _running(facts: Mapping[str, Any]) -> Section | None:
    running = next((project for project in facts["projects"] if project["ended"] is None), None)
    if running is None:
        return None
    return Section("project", _("The side project"), before=(f"{running['title']}. {_week(running, date.fromisoformat(facts['today']))}",))


def _week(project: Mapping[str, Any], today: date) -> str:
    start = date.fromisoformat(project["start"])
    end = start + timedelta(weeks=project["weeks"])
    if today >= end:
        return _("Its {weeks} weeks ended on {end}.", weeks=project["weeks"], end=figures.day(end.isoformat()))
    week = max((today - start).days, 0) // 7 + 1
    return _("Week {week} of {weeks}, until {end}.", week=week, weeks=project["weeks"], end=figures.day(end.isoformat()))


def project(row: Mapping[str, Any] | None, now: Mapping[str, Any] | None, today: date, *, employer: str) -> Document:
    """Return how a side project stands: its week, how the figure was and is. None: there is none."""
    if row is None:
        return Document("board project", _("No side project was started for {employer}", employer=employer), (), None, closing=_("To begin: repwatch board project start"))
    state = _("Ended on {day}.", day=figures.day(row["ended"])) if row["ended"] else _week(row, today)
    lines = [_("Who: {owner}", owner=row["owner"]), _("Since: {day}", day=figures.day(row["start"])), _("Measure: {measure}", measure=row["measure"])]
    if row["figure"] and row["baseline"]:
        then, value = _value(row["figure"], row["baseline"]), _value(row["figure"], now)
        lines.append(_("{figure}: {then} at the start, {now} now", figure=_(_FIGURE[row["figure"]]), then=then, now=value))
        lines.append(_("A difference between two figures is no proof that the project made it."))
    notes = tuple(_("{what}: {value}", what=figures.day(day), value=text) for day, text in row["notes"])
    sections = (Section("project", "", before=tuple(lines)), *((Section("notes", _("Notes"), before=notes),) if notes else ()))
    return Document("board project", row["title"], sections, {**row, "now": now}, verdict=state)


def _value(name: str, figure: Mapping[str, Any] | None) -> str:
    if figure is None or figure["value"] is None:
        return "–"
    if figure["n"] is None:
        return str(figure["value"])
    value = figures.share(figure["value"]) if name == "response_rate" else figures.number(figure["value"], 1)
    return _("{value} (n {n})", value=value, n=figure["n"])
