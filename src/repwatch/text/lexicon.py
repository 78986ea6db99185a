"""Read the lexicon of a language and find its entries in a text. The format is told in `model/README.md`."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from repwatch.text.clean import fold

LANGUAGES = ("en", "fr", "nl", "de")
_TOKEN = re.compile(r"https?://\S+|[@#]?[^\W_]+(?:['’\-][^\W_]+)*|[!?.,;:…\n()]|[^\w\s]", re.UNICODE)
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’](?=\w)", re.IGNORECASE)
_SYNTAX = ("neg", "boost", "damp", "but", "wish", "up", "down")
#: Where one pattern stands under several kinds, the first of these decides.
_RANK = {kind: rank for rank, kind in enumerate(("mute", "idiom", "emoji", "neg", "bad", "good", "word", "up", "down", "boost", "damp", "but", "wish", "topic"))}


class Entry(NamedTuple):
    """One row of a lexicon."""

    kind: str
    value: float
    topics: tuple[str, ...]


class Hit(NamedTuple):
    """An entry found at tokens `start` to `end` (exclusive)."""

    start: int
    end: int
    entry: Entry
    text: str


def tokens(text: str) -> list[str]:
    """Split `text` into words (French elisions taken off), punctuation and emoji, in lower case."""
    found = []
    for match in _TOKEN.finditer(text.lower().replace("’", "'")):
        token = match.group()
        elided = _ELISION.match(token)
        if elided:
            found.append(elided.group())
            token = token[elided.end() :]
        found.append(token)
    return found


#: What must follow the first word, and the entry that is found when it does.
_Begun = tuple[tuple[str, ...], Entry]


class Lexicon:
    """The entries of one language, indexed for a single pass over a text."""

    def __init__(self, rows: list[tuple[str, str, float, tuple[str, ...]]]) -> None:
        self.empty: set[str] = set()
        self.topic_words: dict[str, tuple[str, ...]] = {}
        self._plain: dict[str, list[tuple[tuple[str, ...], Entry]]] = {}
        self._starred: list[tuple[re.Pattern[str], tuple[str, ...], Entry]] = []
        self._prefix: dict[str, list[tuple[tuple[str, ...], Entry]]] = {}
        self._cache: dict[str, tuple[list[_Begun], dict[str, list[_Begun]], list[_Begun]]] = {}
        for kind, pattern, value, topics in rows:
            if kind == "empty":
                self.empty.add(" ".join(re.findall(r"\w+", fold(pattern))))
                continue
            parts = tuple(tokens_of_pattern(pattern))
            if parts:
                self._index(parts, Entry(kind, value, topics))

    def _index(self, parts: tuple[str, ...], entry: Entry) -> None:
        head, rest = parts[0], parts[1:]
        for form in {head, fold(head)} if "*" not in head else {head}:
            if "*" not in form:
                self._plain.setdefault(form, []).append((rest, entry))
            elif form.endswith("*") and "*" not in form[:-1] and len(form) > 3:
                for stem in {form[:-1], fold(form[:-1])}:
                    self._prefix.setdefault(stem, []).append((rest, entry))
            elif form.strip("*"):
                self._starred.append((_glob(form), rest, entry))

    def candidates(self, token: str, following: str) -> list[tuple[tuple[str, ...], Entry]]:
        """Return what may begin at `token` when `following` comes next: (the tokens that must follow, entry), the longest first."""
        known = self._cache.get(token)
        if known is None:
            known = _by_second(self._beginning(token))
            if len(self._cache) < 50_000:
                self._cache[token] = known
        alone, second, starred = known
        found = second.get(following, [])
        if starred:
            found = [*found, *(each for each in starred if _same(following, each[0][0]))]
            found.sort(key=_longest_first)
        return [*found, *alone] if found else alone

    def _beginning(self, token: str) -> list[tuple[tuple[str, ...], Entry]]:
        found = list(self._plain.get(token, ()))
        folded = _folded(token)
        if not found and folded != token:
            found = list(self._plain.get(folded, ()))
        for end in range(2, len(token) + 1):
            found += self._prefix.get(token[:end], ())
        found += [(rest, entry) for glob, rest, entry in self._starred if glob.fullmatch(token)]
        found.sort(key=_longest_first)
        return found

    def find(self, words: list[str]) -> list[Hit]:
        """Return the longest entry at each place, left to right, and every topic word besides."""
        hits: list[Hit] = []
        position = 0
        while position < len(words):
            taken = 1
            following = _folded(words[position + 1]) if position + 1 < len(words) else ""
            for rest, entry in self.candidates(words[position], following):
                end = position + 1 + len(rest)
                if rest and not _follows(words, position + 1, rest):
                    continue
                if entry.kind == "topic":
                    hits.append(Hit(position, end, entry, " ".join(words[position:end])))
                    continue
                if hits and hits[-1].start == position and hits[-1].entry.kind != "topic":
                    continue
                hits.append(Hit(position, end, entry, " ".join(words[position:end])))
                taken = end - position
            position += taken
        return hits


def _longest_first(begun: _Begun) -> tuple[int, int]:
    return -len(begun[0]), _RANK.get(begun[1].kind, 99)


def _by_second(begun: list[_Begun]) -> tuple[list[_Begun], dict[str, list[_Begun]], list[_Begun]]:
    """Sort what begins with a word by what must follow it: nothing, a word, or a pattern."""
    alone, second, starred = [], {}, []  # type: ignore[var-annotated]  # told by the signature
    for each in begun:
        if not each[0]:
            alone.append(each)
        elif "*" in each[0][0]:
            starred.append(each)
        else:
            second.setdefault(_folded(each[0][0]), []).append(each)
    return alone, second, starred


def _follows(words: list[str], position: int, rest: tuple[str, ...]) -> bool:
    if position + len(rest) > len(words):
        return False
    return all(_same(words[position + offset], part) for offset, part in enumerate(rest))


def _same(word: str, part: str) -> bool:
    if "*" in part:
        return _glob(part).fullmatch(word) is not None
    return word == part or _folded(word) == _folded(part)


#: Words come again and again; folding each once makes scoring several times faster.
_folded = lru_cache(maxsize=100_000)(fold)


@cache
def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(r"[^\W\d_'\-]*".join(re.escape(part) for part in pattern.split("*")))


def tokens_of_pattern(pattern: str) -> list[str]:
    """Split a lexicon pattern as a text is split, stars kept."""
    return [token.replace("\x00", "*") for part in pattern.split() for token in _pattern_tokens(part)]


def _pattern_tokens(part: str) -> list[str]:
    if "*" not in part:
        return tokens(part)
    elided = _ELISION.match(part)
    return [elided.group().lower(), part[elided.end() :].lower()] if elided else [part.lower()]


@cache
def load(lang: str) -> Lexicon:
    """Read the lexicon of `lang` (one of LANGUAGES) that ships with the package."""
    text = resources.files("repwatch.text").joinpath("lexicon", f"{lang}.tsv").read_text("utf-8")
    rows = []
    for line in text.splitlines():
        columns = line.split("\t")
        if len(columns) >= 3 and columns[0] != "kind" and not line.startswith("#"):
            topics = tuple(columns[3].split(",")) if len(columns) > 3 and columns[3] else ()
            rows.append((columns[0], columns[1], float(columns[2] or 0), topics))
    return Lexicon(rows)
