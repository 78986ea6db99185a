"""The error tree: exit codes, their rank, and what an error says of itself."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repwatch.errors import (
    RANK,
    Exit,
    LayoutChanged,
    RepwatchError,
    SettingsError,
    StoreError,
    UnreadableError,
    UsageError,
    worst,
)


def test_no_code_at_all_is_ok() -> None:
    """Nothing happened: exit 0."""
    assert worst() is Exit.OK


@pytest.mark.parametrize(("higher", "lower"), list(itertools.combinations(RANK, 2)))
def test_the_higher_rank_wins_in_either_order(higher: Exit, lower: Exit) -> None:
    """Interrupted over bug over usage over nothing read over alert over partial over ok."""
    assert (higher, higher) == (worst(higher, lower), worst(lower, higher))


def test_every_code_has_a_rank() -> None:
    """A new exit code cannot be forgotten in the ranking."""
    assert set(Exit) == set(RANK)
    assert len(Exit) == len(RANK)


@given(st.lists(st.sampled_from(Exit), min_size=1))
def test_the_worst_is_one_of_those_given(codes: list[Exit]) -> None:
    """`worst` invents no code, and order does not matter."""
    assert worst(*codes) in codes
    assert worst(*codes) is worst(*reversed(codes))


@pytest.mark.parametrize(
    ("name", "number"),
    [("OK", 0), ("ALERT", 1), ("USAGE", 2), ("PARTIAL", 3), ("NOTHING_READ", 4), ("BUG", 70), ("INTERRUPTED", 130)],
)
def test_the_numbers_are_a_contract(name: str, number: int) -> None:
    """Scripts count on these numbers."""
    assert number == Exit[name]


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (RepwatchError, Exit.BUG),
        (UsageError, Exit.USAGE),
        (SettingsError, Exit.USAGE),
        (StoreError, Exit.USAGE),
        (UnreadableError, Exit.NOTHING_READ),
        (LayoutChanged, Exit.PARTIAL),
    ],
)
def test_each_error_knows_its_exit_code(kind: type[RepwatchError], code: Exit) -> None:
    """The command's exit code comes from the error, from nowhere else."""
    assert code is kind("it failed").exit_code
    assert isinstance(kind("it failed"), RepwatchError)


def test_settings_errors_are_usage_errors() -> None:
    """Whoever catches a UsageError catches a wrong setting too."""
    assert issubclass(SettingsError, UsageError)


def test_an_error_says_where_and_what() -> None:
    """`str` is "where: what"; the hint stands apart."""
    error = UsageError("no such key", where="repwatch.toml:3", hint="Did you mean 'url'?")
    assert str(error) == "repwatch.toml:3: no such key"
    assert (error.message, error.hint, error.where) == ("no such key", "Did you mean 'url'?", "repwatch.toml:3")


def test_an_error_without_a_place_is_its_message() -> None:
    """No place, no colon."""
    error = StoreError("the disk is full")
    assert (str(error), error.hint, error.where) == ("the disk is full", "", "")
