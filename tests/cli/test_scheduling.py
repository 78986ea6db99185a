"""`schedule` on the command line, with stand-ins for the system's programs, and once with a real cron."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from tests.cli.conftest import Cli, environment

from repwatch.cli import scheduling


@pytest.fixture
def programs(alone: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with stand-ins for crontab, systemctl, launchctl and cmd that write down what they are told."""
    folder = alone / "programs"
    folder.mkdir()
    for name in ("systemctl", "launchctl", "cmd"):
        (folder / name).write_text(f'#!/bin/sh\necho "$0" "$@" >> "{alone}/told"\n')
    (folder / "crontab").write_text(f'#!/bin/sh\ncase "$1" in -l) cat "{alone}/crontab" 2>/dev/null || {{ echo "no crontab" >&2; exit 1; }};; *) cat > "{alone}/crontab";; esac\n')
    for path in folder.iterdir():
        path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


@pytest.mark.parametrize(("platform", "beginning"), [("linux", "30 7 * * * env "), ("darwin", "<?xml"), ("win32", "rem ")])
def test_each_system_has_its_own(cli: Cli, monkeypatch: pytest.MonkeyPatch, platform: str, beginning: str) -> None:
    """Without a name: cron, launchd, or the Task Scheduler."""
    monkeypatch.setattr(scheduling, "_SYSTEM", platform)
    assert cli("schedule", "--data-dir", "d").out.startswith(beginning)


def test_the_line_holds_where_everything_is(cli: Cli, alone: Path) -> None:
    """Data folder, settings, language and log, all as whole paths, since cron starts elsewhere."""
    Path("repwatch.toml").write_text('language = "nl"\n')
    line = cli("schedule", "cron", "--data-dir", "d", "--at", "6:05", "--days", "weekdays").out
    for part in (f"REPWATCH_DATA_DIR={alone}/d ", f"REPWATCH_CONFIG={alone}/repwatch.toml ", "REPWATCH_LANGUAGE=nl ", f">> {alone}/d/check.log 2>&1", f"{alone}/d/schedule-check.lock "):
        assert part in line
    assert line.startswith("5 6 * * 1-5 env PATH=")


def test_another_command(cli: Cli, alone: Path) -> None:
    """--run takes any command with its options; the log is named after it, or as --log says."""
    line = cli("schedule", "cron", "--data-dir", "d", "--run", "report --kind weekly --format html --out 'my report.html'", "--days", "weekly").out
    assert "report --kind weekly --format html --out 'my report.html' >> " in line
    assert line.startswith(f"30 7 * * 1 cd {alone} && env ")
    assert f"{alone}/d/report.log" in line
    assert f">> {alone}/x.log" in cli("schedule", "cron", "--data-dir", "d", "--log", "x.log").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--at", "7"), "is no hour"), (("--at", "24:00"), "is no hour"), (("--at", "7:5"), "is no hour"), (("--at", "07:60"), "is no hour"), (("--at", "²:00"), "is no hour"),
        (("--run", "'"), "--run cannot be read"), (("--run", " "), "--run names no command"), (("--run", "banana"), "--run banana: repwatch has no such command"),
        (("--run", "alerts snd"), "Did you mean 'send'?"), (("--install",), "nobody is there to be asked"),
    ],
)  # fmt: skip
def test_what_cannot_be_planned(cli: Cli, arguments: tuple[str, ...], said: str) -> None:
    """It is said, and nothing is changed."""
    ran = cli("schedule", "cron", "--data-dir", "d", *arguments)
    assert [ran.code, said in ran.err, ran.out] == [2, True, ""]


def test_a_crontab_is_changed_once_asked(cli: Cli, alone: Path, programs: Path) -> None:
    """--yes installs; twice is once; other lines stay."""
    (alone / "crontab").write_text("0 5 * * * backup\n")
    for _ in range(2):
        assert "crontab -e" in cli("schedule", "cron", "--data-dir", "d", "--install", "--yes").out
    lines = (alone / "crontab").read_text().splitlines()
    assert [lines[0], len(lines), lines[1].endswith("# repwatch: check")] == ["0 5 * * * backup", 2, True]
    assert (alone / "d").is_dir()


@pytest.mark.parametrize("answer", [True, False])
def test_a_person_is_asked_first(cli: Cli, alone: Path, programs: Path, monkeypatch: pytest.MonkeyPatch, answer: bool) -> None:
    """What is to be installed is shown, and only a yes installs it."""
    monkeypatch.setattr(scheduling.sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(typer, "prompt", lambda _question, **_how: "y" if answer else "")
    ran = cli("schedule", "cron", "--data-dir", "d", "--install")
    assert [ran.code, "# repwatch: check" in ran.out, (alone / "crontab").exists(), "Nothing was changed." in ran.out] == [0, True, answer, not answer]


def test_a_timer_is_installed(cli: Cli, alone: Path, programs: Path) -> None:
    """Two units where systemd looks for a user's own, and the timer enabled."""
    assert cli("schedule", "systemd", "--data-dir", "d", "--install", "--yes").code == 0
    assert sorted(path.name for path in (alone.parent / "home" / "systemd" / "user").iterdir()) == ["repwatch-check.service", "repwatch-check.timer"]
    assert [line.split("/")[-1] for line in (alone / "told").read_text().splitlines()] == ["systemctl --user daemon-reload", "systemctl --user enable --now repwatch-check.timer"]


def test_an_agent_is_installed(cli: Cli, alone: Path, programs: Path) -> None:
    """The property list in the user's library, and loaded."""
    assert cli("schedule", "launchd", "--data-dir", "d", "--install", "--yes").code == 0
    assert (alone.parent / "home" / "Library" / "LaunchAgents" / "repwatch.check.plist").read_text().startswith("<?xml")
    assert "launchctl load -w " in (alone / "told").read_text()


def test_a_task_is_installed(cli: Cli, alone: Path, programs: Path) -> None:
    """The command file in the data folder, and the command of the Task Scheduler."""
    assert cli("schedule", "windows", "--data-dir", "d", "--install", "--yes").code == 0
    assert (alone / "d" / "schedule-check.cmd").read_bytes().startswith(b"@echo off\r\n")
    assert "schtasks /Create" in (alone / "told").read_text()


def test_what_is_printed_for_systemd(cli: Cli) -> None:
    """Both files with their places, and the command that starts the timer."""
    out = cli("schedule", "systemd", "--data-dir", "d").out
    assert [out.startswith("# "), "OnCalendar=*-*-* 07:30:00" in out, out.endswith("systemctl --user enable --now repwatch-check.timer\n")] == [True, True, True]


@pytest.mark.parametrize(("script", "said"), [("echo no bus >&2; exit 1", "systemctl refused: no bus"), (None, "systemctl cannot be used: ")])
def test_a_scheduler_that_refuses(cli: Cli, alone: Path, programs: Path, monkeypatch: pytest.MonkeyPatch, script: str | None, said: str) -> None:
    """It is named with its own words, and what to do by hand."""
    if script:
        (programs / "systemctl").write_text(f"#!/bin/sh\n{script}\n")
    else:
        monkeypatch.setenv("PATH", str(alone))
    ran = cli("schedule", "systemd", "--data-dir", "d", "--install", "--yes")
    assert [ran.code, said in ran.err, "without --install" in ran.err] == [2, True, True]


def test_without_a_program_of_its_own(cli: Cli, monkeypatch: pytest.MonkeyPatch, alone: Path) -> None:
    """Where only Python is known, the module is started."""
    monkeypatch.setattr(scheduling.sys, "executable", str(alone / "python"))
    assert f"{alone}/python -m repwatch check" in cli("schedule", "cron", "--data-dir", "d").out


CRON = shutil.which("cron") or ("/usr/sbin/cron" if Path("/usr/sbin/cron").exists() else None)


@pytest.fixture
def cron() -> Iterator[None]:
    """A cron daemon of our own, and the crontab as it was before."""
    if CRON is None or shutil.which("crontab") is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("needs the Debian package cron, and root to start it")
    if subprocess.run(["pgrep", "-x", "cron"], capture_output=True, check=False).returncode == 0:
        pytest.skip("another cron is at work on this machine")
    before = subprocess.run(["crontab", "-l"], capture_output=True, check=False)
    daemon = subprocess.Popen([CRON, "-f"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    yield
    daemon.send_signal(signal.SIGTERM)
    daemon.wait(10)
    if before.returncode == 0:
        subprocess.run(["crontab", "-"], input=before.stdout, check=False)
    else:
        subprocess.run(["crontab", "-r"], capture_output=True, check=False)


def test_a_real_cron_runs_a_check(cron: None, tmp_path: Path) -> None:
    """Within the next minute a real cron runs `repwatch check` with the folder, settings and language that were meant, odd path and all."""
    folder = tmp_path / "a b 100% 'q'"
    folder.mkdir()
    (folder / "repwatch.toml").write_text('language = "nl"\n[[employer]]\nname = "Acme"\n[[employer.source]]\nsource = "glassdoor"\nurl = "https://www.glassdoor.be/Reviews/Acme-Reviews-E1.htm"\n')
    arguments = [sys.executable, "-m", "repwatch", "--config", "repwatch.toml", "--data-dir", "data", "schedule", "cron", "--at", "minutely", "--install", "--yes"]
    subprocess.run(arguments, cwd=folder, env=environment() | {"HOME": "/root"}, check=True, capture_output=True)
    log, said, waited = folder / "data" / "check.log", "nog geen pagina bewaard", 0
    while waited < 130 and not (log.exists() and said in log.read_text("utf-8")):
        time.sleep(1)
        waited += 1
    assert said in log.read_text("utf-8")
    assert (folder / "data" / "repwatch.db").exists()
