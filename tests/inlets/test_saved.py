"""Saved pages: their bytes, their address, their status."""

from __future__ import annotations

import codecs
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repwatch.errors import Exit, UnreadableError
from repwatch.inlets import saved
from repwatch.inlets.saved import is_sidecar, read_bytes, read_page, saved_url, to_utf8
from repwatch.models import Page


def beside(folder: Path, sidecar: object, body: bytes = b"{}") -> Path:
    path = folder / "page.json"
    path.write_bytes(body)
    (folder / "page.http.json").write_text(sidecar if isinstance(sidecar, str) else json.dumps(sidecar), "utf-8")
    return path


def test_a_sidecar_tells_all(tmp_path: Path) -> None:
    """Address, status, headers in lower case, and the time come from the file beside it; unknown keys are passed over."""
    path = beside(tmp_path, {"url": "https://a.b/c", "status": 403, "headers": {"Content-Type": "text/html", "Set-Cookie": ["a", "b"]}, "recorded_at": "2026-01-01T00:00:00Z", "more": 1})
    expected = Page("https://a.b/c", 403, {"content-type": "text/html", "set-cookie": "a, b"}, b"{}", "2026-01-01T00:00:00Z", "saved")
    assert expected == read_page(path)


def test_a_given_address_wins(tmp_path: Path) -> None:
    """What the user says counts more than the sidecar."""
    assert read_page(beside(tmp_path, {"url": "https://a.b/c"}), "https://x.y").url == "https://x.y"


def test_without_a_sidecar_the_page_speaks(tmp_path: Path) -> None:
    """Status 200, no headers, the address that the page names."""
    path = tmp_path / "page.html"
    path.write_bytes(b'<link rel="canonical" href="https://a.b/c">')
    assert Page("https://a.b/c", 200, {}, path.read_bytes(), "", "saved") == read_page(path)


@pytest.mark.parametrize(("said", "expected"), [("http://[::bad", ""), ("https://a.b/c", "https://a.b/c")])
def test_an_address_that_is_none_is_left_out(said: str, expected: str, tmp_path: Path) -> None:
    """An address that cannot be taken apart is no address, wherever it was found."""
    path = tmp_path / "page.html"
    path.write_text(f'<link rel="canonical" href="{said}">', "utf-8")
    assert expected == read_page(path).url


def test_a_sidecar_is_not_its_own_sidecar(tmp_path: Path) -> None:
    """Named itself, `x.http.json` is read as a file like others."""
    path = tmp_path / "x.http.json"
    path.write_bytes(b"not json")
    assert read_page(path).body == b"not json"


@pytest.mark.parametrize("sidecar", ["", "{", "[]", '{"status": "x"}', '{"headers": 3}', "[" * 100_000])
def test_a_broken_sidecar_is_named(sidecar: str, tmp_path: Path) -> None:
    """The message names the sidecar, not the page."""
    with pytest.raises(UnreadableError) as caught:
        read_page(beside(tmp_path, sidecar))
    assert (str(tmp_path / "page.http.json"), "Correct or remove this file.") == (caught.value.where, caught.value.hint)
    assert caught.value.message.startswith("it holds no url, status and headers")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"<!-- saved from url=(0023)https://a.b/c -->", "https://a.b/c"),
        (b"<!-- saved from url=(0014)about:internet --><link rel=canonical href=https://a.b/d>", "https://a.b/d"),
        (b'<link rel="canonical" href="https://a.b/c?x=1&amp;y=2"/>', "https://a.b/c?x=1&y=2"),
        (b"<LINK HREF='https://a.b/c' REL='canonical'>", "https://a.b/c"),
        (b'<link rel="canonical" href="/c"><meta property="og:url" content="https://a.b/og">', "https://a.b/og"),
        (b'<meta content="https://a.b/og" property="og:url">', "https://a.b/og"),
        (b'<link rel="stylesheet" href="https://a.b/x.css">', ""),
        (b'<link rel="canonical" href="javascript:alert(1)">', ""),
        (b'<link rel="canonical" href="https://a.b/\xff">', "https://a.b/\ufffd"),
        (b" " * 400_000 + b'<link rel="canonical" href="https://a.b/c">', ""),
        (b"", ""),
        (b"{}", ""),
    ],
)
def test_the_address_in_a_page(body: bytes, expected: str) -> None:
    """The browser's mark over the canonical link over og:url; only full web addresses."""
    assert expected == saved_url(body)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("é".encode("utf-16"), "é".encode()),
        (codecs.BOM_UTF16_BE + "é".encode("utf-16-be"), "é".encode()),
        ("é".encode("utf-32"), "é".encode()),
        (codecs.BOM_UTF8 + "é".encode(), codecs.BOM_UTF8 + "é".encode()),
        (b'<meta charset="iso-8859-1"><p>\xe9', '<meta charset="iso-8859-1"><p>é'.encode()),
        (b"<meta http-equiv=x content='text/html; charset=windows-1252'>\x80", "<meta http-equiv=x content='text/html; charset=windows-1252'>€".encode()),
        ('<meta charset="iso-8859-1"><p>é'.encode(), '<meta charset="iso-8859-1"><p>é'.encode()),
        (b'<meta charset="utf-8">\xe9', b'<meta charset="utf-8">\xe9'),
        (b'<meta charset="klingon">\xe9', b'<meta charset="klingon">\xe9'),
        (b"\xe9", b"\xe9"),
        (b"", b""),
    ],
)
def test_charsets(body: bytes, expected: bytes) -> None:
    """UTF-16, UTF-32 and declared charsets come as UTF-8; what is UTF-8 already, or unknown, stays."""
    assert expected == to_utf8(body)


@pytest.mark.parametrize("charset", ["base64", "hex", "rot13", "zlib", "idna", "punycode", "undefined", "unicode_escape", "bz2", "utf-7"])
def test_a_charset_that_is_none_does_no_harm(charset: str) -> None:
    """Python knows codecs that are no charsets, or that fail: such a page stays readable."""
    body = b'<meta charset="' + charset.encode() + b'">\xe9'
    assert isinstance(to_utf8(body), bytes)


@given(st.binary(max_size=100), st.sampled_from([b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, b"<meta charset=latin-1>", b"<meta charset=shift_jis>"]))
def test_any_bytes_are_taken(body: bytes, head: bytes) -> None:
    """Broken text is replaced, never a crash."""
    assert isinstance(to_utf8(head + body), bytes)
    assert isinstance(saved_url(head + body), str)


def unreadable(path: Path) -> UnreadableError:
    with pytest.raises(UnreadableError) as caught:
        read_bytes(path)
    assert Exit.NOTHING_READ is caught.value.exit_code
    assert str(path) == caught.value.where
    return caught.value


def test_a_missing_file(tmp_path: Path) -> None:
    """It says so."""
    assert ((error := unreadable(tmp_path / "x")).message, error.hint) == ("there is no such file", "Check the name.")


def test_a_folder(tmp_path: Path) -> None:
    """A folder is not read, and the hint tells how its files are."""
    assert unreadable(tmp_path).message == "this is a folder"
    assert "folder/*" in unreadable(tmp_path).hint


def test_a_name_too_long(tmp_path: Path) -> None:
    """What the system refuses is repeated in its words."""
    assert unreadable(tmp_path / ("x" * 300)).message.startswith("the file cannot be opened (File name too long")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="permissions do not bind root")
def test_a_forbidden_file(tmp_path: Path) -> None:
    """Who may not read it is told so."""
    path = tmp_path / "x"
    path.touch(mode=0o000)
    assert unreadable(path).message == "the file cannot be opened (Permission denied)"


def test_a_huge_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file over the limit is not read into memory; a sparse one is enough to show it."""
    path = tmp_path / "x"
    with path.open("wb") as out:
        out.truncate(saved.MAX_BYTES + 1_000_000)
    assert unreadable(path).message == "the file is too large (65 MB; the limit is 64 MB)"
    monkeypatch.setattr(saved, "MAX_BYTES", 66_000_000)
    assert len(read_bytes(path)) == 65_000_000


@pytest.mark.parametrize("ending", [".json", ".html", ".xml", ".txt", ".rss", ".atom"])
def test_a_sidecar_is_known_by_its_neighbour(ending: str, tmp_path: Path) -> None:
    """`x.http.json` beside `x.html` only describes it; alone it is a file."""
    sidecar = tmp_path / "x.http.json"
    sidecar.touch()
    assert (is_sidecar(sidecar), is_sidecar(tmp_path / f"x{ending}")) == (False, False)
    (tmp_path / f"x{ending}").touch()
    assert (is_sidecar(sidecar), is_sidecar(tmp_path / f"x{ending}")) == (True, False)
