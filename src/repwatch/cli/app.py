"""The Typer application: the order of the commands in `--help`, and what all commands share."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Annotated

import typer

from repwatch import wording
from repwatch.cli import (
    alerting,
    answers,
    board,
    browsing,
    checking,
    coach,
    files,
    finding,
    guiding,
    judging,
    leaders,
    parsing,
    privacy,
    profiles,
    programme,
    reading,
    scheduling,
    setting_up,
)
from repwatch.cli.common import Where
from repwatch.errors import UsageError
from repwatch.wording import _


def shared(
    context: typer.Context,
    data_dir: Annotated[Path | None, typer.Option(help="The folder in which everything is kept (or REPWATCH_DATA_DIR).", envvar="REPWATCH_DATA_DIR")] = None,
    config: Annotated[Path | None, typer.Option(help="The settings file (or REPWATCH_CONFIG; default: repwatch.toml here).", envvar="REPWATCH_CONFIG")] = None,
    ui_lang: Annotated[str | None, typer.Option(help="The language of answers: en, fr, nl or de (default: that of the settings).")] = None,
) -> None:
    """Hand the shared options to the command; the language is spoken already (`start.run`)."""
    if ui_lang is not None and ui_lang not in wording.LANGUAGES:
        raise UsageError(_("{option} {value}: repwatch does not speak this language", option="--ui-lang", value=ui_lang), hint=_("Use one of: {names}.", names=", ".join(wording.LANGUAGES)))
    context.obj = Where(data_dir, config)


#: The commands in the order of `--help`; a group of commands is a Typer application of its own, added below them.
_COMMANDS: tuple[Callable[..., None], ...] = (setting_up.demo, setting_up.init, checking.check, parsing.parse, files.import_, files.score, reading.report, reading.mentions,
             reading.sources, judging.correct, judging.evaluate, judging.rescore, guiding.guide, checking.doctor, scheduling.schedule, files.export,
             finding.discover, finding.recheck, browsing.browse)  # fmt: skip
_GROUPS: dict[str, typer.Typer] = {"profiles": profiles.app, "answers": answers.app, "alerts": alerting.app, "board": board.app,
                                    "programme": programme.app, "leaders": leaders.app, "coach": coach.app, "privacy": privacy.app, "query": finding.query}
NAMES = (*(command.__name__.rstrip("_") for command in _COMMANDS), *_GROUPS)


def application(named: Collection[str] = NAMES) -> typer.Typer:
    """Return the application: commands that are `named` whole, of all others the name and the help alone.

    Working out the options of sixty commands costs more than all the rest of `--help`.
    """
    made = typer.Typer(
        name="repwatch", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
        help="Watch what people say about working for you: reviews and mentions, honest figures, and what could not be seen.",
        epilog="Exit codes: 0 nothing to report, 1 an alert, 2 usage or settings, 3 part could not be read, 4 nothing could be read, 70 our fault, 130 stopped.",
    )  # fmt: skip
    made.callback()(shared)
    for name, command in zip(NAMES, _COMMANDS, strict=False):
        made.command(name=name, help=command.__doc__)(command if name in named else _unnamed)
    for name, group in _GROUPS.items():
        if name in named:
            made.add_typer(group, name=name)
        else:
            made.command(name=name, help=str(group.info.help))(_unnamed)
    return made


def _unnamed() -> None:
    """Stand for a command that the line does not name."""


def command_names() -> list[tuple[str, ...]]:
    """Return the names of all commands, those of a group behind the group's own."""
    found: list[tuple[str, ...]] = []
    for name in NAMES:
        found.append((name,))
        if name in _GROUPS:
            found += _beneath(_GROUPS[name], (name,))
    return found


def _beneath(group: typer.Typer, above: tuple[str, ...]) -> list[tuple[str, ...]]:
    found = [(*above, each.name or (each.callback.__name__.rstrip("_") if each.callback else "")) for each in group.registered_commands]
    for each in group.registered_groups:
        if each.name and each.typer_instance:
            found += [(*above, each.name), *_beneath(each.typer_instance, (*above, each.name))]
    return found
