"""Add daily counts up and read figures from the sums. Counts are rows of the roll-ups: day, source, type, lang, what, bucket, n."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from repwatch.analysis.intervals import Figure, mean_of_stars, net_sentiment, wilson


class Count(Protocol):
    """One row of the daily roll-ups, as the store reads it."""

    @property
    def day(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def lang(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def bucket(self) -> str: ...
    @property
    def n(self) -> int: ...


class Wait(NamedTuple):
    """A review's wait for an answer: the day it was published, and days, "open" or "answered" (no day told)."""

    day: str
    waited: str


@dataclass(slots=True)
class Tally:
    """The sums of some counts. Stars and sub-ratings are in tenths; `volume` is reviews and mentions, never interviews."""

    volume: int = 0
    reviews: int = 0
    interviews: int = 0
    month_only: int = 0
    stars: Counter[int] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    recommend: Counter[str] = field(default_factory=Counter)
    ceo: Counter[str] = field(default_factory=Counter)
    subratings: defaultdict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    topics: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    waits: Counter[Wait] = field(default_factory=Counter)

    def add(self, count: Count) -> None:
        """Take in one row."""
        what, bucket, n = count.what, count.bucket, count.n
        if count.type == "interview":
            self.interviews += n if what == "all" else 0
        elif what == "all":
            self.volume += n
            self.reviews += n if count.type == "review" else 0
        elif what == "stars":
            self.stars[int(bucket)] += n
        elif what == "label":
            self.labels[bucket] += n
        elif what == "topic":
            topic, _, mood = bucket.rpartition("|")
            self.topics[topic][mood] += n
        elif what == "sub":
            name, _, tenths = bucket.rpartition("|")
            self.subratings[name][int(tenths)] += n
        elif what == "wait":
            self.waits[Wait(count.day, bucket)] += n
        elif what == "month":
            self.month_only += n
        elif what in ("recom", "ceo"):
            (self.recommend if what == "recom" else self.ceo)[bucket] += n


def tally(counts: Iterable[Count]) -> Tally:
    """Return the sums of `counts`."""
    total = Tally()
    for count in counts:
        total.add(count)
    return total


def rating(told: Tally) -> Figure:
    """Return the mean of the stars."""
    return mean_of_stars(told.stars)


def recommend(told: Tally) -> Figure:
    """Return yes / (yes + no)."""
    return wilson(told.recommend["yes"], told.recommend["yes"] + told.recommend["no"])


def ceo_approval(told: Tally) -> Figure:
    """Return approve / (approve + disapprove)."""
    return wilson(told.ceo["approve"], told.ceo["approve"] + told.ceo["disapprove"])


def sentiment(told: Tally) -> Figure:
    """Return (positive - negative) / (positive + negative)."""
    return net_sentiment(told.labels)


def subrating(told: Tally, name: str) -> Figure:
    """Return the mean of a sub-rating."""
    return mean_of_stars(told.subratings[name])


def topic_share(told: Tally, topic: str) -> Figure:
    """Return the share of texts that speak of `topic`."""
    return wilson(sum(told.topics[topic].values()), told.volume)


def topic_sentiment(told: Tally, topic: str) -> Figure:
    """Return the net sentiment of what is said of `topic`."""
    return net_sentiment(told.topics[topic])
