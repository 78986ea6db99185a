"""Tell whether a sentence touches what GDPR Art. 9 protects: health, union membership, origin, belief, politics, sexual life.

Such words are no topics and no facets, and leave the store only in quotations that a person chose: whatever quotes of
itself (excerpts, reasons of a score) asks here first. In doubt a sentence touches it: a lost excerpt costs little.
"""

from __future__ import annotations

import re
from functools import cache

from repwatch.text.clean import fold

#: Beginnings of folded words, by what they are about; a word that ends with "." is meant whole.
_WORDS = {
    "health": (
        "burnout burn-out depress deprime disab handicap. handicape handicapp invalid maladi malad. malade. malades. ziek. zieke. ziekte ziekteverlof ziekenhuisopname krank. kranke. krankheit krankgeschrieben krankmeldung "
        "krankschreib sick. sickness illness ill. cancer kanker krebs. diabet zwanger enceinte grossesse pregnan schwanger miscarriage fausse-couche miskraam fehlgeburt medication medicament medicatie medikament "
        "psychia psychothera psycholoog. psychologue. anxiety angststoor angststorung adhd autis epilep migraine migrane chirurg operation operatie gehandicap arbeidsongeschikt arbeitsunfahig incapacite schwerbehind behindert "
        "therapist therapeut hospitali hospitalis hiv. sida. covid corona. suicid zelfmoord zelfdoding selbstmord suizid alcoholi alcoolis verslav sucht. suchtig addict dyslex hernia. rugklacht lombalgi fibromyal psychose. mutuelle. "
        "ziekenfonds kinderwunsch ivf. pma. menopause menopauze wechseljahr arret-maladie rheuma reuma disabilit disabled. behinder handicaps."
    ),
    "union": (
        "syndic syndik syndiqu vakbond gewerkschaft trade-union tradeunion unionis unioniz unions. union. delegue-syndical shopsteward betriebsrat betriebsratin "
        "fgtb. abvv. csc. acv. cgslb. aclvb. cgt. cfdt. ver.di. verdi. dgb. fnv. cnv. igmetall personalrat"
    ),
    "origin": (
        "racis rassis racial rasse. ethni afkomst herkunft origines. etrangere. etrangers. allochto migrant migrat immigr auslander vreemdeling nationalit nationaliteit staatsangehor huidskleur hautfarbe couleur-de-peau skin-colo "
        "xenopho auslanderfeind black. noir. noirs. zwarte. schwarze. arab marokk maroc. marocain turk. turc turks. turkse. turkish turkisch roma. african africain afrikaan afrikan asiat asian. foreigner. foreigners. refugee fluchtling vluchteling refugie "
        "skin-color hoofddoek voile. kopftuch headscarf"
    ),
    "belief": (
        "relig gelov geloof. glaube. glaubig croyan faith. muslim musulman moslim islam christen christian. chretien kirche. kirchen eglise. catholi catholique katholi protestant jude. juden. judisch jewish. jew. jews. joods. jood. juif. juive. antisemit atheis hindu "
        "boeddh bouddh buddh ramadan prayer. bidden. gebed. priere. beten. gebet laicit mosque moskee moschee hijab sikh temoin-de-jehovah"
    ),
    "politics": "politi partijlid parteimitglied vlaams-belang afd. rassemblement-national communis kommunis fascis faschis far-right extreme-droite rechtsextrem extreemrechts",
    "sexuality": "homo. homos. homosex homophob gay. gays. lesbi bisex transgender transsex trans. transfrau lgbt queer. sexual-orientation seksuele-geaardheid orientation-sexuelle sexuelle-orientierung homofob schwul. schwule. coming-out",
}
#: Everyday senses that share a word with the above.
_PLAIN = re.compile(
    r"(?:office|bedrijfs|buro)[ -]?politi(?:cs|ek)|politique(?:s)? (?:salariale|interne|rh|de|d'|commerciale|sociale|des|du|en)|politisch korrekt|european union|union europeenne|europese unie|europaische union|credit union|en politique interne|company polic\w*|polic(?:y|ies)\b|sick (?:of|and tired)|\bill[- ](?:equipped|prepared|defined|informed)\b|"
    r"black (?:friday|box|list|and white)|operation(?:s|al|nel|nelle|eel)\b|operations? manager|zwarte doos|schwarze zahlen|travail au noir|in het zwart|krankenhaus\b|ziekenhuis\b|hopital\b|in good faith|bonne foi|"
    r"strike a balance|on strike price|christian (?=[a-z]+(?:son|sen)\b)|kerst\w*"
)


def special_kinds(text: str) -> frozenset[str]:
    """Return what a text touches: of "health", "union", "origin", "belief", "politics", "sexuality"."""
    plain = _PLAIN.sub(" ", fold(text))
    return frozenset(kind for kind, pattern in _patterns().items() if pattern.search(plain))


def touches_special(text: str) -> bool:
    """Tell whether a sentence touches anything of Art. 9."""
    return bool(special_kinds(text))


_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")


def without_special(text: str, left_out: str = "[…]") -> str:
    """Return a text with each sentence that touches anything of Art. 9 replaced by `left_out`, once in a row."""
    if not touches_special(text):
        return text
    kept: list[str] = []
    for sentence in _SENTENCE.split(text):
        if not touches_special(sentence):
            kept.append(sentence)
        elif kept[-1:] != [left_out]:
            kept.append(left_out)
    return " ".join(kept)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {kind: re.compile(rf"(?<!\w)(?:{'|'.join(map(_beginning, words.split()))})") for kind, words in _WORDS.items()}


def _beginning(word: str) -> str:
    whole = word.endswith(".") and word.count(".") == 1
    stem = re.escape(word.rstrip(".") if whole else word).replace(r"\-", r"[\s-]?")
    return stem + (r"(?!\w)" if whole else "")
