"""What a mention query means: its tree, how it is written, and whether a text fits it.

A text may be known in part only (a news index shows titles): a word that is not in it may still stand in the rest.
So a judgement is True, False, or None for "cannot be told".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from repwatch.text.clean import fold
from repwatch.wording import N_

#: What stands before a colon, and what it asks of.
FIELDS = ("site", "lang", "kind", "source")
#: How many words may lie between the first and the last one of `near:(a b)`.
NEAR = 10

_WORD = re.compile(r"#?\w+")


@dataclass(frozen=True, slots=True)
class Word:
    """One word; with `prefix`, all words that begin so."""

    text: str
    prefix: bool = False

    def __str__(self) -> str:
        return self.text + ("*" if self.prefix else "")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand side by side."""

    text: str

    def __str__(self) -> str:
        return f'"{self.text}"'


@dataclass(frozen=True, slots=True)
class Near:
    """Terms of which one occurrence each lies within `distance` words of the others, in any order."""

    terms: tuple[Word | Phrase, ...]
    distance: int = NEAR

    def __str__(self) -> str:
        return f"near:{self.distance}({' '.join(map(str, self.terms))})"


@dataclass(frozen=True, slots=True)
class Field:
    """A condition on where and what an item is: `site:lesoir.be`, `lang:fr`, `kind:article`, `source:gdelt`."""

    name: str
    value: str

    def __str__(self) -> str:
        return f"{self.name}:{self.value}"


@dataclass(frozen=True, slots=True)
class Not:
    """What must not hold."""

    part: Query

    def __str__(self) -> str:
        return f"NOT {_inside(self.part, And, Or)}"


@dataclass(frozen=True, slots=True)
class And:
    """All parts must hold. `all_of` makes one."""

    parts: tuple[Query, ...]

    def __str__(self) -> str:
        return " AND ".join(_inside(part, Or) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """One part must hold. `any_of` makes one."""

    parts: tuple[Query, ...]

    def __str__(self) -> str:
        return " OR ".join(map(str, self.parts))


Query = Word | Phrase | Near | Field | Not | And | Or


def all_of(parts: Iterable[Query]) -> Query:
    """Join parts by AND; an AND within joins its own parts."""
    flat = tuple(one for part in parts for one in (part.parts if isinstance(part, And) else (part,)))
    return flat[0] if len(flat) == 1 else And(flat)


def any_of(parts: Iterable[Query]) -> Query:
    """Join parts by OR; an OR within joins its own parts."""
    flat = tuple(one for part in parts for one in (part.parts if isinstance(part, Or) else (part,)))
    return flat[0] if len(flat) == 1 else Or(flat)


def _inside(part: Query, *kinds: type) -> str:
    return f"({part})" if isinstance(part, kinds) else str(part)


class Said:
    """A text to judge: its words in order, and where it comes from. `whole` is False where only a part is known."""

    def __init__(self, parts: Iterable[str | None], *, url: str | None = None, lang: str | None = None, kind: str = "", source: str = "", whole: bool = True) -> None:
        self.url, self.lang, self.kind, self.source, self.whole = url, lang, kind, source, whole
        self.length = 0
        self.places: dict[str, list[int]] = {}
        for part in parts:
            for word in _WORD.findall(fold(part)) if part else ():
                if word.startswith("#"):
                    # A phrase may stand as one hashtag: "Acme Jobs" is #AcmeJobs.
                    self.places.setdefault(word, []).append(self.length)
                self.places.setdefault(word.lstrip("#"), []).append(self.length)
                self.length += 1
            self.length += 1  # no phrase reaches from one part into the next


class Span(NamedTuple):
    """Where a term stands: the places of its first and last word."""

    first: int
    last: int


def words_of(term: Word | Phrase) -> list[str]:
    """Return the folded words of a term: `A.C.M.E.` has four."""
    return [word.lstrip("#") for word in _WORD.findall(fold(term.text))]


def spans(term: Word | Phrase, said: Said) -> list[Span]:
    """Return every place where a term stands."""
    words = words_of(term)
    *before, last = words
    ends = said.places
    if isinstance(term, Word) and term.prefix:
        ends = {last: sorted({place for word, places in said.places.items() if word.startswith(last) for place in places})}
    starts: set[int] | None = None
    for offset, word in enumerate([*before, last]):
        known = ends if offset == len(before) else said.places
        here = {place - offset for place in known.get(word, ())}
        starts = here if starts is None else starts & here
    found = [Span(start, start + len(before)) for start in starts or ()]
    if before and not (isinstance(term, Word) and term.prefix):
        found += [Span(place, place) for place in said.places.get("#" + "".join(words), ())]
    return sorted(found)


def judge(query: Query, said: Said) -> bool | None:
    """Tell whether `said` fits the query; None where only the unknown part of a text could tell."""
    match query:
        case Not(part):
            verdict = judge(part, said)
            return None if verdict is None else not verdict
        case And(parts):
            return _all(judge(part, said) for part in parts)
        case Or(parts):
            verdict = _all(None if (told := judge(part, said)) is None else not told for part in parts)
            return None if verdict is None else not verdict
        case Field(name, value):
            return _has(name, value, said)
        case Near(terms, distance):
            found = _together([spans(term, said) for term in terms], distance)
        case _:
            found = bool(spans(query, said))
    return found or (False if said.whole else None)


def _all(verdicts: Iterable[bool | None]) -> bool | None:
    unknown = False
    for verdict in verdicts:
        if verdict is False:
            return False
        unknown = unknown or verdict is None
    return None if unknown else True


def _has(name: str, value: str, said: Said) -> bool | None:
    if name == "site":
        host = host_of(said.url)
        return host == value or host.endswith("." + value)
    if name == "lang":
        return said.lang == value if said.lang else None
    return getattr(said, name) == value  # type: ignore[no-any-return]  # both are texts


def host_of(url: str | None) -> str:
    """Return the host of an address in lower case, without `www.`; an empty text where there is none."""
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _together(every: list[list[Span]], distance: int) -> bool:
    """Tell whether one span of each term can be chosen so that all lie within `distance` words.

    The windows that matter begin where some span begins.
    """
    if not all(every):
        return False
    for start in sorted({span.first for spans_ in every for span in spans_}):
        if all(any(start <= span.first and span.last - start <= distance for span in spans_) for spans_ in every):
            return True
    return False


def reason(query: Query, said: Said) -> str:
    """Say in a few words why a text does not fit, or what in it does."""
    verdict = judge(query, said)
    match query:
        case And(parts) if verdict is not True:
            return "; ".join(reason(part, said) for part in parts if judge(part, said) is verdict)
        case Or(parts) if verdict:
            return next(reason(part, said) for part in parts if judge(part, said))
        case And(parts) | Or(parts):
            return "; ".join(reason(part, said) for part in parts)
        case Not(part):
            return N_("{part} is there", part=part) if verdict is False else N_("{part} is not there", part=part)
        case Field(name, _):
            seen = host_of(said.url) if name == "site" else getattr(said, name)
            return N_("{name} is {value}", name=name, value=seen) if seen else N_("{name} is not known", name=name)
        case _ if verdict:
            return N_("{part} is there", part=query)
        case _:
            return N_("{part} is not there", part=query) if verdict is False else N_("{part} is not in what is shown", part=query)


def fix(query: Query, known: Mapping[str, str]) -> Query | bool:
    """Return what is left of a query where some fields are known (`{"source": "gdelt"}`): a shorter query, True or False."""
    match query:
        case Field(name, value) if name in known:
            return known[name] == value
        case Not(part):
            left = fix(part, known)
            return not left if isinstance(left, bool) else Not(left)
        case And(parts) | Or(parts):
            decisive = isinstance(query, Or)
            rest = [fix(part, known) for part in parts]
            if any(each is decisive for each in rest):
                return decisive
            open_ = [each for each in rest if not isinstance(each, bool)]
            if not open_:
                return not decisive
            return any_of(open_) if decisive else all_of(open_)
        case _:
            return query


def terms_of(query: Query) -> list[Word | Phrase]:
    """Return the words and phrases of a query, those under NOT left out, in order."""
    match query:
        case Word() | Phrase():
            return [query]
        case Near(terms):
            return list(terms)
        case And(parts) | Or(parts):
            return [term for part in parts for term in terms_of(part)]
        case _:
            return []
