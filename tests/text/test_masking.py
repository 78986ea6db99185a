"""Masking measured on a hand-made set in four languages, and the properties that hold for every text."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repwatch.models import Employer
from repwatch.text.masking import KINDS, Masker, masker_for

_MARK = re.compile(r"\{([A-Z_]+):([^{}]*)\}")
MASKER = Masker()


class Line(NamedTuple):
    lang: str
    text: str
    masked: str
    wanted: Counter[str]


def lines() -> list[Line]:
    """Return the set: what a person wrote, what should come out, and how many identifiers of each kind."""
    raw = Path(__file__).with_name("masking.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t", 1) for line in raw if not line.startswith("#"))
    return [Line(lang, _MARK.sub(r"\2", text), _MARK.sub(r"<\1>", text), Counter(kind for kind, _ in _MARK.findall(text))) for lang, text in rows]


def measure() -> dict[str, tuple[int, int, int, int]]:
    """Return, for each language and "all": identifiers masked as they should be, identifiers, lines with a false alarm, lines."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for line in lines():
        told = MASKER.mask(line.text)
        hits = sum(line.wanted.values()) if told == line.masked else _common(told, line)
        false = sum((Counter(re.findall(r"<([A-Z_]+)>", told)) - line.wanted).values()) > 0
        for key in (line.lang, "all"):
            counts[key] = [a + b for a, b in zip(counts[key], (hits, sum(line.wanted.values()), false, 1), strict=True)]
    return {key: tuple(value) for key, value in counts.items()}  # type: ignore[misc]  # four each


def _common(told: str, line: Line) -> int:
    """Count the identifiers of a line that went wrong which were masked nevertheless."""
    values = [(kind, value) for kind, value in _MARK.findall(_source(line))]
    return sum(f"<{kind}>" in told and value not in told for kind, value in values)


def _source(line: Line) -> str:
    raw = Path(__file__).with_name("masking.tsv").read_text("utf-8").splitlines()
    return next(text for text in raw if _MARK.sub(r"\2", text.split("\t", 1)[-1]) == line.text)


def test_the_set_is_large_enough() -> None:
    """At least 400 lines, 90 a language, every kind in every language."""
    found = lines()
    assert len(found) >= 400
    assert len({line.text for line in found}) == len(found)
    for lang in ("nl", "fr", "de", "en"):
        ours = [line for line in found if line.lang == lang]
        assert len(ours) >= 90
        assert set(KINDS) == set(sum((line.wanted for line in ours), Counter()))


def test_recall_and_false_alarms() -> None:
    """At least 98 % of the identifiers are masked as their kind, at most 1 % of the lines have a false alarm, in each language."""
    for lang, (hits, wanted, false, count) in measure().items():
        assert (lang, hits / wanted >= 0.98, false / count <= 0.01) == (lang, True, True), (hits, wanted, false, count)


@pytest.mark.parametrize("line", [line for line in lines() if line.wanted], ids=lambda line: line.text[:40])
def test_nothing_else_changes(line: Line) -> None:
    """Where identifiers are masked, the rest of the line is as it was."""
    assert line.masked == MASKER.mask(line.text)
