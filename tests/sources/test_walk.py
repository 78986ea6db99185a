"""Walks, driven without a network."""

from __future__ import annotations

import json
from datetime import date
from urllib.parse import parse_qs, urlsplit

from repwatch.models import Page, Read, Watch
from repwatch.sources import feed, hackernews, jsonld

WATCH = Watch(
    source="hackernews",
    employer="acme",
    target='acme "belgique"',
    since=date(2026, 1, 1),
    until=date(2026, 1, 31),
)
START = 1_767_225_600  # 2026-01-01T00:00:00Z


def drive(watch: Watch, seconds: list[int]) -> tuple[set[str], list[str], list[str | None]]:
    """Answer a walk as the service does: newest first, within the window, never more than 1,000 hits."""
    stored = sorted(((second, str(number)) for number, second in enumerate(seconds)), reverse=True)
    walk, seen, urls, tokens = hackernews.walk(watch), set(), [], []
    try:
        request = next(walk)
        while True:
            urls.append(request.url)
            tokens.append(request.resume)
            query = parse_qs(urlsplit(request.url).query)
            low, high = (int(part.split("=")[1]) for part in query["numericFilters"][0].split(","))
            hits = [
                {"objectID": number, "created_at_i": second}
                for second, number in stored
                if low <= second <= high
            ][:1000]
            page = Page(url=request.url, body=json.dumps({"hits": hits}).encode())
            items = tuple(hackernews.parse(page))
            seen |= {item.native_id for item in items if item.type == "mention"}
            request = walk.send(Read(page, items))
    except StopIteration:
        return seen, urls, tokens


def test_all_of_2500_hits_are_reached() -> None:
    """Windows end where the last one stopped, so that the limit of 1,000 hides nothing."""
    seen, urls, _ = drive(WATCH, [START + 7 * n for n in range(2500)])
    assert (len(seen), len(urls)) == (2500, 3)


def test_hits_that_share_a_second_across_a_border_are_not_lost() -> None:
    """A window's end is inclusive: the rest of its last second comes with the next window."""
    seen, urls, _ = drive(WATCH, [START + n // 400 for n in range(2400)])
    assert (len(seen), len(urls)) == (2400, 3)


def test_a_second_with_more_hits_than_fit_does_not_stop_the_walk() -> None:
    """Beyond 1,000 hits in one second nothing can be reached; the walk goes on below it."""
    seen, urls, _ = drive(WATCH, [START + 50] * 1200 + [START + 40] * 3)
    assert len(seen) == 1003
    assert len(urls) == 3


def test_a_walk_starts_again_inside_a_gap() -> None:
    """The token of a request is the place from which a later walk goes on."""
    seconds = [START + 7 * n for n in range(2500)]
    _, urls, tokens = drive(WATCH, seconds)
    rest, again, _ = drive(WATCH.model_copy(update={"resume": tokens[1]}), seconds)
    assert urls[1:] == again
    assert len(rest) == 1501


def test_a_walk_stops_at_since_and_when_nothing_is_left() -> None:
    """Older hits are not asked for, an empty answer ends the walk, and a gap older than the period is none."""
    seen, urls, _ = drive(WATCH, [START - 5, START + 5])
    assert (len(seen), len(urls)) == (1, 1)
    assert drive(WATCH, [])[1] == urls
    assert drive(WATCH.model_copy(update={"resume": str(START - 1)}), [START])[1] == []


def test_the_request_is_one_phrase_to_a_public_api() -> None:
    """The target is quoted as a whole; its own quotes would end the phrase."""
    request = next(hackernews.walk(WATCH))
    query = parse_qs(urlsplit(request.url).query)
    assert query["query"] == ['"acme  belgique"']
    assert [f"created_at_i>={START},created_at_i<={START + 31 * 86400 - 1}"] == query["numericFilters"]
    assert (True, "json", str(START + 31 * 86400 - 1)) == (request.api, request.expect, request.resume)


def test_pages_and_feeds_are_one_request() -> None:
    """A feed and a page are asked for once."""
    watch = WATCH.model_copy(update={"target": "https://example.com/x"})
    assert [(request.url, request.expect) for request in feed.walk(watch)] == [
        ("https://example.com/x", "feed")
    ]
    assert [(request.url, request.expect) for request in jsonld.walk(watch)] == [
        ("https://example.com/x", "html")
    ]
