"""Train the weights that ship: `make model` writes `src/repwatch/text/weights.bin` from the corpus, bit for bit the same each time.

A linear support vector machine with squared hinge loss, solved in the dual one row at a time (Hsieh and others 2008), per language. Weights
are whole numbers of 1/`GRAIN` while they are learnt, so that no order of addition and no processor changes a bit of the result.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np

from repwatch.text import hashing, lexicon, rules
from repwatch.text.lexicon import LANGUAGES
from repwatch.text.reading import prepare

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "src" / "repwatch" / "text" / "weights.bin"
GRAIN = 1 << 20
ROUNDS = 12
COST = 0.02
#: What is typed into fields day after day is plain; the rest of the corpus holds the rare and the hard, and counts for less.
PLAIN_WEIGHT = 4.0
SHORTEST = 2


class Row(NamedTuple):
    """A row of the corpus."""

    label: str
    kind: str
    topics: str
    text: str
    weight: float = 1.0


class Example(NamedTuple):
    """A text as features: places and values in steps of 1/ONE, and what the rules say."""

    places: np.ndarray
    values: np.ndarray
    answer: int
    weight: float


def corpus(lang: str, root: Path = HERE / "corpus") -> list[Row]:
    """Read the corpus of a language, in the order of its files."""
    rows = []
    for path in sorted((root / lang).glob("*.tsv")):
        for line in path.read_text("utf-8").splitlines():
            columns = line.split("\t")
            if len(columns) == 4 and columns[0] in {"+", "-", "~", "0"}:
                rows.append(Row(*columns, weight=PLAIN_WEIGHT if path.name.startswith("plain-") else 1.0))
    return rows


def example(text: str, lang: str, answer: int, weight: float = 1.0) -> Example:
    """Count the features of a text; the findings of the rules stand behind the table."""
    words = lexicon.load(lang)
    read = [rules.read_segment(each, words) for each in rules.segments(lexicon.tokens(prepare(text)))]
    count = sum(len(each.words) for each in read)
    counts: dict[int, int] = {}
    for segment in read:
        for place, value in hashing.features(segment):
            counts[place] = counts.get(place, 0) + value
    length = max(count, SHORTEST) ** 0.5
    places, values = list(counts), [round(value / length) for value in counts.values()]
    for at, value in enumerate(hashing.dense([each.parts for each in read], count)):
        places.append(hashing.SIZE + at)
        values.append(round(value * hashing.ONE * DENSE_GAIN))
    return Example(np.array(places, np.int64), np.array(values, np.int64), answer, weight)


DENSE_GAIN = 1.5


def fit(examples: list[Example], cost: float = COST, rounds: int = ROUNDS) -> np.ndarray:
    """Return the weights, in steps of 1/GRAIN, that part the examples."""
    weights = np.zeros(hashing.SIZE + len(hashing.DENSE), np.int64)
    squares = [int((each.values * each.values).sum()) / hashing.ONE**2 for each in examples]
    alphas = [0.0] * len(examples)
    order = list(range(len(examples)))
    seed = 12345
    for _ in range(rounds):
        for at in range(len(order) - 1, 0, -1):
            seed = (seed * 6364136223846793005 + 1442695040888963407) & ((1 << 64) - 1)
            other = (seed >> 33) % (at + 1)
            order[at], order[other] = order[other], order[at]
        for at in order:
            each = examples[at]
            diagonal = 0.5 / (cost * each.weight)
            margin = int((weights[each.places] * each.values).sum()) / (GRAIN * hashing.ONE) * each.answer
            gradient = margin - 1 + diagonal * alphas[at]
            moved = max(alphas[at] - gradient / (squares[at] + diagonal), 0.0)
            step = round((moved - alphas[at]) * each.answer * GRAIN / hashing.ONE)
            if step:
                weights[each.places] += step * each.values
                alphas[at] = moved
    return weights


def quantise(weights: np.ndarray) -> tuple[bytes, float]:
    """Press the hashed weights into one byte each; return them with the value of a step."""
    hashed = weights[: hashing.SIZE]
    largest = int(np.sort(np.abs(hashed))[-max(1, hashing.SIZE // 5000)]) or 1
    steps = np.clip((hashed * 254 + largest) // (2 * largest), -127, 127)
    return steps.astype(np.int8).tobytes(), largest / 127 / GRAIN


def train(lang: str, rows: list[Row]) -> tuple[dict[str, object], bytes]:
    """Train one language: its part of the header, and its table."""
    examples = [example(row.text, lang, 1 if row.label == "+" else -1, row.weight) for row in rows if row.label in "+-"]
    weights = fit(examples)
    table, scale = quantise(weights)
    dense = [round(int(each) / GRAIN * DENSE_GAIN, 6) for each in weights[hashing.SIZE :]]
    return {"scale": scale, "dense": dense, "calibration": []}, table


def main() -> None:
    """Train every language and write the file."""
    header: dict[str, dict[str, object]] = {}
    tables = b""
    for lang in LANGUAGES:
        header[lang], table = train(lang, corpus(lang))
        header[lang]["place"] = len(tables)
        tables += table
    OUT.write_bytes(json.dumps(header, separators=(",", ":"), sort_keys=True).encode() + b"\n" + tables)
    sys.stdout.write(f"{OUT.name}: {OUT.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
