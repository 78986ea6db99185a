"""What changed, over time, by topic, beside others: each as far as the data goes."""

from __future__ import annotations

from typing import Any

import pytest
from tests.report.whole import DATA, NONE, change, figure, trend

from repwatch.analysis.badges import top_company
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
    """What changed, what needs an answer, topics, comparison, voices; the figures in full; coverage, how to read it. Nothing stands between what changed and what it asks for."""
    assert names() == ["changes", "needs_answer", "topics", "comparison", "profiles", "voices", "trend", "figures", "not_seen", "reading"]
    assert names(kind="board") == ["changes", "needs_answer", "topics", "comparison", "profiles", "trend", "voices", "not_seen", "reading"]
    mix = [{"dimension": "lang", "difference": -0.4, "mix": DATA["changes"][0]["before"], "opinion": DATA["changes"][0]["after"], "groups": 2, "moved": "fr"}]
    why = {"topics": [{"topic": "work_life_balance", "before": 1, "after": 9, "quotes": []}], "words": [], "texts": {"before": 9, "after": 9}}
    assert names(mix=mix, why=why)[:6] + names(mix=mix, why=why)[-3:] == ["changes", "needs_answer", "topics", "why", "comparison", "profiles", "mix", "not_seen", "reading"]


def test_without_a_comparison_the_figures_are_the_news() -> None:
    """They come first, and all else keeps its order."""
    assert names(changes=None) == ["figures", "trend", "needs_answer", "topics", "comparison", "profiles", "voices", "not_seen", "reading"]


@pytest.mark.parametrize("missing", ["trends", "needs_answer", "topics", "comparison", "voices"])
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
        ([change("rating", NONE, NONE, "down", 0.01)], "the rating has gone down"),
        ([change("rating", NONE, NONE, "up", 0.01), change("net_sentiment", NONE, NONE, "up", 0.01)], "the rating has gone up, net sentiment has gone up"),
        ([change("rating", NONE, NONE, "no_detectable_change", 0.4), change("net_sentiment", NONE, NONE, "too_few", None)], "no detectable change"),
        ([change("rating", NONE, NONE, "too_few", None), change("volume", NONE, NONE, "no_detectable_change", 0.5)], "too few to tell of a change"),
        ([change("rating", NONE, NONE, "no_detectable_change", 0.4), change("volume", NONE, NONE, "up", 0.01)], "more is said than before"),
        ([change("rating", NONE, NONE, "up", 0.01, source="indeed")], "no change over all, but 1 figure below has changed"),
        ([change("rating", NONE, NONE, "too_few", None), change("topic_share", NONE, NONE, "up", 0.01, topic="health")], "too few to tell of a change"),
    ],
)
def test_the_verdict_says_whether_something_changed(changes: list[dict[str, Any]], said: str) -> None:
    """It comes first, and is of the whole: what changed on one source or topic is counted, and never denied."""
    assert overview({**DATA, "changes": changes}).verdict.startswith(f"Kastelmont: {said}; 85 reviews and mentions, ")


def test_of_one_source_a_change_is_told_once() -> None:
    """Its rows are those over all: the table does not repeat them, the data does."""
    same = (figure(3.9, 58, 3.6, 4.2), figure(3.4, 61, 3.0, 3.8), "down", 0.01)
    section = findings.changes({**DATA, "changes": [change("rating", *same), change("rating", *same, source="glassdoor")]})
    assert section is not None
    assert section.tidy is not None
    assert (len(section.rows), len(section.tidy.rows)) == (1, 2)


def test_more_texts_are_neither_good_nor_bad() -> None:
    """Only a rating, a share of approval or a balance has a better side."""
    section = findings.changes({**DATA, "changes": [change("volume", NONE, NONE, "up", 0.01), change("recommend", NONE, NONE, "up", 0.01)]})
    assert section is not None
    assert [row[1] for row in section.rows] == [Cell("up"), Cell("up", "good")]


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


def test_sub_ratings_have_names() -> None:
    """What a site calls by a key is shown in words; a name that is not ours is the site's own."""
    told = [change(f"subrating:{name}", NONE, NONE, "too_few", None) for name in ("work_life", "workLife", "work_life_balance")]
    assert [row[0] for row in rows(findings.changes({**DATA, "changes": told}))] == ["Rating · work life", "Rating · work-life balance", "Rating · work-life balance"]


def test_every_figure_leads_to_its_texts() -> None:
    """Each section of figures names the command that lists what is behind it, with the same filters."""
    leads = {section.name: section.leads for section in overview({**DATA, "lang": "fr"}).sections if section.leads}
    now, then = "--since 2026-07-01 --until 2026-09-30 --lang fr", "--since 2026-03-31 --until 2026-06-30 --lang fr"
    assert leads == {
        "changes": tuple(f"repwatch mentions --employer Kastelmont {period.removesuffix(' --lang fr')} --lang fr --counted FIGURE" for period in (now, then)),
        "needs_answer": (f"repwatch mentions --employer Kastelmont {now} --unanswered",),
        "topics": (f"repwatch mentions --employer Kastelmont {now} --counted texts --topic TOPIC",),
        "comparison": ("repwatch mentions --employer EMPLOYER --since 2026-07-01 --until 2026-09-30 --source glassdoor --source indeed --lang fr --counted FIGURE",),
        "voices": (f"repwatch mentions --employer Kastelmont {now} --counted texts",),
        "trend": (f"repwatch mentions --employer Kastelmont {now} --counted FIGURE",),
        "figures": ("repwatch mentions --employer Kastelmont --since 2026-07-01 --until 2026-09-30 --source SOURCE --lang fr --counted FIGURE",),
    }


def test_each_row_leads_to_its_own_texts() -> None:
    """Topic by topic, period by period, peer by peer, in the table as in the data; nobody is led to who speaks of health."""
    told = overview(DATA)
    sections = {section.name: section for section in told.sections}
    cells = {name: [[cell.lead.partition(" --employer ")[2] for cell in row if isinstance(cell, Cell) and cell.lead] for row in section.rows] for name, section in sections.items()}
    assert cells["topics"][0] == ["Kastelmont --since 2026-07-01 --until 2026-09-30 --counted texts --topic workload"]
    assert cells["changes"][-1] == [f"Kastelmont --since {since} --until {until} --counted net_sentiment --topic workload" for since, until in (("2026-03-31", "2026-06-30"), ("2026-07-01", "2026-09-30"))]
    assert cells["comparison"][1] == [f"Globex --since 2026-07-01 --until 2026-09-30 --source glassdoor --source indeed --counted {figure}" for figure in ("rating", "net_sentiment", "volume")]
    assert cells["trend"][0] == [f"Kastelmont --since 2026-07-06 --until 2026-07-12 --counted {figure}" for figure in ("rating", "net_sentiment", "volume")]
    assert [("mentions" in row) for row in told.data["topics"]["rows"]] == [row["topic"] != "health" for row in DATA["topics"]["rows"]]
    assert all(set(row["mentions"]) == {"before", "after"} for row in told.data["changes"])


def test_a_lead_can_be_pasted_into_a_shell() -> None:
    """Names are quoted; line breaks and orders to the terminal are gone."""
    found = lead({"employers": [{"employer": "Acme & Söhne; rm -rf\n/\x1b[31m'"}], "since": None, "until": None})
    assert found == """repwatch mentions --employer 'Acme & Söhne; rm -rf /[31m'"'"''"""


def test_reviews_of_nobody_have_a_lead_of_their_own() -> None:
    """The texts of those who name no employer, not those of everybody."""
    assert lead({"employers": [{"employer": ""}, {"employer": "A"}], "since": "2026-01-01"}, employer="") == "repwatch mentions --employer '' --since 2026-01-01"


def test_a_lead_for_many_employers_names_none() -> None:
    """The fleet's figures are behind all mentions."""
    assert lead({"employers": [{"employer": "A"}, {"employer": "B"}], "since": "2026-01-01"}) == "repwatch mentions --since 2026-01-01"


def test_one_day_is_compared_with_one_day() -> None:
    """A daily report names the day before once."""
    section = findings.changes({**DATA, "compare": {"before": {"since": "2026-11-23", "until": "2026-11-23"}}})
    assert section is not None
    assert section.before[0] == "Compared with 2026-11-23."


def test_how_far_a_badge_is() -> None:
    """A line a condition that is not met; a badge without a rule is shown or not; a mean of no review is no condition of its own."""
    ruled = {"badge": "kununu Top Company", "source": "kununu", "won": False}
    short = [top_company(*figures)._asdict() | ruled for figures in ((4, 12.0, 0, 0.0), (8, 28.0, 2, 4.0))]
    data = {"badges": [{**each, "conditions": [one._asdict() for one in each["conditions"]]} for each in short]}
    section = findings.badges(data)
    assert section is not None
    assert section.before == (
        "kununu Top Company: 2 more reviews are needed.",
        "kununu Top Company: the mean is 3.0 and has to be 3.8; 3 more reviews with five stars would do.",
        "kununu Top Company: 1 more review is needed in twelve months.",
        "kununu Top Company: the mean is 3.5 and has to be 3.8; 2 more reviews with five stars would do.",
        "kununu Top Company: the mean over twelve months is 2.0 and has to be 3.8; 3 more reviews with five stars would do.",
    )
    won = findings.badges({"badges": [{**ruled, "won": True, "conditions": [{"met": True}]}, *({"badge": "Glassdoor OpenCompany", "won": won, "conditions": []} for won in (True, False))]})
    assert won is not None
    assert won.before == ("kununu Top Company: all conditions are met.", "Glassdoor OpenCompany: the page shows it.", "Glassdoor OpenCompany: the page does not show it.")
    assert findings.badges({}) is None


def test_each_dimension_names_its_months() -> None:
    """Jobs may be told over fewer months than places: the sentence of the one is not said of the other."""
    part = {"part": "", "reviews": 6, "rating": figure(4.0, 6)}
    rows = [{"dimension": name, "since": "2026-09", "until": until, "k": 5, "parts": [part]} for name, until in (("family", "2026-09"), ("place", "2026-10"), ("country", "2026-10"))]
    apart, alike = findings.breakdowns({"breakdowns": rows}), findings.breakdowns({"breakdowns": rows[1:]})
    assert apart
    assert alike
    assert ("Job: whole months from 2026-09 to 2026-09.", "Place, Country: whole months from 2026-09 to 2026-10.", "Groups of fewer than 5 reviews are added together.") == apart.before
    assert ("Whole months from 2026-09 to 2026-10; groups of fewer than 5 reviews are added together.",) == alike.before
