"""The store: one SQLite file of items, revisions, scores, roll-ups and coverage.

Names load on first use: whoever only reads never pays for SQLAlchemy, Alembic or pydantic.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from repwatch.store.reading import Reader, open_reader
    from repwatch.store.rows import Gap, PageRow, ProblemRow, Saved
    from repwatch.store.writer import Seen, Store

__all__ = ["Gap", "PageRow", "ProblemRow", "Reader", "Saved", "Seen", "Store", "open_reader"]

_HOMES = {
    **dict.fromkeys(("Gap", "PageRow", "ProblemRow", "Saved"), "rows"),
    **dict.fromkeys(("Reader", "open_reader"), "reading"),
    **dict.fromkeys(("Seen", "Store"), "writer"),
}


def __getattr__(name: str) -> Any:
    """Import the module of `name` on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
