"""Stack Exchange: posts, wrappers without posts, error objects, and the walk from page to page."""

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
from repwatch.models import Mention, NoResults, Page, Read, Refused, Watch
from repwatch.sources import stackexchange

WATCH = Watch(source="stackexchange", employer="Acme", target="Acme", since=date(2026, 11, 1), until=date(2026, 11, 2))
ASKED = "https://api.stackexchange.com/2.3/search/advanced?site="


def question(number: int = 1, **more: object) -> dict[str, object]:
    return {"question_id": number, "creation_date": 0, "title": "a &amp; b", "link": f"https://workplace.stackexchange.com/questions/{number}/x", **more}


def read(*items: object, url: str = "", **more: object) -> list[object]:
    return apis.parsed("stackexchange", {"items": list(items), **more}, url)


@pytest.mark.parametrize("case", apis.cases("stackexchange"), ids=lambda case: case.name)
def test_cases(case: Path) -> None:
    """Each invented payload gives what stands beside it."""
    assert golden.outcomes("stackexchange", case) == golden.golden(case).read_text(encoding="utf-8")


def test_question_and_answer() -> None:
    """A question is a post, an answer a comment; the site is part of the id, for numbers count within one site."""
    told = read(question(body="<p>x &lt; y</p>", owner={"display_name": "A&#39;s"}, score=-2, answer_count=0, view_count=7), {"answer_id": 2, "question_id": 1, "creation_date": 60}, url=ASKED + "workplace")
    assert told == [
        Mention(source="stackexchange", native_id="workplace.stackexchange.com/q/1", url="https://workplace.stackexchange.com/questions/1/x", published="1970-01-01T00:00:00Z",
                title="a & b", text="x < y", author="A's", engagement={"points": -2, "comments": 0, "views": 7}),
        Mention(source="stackexchange", native_id="workplace.stackexchange.com/a/2", url="https://workplace.stackexchange.com/a/2", published="1970-01-01T00:01:00Z", kind="comment"),
    ]  # fmt: skip


@pytest.mark.parametrize(("site", "host"), [
    ("stackoverflow", "stackoverflow.com"), ("workplace", "workplace.stackexchange.com"), ("pt.stackoverflow.com", "pt.stackoverflow.com"), ("", None),
])  # fmt: skip
def test_site(site: str, host: str | None) -> None:
    """Without a link the address asked tells the site; without either there is neither id nor address."""
    (one,) = read(question(link=None), url=ASKED + site)
    assert isinstance(one, Mention)
    assert [one.native_id, one.url] == ([f"{host}/q/1", f"https://{host}/q/1"] if host else [None, None])


@pytest.mark.parametrize("owner", [None, {"user_type": "does_not_exist", "display_name": "user12"}, {}])
def test_deleted_owner(owner: object) -> None:
    """Who has left has no name."""
    (one,) = read(question(owner=owner, link="http://[bad"))
    assert isinstance(one, Mention)
    assert one.author is None


@pytest.mark.parametrize("items", [[], [{"site_url": "x", "api_site_parameter": "y"}], [{"user_id": 1, "reputation": 2}], [{"name": "java", "has_synonyms": False}]])
def test_nothing(items: list[object]) -> None:
    """No items, and items of other kinds (sites, people, tags), hold no mention."""
    assert [NoResults(source="stackexchange")] == read(*items)


@pytest.mark.parametrize("told", [[], {}, {"items": None}, {"items": [{"id": 1}]}, {"items": [1]}, b"", b"<html>"])
def test_changed(told: object) -> None:
    """What has no posts where they were is a changed layout, never a zero."""
    with pytest.raises(LayoutChanged):
        apis.parsed("stackexchange", told)


def test_one_bad_record() -> None:
    """A record of another shape is a problem, named by its field; the others are read."""
    told = read(question(creation_date="x"), question(creation_date=10**18), question(creation_date=True), question(creation_date=float("nan")), 3, question(title=[]), question(question_id=None), question(8))
    assert [each.partition(": ")[2] for each in apis.fields(told[:-1])] == ["creation_date"] * 4 + ["not an object", "title", "no id"]
    assert isinstance(told[-1], Mention)


@pytest.mark.parametrize(("number", "words", "reason", "wait"), [
    (502, "too many requests from this IP, more requests available in 12 seconds", "rate_limit", 12.0), (502, "too many requests", "rate_limit", None),
    (400, "site is required", "api_error", None), (405, "`key` is not valid", "credentials", None), (503, "try later", "server_error", None), ("x", None, "api_error", None),
])  # fmt: skip
def test_refused(number: object, words: str | None, reason: str, wait: float | None) -> None:
    """An error object is a refusal; a throttle tells how long."""
    told = apis.parsed("stackexchange", {"error_id": number, "error_message": words, "error_name": "name"}, status=400)
    assert [Refused(source="stackexchange", reason=reason, detail=words or "name", retry_after_s=wait)] == told


def test_half_a_surrogate() -> None:
    """Half a surrogate pair is no text; a whole pair is."""
    (one,) = apis.parsed("stackexchange", rb'{"items":[{"question_id":1,"creation_date":0,"title":"a\ud800b \ud83d\ude00"}]}')
    assert one.title == "a?b 😀"


def test_recognised() -> None:
    """An answer is known without an address by what every wrapper tells."""
    bodies = [json.dumps({"items": [], "quota_remaining": 1}).encode(), b'{"error_name":"throttle_violation"}', b'{"items":[]}']
    assert [sources.recognise(Page("", body=body)) for body in bodies] == ["stackexchange", "stackexchange", None]


def test_key_is_named_where_there_is_one() -> None:
    """Without a credential nothing is named; with one it is, and what is asked stays the same."""
    without, with_one = (next(stackexchange.walk(WATCH.model_copy(update={"account": account}))) for account in (None, {}))
    assert [without.auth, with_one.auth, without.url] == [None, "stackexchange", with_one.url]


def test_walk() -> None:
    """Page after page while there are more."""
    walk = stackexchange.walk(WATCH)
    request = next(walk)
    asked = parse_qs(urlsplit(request.url).query)
    assert {"site": ["workplace"], "q": ['"Acme"'], "page": ["1"], "pagesize": ["100"], "filter": ["withbody"], "sort": ["creation"], "order": ["desc"]}.items() <= asked.items()
    assert int(asked["todate"][0]) - int(asked["fromdate"][0]) == 2 * 86_400 - 1
    assert (request.api, request.resume) == (True, "1")
    assert walk.send(Read(Page("", body=b'{"items":[],"has_more":true}'), ())).resume == "2"
    with pytest.raises(StopIteration):
        walk.send(Read(Page("", body=b'{"items":[],"has_more":false}'), ()))


@pytest.mark.parametrize(("target", "phrase", "site"), [("Acme@stackoverflow", '"Acme"', "stackoverflow"), ("a@b.c Corp", '"a@b.c Corp"', "workplace"), ('"x" y@meta', '"x" y', "meta")])
def test_target(target: str, phrase: str, site: str) -> None:
    """What stands behind the last @ is the site, if it can be one; a walk resumes at its page."""
    request = next(stackexchange.walk(WATCH.model_copy(update={"target": target, "resume": "4"})))
    asked = parse_qs(urlsplit(request.url).query)
    assert [[phrase], [site], ["4"]] == [asked["q"], asked["site"], asked["page"]]


@settings(deadline=None, max_examples=200)
@given(body=apis.broken("stackexchange"))
def test_broken(body: bytes) -> None:
    """Broken bytes give outcomes or an error of our own."""
    apis.survives("stackexchange", body)


@needs_real
def test_real() -> None:
    """The recorded answers, counted and read by hand."""
    assert apis.real("stackexchange") == {
        "SYNTHETIC_search_workplace_backoff": ("read", {"Mention": 1}), "error_400_throttle_violation_ip": ("refused", {"Refused": 1}),
        "question_2.3_recorded_2022": ("read", {"Mention": 1}), "test_stackoverflow_exists": ("read", {"NoResults": 1}), "test_users_associated": ("read", {"NoResults": 1}),
    }  # fmt: skip
    (one,) = apis.outcomes("stackexchange", "question_2.3_recorded_2022.json")
    assert isinstance(one, Mention)
    assert [one.native_id, one.published, one.engagement] == ["stackoverflow.com/q/19059580", "2013-09-27T20:31:00Z", {"points": 475, "comments": 11, "views": 1158475}]
    (gone,) = apis.outcomes("stackexchange", "SYNTHETIC_search_workplace_backoff.json")
    assert isinstance(gone, Mention)
    assert [gone.author, "&" in (gone.title or "") and "&#" not in (gone.title or "")] == [None, True]
    (throttle,) = apis.outcomes("stackexchange", "error_400_throttle_violation_ip.json")
    assert isinstance(throttle, Refused)
    assert [throttle.reason, throttle.retry_after_s] == ["rate_limit", 17524.0]


def test_a_key_that_is_not_known() -> None:
    """The number of a wrong parameter stands for a wrong key where the words begin with it."""
    told = [apis.parsed("stackexchange", {"error_id": 400, "error_message": words})[0].reason for words in ("`key` doesn't match a known application", "`site` is required")]
    assert told == ["credentials", "api_error"]
