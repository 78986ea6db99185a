"""Read the lexicon of a language, and know its words when they are met. The format is told in `model/README.md`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache, lru_cache
from importlib import resources

from repwatch.text.clean import fold
from repwatch.text.entries import COMMA, QUIET, Begun, Entry, Hit, Word, find, made, single
from repwatch.text.tokens import tokens

LANGUAGES = ("en", "fr", "nl", "de")
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
#: A letter of no language of ours stands for the star while a pattern is split.
_STAR = "\u0298"


class Lexicon(dict[str, Word]):
    """The entries of one language; as a dictionary, what is known of each word met so far."""

    def __init__(self, rows: Iterable[tuple[str, Entry]], *, behind: bool = True, fronts: bool = False, endings: tuple[str, ...] = ()) -> None:
        """Index patterns, each with what it says."""
        super().__init__({",": COMMA})
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
        self._plain: dict[str, list[Begun]] = {}
        self._starred: list[tuple[re.Pattern[str], tuple[str, ...], Entry]] = []
        #: The words that stand behind others in patterns; those with a star also by what stands before their star.
        self._inner: set[str] = set()
        self._within: dict[str, set[str]] = {}
        self._prefix: dict[str, list[Begun]] = {}
        lists = {"again": self.again, "than": self.than, "now": self.now}
        for pattern, entry in rows:
            if entry.kind in lists:
                lists[entry.kind].update((pattern, fold(pattern)))
            elif pattern.replace(" ", "").isalpha():  # as most are: no star to look for, nothing to part but words
                head, _, behind_it = fold(pattern).partition(" ")
                rest = tuple(behind_it.split())
                self._inner.update(rest)
                self._plain.setdefault(head, []).append((rest, entry))
                if not pattern.isascii() and (accented := pattern.lower().partition(" ")[0]) != head:
                    self._plain.setdefault(accented, []).append((rest, entry))
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
        word = Word(begun, folded, starred) if begun or starred or folded in self._inner else QUIET
        entry = None if word.alone is None else word.alone.entry
        if entry is not None and entry.kind == "word" and entry.value > 0 and self._is_more(folded):
            word.alone = single(replace(entry, more=True))
        if len(self) < _MOST_WORDS:
            self[token] = word
        return word

    def _beginning(self, token: str) -> list[Begun]:
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

    def _inflected(self, token: str) -> list[Begun]:
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
        """Find the entries in a segment, as `repwatch.text.entries.find` tells."""
        return find([*map(self.__getitem__, words), QUIET])


def _longest_first(begun: Begun) -> tuple[int, int, bool]:
    rest, entry = begun
    return -len(rest), _RANK.get(entry.kind, 99), bool(rest) and "*" in rest[0]


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
