"""What was said in a period, one row a review or mention: for quotations, topics, and reviews that wait for an answer."""

# ruff: noqa: S608 — statements are built from constants, values are bound
from __future__ import annotations

import json
from typing import NamedTuple

from repwatch.store.runs import Row, RunReader, conditions

_SAID = """
FROM item
JOIN score ON score.item_id = item.id AND score.scorer_id = item.scorer_id
WHERE item.id IN (SELECT item_id FROM link JOIN employer ON employer.id = employer_id WHERE name = ? AND again = 0)
AND item.vanished IS NULL AND item.type IN ('review', 'mention') AND json_extract(item.data, '$.voice') IS NOT 'customer'
"""
#: A review that shows no answer, has not vanished, was not decided about, and is no customer's.
WAITS = ("item.type = 'review' AND item.vanished IS NULL AND json_array_length(item.data, '$.responses') = 0 "
         "AND json_extract(item.data, '$.voice') <> 'customer' AND NOT EXISTS (SELECT 1 FROM answer WHERE answer.item_id = item.id)")  # fmt: skip
#: The same as it stood at the end of a day: the review was still listed, without an answer and without a decision. An answer that bears no day may have been there.
WAITED = ("item.type = 'review' AND coalesce(substr(item.vanished, 1, 10), '9') > :day AND json_extract(item.data, '$.voice') <> 'customer' "
          "AND NOT EXISTS (SELECT 1 FROM json_each(item.data, '$.responses') AS given WHERE substr(coalesce(json_extract(given.value, '$.published'), ''), 1, 10) <= :day) "
          "AND NOT EXISTS (SELECT 1 FROM answer WHERE answer.item_id = item.id AND substr(answer.at, 1, 10) <= :day)").replace(":day", "?")  # fmt: skip
_WAITING = f"""
FROM item
LEFT JOIN score ON score.item_id = item.id AND score.scorer_id = item.scorer_id
WHERE item.id IN (SELECT item_id FROM link JOIN employer ON employer.id = employer_id WHERE name = ?)
AND {WAITS}
"""
_SHOWN = 8
#: The last day on which an item can have been published: of a month its end.
_LATEST = "CASE item.precision WHEN 'month' THEN date(item.day, '+1 month', '-1 day') ELSE item.day END"
#: The worst first, among them the oldest; the identity keeps the order the same on every machine.
_WORST = "CASE score.label WHEN 'negative' THEN 0 WHEN 'mixed' THEN 1 WHEN 'positive' THEN 3 ELSE 2 END, item.day, item.source, item.identity"


class Heard(NamedTuple):
    """One scored text: enough to draw a sample from."""

    id: int
    source: str
    identity: str
    label: str


class TopicCount(NamedTuple):
    """In how many texts a topic is named, and in how many of these well or badly."""

    topic: str
    n: int
    good: int
    bad: int


class VoiceReader(RunReader):
    """Statements over single texts; each is bounded by the period of the report."""

    def heard(self, employer: str, since: str | None, until: str | None, *, source: str | None = None, lang: str | None = None) -> list[Heard]:
        """Return every scored review and mention of the period."""
        rules, values = conditions("item.day", since, until, **{"item.source": source, "item.lang": lang})
        return [Heard(*row) for row in self._all(f"SELECT item.id, item.source, item.identity, score.label {_SAID}{rules}", employer, *values)]

    def topics(self, employer: str, since: str | None, until: str | None, *, source: str | None = None, lang: str | None = None) -> list[TopicCount]:
        """Return how often each topic is named, the most frequent first; `good` and `bad` are by the topic's own polarity."""
        rules, values = conditions("item.day", since, until, **{"item.source": source, "item.lang": lang})
        inner = f"SELECT score.topics AS named {_SAID}{rules}"
        rows = self._all(
            "SELECT json_extract(each.value, '$.topic'), count(*), sum(json_extract(each.value, '$.polarity') > 0), sum(json_extract(each.value, '$.polarity') < 0) "
            f"FROM ({inner}) AS said, json_each(said.named) AS each GROUP BY 1 ORDER BY 2 DESC, 1",
            employer,
            *values,
        )
        return [TopicCount(*row) for row in rows]

    def contents(self, ids: list[int]) -> dict[int, Row]:
        """Return the content of some items with label and evidence, by id."""
        if not ids:
            return {}
        rows = self._all(
            "SELECT item.id, item.data, score.label, score.evidence FROM item "
            "JOIN score ON score.item_id = item.id AND score.scorer_id = item.scorer_id "
            f"WHERE item.id IN ({', '.join('?' * len(ids))})",
            *ids,
        )
        return {row[0]: {**json.loads(row[1]), "label": row[2], "evidence": json.loads(row[3])} for row in rows}

    def unanswered(self, employer: str, since: str | None, until: str | None, due: str, *, source: str | None = None, lang: str | None = None) -> Row:
        """Return reviews that wait for an answer (as `waiting` of the reader means it): how many, how many from before the day `due`, and the first rows, the worst first."""
        rules, values = conditions("item.day", since, until, **{"item.source": source, "item.lang": lang})
        dated = f"{_WAITING}{rules} AND item.day <> ''"
        total, overdue = self._all(f"SELECT count(*), coalesce(sum({_LATEST} < ?), 0) {dated}", due, employer, *values)[0]
        rows = self._all(f"SELECT item.id, item.source, {_LATEST}, score.label, item.data, score.evidence {dated} ORDER BY {_WORST} LIMIT ?", employer, *values, _SHOWN)
        return {"waiting": total, "overdue": overdue,
                "rows": [{**json.loads(row[4]), "id": row[0], "source": row[1], "latest": row[2], "label": row[3] or "unscored", "evidence": json.loads(row[5] or "[]")} for row in rows]}  # fmt: skip
