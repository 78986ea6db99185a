"""The golden reports: `python -m tests.report.golden` writes them anew; the diff is to be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.report.whole import DATA

from repwatch import __version__, wording
from repwatch.report import charts
from repwatch.report.mail import to_eml
from repwatch.report.overview import overview
from repwatch.report.page import to_html
from repwatch.report.plain import envelope, to_csv, to_markdown
from repwatch.report.terminal import to_terminal

FOLDER = Path(__file__).parent / "golden"
LANGUAGES = ("en", "fr", "nl", "de")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language, and English again."""
    wording._catalogue.cache_clear()
    wording.use(language)
    try:
        yield
    finally:
        wording.use("en")


def made() -> dict[str, str]:
    """Return every golden text by the name of its file."""
    found = {}
    for language in LANGUAGES:
        with speaking(language):
            report = overview(DATA)
            found[f"report.{language}.80.txt"] = to_terminal(report, width=80, colour=False)
            found[f"report.{language}.md"] = to_markdown(report)
            found[f"board.{language}.120.txt"] = to_terminal(overview({**DATA, "kind": "board"}), width=120, colour=False)
    report = overview(DATA)
    found["report.en.120.txt"] = to_terminal(report, width=120, colour=False)
    found["report.en.csv"] = to_csv(report)
    found["report.en.excel.csv"] = to_csv(report, "excel")
    found["report.en.json"] = envelope("report", report.data)
    # The style sheet is a file of its own; only the body is compared.
    found["report.en.html"] = to_html(report).partition("</style>")[2]
    found["report.en.eml"] = to_eml(overview({**DATA, "kind": "daily", "trends": None})).decode()
    return {name: text.replace(__version__, "VERSION") for name, text in found.items()}


if __name__ == "__main__":
    charts.available = lambda: False
    FOLDER.mkdir(exist_ok=True)
    for name, text in made().items():
        (FOLDER / name).write_text(text, "utf-8", newline="")
