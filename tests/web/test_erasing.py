"""Bodies taken out of an archive: what stays, where it stands, what a replay says."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from repwatch.models import Page, Refused, Request
from repwatch.web.archive import ArchiveWriter, load_body, pages, read_archive
from repwatch.web.erasing import erase

AT = "2026-11-25T12:00:00Z"


def page(name: str, body: bytes = b"", **more: object) -> Page:
    return Page(f"https://a.example/{name}", 200, {"content-type": "text/html; charset=utf-8", "x-odd": "caf\u00e9"}, body or name.encode() * 40, AT)._replace(**more)


@pytest.fixture
def archive(tmp_path: Path) -> tuple[Path, dict[str, int]]:
    """Write an archive of a page to erase, one to keep, two that stand for bodies, and a refusal."""
    path = tmp_path / "run.warc.gz"
    at = {}
    with ArchiveWriter(path, info={"plan": 1}) as writer:
        at["keep"] = writer.page("w|a|b", 0, Request(url="https://a.example/keep"), page("keep"))
        at["secret"] = writer.page("w|a|b", 1, Request(url="https://a.example/secret"), page("secret"))
        at["same"] = writer.page("w|a|b", 2, Request(url="https://a.example/same"), page("same", status=304, unchanged=True, body=b""), body=b"the same body")
        at["old"] = writer.page("w|a|b", 3, Request(url="https://a.example/old"), page("old", status=304, unchanged=True, body=b""), body=b"an old secret")
        writer.refused("w|a|b", 4, Request(url="https://a.example/no"), Refused(reason="blocked"))
        at["last"] = writer.page("w|a|b", 5, Request(url="https://a.example/last"), page("last"))
    return path, at


def test_bodies_go_and_all_else_stays(archive: tuple[Path, dict[str, int]]) -> None:
    """Records keep their order, steps and headers; bodies that were wanted are gone, the others are found at their new places."""
    path, at = archive
    before = read_archive(path)
    kept = {key: before.steps[key] for key in before.steps}
    done = erase(path, lambda found: b"secret" in found.body, AT)
    assert done is not None
    after = read_archive(path)
    assert (after.info, after.torn, list(after.steps)) == (before.info, 0, list(before.steps))
    for number in (0, 2, 4, 5):
        assert kept["w|a|b", number] == after.steps["w|a|b", number]
    for number in (1, 3):
        assert after.steps["w|a|b", number][0] == Refused(reason="erased", detail=AT)
    assert done.records == 2
    assert {name: place in done.moved for name, place in at.items()} == {"keep": True, "secret": False, "same": True, "old": False, "last": True}
    assert [load_body(path, done.moved[at[name]]) for name in ("keep", "same", "last")] == [b"keep" * 40, b"the same body", b"last" * 40]
    assert b"secret" not in b"".join(found.body for found in pages(path))
    assert [found.headers["x-odd"] for found in pages(path) if found.url.endswith("secret")] == ["caf\u00e9"]


def test_the_file_stays_its_owners(archive: tuple[Path, dict[str, int]]) -> None:
    """The file keeps its mode and time, so that it leaves with its age; nothing is left beside it."""
    path, _ = archive
    os.utime(path, (1_700_000_000, 1_700_000_000))
    erase(path, lambda found: True, AT)
    assert (stat.S_IMODE(path.stat().st_mode), path.stat().st_mtime, list(path.parent.iterdir())) == (0o600, 1_700_000_000, [path])


def test_nothing_wanted_changes_nothing(archive: tuple[Path, dict[str, int]]) -> None:
    """Without a wanted page the file is not touched; what was erased is not erased again."""
    path, _ = archive
    before = path.read_bytes()
    assert erase(path, lambda found: False, AT) is None
    assert before == path.read_bytes()
    erase(path, lambda found: b"secret" in found.body, AT)
    assert erase(path, lambda found: b"secret" in found.body, AT) is None


def test_a_torn_tail_goes_with_it(archive: tuple[Path, dict[str, int]]) -> None:
    """Half a record at the end may hold anything: the new file ends with the last whole one."""
    path, _ = archive
    path.write_bytes(path.read_bytes()[:-20])
    erase(path, lambda found: b"secret" in found.body, AT)
    assert read_archive(path).torn == 0
