"""What `--source`, `--lang`, `--type` and their like may say. A name of nothing is refused: its empty answer would read as a true zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from repwatch.cli.common import nearest
from repwatch.errors import UsageError
from repwatch.wording import LANGUAGES, _

if TYPE_CHECKING:
    from repwatch.store import Reader

TYPES = ("review", "mention", "interview", "salary")


def one_of(option: str, value: str | None, known: Iterable[str], called: Mapping[str, str] | None = None) -> str | None:
    """Return the known name that `value` is, in whatever letters, or what the reader's language has `called` it; UsageError names the nearest, or all."""
    if value is None:
        return None
    names = tuple(known)
    found = next((name for name in names if value.casefold() in (name.casefold(), (called or {}).get(name, name).casefold())), None)
    if found is None:
        raise UsageError(_("{option} {value}: there is nothing of this name", option=option, value=value), hint=nearest(value, names))
    return found


def source_of(reader: Reader, value: str | None) -> str | None:
    """Return a source of the store, or one that repwatch can read."""
    if value is None:
        return None
    from repwatch import sources
    from repwatch.inlets import mapping

    return one_of("--source", value, sorted({*reader.sources(), *sources.names(), *mapping.sources(), "mail"}))


def lang_of(reader: Reader, value: str | None) -> str | None:
    """Return a language of ours, or one of the store; the store is asked only for another than ours, since that looks at every item."""
    if value is None:
        return None
    from repwatch.languages import language

    tag = language(value)
    return tag if tag in LANGUAGES else one_of("--lang", tag or value, sorted({*LANGUAGES, *reader.languages()}))


def topic_of(value: str | None) -> str | None:
    """Return a topic that texts are known to speak of."""
    if value is None:
        return None
    from repwatch.models import TOPICS
    from repwatch.report import words

    return one_of("--topic", value, TOPICS, {name: words.topic(name) for name in TOPICS})


def figure_of(value: str | None) -> str | None:
    """Return a figure whose texts can be listed; one of a report may be called as the report calls it."""
    if value is None or value.startswith("subrating:"):
        return value
    from repwatch.report import words
    from repwatch.store.counted import RULES

    return one_of("--counted", value, RULES, {name: words.metric(name) for name in RULES})
