"""Reading back an export, line by line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repwatch.inlets.export import Exported, is_export, read, read_line
from repwatch.models import Interview, Mention, Problem, Profile, Review, Salary, Score

ITEMS = (
    Review(source="x", native_id="1", rating=4, pros="good"),
    Mention(source="x", text="hello"),
    Profile(source="x", rating=3.2),
    Interview(source="x", experience="neutral"),
    Salary(source="x", job_title="Clerk"),
)


def lines(folder: Path, *rows: object) -> Path:
    path = folder / "export.jsonl"
    path.write_bytes(b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows) + b"\n")
    return path


def test_items_come_back_as_they_went(tmp_path: Path) -> None:
    """Every kind of item is read back equal."""
    path = lines(tmp_path, *(item.model_dump(mode="json") for item in ITEMS))
    assert [Exported(item) for item in ITEMS] == list(read(path))
    assert is_export(path) is True


def test_what_the_store_knew_comes_too(tmp_path: Path) -> None:
    """Score, first sight, disappearance and revisions stand beside the item."""
    score = Score(lang="en", label="positive", polarity=0.5, confidence=0.9, scorer="lexicon-1")
    row = {**ITEMS[0].model_dump(mode="json"), "score": score.model_dump(mode="json"), "first_seen": "2026-01-01", "vanished": "2026-02-01", "revisions": [{"a": 1}], "file": "f", "corrected": None}
    assert [Exported(ITEMS[0], score, "2026-01-01", "2026-02-01", ({"a": 1},))] == list(read(lines(tmp_path, row)))


def test_a_line_without_a_type_is_a_review(tmp_path: Path) -> None:
    """The type may be left out of a review."""
    assert [Exported(Review(source="x"))] == list(read(lines(tmp_path, {"source": "x"})))


def test_bad_lines_are_problems_and_the_rest_goes_on(tmp_path: Path) -> None:
    """Each bad line is named with its number; blank lines and refusals are passed over."""
    path = lines(tmp_path, b"{", [1], {"type": "poem", "source": "x"}, {"type": "review"}, b"", {"type": "refused", "source": "x"}, {"type": "problem", "source": "x"},
                 {"type": "review", "source": "x", "rating": "much"}, {"type": "review", "source": "x", "score": {"label": "?"}}, b"\xff", b"[" * 200_000, {"source": "x"})  # fmt: skip
    found = list(read(path))
    assert Exported(Review(source="x")) == found.pop()
    problems = [each for each in found if isinstance(each, Problem)]
    assert found == problems
    assert [(each.reason, each.detail[: len(expected)]) for each, expected in zip(problems, (
        "line 1", "line 2", "line 3: poem", "line 4: source: Field required", "line 8: rating", "line 9: label", "line 10", "line 11"), strict=True)] == [
        ("not JSON", "line 1"), ("not an object", "line 2"), ("unknown type", "line 3: poem"), ("a field does not fit", "line 4: source: Field required"),
        ("a field does not fit", "line 8: rating"), ("a field does not fit", "line 9: label"), ("not JSON", "line 10"), ("not JSON", "line 11"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (b'{"type": "review", "source": "x"}', True),
        (b'{"type": "refused", "source": null}', True),
        (b'{"type": "review"}', False),
        (b'{"type": "poem", "source": "x"}', False),
        (b'{"type": [], "source": "x"}', False),
        (b"[]", False),
        (b"", False),
        (b"<html>", False),
        (b"\xff\xfe", False),
        (b"[" * 200_000, False),
    ],
)
def test_an_export_is_known_by_its_first_line(first: bytes, expected: bool, tmp_path: Path) -> None:
    """An object with a known type and a source, nothing else."""
    path = tmp_path / "f"
    path.write_bytes(first + b"\n{")
    assert expected is is_export(path)


def test_a_missing_file_or_a_folder_is_no_export(tmp_path: Path) -> None:
    """What cannot be opened is not an export."""
    assert (is_export(tmp_path), is_export(tmp_path / "x")) == (False, False)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "source", "score", "revisions", "rating", "first_seen", "x"]), inner, max_size=4),
    max_leaves=8,
)


@given(JSON | st.fixed_dictionaries({"source": st.just("x"), "type": st.sampled_from(["review", "mention", 3]), "revisions": JSON, "score": JSON, "first_seen": JSON}))
def test_any_json_is_an_item_or_a_problem(row: object) -> None:
    """No line that somebody edited is a crash."""
    found = read_line(json.dumps(row).encode(), 1)
    assert found is None or isinstance(found, Exported | Problem)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_problem_at_worst(line: bytes) -> None:
    """Nor is one that is no JSON."""
    assert read_line(line, 7) is None or isinstance(read_line(line, 7), Exported | Problem)
