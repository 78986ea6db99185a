"""Which words and topics tell two periods apart: log-odds ratios with an informative Dirichlet prior.

Monroe, Colaresi and Quinn 2008, "Fightin' Words", equations 15, 16, 19 and 22: words are shrunk to what both periods say, and
sorted by the z score of what is left. Counted is in how many texts a word stands, once a text: nobody shouts a word to the top.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

#: A word must stand in so many texts: fewer would point at single people.
LEAST = 5
#: Prior texts in all, spread over the words as both periods together use them.
PRIOR = 500.0
#: z from which a word is worth showing; the list explains a change, it proves none.
WORTH = 1.96


class Driver(NamedTuple):
    """A word or topic that one period has more of: in how many texts of how many, the log-odds ratio (after - before), and z."""

    word: str
    before: int
    after: int
    log_odds: float
    z: float
    texts: tuple[int, ...]


def drivers(before: Sequence[tuple[int, Iterable[str]]], after: Sequence[tuple[int, Iterable[str]]], *, most: int = 8) -> list[Driver]:
    """Return the words that tell `before` from `after` (texts as id and words), the strongest first.

    `texts` of a driver are the ids, newest first as given, of the period that has more of it.
    """
    sets = [[(name, frozenset(words)) for name, words in period] for period in (before, after)]
    counts = [Counter(word for _, words in period for word in words) for period in sets]
    scores = log_odds(*counts)
    ranked = sorted(scores, key=lambda word: (-abs(scores[word][1]), word))
    found = []
    for word in ranked[:most]:
        delta, z = scores[word]
        if abs(z) < WORTH:
            break
        period = sets[1] if delta > 0 else sets[0]
        found.append(Driver(word, counts[0][word], counts[1][word], delta, z, tuple(name for name, words in period if word in words)))
    return found


def log_odds(before: Mapping[str, int], after: Mapping[str, int], *, prior: float = PRIOR, least: int = LEAST) -> dict[str, tuple[float, float]]:
    """Return (log-odds ratio, z) of each word that stands in `least` texts or more; above zero means more of it after."""
    both = Counter(before) + Counter(after)
    total, n1, n2 = sum(both.values()), sum(before.values()), sum(after.values())
    if not n1 or not n2:
        return {}
    found = {}
    for word, n in both.items():
        if n < least:
            continue
        pull = prior * n / total
        y1, y2 = before.get(word, 0) + pull, after.get(word, 0) + pull
        delta = math.log(y2 / (n2 + prior - y2)) - math.log(y1 / (n1 + prior - y1))
        found[word] = delta, delta / math.sqrt(1 / y1 + 1 / y2)
    return found


