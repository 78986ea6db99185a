"""Say at which line of a TOML file a key stands, for messages."""

from __future__ import annotations

import re
from pathlib import Path

#: The parts of a key, as pydantic names a place: names of tables, and numbers in lists of tables.
Key = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\-\" ]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"\s*([\w\-]+|\"[^\"]+\")\s*=")


def lines_of(text: str) -> dict[Key, int]:
    """Return the line of every key and table of a TOML text, by its path."""
    found: dict[Key, int] = {}
    counts: dict[Key, int] = {}
    table: Key = ()
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        if header:
            table = _table_path([name.strip(' "') for name in header[2].split(".")], header[1] == "[[", counts)
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault((*table, key[1].strip('"')), number)
    return found


def _table_path(names: list[str], in_list: bool, counts: dict[Key, int]) -> Key:  # noqa: FBT001 — private, two callers' lines
    path: Key = ()
    for name in names[:-1]:
        path = (*path, name)
        if path in counts:
            path = (*path, counts[path])
    path = (*path, names[-1])
    if in_list:
        counts[path] = counts.get(path, -1) + 1
        path = (*path, counts[path])
    return path


def place(path: Path | None, lines: dict[Key, int], key: Key) -> str:
    """Return `file:line` of a key, or of the nearest table above it."""
    for end in range(len(key), 0, -1):
        if key[:end] in lines:
            return f"{path}:{lines[key[:end]]}"
    return str(path) if path else "environment"
