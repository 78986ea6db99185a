"""The page in a real Chromium: nothing is asked of the network, nothing runs, nothing is wrong for a screen reader, and it prints."""

from __future__ import annotations

import importlib.util
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.report.golden import speaking
from tests.report.test_page import everywhere
from tests.report.whole import DATA

from repwatch.cli.paper import browser, to_pdf
from repwatch.report.document import Document, Section
from repwatch.report.overview import overview
from repwatch.report.page import to_html

PROGRAM = browser()
pytestmark = pytest.mark.skipif(PROGRAM is None or importlib.util.find_spec("playwright") is None, reason="needs the Debian package chromium, and playwright from the group dev")
ATTACKS = ("<script>window.ran=1</script>", '"><img src=x onerror="window.ran=1">', "<svg onload='window.ran=1'>", "<iframe srcdoc='<script>parent.ran=1</script>'>", "javascript:window.ran=1",
           "<link rel=stylesheet href=https://evil.example/x.css>", "<meta http-equiv=refresh content='0;url=https://evil.example'>", "</style><script>window.ran=1</script>", "\u202e[/x]\x1b[31m=cmd()")  # fmt: skip
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=PROGRAM, args=list(ARGUMENTS))
        yield running
        running.close()


class Shown:
    """A page as the browser shows it, with all that it asked for and complained of."""

    def __init__(self, chromium: Any, path: Path, html: str, *, width: int = 1280, scheme: str = "light") -> None:
        path.write_text(html, "utf-8")
        self.requests: list[str] = []
        self.said: list[str] = []
        self.failed: list[tuple[str, str]] = []
        self.page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("requestfailed", lambda request: self.failed.append((request.url, request.failure)))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.goto(path.as_uri())
        self.page.wait_for_load_state("networkidle")


def test_a_figure_shows_its_command_line_when_it_is_asked(chromium: Any, tmp_path: Path) -> None:
    """One click shows the command behind a count and no other; no script is needed."""
    shown = Shown(chromium, tmp_path / "page.html", to_html(overview(DATA)))
    behind = shown.page.locator(".behind li:visible")
    assert behind.count() == 0
    shown.page.get_by_role("link", name="22", exact=True).last.click()
    assert behind.all_inner_texts() == ["workload · Texts: repwatch mentions --employer Kastelmont --since 2026-07-01 --until 2026-09-30 --counted texts --topic workload"]
    assert (len(shown.requests), shown.said) == (1, [])


@pytest.mark.parametrize("text", ATTACKS)
def test_no_script_runs_and_nothing_is_fetched(chromium: Any, tmp_path: Path, text: str) -> None:
    """Hostile text in every place: the browser asks for the page itself, complains of nothing, and runs nothing."""
    shown = Shown(chromium, tmp_path / "page.html", to_html(everywhere(text)))
    assert [len(shown.requests), shown.said, shown.page.evaluate("window.ran === undefined")] == [1, [], True]


def test_the_policy_stops_what_would_slip_through(chromium: Any, tmp_path: Path) -> None:
    """Even a script that stood in the page would not run: the policy is in force."""
    page = to_html(overview(DATA)).replace("</main>", "<script>window.ran=1</script><img src='https://evil.example/x.png'></main>")
    shown = Shown(chromium, tmp_path / "page.html", page)
    assert shown.page.evaluate("window.ran === undefined")
    assert len(shown.said) >= 2
    assert shown.failed == [("https://evil.example/x.png", "csp")]


@pytest.mark.parametrize("language", ["en", "fr", "nl", "de"])
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (800, "dark"), (1280, "light")])
def test_a_whole_report_is_quiet_and_fits(chromium: Any, tmp_path: Path, language: str, width: int, scheme: str) -> None:
    """No console error, one request, nothing wider than the window on a phone, a tablet and a desk."""
    with speaking(language):
        shown = Shown(chromium, tmp_path / "page.html", to_html(overview(DATA)), width=width, scheme=scheme)
    assert [shown.said, len(shown.requests), shown.page.evaluate("document.documentElement.scrollWidth")] == [[], 1, width]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["quarterly", "board", "mail", "bare"])
def test_axe_finds_nothing(chromium: Any, tmp_path: Path, kind: str, scheme: str) -> None:
    """axe-core, all its rules: contrast, headings, names of tables and charts, order, landmarks."""
    script = Path(str(importlib.util.find_spec("axe_playwright_python").origin)).with_name("axe.min.js").read_text("utf-8")  # type: ignore[union-attr]  # of the group dev
    document = Document("x", "T", (Section("s", "", ("A", "B"), (("1", "2"),)),), None) if kind == "bare" else overview({**DATA, "kind": kind if kind == "board" else "quarterly"})
    # axe itself is a script: the page is shown without its policy, which another test holds.
    html = to_html(document, mail=kind == "mail").replace("default-src 'none'", "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'")
    shown = Shown(chromium, tmp_path / "page.html", html, scheme=scheme)
    shown.page.evaluate(script)
    found = shown.page.evaluate("axe.run(document)")
    assert [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found["violations"]] == []
    assert len(found["passes"]) > 10


def pages_of(pdf: bytes, folder: Path) -> int:
    (folder / "x.pdf").write_bytes(pdf)
    told = subprocess.run(["pdfinfo", str(folder / "x.pdf")], capture_output=True, text=True, check=True).stdout
    assert "Page size:       594.96 x 841.92 pts (A4)" in told or "(A4)" in told
    return int(next(line.split()[1] for line in told.splitlines() if line.startswith("Pages:")))


@pytest.mark.skipif(subprocess.run(["which", "pdfinfo"], capture_output=True, check=False).returncode != 0, reason="needs the Debian package poppler-utils")
@pytest.mark.parametrize("language", ["en", "fr", "nl", "de"])
def test_the_board_report_is_one_page(tmp_path: Path, language: str) -> None:
    """On A4, in every language, with everything that it can hold."""
    with speaking(language):
        assert pages_of(to_pdf(to_html(overview({**DATA, "kind": "board"}))), tmp_path) == 1


def test_a_report_prints() -> None:
    """A PDF comes out, with no script in it."""
    pdf = to_pdf(to_html(overview(DATA)))
    assert [pdf[:5], b"/JavaScript" in pdf] == [b"%PDF-", False]
