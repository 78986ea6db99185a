"""Say what a text speaks about, and for each topic whether well or badly."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from repwatch.models import TopicScore
from repwatch.text.hashing import squash
from repwatch.text.parts import Part
from repwatch.text.reading import Reading
from repwatch.text.rules import Segment

#: A topic that is named and of which nothing is said takes the tone of its text, this much of it.
_TONE = 1.0


def of_text(found: Reading) -> tuple[TopicScore, ...]:
    """Return the topics of a text."""
    sums: dict[str, float] = {}
    for each in found.segments:
        _add(sums, each, found.margin)
    return _scores(sums.items())


def of_fields(fields: list[tuple[Reading, float]]) -> tuple[TopicScore, ...]:
    """Return the topics of a review's fields; under pros a topic is praised, under cons blamed, whatever its words."""
    total: dict[str, float] = {}
    for found, lean in fields:
        sums: dict[str, float] = {}
        for each in found.segments:
            _add(sums, each, found.margin)
        for topic, value in sums.items():
            side = value if not lean else (max(abs(value), 1.0) if lean > 0 else -max(abs(value), 1.0))
            total[topic] = total.get(topic, 0.0) + side
    return _scores(total.items())


def _add(sums: dict[str, float], segment: Segment, tone: float) -> None:
    told: set[str] = set()
    for part in segment.parts:
        if part.topics:
            for topic in part.topics:
                told.add(topic)
                sums[topic] = sums.get(topic, 0.0) + part.value
    for hit in (*segment.topics, *segment.hits) if segment.topics else segment.hits:
        if hit.entry.topics:
            for topic in hit.entry.topics:
                if topic not in told:
                    told.add(topic)
                    sums[topic] = sums.get(topic, 0.0) + _said_of(hit.start, segment.parts, segment.words, tone)


def _said_of(place: int, parts: list[Part], words: list[str], tone: float) -> float:
    """Return what the nearest expression of the same clause says, else the nearest of the segment, else the tone of the text."""
    if len(parts) == 1:
        return parts[0].value
    near = [(_distance(place, part, words), part.value) for part in parts]
    return min(near)[1] if near else (_TONE if tone > 0 else -_TONE)


def _distance(place: int, part: Part, words: list[str]) -> int:
    start, end = part.places[0] if len(part.places) == 1 else (min(part.places)[0], max(part.places)[1])
    between = words[place:start] if place < start else words[end : place + 1]
    return abs(start - place) + (20 if "," in between else 0)


def _scores(sums: Iterable[tuple[str, float]]) -> tuple[TopicScore, ...]:
    return tuple(_score(topic, round(squash(value), 2)) for topic, value in sorted(sums) if topic)


@cache
def _score(topic: str, polarity: float) -> TopicScore:
    return TopicScore(topic=topic, polarity=polarity)
