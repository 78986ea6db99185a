"""Names that are also words: context rules, the score and its reasons."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repwatch.models import Context, Employer
from repwatch.text.relevance import relevance

RULES = Context(must_have=("mobile", "télécom*", "fibre optique"), must_not_have=("juice", "pressée"), within=8)
ORANGE = Employer(name="Orange", aliases=("Orange Belgium",), domain="orange.be", context=RULES)


@pytest.mark.parametrize(("title", "text", "url", "score", "reasons"), [
    (None, "Orange raises its mobile prices", None, 0.8, ("the name is there", 'near "mobile"')),
    ("Orange raises prices", "Clients of the mobile firm complain", None, 1.0, ("the name is there", "the name is in the title", 'near "mobile"')),
    (None, "Orange et ses concurrents des télécommunications", None, 0.8, ("the name is there", 'near "télécom*"')),
    (None, "A glass of orange juice, Monday", None, 0.0, ("the name is there", "small letters", "none of must_have", 'near "juice"')),
    (None, "The sky was orange on Monday", None, 0.0, ("the name is there", "small letters", "none of must_have")),
    (None, "Orange is a town. One two three four five six seven eight nine ten mobile", None, 0.1, ("the name is there", "none of must_have")),
    (None, "Une orange pressée et la fibre optique", None, 0.1, ("the name is there", "small letters", 'near "fibre optique"', 'near "pressée"')),
    (None, "Read it all", "https://newsroom.orange.be/1", 0.2, ("not in what is shown", "orange.be", "none of must_have")),
    (None, "All about mobile phones", None, 0.7, ("not in what is shown", 'near "mobile"')),
    (None, "orange mobile strike", None, 0.8, ("the name is there", 'near "mobile"')),
])  # fmt: skip
def test_scores(title: str | None, text: str, url: str | None, score: float, reasons: tuple[str, ...]) -> None:
    """Each reason moves the score; the company that a name keeps decides."""
    found = relevance(ORANGE, title, text, url)
    assert score == found.score
    assert [wanted in told for wanted, told in zip(reasons, found.reasons, strict=True)] == [True] * len(reasons)


def test_no_rules() -> None:
    """Without rules every mention is relevant."""
    assert relevance(Employer(name="Acme"), None, "anything", None) == (1.0, ("no context rules",))


def test_names_that_mean_others() -> None:
    """A name inside one that the settings exclude is no name of the employer."""
    employer = Employer(name="Orange", exclude=("Orange County",), context=Context(within=5))
    assert [relevance(employer, None, text, None).reasons[0] for text in ("Orange County votes", "Orange County and Orange")] == ["the name is not in what is shown (+0.4)", "the name is there (+0.5)"]


def test_rules_that_only_forbid() -> None:
    """Where no word is asked for, a name alone is enough; a name in small letters in the settings may stand so."""
    employer = Employer(name="orange", context=Context(must_not_have=("juice",)))
    assert [relevance(employer, None, text, None).score for text in ("We like orange. A lot.", "An orange juice")] == [0.5, 0.0]


@given(st.text(max_size=60), st.text(max_size=20), st.none() | st.text(max_size=30))
def test_the_score_is_a_share(text: str, title: str, url: str | None) -> None:
    """Whatever the text, the score is from 0 to 1 and has a reason."""
    found = relevance(ORANGE, title, text, url)
    assert 0 <= found.score <= 1
    assert found.reasons
