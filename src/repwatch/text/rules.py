"""Read a segment by rule: what its clauses say, with contrast, mockery and frames of speech.

A text falls into segments (up to a full stop, a semicolon, a bracket), a segment at commas and contrast words into clauses.
Nothing reaches across a segment, so that a segment can be read again without a word of it, alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from repwatch.text.clauses import TAIL, parts_of
from repwatch.text.entries import Hit
from repwatch.text.frames import FRAMES, Clause, turn
from repwatch.text.lexicon import Lexicon
from repwatch.text.parts import Part

_SEGMENT_ENDS = frozenset((".", "!", "?", ";", "…", "(", ")"))
_COMMA = ","
#: What a clause behind a contrast says when no word of it is known: the contrary of what stood before, up to this much.
_CONTRAST = 2.5
#: From what weight on the two sides of a contrast count, and what the lighter must have of the heavier.
_TORN, _LIKE = 1.0, 0.45
#: The kinds of words of degree, and those by which the sense of others may be marked as turned.
DEGREES = frozenset(("boost", "thus", "damp"))
MARKING = DEGREES | {"neg"}
#: Segments, and hits in a clause; what goes on for longer (a wall of emoji) is cut, since each is weighed against its neighbours.
_LONGEST_SEGMENT = 121
_LONGEST_CLAUSE = 60


@dataclass(slots=True)
class Segment:
    """A stretch of a text with what the rules found in it: entries and the `kinds` among them, what they say, words of topics, commas.

    `good` and `bad` are the sums of praise and of blame, both 0 or more, `learned` that of the learned weights, once they were asked.
    `marked` says whether the sense of any word is turned or a matter of degree.
    """

    words: list[str]
    hits: list[Hit]
    kinds: set[str]
    parts: list[Part]
    topics: list[Hit]
    commas: list[int]
    good: float = 0.0
    bad: float = 0.0
    marked: bool = False
    learned: float = 0.0


def segments(stream: list[str]) -> list[list[str]]:
    """Cut a stream of tokens into segments."""
    found: list[list[str]] = []
    begin = 0
    for end in [*[place + 1 for place, token in enumerate(stream) if token in _SEGMENT_ENDS], len(stream)]:
        while end - begin > _LONGEST_SEGMENT:
            found.append(stream[begin : begin + _LONGEST_SEGMENT])
            begin += _LONGEST_SEGMENT
        words = stream[begin:end]
        if says_anything(words):
            found.append(words)
        begin = end
    return found


def says_anything(words: list[str]) -> bool:
    """Tell whether a stretch is more than a mark that ends one."""
    return len(words) > 1 or (bool(words) and words[0] not in _SEGMENT_ENDS)


def read_segment(words: list[str], lexicon: Lexicon) -> Segment:
    """Find what a segment says."""
    hits, topics, kinds, commas = lexicon.find(words)
    parts: list[Part] = []
    spoken: list[Clause] = []
    framed = not FRAMES.isdisjoint(kinds)
    behind = (len(words) if lexicon.fronts else _LONGEST_SEGMENT + TAIL) if lexicon.behind else 0
    for clause in _clauses(hits, commas, kinds) if hits else ():
        found = parts_of(clause, behind=behind)
        if not found and parts and clause[0].entry.kind == "but":
            found = _contrast(clause[0], parts)
        parts += found
        if framed:
            spoken.append((clause, found))
    if framed:
        parts += turn(spoken, words, lexicon)
    if parts and commas and _is_mocking(words, parts, lexicon):
        parts[0].value *= -1
        parts[0].turned = True
    # A loop, not sum(): from Python 3.12 on sum() rounds otherwise, and training must give the same weights everywhere.
    good = bad = 0.0
    marked = not kinds.isdisjoint(MARKING)
    for part in parts:
        marked = marked or part.turned
        value = part.value
        if value > 0:
            good += value
        else:
            bad -= value
    return Segment(words, hits, kinds, parts, topics, commas, good, bad, marked)


def _is_mocking(words: list[str], parts: list[Part], lexicon: Lexicon) -> bool:
    """Tell whether a segment opens with praise and a comma, and nothing good but an "again" follows: "Superb, the heating is off again"."""
    start, end = parts[0].places[-1]
    if start > 1 or parts[0].value <= 0 or words[end : end + 1] != [_COMMA]:
        return False
    return not lexicon.again.isdisjoint(words[end:]) and all(part.value <= 0 for part in parts[1:])


def is_torn(segment: Segment) -> bool:
    """Tell whether a contrast parts praise from blame of like weight: "the pay is low but the team is great"."""
    parts = segment.parts
    if len(parts) < 2 or min(part.value for part in parts) > -_TORN or max(part.value for part in parts) < _TORN:
        return False
    for but in segment.hits:
        if but.entry.kind == "but":
            before = math.fsum(part.value for part in parts if part.places[-1][0] < but.start)
            behind = math.fsum(part.value for part in parts if part.places[-1][0] >= but.end)
            if before * behind < 0 and min(abs(before), abs(behind)) >= max(_TORN, _LIKE * max(abs(before), abs(behind))):
                return True
    return False


def _contrast(but: Hit, before: list[Part]) -> list[Part]:
    """Return what "the building is ugly, but what a team" says behind its "but", though no word there is known."""
    said = math.fsum(part.value for part in before)  # not sum(): from Python 3.12 on it rounds otherwise, and weights must not differ
    return [Part(max(-_CONTRAST, min(_CONTRAST, -said)), but.places, ())] if said else []


def _clauses(hits: list[Hit], commas: list[int], kinds: set[str]) -> list[list[Hit]]:
    if not commas and "but" not in kinds and len(hits) <= _LONGEST_CLAUSE:  # as mostly
        return [hits]
    clause: list[Hit] = []
    clauses = [clause]
    passed, count = 0, len(commas)
    for hit in hits:
        cut = hit.entry.kind == "but" or len(clause) >= _LONGEST_CLAUSE
        while passed < count and commas[passed] < hit.start:
            passed += 1
            cut = True
        if cut and clause:
            clause = []
            clauses.append(clause)
        clause.append(hit)
    return clauses
