"""Labelled texts: the CSV that a spreadsheet saves, and lines of JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from repwatch.errors import UsageError
from repwatch.inlets.labelled import read


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("text,label\nGood pay,positive\n", [{"text": "Good pay", "label": "positive", "lang": "", "source": ""}]),
        ("\ufefftekst;sentiment;taal\nGoed loon;positief;nl\n", [{"text": "Goed loon", "label": "positive", "lang": "nl", "source": ""}]),
        ('label\ttexte\tsite\n-\t"Deux\nlignes"\tindeed\n\n', [{"text": "Deux\nlignes", "label": "negative", "lang": "", "source": "indeed"}]),
        ('{"text": "so so", "label": "mixed", "lang": "en"}\n\n', [{"text": "so so", "label": "mixed", "lang": "en", "source": ""}]),
        ("text,label\nshort,0\n", [{"text": "short", "label": "neutral", "lang": "", "source": ""}]),
    ],
)
def test_columns_and_labels_are_known_in_four_languages(tmp_path: Path, content: str, expected: list[dict[str, str]]) -> None:
    """Commas, semicolons, tabs, a byte order mark, line breaks in quotes, JSON lines."""
    path = tmp_path / "labelled.csv"
    path.write_text(content, "utf-8")
    assert list(read(path)) == expected


@pytest.mark.parametrize(
    ("content", "where", "message"),
    [
        ("words,label\na,positive\n", 1, "the first line names no `text` and `label`"),
        ("", 1, "the first line names no `text` and `label`"),
        ("text,label\na,positive\nb,great\n", 3, "'great' is no label"),
        ('{"text": "a", "label": "positive"}\n{"label": "positive"}\n', 2, "this line is no object with text and label"),
        ('{"text": "a"\n', 1, "this line is no object with text and label"),
    ],
)
def test_what_does_not_fit_is_told_with_its_line(tmp_path: Path, content: str, where: int, message: str) -> None:
    """A measure on half a file would be no measure."""
    path = tmp_path / "labelled.csv"
    path.write_text(content, "utf-8")
    with pytest.raises(UsageError) as caught:
        list(read(path))
    assert (caught.value.message, caught.value.where) == (message, f"{path}:{where}")
