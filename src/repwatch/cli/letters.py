"""The texts of the ambassador programme: invitation, kick-off and digest; and of which employer they speak."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from repwatch.cli.consenting import Lang, language_of, open_store, today_of
from repwatch.cli.output import write
from repwatch.errors import SettingsError, UsageError
from repwatch.wording import _

if TYPE_CHECKING:
    from repwatch.config import Loaded
    from repwatch.models import Employer
    from repwatch.store import Store

EmployerName = Annotated[str | None, typer.Option("--employer", help="Of which employer; the first of the settings if left away.")]


def invitation(context: typer.Context, lang: Lang = None, employer: EmployerName = None) -> None:
    """Write the text of an invitation, as Markdown."""
    loaded = context.obj.load()
    _text("invitation", language_of(lang), {"firm": firm(loaded, employer).name, "contact": loaded.settings.web.contact})


def kickoff(context: typer.Context, lang: Lang = None, employer: EmployerName = None) -> None:
    """Write the agenda of a kick-off with examples from the firm's own public posts, as Markdown."""
    from repwatch.pipeline.volunteering import own_posts
    from repwatch.store import open_reader

    loaded = context.obj.load()
    own, spoken = firm(loaded, employer), language_of(lang)
    with open_store(context, loaded) as store:
        chosen = _actions(store, spoken, today_of(loaded))
    with open_reader(context.obj.folder(loaded)) as reader:
        examples = own_posts(reader.mentions(employer=own.name, type="mention", limit=5_000), own.domain)
    _text("kickoff", spoken, {"firm": own.name, "actions": chosen, "examples": [{"published": each.get("published"), "url": each.get("url"), "text": _excerpt(each)} for each in examples]})


def digest(context: typer.Context, lang: Lang = None, employer: EmployerName = None) -> None:
    """Write the monthly digest for the volunteers, as Markdown. It names nobody."""
    from repwatch.pipeline import volunteering
    from repwatch.programme.volunteering import months

    loaded = context.obj.load()
    day, spoken = today_of(loaded), language_of(lang)
    with open_store(context, loaded) as store:
        chosen = _actions(store, spoken, day)
        month = months(volunteering.members(store, "ambassador"), volunteering.invitations(store), volunteering.relays(store), None, day)[-1]
    _text("digest", spoken, {"firm": firm(loaded, employer).name, "today": day, "month": month, "actions": chosen})


def firm(loaded: Loaded, name: str | None) -> Employer:
    """Return the employer whose programme this is."""
    employers = loaded.settings.known
    if not employers:
        raise SettingsError(_("no employer stands in the settings"), where=str(loaded.path or ""), hint=_("Make a settings file with: repwatch init"))
    found = next((each for each in employers if name in (None, each.name)), None)
    if found is None:
        raise UsageError(_("the settings know no employer {name}", name=repr(name)), hint=_("Known here: {names}.", names=", ".join(each.name for each in employers)))
    return found


def _actions(store: Store, spoken: str, day: date) -> list[dict[str, Any]]:
    """Return the actions of the last 31 days with their words in one language."""
    from repwatch.pipeline.volunteering import actions as known

    return [{"title": each.title, "url": each.url, "words": each.words.get(spoken, "")} for each in known(store) if 0 <= (day - each.day).days <= 31]


def _excerpt(row: Mapping[str, Any]) -> str:
    from repwatch.text.clean import one_line

    return one_line(" ".join(filter(None, (row.get("title"), row.get("text")))), 240)


def _text(name: str, language: str, facts: dict[str, Any]) -> None:
    from repwatch.report.letters import letter

    write(letter(name, language, facts, "programme/texts"))
