"""Schedules as text: what a shell, cron, systemd, launchd and Windows make of them is what was meant."""

from __future__ import annotations

import os
import plistlib
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repwatch.errors import UsageError
from repwatch.pipeline import schedule as plans
from repwatch.pipeline.schedule import Job

JOB = Job("check", ("/opt/repwatch/bin/repwatch", "check"), {"PATH": "/usr/bin:/bin", "REPWATCH_DATA_DIR": "/home/you/data"}, "/home/you/data/check.log", "/home/you/data/schedule-check.lock", 7 * 60 + 30)
#: Names as people give them to folders: blanks, percent signs, quotes, dollars, backslashes, accents.
ODD = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="/\ufffe\uffff"), min_size=1, max_size=30) | st.sampled_from(
    ["a b", "100%", "it's", '"q"', "$HOME", "`id`", "a\\b", "%%", "\\%", "é à", "~", "#x", "*", ";", "&&", "-n", "'\"'", "%h", "$$", "!x", " a ", "\\"])  # fmt: skip


def job(name: str, **more: Any) -> Job:
    return JOB._replace(arguments=("/usr/bin/printf", "%s|", name), environment={"REPWATCH_DATA_DIR": f"/x/{name}", "A": name}, **more)


def as_cron_reads(line: str) -> str:
    """Return what cron hands to the shell: the sixth field on; `\\%` is a percent sign, a bare one would end the command."""
    command = line.split(" ", 5)[5]
    assert not re.search(r"(?<!\\)%", command)
    return command.replace("\\%", "%")


def test_a_line_of_the_crontab() -> None:
    """Hour, environment, command, log, and the mark by which the line is known again."""
    expected = ("30 7 * * * env PATH=/usr/bin:/bin REPWATCH_DATA_DIR=/home/you/data /usr/bin/flock -n /home/you/data/schedule-check.lock /opt/repwatch/bin/repwatch check "
                ">> /home/you/data/check.log 2>&1 # repwatch: check")  # fmt: skip
    assert plans.cron(JOB._replace(flock="/usr/bin/flock")) == expected


@pytest.mark.parametrize(("days", "minutes", "expected"), [("daily", 0, "0 0 * * * "), ("weekdays", 450, "30 7 * * 1-5 "), ("weekly", 1439, "59 23 * * 1 "), ("daily", None, "* * * * * ")])
def test_when_cron_starts_it(days: str, minutes: int | None, expected: str) -> None:
    """Every day, on weekdays, on Mondays, every minute."""
    assert plans.cron(JOB._replace(days=days, minutes=minutes)).startswith(expected)


@settings(deadline=None, max_examples=60)
@given(ODD)
def test_the_shell_reads_back_what_was_meant(name: str) -> None:
    """Whatever stands in a path: arguments, environment and log survive cron and the shell."""
    command = as_cron_reads(plans.cron(job(name)))
    assert command.endswith(" 2>&1 # repwatch: check")
    done = subprocess.run(["/bin/sh", "-c", command.rpartition(" >> ")[0]], capture_output=True, check=True)
    assert done.stdout.decode() == f"{name}|"


def test_the_environment_reaches_the_command(tmp_path: Path) -> None:
    """An odd data folder arrives whole, in the log as in the environment."""
    folder = tmp_path / "a b 100% \"q\" 'x' $HOME é"
    folder.mkdir()
    line = plans.cron(JOB._replace(arguments=("/usr/bin/env",), environment={"REPWATCH_DATA_DIR": str(folder)}, log=str(folder / "check.log"), lock=str(folder / "l"), flock=shutil.which("flock") or ""))
    subprocess.run(["/bin/sh", "-c", as_cron_reads(line)], check=True)
    assert f"REPWATCH_DATA_DIR={folder}\n" in (folder / "check.log").read_text()


def test_a_job_starts_where_its_files_lie(tmp_path: Path) -> None:
    """What the command line calls by a relative name is found in the folder of the job, by all four."""
    folder = tmp_path / "a b 100% 'x'"
    folder.mkdir()
    here = JOB._replace(folder=str(folder))
    line = plans.cron(here._replace(arguments=("/bin/touch", "weekly.html"), environment={}, log=str(tmp_path / "log")))
    subprocess.run(["/bin/sh", "-c", as_cron_reads(line)], check=True, cwd="/")
    assert [path.name for path in folder.iterdir()] == ["weekly.html"]
    percent = str(folder).replace("%", "%%")
    assert f"\nWorkingDirectory={percent}\n" in plans.systemd(here)["repwatch-check.service"]
    assert plistlib.loads(plans.launchd(here).encode())["WorkingDirectory"] == str(folder)
    assert f'\r\ncd /d "{percent}"\r\n' in plans.windows(here)[0]


def test_a_job_is_not_started_twice(tmp_path: Path) -> None:
    """While the lock is held the second one ends at once."""
    flock = shutil.which("flock")
    if flock is None:
        pytest.skip("needs flock (Debian package util-linux)")
    lock = tmp_path / "lock"
    line = plans.cron(JOB._replace(arguments=("/bin/echo", "ran"), log=str(tmp_path / "log"), lock=str(lock), flock=flock))
    held = f"exec 9>'{lock}'; {flock} 9; {as_cron_reads(line)}"
    subprocess.run(["/bin/sh", "-c", held.replace(" # repwatch: check", " 9>&-")], check=False)
    assert (tmp_path / "log").read_text() == ""


@pytest.mark.parametrize("text", ["a\nb", "a\tb", "a\0b", "\x7f", "\x85", "\u2028", "\ud800"])
def test_control_characters_are_refused(text: str) -> None:
    """A line break in a path would be a line of its own in any of the four."""
    for make in (plans.cron, plans.systemd, plans.launchd, plans.windows):
        with pytest.raises(UsageError, match="control character"):
            make(job(text))


def test_a_line_too_long_for_cron() -> None:
    """Cron would cut or refuse it; it is said before, with another way."""
    with pytest.raises(UsageError, match="too long") as caught:
        plans.cron(job("x" * 1000))
    assert "repwatch schedule systemd" in caught.value.hint


def test_a_crontab_keeps_its_other_lines() -> None:
    """An earlier line of the same job is replaced, all else stays as it was."""
    before = "MAILTO=you\n0 5 * * * backup # repwatch: checked\n* * * * * old # repwatch: check\n"
    assert plans.with_line(before, JOB).splitlines() == ["MAILTO=you", "0 5 * * * backup # repwatch: checked", plans.cron(JOB)]
    assert plans.with_line("", JOB) == plans.with_line(plans.with_line("", JOB), JOB)


def test_a_timer() -> None:
    """Two units of the user; an alert or a blind source is no failure of the unit."""
    units = plans.systemd(JOB._replace(days="weekdays"))
    assert units["repwatch-check.service"] == """\
[Unit]
Description=repwatch check
After=network-online.target

[Service]
Type=oneshot
Environment="PATH=/usr/bin:/bin"
Environment="REPWATCH_DATA_DIR=/home/you/data"
ExecStart="/opt/repwatch/bin/repwatch" "check"
StandardOutput=append:/home/you/data/check.log
StandardError=inherit
SuccessExitStatus=1 3
"""
    assert units["repwatch-check.timer"] == """\
[Unit]
Description=repwatch check

[Timer]
OnCalendar=Mon..Fri *-*-* 07:30:00
Persistent=true

[Install]
WantedBy=timers.target
"""


def unit_words(text: str) -> list[str]:
    """Read a line of quoted words as systemd.syntax(7) and systemd.unit(5) say: C escapes, `%%` a percent sign."""
    return [re.sub(r"\\(.)", r"\1", word).replace("%%", "%") for word in re.findall(r'"((?:[^"\\]|\\.)*)"', text)]


@given(ODD)
def test_systemd_reads_back_what_was_meant(name: str) -> None:
    """Quotes, backslashes, percent signs and dollars survive."""
    service = plans.systemd(job(name))["repwatch-check.service"]
    assert unit_words(next(line for line in service.splitlines() if line.startswith("ExecStart=")))[2].replace("$$", "$") == name
    assert [unit_words(line) for line in service.split("\n") if line.startswith("Environment=")] == [[f"REPWATCH_DATA_DIR=/x/{name}"], [f"A={name}"]]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs the Debian package systemd")
@pytest.mark.parametrize("name", ["plain", "a b", "100%", 'q"q', "$HOME", "a\\b", "it's"])
@pytest.mark.parametrize("minutes", [450, None])
def test_systemd_finds_nothing_wrong(tmp_path: Path, name: str, minutes: int | None) -> None:
    """`systemd-analyze verify` reads both units without a word."""
    units = plans.systemd(job(name, minutes=minutes)._replace(arguments=("/bin/true", name)))
    for file, text in units.items():
        (tmp_path / file).write_text(text)
    done = subprocess.run(["systemd-analyze", "--user", "verify", *(str(tmp_path / file) for file in units)], capture_output=True, text=True, check=False,
                          env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path), "SYSTEMD_LOG_LEVEL": "warning"})  # fmt: skip
    assert [line for line in done.stderr.splitlines() if "repwatch-check" in line] == []


@given(ODD, st.sampled_from(["daily", "weekdays", "weekly"]))
def test_launchd_reads_back_what_was_meant(name: str, days: str) -> None:
    """The property list holds arguments and environment as they are."""
    told = plistlib.loads(plans.launchd(job(name, days=days)).encode())
    assert [told["ProgramArguments"], told["EnvironmentVariables"]["A"], told["Label"]] == [["/usr/bin/printf", "%s|", name], name, "repwatch.check"]
    assert told["StartCalendarInterval"] == {"daily": {"Hour": 7, "Minute": 30}, "weekly": [{"Hour": 7, "Minute": 30, "Weekday": 1}]}.get(days, [{"Hour": 7, "Minute": 30, "Weekday": day} for day in range(1, 6)])


def test_launchd_every_minute() -> None:
    """No field of the calendar is fixed."""
    assert plistlib.loads(plans.launchd(JOB._replace(minutes=None)).encode())["StartCalendarInterval"] == {}


def test_a_windows_task() -> None:
    """A command file with environment and log, and the command that plans it."""
    script, command = plans.windows(JOB._replace(arguments=(r"C:\Tools\100% sure\repwatch.exe", "check"), environment={"REPWATCH_DATA_DIR": r"C:\Users\you\data"}, log=r"C:\log.txt", days="weekdays"))
    assert script == '@echo off\r\nchcp 65001 >nul\r\nset "REPWATCH_DATA_DIR=C:\\Users\\you\\data"\r\n"C:\\Tools\\100%% sure\\repwatch.exe" "check" >> "C:\\log.txt" 2>&1\r\n'
    assert command.format(file=r"C:\x\a.cmd") == r'schtasks /Create /TN "repwatch check" /TR "\"C:\x\a.cmd\"" /SC WEEKLY /D MON,TUE,WED,THU,FRI /ST 07:30 /F'


def test_a_windows_task_every_minute() -> None:
    """Then there is no hour."""
    assert plans.windows(JOB._replace(minutes=None))[1].endswith("/SC MINUTE /F")


@given(ODD)
def test_windows_reads_back_what_was_meant(name: str) -> None:
    """In a command file only a percent sign is more than itself within quotes; a quotation mark is refused."""
    if '"' in name:
        with pytest.raises(UsageError, match="quotation mark"):
            plans.windows(job(name))
        return
    lines = plans.windows(job(name))[0].split("\r\n")
    assert lines[3] == f'set "A={name.replace("%", "%%")}"'
