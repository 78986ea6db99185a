"""Turn the words of a segment into numbered features: words and pairs with negation marked, their letters, and its skeleton.

The trainer and the scorer count the same features, so this module is the one place that knows them. A number is a place in a table of
`SIZE` weights. Values are in steps of 1/`ONE`, so that sums are whole numbers, the same on every machine.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache
from zlib import crc32

from repwatch.text.rules import DEGREES, MARKING, Segment

SIZE = 1 << 16
ONE = 256
_MASK = SIZE - 1
PAIR, _SKELETON = ONE * 3 // 4, ONE // 2
_SHORTEST, _LONGEST = 3, 5
_LONGEST_WORD = 30
_NEGATED_WORDS = 3
#: Square roots of small counts in steps of 1/ONE: the letters of a word weigh as much together as the word.
_SHARE = [0] + [max(1, round(ONE / math.sqrt(count))) for count in range(1, 200)]

#: The checksum of the letter with which the name of a word's feature begins, behind a negator or not.
_NEGATED, _WORD = crc32(b"n"), crc32(b"w")

Feature = tuple[int, int]


def place_of(name: str) -> int:
    """Return the place of a named feature."""
    return crc32(name.encode("utf-8", "replace")) & _MASK


def word_features(token: str, *, negated: bool) -> tuple[Feature, ...]:
    """Return the features of a word and of its letters."""
    token = _plain(token)
    begun = _NEGATED if negated else _WORD
    found = [(crc32(token.encode("utf-8", "replace"), begun) & _MASK, ONE)]
    if token[:1].isalpha():
        grams = _grams(f"<{token[:_LONGEST_WORD]}>")
        share = _SHARE[len(grams)]
        found += [(crc32(gram + b"~", begun) & _MASK, share) for gram in grams]
    return tuple(found)


def _grams(framed: str) -> list[bytes]:
    places = [(at, at + length) for length in range(_SHORTEST, _LONGEST + 1) for at in range(len(framed) - length + 1)]
    if framed.isascii():  # as most are: encoded once
        raw = framed.encode()
        return [raw[start:end] for start, end in places]
    return [framed[start:end].encode("utf-8", "replace") for start, end in places]


#: For the trainer, which counts the same words again and again; the scorer keeps only their sums.
_kept_word_features = lru_cache(maxsize=50_000)(word_features)


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
    return (code * 31 + (code >> 16)) & _MASK, (code * 7) & _MASK


def pair_place(first: int, second: int) -> int:
    """Return the place of a pair of words, each given by its `code_of`."""
    return (pair_parts(first)[0] + pair_parts(second)[1]) & _MASK


START = code_of("^")

#: What may end a segment: shown in its skeleton, or not even a stretch.
_SHOWN, _NO_STRETCH = frozenset("!?"), frozenset(".;()…")


def skeleton(segment: Segment) -> tuple[str, ...]:
    """Return what a segment is made of: kinds of entries, unknown stretches, commas; the words themselves left out."""
    symbols = ["^"]
    words, commas = segment.words, segment.commas
    at = 0
    for hit in segment.hits:
        symbol = hit.entry.symbol
        if symbol:
            if hit.start > at:
                if commas:
                    _stretch(symbols, at, hit.start, commas)
                else:
                    symbols.append("x")
            symbols.append(symbol)
            at = hit.end
    end = len(words)
    if at < end:
        last = words[-1]
        closed = last in _SHOWN or last in _NO_STRETCH
        if at < end - closed:
            _stretch(symbols, at, end - closed, commas)
        if last in _SHOWN:
            symbols.append(last)
    symbols.append("$")
    return tuple(symbols)


def _stretch(symbols: list[str], start: int, end: int, commas: list[int]) -> None:
    """Add an unknown stretch with the commas in it."""
    for comma in commas:
        if start <= comma < end:
            if start < comma:
                symbols.append("x")
            symbols.append(",")
            start = comma + 1
    if start < end:
        symbols.append("x")


def skeleton_features(symbols: tuple[str, ...]) -> tuple[Feature, ...]:
    """Return the features of a skeleton: its pairs and triples, with the unknown stretches and without."""
    known = tuple(symbol for symbol in symbols if symbol != "x")
    found = []
    for row in (symbols, known):
        for length in (2, 3):
            found += [(_skeleton_place(row[at : at + length]), _SKELETON) for at in range(len(row) - length + 1)]
    return tuple(found)


@lru_cache(maxsize=50_000)
def _skeleton_place(symbols: tuple[str, ...]) -> int:
    """Return the place of neighbours in a skeleton, which come again and again."""
    return place_of("s" + "|".join(symbols))


def marked_places(segment: Segment) -> tuple[set[int], list[int]]:
    """Return the places whose sense is turned, by a negator or by a word of degree ("less stress"), and those of words of degree.

    The sense of "very" is known to the rules: of "very good" only "good" is learnt.
    """
    words = segment.words
    turned: set[int] = set()
    degrees: list[int] = []
    for hit in () if segment.kinds.isdisjoint(MARKING) else segment.hits:
        kind = hit.entry.kind
        if kind == "neg":
            for place in range(hit.end, min(hit.end + _NEGATED_WORDS, len(words))):
                if words[place] == ",":
                    break
                turned.add(place)
        elif kind in DEGREES:
            degrees += range(hit.start, hit.end)
    for part in segment.parts:
        if part.turned:
            turned.update(range(*part.places[-1]))
    return turned, degrees


def features(segment: Segment) -> list[Feature]:
    """Return every feature of a segment; a place may come more than once."""
    found: list[Feature] = []
    negated, degrees = marked_places(segment)
    silent = set(degrees)
    before = START
    for place, word in enumerate(segment.words):
        if place not in silent:
            found += _kept_word_features(word, negated=place in negated)
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


def dense(segments: Iterable[Segment], words: int) -> list[float]:
    """Return what the rules say of a text of so many words: as `DENSE`."""
    good = bad = first = last = 0.0
    spoken = 0
    for each in segments:
        if each.parts:
            good += each.good
            bad += each.bad
            last = each.good - each.bad
            if not spoken:
                first = last
            spoken += 1
    whole = good + bad + 1.0
    opening = squash(first)
    closing = squash(last) if spoken > 1 else opening
    return [squash(good - bad), good / whole, bad / whole, closing, opening, 0.0 if spoken else 1.0, min(good, bad) / whole, words / (words + 40.0), 1.0]
