"""Each rule on a real store: what makes it fire, what does not, and what keeps it silent afterwards."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from repwatch.models import (
    Alert,
    AlertRule,
    CoverageEntry,
    Employer,
    Mention,
    Profile,
    Response,
    Review,
    Score,
    TopicScore,
)
from repwatch.pipeline.alerting import DEFAULTS, Fired, Morning, evaluate, rules_of
from repwatch.pipeline.rehearsal import rehearse
from repwatch.report.alerts import grouped, message, next_step, sentence
from repwatch.store import Seen, Store, open_reader

TODAY = date(2026, 11, 25)
ACME, GLOBEX = Employer(name="Acme", peers=("Globex",)), Employer(name="Globex")


def day(back: int) -> str:
    return (TODAY - timedelta(days=back)).isoformat()


def review(number: int, stars: float, back: int, **fields: Any) -> Review:
    return Review(**{"source": "indeed", "native_id": str(number), "published": day(back), "rating": stars, "body": "Some words", "lang": "en"} | fields)


def test_no_answer_is_asked_for_in_the_name_of_a_peer(desk: Desk) -> None:
    """A bad review of a peer is no alert, nor one that waits; a rule that names the peer says so, and so do the other rules."""
    desk.put(review(1, 1, 1), review(2, 1, 40), employer="Globex", label="negative")
    assert [desk.ask(kind) for kind in ("negative_review", "answer_overdue")] == [[], []]
    assert [[alert.employer for alert in desk.ask(kind, employers=("Globex",), days=14)] for kind in ("negative_review", "answer_overdue")] == [["Globex"], ["Globex"]]
    assert [alert.employer for alert in desk.ask("word", words=("words",))] == ["Globex"]


def test_copies_of_a_story_are_one_alert(desk: Desk) -> None:
    """On the day it is told, and where a copy comes later: it bears the name of the first. A topic counts it once."""
    text = "The strike at Acme goes on for a third week, and nobody at the head office has said one word to the people at the gate"
    desk.put(post(1, 2, text), post(2, 1, text + "!"), label="negative", topic="pay")
    [first] = desk.ask("word", words=("strike",))
    desk.new = ()
    desk.put(post(3, 1, text), label="negative", topic="pay")
    [later] = desk.ask("word", words=("strike",))
    assert (first.key, later.key) == ("hackernews|mention|m1",) * 2
    assert desk.ask("topic", topic="pay", minimum=2) == []


def post(number: int, back: int, text: str = "Acme again", **fields: Any) -> Mention:
    return Mention(**{"source": "hackernews", "native_id": f"m{number}", "published": day(back), "text": text, "lang": "en"} | fields)


def score(label: str, topic: str | None = None) -> Score:
    side = {"positive": 0.7, "negative": -0.7}.get(label, 0.0)
    return Score(lang="en", label=label, polarity=side, confidence=0.9, topics=(TopicScore(topic=topic, polarity=side),) if topic else (), scorer="v1")


class Desk:
    """A store to fill, and the rules to ask about it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store.open(folder)
        self.new: tuple[int, ...] = ()

    def put(self, *items: Any, employer: str = "Acme", label: str | None = None, topic: str | None = None) -> None:
        run = self.store.begin_run("check", "2026-11-25T06:00:00Z", {})
        told = score(label, topic) if label else None
        self.new += self.store.save(run, [Seen(item, (employer,), told, "2026-11-25T06:00:00Z") for item in items]).new_ids

    def ask(self, kind: str, *, new: bool = True, today: date = TODAY, mix: Random | None = None, **rule: Any) -> list[Alert]:
        with open_reader(self.folder) as reader:
            rows = tuple(row for row in map(reader.item, self.new if new else ()) if row)
            return [one.alert for one in evaluate([AlertRule(kind=kind, **rule)], Morning(reader, today, (ACME, GLOBEX), rows, mix=mix))]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "data")


def said(alerts: list[Alert]) -> list[str]:
    return [sentence(alert.model_dump(mode="json")) for alert in alerts]


def test_a_new_review_of_few_stars_fires_and_history_does_not(desk: Desk) -> None:
    """What is read for the first time but was written long ago wakes nobody; nor do three stars, or another scale."""
    desk.put(review(1, 2, 3), review(2, 1, 60), review(3, 3, 3), review(4, 2, 3, rating_scale=2), review(5, 2, 3, published=None))
    assert said(desk.ask("negative_review")) == ["A new review on indeed gives 2★."]
    assert desk.ask("negative_review", new=False) == []
    assert desk.ask("negative_review", sources=("kununu",)) == desk.ask("negative_review", employers=("Globex",)) == []


def test_an_answer_is_overdue_once_it_is_worth_one(desk: Desk) -> None:
    """Two late reviews are one alert; a fresh one, an answered one and bare stars are none."""
    desk.put(review(1, 2, 40), review(2, 2, 20), review(3, 2, 3), review(4, 2, 40, body=None), label="negative")
    assert said(desk.ask("answer_overdue")) == ["2 reviews have waited too long for an answer, the oldest for 40 days."]
    assert desk.ask("answer_overdue", sources=("kununu",)) == []


@pytest.mark.parametrize(("metric", "expected"), [("rating", "The rating has fallen since "), ("net_sentiment", "Net sentiment has fallen since ")])
def test_a_fall_is_noticed_and_shuffled_days_show_none(desk: Desk, metric: str, expected: str) -> None:
    """Forty good reviews, then twelve bad ones: the alarm names both figures; mixed over the days there is nothing to see."""
    desk.put(*(review(number, 5, 100 - 2 * number) for number in range(40)), label="positive")
    desk.put(*(review(100 + number, 1, 6 - number // 2) for number in range(12)), label="negative")
    (alarm,) = desk.ask("change", metric=metric)
    assert said([alarm])[0].startswith(expected)
    assert (alarm.facts["up"], alarm.day <= day(0)) == (0, True)
    assert desk.ask("change", metric=metric, mix=Random(1)) == []
    assert desk.ask("change", metric=metric, today=TODAY + timedelta(days=60)) == []


def test_a_rise_is_told_as_one(desk: Desk) -> None:
    """Good news is news."""
    desk.put(*(review(number, 1, 100 - 2 * number) for number in range(40)), label="negative")
    desk.put(*(review(100 + number, 5, 6 - number // 2) for number in range(12)), label="positive")
    assert [text.split(" since ")[0] for text in said(desk.ask("change") + desk.ask("change", metric="net_sentiment"))] == ["The rating has risen", "Net sentiment has risen"]


def test_a_wave_of_mentions_fires_and_a_steady_trickle_does_not(desk: Desk) -> None:
    """One every other day is the custom; nine on a day are not."""
    desk.put(*(post(number, 2 * number) for number in range(1, 60)))
    assert desk.ask("volume") == []
    desk.put(*(post(100 + number, 1) for number in range(9)))
    (wave,) = desk.ask("volume")
    assert (wave.day, wave.facts["items"], wave.key) == (day(1), 9, "volume")
    assert said([wave]) == [f"9 mentions on {day(1)}; about {wave.facts['expected']:g} were to be expected."]
    assert desk.ask("volume", minimum=10) == []


def test_a_topic_that_is_blamed_often_fires(desk: Desk) -> None:
    """Three texts within the days; praise, other topics and older texts do not count."""
    desk.put(*(post(number, number) for number in range(3)), label="negative", topic="pay")
    desk.put(post(10, 1), label="positive", topic="workload")
    desk.put(post(11, 1), label="negative", topic="workload")
    assert said(desk.ask("topic", topic="pay")) == ["3 texts blame pay in 14 days."]
    assert desk.ask("topic", topic="workload") == desk.ask("topic", topic="pay", days=1) == desk.ask("topic", topic="pay", sources=("feed",)) == []


def test_a_word_is_found_whole_and_whatever_its_accents(desk: Desk) -> None:
    """"grève" is found as "greve", and not inside another word."""
    desk.put(post(1, 1, "La GREVE commence"), post(2, 1, "Les grèves? non, la grèves"), post(3, 1, "engrève"))
    assert said(desk.ask("word", words=(" ", "grève"))) == ['"greve" is said on hackernews.']


def test_a_vanished_review_fires(desk: Desk) -> None:
    """The fact is told, not the text."""
    desk.put(review(1, 2, 40), review(2, 2, 30))
    desk.store.vanish(1, [1], f"{day(2)}T06:00:00Z")
    assert said(desk.ask("vanished")) == [f"A review of {day(40)} has vanished from indeed."]
    assert desk.ask("vanished", days=1) == desk.ask("vanished", sources=("kununu",)) == []


def test_a_peer_that_passes_us_for_certain_fires(desk: Desk) -> None:
    """Below us half a year ago, above us now, by more than chance; with few reviews nobody knows."""
    desk.put(*(review(number, 4, 200 + number) for number in range(10)), *(review(50 + number, 2, 1 + number) for number in range(12)))
    desk.put(*(review(200 + number, 3, 200 + number) for number in range(10)), *(review(250 + number, 5, 1 + number) for number in range(12)), employer="Globex")
    assert said(desk.ask("peer_overtakes", days=180)) == ["Globex is rated higher now: 5.0 (12 reviews) against 2.0 (12)."]
    assert desk.ask("peer_overtakes", days=5) == []


def test_a_source_that_stays_blind_fires_and_one_good_run_ends_it(desk: Desk) -> None:
    """N runs in a row; a run in between that could read starts the count anew."""

    def run(state: str, reason: str = "challenge") -> None:
        number = desk.store.begin_run("check", f"2026-11-2{runs.pop(0)}T06:00:00Z", {})
        desk.store.set_ledger(number, CoverageEntry(source="indeed", employer="Acme", target="u", state=state, reason=reason))

    runs = list(range(9))
    for state in ("refused", "read", "refused", "failed"):
        run(state)
    assert desk.ask("blind") == []
    run("refused")
    assert said(desk.ask("blind")) == ["indeed could not be read in the last 3 checks, since 2026-11-22: the site shows a test for humans instead of the page."]
    assert said(desk.ask("blind", runs=2)) != []
    assert desk.ask("blind", sources=("feed",)) == []
    run("failed", "layout_changed")
    assert said(desk.ask("blind"))[0].endswith("since 2026-11-23: the page looks different from all we know; nothing was read from it.")


@pytest.mark.parametrize(("states", "expected"), [(("unclaimed", "claimed"), "is claimed now"), (("claimed", "unclaimed"), "is not claimed any more"), (("claimed", "claimed"), None), (("claimed",), None)])
def test_a_profile_that_changes_hands_fires(desk: Desk, states: tuple[str, ...], expected: str | None) -> None:
    """Only a change between two known states, seen within the days."""
    for number, state in enumerate(states):
        desk.put(Profile(source="kununu", native_id="acme", claimed=state, observed=day(20 - 10 * number)))
    desk.put(Profile(source="kununu", native_id="acme", claimed="unknown", observed=day(1)))
    told = said(desk.ask("claimed"))
    assert told == ([f"The profile on kununu {expected}."] if expected else [])
    assert desk.ask("claimed", days=5) == []


def test_a_badge_that_is_won_or_lost_fires(desk: Desk) -> None:
    """Six good reviews win it; bad ones lose it again; before and after there is silence."""
    desk.put(*(review(number, 5, 20 - number, source="kununu") for number in range(6)))
    assert said(desk.ask("badge", days=30)) == []
    desk.put(review(50, 5, 400, source="kununu"))
    assert said(desk.ask("badge", days=30)) == ["kununu Top Company: the conditions are met now."]
    desk.put(*(review(60 + number, 1, 2, source="kununu") for number in range(6)))
    assert said(desk.ask("badge", days=10)) == ["kununu Top Company: the conditions are not met any more."]


def test_a_badge_that_a_page_shows_or_shows_no_more_fires(desk: Desk) -> None:
    """Glassdoor publishes no rule: only the page tells, and a figure typed in by hand says nothing of it."""
    told = {60: [], 20: ["Glassdoor OpenCompany: the page shows the badge now."], 10: ["Glassdoor OpenCompany: the page shows the badge now."], 3: []}
    for back, badges in ((60, {"OpenCompany": False}), (20, {"OpenCompany": True}), (10, {}), (3, {"OpenCompany": False})):
        desk.put(Profile(source="glassdoor", native_id="E1", claimed="claimed", badges=badges, observed=day(back)))
        assert said(desk.ask("badge", days=30)) == told[back]
    assert said(desk.ask("badge", days=15)) == ["Glassdoor OpenCompany: the page does not show the badge any more."]
    assert desk.ask("badge", days=15, sources=("kununu",)) == []
    assert [next_step(each.model_dump(mode="json")) for each in desk.ask("badge", days=15)] == ["repwatch profiles --source glassdoor"]


def test_rules_of_the_settings_take_the_place_of_ours() -> None:
    """By name; switched off, or all of ours off, or everything off."""
    mine = AlertRule(kind="volume", minimum=9)
    off = AlertRule(kind="blind", enabled=False)
    extra = AlertRule(kind="word", name="strike", words=("strike",))
    found = rules_of([mine, off, extra], enabled=True, defaults=True)
    assert (len(found), mine in found, extra in found, [rule for rule in found if rule.kind == "blind"]) == (len(DEFAULTS), True, True, [])
    assert rules_of([mine], enabled=True, defaults=False) == (mine,)
    assert rules_of([mine], enabled=False, defaults=True) == ()


def test_the_gravest_comes_first(desk: Desk) -> None:
    """Severity, then employer, then rule."""
    desk.put(review(1, 1, 1), post(2, 1, "strike"))
    with open_reader(desk.folder) as reader:
        rows = tuple(row for row in map(reader.item, desk.new) if row)
        rules = [AlertRule(kind="negative_review"), AlertRule(kind="word", words=("strike",), severity="critical")]
        assert [one.alert.kind for one in evaluate(rules, Morning(reader, TODAY, (ACME,), rows))] == ["word", "negative_review"]


def fired(store: Store, *alerts: Alert, cooldown: int = 7) -> list[Alert]:
    run = store.begin_run("check", "2026-11-25T06:00:00Z", {})
    return store.fire(run, [Fired(alert, (date.fromisoformat(alert.day) - timedelta(days=cooldown)).isoformat()) for alert in alerts])


def alert(on: str, key: str = "waiting", **fields: Any) -> Alert:
    return Alert(**{"rule": "answer_overdue", "kind": "answer_overdue", "employer": "Acme", "key": key, "day": on, "facts": {"count": 1, "oldest": 20}} | fields)


def test_the_same_alert_is_silent_through_its_cooldown(desk: Desk) -> None:
    """Another key, employer or rule is another alert; a day after the cooldown it speaks again."""
    assert fired(desk.store, alert("2026-11-10")) == [alert("2026-11-10")]
    assert fired(desk.store, alert("2026-11-10"), alert("2026-11-17")) == []
    others = [alert("2026-11-17", "other"), alert("2026-11-17", employer="Globex"), alert("2026-11-17", rule="mine")]
    assert fired(desk.store, *others, alert("2026-11-18")) == [*others, alert("2026-11-18")]
    assert fired(desk.store, alert("2026-11-30", "again"), cooldown=0) == [alert("2026-11-30", "again")]


def test_what_was_seen_or_put_off_stays_silent(desk: Desk) -> None:
    """Seen: for good. Later: until the day that was named. Opened again: by cooldown alone."""
    fired(desk.store, alert("2026-01-01"))
    desk.store.decide_alert(1, "acknowledged")
    assert fired(desk.store, alert("2026-06-01")) == []
    desk.store.decide_alert(1, "snoozed", "2026-08-01")
    assert fired(desk.store, alert("2026-07-31")) == []
    assert fired(desk.store, alert("2026-08-01")) == [alert("2026-08-01")]
    desk.store.decide_alert(1, "open")
    assert fired(desk.store, alert("2026-09-01")) == [alert("2026-09-01")]


def test_many_of_one_kind_share_a_line(desk: Desk) -> None:
    """Twelve new reviews are not twelve lines; the message escapes what sites wrote."""
    some = [alert(day(1), str(number), rule="n", kind="negative_review", source=source, facts={"stars": 1 + number % 2}, employer="<b>Acme</b>", url="https://x.example/?a=1&b=2")
            for number, source in enumerate(["indeed", "indeed", "kununu"])]  # fmt: skip
    some += [alert(day(1), str(number), rule="v", kind="vanished", source="indeed", facts={"stars": 1, "published": None}) for number in range(2)]
    some += [alert(day(1), str(number), rule="w", kind="word", source="feed", facts={"word": "strike"}) for number in range(2)]
    rows = [each.model_dump(mode="json") for each in some]
    assert [text for _, text in grouped(rows)] == ["3 new reviews with 2★ or less: indeed 2, kununu 1.", "2 reviews have vanished: indeed 2.", "2 texts say strike: feed 2."]
    subject, text, html = message(rows)
    assert subject == "repwatch: 3 things need you"
    assert "- <b>Acme</b>: 3 new reviews with 2★ or less: indeed 2, kununu 1.\n  https://x.example/?a=1&b=2\n" in text
    assert '<li>&lt;b&gt;Acme&lt;/b&gt;: 3 new reviews with 2★ or less: indeed 2, kununu 1. <a href="https://x.example/?a=1&amp;b=2">https://x.example/?a=1&amp;b=2</a></li>' in html


def test_an_alert_without_a_page_leads_to_the_texts(desk: Desk) -> None:
    """In both parts of a mail, with the employer, the topic and the time of the rule."""
    told = alert(day(0), "pay", rule="topic", kind="topic", source=None, facts={"topic": "pay", "count": 3, "days": 30}, employer="Acme & Co", url=None)
    _subject, text, html = message([told.model_dump(mode="json")])
    assert "\n  repwatch mentions --employer 'Acme & Co' --topic pay --since 30d\n" in text
    assert "<code>repwatch mentions --employer &#x27;Acme &amp; Co&#x27; --topic pay --since 30d</code></li>" in html


def rehearsed(desk: Desk, rule: AlertRule) -> dict[str, Any]:
    with open_reader(desk.folder) as reader:
        (row,) = rehearse(reader, [rule], (ACME, GLOBEX), TODAY, 90, 14)["rules"]
    return row


def test_the_past_is_tried_day_by_day_and_series_on_shuffled_data(desk: Desk) -> None:
    """A true fall fires once, and hardly ever on mixed days; a bad review fires on its own day; a ledger that does not reach back says nothing."""
    desk.put(*(review(number, 5, 100 - 2 * number) for number in range(40)), label="positive")
    desk.put(*(review(100 + number, 1, 6 - number // 2) for number in range(12)), label="negative")
    fall = rehearsed(desk, AlertRule(kind="change", cooldown_days=30))
    assert (fall["fired"], fall["false"] < 0.5) == (1, True)
    assert rehearsed(desk, AlertRule(kind="negative_review", cooldown_days=400))["days"] == sorted({day(6 - number // 2) for number in range(12)})
    assert rehearsed(desk, AlertRule(kind="blind"))["fired"] is None


def test_what_waited_in_the_past_is_tried_as_it_stood(desk: Desk) -> None:
    """A review that has its answer, its decision or its end today waited until then; before, it was late from the fifteenth day on."""
    answers = {1: (Response(text="Thanks", published=day(20)),), 2: (Response(text="Thanks"),), 3: (Response(text="Thanks", published=day(53)),)}
    for number in range(1, 4):
        desk.put(review(number, 1, 60, responses=answers[number]), label="negative")
    assert rehearsed(desk, AlertRule(kind="answer_overdue", cooldown_days=0))["days"] == [day(back) for back in range(45, 20, -1)]
    assert rehearsed(desk, AlertRule(kind="answer_overdue", cooldown_days=7))["days"] == [day(back) for back in (45, 37, 29, 21)]
    desk.put(review(4, 1, 60), label="negative")
    desk.store.decide_answer(desk.new[-1], "skipped", f"{day(41)}T10:00:00Z")
    (row, *_) = [row for row in rehearsed(desk, AlertRule(kind="answer_overdue", cooldown_days=0))["alerts"] if row["day"] == day(43)]
    assert row["facts"]["count"] == 2
    (row, *_) = [row for row in rehearsed(desk, AlertRule(kind="answer_overdue", cooldown_days=0))["alerts"] if row["day"] == day(30)]
    assert row["facts"]["count"] == 1
    assert desk.ask("answer_overdue") == []


@pytest.mark.parametrize(("reason", "told"), [("no_credential", "no key or password is set for this source"), ("terms", "the site's terms are not accepted in the settings"), ("interrupted", "the check was stopped before this source was read")])
def test_a_source_skipped_for_want_of_a_key_or_of_terms_is_blind(desk: Desk, reason: str, told: str) -> None:
    """Whatever the reason, nobody saw it; what was skipped because it told nothing, or was read in part, is not blind."""
    for back in (9, 8, 7):
        run = desk.store.begin_run("check", f"{day(back)}T06:00:00Z", {})
        for target, state, why in (("asked", "skipped", reason), ("empty", "skipped", ""), ("half", "partly", reason)):
            desk.store.set_ledger(run, CoverageEntry(source="reddit", employer="Acme", target=target, state=state, reason=why))
        desk.store.finish_run(run, f"{day(back)}T06:01:00Z", 0, {})
    assert said(desk.ask("blind")) == [f"reddit could not be read in the last 3 checks, since {day(9)}: {told}."]
    assert rehearsed(desk, AlertRule(kind="blind"))["days"] == [day(7)]


def test_what_was_blind_in_the_past_is_tried_by_the_ledger(desk: Desk) -> None:
    """Three blind checks in a row fire on the day of the third, whatever later checks could read."""
    for back, state in ((9, "read"), (8, "refused"), (7, "refused"), (6, "refused"), (5, "refused"), (4, "read"), (3, "read")):
        run = desk.store.begin_run("check", f"{day(back)}T06:00:00Z", {})
        desk.store.set_ledger(run, CoverageEntry(source="indeed", employer="Acme", target="https://x.example", state=state, reason="challenge" if state == "refused" else ""))
        desk.store.finish_run(run, f"{day(back)}T06:01:00Z", 0, {})
    assert rehearsed(desk, AlertRule(kind="blind", cooldown_days=0))["days"] == [day(6), day(5)]
    assert rehearsed(desk, AlertRule(kind="blind"))["fired"] == 1
    assert desk.ask("blind") == []


def test_the_past_knows_nothing_of_what_came_later(desk: Desk) -> None:
    """A profile that was claimed lately is no alert of a day before."""
    for back, claimed in ((40, "unclaimed"), (5, "claimed")):
        desk.put(Profile(source="indeed", employer="Acme", claimed=claimed, observed=day(back)))
    assert rehearsed(desk, AlertRule(kind="claimed", cooldown_days=400))["days"] == [day(5)]
