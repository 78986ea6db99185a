"""On which items a figure of a report rests: the roll-ups' own rules, asked of single items.

A second form of `rollups.keys` and of `analysis.tally`; a test holds the lists that come of it against the figures.
"""

# ruff: noqa: S608 — conditions are built from constants, values are bound
from __future__ import annotations

_CUSTOMER = "json_extract(item.data, '$.voice') {sign} 'customer'"
_PEOPLE = f"item.type IN ('review', 'mention') AND {_CUSTOMER.format(sign='IS NOT')}"
_REVIEWS = f"item.type = 'review' AND {_CUSTOMER.format(sign='IS NOT')}"
#: What each figure counts. Customers stand apart, and so do interviews.
RULES = {
    "volume": _PEOPLE,
    "rating": f"{_PEOPLE} AND item.stars IS NOT NULL",
    "net_sentiment": f"{_PEOPLE} AND score.label IN ('positive', 'negative')",
    "texts": f"{_PEOPLE} AND item.vanished IS NULL AND score.label IS NOT NULL",
    "reviews": _REVIEWS,
    "recommend": f"{_REVIEWS} AND json_extract(item.data, '$.recommend') IS NOT NULL",
    "ceo_approval": f"{_REVIEWS} AND json_extract(item.data, '$.ceo_approval') IN ('approve', 'disapprove')",
    # Answered on a day that is known, or not answered: of anything else the wait cannot be told.
    "answered_in_time": f"{_REVIEWS} AND (json_array_length(item.data, '$.responses') = 0 OR length(json_extract(item.data, '$.published')) >= 10) AND NOT EXISTS "
                        "(SELECT 1 FROM json_each(item.data, '$.responses') AS answer WHERE length(coalesce(json_extract(answer.value, '$.published'), '')) < 10)",
    "customers": f"item.type = 'review' AND {_CUSTOMER.format(sign='=')}",
}  # fmt: skip
#: A topic's own balance, whatever else the text says.
_OF_TOPIC = (f" AND {_PEOPLE} AND EXISTS (SELECT 1 FROM json_each(score.topics) AS told WHERE json_extract(told.value, '$.topic') = ? "
             "AND abs(json_extract(told.value, '$.polarity')) > 0.1)")  # fmt: skip
_SUB = f" AND {_REVIEWS} AND EXISTS (SELECT 1 FROM json_each(item.data, '$.subratings') AS told WHERE told.key = ?)"


def counted_in(figure: str, topic: str | None = None) -> tuple[str, list[str]]:
    """Return the conditions on an item, as ` AND ...` with values: a key of RULES, or `subrating:NAME`; net sentiment may be that of a topic."""
    if figure.startswith("subrating:"):
        return _SUB, [figure.partition(":")[2]]
    if figure == "net_sentiment" and topic is not None:
        return _OF_TOPIC, [topic]
    return f" AND {RULES[figure]}", []
