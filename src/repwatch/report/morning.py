"""What `check` says: what is new, what it means, what could not be seen, and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from repwatch.refusals import MEANING
from repwatch.report import figures
from repwatch.report.document import Cell, Document, Section
from repwatch.report.listing import state
from repwatch.text.clean import one_line

_SHOWN = 8
_GOOD, _BAD = ("positive",), ("negative",)
_ORDER = ("negative", "mixed", "unclear", "neutral", "positive", "unscored")
#: Sources that read many sites: a reader knows these by the site's name.
_MANY_SITES = ("feed", "jsonld")


def morning(data: Mapping[str, Any], title: str, closing: str) -> Document:
    """Return the report of a check."""
    coverage, new = data["coverage"], data["new"]
    sections = [_new(new, data.get("copies", 0)), _vanished(data.get("vanished", ())), *_standing(data["figures"]), _files(data["inbox"]), _blind(coverage), _ledger(coverage)]
    return Document("check", title, tuple(section for section in sections if section), data, verdict=_verdict(coverage, new), closing=closing)


def _verdict(coverage: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> str:
    read = sum(entry["state"] == "read" for entry in coverage)
    labels = Counter(row["label"] for row in new)
    kinds = [f"{labels[label]} {label}" for label in ("positive", "negative", "mixed", "neutral", "unclear", "unscored") if labels[label]]
    return f"{read} of {len(coverage)} sources read. {len(new) or 'Nothing'} new{': ' + ', '.join(kinds) if kinds else ''}."


def _new(new: Sequence[Mapping[str, Any]], copies: int) -> Section | None:
    if not new:
        return None
    # The worst come first: they are what may need an answer.
    newest = sorted(new, key=lambda row: (str(row["published"] or ""), row["source"], str(row["native_id"])), reverse=True)
    order = sorted(newest, key=lambda row: (_ORDER.index(row["label"]), row["rating"] if row["rating"] is not None else 1.5))
    several = len({row["employer"] for row in new}) > 1
    rows = tuple((figures.day(row["published"]), row["source"], *((row["employer"] or "–",) if several else ()), _mood(row), one_line(row["excerpt"], 72) + _elsewhere(row)) for row in order[:_SHOWN])
    after: tuple[str, ...] = (f"{len(new) - _SHOWN} more: repwatch mentions --since 90d",) if len(new) > _SHOWN else ()
    if copies:
        after += (f"{copies} more mention{'s' if copies > 1 else ''} repeat a story that is counted once.",)
    columns = ("Date", "Source", *(("Employer",) if several else ()), "Sentiment", "Text")
    return Section("new", "New, the worst first", columns, rows, after=after)


def _vanished(rows: Sequence[Mapping[str, Any]]) -> Section | None:
    if not rows:
        return None
    lines = tuple((figures.day(row["published"]), row["source"], row["employer"] or "–", _mood(row), one_line(row["excerpt"], 72)) for row in rows)
    after = ("Each stood in a list before, and two whole lists of different days lack it. The text is kept: repwatch mentions",)
    return Section("vanished", "Vanished from the site", ("Date", "Source", "Employer", "Sentiment", "Text"), lines, after=after)


def _elsewhere(row: Mapping[str, Any]) -> str:
    said = [f"+{row['elsewhere']} elsewhere"] if row.get("elsewhere") else []
    said += [f"like {row['alike']} other review{'s' if row['alike'] > 1 else ''}"] if row.get("alike") else []
    return f" ({', '.join(said)})" if said else ""


def _mood(row: Mapping[str, Any]) -> Cell:
    stars = f" {row['rating']:g}★" if row["rating"] is not None else ""
    return Cell(f"{row['label']}{stars}", "bad" if row["label"] in _BAD else "good" if row["label"] in _GOOD else "")


def _standing(summary: Mapping[str, Any]) -> list[Section]:
    rows = [
        (row["employer"] or "(no employer named)", str(row["volume"]), figures.rating(row["rating"]), str(row["rating"]["n"]),
         figures.balance(row["net_sentiment"]), str(row["net_sentiment"]["n"]))
        for row in summary["employers"] if row["volume"]
    ]  # fmt: skip
    if not rows:
        return []
    columns = ("Employer", "Reviews and mentions", "Rating", "n", "Net sentiment", "n")
    return [Section("standing", f"Since {summary['since']}", columns, tuple(rows), numbers=frozenset(range(1, 6)))]


def _files(inbox: Sequence[Mapping[str, Any]]) -> Section | None:
    if not inbox:
        return None
    from repwatch.report.listing import counted

    rows = tuple((each["file"], each["source"] or "–", state(each["state"]), counted(each["types"]), str(each["new"]), each["reason"]) for each in inbox)
    return Section("inbox", "From the inbox", ("File", "Source", "State", "Holds", "New", "Why"), rows, numbers=frozenset({4}))


def _blind(coverage: Sequence[Mapping[str, Any]]) -> Section | None:
    lines = []
    for entry in coverage:
        if entry["state"] != "read":
            why = MEANING.get(entry["reason"], (_plain(entry["reason"]), ""))[0]
            lines.append(f"{_place(entry)} ({entry['employer'] or entry['target']}): {why}. {entry['hint']}".rstrip())
        elif entry["gap"]:
            lines.append(f"{_place(entry)} ({entry['employer']}): more arrived than one check reads; the rest follows with the next checks, oldest first.")
    return Section("not_seen", "Not seen", before=tuple(lines)) if lines else None


def _place(entry: Mapping[str, Any]) -> str:
    """Return the name by which a reader knows where this was read."""
    host = urlsplit(entry["target"]).hostname if entry["source"] in _MANY_SITES else None
    return host.removeprefix("www.") if host else str(entry["source"])


def _plain(reason: str) -> str:
    if reason == "no_saved_page":
        return "this site lets no program in, and no page was saved yet"
    if reason == "layout_changed":
        return "the page looks different from all we know; nothing was read from it"
    if reason.startswith("saved_page_"):
        days = int(reason.split("_")[2])
        return "page saved today" if days == 0 else f"the newest saved page is {days} day{'s' if days > 1 else ''} old"
    return reason.replace("_", " ") or "not read"


def _ledger(coverage: Sequence[Mapping[str, Any]]) -> Section:
    several = len({entry["employer"] for entry in coverage}) > 1
    rows = tuple(
        (_place(entry), *((entry["employer"] or "–",) if several else ()), state(entry["state"]), str(entry["pages"]), str(entry["items"]), str(entry["new"]),
         str(entry["problems"] or "–"), _remark(entry))
        for entry in coverage
    )  # fmt: skip
    columns = ("Source", *(("Employer",) if several else ()), "State", "Pages", "Items", "New", "Problems", "")
    return Section("coverage", "Coverage", columns, rows, numbers=frozenset(range(2 + several, 6 + several)))


def _remark(entry: Mapping[str, Any]) -> str:
    if entry["reason"].startswith("saved_page"):
        return _plain(entry["reason"])
    return "unchanged" if entry["unchanged"] and entry["unchanged"] == entry["pages"] else ""
