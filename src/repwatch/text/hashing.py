"""Turn the words of a segment into numbered features: words and pairs with negation marked, their letters, and its skeleton.

The trainer and the scorer count the same features, so this module is the one place that knows them. A number is a place in a table of
`SIZE` weights. Values are in steps of 1/`ONE`, so that sums are whole numbers, the same on every machine.
"""

from __future__ import annotations

import math
from functools import lru_cache
from zlib import crc32

from repwatch.text.rules import Part, Segment

SIZE = 1 << 16
ONE = 256
_MASK = SIZE - 1
PAIR, _SKELETON = ONE * 3 // 4, ONE // 2
_SHORTEST, _LONGEST = 3, 5
_LONGEST_WORD = 30
_NEGATED_WORDS = 3
#: Square roots of small counts in steps of 1/ONE: the letters of a word weigh as much together as the word.
_SHARE = [0] + [max(1, round(ONE / math.sqrt(count))) for count in range(1, 200)]

Feature = tuple[int, int]


def place_of(name: str) -> int:
    """Return the place of a named feature."""
    return crc32(name.encode("utf-8", "replace")) & _MASK


@lru_cache(maxsize=50_000)
def word_features(token: str, *, negated: bool) -> tuple[Feature, ...]:
    """Return the features of a word and of its letters."""
    token = _plain(token)
    mark = "n" if negated else "w"
    found = [(place_of(mark + token), ONE)]
    if token[:1].isalpha():
        framed = f"<{token[:_LONGEST_WORD]}>"
        grams = [framed[at : at + length] for length in range(_SHORTEST, _LONGEST + 1) for at in range(len(framed) - length + 1)]
        found += [(place_of(mark + gram + "~"), _SHARE[len(grams)]) for gram in grams]
    return tuple(found)


@lru_cache(maxsize=50_000)
def code_of(token: str) -> int:
    """Return a word's number for making pairs."""
    return crc32(_plain(token).encode("utf-8", "replace"))


def _plain(token: str) -> str:
    """Return a link as "http", a name as "@user", a hashtag as its word."""
    if token.startswith("http"):
        return "http"
    return "@user" if token[0] == "@" and len(token) > 1 else token[1:] if token[0] == "#" and len(token) > 1 else token


def pair_parts(code: int) -> tuple[int, int]:
    """Return what a word adds to the place of a pair as its first and as its second word."""
    return code * 31 + (code >> 16), code * 7


def pair_place(first: int, second: int) -> int:
    """Return the place of a pair of words, each given by its `code_of`."""
    return (pair_parts(first)[0] + pair_parts(second)[1]) & _MASK


START = code_of("^")

_NO_STRETCH = frozenset(".;()…\n")
_SHOWN = frozenset(",!?")


def skeleton(segment: Segment) -> tuple[str, ...]:
    """Return what a segment is made of: kinds of entries, unknown stretches, commas; the words themselves left out."""
    symbols = ["^"]
    words = segment.words
    at = 0
    for start, end, entry in segment.hits:
        if start > at:
            _fill(symbols, words[at:start])
        symbols.append(entry.symbol)
        at = end
    if at < len(words):
        _fill(symbols, words[at:])
    symbols.append("$")
    return tuple(symbols)


def _fill(symbols: list[str], words: list[str]) -> None:
    for word in words:
        if word in _SHOWN:
            symbols.append(word)
        elif symbols[-1] != "x" and word not in _NO_STRETCH:
            symbols.append("x")


@lru_cache(maxsize=50_000)
def skeleton_features(symbols: tuple[str, ...]) -> tuple[Feature, ...]:
    """Return the features of a skeleton: its pairs and triples, with the unknown stretches and without."""
    known = tuple(symbol for symbol in symbols if symbol != "x")
    found = []
    for row in (symbols, known):
        for length in (2, 3):
            found += [(place_of("s" + "|".join(row[at : at + length])), _SKELETON) for at in range(len(row) - length + 1)]
    return tuple(found)


_NONE: frozenset[int] = frozenset()


def negated_places(segment: Segment) -> frozenset[int] | set[int]:
    """Return the places that stand under a negator, or whose sense a word of degree has turned: "less stress"."""
    ends = [hit.end for hit in segment.hits if hit.entry.kind == "neg"]
    turned = [part.places[-1] for part in segment.parts if part.turned]
    if not ends and not turned:
        return _NONE
    places: set[int] = {place for start, end in turned for place in range(start, end)}
    for end in ends:
        for place in range(end, min(end + _NEGATED_WORDS, len(segment.words))):
            if segment.words[place] == ",":
                break
            places.add(place)
    return places


def silent_places(segment: Segment) -> list[int]:
    """Return the places of words of degree, whose sense the rules know: of "very good" only "good" is learnt."""
    return [place for hit in segment.hits if hit.entry.kind in ("boost", "damp") for place in range(hit.start, hit.end)]


def features(segment: Segment) -> list[Feature]:
    """Return every feature of a segment; a place may come more than once."""
    found: list[Feature] = []
    negated = negated_places(segment)
    silent = set(silent_places(segment))
    before = START
    for place, word in enumerate(segment.words):
        if place not in silent:
            found += word_features(word, negated=place in negated)
        code = code_of(word)
        found.append((pair_place(before, code), PAIR))
        before = code
    found += skeleton_features(skeleton(segment))
    return found


#: The features that come from the rules; the last is always 1.
DENSE = ("balance", "good", "bad", "last", "first", "silent", "torn", "long", "always")


def squash(value: float, norm: float = 6.0) -> float:
    """Press a sum into -1..1: s / sqrt(s² + norm), after VADER (Hutto and Gilbert 2014)."""
    return value / math.sqrt(value * value + norm)


def dense(parts: list[list[Part]], words: int) -> list[float]:
    """Return what the rules say of a text, from the parts of each segment: as `DENSE`."""
    # Loops, not sum(): from Python 3.12 on sum() rounds otherwise, and training must give the same weights everywhere.
    good = bad = 0.0
    sums = []
    for each in parts:
        total = 0.0
        for part in each:
            total += part.value
            if part.value > 0:
                good += part.value
            else:
                bad -= part.value
        if each:
            sums.append(total)
    balance = good - bad
    return [
        squash(balance), good / (good + bad + 1.0), bad / (good + bad + 1.0), squash(sums[-1]) if sums else 0.0, squash(sums[0]) if sums else 0.0,
        0.0 if sums else 1.0, min(good, bad) / (good + bad + 1.0), words / (words + 40.0), 1.0,
    ]  # fmt: skip
