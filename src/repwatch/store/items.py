"""Reading items: those that fit a filter, one with its past, those that wait for an answer, those that vanished."""

# ruff: noqa: S608 — statements are built from constants, values are bound
from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from repwatch.store.counted import counted_in
from repwatch.store.runs import Row, conditions
from repwatch.store.search import fts_query
from repwatch.store.telling import StoryReader
from repwatch.store.voices import WAITED, WAITS

_SCORE = ("lang", "label", "polarity", "confidence", "topics", "evidence", "scorer")
_ITEM = """
SELECT item.id, item.identity, item.data, item.day, item.precision, item.first_seen, item.vanished,
       (SELECT count(*) FROM revision WHERE revision.item_id = item.id) AS revised,
       item.story, score.lang, score.label, score.polarity, score.confidence, score.topics, score.evidence, scorer.version
FROM item
LEFT JOIN score ON score.item_id = item.id AND score.scorer_id = item.scorer_id
LEFT JOIN scorer ON scorer.id = score.scorer_id
"""
_NAMED = " AND EXISTS (SELECT 1 FROM json_each(score.topics) AS each WHERE json_extract(each.value, '$.topic') = ?)"
_OF = "EXISTS (SELECT 1 FROM link JOIN employer ON employer.id = employer_id WHERE item_id = item.id AND name {which} (SELECT value FROM json_each(?)))"
_NOT_ONLY = f" AND (NOT {_OF.format(which='IN')} OR {_OF.format(which='NOT IN')})"
_LINKED = "item.id IN (SELECT item_id FROM link JOIN employer ON employer.id = employer_id WHERE name = ?)"
_COUNTED_FOR = "item.id IN (SELECT item_id FROM link JOIN employer ON employer.id = employer_id WHERE name = ? AND again = 0)"

#: No other mention of the same story that fits as well comes before this one.
_FACE = """ AND (item.story IS NULL OR item.type != 'mention' OR NOT EXISTS (
SELECT 1 FROM item AS other LEFT JOIN score AS other_score ON other_score.item_id = other.id AND other_score.scorer_id = other.scorer_id
WHERE other.story = item.story AND (other.published = '', other.published, other.source, other.identity)
    < (item.published = '', item.published, item.source, item.identity){rules}))"""


def _of_another(rules: str) -> str:
    """Turn conditions on an item into the same conditions on another one."""
    return rules.replace("item.", "other.").replace(" score.", " other_score.")


class ItemReader(StoryReader):
    """What reports ask of the items themselves."""

    def mentions(  # noqa: PLR0913 — one filter a column
        self,
        search: str | None = None,
        *,
        employer: str | None = None,
        source: str | Sequence[str] | None = None,
        since: str | None = None,
        until: str | None = None,
        lang: str | None = None,
        label: str | None = None,
        type: str | None = None,  # noqa: A002
        topic: str | None = None,
        limit: int | None = 50,
        offset: int = 0,
        fold: bool = False,
        vanished: bool = False,
        waiting: bool = False,
        counted: str | None = None,
    ) -> list[Row]:
        """Return items (data, id, employers, score, first_seen, vanished, day, precision, revised), newest first.

        `search` asks for all its words; "quoted phrases" and word* are understood, and nothing is a syntax error.
        With `fold`, a story that several mentions tell comes once: the least of (published, source, id) among those that
        fit. `reach` tells how many mentions, sources and sites carry it, `alike` how many other reviews say the same.
        With `counted` come the items that a figure of a report rests on (`store.counted`), and `fold` is of no use.
        """
        rules, values = conditions(
            "item.day", since, until, **{"item.source": source, "item.type": type, "item.lang": lang}
        )
        if vanished:
            rules += " AND item.vanished IS NOT NULL"
        if waiting:
            rules += f" AND {WAITS}"
        if label is not None:
            rules, values = rules + " AND score.label = ?", [*values, label]
        if topic is not None:
            rules, values = rules + _NAMED, [*values, topic]
        if employer is not None:
            # A figure counts a story once, whatever the period: not again where it repeats one.
            rules, values = rules + f" AND {_LINKED if counted is None else _COUNTED_FOR}", [*values, employer]
        if counted is not None:
            more, asked = counted_in(counted, topic)
            rules, values, fold = rules + more, [*values, *asked], False
        if search is not None and search.strip():
            query = fts_query(search)
            if query is None:
                return []
            rules += " AND item.id IN (SELECT rowid FROM item_fts WHERE item_fts MATCH ?)"
            values.append(query)
        if fold:
            rules, values = rules + _FACE.format(rules=_of_another(rules)), [*values, *values]
        rows = self._all(
            f"{_ITEM} WHERE TRUE{rules} ORDER BY item.published DESC, item.source, item.identity, item.type LIMIT ? OFFSET ?",
            *values,
            -1 if limit is None else limit,
            offset,
        )
        return list(self._items(rows))

    def item(self, item_id: int) -> Row | None:
        """Return one item as `mentions` does, with its `revisions` (data, and when it was replaced)."""
        rows = self._all(f"{_ITEM} WHERE item.id = ?", item_id)
        for row in self._items(rows):
            old = self._all(
                "SELECT replaced, data FROM revision WHERE item_id = ? ORDER BY replaced, id", item_id
            )
            row["revisions"] = [{"replaced": at, "data": json.loads(data)} for at, data in old]
            return row
        return None

    def _items(self, rows: Sequence[sqlite3.Row]) -> Iterator[Row]:
        for row in rows:
            names = self._all(
                "SELECT name FROM employer JOIN link ON employer_id = employer.id WHERE item_id = ? ORDER BY name",
                row["id"],
            )
            score = dict(zip(_SCORE, tuple(row)[-7:], strict=True))
            if row["version"] is not None:
                score |= {"topics": json.loads(row["topics"]), "evidence": json.loads(row["evidence"])}
            yield {
                **json.loads(row["data"]),
                "id": row["id"],
                "identity": row["identity"],
                "employers": [name for (name,) in names],
                "score": score if row["version"] is not None else None,
                "doubts": self.doubts(row["id"]),
                **self.others(row["story"]),
                **{name: row[name] for name in ("day", "precision", "first_seen", "vanished", "revised")},
            }

    def items(self, ids: Iterable[int]) -> Iterator[Row]:
        """Yield items by their ids, as `mentions` does, each when it is asked for."""
        for item_id in ids:
            yield from self._items(self._all(f"{_ITEM} WHERE item.id = ?", item_id))

    def waiting(self, employer: str | None = None, source: str | None = None, since: str | None = None, until: str | None = None, *, without: Iterable[str] = (), on: str | None = None) -> list[int]:
        """Return the ids of the reviews that wait for an answer, the oldest first; with `since` and `until` those published then.

        A review waits that shows no answer, has not vanished, was not decided about, and is no customer's. One of nobody
        but the employers `without` is left out. With `on`, those that waited at the end of that day.
        """
        waited, days = (WAITS, []) if on is None else (WAITED, [on] * 3)
        rules, values = conditions("item.day", since, until, **{"item.source": source})
        if employer is not None:
            rules, values = rules + f" AND {_LINKED}", [*values, employer]
        if others := json.dumps(list(without)) if without else "":
            rules, values = rules + _NOT_ONLY, [*values, others, others]
        rows = self._all(
            f"SELECT item.id FROM item WHERE {waited}{rules} ORDER BY item.published, item.source, item.identity",
            *days,
            *values,
        )
        return [row[0] for row in rows]

    def vanished_items(self, employer: str, since: str, until: str) -> list[Row]:
        """Return the items that vanished in a time, both days included, as `mentions` does."""
        rows = self._all(f"{_ITEM} WHERE item.vanished >= ? AND substr(item.vanished, 1, 10) <= ? AND {_LINKED} ORDER BY item.vanished, item.source, item.identity", since, until, employer)
        return list(self._items(rows))
