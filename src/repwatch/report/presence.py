"""Documents on the pages of employers: one row a site, the history of a claim, and companies side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from repwatch.programme.sites import site, sites
from repwatch.report import figures, words
from repwatch.report.document import Cell, Document, Section, Tone
from repwatch.wording import N_, _, n_

TONES: dict[str, Tone] = {"claimed": "good", "unclaimed": "bad", "unknown": "warn"}
_PAGE: dict[str, tuple[str, Tone]] = {
    "nothing": (N_("read, and nothing there"), "dim"), "unread": (N_("not read yet"), "warn"), "unlooked": (N_("not looked for"), "warn"),
}  # fmt: skip
_STEP = {
    "look": N_("look for your page and save it"), "save": N_("save the page in your browser and drop it into the inbox folder"), "claim": N_("claim the page"),
    "find_out": N_("find out whether it is claimed, then: `repwatch profiles add`"), "answer": N_("answer: `repwatch answers --worth-it`"),
    "fill_in": N_("fill in what is missing on the page"), "wait": N_("look again later"), "none": N_("nothing"),
}  # fmt: skip
_PARTS = {"logo": N_("logo"), "website": N_("website"), "cover_photo": N_("cover photo"), "offices": N_("offices"), "video": N_("video"), "answers": N_("answers to visitors' questions"), "contact": N_("contact details")}
_NUMBERS = frozenset({2, 3, 4, 5, 7})


def listing(employers: Sequence[Mapping[str, Any]]) -> Document:
    """Return the pages of each employer with what to do next, then those of the peers."""
    own = [each for each in employers if not each["peer_of"]]
    peers = [each for each in employers if each["peer_of"]]
    sections: list[Section] = []
    for each in own:
        heading = each["employer"] if len(own) > 1 else ""
        sections.append(Section("pages", heading, _columns(), tuple(_row(row) for row in each["sites"]), after=_complete(each["sites"]), numbers=_NUMBERS))
        sections.append(Section("next", _("What to do next"), (_("Site"), _("Next"), _("Where")), tuple((row["title"], _(_STEP[row["next"]]), row["link"] or "–") for row in each["sites"])))
    if peers:
        rows = tuple((Cell(each["employer"]), *_row(row)) for each in peers for row in each["sites"] if row["page"] == "found")
        unseen = tuple(_("{employer}: no page is stored.", employer=each["employer"]) for each in peers if all(row["page"] != "found" for row in each["sites"]))
        columns = (_("Employer"), *_columns()) if rows else ()
        sections.append(Section("peers", _("Peers"), columns, rows, after=unseen, numbers=frozenset(number + 1 for number in _NUMBERS) if rows else frozenset()))
    days = next((row["within_days"] for each in employers for row in each["sites"]), None)
    closing = _("Response rate: of the reviews that are {days} days old or older, with its 95 % interval.", days=days) if days else ""
    return Document("profiles", _title(own), tuple(sections), {"employers": list(employers)}, verdict=_verdict(own), closing=closing)


def _columns() -> tuple[str, ...]:
    return (_("Site"), _("Page"), _("Rating"), _("Reviews"), _("Recommend"), _("CEO"), _("Last review"), _("Unanswered"), _("Response rate"), _("What says so"))


def _row(row: Mapping[str, Any]) -> tuple[Cell | str, ...]:
    found = row["page"] == "found"
    page = _claimed(row) if found else Cell(_(_PAGE[row["page"]][0]), _PAGE[row["page"]][1])
    return (row["title"], page, stars(row), _count(row["review_count"]), figures.share(row["recommend"]), figures.share(row["ceo_approval"]),
            figures.day(row["last_review"]), _unanswered(row), rate(row["response_rate"]), _evidence(row) if found else "–")  # fmt: skip


def _complete(rows: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return a sentence a page that tells which of its parts are filled in, and one a badge that it bears."""
    said = []
    for row in rows:
        said += [_("{site}: the page bears the badge {badge}.", site=row["title"], badge=badge) for badge, there in (row.get("badges") or {}).items() if there]
        parts = row.get("filled") or {}
        missing = ", ".join(_(_PARTS.get(name, name)) for name, there in parts.items() if not there)
        told = {"site": row["title"], "n": sum(parts.values()), "all": len(parts)}
        if missing:
            said.append(_("{site}: {n} of {all} parts that the page shows are filled in; missing: {missing}.", missing=missing, **told))
        elif parts:
            said.append(_("{site}: all that the page shows is filled in ({n} of {all}).", **told))
    return tuple(said)


def stars(row: Mapping[str, Any]) -> str:
    """Return the rating that a site shows, "3.4" or "7 of 10", or a dash."""
    if row["rating"] is None:
        return figures.DASH
    five = row["rating_scale"] in (None, 5)
    # As many digits as the site shows, and one at least where it counts to five.
    digits = max(int(five), len(f"{row['rating']:.2f}".rstrip("0").partition(".")[2]))
    rating = figures.number(row["rating"], digits)
    return rating if five else _("{rating} of {scale}", rating=rating, scale=row["rating_scale"])


def _count(count: int | None) -> str:
    return figures.DASH if count is None else figures.count(count)


def _unanswered(row: Mapping[str, Any]) -> str:
    return _("{n} of {all}", n=row["unanswered"], all=row["reviews_stored"]) if row["reviews_stored"] else "–"


def rate(figure: Mapping[str, Any]) -> str:
    """Return "40 % (22 to 61), n 20", or a dash where no review is old enough."""
    if figure["value"] is None:
        return figures.DASH
    return _("{share}, n {n}", share=figures.portion(figure).text, n=figures.count(figure["n"]))


def _evidence(row: Mapping[str, Any]) -> str:
    if row["claimed_told_by"] == "hand":
        return _("typed in, {day}", day=figures.day(row["claimed_observed"]))
    if row["claimed_told_by"] == "page":
        return _("the page, {day}", day=figures.day(row["claimed_observed"]))
    return _("no stored page tells")


def _found(employers: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [row for each in employers for row in each["sites"] if row["page"] == "found"]


def _title(own: Sequence[Mapping[str, Any]]) -> str:
    found = len(_found(own))
    if len(own) == 1:
        name = own[0]["employer"]
        return n_("{employer}: {n} page on review sites", "{employer}: {n} pages on review sites", found, employer=name) if found else _("{employer}: no page on a review site is stored", employer=name)
    return n_("{n} page on review sites", "{n} pages on review sites", found) if found else _("No page on a review site is stored")


def _verdict(employers: Sequence[Mapping[str, Any]]) -> str:
    states = [row["claimed"] for row in _found(employers)]
    if not states:
        return _("That a page is not stored does not mean that there is none: look for it.")
    return _("Claimed: {claimed}. Unclaimed: {unclaimed}. Unknown: {unknown}.", **{state: states.count(state) for state in TONES})


def history(rows: Sequence[Mapping[str, Any]]) -> Document:
    """Return since when each page was seen claimed or unclaimed."""
    columns = (_("Employer"), _("Site"), _("Claimed"), _("First seen so"), _("Last seen so"), _("What says so"))
    by = {"page": N_("the page"), "hand": N_("typed in")}
    lines = tuple((row["employer"] or "–", row["title"], _claimed(row), figures.day(row["since"]), figures.day(row["last"]), _(by[row["told_by"]]))
                  for row in rows)  # fmt: skip
    title = _("Since when pages are claimed") if rows else _("No page that is stored tells whether it is claimed.")
    return Document("profiles", title, (Section("history", "", columns, lines),) if rows else (), {"history": [dict(row) for row in rows]})


def shock(employers: Sequence[Mapping[str, Any]]) -> Document:
    """Return companies side by side on one page: whose pages nobody has claimed."""
    names = [name for name, each in sites().items() if each.always] + sorted({row["source"] for row in _found(employers)} - {name for name, each in sites().items() if each.always})
    ordered = sorted(employers, key=lambda each: (-sum(row["claimed"] == "unclaimed" for row in _found([each])), each["employer"].casefold()))
    lines = tuple(_beside(each, names) for each in ordered)
    unclaimed = [each for each in employers if any(row["claimed"] == "unclaimed" for row in _found([each]))]
    title = n_("{unclaimed} of {n} company has a page that nobody has claimed", "{unclaimed} of {n} companies have a page that nobody has claimed", len(employers), unclaimed=len(unclaimed))
    columns = (_("Company"), *(site(name).title for name in names), _("Without answer"))
    ways = tuple(_("{what}: {value}", what=site(name).title, value=site(name).claim) for name in sites() if site(name).claim)
    sections = (Section("side_by_side", "", columns, lines, numbers=frozenset({len(columns) - 1})), Section("claim", _("Where a page is claimed"), before=ways) if ways else None)
    note = _("A dash: no page is stored, which does not mean that there is none. Each page is shown as its site last showed it.")
    return Document("profiles", title, tuple(section for section in sections if section), {"employers": [dict(each) for each in ordered]}, verdict=_verdict(employers), closing=note)


def _beside(each: Mapping[str, Any], names: Sequence[str]) -> tuple[Cell | str, ...]:
    rows = {row["source"]: row for row in _found([each])}
    waiting, stored = sum(row["unanswered"] for row in rows.values()), sum(row["reviews_stored"] for row in rows.values())
    return (each["employer"], *(_cell(rows.get(name)) for name in names), _("{n} of {all}", n=waiting, all=stored) if stored else "–")


def _cell(row: Mapping[str, Any] | None) -> Cell:
    if row is None:
        return Cell("–", "dim")
    text, tone = _claimed(row)[:2]
    count = "" if row["review_count"] is None else f"({_count(row['review_count'])})"
    star = "★" if row["rating_scale"] in (None, 5) else ""
    return Cell(" ".join(filter(None, (text, "" if row["rating"] is None else f"{stars(row)}{star}", count))), tone)


def _claimed(row: Mapping[str, Any]) -> Cell:
    return Cell(words.claimed(row["claimed"]), TONES[row["claimed"]])
