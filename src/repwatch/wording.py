"""Say things in the user's language: gettext catalogues, one language a run.

`_` and `n_` translate where they stand; `N_` marks a text that is translated later, where it is shown.
"""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "fr", "nl", "de")
DOMAIN = "repwatch"
CATALOGUES = Path(__file__).parent / "locale"

_spoken = "en"


def use(language: str) -> None:
    """Speak `language` from now on; one that is not ours is answered in English."""
    global _spoken  # noqa: PLW0603 — a process speaks one language
    _spoken = language if language in LANGUAGES else "en"


def spoken() -> str:
    """Return the two-letter language that is spoken."""
    return _spoken


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, CATALOGUES, [language], fallback=True)


def _(message: str, /, **values: object) -> str:
    """Return `message` in the user's language, with `values` in its {places}."""
    # The catalogue's own head stands under the empty message.
    told = _catalogue(_spoken).gettext(message) if message else message
    return told.format_map(values) if values else told


def n_(one: str, many: str, count: int, /, **values: object) -> str:
    """Return the form that `count` asks for; {n} is the count."""
    return _catalogue(_spoken).ngettext(one, many, count).format_map({"n": count, **values})


def N_(message: str) -> str:  # noqa: N802 — the name under which gettext's tools know it
    """Mark `message` for the catalogues; it is translated with `_` where it is shown."""
    return message


class Kept(str):
    """A sentence in English, as the store and `data` keep it, that can still be said in the reader's language."""

    __slots__ = ("message", "values")
    message: str
    values: dict[str, object]


def kept(message: str, /, **values: object) -> Kept:
    """Return `message`, which `N_` marks, in English with `values` in its {places}; `told` says it in the reader's language."""
    sentence = Kept(message.format_map(values) if values else message)
    sentence.message, sentence.values = message, values
    return sentence


def told(sentence: str) -> str:
    """Return a sentence that was kept in English in the reader's language; a plain one where it was marked as it stands."""
    return _(sentence.message, **sentence.values) if isinstance(sentence, Kept) else _(sentence)
