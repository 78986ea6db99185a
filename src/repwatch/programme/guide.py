"""A guide of good practice, by role, sector and language; an organisation lays its own texts over ours.

The texts are Markdown files in `guide/<language>/`. A folder of one's own may hold files of the same names: `all.md` takes the
place of ours, `all.extra.md` is added below it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from repwatch.errors import UsageError
from repwatch.wording import _, elided

LANGUAGES = ("en", "fr", "nl", "de")
ROLES = ("all", "volunteer", "manager", "recruiter", "leader", "crisis")
SECTORS = ("general", "care", "retail", "industry", "it", "public", "finance", "horeca")
#: Letters that go with the guide, each a document of its own.
LETTERS = ("works-council", "notice")
_SECTOR = re.compile(r"^## (\w+)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_PARTS = ("intro", *ROLES, "sectors", "cases", *LETTERS)


def guide(lang: str, places: Mapping[str, Any], *, roles: Sequence[str] = ROLES, sector: str = "general", cases: Sequence[str] = (), overlay: Path | None = None) -> str:
    """Return the guide as Markdown. `places` fills {{ employer }}, {{ contact }} (may be empty), {{ months }} and {{ days }}.

    `cases` are sentences on what was said about the employer, shown before the written cases. Raises UsageError for a language, role or
    sector that is not ours, and for a file of the overlay that cannot be used.
    """
    _one_of(lang, LANGUAGES, "--lang")
    _one_of(sector, SECTORS, "--sector")
    for role in roles:
        _one_of(role, ROLES, "--role")
    parts = [_part("intro", lang, places, overlay), *(_part(role, lang, places, overlay) for role in ROLES if role in roles)]
    parts.append(_sector(sector, lang, places, overlay))
    heading, _end, written = _part("cases", lang, places, overlay).partition("\n")
    parts.append("\n\n".join(filter(None, (heading, *cases, written.strip()))))
    return elided("\n\n".join(parts) + "\n", str(places.get("employer") or ""), lang)


def letter(name: str, lang: str, places: Mapping[str, Any], *, overlay: Path | None = None) -> str:
    """Return a letter that goes with the guide: to the works council, or to all employees."""
    _one_of(lang, LANGUAGES, "--lang")
    _one_of(name, LETTERS, "--letter")
    return elided(_part(name, lang, places, overlay) + "\n", str(places.get("employer") or ""), lang)


def own_cases(lang: str, employer: str, told: Iterable[tuple[str, int, str]]) -> list[str]:
    """Return a sentence for each (topic, number of texts, mood: praise, blame or both); a topic without a name in the guide is left out."""
    words = _words(lang)
    return [words["cases"][mood].format(employer=employer, topic=words["topics"][topic], n=n) for topic, n, mood in told if topic in words["topics"]]


def topic_name(lang: str, topic: str) -> str:
    """Return a topic as a sentence names it ("the workload"), or its own name where it has none."""
    return _words(lang)["topics"].get(topic, topic.replace("_", " "))


@cache
def _words(lang: str) -> dict[str, dict[str, str]]:
    return tomllib.loads(resources.files("repwatch.programme").joinpath("guide", lang, "words.toml").read_text("utf-8"))


def _one_of(value: str, known: Sequence[str], option: str) -> None:
    if value not in known:
        raise UsageError(_("{option} {value}: there is none of this name", option=option, value=value), hint=_("Use one of: {names}.", names=", ".join(known)))


def _part(name: str, lang: str, places: Mapping[str, Any], overlay: Path | None) -> str:
    ours = resources.files("repwatch.programme").joinpath("guide", lang, f"{name}.md").read_text("utf-8")
    texts = [(_own(overlay, f"{name}.md") or ours, f"{name}.md"), (_own(overlay, f"{name}.extra.md"), f"{name}.extra.md")]
    return "\n\n".join(_filled(text.strip(), places, str(overlay / file) if overlay else file) for text, file in texts if text.strip())


def _own(overlay: Path | None, name: str) -> str:
    if overlay is None or not (overlay / name).is_file():
        return ""
    try:
        return (overlay / name).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(_("this file cannot be read"), where=str(overlay / name), hint=_("It must be a text file in UTF-8.")) from error


def check_overlay(overlay: Path) -> None:
    """Refuse a folder that is none, or a file in it whose name fills no place. Raises UsageError."""
    if not overlay.is_dir():
        raise UsageError(_("there is no such folder"), where=str(overlay), hint=_("Name the folder with your own texts."))
    names = {f"{part}{ending}" for part in _PARTS for ending in (".md", ".extra.md")}
    wrong = next((path.name for path in sorted(overlay.glob("*.md")) if path.name not in names), None)
    if wrong:
        hint = _("Names that do: {names}; with .extra before .md to add below.", names=", ".join(f"{part}.md" for part in _PARTS))
        raise UsageError(_("{file} takes no place in the guide", file=wrong), where=str(overlay), hint=hint)


def _sector(name: str, lang: str, places: Mapping[str, Any], overlay: Path | None) -> str:
    told: dict[str, str] = dict(_SECTOR.findall(_part("sectors", lang, places, overlay)))
    return f"> {told.get(name, told.get('general', '')).strip()}"


def _filled(text: str, places: Mapping[str, Any], where: str) -> str:
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import SandboxedEnvironment

    try:
        return SandboxedEnvironment(keep_trailing_newline=False, undefined=StrictUndefined).from_string(text).render(**places)
    # An expression in somebody's own text may fail in Python's ways as well as in Jinja's.
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        hint = _("Places that are filled: {names}.", names=", ".join(f"{{{{ {name} }}}}" for name in places))
        raise UsageError(_("the text cannot be filled in: {why}", why=error), where=where, hint=hint) from error
