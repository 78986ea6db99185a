"""Find numbers that name a person, a firm or an account: each with its checksum, or with a word before it that says so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import iban, luhn
from stdnum.de import idnr
from stdnum.eu import vat
from stdnum.fr import nir
from stdnum.nl import bsn

from repwatch.text.masking.spans import THING, Span, before, label

# --- accounts ---------------------------------------------------------------------------------------------------------
#: Length of an IBAN by country (ISO 13616 registry, 2024).
_LENGTHS = {
    "AD": 24, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27,
    "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MA": 28, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28,
    "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24, "TR": 26,
}  # fmt: skip
_IBAN_START = re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(_LENGTHS)})[ .-]?\d\d", re.IGNORECASE)
_IBAN_LABEL = label(r"iban|rekening(?:nummer)?|rekeningnr|compte(?: bancaire)?|konto(?:nummer)?|bankrekening|bankverbindung|account")
_OLD_BELGIAN = re.compile(r"(?<![\w.-])(\d{3})[- ](\d{7})[- ](\d\d)(?![\w-])")


def find_ibans(text: str) -> Iterator[Span]:
    """Yield the account numbers of `text`: IBANs, and Belgian ones as they were before."""
    for match in _IBAN_START.finditer(text):
        end = _walk(text, match.start(), _LENGTHS[match[0][:2].upper()])
        if end is None:
            continue
        piece = text[match.start() : end]
        if iban.is_valid(piece, check_country=False) or before(text, match.start(), _IBAN_LABEL):
            yield Span(match.start(), end, "IBAN", piece)
    for match in _OLD_BELGIAN.finditer(text):
        if int(match[1] + match[2]) % 97 == int(match[3]) % 97 and not before(text, match.start(), _CARD_LABEL):
            yield Span(*match.span(), "IBAN", match[0])


def _walk(text: str, start: int, length: int) -> int | None:
    """Return where `length` letters and digits end, single separators between them allowed; None where they break off."""
    at, left = start, length
    while left:
        if at >= len(text):
            return None
        if text[at].isascii() and text[at].isalnum():
            left -= 1
        elif text[at] not in " .-" or (at and not text[at - 1].isalnum()):
            return None
        at += 1
    return None if at < len(text) and (text[at].isalnum() or text[at] == "_") else at


# --- firms ------------------------------------------------------------------------------------------------------------
_TOWN = r"(?:[ ,:]{1,3}[A-ZÀ-Ý][\w'’-]*){0,3}"
_BE_LABEL = label(rf"btw|tva|vat|mwst|kbo|bce|ondernemings?(?:-?nummer|nr)?|numéro d'entreprise|n° d'entreprise|entreprise|enterprise|unternehmensnummer|(?:rpr|rpm|rjp){_TOWN}|ust\S{{0,6}}")
_BE = re.compile(r"(?<![\w.,/+-])(?:BE[ .-]{0,2})?(?:[01][ .]?)?\d{3}[ .-]?\d{3}[ .-]?\d{3}(?![\w-]|[.,/]\d)", re.IGNORECASE)
_BE_GROUPED = re.compile(r"[01]\d{3}([. ])\d{3}\1\d{3}")
_BE_PLACE = re.compile(r"(?<![\w.,+-])[2-8]\.\d{3}\.\d{3}\.\d{3}(?![\w-]|[.,]\d)")
_BE_PLACE_LABEL = label(r"vestigings?\w*|vestigingseenheids?\w*|unité d'établissement|établissement|niederlassungs\w*")
_EU_VAT = re.compile(
    r"(?<![\w-])(?:ATU|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|GB|XI|CHE)[ .-]?[A-Z0-9](?:[ .-]?[A-Z0-9]){6,12}(?![\w-])"
)
_VAT_LABEL = label(r"ust\S{0,8}|umsatzsteuer\S*|btw\S*|tva\S*|vat\S*|mwst\S*|steuernummer|intracommunautaire|omzetbelastingnummer")
_DE_VAT = re.compile(r"(?<![\w-])DE[ .-]?(?:\d[ .]?){8}\d(?![\w-]|[.,]\d)")
_FR_VAT = re.compile(r"(?<![\w-])FR[ .-]?[0-9A-HJ-NP-Z]{2}[ .-]?\d{3}[ .]?\d{3}[ .]?\d{3}(?![\w-]|[.,]\d)")
_NL_VAT = re.compile(r"(?<![\w-])NL[ .-]?(?:\d{9}|\d{4}\.\d\d\.\d{3}|\d{3}[ .]\d{3}[ .]\d{3})[ .-]?B[ .-]?\d\d(?![\w-])", re.IGNORECASE)
_REGISTER = re.compile(r"(?<![\w-])(?:HR[AB]|GnR|PR|VR)[- ]?(?:Nr\.? ?|Nummer )?:? ?(?:\d{1,3} \d{3}|\d{2,6})(?: [A-Z]{1,2})?(?![\w-]|[.,]\d)")
_REGISTER_LABEL = re.compile(r"\b(?:HRA|HRB)")
_COURT = label(rf"(?:amtsgericht|registergericht|handelsregister|ag|vereinsregister){_TOWN}")
_SIREN = re.compile(r"(?<![\w.,+-])\d{3}[ .]?\d{3}[ .]?\d{3}(?:[ .]?\d{5})?(?![\w-]|[.,]\d| \d{3}\b)")
_SIREN_LABEL = label(rf"siren|siret|rcs{_TOWN}|r\.c\.s\.{_TOWN}|immatriculée?(?: au rcs| sous)?{_TOWN}")
_KVK = re.compile(r"(?<![\w.,+-])\d{2}(?:[ .]?\d){6}(?:[ .]?\d{4})?(?![\w-]|[.,]\d)")
_KVK_LABEL = label(r"kvk(?:-?nummer|-?nr)?|k\.v\.k\.|kamer van koophandel|chamber of commerce|handelsregister(?:nummer)?|rsin|vestigingsnummer|coc")
_LU = re.compile(r"(?<=Luxembourg )B ?\d{4,6}(?!\w)")


def find_companies(text: str) -> Iterator[Span]:
    """Yield VAT and company numbers."""
    for pattern in (_DE_VAT, _FR_VAT, _NL_VAT, _EU_VAT):
        for match in pattern.finditer(text):
            sure = pattern is _NL_VAT or vat.is_valid(match[0]) or before(text, match.start(), _VAT_LABEL)
            if sure and sum(map(str.isdigit, match[0])) >= 7:
                yield Span(*match.span(), "VAT", match[0])
    yield from (Span(*match.span(), "VAT", match[0]) for match in _BE.finditer(text) if _is_belgian(text, match))
    for pattern, said in ((_BE_PLACE, _BE_PLACE_LABEL), (_KVK, _KVK_LABEL)):
        yield from (Span(*match.span(), "VAT", match[0]) for match in pattern.finditer(text) if before(text, match.start(), said))
    for match in _REGISTER.finditer(text):
        if _REGISTER_LABEL.match(match[0]) or before(text, match.start(), _COURT):
            yield Span(*match.span(), "VAT", match[0])
    yield from (Span(*match.span(), "VAT", match[0]) for match in _SIREN.finditer(text) if _is_french(text, match))
    yield from (Span(*match.span(), "VAT", match[0]) for match in _LU.finditer(text))


def _is_belgian(text: str, match: re.Match[str]) -> bool:
    digits = re.sub(r"\D", "", match[0]).zfill(10)
    checks = int(digits[:8]) % 97 == 97 - int(digits[8:])
    if match[0][:2].upper() == "BE":
        return len(re.sub(r"\D", "", match[0])) == 10 or checks
    if before(text, match.start(), _BE_LABEL):
        return True
    if before(text, match.start(), THING):
        return False
    # In the range of mobile phones only the dots of a company number tell one from the other.
    mobile = re.match(r"04[5-9]", match[0]) and "." not in match[0]
    return checks and not mobile and bool(_BE_GROUPED.fullmatch(match[0]) or re.fullmatch(r"[01]\d{9}", match[0]))


def _is_french(text: str, match: re.Match[str]) -> bool:
    digits = re.sub(r"\D", "", match[0])
    if before(text, match.start(), _SIREN_LABEL):
        return True
    return len(digits) == 14 and bool(re.fullmatch(r"\d{3} \d{3} \d{3} \d{5}", match[0])) and luhn.is_valid(digits)


# --- persons ----------------------------------------------------------------------------------------------------------
_PERSON_LABEL = label(
    r"rijksregister\w*|rijksregisternummer|rr(?:n|nr|-nr)?|insz(?:-nummer)?|niss|nn|registre national|numéro national|national number|national register|nationalregister\w*|bis-?nummer|"
    r"sécurité sociale|sécu|sociale zekerheid|social security|nir|ssn|bsn(?:-?nummer)?|burgerservice\w*|sofi(?:-?nummer)?|citizen service number|"
    r"steuer-?id\w*|steuer-?ident\w*|idnr|steuerliche identifikationsnummer|identifikationsnummer|tax id|tin|steuernummer|st\.?-?nr|"
    r"sozialversicherungs\w*|rentenversicherungs\w*|sv-?nummer|versicherungsnummer|vsnr"
)
_CARD_LABEL = label(
    r"identiteitskaart\w*|carte d'identité|cni|personalausweis\w*|perso(?:-?nr)?|ausweis\w*|identity card|id card|id-kaart|eid|paspoort\w*|passeport|passport|reisepass\w*|rijbewijs\w*|permis de conduire|führerschein\w*"
)
_NISS = re.compile(r"(?<![\w.,/+-])(\d\d)[. -]?(\d\d)[. -]?(\d\d)[ .-]{0,3}(\d{3})[. -]?(\d\d)(?![\w-]|[.,]\d)")
#: Written like this and with a right checksum it is one, whatever the word before it.
_NISS_WRITTEN = re.compile(r"\d\d\.\d\d\.\d\d-\d{3}\.\d\d")
_NIR = re.compile(r"(?<![\w.,/+-])[1-478][ .]?\d\d[ .]?\d\d[ .]?(?:\d\d|2[ABab])[ .]?\d{3}[ .]?\d{3}(?:[ .-]?/?[ ]?(?:clé )?\d\d)?(?![\w-]|[.,]\d)")
_BSN = re.compile(r"(?<![\w.,/+-])(?:\d{9}|\d{4}[. ]\d{2}[. ]\d{3}|\d{3}[. -]\d{3}[. -]\d{3}|\d{3}[.]\d\d[.]\d{4})(?![\w-]|[.,]\d)")
_IDNR = re.compile(r"(?<![\w.,/+-])\d\d[ ]?\d{3}[ ]?\d{3}[ ]?\d{3}(?![\w-]|[.,]\d)")
_PENSION = re.compile(r"(?<![\w-])(\d\d)[ ]?(\d\d)(\d\d)(\d\d)[ ]?([A-Z])[ ]?(\d\d)[ ]?(\d)(?![\w-])")
_TAX = re.compile(r"(?<![\w.,+-])\d{2,3}[/ ]\d{3,4}[/ ]\d{4,5}(?![\w/-])|(?<![\w.,+-])\d{10,13}(?![\w-])")
_CARD = re.compile(r"(?<![\w-])(?=[A-Z0-9]*\d)[A-Z0-9]{7,12}(?![\w-])|(?<![\w-])\d{3}[- ]\d{7}[- ]\d\d(?![\w-])")
_LOOSE_BSN = re.compile(r"(?<![\w.,/+-])\d(?:[ .-]?\d){8}(?![\w-]|[.,]\d)")
_BSN_LABEL = label(r"bsn(?:-?nummer)?|burgerservice\w*")
_BSN_BEHIND = re.compile(r"[ ,]{0,2}\(?(?:mijn )?(?:bsn|burgerservicenummer)\b", re.IGNORECASE)
_WEAK_LABEL = label(r"persoonsnummer|persoonlijk nummer|mijn nummer|numéro personnel|persönliche nummer|nummer|identiteit")


def find_persons(text: str) -> Iterator[Span]:
    """Yield national numbers, tax and insurance numbers of persons, and numbers of identity cards."""
    for match in _NISS.finditer(text):
        if before(text, match.start(), _PERSON_LABEL) or (_is_niss(match) and (_NISS_WRITTEN.fullmatch(match[0]) or not before(text, match.start(), THING))):
            yield Span(*match.span(), "NATIONAL_NUMBER")
    for pattern, checks in ((_NIR, _is_nir), (_BSN, _is_bsn), (_IDNR, _is_idnr), (_PENSION, _is_pension)):
        for match in pattern.finditer(text):
            if before(text, match.start(), _PERSON_LABEL) or (checks(text, match) and not before(text, match.start(), THING)):
                yield Span(*match.span(), "NATIONAL_NUMBER")
    for pattern, said in ((_LOOSE_BSN, _BSN_LABEL), (_TAX, _PERSON_LABEL), (_CARD, _CARD_LABEL)):
        yield from (Span(*match.span(), "NATIONAL_NUMBER") for match in pattern.finditer(text) if before(text, match.start(), said))


def _is_niss(match: re.Match[str]) -> bool:
    """Check a Belgian national or BIS number. `stdnum.be` would ask the clock whether the birth lies ahead."""
    year, month, day, serial, check = match.groups()
    if int(month) % 20 > 12 or int(day) > 31 or serial in ("000", "999"):
        return False
    first = int(year + month + day + serial)
    return int(check) in (97 - first % 97, 97 - (2_000_000_000 + first) % 97)


def _is_nir(_text: str, match: re.Match[str]) -> bool:
    return bool(nir.is_valid(re.sub(r"[^0-9ABab]", "", match[0].replace("clé", ""))))


def _is_bsn(text: str, match: re.Match[str]) -> bool:
    shaped = re.fullmatch(r"[1-9]\d{3}[. ]\d{2}[. ]\d{3}", match[0])
    said = before(text, match.start(), _WEAK_LABEL) or _BSN_BEHIND.match(text, match.end())
    return bool(shaped or said) and bool(bsn.is_valid(re.sub(r"\D", "", match[0])))


def _is_idnr(_text: str, match: re.Match[str]) -> bool:
    return bool(idnr.is_valid(match[0]))


def _is_pension(_text: str, match: re.Match[str]) -> bool:
    """Check a German pension insurance number (Deutsche Rentenversicherung: weights 2 1 2 5 7 1 2 1 2 1 2 1)."""
    area, day, month, year, letter, serial, check = match.groups()
    digits = f"{area}{day}{month}{year}{ord(letter) - 64:02d}{serial}"
    total = sum(sum(divmod(int(digit) * weight, 10)) for digit, weight in zip(digits, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1), strict=True))
    return int(month) <= 12 and total % 10 == int(check)
