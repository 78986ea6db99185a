"""What an author says of the own job and place, made coarse: a job family, a place, a country. Pure; no one is looked up.

Written for roll-ups that outlive the texts, so the answer is one of few words, never the job title itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib import resources
from itertools import pairwise

from repwatch.wording import LANGUAGES, N_

#: Beginnings of words in English, French, Dutch and German; the first family that matches wins.
_FAMILIES = {
    N_("management"): "manager management directeur directrice direct(eu|ri)c director directie head chief ceo cfo cto responsable leidinggevend teamlead team-lead leiter geschäftsführ teamleit supervis chef-d",
    N_("engineering and IT"): "engineer ingénieur ingenieur develop développ entwickler ontwikkelaar software devops programm data informati it architect architekt sysadmin cyber cloud technolog",
    N_("sales"): "sales vente vend verko verkäuf vertrieb commercial commercieel account-manag account-exec key-account business-develop handel",
    N_("customer service"): "customer client klant kunden call-cent support helpdesk service-desk hotline caissi kassier kassa accueil onthaal",
    N_("care and health"): "nurse infirmi verpleeg verpleg pflege krankenpfleg doctor médecin arts arzt care aide-soign zorg pharma labo therap thérap kiné",
    N_("hospitality and food"): "cook cuisin kok koch chef barista waiter serveu kelner ober kellner hotel hôtel horeca restaurant brasseu brouwer brauer boulang bakker bäcker",
    N_("logistics and transport"): "driver chauffeur fahrer bestuurder logisti warehouse magasin magazijn lager picker courier coursier koerier supply transport dispatch",
    N_("production and technical"): "operator opérat mechanic mécanic mecanic technic technik technieker technisch electri électri elektri weld soud las product maintenance onderhoud machin monteur ouvri arbeider arbeiter",
    N_("finance and law"): "accountan comptab boekhou buchhalt financ audit controll tax juri legal law rechts bank actuar credit",
    N_("people and administration"): "hr human recruit rekrut recrut recruteu personal personeel admin secret sekret secrét assistant office receptio réception payroll",
    N_("marketing and communication"): "market communic kommunik redact content journal media pr graphi design brand",
    N_("education and research"): "teacher professeu enseign leraar leerkracht lehrer docent research recherch onderzoek forsch scien train format",
    N_("consulting"): "consult conseil advis adviseur berater",
    N_("student and intern"): "intern stage stagiair student étudiant praktik werkstudent apprenti auszubild azubi jobist",
}  # fmt: skip
_PLACES = {
    "Brussels": "brussels bruxelles brussel brüssel brussels-capital bruxelles-capitale", "Antwerp": "antwerp antwerpen anvers", "Ghent": "ghent gent gand",
    "Liège": "liège liege luik lüttich", "Charleroi": "charleroi", "Leuven": "leuven louvain löwen", "Louvain-la-Neuve": "louvain-la-neuve", "Namur": "namur namen",
    "Mons": "mons bergen", "Bruges": "bruges brugge brügge", "Mechelen": "mechelen malines mecheln", "Hasselt": "hasselt", "Kortrijk": "kortrijk courtrai",
    "Tournai": "tournai doornik", "Wavre": "wavre waver", "Zaventem": "zaventem", "Genk": "genk", "Aalst": "aalst alost", "Ostend": "ostend oostende ostende",
}  # fmt: skip
#: Regions and provinces: they name the country, and a place only where nothing else does.
_REGIONS = """flanders vlaanderen flandre flandern wallonia wallonie wallonië wallonien east-flanders west-flanders oost-vlaanderen west-vlaanderen
           flandre-orientale flandre-occidentale limburg limbourg hainaut henegouwen luxembourg-belge brabant-wallon vlaams-brabant brussels-region region-brussels"""
_US_STATES = frozenset("AL AK AZ AR CO CT FL GA HI ID IL IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY".split())  # noqa: SIM905 — fifty strings in quotes read worse
_CODES = frozenset("BE FR NL LU GB CH AT ES IT IE PL PT SE DK NO FI CZ RO HU GR US UK".split())  # noqa: SIM905 — as above
_WORDS = re.compile(r"[^\W_]+")


def job_family(job_title: str | None) -> str:
    """Return the family of a job title, "other" where none of ours fits, "" without a title."""
    words = _WORDS.findall(_folded(job_title or ""))
    if not words:
        return ""
    pairs = [*words, *(f"{one}-{two}" for one, two in pairwise(words))]
    # An account manager sells, a team of engineers is led: the trade speaks before the rank.
    found = [family for family, pattern in _patterns().items() if any(map(pattern.match, pairs))]
    return next((family for family in found if family != "management"), found[0] if found else N_("other"))


def place(location: str | None) -> str:
    """Return the place of a location ("Bruxelles, Brussels Region" is "Brussels"), "" where none is told."""
    first = next(iter(_parts(location)), "")
    return "" if country_of(first) else _place_names().get(_folded(first), first[:60])


def town(part: str) -> str:
    """Return the town of a place in whatever language and letters it is written, by its English name; a place that is not listed by its spelling alone.

    The store counts places as authors write them; whoever shows them brings the spellings of one town together.
    """
    return _towns().get(_spelt(part), part)


def town_name(place: str, language: str) -> str:
    """Return what a town is called in a language; a place that is not listed keeps its name."""
    return _town_names().get(place, {}).get(language, place)


def country(location: str | None) -> str:
    """Return the ISO code of the country that a location names, "" where it names none for sure."""
    return next((code for part in reversed(_parts(location)) if (code := _belgian(part) or country_of(part))), "")


def country_of(text: str) -> str:
    """Return the ISO code of a country's name in English, French, Dutch or German, or of a clear code."""
    if text in _CODES:
        return "GB" if text == "UK" else text
    if text in _US_STATES:
        return "US"
    return _country_names().get(_folded(text), "")


def _belgian(part: str) -> str:
    folded = _folded(part)
    return "BE" if folded in _place_names() or folded.replace(" ", "-") in _regions() else ""


def _parts(location: str | None) -> list[str]:
    return [part for text in (location or "").split(",") if (part := " ".join(text.split()))]


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char)).strip()


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Short stems match whole words only: "it" is a trade, "item" is none."""
    return {family: re.compile("|".join(f"{_folded(stem)}{'$' if len(stem) < 4 else ''}" for stem in stems.split())) for family, stems in _FAMILIES.items()}


@cache
def _place_names() -> dict[str, str]:
    return {_folded(name): place for place, names in _PLACES.items() for name in names.split()}


@cache
def _town_names() -> dict[str, dict[str, str]]:
    """Return English name -> language -> name."""
    return {names[0]: dict(zip(LANGUAGES, names[:4], strict=True)) for names in _listed()}


@cache
def _towns() -> dict[str, str]:
    return {_spelt(name): names[0] for names in _listed() for name in names}


def _listed() -> Iterator[list[str]]:
    """Yield the names of each town: the four languages, then other spellings."""
    for line in resources.files("repwatch").joinpath("towns.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            *names, others = line.split("\t")
            yield [names[0] if name == "=" else name for name in names] + list(filter(None, others.split("|")))


def _spelt(part: str) -> str:
    """Return a spelling without what tells no towns apart: letters in capitals, accents, hyphens."""
    return " ".join(re.sub(r"[^\w]+", " ", _folded(part)).split())


@cache
def _regions() -> frozenset[str]:
    return frozenset(_folded(name) for name in _REGIONS.split())


@cache
def _country_names() -> dict[str, str]:
    from babel import Locale

    names = {_folded(name): code for lang in ("de", "nl", "fr", "en") for code, name in Locale(lang).territories.items() if len(code) == 2 and code.isalpha()}
    return {**names, "usa": "US", "uk": "GB", "united states of america": "US", "the netherlands": "NL"}
