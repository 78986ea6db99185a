"""Compare two periods of one employer: what changed, whether it is real, and what it comes from. Reads roll-ups and the ledger."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from repwatch.analysis.change import Change, Question, Volume, changes
from repwatch.analysis.mix import decompose
from repwatch.analysis.responses import WINDOW
from repwatch.analysis.tally import Tally, tally
from repwatch.analysis.visibility import Visibility, visibility
from repwatch.facets import town
from repwatch.period import equal_before
from repwatch.pipeline.reasons import reasons
from repwatch.pipeline.summary import rounded

if TYPE_CHECKING:
    from repwatch.store import Reader
    from repwatch.store.counts import CellCount, Count

#: Sources that keep only their newest entries: what they showed on a day that could not be read is lost.
SHORT_MEMORY = ("feed",)
#: What a row weighs in the family beside a source's or a topic's: the more, the sooner its changes are seen.
_SENTIMENT, _VOLUME, _OVERALL = 12.0, 6.0, 3.0
_LEAST_TEXTS = 10


class Period(NamedTuple):
    """First and last day, both inclusive."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        """Return every day."""
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    def previous(self) -> Period:
        """Return the period of equal length before."""
        return Period(*equal_before(*self))

    def year_ago(self) -> Period:
        """Return the same days of the year before, by weeks: Mondays stay Mondays."""
        return Period(self.first - timedelta(weeks=52), self.last - timedelta(weeks=52))

    def told(self) -> dict[str, str]:
        """Return the period as plain values."""
        return {"since": self.first.isoformat(), "until": self.last.isoformat()}


class Side(NamedTuple):
    """One period: its counts, and their sums for all and for each source."""

    period: Period
    counts: list[Count]
    whole: Tally
    by_source: dict[str, Tally]


def seen_days(reader: Reader, employer: str, period: Period) -> Visibility:
    """Return what could be seen of an employer on each day of a period."""
    return visibility(reader.sights(employer), reader.first_days(employer), *period, short=SHORT_MEMORY)


def compare(reader: Reader, employer: str, now: Period, before: Period, *, source: str | None = None, lang: str | None = None) -> dict[str, Any]:
    """Return `changes` (the contract of docs/reference/json.md), `mix` and `why` for `now` against `before`."""
    periods = (before, now)
    sides = [side(each, reader.daily_counts(employer, *(day.isoformat() for day in each), source=source, lang=lang)) for each in periods]
    views = [seen_days(reader, employer, each) for each in periods]
    rows = rows_of(sides[0], sides[1], views)
    return {
        "before": {**before.told(), "coverage": _coverage(views[0], before)},
        "after": {**now.told(), "coverage": _coverage(views[1], now)},
        "changes": [_told(row) for row in rows],
        "mix": _mix(reader, employer, sides, narrowed=bool(source or lang)),
        "why": reasons(reader, employer, before, now, source=source, lang=lang),
    }


def side(period: Period, counts: list[Count]) -> Side:
    """Return a period with its counts summed up, over all and by source."""
    by_source: dict[str, Tally] = defaultdict(Tally)
    for count in counts:
        by_source[count.source].add(count)
    return Side(period, counts, tally(counts), dict(by_source))


def rows_of(before: Side, after: Side, views: Sequence[Visibility]) -> list[Change]:
    """Ask all questions of a report together. Pure: `views` tell what could be seen in either period."""
    rows = changes(_questions(before, after), _volumes((before, after), views))
    sources = sorted({name for each in (before, after) for name, told in each.by_source.items() if told.volume})
    if len(sources) == 1:
        # Of one source alone the rows over all sources are its own: asked once, told twice.
        rows += [row._replace(source=sources[0]) for row in rows if row.source is None and row.topic is None and row.metric in ("rating", "net_sentiment", "volume")]
    return rows


def _questions(before: Side, after: Side) -> list[Question]:
    sides = (before.whole, after.whole)
    rows = [
        _row("rating", "stars", (told.stars for told in sides)),
        _row("net_sentiment", "balance", (_balance(told.labels) for told in sides), weight=_SENTIMENT),
        _row("recommend", "share", (_share(told.recommend["yes"], told.recommend["no"]) for told in sides), weight=_OVERALL),
        _row("ceo_approval", "share", (_share(told.ceo["approve"], told.ceo["disapprove"]) for told in sides), weight=_OVERALL),
        _row("answered_in_time", "share", (_in_time(each, after.period.last) for each in (before, after))),
    ]
    names = sorted({*before.whole.subratings, *after.whole.subratings})
    rows += [_row(f"subrating:{name}", "stars", (told.subratings.get(name, {}) for told in sides)) for name in names]
    sources = sorted({*before.by_source, *after.by_source})
    for source in sources if len(sources) > 1 else ():
        pair = [side.by_source.get(source, Tally()) for side in (before, after)]
        rows.append(_row("rating", "stars", (told.stars for told in pair), source=source))
        rows.append(_row("net_sentiment", "balance", (_balance(told.labels) for told in pair), source=source))
    for topic in _topics(sides):
        moods = [told.topics.get(topic, Counter()) for told in sides]
        named = [sum(each.values()) for each in moods]
        rows.append(_row("topic_share", "share", (_share(n, told.volume - n) for n, told in zip(named, sides, strict=True)), topic=topic))
        rows.append(_row("net_sentiment", "balance", map(_balance, moods), topic=topic))
    # A row in which neither period says anything is no answer to any question.
    return [row for row in rows if row.before or row.after or row.metric in ("rating", "net_sentiment")]


def _row(metric: str, unit: Literal["stars", "share", "balance"], pair: Iterable[Mapping[int, int]], *, source: str | None = None, topic: str | None = None, weight: float = 1.0) -> Question:
    before, after = ({value: n for value, n in each.items() if n} for each in pair)
    return Question(metric, source, topic, unit, before, after, weight)


def _share(yes: int, no: int) -> dict[int, int]:
    return {1: yes, 0: max(0, no)}


def _balance(labels: Mapping[str, int]) -> dict[int, int]:
    return {1: labels.get("positive", 0), 0: labels.get("negative", 0)}


def _in_time(side: Side, today: date) -> dict[int, int]:
    """Return answered within the window (1) or not (0): the same chance for old reviews and new."""
    limit = (today - timedelta(days=WINDOW)).isoformat()
    found: Counter[int] = Counter()
    for wait, n in side.whole.waits.items():
        if wait.day <= limit and wait.waited != "answered":
            found[int(wait.waited != "open" and int(wait.waited) <= WINDOW)] += n
    return found if found[1] else {}


def _topics(sides: Sequence[Tally]) -> list[str]:
    texts: Counter[str] = Counter()
    for told in sides:
        texts.update({topic: sum(moods.values()) for topic, moods in told.topics.items()})
    return sorted(topic for topic, n in texts.items() if n >= _LEAST_TEXTS)


def _volumes(sides: Sequence[Side], views: Sequence[Visibility]) -> list[Volume]:
    """Return the volume rows: over the sources that could be seen in both periods, and for each source."""
    names = sorted({*sides[0].by_source, *sides[1].by_source})
    usable = [{name: {day for day in side.period.days if view.of(day.isoformat(), name) not in ("blind", "before")} for name in names} for side, view in zip(sides, views, strict=True)]
    comparable = [name for name in names if all(2 * len(days[name]) >= len(side.period.days) for days, side in zip(usable, sides, strict=True))]
    volumes = [_volume(None, sides, comparable, usable, _VOLUME)]
    return volumes + ([_volume(name, sides, [name], usable, 1.0) for name in names] if len(names) > 1 else [])


def _volume(source: str | None, sides: Sequence[Side], names: Sequence[str], usable: Sequence[Mapping[str, set[date]]], weight: float) -> Volume:
    days = [set.intersection(*(each[name] for name in names)) if names else set() for each in usable]
    length = max(1, min(7, min(map(len, days)) // 8))
    before, after = (_blocks(side, names, seen, length) for side, seen in zip(sides, days, strict=True))
    told = [side.whole if source is None else side.by_source.get(source, Tally()) for side in sides]
    return Volume(source, (told[0].volume, told[1].volume), before, after, (length, len(sides[1].period.days)), weight)


def _blocks(side: Side, names: Sequence[str], seen: set[date], length: int) -> list[float]:
    """Return the mean a seen day of each block of `length` days; items whose day is not known stay out."""
    per_day: Counter[str] = Counter()
    for count in side.counts:
        if count.source in names and count.type != "interview" and count.what in ("all", "month"):
            per_day[count.day] += count.n if count.what == "all" else -count.n
    found = []
    days = side.period.days
    for start in range(0, len(days), length):
        shown = [day for day in days[start : start + length] if day in seen]
        if 2 * len(shown) > length:
            found.append(sum(per_day[day.isoformat()] for day in shown) / len(shown))
    return found


def _told(row: Change) -> dict[str, Any]:
    """Return a row as the contract has it; `change`, `adjusted_p` and `smallest_detectable` stand beside it."""
    return {"metric": row.metric, "source": row.source, "topic": row.topic, "before": rounded(row.before), "after": rounded(row.after),
            "verdict": row.verdict, "p": row.p, "adjusted_p": row.adjusted, "change": rounded(row.change),
            "smallest_detectable": None if row.smallest is None else round(row.smallest, 3)}  # fmt: skip


def _coverage(view: Visibility, period: Period) -> list[dict[str, Any]]:
    return [{"source": name, **view.over(*period, name)._asdict()} for name in sorted(view.states)]


def _mix(reader: Reader, employer: str, sides: Sequence[Side], *, narrowed: bool) -> list[dict[str, Any]]:
    """Return how much of the difference in rating comes from who speaks, by source, language, job family, place and country."""
    groups = [("source", [_grouped(side, "source") for side in sides]), ("lang", [_grouped(side, "lang") for side in sides])]
    if not narrowed:
        groups += _by_author(reader, employer, [side.period for side in sides])
    found = [decompose(name, *pair) for name, pair in groups]
    return [{**each._asdict(), "difference": round(each.difference, 3), "mix": rounded(each.mix), "opinion": rounded(each.opinion)} for each in found if each and each.groups > 1]


def _grouped(side: Side, name: str) -> dict[str, Counter[int]]:
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for count in side.counts:
        if count.what == "stars":
            found[getattr(count, name)][int(count.bucket)] += count.n
    return found


def _by_author(reader: Reader, employer: str, periods: Sequence[Period]) -> list[tuple[str, list[dict[str, Counter[int]]]]]:
    """Return the ratings of both periods by job family, place and country, over the calendar months that lie wholly inside."""
    found: dict[str, list[dict[str, Counter[int]]]] = {name: [defaultdict(Counter), defaultdict(Counter)] for name in ("family", "place", "country")}
    spans = [whole_months(period) for period in periods]
    for cell in one_name_a_town(reader.breakdown(employer)):
        for place, (first, last) in enumerate(spans):
            if cell.what == "stars" and first <= cell.month <= last:
                found[cell.dimension][place][cell.part][int(cell.bucket)] += cell.n
    return list(found.items())


def one_name_a_town(cells: Iterable[CellCount]) -> list[CellCount]:
    """Bring together the counts of a town under its names in four languages, and under the first spelling of a place that is not listed."""
    found: list[CellCount] = []
    spelt: dict[str, str] = {}
    for cell in cells:
        if cell.dimension == "place":
            name = town(cell.part)
            cell = cell._replace(part=spelt.setdefault(name.casefold(), name))  # noqa: PLW2901 — the same cell under another name
        found.append(cell)
    return found


def whole_months(period: Period) -> tuple[str, str]:
    """Return the first and last calendar month (YYYY-MM) that lie wholly inside; the last is before the first where none does."""
    first = period.first if period.first.day == 1 else (period.first.replace(day=1) + timedelta(days=32)).replace(day=1)
    last = period.last if (period.last + timedelta(days=1)).day == 1 else period.last.replace(day=1) - timedelta(days=1)
    return first.isoformat()[:7], last.isoformat()[:7]
