"""Documents for files that are looked at before they are imported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from repwatch.report.document import Cell, Document, Section
from repwatch.report.listing import counted, state
from repwatch.report.reasons import explained
from repwatch.text.clean import one_line
from repwatch.wording import _, told


def previewed(looks: Sequence[Any]) -> Document:
    """Return how each file would be read: its columns, what was settled, its first rows."""
    sections = [part for look in looks for part in _sections(look)]
    readable = sum(each.state in ("read", "partly") for each in looks)
    return Document("preview", _("{n} of {total} files can be read; nothing was stored", n=readable, total=len(looks)), tuple(sections), [_data(look) for look in looks])


def _sections(look: Any) -> list[Section]:
    kinds = Counter({name: n for name, n in look.types.items() if name != "problem"})
    said = [told(one) for one in look.said]
    about = [_("Holds {things}.", things=counted(kinds)) if kinds else _("Holds nothing that can be read."), *([_("Known as: {kind}.", kind=look.kind)] if look.kind else []),
             *([_("Source: {source}.", source=look.source)] if look.source else []), *(f"{one[0].upper()}{one[1:]}." for one in said)]  # fmt: skip
    why = explained(look.reason) if look.reason else ""
    if look.types["problem"] or look.state != "read":
        about.append(_("{n} could not be read; the first: {why}", n=look.types["problem"], why=why))
    parts = [Section(f"{look.path.name}: file", look.path.name, before=tuple(about))]
    if look.columns:
        rows = tuple((each.name, Cell(", ".join(each.fields) or _("left out"), "" if each.fields else "dim"), each.sample) for each in look.columns)
        parts.append(Section(f"{look.path.name}: columns", "", (_("Column"), _("Read as"), _("First cell")), rows))
    if look.first:
        parts.append(Section(f"{look.path.name}: rows", "", (_("Date"), _("Stars"), _("Employer"), _("Title"), _("Text")), tuple(_row(item) for item in look.first)))
    if not look.columns and not look.first:
        parts.append(Section(f"{look.path.name}: state", "", (_("State"), _("Why")), ((state(look.state), why),)))
    return parts


def _row(item: Any) -> tuple[str, ...]:
    told = item.model_dump()
    stars = f"{told['rating']:g}/{told['rating_scale']}" if told.get("rating") is not None else "–"
    text = " · ".join(told[name] for name in ("text", "pros", "cons", "advice", "body", "process") if told.get(name))
    return told["published"] or told.get("observed") or "–", stars, told["employer"] or "–", one_line(told.get("title") or "–", 40), one_line(text or "–", 80)


def _data(look: Any) -> dict[str, Any]:
    return {"file": str(look.path), "source": look.source, "kind": look.kind, "state": look.state, "reason": look.reason, "types": dict(look.types),
            "columns": [each._asdict() for each in look.columns], "said": list(look.said), "first": [each.model_dump(mode="json") for each in look.first],
            "problems": [each.detail for each in look.problems]}  # fmt: skip
