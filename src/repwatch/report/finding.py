"""Documents about finding: what a query hits and asks, which pages a firm has, what was looked for again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from repwatch.report import figures
from repwatch.report.document import Cell, Document, Section, Tone
from repwatch.report.listing import counted, state
from repwatch.text.clean import one_line


def tried(query: str, found: Sequence[Any], limit: int, employer: str | None) -> Document:
    """Return hits and misses of a query, each with its reason."""
    hits = [each for each in found if each.hit]
    misses = [each for each in found if not each.hit]
    sections = [_tried("hits", "Hits", hits, limit), _tried("misses", "Misses", misses, limit)]
    data = {"query": query, "employer": employer, "mentions": len(found), "hits": [_row(each) for each in hits[:limit]], "misses": [_row(each) for each in misses[:limit]],
            "counts": {"hits": len(hits), "misses": len(misses)}}  # fmt: skip
    return Document("query test", f"{len(hits)} of {len(found)} stored mentions fit", tuple(section for section in sections if section.rows), data)


def _tried(name: str, heading: str, found: Sequence[Any], limit: int) -> Section:
    rows = tuple((str(each.row["id"]), figures.day(each.row.get("published")), each.row["source"], _excerpt(each.row), _why(each)) for each in found[:limit])
    after = (f"{len(found) - limit} more: --limit shows them",) if len(found) > limit else ()
    return Section(name, f"{heading} ({len(found)})", ("Id", "Date", "Source", "Text", "Why"), rows, after=after, numbers=frozenset({0}))


def _excerpt(row: Mapping[str, Any]) -> str:
    return one_line(" · ".join(filter(None, (row.get("title"), row.get("text")))), 80)


def _why(each: Any) -> Cell:
    said = each.why if each.relevance is None else f"{each.why}; relevance {each.relevance:.2f}: {', '.join(each.reasons)}"
    return Cell(said, "warn" if each.doubted or each.fits is None else "")


def _row(each: Any) -> dict[str, Any]:
    return {"id": each.row["id"], "source": each.row["source"], "url": each.row.get("url"), "published": each.row.get("published"), "fits": each.fits, "why": each.why,
            "relevance": each.relevance, "reasons": list(each.reasons), "excerpt": _excerpt(each.row)}  # fmt: skip


def asked(title: str, found: Sequence[Mapping[str, Any]]) -> Document:
    """Return what each source is asked for a query."""
    several = any("employer" in row for row in found)
    rows = tuple((*((row["employer"],) if several else ()), row["source"], " | ".join(row["asked"]) or "–", row["rest"]) for row in found)
    columns = (*(("Employer",) if several else ()), "Source", "Asked for", "And then")
    return Document("query explain", title, (Section("asked", "", columns, rows),), [dict(row) for row in found])


def discovered(name: str, every: Sequence[Any]) -> Document:
    """Return what could be watched for an employer."""
    tones: dict[str, Tone] = {"found": "good", "search": "good", "guessed": "warn"}
    rows = tuple((each.source, Cell(each.state, tones.get(each.state, "dim")), each.url or each.query or "–", each.why) for each in every)
    links = tuple(dict.fromkeys(f"{each.title}: {each.lookup}" for each in every if each.lookup))
    sections = [Section("found", "", ("Source", "State", "Page or query", "Why"), rows)]
    if links:
        sections.append(Section("links", "To look for the pages yourself", before=links))
    count = sum(each.state == "found" for each in every)
    return Document("discover", f"{name}: {count} found live, {sum(each.state == 'guessed' for each in every)} to look at in the browser", tuple(sections),
                    {"employer": name, "candidates": [each._asdict() for each in every]})  # fmt: skip


def rechecked(lists: Sequence[Mapping[str, Any]], gone: Sequence[Mapping[str, Any]], unread: Sequence[str], back: str, today: str) -> Document:
    """Return the lists that are looked at again, what has vanished from them, and what to save next."""
    rows = tuple((row["source"], row["employer"] or "–", row["url"] + (f" ({row['filter']})" if row["filter"] else ""), figures.day(row["seen"]), str(row["reviews"]),
                  str(row["lacked"] or "–"), Cell(str(row["vanished"] or "–"), "warn" if row["vanished"] else "")) for row in lists)  # fmt: skip
    sections = [Section("lists", "Lists", ("Source", "Employer", "List", "Last read", "Reviews", "Missing once", "Vanished"), rows, numbers=frozenset({4, 5, 6}))] if rows else []
    vanished = tuple((str(row["id"]), figures.day(row.get("published")), row["source"], ", ".join(row["employers"]) or "–", figures.day(row["vanished"]), _words(row)) for row in gone)
    if vanished:
        sections.append(Section("vanished", "Vanished", ("Id", "Date", "Source", "Employer", "Since", "Text"), vanished, numbers=frozenset({0})))
    if unread:
        sections.append(Section("unread", "Not read", before=tuple(unread)))
    due = [row for row in lists if row["seen"][:10] < today]
    todo = tuple(f"{row['source']} ({row['employer']}): save the pages of {row['url']} again, newest first, from the first page down to {back}." for row in due)
    sections.append(Section("next", "What to save next", before=todo or ("Nothing: every list was read today." if lists else "No list was read yet: save the first pages of a review site, sorted by date.",)))
    data = {"lists": [dict(row) for row in lists], "vanished": [dict(row) for row in gone], "unread": list(unread)}
    return Document("recheck", f"{len(gone)} reviews have vanished, {sum(row['lacked'] or 0 for row in lists)} are missing once", tuple(sections), data)


def _words(row: Mapping[str, Any]) -> str:
    return one_line(" · ".join(filter(None, (row.get(name) for name in ("title", "pros", "cons", "body")))), 80)


def browsed(url: str, reads: Sequence[Any], lost: int) -> Document:
    """Return what a window received and what was recognised in it."""
    shown = [each for each in reads if each.state != "other"]
    rows = tuple((each.source or "–", state(each.state), counted(each.types), str(each.new), one_line(each.url, 80)) for each in shown)
    after = [f"{len(reads) - len(shown)} other answers of the site hold nothing that is watched."] if len(reads) > len(shown) else []
    after += [f"{lost} answers were gone before they could be read: turn the pages more slowly."] if lost else []
    new = sum(each.new for each in reads)
    section = Section("pages", "", ("Source", "State", "Holds", "New", "Page"), rows, after=tuple(after), numbers=frozenset({3}))
    data = {"url": url, "lost": lost, "pages": [{"url": each.url, "source": each.source, "state": each.state, "reason": each.reason, "types": dict(each.types), "new": each.new} for each in reads]}
    return Document("browse", f"{len(shown)} pages recognised, {new} new", (section,), data)
