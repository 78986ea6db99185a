"""Commands that help one person with their own posts, for that person alone; for the organisation, aggregates of five or more."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from repwatch.cli.common import Format, instant, now
from repwatch.cli.consenting import (
    Code,
    How,
    Lang,
    Until,
    language_of,
    open_store,
    take_in,
    take_out,
    today_of,
)
from repwatch.cli.output import emit, write
from repwatch.cli.programme import Form
from repwatch.errors import UsageError
from repwatch.wording import _

app = typer.Typer(help="Help for one person's own posts, shown to that person alone. The organisation sees aggregates of five or more.", no_args_is_help=True, rich_markup_mode=None)
PASSPHRASE = "REPWATCH_COACH_PASSPHRASE"  # noqa: S105 — the name of a variable, not what it holds


class Network(StrEnum):
    """The networks of the privacy guide."""

    linkedin = "linkedin"
    facebook = "facebook"
    instagram = "instagram"
    x = "x"
    mastodon = "mastodon"
    bluesky = "bluesky"
    tiktok = "tiktok"


@app.command()
def join(context: typer.Context, code: Code, until: Until = None, how: How = None, form: Form = Format.table) -> None:
    """Record that a person wants to be coached, or renew their consent. Nobody is coached without."""
    take_in(context, code, "coached", until, how, form)


@app.command()
def leave(context: typer.Context, code: Code) -> None:
    """Delete everything about a person, in every role."""
    take_out(context, code)


@app.command()
def review(
    context: typer.Context,
    code: Code,
    file: Annotated[Path, typer.Argument(help="The person's own posts, as they handed them over: their download of LinkedIn, or lines of JSON.", exists=True, show_default=False)],
    out: Annotated[Path, typer.Option("--out", help="The sealed file to write, for example mine.age.", show_default=False)],
    lang: Lang = None,
) -> None:
    """Look at a person's own posts and seal what is found with their passphrase. Nothing is shown, nothing else is kept."""
    from repwatch.pipeline.coaching import checked_passphrase, judged, seal
    from repwatch.pipeline.leading import handed
    from repwatch.pipeline.volunteering import member
    from repwatch.programme.coaching import look, packed
    from repwatch.report.letters import letter

    loaded = context.obj.load()
    day = today_of(loaded)
    with open_store(context, loaded) as store:
        member(store, code, "coached", day)
    passphrase = checked_passphrase(_passphrase(out, confirm=True))
    seen = look(code, judged(handed(file).posts, loaded.settings.known), day)
    seal(packed(letter("coach", language_of(lang), {"look": seen}, "programme/texts"), seen), passphrase, out)
    write(_("Written: {file}. Only the person's passphrase opens it: repwatch coach open {file}", file=out) + "\n" + _("Delete {file} now if the person does not need it any more.", file=file) + "\n")


@app.command(name="open")
def open_(file: Annotated[Path, typer.Argument(help="The sealed file.", show_default=False)]) -> None:
    """Open a sealed file with its passphrase and show it; nothing is written to the disk."""
    from repwatch.pipeline.coaching import unseal
    from repwatch.programme.coaching import unpacked
    from repwatch.text.clean import clean

    write(clean(unpacked(unseal(file, _passphrase(file)))[0]))


@app.command()
def aggregate(context: typer.Context, files: Annotated[list[Path], typer.Argument(help="Sealed files of at least five people, each of whom types their own passphrase.", show_default=False)], form: Form = Format.table) -> None:
    """Show what several people's posts come to: medians over five people or more, in steps. Refused below five."""
    from repwatch.pipeline.coaching import unseal
    from repwatch.pipeline.volunteering import member
    from repwatch.programme.coaching import K, together, unpacked
    from repwatch.report.coach import aggregated

    # Before anybody types a passphrase: nothing is opened that cannot be shown.
    _at_least(len(set(files)), K)
    loaded = context.obj.load()
    found = []
    phrases = _phrases(files)
    for file in files:
        figures = unpacked(unseal(file, next(phrases)))[1]
        if figures is None:
            raise UsageError(_("this file holds no figures"), where=str(file), hint=_("Only files that `coach review` wrote can be put together."))
        found.append(figures)
    people = {str(each["code"]) for each in found}
    if len(people) < len(found):
        raise UsageError(_("two of these files are of the same person"), hint=_("Give one file a person."))
    with open_store(context, loaded) as store:
        for code in people:
            member(store, code, "coached", today_of(loaded))
        store.privacy.note(instant(now()), "aggregate", {"people": len(people)})
    emit(aggregated(together(found)), form)


@app.command()
def kit(lang: Lang = None) -> None:
    """Write the kit of a workshop: agenda, exercises and handout, as Markdown."""
    from repwatch.report.letters import letter

    write(letter("kit", language_of(lang), {}, "programme/texts"))


@app.command(name="privacy-guide")
def privacy_guide(lang: Lang = None, network: Annotated[Network | None, typer.Option("--network", help="Only this network.")] = None) -> None:
    """Write what strangers see on each network and how to check it, with when that was verified, as Markdown."""
    from repwatch.report.letters import letter

    chosen = [network.value] if network else [each.value for each in Network]
    write(letter("privacy-guide", language_of(lang), {"networks": chosen}, "programme/texts"))


def _at_least(people: int, k: int) -> None:
    if people < k:
        raise UsageError(
            _("the posts of {people} people are not shown: below {k} a single person could be made out", people=people, k=k),
            hint=_("Put together the files of at least {k} people, or let each person open their own: repwatch coach open FILE", k=k),
        )


def _passphrase(file: Path, *, confirm: bool = False) -> str:
    told = os.environ.get(PASSPHRASE)
    if told is not None:
        return told
    if not sys.stdin.isatty():
        raise UsageError(_("nobody is there to type a passphrase"), where=str(file), hint=_("Run this at a terminal, or set {variable}.", variable=PASSPHRASE))
    return str(typer.prompt(_("Passphrase for {file}", file=file), hide_input=True, confirmation_prompt=_("Repeat for confirmation") if confirm else False, err=True))


def _phrases(files: list[Path]) -> Iterator[str]:
    """Yield the passphrase of each file: typed one after the other, a line each from standard input, or that of the variable for all."""
    alone = not sys.stdin.isatty()
    for number, file in enumerate(files):
        line = sys.stdin.readline() if alone else ""
        if line:
            yield line.rstrip("\n")
        elif not alone or (number == 0 and PASSPHRASE in os.environ):
            alone = False
            yield _passphrase(file)
        else:
            raise UsageError(_("no passphrase was given for this file"), where=str(file),
                             hint=_("Give one line for each file on standard input, in their order, or set {variable} where all have the same.", variable=PASSPHRASE))  # fmt: skip
