"""Payload cases: a file as a site would send it, what is expected of it, and where it came from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from repwatch.errors import RepwatchError
from repwatch.models import Page
from repwatch.sources import Source

HERE = Path(__file__).parent
KINDS = ("typical", "empty", "odd", "changed", "refused")


def of(source: str) -> list[Path]:
    """Return the payload files of a source."""
    folder = HERE / source
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return [
        file
        for file in files
        if file.is_file()
        and file.name.startswith(KINDS)
        and not file.name.endswith((".expected.jsonl", ".http.json"))
    ]


def beside(case: Path, ending: str) -> Path:
    """Return the file beside a payload: `typical.xml` has `typical.expected.jsonl`."""
    return case.with_name(f"{case.name.split('.')[0]}.{ending}")


def page(case: Path) -> Page:
    """Return a payload as a page, with the address, status and headers noted beside it."""
    notes = beside(case, "http.json")
    said = json.loads(notes.read_text("utf-8")) if notes.exists() else {}
    url = said.get("request", {}).get("url", said.get("url", ""))
    headers = {name.lower(): value for name, value in said.get("headers", {}).items()}
    return Page(url=url, status=said.get("status", 200), headers=headers, body=case.read_bytes())


def lines(source: Source, given: Page) -> Iterator[str]:
    """Yield what a source makes of a page, one JSON line each; an error is the last line."""
    try:
        for outcome in source.parse(given):
            yield json.dumps(outcome.model_dump(mode="json"), ensure_ascii=False)
    except RepwatchError as error:
        yield json.dumps({"raised": type(error).__name__, "message": str(error)}, ensure_ascii=False)
