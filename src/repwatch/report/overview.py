"""The report of a period: verdict, figures by source, what could not be seen, how to read the figures."""

from __future__ import annotations

from typing import Any

from repwatch.refusals import MEANING
from repwatch.report import figures
from repwatch.report.document import Cell, Document, Section

_CLAIMED = {"claimed": Cell("claimed", "good"), "unclaimed": Cell("unclaimed", "warn"), "unknown": Cell("unknown", "dim")}
_READING = (
    "Rating: mean of the stars given in the period, with its 95 % interval. Two ratings whose intervals overlap widely may well be the same.",
    "Net sentiment: (positive - negative) / (positive + negative), in points; mixed, neutral, unclear and unscored texts stay out.",
    "Seen: in how many of the checks the source could be read, all its pages included.",
    "A story that several places carry counts once, where and when it came first.",
    "On the site: what the site itself shows, over all years; sites weigh by age and by country.",
)


def overview(data: dict[str, Any]) -> Document:
    """Return the report for what `summarise` found."""
    rows = data["employers"]
    sections: list[Section] = []
    for row in rows:
        sections += _employer(row, alone=len(rows) == 1)
    blind = _not_seen(rows)
    sections.append(Section("not_seen", "Not seen", before=blind or ("Everything that was asked for could be read.",)))
    sections.append(Section("reading", "How to read the figures", before=_READING))
    period = f"{data['since'] or 'the beginning'} to {data['until'] or 'today'}"
    return Document("report", f"Employer reputation · {period}", tuple(sections), data, verdict=_verdict(rows))


def _verdict(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return "Nothing is stored yet: run `repwatch check`, or `repwatch import` with a saved page."
    if len(rows) > 1:
        return f"{len(rows)} employers, {sum(row['volume'] for row in rows)} reviews and mentions in the period."
    row = rows[0]
    name = row["employer"] or "No employer named"
    if not row["volume"]:
        return f"{name}: nothing in this period."
    said = [f"{row['volume']} reviews and mentions"]
    if row["rating"]["value"] is not None:
        said.append(f"rating {figures.rating(row['rating']).text} from {row['rating']['n']} reviews")
    if row["net_sentiment"]["value"] is not None:
        said.append(f"net sentiment {figures.balance(row['net_sentiment']).text}")
    return f"{name}: {', '.join(said)}."


def _employer(row: dict[str, Any], *, alone: bool) -> list[Section]:
    columns = ("Source", "New", "Rating", "n", "Net sentiment", "n", "Answered", "Seen")
    lines = [_line(each["source"], each) for each in row["sources"]]
    if len(lines) > 1:
        lines.append(_line("all", row))
    profiles = tuple(
        (each["source"], _CLAIMED[each["profile"]["claimed"]], _stars(each["profile"]["rating"]), str(each["profile"]["review_count"] or "–"),
         figures.share(each["profile"]["recommend"]), figures.share(each["profile"]["ceo_approval"]), figures.day(each["profile"]["observed"]))
        for each in row["sources"] if each["profile"]
    )  # fmt: skip
    heading = "" if alone else row["employer"] or "(no employer named)"
    found = [Section("figures", heading or "Figures", columns, tuple(lines), numbers=frozenset({1, 2, 3, 4, 5, 6}))]
    if profiles:
        found.append(Section("profiles", "On the site" if alone else f"{heading}: on the site", ("Source", "Profile", "Rating", "Reviews", "Recommend", "CEO", "Seen on"),
                             profiles, numbers=frozenset({2, 3, 4, 5})))  # fmt: skip
    return found


def _stars(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _line(name: str, row: dict[str, Any]) -> tuple[Cell | str, ...]:
    answered = f"{row['answered']} of {row['answered'] + row['unanswered']}" if row.get("answered") or row.get("unanswered") else "–"
    return (name, str(row["volume"]), figures.rating(row["rating"]), str(row["rating"]["n"]), figures.balance(row["net_sentiment"]),
            str(row["net_sentiment"]["n"]), answered, _seen(row.get("coverage")) if "coverage" in row else "")  # fmt: skip


def _seen(coverage: dict[str, Any] | None) -> Cell:
    if coverage is None:
        return Cell("–", "dim")
    text = f"{coverage['read']}/{coverage['runs']}"
    return Cell(text, "good" if coverage["read"] == coverage["runs"] else "warn" if coverage["read"] else "bad")


def _not_seen(rows: list[dict[str, Any]]) -> tuple[str, ...]:
    lines = []
    for row in rows:
        for each in row["sources"]:
            seen = each["coverage"]
            if seen and seen.get("gaps") and row["employer"]:
                lines.append(f"{row['employer']} · {each['source']}: more arrived than the checks could read ({seen['gaps']} gap{'s' if seen['gaps'] > 1 else ''}). "
                             "The next checks read the rest, the oldest gap first.")  # fmt: skip
            if seen and seen["last_state"] not in ("read", "skipped") and row["employer"]:
                why, what_next = MEANING.get(seen["last_reason"], (seen["last_reason"] or seen["last_state"], ""))
                lines.append(f"{row['employer'] or '–'} · {each['source']}: {why}. Last read: {figures.day(seen['last_read'])}. {what_next}".rstrip())
    return tuple(lines)
