"""Nothing is lost for ever: ten thousand items between two checks, page caps, refusals on the way."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.cli.conftest import Cli
from tests.cli.test_check import check, settings
from tests.loopback import Answer, Web, hit, hn_search

DAY = 86_400
NOW = int(datetime.now(UTC).timestamp())


def stored() -> set[str]:
    with closing(sqlite3.connect("data/repwatch.db")) as database:
        return {row[0] for row in database.execute("SELECT identity FROM item")}


def until_filled(cli: Cli) -> None:
    """Check until no gap is left, at most twenty times."""
    for _ in range(20):
        if not check(cli).data["coverage"][0]["gap"]:
            return
    pytest.fail("the gap is never filled")


def hits(count: int, newest: int, first: int = 0) -> list[dict[str, Any]]:
    return [hit(first + number, newest - number * 300, comment_text=f"Acme {first + number}") for number in range(count)]


def long_ago(days: int) -> None:
    """Let the last check have been `days` ago."""
    day = (datetime.now(UTC) - timedelta(days=days)).date().isoformat()
    with closing(sqlite3.connect("data/repwatch.db")) as database, database:
        database.execute("UPDATE watch_cursor SET value = ? WHERE watch_key NOT LIKE 'recheck|%'", (json.dumps({"until": day}),))


def test_ten_thousand_between_two_checks(cli: Cli, web: Web) -> None:
    """After weeks without a check 10,000 items wait; with a cap of three pages and a refusal on the way, later checks read every one."""
    web.serve("hn.algolia.com", hn_search(hits(5, NOW - 40 * DAY)))
    settings(web, 'source = "hackernews"\nquery = "Acme"\nmax_pages = 3')
    assert check(cli).data["coverage"][0]["new"] == 5
    long_ago(40)
    everything = hn_search([*hits(10_000, NOW - 4 * DAY, 1_000), *hits(5, NOW - 40 * DAY)])
    shown = []
    for number in range(8):
        web.serve("hn.algolia.com", everything if number != 1 else Answer(b'{"message": "busy"}', "application/json", 400))
        ran = check(cli)
        assert ran.code in (0, 4), ran.err
        (row,) = ran.data["coverage"]
        shown.append((row["state"], row["gap"]))
        if shown[-1] == ("read", False):
            break
    assert len(stored()) == 10_005
    assert [shown[0], shown[1][0], shown[-1]] == [("read", True), "refused", ("read", False)]
    again = check(cli).data
    assert [again["coverage"][0]["gap"], again["new"]] == [False, []]


def test_gaps_are_shown(cli: Cli, web: Web) -> None:
    """A gap stands in the check, in the report and in what the doctor finds, and goes when it is filled."""
    web.serve("hn.algolia.com", hn_search(hits(2_500, NOW - 4 * DAY)))
    settings(web, 'source = "hackernews"\nquery = "Acme"\nmax_pages = 1')
    told = [cli(*command, "--data-dir", "data").out for command in (("check",), ("report", "--since", "90d"), ("doctor", "--offline"))]
    assert "more arrived than one check reads" in told[0]
    assert "exit 0: all sources were read, as far as one check reads" in told[0]
    assert "Acme · hackernews: more arrived than the checks could read (1 gap)." in told[1]
    assert "1 gap waits to be filled" in told[2]
    figures = cli("report", "--since", "90d", "--data-dir", "data", "--format", "json").data
    assert figures["employers"][0]["sources"][0]["coverage"]["gaps"] == 1
    until_filled(cli)
    assert "more arrived" not in cli("report", "--since", "90d", "--data-dir", "data").out
    assert cli("check", "--data-dir", "data").out.rstrip().endswith("exit 0: all sources were read")
