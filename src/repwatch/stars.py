"""Stars out of five, whatever a site counts to: one way for the scorer, the alerts and the reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def out_of_five(rating: float, scale: int | None) -> float:
    """Return a rating on a scale of five; a scale that nobody told is five."""
    return rating * 5 / (scale or 5)


def of_five(row: Mapping[str, Any]) -> float | None:
    """Return the rating of a stored review in stars of five, to two digits; None where it gives none."""
    return round(out_of_five(row["rating"], row.get("rating_scale")), 2) if row.get("rating") is not None else None
