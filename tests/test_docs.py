"""The documentation says what the program does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from docs.generate import FOLDER, PAGES

from repwatch import sources
from repwatch.config import Settings, load
from repwatch.errors import Exit
from repwatch.models import Value

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("page", PAGES)
def test_generated_pages_are_current(page: str) -> None:
    """The generated pages are what `make docs` writes."""
    assert (FOLDER / page).read_text("utf-8") == PAGES[page]()


def test_example_settings_are_valid_and_whole() -> None:
    """`config.example.toml` is read without a complaint and names every key."""
    assert load(ROOT / "config.example.toml").settings.employers[0].name == "Acme"
    text = (ROOT / "config.example.toml").read_text("utf-8")
    tables = {name: field.annotation for name, field in Settings.model_fields.items() if isinstance(field.annotation, type) and issubclass(field.annotation, Value)}
    keys = set(Settings.model_fields) - {"employers", "rules", "credentials", *tables} | {key for table in tables.values() for key in table.model_fields}
    assert sorted(key for key in keys if not re.search(rf"^(# )?{key} = ", text, re.MULTILINE)) == []


def test_every_credential_is_explained() -> None:
    """Each credential of a source stands in the example, and its site in the guide to keys."""
    example, guide = (ROOT / "config.example.toml").read_text("utf-8"), (ROOT / "docs/how-to/keys.md").read_text("utf-8")
    infos = [info for name in sources.names() if (info := sources.load(name).INFO).credentials]
    assert [info.name for info in infos if f"[credentials.{info.name}]" not in example] == []
    assert [info.title for info in infos if info.title.removesuffix(" issues") not in guide] == []
    assert [info.name for info in infos if info.credentials and not info.credentials.own_host and info.credentials.page not in guide] == []


def test_readme_names_every_exit_code() -> None:
    """The table of exit codes in the README is whole."""
    text = (ROOT / "README.md").read_text("utf-8")
    assert [f"| {int(code)} |" in text for code in Exit] == [True] * len(Exit)


def test_links_lead_somewhere() -> None:
    """Every relative link of the documentation leads to a file."""
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    links = [(page, link) for page in pages for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8"))]
    assert [(page.name, link) for page, link in links if not (page.parent / link).exists()] == []


def test_version_is_said_once() -> None:
    """The package takes its version from one place."""
    assert tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dynamic"] == ["version"]


def test_presets_are_listed() -> None:
    """The page of doors lists every table that is known, and what it was seen on."""
    from repwatch.inlets.mapping import FIELDS, OPEN, presets

    doors, columns = ((ROOT / "docs" / name).read_text("utf-8") for name in ("reference/doors.md", "how-to/map-columns.md"))
    assert [each.name for each in presets() if f"| {each.name} | {each.title} | {each.seen} |" not in doors] == []
    assert [name for name in (*FIELDS, *OPEN) if f"`{name}" not in columns] == []
