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


@pytest.mark.parametrize(("source", "status", "body", "reason", "detail"), [
    ("youtube", 403, '{"error": {"code": 403, "message": "You have exceeded your quota.", "errors": [{"reason": "quotaExceeded", "domain": "youtube.quota"}]}}', "rate_limit", "You have exceeded your quota. (quotaExceeded)"),
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
