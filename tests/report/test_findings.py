"""What changed, over time, by topic, beside others: each as far as the data goes."""

from __future__ import annotations

from typing import Any

import pytest
from tests.report.whole import DATA, NONE, change, figure, trend

from repwatch.report import findings
from repwatch.report.document import Cell, Section, text_of
from repwatch.report.leads import lead
from repwatch.report.overview import overview


def rows(section: Section | None) -> list[list[str]]:
    assert section is not None
    return [[text_of(cell) for cell in row] for row in section.rows]


def over_time(*series: dict[str, Any]) -> Section | None:
    return findings.trend({**DATA, "trends": {"step": "week", "series": list(series), "change_points": []}})


def names(**more: Any) -> list[str]:
    return [section.name for section in overview({**DATA, **more}).sections]


def test_the_order_of_every_report() -> None:
    """What changed, figures and their course, what needs an answer, topics, comparison, voices, coverage, how to read it."""
    assert names() == ["changes", "figures", "trend", "needs_answer", "topics", "comparison", "profiles", "voices", "not_seen", "reading"]


@pytest.mark.parametrize("missing", ["changes", "trends", "needs_answer", "topics", "comparison", "voices"])
def test_a_part_that_the_data_lacks_is_left_out(missing: str) -> None:
    """A report says what it knows, and no empty heading more."""
    data = {name: value for name, value in DATA.items() if name != missing}
    left_out = {"trends": "trend"}.get(missing, missing)
    assert [section.name for section in overview(data).sections] == [name for name in names() if name != left_out]


def test_a_board_has_one_line_of_charts_and_the_overall_rows() -> None:
    """One page: the rows over all sources, the line of the rating, three reviews that wait, five topics."""
    sections = {section.name: section for section in overview({**DATA, "kind": "board"}).sections}
    assert [len(sections["changes"].rows), len(sections["trend"].lines), sections["trend"].rows, len(sections["topics"].rows)] == [4, 1, (), 5]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([change("rating", NONE, NONE, "down", 0.01)], "the rating has gone down."),
        ([change("rating", NONE, NONE, "up", 0.01), change("net_sentiment", NONE, NONE, "up", 0.01)], "the rating has gone up, net sentiment has gone up."),
        ([change("rating", NONE, NONE, "no_detectable_change", 0.4), change("net_sentiment", NONE, NONE, "too_few", None)], "no detectable change."),
        ([change("rating", NONE, NONE, "too_few", None)], "too few to tell of a change."),
        ([change("rating", NONE, NONE, "up", 0.01, source="indeed")], "no detectable change."),
    ],
)
def test_the_verdict_says_whether_something_changed(changes: list[dict[str, Any]], said: str) -> None:
    """Of the whole, never of one source."""
    assert overview({**DATA, "changes": changes}).verdict.endswith(said)


def test_changes_of_sources_and_topics() -> None:
    """The whole comes first, then what really changed in a part; the rest is counted, and stands whole in CSV."""
    section = findings.changes(DATA)
    assert section is not None
    assert [row[0] for row in rows(section)] == ["Rating", "Net sentiment", "Reviews and mentions", "Recommend", "Net sentiment · workload"]
    assert section.rows[0][1] == Cell("down", "bad")
    assert section.tidy is not None
    assert len(section.tidy.rows) == 6


def test_an_unknown_verdict_is_repeated() -> None:
    """A later version may know more verdicts than this one."""
    assert rows(findings.changes({**DATA, "changes": [change("odd_share", figure(0.5, 4, 0.1, 0.9), figure(2.0, 4), "odd", None)]}))[0] == ["odd_share", "odd", "50 % (10 to 90)", "4", "200 %", "4"]


def test_blind_weeks_are_gaps() -> None:
    """A week in which nothing could be read has no point, whatever the data says of it."""
    series = trend("rating", [(3.0, 4, 1.0)] * 13)
    series["points"][3] |= {"gap": True}
    section = over_time(series)
    assert section is not None
    assert [point.value for point in section.lines[0].points][2:5] == [3.0, None, 3.0]
    assert [rows(section)[3], section.rows[3][-1]] == [["2026-07-27", "–", "4", "0 %"], Cell("0 %", "bad")]


def test_a_series_without_any_figure() -> None:
    """It is said in words; no line is drawn from nothing."""
    section = over_time(trend("rating", [(None, 0, 0.0)] * 13))
    assert section is not None
    assert section.lines[0].alt == "Rating: nothing can be told of any part of the period."


def test_series_that_miss_a_bucket() -> None:
    """Each bucket of any series has its row; what a series does not know of it is a dash."""
    short = trend("volume", [(1, 1, None)] * 13)
    short["points"] = short["points"][:1]
    section = over_time(trend("rating", [(3.0, 4, 0.5)] * 13), short)
    assert [rows(section)[0], rows(section)[1]] == [["2026-07-06", "3.0 (2.5 to 3.5)", "4", "1", "50 %"], ["2026-07-13", "3.0 (2.5 to 3.5)", "4", "–", "50 %"]]


def test_series_of_parts_are_for_machines_only() -> None:
    """A report draws the whole; series of one source stand in CSV."""
    assert [over_time({**trend("rating", [(3.0, 4, 1.0)] * 13), name: "x"}) for name in ("source", "lang")] == [None, None]


def test_words_on_health_are_no_topic() -> None:
    """They may be counted by the scorer; no report shows them."""
    section = findings.topics(DATA)
    assert "health" not in str(section)


@pytest.mark.parametrize(
    ("good", "bad", "cell"),
    [(0, 3, Cell("mostly bad", "bad")), (4, 2, Cell("mostly good", "good")), (2, 2, Cell("mixed", "warn")), (0, 0, Cell("–", "dim"))],
)
def test_the_mood_of_a_topic(good: int, bad: int, cell: Cell) -> None:
    """Two thirds of the texts that take a side make a mood."""
    section = findings.topics({**DATA, "topics": {"n": 9, "rows": [{"topic": "pay", "n": 6, "good": good, "bad": bad}]}})
    assert section is not None
    assert section.rows[0][-1] == cell


@pytest.mark.parametrize(("best", "worst", "told"), [(1, 3, "1 to 3"), (2, 2, "2")])
def test_a_rank_is_told_with_its_doubt(best: int, worst: int, told: str) -> None:
    """A rank that is not certain is a range; an employer with too few ratings has none."""
    ranks = [{**DATA["comparison"]["ranks"][1], "best": best, "worst": worst}]
    found = rows(findings.comparison({**DATA, "comparison": {**DATA["comparison"], "ranks": ranks}}))
    assert [row[-1] for row in found] == [told, "–", "–"]


def test_a_comparison_that_would_not_be_fair() -> None:
    """Then there is no table, and what stands in the way is named."""
    lacks = [{"employer": "Globex", "lack": "not_stored", "source": None}, {"employer": "Globex", "lack": "source_unread", "source": "indeed"}, {"employer": "Globex", "lack": "odd", "source": None}]
    section = findings.comparison({**DATA, "comparison": {**DATA["comparison"], "refused": True, "missing": lacks}})
    assert section is not None
    assert (section.columns, section.before) == ((), ("No comparison: it would not be a fair one.", "Nothing is stored about Globex.",
                                                     "indeed could not be read for Globex: this source is left out for all.", "odd"))  # fmt: skip


def test_nothing_watched_is_no_coverage() -> None:
    """A bucket of files alone, or of days before the first check, says nothing of what was seen."""
    section = over_time(trend("rating", [(3.0, 4, None)] * 13))
    assert rows(section)[0][-1] == "–"
    whole = trend("rating", [(3.0, 4, None)] * 13)
    whole["points"][0]["coverage"] = None
    assert rows(over_time(whole))[0][-1] == "–"


def test_a_sub_rating_keeps_its_name() -> None:
    """Sites name them in their own way."""
    found = rows(findings.changes({**DATA, "changes": [change("subrating:work_life", NONE, NONE, "too_few", None)]}))
    assert found[0][0] == "Rating · work life"


def test_every_figure_leads_to_its_texts() -> None:
    """Each section of figures names the command that lists what is behind it, with the same filters."""
    leads = {section.name: section.lead for section in overview({**DATA, "lang": "fr"}).sections if section.lead}
    assert sorted(leads) == ["changes", "figures", "needs_answer", "topics", "trend", "voices"]
    assert leads["needs_answer"] == "repwatch mentions --employer Kastelmont --since 2026-07-01 --until 2026-09-30 --lang fr --unanswered"


def test_a_lead_can_be_pasted_into_a_shell() -> None:
    """Names are quoted; line breaks and orders to the terminal are gone."""
    found = lead({"employers": [{"employer": "Acme & Söhne; rm -rf\n/\x1b[31m'"}], "since": None, "until": None})
    assert found == """repwatch mentions --employer 'Acme & Söhne; rm -rf /[31m'"'"''"""


def test_a_lead_for_many_employers_names_none() -> None:
    """The fleet's figures are behind all mentions."""
    assert lead({"employers": [{"employer": "A"}, {"employer": "B"}], "since": "2026-01-01"}) == "repwatch mentions --since 2026-01-01"
