"""Two periods of a stored employer compared; its trends, breakdowns, peers and oddities."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from repwatch.models import CoverageEntry, Mention, Profile, Response, Review, Score, TopicScore
from repwatch.pipeline.changes import Period, compare, whole_months
from repwatch.pipeline.standing import badges, comparison, signals
from repwatch.pipeline.trends import breakdowns, trends
from repwatch.store import Reader, Seen, Store, open_reader

TODAY = date(2026, 11, 25)
NOON = f"{TODAY}T12:00:00Z"
NOW = Period(TODAY - timedelta(days=89), TODAY)
SAID = {True: ("Good colleagues and fair salary", TopicScore(topic="pay", polarity=0.6)), False: ("Endless overtime, chaotic planning", TopicScore(topic="workload", polarity=-0.6))}


def review(number: int, age: int, stars: int, source: str = "glassdoor", employer: str = "Acme", **more: Any) -> Seen:
    text, topic = SAID[stars > 3]
    day = TODAY - timedelta(days=age)
    label = "positive" if stars > 3 else "negative" if stars < 3 else "mixed"
    fields: dict[str, Any] = {"body": text, "published": day.isoformat(), "lang": "en", "job_title": ("Cook", "Engineer")[number % 2], "location": "Gent", "recommend": stars > 2, "subratings": {"culture": stars},
                              "responses": (Response(text="Thanks", published=(day + timedelta(days=4)).isoformat()),) if number % 3 == 0 else ()}  # fmt: skip
    item = Review(source=source, native_id=f"{employer}{number}", url=f"https://x.example/{number}", rating=stars, **fields | more)
    return Seen(item, (employer,), Score(label=label, topics=(topic,), scorer="v1"), NOON)


def filled(folder: Path, *, sources: tuple[str, ...] = ("glassdoor", "indeed")) -> None:
    """Write 180 days of Acme: well rated until 90 days ago, badly since; and a steady peer."""
    chance = random.Random(4)
    with Store.open(folder) as store:
        run = store.begin_run("import", NOON, {})
        rows = []
        for number in range(240):
            age = chance.randrange(180)
            good = chance.random() < (0.75 if age >= 90 else 0.25)
            rows.append(review(number, age, chance.choice((4, 5)) if good else chance.choice((1, 2)), sources[number % len(sources)]))
            rows.append(review(number, age, chance.choice((2, 4)), "glassdoor", "Beta"))
        store.save(run, rows)
        store.save(run, [Seen(Mention(source="hackernews", native_id="m", text="Acme hires", published=NOW.last.isoformat(), lang="en"), ("Acme",), None, NOON),
                         Seen(Profile(source="glassdoor", employer="Acme", rating=4.6, review_count=300, observed="2026-11-20"), ("Acme",), None, NOON)])  # fmt: skip


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("changes")
    filled(folder)
    with open_reader(folder) as reader:
        yield reader


def rows(found: dict[str, Any]) -> dict[tuple[str, str | None, str | None], dict[str, Any]]:
    return {(row["metric"], row["source"], row["topic"]): row for row in found["changes"]}


def test_the_contract(reader: Reader) -> None:
    """Each row has both periods with value, n and interval, a verdict and p; the row without source and topic comes first."""
    found = compare(reader, "Acme", NOW, NOW.previous())
    first = found["changes"][0]
    assert [first[name] for name in ("metric", "source", "topic", "verdict")] == ["rating", None, None, "down"]
    assert set(first["before"]) == {"value", "n", "low", "high"}
    assert {row["verdict"] for row in found["changes"]} <= {"up", "down", "no_detectable_change", "too_few"}
    assert {("rating", "indeed", None), ("net_sentiment", None, "pay"), ("topic_share", None, "pay"), ("volume", "glassdoor", None), ("subrating:culture", None, None)} <= rows(found).keys()
    assert (found["before"]["since"], found["after"]["until"]) == ("2026-05-30", "2026-11-25")


def test_why_and_mix(reader: Reader) -> None:
    """The words of the worse period with excerpts and links, its topic, and a difference that is opinion, not mix."""
    found = compare(reader, "Acme", NOW, NOW.previous())
    words = {each["word"]: each for each in found["why"]["words"]}
    assert words["overtime"]["z"] > 3
    assert words["overtime"]["quotes"][0]["url"].startswith("https://x.example/")
    assert "overtime" in words["overtime"]["quotes"][0]["excerpt"]
    assert [each["topic"] for each in found["why"]["topics"]] == ["pay", "workload"] or [each["topic"] for each in found["why"]["topics"]] == ["workload", "pay"]
    mix = {each["dimension"]: each for each in found["mix"]}
    assert {"source", "family"} <= mix.keys()
    assert mix["source"]["opinion"]["value"] < -1 < mix["source"]["mix"]["value"]


def test_no_reason_tells_of_health(tmp_path: Path) -> None:
    """Words of health, union or belief are no reason, and a sentence that holds one is not quoted; what stands beside it is."""
    said = "Syndicat moqué. Plannings revus. Handicap gênant."
    with Store.open(tmp_path) as store:
        store.save(store.begin_run("import", NOON, {}), [review(number, 10 + 90 * (number % 2), 4 if number % 2 else 1, body="Rien à dire" if number % 2 else said, lang="fr") for number in range(40)])
    with open_reader(tmp_path) as reader:
        why = compare(reader, "Acme", NOW, NOW.previous())["why"]
    words = {each["word"]: [quote["excerpt"] for quote in each["quotes"]] for each in why["words"]}
    assert words["plannings"][0] == "[…] Plannings revus. […]"
    assert words["moqué"] == []  # said in such a sentence alone
    assert not {"syndicat", "handicap"} & words.keys()
    assert not [quote for each in why["topics"] for quote in each["quotes"] if "yndicat" in quote["excerpt"] or "handicap" in quote["excerpt"]]


def test_filters_narrow_the_comparison(reader: Reader) -> None:
    """Of one source alone the rows over all are its own, told twice; nothing is broken down by author then."""
    found = compare(reader, "Acme", NOW, NOW.previous(), source="indeed")
    told = rows(found)
    assert told["rating", "indeed", None]["p"] == told["rating", None, None]["p"]
    assert found["mix"] == []


def test_nothing_before_is_too_few(reader: Reader) -> None:
    """Where the period before holds nothing no verdict is given, and volume is not said to have risen."""
    found = rows(compare(reader, "Acme", NOW, Period(date(2025, 1, 1), date(2025, 3, 31))))
    assert [found[metric, None, None]["verdict"] for metric in ("rating", "net_sentiment", "volume")] == ["too_few"] * 3


def test_a_blind_period_is_no_fall_of_volume(tmp_path: Path) -> None:
    """A source refused since the middle of the period is compared over the days that could be seen."""
    filled(tmp_path, sources=("glassdoor",))
    with Store.open(tmp_path) as store:
        for day, state in (("2026-06-01", "read"), ("2026-10-25", "read"), ("2026-10-26", "refused"), ("2026-11-25", "refused")):
            run = store.begin_run("check", f"{day}T06:00:00Z", {})
            store.set_ledger(run, CoverageEntry(source="glassdoor", employer="Acme", target="t", state=state))  # type: ignore[arg-type]  # one of the states
        gone = [review(1000 + age, age, 3) for age in range(31)]
        assert len(gone) == 31
    with open_reader(tmp_path) as reader:
        found = compare(reader, "Acme", NOW, NOW.previous())
        told = trends(reader, "Acme", NOW, "month")
    (glassdoor,) = [each for each in found["after"]["coverage"] if each["source"] == "glassdoor"]
    assert (glassdoor["seen"], glassdoor["blind"]) == (59, 31)
    volume = next(each for each in told["series"] if (each["metric"], each["source"]) == ("volume", "glassdoor"))
    assert [(point["since"], point["gap"]) for point in volume["points"]][-1] == ("2026-11-01", True)
    assert volume["points"][-1]["value"] is None


def test_trends_and_breakdowns(reader: Reader) -> None:
    """By month, over all, by source and by language; the change of the rating near the day it happened; parts of five and more."""
    told = trends(reader, "Acme", Period(NOW.first - timedelta(days=90), TODAY), "month")
    names = {(each["metric"], each["source"], each["lang"]) for each in told["series"]}
    assert {("rating", None, None), ("rating", "indeed", None), ("net_sentiment", None, "en"), ("time_to_respond", None, None), ("topic:pay", None, None), ("subrating:culture", None, None)} <= names
    assert len(told["change_points"]) == 2
    assert abs((date.fromisoformat(told["change_points"][1]["since"]) - NOW.first).days) <= 21
    family, where, _ = breakdowns(reader, "Acme", NOW, TODAY)
    assert {part["part"] for part in family["parts"]} == {"engineering and IT", "hospitality and food"}
    assert [part["part"] for part in where["parts"]] == ["Ghent"]
    assert (family["since"], family["until"], family["k"]) == ("2026-09", "2026-10", 5)
    assert trends(reader, "Acme", NOW, "week", source="indeed")["series"][0]["points"][0]["coverage"]["days"] == 3


def test_beside_peers(reader: Reader) -> None:
    """Only the shared source counts, and what one lacks is named; a peer of whom nothing is stored ends the comparison."""
    found = comparison(reader, "Acme", ["Beta"], NOW)
    assert (found["refused"], found["sources"]) == (False, ["glassdoor"])
    assert {"employer": "Beta", "lack": "source_missing", "source": "indeed"} in found["missing"]
    assert sum(each["value"] for each in found["share_of_voice"]) == pytest.approx(1, abs=0.01)
    assert [each["employer"] for each in found["ranks"]] == ["Beta", "Acme"]
    refused = comparison(reader, "Acme", ["Gamma"], NOW)
    assert (refused["refused"], refused["missing"]) == (True, [{"employer": "Gamma", "lack": "not_stored", "source": None}])


def test_oddities_and_badges(tmp_path: Path) -> None:
    """Five-star reviews in a burst, one vanished, one edited, a site that shows more than is visible, and the way to a badge."""
    with Store.open(tmp_path) as store:
        run = store.begin_run("check", NOON, {})
        usual = [review(age, age, (1, 3, 5)[age % 3], "kununu") for age in range(40, 330, 12)]
        store.save(run, [*usual, *(review(500 + each, 30, 5, "kununu") for each in range(20)), review(900, 50, 2)])
        store.save(run, [Seen(Profile(source="kununu", employer="Acme", rating=4.9, review_count=60, observed="2026-11-20"), ("Acme",), None, NOON)])
        later = store.begin_run("check", NOON, {})
        changed = review(900, 50, 2)
        store.save(later, [changed._replace(item=changed.item.model_copy(update={"body": "Edited since"}))])
        store.vanish(later, [1], f"{TODAY}T12:00:00Z")
    with open_reader(tmp_path) as reader:
        found = signals(reader, "Acme", NOW)
        (badge,) = badges(reader, "Acme", TODAY)
        assert badges(reader, "Beta", TODAY) == []
    assert [(each["source"], each["month"], each["reviews"] >= 20) for each in found["bursts"]] == [("kununu", "2026-10", True)]
    assert [(len(found["vanished"]), len(found["edited"]), found["edited"][0]["source"])] == [(1, 1, "glassdoor")]
    assert [(each["source"], each["site"], each["outside"]) for each in found["platform"]] == [("kununu", 4.9, True)]
    assert (badge["badge"], badge["won"], len(badge["conditions"])) == ("kununu Top Company", True, 4)


@pytest.mark.parametrize(("first", "last", "expected"), [
    ("2026-01-01", "2026-03-31", ("2026-01", "2026-03")), ("2026-01-02", "2026-03-30", ("2026-02", "2026-02")), ("2026-01-02", "2026-01-30", ("2026-02", "2025-12")),
])  # fmt: skip
def test_whole_months(first: str, last: str, expected: tuple[str, str]) -> None:
    """Only calendar months that lie wholly inside; none gives an empty span."""
    assert whole_months(Period(date.fromisoformat(first), date.fromisoformat(last))) == expected


def test_periods() -> None:
    """The one before has the same length; a year ago begins on the same weekday."""
    assert NOW.previous() == Period(date(2026, 5, 30), date(2026, 8, 27))
    assert (NOW.year_ago().first.weekday(), NOW.year_ago().last) == (NOW.first.weekday(), date(2025, 11, 26))


def test_a_town_is_one_whatever_its_name(tmp_path: Path) -> None:
    """Four spellings of one town make one part of six reviews, in the breakdown as in the mix; a place that is not listed differs by no capital."""
    towns = ("Gand", "Gent", "Ghent", "GENT", "gand", "Gent, België") + ("Springfield", "springfield", "SPRINGFIELD") * 2
    with Store.open(tmp_path / "d") as store:
        run = store.begin_run("import", NOON, {})
        store.save(run, [review(number, age + number % 5, 2 + number % 3, location=where) for age in (40, 130) for number, where in enumerate(towns, age * 100)])
    with open_reader(tmp_path / "d") as reader:
        _, where, _ = breakdowns(reader, "Acme", NOW, TODAY)
        places = [each for each in compare(reader, "Acme", NOW, NOW.previous())["mix"] if each["dimension"] == "place"]
    assert sorted((part["part"].casefold(), part["reviews"]) for part in where["parts"]) == [("ghent", 6), ("springfield", 6)]
    assert [each["groups"] for each in places] == [2]


def test_a_topic_is_quoted_from_the_side_that_speaks_of_it(tmp_path: Path) -> None:
    """What is blamed is not shown by a long praise, and a story that is told again counts once."""
    praise = "The office is bright and the colleagues are helpful, every day of the week, in every season of the year, and that for many years now. " * 2

    def blamed(number: int) -> Seen:
        seen = review(number, 20 + number, 1)
        return seen._replace(item=seen.item.model_copy(update={"body": None, "pros": praise, "cons": "Endless overtime"}))

    with Store.open(tmp_path / "d") as store:
        run = store.begin_run("import", NOON, {})
        store.save(run, [blamed(number) for number in range(12)])
        store.save(run, [review(100 + number, 100 + number, 5) for number in range(12)])
        story = "Acme has opened a plant near the harbour of Antwerp, and three hundred people begin their work there next week, as the mayor told."
        store.save(run, [Seen(Mention(source="feed", native_id=f"m{number}", text=story, published=(TODAY - timedelta(days=9 - number)).isoformat(), lang="en"), ("Acme",), None, NOON) for number in range(3)])
    with open_reader(tmp_path / "d") as reader:
        why = compare(reader, "Acme", NOW, NOW.previous())["why"]
    (workload,) = [row for row in why["topics"] if row["topic"] == "workload"]
    assert (workload["quotes"][0]["excerpt"].startswith("Endless overtime · The office"), why["texts"]) == (True, {"before": 12, "after": 13})
