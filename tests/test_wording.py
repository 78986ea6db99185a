"""The user's language: chosen once, English where nothing else is known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from repwatch import wording
from repwatch.wording import N_, _, n_, told


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Leave the language as it was."""
    yield
    wording.use("en")


def test_values_fill_the_places_of_a_message() -> None:
    """A foreign text in a value is never read as a place."""
    assert _("{n} reviews of {name}", n=3, name="{n} Ltd") == "3 reviews of {n} Ltd"


def test_a_message_without_values_is_left_as_it_is() -> None:
    """Braces need no escape where nothing is filled in."""
    assert _('{"text": ...}') == '{"text": ...}'


@pytest.mark.parametrize(("count", "expected"), [(0, "0 gaps"), (1, "1 gap"), (2, "2 gaps")])
def test_english_has_two_forms(count: int, expected: str) -> None:
    """One is singular, all else is plural."""
    assert n_("{n} gap", "{n} gaps", count) == expected


def test_a_language_that_is_not_ours_is_answered_in_english() -> None:
    """Nothing breaks where a machine speaks Finnish."""
    wording.use("fi")
    assert wording.spoken() == "en"


def test_a_marked_text_stays_as_it_is() -> None:
    """The mark is for the catalogues alone."""
    assert N_("the site shows a test for humans") == "the site shows a test for humans"


def test_a_catalogue_is_used_once_its_language_is_spoken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages and plurals come from the catalogue; what it lacks stays English."""
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo

    catalogue = Catalog(locale="fr")
    catalogue.add("Not seen", "Non vu")
    catalogue.add(("{n} gap", "{n} gaps"), ("{n} lacune", "{n} lacunes"))
    place = tmp_path / "fr" / "LC_MESSAGES" / "repwatch.mo"
    place.parent.mkdir(parents=True)
    with place.open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(wording, "CATALOGUES", tmp_path)
    wording._catalogue.cache_clear()
    wording.use("fr")
    assert (_("Not seen"), n_("{n} gap", "{n} gaps", 0), n_("{n} gap", "{n} gaps", 2), _("New")) == ("Non vu", "0 lacune", "2 lacunes", "New")
    wording._catalogue.cache_clear()


# --- what was made in English ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("message", "expected"), [
    ("the ZIP file holds 900 files; the limit is 500", "le fichier ZIP contient 900 fichiers ; la limite est de 500"),
    ("2 of 3 pages or tables could not be read; the first: photo.zip: it is damaged in the ZIP file",
     "2 pages ou tableaux sur 3 n’ont pas pu être lus ; le premier : photo.zip : il est abîmé dans le fichier ZIP"),
    ("dates in 'date': day first: 13/1/2026 can be nothing else", "dates dans 'date' : le jour d’abord : 13/1/2026 ne peut être rien d’autre"),
    ("the name is in the title (+0.2)", "le nom est dans le titre (+0.2)"),
    ("it leads to acme.be (+0.2)", "il mène à acme.be (+0.2)"),
    ("no JSON in the answer: line 1", "no JSON in the answer: line 1"), ("", ""),
])  # fmt: skip
def test_a_message_made_in_english_is_known_again(message: str, expected: str) -> None:
    """With its values in place, also within one another; what is not ours stays as it is."""
    wording._catalogue.cache_clear()
    wording.use("fr")
    assert told(message) == expected


def test_in_english_nothing_is_looked_for() -> None:
    """What was made in English is English."""
    assert told("the ZIP file holds 900 files; the limit is 500") == "the ZIP file holds 900 files; the limit is 500"


def test_a_marked_text_takes_values() -> None:
    """It stays English until it is shown."""
    wording.use("fr")
    assert N_("{n} lines", n=3) == "3 lines"


def test_french_elides_before_a_vowel() -> None:
    """"d’Acme", "d’Électrabel", "de Globex"; other languages keep what they have."""
    from repwatch.wording import elided

    assert [elided(f"Au sujet de {name}", name, "fr") for name in ("Acme", "Électrabel", "Globex", "")] == ["Au sujet d’Acme", "Au sujet d’Électrabel", "Au sujet de Globex", "Au sujet de "]
    assert elided("de Acme", "Acme", "nl") == "de Acme"
