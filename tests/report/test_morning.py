"""What `check` says in the morning, to the last character."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from tests.report.test_plain import HOSTILE

from repwatch.refusals import MEANING
from repwatch.report import words
from repwatch.report.document import Cell, Document, Section, text_of
from repwatch.report.morning import morning
from repwatch.report.plain import to_csv, to_markdown
from repwatch.report.terminal import to_terminal


def entry(**more: Any) -> dict[str, Any]:
    return {"source": "glassdoor", "employer": "Acme", "target": "https://a.b", "state": "read", "reason": "", "hint": "", "pages": 1, "unchanged": 0, "items": 3, "new": 1, "revised": 0,
            "problems": 0, "gap": False, **more}  # fmt: skip


def news(**more: Any) -> dict[str, Any]:
    return {"label": "positive", "rating": None, "published": "2026-03-30", "source": "glassdoor", "employer": "Acme", "excerpt": "Nice", "native_id": "1", **more}


def whole(coverage: Any = (), new: Any = (), employers: Any = (), inbox: Any = ()) -> dict[str, Any]:
    return {"coverage": list(coverage), "new": list(new), "figures": {"since": "2026-01-01", "employers": list(employers)}, "inbox": list(inbox)}


def employer(**more: Any) -> dict[str, Any]:
    none = {"value": None, "n": 0, "low": None, "high": None}
    return {"employer": "Acme", "volume": 4, "rating": {"value": 3.5, "n": 2, "low": 1.0, "high": 5.0}, "net_sentiment": none, **more}


def section(document: Document, name: str) -> Section:
    return next(each for each in document.sections if each.name == name)


def rows(document: Document, name: str) -> list[list[str]]:
    return [[text_of(cell) for cell in row] for row in section(document, name).rows]


def test_a_morning_to_the_last_character() -> None:
    """New first, then where things stand, what came by file, what could not be seen, and the ledger."""
    data = whole(
        [entry(), entry(source="kununu", state="refused", reason="challenge", hint="Save the page.", pages=0, items=0, new=0, problems=2)],
        [news(label="negative", rating=1.0, excerpt="Toxic [/x]\n| pay"), news()],
        [employer(), employer(employer="Quiet", volume=0)],
        [{"file": "a.html", "source": None, "state": "failed", "types": {}, "new": 0, "reason": "empty", "notes": ["no employer is named"]}],
    )
    expected = r"""# Title

1 of 2 sources read. 2 new: 1 positive, 1 negative.

## New, the worst first

| Date | Source | Sentiment | Text |
| --- | --- | --- | --- |
| 2026-03-30 | glassdoor | negative 1★ | Toxic \[/x\] \| pay |
| 2026-03-30 | glassdoor | positive | Nice |

## Since 2026-01-01

| Employer | Reviews and mentions | Rating | n | Net sentiment | n |
| --- | ---: | ---: | ---: | ---: | ---: |
| Acme | 4 | 3.5 (1.0 to 5.0) | 2 | – | 0 |

## From the inbox

| File | Source | State | Holds | New | Why |
| --- | --- | --- | --- | ---: | --- |
| a.html | – | failed | nothing | 0 | the page is empty; no employer is named |

## Not seen

kununu (Acme): the site shows a test for humans instead of the page. Save the page.

## Coverage

| Source | State | Pages | Items | New | Problems |  |
| --- | --- | ---: | ---: | ---: | ---: | --- |
| glassdoor | read | 1 | 3 | 1 | – |  |
| kununu | refused | 0 | 0 | 0 | 2 |  |

closing
"""
    found = morning(data, "Title", "closing")
    assert expected == to_markdown(found)
    assert ("check", data) == (found.command, found.data)


def test_a_quiet_morning() -> None:
    """Nothing new, all read: the verdict and the ledger."""
    found = morning(whole([entry(pages=2, unchanged=2)]), "T", "")
    assert found.verdict == "1 of 1 sources read. Nothing new."
    assert [each.name for each in found.sections] == ["coverage"]
    assert rows(found, "coverage")[0][-1] == "unchanged"


def test_the_worst_comes_first_and_the_list_has_an_end() -> None:
    """Eight are shown, negative before unclear before positive, and the way to the others."""
    many = [news(label=label, native_id=None, published=None) for label in ("unclear", "positive", "negative") for _ in range(5)]
    found = morning(whole([], many), "T", "")
    assert [row[2] for row in rows(found, "new")] == ["negative"] * 5 + ["unclear"] * 3
    assert section(found, "new").after == ("7 more: repwatch mentions",)
    dated = [{**each, "published": f"20{number + 10}-03-04T10:00:00Z"} for number, each in enumerate(many)]
    assert section(morning(whole([], dated), "T", ""), "new").after == ("7 more: repwatch mentions --since 2010-03-04",)
    assert found.verdict == "15 new: 5 positive, 5 negative, 5 unclear."


@pytest.mark.parametrize(
    ("row", "cell"),
    [
        (news(label="negative", rating=1.5), Cell("negative 1.5★", "bad")),
        (news(label="positive", rating=5.0), Cell("positive 5★", "good")),
        (news(label="mixed"), Cell("mixed", "warn")),
        (news(label="unscored", employer=None), Cell("unscored")),
    ],
)
def test_the_mood_of_a_line(row: dict[str, Any], cell: Cell) -> None:
    """The label with its stars, in its tone."""
    assert cell == section(morning(whole([], [row]), "T", ""), "new").rows[0][2]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"state": "refused", "reason": "login", "hint": "Do it."}, f"glassdoor (Acme): {MEANING['login'][0]}. Do it."),
        ({"state": "skipped", "reason": "no_saved_page"}, "glassdoor (Acme): this site lets no program in, and no page was saved yet."),
        ({"state": "failed", "reason": "layout_changed"}, "glassdoor (Acme): the page looks different from all we know; nothing was read from it."),
        ({"state": "stale", "reason": "saved_page_30_days_old"}, "glassdoor (Acme): the newest saved page is 30 days old."),
        ({"state": "stale", "reason": "saved_page_1_days_old"}, "glassdoor (Acme): the newest saved page is 1 day old."),
        ({"state": "stale", "reason": "saved_page_0_days_old"}, "glassdoor (Acme): page saved today."),
        ({"state": "failed", "source": "feed", "target": "https://www.news.be/rss"}, "news.be (Acme): not read."),
        ({"state": "failed", "source": "jsonld", "target": "acme"}, "page with ratings (Acme): not read."),
        ({"state": "failed", "reason": "a_new_reason"}, "glassdoor (Acme): a new reason."),
        ({"state": "failed", "employer": ""}, "glassdoor (https://a.b): not read."),
        ({"gap": True}, "glassdoor (Acme): more arrived than one check reads; the rest follows with the next checks, oldest first."),
    ],
)
def test_what_could_not_be_seen(more: dict[str, Any], expected: str) -> None:
    """Why, in plain words, and what to do."""
    assert (expected,) == section(morning(whole([entry(**more)]), "T", ""), "not_seen").before


def test_an_old_saved_page_stands_in_the_ledger() -> None:
    """The ledger repeats how old the newest page is."""
    found = morning(whole([entry(state="stale", reason="saved_page_30_days_old", employer="")]), "T", "")
    assert rows(found, "coverage")[0] == ["glassdoor", "stale", "1", "3", "1", "–", "the newest saved page is 30 days old"]


def test_several_employers_have_a_column() -> None:
    """Where more than one is watched, each line says whose it is."""
    found = morning(whole([entry(), entry(employer="")], [news(), news(employer=None)]), "T", "")
    assert sorted((row[2] for row in rows(found, "new")), reverse=True) == ["–", "Acme"]
    assert [row[1] for row in rows(found, "coverage")] == ["Acme", "–"]
    assert frozenset({3, 4, 5, 6}) == section(found, "coverage").numbers


@pytest.mark.parametrize(
    ("new", "order"),
    [
        ([news(rating=5.0, excerpt="b"), news(rating=4.0, excerpt="a")], ["a", "b"]),
        ([news(label="negative", rating=2.0, excerpt="b"), news(label="negative", excerpt="a")], ["a", "b"]),
        ([news(published="2026-01-01", excerpt="b"), news(excerpt="a")], ["a", "b"]),
    ],
)
def test_fewer_stars_then_newer_first(new: list[dict[str, Any]], order: list[str]) -> None:
    """Among the same sentiment the fewest stars lead, then the newest."""
    assert order == [row[-1] for row in rows(morning(whole(new=new), "T", ""), "new")]


def test_an_employer_without_a_name() -> None:
    """It is called so."""
    assert rows(morning(whole(employers=[employer(employer="")]), "T", ""), "standing")[0][0] == "(no employer named)"


@given(HOSTILE)
def test_hostile_news_pass_harmlessly(text: str) -> None:
    """Reviews, names of files and employers, and reasons from outside carry no orders."""
    found = morning(
        whole([entry(state="failed", reason=text, employer=text, hint=text)], [news(excerpt=text, employer=text, source=text)], [employer(employer=text)],
              [{"file": text, "source": text, "state": "read", "types": {text: 1}, "new": 1, "reason": text, "notes": [text]}]), text, text)  # fmt: skip
    shown = to_terminal(found, width=80, colour=False)
    assert not set("\x1b\x9b\x07\u202e\u2066\ud800\x00") & set(shown)
    for form in (shown, to_markdown(found), to_csv(found)):
        form.encode()


@pytest.mark.parametrize(("source", "url", "expected"), [
    ("jsonld", "https://www.werkblik.be/acme", "werkblik.be"), ("jsonld", None, "page with ratings"), ("feed", "https://news.be/1", "news.be"), ("table", None, "table"),
    ("glassdoor", "https://www.glassdoor.be/x", "glassdoor"), ("table", "http://[::bad", "table"),
])  # fmt: skip
def test_a_source_that_is_no_site(source: str, url: str | None, expected: str) -> None:
    """A reader knows a page or a table by its site, else by what it is: no name of a format stands for a site."""
    assert words.place(source, url) == expected


def test_settings_without_a_source() -> None:
    """Where the inbox is all there is, no sources are counted, and no empty table stands under a heading."""
    found = morning(whole(new=[news()]), "Acme", "exit 0")
    assert "sources read" not in found.verdict
    assert [section.name for section in found.sections if section.name == "coverage"] == []
    assert morning(whole(), "Acme", "exit 0").verdict == "Nothing new."
