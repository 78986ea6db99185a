"""The learned weights: one table of small whole numbers a language, written by `make model` (model/train.py)."""

from __future__ import annotations

import json
from array import array
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from repwatch.text import hashing
from repwatch.text.rules import Segment

FILE = "weights.bin"
_MOST_WORDS = 50_000
#: What is added to a weight so that it is a byte.
_LIFT = 128
_START = hashing.pair_parts(hashing.START)[0]


class Thresholds(NamedTuple):
    """Where a margin is too small to be a verdict, and where praise and blame make a mixed text."""

    unclear: float
    #: The least sum of praise and of blame, their least ratio, and the largest margin of a mixed text.
    mixed: tuple[float, float, float]


class _Words(dict[str, tuple[int, int, int]]):
    """The words met so far: the sum of their weights, and their parts of a pair as its first and its second word.

    The second part counts from the end of the table, so that the place of a pair is their sum, below 0 or not.
    """

    def __init__(self, table: array[int]) -> None:
        super().__init__()
        self._table = table

    def __missing__(self, token: str) -> tuple[int, int, int]:
        first, second = hashing.pair_parts(hashing.code_of(token))
        word = (_sum(self._table, hashing.word_features(token, negated=False)), first, second - hashing.SIZE)
        if len(self) < _MOST_WORDS:
            self[token] = word
        return word


class _Negated(dict[str, int]):
    """The sums of the weights of words met so far behind a negator; few are."""

    def __init__(self, table: array[int]) -> None:
        super().__init__()
        self._table = table

    def __missing__(self, token: str) -> int:
        total = _sum(self._table, hashing.word_features(token, negated=True))
        if len(self) < _MOST_WORDS:
            self[token] = total
        return total


def _sum(table: array[int], features: tuple[hashing.Feature, ...]) -> int:
    return sum([table[place] * value for place, value in features])


class Weights:
    """The weights of one language, with the sums of the words met so far."""

    def __init__(self, table: bytes, scale: float, dense: list[float], calibration: list[tuple[float, float]], thresholds: Thresholds) -> None:
        self.scale = scale
        self.dense = dense
        self._calibration = calibration
        self._thresholds = thresholds
        self.unclear = thresholds.unclear
        self._table = array("b", table)
        #: The weights as bytes: small, so that they stay near while pairs of words are looked up all over them.
        self._lifted = bytes(weight + _LIFT for weight in self._table)
        #: What is learned of each word met so far, in steps of 1/(ONE · scale).
        self.words = _Words(self._table)
        self._negated = _Negated(self._table)
        self._skeletons: dict[tuple[str, ...], int] = {}

    def confidence(self, margin: float) -> float:
        """Return how often a margin of this size has the right sign, by the corpus rows that the weights had not seen."""
        below = self._calibration[0]
        for knot in self._calibration:
            if margin < knot[0]:
                share = (margin - below[0]) / (knot[0] - below[0])
                return below[1] + share * (knot[1] - below[1])
            below = knot
        return below[1]

    def is_mixed(self, good: float, bad: float, margin: float) -> bool:
        """Tell whether a text praises and blames about as much."""
        least, ratio, largest = self._thresholds.mixed
        return min(good, bad) >= least and min(good, bad) >= ratio * max(good, bad) and margin <= largest

    def sum_of(self, segment: Segment) -> float:
        """Return the sum of the weights of all features of a segment."""
        lifted, words, known = self._lifted, segment.words, self.words
        total = pairs = 0
        before = _START
        for plain, first, second in map(known.__getitem__, words):
            total += plain
            pairs += lifted[before + second]
            before = first
        total += (pairs - _LIFT * len(words)) * hashing.PAIR
        if segment.marked:
            turned, degrees = hashing.marked_places(segment)
            for place in turned:
                total += self._negated[words[place]] - known[words[place]][0]
            for place in degrees:
                total -= self._negated[words[place]] if place in turned else known[words[place]][0]
        bones = hashing.skeleton(segment)
        shape = self._skeletons.get(bones)
        if shape is None:
            shape = _sum(self._table, hashing.skeleton_features(bones))
            if len(self._skeletons) < _MOST_WORDS:
                self._skeletons[bones] = shape
        return (total + shape) * self.scale


@cache
def read_file() -> tuple[dict[str, Any], bytes]:
    """Read the header and the tables."""
    raw = resources.files("repwatch.text").joinpath(FILE).read_bytes()
    end = raw.index(b"\n")
    return json.loads(raw[:end]), raw[end + 1 :]


@cache
def load_weights(lang: str) -> Weights:
    """Read the weights of one of our languages."""
    header, tables = read_file()
    mine = header[lang]
    table = tables[mine["place"] : mine["place"] + hashing.SIZE]
    knots = [(margin, share) for margin, share in mine["calibration"]]
    return Weights(table, mine["scale"], mine["dense"], knots, Thresholds(mine["unclear"], tuple(mine["mixed"])))
