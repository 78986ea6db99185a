"""What the columns of a table mean: by a mapping file, by a preset, by their names in four languages. All of it is data."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationError, field_validator

from repwatch.errors import SettingsError
from repwatch.inlets.grid import Cell
from repwatch.models import Value
from repwatch.text.clean import fold
from repwatch.wording import N_, _, told

TEXTS = ("title", "pros", "cons", "advice", "body", "job_title", "location", "employer", "employer_id", "native_id", "url", "source", "response")
DATES = ("published", "response_date")
WORDS = ("status", "recommend", "ceo_approval", "outlook", "voice", "current", "answered", "lang")
OTHERS = ("rating", "rating_scale", "helpful", "year", "month", "job_and_status")
FIELDS = (*TEXTS, *DATES, *WORDS, *OTHERS)
#: Fields of many names: a rating of one aspect, a paragraph under a heading, and what may be either.
OPEN = ("subrating.", "text.", "factor.")
#: A cell that holds one of a few words is short; a text is not searched for them, nor remembered.
_LONGEST_WORD = 100
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NO_WORD = re.compile(r"[\W_]+")
#: German where a keyboard, or a program, has no umlauts.
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def _fields(value: str | list[str]) -> tuple[str, ...]:
    told = tuple(each for each in ([value] if isinstance(value, str) else value) if each)
    for each in told:
        if each not in FIELDS and not (each.startswith(OPEN) and each.partition(".")[2]):
            raise ValueError(_("{name} is no field; the fields are {names}", name=repr(each), names=", ".join((*FIELDS, *(one + "NAME" for one in OPEN)))))
    return told


Fields = Annotated[str | list[str], AfterValidator(_fields)]


class Mapping(Value):
    """How to read a table. A column name may hold stars; `""` as its field leaves the column out."""

    name: str = ""
    title: str = ""
    seen: str = ""
    source: str | None = None
    employer: str | None = None
    type: Literal["review", "mention", "either"] = "review"
    needs: tuple[str, ...] = ()
    exactly: tuple[str, ...] = ()
    rows: tuple[str, ...] | None = None
    columns: dict[str, Fields] = Field(default={})
    words: dict[str, dict[str, str]] = Field(default={})
    date_order: Literal["dmy", "mdy"] | None = None
    rating_scale: Annotated[int | None, Field(ge=2, le=100)] = None
    employer_pattern: str | None = None
    encoding: str | None = None
    separator: Annotated[str | None, Field(min_length=1, max_length=1)] = None
    sheet: str | None = None

    @field_validator("employer_pattern")
    @classmethod
    def _is_pattern(cls, value: str | None) -> str | None:
        if value is not None and re.compile(value).groups != 1:
            raise ValueError(_("the pattern needs one group, which is the employer"))
        return value

    @field_validator("encoding")
    @classmethod
    def _is_encoding(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                "".encode(value)
            except LookupError:
                raise ValueError(_("there is no encoding {name}", name=repr(value))) from None
        return value

    def fits(self, columns: Sequence[str]) -> bool:
        """Tell whether a table with these columns is of this kind."""
        return tuple(columns) == self.exactly if self.exactly else bool(self.needs) and set(self.needs) <= set(columns)

    def fields_of(self, column: str) -> tuple[str, ...]:
        """Return the fields that a column holds: as this mapping says, else by its name; none for one that says nothing."""
        told = self._told(column)
        return _by_name().get(plain(column), ()) if told is None else told

    def _told(self, column: str) -> tuple[str, ...] | None:
        for name, fields in self.columns.items():
            if name == column or ("*" not in name and plain(column) in spellings(name)):
                return tuple(fields)
        for name, fields in self.columns.items():
            if "*" in name and fnmatchcase(column, name):
                found = column[len(name.partition("*")[0]) :]
                return tuple(field.replace("*", found) for field in fields)
        return None

    def word(self, field: str, text: str) -> str | None:
        """Return the value that a cell's word stands for, None where nobody knows it."""
        if len(text) > _LONGEST_WORD:
            return None
        for pattern, value in self.words.get(field, {}).items():
            if fnmatchcase(fold(text), fold(pattern)):
                return value
        return _word(field, fold(text))


def plain(name: str) -> str:
    """Return a column's name as it is compared: `isCurrentJob`, "Is current job:" and is_current_job are one."""
    return _NO_WORD.sub(" ", fold(_CAMEL.sub(" ", name))).strip()


def spellings(name: str) -> tuple[str, ...]:
    """Return the forms in which a column's name is known: as it is compared, and with its umlauts spelt out."""
    return plain(name), plain(name.casefold().translate(_SPELT_OUT))


#: What pydantic finds wrong with a mapping file, in its own words.
_OF_PYDANTIC = (N_("Field required"), N_("Extra inputs are not permitted"), N_("Input should be a valid string"), N_("Input should be a valid dictionary"),
                N_("Input should be {expected}"))  # fmt: skip


def load(path: Path) -> Mapping:
    """Read a mapping file; SettingsError names the file, the key and what would be right."""
    try:
        return parse(path.read_text("utf-8-sig"), str(path))
    except OSError as error:
        raise SettingsError(_("the mapping file cannot be read: {why}", why=error.strerror), where=str(path), hint=_("Check its name.")) from error
    except UnicodeDecodeError as error:
        raise SettingsError(_("the mapping file is not written in UTF-8"), where=str(path), hint=_("Save it as UTF-8.")) from error


def parse(text: str, where: str) -> Mapping:
    """Read the text of a mapping file."""
    try:
        return Mapping.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(_("the mapping file is no TOML: {why}", why=error), where=where, hint=_("See docs/how-to/map-columns.md.")) from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(map(str, first["loc"]))
        raise SettingsError(f"{key}: {told(first['msg'].removeprefix('Value error, '))}", where=where, hint=_("See docs/how-to/map-columns.md.")) from error


@cache
def presets() -> tuple[Mapping, ...]:
    """Return the tables of other people's tools that are known."""
    told = tomllib.loads(_text("presets.toml"))
    return tuple(Mapping.model_validate({"name": name, **body}) for name, body in told.items())


def sources() -> frozenset[str]:
    """Return the names of the sources that tables can be of."""
    return frozenset(each.source for each in presets() if each.source) | {"table"}


def known(extra: Mapping | None = None, row: Sequence[Cell] = ()) -> int:
    """Count the cells of a row that are names of columns."""
    more = _of_presets() | {plain(name) for name in extra.columns} if extra else _of_presets()
    return len({name for cell in row if isinstance(cell, str) and len(cell) < 80 and (name := plain(cell)) and (name in _by_name() or name in more)})


@cache
def _of_presets() -> frozenset[str]:
    return frozenset(plain(name) for each in presets() for name in (*each.columns, *each.exactly) if "*" not in name)


def _text(name: str) -> str:
    return files("repwatch.inlets").joinpath(name).read_text("utf-8")


def _lines(name: str) -> list[tuple[str, str, list[str]]]:
    rows = (line.split("\t") for line in _text(name).splitlines() if line and not line.startswith("#"))
    return [(field, second, [each.strip() for each in rest.split("|")]) for field, second, rest in rows]


@cache
def _by_name() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for field, _language, names in _lines("columns.tsv"):
        for each in names:
            for name in spellings(each):
                found.setdefault(name, (field,))
    return found


@cache
def _by_word() -> dict[str, tuple[dict[str, str], list[tuple[str, str]]]]:
    found: dict[str, tuple[dict[str, str], list[tuple[str, str]]]] = {}
    for field, value, patterns in _lines("words.tsv"):
        whole, starred = found.setdefault(field, ({}, []))
        for pattern in map(fold, patterns):
            if "*" in pattern:
                starred.append((pattern, value))
            else:
                whole[pattern] = value
    return found


@lru_cache(maxsize=2_000)
def _word(field: str, folded: str) -> str | None:
    whole, starred = _by_word()[field]
    return whole.get(folded) or next((value for pattern, value in starred if fnmatchcase(folded, pattern)), None)
