"""Say things in the user's language: gettext catalogues, one language a run.

`_` and `n_` translate where they stand; `N_` marks a text that is translated later, where it is shown.
"""

from __future__ import annotations

import gettext
import re
from functools import cache, cached_property
from pathlib import Path

LANGUAGES = ("en", "fr", "nl", "de")
DOMAIN = "repwatch"
CATALOGUES = Path(__file__).parent / "locale"
_PLACE = re.compile(r"\{(\w+)\}")
#: A message with fewer letters of its own than this, such as "{n} of {all}", is not known again: too much else looks like it.
_OWN_LETTERS = 7

_spoken = "en"


def use(language: str) -> None:
    """Speak `language` from now on; one that is not ours is answered in English."""
    global _spoken  # noqa: PLW0603 — a process speaks one language
    _spoken = language if language in LANGUAGES else "en"


def spoken() -> str:
    """Return the two-letter language that is spoken."""
    return _spoken


class _Catalogue(gettext.GNUTranslations):
    """A catalogue that knows an English sentence again once values stand in its places."""

    _catalog: dict[object, str]

    @cached_property
    def templates(self) -> list[tuple[list[str], str]]:
        """Return the messages with places, each behind its own words: first those that begin with their own, then those that say most."""
        found = [(_PLACE.split(key)[::2], key) for key in self._catalog if isinstance(key, str) and _PLACE.search(key)]
        told = [each for each in found if sum(map(str.isalpha, "".join(each[0]))) >= _OWN_LETTERS]
        return sorted(told, key=lambda each: (not each[0][0], -len("".join(each[0]))))


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, CATALOGUES, [language], fallback=True, class_=_Catalogue)


def _(message: str, /, **values: object) -> str:
    """Return `message` in the user's language, with `values` in its {places}."""
    # The catalogue's own head stands under the empty message.
    told = _catalogue(_spoken).gettext(message) if message else message
    return told.format_map(values) if values else told


def n_(one: str, many: str, count: int, /, **values: object) -> str:
    """Return the form that `count` asks for; {n} is the count."""
    return _catalogue(_spoken).ngettext(one, many, count).format_map({"n": count, **values})


def elided(text: str, name: str, language: str) -> str:
    """Return `text` with "d’" in the place of "de" before a name that begins with a vowel, as French wants it."""
    import unicodedata

    if language != "fr" or not name or unicodedata.normalize("NFD", name[0])[0].lower() not in "aeiou":
        return text
    return text.replace(f"de {name}", f"d’{name}")


def N_(message: str, /, **values: object) -> str:  # noqa: N802 — the name under which gettext's tools know it
    """Mark `message` for the catalogues and return it in English, with `values` in its {places}; `_` or `told` translates it where it is shown."""
    return message.format_map(values) if values else message


def told(message: str) -> str:
    """Translate a message that was made, or kept, in English, with its values in place; one that is not ours stays as it is.

    A detail in brackets behind it stays as it is, and so do its values, unless they are messages themselves.
    """
    catalogue = _catalogue(_spoken)
    if not message or not isinstance(catalogue, _Catalogue) or catalogue.gettext(message) != message:
        return _(message)
    bare, bracket, detail = message.partition(" (")
    if bracket and message.endswith(")") and (known := catalogue.gettext(bare)) != bare:
        return f"{known} ({detail}"
    for parts, template in catalogue.templates:
        if message.startswith(parts[0]) and message.endswith(parts[-1]) and all(part in message for part in parts):
            found = _pattern(template).fullmatch(message)
            if found:
                return _(template, **{name: told(value) if " " in value else value for name, value in found.groupdict().items()})
    return message


@cache
def _pattern(template: str) -> re.Pattern[str]:
    seen: set[str] = set()
    pattern = ""
    for place, part in enumerate(_PLACE.split(template)):
        pattern += re.escape(part) if place % 2 == 0 else f"(?P={part})" if part in seen else f"(?P<{part}>.+?)"
        seen |= {part} if place % 2 else set()
    return re.compile(pattern, re.DOTALL)
