"""Start-up as ratios over bare Python, beside two well-kept command-line tools; `report` on 10,000 items."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from side_by_side import commands, refuse_without_bytecode, table

GOALS = {"repwatch --version": 2, "repwatch --help": 8, "repwatch report": 25, "repwatch report --format json": 20}
BIN = Path(sys.executable).parent


def lines(count: int) -> str:
    """Return `count` invented mentions of 20 employers over a year, as import reads them."""
    today = datetime.now(UTC).date()
    rows = []
    for number in range(count):
        day = today - timedelta(days=number % 365)
        rows.append(json.dumps({
            "type": "review", "source": "glassdoor", "native_id": str(number), "employer": f"Firm {number % 20}", "published": day.isoformat(), "lang": "en",
            "rating": float(number % 5 + 1), "title": f"Review {number}", "pros": "Good pay and kind people", "cons": "Long hours in winter",
            "score": {"lang": "en", "label": ("negative", "negative", "mixed", "positive", "positive")[number % 5], "polarity": (number % 5 - 2) / 2, "confidence": 0.9, "scorer": "bench"},
        }))  # fmt: skip
    return "\n".join(rows)


def main() -> None:
    """Print the table."""
    refuse_without_bytecode()
    repwatch = str(BIN / "repwatch")
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "lines.jsonl"
        export.write_text(lines(10_000))
        env = {**os.environ, "REPWATCH_DATA_DIR": f"{folder}/data"}
        subprocess.run([repwatch, "import", str(export)], check=True, capture_output=True, env=env)
        work = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "repwatch --version": [repwatch, "--version"],
            "repwatch --help": [repwatch, "--help"],
            "repwatch report": [repwatch, "report", "--since", "90d", "--employer", "Firm 7"],
            "repwatch report --format json": [repwatch, "report", "--since", "90d", "--employer", "Firm 7", "--format", "json"],
        }
        for peer, arguments in (("http", ["--version"]), ("sqlite-utils", ["--help"])):
            if (BIN / peer).exists():
                work[f"{peer} {' '.join(arguments)}"] = [str(BIN / peer), *arguments]
        best = commands(work, env=env)
    bare = best["python -c pass"]
    rows = [("command", "ms", "times bare Python", "goal")]
    rows += [(name, f"{seconds * 1000:.0f}", f"{seconds / bare:.1f}", f"at most {GOALS[name]}" if name in GOALS else "") for name, seconds in best.items()]
    table("Start-up, 10,000 items stored", rows)


main()
