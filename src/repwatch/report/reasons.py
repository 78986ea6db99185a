"""Say in the reader's language why something was not read, and what to do next: from the ledger's own names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from repwatch.refusals import ADVICE, MEANING
from repwatch.wording import N_, _, n_

_OWN = {
    "no_saved_page": N_("this site lets no program in, and no page was saved yet"),
    "layout_changed": N_("the page looks different from all we know; nothing was read from it"),
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
    detailed = _DETAILED.fullmatch(reason)
    if detailed:
        return _(detailed[1]) + detailed[2]
    return _(reason) if " " in reason else reason.replace("_", " ")


def hint(entry: Mapping[str, Any]) -> str:
    """Return what to do about a line of the ledger; the ledger holds it in English, whatever language its reader speaks."""
    if entry["hint"] == ADVICE["save_page"].format(target=entry["target"]):
        return _(ADVICE["save_page"], target=entry["target"])
    return _(entry["hint"])
