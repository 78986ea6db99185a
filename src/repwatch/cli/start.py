"""Run a command line: turn errors into sentences and exit codes, and a crash into a report file."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from repwatch import __version__
from repwatch.errors import Exit, RepwatchError
from repwatch.settings_file import language_told
from repwatch.wording import N_, _, told, use

_HOISTED = ("--data-dir", "--config", "--ui-lang")
_STOPPED = N_("Stopped. What was done so far is kept.")


def run(arguments: list[str]) -> int:
    """Run repwatch with `arguments` and return the exit code."""
    import typer

    from repwatch.cli.app import application
    from repwatch.cli.spoken import complaint, in_language

    # A scheduler may start us with closed streams: then nobody listens, and that is no fault.
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 — open until the end
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 — open until the end
    line = _hoist(arguments)
    use(_language(line))
    try:
        code = in_language(typer.main.get_command(application(arguments)))(line or ["--help"], prog_name="repwatch", standalone_mode=False)
        sys.stdout.flush()
        if code == Exit.INTERRUPTED:  # Typer makes this of Ctrl-C, without a word
            say(_(_STOPPED))
        return int(code or Exit.OK)
    except typer.Exit as stop:
        return int(stop.exit_code)
    except typer.TyperException as error:
        message = complaint(error)
        if message.startswith(_("Usage:")):  # a group without a command: Typer hands over its whole help
            sys.stderr.write(message + "\n")
            return int(Exit.USAGE)
        say(f"repwatch: {message}")
        say("  " + _("Ask for help with: {command}", command=f"repwatch {_command(arguments)}--help"))
        return int(Exit.USAGE)
    except (KeyboardInterrupt, typer.Abort):
        say(_(_STOPPED))
        return int(Exit.INTERRUPTED)
    except RepwatchError as error:
        _complain(error)
        return int(error.exit_code)
    except (BrokenPipeError, SystemExit):
        # The reader of our output left (`| head`), which Typer answers with exit 1: nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return int(Exit.OK)
    except Exception as error:  # noqa: BLE001 — the last resort: the crash goes whole into a file, a sentence to the person
        say("repwatch: " + _("a fault of ours: {name}. What was stored is safe.", name=type(error).__name__))
        try:
            say("  " + _("The report is in {path}; please send it along when you tell us.", path=_crash_file(error)))
        except OSError as full:
            say("  " + _("Its report could not be written: {why}.", why=full.strerror or str(full)))
        return int(Exit.BUG)


def _complain(error: RepwatchError) -> None:
    # What readers of files say goes into the ledger too, and there it is English.
    say(f"repwatch: {error.where + ': ' if error.where else ''}{told(error.message)}")
    if error.hint:
        say(f"  {told(error.hint)}")


def say(line: str) -> None:
    """Write a line to standard error, without control characters."""
    from repwatch.text.clean import clean

    sys.stderr.write(clean(line) + "\n" if not line.startswith(" ") else "  " + clean(line) + "\n")


def _command(arguments: list[str]) -> str:
    from repwatch.cli.app import NAMES

    return next((f"{argument} " for argument in arguments if argument in NAMES), "")


def _language(line: list[str]) -> str:
    """Return the language to speak: help, and what is wrong with the line itself, are said before any command is at work."""
    named: dict[str, str] = {}
    waiting = iter(line)
    for argument in waiting:
        name, is_set, value = argument.partition("=")
        if name not in _HOISTED:
            break
        named[name] = value if is_set else next(waiting, "")
    config = named.get("--config")
    return named.get("--ui-lang") or language_told(Path(config) if config else None) or "en"


def _hoist(arguments: list[str]) -> list[str]:
    """Let `--data-dir`, `--config` and `--ui-lang` stand anywhere on the line: move them before the command."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            rest += [argument, *waiting]
        elif argument in _HOISTED:
            front += [argument, *[value for value in [next(waiting, None)] if value is not None]]
        elif argument.startswith(tuple(f"{name}=" for name in _HOISTED)):
            front.append(argument)
        else:
            rest.append(argument)
    return front + rest


def _crash_file(error: BaseException) -> Path:
    """Write the report of a crash: versions and the stack, no settings, no texts, no arguments."""
    import platform
    import tempfile
    import time
    import traceback

    named = Path(os.environ.get("REPWATCH_DATA_DIR") or tempfile.gettempdir())
    folder = named if named.is_dir() and os.access(named, os.W_OK) else Path(tempfile.gettempdir())
    path = folder / f"repwatch-crash-{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{os.getpid()}-{time.monotonic_ns()}.txt"
    stack = "".join(traceback.format_tb(error.__traceback__))
    text = f"repwatch {__version__}\nPython {platform.python_version()} on {platform.platform()}\n{type(error).__name__}\n\n{stack}"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as report:
        report.write(text)
    return path
