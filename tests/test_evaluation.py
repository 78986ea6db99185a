"""Figures of a scorer on labelled texts, checked by hand and against published definitions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repwatch.analysis.evaluation import (
    Judged,
    calibration_error,
    confusion,
    cost_of_unclear,
    evaluate,
    figures,
    macro_f1,
)

GOOD, BAD, OPEN = "positive", "negative", "unclear"
ROWS = [
    Judged(GOOD, GOOD, 0.9, 0.95, "fr", "glassdoor"),
    Judged(GOOD, BAD, -0.2, 0.55, "fr", "glassdoor"),
    Judged(BAD, BAD, -0.9, 0.95, "nl", "indeed"),
    Judged(BAD, OPEN, -0.1, 0.2, "nl", "indeed"),
]


def test_accuracy_counts_answers_and_the_two_sides_count_all() -> None:
    """Three answers, two right; of four polar texts the sign is right in three."""
    found = figures(ROWS)
    assert (found["n"], found["answered"], found["accuracy"]["value"], found["two_class"]["value"]) == (4, 3, pytest.approx(2 / 3), 0.75)


def test_macro_f1_is_the_mean_over_the_labels_that_people_gave() -> None:
    """Positive: 1 hit of 1 said and 2 meant, F1 2/3; negative: 1 hit of 2 said and 2 meant, F1 1/2."""
    assert macro_f1(ROWS) == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert macro_f1([]) is None


def test_calibration_error_is_the_distance_of_confidence_and_right() -> None:
    """Two answers at 0.95, both right, miss by 0.05 each; one at 0.55, wrong, misses by 0.55: 0.65 of three."""
    answered = [row for row in ROWS if row.label != OPEN]
    assert calibration_error(answered) == pytest.approx((2 * 0.05 + 0.55) / 3)
    assert calibration_error([]) is None


def test_the_confusion_table_counts_every_text_once() -> None:
    """Rows are what people said."""
    assert confusion(ROWS) == {BAD: {BAD: 1, OPEN: 1}, GOOD: {BAD: 1, GOOD: 1}}


def test_what_unclear_costs_is_what_a_guess_would_have_won() -> None:
    """The one open text leans the right way: guessing gives three of four."""
    cost = cost_of_unclear(ROWS)
    assert (cost["n"], cost["share"], cost["if_guessed"]["value"], cost["accuracy_if_guessed"]["value"]) == (1, 0.25, 1.0, 0.75)


def test_an_open_text_without_any_lean_is_guessed_neutral() -> None:
    """A polarity of nothing has no side."""
    assert Judged("neutral", OPEN, 0.0, 0.1).best == "neutral"


def test_the_worst_language_is_named_only_where_enough_was_measured() -> None:
    """Four texts name none; sixty name the one that does worse."""
    assert evaluate(ROWS)["worst_language"] is None
    many = [Judged(GOOD, GOOD, 1, 0.9, "fr")] * 30 + [Judged(GOOD, BAD, -1, 0.9, "de")] * 30
    assert evaluate(many)["worst_language"] == "de"


def test_without_texts_there_are_no_figures() -> None:
    """Nothing is measured on nothing, and nothing breaks."""
    found = evaluate([])
    assert (found["n"], found["accuracy"]["value"], found["macro_f1"], found["unclear"]["share"]) == (0, None, None, None)


LABELS = st.sampled_from(["positive", "negative", "neutral", "mixed", "unclear", "unscored"])
JUDGED = st.lists(st.builds(Judged, st.sampled_from(["positive", "negative", "neutral"]), LABELS, st.floats(-1, 1), st.floats(0, 1), st.sampled_from(["fr", "nl", ""])), max_size=40)


@given(JUDGED)
def test_all_figures_are_shares_and_all_texts_are_counted(judged: list[Judged]) -> None:
    """Whatever was labelled, every figure is between 0 and 1, and no text is lost or counted twice."""
    found = evaluate(judged)
    told = [found["macro_f1"], found["calibration_error"], found["accuracy"]["value"], found["two_class"]["value"]]
    assert all(0 <= each <= 1 for each in told if each is not None)
    assert sum(n for row in found["confusion"].values() for n in row.values()) == len(judged) == sum(row["n"] for row in found["by_language"].values())
