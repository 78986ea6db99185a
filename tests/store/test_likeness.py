"""Copies told from other texts: recall and precision on invented pairs in four languages, and the rules of likeness."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from tests.store.press import STORIES, article, pairs

from repwatch.store.likeness import Content, alike


def found(one: dict[str, str], other: dict[str, str]) -> bool:
    """Tell whether a pair is found by its fingerprints and then taken for alike, as the store does it."""
    here, there = Content(one), Content(other)
    shared = here.fingerprint & there.fingerprint
    return (len(shared) > 1 or any(number >> 32 for number in shared)) and alike(here, there)


def test_recall_and_precision() -> None:
    """On 160 labelled pairs in four languages: every copy that is found is one, and at least 95 of 100 copies are found, in each language."""
    every = pairs()
    assert (len(every), {each.lang for each in every}) == (160, {"en", "nl", "fr", "de"})
    verdicts = Counter((each.lang, each.copy, found(each.one, each.other)) for each in every)
    assert sum(n for (_, copy, told), n in verdicts.items() if told and not copy) == 0
    recall = {lang: verdicts[lang, True, True] / (verdicts[lang, True, True] + verdicts[lang, True, False]) for lang in ("en", "nl", "fr", "de")}
    assert [lang for lang, share in recall.items() if share < 0.95] == [], [(each.what, each.lang) for each in every if each.copy and not found(each.one, each.other)]


def test_short_texts_are_alike_by_chance() -> None:
    """Twelve words are too few; from thirteen on the same words are a copy."""
    twelve = "Acme is a great place to work and the people are kind"
    assert [len(twelve.split()), found(article(twelve), article(twelve)), found(article(twelve + " indeed"), article(twelve + " indeed"))] == [12, False, True]


def test_one_address_is_one_article() -> None:
    """Articles of the same address are one whatever is shown of them; posts are not."""
    here, there = "https://www.press.example/a/", "http://press.example/a"
    one, other = article("Acme closes", "") | {"url": here}, article("", "Acme closes its bakery") | {"url": there}
    assert [found(one, other), found(one | {"kind": "post"}, other), found(one, other | {"url": there + "?id=2"})] == [True, False, False]


def test_a_review_is_no_copy_of_a_mention() -> None:
    """Reviews are like reviews only."""
    text = STORIES[0].text
    review = {"type": "review", "body": text}
    assert [found(review, article(text)), found(review, {"type": "review", "pros": text})] == [False, True]


def test_a_quotation_in_a_long_text_is_no_copy() -> None:
    """A paragraph in the midst of a text four times as long is quoted there; at its beginning it was cut off."""
    long = " ".join(story.text for story in STORIES[:5])
    assert [found(article(STORIES[2].text), article(long)), found(article(STORIES[0].text), article(long))] == [False, True]


@given(st.lists(st.sampled_from(["one", "two", "three", "four", "five", "six", "seven", "eight", "acme", "works"]), max_size=30).map(" ".join), st.lists(st.sampled_from(["one", "two", "three", "acme"]), max_size=30).map(" ".join))
def test_likeness_is_symmetrical(one: str, other: str) -> None:
    """A text is like another whichever comes first, and like itself once it is long enough."""
    here, there = Content(article(one)), Content(article(other))
    assert alike(here, there) is alike(there, here)
    assert alike(here, Content(article(one))) is (len(one.split()) > 12)


def test_half_a_character_is_hashed() -> None:
    """A lone surrogate is hashed as a question mark."""
    assert Content(article("\ud800 " + "word " * 20)).fingerprint
