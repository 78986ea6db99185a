"""The main job on real pages: what stands in them, and nothing else, reaches the report."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.loopback import Answer, Asked, Web
from tests.real import REAL, needs_real

from repwatch.cli.start import run

pytestmark = needs_real


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Iterator[Any]:
    """Run a command in an empty folder and return (exit code, envelope)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REPWATCH_DATA_DIR", str(tmp_path / "data"))

    def call(*arguments: str) -> tuple[int, Any]:
        code = run([*arguments, "--format", "json"])
        return code, json.loads(capfdbinary.readouterr().out)

    return call


def files(*patterns: str) -> list[str]:
    return sorted(str(path) for pattern in patterns for path in REAL.glob(pattern))


def test_report_on_real_glassdoor_pages(told: Any) -> None:
    """Reviews are unique, ratings and answers are the page's, namesakes stay apart, challenges are refused by name."""
    code, envelope = told("import", *files("reviews/glassdoor/*", "reviews/challenge/*"))
    assert code == 3
    refused = {Path(each["file"]).name: each["state"] for each in envelope["data"]["files"] if each["state"] != "read"}
    assert refused == {"glassdoor_cf_security_2024-09.html": "refused", "indeed_cf_justamoment_2025-11.html": "refused"}
    _, envelope = told("report", "--since", "2005-01-01")
    rows = {row["employer"]: row for row in envelope["data"]["employers"]}
    seen = {name: (row["reviews"], sum(each["answered"] for each in row["sources"]), row["sources"][0]["profile"]["claimed"]) for name, row in rows.items() if name}
    assert seen == {
        "Aetna": (7, 0, "unknown"), "Atos": (20, 4, "claimed"), "Atos (glassdoor 794111)": (3, 0, "unclaimed"), "Atos Consulting": (10, 0, "unclaimed"),
        "CEGID": (10, 0, "claimed"), "Devoteam": (10, 0, "claimed"), "EF Education First": (10, 1, "unknown"),
        "International Islamic University Chittagong": (10, 0, "unknown"), "North South University": (10, 0, "unknown"),
        "Tata Consultancy Services": (0, 0, "claimed"),
    }  # fmt: skip
    assert {name: row["rating"]["value"] for name, row in rows.items() if name in ("Devoteam", "Atos", "CEGID")} == {"Devoteam": 3.6, "Atos": 3.0, "CEGID": 2.8}
    assert rows["Tata Consultancy Services"]["interviews"] == 10


def test_importing_twice_changes_nothing(told: Any) -> None:
    """A second import of the same pages finds nothing new and holds them when the first is undone; undone too, nothing is left behind."""
    pages = files("reviews/glassdoor/*AVIS*", "social/hackernews/*", "social/google_alerts/*")
    _, first = told("import", *pages)
    before = told("report", "--since", "2005-01-01")
    code, second = told("import", *pages)
    assert code == 0
    assert sum(each["new"] for each in second["data"]["files"]) == 0
    assert told("report", "--since", "2005-01-01")[1]["data"]["employers"][0]["volume"] == before[1]["data"]["employers"][0]["volume"]
    assert told("import", "--undo", str(first["data"]["run"]))[0] == 0
    held, earlier = ({row["employer"]: (row["volume"], row["rating"]) for row in each["data"]["employers"]} for each in (told("report", "--since", "2005-01-01")[1], before[1]))
    assert held == earlier
    assert told("import", "--undo", str(second["data"]["run"]))[0] == 0
    assert {row["volume"] for row in told("report", "--since", "2005-01-01")[1]["data"]["employers"]} <= {0}


def slow(_asked: Asked) -> Answer:
    time.sleep(8)
    return Answer(b"too late")


def test_check_on_real_payloads(told: Any, web: Web) -> None:
    """Real answers by host and path, some refusing, one slow, one changed: the right rows and ledger, exit 3; then nothing new."""
    real = {name: (REAL / path).read_bytes() for name, path in (
        ("alerts", "social/google_alerts/feedjira_google_alerts_atom.xml"), ("hn", "social/hackernews/search_by_date_api_2022.json"),
        ("ratings", "reviews/trustpilot/tp_de_eventnet_2024-07.html"), ("wall", "reviews/challenge/indeed_cf_justamoment_2025-11.html"),
        ("changed", "reviews/challenge/../../social/reddit/error_400_html_body.html"))}  # fmt: skip
    tag = {"ETag": '"real"'}
    web.serve("alerts.example", Answer(real["alerts"], "application/atom+xml", headers=tag))
    web.serve("hn.algolia.com", Answer(real["hn"], "application/json"))
    web.serve("ratings.example", Answer(real["ratings"], headers=tag))
    web.serve("wall.example", Answer(real["wall"]))
    web.serve("changed.example", Answer(real["changed"]))
    web.serve("slow.example", slow)
    pages = "".join(f'[[employer.source]]\nsource = "{source}"\nurl = "https://{host}.example/x"\n' for source, host in (
        ("feed", "alerts"), ("jsonld", "ratings"), ("jsonld", "wall"), ("jsonld", "changed"), ("feed", "slow")))  # fmt: skip
    Path("repwatch.toml").write_text(
        f'[web]\ngateway = "{web.gateway}"\nretries = 0\ntotal_s = 4\n[[employer]]\nname = "Acme"\n{pages}[[employer.source]]\nsource = "hackernews"\nquery = "api"\n', "utf-8"
    )
    code, envelope = told("check")
    assert code == 3
    rows = {row["target"]: (row["state"], row["reason"], row["items"]) for row in envelope["data"]["coverage"]}
    assert rows == {
        "https://alerts.example/x": ("read", "", 20), "https://ratings.example/x": ("read", "", 21), "https://wall.example/x": ("refused", "challenge", 0),
        "https://changed.example/x": ("failed", "layout_changed", 0), "https://slow.example/x": ("failed", "timeout", 0), "api": ("read", "", 20),
    }  # fmt: skip
    # Two of the sixty repeat a story that another paper carries as well; four hits have the word in their address alone, and are no mentions.
    assert (len(envelope["data"]["new"]), envelope["data"]["copies"]) == (54, 2)
    code, envelope = told("check")
    assert (code, envelope["data"]["new"]) == (3, [])
    assert {row["target"]: row["unchanged"] for row in envelope["data"]["coverage"] if row["unchanged"]} == {"https://alerts.example/x": 1, "https://ratings.example/x": 1}
