"""Ctrl-C at any moment of a transaction: nothing stays locked, and the run that it ends is noted at once."""

from __future__ import annotations

import signal
import sys
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from tests.store.conftest import LATER, Rows, review, run_of, seen

from repwatch.store import Store
from repwatch.store.engine import Database

_WATCHED = (str(Path("store", "engine.py")), str(Path("store", "place.py")), str(Path("sqlalchemy", "pool")), str(Path("sqlalchemy", "engine", "cursor.py")))
#: Where the profiler may strike and a signal never does: Python hears one at calls and jumps, not where a method begins or ends.
_EDGES = ("__enter__", "__exit__")
Moment = tuple[str, int, str]


class _Work:
    """Note the moments that a piece of work passes; at one of them press Ctrl-C."""

    def __init__(self, at: Moment | None = None) -> None:
        self.at, self.passed = at, dict[Moment, None]()

    def __call__(self, frame: FrameType, event: str, _arg: Any) -> None:
        code = frame.f_code
        moment = (code.co_filename, frame.f_lineno, event)
        if any(part in code.co_filename for part in _WATCHED) and not (code.co_name in _EDGES and event in ("call", "return")):
            self.passed[moment] = None
        if moment == self.at:
            sys.setprofile(None)
            signal.raise_signal(signal.SIGINT)


def _import(folder: Path, work: _Work) -> None:
    """Save a new text of a review, and note the end of the run while the interrupt is on its way up."""
    with Store.open(folder, wait_ms=20) as store:
        run = run_of(store, "import")
        try:
            sys.setprofile(work)
            store.save(run, [seen(review("r1", body=f"Text {run}."))])
        finally:
            sys.setprofile(None)
            store.finish_run(run, LATER, 130, {})


def test_what_sqlite_makes_of_ctrl_c_is_ctrl_c_again(folder: Path) -> None:
    """Struck within a function that SQL calls, Ctrl-C is no fault of the store."""
    database = Database(folder, wait_ms=20)

    def press() -> None:
        with database.writing() as connection:
            assert connection.connection.driver_connection is not None
            connection.connection.driver_connection.create_function("press", 0, lambda: signal.raise_signal(signal.SIGINT))
            connection.exec_driver_sql("SELECT press()")

    with pytest.raises(KeyboardInterrupt):
        press()
    with database.writing() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1


def test_no_lock_outlives_ctrl_c(folder: Path, rows: Rows) -> None:
    """Wherever Ctrl-C strikes, the interrupted run is noted with its exit code, though what was interrupted is still in memory."""
    _import(folder, _Work())
    _import(folder, work := _Work())
    assert len(work.passed) > 100
    for moment in work.passed:
        with suppress(KeyboardInterrupt):  # a moment may have been the last of its kind: what was worked out once is kept
            _import(folder, _Work(moment))
    assert rows("SELECT count(*) FROM run WHERE exit_code = 130") == [(2 + len(work.passed),)]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
