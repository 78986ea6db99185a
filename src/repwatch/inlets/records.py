"""Open JSON as a table: the list of objects in it, each object a row, what lies deeper as `outer.inner`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from repwatch.inlets.grid import Cell, Cells, Grid
from repwatch.wording import N_

_DEEPEST = 4
_WIDEST = 400


def load(body: bytes) -> Any:
    """Return what a JSON file holds, or the list of its lines where each is an object; None for what is neither."""
    text = body.decode("utf-8-sig", "replace")
    try:
        return json.loads(text)
    except RecursionError:
        return None
    except ValueError:
        return _lines(text)


def _lines(text: str) -> list[Any] | None:
    if not text.lstrip().startswith("{"):
        return None
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        return None


def open_grid(value: Any, path: Sequence[str] | None = None, most: int | None = None) -> Grid | None:
    """Return the objects at `path` as a table, or those of the first list of objects there is; None without any.

    A path goes through objects by key, through all of an object's values by `*`, through lists by itself. What stands in
    the objects above a row belongs to each row; the last key passed on the way is the column `@key`. No more than `most`
    objects are looked at, where it is given.
    """
    way = tuple(path) if path is not None else _way(value)
    if way is None:
        return None
    records = list(islice(_walk(value, way, {}), most))
    columns = tuple(dict.fromkeys(name for record in records for name in record))[:_WIDEST]
    if not records or not columns:
        return None

    def rows() -> Iterator[tuple[int, Cells]]:
        for number, record in enumerate(records, 1):
            yield number, [record.get(name) for name in columns]

    return Grid(columns, rows, (N_("objects at {place}", place=".".join(way)),) if way else ())


def _way(value: Any) -> tuple[str, ...] | None:
    """Return the way to the list of objects that lies least deep, of several the longest."""
    found = list(_lists(value, ()))
    return min(found, key=lambda pair: (len(pair[0]), -pair[1]))[0] if found else None


def _lists(value: Any, way: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], int]]:
    if isinstance(value, list):
        count = sum(isinstance(each, dict) for each in value)
        if count:
            yield way, count
    elif isinstance(value, dict) and len(way) < _DEEPEST:
        for key, inner in value.items():
            yield from _lists(inner, (*way, key))


def _walk(value: Any, way: Sequence[str], above: dict[str, Cell]) -> Iterator[dict[str, Cell]]:
    if isinstance(value, list):
        for each in value:
            yield from _walk(each, way, above)
    elif isinstance(value, dict):
        if not way:
            yield {**above, **flat(value)}
        elif way[0] == "*":
            for key, inner in value.items():
                yield from _walk(inner, way[1:], {**above, "@key": key})
        elif way[0] in value:
            beside = flat({key: inner for key, inner in value.items() if key != way[0]})
            yield from _walk(value.get(way[0]), way[1:], {**above, **beside, "@key": way[0]})


def flat(value: dict[str, Any], before: str = "", depth: int = 0) -> dict[str, Cell]:
    """Return an object without objects in it: {"a": {"b": 1}} is {"a.b": 1}; lists of plain values are lines of text."""
    found: dict[str, Cell] = {}
    for key, inner in value.items():
        name = f"{before}{key}"
        if isinstance(inner, dict) and depth < _DEEPEST:
            found |= flat(inner, f"{name}.", depth + 1)
        elif isinstance(inner, list):
            found |= _flat_list(inner, name, depth)
        elif inner is None or isinstance(inner, str | int | float | bool):
            found[name] = inner
    return found


def _flat_list(values: list[Any], name: str, depth: int) -> dict[str, Cell]:
    """Return [{"a": 1}, {"b": 2}] as {"name.a": 1, "name.b": 2}; a list of wider objects tells nothing that a cell could hold."""
    if values and all(isinstance(each, dict) and len(each) == 1 for each in values) and depth < _DEEPEST:
        return {key: cell for each in values for key, cell in flat(each, f"{name}.", depth + 1).items()}
    plain = [str(each) for each in values if isinstance(each, str | int | float) and not isinstance(each, bool)]
    return {name: "\n".join(plain)} if plain and len(plain) == len(values) else {}
