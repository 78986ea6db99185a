"""Long texts in the user's language, from templates: what is said lives there, never in code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import format_date
from jinja2 import Environment, PackageLoader, StrictUndefined

from repwatch.wording import elided


def letter(name: str, language: str, facts: Mapping[str, Any], shelf: str = "templates") -> str:
    """Return the letter `name` of a shelf in `language` (en, fr, nl, de) as Markdown; a fact that the template misses is an error of ours."""
    # Markdown, not HTML: escaping would put entities into names.
    environment = Environment(loader=PackageLoader("repwatch", shelf), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, autoescape=False)  # noqa: S701 — as said above
    environment.filters["day"] = lambda day: _day(day, language)
    environment.filters["plain"] = _plain
    text = environment.get_template(f"{language}/{name}.md.j2").render(**facts)
    return elided(text, _plain(str(facts.get("firm") or "")), language)


def _day(day: date, language: str) -> str:
    told = str(format_date(day, "long", locale="en_GB" if language == "en" else language))
    # In French the first of a month is an ordinal; the locale data writes a plain number.
    return f"1er{told[1:]}" if language == "fr" and day.day == 1 else told


def _plain(text: str) -> str:
    """Keep a name from the settings from being read as Markdown."""
    return "".join(f"\\{char}" if char in "\\`*_[]<>#|" else char for char in " ".join(text.split()))
