"""Time commands and calls side by side: the least of several turns, taken in rotation, told as ratios."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Mapping


def refuse_without_bytecode() -> None:
    """End where Python keeps no bytecode: every figure would double."""
    if sys.dont_write_bytecode:
        sys.exit("Python keeps no bytecode here (PYTHONDONTWRITEBYTECODE): the figures would mean nothing.")


def commands(lines: Mapping[str, list[str]], turns: int = 15, env: Mapping[str, str] | None = None) -> dict[str, float]:
    """Return the least wall seconds of each command line."""

    def call(line: list[str]) -> Callable[[], object]:
        return lambda: subprocess.run(line, check=True, capture_output=True, env=dict(env) if env else None)

    return calls({name: call(line) for name, line in lines.items()}, turns)


def calls(work: Mapping[str, Callable[[], object]], turns: int = 7) -> dict[str, float]:
    """Return the least seconds of each call, all taken in rotation so that a busy moment hits all alike."""
    best = dict.fromkeys(work, float("inf"))
    for _ in range(turns):
        for name, call in work.items():
            start = time.perf_counter()
            call()
            best[name] = min(best[name], time.perf_counter() - start)
    return best


def table(title: str, rows: list[tuple[str, ...]]) -> None:
    """Print rows under a title, columns aligned."""
    print(f"\n{title}")
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))
