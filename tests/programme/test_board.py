"""Three proposals to a board, in four languages."""

from __future__ import annotations

import re
from typing import Any

import pytest

from repwatch.programme.board import proposals, texts

FACTS: dict[str, Any] = {"unclaimed": 1, "found": 3, "overdue": 4, "unlooked": 2, "days": 14, "rate": "20 %, n 9", "rating": "3.1", "blamed": ("workload", 7)}
_PLACE = re.compile(r"{(\w+)}")


@pytest.mark.parametrize("lang", ["fr", "nl", "de"])
def test_every_language_says_the_same(lang: str) -> None:
    """The same proposals with the same places."""
    told = {lang: {kind: {name: sorted(_PLACE.findall(text)) for name, text in row.items()} for kind, row in texts(lang).items()} for lang in ("en", lang)}
    assert told[lang] == told["en"]


@pytest.mark.parametrize(("facts", "kind", "figure"), [
    ({}, "claim", "unclaimed"), ({"unclaimed": 0}, "answer", "overdue"), ({"unclaimed": 0, "overdue": 0}, "look", "unlooked"),
    ({"unclaimed": 0, "overdue": 0, "unlooked": 0}, "listen", ""),
])  # fmt: skip
def test_the_smallest_takes_what_is_in_the_way(facts: dict[str, int], kind: str, figure: str) -> None:
    """Claim, then answer, then look, else read together."""
    small = proposals("en", FACTS | facts)[0]
    assert (small.size, small.kind, small.figure, small.time) == ("small", kind, figure, "four weeks")


@pytest.mark.parametrize("lang", ["en", "fr", "nl", "de"])
def test_nothing_is_left_unfilled(lang: str) -> None:
    """Every text is filled, with a topic and without."""
    every = [each for blamed in (("workload", 7), None) for facts in ({}, {"unclaimed": 0}, {"unclaimed": 0, "overdue": 0}, {"unclaimed": 0, "overdue": 0, "unlooked": 0})
             for each in proposals(lang, FACTS | facts | {"blamed": blamed})]  # fmt: skip
    assert [each for each in every if re.search(r"[{}]", "".join(map(str, each)))] == []
    assert {each.kind for each in every} == {*texts("en")} - {"times"}
