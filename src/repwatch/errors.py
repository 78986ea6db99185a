"""The error tree: each error knows its exit code and what the reader can do next."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every command."""

    OK = 0
    ALERT = 1
    USAGE = 2
    PARTIAL = 3
    NOTHING_READ = 4
    BUG = 70
    INTERRUPTED = 130


#: The highest-ranking code wins when several apply.
RANK = (Exit.INTERRUPTED, Exit.BUG, Exit.USAGE, Exit.NOTHING_READ, Exit.ALERT, Exit.PARTIAL, Exit.OK)


def worst(*codes: Exit) -> Exit:
    """Return the highest-ranking of `codes` (OK when there are none)."""
    return min(codes, key=RANK.index, default=Exit.OK)


class RepwatchError(Exception):
    """Anything a user can meet: what happened, where, and what to do next."""

    exit_code = Exit.BUG

    def __init__(self, message: str, *, hint: str = "", where: str = "") -> None:
        super().__init__(message)
        self.message, self.hint, self.where = message, hint, where

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.message}"


class UsageError(RepwatchError):
    """The command line asks for something that cannot be done."""

    exit_code = Exit.USAGE


class SettingsError(UsageError):
    """The settings file holds something that cannot be used."""


class CredentialError(RepwatchError):
    """A key or password is missing, or was not accepted; `reason` is one of the names in `repwatch.refusals`."""

    exit_code = Exit.PARTIAL

    def __init__(self, message: str, *, reason: str, hint: str = "", where: str = "") -> None:
        super().__init__(message, hint=hint, where=where)
        self.reason = reason


class StoreError(RepwatchError):
    """The data folder or its database cannot be used."""

    exit_code = Exit.USAGE


class UnreadableError(RepwatchError):
    """A file or page cannot be read at all."""

    exit_code = Exit.NOTHING_READ


class LayoutChanged(RepwatchError):  # noqa: N818 — named for what happened, as the ledger says it
    """A page is of a known source, yet its items are not where they were: `source: what is missing`."""

    exit_code = Exit.PARTIAL


class NestedTooDeeply(UnreadableError):  # noqa: N818 — named for what was met, as LayoutChanged is
    """Markup nested far beyond what any real page holds: to parse it would take time without end."""
