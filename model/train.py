"""Train the weights that ship: `make model` writes `src/repwatch/text/weights.bin` from the corpus, bit for bit the same each time.

A linear support vector machine with squared hinge loss, solved in the dual one row at a time (Hsieh and others 2008), per language. Weights
are whole numbers of 1/`GRAIN` while they are learnt, so that no order of addition and no processor changes a bit of the result.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np

from repwatch.text import hashing, letters, lexicon, rules
from repwatch.text.lexicon import LANGUAGES
from repwatch.text.reading import prepare
from repwatch.text.tokens import tokens

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "src" / "repwatch" / "text" / "weights.bin"
GRAIN = 1 << 20
ROUNDS = 12
COST = 0.02
#: What is typed into fields day after day is plain; the rest of the corpus holds the rare and the hard, and counts for less.
PLAIN_WEIGHT = 4.0
SHORTEST = 2
#: Below this share of right signs a text is "unclear".
LEAST_SURE = 0.62
DENSE_GAIN = 1.5


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
    read = [rules.read_segment(each, words) for each in rules.segments(tokens(prepare(text)))]
    count = sum(len(each.words) for each in read)
    counts: dict[int, int] = {}
    for segment in read:
        for place, value in hashing.features(segment):
            counts[place] = counts.get(place, 0) + value
    length = math.sqrt(max(count, SHORTEST))
    places, values = list(counts), [round(value / length) for value in counts.values()]
    for at, value in enumerate(hashing.dense(read, count)):
        places.append(hashing.SIZE + at)
        values.append(round(value * hashing.ONE * DENSE_GAIN))
    return Example(np.array(places, np.int64), np.array(values, np.int64), answer, weight)


def fit(examples: list[Example], cost: float = COST, rounds: int = ROUNDS) -> np.ndarray:
    """Return the weights, in steps of 1/GRAIN, that part the examples."""
    weights = np.zeros(hashing.SIZE + len(hashing.DENSE), np.int64)
    squares = [int((each.values * each.values).sum()) / hashing.ONE**2 for each in examples]
    alphas = [0.0] * len(examples)
    for turn in range(rounds):
        for at in scattered(len(examples), turn):
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
    sided = [row for row in rows if row.label in "+-"]
    examples = [example(row.text, lang, 1 if row.label == "+" else -1, row.weight) for row in sided]
    weights = fit(examples)
    table, scale = quantise(weights)
    dense = [round(int(each) / GRAIN * DENSE_GAIN, 6) for each in weights[hashing.SIZE :]]
    unseen = out_of_fold(examples)
    calibration = calibrate([(abs(margin), (margin > 0) == (each.answer > 0), each.weight) for margin, each in zip(unseen, examples, strict=True)])
    torn = [example(row.text, lang, 0) for row in rows if row.label == "~"]
    found = [(row.text, margin) for row, margin in zip(sided, unseen, strict=True)]
    mixed = part_mixed(found, [(row.text, margin_of(weights, each)) for row, each in zip([r for r in rows if r.label == "~"], torn, strict=True)], lang)
    return {"scale": scale, "dense": dense, "calibration": calibration, "unclear": unclear_below(calibration), "mixed": mixed}, table


def margin_of(weights: np.ndarray, each: Example) -> float:
    """Return the margin of an example."""
    return int((weights[each.places] * each.values).sum()) / (GRAIN * hashing.ONE)


def out_of_fold(examples: list[Example], folds: int = 5) -> list[float]:
    """Return the margin of each example under weights that have not seen it."""
    margins = [0.0] * len(examples)
    for fold in range(folds):
        weights = fit([each for at, each in enumerate(examples) if at % folds != fold])
        for at in range(fold, len(examples), folds):
            margins[at] = margin_of(weights, examples[at])
    return margins


def calibrate(seen: list[tuple[float, bool, float]], knots: int = 12) -> list[tuple[float, float]]:
    """Return how often a margin of a size is right: isotonic regression over equal shares (pool adjacent violators)."""
    seen = sorted(seen)
    share = len(seen) / knots
    bins = []
    for at in range(knots):
        part = seen[round(at * share) : round((at + 1) * share)]
        weight = right = middle = 0.0
        for margin, hit, each in part:
            weight += each
            right += each * hit
            middle += each * margin
        bins.append([middle / weight, right, weight])
    merged: list[list[float]] = []
    for middle, right, weight in bins:
        merged.append([middle, right, weight])
        while len(merged) > 1 and merged[-2][1] * merged[-1][2] >= merged[-1][1] * merged[-2][2]:
            last = merged.pop()
            before = merged[-1]
            total = before[2] + last[2]
            merged[-1] = [(before[0] * before[2] + last[0] * last[2]) / total, before[1] + last[1], total]
    return [(0.0, 0.5), *((round(middle, 4), round(min(0.99, right / weight), 4)) for middle, right, weight in merged)]


def unclear_below(calibration: list[tuple[float, float]]) -> float:
    """Return the margin below which a verdict would be wrong more often than one time in three."""
    before = calibration[0]
    for knot in calibration:
        if knot[1] >= LEAST_SURE:
            return round(before[0] + (LEAST_SURE - before[1]) / max(knot[1] - before[1], 0.001) * (knot[0] - before[0]), 4) if knot != before else 0.0
        before = knot
    return before[0]


def part_mixed(sided: list[tuple[str, float]], torn: list[tuple[str, float]], lang: str) -> tuple[float, float, float]:
    """Choose the thresholds of "mixed": the best F0.5 between the mixed rows of the corpus and the others."""
    sides = [[(*two_sides(text, lang), abs(margin)) for text, margin in rows] for rows in (sided, torn)]
    best, chosen = -1.0, (1.0, 0.45, 0.5)
    for least in (0.5, 1.0, 1.5, 2.0):
        for ratio in (0.2, 0.3, 0.45, 0.6, 0.8):
            for largest in (0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1.2):
                wrong, right = (
                    sum(min(good, bad) >= least and min(good, bad) >= ratio * max(good, bad) and margin <= largest for good, bad, margin in rows) for rows in sides
                )
                score = 1.25 * right / max(1.0, right + wrong + 0.25 * len(torn))
                if score > best:
                    best, chosen = score, (least, ratio, largest)
    return chosen


def two_sides(text: str, lang: str) -> tuple[float, float]:
    """Return the sums of praise and of blame that the rules find in a text."""
    words = lexicon.load(lang)
    good = bad = 0.0
    for each in rules.segments(tokens(prepare(text))):
        segment = rules.read_segment(each, words)
        good += segment.good
        bad += segment.bad
    return good, bad


def train_languages(texts: dict[str, list[str]]) -> bytes:
    """Train the table that tells our languages apart: an averaged perceptron over letters, all whole numbers."""
    examples = []
    for number, lang in enumerate(LANGUAGES):
        for text in texts[lang]:
            words = tokens(prepare(text))
            for cut in (words[:4], words[2:9], words[:40]):
                places = [place for word in cut for place in letters.places_of(word)]
                if places:
                    examples.append((np.array(places, np.int64), number))
    weights = np.zeros((letters.SIZE, len(LANGUAGES)), np.int64)
    #: Each change times the number of examples before it: what the average over all examples lacks of the last weights.
    lacking = np.zeros_like(weights)
    turns = 4
    for turn in range(turns):
        for count, at in enumerate(scattered(len(examples), turn), turn * len(examples)):
            places, number = examples[at]
            sums = weights[places].sum(axis=0)
            rivals = sums.copy()
            rivals[number] = -(1 << 60)
            rival = int(rivals.argmax())
            if sums[number] - sums[rival] < 2 * len(places):
                for column, step in ((number, 1), (rival, -1)):
                    np.add.at(weights, (places, column), step)
                    np.add.at(lacking, (places, column), step * count)
    seen = turns * len(examples)
    averages = (2 * (weights * seen - lacking) + seen) // (2 * seen)
    return np.clip(averages, -127, 127).astype(np.int8).tobytes()


def familiar(texts: dict[str, list[str]]) -> bytes:
    """Return, for each piece of a word, in which of our languages the corpus has it at least twice: one bit a language."""
    bits = np.zeros(letters.FAMILIAR_SIZE, np.uint8)
    for number, lang in enumerate(LANGUAGES):
        counts: dict[int, int] = {}
        for text in texts[lang]:
            for word in set(tokens(prepare(text))):
                for place in letters.pieces_of(word):
                    counts[place] = counts.get(place, 0) + 1
        for place, count in counts.items():
            if count > 1:
                bits[place] |= 1 << number
    return bits.tobytes()


def scattered(count: int, seed: int) -> list[int]:
    """Return the numbers below `count` in an order that is scattered, and the same on every machine."""
    order = list(range(count))
    state = 12345 + seed
    for at in range(count - 1, 0, -1):
        state = (state * 6364136223846793005 + 1442695040888963407) & ((1 << 64) - 1)
        other = (state >> 33) % (at + 1)
        order[at], order[other] = order[other], order[at]
    return order


def build(rows: dict[str, list[Row]]) -> bytes:
    """Train everything and return the file."""
    header: dict[str, dict[str, object]] = {}
    tables = b""
    for lang in LANGUAGES:
        header[lang], table = train(lang, rows[lang])
        header[lang]["place"] = len(tables)
        tables += table
    texts = {lang: [row.text for row in rows[lang]] for lang in LANGUAGES}
    for name, table in (("languages", train_languages(texts)), ("familiar", familiar(texts))):
        header[name] = {"place": len(tables), "length": len(table)}
        tables += table
    return json.dumps(header, separators=(",", ":"), sort_keys=True).encode() + b"\n" + tables


def main() -> None:
    """Write the file."""
    OUT.write_bytes(build({lang: corpus(lang) for lang in LANGUAGES}))
    sys.stdout.write(f"{OUT.name}: {OUT.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
