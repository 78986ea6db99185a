"""Let people speak in a report: quotations in the real proportions of the labels, topics, and reviews that wait for an answer.

The choice is the same on every machine and favours nobody: texts are drawn in the order of a digest of their ids, never by how
loud they are. Sentences that touch on health, union, origin or belief are left out.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from repwatch.stars import of_five
from repwatch.text.clean import fold, one_line
from repwatch.text.emptiness import is_empty_answer

if TYPE_CHECKING:
    from repwatch.store import Reader
    from repwatch.store.voices import Heard

SHOWN = 6
_TRIES = 4
_SHORTEST, _LONGEST = 20, 240
_END = re.compile(r"(?<=[.!?…])\s+|\n+")
#: Where the sentence for a label is looked for: what a bad review is bad about stands among its cons, and never among its pros.
_FIELDS = {"positive": ("pros", "text", "body", "title", "process"), "negative": ("cons", "text", "body", "title", "process", "advice")}
_ELSE = ("cons", "pros", "text", "body", "title", "process", "advice")
#: Fields whose name says on which side their words are.
_SIDES = frozenset(("pros", "cons"))
_READ = 20_000


class Ask(NamedTuple):
    """What a report is about: an employer, a period (both days included), and what narrows it."""

    employer: str
    since: str | None = None
    until: str | None = None
    source: str | None = None
    lang: str | None = None


def listen(reader: Reader, ask: Ask, today: date, *, within_days: int = 14, shown: int = SHOWN, is_special: Callable[[str], bool] = lambda _text: False) -> dict[str, Any]:
    """Return `voices`, `topics` and `needs_answer` of an employer's period."""
    narrowed = {"source": ask.source, "lang": ask.lang}
    heard = reader.heard(ask.employer, ask.since, ask.until, **narrowed)
    due = (today - timedelta(days=within_days)).isoformat()
    waiting = reader.unanswered(ask.employer, ask.since, ask.until, due, **narrowed)
    topics = [each._asdict() for each in reader.topics(ask.employer, ask.since, ask.until, **narrowed)]
    return {
        "voices": {"scored": len(heard), "labels": dict(sorted(Counter(each.label for each in heard).items())), "quotes": _quotes(reader, heard, shown, is_special)},
        "topics": {"n": len(heard), "rows": topics},
        "needs_answer": {**waiting, "within_days": within_days, "rows": [_wait(row, today, is_special) for row in waiting["rows"]]},
    }


def _wait(row: Mapping[str, Any], today: date, is_special: Callable[[str], bool]) -> dict[str, Any]:
    # A review of which only the month is known has waited since its last day at the least.
    days = max(0, (today - date.fromisoformat(row["latest"])).days)
    return {"id": row["id"], "source": row["source"], "published": row["published"][:10], "days": days, "label": row["label"],
            "rating": of_five(row), "excerpt": sentence_of(row, is_special), "url": row.get("url")}  # fmt: skip


def apportion(labels: Mapping[str, int], seats: int) -> dict[str, int]:
    """Share `seats` out by the largest remainder (Hare's quota); ties go to the label that comes first in the alphabet."""
    total = sum(labels.values())
    if not total:
        return {}
    seats = min(seats, total)
    exact = {name: n * seats / total for name, n in labels.items()}
    given = {name: int(quota) for name, quota in exact.items()}
    left = sorted(exact, key=lambda name: (given[name] - exact[name], name))
    for name in left[: seats - sum(given.values())]:
        given[name] += 1
    return {name: n for name, n in given.items() if n}


def _quotes(reader: Reader, heard: Sequence[Heard], shown: int, is_special: Callable[[str], bool]) -> list[dict[str, Any]]:
    seats = apportion(Counter(each.label for each in heard if each.label != "unscored"), shown)
    drawn = sorted(heard, key=_lot)
    chosen: list[dict[str, Any]] = []
    for label, wanted in sorted(seats.items()):
        pool = [each.id for each in drawn if each.label == label][: wanted * _TRIES]
        rows = reader.contents(pool)
        chosen += list(_spoken((rows[each] | {"id": each} for each in pool if each in rows), is_special))[:wanted]
    return sorted(chosen, key=lambda quote: (quote["published"], quote["id"]), reverse=True)


def _lot(each: Heard) -> str:
    return hashlib.sha256(f"{each.source}\0{each.identity}".encode("utf-8", "replace")).hexdigest()


def _spoken(rows: Iterable[Mapping[str, Any]], is_special: Callable[[str], bool]) -> Iterable[dict[str, Any]]:
    for row in rows:
        sentence = sentence_of(row, is_special)
        if sentence:
            yield {"id": row["id"], "text": sentence, "label": row["label"], "rating": of_five(row), "source": row["source"], "published": (row["published"] or "")[:10],
                   "lang": row.get("lang"), "type": row["type"], "url": row.get("url")}  # fmt: skip


def sentence_of(row: Mapping[str, Any], is_special: Callable[[str], bool]) -> str:
    """Return the sentence that carried the verdict on a text, else the first that fits it; "" where none can be shown.

    A few words among the pros or cons are a whole answer; elsewhere they must have carried the verdict.
    """
    evidence = [word for word in map(fold, row.get("evidence", ())) if word]
    ranked = []
    for name in _FIELDS.get(row["label"], _ELSE):
        for sentence in _sentences(row.get(name), row.get("lang"), is_special):
            carried, long = any(word in fold(sentence) for word in evidence), len(sentence) >= _SHORTEST
            if carried or long or name in _SIDES:
                ranked.append((name not in _SIDES, not carried, not long, sentence))
    return one_line(min(ranked, key=lambda each: each[:3])[3], _LONGEST) if ranked else ""


def _sentences(text: str | None, lang: str | None, is_special: Callable[[str], bool]) -> Iterator[str]:
    parts = map(one_line, _END.split(str(text)[:_READ])) if text else ()
    return (part for part in parts if part and not is_special(part) and not is_empty_answer(part, lang))
