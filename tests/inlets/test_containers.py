"""Files of several things: ZIP, HAR, MHTML, e-mail. What is in them, and what they may not do to us."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from contextlib import suppress
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repwatch.errors import UnreadableError
from repwatch.inlets import har, mail, mhtml, zipped
from repwatch.inlets.zipped import Member
from repwatch.models import Page, Problem


def packed(files: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    """Return a ZIP of files by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    out.seek(0)
    return out


def test_files_in_a_zip() -> None:
    """By name, without what a browser or a system puts beside a page; names are labels without folders."""
    found = list(zipped.read(packed({"b.json": b"2", "../../etc/a.html": b"1", "a_files/x.html": b"", "__MACOSX/b.json": b"", ".hidden": b"", "dir/": b"", "logo.png": b"", "C:\\x\\c.csv": b"3"})))
    assert [Member("a.html", b"1"), Member("c.csv", b"3"), Member("b.json", b"2")] == found


def test_a_sidecar_in_a_zip_goes_with_its_file() -> None:
    """It stands beside the file in the same folder; text files, left out as a rule, are read with one."""
    found = list(zipped.read(packed({"x/a.json": b"1", "x/a.http.json": b"{}", "y/a.json": b"2", "note.txt": b"3", "said.txt": b"4", "said.http.json": b"[]"})))
    assert found == [Member("said.http.json", b"[]"), Member("said.txt", b"4", b"[]"), Member("a.http.json", b"{}"), Member("a.json", b"1", b"{}"), Member("a.json", b"2")]


@pytest.mark.parametrize(
    ("files", "said"),
    [({f"{n}.json": b"" for n in range(2_001)}, "holds 2001 files; the limit is 2000"), ({"bomb.json": b"0" * 30_000_000}, "far more than it holds"),
     ({f"{n}.json": bytes(range(256)) * 234_000 for n in range(5)}, "unpacks to 299 MB")],
)  # fmt: skip
def test_floods(files: dict[str, bytes], said: str) -> None:
    """Too many files, too much in all, far more than it holds: refused before anything is unpacked."""
    with pytest.raises(UnreadableError, match=said):
        list(zipped.read(packed(files)))


def test_a_zip_that_lies() -> None:
    """What a member really unpacks to counts, not what the ZIP says of it."""
    raw = bytearray(packed({"a.json": b"0" * 900_000}).getvalue())
    at = raw.index(b"PK\x01\x02")
    raw[at + 24 : at + 28] = (5).to_bytes(4, "little")
    found = list(zipped.read(io.BytesIO(bytes(raw))))
    assert [Problem(reason="unreadable", detail="a.json: it is damaged in the ZIP file")] == found or found == [Member("a.json", b"00000")]


def test_torn_zips(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ZIP cut off is said; a damaged file in it is a problem and the rest is read; a large one is refused."""
    whole = packed({"a.json": b"1" * 50, "b.json": b"2" * 50}, zipfile.ZIP_STORED).getvalue()
    with pytest.raises(UnreadableError, match="damaged or cut off"):
        list(zipped.read(io.BytesIO(whole[:60])))
    with pytest.raises(UnreadableError, match="damaged or cut off"):
        zipped.look_inside(io.BytesIO(b"PK\x03\x04"))
    assert zipped.names(io.BytesIO(b"PK\x03\x04")) == []
    found = list(zipped.read(io.BytesIO(whole.replace(b"1" * 50, b"1" * 49 + b"x"))))
    assert [Problem(reason="unreadable", detail="a.json: it is damaged in the ZIP file"), Member("b.json", b"2" * 50)] == found
    monkeypatch.setattr(zipped, "MAX_BYTES", 10)
    assert [each.detail for each in zipped.read(io.BytesIO(whole)) if isinstance(each, Problem)] == ["a.json: it is larger than 0 MB", "b.json: it is larger than 0 MB"]


@pytest.mark.parametrize(("name", "expected"), [("a/b\\c.html", "c.html"), ("\x1b[31m.csv", "[31m.csv"), ("", "unnamed"), ("../..", ".."), ("x" * 300, "x" * 120)])
def test_labels(name: str, expected: str) -> None:
    """A name is a label: no folder, no control character, no flood."""
    assert expected == zipped.label(name)


def entry(url: str, text: str | None, *, status: int = 200, mime: str = "application/json", **more: Any) -> dict[str, Any]:
    content = {"mimeType": mime, "size": 1, **({} if text is None else {"text": text}), **more}
    headers = [{"name": "Set-Cookie", "value": "sid=planted-secret"}, {"name": "Content-Type", "value": mime}, {"name": "ETag", "value": '"1"'}, {"name": "X-Api-Key", "value": "planted-secret"}]
    return {"startedDateTime": "2026-11-03T09:00:00.123+01:00", "request": {"method": "GET", "url": url, "headers": [{"name": "Cookie", "value": "planted-secret"}], "cookies": []}, "response": {"status": status, "headers": headers, "content": content}}


def har_of(*entries: Any) -> bytes:
    return json.dumps({"log": {"version": "1.2", "creator": {"name": "x"}, "entries": list(entries)}}).encode()


def test_har() -> None:
    """Pages and JSON answers, each once, plain or in base64; pictures, empty answers and 304 are passed over; no credential is kept."""
    html = base64.b64encode("<html>é</html>".encode()).decode()
    body = har_of(
        entry("https://a.b/1", '{"x": 1}'), entry("https://a.b/1", '{"x": 1}'), entry("https://a.b/2", html, mime="text/html", encoding="base64"), entry("https://a.b/p.png", "aaaa", mime="image/png"),
        entry("https://a.b/3", None, status=304), entry("https://a.b/4", "", status=403, mime="text/html"), entry("https://a.b/5", None), entry("https://a.b/6", "x", status=0), entry("https://a.b/7", "abcde", encoding="base64"),
        {"request": {}}, "no entry",
    )  # fmt: skip
    found = list(har.read(body))
    pages = [each for each in found if isinstance(each, Page)]
    assert Page("https://a.b/1", 200, {"content-type": "application/json", "etag": '"1"'}, b'{"x": 1}', "2026-11-03T08:00:00Z", "saved") in pages
    assert {(page.url, page.status, page.body) for page in pages} == {("https://a.b/1", 200, b'{"x": 1}'), ("https://a.b/2", 200, "<html>é</html>".encode()), ("https://a.b/4", 403, b"")}
    assert sorted(each.detail.split(": ", 1)[1] for each in found if isinstance(each, Problem)) == ["entry: Input should be a valid dictionary or instance of _Entry", "its content is no base64", "request.url: Field required"]
    assert "planted-secret" not in repr(found)


@pytest.mark.parametrize(("body", "said"), [(har_of(entry("https://a.b", None)), "holds no contents"), (b'{"log":{"entries":[]}}', "nothing was recorded"), (b'{"log":{"entries":3}}', "no list"), (b'{"log":{', "torn"), (b'{"log":{"entries":' + b"[" * 100_000, "torn")])
def test_har_without_contents(body: bytes, said: str) -> None:
    """A HAR saved without contents, a torn one and one without a list are named."""
    with pytest.raises(UnreadableError, match=said):
        list(har.read(body))


def test_har_instants() -> None:
    """A moment that is none, or has no zone, is left out."""
    for told in ("some day", "2026-11-03T09:00:00"):
        row = {**entry("https://a.b", "{}"), "startedDateTime": told}
        assert [""] == [each.fetched_at for each in har.read(har_of(row)) if isinstance(each, Page)]


def mhtml_of(html: str, *, charset: str = "utf-8", encoding: str = "quoted-printable", url: str = "https://www.glassdoor.be/x", name: str = "<frame-1@mhtml.blink>") -> bytes:
    """Return a page as a browser saves it in one file."""
    import quopri

    raw = html.encode(charset)
    coded = base64.encodebytes(raw) if encoding == "base64" else quopri.encodestring(raw)
    head = (f'From: <Saved by Blink>\r\nSnapshot-Content-Location: {url}\r\nSubject: =?utf-8?Q?Avis?=\r\nDate: Tue, 3 Nov 2026 09:00:00 +0100\r\nMIME-Version: 1.0\r\n'
            f'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="----B"\r\n\r\n------B\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\naaaa\r\n'
            f'------B\r\nContent-Type: text/html{f"; charset={charset}" if charset != "utf-8" else ""}\r\nContent-ID: {name}\r\nContent-Transfer-Encoding: {encoding}\r\nContent-Location: {url}\r\n\r\n')  # fmt: skip
    return head.encode() + coded + b"\r\n------B\r\nContent-Type: text/html\r\n\r\n<html>a frame</html>\r\n------B--\r\n"


@pytest.mark.parametrize(("charset", "encoding"), [("utf-8", "quoted-printable"), ("utf-8", "base64"), ("windows-1252", "quoted-printable"), ("utf-16", "base64")])
def test_mhtml(charset: str, encoding: str) -> None:
    """The page itself in UTF-8, its address and the moment it was saved; frames and pictures are left out."""
    body = mhtml_of("<html><p>Une équipe très agréable = bien</p></html>", charset=charset, encoding=encoding)
    assert mhtml.is_mhtml(body[:4096])
    page = mhtml.read(body)
    assert (page.url, page.fetched_at, page.door, page.headers) == ("https://www.glassdoor.be/x", "2026-11-03T08:00:00Z", "saved", {"content-type": "text/html"})
    assert page.body.decode().strip() == "<html><p>Une équipe très agréable = bien</p></html>"


def test_mhtml_edges() -> None:
    """`start` names the page; an unknown charset is read as it stands; without a page it is said; a bad date is none."""
    body = mhtml_of("<html>one</html>").replace(b'boundary="----B"', b'boundary="----B"; start="<two>"').replace(b"------B\r\nContent-Type: text/html\r\n\r\n<html>a frame", b"------B\r\nContent-Type: text/html; charset=klingon\r\nContent-ID: <two>\r\n\r\n<html>two")
    assert mhtml.read(body).body == b"<html>two</html>"
    odd = mhtml_of("<html>one</html>", url="cid:x").replace(b"Tue, 3 Nov", b"some day")
    assert (mhtml.read(odd).url, mhtml.read(odd).fetched_at) == ("", "")
    for nothing in (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n", b"Snapshot-Content-Location: x\r\nContent-Type: text/html\r\n\r\n  "):
        with pytest.raises(UnreadableError, match="no page is in this file"):
            mhtml.read(nothing)
    assert [mhtml.is_mhtml(head) for head in (b"<html>Content-Type: multipart/related", b"hello", b"a: b\n\nContent-Type: multipart/related")] == [False, False, False]


def letter(html: str | None = None, text: str | None = None, **attached: bytes) -> EmailMessage:
    """Return an invented e-mail."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Alerts <alerts@invented.example>", "someone@firm.example", "Alert: Acme for bob@firm.example"
    message["Date"], message["Message-ID"] = "Tue, 3 Nov 2026 09:00:00 +0100", "<1@invented.example>"
    message.set_content(text or "plain words")
    if html is not None:
        message.add_alternative(html, subtype="html")
    for name, body in attached.items():
        message.add_attachment(body, maintype="application", subtype="octet-stream", filename=name.replace("_", "."))
    return message


ALERT = """<html><style>p{}</style><p>Acme in the <a href="https://www.google.com/url?rct=j&amp;url=https://press.example/acme&amp;usg=x">press</a></p>
<p><a href="https://press.example/acme">again</a> <a href="https://shop.example/?u=someone@firm.example&amp;t=1">a shop</a> <a href="mailto:x@y.example">write</a> <a href="http://[::bad">bad</a></p>
<p><a href="https://list.example/u?token=1">Unsubscribe</a> · <a href="https://www.google.com/alerts/edit?x=1">Edit</a> someone@firm.example</p></html>"""


def test_mail() -> None:
    """An alert is one mention: subject, day, words and where its links lead; nobody's address, no link to leave the list."""
    page, attachment = mail.read(letter(ALERT, None, table_csv=b"date,rating,pros\n", picture_png=b"x").as_bytes())
    assert isinstance(page, Page)
    (mention,) = mail.items(page)
    assert mention.model_dump(exclude_defaults=True) == {
        "source": "mail", "kind": "article", "native_id": mention.native_id, "title": "Alert: Acme for [e-mail]", "published": "2026-11-03T08:00:00Z",
        "text": "Acme in the press (https://press.example/acme)\n\nagain a shop (https://shop.example/) write bad\n\n· [e-mail]"}  # fmt: skip
    assert Member("table.csv", b"date,rating,pros\n") == attachment
    assert "firm.example" not in repr((page, mention))
    assert "invented.example" not in repr((page, mention))


def test_plain_and_odd_mails() -> None:
    """Plain text, an unknown charset, no Message-ID (the content names it), nothing at all."""
    plain = letter(None, "Acme is fine.").as_bytes()
    (page,) = mail.read(plain)
    assert isinstance(page, Page)
    assert [each.text for each in mail.items(page)] == ["Acme is fine."]
    (page,) = mail.read(plain.replace(b'charset="utf-8"', b'charset="klingon"').replace(b"Message-ID", b"X-Gone"))
    assert isinstance(page, Page)
    assert len(page.headers["x-id"]) == 24
    (page,) = mail.read(b"From: a@b.example\nSubject:\nDate: never\n\n")
    assert isinstance(page, Page)
    assert [Problem(source="mail", reason="empty", detail="the e-mail holds no text")] == list(mail.items(page))


@pytest.mark.parametrize("charset", ["utf-8", "cp1252"])
@pytest.mark.parametrize("declared", ["", "Content-Type: text/plain\n", "Content-Type: text/plain; charset=us-ascii\n"])
def test_mail_without_a_charset(charset: str, declared: str) -> None:
    """Bytes above 127 of which nobody tells the charset are UTF-8, else what Windows writes; in the subject too."""
    page = next(iter(mail.read(f"From: a@b.example\nSubject: Débat\n à Liège\n{declared}\nUne équipe agréable".encode(charset))))
    assert isinstance(page, Page)
    assert ("Débat à Liège", "Une équipe agréable") == (page.headers["subject"], page.body.decode())


def test_mbox() -> None:
    """A folder of e-mails in one file; a line "From " in a text is quoted there."""
    one = letter(None, "First.\n>From here on.\n").as_bytes()
    box = b"From MAILER Tue Nov  3 09:00:00 2026\n" + one + b"\nFrom MAILER Tue Nov  3 09:00:00 2026\n" + letter(None, "Second.").as_bytes()
    assert [mail.is_mbox(box[:4096]), mail.is_mail(box[:4096]), mail.is_mail(one[:4096]), mail.is_mail(b"Subject of the day: none"), mail.is_mail(b"date: 1\nrating: 2\n")] == [True, False, True, False, False]
    texts = [each.text for part in mail.messages(box) for page in mail.read(part) if isinstance(page, Page) for each in mail.items(page)]
    assert texts == ["First.\nFrom here on.", "Second."]


@given(st.binary(max_size=400))
def test_any_bytes(noise: bytes) -> None:
    """No bytes crash the taking apart."""
    for reader in (lambda: list(har.read(noise)), lambda: mhtml.read(noise), lambda: list(mail.read(b"From: x\nSubject: y\n" + noise)), lambda: list(zipped.read(io.BytesIO(noise)))):
        # Anything but an UnreadableError fails the test.
        with suppress(UnreadableError):
            assert reader() is not None


def test_forged_mails() -> None:
    """Headers and parts that break the standard library's own reading cost what they hold, not the rest."""
    forged = b"From: <a@b\nSubject: =?utf-8?q?=FF\nDate: \x00\nMessage-ID: <a\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/html\n\nAcme\n--x\nContent-Type: message/rfc822\nContent-Disposition: attachment; filename=a.html\n\nFrom: c\n\nd\n--x--\n"
    page, *attached = mail.read(forged)
    assert isinstance(page, Page)
    assert [each.text for each in mail.items(page)] == ["Acme"]
    assert attached == []
    nothing = b"From: a\nSubject: b\nContent-Type: multipart/mixed; boundary=x\n\n"
    (page,) = mail.read(nothing)
    assert isinstance(page, Page)
    assert [each.text for each in mail.items(page)] == [""]
