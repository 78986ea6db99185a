"""`query test`, `query explain`, `discover`, `recheck`, and a check whose queries and context rules sort what it finds."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Cli
from tests.cli.test_check import check, settings, url
from tests.loopback import Answer, Web, hit, hn_search, ld_page, ld_review, rated, rss
from tests.store.press import STORIES

NOW = datetime.now(UTC)
TODAY = NOW.strftime("%a, %d %b %Y 00:10:00 GMT")
ORANGE = """[[employer]]
name = "Orange"
query = '"Orange Belgium" OR (orange NOT juice)'
[employer.context]
must_have = ["mobile", "strike"]
must_not_have = ["town"]
"""


def comment(number: int, text: str) -> dict[str, Any]:
    return hit(number, int(NOW.timestamp()) - 60 * number, comment_text=text)


@pytest.fixture
def checked(cli: Cli, web: Web) -> Any:
    """Check an employer with an ambiguous name once."""
    web.serve("hn.algolia.com", hn_search([comment(1, "Orange raises its mobile prices"), comment(2, "A glass of orange juice"), comment(3, "The town of Orange has a theatre"), comment(4, "Orange Belgium: strike")]))
    settings(web, 'source = "hackernews"', employers=ORANGE)
    return check(cli)


def test_a_check_with_a_query_and_context_rules(checked: Any, cli: Cli, web: Web) -> None:
    """A source is asked for what its search understands; what does not fit is kept with its reasons, and is in no figure."""
    assert {asked.query["query"][0] for asked in web.of("hn.algolia.com")} == {'"Orange Belgium"', '"orange"'}
    assert sorted(row["native_id"] for row in checked.data["new"]) == ["1", "4"]
    assert checked.data["figures"]["employers"][0]["volume"] == 2
    rows = {row["native_id"]: row for row in cli("mentions", "--data-dir", "data", "--format", "json").data}
    assert {name: [each["reasons"][0] for each in row["doubts"]] for name, row in rows.items()} == {"1": [], "2": ["it does not fit the query (-1.0)"], "3": ["the name is there (+0.5)"], "4": []}
    assert rows["3"]["doubts"][0]["relevance"] == 0.0
    assert "probably not Orange: it does not fit the query" in " ".join(cli("mentions", "--data-dir", "data").out.split())
    replayed = cli("check", "--replay", checked.told["meta"]["archive"], "--format", "json")
    assert json.dumps(replayed.data) == json.dumps(checked.data)


def test_doubts_travel(checked: Any, cli: Cli) -> None:
    """An export carries what is doubted, and an import elsewhere counts the same and doubts the same."""
    Path("all.jsonl").write_text(cli("export", "--data-dir", "data").out)
    assert cli("import", "all.jsonl", "--data-dir", "other").code == 0
    told = [cli("mentions", "--data-dir", folder, "--format", "json").data for folder in ("data", "other")]
    said = [[(row["native_id"], row["employers"], row["doubts"]) for row in rows] for rows in told]
    assert said[0] == said[1]
    volumes = [[row["volume"] for row in cli("report", "--data-dir", folder, "--format", "json").data["employers"]] for folder in ("data", "other")]
    assert volumes == [[2], [2]]


def test_query_test(checked: Any, cli: Cli) -> None:
    """Hits and misses among what is stored, each with its reason; with an employer the context rules judge as well."""
    told = cli("query", "test", "orange NOT juice", "--data-dir", "data", "--format", "json").data
    assert [told["counts"], told["misses"][0]["why"]] == [{"hits": 3, "unknown": 0, "misses": 1}, "juice is there"]
    judged = cli("query", "test", "orange NOT juice", "--employer", "orange", "--data-dir", "data", "--format", "json").data
    assert judged["counts"] == {"hits": 2, "unknown": 0, "misses": 2}
    town = next(row for row in judged["misses"] if "town" in row["excerpt"])
    assert [town["fits"], town["relevance"], 'near "town", which is in must_not_have (-0.5)' in town["reasons"]] == [True, 0.0, True]
    table = cli("query", "test", "orange NOT juice", "--employer", "Orange", "--limit", "1", "--data-dir", "data").out
    assert [part in table for part in ("2 of 4 stored mentions fit", "Hits (2)", "Misses (2)", "1 more: --limit")] == [True] * 4
    assert "Cannot be told" not in table
    assert "no employer 'Apple'" in cli("query", "test", "orange", "--employer", "Apple", "--data-dir", "data").err


def test_a_story_in_a_check(cli: Cli, web: Web) -> None:
    """A text that three papers carry is one piece of news with its reach; a copy the next day is no news."""
    for number, host in enumerate(("one.example", "two.example", "three.example", "four.example")):
        web.serve(host, Answer(rss(f"Paper {number}", day=TODAY, site=f"https://{host}", text=STORIES[0].text), "application/rss+xml"))
    names = [url("feed", host) for host in ("one.example", "two.example", "three.example")]
    settings(web, *names, employers='[[employer]]\nname = "Kastelmont"')
    first = check(cli)
    assert [(row["elsewhere"], row["url"]) for row in first.data["new"]] == [(2, "https://one.example/1")]
    assert [first.data["copies"], first.data["figures"]["employers"][0]["volume"]] == [2, 1]
    again = cli("check", "--replay", first.told["meta"]["archive"], "--format", "json")
    assert json.dumps(again.data) == json.dumps(first.data)
    settings(web, *names, url("feed", "four.example"), employers='[[employer]]\nname = "Kastelmont"')
    second = cli("check", "--data-dir", "data")
    assert "Nothing new." in second.out
    assert "+3 elsewhere" in cli("mentions", "--data-dir", "data").out
    assert cli("report", "--data-dir", "data", "--format", "json").data["employers"][0]["copies"] == 3


def test_what_cannot_be_told(cli: Cli, alone: Path) -> None:
    """Where only a title is stored, a word that is not in it may stand in the rest: neither a hit nor a miss."""
    rows = [{"type": "mention", "source": source, "native_id": str(n), "published": "2026-11-02", "employer": "Acme", "text": text}
            for n, (source, text) in enumerate([("gdelt", "Acme opens a plant"), ("gdelt", "Acme strikes a deal"), ("hackernews", "Acme is here")])]  # fmt: skip
    (alone / "three.jsonl").write_text("\n".join(map(json.dumps, rows)))
    assert cli("import", "three.jsonl", "--data-dir", "data").code == 0
    ask = ("query", "test", "zzzznonexistent", "--since", "20000d", "--data-dir", "data")
    told = cli(*ask, "--format", "json").data
    assert [told["counts"], told["unknown"][0]["why"], told["misses"][0]["why"]] == [
        {"hits": 0, "unknown": 2, "misses": 1}, "zzzznonexistent is not in what is shown", "zzzznonexistent is not there"]  # fmt: skip
    table = " ".join(cli(*ask).out.split())
    assert "0 of 3 stored mentions fit; 2 cannot be told, because only a part of their text is known" in table
    assert [part in table for part in ("Hits", "Cannot be told: only a part of the text is known (2)", "Misses (1)")] == [False, True, True]


@pytest.mark.parametrize(("text", "line", "message"), [
    ("query = 'acme@social.example'\n", 3, "belongs to one source"), ('query = "acme AND"\n', 3, "employer[1].query: column 9 of the query: the query ends"), ('[[employer.source]]\nsource = "hackernews"\nquery = "strik*"\n', 5, "Hacker News cannot be asked"),
    ('[[employer.source]]\nsource = "hackernews"\nurl = "https://a.example"\n', 5, "searches, and has no page of its own"), ('[[employer.source]]\nsource = "feed"\nurl = "https://a.example"\nquery = "lang:dutch"\n', 6, "no language"),
    ("[employer.context]\nmust_hav = []\n", 4, "employer[1].context.must_hav: repwatch knows no such key"),
])  # fmt: skip
def test_a_wrong_query_in_the_settings(cli: Cli, text: str, line: int, message: str) -> None:
    """A query that cannot be read or asked is answered with the file, the line, the key and the column."""
    Path("repwatch.toml").write_text(f'[[employer]]\nname = "Acme"\n{text}')
    ran = cli("query", "explain")
    assert [ran.code, f"repwatch.toml:{line}: " in ran.err, message in ran.err] == [2, True, True]


def test_query_explain(cli: Cli) -> None:
    """What each source of the settings is asked; an instance behind an @ and a page stay what they are."""
    Path("repwatch.toml").write_text(ORANGE + """[[employer.source]]
source = "gdelt"
[[employer.source]]
source = "mastodon"
query = '"Orange Belgium" NOT town@social.example'
[[employer.source]]
source = "feed"
url = "https://press.example/rss"
[[employer]]
name = "Acme"
[[employer.source]]
source = "hackernews"
[[employer.source]]
source = "feed"
url = "https://press.example/rss"
""")
    told = cli("query", "explain", "--format", "json").data
    assert [(row["employer"], row["source"], row["asked"]) for row in told] == [
        ("Orange", "gdelt", ['("Orange Belgium" OR "orange")']), ("Orange", "mastodon", ["Orange Belgium@social.example"]), ("Orange", "feed", []),
        ("Acme", "hackernews", ["Acme"]), ("Acme", "feed", ["https://press.example/rss"])]  # fmt: skip
    assert "judged here: NOT juice" in told[0]["rest"]
    shown = {row["source"]: row for row in cli("query", "explain", "strik* OR (acme source:lemmy)", "--format", "json").data}
    assert [shown["lemmy"]["asked"], shown["gdelt"]["rest"].startswith("cannot be asked")] == [[], True]
    assert "not asked: the query excludes it" in cli("query", "explain", "acme source:lemmy").out
    assert "acme" in cli("query", "explain", "acme").out


HOME = b"""<!DOCTYPE html><html><head><link rel="alternate" type="application/rss+xml" href="/rss.xml"><link rel="alternate" type="application/atom+xml" href="https://acme.example/broken">
<link rel="alternate" hreflang="nl" href="/nl"></head><body><a href="/jobs">Jobs</a><a href="https://other.example/jobs">x</a><a href="/about">About</a><a href="http://[bad">x</a>
<a href="https://careers.acme.example/">Work here</a><a href="/nieuws">Nieuws</a></body></html>"""


def acme(web: Web) -> None:
    """Serve a firm's own site with a feed, a rating and a page that is closed to programs."""
    pages = {"/": Answer(HOME), "/rss.xml": Answer(rss("Acme hires", "Acme grows"), "application/rss+xml"), "/broken": Answer(b"<html><body>gone</body></html>"),
             "/jobs": Answer(ld_page(rated(ld_review(1)), before='<link rel="alternate" type="application/rss+xml" href="/rss.xml">'))}  # fmt: skip
    web.serve("acme.example", lambda asked: pages.get(asked.path, Answer(b"nothing", "text/plain", 404)))
    web.serve("careers.acme.example", Answer(ld_page(rated())))
    web.robots["careers.acme.example"] = b"User-agent: *\nDisallow: /\n"


def test_discover(cli: Cli, web: Web) -> None:
    """The firm's own site is read politely; closed sites are not asked at all; each candidate says how it was found."""
    acme(web)
    Path("repwatch.toml").write_text(f'[web]\ngateway = "{web.gateway}"\nretries = 0\n')
    ran = cli("discover", "Acme & Sons NV", "--domain", "https://acme.example/", "--format", "json")
    told = [(row["source"], row["state"], row["url"] or row["query"]) for row in ran.data["candidates"]]
    assert told[:3] == [("feed", "found", "https://acme.example/rss.xml"), ("feed", "not read: html_not_json", "https://acme.example/broken"), ("jsonld", "found", "https://acme.example/jobs")] or told[:3] == [
        ("feed", "found", "https://acme.example/rss.xml"), ("feed", "not read: layout_changed", "https://acme.example/broken"), ("jsonld", "found", "https://acme.example/jobs")]  # fmt: skip
    assert {row for row in told if row[1] in ("guessed", "by hand")} == {
        ("glassdoor", "by hand", None), ("indeed", "guessed", "https://be.indeed.com/cmp/Acme-And-Sons/reviews"), ("kununu", "guessed", "https://www.kununu.com/de/acme-and-sons/kommentare"),
        ("trustpilot", "guessed", "https://www.trustpilot.com/review/acme.example")}  # fmt: skip
    assert ("gdelt", "search", '"Acme & Sons"') in told
    assert {asked.host for asked in web.asked} == {"acme.example"}
    assert not Path("data").exists()
    assert Path("repwatch.toml").read_text() == f'[web]\ngateway = "{web.gateway}"\nretries = 0\n'


def test_discover_writes_and_keeps(cli: Cli, web: Web) -> None:
    """`--write` adds to the settings, keeps every line that stood there, and adds nothing twice."""
    acme(web)
    before = f'# our own\n[web]\ngateway = "{web.gateway}"   # rehearsal\nretries = 0\n\n[[employer]]\nname = "acme"  # small\n[[employer.source]]\nsource = "feed"\nurl = "https://acme.example/rss.xml"\n\n[[employer]]\nname = "Globex"\n'
    Path("repwatch.toml").write_text(before)
    ran = cli("discover", "Acme", "--domain", "acme.example", "--write")
    text = Path("repwatch.toml").read_text()
    told = tomllib.loads(text)
    assert [ran.code, "10 sources added" in ran.err, len(told["employer"][0]["source"]), told["employer"][1]] == [0, True, 11, {"name": "Globex"}]
    assert all(line in text for line in before.splitlines())
    assert "# a guess: open it in your browser" in text
    assert cli("query", "explain").code == 0
    again = cli("discover", "Acme", "--domain", "acme.example", "--write")
    assert ["nothing to add" in again.err, Path("repwatch.toml").read_text()] == [True, text]


def test_discover_makes_a_file(cli: Cli, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a settings file one is made, with the employer and its domain; a site that cannot be reached is said."""
    monkeypatch.setenv("REPWATCH_GATEWAY", web.gateway)
    ran = cli("discover", "Acme", "--domain", "www.acme.example", "--write", "--format", "json")
    assert [row["state"] for row in ran.data["candidates"] if row["source"] == "feed"] == ["not read: not_found"]
    assert [tomllib.loads(Path("repwatch.toml").read_text())["employer"][0][name] for name in ("name", "domain")] == ["Acme", "www.acme.example"]
    assert cli("discover", "Acme", "--domain", "acme").code == 2
    assert "give --domain" in cli("discover", "Acme").out


def saved(name: str, at: datetime, *numbers: int) -> Path:
    """Write a saved page with these reviews, review 1 being the newest, seen at an instant."""
    reviews = [ld_review(number, datePublished=(NOW - timedelta(days=number)).date().isoformat(), body=f"An opinion with the number {number}.") for number in numbers]
    path = Path(f"{name}.html")
    path.write_bytes(ld_page(rated(*reviews)))
    Path(f"{name}.http.json").write_text(json.dumps({"url": "https://ratings.example/acme", "recorded_at": at.strftime("%Y-%m-%dT%H:%M:%SZ")}))
    return path


def test_recheck(cli: Cli) -> None:
    """What two saved lists of different days lack has vanished; what stands below their end has not."""
    Path("repwatch.toml").write_text('[[employer]]\nname = "Acme"\naliases = ["Acme Works"]\n')
    empty = cli("import", saved("zero", NOW), "--data-dir", "data") and cli("recheck", "--data-dir", "data")
    assert "No list was read yet" in empty.out
    first = cli("recheck", saved("one", NOW - timedelta(days=3), 1, 2, 3, 4, 5), "--data-dir", "data", "--format", "json").data
    assert [first["vanished"], first["lists"][0]["reviews"]] == [[], 5]
    second = cli("recheck", saved("two", NOW - timedelta(days=2), 1, 3, 4), "--data-dir", "data", "--format", "json").data
    assert [second["vanished"], second["lists"][0]["lacked"]] == [[], 1]
    third = cli("recheck", saved("three", NOW - timedelta(days=1), 1, 3, 4), "--data-dir", "data")
    assert ["1 review has vanished" in third.out, "An opinion with the number 2." in third.out, "newest first, from the first page down to" in third.out] == [True] * 3
    assert "vanished 20" in cli("mentions", "--data-dir", "data").out
    assert [len(cli("recheck", "--employer", "acme", "--data-dir", "data", "--format", "json").data[name]) for name in ("lists", "vanished")] == [1, 1]
    assert len(cli("recheck", saved("again", NOW, 1, 3, 4), "--employer", "ACME works", "--data-dir", "data", "--format", "json").data["vanished"]) == 1
    cli("import", saved("other", NOW, 7), "--employer", "Beta", "--data-dir", "data")
    other = cli("recheck", "--employer", "Beta", "--data-dir", "data", "--format", "json").data
    assert [other["vanished"], {each["employer"] for each in other["lists"]} <= {"Beta"}] == [[], True]
    nobody = cli("recheck", "--employer", "Nobody", "--data-dir", "data")
    assert (nobody.code, "nothing is stored about 'Nobody'" in nobody.err) == (2, True)
    Path("broken.html").write_bytes(b"")
    assert cli("recheck", "broken.html", "--data-dir", "data").code == 3


def test_recheck_says_where_nobody_can_tell(cli: Cli) -> None:
    """Reviews that a page gives no numbers cannot be missed: the 0 is explained."""
    reviews = [{"@type": "Review", "reviewRating": {"ratingValue": 4}, "reviewBody": f"Good people, {day} times", "datePublished": f"2026-11-{day}"} for day in range(24, 18, -1)]
    told = json.dumps({"@context": "https://schema.org", "@type": "Organization", "name": "Acme", "review": reviews})
    Path("page.html").write_text(f'<html><link rel="canonical" href="https://reviews.example/acme"><script type="application/ld+json">{told}</script></html>')
    assert "so nobody can tell whether one has vanished" in cli("recheck", "page.html", "--data-dir", "data").out


def test_a_check_tells_what_has_vanished(cli: Cli, web: Web) -> None:
    """A live page of ratings is laid over what was in it; the check that finds a review gone for the second day says so."""
    web.serve("press.example", Answer(rss()))
    settings(web, url("feed", "press.example"))
    inbox = Path("data/inbox")
    inbox.mkdir(parents=True)
    for days, numbers in ((3, (1, 2, 3, 4)), (2, (1, 3, 4)), (1, (1, 3, 4))):
        path = saved("page", NOW - timedelta(days=days), *numbers)
        path.rename(inbox / path.name)
        Path("page.http.json").rename(inbox / "page.http.json")
        ran = cli("check", "--data-dir", "data", *(("--format", "json") if days > 1 else ()))
    assert ["Vanished from the site" in ran.out, "An opinion with the number 2." in ran.out] == [True, True]


def test_read_far_back_again(cli: Cli, web: Web) -> None:
    """A week after it was first read, a source is read 90 days back again, once; `recheck_days = 0` never does."""
    import sqlite3
    from contextlib import closing

    web.serve("hn.algolia.com", hn_search([comment(1, "Acme")]))
    settings(web, 'source = "hackernews"\nquery = "Acme"')

    def first_day() -> int:
        assert check(cli).code == 0
        low = web.of("hn.algolia.com")[-1].query["numericFilters"][0].partition(",")[0]
        return round((NOW.timestamp() - int(low.partition(">=")[2])) / 86_400)

    assert [first_day() >= 90, first_day() <= 5] == [True, True]
    old = (NOW - timedelta(days=8)).date().isoformat()
    for more, wanted in (("", [True, False]), ("recheck_days = 0", [False, False])):
        with closing(sqlite3.connect("data/repwatch.db")) as database, database:
            database.execute("UPDATE watch_cursor SET value = ? WHERE watch_key LIKE 'recheck|%'", (json.dumps({"at": old}),))
        settings(web, 'source = "hackernews"\nquery = "Acme"', more=more)
        assert wanted == [first_day() >= 90, first_day() >= 90]
