"""Read back what `repwatch export` wrote: one JSON object a line, streamed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from repwatch.models import AnyItem, Interview, Mention, Problem, Profile, Review, Salary, Score
from repwatch.wording import N_

_MODELS: dict[str, TypeAdapter[Any]] = {
    name: TypeAdapter(model)
    for name, model in (("review", Review), ("mention", Mention), ("profile", Profile), ("interview", Interview), ("salary", Salary))
}
_BESIDE = ("score", "first_seen", "vanished", "revisions", "faded", "doubts", "file", "corrected")
_FIRST_BYTES = 65_536


class Exported(NamedTuple):
    """One line of an export: the item and what the store knew of it."""

    item: AnyItem
    score: Score | None = None
    first_seen: str | None = None
    vanished: str | None = None
    revisions: tuple[dict[str, Any], ...] = ()
    faded: str | None = None
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
    """Yield what the lines of an export tell; a line that does not fit is a Problem with its number, the rest goes on."""
    return (found for line, number in raw_lines(path) if (found := read_line(line, number)) is not None)


def raw_lines(path: Path) -> Iterator[tuple[bytes, int]]:
    """Yield each line that holds anything, with its number, so that one that is known need not be read."""
    with path.open("rb") as lines:
        yield from ((line, number) for number, line in enumerate(lines, 1) if not line.isspace())


def digest(line: bytes) -> int:
    """Return a number of 64 bits with a sign for a line; two of a million lines share one with a chance of 1 in 40 million."""
    return int.from_bytes(blake2b(line.rstrip(), digest_size=8).digest(), "big", signed=True)


def read_line(line: bytes, number: int) -> Exported | Problem | None:
    """Return what a line tells; None for one that tells of no item."""
    try:
        row = _decoded(line)
        if not isinstance(row, dict):
            return Problem(reason=N_("not an object"), detail=f"line {number}")
        if row.get("type") in ("refused", "problem"):
            return None
        beside = {name: row.pop(name) for name in _BESIDE if name in row}
        adapter = _MODELS.get(str(row.get("type", "review")))
        if adapter is None:
            return Problem(reason=N_("unknown type"), detail=f"line {number}: {str(row.get('type'))[:40]}")
        item = adapter.validate_python(row)
        score = Score.model_validate(beside["score"]) if beside.get("score") else None
        revisions = beside.get("revisions")
        return Exported(item, score, beside.get("first_seen"), beside.get("vanished"), tuple(revisions) if isinstance(revisions, list) else (), beside.get("faded"),
                        _DOUBTS.validate_python(beside.get("doubts") or ()))  # fmt: skip
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        return Problem(reason=N_("a field does not fit"), detail=f"line {number}: {'.'.join(map(str, first['loc']))}: {first['msg']}")
    except json.JSONDecodeError as error:
        return Problem(reason="not JSON", detail=N_("line {line}: it is no JSON from character {place} on", line=number, place=error.pos + 1))
    except (ValueError, RecursionError):
        return Problem(reason="not JSON", detail=N_("line {line}: it is no JSON", line=number))


def _decoded(line: bytes) -> Any:
    try:
        return from_json(line, cache_strings="keys")
    except ValueError:  # half a surrogate pair, or no JSON: the standard library's decoder takes the one and explains the other
        return json.loads(line)
