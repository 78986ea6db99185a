"""Figures as a reader understands them, and the documents for lists."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from tests.report.test_plain import HOSTILE

from repwatch.models import SourceInfo
from repwatch.pipeline.importing import FileResult
from repwatch.report import figures, listing
from repwatch.report.document import Cell, Document, text_of
from repwatch.report.plain import to_csv, to_markdown
from repwatch.report.terminal import to_terminal
from repwatch.wording import use


def figure(value: float | None, low: float | None = None, high: float | None = None, n: int = 9) -> dict[str, Any]:
    return {"value": value, "n": n, "low": low, "high": high}


def table(document: Document) -> list[list[str]]:
    return [[text_of(cell) for cell in row] for row in document.sections[0].rows]


@pytest.mark.parametrize(
    ("given_", "expected"),
    [(figure(None), Cell("–", "dim")), (figure(3.6), Cell("3.6")), (figure(3.64, 3.2, 4.0), Cell("3.6 (3.2 to 4.0)")), (figure(3.0, None, 4.0), Cell("3.0")), (figure(3.0, 2.0), Cell("3.0"))],
)
def test_a_rating(given_: dict[str, Any], expected: Cell) -> None:
    """One digit, the interval where there is one, a dash without ratings."""
    assert expected == figures.rating(given_)


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        (figure(None), Cell("–", "dim")), (figure(0.24, -0.08, 0.51), Cell("+24 (-8 to +51)")), (figure(0.6, 0.17, 0.84), Cell("+60 (+17 to +84)", "good")),
        (figure(-0.6, -0.84, -0.17), Cell("-60 (-84 to -17)", "bad")), (figure(0.5), Cell("+50")), (figure(0.0, 0.0, 0.0), Cell("0 (0 to 0)")),
    ],
)  # fmt: skip
def test_a_balance(given_: dict[str, Any], expected: Cell) -> None:
    """In points with its sign; coloured only where the whole interval lies on one side of zero."""
    assert expected == figures.balance(given_)


@pytest.mark.parametrize(("value", "expected"), [(None, "–"), (0.0, "0 %"), (0.625, "62 %"), (1.0, "100 %")])
def test_a_share(value: float | None, expected: str) -> None:
    """Whole percent."""
    assert expected == figures.share(value)


@pytest.mark.parametrize(("instant", "expected"), [(None, "–"), ("", "–"), ("2026-03", "2026-03"), ("2026-03-31T10:00:00Z", "2026-03-31")])
def test_a_day(instant: str | None, expected: str) -> None:
    """The date of an instant, no more than is known."""
    assert expected == figures.day(instant)


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ({}, "nothing"), ({"review": 1}, "1 review"), ({"profile": 1, "review": 10}, "10 reviews, 1 profile"), ({"salary": 2, "mention": 2}, "2 mentions, 2 salaries"),
        ({"interview": 3, "no_results": 2}, "3 interviews, 2 no_results"),
    ],
)  # fmt: skip
def test_counts_in_words(types: dict[str, int], expected: str) -> None:
    """Most first, singular and plural."""
    assert expected == listing.counted(types)


@pytest.mark.parametrize(
    ("name", "tone"), [("read", "good"), ("partly", "warn"), ("refused", "bad"), ("failed", "bad"), ("stale", "warn"), ("skipped", "dim"), ("–", "")]
)
def test_a_state_has_its_tone(name: str, tone: str) -> None:
    """Read is green, refused red."""
    assert Cell(name, tone) == listing.state(name)  # type: ignore[arg-type]


def test_parsed_to_the_last_character() -> None:
    """One line a file: what it is, what it holds, and why not."""
    files = [("a.html", "glassdoor", "read", (), [{"type": "review"}, {"type": "review"}, {"type": "profile"}, {"type": "problem"}]), ("b.html", "–", "refused", ("a login page",), [{"type": "refused"}])]
    data = [{"type": "review"}]
    found = listing.parsed(files, data)
    assert ("parse", data) == (found.command, found.data)
    expected = """\
# 1 of 2 files read

| File | Source | State | Holds | Why |
| --- | --- | --- | --- | --- |
| a.html | glassdoor | read | 2 reviews, 1 profile |  |
| b.html | – | refused | nothing | a login page |
"""
    assert expected == to_markdown(found)


def test_imported_to_the_last_character() -> None:
    """What is new and changed in each file, and how to take it back."""
    results = [
        FileResult(Path("x/a.html"), "glassdoor", ("Acme",), "read", "", Counter(review=2), 2, 1, 0),
        FileResult(Path("x/b.html"), None, (), "failed", "empty", Counter()),
    ]
    found = listing.imported(7, results)
    expected = """\
section,File,Source,State,Holds,New,Changed,Why
files,a.html,glassdoor,read,2 reviews,2,1,
files,b.html,–,failed,nothing,0,0,the page is empty
"""
    assert expected == to_csv(found)
    assert (found.command, found.title, found.closing) == ("import", "1 of 2 files read, 2 new", "To take this import back: repwatch import --undo 7")
    assert {"file": str(Path("x/a.html")), "source": "glassdoor", "state": "read", "reason": "", "employers": ["Acme"], "types": {"review": 2}, "new": 2, "revised": 1, "problems": 0, "said": [], "notes": []} == found.data["files"][0]
    assert found.data["run"] == 7


def test_an_import_taken_back() -> None:
    """A sentence and its figures."""
    assert Document("import", "Import 7 was taken back: 3 items removed.", (), {"run": 7, "removed": 3}) == listing.undone(7, 3)


def mention(**more: Any) -> dict[str, Any]:
    return {"id": 1, "score": None, "rating": None, "rating_scale": 5, "published": None, "source": "hackernews", "lang": None, **more}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (mention(), ["1", "–", "hackernews", "–", "unscored", "", ""]),
        (mention(score={}), ["1", "–", "hackernews", "–", "unscored", "", ""]),
        (
            mention(score={"label": "mixed"}, rating=3.5, published="2026-03-01T10:00Z", lang="nl", title="T", pros="good", cons="bad"),
            ["1", "2026-03-01", "hackernews", "nl", "mixed", "3.5/5", "T · + good · - bad"],
        ),
        (mention(rating=8.0, rating_scale=10, text="a\nb", body="c", process="d"), ["1", "–", "hackernews", "–", "unscored", "8/10", "a b · c · d"]),
        (mention(text="x" * 200), ["1", "–", "hackernews", "–", "unscored", "", "x" * 159 + "…"]),
        (mention(rating=0), ["1", "–", "hackernews", "–", "unscored", "0/5", ""]),
    ],
)
def test_a_line_of_mentions(row: dict[str, Any], expected: list[str]) -> None:
    """Id, date, source, language, sentiment, stars, and the text on one line."""
    found = listing.mentions([row], " since May")
    assert [expected] == table(found)
    assert ("1 review or mention since May", [row]) == (found.title, found.data)


@pytest.mark.parametrize(("label", "tone"), [("positive", "good"), ("negative", "bad"), ("mixed", "warn"), ("neutral", "")])
def test_sentiment_has_its_tone(label: str, tone: str) -> None:
    """Good is green, bad red, mixed yellow, the rest plain."""
    assert Cell(label, tone) == listing.mentions([mention(score={"label": label})], "").sections[0].rows[0][4]  # type: ignore[arg-type]


def test_sources() -> None:
    """Each source with its state in the last check; the marks stay inside."""
    info = SourceInfo(name="glassdoor", title="Glassdoor", marks=(b"x",), door="saved", terms="no programs", verified="2026-01-01")
    other = info.model_copy(update={"name": "feed"})
    found = listing.sources(iter([info, other]), {"glassdoor": "refused"})
    assert table(found) == [["glassdoor", "Glassdoor", "saved", "refused", "no programs"], ["feed", "Glassdoor", "saved", "–", "no programs"]]
    assert [each["last_state"] for each in found.data] == ["refused", None]
    assert "marks" not in found.data[0]
    assert found.title == "2 sources"


def test_checks() -> None:
    """The doctor's findings in their tones."""
    found = listing.checks("All well", [("disk", "ok", "9 GB", ""), ("key", "wrong", "none", "set it"), ("net", "odd", "", "")], {"x": 1})
    assert [Cell("ok", "good"), Cell("wrong", "bad"), Cell("odd", "")] == [row[1] for row in found.sections[0].rows]
    assert (found.command, found.title, found.data) == ("doctor", "All well", {"x": 1})


@given(HOSTILE, HOSTILE)
def test_hostile_mentions_pass_harmlessly(text: str, name: str) -> None:
    """A mention's text, source and author's words reach every form without an order in them."""
    found = listing.mentions([mention(text=text, title=name, source=name)], "")
    shown = to_terminal(found, width=80, colour=False)
    assert not set("\x1b\x9b\x07\u202e\u2066\ud800\x00") & set(shown)
    for form in (shown, to_markdown(found), to_csv(found), to_csv(found, "excel")):
        form.encode()


@pytest.mark.parametrize(("language", "one", "many"), [("en", "1 star", "1.5 stars"), ("fr", "1 étoile", "1.5 étoiles"), ("nl", "1 ster", "1.5 sterren"), ("de", "1 Stern", "1.5 Sterne")])
def test_one_star_is_no_plural(language: str, one: str, many: str) -> None:
    """The stars on which a verdict rests are counted as each language counts."""
    row = {"id": 1, "published": None, "source": "indeed", "title": "Fine", "rating_scale": 5, "score": {"label": "negative", "evidence": []}}
    use(language)
    try:
        told = [table(listing.mentions([row | {"rating": stars}], "", why=True))[0][-1] for stars in (1.0, 1.5)]
    finally:
        use("en")
    assert told == [one, many]
