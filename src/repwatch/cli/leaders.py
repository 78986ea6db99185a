"""Commands on the presence of leaders who agreed: where they stand, goals, and five minutes a day."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repwatch.cli.common import Dialect, Format
from repwatch.cli.consenting import (
    Code,
    How,
    Lang,
    Until,
    checked_day,
    language_of,
    open_store,
    take_in,
    take_out,
    today_of,
)
from repwatch.cli.letters import EmployerName, firm
from repwatch.cli.output import emit, write
from repwatch.cli.programme import CsvDialect, Form, On
from repwatch.errors import UsageError
from repwatch.wording import _

if TYPE_CHECKING:
    from datetime import date

    from repwatch.config import Loaded
    from repwatch.pipeline.leading import Handed
    from repwatch.report.leaders import Leader
    from repwatch.store import Store

app = typer.Typer(help="Leaders who agreed: their presence in numbers, goals, and a plan of five minutes a day.", no_args_is_help=True, rich_markup_mode=None)


TOKEN = "REPWATCH_LINKEDIN_MEMBER_TOKEN"  # noqa: S105 — the name of a variable, not what it holds


@app.command()
def join(context: typer.Context, code: Code, until: Until = None, how: How = None, form: Form = Format.table) -> None:
    """Take a leader in who agreed, or renew their consent. Nobody enters without a consent on record."""
    take_in(context, code, "leader", until, how, form)


@app.command()
def leave(context: typer.Context, code: Code) -> None:
    """Delete everything about a person, in every role: consents, standings, goals."""
    take_out(context, code)


@app.command()
def presence(  # noqa: PLR0913, PLR0917 — one option a parameter, as Typer wants it
    context: typer.Context,
    code: Code,
    profile: Annotated[bool | None, typer.Option("--profile/--no-profile", help="Whether they have a profile.", show_default=False)] = None,
    contacts: Annotated[int | None, typer.Option("--contacts", min=0, help="How many contacts.")] = None,
    posts: Annotated[int | None, typer.Option("--posts", min=0, help="How many posts in the last 12 months.")] = None,
    reactions: Annotated[int | None, typer.Option("--reactions", min=0, help="Reactions to these posts.")] = None,
    topics: Annotated[list[str] | None, typer.Option("--topic", help="What the posts speak of; may be repeated.", show_default=False)] = None,
    export: Annotated[Path | None, typer.Option("--export", help="The download of their own data that they handed over: counted, no name is kept.", exists=True)] = None,
    linkedin: Annotated[bool, typer.Option("--linkedin", help="Ask LinkedIn with the leader's own token (members in the EU): counted, no name is kept.")] = False,  # noqa: FBT002 — a flag of the command line
    on: On = None,
    form: Form = Format.table,
) -> None:
    """Record how a leader stands: typed in, or counted from what they handed over. What is typed in goes first; what is not said stays as it was."""
    from repwatch.pipeline import leading, volunteering
    from repwatch.report.figures import day as told_day
    from repwatch.report.leaders import figures_kept
    from repwatch.report.volunteers import done

    loaded = context.obj.load()
    day = checked_day("--on", on, today_of(loaded))
    told = {name: value for name, value in (("profile", profile), ("contacts", contacts), ("posts", posts), ("reactions", reactions), ("topics", tuple(topics or ()) or None)) if value is not None}
    if not told and export is None and not linkedin:
        raise UsageError(_("nothing was said about this leader"), hint=_("Say at least one of --profile, --contacts, --posts, --reactions, --topic, --export and --linkedin."))
    if export and linkedin:
        raise UsageError(_("--export and --linkedin tell the same; give one of them"))
    with open_store(context, loaded) as store:
        volunteering.member(store, code, "leader", today_of(loaded))
        given = leading.handed(export) if export else _by_token(loaded, code) if linkedin else None
        said = (leading.counted(given, day) if given else {}) | told
        standing = leading.renewed(volunteering.standings_of(store, code), day, said)
        store.people.add_presence(code, day, standing.model_dump(mode="json"))
    title = _("The standing of {code} on {day} is recorded.", code=code, day=told_day(str(day)))
    title = " ".join((title, *figures_kept(standing)))
    emit(done("leaders presence", title, standing.model_dump(mode="json"), _("What to do next: repwatch leaders plan {code}", code=code)), form)


@app.command()
def goal(
    context: typer.Context,
    code: Code,
    measure: Annotated[str, typer.Argument(help="contacts, or posts (in 12 months).", show_default=False)],
    target: Annotated[int, typer.Argument(min=1, help="How many.", show_default=False)],
    by: Annotated[str, typer.Option("--by", help="Until when: 2027-03-31.", show_default=False)],
    form: Form = Format.table,
) -> None:
    """Set what a leader wants to reach, and until when; a new goal replaces the old one."""
    from typing import get_args

    from repwatch.period import parse_day
    from repwatch.pipeline import volunteering
    from repwatch.programme.people import Measure
    from repwatch.report.figures import day as told_day
    from repwatch.report.volunteers import done

    loaded = context.obj.load()
    day = today_of(loaded)
    due = parse_day("--by", by, day, last=True)
    if measure not in get_args(Measure):
        raise UsageError(_("{measure} cannot be a goal", measure=repr(measure)), hint=_("Use one of: {names}.", names=", ".join(get_args(Measure))))
    if due <= day:
        raise UsageError(_("this goal would have ended on {day}", day=due), hint=_("Name a day to come with --by."))
    with open_store(context, loaded) as store:
        volunteering.member(store, code, "leader", day)
        store.people.set_goal(code, measure, target, due, day)
    emit(done("leaders goal", _("The goal of {code} is set: {target} by {day}.", code=code, target=target, day=told_day(str(due))), {"code": code, "measure": measure, "target": target, "due": due.isoformat()}), form)


@app.command(name="list")
def list_(context: typer.Context, form: Form = Format.table, dialect: CsvDialect = Dialect.plain) -> None:
    """List the leaders who agreed: where they stand, and their goals."""
    from repwatch.pipeline.volunteering import members
    from repwatch.report.leaders import listing

    loaded = context.obj.load()
    day = today_of(loaded)
    with open_store(context, loaded) as store:
        found = [_leader(store, member.code, day, ended=True) for member in members(store, "leader")]
    emit(listing(found, day), form, dialect=dialect)


@app.command()
def progress(context: typer.Context, code: Code, form: Form = Format.table, dialect: CsvDialect = Dialect.plain) -> None:
    """Show how a leader stood over time."""
    from repwatch.report.leaders import progress as document

    loaded = context.obj.load()
    with open_store(context, loaded) as store:
        leader = _leader(store, code, today_of(loaded))
    emit(document(leader), form, dialect=dialect)


@app.command()
def plan(context: typer.Context, code: Code, lang: Lang = None, employer: EmployerName = None) -> None:
    """Write five minutes a day for the next five working days, as Markdown to print for the assistant."""
    from repwatch.pipeline import leading
    from repwatch.pipeline.volunteering import actions, goals
    from repwatch.programme.leading import week
    from repwatch.report.letters import letter
    from repwatch.store import open_reader

    loaded = context.obj.load()
    day, own = today_of(loaded), firm(loaded, employer)
    with open_store(context, loaded) as store:
        leader, aims = _leader(store, code, day), goals(store, code)
        chosen = next((each for each in reversed(actions(store)) if 0 <= (day - each.day).days <= 31), None)
    with open_reader(context.obj.folder(loaded)) as reader:
        news = leading.news(reader.mentions(employer=own.name, type="mention", limit=2_000), day, own.domain)
    spoken = language_of(lang)
    standing = leader.standings[-1] if leader.standings else None
    subject = {"title": chosen.title, "url": chosen.url, "words": chosen.words.get(spoken, "")} if chosen else None
    facts = {"code": code, "firm": own.name, "today": day, "standing": standing, "gaps": leader.gaps, "days": week(standing, aims, day, len(news)), "news": news, "subject": subject}
    write(letter("plan", spoken, facts, "programme/texts"))


def _by_token(loaded: Loaded, code: str) -> Handed:
    """Ask LinkedIn, with the token that the leader typed or set for this once. It is kept nowhere."""
    from repwatch.pipeline.portability import TOKENS, handed_by_linkedin
    from repwatch.pipeline.running import open_client

    token = os.environ.get(TOKEN) or ""
    if not token and sys.stdin.isatty():
        token = str(typer.prompt(_("Token of {code}, from {page}", code=code, page=TOKENS), hide_input=True, err=True))
    if not token.strip():
        raise UsageError(_("no token of this leader"), hint=_("The leader makes one at {page} and types it here, at a terminal, or sets {variable} for this one command.", page=TOKENS, variable=TOKEN))
    client, _keys = open_client(loaded.settings, loaded.folder)
    try:
        return handed_by_linkedin(client.fetch, token.strip())
    finally:
        client.close()


def _leader(store: Store, code: str, day: date, *, ended: bool = False) -> Leader:
    """Return a leader whose consent is in force; with `ended` also one whose consent is not."""
    from repwatch.pipeline.volunteering import goals, member, members, standings_of
    from repwatch.programme.leading import gap
    from repwatch.report.leaders import Leader

    found = next(each for each in members(store, "leader") if each.code == code) if ended else member(store, code, "leader", day)
    standings = tuple(standings_of(store, code))
    return Leader(found, standings, tuple(gap(standings[-1] if standings else None, each, day) for each in goals(store, code)))
