"""Read the lexicon of a language and find its entries in a text. The format is told in `model/README.md`."""

from __future__ import annotations

import re
from functools import cache
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


class Lexicon:
    """The entries of one language, indexed for a single pass over a text."""

    def __init__(self, rows: list[tuple[str, str, float, tuple[str, ...]]]) -> None:
        self.empty: set[str] = set()
        self.topic_words: dict[str, tuple[str, ...]] = {}
        self._plain: dict[str, list[tuple[tuple[str, ...], Entry]]] = {}
        self._starred: list[tuple[re.Pattern[str], tuple[str, ...], Entry]] = []
        self._prefix: dict[str, list[tuple[tuple[str, ...], Entry]]] = {}
        self._cache: dict[str, list[tuple[tuple[str, ...], Entry]]] = {}
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

    def candidates(self, token: str) -> list[tuple[tuple[str, ...], Entry]]:
        """Return what may begin at `token`: (the tokens that must follow, entry)."""
        known = self._cache.get(token)
        if known is None:
            known = list(self._plain.get(token, ()))
            folded = fold(token)
            if not known and folded != token:
                known = list(self._plain.get(folded, ()))
            for end in range(2, len(token) + 1):
                known += self._prefix.get(token[:end], ())
            known += [(rest, entry) for glob, rest, entry in self._starred if glob.fullmatch(token)]
            known.sort(key=lambda found: (-len(found[0]), _RANK.get(found[1].kind, 99)))
            if len(self._cache) < 50_000:
                self._cache[token] = known
        return known

    def find(self, words: list[str]) -> list[Hit]:
        """Return the longest entry at each place, left to right, and every topic word besides."""
        hits: list[Hit] = []
        position = 0
        while position < len(words):
            taken = 1
            for rest, entry in self.candidates(words[position]):
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


def _follows(words: list[str], position: int, rest: tuple[str, ...]) -> bool:
    if position + len(rest) > len(words):
        return False
    return all(_same(words[position + offset], part) for offset, part in enumerate(rest))


def _same(word: str, part: str) -> bool:
    if "*" in part:
        return _glob(part).fullmatch(word) is not None
    return word == part or fold(word) == fold(part)


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
