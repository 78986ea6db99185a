"""What `check` says: what is new, what it means, what could not be seen, and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from repwatch.report import figures, words
from repwatch.report.alerts import section as alert_section
from repwatch.report.document import Document, Section
from repwatch.report.listing import counted, state, told_again, why
from repwatch.report.reasons import explained, hint
from repwatch.report.voices import mood
from repwatch.text.clean import one_line
from repwatch.wording import _, n_

_SHOWN = 8
_ORDER = ("negative", "mixed", "unclear", "neutral", "positive", "unscored")


def morning(data: Mapping[str, Any], title: str, closing: str) -> Document:
    """Return the report of a check."""
    coverage, new = data["coverage"], data["new"]
    sections = [alert_section(data.get("alerts", ())), _new(new, data.get("copies", 0)), _vanished(data.get("vanished", ())), *_standing(data["figures"]), _files(data["inbox"]), _blind(coverage), _ledger(coverage) if coverage else None]
    return Document("check", title, tuple(section for section in sections if section), data, verdict=_verdict(coverage, new), closing=closing)


def _verdict(coverage: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> str:
    read = sum(entry["state"] == "read" for entry in coverage)
    labels = Counter(row["label"] for row in new)
    # Settings may name no source: the inbox is all that there is then.
    seen = _("{read} of {total} sources read.", read=read, total=len(coverage)) + " " if coverage else ""
    if not new:
        return seen + _("Nothing new.")
    kinds = ", ".join(words.label_counted(label, labels[label]) for label in words.LABELS if labels[label])
    return seen + n_("{n} new: {kinds}.", "{n} new: {kinds}.", len(new), kinds=kinds)


def _all_of(new: Sequence[Mapping[str, Any]]) -> str:
    """Return the command that lists them all, however long ago the oldest was published."""
    first = min(str(row["published"] or "")[:10] for row in new)
    return f"repwatch mentions --since {first}" if first else "repwatch mentions"


def _new(new: Sequence[Mapping[str, Any]], copies: int) -> Section | None:
    if not new:
        return None
    # The worst come first: they are what may need an answer.
    newest = sorted(new, key=lambda row: (str(row["published"] or ""), row["source"], str(row["native_id"])), reverse=True)
    order = sorted(newest, key=lambda row: (_ORDER.index(row["label"]), row["rating"] if row["rating"] is not None else 1.5))
    several = len({row["employer"] for row in new}) > 1
    rows = tuple((figures.day(row["published"]), words.place(row["source"], row.get("url")), *((row["employer"] or "–",) if several else ()), mood(row["label"], row["rating"]), one_line(row["excerpt"], 72) + _elsewhere(row)) for row in order[:_SHOWN])
    after = [n_("{n} more: {command}", "{n} more: {command}", len(new) - _SHOWN, command=_all_of(new))] if len(new) > _SHOWN else []
    if copies:
        after.append(n_("{n} more mention repeats a story that is counted once.", "{n} more mentions repeat a story that is counted once.", copies))
    columns = (_("Date"), _("Source"), *((_("Employer"),) if several else ()), _("Sentiment"), _("Text"))
    return Section("new", _("New, the worst first"), columns, rows, after=tuple(after))


def _vanished(rows: Sequence[Mapping[str, Any]]) -> Section | None:
    if not rows:
        return None
    lines = tuple((figures.day(row["published"]), words.place(row["source"], row.get("url")), row["employer"] or "–", mood(row["label"], row["rating"]), one_line(row["excerpt"], 72)) for row in rows)
    after = (_("Each stood in a list before, and two whole lists of different days lack it. The text is kept: {command}", command="repwatch mentions"),)
    return Section("vanished", _("Vanished from the site"), (_("Date"), _("Source"), _("Employer"), _("Sentiment"), _("Text")), lines, after=after)


def _elsewhere(row: Mapping[str, Any]) -> str:
    said = told_again(row.get("elsewhere") or 0, row.get("alike") or 0)
    return f" ({', '.join(said)})" if said else ""


def _standing(summary: Mapping[str, Any]) -> list[Section]:
    rows = [
        (row["employer"] or _("(no employer named)"), figures.count(row["volume"]), figures.rating(row["rating"]), figures.count(row["rating"]["n"]),
         figures.balance(row["net_sentiment"]), figures.count(row["net_sentiment"]["n"]))
        for row in summary["employers"] if row["volume"]
    ]  # fmt: skip
    if not rows:
        return []
    columns = (_("Employer"), _("Reviews and mentions"), _("Rating"), _("n"), _("Net sentiment"), _("n"))
    return [Section("standing", _("Since {day}", day=figures.day(summary["since"])), columns, tuple(rows), numbers=frozenset(range(1, 6)))]


def _files(inbox: Sequence[Mapping[str, Any]]) -> Section | None:
    if not inbox:
        return None
    rows = tuple((each["file"], each["source"] or "–", state(each["state"]), counted(each["types"]), str(each["new"]), why(each["reason"], *each["notes"])) for each in inbox)
    columns = (_("File"), _("Source"), _("State"), _("Holds"), _("New"), _("Why"))
    return Section("inbox", _("From the inbox"), columns, rows, numbers=frozenset({4}))


def _blind(coverage: Sequence[Mapping[str, Any]]) -> Section | None:
    lines = []
    for entry in coverage:
        if entry["state"] != "read":
            place = f"{_place(entry)} ({entry['employer'] or entry['target']})"
            why = _("{place}: {reason}.", place=place, reason=explained(entry["reason"]))
            lines.append(f"{why} {hint(entry)}".rstrip())
        elif entry["gap"]:
            place = f"{_place(entry)} ({entry['employer']})"
            lines.append(_("{place}: more arrived than one check reads; the rest follows with the next checks, oldest first.", place=place))
    return Section("not_seen", _("Not seen"), before=tuple(lines)) if lines else None


def _place(entry: Mapping[str, Any]) -> str:
    """Return the name by which a reader knows where this was read."""
    return words.place(entry["source"], entry["target"])


def _ledger(coverage: Sequence[Mapping[str, Any]]) -> Section:
    several = len({entry["employer"] for entry in coverage}) > 1
    rows = tuple(
        (_place(entry), *((entry["employer"] or "–",) if several else ()), state(entry["state"]), str(entry["pages"]), str(entry["items"]), str(entry["new"]),
         str(entry["problems"] or "–"), _remark(entry))
        for entry in coverage
    )  # fmt: skip
    columns = (_("Source"), *((_("Employer"),) if several else ()), _("State"), _("Pages"), _("Items"), _("New"), _("Problems"), "")
    return Section("coverage", _("Coverage"), columns, rows, numbers=frozenset(range(2 + several, 6 + several)))


def _remark(entry: Mapping[str, Any]) -> str:
    if entry["reason"].startswith("saved_page"):
        return explained(entry["reason"])
    return _("unchanged") if entry["unchanged"] and entry["unchanged"] == entry["pages"] else ""
