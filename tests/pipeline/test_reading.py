"""Pages into outcomes: what no source foresees, and a profile among the rest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.loopback import hit, hn_answer, rss

from repwatch.errors import UnreadableError
from repwatch.models import Outcome, Page, Refused, Review
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


def test_a_nothing_in_its_own_words() -> None:
    """Comments that are switched off are a true nothing, whatever the status; an empty list under a refusal is none."""
    off = b'{"error": {"code": 403, "errors": [{"reason": "commentsDisabled"}]}}'
    read = read_page(Page("", 403, body=off), source="youtube")
    assert (read.state, [each.type for each in read.outcomes]) == ("read", ["no_results"])
@pytest.mark.parametrize(("source", "status", "body", "reason", "detail"), [
    ("youtube", 403, '{"error": {"code": 403, "message": "You have exceeded your quota.", "errors": [{"reason": "quotaExceeded", "domain": "youtube.quota"}]}}', "quota", "You have exceeded your quota. (quotaExceeded)"),
    ("hackernews", 400, '{"message": "Invalid numericFilters", "status": 400}', "api_error", "Invalid numericFilters"),
    ("hackernews", 401, '{"message": "Who are you?"}', "credentials", "Who are you?"),
    ("hackernews", 403, '{"hits": []}', "blocked", "status 403"),
    ("hackernews", 403, '{"torn', "blocked", "status 403"),
    ("hackernews", 403, "plain words", "blocked", "status 403"),
])  # fmt: skip
def test_a_source_names_its_own_refusal(source: str, status: int, body: str, reason: str, detail: str) -> None:
    """A refused status with an error that the source knows gets the source's name and words; what no source knows keeps the general ones."""
    read = read_page(Page("", status, {"content-type": "application/json"}, body.encode()), source=source)
    (refused,) = read.outcomes
    assert isinstance(refused, Refused)
    assert [read.state, read.reason, refused.reason, refused.detail] == ["refused", reason, reason, detail]


def test_a_challenge_stays_one() -> None:
    """A challenge told by a header wins over JSON in the body."""
    read = read_page(Page("", 403, {"cf-mitigated": "challenge"}, b'{"message": "no"}'), source="hackernews")
    assert read.reason == "challenge"
