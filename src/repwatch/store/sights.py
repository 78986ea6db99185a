"""What a sight of an item does to the store: a new item, a revision, or nothing that counts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from sqlalchemy import and_, select

from repwatch.models import PERSON, AnyItem, Score
from repwatch.store import schema
from repwatch.store.batch import Batch, Names, chunks
from repwatch.store.identity import (
    Data,
    derive,
    dumps,
    is_derived,
    merge,
    same_words,
    says_the_same,
    without_text,
)
from repwatch.store.rows import Doubt
from repwatch.store.said import Said
from repwatch.store.state import OldState, Scored, State, named

Verdict = Literal["new", "revised", "unchanged"]
_Key = tuple[str, str, str]


class Seen(NamedTuple):
    """One sight of an item, as the pipeline hands it over. `seen` is an ISO instant in UTC.

    `first_seen`, `vanished`, `revisions` and `faded` (when its text was let go) are what an export tells of the item's past.
    """

    item: AnyItem
    employers: tuple[str, ...]
    score: Score | None
    seen: str
    first_seen: str | None = None
    vanished: str | None = None
    revisions: tuple[Data, ...] = ()
    #: The digest of the line of a file that told of it, by which the same line is known again.
    line: int | None = None
    faded: str | None = None
    doubts: tuple[Doubt, ...] = ()


class Sight(NamedTuple):
    """A sight with its content as the store keeps it and the ids by which it may be known."""

    seen: Seen
    data: Data
    text: str
    employers: tuple[str, ...]
    native: str | None
    derived: str

    @property
    def place(self) -> tuple[str, str]:
        """Return source and type, within which ids are unique."""
        return self.data["source"], self.data["type"]


def look(seen: Seen) -> Sight:
    """Prepare a sight: name its employers and its ids."""
    data = seen.item.model_dump(mode="json")
    text = seen.item.model_dump_json()
    employers = tuple(dict.fromkeys(seen.employers)) or ((seen.item.employer,) if seen.item.employer else ())
    native = seen.item.native_id
    if not is_derived(native):
        return Sight(seen, data, text, employers, native, derive(data, named(data, employers)))
    if native is not None:
        data["native_id"] = None
        text = dumps(data)
    return Sight(seen, data, text, employers, None, native or derive(data, named(data, employers)))


class Sights:
    """Takes a batch of sights into the store. `said` holds the derived ids met in this save."""

    def __init__(self, batch: Batch, employers: Names, scorers: Names, said: Said) -> None:
        self._batch, self._employers, self._scorers, self._said = batch, employers, scorers, said
        self._ids: dict[_Key, State] = {}
        self._twins: dict[_Key, list[State]] = {}
        self._faded: set[int] = set()
        #: The doubts of each mention met, for `doubts.write` once the items have ids.
        self.doubted: list[tuple[State, tuple[Doubt, ...]]] = []

    def take(self, sights: Sequence[Sight]) -> list[Verdict]:
        """Load what is known of `sights`, then take one after the other."""
        self._load(sights)
        return [self._take(sight) for sight in sights]

    def _load(self, sights: Iterable[Sight]) -> None:
        by_source: dict[str, set[str]] = {}
        derived = set()
        for sight in sights:
            names = by_source.setdefault(sight.data["source"], set())
            names.add(sight.derived)
            if sight.native is None:
                derived.add(sight.derived)
            else:
                names.add(sight.native)
        item, old = schema.item.c, schema.revision.c
        for source, names in by_source.items():
            for some in chunks(sorted(names)):
                self._know(self._batch.load(and_(item.source == source, item.identity.in_(some))))
        for some in chunks(sorted(derived)):
            self._know(self._batch.load(item.derived.in_(some)))
            query = select(old.item_id, old.derived).where(old.derived.in_(some)).order_by(old.id)
            for row, name in self._batch.connection.execute(query).all():
                for state in self._batch.load(item.id == row):
                    self._is_known_as(state, name)
                    self._is_known_as(state, name)
        for some_ids in chunks(state.id for state in self._ids.values() if state.id is not None):
            gone = select(schema.faded.c.item_id).where(schema.faded.c.item_id.in_(some_ids))
            self._faded.update(self._batch.connection.execute(gone).scalars())

    def _know(self, states: Iterable[State]) -> None:
        for state in sorted(states, key=lambda state: state.identity):
            self._ids[state.source, state.type, state.identity] = state
            self._is_known_as(state, state.derived)

    def _find(self, sight: Sight) -> State | None:
        derived = self._ids.get((*sight.place, sight.derived))
        if sight.native is None:
            return derived or self._twin(sight)
        if same := self._ids.get((*sight.place, sight.native)):
            return same
        return derived if derived and is_derived(derived.identity) else None

    def _is_known_as(self, state: State, derived: str, *, first: bool = False) -> None:
        """Remember that an item says, or once said, what `derived` was derived from; `first` puts it before others that do."""
        key = (state.source, state.type, derived)
        twins = self._twins.get(key, [])
        others = [each for each in twins if each is not state]
        if first or len(others) == len(twins):
            self._twins[key] = [state, *others] if first else [*twins, state]

    def _twin(self, sight: Sight) -> State | None:
        """Return the item that a sight without an id is of: among several, one that it leaves as it is, so that a file read twice changes nothing."""
        twins = self._twins.get((*sight.place, sight.derived), [])
        return next((twin for twin in twins if self._tells_nothing_new(twin, sight)), twins[0]) if len(twins) > 1 else next(iter(twins), None)

    def _tells_nothing_new(self, state: State, sight: Sight) -> bool:
        linked, old = self._linked(state), json.loads(state.data)
        new = {**sight.data, "employer": old["employer"]} if sight.data["employer"] in linked else sight.data
        return linked.issuperset(sight.employers) and merge(old, new) == old

    def _take(self, sight: Sight) -> Verdict:
        state = self._find(sight)
        if state is None:
            state = self._create(sight)
            verdict: Verdict = "new"
        else:
            verdict = self._change(state, _faded(sight) if state.id in self._faded else sight)
            if state.id is not None:
                self._batch.again.setdefault(state.id, state.changed_run)
        if sight.seen.line is not None:
            self._batch.lines[sight.seen.line] = state
        if sight.native is None:
            self._said.add(sight.derived)
        if state.type == "mention":
            self.doubted.append((state, sight.seen.doubts))
        return verdict

    def _create(self, sight: Sight) -> State:
        run, seen = self._batch.run, sight.seen
        source, kind = sight.place
        first = seen.first_seen or seen.seen
        identity = sight.native or sight.derived
        state = State(source, kind, identity, sight.derived, "", first, seen.vanished, run, run)
        state.say(sight.text, sight.data)
        state.faded = seen.faded
        self._batch.add(state)
        self._link(state, sight)
        self._score(state, seen)
        self._remember(state, sight)
        self._know([state])
        return state

    def _change(self, state: State, sight: Sight) -> Verdict:
        if sight.native and is_derived(state.identity):
            self._batch.touch(state)
            state.identity = sight.native
            self._know([state])
        verdict: Verdict = "unchanged"
        outdated = False
        if sight.text != state.data:
            verdict, outdated = self._compare(state, sight)
        self._link(state, sight)
        if not outdated:
            self._score(state, sight.seen)
        self._date(state, sight.seen)
        self._remember(state, sight)
        return verdict

    def _compare(self, state: State, sight: Sight) -> tuple[Verdict, bool]:
        """Lay the sight over the item; return the verdict, and whether it tells less or older than what is known."""
        old, new = json.loads(state.data), dict(sight.data)
        if new["employer"] in self._linked(state):
            new["employer"] = old["employer"]  # a line of an export, one for each linked employer
        merged = merge(old, new)
        fewer = not same_words(merged, new)  # a score of fewer words than the item has is none of its own
        if merged == old:
            return "unchanged", fewer
        if says_the_same(old, merged):
            self._batch.touch(state)
            state.say(dumps(merged), merged)
            return "unchanged", fewer
        if self._is_old_copy(state, sight, new):
            if state.id is not None:
                self._batch.again.setdefault(state.id, 0)
            return "unchanged", True
        self._batch.touch(state)
        state.added.append(OldState(sight.seen.seen, state.derived, "seen", state.data))
        self._is_known_as(state, state.derived)
        state.say(dumps(merged), merged)
        state.derive(merged, self._linked(state))
        self._is_known_as(state, state.derived, first=True)
        if not same_words(old, merged):
            state.score, state.scorer_id, state.score_run = None, None, None
            state.rescored = state.wipe_scores = True
        return "revised", False

    def _is_old_copy(self, state: State, sight: Sight, new: Data) -> bool:
        """Tell a copy of what the item said before, or its double in the same file, from news.

        A live page that shows an old text again has gone back to it; a file may just be old.
        """
        if sight.native is None and sight.derived in self._said:
            return True
        if not self._batch.journaled:
            return False
        if any(sight.derived == old.derived and _is_wordless(old) for old in self._batch.older(state)):
            return True  # its text is gone by now, its digest is not
        past = (json.loads(old.data) for old in self._batch.older(state))
        return any(says_the_same(old, merge(old, new)) for old in past)

    def _linked(self, state: State) -> set[str]:
        return {self._employers.name(row) for row in state.links}

    def _link(self, state: State, sight: Sight) -> None:
        for name in sight.employers:
            row = self._employers.id(name)
            if row not in state.links:
                self._batch.touch(state)
                state.links[row] = self._batch.run
        for doubt in sight.seen.doubts:
            row = self._employers.id(doubt.employer)
            if row in state.links:
                self._batch.touch(state)
                del state.links[row]

    def _score(self, state: State, seen: Seen) -> None:
        if seen.score is not None:
            rescore(self._batch, state, seen.score, self._scorers)

    def _date(self, state: State, seen: Seen) -> None:
        first = min(state.first_seen, seen.first_seen or seen.seen)
        vanished = seen.vanished or state.vanished
        if not self._batch.journaled and not seen.vanished and vanished and seen.seen > vanished:
            vanished = None  # it is back
        if (first, vanished) != (state.first_seen, state.vanished):
            self._batch.touch(state)
            state.first_seen, state.vanished = first, vanished

    def _remember(self, state: State, sight: Sight) -> None:
        """Take over the past that an export tells, once."""
        if not sight.seen.revisions:
            return
        known = {(old.replaced, old.data) for old in self._batch.older(state)}
        for told in sight.seen.revisions:
            data = dumps(told["data"])
            if (told["replaced"], data) in known:
                continue
            self._batch.touch(state)
            derived = derive(told["data"], named(told["data"], sight.employers))
            state.added.append(OldState(told["replaced"], derived, "file", data))
            self._is_known_as(state, derived)


def _is_wordless(old: OldState) -> bool:
    data = json.loads(old.data)
    return bool(without_text(data) == data)


def _faded(sight: Sight) -> Sight:
    """Return a sight of an item whose text was let go: what it says now is not kept again, and its old score stands."""
    data = without_text(sight.data)
    return sight._replace(seen=sight.seen._replace(score=None, revisions=()), data=data, text=dumps(data))


def rescore(batch: Batch, state: State, score: Score, scorers: Names, *, today: bool = False, told: bool = True) -> None:
    """Give an item a score, unless a person or a newer scorer has spoken, or the score is there already.

    `today` says that this is the scorer in use, whatever the store met before; `told` that the score came with the item.
    """
    scorer, scored = scorers.id(score.scorer), Scored.of(score)
    if state.scorer_id is not None and score.scorer != PERSON:
        newer = scorer < state.scorer_id and not today
        if newer or scorers.name(state.scorer_id) == PERSON:
            return
    if (scorer, scored) != (state.scorer_id, state.score):
        batch.touch(state, told=told)
        state.scorer_id, state.score, state.score_run = scorer, scored, batch.run
        state.rescored = True
