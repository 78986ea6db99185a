"""Write the generated pages of the documentation: commands and sources. `make docs` runs it; a test holds them to it."""

from __future__ import annotations

import os
from pathlib import Path

from repwatch import sources
from repwatch.errors import Exit

FOLDER = Path(__file__).parent / "reference"
_MEANING = {
    Exit.OK: "all was read, nothing to report",
    Exit.ALERT: "an alert fired",
    Exit.USAGE: "the command line or the settings are wrong",
    Exit.PARTIAL: "part could not be read",
    Exit.NOTHING_READ: "nothing could be read",
    Exit.BUG: "a fault of repwatch; a report file is named",
    Exit.INTERRUPTED: "stopped with Ctrl-C; what was done is kept",
}


def commands() -> str:
    """Return the page of all commands with their help."""
    os.environ["COLUMNS"] = os.environ["TERMINAL_WIDTH"] = "100"
    from typer.testing import CliRunner

    from repwatch.cli.app import NAMES, app

    parts = ["# Commands\n\nGenerated from the program: `make docs`.\n"]
    for name in ("", *NAMES):
        arguments = [*name.split(), "--help"]
        text = CliRunner().invoke(app, arguments, prog_name="repwatch").stdout.rstrip()
        parts.append(f"## repwatch {name}".rstrip() + f"\n```\n{text}\n```\n")
    return "\n".join(parts)


def source_table() -> str:
    """Return the page of all sources."""
    lines = ["# Sources", "", "Generated from the sources themselves: `make docs`.", "",
             "| name | site | door | live | languages | credentials | seconds between requests | terms | verified on |", "| --- | --- | --- | --- | --- | --- | ---: | --- | --- |"]  # fmt: skip
    for name in sources.names():
        info = sources.load(name).INFO
        cells = (name, info.title, info.door, "yes" if info.live else "no", " ".join(info.languages), info.credentials or "none", f"{info.pace_s:g}", info.terms, info.verified)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def exit_codes() -> str:
    """Return the page of exit codes."""
    lines = ["# Exit codes", "", "When several apply, the first of 130, 70, 2, 4, 1, 3, 0 wins.", "", "| code | meaning |", "| ---: | --- |"]
    lines += [f"| {int(code)} | {_MEANING[code]} |" for code in Exit]
    return "\n".join(lines) + "\n"


PAGES = {"commands.md": commands, "sources.md": source_table, "exit-codes.md": exit_codes}

if __name__ == "__main__":
    for page, write in PAGES.items():
        (FOLDER / page).write_text(write(), "utf-8")
