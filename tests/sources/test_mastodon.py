"""Mastodon: timelines, searches that need a login, statuses, refusals, and the walk from instance to instance."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.real import REAL, needs_real
from tests.sources import golden

from repwatch import sources
from repwatch.errors import LayoutChanged, RepwatchError, UsageError
from repwatch.inlets.saved import read_page
from repwatch.models import Mention, NoResults, Page, Problem, Read, Refused, Watch
from repwatch.sources import mastodon

CASES = golden.cases("mastodon")
WATCH = Watch(source="mastodon", employer="Kastelmont", target="kastelmont", since=date(2026, 1, 1), until=date(2026, 1, 5))
OPEN = {"domain": "x", "version": "4.5.0", "configuration": {"timelines_access": {"hashtag_feeds": {"local": "public", "remote": "public"}}}}


def status(number: int = 1, **more: Any) -> dict[str, Any]:
    account = {"acct": "anke", "url": "https://social.example/@anke", **more.pop("account", {})}
    return {"uri": f"https://social.example/s/{number}", "url": None, "content": "<p>words</p>", "created_at": "2026-01-04T09:00:00.000Z", "account": account, **more}


def read(told: object, url: str = "", code: int = 200) -> list[Any]:
    return list(mastodon.parse(Page(url, code, body=told if isinstance(told, bytes) else json.dumps(told).encode())))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_golden(path: Path) -> None:
    """Each case is read exactly as its golden file says."""
    assert golden.golden(path).read_text("utf-8") == golden.outcomes("mastodon", path)


def test_recognised() -> None:
    """A timeline of any instance is known by its shape."""
    assert sources.recognise(Page("", body=(golden.HERE / "mastodon/typical.json").read_bytes())) == "mastodon"


def test_account_of_the_instance() -> None:
    """A local account gets its instance: from its own address, else the status's, else the page's; an odd address gives none."""
    told = [status(account={"acct": "a@b.example"}), status(2), status(3, account={"url": None}), status(4, uri="tag:4", account={"url": None}), status(5, uri="tag:5", account={"url": "http://[odd"})]
    assert [each.author for each in read(told, "https://asked.example/x")] == ["a@b.example", "anke@social.example", "anke@social.example", "anke@asked.example", "anke@asked.example"]
    assert [each.author for each in read(told[3:])] == ["anke", "anke"]


@pytest.mark.parametrize(("more", "timeline", "search"), [
    ({"account": {"noindex": True}}, 0, 0), ({"account": {"indexable": False}}, 1, 0), ({"account": {"indexable": None, "noindex": None}}, 1, 1),
    ({"visibility": "private"}, 0, 0), ({"visibility": "direct"}, 0, 0), ({"visibility": "unlisted"}, 1, 1), ({"content": "<p></p>"}, 0, 0), ({"content": None, "spoiler_text": "cw"}, 1, 1),
])  # fmt: skip
def test_left_out(more: dict[str, Any], timeline: int, search: int) -> None:
    """Who does not wish to be indexed, who wrote for few, and who wrote no words is left out; then there is nothing."""
    both = read([status(**more)]), read({"statuses": [status(**more)], "accounts": []})
    assert [timeline, search] == [sum(isinstance(each, Mention) for each in told) for told in both]
    assert all(told == [NoResults(source="mastodon")] for told, count in zip(both, (timeline, search), strict=True) if not count)


def test_reblog_is_the_status_itself() -> None:
    """A boost is the status that was boosted; its author's wish counts, and it is read once."""
    inner = status(7, content="<p>inner</p>")
    told = read([status(1, reblog=inner), inner, status(2, reblog=status(8, account={"noindex": True}))])
    assert [(each.native_id, each.text) for each in told] == [("https://social.example/s/7", "inner")]


def test_one_status_and_edits() -> None:
    """One status is read, edited or not; the list of its versions holds no address of its own."""
    (one,) = read(status(in_reply_to_id="3", edited_at="2026-01-04T10:00:00Z", language=""))
    assert [one.kind, one.published, one.lang] == ["comment", "2026-01-04T09:00:00.000Z", None]
    (problem,) = read([{"content": "<p>old</p>", "account": {"acct": "a"}, "created_at": "2026-01-04T09:00:00.000Z"}])
    assert (Problem, "no id") == (type(problem), problem.reason)


@pytest.mark.parametrize("told", [[], {"acct": "a", "followers_count": 1}, [{"acct": "a"}], OPEN, {"uri": "old.example", "version": "3.5.0"}])
def test_nothing(told: object) -> None:
    """An empty timeline, accounts and an open instance are a true nothing."""
    assert [NoResults(source="mastodon")] == read(told)


@pytest.mark.parametrize("told", [{"accounts": [], "statuses": [], "hashtags": []}, {"hashtags": [], "accounts": [{"acct": "a"}], "statuses": []}])
def test_empty_search_is_no_zero(told: object) -> None:
    """An empty search tells nothing: without a login it is always empty."""
    (refused,) = read(told)
    assert (Refused, "login") == (type(refused), refused.reason)


@pytest.mark.parametrize(("code", "url", "told", "reason"), [
    (401, "", {"error": "アクセストークンは無効です"}, "login"), (422, "https://a.example/api/v1/timelines/tag/x", {"error": "?"}, "login"), (422, "", {"error": "?"}, "api_error"),
    (404, "", b"", "not_found"), (429, "", {"error": "?"}, "rate_limit"), (403, "", b"<html>", "blocked"), (200, "", b"<html>", "html_not_json"), (200, "", {"error": "\ud800"}, "api_error"),
])  # fmt: skip
def test_refused(code: int, url: str, told: object, reason: str) -> None:
    """A refusal is told by its status, in whatever language its words are."""
    (refused,) = read(told, url, code)
    assert (Refused, reason) == (type(refused), refused.reason)


@pytest.mark.parametrize("body", [b"", b"1", b'"text"', b'{"items": []}', b'{"statuses": null}', b"\xff", b"[" * 100_000])
def test_changed(body: bytes) -> None:
    """What has no statuses where they were is a changed layout, never a zero."""
    with pytest.raises(LayoutChanged):
        read(body)


@pytest.mark.parametrize("more", [{"uri": None}, {"account": {"acct": None}}, {"created_at": "soon"}, {"created_at": "2026-W01-1"}, {"favourites_count": "many"}])
def test_one_bad_status(more: dict[str, Any]) -> None:
    """A status that does not fit is a problem; the others are read."""
    assert [type(each).__name__ for each in read([status(**more), status(2)])] == ["Problem", "Mention"]


def test_half_a_character() -> None:
    """Half of a pair that stands for one character becomes a question mark, which can be stored; whole pairs stay."""
    (one,) = read([status(content="half \ud800, whole \U0001f600")])
    assert one.text == "half ?, whole \U0001f600"


def answer(told: object, link: str = "") -> Read:
    return Read(Page("", headers={"link": link} if link else {}, body=json.dumps(told).encode()), ())


def test_walk() -> None:
    """First the instance, then the timeline as its Link header leads, until older than the first day; then the next instance."""
    walk = mastodon.walk(WATCH.model_copy(update={"target": "#Kastel Mont@https://One.example/, two.example,one.example"}))
    about = next(walk)
    assert [about.url, about.resume] == ["https://one.example/api/v2/instance"] * 2
    assert [about.api, about.auth, about.expect] == [True, None, "json"]
    first = walk.send(answer(OPEN))
    assert first.url == "https://one.example/api/v1/timelines/tag/KastelMont?limit=40"
    link = '<https://one.example/prev>; rel="prev", <https://one.example/api/v1/timelines/tag/KastelMont?max_id=3,4>; rel="next"'
    second = walk.send(answer([status()], link))
    assert [second.url, second.resume] == ["https://one.example/api/v1/timelines/tag/KastelMont?max_id=3,4"] * 2
    two = walk.send(answer([status(created_at="2025-12-31T23:59:59.000Z")], link))
    assert two.url == "https://two.example/api/v2/instance"
    closed = {"configuration": {"timelines_access": {"hashtag_feeds": {"local": "authenticated", "remote": "disabled"}}}}
    with pytest.raises(StopIteration):
        walk.send(answer(closed))


@pytest.mark.parametrize("link", ["", '<https://else.example/x>; rel="next"', '<http://[bad>; rel="next"', '<https://mastodon.social/x>; rel="prev"', '<https://mastodon.social/api/v1/timelines/tag/kastelmont?limit=40>; rel="next"'])
def test_walk_ends_where_nothing_leads_on(link: str) -> None:
    """No next page, one elsewhere, and the same page again end the walk."""
    walk = mastodon.walk(WATCH)
    assert next(walk).url == "https://mastodon.social/api/v2/instance"
    walk.send(answer({"version": "4.3.0"}))
    with pytest.raises(StopIteration):
        walk.send(answer([status(created_at="2026-01-04")], link))


@pytest.mark.parametrize(("access", "more"), [({"local": "public", "remote": "disabled"}, "&local=true"), ({"local": "authenticated", "remote": "public"}, "&remote=true"), ("odd", "")])
def test_walk_asks_for_what_is_open(access: object, more: str) -> None:
    """Where one half of the timelines is open, that half is asked for."""
    walk = mastodon.walk(WATCH.model_copy(update={"target": "caf\u00e9"}))
    next(walk)
    assert walk.send(answer({"configuration": {"timelines_access": {"hashtag_feeds": access}}})).url == f"https://mastodon.social/api/v1/timelines/tag/caf%C3%A9?limit=40{more}"


@pytest.mark.parametrize("told", [[], {}, [1], [{"created_at": "?"}]])
def test_walk_ends_at_an_empty_page(told: object) -> None:
    """A page without an instant leads nowhere."""
    walk = mastodon.walk(WATCH)
    next(walk)
    walk.send(answer(OPEN))
    with pytest.raises(StopIteration):
        walk.send(answer(told, '<https://mastodon.social/next>; rel="next"'))


def test_walk_resumes() -> None:
    """From a token the walk goes on at that page or instance; a token of an instance no longer named is passed over."""
    two = WATCH.model_copy(update={"target": "k@one.example,two.example"})
    page, about = "https://two.example/api/v1/timelines/tag/k?max_id=3", "https://two.example/api/v2/instance"
    walks = [next(mastodon.walk(two.model_copy(update={"resume": token}))).url for token in (page, about, "https://gone.example/x")]
    assert [page, about, "https://one.example/api/v2/instance"] == walks


def test_walk_searches_with_a_token() -> None:
    """With a token its server is searched last, once a word known everywhere shows that it searches at all, until nothing of the period comes."""
    walk = mastodon.walk(WATCH.model_copy(update={"target": "kastel mont@one.example", "account": {"host": "two.example"}}))
    next(walk)
    walk.send(answer(OPEN))
    trial = walk.send(answer([]))
    assert trial.url == "https://two.example/api/v2/search?q=mastodon&type=statuses&limit=1&offset=0"
    first = walk.send(answer({"statuses": [status()]}))
    assert [first.url, first.auth] == ["https://two.example/api/v2/search?q=%22kastel+mont%22&type=statuses&limit=40&offset=0", "mastodon"]
    assert trial.resume == first.resume == first.url
    second = walk.send(answer({"statuses": [status(), status(created_at="2020-01-01")]}))
    assert second.url == first.url.removesuffix("0") + "40"
    with pytest.raises(StopIteration):
        walk.send(answer({"statuses": [status(created_at="2020-01-01")]}))
    resumed = mastodon.walk(WATCH.model_copy(update={"target": 'a "b"', "account": {"host": "two.example"}, "resume": second.url}))
    assert next(resumed).url == "https://two.example/api/v2/search?q=a+%22b%22&type=statuses&limit=40&offset=40"
    with pytest.raises(StopIteration):
        resumed.send(answer([]))


SEARCHED = "https://two.example/api/v2/search?q=kastelmont&type=statuses&limit=40&offset=0"
TRIED = "https://two.example/api/v2/search?q=mastodon&type=statuses&limit=1&offset=0"


@pytest.mark.parametrize(("url", "code", "told", "outcome"), [
    (SEARCHED, 200, {"statuses": []}, ("no_results", "")), (TRIED, 200, {"statuses": []}, ("refused", "login")), (TRIED, 200, {"statuses": [status()]}, ("no_results", "")),
    (SEARCHED.removesuffix("&offset=0"), 200, {"statuses": []}, ("refused", "login")), (TRIED, 401, {"error": "x"}, ("refused", "credentials")), (SEARCHED, 403, {"error": "x"}, ("refused", "credentials")),
    (SEARCHED, 503, {"error": "x"}, ("refused", "server_error")),
])  # fmt: skip
def test_answers_to_a_search(url: str, code: int, told: object, outcome: tuple[str, str]) -> None:
    """An empty search is a zero with a token and where the trial found something; else it is none. A token can be unknown or too narrow."""
    (one,) = mastodon.parse(Page(url, code, body=json.dumps(told).encode()))
    assert (one.type, getattr(one, "reason", "")) == outcome


@pytest.mark.parametrize("target", ["", "#", "@one.example", " ! "])
def test_no_hashtag(target: str) -> None:
    """A target that holds no word is told so. A host after @ alone is taken for the word."""
    if target == "@one.example":
        assert next(mastodon.walk(WATCH.model_copy(update={"target": target}))).url == "https://mastodon.social/api/v2/instance"
        return
    with pytest.raises(UsageError):
        next(mastodon.walk(WATCH.model_copy(update={"target": target})))


@given(at=st.integers(0, 5000), junk=st.binary(max_size=6), cut=st.integers(0, 20), case=st.sampled_from(CASES))
def test_broken_bytes(at: int, junk: bytes, cut: int, case: Path) -> None:
    """Bytes broken anywhere give outcomes, or an error that a user can read."""
    body = case.read_bytes()
    with suppress(RepwatchError):
        list(mastodon.parse(Page("", body=body[:at] + junk + body[at + cut :])))


@needs_real
def test_real_answers() -> None:
    """Every recorded answer, by type and count."""
    found = {}
    for path in sorted((REAL / "social/mastodon").glob("*.json")):
        if not path.name.endswith(".http.json"):
            told = json.loads(path.with_suffix(".http.json").read_text())
            found[path.stem] = dict(Counter(getattr(each, "reason", each.type) for each in mastodon.parse(read_page(path, told["request"]["url"]))))
    assert found == REAL_COUNTS


@needs_real
def test_real_statuses() -> None:
    """Facts read off the recorded answers by hand."""
    folder = REAL / "social/mastodon"
    first, second = mastodon.parse(read_page(folder / "search_v2_mastodon.social_token_2026-04.json"))
    assert isinstance(first, Mention)
    assert isinstance(second, Mention)
    assert [first.published, first.kind, first.author, second.author] == ["2026-04-11T21:16:53.000Z", "comment", "greg@icosahedron.website", "Jo@social.sublingual.xyz"]
    (hoot,) = mastodon.parse(read_page(folder / "hashtag_timeline_link_header_2026-08.json"))
    assert isinstance(hoot, Mention)
    assert [hoot.text, hoot.lang, hoot.author, hoot.kind] == ["#hoot (hashtag toot)", "ja", "mastodonpy_test_2@localhost:3000", "post"]
    link = json.loads((folder / "pagination_p1.http.json").read_text())["headers"]["link"]
    assert (mastodon._next(link, "http://localhost:3000/x") or "").endswith("?limit=10&max_id=117020582177108552")


REAL_COUNTS: dict[str, dict[str, int]] = {
    "SYNTHETIC_error_422_public_preview_off": {"login": 1},
    "SYNTHETIC_error_429": {"rate_limit": 1},
    "error_401_anonymous": {"login": 1},
    "error_401_unauthed": {"login": 1},
    "error_404_link_timeline": {"not_found": 1},
    "error_404_record_not_found": {"not_found": 1},
    "error_422_en": {"api_error": 1},
    "error_account_lookup": {"not_found": 1},
    "hashtag_timeline_link_header_2026-08": {"mention": 1},
    "pagination_p1": {"mention": 10},
    "public_timeline_anonymous_2026-08": {"mention": 8},
    "search_old_server_pre_2.9.2": {"login": 1},
    "search_v2_accounts_hashtags_2026-08": {"login": 1},
    "search_v2_mastodon.social_token_2026-04": {"mention": 2},
    "search_v2_statuses_empty_2026-08": {"login": 1},
    "status_edit_history": {"no id": 1},
    "status_edited": {"mention": 1},
}


def test_walk_goes_on_without_a_refused_instance() -> None:
    """An instance that refuses, at its door or at its timeline, costs nothing of those after it."""
    walk = mastodon.walk(WATCH.model_copy(update={"target": "k@one.example,two.example,three.example"}))
    nothing = Read(Page("", 0), ())
    assert next(walk).optional
    assert walk.send(nothing).url == "https://two.example/api/v2/instance"
    assert walk.send(answer(OPEN)).optional
    assert walk.send(nothing).url == "https://three.example/api/v2/instance"
    with pytest.raises(StopIteration):
        walk.send(nothing)
