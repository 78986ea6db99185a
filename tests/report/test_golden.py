"""A report with everything, to the last character, in every text format and language; and its data against the published schema."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from tests.report.golden import FOLDER, made
from tests.report.whole import DATA

from repwatch.report import charts
from repwatch.report.overview import overview
from repwatch.report.plain import envelope

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "reference" / "report.schema.json").read_text("utf-8"))
NAMES = sorted(path.name for path in FOLDER.iterdir())


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(charts, "available", lambda: False)
        return made()


def test_no_golden_report_is_left_over(texts: dict[str, str]) -> None:
    """Every file is made by the program, and every text has its file."""
    assert sorted(texts) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_golden_report(name: str, texts: dict[str, str]) -> None:
    """Nothing changed that nobody read: `python -m tests.report.golden` writes them anew."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        assert texts[name] == file.read()


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".80.txt")])
def test_80_columns_are_enough(name: str) -> None:
    """No line is longer but the commands, which must stay in one piece to be pasted."""
    lines = (FOLDER / name).read_text("utf-8").splitlines()
    assert [line for line in lines if len(line) > 80 and not line.startswith("repwatch mentions ")] == []


def test_the_schema_is_one() -> None:
    """It is a schema by its own rules."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_data_fits_the_schema() -> None:
    """A report with everything is what the schema promises."""
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(envelope("report", overview(DATA).data)))


@pytest.mark.parametrize("wrong", [{"kind": "yearly"}, {"changes": [{"metric": "rating"}]}, {"employers": [{}]}, {"topics": {}}])
def test_the_schema_refuses(wrong: dict[str, object]) -> None:
    """What is not promised does not pass."""
    told = json.loads(envelope("report", {**DATA, **wrong}))
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(told)
