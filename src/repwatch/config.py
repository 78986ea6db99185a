"""Read the settings: flags over `REPWATCH_*` over the project file over the user file over defaults.

A wrong file is answered with its line, the key, and what would be right.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, ValidationError, model_validator

from repwatch.errors import SettingsError
from repwatch.models import TOPICS, AlertRule, Context, Employer, Value, WebSettings
from repwatch.settings_file import find_file
from repwatch.toml_lines import Key, lines_of, place
from repwatch.web.redact import redact
from repwatch.wording import N_, _, n_


def _http_url(text: str) -> str:
    if not re.match(r"https?://[^\s/]+", text):
        raise ValueError(_("a full web address starts with https://"))
    urlsplit(text)  # raises ValueError for "https://[x"
    return text


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(_("a time zone looks like {example}", example='"Europe/Brussels"')) from None
    return text


class SourceSettings(Value):
    """One source of an employer: where its page is, or what to search. Beside a page, `query` says what in it counts."""

    source: str
    url: Annotated[str, AfterValidator(_http_url)] | None = None
    query: str | None = None
    max_pages: int = Field(default=10, ge=1, le=1000)
    stale_after: int | None = Field(default=None, ge=1)
    accept_terms: bool = False


class EmployerSettings(Employer):
    """An employer and its sources."""

    sources: tuple[SourceSettings, ...] = ()

    @property
    def employer(self) -> Employer:
        """Return the employer without its sources."""
        return Employer(**{name: getattr(self, name) for name in Employer.model_fields})


_VARIABLE = re.compile(r"REPWATCH_[A-Z0-9_]+")


def _places(tables: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Hold the names of variables to ours: what is pasted in their place may be the secret itself, and is shown nowhere."""
    for name, table in tables.items():
        for key, value in table.items():
            if key.endswith("_env") and not _VARIABLE.fullmatch(value):
                raise ValueError(_("{key} names an environment variable, which begins with REPWATCH_ and has capitals", key=f"{name}.{key}"))
    return tables


class ScorerSettings(Value):
    """What scores texts: the built-in scorer, or the model in the folder `onnx` names."""

    onnx: str | None = None


class AlertSettings(Value):
    """Whether and where alerts go. Channels are Apprise addresses, which hold secrets: they stand in REPWATCH_CHANNELS or in a file."""

    enabled: bool = True
    defaults: bool = True
    channels_file: str | None = None


class RuleSettings(AlertRule):
    """A rule that can be used: a topic rule names a topic of ours, a word rule its words."""

    @model_validator(mode="after")
    def _complete(self) -> RuleSettings:
        if self.kind == "topic" and self.topic not in TOPICS:
            raise ValueError(_("a rule of the kind topic names one: {names}", names=", ".join(TOPICS)))
        if self.kind == "word" and not any(word.strip() for word in self.words):
            raise ValueError(_("a rule of the kind word names them: {line}", line='words = ["strike"]'))
        return self


class PrivacySettings(Value):
    """How long texts are kept: months since repwatch first held them, days since they vanished or were replaced."""

    text_months: int = Field(default=13, ge=1, le=120)
    vanished_days: int = Field(default=30, ge=0)
    replaced_days: int = Field(default=30, ge=0)


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
    #: A table a credential: plain texts, and where its secrets are (`password_env`, `password_file`, `password_keyring`).
    credentials: Annotated[dict[str, dict[str, str]], AfterValidator(_places)] = Field(default={})
    scorer: ScorerSettings = ScorerSettings()
    alerts: AlertSettings = AlertSettings()
    rules: tuple[RuleSettings, ...] = ()
    privacy: PrivacySettings = PrivacySettings()
    employers: tuple[EmployerSettings, ...] = ()

    @property
    def known(self) -> tuple[Employer, ...]:
        """Return the employers without their sources."""
        return tuple(each.employer for each in self.employers)


class Loaded:
    """Settings with the file they came from; `where` names the place of a key for messages."""

    def __init__(self, settings: Settings, path: Path | None = None, text: str = "") -> None:
        self.settings, self.path, self._lines = settings, path, lines_of(text)

    @property
    def folder(self) -> Path:
        """Return the folder at which the paths in the settings begin."""
        return self.path.parent if self.path else Path()

    def where(self, *key: str | int) -> str:
        """Return `file:line` of `key`, or of the nearest table above it."""
        return place(self.path, self._lines, key)

    def wrong(self, key: Key, message: str, hint: str = "") -> SettingsError:
        """Return the error for a value at `key`."""
        return SettingsError(f"{_dotted(key)}: {message}", where=self.where(*key), hint=hint)


def load(flag: Path | None = None) -> Loaded:
    """Read the settings, or the defaults where there is no file. Raises SettingsError."""
    path = find_file(flag)
    try:
        text = path.read_text("utf-8-sig") if path else ""
        raw = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(_("the file cannot be read: {why}", why=error), where=str(path), hint=_("It must be a text file in UTF-8.")) from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise SettingsError(_("this is not valid TOML: {why}", why=error), where=f"{path}:{line[1]}" if line else str(path),
                            hint=_("Texts stand in quotes, lists in square brackets; compare with config.example.toml.")) from error  # fmt: skip
    lines = lines_of(text)
    try:
        settings = Settings.model_validate(_rename(_with_environment(raw)))
    except ValidationError as error:
        raise _explain(error, path, lines) from error
    loaded = Loaded(settings, path, text)
    _refuse_twins(loaded)
    return loaded


def _refuse_twins(loaded: Loaded) -> None:
    """Refuse an employer that stands twice: its figures would be told twice, and nobody could ask for either alone."""
    seen: dict[str, int] = {}
    for number, employer in enumerate(loaded.settings.employers):
        first = seen.setdefault(employer.name.casefold(), number)
        if first != number:
            where = loaded.where("employer", first, "name")
            raise loaded.wrong(("employer", number, "name"), _("{name} stands here twice, first at {where}", name=repr(employer.name), where=where), _("Put its sources under one [[employer]]."))


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


#: How the lists of the settings are called in the file: one table each, in the singular.
_LISTS = {"employer": "employers", "source": "sources", "alert": "rules"}
_SINGULAR = {many: one for one, many in _LISTS.items()}


def _rename(raw: dict[str, Any]) -> dict[str, Any]:
    """Read `[[employer]]`, `[[employer.source]]` and `[[alert]]` as the lists they are."""
    renamed = {_LISTS.get(key, key): value for key, value in raw.items()}
    if isinstance(renamed.get("employers"), list):
        renamed["employers"] = [
            {("sources" if key == "source" else key): value for key, value in each.items()} if isinstance(each, dict) else each
            for each in renamed["employers"]
        ]
    return renamed


def _explain(error: ValidationError, path: Path | None, lines: dict[Key, int]) -> SettingsError:
    found = error.errors(include_url=False)
    # A misspelt key first: what is said to be missing may be what it stands for.
    first = next((each for each in found if each["type"] == "extra_forbidden"), found[0])
    key = tuple(_as_written(first["loc"]))
    value = first.get("input")
    if first["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(key[-1]), _known(key), 1)
        message = _("repwatch knows no such key")
        hint = _("Did you mean {name}?", name=repr(near[0])) if near else _("Known here: {names}.", names=", ".join(sorted(_known(key))))
    else:
        message = _expected(first)
        # What stands under `credentials` may be a secret, and an address may hold one.
        if not isinstance(value, dict | list) and key[:1] != ("credentials",):
            message = _("{what} (it is {value})", what=message, value=redact(repr(value)))
        hint = _("Compare with config.example.toml.")
    others = error.error_count() - 1
    more = " " + n_("(and {n} more)", "(and {n} more)", others) if others else ""
    return SettingsError(f"{_dotted(key)}: {message}{more}", where=place(path, lines, key), hint=hint)


#: What pydantic finds wrong, in our words; `{...}` are the values that it names.
_EXPECTED = {
    "missing": N_("this key is needed"), "string_type": N_("a text in quotes is needed"), "int_type": N_("a whole number is needed"),
    "int_parsing": N_("a whole number is needed"), "int_from_float": N_("a whole number is needed"), "float_type": N_("a number is needed"), "float_parsing": N_("a number is needed"),
    "bool_type": N_("true or false is needed"), "bool_parsing": N_("true or false is needed"), "tuple_type": N_("a list in square brackets is needed"),
    "list_type": N_("a list in square brackets is needed"), "model_type": N_("a table is needed"), "dict_type": N_("a table is needed"),
    "greater_than_equal": N_("the least is {ge}"), "less_than_equal": N_("the most is {le}"), "greater_than": N_("it must be more than {gt}"),
    "string_too_short": N_("a text that is not empty is needed"), "less_than": N_("it must be less than {lt}"), "string_pattern_mismatch": N_("it must match {pattern}"), "literal_error": N_("it must be one of: {expected}"),
}  # fmt: skip


def _expected(first: Mapping[str, Any]) -> str:
    told, ctx = _EXPECTED.get(first["type"]), first.get("ctx", {})
    choice = re.fullmatch(r"\^\(([\w|]+)\)\$", str(ctx.get("pattern", "")))
    if choice:
        return _("it must be one of: {expected}", expected=choice[1].replace("|", ", "))
    if told:
        # The "or" of a list of choices is English, whatever the reader's language.
        return _(told, **{name: f"{value:g}" if isinstance(value, float) else str(value).replace(" or ", ", ") for name, value in ctx.items()})
    message = str(first["msg"]).removeprefix("Value error, ")
    return f"{message[0].lower()}{message[1:]}"


def _as_written(location: Key) -> Iterator[str | int]:
    """Yield the parts of a place as the file names them: lists of tables stand in the singular there."""
    for depth, part in enumerate(location):
        table = depth == 0 or (depth == 2 and location[0] == "employers")
        yield _SINGULAR.get(part, part) if table and isinstance(part, str) else part


def _known(key: Key) -> list[str]:
    names = [part for part in key[:-1] if isinstance(part, str)]
    models: dict[tuple[str, ...], type[Value]] = {(): Settings, ("alerts",): AlertSettings, ("alert",): RuleSettings, ("web",): WebSettings, ("scorer",): ScorerSettings, ("privacy",): PrivacySettings, ("employer",): EmployerSettings, ("employer", "context"): Context}
    model = models.get(tuple(names), SourceSettings)
    return [name if model in (SourceSettings, RuleSettings) else _SINGULAR.get(name, name) for name in model.model_fields]


def _dotted(key: Key) -> str:
    text = ""
    for part in key:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text or "settings"
