"""What every source promises, held over all of them."""

from __future__ import annotations

import contextlib
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repwatch import sources
from repwatch.errors import RepwatchError
from repwatch.models import Page, Request, Watch
from tests.sources import cases

ALL = sources.names()
CASES = [pytest.param(name, case, id=f"{name}-{case.name}") for name in ALL for case in cases.of(name)]


@pytest.mark.parametrize("name", ALL)
def test_info_is_complete(name: str) -> None:
    """A source says what it is, where it reads, on what terms, and what it was checked against."""
    info = sources.load(name).INFO
    assert info.name == name
    assert all((info.title, info.door, info.terms, info.verified, info.marks))
    assert all(host == host.lower() and "/" not in host for host in info.hosts)
    assert info.pace_s >= 0


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("kind", cases.KINDS)
def test_each_kind_of_page_has_a_case(name: str, kind: str) -> None:
    """Every source has a typical, an empty, an odd, a changed and a refused page."""
    assert [case for case in cases.of(name) if case.name.startswith(kind)]


@pytest.mark.parametrize(("name", "case"), CASES)
def test_parse_gives_what_is_expected(name: str, case) -> None:
    """A payload gives, line by line, what stands beside it, and the same the second time."""
    source, page = sources.load(name), cases.page(case)
    expected = cases.beside(case, "expected.jsonl").read_text("utf-8").splitlines()
    assert expected == list(cases.lines(source, page))
    assert expected == list(cases.lines(source, page))


@pytest.mark.parametrize(("name", "case"), CASES)
def test_outcomes_fit_their_case(name: str, case) -> None:
    """Empty pages say so or count zero, refused pages are refusals, changed pages never pass as empty."""
    kind = next(kind for kind in cases.KINDS if case.name.startswith(kind))
    text = cases.beside(case, "expected.jsonl").read_text("utf-8")
    assert text
    if kind == "refused":
        assert '"type": "refused"' in text
    if kind == "changed":
        assert '"raised": "LayoutChanged"' in text
        assert '"no_results"' not in text
    if kind == "empty":
        assert '"no_results"' in text or '"review_count": 0' in text


@pytest.mark.parametrize(("name", "case"), CASES)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(spoil=st.data())
def test_parse_is_total(name: str, case, spoil: st.DataObject) -> None:
    """Cut and mutated payloads raise nothing but our own errors."""
    given_page = cases.page(case)
    body = bytearray(given_page.body)
    del body[spoil.draw(st.integers(0, len(body))) :]
    for _ in range(spoil.draw(st.integers(0, 4))):
        place = spoil.draw(st.integers(0, len(body)))
        body[place : place + spoil.draw(st.integers(0, 6))] = spoil.draw(
            st.binary(max_size=6) | st.sampled_from(_HOSTILE)
        )
    with contextlib.suppress(RepwatchError):
        list(sources.load(name).parse(given_page._replace(body=bytes(body), status=200)))


_HOSTILE = (
    b"<![", b"<!--", b"]]>", b"&#xffffffff;", b"&", b'"', b"null", b"[" * 3000, b"{", b"1e999", b"\\ud800", b"\xff\xfe", b"http://[",
    b'encoding="base64"', b"9" * 5000,
)  # fmt: skip


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    "body", [b"", b"\0", b"null", b"[]", b"{}", b"<p>", b"\xff" * 9, b"[" * 100_000, b"<a>" * 3000]
)
def test_parse_is_total_on_what_is_no_page_of_it(name: str, body: bytes) -> None:
    """What is no page of a source is a changed layout, never a zero."""
    with pytest.raises(RepwatchError):
        list(sources.load(name).parse(Page(url="", body=body)))


@pytest.mark.parametrize("name", ALL)
def test_walk_asks_for_a_page(name: str) -> None:
    """A walk asks without I/O; where the door is not live, it may ask for nothing."""
    source = sources.load(name)
    target = "https://www.example.com/page" if source.INFO.target == "url" else "acme belgique"
    watch = Watch(
        source=name, employer="acme", target=target, since=date(2026, 1, 1), until=date(2026, 1, 31)
    )
    first = next(source.walk(watch), None)
    assert isinstance(first, Request) or not source.INFO.live
