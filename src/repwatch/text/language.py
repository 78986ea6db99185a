"""Name the language of a text: one of ours, another one, or None where nobody could tell."""

from __future__ import annotations

import math
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from repwatch.text.letters import Told, text_tells
from repwatch.text.lexicon import LANGUAGES
from repwatch.text.tokens import tokens

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# Neighbours whose texts do turn up; all other Latin-script languages fall to the nearest of these, which is still "not ours".
_OTHERS = ("es", "it", "pt", "pl", "ro", "tr", "sv", "da", "no", "cs", "hu", "fi", "ar", "ru", "uk", "el", "bg", "ja", "zh", "ko", "hi", "fa", "he")
_NOISE = re.compile(r"<(?:PHONE|NATIONAL_NUMBER|VAT|IBAN|EMAIL|HANDLE|PROFILE)>|https?://\S+|[@#]\w+|[^\w\s']|\d+|_")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_LETTER = re.compile(r"[^\W\d_]")
#: Below this many letters a foreign guess is not believed: names and loan words look Italian.
_SHORT = 25
#: Words that no text of ours has, whatever its length: with one of them a foreign guess is believed of a short text too.
_FOREIGN = {
    "es": "muy bueno buena buenas mucho mucha muchas muchos trabajo empresa empresas sueldo compañeros pero también años gente horarios",
    "pt": "muito muita bom não salário ótimo ótima péssimo péssima trabalho trabalhar são colegas",
    "it": "molto lavoro lavorare azienda ottimo ottima ottimi stipendio buono buona colleghi pessimo pessima però",
    "pl": "bardzo polecam dobra dobry dobre praca pracy zarobki wynagrodzenie pracodawca ludzie słabe słaba",
    "tr": "çok iyi şirket çalışma maaş kötü",
    "sv": "inte bra arbetsplats mycket kollegor trevliga",
    "da": "ikke arbejdsplads arbeidsplass godt bedrift kolleger meget",
    "ro": "foarte bună salariu colegi companie munca muncă",
    "cs": "velmi práce dobrý dobrá firmy kolektiv špatná",
    "hu": "nagyon munkahely fizetés",
    "fi": "erittäin hyvä työpaikka",
}
_FOREIGN_WORDS = frozenset(" ".join(_FOREIGN.values()).split())
#: Letters that our languages do not write: with them a guess that is sure is believed of a short text.
_FOREIGN_LETTERS = re.compile("[ąćęłńśźżğışěščřžůňťďőűășțãõñåøæ¿¡đ]", re.IGNORECASE)
_SURE = 0.9
#: So many letters tell a language as well as a whole book.
_ENOUGH = 600
#: Points a piece by which the best of our languages must lead, and the share of pieces it must know, to be believed alone.
_CLEAR_LEAD, _FAMILIAR = 10, 0.8
#: What our own points weigh beside the logarithms of the general identifier.
_OWN = 0.1


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([*LANGUAGES, *_OTHERS])
    return identifier


def identify(text: str, hint: str | None = None) -> str | None:
    """Return the two-letter language of `text`, `hint` when the text is too short to tell, or None.

    A language that is not one of ours is named as far as it is known; scoring answers it "unscored".
    """
    text = text[:_ENOUGH]
    *counts, letters = map(sum, zip((0,) * _COUNTS, *map(_piece_tells, text.split()), strict=True))
    if letters < 3:
        return hint
    width = len(LANGUAGES)
    told = Told(tuple(counts[:width]), counts[width], tuple(counts[width + 1 :]))
    first = max(range(width), key=told.points.__getitem__)
    if _is_clear(told, first):
        return LANGUAGES[first]
    plain = _plain(text)
    ranked = dict(_identifier().rank(plain))
    best = max(ranked, key=ranked.__getitem__)
    if len(_LATIN.findall(plain)) < letters / 2:
        return str(best)
    ours = _of_ours(told, ranked)
    if letters < _SHORT:
        if best not in LANGUAGES and _is_foreign(plain.lower(), ranked[best], ranked[ours]):
            return str(best)
        return hint if hint in LANGUAGES and ranked[hint] > ranked[ours] / 20 else ours
    return str(best) if ranked[best] > 3 * ranked[ours] else ours


def _is_foreign(low: str, likely: float, ours: float) -> bool:
    """Tell whether a short text has a word of another language, or its letters and a sure guess."""
    return (likely > ours and not _FOREIGN_WORDS.isdisjoint(low.split())) or (likely > _SURE and _FOREIGN_LETTERS.search(low) is not None)


def _plain(text: str) -> str:
    return " ".join(_NOISE.sub(" ", text).split())


#: How many numbers a piece has: as `Told`, and its letters.
_COUNTS = 2 * len(LANGUAGES) + 2


@lru_cache(maxsize=20_000)
def _piece_tells(piece: str) -> tuple[int, ...]:
    """Return what a stretch between spaces tells, and how many letters it has; most come again and again."""
    plain = _plain(piece)
    told = text_tells(tokens(plain))
    return (*told.points, told.pieces, *told.known, len(_LETTER.findall(plain)))


def _is_clear(told: Told, first: int) -> bool:
    second = max(value for number, value in enumerate(told.points) if number != first)
    return told.pieces > 0 and told.points[first] - second >= _CLEAR_LEAD * told.pieces and told.known[first] >= _FAMILIAR * told.pieces


def _of_ours(told: Told, ranked: dict[str, float]) -> str:
    """Return which of our languages the letters and the general identifier together speak for."""
    pieces = max(1, told.pieces)
    return max(LANGUAGES, key=lambda lang: _OWN * told.points[LANGUAGES.index(lang)] / pieces + math.log(ranked[lang] + 1e-6))
