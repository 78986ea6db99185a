"""Read the lexicon of a language and find its entries in a text. The format is told in `model/README.md`."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from repwatch.text.clean import fold

LANGUAGES = ("en", "fr", "nl", "de")
_TOKEN = re.compile(
    r"https?://\S+"
    r"|[:;=][-'’]?[()dpo/|*](?!\w)|[:;]-?\)+|<3|</3|\^\^|xd\b|-_-"
    r"|\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)'(?=\w)"
    r"|\d+\.(?=\s?[^\W\d_])"  # "13. Monatsgehalt" is no end of a sentence
    r"|[@#]?[^\W_]+(?:['’\-][^\W_]+)*|[!?.,;:…()]|[^\w\s]",
    re.UNICODE,
)
_SYMBOLS = {"bad": "B", "good": "G", "up": "U", "down": "D", "neg": "N", "boost": "+", "damp": "~", "but": "C", "wish": "?"}
#: Where one pattern stands under several kinds, the first of these decides.
_RANK = {kind: rank for rank, kind in enumerate(("mute", "idiom", "emoji", "neg", "bad", "good", "word", "up", "down", "boost", "damp", "but", "wish", "topic"))}
#: Kinds that are words of an empty answer, not of a text: whole answers, and what such an answer is made of.
_OF_NOTHING = frozenset(("empty", "full", "nil", "nothing", "fault", "hollow", "opens"))
_PLAIN = re.compile(r"\w+(?:'\w+)*")
_ELISION = re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)'")
_MOST_WORDS = 50_000
#: A letter of no language of ours stands for the star while a pattern is split.
_STAR = "\u0298"


class Entry(NamedTuple):
    """One row of a lexicon; `symbol` is the letter for its kind in a skeleton (repwatch.text.hashing)."""

    kind: str
    value: float
    topics: tuple[str, ...]
    symbol: str = ""


class Hit(NamedTuple):
    """An entry found at tokens `start` to `end` (exclusive)."""

    start: int
    end: int
    entry: Entry


#: What must follow the first word, and the entry that is found when it does.
_Begun = tuple[tuple[str, ...], Entry]


class Word:
    """What a lexicon knows of one word: the entry that is the word alone, its topics, and what it may begin."""

    __slots__ = ("alone", "folded", "quiet", "second", "starred", "topics")

    def __init__(self, token: str, begun: list[_Begun]) -> None:
        single = [entry for rest, entry in begun if not rest]
        self.folded = _folded(token)
        self.topics = [entry for entry in single if entry.kind == "topic"]
        self.alone: Entry | None = next((entry for entry in single if entry.kind != "topic"), None)
        self.second: dict[str, list[_Begun]] | None = {}
        self.starred = [each for each in begun if each[0] and "*" in each[0][0]]
        for each in begun:
            if each[0] and "*" not in each[0][0]:
                self.second.setdefault(_folded(each[0][0]), []).append(each)
        if not self.second and not self.starred:
            self.second = None
        #: Whether nothing at all is known of the word, which is so of most.
        self.quiet = self.second is None and self.alone is None and not self.topics


class Lexicon(dict[str, Word]):
    """The entries of one language; as a dictionary, what is known of each word met so far."""

    def __init__(self, rows: list[tuple[str, str, float, tuple[str, ...]]], *, behind: bool = True) -> None:
        super().__init__()
        #: Whether a negator may stand behind the word that it turns.
        self.behind = behind
        self.empty: set[str] = set()
        self.full: set[str] = set()
        self.nil: set[str] = set()
        self.nothing: set[str] = set()
        self.fault: set[str] = set()
        self.hollow: set[str] = set()
        self.opens: set[str] = set()
        self._plain: dict[str, list[_Begun]] = {}
        self._starred: list[tuple[re.Pattern[str], tuple[str, ...], Entry]] = []
        self._prefix: dict[str, list[_Begun]] = {}
        self._entries: dict[tuple[str, float, tuple[str, ...]], Entry] = {}
        for kind, pattern, value, topics in rows:
            if kind in _OF_NOTHING:
                getattr(self, kind).add(" ".join(plain_words(pattern)))
                continue
            parts = tokens_of_pattern(pattern)
            if parts:
                key = (kind, value, topics)
                entry = self._entries.get(key)
                if entry is None:
                    entry = self._entries[key] = Entry(kind, value, topics, symbol_of(kind, value))
                self._index(parts[0], tuple(parts[1:]), entry)
        self.nil |= self.nothing
        #: Words by which an empty answer may begin.
        self.starts = {each.split(" ", 1)[0] for each in self.empty} | self.nil | self.hollow | self.fault

    def _index(self, head: str, rest: tuple[str, ...], entry: Entry) -> None:
        if "*" not in head:
            self._plain.setdefault(head, []).append((rest, entry))
            bare = _folded(head)
            if bare != head:
                self._plain.setdefault(bare, []).append((rest, entry))
        elif head.endswith("*") and "*" not in head[:-1] and len(head) > 3:
            for stem in {head[:-1], fold(head[:-1])}:
                self._prefix.setdefault(stem, []).append((rest, entry))
        elif head.strip("*"):
            self._starred.append((_glob(head), rest, entry))

    def __missing__(self, token: str) -> Word:
        """Look a word up for the first time; a flood of new words is not kept."""
        word = Word(token, self._beginning(token))
        if len(self) < _MOST_WORDS:
            self[token] = word
        return word

    def _beginning(self, token: str) -> list[_Begun]:
        found = list(self._plain.get(token, ()))
        folded = _folded(token)
        if not found and folded != token:
            found = list(self._plain.get(folded, ()))
        for end in range(2, min(len(token), 40) + 1):
            found += self._prefix.get(token[:end], ())
        found += [(rest, entry) for glob, rest, entry in self._starred if glob.fullmatch(token)]
        found.sort(key=_longest_first)
        return found

    def find(self, words: list[str]) -> tuple[list[Hit], list[Hit]]:
        """Return the longest entry at each place, left to right, and every topic word besides."""
        known = list(map(self.__getitem__, words))
        hits: list[Hit] = []
        topics: list[Hit] = []
        taken = 0
        last = len(known) - 1
        for place, word in enumerate(known):
            if word.quiet:
                continue
            if word.topics:
                topics += [Hit(place, place + 1, entry) for entry in word.topics]
            if word.second is not None and place < last and (word.starred or known[place + 1].folded in word.second):
                end = self._longer(words, known, place, hits if place >= taken else None, topics)
                if end:
                    taken = end
                    continue
            if word.alone is not None and place >= taken:
                hits.append(Hit(place, place + 1, word.alone))
        silent = [hit for hit in hits if hit.entry.kind == "mute"]
        if silent:
            hits = [hit for hit in hits if hit.entry.kind != "mute"]
            topics = [hit for hit in topics if not any(mute.start <= hit.start and hit.end <= mute.end for mute in silent)]
        return hits, topics

    def _longer(self, words: list[str], known: list[Word], place: int, hits: list[Hit] | None, topics: list[Hit]) -> int:
        """Add what of several words begins at `place`; return where the longest that takes its words ends, or 0."""
        word = known[place]
        begun = word.second.get(known[place + 1].folded, ()) if word.second else ()
        if word.starred:
            begun = sorted([*begun, *(each for each in word.starred if _same(words[place + 1], each[0][0]))], key=_longest_first)
        taken = 0
        for rest, entry in begun:
            # The second word is known to fit; what follows it is not.
            if len(rest) > 1 and not _follows(words, known, place + 2, rest[1:]):
                continue
            if entry.kind == "topic":
                topics.append(Hit(place, place + 1 + len(rest), entry))
            elif hits is not None and not taken:
                taken = place + 1 + len(rest)
                hits.append(Hit(place, taken, entry))
        return taken


def symbol_of(kind: str, value: float) -> str:
    """Return the letter for a kind of entry."""
    return _SYMBOLS.get(kind) or ("E" if kind == "emoji" else "W") + ("+" if value > 0 else "-")


def plain_words(text: str) -> list[str]:
    """Return the folded words of an answer, apostrophes kept within them: "don't", "n'ai" as "n", "ai"."""
    return [part for word in _PLAIN.findall(fold(text).replace("’", "'")) for part in (word.split("'") if _ELISION.match(word) else (word,))]


def _longest_first(begun: _Begun) -> tuple[int, int]:
    return -len(begun[0]), _RANK.get(begun[1].kind, 99)


def _follows(words: list[str], known: list[Word], position: int, rest: tuple[str, ...]) -> bool:
    if position + len(rest) > len(words):
        return False
    for place, part in enumerate(rest, position):
        if "*" in part:
            if not _same(words[place], part):
                return False
        elif known[place].folded != _folded(part):
            return False
    return True


def _same(word: str, part: str) -> bool:
    return _glob(part).fullmatch(word) is not None


@lru_cache(maxsize=100_000)
def _folded(token: str) -> str:
    """Fold a token; words come again and again, and most have no accent."""
    return token if token.isascii() else fold(token)


@cache
def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(r"[^\W\d_'\-]*".join(re.escape(part) for part in pattern.split("*")))


def tokens(text: str) -> list[str]:
    """Split `text` into words (French elisions taken off), punctuation, emoticons and emoji, in lower case."""
    return _TOKEN.findall(text.lower().replace("’", "'"))


def tokens_of_pattern(pattern: str) -> list[str]:
    """Split a lexicon pattern as a text is split, stars kept."""
    if pattern.replace(" ", "").isalpha():
        return pattern.lower().split()
    if "*" not in pattern:
        return tokens(pattern)
    return [token.replace(_STAR, "*") for token in tokens(pattern.replace("*", _STAR))]


@cache
def load(lang: str) -> Lexicon:
    """Read the lexicon of `lang` (one of LANGUAGES) that ships with the package."""
    text = resources.files("repwatch.text").joinpath("lexicon", f"{lang}.tsv").read_text("utf-8")
    rows = []
    topics: dict[str, tuple[str, ...]] = {"": ()}
    for line in text.splitlines():
        columns = line.split("\t")
        if len(columns) >= 3 and columns[0] != "kind" and line[0] != "#":
            named = columns[3] if len(columns) > 3 else ""
            known = topics.get(named)
            if known is None:
                known = topics[named] = tuple(named.split(","))
            rows.append((columns[0], columns[1], float(columns[2] or 0), known))
    return Lexicon(rows, behind=lang != "en")
