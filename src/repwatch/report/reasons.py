"""Say in the reader's language why something was not read, and what to do next: from the ledger's own names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from repwatch import wording
from repwatch.refusals import ADVICE, MEANING
from repwatch.wording import N_, Kept, _, n_

_OWN = {
    "no_saved_page": N_("this site lets no program in, and no page was saved yet"),
    "problems": N_("some entries could not be read"),
    "layout_changed": N_("the page looks different from all we know; nothing was read from it"),
    "cut": N_("the file ends before its end; save the page once more"),
    "saved_page_0_days_old": N_("page saved today"),
    "": N_("not read"),
}
_DETAILED = re.compile(r"(.+?)( \(.*\))", re.DOTALL)
_AGE = re.compile(r"saved_page_(\d+)_days_old")


def explained(reason: str) -> str:
    """Return why, in plain words; a reason that has none is shown as it is."""
    if reason in MEANING:
        return _(MEANING[reason][0])
    if reason in _OWN:
        return _(_OWN[reason])
    age = _AGE.fullmatch(reason)
    if age:
        return n_("the newest saved page is {n} day old", "the newest saved page is {n} days old", int(age[1]))
    return told(reason) if " " in reason else reason.replace("_", " ")


def next_step(reason: str) -> str:
    """Return what to do about a reason, "" where nothing is known to help."""
    by_hand = reason == "no_saved_page" or bool(_AGE.fullmatch(reason))
    advice = ADVICE["save_any_page"] if by_hand else MEANING.get(reason, ("", ""))[1]
    return _(advice)


def told(message: str) -> str:
    """Translate a message that was kept in English; a detail in brackets behind it stays as it is."""
    detailed = None if isinstance(message, Kept) else _DETAILED.fullmatch(message)
    return _(detailed[1]) + detailed[2] if detailed else wording.told(message)


def hint(entry: Mapping[str, Any]) -> str:
    """Return what to do about a line of the ledger; the ledger holds it in English, whatever language its reader speaks."""
    for template in ADVICE.values():
        found = _pattern(template).fullmatch(entry["hint"]) if "{" in template else None
        if found:
            # A sentence before it comes from a site, and stays as it is.
            return found["before"] + _(template, **{name: value for name, value in found.groupdict().items() if name != "before"})
    return _(entry["hint"])


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    return re.compile("(?P<before>.*?)" + "".join(f"(?P<{part}>.+)" if place % 2 else re.escape(part) for place, part in enumerate(parts)), re.DOTALL)
