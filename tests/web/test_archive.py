"""Archive and replay: what went in comes out, and secrets never went in."""

from __future__ import annotations

import gzip
import subprocess
import sys
from io import BytesIO

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from repwatch.errors import StoreError, UnreadableError
from repwatch.models import Page, Refused, Request
from repwatch.web.archive import ArchiveWriter, load_body, pages, read_archive
from repwatch.web.replay import Replay

URL = "https://www.example.com/reviews?page=2"
PAGE = Page(
    URL,
    200,
    {"content-type": "text/html", "x-note": "café"},
    b"<html>\r\n\r\n\x00\xff</html>",
    "2026-11-23T09:00:00Z",
)
INFO = {"clock": "2026-11-23T09:00:00Z", "settings": "ab12", "cursors": {"x": None}}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "run.warc.gz"


def write(path, *steps, info=INFO):
    """Archive pages as steps of one watch."""
    with ArchiveWriter(path, info=info) as writer:
        return [writer.page("w", n, Request(url=page.url), page) for n, page in enumerate(steps)]


def test_round_trip(path):
    """Pages come back equal, refusals too, and the run's own notes."""
    request = Request(url="https://www.example.com/start")
    refused = Refused(reason="rate_limit", detail="asks to wait", retry_after_s=60)
    with ArchiveWriter(path, info=INFO) as writer:
        offset = writer.page("glassdoor|Acmé|x", 0, request, PAGE)
        writer.refused("glassdoor|Acmé|x", 1, request, refused)
    archive = read_archive(path)
    assert archive.info == INFO
    assert archive.torn == 0
    assert dict(archive.steps) == {
        ("glassdoor|Acmé|x", 0): (PAGE, request.url),
        ("glassdoor|Acmé|x", 1): (refused, request.url),
    }
    assert len(archive.steps) == 2
    assert load_body(path, offset) == PAGE.body
    assert list(pages(path)) == [PAGE]


@pytest.mark.parametrize(
    "page",
    [
        PAGE._replace(body=b""),
        PAGE._replace(status=404, fetched_at=""),
        PAGE._replace(url="https://exämple.example/ü?q=a b"),
        PAGE._replace(url="", door="saved"),
        PAGE._replace(url="file:///home/Saved page.html", door="inbox"),
        PAGE._replace(
            headers={
                "content-encoding": "gzip",
                "content-length": "9",
                "transfer-encoding": "chunked",
                "empty": "",
            }
        ),
        PAGE._replace(fetched_at="2026-11-23T09:00:00.123456+01:00"),
    ],
)
def test_odd_pages_come_back_equal(path, page):
    """Whatever a page is, replay gives it as it was."""
    write(path, page)
    assert read_archive(path).steps["w", 0][0] == page


def test_other_tools_can_read_it(path):
    """It is an ordinary WARC file, digests included."""
    write(path, PAGE)
    with path.open("rb") as file:
        kinds = [record.rec_type for record in ArchiveIterator(file, check_digests="raise")]
    assert kinds == ["warcinfo", "response", "request"]


def test_owner_only_and_part(path):
    """While it grows it is a .part file for the owner's eyes; the name comes at the end."""
    writer = ArchiveWriter(path, info=INFO)
    part = path.with_name("run.warc.gz.part")
    assert part.stat().st_mode & 0o777 == 0o600
    writer.page("w", 0, Request(url=URL), PAGE)
    assert read_archive(part).steps["w", 0][0] == PAGE  # on the disk before close
    assert not path.exists()
    writer.close()
    writer.close()
    assert path.stat().st_mode & 0o777 == 0o600
    assert not part.exists()


def test_never_over_another(path):
    """A finished or growing archive of the same name is not touched."""
    writer = ArchiveWriter(path, info=INFO)
    with pytest.raises(StoreError, match="cannot be written"):
        ArchiveWriter(path, info=INFO)
    writer.close()
    with pytest.raises(StoreError, match="exists already"):
        ArchiveWriter(path, info=INFO)


def test_discard(path):
    """Nothing is left of a discarded archive."""
    writer = ArchiveWriter(path, info=INFO)
    writer.discard()
    assert list(path.parent.iterdir()) == []


def test_full_disk_leaves_whole_records(path, monkeypatch):
    """A failed write is undone, so that the archive stays readable."""
    writer = ArchiveWriter(path, info=INFO)
    writer.page("w", 0, Request(url=URL), PAGE)

    def full(handle):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("repwatch.web.archive.os.fsync", full)
        with pytest.raises(StoreError, match="No space left"):
            writer.page("w", 1, Request(url=URL), PAGE)
    writer.page("w", 2, Request(url=URL), PAGE)
    writer.close()
    archive = read_archive(path)
    assert (list(archive.steps), archive.torn) == ([("w", 0), ("w", 2)], 0)


def test_secrets_are_nowhere(path):
    """No credential, cookie or key in address, header, message, key or echo reaches the disk."""
    secret = "s3cr3t%2Fvalue"
    url = f"https://me:s3cr3t%2Fvalue@api.example/x?q=acme&key={secret}&Access_Token={secret}#f"
    request = Request(
        url=url,
        headers={
            "Authorization": f"Bearer {secret}",
            "X-Api-Key": secret,
            "Cookie": f"a={secret}",
            "Referer": url,
            "X-Fine": "kept",
        },
    )
    headers = {
        "set-cookie": f"s={secret}",
        "location": url,
        "link": f'<{url}>; rel="next"',
        "x-auth-token": secret,
        "etag": '"kept"',
    }
    body = f'{{"next": "{url}", "again": "s3cr3t/value"}}'.encode()
    with ArchiveWriter(path, info={"cursors": {"w": url}}) as writer:
        writer.page(f"s|Acme|{url}", 0, request, PAGE._replace(url=url, headers=headers, body=body))
        writer.page(
            f"s|Acme|{url}",
            1,
            request,
            PAGE._replace(url=url, headers=headers, body=b"", unchanged=True),
            body=body,
        )
        writer.refused(f"s|Acme|{url}", 2, request, Refused(reason="network", detail=f"failed at {url}"))
    text = gzip.decompress(path.read_bytes())
    assert b"s3cr3t" not in text
    assert text.count(b"kept") >= 3
    archive = read_archive(path)
    assert archive.info["cursors"]["w"].startswith("https://api.example/x?q=acme&key=REDACTED&")
    replay = Replay(archive)
    replay.bind(7, f"s|Acme|{url}")
    for _ in range(3):
        replay.submit(7, request, 1.0)
    kinds = [type(answer).__name__ for _ticket, answer in replay.results()]
    assert kinds == ["Page", "Page", "Refused"]


def test_unchanged_page_keeps_its_body_in_reach(path):
    """A 304 is a revisit; its body stands in the same file, and its offset serves the next run."""
    page = Page(URL, 304, {"etag": '"x"'}, b"", "2026-11-23T09:00:00Z", unchanged=True)
    with ArchiveWriter(path, info=INFO) as writer:
        with_body = writer.page("w", 0, Request(url=URL), page, body=PAGE.body)
        without = writer.page("w", 1, Request(url=URL), page)
        carried = writer.page("w", 2, Request(url=URL), page._replace(body=b"own"))
    steps = read_archive(path).steps
    assert steps["w", 0][0] == page._replace(body=PAGE.body)
    assert steps["w", 1][0] == page
    assert steps["w", 2][0] == page._replace(body=b"own")
    assert [load_body(path, at) for at in (with_body, without, carried)] == [PAGE.body, b"", b"own"]
    assert [found.body for found in pages(path)] == [PAGE.body, b"own"]


def test_torn_tail(path):
    """Cut anywhere, every whole record is kept and the rest is measured."""
    offsets = write(path, PAGE, PAGE._replace(body=bytes(range(256)) * 400), PAGE)
    whole = path.read_bytes()
    torn = path.with_name("torn.warc.gz")
    for cut in range(offsets[1] + 1, len(whole), 97):
        torn.write_bytes(whole[:cut])
        archive = read_archive(torn)
        kept = list(archive.steps.offsets.values())
        assert kept == offsets[: len(kept)]
        assert 0 <= archive.torn <= cut - offsets[1]
        assert len(kept) >= 1
    torn.write_bytes(whole + b"\0" * 50)
    assert (len(read_archive(torn).steps), read_archive(torn).torn) == (3, 50)


def test_large_pages_span_reads(path):
    """Records beyond the size of one read."""
    import random

    body = random.Random(1).randbytes(300_000)
    offsets = write(path, PAGE._replace(body=body), PAGE)
    assert load_body(path, offsets[0]) == body
    assert len(read_archive(path).steps) == 2


def test_no_archive(path, tmp_path):
    """What is no archive is said to be none."""
    path.write_bytes(b"hello, world, this is no archive\n" * 3)
    for read in (read_archive, lambda p: list(pages(p)), lambda p: load_body(p, 0)):
        with pytest.raises(UnreadableError):
            read(path)
        with pytest.raises(UnreadableError, match="cannot be opened"):
            read(tmp_path / "missing.warc.gz")
    path.write_bytes(gzip.compress(b"not a record"))
    with pytest.raises(UnreadableError):
        load_body(path, 0)
    assert len(read_archive(path).steps) == 0


def test_wrong_places(path):
    """An offset of something else than a page, and a refusal that is none."""
    write(path, PAGE)
    with pytest.raises(UnreadableError, match="no page"):
        load_body(path, 0)
    with path.open("ab") as file:
        writer = WARCWriter(file, gzip=True)
        headers = {"X-Repwatch-Watch": "w", "X-Repwatch-Step": "9"}
        writer.write_record(
            writer.create_warc_record(
                URL, "metadata", payload=BytesIO(b"{}"), length=2, warc_headers_dict=headers
            )
        )
    with pytest.raises(UnreadableError, match="refusal"):
        read_archive(path).steps["w", 9]


# Files of other tools


def foreign(*, zipped, chunked=b"", url=URL):
    """Write a small WARC file the way other tools do."""
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=zipped)
    headers = [("Content-Type", "text/html"), ("Set-Cookie", "a=1"), ("X-Two", "1"), ("X-Two", "2")]
    body = b"<html>one</html>"
    if chunked:
        headers += [("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")]
        body = chunked
    for _ in range(2):
        status = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                url, "response", payload=BytesIO(body), length=len(body), http_headers=status
            )
        )
    return buffer.getvalue()


@pytest.mark.parametrize("shape", ["plain", "members", "one gzip", "chunked"])
def test_ordinary_warc(path, shape):
    """Uncompressed, zipped by record or whole, bodies as on the wire: pages come out plain."""
    packed = gzip.compress(b"<html>one</html>")
    wire = b"%x\r\n%s\r\n0\r\nX-Trailer: 1\r\n\r\n" % (len(packed), packed)
    data = foreign(zipped=shape == "members", chunked=wire if shape == "chunked" else b"")
    path.write_bytes(gzip.compress(data) if shape == "one gzip" else data)
    found = list(pages(path))
    assert [page.body for page in found] == [b"<html>one</html>"] * 2
    assert (found[0].url, found[0].status, found[0].door) == (URL, 200, "saved")
    assert found[0].headers == {"content-type": "text/html", "x-two": "1, 2"}


@pytest.mark.parametrize("zipped", [True, False])
def test_torn_ordinary_warc(path, zipped):
    """Half a page is not a page."""
    data = foreign(zipped=zipped)
    path.write_bytes(data[:-30])
    assert len(list(pages(path))) == 1


def test_replay_gives_the_same_in_order(path):
    """Watches count their own steps; what is missing is said."""
    write(path, PAGE, PAGE._replace(body=b"two"))
    replay = Replay(read_archive(path))
    replay.bind(1, "w")
    replay.bind(2, "unknown")
    request = Request(url=URL)
    for ticket in (1, 2, 1, 1, 3):
        replay.submit(ticket, request, 1.0)
    missing = Refused(reason="not_archived")
    assert list(replay.results()) == [
        (1, PAGE),
        (2, missing),
        (1, PAGE._replace(body=b"two")),
        (1, missing),
        (3, missing),
    ]
    replay.submit(1, request, 0)
    replay.close()
    assert list(replay.results()) == []


def test_archive_needs_no_client():
    """Reading an archive does not load the HTTP library."""
    code = "import sys, repwatch.web.archive, repwatch.web.replay; sys.exit(bool({'httpx', 'stamina'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, env={"PYTHONPATH": "src"}, capture_output=True
    )
    assert (done.returncode, done.stderr) == (0, b"")
