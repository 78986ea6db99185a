"""The query language: it reads what it writes, judges as a naive reader would, and asks sources for no less than was meant."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repwatch import sources
from repwatch.errors import UsageError
from repwatch.models import SourceInfo
from repwatch.text.asking import MOST, asks, explain
from repwatch.text.query import (
    And,
    Field,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Said,
    Word,
    all_of,
    any_of,
    fix,
    judge,
    reason,
    spans,
    terms_of,
    words_of,
)
from repwatch.text.syntax import parse_query

WORDS = ("acme", "Zenith", "grève", "staking", "pay", "R&D", "A.C.M.E.", "straße", "or", "near")
words = st.builds(Word, st.sampled_from(WORDS), prefix=st.booleans())
phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(lambda some: Phrase(" ".join(some)))
terms = words | phrases
fields = st.sampled_from([Field("site", "lesoir.be"), Field("site", "be"), Field("lang", "fr"), Field("kind", "post"), Field("source", "feed")])
nears = st.builds(Near, st.lists(terms, min_size=2, max_size=3).map(tuple), st.integers(0, 12))
queries = st.recursive(terms | fields | nears, lambda part: part.map(Not) | st.lists(part, min_size=2, max_size=3).map(all_of) | st.lists(part, min_size=2, max_size=3).map(any_of), max_leaves=8)
texts = st.lists(st.sampled_from(["acme", "ACME", "zenith", "greve", "Grève", "stakingen", "pay", "payday", "r", "d", "R&D", "a c m e", "strasse", "near", "x", "#AcmePay", "—"]), max_size=12).map(" ".join)
saids = st.builds(lambda title, text, url, lang, kind: ((title, text), {"url": url, "lang": lang, "kind": kind, "source": "feed"}), texts, texts,
                  st.sampled_from(["https://www.lesoir.be/a", "https://sport.lesoir.be", "https://notlesoir.be", None]), st.sampled_from(["fr", "nl"]), st.sampled_from(["post", "article"]))  # fmt: skip


def said(text: str, title: str | None = None, **more: object) -> Said:
    return Said((title, text), **more)  # type: ignore[arg-type]


@settings(deadline=None)  # the first query loads the parser
@given(queries)
def test_a_query_is_read_as_it_is_written(query: Query) -> None:
    """What is written of a query reads as the same query."""
    assert parse_query(str(query)) == query


def naive(query: Query, parts: tuple[str, str], about: dict[str, str | None]) -> bool:
    """Judge a query the slow way: every window of words is compared, one after the other."""
    lines = [re.findall(r"#?\w+", fold(part)) for part in parts]
    match query:
        case Not(part):
            return not naive(part, parts, about)
        case And(several):
            return all(naive(each, parts, about) for each in several)
        case Or(several):
            return any(naive(each, parts, about) for each in several)
        case Field("site", value):
            host = re.sub(r"^https://(www\.)?|/.*", "", about["url"] or "")
            return bool(host) and f".{host}".endswith(f".{value}")
        case Field(name, value):
            return about[name] == value
        case Near(several, distance):
            line = [*lines[0], "\0", *lines[1]]
            return any(all(any(stands(term, line, place) and place + length(term, line[place]) <= start + distance + 1 for place in range(start, len(line))) for term in several)
                       for start in range(len(line)))  # fmt: skip
        case _:
            return any(stands(query, line, place) for line in lines for place in range(len(line)))


def fold(text: str) -> str:
    from repwatch.text.clean import fold as folded

    return folded(text)


def length(term: Word | Phrase, first: str) -> int:
    wanted = words_of(term)
    return 1 if first == "#" + "".join(wanted) else len(wanted)


def stands(term: Word | Phrase, line: list[str], place: int) -> bool:
    wanted = words_of(term)
    beginning = isinstance(term, Word) and term.prefix
    if len(wanted) > 1 and not beginning and line[place] == "#" + "".join(wanted):
        return True
    there = [word.lstrip("#") for word in line[place : place + len(wanted)]]
    if beginning and len(there) == len(wanted):
        return there[:-1] == wanted[:-1] and there[-1].startswith(wanted[-1])
    return there == wanted


@given(queries, saids)
def test_judging_agrees_with_a_naive_reader(query: Query, told: tuple[tuple[str, str], dict[str, str | None]]) -> None:
    """The index of words gives the verdict that comparing every window gives."""
    parts, about = told
    assert naive(query, parts, about) is judge(query, Said(parts, **about))  # type: ignore[arg-type]


@given(queries, queries, saids, st.booleans())
def test_de_morgan(one: Query, other: Query, told: tuple[tuple[str, str], dict[str, str | None]], whole: bool) -> None:
    """NOT (a AND b) is NOT a OR NOT b, also where a text is known in part only."""
    parts, about = told
    text = Said(parts, **about, whole=whole)  # type: ignore[arg-type]
    assert judge(Not(all_of([one, other])), text) is judge(any_of([Not(one), Not(other)]), text)
    assert judge(Not(any_of([one, other])), text) is judge(all_of([Not(one), Not(other)]), text)


@given(queries, saids, texts)
def test_a_part_never_says_what_the_whole_denies(query: Query, told: tuple[tuple[str, str], dict[str, str | None]], more: str) -> None:
    """A verdict on a title alone holds for the whole text, or is None."""
    parts, about = told
    part = judge(query, Said(parts, **about, whole=False))  # type: ignore[arg-type]
    whole = judge(query, Said((*parts, more), **about))  # type: ignore[arg-type]
    assert part in (None, whole)


@given(queries, saids)
def test_fixing_the_source_changes_no_verdict(query: Query, told: tuple[tuple[str, str], dict[str, str | None]]) -> None:
    """What is left of a query once its source is known judges as the whole did."""
    parts, about = told
    text = Said(parts, **about)  # type: ignore[arg-type]
    left = fix(query, {"source": "feed"})
    assert (left if isinstance(left, bool) else judge(left, text)) is judge(query, text)
    assert reason(query, text)


def answers(target: str, info: SourceInfo, text: Said) -> bool:
    """Judge a text as the search of a source would, by what it is asked."""
    plain = re.sub(r" ?sourcelang:\w+", "", target)
    if info.search != "boolean" and '"' not in plain:
        return bool(spans(Phrase(plain), text))
    return judge(parse_query(plain if '"' in plain else f'"{plain}"'), text) is True


@pytest.mark.parametrize("search", ["words", "boolean", "phrase", "hashtag"])
@settings(deadline=None)  # the first query loads the parser
@given(query=queries, told=saids)
def test_a_source_is_asked_for_no_less_than_was_meant(search: str, query: Query, told: tuple[tuple[str, str], dict[str, str | None]]) -> None:
    """Whatever fits the query is among the answers to what a source is asked, in few searches."""
    info = SourceInfo(name="feed", title="Feed", door="x", terms="x", verified="x", target="query", search=search)  # type: ignore[arg-type]
    parts, about = told
    text = Said(parts, **about)  # type: ignore[arg-type]
    try:
        targets = asks(query, info)
    except UsageError:
        return
    assert len(targets) <= max(MOST, len(terms_of(query)))
    if judge(query, text):
        assert any(answers(target, info, text) for target in targets)
    assert explain(query, info)


@pytest.mark.parametrize(("text", "source", "targets"), [
    ('"Acme Belgium"', "hackernews", ("Acme Belgium",)), ("acme strike", "hackernews", ('"acme" "strike"',)), ("acme OR zenith", "hackernews", ("acme", "zenith")),
    ("acme OR zenith", "gdelt", ('("acme" OR "zenith")',)), ("acme lang:fr", "gdelt", ('"acme" sourcelang:french',)), ("acme (pay OR strike)", "gdelt", ('"acme" ("pay" OR "strike")',)),
    ("acme strik*", "bluesky", ("acme",)), ("acme NOT records", "reddit", ("acme",)), ('"Acme Jobs" pay', "mastodon", ("Acme Jobs",)), ("near:3(acme strike)", "github", ('"acme" "strike"',)),
    ("acme source:gdelt", "hackernews", ()), ("acme NOT source:gdelt", "gdelt", ()), ("acme OR (acme pay)", "lemmy", ("acme",)),
    ("(a1 OR b1 OR c1) (d1 OR e1 OR f1)", "hackernews", ("a1", "b1", "c1")),
])  # fmt: skip
def test_what_a_source_is_asked(text: str, source: str, targets: tuple[str, ...]) -> None:
    """Each source gets what its search understands."""
    assert targets == asks(parse_query(text), sources.load(source).INFO)


def test_a_long_query_is_cut_for_gdelt() -> None:
    """GDELT takes no long queries: a long one becomes several, each with the language."""
    text = " OR ".join(f'"a very long name of a firm number {number}"' for number in range(8))
    targets = asks(parse_query(f"({text}) lang:nl"), sources.load("gdelt").INFO)
    assert [len(targets), {target.endswith("sourcelang:dutch") for target in targets}, max(map(len, targets)) < 250] == [8, {True}, True]


def test_many_ways_are_asked_for_by_what_they_share() -> None:
    """A query with hundreds of combinations is asked for by a few terms."""
    text = " ".join("(" + " OR ".join(f"w{row}x{column}" for column in range(4)) + ")" for row in range(5))
    assert asks(parse_query(text), sources.load("hackernews").INFO) == ("w0x0", "w0x1", "w0x2", "w0x3")


@pytest.mark.parametrize("text", ["strik*", "NOT acme", "site:lesoir.be", "source:hackernews", "acme OR lang:fr", "near:3(a* b*)"])
def test_everything_cannot_be_asked_for(text: str) -> None:
    """A query without a word that every hit holds is refused for a search."""
    with pytest.raises(UsageError, match="cannot be asked") as caught:
        asks(parse_query(text), sources.load("hackernews").INFO)
    assert "whole words" in caught.value.hint


@pytest.mark.parametrize("text", ["“Acme strike” AND pay", "„Acme strike“ AND pay", "« Acme strike » AND pay"])
def test_quotation_marks_of_word_processors(text: str) -> None:
    """A phrase is one in whatever quotation marks a keyboard or a word processor gives."""
    assert parse_query('"Acme strike" AND pay') == parse_query(text)


@pytest.mark.parametrize(("text", "column", "message"), [
    ("Acme NEAR/3 pay", 6, "NEAR/3 cannot stand here"), ("“Acme", 1, "a quotation mark was opened and not closed"),
    ("acme AND", 9, "ends where a word should follow"), ("(acme", 6, "not closed"), ("acme)", 5, "not opened"), ('a "b', 3, "quotation mark"), ("a OR OR b", 6, "cannot stand here"),
    ("author:x", 1, "no field author:"), ("a type:post", 3, "no field type:"), ("lang:french", 6, "no language"), ("kind:foo", 6, "no kind"), ("site:a/b", 6, "no site"),
    ("source:fed", 8, "knows no source"), ("9:30", 2, "colon"), ("a *", 3, "no letter"), ("x y*z", 4, "a star stands only at the end"), ("near:(acme)", 1, "two words"), ("lang:", 6, "ends where"),
    ("near:3 acme", 8, "cannot stand"), ("NOT", 4, "ends where"), ("()", 2, "nothing stands in it"), ('a  "…"', 4, "no letter"),
])  # fmt: skip
def test_an_error_points_at_its_column(text: str, column: int, message: str) -> None:
    """A wrong query is answered with the column, the query, and a mark beneath it."""
    with pytest.raises(UsageError, match=rf"^column {column} of the query: ") as caught:
        parse_query(text, sources.names())
    first, shown, mark = caught.value.message.split("\n")
    assert message in first
    assert (shown, mark) == (text, "-" * (column - 1) + "^")


@pytest.mark.parametrize("text", ["", "  \n", "a " * 1500, "(" * 61 + "a" + ")" * 61, "NOT " * 61 + "a"])
def test_empty_and_endless_queries(text: str) -> None:
    """An empty query, and one that nobody means, are refused before they are read."""
    with pytest.raises(UsageError, match="the query is"):
        parse_query(text)


@settings(deadline=None)  # the first query loads the parser
@given(st.text(max_size=40) | st.lists(st.sampled_from(["a", "AND", "OR", "NOT", "(", ")", '"', ":", "*", "near:", "site:", "lang:fr", " "]), max_size=12).map("".join))
def test_any_text_is_a_query_or_an_error(text: str) -> None:
    """Nothing that is typed is a crash: it reads as what it writes, or is refused with a reason."""
    try:
        query = parse_query(text)
    except UsageError:
        return
    assert parse_query(str(query)) == query


def test_a_long_line_is_shown_around_the_fault() -> None:
    """In a long query the mark stands in what is shown."""
    with pytest.raises(UsageError) as caught:
        parse_query("acme " * 60 + "foo:bar")
    assert caught.value.message.split("\n")[1:] == [("acme " * 60)[240:300] + "foo:bar", "-" * 60 + "^"]


@pytest.mark.parametrize(("query", "text", "why"), [
    ("acme strike", "acme sells", "strike is not there"), ("acme OR zenith", "zenith", "zenith is there"), ("acme NOT pay", "acme pay", "pay is there"),
    ("acme lang:fr", "acme", "lang is nl"), ("acme site:tijd.be", "acme", "site is lesoir.be"), ("acme OR zenith", "x", "acme is not there; zenith is not there"), ("NOT acme", "x", "acme is not there"),
])  # fmt: skip
def test_the_reason(query: str, text: str, why: str) -> None:
    """A miss is explained by the part that failed, a hit by the part that was found."""
    assert why == reason(parse_query(query), said(text, lang="nl", url="https://www.lesoir.be/1"))


def test_the_reason_where_a_text_is_cut() -> None:
    """What is not in a title may be in the text."""
    assert reason(parse_query("acme"), said("x", whole=False)) == "acme is not in what is shown"
    assert reason(parse_query("site:a.b"), said("x", url="http://[")) == "site is not known"
