"""Cleaning, pseudonyms, languages and the employers that an item is about."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from repwatch.models import AnyItem, Employer, Interview, Mention, Profile, Response, Review, Salary
from repwatch.pipeline.normalise import (
    doubts_of,
    employers_of,
    load_key,
    meant,
    normalise,
    pseudonym,
    whole_text,
    with_language,
)

KEY = b"a key of the tests"
ACME = Employer(name="Acme", aliases=("Acmé Industries", "A.C.M.E."), exclude=("Acme Anvils",))
BETA = Employer(name="Bêta")
KNOWN = (ACME, BETA)


def said(text: str, **more: str) -> Mention:
    return Mention(source="hackernews", text=text, **more)


@pytest.mark.parametrize(("text", "names"), [
    ("I worked at ACME for years", ("Acme",)), ("acme industries hires", ("Acme",)), ("At A.C.M.E., daily", ("Acme",)), ("beta is fine", ("Bêta",)),
    ("Acme and BÊTA merge", ("Acme", "Bêta")), ("Acmeology", ()), ("the pharmacme", ()), ("Acme Anvils fell", ()), ("Acme Anvils beat Acme", ("Acme",)),
    ("", ()), ("(Acme)", ("Acme",)), ("aXcXmXe", ()),
])  # fmt: skip
def test_names_in_a_mention(text: str, names: tuple[str, ...]) -> None:
    """A mention is about all whose name or alias stands in it as words: case and accents do not count, exclusions do."""
    assert names == employers_of(said(text), KNOWN)


def test_names_in_a_title() -> None:
    """The title of a mention counts as its text."""
    assert employers_of(said("good news", title="Acme grows"), KNOWN) == ("Acme",)


def test_watch_of_a_mention() -> None:
    """The employer whose watch found a mention comes first and once; without anybody the item's own word counts."""
    assert employers_of(said("Beta and Acme"), KNOWN, "Acme") == ("Acme", "Bêta")
    assert employers_of(said("nobody"), KNOWN, "Acme") == ("Acme",)
    assert employers_of(said("nobody", employer="Gamma"), KNOWN) == ("Gamma",)


@pytest.mark.parametrize(("item", "watched", "names"), [
    (Review(source="x", employer="ACMÉ industries"), None, ("Acme",)), (Review(source="x", employer="Gamma"), None, ("Gamma",)),
    (Review(source="x", employer="Gamma"), "Acme", ("Acme",)), (Review(source="x"), None, ()), (Profile(source="x", employer="bêta"), None, ("Bêta",)),
])  # fmt: skip
def test_employer_of_a_review(item: AnyItem, watched: str | None, names: tuple[str, ...]) -> None:
    """A review is about the employer of its watch, else the one its page names, by the name in the settings."""
    assert names == employers_of(item, KNOWN, watched)


def test_pseudonyms() -> None:
    """The same author on the same source has the same pseudonym; another source, author or key gives another."""
    one = pseudonym(KEY, "hackernews", "pg")
    assert re.fullmatch("p[0-9a-f]{16}", one)
    assert one == pseudonym(KEY, "hackernews", "pg")
    assert len({one, pseudonym(KEY, "feed", "pg"), pseudonym(KEY, "hackernews", "gp"), pseudonym(b"other", "hackernews", "pg")}) == 4
    assert pseudonym(KEY, "x", "\ud800")


def test_author_of_a_mention() -> None:
    """Without a key an author is dropped; with one it is a pseudonym, and a pseudonym stays what it is."""
    assert normalise(said("x", author="pg"), None).author is None  # type: ignore[union-attr]
    neat = normalise(said("x", author="pg"), KEY)
    assert pseudonym(KEY, "hackernews", "pg") == neat.author  # type: ignore[union-attr]
    assert neat == normalise(neat, KEY)
    assert normalise(said("x"), KEY).author is None  # type: ignore[union-attr]


def test_names_that_differ_by_an_accent() -> None:
    """Each employer's own spelling means it; any other spelling means the first that it could be."""
    both = (Employer(name="Müller", aliases=("Mueller",)), Employer(name="Muller"))
    assert [meant(name, both) for name in ("Müller", "Muller", "MÜLLER", "muller", "MUELLER", "Mahler")] == ["Müller", "Muller", "Müller", "Müller", "Müller", "Mahler"]
    assert employers_of(Review(source="x", employer="Muller"), both) == ("Muller",)


def test_an_excluded_name_is_doubted() -> None:
    """What an employer's own search found counts nowhere where the name stands only within an excluded one; elsewhere too, and it counts."""
    for text, score in (("Acme Anvils hires", 0.0), ("ACMÉ ANVILS hires", 0.0), ("Acme Anvils and Acme hire", None), ("Acme Anvilsmith hires", None), ("Nobody is named", None)):
        doubts = doubts_of(said(text), ("Acme",), (ACME,), "Acme")
        assert [each.relevance for each in doubts] == ([] if score is None else [score]), text


def test_key_file(tmp_path: Path) -> None:
    """The key is made only where that is asked, once, and is readable by its owner alone."""
    folder = tmp_path / "a" / "b"
    assert load_key(folder) is None
    key = load_key(folder, create=True)
    assert key == load_key(folder)
    assert key == load_key(folder, create=True)
    assert [stat.S_IMODE((folder / "pseudonym.key").stat().st_mode), len(key or b"")] == [0o600, 32]


def test_texts_are_cleaned() -> None:
    """Control characters go, lines stay; an empty text is none; one-line fields have one line."""
    review = Review(source="x", title="A\ntitle\x1b[31m", pros="good\x00\n\nvery\u202e", cons=" \x07 ", job_title="Cook\nchef", responses=(Response(text="Thanks\x08"),))
    neat = normalise(review, None)
    assert isinstance(neat, Review)
    assert [neat.cons, neat.responses[0].text, neat.job_title] == [None, "Thanks", "Cook chef"]
    for text in (neat.title, neat.pros):
        assert not re.search(r"[\x00-\x08\x1b\u202e]", text or "")
    assert "\n" in (neat.pros or "")
    interview = normalise(Interview(source="x", process="\x00", questions=("Why?\x00", "\x00")), None)
    assert isinstance(interview, Interview)
    assert [interview.process, interview.questions] == [None, ("Why?",)]


def test_a_salary_keeps_its_job_title() -> None:
    """A salary cannot be without a job title: one that cleans to nothing stays as it was."""
    assert normalise(Salary(source="x", job_title="\x00"), None).job_title == "\x00"  # type: ignore[union-attr]
    assert None is normalise(Review(source="x", job_title="\x00"), None).job_title  # type: ignore[union-attr]
    plain = Profile(source="x")
    assert plain is normalise(plain, None)


def test_languages() -> None:
    """A language is found where the page names none; what has no text, or is a profile, is left alone."""
    text = "Les collègues sont sympathiques mais la direction ne communique pas assez avec les équipes"
    assert with_language(Review(source="x", body=text)).lang == "fr"
    assert with_language(Review(source="x", body=text, lang="nl")).lang == "nl"
    assert None is with_language(Review(source="x")).lang
    assert None is with_language(Profile(source="x", employer=text)).lang


@pytest.mark.parametrize(("tag", "lang"), [("nl-BE", "nl"), ("FR", "fr"), ("deu", "de"), ("?", None), (None, None)])
def test_a_language_tag(tag: str | None, lang: str | None) -> None:
    """A language is kept by its two letters, however a page or table writes it: filters and figures know it by these."""
    assert normalise(Review(source="csv", lang=tag), None).lang == lang


def test_whole_text() -> None:
    """All that a person wrote, in order, one part a line."""
    assert whole_text(Review(source="x", title="T", pros="P", cons="C", body="B")) == "T\nP\nC\nB"


def test_half_a_surrogate_pair_is_no_text() -> None:
    """An id or address with half a character can be stored: it gets a question mark."""
    item = normalise(Mention(source="feed", native_id="a\ud800", url="https://a.example/\udc00b", text="x\ud800"), None)
    assert [item.native_id, item.url, item.text] == ["a?", "https://a.example/?b", "x"]
