"""The way from a figure to the texts behind it: a command line that can be pasted into a shell."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from repwatch.text.clean import one_line


def lead(data: Mapping[str, Any], **more: str) -> str:
    """Return `repwatch mentions ...` with the filters of a report; `more` narrows it further."""
    employers = data.get("employers") or []
    named = {"employer": employers[0]["employer"]} if len(employers) == 1 and employers[0]["employer"] else {}
    filters = {**named, **{name: data.get(name) for name in ("since", "until", "source", "lang")}, **more}
    parts = [f"--{name} {shlex.quote(one_line(str(value)))}" for name, value in filters.items() if value]
    return " ".join(["repwatch mentions", *parts])
