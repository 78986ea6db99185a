"""Three proposals to a board, of growing size: the smallest is a side project with an owner, four weeks and a measure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Literal, NamedTuple

from repwatch.programme.guide import topic_name

Size = Literal["small", "medium", "large"]
#: What a project can be measured by; "" where only people can tell.
Figure = Literal["unclaimed", "overdue", "unlooked", "response_rate", "rating", ""]
_FIGURE: dict[str, Figure] = {"claim": "unclaimed", "answer": "overdue", "look": "unlooked", "listen": "", "rhythm": "response_rate", "topic": "rating", "voices": "rating"}


class Proposal(NamedTuple):
    """What a board may decide: who does it, how long it takes, and how it is measured. `owner` is a role, never a name."""

    size: Size
    kind: str
    title: str
    what: str
    owner: str
    time: str
    measure: str
    figure: Figure


def proposals(lang: str, facts: Mapping[str, Any]) -> tuple[Proposal, Proposal, Proposal]:
    """Return a side project, a change of habit and a change of substance, fitted to the facts.

    `facts`: the counts `unclaimed`, `found`, `overdue`, `unlooked` and `days`; `rate` and `rating` as text; `blamed` as
    (topic, texts), or None where no topic is blamed in five reviews or more.
    """
    small = "claim" if facts["unclaimed"] else "answer" if facts["overdue"] else "look" if facts["unlooked"] else "listen"
    topic, blamed = facts["blamed"] or ("", 0)
    places = {**facts, "topic": topic_name(lang, topic) if topic else "", "blamed": blamed}
    return _proposal("small", small, lang, places), _proposal("medium", "rhythm", lang, places), _proposal("large", "topic" if topic else "voices", lang, places)


def _proposal(size: Size, kind: str, lang: str, places: Mapping[str, Any]) -> Proposal:
    words = texts(lang)
    title, what, owner, measure = (words[kind][name].format_map(places) for name in ("title", "what", "owner", "measure"))
    return Proposal(size, kind, title, what, owner, words["times"][size], measure, _FIGURE[kind])


@cache
def texts(lang: str) -> dict[str, dict[str, str]]:
    """Return the texts of the proposals in a language."""
    return tomllib.loads(resources.files("repwatch.programme").joinpath("board", f"{lang}.toml").read_text("utf-8"))
