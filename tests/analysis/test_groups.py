"""Breakdowns that point at nobody, mix and opinion, words, peers, badges, bursts, answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from repwatch.analysis.badges import Condition, top_company
from repwatch.analysis.breakdown import OTHER, K, atoms, breakdown
from repwatch.analysis.bursts import beside_platform, bursts
from repwatch.analysis.intervals import shrunk_mean
from repwatch.analysis.mix import decompose
from repwatch.analysis.peers import Missing, missing, ranks, share_of_voice, shared_sources
from repwatch.analysis.responses import median_wait, response_rate
from repwatch.analysis.tally import Tally, Wait
from repwatch.analysis.why import drivers, log_odds
from repwatch.store.counts import CellCount


def cells(months: Mapping[str, Mapping[str, int]]) -> list[CellCount]:
    rows = [(month, part, n) for month, parts in months.items() for part, n in parts.items()]
    return [CellCount(month, "family", part, what, bucket, n) for month, part, n in rows for what, bucket in (("all", ""), ("stars", "40"))]


MONTHS = st.dictionaries(st.sampled_from([f"202{year}-{month:02}" for year in (4, 5) for month in range(1, 13)]), st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 9), max_size=5), max_size=14)


@given(MONTHS)
def test_no_two_reports_subtract_to_fewer_than_five(months: dict[str, dict[str, int]]) -> None:
    """Whatever periods two reports cover, a part's numbers, the totals of the blocks and any difference are none or five and more."""
    found = atoms(cells(months), "family", "2026-01")
    assert [atom for atom in found if atom.n < K] == []
    names = sorted({*months, "2023-12", "2026-01"})
    spans = list(combinations(names, 2))
    reports = {span: {part.name: part.reviews for part in breakdown(found, "family", *span).parts} for span in spans}
    nested = [(reports[inner], reports[outer]) for inner in spans for outer in spans if outer[0] <= inner[0] and inner[1] <= outer[1]]
    left = {outer[part] - inner.get(part, 0) for inner, outer in nested for part in outer}
    assert [n for n in left if 0 < n < K or n < 0] == []
    for first, last in {(atom.first, atom.last) for atom in found}:
        total = sum(sum(parts.values()) for month, parts in months.items() if first <= month <= last)
        assert sum(atom.n for atom in found if atom.first == first) == total


def test_small_parts_are_merged_and_counted() -> None:
    """Two cooks and two drivers are one group only with the next smallest; the month that is not over stays out."""
    found = atoms(cells({"2026-01": {"sales": 9, "care": 6, "cook": 2, "driver": 2}, "2026-02": {"sales": 9}}), "family", "2026-02")
    told = breakdown(found, "family", "2026-01", "2026-02")
    assert [(part.name, part.reviews, part.rating.value) for part in told.parts] == [("sales", 9, 4.0), (OTHER, 10, 4.0)]
    assert (told.first, told.last, told.merged) == ("2026-01", "2026-01", 10)


def test_few_reviews_wait_for_more_months() -> None:
    """Four a month of one part are shown over the months together, and at the latest a year ends a block."""
    found = atoms(cells({"2025-01": {"a": 4}, "2025-02": {"a": 4, "b": 3}, "2025-03": {"b": 4}, "2026-03": {"a": 3}}), "family", "2026-09")
    assert [(atom.first, atom.last, atom.part, atom.n) for atom in found] == [("2025-01", "2025-03", "a", 8), ("2025-01", "2025-03", "b", 7)]
    late = atoms(cells({"2025-01": {"a": 3, "b": 2}, "2026-02": {"a": 9}}), "family", "2026-09")
    assert [(atom.first, atom.part) for atom in late] == [("2025-01", OTHER), ("2026-02", "a")]
    assert breakdown([], "family", "2026-01", "2026-02")[1:3] == (None, None)


HISTOGRAMS = st.dictionaries(st.sampled_from("abc"), st.dictionaries(st.sampled_from([10, 20, 30, 40, 50]), st.integers(1, 30), min_size=1), min_size=1)


@given(HISTOGRAMS, HISTOGRAMS)
def test_mix_and_opinion_add_up(before: dict[str, dict[int, int]], after: dict[str, dict[int, int]]) -> None:
    """To the difference of the means, exactly."""
    told = decompose("source", before, after)
    assert told is not None
    means = [sum(value * n for each in groups.values() for value, n in each.items()) / sum(n for each in groups.values() for n in each.values()) / 10 for groups in (before, after)]
    assert told.difference == pytest.approx(means[1] - means[0], abs=1e-9)
    assert (told.mix.value or 0) + (told.opinion.value or 0) == pytest.approx(told.difference, abs=1e-9)


def test_kitagawas_parts() -> None:
    """Shares move from a group rated 4 to one rated 2, opinions stay: all mix. Opinions move, shares stay: none."""
    assert decompose("source", {"a": {40: 50}, "b": {20: 50}}, {"a": {40: 20}, "b": {20: 80}}).mix.value == pytest.approx(-0.6)  # type: ignore[union-attr]
    told = decompose("source", {"a": {40: 50}, "b": {20: 50}}, {"a": {30: 10}, "b": {20: 10}})
    assert told is not None
    assert (told.mix.value, told.opinion.value, told.dimension, told.groups) == (0.0, pytest.approx(-0.5), "source", 2)
    assert decompose("source", {}, {"a": {40: 3}}) is None


def test_log_odds_by_hand() -> None:
    """Ten texts of prior at 45 in 100: log((60 + 4.5) / (40 + 5.5)) - log((30 + 4.5) / (70 + 5.5)), over the root of the four reciprocals."""
    delta = np.log(64.5 / 45.5) - np.log(34.5 / 75.5)
    assert log_odds({"pay": 30, "all": 100}, {"pay": 60, "all": 100}, (100, 100)) == {"pay": pytest.approx((delta, delta / np.sqrt(1 / 64.5 + 1 / 45.5 + 1 / 34.5 + 1 / 75.5)))}
    assert log_odds({}, {"pay": 9}, (0, 20)) == {}


def test_words_that_tell_two_periods_apart() -> None:
    """With their texts, the period's own first; a word of four texts is never named."""
    before = [(number, ["team", *(["pay"] if number < 5 else [])]) for number in range(60)]
    after = [(number, ["team", *(["pay"] if number < 140 else []), *(["rare"] if number < 104 else [])]) for number in range(100, 160)]
    (found,) = drivers(before, after)
    assert (found.word, found.before, found.after, found.texts[:2], found.z > 1.96) == ("pay", 5, 40, (100, 101), True)


def told(**stars: int) -> Tally:
    return Tally(stars=Counter({int(star[1]) * 10: n for star, n in stars.items()}))


def test_ranks_carry_their_uncertainty() -> None:
    """Clear employers have one place, near ones share a range, and few ratings have none."""
    found, few = ranks({"Acme": told(s5=50, s4=9), "Beta": told(s3=20, s4=20), "Gamma": told(s3=21, s4=19), "Delta": told(s5=4)})
    assert [(each.employer, each.place, each.best, each.worst) for each in found] == [("Acme", 1, 1, 1), ("Beta", 2, 2, 3), ("Gamma", 3, 2, 3)]
    assert few == [Missing("Delta", "too_few")]
    assert ranks({"Acme": told(s5=9)})[0][0][2:] == (1, 1, 1)


def test_a_comparison_says_what_is_missing() -> None:
    """A peer of whom nothing is stored, a source that one lacks, a source that could not be read."""
    sources = {"Acme": ["indeed", "kununu"], "Beta": ["indeed"]}
    assert missing("Acme", ["Beta", "Gamma"], sources, {"Acme": ["indeed"]}) == [
        Missing("Gamma", "not_stored"), Missing("Acme", "source_unread", "indeed"), Missing("Beta", "source_missing", "kununu")]  # fmt: skip
    assert shared_sources(["Acme", "Beta"], sources, {}) == ["indeed"]
    assert shared_sources(["Acme", "Beta"], sources, {"Beta": ["indeed"]}) == shared_sources([], {}, {}) == []
    assert share_of_voice(30, 120).value == 0.25


def test_the_way_to_a_badge() -> None:
    """Ten reviews at 3.5 need three of five stars for 3.8; a badge that is won needs nothing."""
    badge = top_company(10, 35.0, 0, 0.0)
    assert badge.conditions[1] == Condition("rating", 3.5, 3.8, False, 3)
    assert (35 + 2 * 5) / 12 < 3.8 <= (35 + 3 * 5) / 13
    assert [each.met for each in badge.conditions] == [True, False, False, False]
    assert (badge.won, top_company(6, 24.0, 2, 8.0).won, top_company(2, 8.0, 2, 8.0).conditions[0].reviews_short) == (False, True, 4)


def test_bursts_of_five_stars() -> None:
    """Twenty-four reviews, twenty of them with five stars, amid months of four: named; the same number rated as ever: not."""
    usual, many = {10: 1, 30: 1, 40: 1, 50: 1}, {10: 6, 30: 6, 40: 6, 50: 6}
    months = [(f"2026-{number:02}", usual) for number in range(1, 8)]
    inflated = [*months[:3], ("2026-04", {40: 4, 50: 20}), *months[4:]]
    (found,) = bursts(inflated)
    assert (found.month, found.reviews, found.five_star.value, found.around.value) == ("2026-04", 24, pytest.approx(20 / 24), 0.25)
    assert bursts([*months[:3], ("2026-04", many), *months[4:]]) == bursts(months) == bursts(inflated[3:5]) == []


def test_a_sites_rating_beside_what_is_visible() -> None:
    """Within our interval it is no oddity; far outside it is one."""
    stars = {30: 20, 40: 20}
    assert (beside_platform(3.5, 80, stars).outside, beside_platform(4.4, 80, stars).outside) == (False, True)
    assert beside_platform(4.4, 80, stars).visible.value == 0.5
    assert beside_platform(4.4, None, {})[2:] == (None, False, (None, 0, None, None))


TODAY = date(2026, 11, 30)


def test_response_rate_by_cohort() -> None:
    """Reviews younger than the window are asked nothing; answers without a day count as answers, not as answers in time."""
    waits = {Wait("2026-11-01", "3"): 2, Wait("2026-11-02", "20"): 1, Wait("2026-11-02", "open"): 3, Wait("2026-11-03", "answered"): 1, Wait("2026-11-29", "open"): 9, Wait("", "open"): 1}
    found = response_rate(waits, TODAY)
    assert [found.figure[:2], found.within[:2], found.young, found.undated] == [(4 / 7, 7), (2 / 6, 6), 9, 1]


@given(st.dictionaries(st.tuples(st.integers(1, 30), st.booleans()), st.integers(1, 6), min_size=1))
def test_the_median_wait_is_kaplan_meiers(told: dict[tuple[int, bool], int]) -> None:
    """With those who still wait as censored, as statsmodels has it."""
    waits = {Wait(date.fromordinal(TODAY.toordinal() - (days if still else 60)).isoformat(), "open" if still else str(days)): n for (days, still), n in told.items()}
    times, status = np.array([(days, not still) for (days, still), n in told.items() for _ in range(n)]).T
    found = median_wait(waits, TODAY).figure
    curve = SurvfuncRight(times, status)
    assert found.value == next((time for time, left in zip(curve.surv_times, curve.surv_prob, strict=True) if left <= 0.5 + 1e-12), None)


def test_the_interval_of_the_median_wait() -> None:
    """Brookmeyer and Crowley's, beside statsmodels; without half answered there is no median, and an answer without a day tells no wait."""
    waits = {Wait("2026-09-01", str(days)): 3 for days in (1, 2, 3, 5, 8, 9, 12)} | {Wait("2026-11-15", "open"): 6}
    times, status = [days for days in (1, 2, 3, 5, 8, 9, 12) for _ in range(3)] + [15] * 6, [1] * 21 + [0] * 6
    low, high = SurvfuncRight(times, status).quantile_ci(0.5, method="cloglog")
    found = median_wait({**waits, Wait("2026-09-01", "answered"): 2}, TODAY)
    assert (found.figure, found.open, found.undated) == ((8, 27, low, high), 6, 2)
    assert median_wait({Wait("2026-11-15", "open"): 6}, TODAY).figure == (None, 6, None, None)


def test_a_shrunk_mean_is_hard_to_carry_away() -> None:
    """(7 x 3.4 + 5 + 5) / 9 with two five-star reviews; the prior without any."""
    assert shrunk_mean({50: 2}).value == pytest.approx((7 * 3.4 + 10) / 9)
    assert shrunk_mean({}) == (3.4, 0, None, None)
