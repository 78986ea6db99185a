"""What a lexicon knows of words, and how its entries are found among them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from repwatch.text.parts import Places

_SYMBOLS = {"bad": "B", "good": "G", "up": "U", "down": "D", "neg": "N", "boost": "+", "thus": "+", "damp": "~", "but": "C", "wish": "?", "grant": "", "other": "O", "void": "Y", "deny": "Y", "mock": "M", "free": "F"}


@dataclass(slots=True, frozen=True)
class Entry:
    """One row of a lexicon; `symbol` is the letter for its kind in a skeleton (repwatch.text.hashing)."""

    kind: str
    value: float
    topics: tuple[str, ...]
    symbol: str = ""
    #: Whether it is praise in the comparative, where the lexicon has it in the positive: "kinder".
    more: bool = False


def made(kind: str, value: float, topics: tuple[str, ...] = ()) -> Entry:
    """Return an entry as a lexicon has it."""
    symbol = _SYMBOLS.get(kind)
    return Entry(kind, value, topics, ("E" if kind == "emoji" else "W") + ("+" if value > 0 else "-") if symbol is None else symbol)


@dataclass(slots=True)
class Hit:
    """An entry found at tokens `start` to `end` (exclusive); those of one token are shared, so none is ever changed."""

    start: int
    end: int
    entry: Entry
    #: Where it stands, as a part says it.
    places: Places


def hit_at(start: int, end: int, entry: Entry) -> Hit:
    """Return the hit of an entry at tokens `start` to `end`."""
    return Hit(start, end, entry, ((start, end),))


class _Single(dict[int, Hit]):
    """An entry of one word, as it is found at each place of a segment: most hits are of these, and come again and again."""

    __slots__ = ("entry",)

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.entry = entry

    def __missing__(self, place: int) -> Hit:
        hit = self[place] = hit_at(place, place + 1, self.entry)
        return hit


#: One for all words of which a lexicon says the same.
single = cache(_Single)


#: What must follow the first word, and the entry that is found when it does.
Begun = tuple[tuple[str, ...], Entry]


class _Branch(dict[str, "_Branch"]):
    """What may go on from here, by the next word of a pattern, and the entries that end here, each with its rank among those of its first word."""

    __slots__ = ("ends",)

    def __init__(self) -> None:
        super().__init__()
        self.ends: list[tuple[int, Entry]] = []


class Word:
    """What a lexicon knows of one word: the entry that is the word alone, its topics, what it may begin, and what it may follow as."""

    __slots__ = ("alone", "begins", "folded", "says", "starred", "topics")

    def __init__(self, begun: list[Begun], folded: str, starred: list[str]) -> None:
        alone = [single(entry) for rest, entry in begun if not rest]
        self.topics = [each for each in alone if each.entry.kind == "topic"]
        self.alone = next((each for each in alone if each.entry.kind != "topic"), None)
        #: Whether the word is anything by itself.
        self.says = bool(alone)
        begins = _Branch()
        for rank, (rest, entry) in enumerate(begun):
            if rest:
                branch = begins
                for part in rest:
                    further = branch.get(part)
                    if further is None:
                        further = branch[part] = _Branch()
                    branch = further
                branch.ends.append((rank, entry))
        self.begins = begins or None
        #: The words of patterns for which this word may stand behind another: itself without accents, and those with a star that it fits.
        self.folded, self.starred = folded, starred


#: A word of which nothing is known, and what stands behind the last word: it begins nothing, and no pattern goes on with it.
QUIET = Word([], "", [])
#: The mark that parts clauses.
COMMA = Word([], ",", [])
COMMA.says = True


def find(known: list[Word]) -> tuple[list[Hit], list[Hit], set[str], list[int]]:
    """Return the longest entry at each place, left to right, every topic word besides, the kinds of those entries, and the places of commas.

    Behind the last word stands `QUIET`.
    """
    hits: list[Hit] = []
    topics: list[Hit] = []
    commas: list[int] = []
    taken = 0
    for place, word in enumerate(known):
        begins = word.begins
        if begins is not None:
            after = known[place + 1]
            if after.folded in begins or after.starred:
                found = _following(begins, known, place + 1)
                end = _longer(found, place, hits if place >= taken else None, topics) if found else 0
                if end:
                    taken = end
        if word.says:
            if word.topics:
                topics += [each[place] for each in word.topics]
            if word is COMMA:
                commas.append(place)
            elif place >= taken and word.alone is not None:
                hits.append(word.alone[place])
    kinds = {hit.entry.kind for hit in hits}
    if "mute" in kinds:
        kinds.discard("mute")
        hits, topics = _without_muted(hits, topics)
    return hits, topics, kinds, commas


def _without_muted(hits: list[Hit], topics: list[Hit]) -> tuple[list[Hit], list[Hit]]:
    """Drop the entries that only keep others from being found, and the topics within them."""
    silent = [hit for hit in hits if hit.entry.kind == "mute"]
    spoken = [hit for hit in hits if hit.entry.kind != "mute"]
    return spoken, [hit for hit in topics if not any(mute.start <= hit.start and hit.end <= mute.end for mute in silent)]


def _longer(found: list[tuple[int, int, Entry]], place: int, hits: list[Hit] | None, topics: list[Hit]) -> int:
    """Add what of several words begins at `place`, as it was found; return where the longest that takes its words ends, or 0."""
    if len(found) > 1:
        found.sort()
    taken = 0
    for _, end, entry in found:
        if entry.kind == "topic":
            topics.append(hit_at(place, end, entry))
        elif hits is not None and not taken:
            taken = end
            hits.append(hit_at(place, taken, entry))
    return taken


def _following(branch: _Branch, known: list[Word], place: int) -> list[tuple[int, int, Entry]]:
    """Return the entries that go on with the words from `place` on: rank, end and entry."""
    found: list[tuple[int, int, Entry]] = []
    further: _Branch | None = branch
    while further:
        branch, word = further, known[place]
        place += 1
        further = branch.get(word.folded)
        if further is not None and further.ends:
            found += [(rank, place, entry) for rank, entry in further.ends]
        if word.starred:
            for other in [branch[part] for part in word.starred if part in branch]:
                found += [(rank, place, entry) for rank, entry in other.ends]
                found += _following(other, known, place)
    return found
