"""What a terminal shows, at 80 columns and without colour to the last character."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import TextIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from tests.report.test_plain import HOSTILE, REPORT, of

from repwatch.report.document import Cell, Document, Section
from repwatch.report.terminal import to_terminal

WIDE = Document("x", "T", (Section("s", "", ("A",), (("w " * 300,),)),), None)
CONTROLS = set("\x00\x07\x08\x0b\x0c\r\x1b\x7f\x85\x9b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ud800\udfff")


def test_80_columns_without_colour_to_the_last_character() -> None:
    """Title, verdict, tables folded at 80 columns, no space at a line's end."""
    expected = """\
Employer reputation · May
All is well.

Figures
Before it.
Source     New            Rating
────────────────────────────────
glassdoor   12  3.6 (3.2 to 4.0)
all          1                 –
3 more: repwatch mentions

Empty

Not seen
kununu: nothing.

Id  Text
────────────────────────────────────────────────────────────────────────────────
 1  A long text that goes on and on until it is wider than the eighty columns of
    a terminal, and is folded.
 2  Zweiter; Satz

The end.
"""
    assert expected == to_terminal(REPORT, width=80, colour=False)


@pytest.mark.parametrize(("tone", "code"), [("good", "32"), ("bad", "31"), ("warn", "33"), ("dim", "2")])
def test_each_tone_has_its_colour(tone: str, code: str) -> None:
    """Green, red, yellow and grey."""
    document = Document("x", "T", (Section("s", "", ("A",), ((Cell("mood", tone),),)),), None)  # type: ignore[arg-type]
    assert f"\x1b[{code}mmood\x1b[0m" in to_terminal(document, width=80, colour=True)
    assert "\x1b" not in to_terminal(document, width=80, colour=False)


def test_nothing_but_a_title() -> None:
    """A document without sections is one line."""
    assert to_terminal(Document("x", "Done", (), None), width=80, colour=False) == "Done\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[/x] [bold]b[/bold] :smile:", "[/x] [bold]b[/bold] :smile:"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x1b]8;;http://e\x07link", "]8;;http://elink"),
        ("\u202eabc\u2066", "abc"),
        ("a|b =cmd()", "a|b =cmd()"),
    ],
)
def test_text_from_outside_gives_no_orders(text: str, shown: str) -> None:
    """No markup, no escape sequence, no change of direction."""
    found = to_terminal(of(text), width=80, colour=False)
    assert [shown, shown, "", shown, shown] == found.splitlines()[:5]
    assert [shown, "", shown] == found.splitlines()[-3:]
    assert not CONTROLS & set(found)


@given(st.lists(HOSTILE, min_size=1, max_size=3), st.sampled_from([60, 80, 140]))
def test_any_text_stays_within_the_width(texts: list[str], width: int) -> None:
    """Whatever comes in: no control character goes out, no line is wider than the terminal, none ends in a space."""
    found = to_terminal(of(*texts), width=width, colour=False)
    found.encode()
    assert not CONTROLS & set(found)
    assert all(cell_len(line) <= width and line == line.rstrip() for line in found.split("\n"))


@pytest.mark.parametrize(("asked", "got"), [(1, 60), (60, 60), (100, 100), (140, 140), (9999, 140)])
def test_the_width_has_bounds(asked: int, got: int) -> None:
    """Never narrower than 60 columns, never wider than 140."""
    assert got == max(line.count("─") for line in to_terminal(WIDE, width=asked, colour=False).splitlines())


@pytest.mark.parametrize("length", [10, 30, 31, 79, 80, 130, 300])
def test_a_long_name_hides_no_column(length: int) -> None:
    """A file's name of any length is folded; figures and reasons beside it stay whole."""
    row = ("f" * length, "1234", "a reason")
    found = to_terminal(Document("x", "T", (Section("s", "", ("File", "N", "Why"), (row,), numbers=frozenset({1})),), None), width=80, colour=False)
    assert length == found.count("f")
    assert "1234" in found
    assert [word for word in ("a", "reason") if word in found] == ["a", "reason"]


@pytest.mark.parametrize(("columns", "rule"), [("70", 70), ("10", 60), ("0", 100), ("many", 100), ("", 100), (None, 100)])
def test_columns_of_the_environment(columns: str | None, rule: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """COLUMNS decides where it is a number; without a terminal 100."""
    if columns is None:
        monkeypatch.delenv("COLUMNS", raising=False)
    else:
        monkeypatch.setenv("COLUMNS", columns)
    assert rule == max(line.count("─") for line in to_terminal(WIDE).splitlines())


@pytest.fixture
def screen() -> Iterator[TextIO]:
    """A real pseudo-terminal of 90 columns."""
    termios, fcntl, pty = pytest.importorskip("termios"), pytest.importorskip("fcntl"), pytest.importorskip("pty")
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, b"\x18\x00\x5a\x00\x00\x00\x00\x00")
    with open(slave, "w", encoding="utf-8") as out:  # noqa: PTH123 — a descriptor, not a path
        yield out
    os.close(master)


@pytest.mark.parametrize(("no_colour", "term", "coloured"), [("", "xterm", True), ("1", "xterm", False), ("", "dumb", False)])
def test_a_real_terminal(no_colour: str, term: str, coloured: bool, screen: TextIO, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal gives its width and takes colour, unless NO_COLOR or a dumb terminal says otherwise."""
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setenv("NO_COLOR", no_colour)
    monkeypatch.setenv("TERM", term)
    found = to_terminal(WIDE)
    assert coloured is ("\x1b[" in found)
    assert max(line.count("─") for line in found.splitlines()) == 90
