"""Pages into outcomes: what no source foresees, and a profile among the rest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.loopback import hit, hn_answer, rss

from repwatch.errors import UnreadableError
from repwatch.models import Outcome, Page, Problem, Refused, Review
from repwatch.pipeline.reading import read_page
from repwatch.sources import feed, hackernews


def test_an_unreadable_payload(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a source declares unreadable is a problem after what it gave before."""

    def parse(_page: Page) -> Iterator[Outcome]:
        yield Review(source="feed")
        raise UnreadableError("not so")

    monkeypatch.setattr(feed, "parse", parse)
    read = read_page(Page("", body=rss()), source="feed")
    assert [read.state, read.reason, len(read.outcomes)] == ["failed", "unreadable", 2]


def test_nothing_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """No item and no word of nothing is a changed layout."""
    monkeypatch.setattr(feed, "parse", lambda _page: iter(()))
    assert read_page(Page("", body=rss()), source="feed")[3:5] == ("failed", "layout_changed")


def test_partly_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal beside items is partly read."""
    monkeypatch.setattr(hackernews, "parse", lambda _page: iter((Review(source="x"), Refused(reason="login"))))
    assert read_page(Page("", body=hn_answer([hit(1, 1)])))[3:5] == ("partly", "login")


@pytest.mark.parametrize(("status", "body", "reason"), [
    (403, b'{"error": {"errors": [{"reason": "quotaExceeded"}]}}', "quota"), (403, b'{"error": "words"}', "blocked"), (403, b'{"kind": "x"}', "blocked"), (403, b"quotaExceeded", "blocked"),
    (403, b'{"a": ' * 100_000, "blocked"), (403, b'{"kind": "youtube#x", "items": []}', "blocked"),
])  # fmt: skip
def test_a_refusal_in_its_own_words(status: int, body: bytes, reason: str) -> None:
    """What an interface says of its refusal goes before its status, where its source understands it."""
    read = read_page(Page("", status, body=body), source="youtube")
    assert (read.state, read.reason, len(read.outcomes)) == ("refused", reason, 1)


@pytest.mark.parametrize(("body", "reason", "detail"), [
    (b'{"error": {"errors": [{"domain": "usageLimits", "reason": "keyInvalid", "message": "Bad Request"}], "code": 400}}', "api_error", "Bad Request"),
    (b'[{"data": {"ok": true}}, {"errors": [{"message": "Persisted\\nQuery"}]}]', "api_error", "Persisted Query"),
    (b'{"error": "words"}', "api_error", "words"), (b'{"status": 429, "message": "slow down"}', "rate_limit", "slow down"), (b'{"error": {"code": 503}}', "server_error", ""),
    (b'{"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "no token"}', "credentials", "no token"), (b'{"errors": [5]}', "api_error", ""),
])  # fmt: skip
def test_an_error_of_an_unknown_interface(body: bytes, reason: str, detail: str) -> None:
    """An error answer is a refusal, even where it does not tell whose it is."""
    read = read_page(Page("", body=body, door="saved"))
    assert [(read.state, read.reason), *read.outcomes] == [("refused", reason), Refused(reason=reason, detail=detail)]


@pytest.mark.parametrize("body", [
    b'{"status": 200, "message": "fine"}', b'{"error": "x", "rows": []}', b'{"error": null}', b"[]", b"[5]", b'{"data": {}}', b'{"error', b"{" * 10, b'{"code": true}', b"words",
    b'{"error": "' + b"x" * 30_000 + b'"}',
])  # fmt: skip
def test_what_is_no_error_answer(body: bytes) -> None:
    """What merely mentions an error, or is none, stays unrecognised."""
    assert read_page(Page("", body=body, door="saved"))[3:5] == ("failed", "unrecognised")



def test_a_challenge_stays_one() -> None:
    """A challenge told by a header wins over JSON in the body."""
    read = read_page(Page("", 403, {"cf-mitigated": "challenge"}, b'{"message": "no"}'), source="hackernews")
    assert read.reason == "challenge"


@pytest.mark.parametrize(("body", "reason"), [
    (b'{"data": {"employerReviews": {"reviews": [{"reviewId": 5', "cut"), (b'\xef\xbb\xbf[{"reviewId": 5,', "cut"), (b'<!doctype html><HTML><body data-x="empReview_1"><p>torn', "cut"),
    (b'{"data": {}}', "layout_changed"), (b'{"data": ]', "layout_changed"), (b'<html><body data-x="empReview_1"></body></html>', "layout_changed"), (b"<p>a fragment", "layout_changed"),
])  # fmt: skip
def test_cut_or_changed(body: bytes, reason: str) -> None:
    """A payload or page that ends before its end was cut, which is no change of the layout."""
    read = read_page(Page("", body=body), source="glassdoor")
    assert [(read.state, read.reason), *(each.reason for each in read.outcomes if isinstance(each, Problem))] == [("failed", reason), reason]
