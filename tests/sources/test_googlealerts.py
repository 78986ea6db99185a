"""Google Alerts: a preset of the source for feeds, whose address is its own key."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.real import REAL, needs_real
from tests.sources import apis, golden

from repwatch.errors import LayoutChanged
from repwatch.models import Page, Watch
from repwatch.sources import googlealerts


@pytest.mark.parametrize("case", apis.cases("googlealerts"), ids=lambda case: case.name)
def test_cases(case: Path) -> None:
    """Each invented payload gives what stands beside it."""
    assert golden.outcomes("googlealerts", case) == golden.golden(case).read_text(encoding="utf-8")


def test_walk() -> None:
    """One request, for the address as the settings give it with its secret taken out."""
    target = "https://www.google.com/alerts/feeds/REDACTED-0a1b2c"
    (request,) = googlealerts.walk(Watch(source="googlealerts", employer="Acme", target=target, since=date(2026, 11, 1), until=date(2026, 11, 2)))
    assert [request.url, request.expect, request.api] == [target, "feed", True]


def test_changed() -> None:
    """What is no feed is a changed layout, in this source's name."""
    with pytest.raises(LayoutChanged, match="googlealerts: no whole feed"):
        apis.parsed("googlealerts", b"[1]")


@needs_real
def test_real() -> None:
    """The recorded alert: twenty entries with the addresses of the stories themselves."""
    found = list(googlealerts.parse(Page("", body=(REAL / "social/google_alerts/feedjira_google_alerts_atom.xml").read_bytes())))
    assert [len(found), {each.source for each in found}] == [20, {"googlealerts"}]  # type: ignore[union-attr]
    assert not any("google.com/url" in each.url for each in found)  # type: ignore[union-attr,operator]
