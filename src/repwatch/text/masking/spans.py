"""What the finders share: a place in a text, and the words that stand before it."""

from __future__ import annotations

import re
from typing import NamedTuple

#: How far before a number its label may stand.
_REACH = 60
#: No label is without a letter, and most of what stands before a number in a list of numbers is.
_LETTER = re.compile(r"[^\W\d_]")
#: Words between a label and its number.
BETWEEN = (
    r"(?:[^\w\n]{0,4}(?:is|est|ist|was|lautet|nr|no|n°|n|num|number|nummer|numéro|numero|numéros|de|du|van|von|der|le|la|het|mon|ma|mijn|m'n|mein|meine|my|me|moi|"
    r"mij|mich|op|au|aan|onder|unter|on|at|sous|met|avec|au numéro|bedrijf|be|fr|nl|id|code)\b\.?){0,4}[^\w\n]{0,5}$"
)
#: Numbers of things, whatever they look like.
THING = re.compile(
    r"\b(?:order\w*|bestel\w*|commandes?|commande|dossiers?|dossier\w*|réf\w*|ref\w*|tickets?|ticket\w*|zaak\w*|factu\w*|invoice\w*|rechnung\w*|auftrag\w*|artikel\w*|"
    r"articles?|isbn|issn|ean|gtin|serie\w*|série|serial\w*|sérien?|klant\w*|clients?|kunden\w*|customer\w*|track\w*|colis|pakket\w*|zending\w*|sendung\w*|paket\w*|lot|batch|"
    r"charge|vacature\w*|offre(?: d'emploi)?|annonces?|stellen\w*|kenmerk|aktenzeichen|versie|version|build|contrat|contract\w*|vertrag\w*|polis\w*|police|produi?[ck]t\w*|produit|modèle|model\w*|"
    r"doi|pmid|sku|barcode|streepjescode|code-barres|strichcode|vorgang\w*|geschäftszeichen|job|vin|patent\w*|brevet|licen[cs]e|licence|licentie\w*|lizenz\w*|seriennummer|"
    r"inventar\w*|inventaris\w*|inventaire|case|issue|reservation|réservation|reserv\w*|buchung\w*|boeking\w*|pnr|transacti\w*|transaktion\w*|hash|commit|id|formulaire|formulier|formular|"
    r"personnel|personeelsnummer|personalnummer|matricule|badge\w*)" + BETWEEN,
    re.IGNORECASE,
)


class Span(NamedTuple):
    """A piece of a text that is an identifier of `kind`; `key` is what an employer's own one is compared with."""

    start: int
    end: int
    kind: str
    key: str = ""


def label(words: str) -> re.Pattern[str]:
    """Return a pattern for `words` standing right before a number, with a few small words between."""
    return re.compile(rf"(?<!\w)(?:{words})" + BETWEEN, re.IGNORECASE)


def before(text: str, start: int, pattern: re.Pattern[str]) -> bool:
    """Tell whether a label stands before `start`."""
    near = text[max(0, start - _REACH) : start]
    return _LETTER.search(near) is not None and pattern.search(near) is not None


class Taken:
    """The places of a text that are part of a span; asking costs the same however many there are."""

    def __init__(self, length: int) -> None:
        self._marks = bytearray(length)

    def take(self, span: Span) -> bool:
        """Mark a span; tell whether nothing of it was marked before, and else leave it."""
        if self._marks.find(1, span.start, span.end) >= 0:
            return False
        self._marks[span.start : span.end] = b"\1" * (span.end - span.start)
        return True


def digits_of(text: str) -> str:
    """Return the digits of a number without country prefix or leading zeros: +32 (0)2 is 02 is 2."""
    digits = re.sub(r"\(0\)|\D", "", text)
    digits = re.sub(r"^(?:00)?(?:32|33|31|49|352)(?=\d{8})", "", digits) if text.lstrip(" (").startswith(("+", "00")) else digits
    return digits.lstrip("0")


def letters_of(text: str) -> str:
    """Return letters and digits alone, case folded: @Acme_Belgium is acmebelgium."""
    return re.sub(r"[\W_]", "", text.casefold())
