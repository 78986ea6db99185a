"""Commands on profiles: what each site shows of an employer as a whole, every observation of it, and a figure typed in by hand."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from repwatch.cli.common import Dialect, Format, instant, now, today, zone_of
from repwatch.cli.guiding import own_employer
from repwatch.cli.output import emit
from repwatch.cli.presence import profiles
from repwatch.errors import UsageError
from repwatch.wording import _

if TYPE_CHECKING:
    from repwatch.config import Loaded

app = typer.Typer(help="Your page on every review site: found, claimed, its figures, and what to do next.", invoke_without_command=True, rich_markup_mode=None)
app.callback()(profiles)


class Claimed(StrEnum):
    """Whether the employer has claimed its page on a site."""

    yes = "yes"
    no = "no"
    unknown = "unknown"


_CLAIMED = {Claimed.yes: "claimed", Claimed.no: "unclaimed", Claimed.unknown: "unknown"}


@app.command()
def observations(
    context: typer.Context,
    employer: Annotated[str | None, typer.Option("--employer", help="Only this employer.")] = None,
    source: Annotated[str | None, typer.Option("--source", help="Only this source.")] = None,
    form: Annotated[Format, typer.Option("--format", help="How to answer.")] = Format.table,
    dialect: Annotated[Dialect, typer.Option("--csv-dialect", help="`excel` for semicolons.")] = Dialect.plain,
) -> None:
    """List the latest profile of each source, and every one before it."""
    from repwatch.cli.filters import source_of
    from repwatch.cli.reading import known_employers
    from repwatch.pipeline.profiling import history
    from repwatch.report.profiles import listed
    from repwatch.store import open_reader

    with open_reader(context.obj.folder()) as reader:
        rows = history(reader, known_employers(reader, employer, context.obj), source_of(reader, source))
    emit(listed(rows), form, dialect=dialect)


@app.command()
def add(  # noqa: PLR0913, PLR0917 — one option a parameter, as Typer wants it
    context: typer.Context,
    source: Annotated[str, typer.Argument(help="The site: glassdoor, indeed, kununu, ...", show_default=False)],
    rating: Annotated[str | None, typer.Option("--rating", help="The rating that the site shows: 3.4 or 3,4.")] = None,
    count: Annotated[int | None, typer.Option("--count", min=0, help="How many reviews it says there are.")] = None,
    claimed: Annotated[Claimed, typer.Option("--claimed", help="Whether the employer has claimed the page.")] = Claimed.unknown,
    on: Annotated[str, typer.Option("--on", help="The day on which you saw it: today, yesterday, 2026-11-23.")] = "today",
    employer: Annotated[str | None, typer.Option("--employer", help="The employer, where the settings name several.")] = None,
    url: Annotated[str | None, typer.Option("--url", help="The address of the page.")] = None,
    recommend: Annotated[str | None, typer.Option("--recommend", help="The share that recommends it: 0.6 or 60%.")] = None,
    ceo: Annotated[str | None, typer.Option("--ceo", help="The share that approves of the CEO: 0.5 or 50%.")] = None,
    scale: Annotated[int, typer.Option("--scale", min=2, max=100, help="What the rating is out of.")] = 5,
    form: Annotated[Format, typer.Option("--format", help="How to answer.")] = Format.table,
) -> None:
    """Add what you saw of an employer's page in the browser; it is kept as typed in by hand."""
    from repwatch.models import Profile
    from repwatch.pipeline.profiling import add_by_hand
    from repwatch.report.profiles import added

    loaded = context.obj.load()
    if rating is None and count is None and claimed is Claimed.unknown and recommend is None and ceo is None:
        raise UsageError(_("there is nothing to add"), hint=_("Give --rating, --count, --claimed, --recommend or --ceo."))
    profile = Profile(source=_source(source), employer=own_employer(loaded, employer, lead=False), url=_address(url), domain=_host(url), rating=_rating(rating, scale), rating_scale=scale,
                      review_count=count, claimed=_CLAIMED[claimed], recommend=_share("--recommend", recommend), ceo_approval=_share("--ceo", ceo),  # type: ignore[arg-type]  # one of the three
                      observed=_day(on, loaded).isoformat())  # fmt: skip
    run, kept = add_by_hand(context.obj.folder(loaded), profile, instant(now()), loaded.settings.known)
    emit(added(profile, run, kept=kept), form, meta={"run": run})


def _source(name: str) -> str:
    from repwatch import sources
    from repwatch.inlets import mapping

    if name not in mapping.sources() - {"table"}:
        sources.load(name)
    return name


def _number(option: str, text: str) -> float:
    from repwatch.inlets.cells import number

    try:
        found = number(text)
    except ValueError:
        found = None
    if found is None:
        raise UsageError(_("{option} {value}: this is no number", option=option, value=text), hint=_("Write 3.4 or 3,4."))
    return found


def _rating(text: str | None, scale: int) -> float | None:
    value = None if text is None else _number("--rating", text)
    if value is not None and not 0 < value <= scale:
        raise UsageError(_("--rating {value}: a rating lies above 0 and is {scale} at most", value=text, scale=scale), hint=_("Give --scale 10 where the site counts to 10."))
    return value


def _share(option: str, text: str | None) -> float | None:
    if text is None:
        return None
    percent = text.rstrip().endswith("%")
    value = _number(option, text.rstrip().removesuffix("%").rstrip()) / (100 if percent else 1)
    if not 0 <= value <= 1:
        raise UsageError(_("{option} {value}: a share lies between 0 and 1", option=option, value=text), hint=_("Write 0.6 or 60%."))
    return value


def _day(text: str, loaded: Loaded) -> date:
    from repwatch.period import parse_day

    this = today(zone_of(loaded))
    day = parse_day("--on", text, this)
    if day > this:
        raise UsageError(_("--on {value}: this day is still to come", value=text), hint=_("Give the day on which you saw the page."))
    return day


def _address(url: str | None) -> str | None:
    if url is not None and not url.startswith(("http://", "https://")):
        raise UsageError(_("--url {value}: this is no web address", value=url), hint=_("Copy it from the browser: https://..."))
    return url


def _host(url: str | None) -> str | None:
    from urllib.parse import urlsplit

    try:
        return urlsplit(url).hostname if url else None
    except ValueError:
        raise UsageError(_("--url {value}: this is no web address", value=url), hint=_("Copy it from the browser: https://...")) from None
