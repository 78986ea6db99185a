"""Read back what `repwatch export` wrote: one JSON object a line, streamed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from repwatch.models import AnyItem, Interview, Mention, Problem, Profile, Review, Salary, Score

_MODELS: dict[str, TypeAdapter[Any]] = {
    name: TypeAdapter(model)
    for name, model in (("review", Review), ("mention", Mention), ("profile", Profile), ("interview", Interview), ("salary", Salary))
}
_BESIDE = ("score", "first_seen", "vanished", "revisions", "doubts", "file", "corrected")
_FIRST_BYTES = 65_536


class Exported(NamedTuple):
    """One line of an export: the item and what the store knew of it."""

    item: AnyItem
    score: Score | None = None
    first_seen: str | None = None
    vanished: str | None = None
    revisions: tuple[dict[str, Any], ...] = ()
    #: (employer, relevance, reasons) of the employers that it names and probably does not mean.
    doubts: tuple[tuple[str, float, tuple[str, ...]], ...] = ()


_DOUBTS: TypeAdapter[tuple[tuple[str, float, tuple[str, ...]], ...]] = TypeAdapter(tuple[tuple[str, float, tuple[str, ...]], ...])


def is_export(path: Path) -> bool:
    """Tell whether the first line of `path` is an object of the export."""
    try:
        with path.open("rb") as lines:
            first = lines.readline(_FIRST_BYTES * 16)
        row = json.loads(first)
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(row, dict) and row.get("type") in (*_MODELS, "refused", "problem") and "source" in row


def read(path: Path) -> Iterator[Exported | Problem]:
    """Yield the lines of an export; a line that does not fit is a Problem with its number, the rest goes on."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                found = _line(line, number)
                if found is not None:
                    yield found


def _line(line: bytes, number: int) -> Exported | Problem | None:
    try:
        row = json.loads(line)
        if not isinstance(row, dict):
            return Problem(reason="not an object", detail=f"line {number}")
        if row.get("type") in ("refused", "problem"):
            return None
        beside = {name: row.pop(name) for name in _BESIDE if name in row}
        adapter = _MODELS.get(str(row.get("type", "review")))
        if adapter is None:
            return Problem(reason="unknown type", detail=f"line {number}: {str(row.get('type'))[:40]}")
        item = adapter.validate_python(row)
        score = Score.model_validate(beside["score"]) if beside.get("score") else None
        revisions = beside.get("revisions")
        return Exported(item, score, beside.get("first_seen"), beside.get("vanished"), tuple(revisions) if isinstance(revisions, list) else (),
                        _DOUBTS.validate_python(beside.get("doubts") or ()))  # fmt: skip
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        return Problem(reason="a field does not fit", detail=f"line {number}: {'.'.join(map(str, first['loc']))}: {first['msg']}")
    except (ValueError, RecursionError) as error:
        return Problem(reason="not JSON", detail=f"line {number}: {error}")
