"""Which words and topics tell two periods apart: log-odds ratios with an informative Dirichlet prior.

Monroe, Colaresi and Quinn 2008, "Fightin' Words", section 3.5: words are shrunk to what both periods say, and sorted by the z
score of what is left. Their case of two outcomes is used: a text has the word, or has it not, so that nobody shouts a word to
the top and a word that all texts share tells nothing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

#: A word must stand in so many texts: fewer would point at single people.
LEAST = 5
#: Texts that the prior stands for, with the word and without it as in both periods together.
PRIOR = 10.0
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


def drivers(before: Sequence[tuple[int, Iterable[str]]], after: Sequence[tuple[int, Iterable[str]]], *, most: int = 8, hidden: Callable[[str], bool] | None = None) -> list[Driver]:
    """Return the words that tell `before` from `after` (texts as id and words), the strongest first.

    `texts` of a driver are the ids, newest first as given, of the period that has more of it. What `hidden` holds for is never told.
    """
    sets = [[(name, frozenset(words)) for name, words in period] for period in (before, after)]
    counts = [Counter(word for _, words in period for word in words) for period in sets]
    scores = log_odds(counts[0], counts[1], (len(sets[0]), len(sets[1])))
    ranked = sorted(scores, key=lambda word: (-abs(scores[word][1]), word))
    found = []
    for word in islice((word for word in ranked if not (hidden and hidden(word))), most):
        delta, z = scores[word]
        if abs(z) < WORTH:
            break
        period = sets[1] if delta > 0 else sets[0]
        found.append(Driver(word, counts[0][word], counts[1][word], delta, z, tuple(name for name, words in period if word in words)))
    return found


def log_odds(before: Mapping[str, int], after: Mapping[str, int], texts: tuple[int, int]) -> dict[str, tuple[float, float]]:
    """Return (log-odds ratio, z) of each word that stands in five texts or more; above zero means more of it after.

    `texts` are the numbers of texts of the periods; without any in one nothing can be told.
    """
    if not all(texts):
        return {}
    found = {}
    for word, n in (Counter(before) + Counter(after)).items():
        if n < LEAST:
            continue
        share = n / sum(texts)
        cells = [(count + PRIOR * share, size - count + PRIOR * (1 - share)) for count, size in zip((before.get(word, 0), after.get(word, 0)), texts, strict=True)]
        if min(cells[0][1], cells[1][1]) <= 0:
            continue  # every text of both periods has it
        delta = math.log(cells[1][0] / cells[1][1]) - math.log(cells[0][0] / cells[0][1])
        found[word] = delta, delta / math.sqrt(sum(1 / cell for pair in cells for cell in pair))
    return found
