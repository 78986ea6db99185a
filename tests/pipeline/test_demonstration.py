"""The archive that ships is made from the demonstration, as of a fixed day."""

from __future__ import annotations

from pathlib import Path

from repwatch.models import Page
from repwatch.pipeline.demonstration import demo_archive, write_archive
from repwatch.web.archive import read_archive


def test_the_archive_is_made(tmp_path: Path) -> None:
    """It holds the plan of a check of that day and the pages of its watches."""
    write_archive(tmp_path / "check.warc.gz")
    archive = read_archive(tmp_path / "check.warc.gz")
    assert archive.info["plan"]["today"] == "2026-11-23"
    assert any(isinstance(answer, Page) for answer, _ in archive.steps.values())


def test_its_place() -> None:
    """It stands beside the voices it is made from."""
    assert demo_archive().name == "check.warc.gz"
