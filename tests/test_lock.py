"""The lock and the constraints name the same versions."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_PIN = re.compile(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    """Return the versions in a file, by the plain form of their names."""
    return {re.sub(r"[-_.]+", "-", package).lower(): version for package, version in _PIN.findall((ROOT / name).read_text("utf-8"))}


def test_the_lock_is_of_today() -> None:
    """What both files name has one version, nearly all is in both, and every version in the lock has a hash."""
    lock, constraints = pins("requirements.lock"), pins("constraints.txt")
    both = lock.keys() & constraints.keys()
    assert {name: lock[name] for name in both} == {name: constraints[name] for name in both}
    assert len(both) > 0.8 * len(lock)
    assert len(lock) <= (ROOT / "requirements.lock").read_text("utf-8").count("--hash=sha256:")
