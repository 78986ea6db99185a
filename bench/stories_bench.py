"""Store 100,000 invented mentions, a fifth of them copies, in parts of 10,000: the time of each part must not grow.

Beside it the same with texts too short to be compared, which is what storing costs without stories; and one text that comes
200,000 times, as a machine sends it.
"""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path

from side_by_side import refuse_without_bytecode, table

from repwatch.models import Mention
from repwatch.store import Seen, Store

PARTS, SIZE, WORDS = 10, 10_000, 3_000
COPIES = 200_000
TEXT = "Acme will close its plant in Ghent before the end of the year and four hundred people lose their jobs, unions said on Monday after a meeting with the board"


def mentions(seed: int, short: bool) -> list[Seen]:
    """Return a part: four fifths new texts of 40 words, one fifth copies of them, cut or with a word exchanged."""
    rolled = random.Random(seed)
    # Words as in a language: few are frequent, so that unrelated texts share runs of words as real ones do.
    weights = [1 / (rank + 3) for rank in range(WORDS)]
    texts: list[list[str]] = []
    found = []
    for number in range(SIZE):
        if number % 5 == 4 and texts:
            words = list(rolled.choice(texts[-2_000:]))
            words[rolled.randrange(len(words))] = "exchanged"
            words = words[: rolled.choice((30, 40))]
        else:
            words = [f"w{word}" for word in rolled.choices(range(WORDS), weights, k=40)]
            texts.append(words)
        text = " ".join(words[:12] if short else words)
        item = Mention(source="feed", native_id=f"{seed}-{number}", kind="article", text=text, published="2026-11-02", lang="en", url=f"https://press.example/{seed}/{number}")
        found.append(Seen(item, ("Acme",), None, "2026-11-02T00:00:00Z"))
    return found


def main() -> None:
    """Print the seconds of each part, with and without stories."""
    refuse_without_bytecode()
    rows = [("100,000 mentions", "mentions/s", "seconds for the 2nd to 4th 10,000", "for the last three", "last to first", "goal")]
    for short in (True, False):
        times = []
        with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder)) as store:
            run = store.begin_run("check", "2026-11-02", {})
            for part in range(PARTS):
                seen = mentions(part, short)
                began = time.perf_counter()
                store.save(run, seen)
                times.append(time.perf_counter() - began)
        first, last = sum(times[1:4]), sum(times[-3:])
        name = "too short to be compared" if short else "compared, a fifth copies"
        rows.append((name, f"{PARTS * SIZE / sum(times):.0f}", f"{first:.1f}", f"{last:.1f}", f"{last / first:.2f}", "about 1: linear"))
    table("Storing mentions and finding their stories", rows)
    table("One story that many places tell", [("mentions so far", "seconds for the next 10,000", "goal"), *one_story()])


def one_story() -> list[tuple[str, str, str]]:
    """Return what each fifth part of 10,000 copies of one text costs."""
    rows = []
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder)) as store:
        run = store.begin_run("check", "2026-11-02", {})
        for first in range(0, COPIES, SIZE):
            items = (Mention(source="feed", native_id=f"{number}", kind="article", text=TEXT, published=f"2026-11-{number % 20 + 1:02}", lang="en", url=f"https://press.example/{number}") for number in range(first, first + SIZE))
            seen = [Seen(item, ("Acme",), None, "2026-11-02T00:00:00Z") for item in items]
            began = time.perf_counter()
            store.save(run, seen)
            if not first % (5 * SIZE) or first + SIZE == COPIES:
                rows.append((f"{first:,}", f"{time.perf_counter() - began:.1f}", "as the first"))
    return rows


main()
