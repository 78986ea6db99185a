"""Read the settings: flags over `REPWATCH_*` over the project file over the user file over defaults.

A wrong file is answered with its line, the key, and what would be right.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, ValidationError

from repwatch.errors import SettingsError
from repwatch.models import Context, Employer, Value, WebSettings

FILE_NAME = "repwatch.toml"
Path_ = tuple[str | int, ...]


def _http_url(text: str) -> str:
    if not re.match(r"https?://[^\s/]+", text):
        raise ValueError("a full web address starts with https://")
    urlsplit(text)  # raises ValueError for "https://[x"
    return text


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError('a time zone looks like "Europe/Brussels"') from None
    return text


class SourceSettings(Value):
    """One source of an employer: where its page is, or what to search. Beside a page, `query` says what in it counts."""

    source: str
    url: Annotated[str, AfterValidator(_http_url)] | None = None
    query: str | None = None
    max_pages: int = Field(default=10, ge=1, le=1000)
    stale_after: int | None = Field(default=None, ge=1)


class EmployerSettings(Employer):
    """An employer and its sources."""

    sources: tuple[SourceSettings, ...] = ()

    @property
    def employer(self) -> Employer:
        """Return the employer without its sources."""
        return Employer(**{name: getattr(self, name) for name in Employer.model_fields})


class Settings(Value):
    """All settings. Every key stands, with a word on it, in `config.example.toml`."""

    language: str = Field(default="en", pattern="^(en|fr|nl|de)$")
    timezone: Annotated[str, AfterValidator(_zone)] | None = None
    contact: str | None = None
    data_dir: str | None = None
    inbox: str | None = None
    archive_days: int = Field(default=30, ge=0)
    stale_after: int = Field(default=14, ge=1)
    first_days: int = Field(default=90, ge=1)
    answer_within_days: int = Field(default=14, ge=1)
    recheck_days: int = Field(default=90, ge=0)
    web: WebSettings = WebSettings()
    employers: tuple[EmployerSettings, ...] = ()


class Loaded:
    """Settings with the file they came from; `where` names the place of a key for messages."""

    def __init__(self, settings: Settings, path: Path | None = None, text: str = "") -> None:
        self.settings, self.path, self._lines = settings, path, _lines(text)

    def where(self, *key: str | int) -> str:
        """Return `file:line` of `key`, or of the nearest table above it."""
        return _place(self.path, self._lines, key)

    def wrong(self, key: Path_, message: str, hint: str = "") -> SettingsError:
        """Return the error for a value at `key`."""
        return SettingsError(f"{_dotted(key)}: {message}", where=self.where(*key), hint=hint)


def find_file(flag: Path | None = None) -> Path | None:
    """Return the settings file to read: the flag, REPWATCH_CONFIG, ./repwatch.toml, or the user's own; None without any."""
    named = flag or (Path(os.environ["REPWATCH_CONFIG"]) if os.environ.get("REPWATCH_CONFIG") else None)
    if named:
        if not named.is_file():
            raise SettingsError("there is no settings file here", where=str(named), hint="Make one with: repwatch init")
        return named
    from platformdirs import user_config_path

    return next((path for path in (Path(FILE_NAME), user_config_path("repwatch") / FILE_NAME) if path.is_file()), None)


def load(flag: Path | None = None) -> Loaded:
    """Read the settings, or the defaults where there is no file. Raises SettingsError."""
    path = find_file(flag)
    try:
        text = path.read_text("utf-8-sig") if path else ""
        raw = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"the file cannot be read: {error}", where=str(path), hint="It must be a text file in UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise SettingsError(f"this is not valid TOML: {error}", where=f"{path}:{line[1]}" if line else str(path),
                            hint="Texts stand in quotes, lists in square brackets; compare with config.example.toml.") from error  # fmt: skip
    lines = _lines(text)
    try:
        settings = Settings.model_validate(_rename(_with_environment(raw)))
    except ValidationError as error:
        raise _explain(error, path, lines) from error
    return Loaded(settings, path, text)


def data_dir(loaded: Loaded, flag: Path | None = None) -> Path:
    """Return the folder in which everything is kept."""
    if flag:
        return flag
    if os.environ.get("REPWATCH_DATA_DIR"):
        return Path(os.environ["REPWATCH_DATA_DIR"])
    if loaded.settings.data_dir:
        base = loaded.path.parent if loaded.path else Path()
        return base / Path(loaded.settings.data_dir).expanduser()
    from platformdirs import user_data_path

    return user_data_path("repwatch")


def _with_environment(raw: dict[str, Any]) -> dict[str, Any]:
    merged = dict(raw)
    for key in ("language", "timezone", "contact"):
        if os.environ.get(f"REPWATCH_{key.upper()}"):
            merged[key] = os.environ[f"REPWATCH_{key.upper()}"]
    if os.environ.get("REPWATCH_GATEWAY") and isinstance(merged.get("web", {}), dict):
        merged["web"] = {**merged.get("web", {}), "gateway": os.environ["REPWATCH_GATEWAY"]}
    return merged


def _rename(raw: dict[str, Any]) -> dict[str, Any]:
    """Read `[[employer]]` and `[[employer.source]]` as the lists they are."""
    renamed = {("employers" if key == "employer" else key): value for key, value in raw.items()}
    if isinstance(renamed.get("employers"), list):
        renamed["employers"] = [
            {("sources" if key == "source" else key): value for key, value in each.items()} if isinstance(each, dict) else each
            for each in renamed["employers"]
        ]
    return renamed


def _explain(error: ValidationError, path: Path | None, lines: dict[Path_, int]) -> SettingsError:
    first = error.errors(include_url=False)[0]
    location = [{"employers": "employer", "sources": "source"}.get(str(part), part) if isinstance(part, str) else part for part in first["loc"]]
    key = tuple(location)
    value = first.get("input")
    if first["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(key[-1]), _known(key), 1)
        message = "repwatch knows no such key"
        hint = f"Did you mean {near[0]!r}?" if near else f"Known here: {', '.join(sorted(_known(key)))}."
    else:
        message = first["msg"].removeprefix("Value error, ")
        shown = "" if isinstance(value, dict | list) else f" (it is {value!r})"
        hint, message = "Compare with config.example.toml.", f"{message[0].lower()}{message[1:]}{shown}"
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return SettingsError(f"{_dotted(key)}: {message}{more}", where=_place(path, lines, key), hint=hint)


def _known(key: Path_) -> list[str]:
    names = [part for part in key[:-1] if isinstance(part, str)]
    models: dict[tuple[str, ...], type[Value]] = {(): Settings, ("web",): WebSettings, ("employer",): EmployerSettings, ("employer", "context"): Context}
    model = models.get(tuple(names), SourceSettings)
    return [{"employers": "employer", "sources": "source"}.get(name, name) if model is not SourceSettings else name for name in model.model_fields]


def _dotted(key: Path_) -> str:
    text = ""
    for part in key:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text or "settings"


_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\-\" ]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"\s*([\w\-]+|\"[^\"]+\")\s*=")


def _lines(text: str) -> dict[Path_, int]:
    """Return the line of every key and table of a TOML text, by its path."""
    found: dict[Path_, int] = {}
    counts: dict[Path_, int] = {}
    table: Path_ = ()
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        if header:
            table = _table_path([name.strip(' "') for name in header[2].split(".")], header[1] == "[[", counts)
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault((*table, key[1].strip('"')), number)
    return found


def _table_path(names: list[str], in_list: bool, counts: dict[Path_, int]) -> Path_:  # noqa: FBT001 — private, two callers' lines
    path: Path_ = ()
    for name in names[:-1]:
        path = (*path, name)
        if path in counts:
            path = (*path, counts[path])
    path = (*path, names[-1])
    if in_list:
        counts[path] = counts.get(path, -1) + 1
        path = (*path, counts[path])
    return path


def _place(path: Path | None, lines: dict[Path_, int], key: Path_) -> str:
    for end in range(len(key), 0, -1):
        if key[:end] in lines:
            return f"{path}:{lines[key[:end]]}"
    return str(path) if path else "environment"
