"""One address for one page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repwatch.text.canonical import canonical_url


@pytest.mark.parametrize(("url", "page"), [
    ("https://www.google.com/url?rct=j&sa=t&url=https://press.example/a%3Fid%3D1%26utm_source%3Dx&ct=ga&cd=1", "https://press.example/a?id=1"),
    ("https://www.google.be/url?q=https://press.example/a", "https://press.example/a"),
    ("http://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&url=https%3a%2f%2fpress.example%2fa&c=1&mkt=fr-be", "https://press.example/a"),
    ("https://l.facebook.com/l.php?u=https%3A%2F%2Fpress.example%2Fa%3Ffbclid%3D1&h=x", "https://press.example/a"),
    ("https://www.linkedin.com/safety/go?url=https%3A%2F%2Fpress.example%2Fa&trk=x", "https://press.example/a"),
    ("https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fpress.example%2Fa&data=05", "https://press.example/a"),
    ("https://www.google.com/url?url=https%3A%2F%2Fwww.bing.com%2Fnews%2Fapiclick.aspx%3Furl%3Dhttps%253A%252F%252Fpress.example%252Fa", "https://press.example/a"),
    ("https://www.google.com/url?sa=t", "https://www.google.com/url?sa=t"),
    ("https://www.google.com/url?url=javascript:alert(1)", "https://www.google.com/url?url=javascript:alert(1)"),
    ("https://notgoogle.com/url?url=https://press.example/a", "https://notgoogle.com/url?url=https://press.example/a"),
    ("https://www.google.com/amp/s/press.example/a", "https://press.example/a"), ("https://www.google.com/amp/press.example/a?x=1", "http://press.example/a?x=1"),
    ("https://press-example.cdn.ampproject.org/c/s/press.example/a", "https://press.example/a"), ("https://press-example.cdn.ampproject.org/v/", "https://press-example.cdn.ampproject.org/v/"),
    ("https://press.example/a/amp/", "https://press.example/a"), ("https://press.example/amp/a", "https://press.example/a"), ("https://press.example/a.amp.html?amp=1", "https://press.example/a.html"),
    ("https://press.example/champ/amplify", "https://press.example/champ/amplify"), ("https://press.example/a?amp=2", "https://press.example/a?amp=2"),
    ("https://press.example/a?utm_medium=x&b=2&a=1&gclid=y&fbclid=z", "https://press.example/a?b=2&a=1"), ("https://press.example/a?q=a%20b", "https://press.example/a?q=a%20b"),
    ("HTTPS://Press.Example:443/A#top", "https://press.example/A"), ("http://press.example:8080", "http://press.example:8080/"),
    ("https://forum.example/t/1#post-1234", "https://forum.example/t/1#post-1234"), ("https://app.example/#/story/1", "https://app.example/#/story/1"),
    ("mailto:a@b.example", "mailto:a@b.example"), ("http://[::x", "http://[::x"), ("https://a.example:x/", "https://a.example:x/"), ("", ""),
])  # fmt: skip
def test_addresses(url: str, page: str) -> None:
    """Wrappers are opened, tracking and AMP dropped; what is no address stays as it is."""
    assert page == canonical_url(url)


@given(st.from_regex(r"https?://[a-z]{1,5}\.example(:\d{1,4})?(/[a-zA-Z0-9%.~_-]{0,6}){0,3}(\?([a-z_]{1,6}=[a-zA-Z0-9%+]{0,5}&?){0,3})?(#[a-z0-9/!-]{0,5})?", fullmatch=True) | st.text(max_size=30))
def test_a_canonical_address_stays(url: str) -> None:
    """A canonical address is its own canonical address."""
    assert canonical_url(canonical_url(url)) == canonical_url(url)
