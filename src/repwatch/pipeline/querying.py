"""Try a mention query: on what is stored, and on what each source would be asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from repwatch import sources
from repwatch.errors import UsageError
from repwatch.models import Employer, Mention
from repwatch.pipeline.checking import searches
from repwatch.pipeline.normalise import judge_item, parsed_query, said_of
from repwatch.text.asking import explain
from repwatch.text.query import reason
from repwatch.text.relevance import relevance
from repwatch.wording import N_

if TYPE_CHECKING:
    from repwatch.config import Settings
    from repwatch.store import Reader

_PAGE = 1_000


class Tried(NamedTuple):
    """A stored mention that was tried: whether it fits (None: cannot be told), why, and how surely it means the employer."""

    fits: bool | None
    why: str
    row: dict[str, Any]
    relevance: float | None
    reasons: tuple[str, ...]
    doubted: bool

    @property
    def group(self) -> Literal["hits", "unknown", "misses"]:
        """Tell whether it fits, does not, or cannot be told to, because only a part of its text is known."""
        if self.doubted or self.fits is False:
            return "misses"
        return "hits" if self.fits else "unknown"


def stored(reader: Reader, since: str | None, until: str | None) -> Iterator[dict[str, Any]]:
    """Yield all stored mentions of a period, newest first."""
    offset = 0
    while rows := reader.mentions(since=since, until=until, type="mention", limit=_PAGE, offset=offset):
        yield from rows
        offset += _PAGE


def try_query(text: str, rows: Iterable[Mapping[str, Any]], employer: Employer | None) -> list[Tried]:
    """Judge each row by the query and, where an employer has context rules, by these."""
    query = parsed_query(text)
    found = []
    for row in rows:
        item = Mention.model_validate({name: row.get(name) for name in Mention.model_fields if row.get(name) is not None})
        judged = relevance(employer, item.title, item.text, item.url) if employer and employer.context else None
        doubted = judged is not None and employer is not None and employer.context is not None and judged.score < employer.context.threshold
        found.append(Tried(judge_item(query, item), reason(query, said_of(item)), dict(row), judged.score if judged else None, judged.reasons if judged else (), doubted))
    return found


def explain_query(text: str, names: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Return what each searching source would be asked, and what is left to judge here."""
    query = parsed_query(text)
    found = []
    for name in names or sources.names():
        info = sources.load(name).INFO
        if info.target == "url":
            if names:
                found.append({"source": name, "asked": [], "rest": N_("its page is read whole; the query is judged here")})
            continue
        try:
            asked = [target for target, _ in searches(text, "", info)]
            rest = explain(query, info) if asked else N_("not asked: the query excludes it")
        except UsageError as error:
            asked, rest = [], N_("cannot be asked: {why}", why=error.hint)
        found.append({"source": name, "asked": asked, "rest": rest})
    return found


def explain_settings(settings: Settings) -> list[dict[str, Any]]:
    """Return what each source of the settings is asked, employer by employer."""
    found = []
    for employer in settings.employers:
        for wanted in employer.sources:
            query = wanted.query or employer.query
            if query:
                rows = explain_query(query, [wanted.source])
            elif wanted.url:
                rows = [{"source": wanted.source, "asked": [wanted.url], "rest": N_("the page; no query")}]
            else:
                rows = [{"source": wanted.source, "asked": [employer.name], "rest": N_("the name, or an alias, has to be there; no query")}]
            found += [{"employer": employer.name, **row} for row in rows]
    return found
