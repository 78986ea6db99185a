"""Pages to validated items, beside building their BeautifulSoup html.parser tree, file by file on real pages."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

from bs4 import BeautifulSoup
from side_by_side import calls, refuse_without_bytecode, table

from repwatch import sources
from repwatch.inlets.saved import read_page

REAL = Path(__file__).resolve().parents[2] / "shared" / "real" / "reviews"


def main() -> None:
    """Print the table."""
    refuse_without_bytecode()
    if not REAL.is_dir():
        sys.exit("The real pages (../shared/real) are not on this machine.")
    warnings.simplefilter("ignore")
    rows = [("page", "KB", "items ms", "BeautifulSoup ms", "times faster", "goal")]
    for path in sorted(REAL.glob("glassdoor/*.html")):
        page = read_page(path)
        name = sources.recognise(page) or "glassdoor"
        source = sources.load(name)
        best = calls({"items": lambda: list(source.parse(page)), "tree": lambda: BeautifulSoup(page.body, "html.parser")}, turns=9)  # noqa: B023 — called within the turn
        goal = 10 if "fragment" in path.name else 20
        rows.append((path.name, f"{len(page.body) // 1000}", f"{best['items'] * 1000:.1f}", f"{best['tree'] * 1000:.0f}", f"{best['tree'] / best['items']:.0f}", f"at least {goal}"))
    table("Parsing real pages", rows)


main()
