"""Normalise, score and store what was read, page by page, each page in one transaction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from repwatch.inlets.export import Exported
from repwatch.models import (
    CoverageEntry,
    Employer,
    Interview,
    Item,
    Mention,
    Outcome,
    Problem,
    Profile,
    Review,
    Salary,
)
from repwatch.pipeline.normalise import doubts_of, employers_of, normalise, with_language
from repwatch.pipeline.vanishing import Sight
from repwatch.store import PageRow, ProblemRow, Saved, Seen, Store
from repwatch.store.rows import Doubt
from repwatch.text.scorer import score_item

_SCORED = (Review, Mention, Interview)
#: The employer of an item that names none: it is kept, and can be told apart in reports.
NOBODY = ""
_NUMBERS = re.compile(r"\d{3,}")


class Desk(NamedTuple):
    """What saving needs to know: where to, for which run, as of when (an ISO instant in UTC), and whom the settings name."""

    store: Store
    run: int
    now: str
    key: bytes | None
    employers: tuple[Employer, ...] = ()
    new_ids: list[int] = []  # noqa: RUF012 — every caller that reads it hands in its own
    #: The page that the settings name for (source, employer): its number tells namesakes apart.
    pages: Mapping[tuple[str, str], str] = MappingProxyType({})
    #: The pages of reviews read so far, for `vanishing.settle`; None where nobody looks for what has vanished.
    sights: list[Sight] | None = None

    def seen(self, item: Item, watched: str | None = None, query: str | None = None) -> Seen:
        """Return an item ready for the store."""
        neat = with_language(normalise(item, self.key))  # type: ignore[arg-type]  # every Item is one of AnyItem
        names = employers_of(neat, self.employers, watched) or (NOBODY,)
        if neat.employer_id and not watched:
            names = tuple(self._told_apart(neat.source, neat.employer_id, name) for name in names)
        score = score_item(neat) if isinstance(neat, _SCORED) else None
        if score and neat.lang is None and score.lang:
            neat = neat.model_copy(update={"lang": score.lang})
        if isinstance(neat, Profile) and neat.observed is None:
            neat = neat.model_copy(update={"observed": self.now[:10]})
        doubts = doubts_of(neat, names, self.employers, watched, query) if isinstance(neat, Mention) else ()
        if doubts:
            unsure = {each.employer for each in doubts}
            names = tuple(name for name in names if name not in unsure)
        return Seen(neat, names, score, self.now, doubts=doubts)

    def names(self, items: Iterable[Item], watched: str | None = None) -> tuple[str, ...]:
        """Return the employers that the items are about, each once."""
        found = dict.fromkeys((each.source, each.employer_id, name) for each in items for name in employers_of(each, self.employers, watched) if name)  # type: ignore[arg-type]  # as above
        apart = (name if watched or not number else self._told_apart(source, number, name) for source, number, name in found)
        return tuple(dict.fromkeys(apart))

    def _told_apart(self, source: str, employer_id: str, name: str) -> str:
        """Return `name`, with its number on the site when another employer there bears the same name."""
        if not name:
            return name
        page = self.pages.get((source, name))
        if page and _NUMBERS.search(page):
            return name if employer_id in _NUMBERS.findall(page) else f"{name} ({source} {employer_id})"
        key = f"employer|{source}|{name}"
        first = self.store.cursor(key)
        if first is None:
            self.store.set_cursor(key, {"id": employer_id})
        return name if first is None or first["id"] == employer_id else f"{name} ({source} {employer_id})"

    def exported(self, line: Exported) -> Seen:
        """Return a line of an export ready for the store, with what the other store knew."""
        item = line.item
        names = (item.employer,) if item.employer else (employers_of(item, self.employers) or (NOBODY,))
        score = line.score or (score_item(item) if isinstance(item, _SCORED) else None)
        if line.doubts and not item.employer:
            names = ()
        return Seen(item, names, score, self.now, line.first_seen, line.vanished, line.revisions, tuple(Doubt(*doubt) for doubt in line.doubts))

    def save(self, outcomes: Sequence[Outcome], entry: CoverageEntry, place: str, *, watched: str | None = None, pages: Sequence[PageRow] = (),
             query: str | None = None) -> Saved:  # fmt: skip
        """Store the items of one page with its ledger row and problems, in one transaction."""
        items = [each for each in outcomes if isinstance(each, Item)]
        seen = [self.seen(each, watched, query) for each in items]
        saved = self.store.save(self.run, seen, entry=entry, pages=pages, problems=problems(outcomes, place))
        self.new_ids.extend(saved.new_ids)
        return saved

    def save_lines(self, lines: Iterable[Exported | Problem], place: str) -> tuple[Saved, list[ProblemRow]]:
        """Store a stream of exported lines, in transactions of some thousands, holding none but these in memory."""
        wrong: list[ProblemRow] = []

        def good() -> Iterator[Seen]:
            for line in lines:
                if isinstance(line, Problem):
                    wrong.append(ProblemRow(line.source, place, line.reason, line.detail))
                else:
                    yield self.exported(line)

        saved = self.store.save(self.run, good())
        if wrong:
            self.store.save(self.run, (), problems=wrong)
        return saved, wrong


def problems(outcomes: Iterable[Outcome], place: str) -> list[ProblemRow]:
    """Return the rows for what could not be read."""
    return [ProblemRow(each.source, place, each.reason, each.detail) for each in outcomes if isinstance(each, Problem)]


def count(outcomes: Iterable[Outcome], *kinds: type) -> int:
    """Count the outcomes of some kinds."""
    return sum(isinstance(each, kinds or (Review, Mention, Interview, Salary, Profile)) for each in outcomes)
