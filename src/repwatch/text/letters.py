"""Tell our four languages apart by the letters of their words, and see whether a text is written in any of them.

Two tables, written by `make model` beside the weights: what each piece of a word speaks for, and in which languages a piece is familiar.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple
from zlib import crc32

from repwatch.text.lexicon import LANGUAGES

SIZE = 1 << 15
FAMILIAR_SIZE = 1 << 17
_LONGEST_WORD = 24
_FAMILIAR_LENGTH = 4


class Told(NamedTuple):
    """What a word or a text tells: points for each language, how many pieces it has, how many of them each language knows."""

    points: tuple[int, ...]
    pieces: int
    known: tuple[int, ...]


def places_of(word: str) -> list[int]:
    """Return the places of a word and its letters; none where it has no letters."""
    if not word[0].isalpha():
        return []
    framed = f"<{word[:_LONGEST_WORD]}>"
    grams = [framed, *(framed[at : at + length] for length in (2, 3, 4) for at in range(len(framed) - length + 1))]
    return [crc32(gram.encode("utf-8", "replace")) % SIZE for gram in grams]


def pieces_of(word: str) -> list[int]:
    """Return the places of the longer pieces of a word, by which a language knows it."""
    if not word[0].isalpha():
        return []
    framed = f"<{word[:_LONGEST_WORD]}>"
    grams = [framed[at : at + _FAMILIAR_LENGTH] for at in range(max(1, len(framed) - _FAMILIAR_LENGTH + 1))]
    return [crc32(gram.encode("utf-8", "replace")) % FAMILIAR_SIZE for gram in grams]


@cache
def _tables() -> tuple[memoryview, bytes]:
    from repwatch.text.weights import read_file

    header, tables = read_file()
    told = [tables[header[name]["place"] : header[name]["place"] + header[name]["length"]] for name in ("languages", "familiar")]
    return memoryview(told[0]).cast("b"), told[1]


@lru_cache(maxsize=20_000)
def word_tells(word: str) -> Told:
    """Return what one word, in lower case, tells."""
    points, familiar = _tables()
    width = len(LANGUAGES)
    sums = [0] * width
    for place in places_of(word):
        for number in range(width):
            sums[number] += points[place * width + number]
    pieces = pieces_of(word)
    known = tuple(sum(familiar[place] >> number & 1 for place in pieces) for number in range(width))
    return Told(tuple(sums), len(pieces), known)


def text_tells(words: list[str]) -> Told:
    """Add up what the words of a text tell."""
    told = list(map(word_tells, words))
    if not told:
        return Told((0,) * len(LANGUAGES), 0, (0,) * len(LANGUAGES))
    points = zip(*[each.points for each in told], strict=True)
    known = zip(*[each.known for each in told], strict=True)
    return Told(tuple(map(sum, points)), sum([each.pieces for each in told]), tuple(map(sum, known)))
