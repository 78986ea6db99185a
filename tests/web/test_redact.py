"""What is left out of addresses, and how two secret addresses stay two."""

from __future__ import annotations

import pytest

from repwatch.web.redact import every_form, public_address, redact, secrets_of

ALERT = "https://www.google.com/alerts/feeds/00112233445566778899/1234567890123"


def test_public_address() -> None:
    """An address without a secret stays; one with a secret has a mark in its place, the same every time, another for another."""
    assert public_address("https://press.example/rss?page=2") == "https://press.example/rss?page=2"
    one, other = public_address(ALERT), public_address(ALERT + "4")
    assert one != other
    assert one == public_address(ALERT)
    assert one.startswith("https://www.google.com/alerts/feeds/REDACTED-")
    assert "123456789" not in one


@pytest.mark.parametrize("url", [ALERT, "https://press.example/rss?token=hush-hush&a=1", "https://a.example/?key=x;sig=y#z"])
def test_what_is_public_stays(url: str) -> None:
    """A public address is left as it is by everything that takes secrets out."""
    shown = public_address(url)
    assert [shown, shown] == [redact(shown), public_address(shown)]


def test_secrets_of() -> None:
    """An address gives its secrets one by one, a header its last word, a query parameter its value; short ones are left to chance."""
    assert secrets_of(ALERT, {}) == ["00112233445566778899", "1234567890123"]
    assert secrets_of("https://a.example/?key=hush%2Fhush", {"Authorization": "Bearer token-token", "?apikey": "query-key", "X-Plain": "seen-by-all", "Cookie": "abc"}) == [
        "hush%252Fhush", "hush%2Fhush", "token-token", "hush\\/hush", "hush/hush", "query-key",
    ]  # fmt: skip
    assert every_form(["short"]) == []
