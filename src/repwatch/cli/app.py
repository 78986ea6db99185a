"""The Typer application: the order of the commands in `--help`, and what all commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from repwatch import wording
from repwatch.cli import (
    alerting,
    answers,
    checking,
    coach,
    files,
    judging,
    leaders,
    privacy,
    programme,
    reading,
    setting_up,
)
from repwatch.cli.common import Where
from repwatch.errors import UsageError
from repwatch.settings_file import language_told

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
    ui_lang: Annotated[str | None, typer.Option(help="The language of answers: en, fr, nl or de (default: that of the settings).")] = None,
) -> None:
    """Hand the shared options to the command, and speak the user's language."""
    if ui_lang is not None and ui_lang not in wording.LANGUAGES:
        raise UsageError(f"--ui-lang {ui_lang}: repwatch does not speak this language", hint=f"Use one of: {', '.join(wording.LANGUAGES)}.")
    wording.use(ui_lang or language_told(config) or "en")
    context.obj = Where(data_dir, config)


#: The commands in the order of `--help`; a group of commands is a Typer application of its own, added below them.
_COMMANDS: tuple[Callable[..., None], ...] = (setting_up.demo, setting_up.init, checking.check, files.parse, files.import_, files.score, reading.report, reading.mentions,
             reading.sources, judging.correct, judging.evaluate, judging.rescore, checking.doctor, files.export)  # fmt: skip
_GROUPS: dict[str, typer.Typer] = {"answers": answers.app, "alerts": alerting.app, "programme": programme.app, "leaders": leaders.app, "coach": coach.app, "privacy": privacy.app}
NAMES = (*(command.__name__.rstrip("_") for command in _COMMANDS), *_GROUPS)
for command in _COMMANDS:
    app.command(name=command.__name__.rstrip("_"))(command)
for group_name, group in _GROUPS.items():
    app.add_typer(group, name=group_name)


def command_names() -> list[tuple[str, ...]]:
    """Return the names of all commands, those of a group behind the group's own."""
    found: list[tuple[str, ...]] = []
    for name in NAMES:
        found.append((name,))
        if name in _GROUPS:
            found += _within(name, group=_GROUPS[name])
    return found


def _within(*names: str, group: typer.Typer) -> list[tuple[str, ...]]:
    found = [(*names, each.name or (each.callback.__name__.rstrip("_") if each.callback else "")) for each in group.registered_commands]
    for below in group.registered_groups:
        if below.typer_instance is not None and below.name:
            found += [(*names, str(below.name)), *_within(*names, str(below.name), group=below.typer_instance)]
    return found
