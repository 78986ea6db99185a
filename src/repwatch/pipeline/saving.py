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
    Score,
)
from repwatch.pipeline.normalise import employers_of, normalise, whole_text, with_language
from repwatch.pipeline.protecting import protect, protect_stored
from repwatch.pipeline.tombstones import Graves
from repwatch.store import PageRow, ProblemRow, Saved, Seen, Store
from repwatch.text.masking import masker_for
from repwatch.text.scorer import score_item
from repwatch.text.special import special_kinds, touches_special

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

    def seen(self, item: Item, watched: str | None = None) -> Seen:
        """Return an item ready for the store."""
        plain = normalise(item, self.key)  # type: ignore[arg-type]  # every Item is one of AnyItem
        # Named before it is masked: an employer may be named in nothing but the address of a mail.
        names = employers_of(plain, self.employers, watched) or (NOBODY,)
        neat = with_language(protect(plain, self.key, masker_for(self.employers)))
        if neat.employer_id and not watched:
            names = tuple(self._told_apart(neat.source, neat.employer_id, name) for name in names)
        score = _plain(score_item(neat), neat) if isinstance(neat, _SCORED) else None
        if score and neat.lang is None and score.lang:
            neat = neat.model_copy(update={"lang": score.lang})
        if isinstance(neat, Profile) and neat.observed is None:
            neat = neat.model_copy(update={"observed": self.now[:10]})
        return Seen(neat, names, score, self.now)

    def known(self, item: Item) -> Seen:
        """Return an item as it would be stored, by what it can be recognised by: without language and score."""
        plain = normalise(item, self.key)  # type: ignore[arg-type]  # as above
        return Seen(protect(plain, self.key, masker_for(self.employers)), employers_of(plain, self.employers) or (NOBODY,), None, self.now)

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
        masker = masker_for(self.employers)
        item = protect(line.item, self.key, masker)
        names = (item.employer,) if item.employer else (employers_of(item, self.employers) or (NOBODY,))
        score = line.score or (_plain(score_item(item), item) if isinstance(item, _SCORED) else None)
        revisions = tuple({**each, "data": protect_stored(each["data"], self.key, masker)} for each in line.revisions)
        return Seen(item, names, score, self.now, line.first_seen, line.vanished, revisions, line.faded)

    def save(self, outcomes: Sequence[Outcome], entry: CoverageEntry, place: str, *, watched: str | None = None, pages: Sequence[PageRow] = ()) -> Saved:
        """Store the items of one page with its ledger row and problems, in one transaction."""
        items = [each for each in outcomes if isinstance(each, Item)]
        graves = Graves(self.store, self.key)
        seen = [one for each in items if not graves.holds(one := self.seen(each, watched), each)]
        saved = self.store.save(self.run, seen, entry=entry, pages=pages, problems=problems(outcomes, place))
        self.new_ids.extend(saved.new_ids)
        return saved

    def save_lines(self, lines: Iterable[Exported | Problem], place: str) -> tuple[Saved, list[ProblemRow]]:
        """Store a stream of exported lines, in transactions of some thousands, holding none but these in memory."""
        wrong: list[ProblemRow] = []
        graves = Graves(self.store, self.key)

        def good() -> Iterator[Seen]:
            for line in lines:
                if isinstance(line, Problem):
                    wrong.append(ProblemRow(line.source, place, line.reason, line.detail))
                elif not graves.holds(seen := self.exported(line), line.item):
                    yield seen

        saved = self.store.save(self.run, good())
        if wrong:
            self.store.save(self.run, (), problems=wrong)
        return saved, wrong


#: Topics that words of GDPR Art. 9 would lead to, and what such words are about.
_NEAR_SPECIAL = {"health": {"health"}, "diversity": {"origin", "belief", "sexuality", "health"}}


def _plain(score: Score, item: Item) -> Score:
    """Leave words on health, union, origin or belief out of the reasons and topics of a score: only a person may quote them."""
    if any(each.topic in _NEAR_SPECIAL for each in score.topics):
        kinds = special_kinds(whole_text(item))  # type: ignore[arg-type]  # what is scored has a text
        score = score.model_copy(update={"topics": tuple(each for each in score.topics if not kinds & _NEAR_SPECIAL.get(each.topic, set()))})
    if not touches_special(" | ".join(score.evidence)):
        return score
    return score.model_copy(update={"evidence": tuple(each for each in score.evidence if not touches_special(each))})


def problems(outcomes: Iterable[Outcome], place: str) -> list[ProblemRow]:
    """Return the rows for what could not be read."""
    return [ProblemRow(each.source, place, each.reason, each.detail) for each in outcomes if isinstance(each, Problem)]


def count(outcomes: Iterable[Outcome], *kinds: type) -> int:
    """Count the outcomes of some kinds."""
    return sum(isinstance(each, kinds or (Review, Mention, Interview, Salary, Profile)) for each in outcomes)
