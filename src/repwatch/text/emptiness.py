"""Tell a field that was filled from a field that says something: "none so far", "rien à signaler", "geen", "nichts auszusetzen".

An answer is empty when it is one of the whole answers of the lexicon, or when it is made of nothing but words that say nothing, one of
them a denial. What stands behind such an opening counts alone: of "No cons, it is a good company" the rest.
"""

from __future__ import annotations

import re

from repwatch.text import lexicon
from repwatch.text.lexicon import LANGUAGES, Lexicon, plain_words

_LONGEST_ANSWER = 160
#: "No cons so far", "rien à dire de plus": a known answer may trail off in a few words.
_TRAILING_WORDS = 3
_CLAUSE = re.compile(r"[.,;:!?\n()…–-]+(?=\s|$)|\s+(?:but|mais|maar|aber|sauf|except|behalve|außer)\s")


def is_empty_answer(text: str, lang: str | None) -> bool:
    """Tell whether a filled-in field says nothing: "None", "RAS", "geen", "n/a", or no letters at all."""
    words = plain_words(text[: _LONGEST_ANSWER + 1])
    if not words or not any(char.isalpha() for char in text[: _LONGEST_ANSWER + 1]):
        return not any(ord(char) > 0x2600 for char in text)
    if len(text) > _LONGEST_ANSWER:
        return False
    languages = (lang,) if lang in LANGUAGES else LANGUAGES
    return any(_says_nothing(words, lexicon.load(each)) for each in languages if each)


def without_empty_opening(text: str, lang: str) -> str:
    """Drop an opening clause that says nothing; where nothing would be left, the text stays."""
    known = lexicon.load(lang)
    first = plain_words(text[:24])
    if not first or (first[0] not in known.nil and first[0] not in known.hollow):
        return text
    end = _CLAUSE.search(text[: _LONGEST_ANSWER + 1])
    if end and text[end.end() :].strip() and _says_nothing(plain_words(text[: end.start()]), known):
        return text[end.end() :] if any(char.isalpha() for char in text[end.end() :]) else text
    return _behind_denied_fault(text, known)


def _behind_denied_fault(text: str, known: Lexicon) -> str:
    """Of "No cons lovely place" return "lovely place": a denial and a fault, and no full stop between them and the rest."""
    denied = False
    cut = 0
    for match in re.finditer(r"[\w'’]+", text[:_LONGEST_ANSWER]):
        words = plain_words(match.group())
        if not all(word in known.nil or word in known.fault or word in known.hollow for word in words):
            break
        denied = denied or any(word in known.nil for word in words)
        if denied and any(word in known.fault for word in words):
            cut = match.end()
        elif cut:
            cut = match.end()
    return text[cut:] if cut and any(char.isalpha() for char in text[cut:]) else text


def _says_nothing(words: list[str], known: Lexicon) -> bool:
    if not words:
        return False
    if any(word in known.nil for word in words) and all(word in known.hollow or word in known.nil or word in known.fault for word in words):
        return True
    shortest = max(1, len(words) - _TRAILING_WORDS)
    return any(
        " ".join(words[:end]) in known.empty and (end == len(words) or end > 1) and all(word in known.hollow for word in words[end:])
        for end in range(len(words), shortest - 1, -1)
    )
