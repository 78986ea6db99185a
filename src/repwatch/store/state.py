"""One stored item in memory, with what it was before this transaction touched it."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from repwatch.models import Score
from repwatch.store.identity import Data, counted_as, day_of, derive, dumps, facts_of, more_words, stars_of
from repwatch.store.rollups import Cell, Key, cells, keys, told


class Scored(NamedTuple):
    """A score as its row holds it, and the run that wrote it."""

    lang: str | None
    label: str
    polarity: float
    confidence: float
    topics: str
    evidence: str

    @classmethod
    def of(cls, score: Score) -> Scored:
        """Take a score apart for the table."""
        topics = dumps([{"topic": one.topic, "polarity": one.polarity} for one in score.topics]) if score.topics else "[]"
        evidence = dumps(score.evidence) if score.evidence else "[]"
        return cls(score.lang, score.label, score.polarity, score.confidence, topics, evidence)


class OldState(NamedTuple):
    """What an item said until `replaced`."""

    replaced: str
    derived: str
    origin: str
    data: str


@dataclass(slots=True)
class State:
    """An item's row with its current score and its links; `id` is None until it is inserted."""

    source: str
    type: str
    identity: str
    derived: str
    data: str
    first_seen: str
    vanished: str | None
    run_id: int
    changed_run: int
    id: int | None = None
    scorer_id: int | None = None
    score: Scored | None = None
    score_run: int | None = None
    links: dict[int, int] = field(default_factory=dict)
    published: str = ""
    day: str = ""
    precision: str = ""
    lang: str = ""
    stars: int | None = None
    more_words: str = ""
    touched: bool = False
    counted: tuple[Key, ...] = ()
    celled: tuple[Cell, ...] = ()
    linked: set[int] = field(default_factory=set)
    again: set[int] = field(default_factory=set)
    before: str = ""
    rescored: bool = False
    wipe_scores: bool = False
    older: list[OldState] | None = None
    added: list[OldState] = field(default_factory=list)
    faded: str | None = None
    content: Data | None = None

    def keys(self) -> tuple[Key, ...]:
        """Return the roll-up rows in which this item counts now."""
        label = self.score.label if self.score else None
        facts = [*self._facts(), *told(self.precision, self.score.topics if self.score else None)]
        return tuple(
            keys(
                self.links, self.day, self.source, self._kind(), self.lang, stars=self.stars, label=label, facts=facts, again=self.again
            )
        )

    def cells(self) -> tuple[Cell, ...]:
        """Return the cells of the monthly breakdowns in which this item counts now."""
        if not self.day or not self.links or self._kind() != "review":
            return ()
        return tuple(cells(self.links, self.day[:7], self._content(), stars=self.stars))

    def _kind(self) -> str:
        return counted_as(self._content()) if self.type == "review" else self.type

    def _content(self) -> Data:
        if self.content is None:
            self.content = json.loads(self.data)
        return self.content

    def _facts(self) -> list[tuple[str, str]]:
        return facts_of(self._content()) if self.type == "review" and self.links else []

    def snapshot(self) -> str:
        """Write down all that an undo has to bring back."""
        return dumps(
            {
                "identity": self.identity,
                "derived": self.derived,
                "data": self.data,
                "first_seen": self.first_seen,
                "vanished": self.vanished,
                "changed_run": self.changed_run,
                "scorer_id": self.scorer_id,
                "score": self.score,
                "score_run": self.score_run,
                "links": list(self.links.items()),
            }
        )

    def restore(self, snapshot: dict[str, Any]) -> None:
        """Become again what `snapshot` wrote down."""
        for name in (
            "identity",
            "derived",
            "first_seen",
            "vanished",
            "changed_run",
            "scorer_id",
            "score_run",
        ):
            setattr(self, name, snapshot[name])
        self.score = Scored(*snapshot["score"]) if snapshot["score"] else None
        self.links = dict(snapshot["links"])
        self.rescored = True
        self.say(snapshot["data"])

    def say(self, data: str, parsed: Data | None = None) -> None:
        """Take `data` as the item's content, and what the columns show of it."""
        self.data = data
        self.content = content = parsed if parsed is not None else json.loads(data)
        self.published = content.get("published") or ""
        self.day, self.precision = day_of(self.published)
        self.lang = content.get("lang") or ""
        self.stars = stars_of(content)
        self.more_words = more_words(content)

    def derive(self, content: Data, employers: Collection[str]) -> None:
        """Derive the id of today's content anew."""
        self.derived = derive(content, named(content, employers))


def named(content: Data, employers: Collection[str]) -> str:
    """Return the employer that goes into a derived id: the first linked by name, else the one the page names."""
    return min(employers) if employers else content.get("employer") or ""
