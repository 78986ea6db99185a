"""What the tests of the sources that read an interface share: goldens, broken bytes, real answers."""

from __future__ import annotations

import importlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from tests.real import REAL
from tests.sources import golden

from repwatch.errors import RepwatchError
from repwatch.models import Outcome, Page
from repwatch.pipeline.reading import read_file


def cases(source: str) -> list[Path]:
    """Return the payload cases of a source, all five kinds of them."""
    found = golden.cases(source)
    assert {"typical", "empty", "odd", "changed", "refused"} <= {case.name.split(".")[0].split("-")[0] for case in found}
    return found


def parsed(source: str, told: object, url: str = "", headers: dict[str, str] | None = None, status: int = 200) -> list[Any]:
    """Return what a source makes of an answer, given as bytes or as what becomes JSON."""
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    return list(importlib.import_module(f"repwatch.sources.{source}").parse(Page(url, body=body, status=status, headers=headers or {})))


def fields(told: list[Any]) -> list[str]:
    """Return where each problem lies: "item 1: created_at", without what is wrong there."""
    return [": ".join(each.detail.split(": ")[:2]) for each in told]


@st.composite
def broken(draw: st.DrawFn, source: str) -> bytes:
    """Draw a payload case with bytes cut out, doubled, or replaced."""
    body = draw(st.sampled_from([case.read_bytes() for case in golden.cases(source)]))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = draw(st.integers(start, min(len(body), start + 60)))
        token = draw(st.sampled_from([b"", b"null", b"[]", b"{}", b"-1", b"1e400", b"true", b'"', b"\\ud800", b"99999999999999999999", b"\xff", b'"x"', b"&#xD800;", b"<"]))
        body = body[:start] + token + body[end:]
    return body


def survives(source: str, body: bytes) -> None:
    """Parse to the end; only an error of our own may come."""
    try:
        for outcome in parsed(source, body):
            outcome.model_dump_json()
    except RepwatchError:
        pass


def real(source: str) -> dict[str, tuple[str, dict[str, int]]]:
    """Return the state and the outcomes by type of every recorded answer of a source."""
    found = {}
    for path in sorted((REAL / "social" / source).iterdir()):
        if not path.name.endswith(".http.json"):
            told = read_file(path, source=source).read
            found[path.stem] = (told.state, dict(Counter(type(each).__name__ for each in told.outcomes)))
    return found


def outcomes(source: str, name: str) -> list[Outcome]:
    """Return what a source makes of one recorded body, whatever its status was."""
    return parsed(source, (REAL / "social" / source / name).read_bytes())
