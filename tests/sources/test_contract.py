"""What every source promises, held over all of them: a new file under `sources/` is taken in by being there."""

from __future__ import annotations

import contextlib
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sources import golden

from repwatch import sources
from repwatch.errors import RepwatchError
from repwatch.models import Page, Request, Watch
from repwatch.pipeline.reading import read_page

ALL = sources.names()
KINDS = ("typical", "empty", "odd", "changed", "refused")
CASES = [pytest.param(name, case, id=f"{name}-{case.name}") for name in ALL for case in (golden.cases(name) if (golden.HERE / name).is_dir() else ())]


def kind(case: Path) -> str:
    """Return of which of the five kinds a case is: `odd-cut.xml` is odd."""
    return case.name.split(".")[0].split("-")[0]


def missing(name: str) -> list[str]:
    """Return the kinds of pages of which a source has no case."""
    folder = golden.HERE / name
    there = {kind(case) for case in golden.cases(name)} if folder.is_dir() else set()
    return [each for each in KINDS if each not in there]


@pytest.mark.parametrize("name", ALL)
def test_every_source_has_all_kinds_of_cases(name: str) -> None:
    """Every source has a typical, an empty, an odd, a changed and a refused page, each with what is made of it."""
    assert missing(name) == []
    assert [case.name for case in golden.cases(name) if kind(case) not in KINDS or not golden.golden(case).is_file()] == []


def test_a_lack_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above fails for a source without cases, and for one that lacks a kind."""
    monkeypatch.setattr(golden, "HERE", tmp_path)
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "typical.json").write_text("{}")
    assert [list(KINDS), ["empty", "odd", "changed", "refused"]] == [missing("new"), missing("half")]


@pytest.mark.parametrize(("name", "case"), CASES)
def test_a_case_gives_its_golden(name: str, case: Path) -> None:
    """A page gives, line by line, what stands beside it, and the same the second time."""
    expected = golden.golden(case).read_text("utf-8")
    assert [expected] * 2 == [golden.outcomes(name, case) for _ in range(2)]


@pytest.mark.parametrize(("name", "case"), CASES)
def test_a_golden_fits_its_kind(name: str, case: Path) -> None:
    """A refused page is a refusal, a changed page is told and never passes for an empty one, an empty page says so."""
    rows = [json.loads(line) for line in golden.golden(case).read_text("utf-8").splitlines()]
    types = [row.get("type") for row in rows]
    fits = {
        "typical": not {None, "problem", "refused"} & set(types[:1]),
        "empty": "no_results" in types or any(row.get("review_count") == 0 for row in rows),
        "odd": bool(rows),
        "changed": "no_results" not in types and (any("raised" in row for row in rows) or "problem" in types),
        "refused": "refused" in types,
    }
    assert fits[kind(case)], rows
    assert {row["source"] for row in rows if "source" in row} <= {name}


_HOSTILE = (
    b"<![", b"<!--", b"]]>", b"&#xffffffff;", b"&", b'"', b"null", b"[" * 3000, b"{", b"1e999", b"\\ud800", b"\xff\xfe", b"http://[",
    b'encoding="base64"', b"9" * 5000,
)  # fmt: skip


@pytest.mark.parametrize("name", ALL)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(spoil=st.data())
def test_spoilt_pages_raise_only_our_errors(name: str, spoil: st.DataObject) -> None:
    """Whatever is cut out of or put into a page, its parser raises nothing but our own errors, and its items can be written."""
    body = bytearray(spoil.draw(st.sampled_from(golden.cases(name))).read_bytes())
    del body[spoil.draw(st.integers(0, len(body))) :]
    for _ in range(spoil.draw(st.integers(0, 4))):
        place = spoil.draw(st.integers(0, len(body)))
        body[place : place + spoil.draw(st.integers(0, 6))] = spoil.draw(st.binary(max_size=6) | st.sampled_from(_HOSTILE))
    with contextlib.suppress(RepwatchError):
        for outcome in sources.load(name).parse(Page(url="", body=bytes(body))):
            outcome.model_dump_json().encode()


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("body", [b"\0", b"null", b"5", b"<p>", b"\xff" * 9, b"[" * 100_000, b"<a>" * 3000, b"<html><body>Hello</body></html>"], ids=[*"abcdefgh"])
def test_what_is_no_page_of_a_source_is_never_a_zero(name: str, body: bytes) -> None:
    """What is no page of a source is failed or refused, never read as nothing."""
    assert read_page(Page(url="", body=body), source=name).state in ("failed", "refused")


@pytest.mark.parametrize("name", ALL)
def test_walk_asks_for_a_page(name: str) -> None:
    """A walk asks without I/O; where the door is not live, or a target is none of its own, it may ask for nothing."""
    source = sources.load(name)
    target = f"https://{source.INFO.hosts[0] if source.INFO.hosts else 'www.example.com'}/page" if source.INFO.target == "url" else "acme belgique"
    watch = Watch(source=name, employer="acme", target=target, since=date(2026, 1, 1), until=date(2026, 1, 31))
    first = next(source.walk(watch), None)
    assert isinstance(first, Request) or not source.INFO.live
