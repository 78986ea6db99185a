"""Say which words carried a score: those without which the margin would be another one, found by reading again without them."""

from __future__ import annotations

from dataclasses import dataclass

from repwatch.text import lexicon, reading, rules
from repwatch.text.hashing import ONE
from repwatch.text.parts import Places
from repwatch.text.reading import Reading
from repwatch.text.weights import load_weights

MOST = 4
#: How many are told of a text: of one that leans to no side, one of each.
_CHIEF = 2
#: The least learned weight, and the least letters, of a word that is named where the rules know none.
_LEAST_WORD, _LEAST_LETTERS = 0.1, 4
_LEAST = 1e-4
#: The least value of an expression that is named; and what the learned weight of its words is worth in that measure.
_LEAST_PART, _LEARNED = 0.3, 2 / ONE


@dataclass(slots=True)
class Reason:
    """Words of a text, and the margin that the text has without them."""

    words: str
    without: float


#: A weight, the number of a segment, and the places of the words in it.
_Candidate = tuple[float, int, Places]


def chief(found: Reading, lang: str, toward: float) -> list[Reason]:
    """Return the weightiest words: those that speak in the direction of `toward`, or where it is 0, of either with both sides first.

    Whoever takes one of them out of the text moves its margin against what the words say: praise taken out lowers it, blame raises it.
    """
    kept: list[Reason] = []
    fitting = [each for each in _candidates(found, lang) if each[0] * toward >= 0]
    fitting.sort(key=_weightiest)
    if not toward:
        _show_both_sides(fitting)
    for candidate in fitting[: 2 * _CHIEF]:
        reason = _without(found, candidate, lang)
        if (found.margin - reason.without) * candidate[0] > _LEAST:
            kept.append(reason)
            if len(kept) == _CHIEF:
                break
    return kept


def _show_both_sides(ordered: list[_Candidate]) -> None:
    """Put the weightiest of the other side second."""
    for place, each in enumerate(ordered):
        if each[0] * ordered[0][0] < 0:
            ordered.insert(1, ordered.pop(place))
            return


def _weightiest(one: _Candidate) -> float:
    return -abs(one[0])


def all_of(found: Reading, lang: str) -> list[Reason]:
    """Return every expression, or every weighty word where there is none, with the margin that the text has without it."""
    return [_without(found, candidate, lang) for candidate in _candidates(found, lang)]


def _candidates(found: Reading, lang: str) -> list[_Candidate]:
    """Return the expressions that the rules found, and where there are none, the words whose learned weight is large."""
    weights = load_weights(lang)
    words, share = weights.words, _LEARNED * weights.scale
    spoken: list[_Candidate] = []
    for number, each in enumerate(found.segments):
        for part in each.parts:
            value = part.value
            if abs(value) >= _LEAST_PART:
                if not part.turned:
                    start, end = part.places[-1]
                    for word in each.words[start:end]:
                        value += share * words[word][0]
                spoken.append((value, number, part.places))
    return spoken or [
        (weights.scale * words[word][0] / ONE, number, ((place, place + 1),))
        for number, each in enumerate(found.segments) for place, word in enumerate(each.words)
        if len(word) >= _LEAST_LETTERS and abs(weights.scale * words[word][0]) > _LEAST_WORD * ONE
    ]  # fmt: skip


def _without(found: Reading, candidate: _Candidate, lang: str) -> Reason:
    _, number, places = candidate
    segment = found.segments[number]
    left = segment.words.copy()
    for start, end in sorted(places, reverse=True):
        del left[start:end]
    words, weights = lexicon.load(lang), load_weights(lang)
    others = found.segments.copy()
    others[number : number + 1] = [reading.read_segment(left, words, weights)] if rules.says_anything(left) else []
    return Reason(_told(segment.words, places), reading.margin(others, weights) + found.lift)


def _told(words: list[str], places: Places) -> str:
    """Return the words at `places` as they are read: elisions joined, a gap shown."""
    told = ""
    ordered = sorted(places)
    last = ordered[0][0]
    for start, end in ordered:
        if start > last:
            told += " …"
        for word in words[start:end]:
            told += word if not told or told.endswith("'") else f" {word}"
        last = end
    return told
