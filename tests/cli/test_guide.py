"""The guide from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Cli

from repwatch.analysis.themes import whole_months
from repwatch.cli.common import today
from repwatch.cli.paper import browser

SETTINGS = """
language = "en"
contact = "jobs@acme.example"
archive_days = 21
data_dir = "data"
[privacy]
text_months = 9
[[employer]]
name = "Acme"
peers = ["Globex"]
[[employer]]
name = "Globex"
"""


@pytest.fixture(autouse=True)
def settings(alone: Path) -> None:
    """Write settings with an employer and its peer."""
    (alone / "repwatch.toml").write_text(SETTINGS)


def reviews(alone: Path, cli: Cli, count: int) -> None:
    day = whole_months(today(), 1)[0].isoformat()
    lines = [{"type": "review", "source": "indeed", "native_id": str(n), "employer": "Acme", "published": day, "lang": "en", "rating": 2, "cons": "The pay is bad."} for n in range(count)]
    (alone / "lines.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert cli("import", "lines.jsonl").code == 0


@pytest.mark.parametrize(("count", "expected"), [(5, True), (4, False)])
def test_own_cases_need_five_texts(cli: Cli, alone: Path, count: int, expected: bool) -> None:
    """Five texts of whole months are told of, four are not."""
    reviews(alone, cli, count)
    text = cli("guide").out
    assert ("**What people say about Acme: pay.** In the last twelve months 5 public texts spoke of it, mostly with criticism." in text) is expected
    assert "**A colleague posts a photo" in text


def test_the_guide_is_filled_from_the_settings(cli: Cli) -> None:
    """The employer that names its peers, the contact, the times; a flag goes before."""
    assert cli("guide").out.startswith("# Speaking about work online: good practices at Acme\n")
    letter = cli("guide", "--letter", "works-council").out
    assert [each in letter for each in ("texts for 9 months", "as received for 21 days")] == [True, True]
    assert "Write to jobs@acme.example." in cli("guide", "--letter", "notice").out
    assert "Schrijf naar hr@globex.example." in cli("guide", "--employer", "globex", "--contact", "hr@globex.example", "--lang", "nl").out
    assert "bonnes pratiques chez Acme" in cli("--ui-lang", "fr", "guide").out


def test_the_guide_as_a_page_in_a_file(cli: Cli, alone: Path) -> None:
    """One file, whole; a name from outside is text, not markup."""
    ran = cli("guide", "--employer", "A*B* <i>", "--role", "manager", "--role", "crisis", "--sector", "care", "--format", "html", "--out", "guide.html")
    page = (alone / "guide.html").read_text("utf-8")
    assert (ran.code, ran.out) == (0, "")
    assert "<h1>Speaking about work online: good practices at A*B* &lt;i&gt;</h1>" in page
    assert [("For managers" in page), ("In care, trust" in page), ("For volunteers" in page)] == [True, True, False]
    assert sorted(path.name for path in alone.iterdir()) == ["guide.html", "repwatch.toml"]


def test_the_guide_as_pdf(cli: Cli, alone: Path) -> None:
    """The page goes through the browser of the machine; without one the answer says so."""
    ran = cli("guide", "--format", "pdf", "--out", "guide.pdf")
    if browser() is None:
        pytest.skip(f"no Chromium, Chrome or Edge here; install the package chromium: {ran.err}")
    assert ran.code == 0, ran.err
    assert (alone / "guide.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(("arguments", "expected"), [
    (("--role", "spy"), "--role spy: there is none of this name"), (("--lang", "es"), "--lang es: there is none of this name"),
    (("--sector", "x"), "--sector x: there is none of this name"), (("--letter", "love"), "--letter love: there is none of this name"),
    (("--letter", "notice", "--role", "all"), "a letter is the same for every role and sector"), (("--overlay", "none"), "there is no such folder"),
    (("--format", "pdf"), "--format pdf is not for the eyes"), (("--out", "none/guide.md"), "the file cannot be written: No such file or directory"),
])  # fmt: skip
def test_what_cannot_be_is_refused(cli: Cli, arguments: tuple[str, ...], expected: str) -> None:
    """Exit 2, with what would be right."""
    ran = cli("guide", *arguments)
    assert (ran.code, expected in ran.err, ran.out) == (2, True, "")


def test_which_employer_must_be_clear(cli: Cli, alone: Path) -> None:
    """Two that name no peers, or none at all: the answer names the option."""
    (alone / "repwatch.toml").write_text('[[employer]]\nname = "A"\n[[employer]]\nname = "B"\n')
    assert "Give --employer with one of: A, B." in cli("guide").err
    (alone / "repwatch.toml").write_text("")
    ran = cli("guide")
    assert (ran.code, "Give --employer NAME." in ran.err) == (2, True)
