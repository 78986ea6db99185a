"""How an answer leaves a command: to standard output or to a file, in the form that was asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from repwatch.cli.common import Dialect, Format
from repwatch.errors import Exit, UsageError
from repwatch.wording import _

if TYPE_CHECKING:
    from repwatch.report.document import Document


def emit(document: Document, form: Format, *, status: Exit = Exit.OK, dialect: Dialect = Dialect.plain, meta: Mapping[str, Any] | None = None,
         errors: Sequence[Mapping[str, str]] = (), out: Path | None = None) -> None:  # fmt: skip
    """Write a document to `out`, or to standard output, in the form that was asked for."""
    if form is Format.json:
        from repwatch.report.plain import envelope

        state = {Exit.OK: "success", Exit.ALERT: "success", Exit.PARTIAL: "partial"}.get(status, "error")
        made: str | bytes = envelope(document.command, document.data, status=state, errors=errors, meta=meta)
    else:
        made = _rendered(document, form, dialect, to_file=out is not None)
    if out is not None:
        save(out, made)
    elif isinstance(made, bytes) and sys.stdout.isatty():
        raise UsageError(_("--format {form} is not for the eyes", form=form.value), hint=_("Name a file: --out report.{form}", form=form.value))
    else:
        write(made)


def _rendered(document: Document, form: Format, dialect: Dialect, *, to_file: bool) -> str | bytes:
    if form is Format.table:
        from repwatch.report.terminal import to_terminal

        return to_terminal(document, colour=False if to_file else None)
    if form in (Format.csv, Format.md):
        from repwatch.report import plain

        return plain.to_csv(document, dialect.value) if form is Format.csv else plain.to_markdown(document)
    if form is Format.xlsx:
        from repwatch.report.workbook import to_xlsx

        return to_xlsx(document)
    if form is Format.eml:
        from repwatch.report.mail import to_eml

        return to_eml(document)
    from repwatch.report.page import to_html

    page = to_html(document)
    if form is Format.html:
        return page
    from repwatch.cli.paper import to_pdf

    return to_pdf(page)


def save(path: Path, made: str | bytes) -> None:
    """Write a file whole or not at all: a report that was good is not lost to a full disk."""
    import tempfile

    raw = made.encode("utf-8", "replace") if isinstance(made, str) else made
    name = ""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
        Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        Path(name).replace(path)
    except OSError as error:
        if name:
            Path(name).unlink(missing_ok=True)
        raise _unwritten(error, str(path)) from error


def write(made: str | bytes) -> None:
    """Write to standard output: a text as UTF-8, whatever the machine's locale says. UsageError where it leads to a file that cannot grow."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(made.encode("utf-8", "replace") if isinstance(made, str) else made)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        # What waits in the buffer would be tried again at the end, and fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        raise _unwritten(error, _("standard output")) from error


def _unwritten(error: OSError, where: str) -> UsageError:
    """Return what to say of a file that could not be written."""
    import errno

    if error.errno == errno.ENOSPC:
        return UsageError(_("does not fit on the disk"), where=where, hint=_("Make room on the disk, then try again."))
    return UsageError(_("the file cannot be written: {why}", why=error.strerror or str(error)), where=where, hint=_("Check the folder and who may write there."))
