"""The sections on what changed, over time, by topic and beside peers: made of whatever of these the data holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from repwatch.report import figures, words
from repwatch.report.changes import sentence
from repwatch.report.document import Cell, Line, Point, Section, Tidy, Unit
from repwatch.report.leads import before, lead
from repwatch.wording import N_, _, n_

_METRICS = ("rating", "net_sentiment", "volume")
_UNITS: dict[str, Unit] = {"rating": "stars", "net_sentiment": "points", "volume": "count"}
_FIGURE = ("value", "n", "low", "high")
_MOSTLY = 2 / 3


def overall(changes: Iterable[Mapping[str, Any]], metric: str) -> Mapping[str, Any] | None:
    """Return the row of a metric over all sources and topics."""
    return next((row for row in changes if row["metric"] == metric and row["source"] is None and row["topic"] is None), None)


def changes(data: Mapping[str, Any], *, brief: bool = False) -> Section | None:
    """Return what changed against the period before, and whether it is real; `brief` leaves the sources and topics out."""
    rows = [row for row in data.get("changes") or () if row["topic"] not in words.HIDDEN_TOPICS]
    if not rows:
        return None
    whole = [row for row in rows if row["source"] is None and row["topic"] is None]
    # Of one source alone the rows over all are its own: they are told once.
    asked = [(row["metric"], row["before"], row["after"]) for row in whole]
    parts = [] if brief else [row for row in rows if row["topic"] or (row["source"] and (row["metric"], row["before"], row["after"]) not in asked)]
    real = [row for row in parts if row["verdict"] in ("up", "down")]
    few = sum(row["verdict"] == "too_few" for row in parts)
    quiet = len(parts) - len(real) - few
    after = [n_("{n} further comparison shows no detectable change.", "{n} further comparisons show no detectable change.", quiet)] if quiet else []
    after += [n_("{n} further comparison rests on too few texts to tell.", "{n} further comparisons rest on too few texts to tell.", few)] if few else []
    smallest = next((row["smallest_detectable"] for row in whole if row["metric"] == "rating" and row.get("smallest_detectable")), None)
    if smallest:
        after.append(_("With numbers like these, only a change of the rating by about {size} would show.", size=figures.number(smallest, 1)))
    columns = (_("What"), _("Verdict"), _("Before"), _("n"), _("Now"), _("n"))
    return Section("changes", _("What changed"), columns, tuple(_change(row) for row in [*whole, *real]), before=(*_compared(data), *_real([*whole, *real])), after=tuple(after),
                   numbers=frozenset({2, 3, 4, 5}), leads=_both(data), tidy=_tidy_changes(rows))  # fmt: skip


def _both(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the command lines of the period and of the one before."""
    return tuple(lead(data, **period, counted=_("FIGURE")) for period in ({}, before(data)) if period is not None)


def _compared(data: Mapping[str, Any]) -> tuple[str, ...]:
    compare = data.get("compare")
    if not compare:
        return ()
    earlier = compare["before"]
    if earlier["since"] == earlier["until"]:
        return (_("Compared with {day}.", day=figures.day(earlier["since"])),)
    return (_("Compared with {since} to {until}.", since=figures.day(earlier["since"]), until=figures.day(earlier["until"])),)


def _real(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a sentence on each change that is real, with its size and interval."""
    return (sentence(row) for row in rows if row["verdict"] in ("up", "down") and row.get("change"))


def _change(row: Mapping[str, Any]) -> tuple[Cell | str, ...]:
    name = words.metric(row["metric"])
    place = " · ".join([each for each in (words.place(row["source"]) if row["source"] else None, words.topic(row["topic"]) if row["topic"] else None) if each])
    verdict, tone = words.VERDICTS.get(row["verdict"], (row["verdict"], ""))
    # More texts, or more on a topic, are neither good nor bad.
    sides = [cell for when in ("before", "after") for cell in (figures.metric(row["metric"], row[when]), Cell(figures.count(row[when]["n"]), lead=row.get("mentions", {}).get(when, "")))]
    return (f"{name} · {place}" if place else name, Cell(_(verdict), "" if row["metric"] in ("volume", "topic_share") else tone), *sides)


def _tidy_changes(rows: Sequence[Mapping[str, Any]]) -> Tidy:
    columns = ("metric", "source", "topic", *(f"before_{name}" for name in _FIGURE), *(f"after_{name}" for name in _FIGURE), "verdict", "p", "adjusted_p", *(f"change_{name}" for name in ("value", "low", "high")))
    return Tidy(columns, tuple((row["metric"], row["source"], row["topic"], *(row["before"].get(name) for name in _FIGURE),
                                *(row["after"].get(name) for name in _FIGURE), row["verdict"], row.get("p"), row.get("adjusted_p"), *((row.get("change") or {}).get(name) for name in ("value", "low", "high"))) for row in rows))  # fmt: skip


def trend(data: Mapping[str, Any], *, brief: bool = False) -> Section | None:
    """Return the lines over time with their table beneath; buckets in which nothing could be read are gaps."""
    told = (data.get("trends") or {}).get("series", ())
    series = {row["metric"]: row["points"] for row in told if row["source"] is None and row["lang"] is None and row["metric"] in _METRICS}
    names = [name for name in _METRICS if name in series]
    if not names:
        return None
    starts = sorted({point["since"] for name in names for point in series[name]})
    points = {name: {point["since"]: point for point in series[name]} for name in names}
    lines = tuple(_line(name, starts, points[name]) for name in (names[:1] if brief else names))
    table = () if brief else tuple(_bucket(data, start, names, points) for start in starts)
    columns = (_("From"), *(column for name in names for column in (words.metric(name), *((_("n"),) if name != "volume" else ()))), _("Seen"))
    return Section("trend", _("Over time"), columns if table else (), table, numbers=frozenset(range(1, len(columns))), lines=lines, leads=(lead(data, counted=_("FIGURE")),), tidy=_tidy_trend(told))


_DIMENSIONS = {"family": N_("Job"), "place": N_("Place"), "country": N_("Country")}


def breakdowns(data: Mapping[str, Any]) -> Section | None:
    """Return the reviews by job family, place and country, as far as no group is smaller than five."""
    told = [each for each in data.get("breakdowns") or () if each["parts"]]
    if not told:
        return None
    rows = tuple((_(_DIMENSIONS[each["dimension"]]), words.part(each["dimension"], part["part"]) if part["part"] else _("not told"), figures.count(part["reviews"]), figures.rating(part["rating"]), figures.count(part["rating"]["n"]))
                 for each in told for part in each["parts"])  # fmt: skip
    columns = (_("By"), _("Group"), _("Reviews"), _("Rating"), _("n"))
    tidy = Tidy(("dimension", "part", "since", "until", "reviews", *(f"rating_{name}" for name in _FIGURE)),
                tuple((each["dimension"], part["part"], each["since"], each["until"], part["reviews"], *(part["rating"].get(name) for name in _FIGURE)) for each in told for part in each["parts"]))  # fmt: skip
    return Section("breakdowns", _("By job, place and country"), columns, rows, before=tuple(_months(told)), numbers=frozenset({2, 3, 4}), tidy=tidy)


def _months(told: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Say over which whole months the groups are counted: those of jobs may end where those of places go on."""
    spans: dict[tuple[str, str], list[str]] = {}
    for each in told:
        spans.setdefault((each["since"], each["until"]), []).append(_(_DIMENSIONS[each["dimension"]]))
    for (first, last), names in spans.items():
        if len(spans) == 1:
            yield _("Whole months from {first} to {last}; groups of fewer than {k} reviews are added together.", first=figures.day(first), last=figures.day(last), k=told[0]["k"])
        else:
            yield _("{names}: whole months from {first} to {last}.", names=", ".join(names), first=figures.day(first), last=figures.day(last))
    if len(spans) > 1:
        yield _("Groups of fewer than {k} reviews are added together.", k=told[0]["k"])


def _told(point: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return a bucket whole; one that was blind has no value, whatever the data says of it."""
    whole = {"value": None, "n": 0, "low": None, "high": None, "gap": False, "coverage": None, **(point or {})}
    return {**whole, "value": None, "low": None, "high": None} if whole["gap"] else whole


def _seen(coverage: Mapping[str, Any] | None) -> float | None:
    """Return the share of source-days that could be read, None where nothing was watched."""
    if not coverage:
        return None
    watched = coverage["seen"] + coverage["partly"] + coverage["blind"]
    return (coverage["seen"] + coverage["partly"]) / watched if watched else None


def _line(name: str, starts: Sequence[str], points: Mapping[str, Mapping[str, Any]]) -> Line:
    made = []
    for start in starts:
        point = _told(points.get(start))
        made.append(Point(figures.day(start), point["value"], point["low"], point["high"], point["n"], 0.0 if point["gap"] else _seen(point["coverage"])))
    # A count of five days beside one of a month would look like a rise.
    short = _short(points.values()) if name == "volume" else frozenset()
    shown = [point for start, point in zip(starts, made, strict=True) if point.value is not None and start not in short]
    title = words.metric(name)
    if not shown:
        return Line(name, title, _("{what}: nothing can be told of any part of the period.", what=title), _UNITS[name], tuple(made))
    first, last = (figures.metric(name, {"value": each.value, "n": each.n, "low": None, "high": None}).text for each in (shown[0], shown[-1]))
    alt = _("{what}: {first} at the beginning ({start}), {last} at the end ({end}).", what=title, first=first, start=shown[0].label, last=last, end=shown[-1].label)
    gaps = sum(point.value is None for point in made)
    if gaps:
        alt += " " + n_("{n} part of the period has no figure.", "{n} parts of the period have no figure.", gaps)
    return Line(name, title, alt, _UNITS[name], tuple(made))


def _short(points: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the starts of the first and last part where the period cuts them: shorter by more than a month is to another."""
    days = {point["since"]: (date.fromisoformat(point["until"]) - date.fromisoformat(point["since"])).days + 1 for point in points}
    longest = max(days.values(), default=0)
    return frozenset(since for since in (min(days, default=""), max(days, default="")) if since and days[since] < 0.85 * longest)


def _bucket(data: Mapping[str, Any], start: str, names: Sequence[str], points: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> tuple[Cell | str, ...]:
    days = {each["since"]: each for name in names for each in points[name].values()}
    cut = start in _short(days.values())
    cells: list[Cell | str] = [_("{day} (to {last})", day=figures.day(start), last=figures.day(days[start]["until"])) if cut else figures.day(start)]
    seen = None
    for name in names:
        point = _told(points[name].get(start))
        share = 0.0 if point["gap"] else _seen(point["coverage"])
        seen = share if share is not None else seen
        behind = lead(data, since=start, until=days[start]["until"], counted=name) if point["n"] else ""
        cells += [figures.metric(name, point)._replace(lead=behind)] if name == "volume" else [figures.metric(name, point), Cell(figures.count(point["n"]), lead=behind)]
    return (*cells, Cell(figures.share(seen), "bad" if seen == 0 else "warn" if seen is not None and seen < 1 else "dim"))


def _tidy_trend(series: Iterable[Mapping[str, Any]]) -> Tidy:
    columns = ("metric", "source", "lang", "since", "until", *_FIGURE, "gap", "seen")
    return Tidy(columns, tuple((row["metric"], row["source"], row["lang"], point["since"], point["until"], *(point.get(name) for name in _FIGURE), int(point["gap"]), _seen(point["coverage"]))
                               for row in series for point in row["points"]))  # fmt: skip


def topics(data: Mapping[str, Any], limit: int = 8) -> Section | None:
    """Return what people talk about: in how many texts, and how many of these say it well or badly."""
    found = data.get("topics") or {}
    rows = [row for row in found.get("rows", ()) if row["topic"] not in words.HIDDEN_TOPICS]
    if not rows:
        return None
    most = rows[0]["n"]
    table = tuple((words.topic(row["topic"]), _spread(row, most), figures.share(row["n"] / found["n"]), figures.count(row["good"]), figures.count(row["bad"]), _mostly(row)) for row in rows[:limit])
    columns = (_("Topic"), _("Texts"), _("Share"), _("Good"), _("Bad"), _("Mood"))
    before = (n_("Of {n} text with a score; a text may name several topics.", "Of {n} texts with a score; a text may name several topics.", found["n"]),)
    after = (n_("{n} more topic: --format csv shows all.", "{n} more topics: --format csv shows all.", len(rows) - limit),) if len(rows) > limit else ()
    return Section("topics", _("What they talk about"), columns, table, before=before, after=after, numbers=frozenset({2, 3, 4}), leads=(lead(data, counted="texts", topic=_("TOPIC")),),
                   tidy=Tidy(("topic", "n", "of", "good", "bad"), tuple((row["topic"], row["n"], found["n"], row["good"], row["bad"]) for row in rows)))  # fmt: skip


def _spread(row: Mapping[str, Any], most: int) -> Cell:
    rest = row["n"] - row["good"] - row["bad"]
    return Cell(figures.count(row["n"]), lead=row.get("mentions", ""), bar=figures.bar((row["bad"] / most, "bad"), (rest / most, "dim"), (row["good"] / most, "good")))


def _mostly(row: Mapping[str, Any]) -> Cell:
    polar = row["good"] + row["bad"]
    if polar and row["bad"] >= polar * _MOSTLY:
        return Cell(_("mostly bad"), "bad")
    if polar and row["good"] >= polar * _MOSTLY:
        return Cell(_("mostly good"), "good")
    return Cell(_("mixed"), "warn") if polar else Cell(figures.DASH, "dim")


#: What stands in the way of a comparison, by its name in the data.
_LACKS = {
    "not_stored": N_("Nothing is stored about {employer}."), "source_missing": N_("{employer} has no {source}: this source is left out for all."),
    "source_unread": N_("{source} could not be read for {employer}: this source is left out for all."), "too_few": N_("{employer} has too few ratings in the period for a rank."),
}  # fmt: skip


def comparison(data: Mapping[str, Any]) -> Section | None:
    """Return the employer beside its peers: same sources, same window, same filters; or what stands in the way."""
    found = data.get("comparison")
    if not found:
        return None
    heading = _("Beside others")
    lacks = tuple(_lack(each) for each in found["missing"])
    if found["refused"]:
        return Section("comparison", heading, before=(_("No comparison: it would not be a fair one."), *lacks))
    ranks = {each["employer"]: each for each in found["ranks"]}
    rows = tuple(_peer(each, ranks.get(each["employer"]), own=each["employer"] == found["employer"]) for each in found["share_of_voice"])
    columns = (_("Employer"), _("Rating"), _("n"), _("Net sentiment"), _("n"), _("Texts"), _("Share of voice"), _("Rank"))
    told = (_("Same period, same filters, and only the sources that all have: {names}.", names=", ".join(found["sources"])),)
    behind = lead(data, employer=_("EMPLOYER"), source=found["sources"], counted=_("FIGURE"))
    return Section("comparison", heading, columns, rows, before=told, after=lacks, numbers=frozenset(range(1, 8)), leads=(behind,), tidy=_tidy_peers(found, ranks))


def badges(data: Mapping[str, Any]) -> Section | None:
    """Return how far the badges of the sites are, a line a condition that is not met."""
    lines = [line for each in data.get("badges", ()) for line in _badge(each)]
    return Section("badges", _("Badges"), before=tuple(lines)) if lines else None


def _badge(badge: Mapping[str, Any]) -> Iterator[str]:
    name = badge["badge"]
    if not badge["conditions"]:
        yield _("{badge}: the page shows it.", badge=name) if badge["won"] else _("{badge}: the page does not show it.", badge=name)
    elif badge["won"]:
        yield _("{badge}: all conditions are met.", badge=name)
    for each in badge["conditions"]:
        if not each["met"] and each["have"] is not None:  # without a review in twelve months their mean is no further condition
            short = each["reviews_short"] or 0
            have, need = figures.number(each["have"], 1), figures.number(each["need"], 1)
            if each["name"] == "rating":
                yield n_("{badge}: the mean is {have} and has to be {need}; {n} more review with five stars would do.", "{badge}: the mean is {have} and has to be {need}; {n} more reviews with five stars would do.", short, badge=name, have=have, need=need)
            elif each["name"] == "rating_12_months":
                yield n_("{badge}: the mean over twelve months is {have} and has to be {need}; {n} more review with five stars would do.",
                         "{badge}: the mean over twelve months is {have} and has to be {need}; {n} more reviews with five stars would do.", short, badge=name, have=have, need=need)  # fmt: skip
            elif each["name"] == "reviews_12_months":
                yield n_("{badge}: {n} more review is needed in twelve months.", "{badge}: {n} more reviews are needed in twelve months.", short, badge=name)
            else:
                yield n_("{badge}: {n} more review is needed.", "{badge}: {n} more reviews are needed.", short, badge=name)


def _lack(each: Mapping[str, Any]) -> str:
    message = _LACKS.get(each["lack"])
    return _(message, employer=each["employer"], source=each["source"]) if message else str(each["lack"])


def _peer(voice: Mapping[str, Any], rank: Mapping[str, Any] | None, *, own: bool) -> tuple[Cell | str, ...]:
    place = figures.DASH
    if rank:
        place = str(rank["rank"]) if rank["best"] == rank["worst"] else _("{low} to {high}", low=rank["best"], high=rank["worst"])
    rating: Mapping[str, Any] = rank["rating"] if rank else {"value": None, "n": 0}
    behind = voice.get("mentions", {})
    return (Cell(voice["employer"], "good" if own else ""), figures.rating(rating), Cell(figures.count(rating["n"]), lead=behind.get("rating", "") if rank else ""), figures.balance(voice["net_sentiment"]),
            Cell(figures.count(voice["net_sentiment"]["n"]), lead=behind.get("net_sentiment", "")), Cell(figures.count(voice["volume"]), lead=behind.get("volume", "")), figures.portion(voice), place)  # fmt: skip


def _tidy_peers(found: Mapping[str, Any], ranks: Mapping[str, Mapping[str, Any]]) -> Tidy:
    columns = ("employer", "own", "volume", *(f"share_of_voice_{name}" for name in _FIGURE), *(f"net_sentiment_{name}" for name in _FIGURE), *(f"rating_{name}" for name in _FIGURE), "rank", "best", "worst")
    rows = []
    for each in found["share_of_voice"]:
        rank = ranks.get(each["employer"], {"rating": {}})
        rows.append((each["employer"], int(each["employer"] == found["employer"]), each["volume"], *(each[name] for name in _FIGURE),
                     *(each["net_sentiment"][name] for name in _FIGURE), *(rank["rating"].get(name) for name in _FIGURE), *(rank.get(name) for name in ("rank", "best", "worst"))))  # fmt: skip
    return Tidy(columns, tuple(rows))
