"""Mask what names or reaches a person: phones, national numbers, VAT and company numbers, IBANs, mail, handles, profiles.

Pure: text in, text out, everything else untouched to the character. Belgian, French, Dutch and German habits. An
employer's own names and identifiers are left standing, else mentions of it would stop matching.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from repwatch.models import Employer
from repwatch.text.masking import accounts, numbers, phones
from repwatch.text.masking.spans import Span, Taken, digits_of, letters_of

__all__ = ["KINDS", "VERSION", "Masker", "masker_for"]

#: Raised when stored texts have to be masked anew.
VERSION = 3
KINDS = ("PHONE", "NATIONAL_NUMBER", "VAT", "IBAN", "EMAIL", "HANDLE", "PROFILE")
#: Five digits near each other, or the three of a small entry in a register; the letters and digits of an identity card.
_DIGITS = re.compile(r"(?:\d\D{0,5}){5}|HR[AB]|GnR|VR|PR")
_DIGIT, _CARD = re.compile(r"\d"), re.compile(r"(?<![A-Za-z0-9])(?=[A-Z]*\d)[A-Z0-9]{7,12}(?![A-Za-z0-9])")
_SIGNS = ("@", "/", "HRA", "HRB")
_ALIKE = str.maketrans(
    {**dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u202f\u205f\u3000\u2060\ufeff", " "),
     **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\uff0d", "-"), "\u2044": "/", "\u2215": "/", "\uff0f": "/", "\u2019": "'",
     "\uff20": "@", "\uff0b": "+", "\uff0e": ".", "\u00ad": " ", **{chr(0xFF10 + number): str(number) for number in range(10)}}
)  # fmt: skip
#: What follows a masked piece may show itself only then; more rounds than this find nothing.
_ROUNDS = 40
#: Letters that are read in all rounds together, so that a huge text costs no forty times itself; two rounds it always has.
_MOST_READ = 1_000_000
_SHORTEST_NUMBER = 8


class Masker:
    """Replace identifiers by their kind in angle brackets, but for those of `employers`."""

    def __init__(self, employers: Iterable[Employer] = ()) -> None:
        known = tuple(employers)
        names = {name for each in known for name in (each.name, *each.aliases, *each.identifiers) if name}
        hosts = {each.domain.casefold() for each in known if each.domain}
        self._own = {letters_of(name) for name in names} | {letters_of(host) for host in hosts} | {letters_of(host.split(".")[0]) for host in hosts}
        self._own.discard("")
        self._numbers = {number for name in names if len(number := digits_of(name)) >= _SHORTEST_NUMBER}
        odd = sorted((name for name in names if re.search(r"[\d@/.]", name)), key=len, reverse=True)
        self._names = re.compile("|".join(map(re.escape, odd)), re.IGNORECASE) if odd else None

    def mask(self, text: str) -> str:
        """Return `text` masked; masking it again changes nothing. No label and no identifier goes beyond the end of its line."""
        return "\n".join(map(self._line, text.split("\n")))

    def _line(self, text: str) -> str:
        for _ in range(max(2, min(_ROUNDS, _MOST_READ // max(1, len(text))))):
            spans = self.find(text)
            if not spans:
                return text
            text = _replace(text, spans)
        return text

    def find(self, text: str) -> list[Span]:
        """Return what would be masked, in order, none overlapping another."""
        alike = text if text.isascii() else text.translate(_ALIKE)
        if not _is_worth_a_look(alike):
            return []
        own = [match.span() for match in self._names.finditer(alike)] if self._names else []
        found: list[Span] = []
        taken = Taken(len(alike))
        finders = (accounts.find, numbers.find_ibans, numbers.find_companies, numbers.find_persons, phones.find)
        for finder in finders if _has_number(alike) else finders[:1]:
            fresh = [span for span in finder(alike) if "\0" not in alike[span.start : span.end] and taken.take(span)]
            alike = "".join(_pieces(alike, sorted(fresh), hidden=True)) if fresh else alike
            found += [span for span in fresh if not self._is_own(span, own)]
        return sorted(found)

    def _is_own(self, span: Span, own: Sequence[tuple[int, int]]) -> bool:
        at = bisect_right(own, (span.start, math.inf)) - 1
        if at >= 0 and span.end <= own[at][1]:
            return True
        if span.key and letters_of(span.key) in self._own:
            return True
        number = digits_of(span.key) if span.kind in ("PHONE", "VAT", "IBAN") else ""
        return bool(number) and number in self._numbers


def _is_worth_a_look(text: str) -> bool:
    """Tell most texts, which hold nothing to mask, from the rest; patterns would take a hundred times as long."""
    return any(sign in text for sign in _SIGNS) or _has_number(text) or accounts.is_spelled_out(text.lower())


def _has_number(text: str) -> bool:
    return bool(_DIGITS.search(text) or (_DIGIT.search(text) and _CARD.search(text)))


@lru_cache(maxsize=16)
def masker_for(employers: tuple[Employer, ...]) -> Masker:
    """Return the masker that spares `employers`, made once."""
    return Masker(employers)


def _replace(text: str, spans: Iterable[Span]) -> str:
    return "".join(_pieces(text, spans))


def _pieces(text: str, spans: Iterable[Span], *, hidden: bool = False) -> Iterator[str]:
    end = 0
    for span in spans:
        yield text[end : span.start]
        yield "\0" * (span.end - span.start) if hidden else f"<{span.kind}>"
        end = span.end
    yield text[end:]
