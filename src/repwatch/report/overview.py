"""The report of a period: verdict, figures by source, what could not be seen, how to read the figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from repwatch.models import PERSON
from repwatch.refusals import MEANING
from repwatch.report import figures
from repwatch.report.document import Cell, Document, Section
from repwatch.wording import _

_CLAIMED = {"claimed": Cell("claimed", "good"), "unclaimed": Cell("unclaimed", "warn"), "unknown": Cell("unknown", "dim")}
_READING = (
    "Rating: mean of the stars given in the period, with its 95 % interval. Two ratings whose intervals overlap widely may well be the same.",
    "Net sentiment: (positive - negative) / (positive + negative), in points; mixed, neutral, unclear and unscored texts stay out.",
    "Seen: in how many of the checks the source could be read, all its pages included.",
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
    sections.append(Section("reading", "How to read the figures", before=(*_READING, *_scorers(data.get("scorers", ())))))
    period = f"{data['since'] or 'the beginning'} to {data['until'] or 'today'}"
    return Document("report", f"Employer reputation · {period}", tuple(sections), data, verdict=_verdict(rows))


def _scorers(versions: Sequence[str]) -> tuple[str, ...]:
    """Say what the sentiment rests on where that is more than one scorer."""
    lines = []
    models = [version for version in versions if version != PERSON]
    if len(models) > 1:
        lines.append(_("Sentiment: some texts were scored by an older scorer ({versions}). Let all be read by the same one: repwatch rescore", versions=", ".join(models)))
    if PERSON in versions:
        lines.append(_("Sentiment: where you corrected a text, your word counts."))
    return tuple(lines)


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
        (_place(each["source"], one, several=len(each["profiles"]) > 1), _CLAIMED[one["claimed"]], _stars(one["rating"]), str(one["review_count"] or "–"),
         figures.share(one["recommend"]), figures.share(one["ceo_approval"]), figures.day(one["observed"]))
        for each in row["sources"] for one in each["profiles"]
    )  # fmt: skip
    heading = "" if alone else row["employer"] or "(no employer named)"
    found = [Section("figures", heading or "Figures", columns, tuple(lines), numbers=frozenset({1, 2, 3, 4, 5, 6}))]
    if profiles:
        found.append(Section("profiles", "On the site" if alone else f"{heading}: on the site", ("Source", "Profile", "Rating", "Reviews", "Recommend", "CEO", "Seen on"),
                             profiles, numbers=frozenset({2, 3, 4, 5})))  # fmt: skip
    return found


def _place(source: str, profile: dict[str, Any], *, several: bool) -> str:
    """Name where a rating stands: a source may have one a country and one a language."""
    told = [profile["domain"], profile["filter"]] if several else [profile["filter"]]
    return " ".join([source, *(f"({each})" for each in told if each)])


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
            if seen and seen["last_state"] not in ("read", "skipped") and row["employer"]:
                why, what_next = MEANING.get(seen["last_reason"], (seen["last_reason"] or seen["last_state"], ""))
                lines.append(f"{row['employer'] or '–'} · {each['source']}: {why}. Last read: {figures.day(seen['last_read'])}. {what_next}".rstrip())
    return tuple(lines)
