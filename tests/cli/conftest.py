"""A command line in a folder of its own, away from the settings and the store of whoever runs the tests."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.loopback import Web, loopback

SRC = Path(__file__).resolve().parents[2] / "src"


class Ran(NamedTuple):
    """What a command line came to."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the lines of standard output, each an object."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def told(self) -> dict[str, Any]:
        """Return the JSON envelope."""
        return json.loads(self.out)  # type: ignore[no-any-return]

    @property
    def data(self) -> dict[str, Any]:
        """Return what the envelope carries."""
        return self.told["data"]  # type: ignore[no-any-return]


Cli = Callable[..., Ran]


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, with no settings of the machine."""
    for name in [name for name in os.environ if name.startswith("REPWATCH_")]:
        monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setenv("NO_COLOR", "1")
    place = tmp_path / "here"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(home))
    monkeypatch.setattr("tempfile.tempdir", str(home))
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def cli(capfdbinary: pytest.CaptureFixture[bytes]) -> Cli:
    """Run a command line in this process."""
    from repwatch.cli.start import run

    def call(*arguments: object) -> Ran:
        capfdbinary.readouterr()
        code = run([str(each) for each in arguments])
        out, err = capfdbinary.readouterr()
        return Ran(code, out.decode(), err.decode())

    return call


def environment(*, traced: bool = True) -> dict[str, str]:
    """Return the environment for a process that runs the code under test.

    A process that hears Ctrl-C is not traced: coverage.py, which asks for the greenlet at each call, now and again swallows what a signal raises there.
    """
    kept = os.environ if traced else {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    return {**kept, "PYTHONPATH": str(SRC)}


@pytest.fixture
def process() -> Cli:
    """Run a command line in a process of its own."""

    def call(*arguments: object, stdin: bytes = b"") -> Ran:
        done = subprocess.run([sys.executable, "-m", "repwatch", *map(str, arguments)], input=stdin, capture_output=True, env=environment(), timeout=300, check=False)
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call


@pytest.fixture
def bound(alone: Path) -> Cli:
    """Run a command line as one whom permissions bind: as root, without the rights that go beyond them."""
    (alone / "forbidden").touch(mode=0o000)
    bare = () if not hasattr(os, "geteuid") or os.geteuid() else ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all")
    if bare and (shutil.which("setpriv") is None or subprocess.run([*bare, "cat", "forbidden"], capture_output=True, check=False).returncode == 0):
        pytest.skip("permissions do not bind root, and there is no setpriv to give rights up with")
    if os.name != "posix":
        pytest.skip("permissions are of POSIX systems")

    def call(*arguments: object) -> Ran:
        done = subprocess.run([*bare, sys.executable, "-m", "repwatch", *map(str, arguments)], capture_output=True, env=environment(), timeout=300, check=False)
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call


@pytest.fixture
def web() -> Iterator[Web]:
    """Run a small web on loopback."""
    with loopback() as running:
        yield running
