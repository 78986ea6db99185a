"""Job families, places and countries: coarse, in four languages, and silent where it cannot be told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repwatch.facets import country, job_family, place


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
