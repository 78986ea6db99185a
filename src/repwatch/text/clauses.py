"""Read one clause by rule: praise and blame, with negation, degree, direction, wishes and what is granted."""

from __future__ import annotations

import math

from repwatch.text.entries import Hit
from repwatch.text.parts import Part, Places

_POLAR = frozenset(("word", "idiom", "emoji", "bad", "good", "wish"))
_BARE = frozenset(("good", "bad"))
_THINGS = frozenset(("good", "bad", "word"))
#: Kinds that bend no other: where a clause has only these, each speaks for itself.
_PLAIN = _POLAR - {"wish"}
_DEGREES = frozenset(("boost", "thus", "damp", "up", "down"))
#: "Never such kind people", "never kinder people", "never more patient people".
_THUS = frozenset(("thus", "up"))
_DESCRIBING = frozenset(("word", "idiom", "up", "down"))
_NEGATION_REACH, _NEVER_REACH, _DEGREE_REACH = 4, 8, 3
#: "Bereut habe ich den Wechsel bis heute nicht": how far behind its verb a negator may stand.
_BEHIND_REACH = 8
#: The value of negators that mean "at no time" or "in no place": "so rude a welcome I have never had" is all the ruder for it.
_NEVER = 2
#: Behind a negator that ends its segment there is at most a participle and a full stop.
TAIL = 2
#: "Wachttijd aan de telefoon is fel verkort": how far behind its noun a word of change may stand, no other word of praise or blame between.
_CHANGE_REACH = 8
#: What nobody is granted ("remote work is not possible", "overtime is not paid") is at least as bad as this.
_DENIED = -1.5
#: "It is not possible to work from home": how far behind its grant the thing may stand.
_GRANTED_REACH = 6
#: What a bare noun ("the salary") adds beside words that say the contrary of it ("poor"): the sign for its topic, and no weight.
_SHADE = 0.01


def parts_of(clause: list[Hit], *, behind: int) -> list[Part]:
    """Return what a clause says.

    Where a negator may stand behind the word that it turns, `behind` is where the segment ends, else 0.
    """
    if len(clause) == 1:
        hit = clause[0]
        if hit.entry.kind in _POLAR:
            return [Part(hit.entry.value, hit.places, hit.entry.topics)] if hit.entry.value else []
        return []  # it bears on nothing
    kinds = {hit.entry.kind for hit in clause}
    if "grant" in kinds and "neg" not in kinds:
        kinds.discard("grant")
        clause = [hit for hit in clause if hit.entry.kind != "grant"]
    if kinds <= _PLAIN:
        plain = [hit for hit in clause if hit.entry.value]
        found = [Part(hit.entry.value, hit.places, hit.entry.topics) for hit in plain]
        return found if kinds.isdisjoint(_BARE) else _without_bare(found, [hit.entry.kind in _BARE for hit in plain])
    return [] if kinds.isdisjoint(_POLAR) and "grant" not in kinds else _bent_parts(clause, kinds, behind=behind)


def _bent_parts(clause: list[Hit], kinds: set[str], *, behind: int) -> list[Part]:
    """Return what a clause with hits of these kinds says, in which words of degree, negators or wishes bear on others."""
    parts: list[Part] = []
    used: set[int] = set()
    polar, degrees, negators, grants = _by_role(clause)
    wish = max(hit.start for hit in polar if hit.entry.kind == "wish") if "wish" in kinds else -1
    bare: list[bool] = []
    denied, unnamed = _denials(grants, negators, polar, used) if grants else ({}, [])
    before: tuple[Hit, Hit] | None = None
    for hit in polar:
        if hit.start in denied:
            parts.append(Part(min(_DENIED, -0.8 * abs(hit.entry.value)), (*denied[hit.start], *hit.places), hit.entry.topics, hit.entry.kind == "good" or hit.entry.value > 0))
            bare.append(False)
            continue
        kind, own = hit.entry.kind, hit.entry.value
        value = own
        places = hit.places
        touched = False
        if degrees:
            value, degree = _in_context(hit, degrees, clause)
            touched = value != own
            if degree is not None:
                places = degree.places + places
        if negators:
            negator = _negator_of(hit, negators, polar, used, behind=behind)
            if negator is None and before is not None and _is_joined(before[0], hit):
                negator = before[1]  # "no gossip or politics"
            before = None if negator is None else (hit, negator)
            if negator is not None:
                used.add(negator.start)
                value = _denied(value, hit, negator, degrees)
                touched = True
                places = negator.places + places
        if wish >= 0 and value > 0 and kind != "wish" and (hit.start > wish or kind == "good"):
            value *= -0.3
            touched = True
        if value:
            parts.append(Part(value, places, hit.entry.topics, value * (own or (1 if kind == "good" else -1)) < 0))
            bare.append(not touched and kind in _BARE)
    parts += unnamed
    bare += [False] * len(unnamed)
    return parts if kinds.isdisjoint(_BARE) else _without_bare(parts, bare)


def _by_role(clause: list[Hit]) -> tuple[list[Hit], list[Hit], list[Hit], list[Hit]]:
    """Part the hits of a clause: what is good or bad, words of degree, negators, words that grant."""
    polar: list[Hit] = []
    degrees: list[Hit] = []
    negators: list[Hit] = []
    grants: list[Hit] = []
    for hit in clause:
        kind = hit.entry.kind
        if kind in _POLAR:
            polar.append(hit)
        elif kind in _DEGREES:
            degrees.append(hit)
        elif kind == "neg":
            negators.append(hit)
        elif kind == "grant":
            grants.append(hit)
    return polar, degrees, negators, grants


def _denials(grants: list[Hit], negators: list[Hit], polar: list[Hit], used: set[int]) -> tuple[dict[int, Places], list[Part]]:
    """Return what a clause says of its `grants` is not granted: for each such thing, by its start, the words that deny it, and parts for what no word of ours names.

    The negators become `used`: "overtime is not paid" denies the pay, not the overtime.
    """
    denied: dict[int, Places] = {}
    unnamed: list[Part] = []
    for grant in grants:
        near = [each for each in negators if 0 <= grant.start - each.end < _NEGATION_REACH and each.start not in used]
        if not near or any(near[-1].end <= each.start < grant.start for each in polar):
            continue
        thing = _thing_of(grant, polar)
        places = near[-1].places + grant.places
        if thing is None:
            if not grant.entry.topics:
                continue
            unnamed.append(Part(_DENIED, places, grant.entry.topics, turned=True))
        elif thing.entry.value < 0 and not grant.entry.topics:
            continue  # "bullying is not allowed"
        else:
            denied[thing.start] = places
        used.add(near[-1].start)
    return denied, unnamed


def _thing_of(grant: Hit, polar: list[Hit]) -> Hit | None:
    """Return what is granted: the nearest thing before, else right behind."""
    things = [each for each in polar if each.entry.topics and each.entry.kind in _THINGS]
    before = [each for each in things if each.end <= grant.start]
    behind = [each for each in things if 0 <= each.start - grant.end < _GRANTED_REACH]
    return before[-1] if before else behind[0] if behind else None


def _without_bare(parts: list[Part], bare: list[bool]) -> list[Part]:
    """Let a bare noun be what the words beside it make of it: "the salary is poor" says nothing good."""
    if all(bare) or not any(bare):
        return parts
    said = math.fsum(part.value for part, is_bare in zip(parts, bare, strict=True) if not is_bare)
    for part, is_bare in zip(parts, bare, strict=True):
        if is_bare and part.value * said <= 0:
            part.value = _SHADE if said > 0 else -_SHADE
    return parts


def _in_context(hit: Hit, degrees: list[Hit], clause: list[Hit]) -> tuple[float, Hit | None]:
    """Return the value of a polar hit with the words of degree around it, and the word of direction that has decided it."""
    value, kind = hit.entry.value, hit.entry.kind
    decided = None
    for near in degrees:
        near_kind = near.entry.kind
        before = near.start < hit.start
        distance = hit.start - near.end if before else near.start - hit.end
        if distance < 0 or (distance >= _DEGREE_REACH and not _is_change(hit, near, clause)):
            continue
        if near_kind in ("boost", "thus", "damp"):
            if before:
                value *= near.entry.value or 1.0
        elif not (before or decided is None):
            continue  # of "ever more paperwork and ever less time" the first word decides
        elif kind in _BARE:
            if not _is_of_another(hit, near, clause):
                value = (1 if (near_kind == "up") == (kind == "good") else -1) * max(1.5, abs(value))
                decided = near
        elif near_kind == "down" and (distance <= (value > 0) if before else value < -1) and (kind == "word" or not before) and not _is_of_another(hit, near, clause):
            value *= -0.6  # "hardly flexible", "accidents on site have halved"
            decided = near
    return value, decided


def _is_of_another(hit: Hit, near: Hit, clause: list[Hit]) -> bool:
    """Tell whether a word of direction is that of another word than `hit`.

    In "the salary is quite low" and "slow and not enough rooms" it is of the word behind it, in "the pay is low and managers ..." of the noun before it.
    """
    if near.start < hit.start:
        return near.end < hit.start and any(0 <= near.start - other.end <= 1 and other.entry.kind in _BARE for other in clause)
    return any((other.start == near.end and other.entry.kind in _DESCRIBING) or (0 <= other.start - near.end <= 1 and other.entry.kind in _BARE) for other in clause)


def _is_change(hit: Hit, near: Hit, clause: list[Hit]) -> bool:
    """Tell whether `near`, farther behind, says that the thing of `hit` has become less: "complaints at the counter have halved"."""
    if near.entry.kind != "down" or (hit.entry.kind == "word" and hit.entry.value >= 0) or not 0 <= near.start - hit.end < _CHANGE_REACH:
        return False
    return not any(hit.end <= other.start < near.start and other.entry.kind in _POLAR for other in clause)


def _negator_of(hit: Hit, negators: list[Hit], polar: list[Hit], used: set[int], *, behind: int) -> Hit | None:
    if hit.entry.kind in ("emoji", "wish"):
        return None
    free = [near for near in negators if 0 <= hit.start - near.end < _reach_of(near) and near.start not in used]
    if free:
        if hit.entry.kind == "good" and any(other.entry.kind == "word" and hit.end <= other.start < free[-1].end + _reach_of(free[-1]) for other in polar):
            return None  # "never a salary paid late": what is denied is the word behind the noun
        return free[-1]
    if not behind:
        return None
    # "gefällt mir nicht": a negator that stands behind the last polar word and before none.
    after = [near for near in negators if 0 <= near.start - hit.end < _BEHIND_REACH]
    if not after or after[0].start in used:
        return None
    fronted = _is_fronted(polar) and after[0].end >= behind - TAIL
    if hit.entry.kind == "idiom":
        return None
    if fronted or (hit.entry.kind == "word" and hit.entry.value < 0):
        return after[0] if fronted and hit is polar[0] else None
    return after[0] if hit is polar[-1] else None


def _reach_of(negator: Hit) -> int:
    return _NEVER_REACH if negator.entry.value >= _NEVER else _NEGATION_REACH


def _is_joined(first: Hit, second: Hit) -> bool:
    """Tell whether one word alone ("or", "and") parts two things of one side."""
    return second.start - first.end == 1 and second.entry.kind in _THINGS and first.entry.value * second.entry.value > 0


def _is_fronted(polar: list[Hit]) -> bool:
    """Tell whether a clause opens with what its last word may deny: "Gelangweilt habe ich mich nie", "Hartelijk was het onthaal niet"."""
    return polar[0].start <= 1 and polar[0].entry.kind == "word" and all(each.entry.kind in _BARE for each in polar[1:])


def _denied(value: float, hit: Hit, negator: Hit, degrees: list[Hit]) -> float:
    """Return what is left of a value behind a negator: the contrary, but all of it in "never such kind people"."""
    if negator.entry.value >= _NEVER and (hit.entry.more or any(each.entry.kind in _THUS and (each.end == hit.start or (each.entry.kind == "thus" and each.start >= hit.end)) for each in degrees)):
        return value
    return _negated(value, hit.entry.kind)


def _negated(value: float, kind: str) -> float:
    if kind == "bad":
        return max(1.0, -0.8 * value)
    if kind == "good":
        return min(-1.5, -0.8 * value)
    # "not great" is milder than bad, "not bad" milder than good.
    return -0.6 * value
