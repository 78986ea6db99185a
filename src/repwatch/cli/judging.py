"""Commands on the scorer: correct what it said, measure it, let a new one read the archive again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from repwatch.cli.common import Dialect, Format, instant, now
from repwatch.cli.output import emit
from repwatch.errors import Exit, UsageError
from repwatch.wording import _

if TYPE_CHECKING:
    from repwatch.pipeline.scorers import Scorer
    from repwatch.store import Store

Form = Annotated[Format, typer.Option("--format", help="How to answer.")]
CsvDialect = Annotated[Dialect, typer.Option("--csv-dialect", help="`excel` for semicolons, as a Belgian Excel expects.")]


def correct(
    context: typer.Context,
    item: Annotated[int, typer.Argument(help="The id that `repwatch mentions` shows.", show_default=False)],
    label: Annotated[str | None, typer.Argument(help="positive, negative, neutral or mixed.", show_default=False)] = None,
    topic: Annotated[list[str] | None, typer.Option("--topic", help="A topic it speaks of: pay, or pay:negative. May be repeated.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Let the scorer's own word count again.")] = False,  # noqa: FBT002 — a flag of the command line
    form: Form = Format.table,
) -> None:
    """Say what a review or mention really means; your word wins over the scorer's."""
    from repwatch.pipeline.scorers import scorer_of
    from repwatch.report.judging import corrected
    from repwatch.store import Store

    if (label is None) != undo:
        raise UsageError(_("say what it means, or take a correction back"), hint=_("{first} or {second}", first="repwatch correct 12 negative --topic pay", second="repwatch correct 12 --undo"))
    loaded = context.obj.load()
    folder = context.obj.folder(loaded)
    with Store.open(folder) as store, scorer_of(loaded, folder) as scorer:
        run = store.begin_run("correct", instant(now()), {"item": item})
        try:
            told = _undone(store, scorer, run, item) if undo else _corrected(store, run, item, label or "", topic or [])
        finally:
            store.finish_run(run, instant(now()), int(Exit.OK), {})
        count = len(store.corrections())
    emit(corrected(told, count), form)


def _corrected(store: Store, run: int, item: int, label: str, topics: list[str]) -> dict[str, Any]:
    from repwatch.pipeline.scoring import human_score

    before = store.correct(run, item, human_score(label, topics), instant(now()))
    return {"item": item, "label": label, "topics": topics, "was": before.label if before else None, "undone": False}


def _undone(store: Store, scorer: Scorer, run: int, item: int) -> dict[str, Any]:
    from repwatch.pipeline.scoring import scored_again

    found = next((each for each in store.corrections() if each.item_id == item), None)
    if found is None:
        raise UsageError(_("item {item} was not corrected", item=item), hint=_("`repwatch mentions` shows the ids."))
    score = scored_again(scorer, found.data)
    store.withdraw(run, item, score)
    return {"item": item, "label": score.label, "topics": [], "was": found.label, "undone": True}


def evaluate(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="A CSV with the columns text and label (lang and source too, if known). Left away: your own corrections.", show_default=False)] = None,
    form: Form = Format.table,
    dialect: CsvDialect = Dialect.plain,
) -> None:
    """Measure how well the scorer does on your corrections, or on texts that you labelled."""
    from repwatch.analysis.evaluation import evaluate as measure
    from repwatch.inlets.labelled import read
    from repwatch.pipeline.scorers import scorer_of
    from repwatch.pipeline.scoring import on_corrections, on_texts
    from repwatch.report.judging import evaluation
    from repwatch.store import Store

    loaded = context.obj.load()
    folder = context.obj.folder(loaded)
    with scorer_of(loaded, folder) as scorer:
        if file is not None:
            judged = list(on_texts(read(file), scorer))
        else:
            with Store.open(folder) as store:
                judged = list(on_corrections(store, scorer))
        version = scorer.version
    emit(evaluation({"scorer": version, "on": str(file) if file else "corrections", **measure(judged)}), form, dialect=dialect)


def rescore(
    context: typer.Context,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="At most so many; a later call goes on.")] = None,
    form: Form = Format.table,
) -> None:
    """Let the scorer of today read again what an older one scored. Stop it when you like: it goes on where it was."""
    from repwatch.cli.progress import bar
    from repwatch.pipeline.scorers import scorer_of
    from repwatch.pipeline.scoring import rescore as read_again
    from repwatch.report.judging import rescored
    from repwatch.store import Store

    loaded = context.obj.load()
    folder = context.obj.folder(loaded)
    with Store.open(folder) as store, scorer_of(loaded, folder) as scorer:
        run = store.begin_run("rescore", instant(now()), {"scorer": scorer.version})
        code = Exit.INTERRUPTED
        try:
            with bar("Reading again") as (total, done):
                count = read_again(store, run, scorer, limit, total=total, done=done)
            code = Exit.OK
        finally:
            store.finish_run(run, instant(now()), int(code), {})
        version, left = scorer.version, store.count_outdated(scorer.version)
    emit(rescored(version, count, left), form)
