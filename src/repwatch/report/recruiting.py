"""The section on how people were recruited and what they are said to be paid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from repwatch.report import figures
from repwatch.report.document import Section, Tidy
from repwatch.report.leads import lead
from repwatch.text.clean import one_line
from repwatch.wording import N_, _, n_

_SHOWN = 10
_PER = {"year": N_("year"), "month": N_("month"), "hour": N_("hour")}
#: From the narrowest span that a site may tell to the widest.
_SPANS = (("p25", "p75"), ("p10", "p90"), ("min", "max"))


def recruiting(data: Mapping[str, Any]) -> Section | None:
    """Return what candidates and sites tell, None where they tell nothing."""
    found = data.get("recruiting")
    if not found or not (found["interviews"]["n"] or found["salaries"]):
        return None
    rows = tuple(
        (one_line(each["job_title"], 40), figures.count(each["count"]) if each["count"] else figures.DASH, _amount(each["base"].get("p50"), each), _span(each),
         each["country"] or each["location"] or figures.DASH, each["source"])
        for each in found["salaries"][:_SHOWN]
    )  # fmt: skip
    more = len(found["salaries"]) - len(rows)
    after = tuple(filter(None, (
        n_("{n} more salary: {command}", "{n} more salaries: {command}", more, command="repwatch export --format jsonl") if more > 0 else "",
        _("Salaries are what the sites show: reports of people, or the site's own estimate. They bear no date.") if rows else "",
    )))  # fmt: skip
    columns = (_("Job"), _("n"), _("Middle"), _("From, to"), _("Place"), _("Source"))
    names = ("job_title", "country", "location", "count", "currency", "period", "estimate", "source")
    points = ("p10", "p25", "p50", "p75", "p90", "min", "max")
    tidy = Tidy((*names, *points), tuple((*(each[name] for name in names), *(each["base"].get(point) for point in points)) for each in found["salaries"]))
    return Section("recruiting", _("How people were recruited and what they are paid"), columns if rows else (), rows, before=_interviews(found["interviews"]), after=after,
                   numbers=frozenset({1, 2, 3}), leads=(lead(data, type="interview"),) if found["interviews"]["n"] else (), tidy=tidy if rows else None)  # fmt: skip


def _interviews(told: Mapping[str, Any]) -> tuple[str, ...]:
    if not told["n"]:
        return ()
    lines = [n_("{n} candidate tells of an interview in this period.", "{n} candidates tell of an interview in this period.", told["n"])]
    if told["positive"]["n"]:
        lines.append(_("A good experience: {share} of {n}.", share=figures.portion(told["positive"]).text, n=figures.count(told["positive"]["n"])))
    if told["difficulty"]["n"]:
        lines.append(_("Difficulty, from 1 to 5: {figure}.", figure=figures.rating(told["difficulty"]).text))
    outcomes = told["outcomes"]
    if outcomes:
        lines.append(_("Offers: {accepted} taken, {declined} declined; {none} had none.", accepted=outcomes.get("accepted", 0), declined=outcomes.get("declined", 0), none=outcomes.get("none", 0)))
    return (" ".join(lines),)


def _amount(value: float | None, row: Mapping[str, Any]) -> str:
    if value is None:
        return figures.DASH
    per = f" / {_(_PER[row['period']])}" if row["period"] else ""
    return f"{figures.number(value, 2 if row['period'] == 'hour' else 0)} {row['currency'] or ''}{per}".replace("  ", " ")


def _span(row: Mapping[str, Any]) -> str:
    low, high = next(((row["base"][low], row["base"][high]) for low, high in _SPANS if low in row["base"] and high in row["base"]), (None, None))
    return figures.DASH if low is None or high is None else _("{low} to {high}", low=figures.number(low), high=figures.number(high))
