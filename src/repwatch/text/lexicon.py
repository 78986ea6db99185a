"""Read the lexicon of a language and find its entries in a text. The format is told in `model/README.md`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import resources

from repwatch.text.clean import fold
from repwatch.text.parts import Places
from repwatch.text.tokens import tokens

LANGUAGES = ("en", "fr", "nl", "de")
_SYMBOLS = {"bad": "B", "good": "G", "up": "U", "down": "D", "neg": "N", "boost": "+", "thus": "+", "damp": "~", "but": "C", "wish": "?", "grant": "", "other": "O", "void": "Y", "deny": "Y", "mock": "M", "free": "F"}
#: Where one pattern stands under several kinds, the first of these decides.
_RANK = {kind: rank for rank, kind in enumerate(("mute", "idiom", "emoji", "other", "void", "deny", "mock", "free", "neg", "bad", "good", "word", "up", "down", "boost", "thus", "damp", "but", "wish", "grant", "topic"))}
#: How comparatives end in our languages (in French they have no ending), the longest first, and those that are words of their own.
_MORE_ENDINGS = ("eren", "erer", "eres", "erem", "ere", "er")
#: How words are inflected in languages where that brings something (in English and French it brought nothing), and how long a stem is at least.
_ENDINGS = {
    "nl": ("ere", "ste", "er", "st", "e", "s"),
    "de": ("eren", "erer", "eres", "erem", "ere", "sten", "ster", "stes", "ste"),
}
_SHORTEST_STEM = 5
_BETTER = frozenset(("better", "beter", "betere", "meilleur", "meilleure", "meilleurs", "meilleures", "besser", "bessere", "besseren", "besserer", "besseres"))
_MOST_WORDS = 50_000
#: No pattern has more letters before its star.
_LONGEST_STEM = 40
#: Patterns that stand in a text as they stand in the lexicon.
_SIMPLE = re.compile(r"[a-z]+(?: [a-z]+)*")
#: A letter of no language of ours stands for the star while a pattern is split.
_STAR = "\u0298"


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
    return Entry(kind, value, topics, symbol_of(kind, value))


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
_single = cache(_Single)


#: What must follow the first word, and the entry that is found when it does.
_Begun = tuple[tuple[str, ...], Entry]


class _Branch(dict[str, "_Branch"]):
    """What may go on from here, by the next word of a pattern, and the entries that end here, each with its rank among those of its first word."""

    __slots__ = ("ends",)

    def __init__(self) -> None:
        super().__init__()
        self.ends: list[tuple[int, Entry]] = []


class Word:
    """What a lexicon knows of one word: the entry that is the word alone, its topics, what it may begin, and what it may follow as."""

    __slots__ = ("alone", "begins", "folded", "says", "starred", "topics")

    def __init__(self, begun: list[_Begun], folded: str, starred: list[str]) -> None:
        single = [_single(entry) for rest, entry in begun if not rest]
        self.topics = [each for each in single if each.entry.kind == "topic"]
        self.alone = next((each for each in single if each.entry.kind != "topic"), None)
        #: Whether the word is anything by itself.
        self.says = bool(single)
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
_QUIET = Word([], "", [])
#: The mark that parts clauses.
_COMMA = Word([], ",", [])
_COMMA.says = True


class Lexicon(dict[str, Word]):
    """The entries of one language; as a dictionary, what is known of each word met so far."""

    def __init__(self, rows: Iterable[tuple[str, Entry]], *, behind: bool = True, fronts: bool = False, endings: tuple[str, ...] = ()) -> None:
        """Index patterns, each with what it says."""
        super().__init__({",": _COMMA})
        #: Whether a negator may stand behind the word that it turns.
        self.behind = behind
        #: Whether a sentence may open with what its last word denies, as in Dutch and German.
        self.fronts = fronts
        #: How its words are inflected.
        self.endings = endings
        #: Words that make praise before a comma mockery: "great, another meeting".
        self.again: set[str] = set()
        #: Words that make what follows the other side of a comparison: "kinder than at my last job".
        self.than: set[str] = set()
        #: Words by which a clause is of the present, whatever was said before: "these days".
        self.now: set[str] = set()
        self._plain: dict[str, list[_Begun]] = {}
        self._starred: list[tuple[re.Pattern[str], tuple[str, ...], Entry]] = []
        #: The words that stand behind others in patterns; those with a star also by what stands before their star.
        self._inner: set[str] = set()
        self._within: dict[str, set[str]] = {}
        self._prefix: dict[str, list[_Begun]] = {}
        lists = {"again": self.again, "than": self.than, "now": self.now}
        for pattern, entry in rows:
            if entry.kind in lists:
                lists[entry.kind].update((pattern, fold(pattern)))
            elif _SIMPLE.fullmatch(pattern):  # as most are: nothing to fold, no star to look for
                head, _, behind_it = pattern.partition(" ")
                rest = tuple(behind_it.split())
                self._inner.update(rest)
                self._plain.setdefault(head, []).append((rest, entry))
            else:
                self._add(tokens_of_pattern(pattern), entry)

    def _add(self, parts: list[str], entry: Entry) -> None:
        if not parts:
            return
        rest = tuple(part if "*" in part else _folded(part) for part in parts[1:])
        self._inner.update(rest)
        for part in rest:
            if "*" in part:
                self._within.setdefault(part.partition("*")[0], set()).add(part)
        self._index(parts[0], rest, entry)

    def _index(self, head: str, rest: tuple[str, ...], entry: Entry) -> None:
        if "*" not in head:
            self._plain.setdefault(head, []).append((rest, entry))
            bare = _folded(head)
            if bare != head:
                self._plain.setdefault(bare, []).append((rest, entry))
        elif head.endswith("*") and "*" not in head[:-1] and len(head) > 3:
            for stem in {head[:-1], _folded(head[:-1])}:
                self._prefix.setdefault(stem, []).append((rest, entry))
        elif head.strip("*"):
            self._starred.append((_glob(head), rest, entry))

    def __missing__(self, token: str) -> Word:
        """Look a word up for the first time; a flood of new words is not kept."""
        starred = [part for end in range(min(len(token), _LONGEST_STEM) + 1) for part in self._within.get(token[:end], ()) if _glob(part).fullmatch(token)]
        begun, folded = self._beginning(token), _folded(token)
        word = Word(begun, folded, starred) if begun or starred or folded in self._inner else _QUIET
        entry = None if word.alone is None else word.alone.entry
        if entry is not None and entry.kind == "word" and entry.value > 0 and self._is_more(folded):
            word.alone = _single(replace(entry, more=True))
        if len(self) < _MOST_WORDS:
            self[token] = word
        return word

    def _beginning(self, token: str) -> list[_Begun]:
        found = list(self._plain.get(token, ()))
        folded = _folded(token)
        if not found and folded != token:
            found = list(self._plain.get(folded, ()))
        for end in range(2, min(len(token), _LONGEST_STEM) + 1):
            found += self._prefix.get(token[:end], ())
        found += [(rest, entry) for glob, rest, entry in self._starred if glob.fullmatch(token)]
        if not found:
            found = self._inflected(folded)
        found.sort(key=_longest_first)
        return found

    def _inflected(self, token: str) -> list[_Begun]:
        """Return the praise or blame of the word of which a token that nobody wrote down may be a form."""
        for ending in self.endings:
            stem = token[: -len(ending)]
            if token.endswith(ending) and len(stem) >= _SHORTEST_STEM:
                found = [(rest, entry) for rest, entry in self._plain.get(stem, ()) if not rest and entry.kind == "word"]
                if found:
                    return found
        return []

    def _is_more(self, token: str) -> bool:
        """Tell whether a word of praise is the comparative of another: "kinder", "friendlier", "herzlichere"."""
        ending = next((each for each in _MORE_ENDINGS if token.endswith(each)), "")
        stem = token[: -len(ending)] if ending else ""
        return token in _BETTER or (len(stem) > 2 and any(self._praises(each) for each in (stem, f"{stem}e", f"{stem[:-1]}y", stem[:-1])))

    def _praises(self, token: str) -> bool:
        return any(not rest and entry.kind == "word" and entry.value > 0 for rest, entry in self._plain.get(token, ()))

    def find(self, words: list[str]) -> tuple[list[Hit], list[Hit], set[str], list[int]]:
        """Return the longest entry at each place, left to right, every topic word besides, the kinds of those entries, and the places of commas."""
        known = [*map(self.__getitem__, words), _QUIET]
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
                if word is _COMMA:
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


def symbol_of(kind: str, value: float) -> str:
    """Return the letter for a kind of entry."""
    symbol = _SYMBOLS.get(kind)
    return symbol if symbol is not None else ("E" if kind == "emoji" else "W") + ("+" if value > 0 else "-")


def _longest_first(begun: _Begun) -> tuple[int, int, bool]:
    rest, entry = begun
    return -len(rest), _RANK.get(entry.kind, 99), bool(rest) and "*" in rest[0]


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


def _folded(token: str) -> str:
    """Fold a token; most have no accent."""
    return token if token.isascii() else _unaccented(token)


_unaccented = lru_cache(maxsize=_MOST_WORDS)(fold)


@cache
def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(r"[^\W\d_'\-]*".join(re.escape(part) for part in pattern.split("*")))


def tokens_of_pattern(pattern: str) -> list[str]:
    """Split a lexicon pattern as a text is split, stars kept."""
    if pattern.replace(" ", "").replace("*", "").isalpha():
        return pattern.lower().split()
    if "*" not in pattern:
        return tokens(pattern)
    return [token.replace(_STAR, "*") for token in tokens(pattern.replace("*", _STAR))]


@cache
def load(lang: str) -> Lexicon:
    """Read the lexicon of `lang` (one of LANGUAGES) that ships with the package."""
    text = resources.files("repwatch.text").joinpath("lexicon", f"{lang}.tsv").read_text("utf-8")
    entries: dict[tuple[str, str, str], Entry] = {}
    rows = []
    for line in text.splitlines():
        kind, pattern, value, topics = line.split("\t")
        entry = entries.get((kind, value, topics))
        if entry is None:
            entry = entries[kind, value, topics] = made(kind, float(value), tuple(topics.split(",")) if topics else ())
        rows.append((pattern, entry))
    return Lexicon(rows, behind=lang != "en", fronts=lang in ("nl", "de"), endings=_ENDINGS.get(lang, ()))
