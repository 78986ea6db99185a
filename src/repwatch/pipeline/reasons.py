"""Why a figure moved: the topics and words that tell two periods apart, each with the texts that carry it.

Words of health, union, origin or belief (GDPR Art. 9) are listed for nobody, and sentences that hold one are not quoted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any

from repwatch.analysis.why import Driver, drivers
from repwatch.text.special import touches_special, without_special

if TYPE_CHECKING:
    from repwatch.store import Reader
    from repwatch.store.counts import Text

#: The newest texts of a period that are read for words: the cost of a report does not grow with the store.
MOST = 1_000
_QUOTES, _TRIES, _EXCERPT = 3, 12, 160
_FIELDS = ("title", "text", "pros", "cons", "advice", "body")
#: Where a topic is praised or blamed is looked for on that side first.
_BLAMED = ("cons", *(name for name in _FIELDS if name != "cons"))
_PRAISED = ("pros", *(name for name in _FIELDS if name != "pros"))
_WORD = re.compile(r"[^\W\d_]{3,}")
#: Words that carry grammar, in the four languages.
_PLAIN = frozenset("""
the and for you your are was were with that this they them their there have has had not but from all can will would what when who which its our out very more most been than then just about
also some any because into only how too get got one
les des une est pas que qui pour dans avec sur par plus mais son ses sont vous nous ils elles leur leurs cette ces tout tous très être fait été aux ont même comme bien peu entre sans aussi donc
het een van niet voor met zijn maar ook als dan nog wel veel meer bij door over naar wordt worden werd deze dit dat die heb heeft hebben kan geen aan uit dus hun wat waar zeer heel zich
der die das und ist nicht ein eine einen einem einer mit für auf auch von den dem des sich sind war wird werden wurde aber oder als wie man nur noch sehr bei zum zur aus hat haben kann über
""".split())  # noqa: SIM905 — two hundred strings in quotes read worse


def reasons(reader: Reader, employer: str, before: tuple[date, date], now: tuple[date, date], *, source: str | None = None, lang: str | None = None) -> dict[str, Any]:
    """Return `topics` and `words` that tell the periods apart, with ids, links and excerpts; `capped` where only the newest texts were read."""
    old, new = (reader.texts(employer, first.isoformat(), last.isoformat(), source=source, lang=lang, limit=MOST) for first, last in (before, now))
    texts = {text.id: text for text in (*old, *new)}
    own = set(_words(employer))
    topics = drivers(*([(text.id, text.topics) for text in period] for period in (old, new)))
    words = drivers(*([(text.id, _listed(text, own)) for text in period] for period in (old, new)), hidden=touches_special)
    return {
        "texts": {"before": len(old), "after": len(new)},
        "capped": MOST in (len(old), len(new)),
        "topics": [_told(each, texts, quoted=False) for each in topics],
        "words": [_told(each, texts, quoted=True) for each in words],
    }


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _content(text: Text, fields: Iterable[str] = _FIELDS, shown: Callable[[str], str] = str) -> str:
    return " · ".join(" ".join(shown(part).split()) for name in fields if (part := text.data.get(name)))


def _listed(text: Text, own: set[str]) -> Iterable[str]:
    return [word for word in _words(_content(text)) if word not in _PLAIN and word not in own]


def _told(driver: Driver, texts: dict[int, Text], *, quoted: bool) -> dict[str, Any]:
    quotes = list(islice(filter(None, (_quote(texts[number], driver.word, searched=quoted) for number in driver.texts[:_TRIES])), _QUOTES))
    return {"word" if quoted else "topic": driver.word, "before": driver.before, "after": driver.after, "log_odds": round(driver.log_odds, 3), "z": round(driver.z, 2), "quotes": quotes}


def _quote(text: Text, word: str, *, searched: bool) -> dict[str, Any] | None:
    """Return an excerpt around a word, or for a topic from the side that speaks of it; None where only sentences that are left out say it."""
    side = 0.0 if searched else text.topics.get(word, 0.0)
    content = _content(text, _BLAMED if side < 0 else _PRAISED if side > 0 else _FIELDS, without_special)
    found = re.search(rf"\b{re.escape(word)}\b", content, re.IGNORECASE) if searched else _WORD.search(content)
    if not found:
        return None
    start = max(0, found.start() - _EXCERPT // 2) if searched else 0
    cut = content[start : start + _EXCERPT]
    return {"source": text.source, "native_id": text.data.get("native_id"), "url": text.data.get("url"), "published": text.published or None,
            "excerpt": f"{'…' if start else ''}{cut.strip()}{'…' if start + _EXCERPT < len(content) else ''}"}  # fmt: skip


