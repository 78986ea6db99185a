"""Read texts that somebody labelled: CSV with a header, or one JSON object a line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from repwatch.errors import UsageError
from repwatch.inlets.saved import read_bytes, to_utf8
from repwatch.wording import _

_NAMES = {"text": ("text", "texte", "tekst", "review", "sentence"), "label": ("label", "sentiment", "polarity"), "lang": ("lang", "language", "langue", "taal", "sprache"),
          "source": ("source", "site")}  # fmt: skip
_LABELS = {"positive": ("positive", "pos", "+", "1", "positif", "positief", "positiv"), "negative": ("negative", "neg", "-", "-1", "négatif", "negatief", "negativ"),
           "neutral": ("neutral", "neu", "0", "neutre", "neutraal"), "mixed": ("mixed", "mix", "~", "mitigé", "gemengd", "gemischt")}  # fmt: skip
_LABEL_OF = {word: label for label, words in _LABELS.items() for word in words}


def read(path: Path) -> Iterator[dict[str, str]]:
    """Yield rows of `text`, `label`, `lang` and `source` ("" where the file does not say).

    Raises UsageError with the line for a file without text and label, or a label that nobody knows.
    """
    text = to_utf8(read_bytes(path)).decode("utf-8-sig", "replace")
    rows = _json_rows(text, path) if text.lstrip().startswith("{") else _csv_rows(text, path)
    for number, row in rows:
        label = str(row.get("label", "")).strip().casefold()
        if label not in _LABEL_OF:
            raise UsageError(_("{text} is no label", text=repr(label)), where=f"{path}:{number}", hint=_("Use one of: {names}.", names=", ".join(_LABELS)))
        yield {name: str(row.get(name) or "") for name in ("text", "lang", "source")} | {"label": _LABEL_OF[label]}


def _csv_rows(text: str, path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = [name.strip().casefold() for name in next(reader, [])]
    places = {field: next((header.index(name) for name in names if name in header), None) for field, names in _NAMES.items()}
    if places["text"] is None or places["label"] is None:
        raise UsageError(_("the first line names no `text` and `label`"), where=f"{path}:1", hint=_("Name the columns: text,label,lang,source (the last two may be missing)."))
    for row in reader:
        if any(row):
            yield reader.line_num, {field: row[place] for field, place in places.items() if place is not None and place < len(row)}


def _json_rows(text: str, path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                row = None
            if not isinstance(row, dict) or "text" not in row:
                raise UsageError(_("this line is no object with text and label"), where=f"{path}:{number}", hint=_("Write one such object on each line: {example}", example='{"text": "...", "label": "positive"}'))
            yield number, row
