"""`browse` with a real Chromium, headless, on loopback pages: what arrives is read along, and nothing is touched."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Cli, environment
from tests.loopback import CHALLENGE, Answer, Web, hit, hn_answer, ld_page, ld_review, rated

from repwatch.models import Consent, Page
from repwatch.pipeline.browsing import take
from repwatch.pipeline.saving import Desk
from repwatch.store import Store
from repwatch.web import browser
from repwatch.web.archive import read_archive

CHROMIUM = shutil.which("chromium")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync")
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's package chromium")
needs_playwright = pytest.mark.skipif(not any((Path(place) / "playwright").is_dir() for place in sys.path), reason="needs the package playwright: pip install playwright")


@pytest.fixture(autouse=True)
def short_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Chromium make its socket where the path is short enough for one."""
    monkeypatch.setenv("TMPDIR", "/tmp")


@pytest.fixture
def site(web: Web) -> Web:
    """Serve a page with reviews and a link, a second page that asks for JSON, and a wall."""
    second = b"""<!DOCTYPE html><html><body><h1>Acme</h1><script>fetch('/api/search').then(a => a.json()).then(a => { document.title = 'done'; });
fetch('/noise.json'); fetch('/text.txt');</script><img src='/dot.png'></body></html>"""
    pages = {
        "/acme": Answer(ld_page(rated(ld_review(1), ld_review(2)), before="<link rel='icon' href='data:,'>").replace(b"<h1>", b"<a id='next' href='/second'>next</a><h1>")),
        "/second": Answer(second), "/api/search": Answer(hn_answer([hit(1, 1_790_000_000)]), "application/json"), "/noise.json": Answer(b'{"menu": []}', "application/json"),
        "/wall": Answer(CHALLENGE, status=403), "/text.txt": Answer(b"text", "text/plain"), "/moved": Answer(b"", status=302, headers={"Location": "/acme"}),
    }  # fmt: skip
    web.serve(web.gateway.removeprefix("http://"), lambda asked: pages.get(asked.path, Answer(b"", "image/png", 404)))
    return web


def opened(url: str, folder: Path, user: Callable[[Any], None]) -> list[Page]:
    """Open a window, let `user` look at it, and return what was handed over."""
    pages: list[Page] = []
    assert browser.open_window(url, folder / "profile", pages.append, executable=CHROMIUM, arguments=ARGUMENTS, headless=True, user=user) == 0
    return pages


@needs_browser
@needs_playwright
def test_the_user_turns_the_pages(site: Web, tmp_path: Path) -> None:
    """Documents and JSON answers of the site are handed over in the order of their arrival; text, images and redirects are not."""

    def user(context: Any) -> None:
        page = context.pages[0]
        page.click("#next")
        page.wait_for_function("document.title === 'done'")
        page.wait_for_load_state("networkidle")

    pages = opened(f"{site.gateway}/moved", tmp_path, user)
    assert [page.url.removeprefix(site.gateway) for page in pages][:2] == ["/acme", "/second"]
    assert {page.url.removeprefix(site.gateway) for page in pages} == {"/acme", "/second", "/api/search", "/noise.json"}
    assert {(page.status, page.door, *page.headers) for page in pages} == {(200, "saved", "content-type")}
    assert b"schema.org" in pages[0].body


@needs_browser
@needs_playwright
def test_nothing_is_clicked_and_nothing_hidden(site: Web, tmp_path: Path) -> None:
    """Without a user only the first page is asked for, and the window says that a program drives it."""
    said: list[Any] = []

    def user(context: Any) -> None:
        context.pages[0].wait_for_load_state("networkidle")
        said.append(context.pages[0].evaluate("navigator.webdriver"))

    pages = opened(f"{site.gateway}/acme", tmp_path, user)
    assert [page.url.removeprefix(site.gateway) for page in pages] == ["/acme"]
    assert said == [True]
    assert {asked.path for asked in site.asked} <= {"/acme", "/favicon.ico"}
    assert (tmp_path / "profile").stat().st_mode & 0o777 == 0o700


@needs_browser
@needs_playwright
def test_it_ends_when_the_window_is_closed(site: Web, tmp_path: Path) -> None:
    """The command waits while a window is open, and ends with the last one."""
    import threading

    pages: list[Page] = []
    found = threading.Event()

    def received(page: Page) -> None:
        pages.append(page)
        found.set()

    def close_it() -> None:
        assert found.wait(30)
        time.sleep(0.5)
        for line in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                told = line.read_bytes()
            except OSError:
                continue
            if str(tmp_path / "profile").encode() in told and b"--type=" not in told:
                os.kill(int(line.parent.name), signal.SIGTERM)

    closer = threading.Thread(target=close_it, daemon=True)
    closer.start()
    browser.open_window(f"{site.gateway}/acme", tmp_path / "profile", received, executable=CHROMIUM, arguments=ARGUMENTS, headless=True)
    assert [page.url.removeprefix(site.gateway) for page in pages] == ["/acme"]


@needs_browser
@needs_playwright
def test_the_command(site: Web, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Terms first; what is recognised is stored and archived; a wall is named, with the way around: the browser's own Save Page As."""

    def user(context: Any) -> None:
        page = context.pages[0]
        page.wait_for_load_state("networkidle")
        page.goto(f"{site.gateway}/wall")
        page.wait_for_load_state("networkidle")

    inner = browser.open_window
    monkeypatch.setattr(browser, "open_window", lambda url, profile, received, **more: inner(url, profile, received, **more, headless=True, user=user))
    arguments = [f"--browser-argument={each}" for each in ARGUMENTS]
    ran = cli("browse", f"{site.gateway}/acme", "--employer", "Acme", "--yes", "--data-dir", "data", "--format", "json", "--browser", CHROMIUM, *arguments)
    assert (ran.code, [(page["source"], page["state"], page["types"], page["new"]) for page in ran.data["pages"]]) == (
        3, [("jsonld", "read", {"profile": 1, "review": 2}, 3), (None, "refused", {}, 0)])  # fmt: skip
    assert "does not know this site's terms" in ran.err
    assert "jsonld: 2 reviews, 1 profile, 3 new" in ran.err
    assert "the site shows a test for humans. repwatch solves no tests." in ran.err
    assert "Save Page As" in ran.err
    archive = read_archive(Path(ran.told["meta"]["archive"]))
    assert [(step, answer[0].url) for step, answer in archive.steps.items()] == [(("browse", 0), f"{site.gateway}/acme"), (("browse", 1), f"{site.gateway}/wall")]
    assert len(cli("mentions", "--data-dir", "data", "--format", "json").data) == 2
    table = cli("browse", f"{site.gateway}/acme", "--yes", "--data-dir", "data", "--browser", CHROMIUM, *arguments)
    assert "2 pages recognised, 0 new" in table.out


@needs_browser
@needs_playwright
def test_a_page_that_is_not_there(tmp_path: Path) -> None:
    """An address that cannot be opened is said, with a hint."""
    with pytest.raises(browser.BrowserError, match="could not be opened"):
        opened("http://127.0.0.1:9/", tmp_path, lambda _: None)


@needs_playwright
def test_no_browser(tmp_path: Path) -> None:
    """Where the named browser is missing the error names the option."""
    with pytest.raises(browser.BrowserError, match="no window could be opened") as caught:
        browser.open_window("http://127.0.0.1:9/", tmp_path, lambda _: None, executable="/nowhere/browser")
    assert "--browser" in caught.value.hint


def test_no_playwright(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the command names it, exit 2."""
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    ran = cli("browse", "https://www.glassdoor.be/Reviews/x.htm", "--yes", "--data-dir", "data")
    assert [ran.code, 'pip install "repwatch[browser]"' in ran.err] == [2, True]


def test_terms_need_a_person(cli: Cli) -> None:
    """Without a person and without --yes nothing is opened; the terms are shown first."""
    ran = cli("browse", "https://www.glassdoor.be/Reviews/x.htm", "--data-dir", "data")
    assert [ran.code, ran.err.startswith("Glassdoor: "), "nobody is there to agree" in ran.err, Path("data").exists()] == [2, True, True, False]
    assert cli("browse", "glassdoor.be", "--yes").code == 2


def test_the_browsers_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first Chromium, Chrome or Edge that is installed is taken; None where there is none."""
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/edge" if name == "microsoft-edge" else None)
    assert browser.installed_browser() == "/usr/bin/edge"
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert browser.installed_browser() is None


@contextmanager
def browsing(site: Web) -> Iterator[subprocess.Popen[str]]:
    """Read along until the first page was recognised, in a group of processes of its own as on a terminal."""
    arguments = [f"--browser-argument={each}" for each in (*ARGUMENTS, "--headless=new")]
    command = [sys.executable, "-m", "repwatch", "browse", f"{site.gateway}/acme", "--yes", "--data-dir", "data", "--browser", str(CHROMIUM), *arguments]
    with subprocess.Popen(command, env=environment(traced=False), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, start_new_session=True) as ran:
        assert ran.stderr is not None
        assert any("jsonld" in line for line in ran.stderr)
        yield ran


def kept() -> int:
    told = subprocess.run([sys.executable, "-m", "repwatch", "mentions", "--data-dir", "data", "--format", "json"], capture_output=True, env=environment(), check=True)
    return len(json.loads(told.stdout)["data"])


@needs_browser
@needs_playwright
@pytest.mark.parametrize("press", [os.kill, os.killpg], ids=["repwatch", "all"])
def test_stopped_with_ctrl_c(site: Web, press: Callable[[int, int], None]) -> None:
    """Ctrl-C closes the window, whether repwatch alone hears it or the browser too, as on a terminal; what arrived before is kept, exit 130."""
    with browsing(site) as ran:
        press(ran.pid, signal.SIGINT)
        assert (ran.wait(30), ran.stderr and ran.stderr.read()) == (130, "Stopped. What was done so far is kept.\n")
    assert kept() == 2
    with closing(sqlite3.connect("data/repwatch.db")) as database:
        assert database.execute("SELECT exit_code FROM run").fetchall() == [(130,)]


@needs_browser
@needs_playwright
@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_is_raised_when_the_window_is_closed(site: Web, tmp_path: Path, times: int) -> None:
    """Pressed once, it is raised at the end, so that what arrives till then is kept; pressed twice, at once."""
    pages: list[Page] = []

    def user(context: Any) -> None:
        for _ in range(times):
            signal.raise_signal(signal.SIGINT)
        context.pages[0].goto(f"{site.gateway}/second", wait_until="networkidle")

    with pytest.raises(KeyboardInterrupt):
        browser.open_window(f"{site.gateway}/acme", tmp_path / "profile", pages.append, executable=CHROMIUM, arguments=ARGUMENTS, headless=True, user=user)
    assert ("/second" in {page.url.removeprefix(site.gateway) for page in pages}, signal.getsignal(signal.SIGINT)) == (times == 1, signal.default_int_handler)


@needs_browser
@needs_playwright
def test_a_browser_that_dies_ends_it(site: Web) -> None:
    """Nobody waits for windows that no browser shows any more; what arrived before is kept."""
    with browsing(site) as ran:
        for place in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if int(place.name) != ran.pid and os.getpgid(int(place.name)) == ran.pid and b"playwright" in (place / "cmdline").read_bytes():
                    os.kill(int(place.name), signal.SIGKILL)
        assert (ran.wait(30), ran.stderr and ran.stderr.read()) == (0, "")
    assert kept() == 2


@pytest.mark.parametrize("url", ["https://www.linkedin.com/in/an-peeters/", "https://mastodon.example/@an", "https://www.facebook.com/an.peeters.9"])
def test_nobody_is_read_along_who_did_not_agree(cli: Cli, url: str) -> None:
    """The page of a person is opened for their consent alone, with a sentence and exit 2; no window and no archive before."""
    ran = cli("browse", url, "--yes", "--data-dir", "data")
    assert (ran.code, "not on record as having agreed" in " ".join(ran.err.split()), Path("data/archive").exists()) == (2, True, False)


def test_a_person_met_on_the_way_is_not_kept(tmp_path: Path) -> None:
    """Who turns from a page of reviews to somebody's profile leaves nothing of it in the archive, unless that person agreed."""
    kept: list[str] = []

    class Shelf:
        def page(self, _watch: str, _step: int, request: Any, _page: Page) -> None:
            kept.append(request.url)

    with Store.open(tmp_path) as store:
        desk = Desk(store, store.begin_run("browse", "2026-11-25T00:00:00Z", {}), "2026-11-25T00:00:00Z", b"k" * 32)
        page = Page("https://www.linkedin.com/in/an-peeters/", body=b"<html>An</html>", headers={"content-type": "text/html"})
        assert "other" == take(page, 0, Shelf(), desk, None).state  # type: ignore[arg-type]  # a shelf has no more than that
        assert [] == kept
        store.privacy.record(Consent(who="An", purpose="read her page", given="2026-11-01", expires="2027-01-01", how="by mail", accounts=("https://www.linkedin.com/in/an-peeters",)), "2026-11-01T00:00:00Z")
        take(page, 1, Shelf(), desk, None)  # type: ignore[arg-type]  # as above
        assert [page.url] == kept
