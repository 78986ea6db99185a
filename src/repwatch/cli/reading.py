"""Commands that only read the store: report, mentions, sources."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from repwatch.cli.common import Dialect, Format, Where, at_most, today_at
from repwatch.cli.filters import TYPES, figure_of, lang_of, one_of, source_of, topic_of
from repwatch.cli.output import emit, save
from repwatch.errors import Exit, SettingsError, UsageError, worst
from repwatch.text.clean import one_line
from repwatch.wording import _

if TYPE_CHECKING:
    from datetime import date

    from repwatch.pipeline.changes import Period
    from repwatch.report.document import Document
    from repwatch.store import Reader


class Kind(StrEnum):
    """The kinds of report: each has its period."""

    daily = "daily"
    weekly = "weekly"
    monthly = "monthly"
    quarterly = "quarterly"
    board = "board"


Until = Annotated[str | None, typer.Option("--until", help="Last day, itself included; today if left away.")]
EmployerName = Annotated[str | None, typer.Option("--employer", help="Only this employer.")]
SourceName = Annotated[str | None, typer.Option("--source", help="Only this source.")]
Lang = Annotated[str | None, typer.Option("--lang", help="Only texts in this language: fr, nl, en, de.")]
Form = Annotated[Format, typer.Option("--format", help="How to answer.")]
CsvDialect = Annotated[Dialect, typer.Option("--csv-dialect", help="`excel` for semicolons, as a Belgian Excel expects.")]


def _period(day: date, since: str | None, until: str | None, *, back: str | None = None) -> tuple[str | None, str | None]:
    """Return the first and last day that were named on `day`; `back` is how far a report looks where none is."""
    from repwatch.period import parse_since, parse_until

    begin = since or back
    first = parse_since(begin, day) if begin else None
    last = parse_until(until, day) if until else day if begin else None
    if first and last and first > last:
        hint = _("Exchange --since and --until.") if since and until else _("Name both: --since and --until.")
        raise UsageError(_("the period ends ({last}) before it begins ({first})", last=last, first=first), hint=hint)
    return (first.isoformat() if first else None), (last.isoformat() if last else None)


def _open(where: Where) -> Reader:
    from repwatch.store import open_reader

    return open_reader(where.folder())


def known_employers(reader: Reader, name: str | None, where: Where) -> list[str]:
    """Return the employers of the store, or the one that `name` means, be it an alias in the settings; UsageError names the nearest."""
    known = reader.employers()
    if name is None:
        return [each for each in known if each] + [each for each in known if not each]
    if name in known:
        return [name]
    # As a report shows it: without the control characters that an import may have brought.
    folded = [each for each in known if one_line(each).casefold() == one_line(name).casefold()]
    if folded:
        return folded
    own = _own_name(name, where)
    if own in known:
        return [own]
    import difflib

    near = difflib.get_close_matches(name, known, 1, 0.5)
    others = ", ".join(filter(None, known[:10])) or _("no employer yet")
    hint = _("Did you mean {name}?", name=repr(near[0])) if near else _("Known: {names}.", names=others)
    raise UsageError(_("nothing is stored about {name}", name=repr(name)), hint=hint)


def _own_name(name: str, where: Where) -> str:
    """Return the name of the employer in the settings whose alias `name` is; settings that cannot be read have none."""
    from repwatch.pipeline.normalise import meant

    try:
        return meant(name, where.load().settings.known)
    except SettingsError:
        return name


class Step(StrEnum):
    """The steps by which figures are shown over time."""

    day = "day"
    week = "week"
    month = "month"
    quarter = "quarter"


class FailOn(StrEnum):
    """What makes a report end with 1."""

    alert = "alert"


def report(  # noqa: PLR0913, PLR0917 — one option a parameter, as Typer wants it
    context: typer.Context,
    kind: Annotated[Kind | None, typer.Option("--kind", help="The last complete day, week, month or quarter; `board` is one page on a quarter.")] = None,
    since: Annotated[str | None, typer.Option("--since", help="First day: 30d (if left away), 12w, 6m, 2026-03, 2026-03-01.")] = None,
    until: Until = None,
    employer: EmployerName = None,
    source: SourceName = None,
    lang: Lang = None,
    compare: Annotated[str | None, typer.Option("--compare", help="What changed since: previous, year-ago, 2026-03, 2026-01..2026-03.")] = None,
    by: Annotated[Step | None, typer.Option("--by", help="Show the figures over time.")] = None,
    peer: Annotated[list[str] | None, typer.Option("--peer", help="Stand beside this employer; may be said several times. Left away: the peers of the settings.")] = None,
    fail_on: Annotated[FailOn | None, typer.Option("--fail-on", help="End with 1 where --compare finds that something got worse.")] = None,
    form: Form = Format.table,
    dialect: CsvDialect = Dialect.plain,
    out: Annotated[Path | None, typer.Option("--out", help="Write to this file instead of standard output.")] = None,
    charts: Annotated[Path | None, typer.Option("--charts", help="Write the charts into this folder as SVG and PNG too.")] = None,
) -> None:
    """Tell what changed and whether it is real, what needs an answer, what people talk about, and what could not be seen."""
    from repwatch.pipeline.summary import summarise
    from repwatch.report.overview import overview

    day = today_at(context.obj)
    first, last = _kind_period(day, kind) if kind and since is None and until is None else _period(day, since, until, back="30d")
    with _open(context.obj) as reader:
        names = known_employers(reader, employer, context.obj)
        source, lang = source_of(reader, source), lang_of(reader, lang)
        data = {"kind": kind.value if kind else None, **summarise(reader, names, first, last, source=source, lang=lang)}
        if (compare or by or peer) and len(names) != 1:
            raise UsageError(_("--compare, --by and --peer are about one employer"), hint=_("Name it: --employer NAME."))
        if fail_on and not compare and not (kind and len(names) == 1):
            raise UsageError(_("--fail-on needs a period to compare with"), hint=_("Add --compare previous, or --kind, and name one employer."))
        peers = [known_employers(reader, each, context.obj)[0] for each in peer or ()]
        if peers and names[0] in peers:
            raise UsageError(_("{name} cannot stand beside itself", name=names[0]), hint=_("Name another employer with --peer."))
        if len(names) == 1:
            if kind:
                # A report of a kind always says what changed, and over which steps.
                compare, by = compare or "previous", by or _STEPS[kind]
            peers = peers or _peers_told(context.obj, names[0])
            data |= _more(reader, names[0], (first or "", last or ""), compare, by, peers, day, {"source": source, "lang": lang})
            data |= _listened(context.obj, reader, data, day)
    partial = _partly_blind(data)
    document = overview(data)
    if charts:
        _draw(document, charts)
    emit(document, form, dialect=dialect, status=Exit.PARTIAL if partial else Exit.OK, out=out)
    worse = any(row["verdict"] == "down" and row["metric"] not in ("volume", "topic_share") for row in data.get("changes", ()))
    raise typer.Exit(worst(Exit.PARTIAL if partial else Exit.OK, Exit.ALERT if fail_on and worse else Exit.OK))


_STEPS: dict[Kind, Step | None] = {Kind.daily: None, Kind.weekly: Step.day, Kind.monthly: Step.week, Kind.quarterly: Step.week, Kind.board: Step.week}


def _kind_period(day: date, kind: Kind) -> tuple[str, str]:
    from repwatch.period import last_complete

    first, last = last_complete(kind.value, day)
    return first.isoformat(), last.isoformat()


def _peers_told(where: Where, employer: str) -> list[str]:
    """Return the peers that the settings file gives an employer, unchecked: a report stands beside them unless --peer names others."""
    from repwatch.settings_file import value_told

    tables = value_told("employer", where.config)
    peers = next((each.get("peers") for each in (tables if isinstance(tables, list) else ()) if isinstance(each, dict) and each.get("name") == employer), None)
    return [one_line(name) for name in peers if isinstance(name, str) and name != employer] if isinstance(peers, list) else []


def _listened(where: Where, reader: Reader, data: dict[str, Any], day: date) -> dict[str, Any]:
    """Return what people say and what waits, for the one employer of the report."""
    from datetime import date

    from repwatch.pipeline.recruiting import recruiting
    from repwatch.pipeline.voices import SHOWN, Ask, listen
    from repwatch.settings_file import value_told
    from repwatch.text.special import touches_special

    within = value_told("answer_within_days", where.config)
    until = min(day, date.fromisoformat(data["until"])) if data["until"] else day
    ask = Ask(data["employers"][0]["employer"], data["since"], data["until"], data["source"], data["lang"])
    told = listen(reader, ask, until, within_days=within if isinstance(within, int) and within > 0 else 14, shown=3 if data["kind"] == "board" else SHOWN,
                  is_special=touches_special)  # fmt: skip
    return {**told, "recruiting": recruiting(reader, ask)}


def _more(reader: Reader, name: str, period: tuple[str, str], compare: str | None, by: Step | None, peers: list[str], day: date, only: dict[str, str | None]) -> dict[str, Any]:
    """Return what was asked for beyond the figures of the period; `only` narrows to a source or language."""
    from datetime import date

    from repwatch.pipeline import standing, trends
    from repwatch.pipeline.changes import Period
    from repwatch.pipeline.changes import compare as compared

    now = Period(*map(date.fromisoformat, period))
    told: dict[str, Any] = {}
    if compare:
        found = compared(reader, name, now, _earlier(compare, now), **only)
        told |= {"changes": found["changes"], "compare": {"before": found["before"], "after": found["after"]}, "mix": found["mix"], "why": found["why"],
                 "signals": standing.signals(reader, name, now), "badges": standing.badges(reader, name, now.last)}  # fmt: skip
    if by:
        told["trends"] = trends.trends(reader, name, now, by.value, **only)
        told["breakdowns"] = [] if any(only.values()) else trends.breakdowns(reader, name, now, day)
    if peers:
        told["comparison"] = standing.comparison(reader, name, peers, now, **only)
    return told


def _earlier(text: str, now: Period) -> Period:
    """Read the period that --compare names; it must end before the other begins."""
    from repwatch.period import parse_since, parse_until
    from repwatch.pipeline.changes import Period

    if text == "previous":
        return now.previous()
    if text == "year-ago":
        return now.year_ago()
    first, _dots, last = text.partition("..")
    hint = _("Write previous, year-ago, 2026-03 or 2026-01..2026-03.")
    try:
        before = Period(parse_since(first, now.first), parse_until(last or first, now.first))
    except UsageError as error:
        raise UsageError(error.message, where="--compare", hint=hint) from None
    if not before.first <= before.last < now.first:
        raise UsageError(_("--compare {text}: this period does not end before {day}", text=text, day=now.first), hint=hint)
    return before


def _partly_blind(data: dict[str, Any]) -> bool:
    from repwatch.refusals import unread

    return any(unread(watch["last_state"], watch["last_reason"]) for row in data["employers"] for each in row["sources"] if each["coverage"] for watch in each["coverage"]["watches"])


def _draw(document: Document, folder: Path) -> None:
    """Write the charts of a report as files."""
    from repwatch.report import charts

    if not charts.available():
        raise UsageError(_("charts need the extra `charts` of repwatch"), hint='pip install "repwatch[charts]"')
    if not any(section.lines for section in document.sections):
        from repwatch.cli.start import say

        say(_("repwatch: --charts: there is nothing to draw in this report. Lines over time come with --employer NAME --by week."))
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(_("the folder cannot be made: {why}", why=error.strerror or str(error)), where=str(folder), hint=_("Name a folder with --charts.")) from error
    for name, content in charts.files(document):
        save(folder / name, content)


def mentions(  # noqa: PLR0913, PLR0917 — one option a parameter, as Typer wants it
    context: typer.Context,
    search: Annotated[str | None, typer.Argument(help='Words to find; "a phrase" and word* work.', show_default=False)] = None,
    since: Annotated[str | None, typer.Option("--since", help="First day: 30d, 2026-03-01.")] = None,
    until: Until = None,
    employer: EmployerName = None,
    source: Annotated[list[str] | None, typer.Option("--source", help="Only this source; may be said several times.", show_default=False)] = None,
    lang: Lang = None,
    sentiment: Annotated[str | None, typer.Option("--sentiment", help="positive, negative, neutral, mixed, unclear or unscored.")] = None,
    kind: Annotated[str | None, typer.Option("--type", help="review, mention or interview.")] = None,
    topic: Annotated[str | None, typer.Option("--topic", help="Only texts that speak of this: pay, workload, management ...")] = None,
    counted: Annotated[str | None, typer.Option("--counted", help="Only what a figure of a report counts: volume, rating, net_sentiment, texts ...")] = None,
    unanswered: Annotated[bool, typer.Option("--unanswered", help="Only reviews that wait for an answer.")] = False,  # noqa: FBT002 — a flag of the command line
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="At most so many; a table shows 50 without it.", show_default=False)] = None,
    why: Annotated[bool, typer.Option("--why", help="Show the words that decided the sentiment, and by whom it was judged.")] = False,  # noqa: FBT002 — a flag of the command line
    form: Form = Format.table,
    dialect: CsvDialect = Dialect.plain,
) -> None:
    """List and search reviews and mentions, newest first."""
    from repwatch.pipeline.summary import LABELS
    from repwatch.report.listing import mentions as listing

    sentiment, kind, topic, counted = one_of("--sentiment", sentiment, LABELS), one_of("--type", kind, TYPES), topic_of(topic), figure_of(counted)
    first, last = _period(today_at(context.obj), since, until)
    most = at_most(limit, form)
    with _open(context.obj) as reader:
        name = known_employers(reader, employer, context.obj)[0] if employer is not None else None
        sources, lang = [source_of(reader, each) or "" for each in source or ()] or None, lang_of(reader, lang)
        rows = reader.mentions(search, employer=name, source=sources, since=first, until=last, lang=lang, label=sentiment, type=kind, topic=topic, limit=most, fold=True, waiting=unanswered, counted=counted)
    shown = " " + _("(the newest {n}; --limit shows more)", n=most) if len(rows) == most else ""
    emit(listing(rows, shown, why=why), form, dialect=dialect)


def sources(context: typer.Context, form: Form = Format.table, dialect: CsvDialect = Dialect.plain) -> None:
    """Show the sources repwatch can read, through which door, on what terms, and how the last check went."""
    from repwatch import sources as registry
    from repwatch.errors import StoreError
    from repwatch.report.listing import sources as listing

    used: dict[str, str] = {}
    try:
        with _open(context.obj) as reader:
            used = {row["source"]: row["state"] for row in reader.ledger()}
    except StoreError:
        # Before the first check there is no store, and the list of sources is whole without it.
        used = {}
    emit(listing([registry.load(name).INFO for name in registry.names()], used), form, dialect=dialect)
