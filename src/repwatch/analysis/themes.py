"""What is praised and what is blamed, topic by topic, on whole calendar months; groups below five are not told apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

#: A group of fewer texts is never shown by itself.
LEAST = 5
#: A polarity closer to zero says neither praise nor blame.
SURE = 0.1
#: Words on health may reveal what Art. 9 GDPR protects: they are no topic of a report.
HIDDEN = frozenset({"health"})
#: Praise, or blame, outweighs the other where it makes up two thirds of both.
_MOSTLY = 2 / 3
Mood = Literal["praise", "blame", "both"]


class Theme(NamedTuple):
    """In how many texts a topic is named, and in how many of these it is praised or blamed."""

    topic: str
    n: int
    praised: int
    blamed: int

    @property
    def mood(self) -> Mood:
        """Tell which outweighs the other; where neither does, both."""
        clear = self.praised + self.blamed
        if clear and self.praised / clear >= _MOSTLY:
            return "praise"
        return "blame" if clear and self.blamed / clear >= _MOSTLY else "both"


def whole_months(today: date, count: int) -> tuple[date, date]:
    """Return the first and the last day of the `count` calendar months that ended before `today`."""
    last = today.replace(day=1) - timedelta(days=1)
    year, month = divmod(last.year * 12 + last.month - count, 12)
    return date(year, month + 1, 1), last


def themes(rows: Iterable[Mapping[str, Any]]) -> list[Theme]:
    """Return the topics that `rows` (items with their score) name, the most frequent first.

    Interviews, customers, what the employer wrote itself and what has vanished do not count.
    """
    named, praised, blamed = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        if row["type"] not in ("review", "mention") or row.get("voice") == "customer" or row.get("own") or row.get("vanished"):
            continue
        for told in (row.get("score") or {}).get("topics") or ():
            named[told["topic"]] += 1
            praised[told["topic"]] += told["polarity"] > SURE
            blamed[told["topic"]] += told["polarity"] < -SURE
    found = [Theme(topic, n, praised[topic], blamed[topic]) for topic, n in named.items() if topic not in HIDDEN]
    return sorted(found, key=lambda theme: (-theme.n, theme.topic))


def tellable(found: Iterable[Theme]) -> list[Theme]:
    """Return the themes that speak of five texts or more, with praise and blame clear in at least five."""
    return [theme for theme in found if theme.n >= LEAST and theme.praised + theme.blamed >= LEAST]
