"""The command that writes the guide of good practices, and the letters that go with it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repwatch.cli.common import today
from repwatch.cli.output import save, write
from repwatch.errors import StoreError, UsageError
from repwatch.wording import _, spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repwatch.cli.common import Where
    from repwatch.config import Loaded


class Form(StrEnum):
    """How a long text is written."""

    md = "md"
    html = "html"
    pdf = "pdf"


def guide(  # noqa: PLR0913, PLR0917 — one option a parameter, as Typer wants it
    context: typer.Context,
    role: Annotated[list[str] | None, typer.Option("--role", help="For whom: all, volunteer, manager, recruiter, leader, crisis; may be repeated; everybody if left away.", show_default=False)] = None,
    sector: Annotated[str, typer.Option("--sector", help="general, care, retail, industry, it, public, finance or horeca.")] = "general",
    lang: Annotated[str | None, typer.Option("--lang", help="en, fr, nl or de; the language of the settings if left away.")] = None,
    employer: Annotated[str | None, typer.Option("--employer", help="Whose guide; needed where the settings name several.")] = None,
    contact: Annotated[str | None, typer.Option("--contact", help="Whom colleagues may write to; that of the settings if left away.")] = None,
    overlay: Annotated[Path | None, typer.Option("--overlay", help="A folder with texts of your own: all.md takes the place of ours, all.extra.md is added.")] = None,
    letter: Annotated[str | None, typer.Option("--letter", help="Write a letter instead: works-council or notice.")] = None,
    form: Annotated[Form, typer.Option("--format", help="md, html (one page, no script, prints on A4) or pdf.")] = Form.md,
    out: Annotated[Path | None, typer.Option("--out", help="Write into this file.")] = None,
) -> None:
    """Write a guide of good practices for speaking about work online, with cases from your own mentions where enough were counted."""
    from repwatch.pipeline.guiding import Wanted, written
    from repwatch.programme.guide import LANGUAGES, LETTERS, ROLES

    if letter and (role or sector != "general"):
        raise UsageError(_("a letter is the same for every role and sector"), hint=_("Leave --role and --sector away."))
    if form is Form.pdf and out is None:
        raise UsageError(_("--format {form} is not for the eyes", form=form.value), hint=_("Name a file: --out guide.pdf"))
    loaded = context.obj.load()
    name = own_employer(loaded, employer)
    wanted = Wanted(name, lang or spoken(), contact if contact is not None else loaded.settings.contact or "", tuple(role or ROLES), sector, overlay, letter)
    known = wanted.lang in LANGUAGES and letter in (None, *LETTERS)
    text = written(wanted, loaded.settings, _told(context.obj, loaded, name) if known and not letter else ())
    made = text if form is Form.md else _page(text, wanted.lang, form)
    if out is not None:
        save(out, made)
    else:
        write(str(made))


def _page(text: str, lang: str, form: Form) -> str | bytes:
    from repwatch.report.leaflet import to_page

    page = to_page(text, lang)
    if form is Form.html:
        return page
    from repwatch.cli.paper import to_pdf

    return to_pdf(page)


def _told(where: Where, loaded: Loaded, employer: str) -> Sequence[tuple[str, int, str]]:
    from repwatch.pipeline.guiding import told_about
    from repwatch.store import open_reader

    try:
        with open_reader(where.folder(loaded)) as reader:
            return told_about(reader, employer, today(loaded.settings.timezone))
    except StoreError:
        # Before the first check there is nothing to tell, and the written cases stand by themselves.
        return []


def own_employer(loaded: Loaded, name: str | None, *, lead: bool = True) -> str:
    """Return the employer that is meant: the one named, or the only one; with `lead`, the only one that names its peers."""
    known = [each.name for each in loaded.settings.employers]
    if name:
        return next((each for each in known if each.casefold() == name.casefold()), name)
    leading = [each.name for each in loaded.settings.employers if lead and each.peers] or known
    if len(leading) == 1:
        return leading[0]
    raise UsageError(_("which employer?"), hint=_("Give --employer with one of: {names}.", names=", ".join(known)) if known else _("Give --employer NAME."))
