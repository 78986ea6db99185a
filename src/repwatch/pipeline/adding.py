"""Add sources to a settings file and leave everything that stands in it as it is, comments and order included."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from repwatch.errors import SettingsError
from repwatch.wording import _


class Found(NamedTuple):
    """A source for the settings: its page or its query, and a remark that is written beside it."""

    source: str
    url: str | None = None
    query: str | None = None
    remark: str = ""


def add_sources(text: str, employer: str, domain: str | None, found: Sequence[Found]) -> tuple[str, list[Found]]:
    """Return the settings with what is new of `found` for an employer, and what that is.

    Raises SettingsError where the file could not be extended without changing what stands in it.
    """
    import tomlkit

    before = tomllib.loads(text)
    told = before.get("employer", [])
    place = next((number for number, each in enumerate(told) if str(each.get("name", "")).casefold() == employer.casefold()), None)
    new = [each for each in found if place is None or not _is_there(told[place], each)]
    if not new:
        return text, []
    document: Any = tomlkit.parse(text if text.endswith("\n") or not text else text + "\n")
    if place is None:
        table = tomlkit.table()
        table.add("name", employer)
        if domain:
            table.add("domain", domain)
        if "employer" not in document:
            document.add("employer", tomlkit.aot())
        document["employer"].append(table)
        place = len(told)
    target = document["employer"][place]
    if "source" not in target:
        target.add("source", tomlkit.aot())
    for each in new:
        target["source"].append(_table(each))
    written = tomlkit.dumps(document)
    _ensure_kept(before, written, employer, new)
    return written, new


def _table(found: Found) -> Any:
    import tomlkit

    table = tomlkit.table()
    table.add("source", found.source)
    for name in ("url", "query"):
        value = getattr(found, name)
        if value is not None:
            table.add(name, value)
            if found.remark:
                table[name].comment(found.remark)
    return table


def _is_there(employer: Mapping[str, Any], found: Found) -> bool:
    every = [each for each in employer.get("source", []) if each.get("source") == found.source]
    return any(each.get("url") == found.url and (each.get("query") or None) in (None, found.query) for each in every) or (found.query is not None and bool(every))


def _ensure_kept(before: dict[str, Any], written: str, employer: str, new: Sequence[Found]) -> None:
    """Read the result back: without what was added it must be what it was."""
    after = tomllib.loads(written)
    names = [str(each.get("name", "")).casefold() for each in after.get("employer", [])]
    place = names.index(employer.casefold())
    added = after["employer"][place]["source"][-len(new) :]
    del after["employer"][place]["source"][-len(new) :]
    if not after["employer"][place]["source"] and "source" not in _at(before.get("employer", []), place):
        del after["employer"][place]["source"]
    if place == len(before.get("employer", [])):
        del after["employer"][place:]
        if "employer" not in before:
            del after["employer"]
    if after != before or [(each["source"], each.get("url"), each.get("query")) for each in added] != [(each.source, each.url, each.query) for each in new]:
        raise SettingsError(_("the settings cannot be extended without changing what stands in them"), hint=_("Add the sources by hand: {command} shows them.", command="repwatch discover --format json"))


def _at(every: Sequence[Mapping[str, Any]], place: int) -> Mapping[str, Any]:
    return every[place] if place < len(every) else {}
