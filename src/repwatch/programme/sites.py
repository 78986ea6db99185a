"""The sites on which employers are reviewed: who claimed a page, since when, and what to do next."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, Literal, NamedTuple

Claimed = Literal["claimed", "unclaimed", "unknown"]
#: found: something of the page is stored; nothing: it was read and holds nothing; unread: it could not be read; unlooked: nobody has looked.
Page = Literal["found", "nothing", "unread", "unlooked"]
Step = Literal["look", "save", "claim", "find_out", "answer", "wait", "fill_in", "none"]


class Site(NamedTuple):
    """A review site. `claim` is None where no address for claiming was checked."""

    name: str
    title: str
    voice: str = ""
    home: str | None = None
    claim: str | None = None
    employers: str | None = None
    always: bool = False


class Claim(NamedTuple):
    """Whether a page is claimed, and what says so: the page or a person, on which day, at which address."""

    claimed: Claimed
    told_by: Literal["page", "hand", "nobody"] = "nobody"
    observed: str | None = None
    url: str | None = None


class Span(NamedTuple):
    """How long a page was seen in one state: first and last day on which it was seen so."""

    claim: Claim
    last: str | None


@cache
def sites() -> dict[str, Site]:
    """Return the review sites by the name of their source, in the order of the file."""
    table = tomllib.loads(resources.files("repwatch.programme").joinpath("sites.toml").read_text("utf-8"))
    return {name: Site(name, **{key: value for key, value in row.items() if key != "checked"}) for name, row in table.items()}


def site(name: str) -> Site:
    """Return a site by the name of its source; one that is not in the file is known by its name alone."""
    return sites().get(name) or Site(name, name)


def claim(observations: Iterable[Mapping[str, Any]]) -> Claim:
    """Return the newest state that an observation of a page tells; one that does not tell takes nothing back."""
    telling = [_claim(row) for row in observations if row["claimed"] != "unknown"]
    return max(telling, key=lambda told: told.observed or "", default=Claim("unknown"))


def spans(observations: Sequence[Mapping[str, Any]]) -> list[Span]:
    """Return the history of a page: one span for as long as observations agree, the oldest first. What does not tell is passed over."""
    found: list[Span] = []
    for told in sorted((_claim(row) for row in observations if row["claimed"] != "unknown"), key=lambda told: told.observed or ""):
        if found and found[-1].claim.claimed == told.claimed:
            found[-1] = found[-1]._replace(last=told.observed)
        else:
            found.append(Span(told, told.observed))
    return found


def _claim(row: Mapping[str, Any]) -> Claim:
    # A profile that was typed in comes from a run that says so; every other was read from a page.
    return Claim(row["claimed"], "hand" if row.get("evidence") == "typed in by hand" else "page", (row.get("observed") or "")[:10] or None, row.get("url"))


def step(page: Page, claimed: Claimed, overdue: int, *, incomplete: bool = False) -> Step:
    """Return what to do next about a page: the first thing that stands in the way of the others."""
    if page != "found":
        return {"nothing": "wait", "unread": "save", "unlooked": "look"}[page]  # type: ignore[return-value]  # mypy sees plain texts in a table
    if claimed != "claimed":
        return "claim" if claimed == "unclaimed" else "find_out"
    return "answer" if overdue else "fill_in" if incomplete else "none"


def link(step: Step, of: Site, url: str | None) -> str | None:
    """Return the address that a step begins at: where pages are claimed, else the page itself, else the site."""
    if step in ("none", "wait", "answer"):
        return None
    if step == "claim":
        return of.claim or url or of.employers or of.home
    return url or of.home
