"""The walk through the six questions of the workshop: its pages are what the commands answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from docs import walk


@pytest.mark.parametrize("path", walk.PAGES, ids=lambda path: path.name)
def test_the_walk_is_what_the_commands_answer(path: Path) -> None:
    """`make docs` would change nothing; whoever is not on record is refused, in the language spoken."""
    told = walk.walk(walk.PAGES[path])
    assert told == path.read_text("utf-8"), "the answers have changed: read the difference after `make docs`"
    assert told.count("[exit 2]") == 3
    assert told.count("[exit ") == 3
