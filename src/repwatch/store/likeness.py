"""When two items say the same in the same words: fingerprints to find such pairs, and the measure that decides. Pure.

A fingerprint is a handful of the least hashes of four-word runs, of the whole text and of its beginning (copies are cut
at their end more than at their start), so that copies share some of them whatever else they hold. The measure is
the share of three-word runs of the shorter text that the longer one holds (containment; Broder 1997).
"""

from __future__ import annotations

import re
from functools import cached_property
from zlib import crc32

from repwatch.store.identity import Data

#: Texts of so many words or fewer are alike by chance ("Great place to work").
SHORT = 12
#: From this share of common runs on, two texts are one.
SAME = 0.5
#: A shorter text that stands inside a much longer one is a quotation, unless the longer one begins with it.
_QUOTED = 0.35
_HEAD, _OF_HEAD, _OF_ALL = 40, 5, 8
_FIELDS = ("title", "text", "pros", "cons", "advice", "body")
_WORD = re.compile(r"\w+")
_WRAPPING = re.compile(r"^https?://(www\.|m\.|mobile\.|amp\.)?")
#: Addresses are kept apart from hashes of words.
_ADDRESS = 1 << 32
COMPARED = frozenset({"mention", "review"})
#: These are like their own kind only: a comment that quotes an article is no copy of it.
_APART = frozenset({"comment", "review"})


class Content:
    """The words of an item, as far as likeness goes."""

    def __init__(self, data: Data) -> None:
        self.kind: str = data.get("kind") or data["type"]
        self._url: str | None = data.get("url") if self.kind == "article" else None
        text = " ".join(data.get(field) or "" for field in _FIELDS)
        self.words: list[str] = _WORD.findall(text.casefold())

    @cached_property
    def runs(self) -> frozenset[int]:
        """Return the hashes of all three-word runs."""
        return frozenset(_hashes(self.words, 3))

    @property
    def address(self) -> int | None:
        """Return a hash of an article's address: the same address is the same article, however short its text."""
        return _ADDRESS | crc32(_WRAPPING.sub("", self._url).rstrip("/").encode()) if self._url else None

    @property
    def fingerprint(self) -> frozenset[int]:
        """Return the hashes by which alike items are found."""
        found: set[int] = set()
        if len(self.words) > SHORT:
            hashes = _hashes(self.words, 4, crc32(self.kind.encode()) if self.kind in _APART else 0)
            found.update(sorted(set(hashes))[:_OF_ALL], sorted(set(hashes[:_HEAD]))[:_OF_HEAD])
        if self.address is not None:
            found.add(self.address)
        return frozenset(found)


def _hashes(words: list[str], size: int, salt: int = 0) -> list[int]:
    return [crc32(" ".join(words[start : start + size]).encode("utf-8", "replace"), salt) for start in range(len(words) - size + 1)]


def alike(one: Content, other: Content) -> bool:
    """Tell whether two items say the same in the same words. Symmetrical."""
    if one.kind != other.kind and not _APART.isdisjoint((one.kind, other.kind)):
        return False
    if one.address is not None and one.address == other.address:
        return True
    if min(len(one.words), len(other.words)) <= SHORT:
        return False
    less, more = sorted((one, other), key=lambda each: len(each.runs))
    if not less.runs or len(less.runs & more.runs) < SAME * len(less.runs):
        return False
    return len(less.runs) >= _QUOTED * len(more.runs) or _begins_with(more, less)


def _begins_with(more: Content, less: Content) -> bool:
    """Tell whether `more` begins as `less` does, give or take a headline or a dateline."""
    start = frozenset(_hashes(more.words[: len(less.words) + _HEAD], 3))
    return len(less.runs & start) >= SAME * len(less.runs)
