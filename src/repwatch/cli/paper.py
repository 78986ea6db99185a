"""Print a page to PDF through the user's own Chromium; without one, say so."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from repwatch.errors import UsageError
from repwatch.wording import _

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
_PLACES = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium",
           r"C:\Program Files\Google\Chrome\Application\chrome.exe", r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe")  # fmt: skip
_QUIET = ("--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-dev-shm-usage",
          "--no-pdf-header-footer", "--host-resolver-rules=MAP * ~NOTFOUND")  # fmt: skip
_PATIENCE_S = 90
_LONG = 50


def browser() -> str | None:
    """Return the Chromium that is installed here, or None."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None) or next((place for place in _PLACES if Path(place).is_file()), None)


def to_pdf(page: str) -> bytes:
    """Return a page as PDF on A4. Raises UsageError where there is no Chromium, or it does not print."""
    program = browser()
    if program is None:
        raise UsageError(_("a PDF needs Chromium, Chrome or Edge, and none was found"), hint=_("Install one of them, or use --format html and print that page."))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        source, target = Path(scratch) / "report.html", Path(scratch) / "report.pdf"
        source.write_text(page, "utf-8")
        # As root Chromium starts only without its sandbox; the page holds no script and reaches no network.
        rootless = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
        command = [program, *_QUIET, *rootless, f"--user-data-dir={scratch}/profile", f"--print-to-pdf={target}", source.as_uri()]
        # Chromium puts a socket into its folder for temporary files, and the name of a socket must be short.
        short = {"TMPDIR": "/tmp"} if len(tempfile.gettempdir()) > _LONG and Path("/tmp").is_dir() else {}  # noqa: S108 — Chromium makes a folder of its own there
        try:
            subprocess.run(command, capture_output=True, timeout=_PATIENCE_S, check=False, env={**os.environ, **short})  # noqa: S603 — a program found on PATH, our own arguments
        except (OSError, subprocess.TimeoutExpired) as error:
            raise UsageError(_("the browser did not print: {why}", why=str(error)), where=program, hint=_("Use --format html and print that page.")) from error
        if not target.is_file():
            raise UsageError(_("the browser printed nothing"), where=program, hint=_("Use --format html and print that page."))
        return target.read_bytes()
