"""Hacker News: search answers, threads, refusals, and the walk through windows of time."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.loopback import hit, hn_answer
from tests.real import REAL, needs_real

from repwatch.errors import LayoutChanged
from repwatch.models import Mention, NoResults, Page, Read, Refused, Request, Watch
from repwatch.pipeline.reading import read_file
from repwatch.sources import hackernews

WATCH = Watch(source="hackernews", employer="Acme", target="Acme", since=date(2026, 11, 1), until=date(2026, 11, 2))


def read(told: object) -> list[object]:
    return list(hackernews.parse(Page("", body=json.dumps(told).encode())))


def test_comment_and_story() -> None:
    """A comment has text and story; a story its title, points and number of comments."""
    comment, story = read({"hits": [hit(1, 1_790_000_000), {"objectID": "2", "created_at_i": 0, "title": "T", "story_text": "<p>a<p>b", "points": 3, "num_comments": None, "author": "x"}]})
    assert isinstance(comment, Mention)
    assert isinstance(story, Mention)
    assert [comment.kind, comment.text, comment.title, comment.published, comment.author] == ["comment", "Acme comment number 1 is here.", "Ask: who hires?", "2026-09-21T14:13:20Z", "invented1"]
    assert [story.kind, story.text, story.engagement, story.url, story.published] == ["post", "a\n\nb", {"points": 3}, "https://news.ycombinator.com/item?id=2", "1970-01-01T00:00:00Z"]


def test_thread() -> None:
    """An item gives itself and its children, in reading order; a child that is no object is passed over."""
    child = {"id": 2, "type": "comment", "created_at_i": 2, "text": "b", "children": [{"id": 3, "type": "comment", "created_at_i": 3, "text": "c", "children": []}, None]}
    told = read({"id": 1, "type": "story", "created_at_i": 1, "title": "a", "children": [child, {"id": 4, "type": "comment", "text": "d"}]})
    assert [(each.native_id, each.kind) for each in told if isinstance(each, Mention)] == [("1", "post"), ("2", "comment"), ("3", "comment"), ("4", "comment")]


def test_nothing() -> None:
    """No hits, and a person's page, are a true nothing."""
    assert [[NoResults(source="hackernews")]] * 2 == [read({"hits": []}), read({"username": "pg", "karma": 1})]


def test_odd_hits() -> None:
    """A hit of another shape, without an id, or of an impossible instant is a problem; the others are read."""
    told = read({"hits": [hit(1, 1, objectID=None), {"created_at_i": 1}, hit(2, 10**18), "text", hit(3, 1), {"objectID": "4"}]})
    assert [type(each).__name__ for each in told] == ["Problem", "Problem", "Problem", "Problem", "Mention", "Mention"]
    assert told[0].detail == "hit 1: objectID: Input should be a valid string"  # type: ignore[attr-defined]


@pytest.mark.parametrize("told", [{"message": "busy", "status": 400}, {"error": "no"}])
def test_refused(told: dict[str, str]) -> None:
    """An error of the interface is a refusal with its words."""
    (refused,) = read(told)
    assert isinstance(refused, Refused)
    assert ["api_error", next(iter(told.values()))] == [refused.reason, refused.detail]


@pytest.mark.parametrize("body", [b"plain", b"[]", b'{"hits": null}', b'{"results": []}'])
def test_changed(body: bytes) -> None:
    """What has no hits where they were is a changed layout, never a zero."""
    with pytest.raises(LayoutChanged):
        list(hackernews.parse(Page("", body=body)))


def bounds(request: Request) -> tuple[int, int]:
    low, high = parse_qs(urlsplit(request.url).query)["numericFilters"][0].split(",")
    return int(low.partition("=")[2]), int(high.partition("=")[2])


def page(*moments: int) -> Read:
    answer = Page("", body=hn_answer([hit(number, at) for number, at in enumerate(moments)]))
    return Read(answer, tuple(hackernews.parse(answer)))


def test_walk() -> None:
    """A full page moves the window's end to its oldest second; one second that fills a page moves it by one; a short page ends."""
    walk = hackernews.walk(WATCH)
    request = next(walk)
    low, high = bounds(request)
    assert [86_400 * 2 - 1, str(high), True] == [high - low, request.resume, request.api]
    assert parse_qs(urlsplit(request.url).query)["query"] == ['"Acme"']
    assert (low, high - 999) == bounds(walk.send(page(*range(high, high - 1000, -1))))
    assert (low, high - 1000) == bounds(walk.send(page(*[high - 999] * 1000)))
    with pytest.raises(StopIteration):
        walk.send(page(low))


def test_walk_ends_at_its_first_day() -> None:
    """A window that would begin before the first day is not asked for."""
    walk = hackernews.walk(WATCH)
    low, _ = bounds(next(walk))
    walk.send(page(*[low] * 1000))
    with pytest.raises(StopIteration):
        walk.send(page(*[low] * 1000))


def test_walk_resumes() -> None:
    """From a token the walk goes on where it stopped; a phrase with quotes is taken as it is."""
    request = next(hackernews.walk(WATCH.model_copy(update={"resume": "1793600000", "target": '"Acme" jobs'})))
    assert [bounds(request)[1], parse_qs(urlsplit(request.url).query)["query"]] == [1_793_600_000, ['"Acme" jobs']]


MONTH = WATCH.model_copy(update={"since": date(2026, 1, 1), "until": date(2026, 1, 31)})
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
    seen, urls, _ = drive(MONTH, [START + 7 * n for n in range(2500)])
    assert (len(seen), len(urls)) == (2500, 3)


def test_hits_that_share_a_second_across_a_border_are_not_lost() -> None:
    """A window's end is inclusive: the rest of its last second comes with the next window."""
    seen, urls, _ = drive(MONTH, [START + n // 400 for n in range(2400)])
    assert (len(seen), len(urls)) == (2400, 3)


def test_a_second_with_more_hits_than_fit_does_not_stop_the_walk() -> None:
    """Beyond 1,000 hits in one second nothing can be reached; the walk goes on below it."""
    seen, urls, _ = drive(MONTH, [START + 50] * 1200 + [START + 40] * 3)
    assert len(seen) == 1003
    assert len(urls) == 3


def test_a_walk_starts_again_inside_a_gap() -> None:
    """The token of a request is the place from which a later walk goes on."""
    seconds = [START + 7 * n for n in range(2500)]
    _, urls, tokens = drive(MONTH, seconds)
    rest, again, _ = drive(MONTH.model_copy(update={"resume": tokens[1]}), seconds)
    assert urls[1:] == again
    assert len(rest) == 1501


def test_a_walk_stops_at_since_and_when_nothing_is_left() -> None:
    """Older hits are not asked for, an empty answer ends the walk, and a gap older than the period is none."""
    seen, urls, _ = drive(MONTH, [START - 5, START + 5])
    assert (len(seen), len(urls)) == (1, 1)
    assert drive(MONTH, [])[1] == urls
    assert drive(MONTH.model_copy(update={"resume": str(START - 1)}), [START])[1] == []


@needs_real
def test_real_answers() -> None:
    """Every recorded answer is read whole: so many mentions, and no problem."""
    found = {}
    for path in sorted((REAL / "social" / "hackernews").glob("*.json")):
        if not path.name.endswith(".http.json"):
            told = read_file(path, source="hackernews").read
            found[path.stem] = (told.state, dict(Counter(type(each).__name__ for each in told.outcomes)))
    assert found == REAL_COUNTS


REAL_COUNTS: dict[str, tuple[str, dict[str, int]]] = {
    "communal_sampleCommentsOutput": ("read", {"Mention": 105}),
    "communal_sampleNewsOutput": ("read", {"Mention": 4}),
    "items_17": ("read", {"Mention": 3}),
    "search_by_date_api_2022": ("read", {"Mention": 20}),
    "search_by_date_ask_hn_query_apple_page2": ("read", {"Mention": 1}),
    "search_by_date_comment": ("read", {"Mention": 1}),
    "search_by_date_devrel_2022": ("read", {"Mention": 20}),
    "search_by_date_keynote_2022": ("read", {"Mention": 20}),
    "search_by_date_story": ("read", {"Mention": 1}),
    "search_by_date_story_query_apple": ("read", {"Mention": 1}),
    "search_poll": ("read", {"Mention": 1}),
    "users_pg": ("read", {"NoResults": 1}),
}
