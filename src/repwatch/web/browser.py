"""A window of the user's own browser, whose received pages are read along. Nothing is clicked, hidden or solved.

The window runs with a profile of its own, so that a login stays there and the user's other profile is left alone.
Requests, headers and cookies are not looked at: only the address, status, type and body of what came back.
"""

from __future__ import annotations

import logging
import shutil
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from repwatch.errors import RepwatchError, UsageError
from repwatch.models import Page
from repwatch.period import instant
from repwatch.wording import _

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Response

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "microsoft-edge-stable")
_KEPT = {"document": ("text/html", "application/json"), "xhr": ("application/json",), "fetch": ("application/json",)}
_POLL_MS = 200.0
#: After so many failed waits in a row it is the browser that is gone, not one of its windows.
_GONE = 10


class BrowserError(RepwatchError):
    """The window cannot be opened."""

    exit_code = UsageError.exit_code


def installed_browser() -> str | None:
    """Return the path of a browser that this machine has, None where Playwright's own must do."""
    return next((path for name in _BROWSERS if (path := shutil.which(name))), None)


def open_window(
    url: str,
    profile: Path,
    received: Callable[[Page], None],
    *,
    executable: str | None = None,
    arguments: Sequence[str] = (),
    headless: bool = False,
    user: Callable[[BrowserContext], None] | None = None,
) -> int:
    """Open `url` in a window and hand over each page and JSON answer of its site until the window is closed.

    `user` stands in for the person in tests. Returns how many answers could not be read any more. Raises BrowserError
    where Playwright or a browser is missing, and KeyboardInterrupt once the window is closed after a Ctrl-C.
    """
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        raise BrowserError(_("the part of repwatch that opens a window is not installed"), hint=_("Install it with: {command}", command='pip install "repwatch[browser]"')) from error
    # What its loop logs when the browser goes before it does is no news to anybody.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    profile.mkdir(parents=True, exist_ok=True, mode=0o700)
    lost = 0
    own = _site(url)

    def take(response: Response) -> None:
        nonlocal lost
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in _KEPT.get(response.request.resource_type, ()) or _site(response.url) != own or 300 <= response.status < 400:
            return
        try:
            body = response.body()
        except Error:
            lost += 1  # the window went on before the body could be read
            return
        received(Page(url=response.url, status=response.status, headers={"content-type": kind}, body=body, fetched_at=instant(datetime.now(UTC)), door="saved"))

    with _ctrl_c() as pressed, sync_playwright() as playwright:
        try:
            context = playwright.chromium.launch_persistent_context(profile, executable_path=executable or installed_browser(), headless=headless, args=list(arguments), no_viewport=True)
        except Error as error:
            raise BrowserError(_("no window could be opened: {why}", why=error.message.splitlines()[0]), hint=_("Name your browser: --browser /usr/bin/chromium. Chromium, Chrome and Edge will do.")) from error
        context.on("response", take)
        try:
            _stay(context, url, user, Error, pressed)
        finally:
            with suppress(Error):  # it is gone already
                context.close()
    return lost


@contextmanager
def _ctrl_c() -> Iterator[list[int]]:
    """Note Ctrl-C and raise it in the end: amid the threads of Playwright's work it would be lost, or leave the window open. A second one strikes."""
    pressed: list[int] = []
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield pressed
        return

    def hear(number: int, frame: FrameType | None) -> None:
        pressed.append(number)
        if len(pressed) > 1:
            before(number, frame)

    signal.signal(signal.SIGINT, hear)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before)
        if pressed:
            before(signal.SIGINT, None)


def _stay(context: BrowserContext, url: str, user: Callable[[BrowserContext], None] | None, gone: Any, pressed: Sequence[int]) -> None:
    """Stay until the last window is closed or Ctrl-C pressed; a page that does not load is the person's to see, not an end."""
    page = context.pages[0] if context.pages else context.new_page()
    try:
        page.goto(url, wait_until="commit")
    except gone as error:
        if page.is_closed():
            return
        raise BrowserError(_("{url} could not be opened: {why}", url=url, why=error.message.splitlines()[0]), hint=_("Check the address.")) from error
    if user is not None:
        user(context)
        return
    failed = 0
    while context.pages and not pressed and failed < _GONE:
        try:
            context.pages[0].wait_for_timeout(_POLL_MS)
            failed = 0
        except gone:
            failed += 1  # that window was closed; another may be open


def _site(url: str) -> str:
    """Return the host without its first part where it has three or more: `fr.site.be` and `www.site.be` are one site."""
    host = (urlsplit(url).hostname or "").lower()
    parts = host.split(".")
    return host if len(parts) < 3 or host.replace(".", "").isdigit() else ".".join(parts[1:])
