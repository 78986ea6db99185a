"""Documents on answers to reviews: what waits, a draft, what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from repwatch.report import figures
from repwatch.report.document import Cell, Document, Section, Tone
from repwatch.stars import of_five
from repwatch.text.clean import one_line
from repwatch.text.special import without_special
from repwatch.wording import N_, _, n_

if TYPE_CHECKING:
    from repwatch.programme.answers import Draft

_WORTH: dict[str, tuple[str, Tone]] = {"yes": (N_("yes"), "bad"), "brief": (N_("a short one"), ""), "claim_first": (N_("claim the profile first"), "warn"), "no": (N_("no"), "dim")}
_WHY = {
    "unclaimed": N_("only the owner of a profile can answer"),
    "wordless": N_("stars without words: there is nothing to answer"),
    "old": N_("older than a year: hardly anybody would read an answer"),
    "praise": N_("praise: thanks are enough"),
    "names_topics": N_("it names what you can speak to"),
    "criticism": N_("criticism that others read too"),
    "unclear": N_("what it means is not clear"),
}
TOPICS = {
    "pay": N_("pay"), "benefits": N_("benefits"), "management": N_("management"), "leadership": N_("leadership"), "culture": N_("culture"), "colleagues": N_("colleagues"),
    "work_life_balance": N_("work-life balance"), "workload": N_("workload"), "career": N_("career"), "training": N_("training"), "job_security": N_("job security"),
    "tools": N_("tools"), "workplace": N_("workplace"), "remote_work": N_("remote work"), "diversity": N_("diversity"), "recruitment": N_("recruitment"),
    "communication": N_("communication"), "meaning": N_("meaning of the work"), "health": N_("health and safety"),
}  # fmt: skip
_TEXT = 120


def listing(rows: Sequence[Mapping[str, Any]], waiting: int, theirs: int = 0) -> Document:
    """Return the reviews that wait for an answer: those shown, of so many that wait, beside so many of peers that are left out."""
    several = len({tuple(row["employers"]) for row in rows}) > 1
    lines = tuple(_line(row, several=several) for row in rows)
    columns = (_("Id"), _("Days"), *((_("Employer"),) if several else ()), _("Source"), _("Lang"), _("Stars"), _("Blames"), _("Answer?"), _("Because"), _("Text"))
    title = n_("{n} review waits for an answer", "{n} reviews wait for an answer", waiting) if waiting else _("No review waits for an answer.")
    worth = sum(row["worth"] in ("yes", "brief") for row in rows)
    shown = n_("{n} of them is shown here, the oldest first.", "{n} of them are shown here, the oldest first.", len(rows)) if len(rows) < waiting else ""
    if shown:
        worthwhile = n_("For {n} of those shown an answer is worth it.", "For {n} of those shown an answer is worth it.", worth)
    else:
        worthwhile = n_("For {n} of them an answer is worth it.", "For {n} of them an answer is worth it.", worth)
    verdict = " ".join(filter(None, (shown, worthwhile if rows else "")))
    draft = _("A draft: repwatch answers draft ID. Afterwards: repwatch answers done ID, or skip ID.") if rows else ""
    left = n_("{n} review of peers is left out: --employer NAME shows it.", "{n} reviews of peers are left out: --employer NAME shows them.", theirs) if theirs else ""
    closing = " ".join(filter(None, (draft, left)))
    names = ("id", "source", "employers", "native_id", "url", "published", "age_days", "lang", "rating", "praised", "blamed", "worth", "reason")
    data = [{name: row.get(name) for name in names} for row in rows]
    sections = (Section("answers", "", columns, lines, numbers=frozenset({0, 1, 5 if several else 4})),) if rows else ()
    return Document("answers", title, sections, data, verdict=verdict, closing=closing)


def _line(row: Mapping[str, Any], *, several: bool) -> tuple[Cell | str, ...]:
    worth, tone = _WORTH[row["worth"]]
    stars = f"{of_five(row):g}" if row.get("rating") is not None else "–"
    days = "–" if row["age_days"] is None else str(row["age_days"])
    text = " · ".join(without_special(said) for name in ("title", "cons", "body", "pros") if (said := row.get(name)))
    employer = (", ".join(filter(None, row["employers"])) or "–",) if several else ()
    return (str(row["id"]), days, *employer, row["source"], row.get("lang") or "–", stars, ", ".join(_(TOPICS[name]) for name in row["blamed"][:3]), Cell(_(worth), tone),
            _(_WHY[row["reason"]]), one_line(text, _TEXT))  # fmt: skip


def drafted(review: Mapping[str, Any], draft: Draft) -> Document:
    """Return a draft beside the review that it answers."""
    said = [(_("Title"), "title"), (_("Pros"), "pros"), (_("Cons"), "cons"), (_("Advice"), "advice"), (_("Text"), "body")]
    shown = tuple(_("{what}: {value}", what=name, value=one_line(review[field])) for name, field in said if review.get(field))
    blanks = n_("{n} blank in square brackets is yours to fill.", "{n} blanks in square brackets are yours to fill.", len(draft.blanks)) if draft.blanks else ""
    sections = (
        Section("review", _("The review of {day} on {source}", day=figures.day(review.get("published")), source=review["source"]), before=shown),
        Section("draft", _("The draft"), before=tuple(draft.text.split("\n"))),
        Section("next", "", before=tuple(filter(None, (blanks, _("Nothing was sent. Say nothing of who may have written the review, and offer nothing for changing it."))))),
    )
    data = {"id": review["id"], "url": review.get("url"), "lang": draft.lang, "draft": draft.text, "blanks": list(draft.blanks)}
    return Document("answers draft", _("A draft for review {item}", item=review["id"]), sections, data, closing=_("When it is sent: repwatch answers done {item}", item=review["id"]))


def decided(item: int, state: str | None, left: int) -> Document:
    """Return what was decided about a review."""
    title = {"done": _("Review {item} is answered.", item=item), "skipped": _("Review {item} needs no answer.", item=item)}.get(state or "", _("Review {item} waits again.", item=item))
    verdict = n_("{n} review still waits.", "{n} reviews still wait.", left) if left else _("No review waits for an answer.")
    return Document("answers", title, (), {"id": item, "state": state or "waiting", "waiting": left}, verdict=verdict)
