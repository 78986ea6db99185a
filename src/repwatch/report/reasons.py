"""Say in the reader's language why something was not read, and what to do next: from the ledger's own names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from repwatch.refusals import ADVICE, MEANING
from repwatch.wording import N_, _, n_, told

_OWN = {
    "no_saved_page": N_("this site lets no program in, and no page was saved yet"),
    "problems": N_("some entries could not be read"),
    "layout_changed": N_("the page looks different from all we know; nothing was read from it"),
    "other_page": N_("the page is about no employer"),
    "empty": N_("the page is empty"),
    "cut": N_("the file ends before its end; save the page once more"),
    "saved_page_0_days_old": N_("page saved today"),
    "": N_("not read"),
}
_FIELD = re.compile(r"(?P<name>site|lang|kind|source) is (?P<value>.+)")
_NEAR = re.compile(r'near "(?P<word>[^"]+)"(?P<weight>( \([-+.\d]+\))?)')
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


def judged(why: str) -> str:
    """Return why a query hits or misses, part by part, as `text.query.reason` says it."""
    return "; ".join(map(_part, why.split("; ")))


def _part(part: str) -> str:
    field = _FIELD.fullmatch(part)
    if field and field["value"] != "not known":
        return _("{name} is {value}", **field.groupdict())
    return told(part)


def doubt(reason: str) -> str:
    """Return a reason for, or against, that an employer is meant, with its weight, as `text.relevance` says it."""
    near = _NEAR.fullmatch(reason)
    return _('near "{word}"', word=near["word"]) + near["weight"] if near else told(reason)


def hint(entry: Mapping[str, Any]) -> str:
    """Return what to do about a line of the ledger; the ledger holds it in English, whatever language its reader speaks."""
    for template in ADVICE.values():
        found = _pattern(template).fullmatch(entry["hint"]) if "{" in template else None
        if found:
            # A sentence before it comes from a site, and stays as it is, unless it is one of ours.
            return _sentences(found["before"]) + _(template, **{name: told(value) for name, value in found.groupdict().items() if name != "before"})
    return _(entry["hint"])


def _sentences(before: str) -> str:
    """Return what was said before the advice: what became of a credential is a message of ours with a capital and a full stop."""
    plain = before[:1].lower() + before[1:].removesuffix(". ")
    known = told(plain)
    return before if known == plain else f"{known[:1].upper()}{known[1:]}. "


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    return re.compile("(?P<before>.*?)" + "".join(f"(?P<{part}>.+)" if place % 2 else re.escape(part) for place, part in enumerate(parts)), re.DOTALL)
