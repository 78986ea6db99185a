"""Pages that were read and hold nothing, and figures that a person typed in."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from repwatch.pipeline.presence import Place, presence
from repwatch.report.presence import listing
from repwatch.store import Reader
from repwatch.store.runs import Coverage


class Shelf:
    """A reader of a store that holds one profile, and a check that found nothing on another site."""

    def employers(self) -> list[str]:
        return ["Acme"]

    def profile_history(self, employer: str) -> list[dict[str, Any]]:
        return [{"source": "kununu", "native_id": None, "claimed": "unclaimed", "observed": "2026-11-02", "url": None, "filter": None, "domain": None,
                 "review_count": None, "rating": 3.25, "rating_scale": 5, "recommend": None, "ceo_approval": None, "evidence": "typed in by hand"}]  # fmt: skip

    latest_profiles = profile_history

    def answers(self, *asked: object) -> list[Any]:
        return []

    def coverage(self, employer: str) -> list[Coverage]:
        return [Coverage("glassdoor", "a", 1, 1, "2026-11-02", "read", ""), Coverage("indeed", "b", 1, 0, None, "refused", "human_test")]

    def per_day(self, *asked: object, **more: object) -> list[Any]:
        return []


def test_nothing_there_is_told_from_not_read() -> None:
    """A page that was read and holds nothing, one that refused, one that a person looked at."""
    rows = presence(cast("Reader", Shelf()), [Place("Acme")], date(2026, 11, 25), within_days=14)
    assert [(row["source"], row["page"], row["next"]) for row in rows[0]["sites"]] == [("glassdoor", "nothing", "wait"), ("indeed", "unread", "save"), ("kununu", "found", "claim")]
    text = [[getattr(cell, "text", cell) for cell in row] for row in listing(rows).sections[0].rows]
    assert text == [
        ["Glassdoor", "read, and nothing there", *["–"] * 8],
        ["Indeed", "not read yet", *["–"] * 8],
        ["kununu", "unclaimed", "3.25", *["–"] * 6, "typed in, 2026-11-02"],
    ]
