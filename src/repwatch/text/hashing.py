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
_DEGREES = frozenset(("boost", "thus", "damp"))
#: Square roots of small counts in steps of 1/ONE: the letters of a word weigh as much together as the word.
_SHARE = [0] + [max(1, round(ONE / math.sqrt(count))) for count in range(1, 200)]

Feature = tuple[int, int]


def place_of(name: str) -> int:
    """Return the place of a named feature."""
    return crc32(name.encode("utf-8", "replace")) & _MASK


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

_NO_STRETCH = frozenset(".;()…\n")
_SHOWN = frozenset(",!?")
_MARKS = _NO_STRETCH | _SHOWN


def skeleton(segment: Segment) -> tuple[str, ...]:
    """Return what a segment is made of: kinds of entries, unknown stretches, commas; the words themselves left out."""
    symbols = ["^"]
    words = segment.words
    at = 0
    for hit in segment.hits:
        if not hit.entry.symbol:
            continue
        if hit.start > at:
            _fill(symbols, words[at : hit.start])
        symbols.append(hit.entry.symbol)
        at = hit.end
    if at < len(words):
        _fill(symbols, words[at:])
    symbols.append("$")
    return tuple(symbols)


def _fill(symbols: list[str], words: list[str]) -> None:
    if _MARKS.isdisjoint(words):
        if symbols[-1] != "x":
            symbols.append("x")
        return
    for word in words:
        if word in _SHOWN:
            symbols.append(word)
        elif symbols[-1] != "x" and word not in _NO_STRETCH:
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
    for hit in segment.hits:
        kind = hit.entry.kind
        if kind == "neg":
            for place in range(hit.end, min(hit.end + _NEGATED_WORDS, len(words))):
                if words[place] == ",":
                    break
                turned.add(place)
        elif kind in _DEGREES:
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


def dense(parts: list[list[Part]], words: int) -> list[float]:
    """Return what the rules say of a text, from the parts of each segment: as `DENSE`."""
    # Loops, not sum(): from Python 3.12 on sum() rounds otherwise, and training must give the same weights everywhere.
    good = bad = 0.0
    sums = []
    for each in parts:
        total = 0.0
        for part in each:
            value = part.value
            total += value
            if value > 0:
                good += value
            else:
                bad -= value
        if each:
            sums.append(total)
    whole = good + bad + 1.0
    first = squash(sums[0]) if sums else 0.0
    last = squash(sums[-1]) if len(sums) > 1 else first
    return [squash(good - bad), good / whole, bad / whole, last, first, 0.0 if sums else 1.0, min(good, bad) / whole, words / (words + 40.0), 1.0]
