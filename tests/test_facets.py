"""Job families, places and countries: coarse, in four languages, and silent where it cannot be told."""

from __future__ import annotations

from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repwatch import facets
from repwatch.facets import country, job_family, place, town, town_name
from repwatch.wording import LANGUAGES


@pytest.mark.parametrize(("title", "family"), [
    ("Account Manager", "sales"), ("Accountant", "finance and law"), ("Ingénieur logiciel", "engineering and IT"), ("IT-consultant", "engineering and IT"),
    ("Item writer", "other"), ("Teamleider verkoop", "sales"), ("Directeur", "management"), ("Krankenpfleger", "care and health"), ("Brasseur", "hospitality and food"),
    ("Stagiaire", "student and intern"), ("Head of HR", "people and administration"), ("", ""), (None, ""), ("!!", ""),
])  # fmt: skip
def test_job_families(title: str | None, family: str) -> None:
    """The trade speaks before the rank; short stems match whole words only."""
    assert job_family(title) == family


@pytest.mark.parametrize(("location", "where", "code"), [
    ("Bruxelles, Brussels Region", "Brussels", "BE"), ("Liège", "Liège", "BE"), ("Hasselt, Limburg", "Hasselt", "BE"), ("Namen, BE", "Namur", "BE"), ("Paris, France", "Paris", "FR"),
    ("New York, NY", "New York", "US"), ("München, Deutschland", "München", "DE"), ("Leeds, UK", "Leeds", "GB"), ("Belgien", "", "BE"), ("Berlin, Berlin", "Berlin", ""), (None, "", ""), (" , ", "", ""),
])  # fmt: skip
def test_places_and_countries(location: str | None, where: str, code: str) -> None:
    """One place under its names in four languages is one place; a country is named only where the words are clear."""
    assert (place(location), country(location)) == (where, code)


@given(st.text(max_size=80))
def test_any_text_has_a_family_and_a_place(text: str) -> None:
    """Whatever stands there, the answers are short texts."""
    assert [len(found) <= 60 for found in (job_family(text), place(text), country(text))] == [True] * 3


@pytest.mark.parametrize(("spellings", "names"), [
    (("Ghent", "Gent", "Gand", "GENT"), ("Ghent", "Gand", "Gent", "Gent")), (("Brussels", "Bruxelles", "brussel", "Brüssel"), ("Brussels", "Bruxelles", "Brussel", "Brüssel")),
    (("Liège", "Liege", "Luik"), ("Liège", "Liège", "Luik", "Lüttich")), (("Brugge", "Bruges"), ("Bruges", "Bruges", "Brugge", "Brügge")),
    (("Rijsel", "Lille"), ("Lille", "Lille", "Rijsel", "Lille")), (("'s-Gravenhage", "Den Haag", "La Haye"), ("The Hague", "La Haye", "Den Haag", "Den Haag")),
    (("Köln", "Keulen", "Cologne"), ("Cologne", "Cologne", "Keulen", "Köln")), (("Springfield",), ("Springfield",) * 4),
])  # fmt: skip
def test_one_town_under_all_its_names(spellings: tuple[str, ...], names: tuple[str, ...]) -> None:
    """Whatever language an author writes a town in, it is one, and is shown in the reader's language."""
    assert {tuple(town_name(town(each), language) for language in LANGUAGES) for each in spellings} == {names}


def test_no_spelling_means_two_towns() -> None:
    """Each spelling of the list is of one town, and each town has a name in four languages."""
    owners: dict[str, set[str]] = {}
    for line in resources.files("repwatch").joinpath("towns.tsv").read_text("utf-8").splitlines()[1:]:
        *names, others = line.split("\t")
        assert (len(names), all(names)) == (4, True), line
        for name in {*names, *others.split("|")} - {"=", ""}:
            owners.setdefault(name.casefold(), set()).add(names[0])
    assert [name for name, towns in owners.items() if len(towns) > 1] == []
    assert all(town(place(name)) == place(name) for names in facets._PLACES.values() for name in names.split())
