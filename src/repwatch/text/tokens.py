"""Split a text into tokens: words, punctuation, emoticons, emoji."""

from __future__ import annotations

import re
from itertools import chain

_TOKEN = re.compile(
    r"https?://\S+"
    r"|[:;=][-'’]?[()dpo/|*](?!\w)|[:;]-?\)+|<3|</3|\^\^|xd\b|-_-"
    r"|\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)'(?=\w)"
    r"|\d+\.(?=\s?[^\W\d_])"  # "13. Monatsgehalt" is no end of a sentence
    r"|[@#]?[^\W_]+(?:['’\-][^\W_]+)*|[!?.,;:…()]|[^\w\s]",
    re.UNICODE,
)
#: The one token that looks behind a space; the full stop, which is rare, is looked for first.
_ORDINAL = re.compile(r"\.(?<=\d\.)\s")
#: How many pieces are kept, and how long each may be.
_MOST, _LONGEST = 50_000, 40


class _Pieces(dict[str, tuple[str, ...]]):
    """The tokens of what stands between spaces, as far as it was met before."""

    def __missing__(self, piece: str) -> tuple[str, ...]:
        found = tuple(_TOKEN.findall(piece))
        if len(self) < _MOST and len(piece) <= _LONGEST:
            self[piece] = found
        return found


_PIECES = _Pieces()


def tokens(text: str) -> list[str]:
    """Split `text` into words (French elisions taken off), punctuation, emoticons and emoji, in lower case."""
    text = text.lower().replace("’", "'")
    if _ORDINAL.search(text):
        return _TOKEN.findall(text)
    return list(chain.from_iterable(map(_PIECES.__getitem__, text.split())))
