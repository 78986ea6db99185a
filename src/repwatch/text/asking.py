"""What a source is asked for a query: searches whose answers together hold everything that fits.

Where a source cannot express a part, that part is left out, so that more comes than was meant, never less; the rest is
judged here (`query.judge`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import product

from repwatch.errors import UsageError
from repwatch.models import SourceInfo
from repwatch.text.query import And, Field, Near, Not, Or, Phrase, Query, Word, fix, terms_of
from repwatch.wording import N_, _

#: More searches than this for one query are not worth their pages: they are joined into wider ones.
MOST = 6
#: GDELT's longest query.
_LONGEST = 240
_GDELT_LANGUAGES = {"fr": "french", "nl": "dutch", "de": "german", "en": "english"}

Term = Word | Phrase
Needed = frozenset[Term]
#: The place of each term in the query as it was written.
Order = Mapping[Term, int]


def asks(query: Query, info: SourceInfo) -> tuple[str, ...]:
    """Return the targets that a source's walk is given; none where the query excludes the source.

    Where one term must do for several, it is the one that most of them share, then the one that was written first.
    Raises UsageError where the source could not be asked for less than everything.
    """
    left = fix(query, {"source": info.name})
    if left is False:
        return ()
    order = {term: number for number, term in reversed(list(enumerate(terms_of(query))))}
    needed = [] if left is True else _needed(left, order)
    if left is True or not all(needed):
        raise UsageError(_("{source} cannot be asked for this query: {query}", source=info.title, query=query), where="query",
                         hint=N_("It searches for whole words: add a word or a phrase that every hit holds (a beginning with * or a site: is not enough)."))  # fmt: skip
    if info.search == "boolean":
        whole = _boolean(needed, left, order)
        return (whole,) if len(whole) <= _LONGEST else tuple(_boolean([one], left, order) for one in _covered(needed, order))
    if info.search != "words":
        needed = _covered(needed, order)
    return tuple(_words(one) for one in (needed if len(needed) <= MOST else _covered(needed, order)))


def _needed(query: Query, order: Order) -> list[Needed]:
    """Return sets of terms; whatever fits the query holds all terms of one of them."""
    match query:
        case Word(prefix=False) | Phrase():
            return [frozenset([query])]
        case Near(terms):
            return [frozenset(term for term in terms if not (isinstance(term, Word) and term.prefix))]
        case Or(parts):
            return _absorbed(one for part in parts for one in _needed(part, order))
        case And(parts):
            found: list[Needed] = [frozenset()]
            for part in parts:
                found = _absorbed(one | other for one, other in product(found, _needed(part, order)))
                if len(found) > 10 * MOST:
                    found = _covered(found, order)
            return found
        case _:
            return [frozenset()]


def _absorbed(sets: Iterable[Needed]) -> list[Needed]:
    """Leave out what a wider set brings as well; order by what is written, never by hash."""
    every = sorted(set(sets), key=lambda one: (len(one), _sorted(one)))
    kept: list[Needed] = []
    for one in every:
        if not any(wider <= one for wider in kept):
            kept.append(one)
    return kept


def _covered(needed: list[Needed], order: Order) -> list[Needed]:
    """Ask for one term of each set: for the one that most sets share first."""
    chosen: list[Needed] = []
    left = [one for one in needed if one]
    if len(left) < len(needed):
        return [frozenset()]
    while left:
        counts = Counter(term for one in left for term in one)
        best = min(counts, key=lambda term: (-counts[term], order[term], str(term)))
        chosen.append(frozenset([best]))
        left = [one for one in left if best not in one]
    return chosen


def _sorted(one: Needed) -> list[str]:
    return sorted((term.text for term in one), key=lambda text: (text.casefold(), text))


def _quoted(one: Needed) -> str:
    return " ".join(f'"{text}"' for text in _sorted(one))


def _words(one: Needed) -> str:
    """Write one term as it is, several in quotes."""
    return next(iter(one)).text if len(one) == 1 else _quoted(one)


def _boolean(needed: list[Needed], query: Query, order: Order) -> str:
    """Write for GDELT, which knows OR between terms, not between groups of them."""
    languages = _languages(query)
    if len(needed) == 1:
        return " ".join([_quoted(needed[0]) if languages else _words(needed[0]), *languages])
    shared = frozenset.intersection(*needed)
    rest = _covered([one - shared for one in needed], order)
    either = _quoted(rest[0]) if len(rest) == 1 else f"({' OR '.join(map(_quoted, rest))})"
    return " ".join([*([_quoted(shared)] if shared else ()), either, *languages])


def _languages(query: Query) -> list[str]:
    parts = query.parts if isinstance(query, And) else (query,)
    known = [_GDELT_LANGUAGES.get(part.value) for part in parts if isinstance(part, Field) and part.name == "lang"]
    return [f"sourcelang:{name}" for name in known if name]


def explain(query: Query, info: SourceInfo) -> str:
    """Return what is left for repwatch to judge, in a sentence."""
    if info.search == "hashtag":
        return N_("a hashtag finds only posts that carry it; the whole query is judged here")
    parts = _kinds(query)
    if parts:
        return N_("more comes than the query means; judged here: {parts}", parts=", ".join(parts))
    return N_("the whole query") if isinstance(query, Word | Phrase) else N_("what comes is judged once more here")


def _kinds(query: Query) -> list[str]:
    """Return the parts of a query that a search cannot express."""
    match query:
        case Word(prefix=True) | Near() | Field() | Not():
            return [str(query)]
        case And(parts) | Or(parts):
            return [kind for part in parts for kind in _kinds(part)]
        case _:
            return []
