"""Measure a scorer against labels that people gave: how often it is right, how well it knows, and where it is worst."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from repwatch.analysis.intervals import wilson

#: What a scorer may answer instead of a label.
OPEN = frozenset({"unclear", "unscored"})
_BINS = 10
#: Below this many texts a language is not called the worst: chance alone would name it.
_ENOUGH = 30


class Judged(NamedTuple):
    """A text that a person labelled, and what the scorer says of it: label, polarity -1..1, confidence 0..1."""

    truth: str
    label: str
    polarity: float
    confidence: float
    lang: str = ""
    source: str = ""

    @property
    def best(self) -> str:
        """Return the label, or where it is open the best estimate by the sign of the polarity."""
        if self.label not in OPEN:
            return self.label
        return "positive" if self.polarity > 0 else "negative" if self.polarity < 0 else "neutral"


def evaluate(judged: Sequence[Judged]) -> dict[str, Any]:
    """Return all figures of a scorer on labelled texts, over all and by language and source."""
    by_lang = _grouped(judged, lambda row: row.lang)
    measured = {lang: row["macro_f1"] for lang, row in by_lang.items() if row["n"] >= _ENOUGH and row["macro_f1"] is not None}
    return {
        **figures(judged),
        "confusion": confusion(judged),
        "unclear": cost_of_unclear(judged),
        "by_language": by_lang,
        "by_source": _grouped(judged, lambda row: row.source),
        "worst_language": min(measured, key=lambda lang: (measured[lang], lang)) if len(measured) > 1 else None,
    }


def _grouped(judged: Sequence[Judged], key: Callable[[Judged], str]) -> dict[str, dict[str, Any]]:
    groups: dict[str, list[Judged]] = {}
    for row in judged:
        groups.setdefault(key(row) or "unknown", []).append(row)
    return {name: figures(groups[name]) for name in sorted(groups)}


def figures(judged: Sequence[Judged]) -> dict[str, Any]:
    """Return n, what was answered, accuracy with its interval, macro-F1, two-class accuracy and calibration error."""
    answered = [row for row in judged if row.label not in OPEN]
    polar = [row for row in judged if row.truth in ("positive", "negative")]
    right = wilson(sum(row.label == row.truth for row in answered), len(answered))
    sides = wilson(sum((row.polarity > 0) == (row.truth == "positive") and row.polarity != 0 for row in polar), len(polar))
    return {"n": len(judged), "answered": len(answered), "accuracy": right._asdict(), "two_class": sides._asdict(), "macro_f1": macro_f1(judged),
            "calibration_error": calibration_error(answered)}  # fmt: skip


def macro_f1(judged: Sequence[Judged]) -> float | None:
    """Return the mean F1 of the labels that people gave; an open answer is no label and misses one. None without texts."""
    truths = sorted({row.truth for row in judged})
    scores = []
    for label in truths:
        hit = sum(row.label == label == row.truth for row in judged)
        said, meant = sum(row.label == label for row in judged), sum(row.truth == label for row in judged)
        scores.append(2 * hit / (said + meant))
    return sum(scores) / len(scores) if scores else None


def calibration_error(answered: Sequence[Judged]) -> float | None:
    """Return the expected calibration error in ten bins of equal width (Naeini, Cooper and Hauskrecht 2015); None without answers."""
    bins: dict[int, list[Judged]] = {}
    for row in answered:
        bins.setdefault(min(_BINS - 1, int(row.confidence * _BINS)), []).append(row)
    return sum(abs(_off(rows)) for rows in bins.values()) / len(answered) if answered else None


def _off(rows: Iterable[Judged]) -> float:
    return sum((row.label == row.truth) - row.confidence for row in rows)


def confusion(judged: Iterable[Judged]) -> dict[str, dict[str, int]]:
    """Return how often each true label was answered by each label."""
    table: dict[str, Counter[str]] = {}
    for row in judged:
        table.setdefault(row.truth, Counter())[row.label] += 1
    return {truth: dict(sorted(table[truth].items())) for truth in sorted(table)}


def cost_of_unclear(judged: Sequence[Judged]) -> dict[str, Any]:
    """Return what "unclear" costs and saves: how often it was said, and how often a guess in its place would have been right."""
    open_ones = [row for row in judged if row.label in OPEN]
    guessed = wilson(sum(row.best == row.truth for row in open_ones), len(open_ones))
    everything = wilson(sum(row.best == row.truth for row in judged), len(judged))
    return {"n": len(open_ones), "share": len(open_ones) / len(judged) if judged else None, "if_guessed": guessed._asdict(), "accuracy_if_guessed": everything._asdict()}
