"""GitHub: issues and pull requests, answers that are not complete, rate limits, and the walk beyond a thousand."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from tests.real import needs_real
from tests.sources import apis, golden

from repwatch import sources
from repwatch.errors import LayoutChanged
from repwatch.models import Mention, NoResults, Page, Problem, Read, Refused, Request, Watch
from repwatch.sources import github

WATCH = Watch(source="github", employer="Acme", target="Acme", since=date(2026, 11, 1), until=date(2026, 11, 2))
END = datetime(2026, 11, 2, 23, 59, 59, tzinfo=UTC)


def issue(number: int = 1, **more: object) -> dict[str, object]:
    return {"html_url": f"https://github.com/a/b/issues/{number}", "title": "t", "created_at": "2026-11-01T10:00:00Z", **more}


def found(*items: object, complete: bool = True) -> dict[str, object]:
    return {"total_count": len(items), "incomplete_results": not complete, "items": list(items)}


@pytest.mark.parametrize("case", apis.cases("github"), ids=lambda case: case.name)
def test_cases(case: Path) -> None:
    """Each invented payload gives what stands beside it."""
    assert golden.outcomes("github", case) == golden.golden(case).read_text(encoding="utf-8")


def test_issue() -> None:
    """An issue is known by its address; its counts are comments and reactions."""
    told = apis.parsed("github", found(issue(body="a\r\nb <b>", user={"login": "x"}, comments=0, reactions={"total_count": 4})))
    address = "https://github.com/a/b/issues/1"
    assert told == [Mention(source="github", native_id=address, url=address, published="2026-11-01T10:00:00Z", title="t", text="a\nb <b>", author="x", engagement={"comments": 0, "reactions": 4})]


def test_incomplete() -> None:
    """An answer that GitHub did not finish is a problem, once, and never a true nothing."""
    assert [type(each).__name__ for each in apis.parsed("github", found(issue(1), issue(2), complete=False))] == ["Problem", "Mention", "Mention"]
    (only,) = apis.parsed("github", found(complete=False))
    assert isinstance(only, Problem)
    assert only.reason == "incomplete"
    assert [NoResults(source="github")] == apis.parsed("github", found())


def test_other_answers() -> None:
    """A list of issues, one issue, and the answers among recorded exchanges are read, too."""
    ask = {"method": "get", "path": "/x", "status": 200}
    recorded = [{"method": "post", "path": "/y", "status": 201, "response": issue(9)}, {**ask, "response": found(issue(1))}, {**ask, "response": [issue(2)]}]
    assert [
        [int((each.native_id or "/0").rpartition("/")[2]) for each in apis.parsed("github", told)] for told in (recorded, [issue(1), issue(2)], issue(3))
    ] + [[len(apis.parsed("github", [])) - 1]] == [[1, 2], [1, 2], [3], [0]]


@pytest.mark.parametrize("told", [{}, {"items": [issue()]}, {"total_count": 1, "items": None}, found({"id": 1}), [1], "x", b"<html>", [{"method": "post", "path": "/", "response": issue()}]])
def test_changed(told: object) -> None:
    """What has no issues where they were is a changed layout, never a zero."""
    with pytest.raises(LayoutChanged):
        apis.parsed("github", told)


def test_one_bad_record() -> None:
    """A record of another shape is a problem, named by its field; the others are read."""
    told = apis.parsed("github", found(issue(user={"login": 5}), issue(created_at="0001-01-01T00:00:00+14:00"), None, issue(4)))
    assert apis.fields(told[:3]) == ["item 1: user.login", "item 2: created_at", "item 3: not an object"]
    assert isinstance(told[3], Mention)


@pytest.mark.parametrize(("message", "status", "headers", "reason", "wait"), [
    ("no", 403, {"x-ratelimit-remaining": "0"}, "rate_limit", None), ("no", 403, {"retry-after": "60"}, "rate_limit", 60.0), ("no", 403, {"retry-after": "0"}, "rate_limit", 0.0),
    ("no", 429, {"x-ratelimit-remaining": "9"}, "rate_limit", None), ("You have exceeded a secondary rate limit.", 403, {}, "rate_limit", None),
    ("Validation Failed", 422, {}, "api_error", None), ("Bad credentials", 401, {}, "credentials", None), ("no", 403, {"retry-after": "Sun, 01 Nov 2026 00:00:00 GMT"}, "rate_limit", None),
])  # fmt: skip
def test_refused(message: str, status: int, headers: dict[str, str], reason: str, wait: float | None) -> None:
    """What limits is a rate limit, by status, headers or words; what else is wrong keeps its words."""
    assert [Refused(source="github", reason=reason, detail=message, retry_after_s=wait)] == apis.parsed("github", {"message": message}, status=status, headers=headers)


def test_recognised() -> None:
    """An answer is known without an address; an issue that quotes another interface does not pass for it."""
    body = json.dumps(found(issue(body='{"seendate": 1, "quota_remaining": 2, "youtube#x": 3, "post_stream": 4}'))).encode()
    assert sources.recognise(Page("", body=body)) == "github"


def asked(request: Request) -> tuple[str, int]:
    query = parse_qs(urlsplit(request.url).query)
    assert [query["per_page"], query["sort"], query["order"]] == [["100"], ["created"], ["desc"]]
    return query["q"][0], int(query["page"][0])


def page(newest: datetime, count: int = 100, step: int = 1) -> Read:
    items = [issue(number, created_at=(newest - timedelta(seconds=step * number)).strftime("%Y-%m-%dT%H:%M:%SZ")) for number in range(count)]
    return Read(Page("", body=json.dumps(found(*items)).encode()), ())


def test_key_is_named_where_there_is_one() -> None:
    """Without a credential nothing is named; with one it is, and what is asked stays the same."""
    without, with_one = (next(github.walk(WATCH.model_copy(update={"account": account}))) for account in (None, {}))
    assert [without.auth, with_one.auth, without.url] == [None, "github", with_one.url]


def test_walk() -> None:
    """Ten full pages move the end to the oldest second seen; a short page ends the walk."""
    walk = github.walk(WATCH)
    request = next(walk)
    assert asked(request) == ('"Acme" created:2026-11-01T00:00:00Z..2026-11-02T23:59:59Z', 1)
    assert (request.api, request.resume) == (True, "2026-11-02T23:59:59Z 1")
    for number in range(9):
        request = walk.send(page(END - timedelta(seconds=100 * number)))
        assert [asked(request)[1], request.resume] == [number + 2, f"2026-11-02T23:59:59Z {number + 2}"]
    request = walk.send(page(END - timedelta(seconds=900)))
    assert asked(request) == ('"Acme" created:2026-11-01T00:00:00Z..2026-11-02T23:43:20Z', 1)
    with pytest.raises(StopIteration):
        walk.send(page(END, 99))


def test_walk_in_one_second() -> None:
    """A thousand of one second move the end by one; the walk ends at its first second."""
    walk = github.walk(WATCH.model_copy(update={"resume": "2026-11-01T00:00:00Z 10", "target": '"A" b'}))
    request = next(walk)
    assert asked(request) == ('"A" b created:2026-11-01T00:00:00Z..2026-11-01T00:00:00Z', 10)
    with pytest.raises(StopIteration):
        walk.send(page(datetime(2026, 11, 1, tzinfo=UTC), step=0))


def test_walk_past_a_bad_record() -> None:
    """A record that tells no instant counts for the page, and moves nothing."""
    walk = github.walk(WATCH.model_copy(update={"resume": "2026-11-02T00:00:00Z 10"}))
    next(walk)
    request = walk.send(Read(Page("", body=json.dumps(found(*[issue()] * 99, 5)).encode()), ()))
    assert asked(request) == ('"Acme" created:2026-11-01T00:00:00Z..2026-11-01T10:00:00Z', 1)


@settings(deadline=None, max_examples=200)
@given(body=apis.broken("github"))
def test_broken(body: bytes) -> None:
    """Broken bytes give outcomes or an error of our own."""
    apis.survives("github", body)


@needs_real
def test_real() -> None:
    """The recorded answers, counted and read by hand."""
    assert apis.real("github") == {
        "errors.raw-fixture": ("failed", {"Problem": 1}), "paginate-issues.raw-fixture": ("read", {"Mention": 13}), "search-issues.normalized-fixture": ("read", {"Mention": 2}),
        "search-issues.raw-fixture": ("read", {"Mention": 2}), "search_issues_1": ("read", {"Mention": 2}),
    }  # fmt: skip
    told = [each for each in apis.outcomes("github", "search_issues_1.json") if isinstance(each, Mention)]
    assert [(each.author, each.published, each.engagement) for each in told] == [
        ("octokit-fixture-user-b", "2022-07-19T04:40:52Z", {"comments": 0, "reactions": 0}), ("octokit-fixture-user-a", "2022-07-19T04:40:49Z", {"comments": 0, "reactions": 0}),
    ]  # fmt: skip
    assert [each.title for each in told] == ["Sesame seeds split without a pop!", "The doors don’t open"]
