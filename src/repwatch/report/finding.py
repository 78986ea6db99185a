"""Documents about finding: what a query hits and asks, which pages a firm has, what was looked for again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from repwatch.report import figures
from repwatch.report.document import Cell, Document, Section, Tone
from repwatch.report.listing import counted, state
from repwatch.report.reasons import doubt, explained, judged
from repwatch.text.clean import one_line
from repwatch.wording import N_, _, n_, told

_WHERE_FROM = {"found": N_("found"), "guessed": N_("guessed"), "search": N_("search"), "by hand": N_("by hand")}


def tried(query: str, found: Sequence[Any], limit: int, employer: str | None) -> Document:
    """Return what fits a query, what cannot be told to, and what does not, each with its reason."""
    groups = {name: [each for each in found if each.group == name] for name in ("hits", "unknown", "misses")}
    counts = {name: len(group) for name, group in groups.items()}
    headings = {"hits": _("Hits ({n})", n=counts["hits"]), "unknown": _("Cannot be told: only a part of the text is known ({n})", n=counts["unknown"]), "misses": _("Misses ({n})", n=counts["misses"])}
    sections = [_tried(name, headings[name], group, limit) for name, group in groups.items() if group]
    said = _("{n} of {total} stored mentions fit", n=counts["hits"], total=len(found))
    open_ = n_("{n} cannot be told, because only a part of its text is known", "{n} cannot be told, because only a part of their text is known", counts["unknown"])
    data = {"query": query, "employer": employer, "mentions": len(found), **{name: [_row(each) for each in group[:limit]] for name, group in groups.items()}, "counts": counts}
    return Document("query test", f"{said}; {open_}" if counts["unknown"] else said, tuple(sections), data)


def _tried(name: str, heading: str, found: Sequence[Any], limit: int) -> Section:
    rows = tuple((str(each.row["id"]), figures.day(each.row.get("published")), each.row["source"], _excerpt(each.row), _why(each)) for each in found[:limit])
    after = (n_("{n} more: {command}", "{n} more: {command}", len(found) - limit, command="--limit"),) if len(found) > limit else ()
    return Section(name, heading, (_("Id"), _("Date"), _("Source"), _("Text"), _("Why")), rows, after=after, numbers=frozenset({0}))


def _excerpt(row: Mapping[str, Any]) -> str:
    return one_line(" · ".join(filter(None, (row.get("title"), row.get("text")))), 80)


def _why(each: Any) -> Cell:
    said = judged(each.why)
    if each.relevance is not None:
        said = _("{why}; relevance {figure}: {reasons}", why=said, figure=figures.number(each.relevance, 2), reasons=", ".join(map(doubt, each.reasons)))
    return Cell(said, "warn" if each.doubted or each.fits is None else "")


def _row(each: Any) -> dict[str, Any]:
    return {"id": each.row["id"], "source": each.row["source"], "url": each.row.get("url"), "published": each.row.get("published"), "fits": each.fits, "why": each.why,
            "relevance": each.relevance, "reasons": list(each.reasons), "excerpt": _excerpt(each.row)}  # fmt: skip


def asked(title: str, found: Sequence[Mapping[str, Any]]) -> Document:
    """Return what each source is asked for a query."""
    several = any("employer" in row for row in found)
    rows = tuple((*((row["employer"],) if several else ()), row["source"], " | ".join(row["asked"]) or "–", told(row["rest"])) for row in found)
    columns = (*((_("Employer"),) if several else ()), _("Source"), _("Asked for"), _("And then"))
    return Document("query explain", title, (Section("asked", "", columns, rows),), [dict(row) for row in found])


def discovered(name: str, every: Sequence[Any]) -> Document:
    """Return what could be watched for an employer."""
    tones: dict[str, Tone] = {"found": "good", "search": "good", "guessed": "warn"}
    rows = tuple((each.source, Cell(_state(each.state), tones.get(each.state, "dim")), each.url or each.query or "–", _reason(each.why)) for each in every)
    links = tuple(dict.fromkeys(_("{what}: {value}", what=each.title, value=each.lookup) for each in every if each.lookup))
    sections = [Section("found", "", (_("Source"), _("State"), _("Page or query"), _("Why")), rows)]
    if links:
        sections.append(Section("links", _("To look for the pages yourself"), before=links))
    count = sum(each.state == "found" for each in every)
    guessed = sum(each.state == "guessed" for each in every)
    return Document("discover", _("{name}: {found} found live, {guessed} to look at in the browser", name=name, found=count, guessed=guessed), tuple(sections),
                    {"employer": name, "candidates": [each._asdict() for each in every]})  # fmt: skip


def _reason(why: str) -> str:
    """Return why something could be watched; the terms of a source stand in it as a sentence."""
    terms = why.removesuffix(".")
    for each in (terms, terms[:1].lower() + terms[1:]):
        if (known := _(each)) != each:
            return f"{known[:1].upper()}{known[1:].removesuffix('.')}."
    return told(why)


def _state(name: str) -> str:
    """Return how sure a candidate is, or why it was not read."""
    return _(_WHERE_FROM[name]) if name in _WHERE_FROM else _("not read: {reason}", reason=explained(name.removeprefix("not read: ")))


def rechecked(lists: Sequence[Mapping[str, Any]], gone: Sequence[Mapping[str, Any]], unread: Sequence[str], back: str, today: str) -> Document:
    """Return the lists that are looked at again, what has vanished from them, and what to save next."""
    rows = tuple((row["source"], row["employer"] or "–", row["url"] + (f" ({row['filter']})" if row["filter"] else ""), figures.day(row["seen"]), str(row["reviews"]),
                  str(row["lacked"] or "–"), Cell(str(row["vanished"] or "–"), "warn" if row["vanished"] else "")) for row in lists)  # fmt: skip
    unnumbered = any(not row["reviews"] for row in lists)
    told = (_("0 reviews: the site gives its reviews no numbers there, so nobody can tell whether one has vanished."),) if unnumbered else ()
    sections = [Section("lists", _("Lists"), (_("Source"), _("Employer"), _("List"), _("Last read"), _("Reviews"), _("Missing once"), _("Vanished")), rows, numbers=frozenset({4, 5, 6}), after=told)] if rows else []
    vanished = tuple((str(row["id"]), figures.day(row.get("published")), row["source"], ", ".join(row["employers"]) or "–", figures.day(row["vanished"]), _words(row)) for row in gone)
    if vanished:
        sections.append(Section("vanished", _("Vanished"), (_("Id"), _("Date"), _("Source"), _("Employer"), _("Since"), _("Text")), vanished, numbers=frozenset({0})))
    if unread:
        sections.append(Section("unread", _("Not read"), before=tuple(map(_unread, unread))))
    due = [row for row in lists if row["seen"][:10] < today]
    todo = tuple(_("{source} ({employer}): save the pages of {url} again, newest first, from the first page down to {day}.",
                   source=row["source"], employer=row["employer"], url=row["url"], day=figures.day(back)) for row in due)  # fmt: skip
    idle = _("Nothing: every list was read today.") if lists else _("No list was read yet: save the first pages of a review site, sorted by date.")
    sections.append(Section("next", _("What to save next"), before=todo or (idle,)))
    data = {"lists": [dict(row) for row in lists], "vanished": [dict(row) for row in gone], "unread": list(unread)}
    missing = sum(row["lacked"] or 0 for row in lists)
    said = [n_("{n} review has vanished", "{n} reviews have vanished", len(gone)), n_("{n} is missing once", "{n} are missing once", missing)]
    return Document("recheck", ", ".join(said), tuple(sections), data)


def _unread(line: str) -> str:
    name, _colon, why = line.partition(": ")
    return _("{what}: {value}", what=name, value=explained(why))


def _words(row: Mapping[str, Any]) -> str:
    return one_line(" · ".join(filter(None, (row.get(name) for name in ("title", "pros", "cons", "body")))), 80)


def browsed(url: str, reads: Sequence[Any], lost: int) -> Document:
    """Return what a window received and what was recognised in it."""
    shown = [each for each in reads if each.state != "other"]
    rows = tuple((each.source or "–", state(each.state), counted(each.types), str(each.new), one_line(each.url, 80)) for each in shown)
    after = [n_("{n} other answer of the site holds nothing that is watched.", "{n} other answers of the site hold nothing that is watched.", len(reads) - len(shown))] if len(reads) > len(shown) else []
    after += [n_("{n} answer was gone before it could be read: turn the pages more slowly.", "{n} answers were gone before they could be read: turn the pages more slowly.", lost)] if lost else []
    new = sum(each.new for each in reads)
    section = Section("pages", "", (_("Source"), _("State"), _("Holds"), _("New"), _("Page")), rows, after=tuple(after), numbers=frozenset({3}))
    data = {"url": url, "lost": lost, "pages": [{"url": each.url, "source": each.source, "state": each.state, "reason": each.reason, "types": dict(each.types), "new": each.new} for each in reads]}
    return Document("browse", n_("{n} page recognised, {new} new", "{n} pages recognised, {new} new", len(shown), new=new), (section,), data)
