"""Render a document as JSON, CSV or Markdown. No Rich, no terminal."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from repwatch import __version__
from repwatch.report.document import Document, Section, text_of, tidied
from repwatch.text.clean import clean, one_line
from repwatch.wording import _

_DECIMAL = re.compile(r"[-+]?\d+\.\d+")
_LIKE_A_DAY = re.compile(r"\d{1,2}[/-]\d{1,2}")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def envelope(command: str, data: Any, *, status: str = "success", errors: Sequence[Mapping[str, str]] = (), meta: Mapping[str, Any] | None = None) -> str:
    """Return the versioned JSON envelope; `status` is success, partial or error."""
    whole = {"repwatch": __version__, "command": command, "status": status, "data": data, "errors": list(errors), "meta": dict(meta or {})}
    # A lone surrogate (a file name that is no UTF-8) becomes the JSON escape that it is.
    return json.dumps(whole, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace").decode() + "\n"


def to_csv(document: Document, dialect: str = "plain") -> str:
    """Return the tables of a document, one after the other; `excel` means semicolons, decimal commas and a byte order mark."""
    out = io.StringIO()
    excel = dialect == "excel"
    writer = csv.writer(out, delimiter=";" if excel else ",", lineterminator="\r\n" if excel else "\n")
    tables = [(section.name, tidied(section)) for section in document.sections if section.columns or section.tidy]
    for number, (name, table) in enumerate(tables):
        if number:
            writer.writerow([])
        writer.writerow(["section", *table.columns])
        writer.writerows([name, *(_plain_cell(value, comma=excel) for value in row)] for row in table.rows)
    return ("\ufeff" if excel else "") + out.getvalue()


def _plain_cell(value: str | float | None, *, comma: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _for_excel(guarded(value)) if comma else guarded(value)
    # A French or Dutch Excel reads 3.6 as a text, or as the third of June.
    return f"{value:.12g}".replace(".", ",") if comma else f"{value:.12g}"


def _for_excel(text: str) -> str:
    """Keep an Excel that speaks French, Dutch or German from taking 3.6 for the 3rd of June, and 4/5 for the 4th of May."""
    if _DECIMAL.fullmatch(text):
        return text.replace(".", ",")
    return "'" + text if _LIKE_A_DAY.fullmatch(text) else text


def guarded(text: str) -> str:
    """Keep a spreadsheet from reading a text as a formula; a plain number stays a number."""
    flat = clean(text)
    if flat.startswith(_FORMULA):
        try:
            float(flat.replace(",", "."))
        except ValueError:
            return "'" + flat
    return flat


def to_markdown(document: Document) -> str:
    """Return the document as Markdown with pipe tables."""
    parts = [f"# {_escaped(document.title)}"]
    if document.verdict:
        parts.append(_escaped(document.verdict))
    for section in document.sections:
        parts += _markdown_section(section)
    if document.closing:
        parts.append(_escaped(document.closing))
    return "\n\n".join(parts) + "\n"


def _markdown_section(section: Section) -> list[str]:
    parts = [f"## {_escaped(section.heading)}"] if section.heading else []
    parts += [_escaped(line) for line in section.before]
    parts += [_escaped(line.alt) for line in section.lines]
    if section.columns:
        rule = ["---:" if number in section.numbers else "---" for number in range(len(section.columns))]
        lines = [_pipes(map(_escaped, section.columns)), _pipes(rule)]
        lines += [_pipes(_escaped(text_of(cell)) for cell in row) for row in section.rows]
        parts.append("\n".join(lines))
    parts += [f"> {_escaped(quote.text)}\n>\n> {_escaped(quote.about)}" for quote in section.quotes]
    parts += [_escaped(line) for line in section.after]
    return parts + ([_escaped(_("The texts behind it:")) + " " + " · ".join(map(_code, section.leads))] if section.leads else [])


def _code(text: str) -> str:
    """Return a code span; a fence longer than any run of backticks in it keeps them in."""
    flat = one_line(text)
    fence = "`" * (max((len(run) for run in re.findall("`+", flat)), default=0) + 1)
    return f"{fence} {flat} {fence}" if "`" in flat else f"`{flat}`"


def _pipes(cells: Any) -> str:
    return "| " + " | ".join(cells) + " |"


_SPECIAL = str.maketrans({char: f"\\{char}" for char in "\\`*_[]<>|#"})


def _escaped(text: str) -> str:
    return one_line(text).translate(_SPECIAL)
