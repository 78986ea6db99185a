"""Words on health, union, origin, belief, politics and sexual life are told from everyday ones, in four languages."""

from __future__ import annotations

import pytest

from repwatch.text.special import special_kinds, touches_special, without_special


@pytest.mark.parametrize(("text", "kind"), [
    ("After my burn-out nobody called", "health"), ("She was on sick leave for cancer", "health"), ("En arrêt maladie depuis mars", "health"), ("Enceinte, j'ai été mise au placard", "health"),
    ("Ik ben ziek geworden van de werkdruk", "health"), ("Zwanger? Dan geen promotie", "health"), ("Krankgeschrieben und sofort gekündigt", "health"), ("Keine Rücksicht auf Behinderte", "health"),
    ("The union is the only help", "union"), ("Le délégué syndical est ignoré", "union"), ("Les syndiqués sont écartés", "union"), ("De vakbond wordt tegengewerkt", "union"), ("Unsere Gewerkschaft ist verdi", "union"),
    ("Racist jokes every day", "origin"), ("Des remarques sur mes origines", "origin"), ("Opmerkingen over mijn afkomst", "origin"), ("Wegen meiner Herkunft gemobbt", "origin"),
    ("They mock Muslim colleagues", "belief"), ("Le voile est interdit, l'islam moqué", "belief"), ("Geen plaats voor mijn geloof", "belief"), ("Kein Gebetsraum für Muslime", "belief"),
    ("The CEO is a communist", "politics"), ("He was outed as gay", "sexuality"), ("Homophobe sfeer", "sexuality"), ("Transgender en ontslagen", "sexuality"),
])  # fmt: skip
def test_what_art_9_protects(text: str, kind: str) -> None:
    """Each sentence touches what it is about."""
    assert kind in special_kinds(text)


@pytest.mark.parametrize("text", [
    "Great colleagues and fair pay", "The European Union funds it", "Office politics everywhere", "Operations manager wanted", "Ziekenhuis Noord is een goede werkgever", "La politique salariale est opaque",
    "Sick of the meetings", "Black Friday is busy", "Guter Chef, nette Kollegen", "Company policy changes daily", "Der Streit mit dem Chef", "Travail au noir ? Non, tout est déclaré", "",
])  # fmt: skip
def test_everyday_words(text: str) -> None:
    """Everyday senses of the same words touch nothing."""
    assert special_kinds(text) == frozenset()


def test_such_sentences_are_left_out() -> None:
    """A quotation goes without the sentences that touch Art. 9; the rest stays, and one mark stands for several."""
    assert without_special("Good pay. The union is weak. I was sick! Nice canteen.") == "Good pay. […] Nice canteen."
    assert without_special("Good pay.\nNice canteen.") == "Good pay.\nNice canteen."
    assert touches_special("Der Betriebsrat hilft")
