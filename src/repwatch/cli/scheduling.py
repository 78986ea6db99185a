"""The command `schedule`: print what makes a command run by itself, or install it after asking."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from repwatch.cli.common import Where, agreed, nearest
from repwatch.cli.output import save, write
from repwatch.errors import UsageError
from repwatch.pipeline import schedule as plans
from repwatch.wording import _, spoken

_SYSTEM = sys.platform
_USUAL = "/usr/local/bin:/usr/bin:/bin"


class Scheduler(StrEnum):
    """What starts commands at their hour."""

    cron = "cron"
    systemd = "systemd"
    launchd = "launchd"
    windows = "windows"


class Days(StrEnum):
    """On which days."""

    daily = "daily"
    weekdays = "weekdays"
    weekly = "weekly"


def schedule(
    context: typer.Context,
    scheduler: Annotated[Scheduler | None, typer.Argument(help="cron, systemd, launchd or windows; left away: what this machine has.", show_default=False)] = None,
    at: Annotated[str, typer.Option("--at", help="The hour: 07:30; minutely tries it out every minute.")] = "07:30",
    days: Annotated[Days, typer.Option("--days", help="On which days; weekly is Monday.")] = Days.daily,
    command: Annotated[str, typer.Option("--run", help="The command to run, as after `repwatch`.")] = "check",
    log: Annotated[Path | None, typer.Option("--log", help="Where its words go; left away: a file in the data folder.")] = None,
    install: Annotated[bool, typer.Option("--install", help="Install it, after asking.")] = False,  # noqa: FBT002 — a flag of the command line
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,  # noqa: FBT002
) -> None:
    """Print what runs repwatch by itself (crontab line, systemd timer, launchd file, Windows task), or install it."""
    chosen = scheduler or _own()
    job = _job(context.obj, chosen, at, days, command, log)
    if not install:
        write(_shown(chosen, job))
        return
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError(_("nobody is there to be asked"), hint=_("Add --yes to install without asking."))
        write(_shown(chosen, job))
        if not agreed(_("Install this?")):
            write(_("Nothing was changed.") + "\n")
            return
    Path(job.log).parent.mkdir(parents=True, exist_ok=True)
    write(_INSTALL[chosen](job) + "\n")


def _own() -> Scheduler:
    if _SYSTEM == "win32":
        return Scheduler.windows
    return Scheduler.launchd if _SYSTEM == "darwin" else Scheduler.cron


def _job(where: Where, chosen: Scheduler, at: str, days: Days, command: str, log: Path | None) -> plans.Job:
    try:
        words = shlex.split(command)
    except ValueError:
        raise UsageError(_("--run cannot be read: it ends within quotation marks or behind a backslash"), hint=_("Close every quotation mark.")) from None
    if not words:
        raise UsageError(_("--run names no command"), hint=_("For example: {command}", command='--run "check"'))
    _known(words)
    folder = where.folder().absolute()
    name = "".join(char if char.isalnum() else "-" for char in words[0])
    return plans.Job(name, (*_program(), *words), _environment(where, folder, windows=chosen is Scheduler.windows), str((log or folder / f"{name}.log").absolute()), str(folder / f"schedule-{name}.lock"),
                     None if at == "minutely" else _minutes(at), days.value, shutil.which("flock") or "", str(Path.cwd()) if words[1:] else "")  # fmt: skip


def _known(words: list[str]) -> None:
    """Refuse a command that repwatch does not have: a scheduler would try it every day, and nobody would see that it fails."""
    from repwatch.cli.app import NAMES, command_names

    told = words[0]
    if told.startswith("-"):
        return
    if told not in NAMES:
        raise UsageError(_("--run {command}: repwatch has no such command", command=told), hint=nearest(told, NAMES))
    beneath = sorted({names[1] for names in command_names() if names[0] == told and len(names) > 1})
    if beneath and words[1:] and not words[1].startswith("-") and words[1] not in beneath:
        raise UsageError(_("--run {command}: repwatch has no such command", command=f"{told} {words[1]}"), hint=nearest(words[1], beneath))


def _minutes(at: str) -> int:
    hour, colon, minute = at.partition(":")
    if not (colon and hour.isdecimal() and minute.isdecimal() and len(minute) == 2 and int(hour) < 24 and int(minute) < 60):
        raise UsageError(_("{text} is no hour", text=repr(at)), hint=_("Write it as 07:30."))
    return int(hour) * 60 + int(minute)


def _program() -> tuple[str, ...]:
    """Return how this repwatch is started: its own program, or Python with the module."""
    beside = Path(sys.executable).parent / ("repwatch.exe" if _SYSTEM == "win32" else "repwatch")
    return (str(beside),) if beside.is_file() else (sys.executable, "-m", "repwatch")


def _environment(where: Where, folder: Path, *, windows: bool) -> dict[str, str]:
    from repwatch.settings_file import find_file

    found = find_file(where.config)
    told = {"REPWATCH_DATA_DIR": str(folder), "REPWATCH_CONFIG": str(found.absolute()) if found else "", "REPWATCH_LANGUAGE": spoken(),
            "REPWATCH_TIMEZONE": os.environ.get("REPWATCH_TIMEZONE", "")}  # fmt: skip
    # A scheduler of Unix starts with almost no PATH and no locale; Windows hands both on.
    bare = {} if windows else {"PATH": f"{Path(sys.executable).parent}:{_USUAL}", "LANG": "C.UTF-8"}
    return {**bare, **{name: value for name, value in told.items() if value}}


def _shown(chosen: Scheduler, job: plans.Job) -> str:
    """Return what to put where, ready to be pasted."""
    if chosen is Scheduler.cron:
        return f"{plans.cron(job)}\n"
    if chosen is Scheduler.systemd:
        return "".join(f"# {_units() / name}\n{text}\n" for name, text in plans.systemd(job).items()) + f"# systemctl --user enable --now repwatch-{job.name}.timer\n"
    if chosen is Scheduler.launchd:
        return plans.launchd(job)
    script, command = plans.windows(job)
    file = _script(job)
    then = _("then run:")
    return f"rem {file}\r\n{script}\r\nrem {then}\r\n{command.format(file=file)}\r\n"


def _units() -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"


def _agent(job: plans.Job) -> Path:
    return Path.home() / "Library" / "LaunchAgents" / f"repwatch.{job.name}.plist"


def _script(job: plans.Job) -> Path:
    return Path(job.lock).with_suffix(".cmd")


def _run(*command: str, given: str | None = None) -> str:
    try:
        done = subprocess.run(command, input=given, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 — the system's own scheduler, our own arguments
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UsageError(_("{program} cannot be used: {why}", program=command[0], why=error), hint=_("Install it, or print the schedule without --install.")) from error
    if done.returncode and command != ("crontab", "-l"):
        raise UsageError(_("{program} refused: {why}", program=command[0], why=done.stderr.strip()), hint=_("Print the schedule without --install, and put it in place by hand."))
    return done.stdout if not done.returncode else ""


def _install_cron(job: plans.Job) -> str:
    _run("crontab", "-", given=plans.with_line(_run("crontab", "-l"), job))
    return _("Installed in your crontab. To take it out: {command}", command="crontab -e")


def _install_systemd(job: plans.Job) -> str:
    _units().mkdir(parents=True, exist_ok=True)
    for name, text in plans.systemd(job).items():
        save(_units() / name, text)
    _run("systemctl", "--user", "daemon-reload")
    _run("systemctl", "--user", "enable", "--now", f"repwatch-{job.name}.timer")
    return _("Installed as a timer. To take it out: {command}", command=f"systemctl --user disable --now repwatch-{job.name}.timer")


def _install_launchd(job: plans.Job) -> str:
    _agent(job).parent.mkdir(parents=True, exist_ok=True)
    save(_agent(job), plans.launchd(job))
    _run("launchctl", "load", "-w", str(_agent(job)))
    return _("Installed as a launch agent. To take it out: {command}", command=f"launchctl unload -w {_agent(job)}")


def _install_windows(job: plans.Job) -> str:
    script, command = plans.windows(job)
    save(_script(job), script)
    _run("cmd", "/c", command.format(file=_script(job)))
    return _("Installed as a task. To take it out: {command}", command=f'schtasks /Delete /TN "repwatch {job.name}"')


_INSTALL = {Scheduler.cron: _install_cron, Scheduler.systemd: _install_systemd, Scheduler.launchd: _install_launchd, Scheduler.windows: _install_windows}
