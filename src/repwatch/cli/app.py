"""The Typer application: the order of the commands in `--help`, and what all commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from repwatch.cli import browsing, checking, files, finding, reading, setting_up
from repwatch.cli.common import Where

app = typer.Typer(
    name="repwatch",
    help="Watch what people say about working for you: reviews and mentions, honest figures, and what could not be seen.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog="Exit codes: 0 nothing to report, 1 an alert, 2 usage or settings, 3 part could not be read, 4 nothing could be read, 70 our fault, 130 stopped.",
)


@app.callback()
def shared(
    context: typer.Context,
    data_dir: Annotated[Path | None, typer.Option(help="The folder in which everything is kept (or REPWATCH_DATA_DIR).", envvar="REPWATCH_DATA_DIR")] = None,
    config: Annotated[Path | None, typer.Option(help="The settings file (or REPWATCH_CONFIG; default: repwatch.toml here).", envvar="REPWATCH_CONFIG")] = None,
) -> None:
    """Hand the shared options to the command."""
    context.obj = Where(data_dir, config)


_COMMANDS: tuple[Callable[..., None], ...] = (setting_up.demo, setting_up.init, checking.check, files.parse, files.import_, files.score, reading.report, reading.mentions,
             reading.sources, checking.doctor, files.export, finding.discover, finding.recheck, browsing.browse)  # fmt: skip
for command in _COMMANDS:
    app.command(name=command.__name__.rstrip("_"))(command)
app.add_typer(finding.query, name="query")
NAMES = (*(command.__name__.rstrip("_") for command in _COMMANDS), "query", "query test", "query explain")
