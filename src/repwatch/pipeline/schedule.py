"""Write down when a command is to run, for cron, systemd, launchd and the Windows Task Scheduler. Pure: text in, text out."""

from __future__ import annotations

import plistlib
import shlex
from collections.abc import Mapping
from typing import NamedTuple

from repwatch.errors import UsageError
from repwatch.wording import _

KINDS = ("cron", "systemd", "launchd", "windows")
#: Debian's cron refuses a longer command.
_CRON_LONGEST = 998
_CRON_DAYS = {"daily": "*", "weekdays": "1-5", "weekly": "1"}
_SYSTEMD_DAYS = {"daily": "", "weekdays": "Mon..Fri ", "weekly": "Mon "}
_LAUNCHD_DAYS: dict[str, tuple[int, ...]] = {"daily": (), "weekdays": (1, 2, 3, 4, 5), "weekly": (1,)}
_WINDOWS_DAYS = {"daily": "/SC DAILY", "weekdays": "/SC WEEKLY /D MON,TUE,WED,THU,FRI", "weekly": "/SC WEEKLY /D MON"}


class Job(NamedTuple):
    """A command line that runs at an hour: the program and its arguments, what the environment must hold, where its words go.

    `minutes` counts from midnight, None runs it every minute (for trying it out). `lock` is held while it runs.
    """

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    log: str
    lock: str
    minutes: int | None
    days: str = "daily"
    #: Where the `flock` program is; without it the job relies on the lock that `check` takes itself.
    flock: str = ""
    #: Where it starts: what the command line calls `weekly.html` lies there. A scheduler starts elsewhere.
    folder: str = ""


def _checked(job: Job) -> Job:
    """Refuse what no scheduler can carry: control characters, and names that are no text."""
    for text in (*job.arguments, *job.environment.values(), job.log, job.lock, job.folder):
        if any(char < " " or "\x7f" <= char < "\xa0" or "\ud800" <= char <= "\udfff" or char in "\u2028\u2029\ufffe\uffff" for char in text):
            raise UsageError(_("a schedule cannot carry a control character"), where=repr(text), hint=_("Choose a path without line breaks and tabs."))
    return job


def mark(job: Job) -> str:
    """Return the comment by which a line of the crontab is known again."""
    return f"# repwatch: {job.name}"


def cron(job: Job) -> str:
    """Return a line for the crontab. Cron reads `%` as a line feed: it is escaped."""
    hour = "* *" if job.minutes is None else f"{job.minutes % 60} {job.minutes // 60}"
    locked = (job.flock, "-n", job.lock) if job.flock else ()
    pairs = [f"{name}={value}" for name, value in job.environment.items()]
    command = shlex.join(["env", *pairs, *locked, *_checked(job).arguments])
    start = f"cd {shlex.quote(job.folder)} && " if job.folder else ""
    line = f"{start}{command} >> {shlex.quote(job.log)} 2>&1".replace("%", "\\%")
    if len(line.encode()) > _CRON_LONGEST:
        raise UsageError(_("this line is too long for cron"), hint=_("Use shorter paths, or: {command}", command="repwatch schedule systemd"))
    return f"{hour} * * {_CRON_DAYS[job.days]} {line} {mark(job)}"


def with_line(crontab: str, job: Job) -> str:
    """Return a crontab with the job's line in the place of an earlier one, or at its end; all other lines stay."""
    kept = [line for line in crontab.splitlines() if not line.endswith(f" {mark(job)}")]
    return "\n".join([*kept, cron(job)]) + "\n"


def systemd(job: Job) -> dict[str, str]:
    """Return the two unit files of a user's timer, by name. A check that tells of an alert (1) or a blind source (3) did not fail."""
    when = "*:*:00" if job.minutes is None else f"{_SYSTEMD_DAYS[job.days]}*-*-* {job.minutes // 60:02}:{job.minutes % 60:02}:00"
    environment = "".join(f"Environment={_unit_quoted(f'{name}={value}')}\n" for name, value in _checked(job).environment.items())
    command = " ".join(_unit_quoted(part, dollars=True) for part in job.arguments)
    log = job.log.replace("%", "%%")
    start = f"WorkingDirectory={job.folder.replace('%', '%%')}\n" if job.folder else ""
    service = (f"[Unit]\nDescription=repwatch {job.name}\nAfter=network-online.target\n\n[Service]\nType=oneshot\n{start}{environment}ExecStart={command}\n"
               f"StandardOutput=append:{log}\nStandardError=inherit\nSuccessExitStatus=1 3\n")  # fmt: skip
    timer = f"[Unit]\nDescription=repwatch {job.name}\n\n[Timer]\nOnCalendar={when}\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n"
    return {f"repwatch-{job.name}.service": service, f"repwatch-{job.name}.timer": timer}


def _unit_quoted(text: str, *, dollars: bool = False) -> str:
    """Return a word of a unit file: quotes and backslashes escaped, `%` and (in a command) `$` doubled."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped.replace("$", "$$") if dollars else escaped}"'


def launchd(job: Job) -> str:
    """Return the property list of a launch agent, which starts nothing twice."""
    base = {} if job.minutes is None else {"Hour": job.minutes // 60, "Minute": job.minutes % 60}
    days = [{**base, "Weekday": day} for day in _LAUNCHD_DAYS[job.days]]
    agent = {
        "Label": f"repwatch.{job.name}", "ProgramArguments": list(_checked(job).arguments), "EnvironmentVariables": dict(job.environment),
        "StartCalendarInterval": days or base, "StandardOutPath": job.log, "StandardErrorPath": job.log, **({"WorkingDirectory": job.folder} if job.folder else {}),
    }  # fmt: skip
    return plistlib.dumps(agent, sort_keys=True).decode()


def windows(job: Job) -> tuple[str, str]:
    """Return a command file, and the command for which `{file}` is its path: the Task Scheduler itself knows no environment."""
    for text in (*_checked(job).arguments, *job.environment.values(), job.log, job.folder):
        if '"' in text:
            raise UsageError(_("a Windows command cannot carry a quotation mark"), where=text, hint=_("Choose a path without quotation marks."))
    sets = "".join(f'set "{name}={_percent(value)}"\r\n' for name, value in job.environment.items())
    command = " ".join(f'"{_percent(part)}"' for part in job.arguments)
    start = f'cd /d "{_percent(job.folder)}"\r\n' if job.folder else ""
    script = f'@echo off\r\nchcp 65001 >nul\r\n{start}{sets}{command} >> "{_percent(job.log)}" 2>&1\r\n'
    minutes = job.minutes or 0
    days = "/SC MINUTE" if job.minutes is None else f"{_WINDOWS_DAYS[job.days]} /ST {minutes // 60:02}:{minutes % 60:02}"
    return script, f'schtasks /Create /TN "repwatch {job.name}" /TR "\\"{{file}}\\"" {days} /F'


def _percent(text: str) -> str:
    return text.replace("%", "%%")
