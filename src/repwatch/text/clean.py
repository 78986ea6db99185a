"""Make foreign text harmless and comparable."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from itertools import filterfalse

# C0 and C1 controls but tab and newline, the bidirectional controls, the byte order mark, lone surrogates.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]+")
_BLANK_LINES = re.compile(r"\n\s*\n\s*")
_WORDS = re.compile(r"\w+")


def harmless(text: str) -> str:
    """Drop control and direction characters; lines end in one way."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def clean(text: str) -> str:
    """Drop control and direction characters, fold spaces, keep paragraphs; the result is in Unicode form C."""
    text = _SPACES.sub(" ", unicodedata.normalize("NFC", harmless(text)))
    return _BLANK_LINES.sub("\n\n", text).strip()


def clean_or_none(text: str | None) -> str | None:
    """Clean `text`; None where nothing is left."""
    return (clean(text) or None) if text else None


def one_line(text: str, width: int = 0) -> str:
    """Return cleaned `text` on one line, cut to `width` characters when that is not 0."""
    line = " ".join(clean(text).split())
    return line if not width or len(line) <= width else line[: width - 1].rstrip() + "…"


def fold(text: str) -> str:
    """Return `text` in lower case, without accents: for comparing, never for showing."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(filterfalse(unicodedata.combining, decomposed))


def words(text: str) -> list[str]:
    """Return the folded words of `text`."""
    return _WORDS.findall(fold(text))


def whole_text(item: object) -> str:
    """Return all that a person wrote in an item, or in the row that stores one."""
    fields = ("title", "pros", "cons", "advice", "body", "text", "process")
    told = (item.get(name) if isinstance(item, Mapping) else getattr(item, name, None) for name in fields)
    return "\n".join(text for text in told if text)
