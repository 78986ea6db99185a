"""Items that say the same, kept together: one story of mentions counts once, reviews that are alike are flagged.

Two items belong together where `likeness.alike` says so, or where a chain of such pairs joins them: a property of the
items alone, so that neither the order of arrival nor row ids show. Of a story, the face counts for each employer: the
least of (published, source, id) among the mentions that name the employer; undated ones come last. The others count as
`again`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Integer,
    Select,
    and_,
    bindparam,
    column,
    delete,
    func,
    insert,
    or_,
    select,
    update,
    values,
)

from repwatch.store import rollups, schema
from repwatch.store.likeness import COMPARED, Content, alike
from repwatch.store.rollups import Key, keys, told
from repwatch.store.state import State

_CHUNK = 1_000
#: Of all items that hold a run of words so many are looked at, those that came first: a text that a machine sends a hundred
#: thousand times finds its story through any of them, and must not be compared with each.
_ENOUGH = 256
#: From so many rows for a part of the hashes on, they are asked for one by one, which costs more where each has few.
_MANY, _ANY_ID = 20_000, 1 << 62
_ITEM, _LINK, _LIKE = schema.item.c, schema.link.c, schema.likeness.c


def settle(connection: Connection, fresh: Sequence[State], touched: Sequence[State]) -> None:
    """Bring the stories in step with items that are new, or that say something else or are linked otherwise."""
    contents = {state.id or 0: Content(json.loads(state.data)) for state in (*fresh, *touched) if state.type in COMPARED}
    old = {state.id or 0 for state in touched} & contents.keys()
    prints = {item: content.fingerprint for item, content in contents.items()}
    before = _fingerprints(connection, old)
    # An item whose text was let go stays in its story: the figures stand.
    moved = {item for item in old if prints[item] != before.get(item, frozenset()) and (contents[item].words or item not in before)}
    pool = _dissolve(connection, moved)
    for some in _chunks(sorted(moved)):
        connection.execute(delete(schema.likeness).where(_LIKE.item_id.in_(some)))
    new = contents.keys() - old | moved
    _write(connection, {item: prints[item] for item in new})
    joined = _join(connection, {**_fingerprints(connection, pool - new), **{item: prints[item] for item in new}}, contents)
    # A new item that is like no other counts as it was counted.
    _recount(connection, pool | old, joined)


def _write(connection: Connection, prints: Mapping[int, frozenset[int]]) -> None:
    rows = [{"hash": number, "item_id": item} for item in sorted(prints) for number in sorted(prints[item])]
    if rows:
        connection.execute(insert(schema.likeness), rows)


def leave(connection: Connection, items: Collection[int]) -> None:
    """Take items out of their stories, before they are deleted; what they held together may fall apart."""
    pool = _dissolve(connection, items)
    for some in _chunks(sorted(items)):
        connection.execute(delete(schema.likeness).where(_LIKE.item_id.in_(some)))
    _join(connection, _fingerprints(connection, pool - set(items)), {})
    _recount(connection, pool)


def rebuild(connection: Connection) -> None:
    """Find all stories anew: the second opinion on `settle`, and the first of a store that had none."""
    connection.execute(delete(schema.likeness))
    connection.execute(update(schema.item).values(story=None))
    connection.execute(update(schema.link).where(_LINK.face.is_not(None)).values(face=None))
    last = 0
    query = select(_ITEM.id, _ITEM.data).where(_ITEM.type.in_(COMPARED)).order_by(_ITEM.id).limit(_CHUNK)
    while rows := connection.execute(query.where(_ITEM.id > last)).all():
        last = rows[-1].id
        contents = {row.id: Content(json.loads(row.data)) for row in rows}
        prints = {item: content.fingerprint for item, content in contents.items()}
        _write(connection, prints)
        _join(connection, prints, contents)
        _recount(connection, contents.keys())


def _fingerprints(connection: Connection, items: Iterable[int]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for some in _chunks(sorted(items)):
        for number, item in connection.execute(select(_LIKE.hash, _LIKE.item_id).where(_LIKE.item_id.in_(some))):
            found.setdefault(item, set()).add(number)
    return {item: frozenset(numbers) for item, numbers in found.items()}


def _dissolve(connection: Connection, items: Collection[int]) -> set[int]:
    """Break up the stories of `items` and return all that were in them."""
    members: set[int] = set()
    for some in _chunks(sorted(items)):
        stories = select(_ITEM.story).where(_ITEM.id.in_(some), _ITEM.story.is_not(None))
        members.update(connection.execute(select(_ITEM.id).where(_ITEM.story.in_(stories))).scalars())
    for some in _chunks(sorted(members)):
        connection.execute(update(schema.item).where(_ITEM.id.in_(some)).values(story=None))
        connection.execute(update(schema.link).where(_LINK.item_id.in_(some), _LINK.face.is_not(None)).values(face=None))
    return members


class _Contents:
    """The words of items, loaded when they are asked for."""

    def __init__(self, connection: Connection, known: dict[int, Content]) -> None:
        self._connection, self._known = connection, dict(known)

    def load(self, items: Iterable[int]) -> None:
        """Load the words of many items at once."""
        for some in _chunks(sorted({item for item in items if item not in self._known})):
            rows = self._connection.execute(select(_ITEM.id, _ITEM.data).where(_ITEM.id.in_(some)))
            self._known.update((row, Content(json.loads(data))) for row, data in rows)

    def of(self, item: int) -> Content:
        """Return the words of one item."""
        if item not in self._known:
            self.load([item])
        return self._known[item]


class _Joined(NamedTuple):
    """What joining came to: the stories that grew, and the items that belonged to none before."""

    grown: frozenset[int] = frozenset()
    alone: frozenset[int] = frozenset()


def _join(connection: Connection, prints: Mapping[int, frozenset[int]], known: dict[int, Content]) -> _Joined:
    """Join items, given with their fingerprints, with all that are like them."""
    groups = _sharing(connection, prints)
    if not groups:
        return _Joined()
    roots = _Roots(connection, {item for items, others in groups for item in (*items, *others)})
    contents = _Contents(connection, known)
    near = [_by_story(others, roots) for _items, others in groups]
    contents.load(some[0] for stories in near for some in stories.values())
    for (items, others), stories in zip(groups, near, strict=True):
        for item in items:
            for story, some in stories.items():
                if roots.of(item) != roots.of(story) and any(_belong(contents.of(item), contents.of(other), others[other], len(prints[item])) for other in some):
                    roots.join(item, story)
    return roots.write(connection)


def _belong(one: Content, other: Content, shared: int, kept: int) -> bool:
    """Tell whether two items are one story: by their words, or by what is kept of them where the words were let go."""
    return alike(one, other) if one.words and other.words else shared * 2 >= kept


def _by_story(items: Iterable[int], roots: _Roots) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for item in sorted(items):
        found.setdefault(roots.of(item), []).append(item)
    return found


def _sharing(connection: Connection, mine: Mapping[int, frozenset[int]]) -> list[tuple[list[int], dict[int, int]]]:
    """Return items with those that share two hashes with them, or an address (which counts as two), and how many: of each hash the first `_ENOUGH` holders.

    Items that share the same hashes with others come together, so that a text which comes a thousand times is compared as one.
    """
    having: dict[int, list[int]] = {}
    for some in _chunks(sorted({number for numbers in mine.values() for number in numbers})):
        rows = connection.execute(select(_LIKE.hash, _LIKE.item_id).where(_LIKE.hash.in_(some)).order_by(_LIKE.hash, _LIKE.item_id).limit(_MANY)).all()
        for number, item in rows if len(rows) < _MANY else connection.execute(_first_of_each(some)):
            if len(holding := having.setdefault(number, [])) < _ENOUGH:
                holding.append(item)
    same: dict[frozenset[int], list[int]] = {}
    for item, numbers in mine.items():
        same.setdefault(frozenset(number for number in numbers if len(having[number]) > 1), []).append(item)
    found = []
    for numbers, items in same.items():
        shared: Counter[int] = Counter()
        for number in numbers:
            for other in having[number]:
                shared[other] += 2 if number >> 32 else 1
        others = {other: count for other, count in shared.items() if count > 1}
        if others.keys() - {items[0]} or (others and len(items) > 1):
            found.append((items, others))
    return found


def _first_of_each(hashes: Sequence[int]) -> Select[Any]:
    """Return the query for the first `_ENOUGH` items that hold each of `hashes`: the index is walked no further."""
    asked = values(column("hash", Integer), name="asked").data([(number,) for number in hashes]).cte()
    holder = schema.likeness.alias("holder").c
    beyond = select(holder.item_id).where(holder.hash == asked.c.hash).order_by(holder.item_id).limit(1).offset(_ENOUGH).scalar_subquery()
    return select(_LIKE.hash, _LIKE.item_id).select_from(asked.join(schema.likeness, and_(_LIKE.hash == asked.c.hash, _LIKE.item_id < func.coalesce(beyond, _ANY_ID))))


class _Roots:
    """Which story each item belongs to while stories are joined; an item alone is a story of its own."""

    def __init__(self, connection: Connection, items: Collection[int]) -> None:
        self._of: dict[int, int] = {}
        self._alone: set[int] = set()
        for some in _chunks(sorted(items)):
            for row in connection.execute(select(_ITEM.id, _ITEM.story).where(_ITEM.id.in_(some))):
                self._of[row.id] = row.id if row.story is None else row.story
                if row.story is None:
                    self._alone.add(row.id)
                self._of.setdefault(self._of[row.id], self._of[row.id])
        self._grown: set[int] = set()

    def of(self, item: int) -> int:
        """Return the story of an item."""
        while self._of[item] != item:
            self._of[item] = self._of[self._of[item]]
            item = self._of[item]
        return item

    def join(self, one: int, other: int) -> None:
        """Make one story of two."""
        less, more = sorted((self.of(one), self.of(other)))
        self._of[more] = less
        self._grown.update((less, more))

    def write(self, connection: Connection) -> _Joined:
        """Write the stories that grew and return them."""
        rows = [{"old": old, "new": self.of(old)} for old in sorted(self._grown)]
        moved = [row for row in rows if row["old"] != row["new"]]
        if moved:
            # Not the story that the others join, whose items may be many and stay what they are.
            connection.execute(update(schema.item).where(or_(_ITEM.story == bindparam("old"), _ITEM.id == bindparam("old"))).values(story=bindparam("new")), moved)
            connection.execute(update(schema.item).where(_ITEM.id == bindparam("new"), _ITEM.story.is_(None)).values(story=bindparam("new")), moved)
            connection.execute(update(schema.link).where(_LINK.face == bindparam("old")).values(face=bindparam("new")), moved)
        return _Joined(frozenset(row["new"] for row in rows), frozenset(self._grown & self._alone))


def _recount(connection: Connection, items: Collection[int], joined: _Joined = _Joined()) -> None:  # noqa: B008 — an empty value that nobody changes
    """Let each story that an item of `items` is in count once for every employer, at its face; so each story that only grew."""
    groups: dict[tuple[int, int], list[Any]] = {}
    for row in _linked(connection, items, joined):
        groups.setdefault((row.story if row.story is not None and row.type == "mention" else -row.id, row.employer_id), []).append(row)
    change: Counter[Key] = Counter()
    moved = []
    for (story, _employer), rows in groups.items():
        least = min(rows, key=lambda row: (not row.published, row.published, row.source, row.identity))
        for row in rows:
            again, face = int(row is not least), story if row is least and story > 0 else None
            if again != row.again:
                change.subtract(_keys(row, row.again))
                change.update(_keys(row, again))
            if (again, face) != (row.again, row.face):
                moved.append({"item": row.id, "employer": row.employer_id, "new_again": again, "new_face": face})
    if moved:
        same = and_(_LINK.item_id == bindparam("item"), _LINK.employer_id == bindparam("employer"))
        connection.execute(update(schema.link).where(same).values(again=bindparam("new_again"), face=bindparam("new_face")), moved)
        rollups.apply(connection, change)


def _linked(connection: Connection, items: Collection[int], joined: _Joined) -> list[Any]:
    """Return the rows of all stories of `items`; of one that grew, its faces so far and what was alone: nothing else can be its face."""
    score = schema.score.c
    query = select(
        _ITEM.id, _ITEM.story, _ITEM.type, _ITEM.published, _ITEM.source, _ITEM.identity, _ITEM.day, _ITEM.lang, _ITEM.stars, _ITEM.precision, _LINK.employer_id, _LINK.again, _LINK.face, score.label, score.topics
    ).select_from(
        schema.item.join(schema.link, _LINK.item_id == _ITEM.id)
        .outerjoin(schema.score, and_(score.item_id == _ITEM.id, score.scorer_id == _ITEM.scorer_id))
    )  # fmt: skip
    stories: set[int] = set()
    rows: list[Any] = []
    for some in _chunks(sorted(items)):
        stories.update(connection.execute(select(_ITEM.story).where(_ITEM.id.in_(some), _ITEM.story.is_not(None))).scalars())
        rows += connection.execute(query.where(_ITEM.id.in_(some), _ITEM.story.is_(None))).all()
    for some in _chunks(sorted(stories)):
        rows += connection.execute(query.where(_ITEM.story.in_(some))).all()
    for some in _chunks(sorted(joined.grown - stories)):
        rows += connection.execute(query.where(_LINK.face.in_(some))).all()
    for some in _chunks(sorted(joined.alone)):
        rows += [row for row in connection.execute(query.where(_ITEM.id.in_(some), _ITEM.type == "mention")) if row.story not in stories]
    return rows


def _keys(row: Any, again: int) -> Iterable[Key]:
    employers = (row.employer_id,)
    facts = told(row.precision, row.topics)  # what else a review counts for stays as it is: only mentions are told again
    return keys(employers, row.day, row.source, row.type, row.lang, stars=row.stars, label=row.label, facts=facts, again=employers if again else ())


def _chunks(values: Sequence[int]) -> Iterable[Sequence[int]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))
