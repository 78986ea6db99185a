"""A progress bar on standard error, on a terminal only, for work on many files or pages."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
_WORTH_A_BAR = 3


def tracked(steps: Iterable[T], total: int, what: str) -> Iterator[T]:
    """Yield `steps`, with a bar where a person watches and there is something to wait for."""
    with bar(what, worth=total >= _WORTH_A_BAR) as (set_total, advance):
        set_total(total)
        for step in steps:
            yield step
            advance(step)


def _ignore(_value: object) -> None:
    """Take what the bar would have shown."""


@contextmanager
def bar(what: str, *, worth: bool = True) -> Iterator[tuple[Callable[[int], None], Callable[[object], None]]]:
    """Show a bar while the block runs; hand it (set the total, advance by one)."""
    if not worth or not sys.stderr.isatty():
        yield _ignore, _ignore
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield (lambda total: progress.update(task, total=total)), (lambda _step: progress.advance(task))
