"""Measure the corpus for its data card: rows by kind, near-duplicates, growth of vocabulary. `python -m model.measure` prints Markdown."""

from __future__ import annotations

import sys
from collections import Counter

from model.train import Row, corpus, scattered
from repwatch.text.clean import words
from repwatch.text.lexicon import LANGUAGES

#: Two rows are near-duplicates when they share this much of their runs of three letters (Jaccard).
ALIKE = 0.7
STEPS = (250, 500, 1000, 2000, 3000)


def shingles(text: str) -> frozenset[str]:
    """Return the runs of three letters of a text, folded."""
    line = " ".join(words(text))
    return frozenset(line[at : at + 3] for at in range(max(1, len(line) - 2)))


def near_duplicates(rows: list[Row]) -> list[tuple[str, str]]:
    """Return the pairs of rows that are nearly the same; only rows that share a rare run are compared."""
    sets = [shingles(row.text) for row in rows]
    holders: dict[str, list[int]] = {}
    for number, each in enumerate(sets):
        for run in each:
            holders.setdefault(run, []).append(number)
    found = set()
    for number, each in enumerate(sets):
        rare = sorted(each, key=lambda run: (len(holders[run]), run))[: max(1, len(each) - int(ALIKE * len(each)) + 1)]
        for other in {other for run in rare for other in holders[run] if other < number}:
            both = len(each & sets[other])
            if both >= ALIKE * (len(each) + len(sets[other]) - both):
                found.add((rows[other].text, rows[number].text))
    return sorted(found)


def vocabulary(rows: list[Row]) -> list[tuple[int, int, int]]:
    """Return, for growing parts of the corpus taken at random: rows, running words, different words."""
    order = scattered(len(rows), 3)
    seen: set[str] = set()
    running = 0
    told = []
    for count, at in enumerate(order, 1):
        found = words(rows[at].text)
        running += len(found)
        seen.update(found)
        if count in STEPS or count == len(rows):
            told.append((count, running, len(seen)))
    return told


def main() -> None:
    """Print the tables."""
    out = sys.stdout.write
    out("| language | rows | + | - | ~ | 0 | plain | with topics | words | letters a row (median) | near-duplicate pairs |\n|---|---|---|---|---|---|---|---|---|---|---|\n")
    for lang in LANGUAGES:
        rows = corpus(lang)
        labels = Counter(row.label for row in rows)
        lengths = sorted(len(row.text) for row in rows)
        count = sum(len(words(row.text)) for row in rows)
        pairs = near_duplicates(rows)
        out(f"| {lang} | {len(rows)} | {labels['+']} | {labels['-']} | {labels['~']} | {labels['0']} | {sum(row.weight > 1 for row in rows)} | {sum(bool(row.topics) for row in rows)} | {count} | {lengths[len(lengths) // 2]} | {len(pairs)} ({100 * 2 * len(pairs) / len(rows):.1f} %) |\n")
    out("\n| language | " + " | ".join(f"{step} rows" for step in STEPS) + " | all |\n|---|" + "---|" * (len(STEPS) + 1) + "\n")
    for lang in LANGUAGES:
        out(f"| {lang} | " + " | ".join(str(different) for _, _, different in vocabulary(corpus(lang))) + " |\n")
    out("\n| kind | " + " | ".join(LANGUAGES) + " |\n|---|" + "---|" * len(LANGUAGES) + "\n")
    kinds = {lang: Counter(row.kind for row in corpus(lang)) for lang in LANGUAGES}
    for kind in sorted(kinds["en"]):
        out(f"| {kind} | " + " | ".join(str(kinds[lang][kind]) for lang in LANGUAGES) + " |\n")


if __name__ == "__main__":
    main()
