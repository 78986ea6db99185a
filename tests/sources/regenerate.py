"""Write what is expected of each payload anew: `python -m tests.sources.regenerate [source ...]`. Read the diff."""

from __future__ import annotations

import sys

from repwatch import sources
from tests.sources import cases


def main(wanted: list[str]) -> None:
    for name in wanted or sources.names():
        for case in cases.of(name):
            text = "".join(f"{line}\n" for line in cases.lines(sources.load(name), cases.page(case)))
            cases.beside(case, "expected.jsonl").write_text(text, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
