"""Long texts in the user's language, from templates: what is said lives there, never in code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import format_date
from jinja2 import Environment, PackageLoader, StrictUndefined


def letter(name: str, language: str, facts: Mapping[str, Any]) -> str:
    """Return the letter `name` in `language` (en, fr, nl, de) as Markdown; a fact that the template misses is an error of ours."""
    # Markdown, not HTML: escaping would put entities into names.
    environment = Environment(loader=PackageLoader("repwatch"), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, autoescape=False)  # noqa: S701 — as said above
    environment.filters["day"] = lambda day: _day(day, language)
    environment.filters["plain"] = _plain
    return environment.get_template(f"{language}/{name}.md.j2").render(**facts)


def _day(day: date, language: str) -> str:
    return str(format_date(day, "long", locale="en_GB" if language == "en" else language))


def _plain(text: str) -> str:
    """Keep a name from the settings from being read as Markdown."""
    return "".join(f"\\{char}" if char in "\\`*_[]<>#|" else char for char in " ".join(text.split()))
