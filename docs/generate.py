"""Write the generated pages of the documentation: commands and sources. `make docs` runs it; a test holds them to it."""

from __future__ import annotations

import os
from pathlib import Path

from repwatch import sources
from repwatch.errors import Exit
from repwatch.models import SourceInfo

FOLDER = Path(__file__).parent / "reference"
_MEANING = {
    Exit.OK: 'all was read, nothing to report; where more arrived than one check reads, the next checks read the rest, and "Not seen" says so',
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

    from repwatch.cli.app import application, command_names

    parts = ["# Commands\n\nGenerated from the program: `make docs`.\n"]
    for names in ((), *command_names()):
        text = CliRunner().invoke(application(), [*names, "--help"], prog_name="repwatch").stdout.rstrip()
        parts.append(f"## {' '.join(('repwatch', *names))}\n```\n{text}\n```\n")
    return "\n".join(parts)


def source_table() -> str:
    """Return the page of all sources."""
    lines = ["# Sources", "", "Generated from the sources themselves: `make docs`.", "",
             "| name | site | door | live | languages | credentials | seconds between requests | terms | verified on |", "| --- | --- | --- | --- | --- | --- | ---: | --- | --- |"]  # fmt: skip
    for name in sources.names():
        info = sources.load(name).INFO
        cells = (name, info.title, info.door, "once its terms are accepted" if info.ask_terms else "yes" if info.live else "with a key" if info.credentials else "no", " ".join(info.languages) or "any", _needed(info), f"{info.pace_s:g}", info.terms, info.verified)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _needed(info: SourceInfo) -> str:
    if info.credentials is None:
        return "none"
    return f"[{info.credentials.title}](credentials.md){' (not needed, but more is allowed with it)' if info.credentials.optional else ''}"


def credentials() -> str:
    """Return the page of all credentials."""
    from repwatch.web.safekeeping import FIELDS, plain_fields, variable

    lines = ["# Credentials", "", "Generated from the sources themselves: `make docs`. How to get each of them: [keys](../how-to/keys.md).", "",
             "| table in the settings | source | what it is | what stands in the table | variables of its secrets | rights | made at |", "| --- | --- | --- | --- | --- | --- | --- |"]  # fmt: skip
    for name in sources.names():
        info = sources.load(name).INFO
        if (each := info.credentials) is not None:
            plain = ", ".join(f"`{field}`" for field in plain_fields(each)) or "nothing"
            variables = ", ".join(f"`{variable(each, field)}`" for field in FIELDS[each.scheme][1])
            lines.append(f"| `[credentials.{each.name}]` | {info.title} | {each.title} | {plain} | {variables} | {each.rights} | <{each.page}> |")
    return "\n".join(lines) + "\n"


def exit_codes() -> str:
    """Return the page of exit codes."""
    lines = ["# Exit codes", "", "When several apply, the first of 130, 70, 2, 4, 1, 3, 0 wins.", "", "| code | meaning |", "| ---: | --- |"]
    lines += [f"| {int(code)} | {_MEANING[code]} |" for code in Exit]
    return "\n".join(lines) + "\n"


PAGES = {"commands.md": commands, "sources.md": source_table, "credentials.md": credentials, "exit-codes.md": exit_codes}

if __name__ == "__main__":
    for page, write in PAGES.items():
        (FOLDER / page).write_text(write(), "utf-8")
