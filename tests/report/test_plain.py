"""JSON, CSV and Markdown, to the last character; hostile text passes harmlessly."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from repwatch import __version__
from repwatch.report.document import Cell, Document, Section, text_of
from repwatch.report.plain import envelope, to_csv, to_markdown
from repwatch.text.clean import clean

LONG = "A long text that goes on and on until it is wider than the eighty columns of a terminal, and is folded."
REPORT = Document(
    "report",
    "Employer reputation · May",
    (
        Section(
            "figures", "Figures", ("Source", "New", "Rating"), (("glassdoor", "12", Cell("3.6 (3.2 to 4.0)")), ("all", "1", Cell("–", "dim"))),
            before=("Before it.",), after=("3 more: repwatch mentions",), numbers=frozenset({1, 2}),
        ),
        Section("empty", "Empty", ("A", "B")),
        Section("not_seen", "Not seen", before=("kununu: nothing.",)),
        Section("texts", "", ("Id", "Text"), (("1", Cell(LONG, "bad")), ("2", "Zweiter; Satz")), numbers=frozenset({0})),
    ),
    {"a": 1, "é": None},
    verdict="All is well.",
    closing="The end.",
)  # fmt: skip
HOSTILE = st.text(st.characters(), max_size=60) | st.lists(
    st.sampled_from(["[/x]", "[bold]", "\x1b[31m", "\x1b]8;;http://e\x07", "=cmd()", "+1", "-1", "@SUM(A1)", "|", "\n", "\r", "\t", "\u202e", "\u2066", "\ud800", "\x00", "\x9b",
                     "`", "<script>", "![x](y)", "\\", '"', ";", ",", "#", ":smile:", "漢字", "👩‍👩‍👧", "a" * 90, " ", "\u2028", "e\u0301"]), max_size=8).map("".join)  # fmt: skip


def of(*texts: str) -> Document:
    """A document with each of `texts` in each place where a text can stand."""
    first = texts[0]
    rows = tuple((Cell(text, "bad"), text) for text in texts)
    section = Section("s", first, ("Left", "Right"), rows, before=(first,), after=(first,), numbers=frozenset({1}))
    return Document("x", first, (section,), {"text": first}, verdict=first, closing=first)


def test_csv_to_the_last_character() -> None:
    """Commas, line feeds, an empty line between tables, the section in the first column."""
    expected = f"""\
section,Source,New,Rating
figures,glassdoor,12,3.6 (3.2 to 4.0)
figures,all,1,–

section,A,B

section,Id,Text
texts,1,"{LONG}"
texts,2,Zweiter; Satz
"""
    assert expected == to_csv(REPORT)


def test_csv_for_excel_to_the_last_character() -> None:
    """A byte order mark, semicolons, CRLF: what a European Excel opens with a double click."""
    expected = (
        "\ufeffsection;Source;New;Rating\r\nfigures;glassdoor;12;3.6 (3.2 to 4.0)\r\nfigures;all;1;–\r\n\r\nsection;A;B\r\n\r\n"
        f'section;Id;Text\r\ntexts;1;{LONG}\r\ntexts;2;"Zweiter; Satz"\r\n'
    )
    assert expected == to_csv(REPORT, "excel")


def test_markdown_to_the_last_character() -> None:
    """Headings, pipe tables with numbers flush right, sentences before and after."""
    expected = f"""\
# Employer reputation · May

All is well.

## Figures

Before it.

| Source | New | Rating |
| --- | ---: | ---: |
| glassdoor | 12 | 3.6 (3.2 to 4.0) |
| all | 1 | – |

3 more: repwatch mentions

## Empty

| A | B |
| --- | --- |

## Not seen

kununu: nothing.

| Id | Text |
| ---: | --- |
| 1 | {LONG} |
| 2 | Zweiter; Satz |

The end.
"""
    assert expected == to_markdown(REPORT)


def test_the_envelope_to_the_last_character() -> None:
    """The version of the program, the command, the status, the data, the errors, and what is beside them."""
    expected = f"""\
{{
  "repwatch": "{__version__}",
  "command": "report",
  "status": "partial",
  "data": {{
    "a": 1,
    "é": null
  }},
  "errors": [
    {{
      "message": "x"
    }}
  ],
  "meta": {{
    "run": 1
  }}
}}
"""
    assert expected == envelope("report", REPORT.data, status="partial", errors=[{"message": "x"}], meta={"run": 1})


def test_the_envelope_by_default() -> None:
    """Success, no errors, nothing beside."""
    expected = {"repwatch": __version__, "command": "x", "status": "success", "data": [], "errors": [], "meta": {}}
    assert expected == json.loads(envelope("x", []))


def test_nothing_but_a_title() -> None:
    """A document without sections is its title; its CSV is empty."""
    bare = Document("x", "Done", (), None)
    assert (to_csv(bare), to_csv(bare, "excel"), to_markdown(bare)) == ("", "\ufeff", "# Done\n")


def test_cells_and_plain_texts_are_alike() -> None:
    """The text of a cell is its text."""
    assert (text_of("a"), text_of(Cell("a", "good"))) == ("a", "a")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=cmd()", "'=cmd()"), ("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("-1+1", "'-1+1"), ("+x", "'+x"), ("\t=1", "'=1"), ("\r=1", "'=1"),
        ("\x00=1", "'=1"), ("\u202e=1", "'=1"), ("\ufeff=1", "'=1"), ("-", "'-"), ("-5", "-5"), ("+3,5", "+3,5"), ("-0.25", "-0.25"), ("+24 (-8 to +51)", "'+24 (-8 to +51)"),
        ("a=b", "a=b"), ("", ""), ("\x1b[31mred", "[31mred"), ("[/x]", "[/x]"), ("a|b", "a|b"),
    ],
)  # fmt: skip
def test_a_spreadsheet_reads_no_formula(text: str, expected: str) -> None:
    """What a spreadsheet would compute is quoted; numbers stay numbers."""
    assert [["section", "Left", "Right"], ["s", expected, expected]] == list(csv.reader(io.StringIO(to_csv(of(text)))))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a|b", r"a\|b"), ("[x](javascript:y)", r"\[x\](javascript:y)"), ("<script>", r"\<script\>"), ("`c` *d* _e_ #f", r"\`c\` \*d\* \_e\_ \#f"),
        ("\\|", r"\\\|"), ("a\n\nb\n| c", r"a b \| c"), ("\x1b[31m\u202ered", r"\[31mred"),
    ],
)  # fmt: skip
def test_markdown_takes_no_orders(text: str, expected: str) -> None:
    """No text from outside becomes a link, a tag, a heading or a column."""
    assert f"# {expected}\n\n{expected}\n\n## {expected}\n\n{expected}\n\n| Left | Right |\n| --- | ---: |\n| {expected} | {expected} |\n\n{expected}\n\n{expected}\n" == to_markdown(of(text))


@given(st.lists(HOSTILE, min_size=1, max_size=4), st.sampled_from(["plain", "excel"]))
@example(["=cmd|' /C calc'!A0"], "excel")
def test_any_text_makes_a_table_of_its_shape(texts: list[str], dialect: str) -> None:
    """Every row has its cells, no cell begins as a formula, and it can be written in UTF-8."""
    found = to_csv(of(*texts), dialect)
    found.encode()
    rows = list(csv.reader(io.StringIO(found.removeprefix("\ufeff"), newline=""), delimiter=";" if dialect == "excel" else ","))
    assert [3] * (len(texts) + 1) == [len(row) for row in rows]
    for text, row in zip(texts, rows[1:], strict=True):
        # An Excel that speaks French reads 3.6 with a comma.
        assert clean(text) in (row[1].removeprefix("'"), row[1], row[1].replace(",", "."))
        assert not row[1].startswith(("=", "@", "\t", "\r"))


@given(st.lists(HOSTILE, min_size=1, max_size=4))
def test_any_text_keeps_the_lines_of_markdown(texts: list[str]) -> None:
    """A text never adds a line or a column."""
    found = to_markdown(of(*texts))
    found.encode()
    table = [line for line in found.split("\n") if line.startswith("| ")]
    assert len(texts) + 2 == len(table)
    assert {3} == {line.replace("\\\\", "").replace("\\|", "").count("|") for line in table}


@given(HOSTILE)
def test_any_text_is_carried_whole_by_json(text: str) -> None:
    """JSON gives back what it was given, and the envelope can be written in UTF-8, surrogates and all."""
    found = envelope("x", {"text": text}, errors=[{"message": text}])
    found.encode()
    assert text.encode("utf-16-le", "surrogatepass") == json.loads(found)["data"]["text"].encode("utf-16-le", "surrogatepass")
    assert "\x1b" not in found
