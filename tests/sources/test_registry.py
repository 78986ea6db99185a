"""The registry finds sources, names the nearest, and tells whose a page is."""

from __future__ import annotations

import subprocess
import sys

import pytest

from repwatch import sources
from repwatch.errors import UsageError
from repwatch.models import Page


def test_names_are_the_public_modules() -> None:
    """Private modules are no sources."""
    assert {"feed", "hackernews", "jsonld"} <= set(sources.names())
    assert not [name for name in sources.names() if name.startswith("_")]


def test_an_unknown_name_gets_the_nearest() -> None:
    """A slip of the finger is answered with the name that was meant, nonsense with all names."""
    with pytest.raises(UsageError, match="hackernew") as slip:
        sources.load("hackernew")
    assert slip.value.hint == "Did you mean 'hackernews'?"
    with pytest.raises(UsageError) as nonsense:
        sources.load("qqqq")
    assert "hackernews" in nonsense.value.hint


@pytest.mark.parametrize(
    ("url", "body", "expected"),
    [
        ("https://hn.algolia.com/api", b"", "hackernews"),
        ("https://x.hn.algolia.com:443/api", b"", "hackernews"),
        ("https://nothn.algolia.com/api", b"", None),
        ("http://[broken", b'{"hits": [{"created_at_i": 1}]}', "hackernews"),
        ("", b'<rss version="2.0">application/ld+json', "feed"),
        ("", b'<html><script type="application/ld+json">{}</script><feed>', "jsonld"),
        ("", '<rss version="2.0">'.encode("utf-16"), "feed"),
        ("", '<rss version="2.0">'.encode("utf-16-le"), "feed"),
        ("", '<rss version="2.0">'.encode("utf-16-be"), "feed"),
        ("", b'{"version": "https:\\/\\/jsonfeed.org\\/version\\/1"}', "feed"),
        ("", b"plain", None),
    ],
)
def test_a_page_finds_its_source(url: str, body: bytes, expected: str | None) -> None:
    """Hosts decide first, on label borders, then marks; sources of any site come last, the first mark winning."""
    assert expected == sources.recognise(Page(url=url, body=body))


def test_the_registry_imports_nothing_heavy() -> None:
    """Listing and recognising cost no parser."""
    program = (
        "import sys; from repwatch import sources; from repwatch.models import Page;"
        "sources.recognise(Page(url='', body=b'x'));"
        "print(*{'feedparser', 'lxml', 'selectolax', 'bs4'} & set(sys.modules))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": "src"},
        check=False,
    )
    assert (ran.stdout.strip(), ran.stderr) == ("", "")
