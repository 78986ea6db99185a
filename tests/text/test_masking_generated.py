"""Masking measured on lines that nobody wrote: numbers drawn by chance in the shapes of four countries, and numbers of things."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType
from stdnum.fr import nir
from stdnum.iban import calc_check_digits

from repwatch.text.masking import Masker

MASKER = Masker()
_BEGINNINGS = {
    "BE": ("470", "486", "492", "2", "9", "11", "16", "81"), "FR": ("6", "7", "1", "2", "4"), "NL": ("6", "20", "10", "30", "70", "13"), "DE": ("171", "151", "176", "30", "89", "221", "711"),
}  # fmt: skip
_LENGTHS = {"FR": 9, "NL": 9, "DE": 10}


def phones(chance: random.Random, count: int) -> Iterator[str]:
    """Yield valid numbers of four countries, as the country writes them, internationally, and without a space."""
    while count:
        country = chance.choice(sorted(_BEGINNINGS))
        start = chance.choice(_BEGINNINGS[country])
        length = _LENGTHS.get(country, 9 if start.startswith("4") else 8)
        # A subscriber's number does not begin with 0.
        digits = start + chance.choice("123456789") + "".join(chance.choices("0123456789", k=length - len(start) - 1))
        number = PhoneNumber(country_code=phonenumbers.country_code_for_region(country), national_number=int(digits))
        if phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE):
            count -= 1
            yield phonenumbers.format_number(number, chance.choice((PhoneNumberFormat.NATIONAL, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.E164)))


def checked(chance: random.Random) -> dict[str, str]:
    """Return one number of each kind that has a checksum, by its kind."""
    digits: Callable[[int], str] = lambda count: "".join(chance.choices("0123456789", k=count))  # noqa: E731 — used on the next lines only
    birth = f"{chance.randint(40, 99)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}{chance.randint(1, 997):03}"
    firm = f"0{chance.randint(2_000_000, 9_999_999)}"
    account = f"{chance.randint(1, 9)}{digits(11)}"
    french = f"{chance.choice('12')}{chance.randint(40, 99)}{chance.randint(1, 12):02}{chance.randint(1, 95):02}{digits(6)}"
    iban = f"BE{calc_check_digits(f'BE00{account}')}{account}"
    return {
        f"{birth[:2]}.{birth[2:4]}.{birth[4:6]}-{birth[6:]}.{97 - int(birth) % 97:02}": "NATIONAL_NUMBER",
        f"{french}{nir.calc_check_digits(french)}": "NATIONAL_NUMBER",
        f"{firm[:4]}.{firm[4:7]}.{firm[7:]}{97 - int(firm) % 97:02}": "VAT",
        " ".join(iban[at : at + 4] for at in range(0, 16, 4)): "IBAN",
    }


def things(chance: random.Random) -> list[str]:
    """Return one of each: prices, dates, times, orders, books, versions, postcodes, rooms, laws, addresses of machines, shares, years."""
    n = chance.randint
    return [
        f"€ {n(1, 99)}.{n(100, 999)},{n(10, 99)}", f"{n(1, 9)} {n(100, 999)} €", f"{n(1, 28):02}/{n(1, 12):02}/{n(1990, 2030)}", f"{n(1, 28)}.{n(1, 12)}.{n(2000, 2026)}", f"{n(2000, 2026)}-{n(1, 12):02}-{n(1, 28):02}",
        f"{n(1, 28):02}-{n(1, 12):02}-{n(20, 26)}", f"order {n(10**8, 10**10)}", f"bestelnummer 0{n(10**8, 10**9 - 1)}", f"commande n° {n(10**6, 10**9)}", f"Auftrag 0{n(10**8, 10**9 - 1)}",
        f"ISBN 978-{n(0, 9)}-{n(100, 999)}-{n(10_000, 99_999)}-{n(0, 9)}", f"v{n(0, 9)}.{n(0, 99)}.{n(0, 999)}", f"version {n(0, 20)}.{n(0, 20)}.{n(0, 20)}.{n(0, 9999)}", f"{n(20, 99)}.000-{n(100, 150)}.000 euro",
        f"{n(0, 5)},{n(0, 9)}/5", f"#job{n(2000, 2030)}", f"{n(0, 23):02}:{n(0, 59):02}-{n(0, 23):02}:{n(0, 59):02}", f"{n(0, 23)}u{n(0, 59):02}", f"{n(1000, 9999)} Gent", f"0{n(1000, 9999)} Leipzig en 0{n(1000, 9999)} Dresden",
        f"lokaal 0{n(1, 9)}.{n(100, 999)}", f"art. {n(1, 999)} § {n(1, 9)}", f"article L{n(1000, 9999)}-{n(1, 99)}", ".".join(str(n(0, 255)) for _ in range(4)), f"{n(0, 100)},{n(0, 99):02} %", f"{n(1990, 2010)}-{n(2011, 2026)}",
        f"{n(1, 12):02}/{n(2000, 2026)} - {n(1, 12):02}/{n(2000, 2026)}", str(n(10**7, 10**9 - 1)), f"{n(100, 999)} {n(100, 999)} {n(100, 999)} klanten", f"factuur {n(2000, 2026)}/{n(1, 9999):04}", f"kamer {n(1, 999)} en {n(1, 999)}",
        f"EAN {n(10**12, 10**13 - 1)}", f"{n(1, 28):02}.{n(1, 12):02}. bis {n(1, 28):02}.{n(1, 12):02}.{n(2000, 2026)}",
    ]  # fmt: skip


def test_phones_drawn_by_chance() -> None:
    """At least 98 of 100 valid numbers of four countries are masked whole, without a word before them."""
    drawn = [f"je kan {number}, altijd" for number in phones(random.Random(11), 600)]
    missed = [text for text in drawn if MASKER.mask(text) != "je kan <PHONE>, altijd"]
    assert (len(missed) <= 0.02 * len(drawn), len(drawn)) == (True, 600), missed


def test_numbers_with_a_right_checksum() -> None:
    """A number with a right checksum needs no word before it."""
    chance = random.Random(12)
    drawn = [(number, kind) for _ in range(150) for number, kind in checked(chance).items()]
    missed = [number for number, kind in drawn if MASKER.mask(f"dat is {number}, echt") != f"dat is <{kind}>, echt"]
    assert len(missed) <= 0.02 * len(drawn), missed


def test_numbers_of_things() -> None:
    """At most one of a hundred is taken for a person's."""
    chance = random.Random(13)
    drawn = [f"het was {thing} toen" for _ in range(60) for thing in things(chance)]
    false = [text for text in drawn if MASKER.mask(text) != text]
    assert len(false) <= 0.01 * len(drawn), false
