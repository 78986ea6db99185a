"""Numbers, days and reasons as a French, Dutch or German reader writes them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.report.golden import LANGUAGES, speaking
from tests.report.test_plain import HOSTILE
from tests.report.whole import DATA

from repwatch.refusals import ADVICE, MEANING
from repwatch.report import figures, words
from repwatch.report.morning import morning
from repwatch.report.overview import overview
from repwatch.report.plain import to_markdown
from repwatch.report.reasons import explained, hint, next_step, told
from repwatch.report.terminal import to_terminal


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", ["1234.5", "1234", "+7", "-7", "62 %", "2026-11-23", "2026-11"]), ("fr", ["1\u202f234,5", "1\u202f234", "+7", "-7", "62 %", "23 nov. 2026", "nov. 2026"]),
     ("nl", ["1.234,5", "1.234", "+7", "-7", "62 %", "23 nov 2026", "nov 2026"]), ("de", ["1.234,5", "1.234", "+7", "-7", "62 %", "23.11.2026", "Nov 2026"])],
)  # fmt: skip
def test_figures_in_four_languages(language: str, expected: list[str]) -> None:
    """Decimal commas, thousands, signs, shares, days and months."""
    with speaking(language):
        found = [figures.number(1234.5, 1), figures.count(1234), figures.number(7, sign=True), figures.number(-7, sign=True), figures.share(0.62),
                 figures.day("2026-11-23T10:00Z"), figures.day("2026-11")]  # fmt: skip
    assert found == [each if each != "Nov 2026" else found[-1] for each in expected]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("day", "shown"), [(None, "–"), ("", "–"), ("odd", "odd"), ("2026-02-31", "2026-02-31")])
def test_a_day_that_is_none(language: str, day: str | None, shown: str) -> None:
    """It is shown as it stands."""
    with speaking(language):
        assert figures.day(day) == shown


@given(st.floats(-1e6, 1e6), st.sampled_from(LANGUAGES))
def test_nothing_is_minus_zero(value: float, language: str) -> None:
    """Rounding never leaves a sign on nothing, but where English had one before."""
    with speaking(language):
        assert language == "en" or figures.number(value / 1e7) not in ("-0", "+0")


@pytest.mark.parametrize("language", ["fr", "nl", "de"])
def test_everything_of_the_contract_has_words(language: str) -> None:
    """No label, state, verdict, metric or topic is shown under its name for machines."""
    groups = (words.LABELS, words.STATES, words.CHECKS, words.CLAIMED, words.METRICS, words.TOPICS, words.KINDS)
    with speaking(language):
        same = [name for group in groups for name, text in group.items() if words._(text) == text]
    assert set(same) <= {"ok", "neutral", "culture", "management", "communication", "unscored", "contact", "store", "disk", "leadership", "tools", "pay", "share_of_voice", "training", "rating", "positive", "messages"}


@pytest.mark.parametrize("name", ["odd", "", "a_name"])
def test_an_unknown_name_is_shown_as_it_is(name: str) -> None:
    """A later version, or the user's own topics, may know more."""
    assert [words.label(name), words.state(name), words.check(name), words.claimed(name), words.metric(name), words.topic(name)] == [name] * 6
    assert [words.label_counted(name, 2), words.things(name, 2)] == [f"2 {name}"] * 2


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("challenge", "le site affiche un test pour humains au lieu de la page"), ("saved_page_9_days_old", "la page enregistrée la plus récente date de 9 jours"),
        ("there is no such file", "ce fichier n’existe pas"), ("the file cannot be opened (Permission denied)", "le fichier ne peut pas être ouvert (Permission denied)"),
        ("the site refused the request (status 403)", "le site a refusé la requête (status 403)"), ("a_new_reason", "a new reason"), ("", "non lu"),
    ],
)  # fmt: skip
def test_a_reason_kept_in_english_is_said_anew(reason: str, said: str) -> None:
    """What the ledger holds is the same in every language; only its words change."""
    with speaking("fr"):
        assert explained(reason) == said


def test_hints_are_said_anew() -> None:
    """Also the one that names a page."""
    entry = {"target": "https://a.b", "hint": ADVICE["save_page"].format(target="https://a.b")}
    with speaking("de"):
        assert hint(entry) == "Öffnen Sie https://a.b im Browser, speichern Sie die Seite und legen Sie sie in den Eingangsordner."
        assert hint({**entry, "hint": MEANING["dns"][1]}) == "Prüfen Sie die Adresse in den Einstellungen und Ihre Verbindung."
        assert [next_step("no_saved_page"), next_step("odd")] == ["Speichern Sie die Seite im Browser und legen Sie sie in den Eingangsordner.", ""]


@given(HOSTILE)
def test_any_reason_can_be_said(text: str) -> None:
    """Braces and brackets of foreign words are no places to fill."""
    with speaking("fr"):
        for each in (text, f"{{{text}}}", f"{text} ({text})", "%s", "{0}"):
            assert isinstance(explained(each) + told(each), str)


def whole_morning() -> dict[str, Any]:
    entry = {"source": "glassdoor", "employer": "Acme", "target": "https://a.b", "state": "stale", "reason": "saved_page_1_days_old", "hint": ADVICE["save_page"].format(target="https://a.b"),
             "pages": 1, "unchanged": 0, "items": 3, "new": 1, "revised": 0, "problems": 0, "gap": False}  # fmt: skip
    row = {"label": "negative", "rating": 1.5, "published": "2026-03-30", "source": "glassdoor", "employer": "Acme", "excerpt": "Toxic.", "native_id": "1"}
    file = {"file": "a.html", "source": None, "state": "failed", "types": {"review": 2}, "new": 0, "reason": "the page is empty", "notes": []}
    return {"coverage": [entry, {**entry, "state": "read", "reason": "", "gap": True, "pages": 2, "unchanged": 2}], "new": [row, {**row, "label": "positive", "rating": None}],
            "figures": {"since": "2026-01-01", "employers": [DATA["employers"][0]]}, "inbox": [file]}  # fmt: skip


def test_a_morning_in_french_to_the_last_character() -> None:
    """Not one English word is left but what people and sites said."""
    with speaking("fr"):
        shown = to_markdown(morning(whole_morning(), "T", ""))
    assert shown == """\
# T

Sources lues : 1 sur 2. 2 nouveaux : 1 positif, 1 négatif.

## Nouveautés, les pires d’abord

| Date | Source | Tonalité | Texte |
| --- | --- | --- | --- |
| 30 mars 2026 | glassdoor | négative 1,5★ | Toxic. |
| 30 mars 2026 | glassdoor | positive | Toxic. |

## Depuis le 1er janv. 2026

| Employeur | Avis et mentions | Note | n | Tonalité nette | n |
| --- | ---: | ---: | ---: | ---: | ---: |
| Kastelmont | 85 | 3,4 (3,0 à 3,8) | 61 | +23 (-1 à +44) | 65 |

## Du dossier d’entrée

| Fichier | Source | État | Contient | Nouveaux | Pourquoi |
| --- | --- | --- | --- | ---: | --- |
| a.html | – | échec | 2 avis | 0 | la page est vide |

## Non vu

glassdoor (Acme) : la page enregistrée la plus récente date de 1 jour. Ouvrez https://a.b dans votre navigateur, enregistrez la page et déposez-la dans le dossier d’entrée.

glassdoor (Acme) : il en est arrivé plus qu’un contrôle n’en lit ; le reste suit avec les prochains contrôles, le plus ancien d’abord.

## Couverture

| Source | État | Pages | Éléments | Nouveaux | Problèmes |  |
| --- | --- | ---: | ---: | ---: | ---: | --- |
| glassdoor | trop ancien | 1 | 3 | 1 | – | la page enregistrée la plus récente date de 1 jour |
| glassdoor | lu | 2 | 3 | 1 | – | inchangé |
"""


@pytest.mark.parametrize("language", LANGUAGES)
@settings(deadline=None, max_examples=25)
@given(text=HOSTILE)
def test_hostile_names_pass_in_every_language(language: str, text: str) -> None:
    """A translated sentence takes a foreign name as a value, whatever stands in it."""
    employer = {**DATA["employers"][0], "employer": text}
    with speaking(language):
        for kind in ("quarterly", "board"):
            report = overview({**DATA, "kind": kind, "employers": [employer]})
            shown = to_terminal(report, width=80, colour=False)
            assert not set("\x1b\x9b\x07\u202e\u2066\ud800\x00") & set(shown)
            to_markdown(report).encode()


@pytest.mark.parametrize(("language", "shown"), [("fr", ("1er nov. 2026", "11 nov. 2026", "nov. 2026")), ("nl", ("1 nov 2026", "11 nov 2026", "nov 2026")), ("en", ("2026-11-01", "2026-11-11", "2026-11"))])
def test_the_first_of_a_month_is_an_ordinal_in_french(language: str, shown: tuple[str, ...]) -> None:
    """Of days the first alone, of months none."""
    with speaking(language):
        assert tuple(figures.day(day) for day in ("2026-11-01", "2026-11-11", "2026-11")) == shown
