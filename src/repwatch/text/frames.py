"""Read what a clause is set in: another place or time, what is only said, mockery, what nobody has to do.

A frame is known by its own words whatever is said in it: "my old boss ..." praises or blames somebody else, "on paper" takes praise back,
"nobody has to ..." is praise. It bears on the parts of its clause, or where that says nothing, on those of a neighbour.
"""

from __future__ import annotations

from repwatch.text.entries import Hit
from repwatch.text.lexicon import Lexicon
from repwatch.text.parts import Part

#: What is left of praise and of blame that was meant for somebody else, or that is taken back.
_PRAISE_LEFT, _BLAME_LEFT = -0.8, -0.6
#: "Pays two euros more next door": what a bare "more" elsewhere says, and how far before its frame the "than" of a comparison may stand.
_MORE, _THAN_REACH = 1.5, 4
#: Blame from which on praise in a mocking frame is meant as blame; the bare noun that leans to a side is below it.
_BLAME = 0.5
#: What is taken back is missed at least so much.
_LACKING = -1.5
#: "Nobody pretends", "not only on paper": praise of so much, the negator so near.
_KEPT, _NEAR = 1.0, 1
#: "Stress is a foreign word here" is praise of at least so much.
_ABSENT = 1.0

#: The kinds of entries that are frames.
FRAMES = frozenset(("other", "void", "deny", "mock", "free"))

Clause = tuple[list[Hit], list[Part]]


def turn(clauses: list[Clause], words: list[str], lexicon: Lexicon) -> list[Part]:
    """Turn the parts of the clauses as their frames say, and return what the frames say by themselves."""
    own: list[Part] = []
    for at, (hits, parts) in enumerate(clauses):
        turned = False
        for hit in hits:
            kind = hit.entry.kind
            if kind == "other" and not turned and not _is_compared(hit, words, lexicon):
                own += _of_another(hit, hits, parts or _then(hit, _next(clauses, at), words, lexicon))
                turned = True
            elif kind in ("deny", "void"):
                negator = next((each for each in hits if each.entry.kind == "neg" and 0 <= hit.start - each.end <= _NEAR), None)
                own += _taken_back(hit, parts, clauses, at) if negator is None else [Part(_KEPT, negator.places + hit.places, (), turned=True)]
            elif kind == "mock":
                own.append(_mocked(hit, [part for _, some in clauses for part in some]))
            elif kind == "free":
                own += _freed(hit, [part for part in parts if part.places[-1][0] >= hit.end])
    return own


def _is_compared(frame: Hit, words: list[str], lexicon: Lexicon) -> bool:
    """Tell whether the other place is what this one is compared with: "kinder than at my last job"."""
    return not lexicon.than.isdisjoint(words[max(0, frame.start - _THAN_REACH) : frame.start])


def _then(frame: Hit, parts: list[Part], words: list[str], lexicon: Lexicon) -> list[Part]:
    """Return what the next clause says, unless it is of the present: "rough under the last director, today all is well"."""
    return parts if parts and lexicon.now.isdisjoint(words[frame.end : parts[0].places[-1][0]]) else []


def _next(clauses: list[Clause], at: int) -> list[Part]:
    return clauses[at + 1][1] if at + 1 < len(clauses) and clauses[at + 1][0][0].entry.kind != "but" else []


def _of_another(frame: Hit, hits: list[Hit], parts: list[Part]) -> list[Part]:
    """Turn what is said of another place or time; where nothing is, "more" of it there is less here.

    An idiom says by itself which place it is about: "streets ahead of my old firm".
    """
    idioms = {hit.start for hit in hits if hit.entry.kind == "idiom"}
    for part in parts:
        if part.places[-1][0] not in idioms:
            _turn(part, frame)
    if parts:
        return []
    degrees = [hit for hit in hits if hit.entry.kind in ("up", "down")]
    if degrees:
        near = degrees[0]
        return [Part(-_MORE if near.entry.kind == "up" else _MORE, near.places + frame.places, frame.entry.topics)]
    return _itself(frame)


def _taken_back(frame: Hit, parts: list[Part], clauses: list[Clause], at: int) -> list[Part]:
    """Turn the praise that a clause takes back, its own or that of the clause before or behind; what does not exist is no blame either."""
    near = [parts, clauses[at - 1][1] if at else [], _next(clauses, at)]
    turned = next((some for some in ([part for part in each if part.value > 0 or frame.entry.kind == "void"] for each in near) if some), [])
    for part in turned:
        _turn(part, frame)
        part.value = max(part.value, _ABSENT) if part.value > 0 else min(part.value, _LACKING)
    return [] if turned or parts else _itself(frame)


def _mocked(frame: Hit, parts: list[Part]) -> Part:
    """Return what a mocking frame says: beside blame blame, and so is all praise there; beside praise alone praise; by itself its value."""
    praise = [part for part in parts if part.value > 0]
    value = frame.entry.value
    if any(part.value <= -_BLAME for part in parts):
        value = -abs(value)
        for part in praise:
            _turn(part, frame)
    elif any(part.value >= _BLAME for part in praise):
        value = abs(value)
    return Part(value, frame.places, frame.entry.topics)


def _freed(frame: Hit, parts: list[Part]) -> list[Part]:
    """Make praise of whatever nobody has to do."""
    for part in parts:
        if part.value < 0:
            _turn(part, frame)
        part.value = max(part.value, frame.entry.value)
    return [] if parts else _itself(frame)


def _itself(frame: Hit) -> list[Part]:
    return [Part(frame.entry.value, frame.places, frame.entry.topics)] if frame.entry.value else []


def _turn(part: Part, frame: Hit) -> None:
    part.value *= _PRAISE_LEFT if part.value > 0 else _BLAME_LEFT
    part.places = frame.places + part.places
    part.turned = not part.turned
