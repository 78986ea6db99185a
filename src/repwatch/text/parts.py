"""What one expression of a segment contributes."""

from __future__ import annotations

from dataclasses import dataclass

Places = tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Part:
    """What one polar expression contributes: its value, the tokens it stands on (its own the last, before them what turned it), and its topics."""

    value: float
    places: Places
    topics: tuple[str, ...]
    #: Whether words around it turned its sense.
    turned: bool = False
