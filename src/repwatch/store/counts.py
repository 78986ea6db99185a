"""What analysis asks of the store: counts by day, sights of sources, breakdowns. The middle part of `reading`."""

# ruff: noqa: S608 — statements are built from constants, values are bound
from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from repwatch.store.runs import Row, RunReader, conditions

#: Reports on an employer rest on what people say of work.
NO_CUSTOMERS = " AND type <> 'customer'"
_EMPLOYER = "employer_id = (SELECT id FROM employer WHERE name = ?)"


def _counted(whats: Sequence[str]) -> str:
    """Return the condition on what is counted; what repeats a story is no count of its own."""
    return f" AND what IN ({', '.join('?' * len(whats))})" if whats else " AND what <> 'again'"


class Answers(NamedTuple):
    """Reviews of a source with and without an answer of the employer."""

    source: str
    answered: int
    unanswered: int


class Count(NamedTuple):
    """How often something was counted: `rollups` tells what and in which buckets."""

    day: str
    source: str
    type: str
    lang: str
    what: str
    bucket: str
    n: int


class CellCount(NamedTuple):
    """How many reviews of a month fall into a part of a dimension (family, place, country)."""

    month: str
    dimension: str
    part: str
    what: str
    bucket: str
    n: int


class Sight(NamedTuple):
    """What a run saw of a watch: `day` is the day on which it started (UTC)."""

    source: str
    target: str
    day: str
    state: str
    reason: str
    gap: bool
    kind: str


class Text(NamedTuple):
    """A review or mention with its content and the topics that it names, each with its polarity."""

    id: int
    source: str
    published: str
    data: Row
    topics: dict[str, float]


class CountReader(RunReader):
    """Read-only statements over roll-ups and the ledger."""

    def daily_counts(self, employer: str, since: str | None = None, until: str | None = None, *, source: str | None = None,
               lang: str | None = None, whats: Sequence[str] = ()) -> list[Count]:  # fmt: skip
        """Return all that was counted of an employer in the period, by day; what customers wrote is left out."""
        rules, values = conditions("day", since, until, source=source, lang=lang)
        some = _counted(whats) + NO_CUSTOMERS
        rows = self._rows(f"SELECT day, source, type, lang, what, bucket, n FROM rollup WHERE {_EMPLOYER}{rules}{some} ORDER BY day", employer, *values, *whats)
        return [Count(*row) for row in rows]

    def sights(self, employer: str) -> list[Sight]:
        """Return what every run saw of the employer's watches, oldest first."""
        rows = self._rows("SELECT source, target, substr(run.started, 1, 10), state, reason, gap, run.kind FROM ledger JOIN run ON run.id = run_id "
                          "WHERE employer = ? ORDER BY run_id, source, target", employer)  # fmt: skip
        return [Sight(*row)._replace(gap=bool(row[5])) for row in rows]

    def first_days(self, employer: str) -> dict[str, str]:
        """Return the first day of which each source holds anything about the employer."""
        # An index walk a source: the table is ordered by employer and day.
        return dict(self._rows(f"SELECT source, min(day) FROM rollup WHERE {_EMPLOYER} AND day > '' GROUP BY source ORDER BY source", employer))

    def breakdown(self, employer: str) -> list[CellCount]:
        """Return the reviews of every month by job family, place and country, over all sources and languages."""
        rows = self._rows(f"SELECT month, dimension, part, what, bucket, n FROM breakdown WHERE {_EMPLOYER} ORDER BY month, dimension, part, what, bucket", employer)
        return [CellCount(*row) for row in rows]

    def answers(self, employer: str, since: str | None = None, until: str | None = None, *, kind: str | None = None) -> list[Answers]:
        """Count reviews with and without an employer's answer, by source: of people (`review`), of customers (`customer`), or of both."""
        rules, values = conditions("day", since, until, what="wait", type=kind)
        rows = self._rows(f"SELECT source, sum(n * (bucket <> 'open')), sum(n * (bucket = 'open')) FROM rollup WHERE {_EMPLOYER}{rules} GROUP BY source ORDER BY source",
                          employer, *values)  # fmt: skip
        return [Answers(*row) for row in rows]

    def vanished(self, employer: str, since: str | None = None, until: str | None = None) -> list[Row]:
        """Return the reviews that vanished in the period (id, source, published, vanished, stars), and those edited (`edited` is when)."""
        gone = self._dated("item.vanished", "vanished", "item.vanished IS NOT NULL", employer, since, until)
        join = "JOIN revision ON revision.item_id = item.id AND revision.origin = 'seen'"
        edited = self._dated("max(revision.replaced)", "edited", "TRUE", employer, since, until, join=join, group="GROUP BY item.id")
        return [*gone, *edited]

    def _dated(self, when: str, name: str, rule: str, employer: str, since: str | None, until: str | None, *, join: str = "", group: str = "") -> list[Row]:
        rules, values = conditions("substr(at, 1, 10)", since, until)
        rows = self._all(f"SELECT * FROM (SELECT item.id AS id, item.source AS source, item.published AS published, item.stars AS stars, {when} AS at FROM link "
                         f"JOIN item ON item.id = link.item_id {join} WHERE link.{_EMPLOYER} AND item.type = 'review' AND {rule} {group}) WHERE TRUE{rules} "
                         "ORDER BY at, source, id", employer, *values)  # fmt: skip
        return [{**{key: row[key] for key in ("id", "source", "published", "stars")}, name: row["at"]} for row in rows]

    def texts(self, employer: str, since: str, until: str, *, source: str | None = None, lang: str | None = None, limit: int = 1_000) -> list[Text]:
        """Return the newest reviews and mentions of a period with their topics, a story once; what customers wrote is left out."""
        rules, values = conditions("item.day", since, until, **{"item.source": source, "item.lang": lang})
        rows = self._rows("SELECT item.id, item.source, item.published, item.data, coalesce(score.topics, '[]') FROM link JOIN item ON item.id = link.item_id "
                          "LEFT JOIN score ON score.item_id = item.id AND score.scorer_id = item.scorer_id "
                          f"WHERE link.{_EMPLOYER} AND link.again = 0 AND item.type IN ('review', 'mention') AND json_extract(item.data, '$.voice') IS NOT 'customer'{rules} ORDER BY item.published DESC, item.source, item.identity LIMIT ?", employer, *values, limit)  # fmt: skip
        return [Text(number, name, published, json.loads(data), {each["topic"]: each["polarity"] for each in json.loads(topics)}) for number, name, published, data, topics in rows]

    def of_type(self, employer: str, kind: str, since: str | None = None, until: str | None = None, *, source: str | None = None, lang: str | None = None) -> list[Row]:
        """Return what an employer's items of one type say, the newest first; what has vanished is left out."""
        rules, values = conditions("item.day", since, until, **{"item.source": source, "item.lang": lang})
        rows = self._rows(f"SELECT item.data FROM link CROSS JOIN item ON item.id = link.item_id WHERE link.{_EMPLOYER} AND item.type = ? AND item.vanished IS NULL{rules} "
                          "ORDER BY item.published DESC, item.source, item.identity", employer, kind, *values)  # fmt: skip
        return [json.loads(data) for (data,) in rows]

    def employee_stars(self, employer: str, source: str, since: str | None = None) -> list[tuple[float, int]]:
        """Return (stars of five, how many) of the reviews that employees left on a source."""
        rules, values = conditions("item.day", since, None, **{"item.source": source})
        # Crossed, which SQLite takes as the order to walk in: from the employer's links, not from all items of the source.
        rows = self._rows(f"SELECT item.stars / 10.0, count(*) FROM link CROSS JOIN item ON item.id = link.item_id WHERE link.{_EMPLOYER} AND item.type = 'review' "
                          f"AND item.stars IS NOT NULL AND json_extract(item.data, '$.voice') = 'employee'{rules} GROUP BY item.stars", employer, *values)  # fmt: skip
        return [(stars, n) for stars, n in rows]

    def _rows(self, statement: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """Yield plain tuples: a tenth of the cost of rows with names."""
        cursor = self._connection.cursor()
        cursor.row_factory = None
        return cursor.execute(statement, values)
