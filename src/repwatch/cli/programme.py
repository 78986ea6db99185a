"""Commands on the ambassador programme: who takes part by consent, what is worth relaying, who relayed, and the figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from repwatch.cli import letters
from repwatch.cli.common import Dialect, Format
from repwatch.cli.consenting import (
    Code,
    How,
    Until,
    checked_day,
    open_store,
    take_in,
    take_out,
    today_of,
)
from repwatch.cli.letters import EmployerName, firm
from repwatch.cli.output import emit
from repwatch.errors import Exit, UsageError
from repwatch.wording import _, n_

app = typer.Typer(help="Digital ambassadors: who takes part by consent, what is worth relaying, who relayed it, and the figures.", no_args_is_help=True, rich_markup_mode=None)
action = typer.Typer(help="What is worth relaying, with a link and suggested words.", no_args_is_help=True, rich_markup_mode=None)
accounts = typer.Typer(help="The public accounts that members named themselves.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(action, name="action")
app.add_typer(accounts, name="accounts")

Form = Annotated[Format, typer.Option("--format", help="How to answer.")]
CsvDialect = Annotated[Dialect, typer.Option("--csv-dialect", help="`excel` for semicolons, as a Belgian Excel expects.")]
On = Annotated[str | None, typer.Option("--on", help="The day: 2026-11-25. Today if left away.")]


@app.command()
def invite(context: typer.Context, count: Annotated[int, typer.Argument(min=1, help="How many people were invited. No names: nobody is on record before they agree.", show_default=False)], on: On = None, form: Form = Format.table) -> None:
    """Record how many people were invited."""
    from repwatch.report.volunteers import done

    loaded = context.obj.load()
    day = checked_day("--on", on, today_of(loaded))
    with open_store(context, loaded) as store:
        store.people.invite(day, count)
        total = sum(n for _day, n in store.people.invitations())
    emit(done("programme invite", n_("{n} person has been invited so far.", "{n} people have been invited so far.", total), {"day": day.isoformat(), "invited": count, "total": total},
              _("The text of an invitation: repwatch programme invitation")), form)  # fmt: skip


@app.command()
def join(context: typer.Context, code: Code, until: Until = None, how: How = None, form: Form = Format.table) -> None:
    """Take a person in who agreed, or renew their consent. Nobody enters without a consent on record."""
    take_in(context, code, "ambassador", until, how, form)


@app.command()
def pause(context: typer.Context, code: Code, form: Form = Format.table) -> None:
    """Let a member rest: their accounts are not read until they resume."""
    _set(context, code, "paused", form)


@app.command()
def resume(context: typer.Context, code: Code, form: Form = Format.table) -> None:
    """Take a member up again who had paused."""
    _set(context, code, "active", form)


def _set(context: typer.Context, code: str, state: str, form: Format) -> None:
    from repwatch.pipeline.volunteering import member
    from repwatch.report.volunteers import done

    loaded = context.obj.load()
    with open_store(context, loaded) as store:
        member(store, code, "ambassador", today_of(loaded))
        store.people.set_state(code, "ambassador", state)
    title = _("{code} pauses.", code=code) if state == "paused" else _("{code} takes part again.", code=code)
    emit(done("programme pause" if state == "paused" else "programme resume", title, {"code": code, "state": state}), form)


@app.command()
def leave(context: typer.Context, code: Code) -> None:
    """Delete everything about a person, in every role: consents, accounts, relays, goals, and what was read of them."""
    take_out(context, code)


@app.command(name="list")
def list_(context: typer.Context, form: Form = Format.table, dialect: CsvDialect = Dialect.plain) -> None:
    """List the members by the codes that they chose."""
    from repwatch.pipeline.volunteering import members
    from repwatch.report.volunteers import members as document

    loaded = context.obj.load()
    with open_store(context, loaded) as store:
        found = members(store, "ambassador")
    emit(document(found, today_of(loaded)), form, dialect=dialect)


@accounts.command(name="add")
def add_account(context: typer.Context, code: Code, account: Annotated[str, typer.Argument(help="The address of the profile or feed, as the person named it.", show_default=False)], form: Form = Format.table) -> None:
    """Write down a public account that a member named themselves: Mastodon, Bluesky or a feed."""
    from repwatch.pipeline.accounts import feed_of
    from repwatch.pipeline.volunteering import member
    from repwatch.report.volunteers import done

    loaded = context.obj.load()
    with open_store(context, loaded) as store:
        named = member(store, code, "ambassador", today_of(loaded)).consent.accounts
        feed = feed_of(account)
        store.people.set_accounts(code, "ambassador", tuple(dict.fromkeys((*named, account))))
    emit(done("programme accounts add", _("The account of {code} is noted.", code=code), {"code": code, "account": account, "feed": feed}, _("See who relayed what: repwatch programme read")), form)


@accounts.command(name="remove")
def remove_account(context: typer.Context, code: Code, account: Annotated[str, typer.Argument(help="The address, as it was added.", show_default=False)], form: Form = Format.table) -> None:
    """Strike an account of a member from the record."""
    from repwatch.pipeline.volunteering import member
    from repwatch.report.volunteers import done

    loaded = context.obj.load()
    with open_store(context, loaded) as store:
        named = member(store, code, "ambassador", today_of(loaded)).consent.accounts
        if account not in named:
            raise UsageError(_("{code} named no such account", code=repr(code)), hint=_("The accounts of each member: repwatch programme list"))
        store.people.set_accounts(code, "ambassador", tuple(each for each in named if each != account))
    emit(done("programme accounts remove", _("The account of {code} is struck.", code=code), {"code": code}), form)


@app.command()
def read(context: typer.Context, form: Form = Format.table, dialect: CsvDialect = Dialect.plain) -> None:
    """Look into the members' accounts for the links of your actions. No post is kept."""
    from repwatch.pipeline import volunteering
    from repwatch.pipeline.accounts import read_accounts
    from repwatch.pipeline.running import open_client
    from repwatch.report.volunteers import read as document

    loaded = context.obj.load()
    with open_store(context, loaded) as store:
        members = volunteering.members(store, "ambassador")
        client, _keys = open_client(loaded.settings, loaded.folder)
        try:
            reads = list(read_accounts(members, volunteering.actions(store), client.fetch, today_of(loaded)))
        finally:
            client.close()
        fresh = volunteering.keep_relays(store, [relay for each in reads for relay in each.relays])
    states = {each.state for each in reads}
    code = Exit.OK if states <= {"read"} else Exit.PARTIAL if "read" in states else Exit.NOTHING_READ
    emit(document([each.row() for each in reads], fresh), form, status=code, dialect=dialect)
    raise typer.Exit(code)


@app.command()
def handed(
    context: typer.Context,
    code: Code,
    file: Annotated[Path, typer.Argument(help="What the member handed over: their own download of LinkedIn, or their posts as lines of JSON.", exists=True, show_default=False)],
    form: Form = Format.table,
) -> None:
    """Look into a file that a member handed over for the links of your actions. Nothing else of it is kept."""
    from repwatch.pipeline import volunteering
    from repwatch.pipeline.accounts import posts_of
    from repwatch.pipeline.leading import handed as read_handed
    from repwatch.programme.volunteering import relays_in
    from repwatch.report.figures import day as told_day
    from repwatch.report.volunteers import done

    loaded = context.obj.load()
    with open_store(context, loaded) as store:
        member = volunteering.member(store, code, "ambassador", today_of(loaded))
        posts = posts_of(read_handed(file).posts, since=member.consent.given)
        fresh = volunteering.keep_relays(store, relays_in(code, posts, volunteering.actions(store)))
    emit(done("programme handed", n_("{n} relay found", "{n} relays found", fresh), {"code": code, "posts": len(posts), "relays": fresh},
              _("Posts from before {day}, when the consent was given, were not looked at.", day=told_day(str(member.consent.given)))), form)  # fmt: skip


@action.command(name="add")
def add_action(  # noqa: PLR0913, PLR0917 — one option a parameter, as Typer wants it
    context: typer.Context,
    title: Annotated[str, typer.Argument(help="What it is, in a few words.", show_default=False)],
    url: Annotated[str, typer.Option("--url", help="The link to relay.", show_default=False)],
    text_en: Annotated[str | None, typer.Option("--text-en", help="Suggested words in English.")] = None,
    text_fr: Annotated[str | None, typer.Option("--text-fr", help="Suggested words in French.")] = None,
    text_nl: Annotated[str | None, typer.Option("--text-nl", help="Suggested words in Dutch.")] = None,
    text_de: Annotated[str | None, typer.Option("--text-de", help="Suggested words in German.")] = None,
    on: On = None,
    form: Form = Format.table,
) -> None:
    """Add something worth relaying, with suggested words in up to four languages."""
    from repwatch.report.volunteers import done

    if not url.startswith(("http://", "https://")):
        raise UsageError(_("{url} is not a link", url=repr(url)), hint=_("Give the whole address: --url https://www.acme.example/news/1"))
    loaded = context.obj.load()
    words = {lang: text.strip() for lang, text in (("en", text_en), ("fr", text_fr), ("nl", text_nl), ("de", text_de)) if text and text.strip()}
    day = checked_day("--on", on, today_of(loaded))
    with open_store(context, loaded) as store:
        number = store.people.add_action(title, url, words, day)
    missing = [lang for lang in ("en", "fr", "nl", "de") if lang not in words]
    closing = _("There are no suggested words yet in: {langs}.", langs=", ".join(missing)) if missing else ""
    emit(done("programme action add", _("Action {number} can be relayed.", number=number), {"id": number, "url": url, "words": words}, closing), form)


@action.command(name="list")
def list_actions(context: typer.Context, form: Form = Format.table, dialect: CsvDialect = Dialect.plain) -> None:
    """List what is worth relaying, and what became of it."""
    from repwatch.pipeline import volunteering
    from repwatch.programme.volunteering import standings
    from repwatch.report.volunteers import actions as document

    loaded = context.obj.load()
    with open_store(context, loaded) as store:
        found, relays, members = volunteering.actions(store), volunteering.relays(store), volunteering.members(store, "ambassador")
    emit(document(found, standings(found, relays, members, today_of(loaded))), form, dialect=dialect)


@app.command()
def shared(
    context: typer.Context,
    code: Code,
    number: Annotated[int, typer.Argument(metavar="ACTION", help="The number of the action.", show_default=False)],
    reach: Annotated[int | None, typer.Option("--reach", min=0, help="How many people saw it, as an estimate.")] = None,
    reactions: Annotated[int | None, typer.Option("--reactions", min=0, help="Likes, comments and shares together.")] = None,
    on: On = None,
    form: Form = Format.table,
) -> None:
    """Record that a member relayed an action."""
    from repwatch.pipeline import volunteering
    from repwatch.report.figures import day as told_day
    from repwatch.report.volunteers import done

    loaded = context.obj.load()
    day = checked_day("--on", on, today_of(loaded))
    with open_store(context, loaded) as store:
        member = volunteering.member(store, code, "ambassador", today_of(loaded))
        if day < member.joined:
            raise UsageError(_("{code} joined on {day}: what was shared before is not recorded", code=repr(code), day=member.joined), hint=_("Name a later day with --on."))
        if number not in {each.id for each in volunteering.actions(store)}:
            raise UsageError(_("there is no action {number}", number=number), hint=_("See them with: repwatch programme action list"))
        store.people.relay(code, number, day, reach, reactions)
    emit(done("programme shared", _("{code} relayed action {number} on {day}. Reach is an estimate.", code=code, number=number, day=told_day(str(day))),
              {"code": code, "action": number, "day": day.isoformat(), "reach_estimate": reach, "reactions": reactions}), form)  # fmt: skip


@app.command()
def figures(context: typer.Context, employer: EmployerName = None, form: Form = Format.table, dialect: CsvDialect = Dialect.plain) -> None:
    """Show participation, adoption, active members and engagement, month by month, beside the reference of 30 of 350."""
    from repwatch.pipeline import volunteering
    from repwatch.programme.volunteering import months, since_start
    from repwatch.report.volunteers import figures as document

    loaded = context.obj.load()
    headcount, day = firm(loaded, employer).headcount, today_of(loaded)
    with open_store(context, loaded) as store:
        members, invited, relays = volunteering.members(store, "ambassador"), volunteering.invitations(store), volunteering.relays(store)
    emit(document(months(members, invited, relays, headcount, day), since_start(members, relays, headcount, day), headcount), form, dialect=dialect)


for text in (letters.invitation, letters.kickoff, letters.digest):
    app.command()(text)
