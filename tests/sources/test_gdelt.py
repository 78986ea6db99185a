"""GDELT: articles, its empty object, its errors in one line of text, and the walk that halves full windows."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from tests.real import needs_real
from tests.sources import apis, golden

from repwatch import sources
from repwatch.errors import LayoutChanged
from repwatch.models import Mention, NoResults, Page, Problem, Read, Refused, Request, Watch
from repwatch.sources import gdelt

WATCH = Watch(source="gdelt", employer="Acme", target="Acme", since=date(2026, 11, 1), until=date(2026, 11, 2))


def article(number: int = 1, **more: object) -> dict[str, object]:
    return {"url": f"https://a.example/{number}", "title": "Acme", "seendate": "20261101T101500Z", "language": "French", **more}


@pytest.mark.parametrize("case", apis.cases("gdelt"), ids=lambda case: case.name)
def test_cases(case: Path) -> None:
    """Each invented payload gives what stands beside it."""
    assert golden.outcomes("gdelt", case) == golden.golden(case).read_text(encoding="utf-8")


def test_article() -> None:
    """An article is what GDELT saw, and when; the address is its id, tracking and all, so that two stay two."""
    one, two = apis.parsed("gdelt", {"articles": [article(), article(url="https://a.example/1?utm_source=rss")]})
    assert one == Mention(source="gdelt", native_id="https://a.example/1", url="https://a.example/1", published="2026-11-01T10:15:00Z", lang="fr", kind="article", title="Acme")
    assert two.native_id == "https://a.example/1?utm_source=rss"


@pytest.mark.parametrize(("came", "lang", "tidied"), [
    ("Acme : l ' avenir , dit - il !", "fr", "Acme : l'avenir, dit - il !"),
    ("Acme : what ' s next ?", "en", "Acme: what's next?"),
    ("collega ' s ( 50 ) , zo ' n 2 . 5 %", "nl", "collega's (50), zo'n 2.5 %"),
    ("aujourd ' hui , qu ' importe", "fr", "aujourd'hui, qu'importe"),
    ("He said ' yes ' to Acme", "en", "He said ' yes ' to Acme"),
    ("  a   b  ", None, "a b"),
])  # fmt: skip
def test_tidy(came: str, lang: str | None, tidied: str) -> None:
    """Spaces around punctuation are closed where it is plain that they were added."""
    assert tidied == gdelt.tidy(came, lang)


@pytest.mark.parametrize(("line", "reason", "wait"), [
    ("Your query was too short or too long.", "api_error", None), ("Invalid/Unsupported Country.", "api_error", None),
    ("Queries containing OR'd terms must be surrounded by ().", "api_error", None), ("Timespan is too short.\n", "api_error", None),
    ("Please limit requests to one every 5 seconds or ask.", "rate_limit", 5.0),
])  # fmt: skip
@pytest.mark.parametrize("status", [200, 429])
def test_lines(line: str, reason: str, wait: float | None, status: int) -> None:
    """A line of text is a refusal with its words, whatever its status says."""
    assert [Refused(source="gdelt", reason=reason, detail=line.strip(), retry_after_s=wait)] == apis.parsed("gdelt", line.encode(), status=status)


@pytest.mark.parametrize("told", [{}, {"articles": []}])
def test_nothing(told: object) -> None:
    """The empty object is GDELT's nothing; an empty list would be one, too."""
    assert [NoResults(source="gdelt")] == apis.parsed("gdelt", told)


@pytest.mark.parametrize("body", [b"", b"<!doctype html><p>An error page", b"[]", b'{"articles": null}', b'{"articles": [', b'{"a\\', b'"text"', b"1 2 3"])
def test_changed(body: bytes) -> None:
    """What has no articles where they were is a changed layout, never a zero."""
    with pytest.raises(LayoutChanged):
        apis.parsed("gdelt", body)


def test_invalid_escapes() -> None:
    """An escape that JSON does not know is read as it stands; the known ones keep their meaning."""
    (one,) = apis.parsed("gdelt", rb'{"articles":[{"url":"https:\/\/a.example","title":"L\'Acme \u00e9 \\ \d \" \u12","seendate":"20261101T101500Z"}]}')
    assert [one.title, one.url] == [r"L'Acme é \ \d " + '" ' + r"\u12", "https://a.example"]


def test_one_bad_record() -> None:
    """A record of another shape is a problem, named by its field; the others are read."""
    told = apis.parsed("gdelt", {"articles": [article(seendate=None), article(title=3), 5, article(url=""), article(4)]})
    assert apis.fields(told[:4]) == ["article 1: seendate", "article 2: title", "article 3: not an object", "article 4: url"]
    assert {"schema"} == {each.reason for each in told if isinstance(each, Problem)}
    assert isinstance(told[4], Mention)


def test_recognised() -> None:
    """Articles and the throttle are known without an address; the empty object only by its host."""
    page = Page("https://api.gdeltproject.org/api/v2/doc/doc?query=x", body=b"{}")
    assert [sources.recognise(each) for each in (Page("", body=json.dumps({"articles": [article()]}).encode()), page, page._replace(url=""))] == ["gdelt", "gdelt", None]


def window(request: Request) -> tuple[str, str]:
    asked = parse_qs(urlsplit(request.url).query)
    return asked["startdatetime"][0], asked["enddatetime"][0]


def page(count: int) -> Read:
    return Read(Page("", body=json.dumps({"articles": [article(number) for number in range(count)]} if count else {}).encode()), ())


def test_walk() -> None:
    """A full window is asked for in halves, the newer first, until every window comes back less than full."""
    walk = gdelt.walk(WATCH)
    request = next(walk)
    asked = parse_qs(urlsplit(request.url).query)
    assert [asked[name] for name in ("query", "maxrecords", "mode", "sort")] == [['"Acme"'], ["250"], ["artlist"], ["datedesc"]]
    assert (request.api, request.resume, gdelt.INFO.pace_s) == (True, "20261102235959", 5.0)
    assert window(request) == ("20261101000000", "20261102235959")
    assert window(walk.send(page(250))) == ("20261102000000", "20261102235959")
    assert window(walk.send(page(249))) == ("20261101000000", "20261101235959")
    with pytest.raises(StopIteration):
        walk.send(page(0))


def test_walk_ends() -> None:
    """Were every window full, the walk would still end: a quarter of an hour is not halved. The windows leave no second out."""
    walk = gdelt.walk(WATCH.model_copy(update={"since": date(2026, 11, 2)}))
    asked, request = [], next(walk)
    try:
        while True:
            asked.append(window(request))
            request = walk.send(page(250))
    except StopIteration:
        pass
    assert len(asked) == 255
    leaves = [each for each in asked if each[1][:8] == "20261102" and int(each[1][8:10]) * 60 + int(each[1][10:12]) - int(each[0][8:10]) * 60 - int(each[0][10:12]) <= 15]
    assert leaves == sorted(leaves, reverse=True)
    assert (leaves[-1][0], leaves[0][1]) == ("20261102000000", "20261102235959")


def test_walk_reach_and_resume() -> None:
    """No window begins more than three months before the last day; a token is the newest second still to ask for."""
    far = WATCH.model_copy(update={"since": date(2025, 1, 1), "target": '"Acme" jobs'})
    assert window(next(gdelt.walk(far)))[0] == "20260804235959"
    assert window(next(gdelt.walk(WATCH.model_copy(update={"resume": "20261101115959"})))) == ("20261101000000", "20261101115959")
    assert next(gdelt.walk(far.model_copy(update={"resume": "20250101000000"})), None) is None


@settings(deadline=None, max_examples=200)
@given(body=apis.broken("gdelt"))
def test_broken(body: bytes) -> None:
    """Broken bytes give outcomes or an error of our own."""
    apis.survives("gdelt", body)


@needs_real
def test_real() -> None:
    """The recorded answers, counted and read by hand."""
    assert apis.real("gdelt") == {"SYNTHETIC_artlist_be_fr_nl": ("read", {"Mention": 3}), "empty_200_no_match": ("read", {"NoResults": 1}), "error_429_rate_limited": ("refused", {"Refused": 1})}
    (throttle,) = apis.outcomes("gdelt", "error_429_rate_limited.txt")
    assert isinstance(throttle, Refused)
    assert throttle.reason == "rate_limit"
    told = [each for each in apis.outcomes("gdelt", "SYNTHETIC_artlist_be_fr_nl.json") if isinstance(each, Mention)]
    assert [each.lang for each in told] == ["fr", "nl", "nl"]
    assert [each.published for each in told] == ["2026-11-20T08:15:00Z", "2026-11-21T22:00:00Z", "2026-11-21T22:15:00Z"]
    assert len({each.native_id for each in told}) == 3
    assert [each.title for each in told[1:]] == ["Acme Gent zoekt 50 nieuwe collega's"] * 2
