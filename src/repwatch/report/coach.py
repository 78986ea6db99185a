"""The document of `coach aggregate`: the one thing that an organisation sees."""

from __future__ import annotations

from repwatch.programme.coaching import Together
from repwatch.report import figures
from repwatch.report.document import Document, Section
from repwatch.wording import _, n_


def aggregated(found: Together) -> Document:
    """Return the medians over several people."""
    rows = (
        (_("Posts a week (median, to the nearest half)"), "–" if found.per_week is None else f"{found.per_week:g}"),
        (_("About work (median share, to the nearest 10 %)"), figures.share(found.about_work)),
        (_("Negative in tone (median share, to the nearest 10 %)"), figures.share(found.negative)),
    )
    title = n_("What the posts of {n} person come to", "What the posts of {n} people come to", found.people)
    closing = _("Medians in steps, so that two aggregates of nearly the same people do not betray one of them. Nothing of this is stored.")
    return Document("coach aggregate", title, (Section("together", "", (_("What"), _("Value")), rows, numbers=frozenset({1})),), found._asdict(), closing=closing)
