"""Does a mention mean this employer? A score from 0 to 1 with its reasons, for names that are also words or other firms.

The weights are set by hand and documented in `docs/reference/queries.md`; below the threshold of the settings a mention
is kept and left out of the figures.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from repwatch.models import Context, Employer
from repwatch.text.query import Phrase, Said, Span, Word, host_of, spans
from repwatch.wording import N_

_NAMED, _FOUND = 0.5, 0.4
_TITLE = _LINK = 0.2
_COMPANY, _ALONE, _WRONG, _SMALL = 0.3, -0.4, -0.5, -0.2


class Relevance(NamedTuple):
    """How surely a text means an employer, and why."""

    score: float
    reasons: tuple[str, ...]


def relevance(employer: Employer, title: str | None, text: str, url: str | None) -> Relevance:
    """Judge a text by the context rules of `employer`; without rules every mention is relevant."""
    rules = employer.context
    if rules is None:
        return Relevance(1.0, (N_("no context rules"),))
    said = Said((title, text), url=url)
    others = [span for name in employer.exclude for span in spans(Phrase(name), said)]
    named = [span for name in (employer.name, *employer.aliases) for span in spans(Phrase(name), said)]
    places = [span for span in named if not any(other.first <= span.first and span.last <= other.last for other in others)]
    found = [(_NAMED, N_("the name is there")) if places else (_FOUND, N_("the name is not in what is shown"))]
    if any(span.last <= _words_in(title) for span in places):
        found.append((_TITLE, N_("the name is in the title")))
    if employer.domain and (host_of(url).endswith(employer.domain) or employer.domain in text):
        found.append((_LINK, N_("it leads to {domain}", domain=employer.domain)))
    if places and _only_small(employer, f"{title or ''}\n{text}"):
        found.append((_SMALL, N_("the name stands in small letters only")))
    found += _company(rules, places, said)
    score = min(1.0, max(0.0, sum(weight for weight, _ in found)))
    return Relevance(round(score, 2), tuple(f"{why} ({weight:+.1f})" for weight, why in found))


def _company(rules: Context, places: list[Span], said: Said) -> list[tuple[float, str]]:
    found = []
    good = _near(rules.must_have, places, said, rules.within)
    bad = _near(rules.must_not_have, places, said, rules.within)
    if good:
        found.append((_COMPANY, N_('near "{word}"', word=good)))
    elif rules.must_have:
        found.append((_ALONE, N_("none of must_have is near")))
    if bad:
        found.append((_WRONG, N_('near "{word}", which is in must_not_have', word=bad)))
    return found


def _near(words: tuple[str, ...], places: list[Span], said: Said, within: int) -> str | None:
    """Return the first of `words` that stands near a name; anywhere, where no name is there."""
    for word in words:
        for span in spans(_term(word), said):
            if not places or any(span.first - place.last <= within and place.first - span.last <= within for place in places):
                return word
    return None


def _term(word: str) -> Word | Phrase:
    return Word(word.rstrip("*"), prefix=True) if word.endswith("*") else Phrase(word)


def _words_in(title: str | None) -> int:
    return Said((title,)).length - 2 if title else -1


def _only_small(employer: Employer, text: str) -> bool:
    """Tell whether a name that the settings write with a capital stands in the text without any, in a text that knows capitals."""
    names = [name for name in (employer.name, *employer.aliases) if name != name.lower()]
    if not names or text == text.lower():
        return False
    pattern = "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names)
    every = re.findall(pattern, text, re.IGNORECASE)
    return bool(every) and all(each == each.lower() for each in every)
