"""What a source is asked for a query: searches whose answers together hold everything that fits.

Where a source cannot express a part, that part is left out, so that more comes than was meant, never less; the rest is
judged here (`query.judge`).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from repwatch.errors import UsageError
from repwatch.models import SourceInfo
from repwatch.text.query import And, Field, Near, Or, Phrase, Query, Word, fix, terms_of, words_of

#: More searches than this for one query are not worth their pages: they are joined into wider ones.
MOST = 6
#: GDELT's longest query.
_LONGEST = 240
_GDELT_LANGUAGES = {"fr": "french", "nl": "dutch", "de": "german", "en": "english"}

Term = Word | Phrase
Needed = frozenset[Term]


def asks(query: Query, info: SourceInfo) -> tuple[str, ...]:
    """Return the targets that a source's walk is given; none where the query excludes the source.

    Raises UsageError where the source could not be asked for less than everything.
    """
    left = fix(query, {"source": info.name})
    if left is False:
        return ()
    needed = _widened(_needed(left)) if not isinstance(left, bool) else [frozenset[Term]()]
    if not all(needed):
        raise UsageError(f"{info.title} cannot be asked for this query: {query}", where="query",
                         hint="It searches for whole words: add a word or a phrase that every hit holds (a beginning with * or a site: is not enough).")  # fmt: skip
    if info.search == "boolean":
        whole = _boolean(needed, left)
        return (whole,) if len(whole) <= _LONGEST else tuple(_boolean([one], left) for one in needed)
    write = {"words": _words, "phrase": _telling, "hashtag": _telling}[info.search]
    return tuple(dict.fromkeys(write(one) for one in needed))


def _needed(query: Query | bool) -> list[Needed]:
    """Return sets of terms; whatever fits the query holds all terms of one of them."""
    match query:
        case Word(prefix=False) | Phrase():
            return [frozenset([query])]
        case Near(terms):
            return [frozenset(term for term in terms if not (isinstance(term, Word) and term.prefix))]
        case Or(parts):
            return _absorbed(one for part in parts for one in _needed(part))
        case And(parts):
            found: list[Needed] = [frozenset()]
            for part in parts:
                found = _absorbed(one | other for one, other in product(found, _needed(part)))
                if len(found) > 10 * MOST:
                    found = _widened(found)
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


def _widened(needed: list[Needed]) -> list[Needed]:
    """Ask for the one term that most sets share, then for the next, where there are too many sets."""
    if len(needed) <= MOST or not all(needed):
        return needed
    chosen: list[Needed] = []
    left = list(needed)
    while left:
        counts = {term: sum(term in one for one in left) for one in left for term in one}
        best = min(counts, key=lambda term: (-counts[term], -_weight(term), str(term)))
        chosen.append(frozenset([best]))
        left = [one for one in left if best not in one]
    return chosen


def _weight(term: Term) -> int:
    return sum(map(len, words_of(term)))


def _sorted(one: Needed) -> list[str]:
    return sorted(map(str, one), key=lambda text: (text.strip('"').casefold(), text))


def _bare(term: Term) -> str:
    return term.text


def _words(one: Needed) -> str:
    """Write one term as it is, several in quotes."""
    if len(one) == 1:
        return _bare(next(iter(one)))
    return " ".join(f'"{text.strip(chr(34))}"' for text in _sorted(one))


def _telling(one: Needed) -> str:
    """Write the term that says most: the longest."""
    return _bare(min(one, key=lambda term: (-_weight(term), str(term))))


def _boolean(needed: list[Needed], query: Query | bool) -> str:
    groups = [" ".join(f'"{text.strip(chr(34))}"' for text in _sorted(one)) for one in needed]
    if len(groups) == 1:
        written = groups[0] if len(needed[0]) > 1 or _languages(query) else _words(needed[0])
    elif all(len(one) == 1 for one in needed):
        written = f"({' OR '.join(groups)})"
    else:
        # GDELT knows OR between terms, not between groups of them: the terms of all groups, each of which must be there.
        shared = frozenset.intersection(*needed)
        rest = _absorbed(frozenset([min(one - shared, key=lambda term: (-_weight(term), str(term)))]) for one in needed)
        first = " ".join(f'"{text.strip(chr(34))}"' for text in _sorted(shared))
        written = f"{first} {_boolean(rest, True)}".strip()
    return " ".join([written, *_languages(query)])


def _languages(query: Query | bool) -> list[str]:
    parts = query.parts if isinstance(query, And) else (query,)
    known = [_GDELT_LANGUAGES.get(part.value) for part in parts if isinstance(part, Field) and part.name == "lang"]
    return [f"sourcelang:{name}" for name in known if name]


def explain(query: Query, info: SourceInfo) -> str:
    """Return what is left for repwatch to judge, in a sentence."""
    if info.search == "hashtag":
        return "a hashtag finds only posts that carry it; the rest of the query is judged here"
    exact = isinstance(query, Word | Phrase) and not (isinstance(query, Word) and query.prefix)
    if exact:
        return "the whole query"
    missing = [name for name, found in (("NOT", "NOT " in str(query)), ("near:", "near:" in str(query)), ("word*", any(isinstance(t, Word) and t.prefix for t in terms_of(query))),
                                        ("site:, lang: and kind:", any(f"{name}:" in str(query) for name in ("site", "lang", "kind")))) if found]  # fmt: skip
    return f"more than the query means; {', '.join(missing)} judged here" if missing else "every hit holds these; judged once more here"
