"""The learned weights: one table of small whole numbers a language, written by `make model` (model/train.py)."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import NamedTuple

from repwatch.text import hashing
from repwatch.text.rules import Segment

FILE = "weights.bin"
_MOST_WORDS = 50_000


class Header(NamedTuple):
    """What stands before the tables: for each language the scale of its table, the weights of the rules and the calibration."""

    scale: dict[str, float]
    dense: dict[str, list[float]]
    calibration: dict[str, list[tuple[float, float]]]


class Weights:
    """The weights of one language, with the sums of the words met so far."""

    def __init__(self, table: bytes, scale: float, dense: list[float], calibration: list[tuple[float, float]]) -> None:
        self._table = memoryview(table).cast("b")
        self._scale = scale
        self.dense = dense
        self.calibration = calibration
        self._words: dict[str, tuple[int, int, int]] = {}
        self._skeletons: dict[tuple[str, ...], int] = {}

    def sum_of(self, segment: Segment) -> float:
        """Return the sum of the weights of all features of a segment."""
        known, table, mask = self._words, self._table, hashing.SIZE - 1
        negated = hashing.negated_places(segment)
        total = pairs = 0
        before = hashing.START
        for place, token in enumerate(segment.words):
            word = known.get(token) or self._meet(token)
            total += word[place in negated]
            code = word[2]
            pairs += table[(before * 31 + code * 7 + (before >> 16)) & mask]
            before = code
        bones = hashing.skeleton(segment)
        shape = self._skeletons.get(bones)
        if shape is None:
            shape = self._weigh(hashing.skeleton_features(bones))
            if len(self._skeletons) < _MOST_WORDS:
                self._skeletons[bones] = shape
        return (total + pairs * hashing.PAIR + shape) * self._scale

    def _meet(self, token: str) -> tuple[int, int, int]:
        word = (
            self._weigh(hashing.word_features(token, negated=False)),
            self._weigh(hashing.word_features(token, negated=True)),
            hashing.code_of(token),
        )
        if len(self._words) < _MOST_WORDS:
            self._words[token] = word
        return word

    def _weigh(self, features: tuple[hashing.Feature, ...]) -> int:
        return sum(self._table[place] * value for place, value in features)


@cache
def _file() -> tuple[dict[str, dict[str, object]], bytes]:
    raw = resources.files("repwatch.text").joinpath(FILE).read_bytes()
    end = raw.index(b"\n")
    return json.loads(raw[:end]), raw[end + 1 :]


@cache
def load_weights(lang: str) -> Weights:
    """Read the weights of one of our languages."""
    header, tables = _file()
    mine = header[lang]
    start = int(mine["place"])  # type: ignore[call-overload]  # the file is our own
    return Weights(tables[start : start + hashing.SIZE], mine["scale"], mine["dense"], mine["calibration"])  # type: ignore[arg-type]
