"""Read a text: its segments, what the rules find in them and what the learned weights say, together one margin.

The margin is a plain sum over segments, divided by a square root of the length, plus the weighted findings of the rules, so that reading
a text without some of its words is reading one segment again.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from operator import mul

from repwatch.text import hashing, lexicon, rules
from repwatch.text.clean import harmless
from repwatch.text.lexicon import Lexicon
from repwatch.text.rules import Segment
from repwatch.text.tokens import tokens
from repwatch.text.weights import Weights, load_weights

LONGEST = 20_000
#: What went through JSON once too often: "don\u2019t".
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
#: Words at the least that a length counts as, so that a single word does not shout.
_SHORTEST = 2


@dataclass(slots=True)
class Reading:
    """A text as it was read: `margin` is above 0 where it speaks well; `lift` is what its opening, no longer among its words, has added."""

    segments: list[Segment]
    margin: float
    lift: float = 0.0

    def lifted(self, lift: float) -> Reading:
        """Return the reading with its margin lifted."""
        return Reading(self.segments, self.margin + lift, lift)


def prepare(text: str) -> str:
    """Make a text ready to be read: harmless, in one Unicode form, one kind of white space, of bounded length."""
    text = text[: 4 * LONGEST]
    if "\\u" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFKC", harmless(text))
    elif "  " not in text:  # as most are: nothing to be done
        return text.strip(" ")[:LONGEST]
    return " ".join(text.split())[:LONGEST]


def read(text: str, lang: str) -> Reading:
    """Read a prepared text in one of our languages."""
    words, weights = lexicon.load(lang), load_weights(lang)
    found = [read_segment(each, words, weights) for each in rules.segments(tokens(text))]
    return Reading(found, margin(found, weights))


def read_segment(tokens: list[str], words: Lexicon, weights: Weights) -> Segment:
    """Read one segment."""
    segment = rules.read_segment(tokens, words)
    segment.learned = weights.sum_of(segment)
    return segment


def margin(found: list[Segment], weights: Weights) -> float:
    """Return the margin of segments that were read."""
    learned = 0.0
    count = 0
    for each in found:
        learned += each.learned
        count += len(each.words)
    return learned / (math.sqrt(max(count, _SHORTEST)) * hashing.ONE) + math.fsum(map(mul, weights.dense, hashing.dense(found, count)))
