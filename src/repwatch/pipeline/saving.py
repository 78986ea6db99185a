"""Normalise, score and store what was read, page by page, each page in one transaction."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from repwatch.inlets.export import Exported, digest, read_line
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
from repwatch.pipeline.normalise import (
    doubts_of,
    employers_of,
    normalise,
    whole_text,
    with_language,
)
from repwatch.pipeline.protecting import protect, protect_stored
from repwatch.pipeline.scorers import BUILT_IN, Scorer, score_of
from repwatch.pipeline.tombstones import Graves
from repwatch.pipeline.vanishing import Sight
from repwatch.store import PageRow, ProblemRow, Saved, Seen, Store
from repwatch.store.rows import Doubt
from repwatch.text.masking import masker_for
from repwatch.text.special import special_kinds, touches_special

_SCORED = (Review, Mention, Interview)
#: The employer of an item that names none: it is kept, and can be told apart in reports.
NOBODY = ""
_LOOKED_UP, _KEPT = 500, 1_000
T = TypeVar("T")
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
    scorer: Scorer = BUILT_IN
    #: The pages of reviews read so far, for `vanishing.settle`; None where nobody looks for what has vanished.
    sights: list[Sight] | None = None

    def seen(self, item: Item, watched: str | None = None, query: str | None = None) -> Seen:
        """Return an item ready for the store."""
        plain = normalise(item, self.key)  # type: ignore[arg-type]  # every Item is one of AnyItem
        # Named before it is masked: an employer may be named in nothing but the address of a mail.
        names = employers_of(plain, self.employers, watched) or (NOBODY,)
        neat = with_language(protect(plain, self.key, masker_for(self.employers)))
        if neat.employer_id and not watched:
            names = tuple(self._told_apart(neat.source, neat.employer_id, name) for name in names)
        score = _plain(score_of(neat, self.scorer), neat) if isinstance(neat, _SCORED) else None
        if score and neat.lang is None and score.lang:
            neat = neat.model_copy(update={"lang": score.lang})
        if isinstance(neat, Profile) and neat.observed is None:
            neat = neat.model_copy(update={"observed": self.now[:10]})
        doubts = doubts_of(plain.model_copy(update={"lang": neat.lang}), names, self.employers, watched, query) if isinstance(plain, Mention) else ()
        if doubts:
            unsure = {each.employer for each in doubts}
            names = tuple(name for name in names if name not in unsure)
        return Seen(neat, names, score, self.now, doubts=doubts)

    def known(self, item: Item) -> Seen:
        """Return an item as it would be stored, by what it can be recognised by: without language and score."""
        plain = normalise(item, self.key)  # type: ignore[arg-type]  # as above
        return Seen(protect(plain, self.key, masker_for(self.employers)), employers_of(plain, self.employers) or (NOBODY,), None, self.now)

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

    def exported(self, line: Exported, digest: int | None = None) -> Seen:
        """Return a line of an export ready for the store, with what the other store knew.

        Only a line that names its employer is known by its digest: of another, the settings decide anew.
        """
        masker = masker_for(self.employers)
        item = protect(line.item, self.key, masker)
        names = (item.employer,) if item.employer else (employers_of(item, self.employers) or (NOBODY,))
        if line.doubts and not item.employer:
            names = ()
        score = line.score or (_plain(score_of(item, self.scorer), item) if isinstance(item, _SCORED) else None)
        revisions = tuple({**each, "data": protect_stored(each["data"], self.key, masker)} for each in line.revisions)
        doubts = tuple(Doubt(*doubt) for doubt in line.doubts)
        return Seen(item, names, score, self.now, line.first_seen, line.vanished, revisions, digest if item.employer else None, line.faded, doubts)

    def all_seen(self, outcomes: Iterable[Outcome], watched: str | None = None, query: str | None = None) -> list[Seen]:
        """Return the items among the outcomes of a page ready for the store; `query` is that of the watch which found them."""
        items = [each for each in outcomes if isinstance(each, Item)]
        self.scorer.warm([each for each in items if isinstance(each, _SCORED)])
        graves = Graves(self.store, self.key)
        return [one for each in items if not graves.holds(one := self.seen(each, watched, query), each)]

    def save(self, outcomes: Sequence[Outcome], entry: CoverageEntry, place: str, *, watched: str | None = None, pages: Sequence[PageRow] = (), seen: Sequence[Seen] | None = None) -> Saved:
        """Store the items of one page with its ledger row and problems, in one transaction; `seen` are its items where they are ready."""
        seen = self.all_seen(outcomes, watched) if seen is None else seen
        saved = self.store.save(self.run, seen, entry=entry, pages=pages, problems=problems(outcomes, place))
        self.new_ids.extend(saved.new_ids)
        return saved

    def save_lines(self, lines: Iterable[tuple[bytes, int]], place: str) -> LinesSaved:
        """Store the raw lines of an export, in transactions of some thousands, holding some hundreds in memory.

        A line that was imported before and whose item is still there is known by its digest and not read again.
        """
        told = LinesSaved()
        graves = Graves(self.store, self.key)
        again = array("q")

        def good() -> Iterator[Seen]:
            for some in batched(lines, _LOOKED_UP):
                digests = [digest(line) for line, _ in some]
                known = self.store.known_lines(digests)
                for (line, number), name in zip(some, digests, strict=True):
                    if kind := known.get(name):
                        told.types[kind] += 1
                        again.append(name)
                    elif isinstance(found := read_line(line, number), Exported):
                        told.types[found.item.type] += 1
                        if not graves.holds(seen := self.exported(found, name), found.item):
                            yield seen
                    elif found is not None:
                        told.wrong(ProblemRow(found.source, place, found.reason, found.detail))

        told = self._stream(told, good())
        self.store.repeat_lines(self.run, again)
        return told

    def save_rows(self, rows: Iterable[Item | Problem], place: str, *, watched: str | None = None) -> LinesSaved:
        """Store the rows of a table as `save_lines` does; whom they are about is told for each source."""
        told = LinesSaved()
        graves = Graves(self.store, self.key)

        def good() -> Iterator[Seen]:
            for row in rows:
                if isinstance(row, Problem):
                    told.wrong(ProblemRow(row.source, place, row.reason, row.detail))
                    continue
                seen = self.seen(row, watched)
                told.types[str(getattr(row, "type", ""))] += 1
                told.employers |= {(row.source, name): None for name in seen.employers if name}
                told.unnamed += is_unnamed(seen)
                if not graves.holds(seen, row):
                    yield seen

        return self._stream(told, good(), keep_ids=True)

    def _stream(self, told: LinesSaved, seen: Iterator[Seen], *, keep_ids: bool = False) -> LinesSaved:
        saved = self.store.save(self.run, seen, keep_ids=keep_ids)
        if told.problems:
            self.store.save(self.run, (), problems=told.problems)
        told.new, told.revised, told.new_ids, told.repeated = saved.new, saved.revised, saved.new_ids, saved.repeated
        return told


@dataclass
class LinesSaved:
    """What a file of lines came to; of its bad lines the first thousand are kept and all are counted."""

    new: int = 0
    revised: int = 0
    types: Counter[str] = field(default_factory=Counter)
    problems: list[ProblemRow] = field(default_factory=list)
    bad: int = 0
    employers: dict[tuple[str, str], None] = field(default_factory=dict)
    new_ids: tuple[int, ...] = ()
    #: Rows that say what an earlier one says, and count once; and those that name no employer.
    repeated: int = 0
    unnamed: int = 0

    def wrong(self, row: ProblemRow) -> None:
        """Count a line that could not be read."""
        self.bad += 1
        if len(self.problems) < _KEPT:
            self.problems.append(row)


def is_unnamed(seen: Seen) -> bool:
    """Tell whether a review names no employer, nor anybody did for it; a mention need not be about one."""
    return not isinstance(seen.item, Mention) and not any(seen.employers)


def batched(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Cut `values` into lists of at most `size`."""
    waiting = iter(values)
    while some := list(islice(waiting, size)):
        yield some


#: Topics that words of GDPR Art. 9 would lead to, and what such words are about.
_NEAR_SPECIAL = {"health": {"health"}, "diversity": {"origin", "belief", "sexuality", "health"}}


def _plain(score: Score, item: Item) -> Score:
    """Leave words on health, union, origin or belief out of the reasons and topics of a score: only a person may quote them."""
    if any(each.topic in _NEAR_SPECIAL for each in score.topics):
        kinds = special_kinds(whole_text(item))
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
