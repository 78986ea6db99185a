"""Import of exported lines with scores: lines a second and the most memory held, for new lines, the same again, and taking them back.

    python bench/import_bench.py 1000 100000      # sizes; 1,000 and 20,000 where none are named
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from side_by_side import refuse_without_bytecode, table

BIN = Path(sys.executable).parent
TEXT = "The people were kind and the work was never dull, yet the hours were long and the tools slow. "


def line(number: int) -> str:
    """Return one invented line of an export: mentions of 300 characters and reviews in turn."""
    label = ("negative", "negative", "mixed", "positive", "positive")[number % 5]
    words = {"title": f"Review {number}", "pros": "Good pay and kind people", "cons": TEXT, "rating": float(number % 5 + 1)} if number % 2 else {"title": f"Story {number}", "text": TEXT * 3}
    score = {"lang": "en", "label": label, "polarity": (number % 5 - 2) / 2, "confidence": 0.9, "topics": [{"topic": "pay", "polarity": 0.5}], "evidence": ["good pay"], "scorer": "bench"}
    return json.dumps({"type": "review" if number % 2 else "mention", "source": "glassdoor" if number % 2 else "hackernews", "native_id": str(number), "employer": f"Firm {number % 20}",
                       "published": f"2026-{1 + number % 12:02d}-{1 + number % 28:02d}", "lang": "en", **words, "score": score, "first_seen": "2026-11-01T00:00:00Z", "vanished": None, "revisions": []})  # fmt: skip


def measure(arguments: list[str], env: dict[str, str]) -> tuple[float, float, float]:
    """Run a command and return its wall seconds, processor seconds and peak memory in MB."""
    start = time.perf_counter()
    process = subprocess.Popen([str(BIN / "repwatch"), *arguments], stdout=subprocess.DEVNULL, env=env)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"repwatch {' '.join(arguments)} failed")
    return time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000


def main(sizes: list[int]) -> None:
    """Print the table."""
    refuse_without_bytecode()
    rows = [("lines", "what", "s", "processor s", "lines/s of processor", "peak MB")]
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "lines.jsonl"
            with path.open("w") as out:
                out.writelines(f"{line(number)}\n" for number in range(size))
            env = {**os.environ, "REPWATCH_DATA_DIR": f"{folder}/data"}
            for what, arguments in (("new", ["import", str(path)]), ("again", ["import", str(path)]), ("undo of the second", ["import", "--undo", "2"]), ("undo", ["import", "--undo", "1"])):
                wall, busy, peak = measure(arguments, env)
                rows.append((f"{size:,}", what, f"{wall:.1f}", f"{busy:.1f}", f"{size / busy:,.0f}", f"{peak:.0f}"))
    table("Import of lines with scores", rows)


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or [1_000, 20_000])
