"""Where the settings file is, and the language it names: known before anything heavy is imported."""

from __future__ import annotations

import os
from pathlib import Path

from repwatch.errors import SettingsError
from repwatch.wording import _

FILE_NAME = "repwatch.toml"


def find_file(flag: Path | None = None) -> Path | None:
    """Return the settings file to read: the flag, REPWATCH_CONFIG, ./repwatch.toml, or the user's own; None without any."""
    named = flag or (Path(os.environ["REPWATCH_CONFIG"]) if os.environ.get("REPWATCH_CONFIG") else None)
    if named:
        if not named.is_file():
            raise SettingsError(_("there is no settings file here"), where=str(named), hint=_("Make one with: {command}", command="repwatch init"))
        return named
    from platformdirs import user_config_path

    return next((path for path in (Path(FILE_NAME), user_config_path("repwatch") / FILE_NAME) if path.is_file()), None)


def language_told(flag: Path | None = None) -> str | None:
    """Return the language that the environment or the settings file names, None where neither can be read.

    A file that cannot be read is left to `config.load`, which says what is wrong with it.
    """
    if os.environ.get("REPWATCH_LANGUAGE"):
        return os.environ["REPWATCH_LANGUAGE"]
    told = value_told("language", flag)
    return told if isinstance(told, str) else None


def value_told(key: str, flag: Path | None = None) -> object:
    """Return what the settings file says of a key at its top, unchecked; None where it says nothing or cannot be read."""
    try:
        path = find_file(flag)
        if path is None:
            return None
        import tomllib

        return tomllib.loads(path.read_text("utf-8-sig")).get(key)
    except (SettingsError, OSError, ValueError):  # what is no text, and what is no TOML, are a ValueError both
        return None
