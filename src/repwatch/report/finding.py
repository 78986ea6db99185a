"""Documents about finding: what a query hits and asks, which pages a firm has, what was looked for again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from repwatch.report import figures
from repwatch.report.document import Cell, Document, Section
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
