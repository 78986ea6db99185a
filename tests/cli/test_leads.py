"""Each figure leads to just the texts that it counts: the command lines of a report, held against a store."""

from __future__ import annotations

import json
import random
import shlex
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Cli

from repwatch.pipeline.changes import Period, compare
from repwatch.pipeline.standing import comparison
from repwatch.pipeline.summary import summarise
from repwatch.pipeline.voices import Ask, listen
from repwatch.report.leads import with_leads
from repwatch.report.overview import overview
from repwatch.store import Reader, open_reader

TODAY = date(2026, 11, 25)
NOW = Period(TODAY - timedelta(days=59), TODAY)
SAID = ("The pay is good and the colleagues are great.", "Terrible managers, endless overtime, bad pay.", "The office stands near the station.", "Pay is fair but the workload is far too high.")


def rows() -> list[dict[str, Any]]:
    """Two employers on three sources: stories told again, customers, interviews, months without a day, answers with and without one."""
    chance = random.Random(5)
    found: list[dict[str, Any]] = []
    for number in range(160):
        back = chance.randrange(120)
        day = (TODAY - timedelta(days=back)).isoformat()
        answer = chance.choice(([], [{"text": "Thanks", "published": (TODAY - timedelta(days=max(0, back - 5))).isoformat()}], [{"text": "Thanks"}]))
        found.append({"type": "review", "source": chance.choice(("indeed", "glassdoor")), "employer": chance.choice(("Acme", "Acme", "Beta")), "native_id": f"r{number}", "published": chance.choice((day, day, day, day[:7])),
                      "rating": chance.choice((1, 2, 4, 5, None)), "lang": "en", "body": chance.choice(SAID) + f" {number}", "responses": answer, "recommend": chance.choice((True, False, None)),
                      "ceo_approval": chance.choice(("approve", "disapprove", "no_opinion", None)), "subratings": chance.choice(({}, {"culture": 3})), "voice": chance.choice(("employee",) * 5 + ("customer",))})  # fmt: skip
    story = "Acme has opened a new plant near the harbour of Antwerp, and the pay of the first three hundred people is said to be good, the unions report on Monday."
    for number in range(40):
        day = (TODAY - timedelta(days=number * 3)).isoformat()
        found.append({"type": "mention", "source": "feed", "employer": "Acme", "native_id": f"m{number}", "published": day, "lang": "en", "text": story if number % 4 == 0 else f"Acme pay {number}. {SAID[number % 4]}"})
        found.append({"type": "interview", "source": "glassdoor", "employer": "Acme", "native_id": f"i{number}", "published": day, "lang": "en", "process": "Two talks."})
    return [{name: value for name, value in row.items() if value is not None} for row in found]


@pytest.fixture
def stored(alone: Path, cli: Cli) -> Path:
    """A store filled by `import`, with one review that vanished."""
    Path("rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows()))
    assert cli("import", "rows.jsonl", "--data-dir", "data").code == 0
    return alone / "data"


def reported(reader: Reader, **more: str) -> dict[str, Any]:
    since, until = (day.isoformat() for day in NOW)
    found = compare(reader, "Acme", NOW, NOW.previous(), **more)
    return with_leads({"kind": None, **summarise(reader, ["Acme"], since, until, **more), "changes": found["changes"], "why": found["why"], "compare": {"before": found["before"], "after": found["after"]},
                       "comparison": comparison(reader, "Acme", ["Beta"], NOW, **more), **listen(reader, Ask("Acme", since, until, more.get("source"), more.get("lang")), TODAY)})  # fmt: skip


def listed(reader: Reader, command: str) -> int:
    """Return how many texts a command line lists."""
    words = iter(shlex.split(command)[2:])
    asked: dict[str, Any] = {"source": []}
    for option in words:
        if not option.startswith("--"):
            asked["search"] = option
            continue
        name = option.removeprefix("--")
        if name == "source":
            asked["source"].append(next(words))
        else:
            asked[{"unanswered": "waiting"}.get(name, name)] = True if name == "unanswered" else next(words)
    return len(reader.mentions(**{**asked, "source": asked["source"] or None}, fold=True, limit=None))


def counted(told: dict[str, Any]) -> list[tuple[str, int]]:
    """Return each command line with the number that it explains."""
    found = []
    for row in (told["employers"][0], *told["employers"][0]["sources"]):
        found += [(row["mentions"][name], row[name] if name == "volume" else row[name]["n"]) for name in ("volume", "rating", "net_sentiment") if name in row["mentions"]]
        if "answered" in row["mentions"]:
            found.append((row["mentions"]["answered"], row["answered"] + row["unanswered"]))
    for row in told["changes"]:
        for when in ("before", "after"):
            figure = row[when]
            found.append((row["mentions"][when], round(figure["n"] * (figure["value"] or 0)) if row["metric"] == "topic_share" else figure["n"]))
    found += [(row["mentions"], row["n"]) for row in told["topics"]["rows"] if "mentions" in row]
    found += [(row["mentions"][when], row[when]) for row in (*told["why"]["topics"], *told["why"]["words"]) for when in ("before", "after")]
    found.append((told["needs_answer"]["mentions"], told["needs_answer"]["waiting"]))
    found.append((told["voices"]["mentions"], told["voices"]["scored"]))
    ranks = {each["employer"]: each["rating"]["n"] for each in told["comparison"]["ranks"]}
    for row in told["comparison"]["share_of_voice"]:
        found += [(row["mentions"]["volume"], row["volume"]), (row["mentions"]["net_sentiment"], row["net_sentiment"]["n"]), (row["mentions"]["rating"], ranks[row["employer"]])]
    return found


@pytest.mark.parametrize("more", [{}, {"source": "indeed"}, {"lang": "en"}])
def test_a_figure_leads_to_just_what_it_counts(stored: Path, more: dict[str, str]) -> None:
    """Copies of a story, customers and interviews do not count, and are not listed; answers, months and topics are counted in their own ways."""
    with open_reader(stored) as reader:
        told = reported(reader, **more)
        figures = counted(told)
        assert [(command, listed(reader, command)) for command, _n in figures] == figures
    metrics = {row["metric"] for row in told["changes"]}
    assert {"rating", "net_sentiment", "volume", "recommend", "ceo_approval", "answered_in_time", "subrating:culture", "topic_share"} <= metrics
    assert sum(n > 0 for _command, n in figures) > 40 or more


def test_a_hostile_name_leads_to_its_texts(alone: Path, cli: Cli) -> None:
    """A command line holds no control character, and finds the employer all the same."""
    name = "[/x]\x1b[31m<script>\u202e=cmd()|`rm` {n}"
    Path("rows.jsonl").write_text(json.dumps({"type": "review", "source": "indeed", "employer": name, "published": TODAY.isoformat(), "rating": 1, "body": "Bad pay."}) + "\n")
    assert cli("import", "rows.jsonl", "--data-dir", "data").code == 0
    with open_reader(alone / "data") as reader:
        told = with_leads(summarise(reader, [name], None, None))
    command = told["employers"][0]["mentions"]["rating"]
    assert ("\x1b" in command, len(cli(*shlex.split(command)[1:], "--data-dir", "data", "--format", "json").data)) == (False, 1)


def test_the_command_lines_run(stored: Path, cli: Cli) -> None:
    """What stands in a report can be pasted; what stands for a word is told by what would be right, and the reader's own words will do."""
    with open_reader(stored) as reader:
        told = reported(reader)
    row = next(row for row in told["comparison"]["share_of_voice"] if row["employer"] == "Acme")
    assert len(cli(*shlex.split(row["mentions"]["volume"])[1:], "--data-dir", "data", "--format", "json").data) == row["volume"]
    topics = next(section for section in overview(told).sections if section.name == "topics")
    ran = cli(*shlex.split(topics.leads[0])[1:], "--data-dir", "data")
    assert (ran.code, "--topic TOPIC: there is nothing of this name" in ran.err, "work_life_balance" in ran.err) == (2, True, True)
    french = cli("mentions", "--topic", "Charge de travail", "--counted", "tonalité nette", "--data-dir", "data", "--ui-lang", "fr", "--format", "json").data
    assert french
    assert french == cli("mentions", "--topic", "workload", "--counted", "net_sentiment", "--data-dir", "data", "--format", "json").data
