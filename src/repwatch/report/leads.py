"""The way from a figure to the texts behind it: a command line that can be pasted into a shell.

Each figure has its own (`with_leads`: in the data, and behind the cells of a page). Where lines are dear, one stands for all
rows of a table, with a word in capitals in the place of what the rows differ by.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from repwatch.analysis.responses import WINDOW
from repwatch.report.words import HIDDEN_TOPICS
from repwatch.text.clean import one_line

#: With more employers than these, a report has one line each, and `--employer` shows the rest.
IN_FULL = 6
#: Figures of an employer, or of one of its sources, that have texts behind them.
_COUNTED = ("volume", "rating", "net_sentiment")


def lead(data: Mapping[str, Any], search: str = "", /, **more: str | Sequence[str] | None) -> str:
    """Return `repwatch mentions ...` with a word to search for and the filters of a report; `more` narrows it further, or takes a filter's place."""
    employers = data.get("employers") or []
    named = employers[0]["employer"] if len(employers) == 1 else None
    filters = {"employer": named, **{name: data.get(name) for name in ("since", "until", "source", "lang")}, **more}
    parts = [f"--{name} {shlex.quote(one_line(str(each)))}" for name, value in filters.items() for each in ((value,) if isinstance(value, str) else value or ()) if each or name == "employer"]
    return " ".join(["repwatch mentions", *([shlex.quote(one_line(search))] if search else []), *parts])


def before(data: Mapping[str, Any]) -> dict[str, str] | None:
    """Return the period that a report compares with, as filters."""
    found = (data.get("compare") or {}).get("before")
    return {"since": found["since"], "until": found["until"]} if found else None


def unanswered(data: Mapping[str, Any]) -> str:
    """Return the command that lists the reviews without an answer."""
    return f"{lead(data)} --unanswered"


def all_texts(data: Mapping[str, Any]) -> str:
    """Return the command that lists all texts with a score, of which the quotations are some."""
    return lead(data, counted="texts")


def with_leads(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of a report in which every count leads to its texts: `mentions` is a command line, or several by name."""
    told = dict(data)
    rows = data.get("employers") or ()
    told["employers"] = [{**row, "mentions": _figures(data, employer=row["employer"])} for row in rows]
    if len(rows) <= IN_FULL:
        for row in told["employers"]:
            row["sources"] = [{**each, "mentions": _of_source(data, row["employer"], each)} for each in row["sources"]]
    if data.get("changes"):
        told["changes"] = [{**row, "mentions": _of_change(data, row)} for row in data["changes"]]
    if data.get("why") and data.get("compare"):
        told["why"] = {**data["why"], **{name: [{**row, "mentions": _of_reason(data, row)} for row in data["why"][name]] for name in ("topics", "words")}}
    if data.get("topics"):
        told["topics"] = {**data["topics"], "rows": [_of_topic(data, row) for row in data["topics"]["rows"]]}
    if data.get("needs_answer"):
        told["needs_answer"] = {**data["needs_answer"], "mentions": unanswered(data)}
    if data.get("voices"):
        told["voices"] = {**data["voices"], "mentions": all_texts(data)}
    if data.get("comparison"):
        told["comparison"] = _of_peers(data, data["comparison"])
    return told


def _figures(data: Mapping[str, Any], **more: str | Sequence[str]) -> dict[str, str]:
    return {figure: lead(data, **more, counted=figure) for figure in _COUNTED}


def _of_source(data: Mapping[str, Any], employer: str, row: Mapping[str, Any]) -> dict[str, str]:
    narrowed = {"employer": employer, "source": row["source"]}
    if row.get("voice"):
        return {"volume": lead(data, **narrowed, counted="customers")}
    return {**_figures(data, **narrowed), "answered": lead(data, **narrowed, counted="reviews")}


def _of_change(data: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, str]:
    """Return the texts of a row before and after; a share of a topic leads to those that speak of it."""
    figure = "volume" if row["metric"] == "topic_share" else row["metric"]
    narrowed = {"counted": figure, **({"source": row["source"]} if row["source"] else {}), **({"topic": row["topic"]} if row["topic"] else {})}
    now = {"since": data["since"], "until": data["until"]}
    periods = {"before": before(data), "after": now}
    return {when: lead(data, **_due(figure, period, data["until"]), **narrowed) for when, period in periods.items() if period}


def _of_topic(data: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a topic with its texts; nobody is led to those who speak of their health."""
    return {**row} if row["topic"] in HIDDEN_TOPICS else {**row, "mentions": lead(data, counted="texts", topic=row["topic"])}


def _of_reason(data: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, str]:
    """Return the texts that name a topic, or in which a word is found, before and after."""
    if row.get("topic") in HIDDEN_TOPICS:
        return {}
    named = {"topic": row["topic"]} if row.get("topic") else {}
    periods = {"before": before(data), "after": {}}
    return {when: lead(data, row.get("word") or "", **(period or {}), counted="volume", **named) for when, period in periods.items()}


def _due(figure: str, period: Mapping[str, str], last: str) -> dict[str, str]:
    """Return a period; of answers in time it ends where on the `last` day of the report the time was over."""
    if figure != "answered_in_time":
        return dict(period)
    return {**period, "until": min(period["until"], (date.fromisoformat(last) - timedelta(days=WINDOW)).isoformat())}


def _of_peers(data: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    voices = [{**each, "mentions": {figure: of_peers(data, found, each["employer"], figure) for figure in _COUNTED}} for each in found["share_of_voice"]]
    return {**found, "share_of_voice": voices}


def of_peers(data: Mapping[str, Any], found: Mapping[str, Any], employer: str, figure: str) -> str:
    """Return the texts of one employer of a comparison, over the sources that all have."""
    return lead(data, employer=employer, source=found["sources"], counted=figure)
