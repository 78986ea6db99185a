"""Write and read golden files: beside each payload case stands what `parse` makes of it, one outcome a line.

python -m tests.sources.golden glassdoor      # regenerate, then read the diff
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

from repwatch.errors import RepwatchError
from repwatch.models import Page

HERE = Path(__file__).parent
SUFFIX = ".expected.jsonl"
FETCHED_AT = "2026-01-05T06:00:00Z"


def cases(source: str) -> list[Path]:
    """Return the payload cases of a source; `NAME.http.json` only tells the address, status and headers of another."""
    return sorted(
        path for path in (HERE / source).iterdir() if path.is_file() and not path.name.endswith((SUFFIX, ".http.json"))
    )


def golden(case: Path) -> Path:
    """Return where the expected outcomes of a case stand."""
    return case.with_name(case.name + SUFFIX)


def outcomes(source: str, case: Path) -> str:
    """Return what `parse` makes of a case, an error it raises included."""
    module = importlib.import_module(f"repwatch.sources.{source}")
    page = Page(url=f"file:///inbox/{case.name}", body=case.read_bytes(), fetched_at=FETCHED_AT, door="saved")
    beside = case.with_suffix(".http.json")
    if beside.is_file():
        page = page._replace(**json.loads(beside.read_bytes()))
    lines = []
    try:
        for one in module.parse(page):
            row = {"type": one.type, **one.model_dump(mode="json", exclude_defaults=True)}
            lines.append(json.dumps(row, ensure_ascii=False))
    except RepwatchError as error:
        lines.append(json.dumps({"raised": type(error).__name__, "message": str(error)}, ensure_ascii=False))
    return "".join(f"{line}\n" for line in lines)


def main(sources: list[str]) -> None:
    """Regenerate the golden files of `sources`."""
    for source in sources:
        for case in cases(source):
            golden(case).write_text(outcomes(source, case), encoding="utf-8")
            print(golden(case))


if __name__ == "__main__":
    main(sys.argv[1:])
