"""Help and usage errors in the user's language.

The help stands in the code in English, as docstrings and `help=`: `docs/catalogues.py` finds it in the tree of commands, and here
it is put into the user's language as it is shown. What Typer says itself stands below.
"""

from __future__ import annotations

from typing import Any, cast

import typer
from typer import core

from repwatch.wording import N_, _, spoken, told

#: What Typer says in help and in usage errors, word for word; its errors are sentences already made, which `told` knows again.
OF_TYPER = (
    N_("Usage:"), N_("[OPTIONS]"), N_("COMMAND [ARGS]..."), N_("Arguments"), N_("Options"), N_("Commands"), N_("Show this message and exit."),
    N_("default: {default}"), N_("env var: {var}"), N_("required"), N_("Missing command."),
    N_("No such command {name}."), N_("No such command {name}. Did you mean {others}?"), N_("No such option: {name}"), N_("No such option: {name} (Possible options: {others})"),
    N_("Got unexpected extra argument(s) ({given})"), N_("Missing argument {name}."), N_("Missing option {name}."), N_("Missing argument {name}. {choices}"), N_("Missing option {name}. {choices}"),
    N_("Choose from:\n\t{choices}"), N_("Option {name} requires an argument."), N_("Option {name} does not take a value."), N_("Invalid value for {name}: {why}"), N_("Invalid value: {why}"),
    N_("{value} is not one of {choices}."), N_("{value} is not a valid int."), N_("{value} is not a valid int range."), N_("{value} is not a valid float."), N_("{value} is not in the range {range}."),
    N_("Takes {n} values but {given} given."), N_("Argument {name} takes {n} values."),
    N_("Path {path} does not exist."), N_("File {path} does not exist."), N_("File {path} is a directory."), N_("Path {path} is not readable."), N_("File {path} is not readable."),
)  # fmt: skip


class _Formatter(typer.Context.formatter_class):  # type: ignore[misc,valid-type]  # Typer has no other public name for it
    """Lay help out as Typer does, under the words of the user's language."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line of usage."""
        super().write_usage(prog, args, _("Usage:") + " " if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        """Write the heading of a list; some languages set the colon apart."""
        self.write(_("{heading}:", heading=heading) + "\n")

    def write_dl(self, rows: Any, *args: Any, **kwargs: Any) -> None:
        """Write options or commands; the help of `--help` is made by Typer, and not in the tree before it is shown."""
        super().write_dl([(first, _(second)) for first, second in rows], *args, **kwargs)


class _Context(typer.Context):
    formatter_class = _Formatter


def in_language(command: Any) -> Any:
    """Return a tree of commands with its help in the user's language; in English it is left as it is."""
    if spoken() == "en":
        return command
    # Typer asks gettext's own domain for a dozen words, in the language of the machine; it has no other door for ours than this name.
    cast("Any", core)._ = _
    command.context_class = _Context
    for key in ("help", "epilog", "options_metavar", "subcommand_metavar"):
        if getattr(command, key, None):
            setattr(command, key, _(getattr(command, key)))
    for each in command.params:
        if getattr(each, "help", None):
            each.help = _(each.help)
    for each in getattr(command, "commands", {}).values():
        in_language(each)
    return command


def complaint(error: typer.TyperException) -> str:
    """Return what is wrong with a command line."""
    return told(error.format_message())
