"""Tell a field that was filled from a field that says something: "none so far", "rien à signaler", "geen", "nichts auszusetzen".

An answer is empty when it is one of the whole answers of its language, or when it is made of nothing but words that say nothing, one of
them a denial. What stands behind such an opening counts alone: of "No cons, it is a good company" the rest. The lists are apart from the
lexicon, so that a report that quotes texts need not read it; their format is told in `model/README.md`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache, lru_cache
from importlib import resources

from repwatch.text import lexicon
from repwatch.text.clean import fold
from repwatch.text.lexicon import LANGUAGES
from repwatch.text.tokens import tokens

_LONGEST_ANSWER = 160
#: "No cons so far", "rien à dire de plus": a known answer may trail off in a few words.
_TRAILING_WORDS = 3
_OPENING_WORDS = 8
_FIRST = re.compile(r"\W*(\w+(?:['’]\w+)?)")
_CLAUSE = re.compile(r"[.,;:!?\n()…–-]+(?=\s|$)|\s+(?:but|mais|maar|aber|sauf|except|behalve|außer)\s")
#: "Nothing Good company to work for": a capital letter begins a sentence, unless every word has one. In German it may begin a noun.
_SENTENCE = re.compile(r"\s+[A-Z]\w*\s+[a-z]")
_PIECE = re.compile(r"\w+(?:['’]\w+)*")
_PLAIN = re.compile(r"\w+(?:'\w+)*")
_ELISION = re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)'")


class Nothing:
    """What one language says where it says nothing: `rows` of kind and words; `nouns` says whether they have capital letters."""

    def __init__(self, rows: list[tuple[str, str]], *, nouns: bool = False) -> None:
        said: defaultdict[str, set[str]] = defaultdict(set)
        for kind, words in rows:
            said[kind].add(" ".join(plain_words(words)))
        #: Whole empty answers, answers that are none though made of such words, words that may follow "nothing", and those that may follow any of them.
        self.empty, self.full, self.opens, self.begins = said["empty"], said["full"], said["opens"], said["begins"]
        #: Whether a capital letter behind "nothing" begins a sentence.
        self.capitals = bool(self.opens) and not nouns
        #: The words that empty answers are made of: for "nothing", for any denial, for a fault, and those that add nothing.
        self.nothing, self.nil, self.fault, self.hollow = said["nothing"], said["nil"] | said["nothing"], said["fault"], said["hollow"]
        #: All of them, those by which an empty answer may begin, and how many words the longest has that is known whole.
        self.void = self.nil | self.hollow | self.fault
        self.starts = self.void.union(each.split(" ", 1)[0] for each in self.empty)
        self.longest = max((each.count(" ") + 1 for each in self.empty), default=0)


@cache
def load(lang: str) -> Nothing:
    """Read what `lang` (one of LANGUAGES) says where it says nothing."""
    text = resources.files("repwatch.text").joinpath("nothing", f"{lang}.tsv").read_text("utf-8")
    return Nothing([(kind, words) for kind, _, words in (line.partition("\t") for line in text.splitlines())], nouns=lang == "de")


def is_empty_answer(text: str, lang: str | None) -> bool:
    """Tell whether a filled-in field says nothing: "None", "RAS", "geen", "n/a", or no letters at all."""
    if not text[:1].isalpha() and not any(char.isalpha() for char in text[: _LONGEST_ANSWER + 1]):
        return not any(ord(char) > 0x2600 for char in text)
    if len(text) > _LONGEST_ANSWER:
        return False
    languages = [known for known in map(load, (lang,) if lang in LANGUAGES else LANGUAGES) if _may_begin(text, known)]
    if not languages:
        return False
    words = plain_words(text)
    return any(_says_nothing(words, known) for known in languages)


def without_empty_opening(text: str, lang: str) -> str:
    """Drop an opening clause that says nothing; where nothing would be left, the text stays."""
    known = load(lang)
    if not _may_begin(text, known):
        return text
    head = text[: _LONGEST_ANSWER + 1]
    end = _CLAUSE.search(head)
    if end and _says_nothing(plain_words(head[: end.start()]), known):
        rest = text[end.end() :]
        return rest if any(char.isalpha() for char in rest) else text
    cut = _end_of_denial(head, known)
    if not cut:
        return text
    hits, *_ = lexicon.load(lang).find(tokens(head)[:_OPENING_WORDS])
    if hits and hits[0].start == 0 and hits[0].entry.kind == "idiom" and not (known.capitals and _SENTENCE.match(head, cut - 1)):
        return text  # "nothing to complain about" says something
    rest = text[cut:]
    return rest if any(char.isalpha() for char in rest) else text


def plain_words(text: str) -> list[str]:
    """Return the folded words of an answer, apostrophes kept within them: "don't", "n'ai" as "n", "ai"."""
    folded = fold(text).replace("’", "'")
    words: list[str] = _PLAIN.findall(folded)
    if "'" not in folded:
        return words
    return [part for word in words for part in (word.split("'") if _ELISION.match(word) else (word,))]


def _may_begin(text: str, known: Nothing) -> bool:
    first = _FIRST.match(text)
    return first is not None and _plain_first(first[1]) in known.starts


@lru_cache(maxsize=10_000)
def _plain_first(word: str) -> str:
    return plain_words(word)[0]


def _end_of_denial(text: str, known: Nothing) -> int:
    """Return where a denial ends that no full stop parts from the rest: "no cons lovely place", "nothing it was great"; 0 without one."""
    denied = settled = False
    cut = last = 0
    before: list[str] = []
    for count, match in enumerate(_PIECE.finditer(text)):
        words = plain_words(match.group())
        if words[0] in known.begins and (" ".join(before) in known.empty or (count > 1 and _says_nothing(before, known))):
            return match.start()  # "not really it is a good place", but not "not everything"
        before += words
        if count == 0 and words[0] in known.nothing:
            settled = True
        elif settled and count == 1 and (words[0] in known.opens or (known.capitals and _SENTENCE.match(text, last))):
            return match.start()
        if not known.void.issuperset(words):
            break
        denied = denied or not known.nil.isdisjoint(words)
        if cut or (denied and not known.fault.isdisjoint(words)) or (settled and count > 0):
            cut = match.end()
        last = match.end()
    return cut


def _says_nothing(words: list[str], known: Nothing) -> bool:
    if not words or " ".join(words) in known.full:
        return False
    if known.void.issuperset(words) and not known.nil.isdisjoint(words):
        return True
    shortest = max(1, len(words) - _TRAILING_WORDS)
    return any(
        " ".join(words[:end]) in known.empty and (end == len(words) or end > 1) and known.hollow.issuperset(words[end:])
        for end in range(min(len(words), known.longest), shortest - 1, -1)
    )
