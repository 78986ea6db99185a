"""Commands on answers to reviews: what waits, a draft, and what was decided. Nothing is ever sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from repwatch.cli.common import Dialect, Format, at_most, instant, now, today_at
from repwatch.cli.output import emit
from repwatch.errors import UsageError
from repwatch.wording import _

if TYPE_CHECKING:
    from repwatch.store import Reader

app = typer.Typer(help="Reviews that wait for an answer: list them, draft, and say what was done.", invoke_without_command=True, rich_markup_mode=None)
Id = Annotated[int, typer.Argument(help="The id that `repwatch answers` shows.", show_default=False)]
Form = Annotated[Format, typer.Option("--format", help="How to answer.")]


@app.callback()
def answers(
    context: typer.Context,
    employer: Annotated[str | None, typer.Option("--employer", help="Only this employer.")] = None,
    source: Annotated[str | None, typer.Option("--source", help="Only this source.")] = None,
    worth: Annotated[bool, typer.Option("--worth-it", help="Only those for which an answer is worth it.")] = False,  # noqa: FBT002 — a flag of the command line
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="At most so many; a table shows 50 without it.", show_default=False)] = None,
    form: Form = Format.table,
    dialect: Annotated[Dialect, typer.Option("--csv-dialect", help="`excel` for semicolons, as a Belgian Excel expects.")] = Dialect.plain,
) -> None:
    """List the reviews that wait for an answer, the oldest first, and say whether one is worth it and why; of peers only with --employer."""
    if context.invoked_subcommand:
        return
    from itertools import islice

    from repwatch.cli.filters import source_of
    from repwatch.cli.reading import known_employers
    from repwatch.pipeline.answering import weighed
    from repwatch.report.answers import listing
    from repwatch.store import open_reader

    with open_reader(context.obj.folder()) as reader:
        name = known_employers(reader, employer, context.obj)[0] if employer is not None else None
        where = source_of(reader, source)
        ids = reader.waiting(name, where, without=_peers(context) if name is None else ())
        theirs = len(reader.waiting(None, where)) - len(ids) if name is None else 0
        rows = (row for row in weighed(reader, ids, today_at(context.obj)) if not worth or row["worth"] in ("yes", "brief"))
        shown = list(islice(rows, at_most(limit, form)))
    emit(listing(shown, len(ids), theirs), form, dialect=dialect)


def _peers(context: typer.Context) -> frozenset[str]:
    """Return the employers of the settings for which nobody here can answer."""
    from repwatch.pipeline.answering import only_peers

    return only_peers(context.obj.load().settings.known)


@app.command()
def draft(
    context: typer.Context,
    item: Id,
    lang: Annotated[str | None, typer.Option("--lang", help="Write in this language instead of the review's: en, fr, nl, de.")] = None,
    contact: Annotated[str | None, typer.Option("--contact", help="Whom a reviewer may write to; left away: a blank to fill.")] = None,
    form: Form = Format.table,
) -> None:
    """Write a draft from building blocks, in the language of the review. You fill the blanks and send it yourself."""
    from repwatch.programme.answers import draft as write_draft
    from repwatch.report.answers import drafted
    from repwatch.store import open_reader

    with open_reader(context.obj.folder()) as reader:
        review = _review(reader, item)
    emit(drafted(review, write_draft(review, contact=contact, lang=lang)), form)


def _review(reader: Reader, item: int) -> dict[str, Any]:
    row = reader.item(item)
    if row is None or row["type"] != "review":
        raise UsageError(_("there is no review {item}", item=item), hint=_("`repwatch answers` shows the ids."))
    return row


@app.command()
def done(context: typer.Context, item: Id, form: Form = Format.table) -> None:
    """Say that you answered a review; it leaves the list."""
    _decide(context, item, "done", form)


@app.command()
def skip(context: typer.Context, item: Id, form: Form = Format.table) -> None:
    """Say that a review needs no answer; it leaves the list."""
    _decide(context, item, "skipped", form)


@app.command()
def reopen(context: typer.Context, item: Id, form: Form = Format.table) -> None:
    """Put a review back on the list."""
    _decide(context, item, None, form)


def _decide(context: typer.Context, item: int, state: str | None, form: Format) -> None:
    from repwatch.report.answers import decided
    from repwatch.store import Store, open_reader

    folder = context.obj.folder()
    with Store.open(folder) as store:
        store.decide_answer(item, state, instant(now()))
    with open_reader(folder) as reader:
        left = len(reader.waiting(without=_peers(context)))
    emit(decided(item, state, left), form)
