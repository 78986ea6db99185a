"""The report of a period, in one order: verdict, what changed, what needs an answer, topics, comparison, voices, coverage, how to read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from repwatch.refusals import unread
from repwatch.report import changes, figures, findings, voices, words
from repwatch.report.document import Cell, Document, Section, Tidy, Tone
from repwatch.report.leads import IN_FULL, lead, with_leads
from repwatch.report.presence import stars
from repwatch.report.reasons import explained, next_step
from repwatch.report.recruiting import recruiting
from repwatch.scorers import PERSON
from repwatch.text.clean import one_line
from repwatch.wording import N_, _, n_

_CLAIMED: dict[str, Tone] = {"claimed": "good", "unclaimed": "warn", "unknown": "dim"}
_READING = (
    N_("Rating: mean of the stars given in the period, with its 95 % interval. Two ratings whose intervals overlap widely may well be the same."),
    N_("Net sentiment: (positive - negative) / (positive + negative), in points; mixed, neutral, unclear and unscored texts stay out."),
    N_("Seen: in how many of the checks the source could be read, all its pages included."),
    N_("A story that several places carry counts once, where and when it came first."),
    N_("On the site: what the site itself shows, over all years; sites weigh by age and by country."),
)
_READING_CUSTOMERS = N_("Customers: what customers write has a row of its own. It counts in no other figure.")
_READING_CHANGES = N_("A change is called one only where a test says so; the tests of one report together are wrong in at most 5 of 100 reports on employers where nothing changed.")
_READING_BRIEF = N_("In brackets stands the 95 % interval; n says on how many texts a figure rests.")
_BLIND_ON_BOARD = 3
_FILES = 8
_CHANGED = {
    ("rating", "up"): N_("the rating has gone up"), ("rating", "down"): N_("the rating has gone down"),
    ("net_sentiment", "up"): N_("net sentiment has gone up"), ("net_sentiment", "down"): N_("net sentiment has gone down"),
    ("volume", "up"): N_("more is said than before"), ("volume", "down"): N_("less is said than before"),
}  # fmt: skip


def overview(data: Mapping[str, Any]) -> Document:
    """Return the report for what `summarise` found, and whatever else the data holds."""
    data = with_leads(data)
    rows = data["employers"]
    brief = data.get("kind") == "board"
    single = len(rows) == 1
    sections = _one(data, rows[0], brief=brief) if single else [_fleet(rows)] if rows else []
    if 1 < len(rows) <= IN_FULL:
        for row in rows:
            sections += _employer(data, row, alone=False)
    blind = (*_not_seen(rows), *_unread_files(data.get("unread_files", ())))
    if brief and len(blind) > _BLIND_ON_BOARD:
        more = len(blind) - _BLIND_ON_BOARD
        blind = (*blind[:_BLIND_ON_BOARD], n_("{n} more: {command}", "{n} more: {command}", more, command="repwatch report"))
    sections.append(Section("not_seen", _("Not seen"), before=blind or (_("Everything that was asked for could be read."),)))
    reading = (_READING_BRIEF, _READING_CHANGES) if brief else (*_READING, *((_READING_CHANGES,) if data.get("changes") else ()))
    apart = (_READING_CUSTOMERS,) if any(row.get("customers") for row in rows) else ()
    lines = [_(line) for line in (*reading, *apart)] + [*_scorers(data.get("scorers", ()))]
    if 0 < len(rows) <= IN_FULL and not brief:
        lines.append(_("`repwatch mentions` lists the texts that a figure counts. In the place of a word in capitals goes what the row says; {figure} is rating, net_sentiment or volume, and --source and --topic narrow it.", figure=_("FIGURE")))
    sections.append(Section("reading", _("How to read the figures"), before=tuple(lines)))
    return Document("report", _title(data), tuple(section for section in sections if section), data, verdict=_verdict(data, rows))


def _one(data: Mapping[str, Any], row: Mapping[str, Any], *, brief: bool) -> list[Section | None]:
    """Return the sections on one employer, in the order in which a reader asks: what changed, what to do, why, beside whom, in what words; then the figures in full."""
    changed, line = findings.changes(data, brief=brief), findings.trend(data, brief=brief)
    listed, *profiles = _employer(data, row, alone=True)
    told = [voices.needs_answer(data, 3 if brief else 8), findings.topics(data, 5 if brief else 8), findings.comparison(data), None if brief else findings.badges(data), *profiles]
    if brief:
        # A board asks how the firm stands, not how each source does.
        return [changed, *told, line, voices.voices(data)]
    why = {section.name: section for section in changes.why_changed(data)}
    told[2:2] = [why.get("why")]
    apart = [why.get("mix"), findings.breakdowns(data), recruiting(data)]
    # Where nothing is compared, the figures are the news.
    return [changed, *told, voices.voices(data), line, listed, *apart] if changed else [listed, line, *told, voices.voices(data), *apart]


def _title(data: Mapping[str, Any]) -> str:
    since = figures.day(data["since"]) if data["since"] else _("the beginning")
    until = figures.day(data["until"]) if data["until"] else _("today")
    kind = words.KINDS.get(data.get("kind") or "")
    name = _(kind) if kind else _("Employer reputation")
    return f"{name} · {since}" if since == until else _("{report} · {since} to {until}", report=name, since=since, until=until)


def _scorers(versions: Sequence[str]) -> tuple[str, ...]:
    """Say what the sentiment rests on where that is more than one scorer."""
    lines = []
    models = [version for version in versions if version != PERSON]
    if len(models) > 1:
        lines.append(_("Sentiment: some texts were scored by an older scorer ({versions}). Let all be read by the same one: repwatch rescore", versions=", ".join(models)))
    if PERSON in versions:
        lines.append(_("Sentiment: where you corrected a text, your word counts."))
    return tuple(lines)


def _verdict(data: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return _("Nothing is stored yet: run `repwatch check`, or `repwatch import` with a saved page.")
    if len(rows) > 1:
        volume = sum(row["volume"] for row in rows)
        return n_("{employers} employers, {n} review or mention in the period.", "{employers} employers, {n} reviews and mentions in the period.", volume, employers=len(rows))
    row = rows[0]
    name = row["employer"] or _("No employer named")
    if not row["volume"]:
        beside = [n_("{n} interview", "{n} interviews", row["interviews"])] if row.get("interviews") else []
        beside += [n_("{n} review by a customer, kept apart", "{n} reviews by customers, kept apart", row["customers"])] if row.get("customers") else []
        return _("{name}: no review of employees and no mention in this period; {facts}.", name=name, facts=", ".join(beside)) if beside else _("{name}: nothing in this period.", name=name)
    said = [n_("{n} review or mention", "{n} reviews and mentions", row["volume"])]
    if row["rating"]["value"] is not None:
        said.append(n_("rating {rating} from {n} review", "rating {rating} from {n} reviews", row["rating"]["n"], rating=figures.rating(row["rating"]).text))
    if row["net_sentiment"]["value"] is not None:
        said.append(_("net sentiment {balance}", balance=figures.balance(row["net_sentiment"]).text))
    news = _news(data)
    return _("{name}: {news}; {facts}.", name=name, news=", ".join(news), facts=", ".join(said)) if news else _("{name}: {facts}.", name=name, facts=", ".join(said))


def _news(data: Mapping[str, Any]) -> list[str]:
    """Return what has changed over all; what changed in part only, such as on one topic, is counted."""
    told = [row for row in data.get("changes") or () if row["topic"] not in words.HIDDEN_TOPICS]
    if not told:
        return []
    whole = {name: findings.overall(told, name) for name in ("rating", "net_sentiment", "volume")}
    verdicts = {name: row["verdict"] for name, row in whole.items() if row}
    moved = [_(_CHANGED[name, verdict]) for name, verdict in verdicts.items() if (name, verdict) in _CHANGED]
    if moved:
        return moved
    others = sum(row["verdict"] in ("up", "down") for row in told)
    if others:
        return [n_("no change over all, but {n} figure below has changed", "no change over all, but {n} figures below have changed", others)]
    asked = {verdict for name, verdict in verdicts.items() if name != "volume"}
    return [_("too few to tell of a change")] if asked == {"too_few"} else [_("no detectable change")]


def _fleet(rows: Sequence[Mapping[str, Any]]) -> Section:
    """Return one line an employer."""
    lines = tuple((row["employer"] or _("(no employer named)"), *_counts(row)) for row in rows)  # fmt: skip
    columns = (_("Employer"), _("New"), _("Rating"), _("n"), _("Net sentiment"), _("n"))
    return Section("employers", _("Employers"), columns, lines, numbers=frozenset(range(1, 6)), after=(_("One of them in full: repwatch report --employer NAME"),),
                   tidy=_tidy_figures([(row["employer"], "", row) for row in rows]))  # fmt: skip


_FIGURE = ("value", "low", "high", "n")


def _tidy_figures(rows: Sequence[tuple[str, str, Mapping[str, Any]]]) -> Tidy:
    columns = ("employer", "source", "volume", *(f"rating_{name}" for name in _FIGURE), *(f"net_sentiment_{name}" for name in _FIGURE), "answered", "unanswered", "checks", "checks_read")
    return Tidy(columns, tuple((employer, source, row["volume"], *(row["rating"][name] for name in _FIGURE), *(row["net_sentiment"][name] for name in _FIGURE),
                                row.get("answered"), row.get("unanswered"), *((row.get("coverage") or {}).get(name) for name in ("runs", "read")))
                               for employer, source, row in rows))  # fmt: skip


def _employer(data: Mapping[str, Any], row: Mapping[str, Any], *, alone: bool) -> list[Section]:
    columns = (_("Source"), _("New"), _("Rating"), _("n"), _("Net sentiment"), _("n"), _("Answered"), _("Seen"))
    lines = [_line(_named(each), each) for each in row["sources"]]
    if len(lines) > 1:
        lines.append(_line(_("all"), row))
    heading = "" if alone else row["employer"] or _("(no employer named)")
    tidy = _tidy_figures([(row["employer"], _named(each), each) for each in row["sources"]])
    found = [Section("figures", heading or _("Figures"), columns, tuple(lines), numbers=frozenset({1, 2, 3, 4, 5, 6}), leads=(lead({**data, "employers": [row]}, **({"source": _("SOURCE")} if len(row["sources"]) > 1 else {}), counted=_("FIGURE")),), tidy=tidy)]
    seen = [(each, one) for each in row["sources"] for one in each["profiles"]]
    if seen:
        found.append(_profiles(_("On the site") if alone else _("{name}: on the site", name=heading), row["employer"], seen))
    return found


def _named(row: Mapping[str, Any]) -> str:
    place = words.place(row["source"])
    return _("{source} (customers)", source=place) if row.get("voice") else place


def _profiles(heading: str, employer: str, seen: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> Section:
    columns = (_("Source"), _("Profile"), _("Rating"), _("Reviews"), _("Recommend"), _("CEO"), _("Seen on"))
    rows = tuple(
        (_place(each["source"], one, several=len(each["profiles"]) > 1), Cell(words.claimed(one["claimed"]), _CLAIMED[one["claimed"]]), stars(one),
         figures.count(one["review_count"]) if one["review_count"] else figures.DASH,
         figures.share(one["recommend"]), figures.share(one["ceo_approval"]), figures.day(one["observed"]))
        for each, one in seen
    )  # fmt: skip
    names = ("domain", "filter", "claimed", "rating", "rating_scale", "review_count", "recommend", "ceo_approval", "observed")
    tidy = Tidy(("employer", "source", *names), tuple((employer, each["source"], *(one[name] for name in names)) for each, one in seen))
    return Section("profiles", heading, columns, rows, numbers=frozenset({2, 3, 4, 5}), tidy=tidy)


def _place(source: str, profile: Mapping[str, Any], *, several: bool) -> str:
    """Name where a rating stands: a source may have one a country and one a language."""
    name = words.place(source, profile.get("url"))
    told = [profile["domain"] if several and profile["domain"] != name else None, profile["filter"]]
    return " ".join([name, *(f"({each})" for each in told if each)])


def _line(name: str, row: Mapping[str, Any]) -> tuple[Cell | str, ...]:
    told = row.get("answered") or row.get("unanswered")
    answered = _("{n} of {total}", n=row["answered"], total=row["answered"] + row["unanswered"]) if told else figures.DASH
    return (name, *_counts(row), Cell(answered, lead=row.get("mentions", {}).get("answered", "") if told else ""), _seen(row.get("coverage")) if "coverage" in row else "")  # fmt: skip


def _counts(row: Mapping[str, Any]) -> tuple[Cell, ...]:
    """Return the figures of an employer or a source, each count with the way to its texts."""
    counts = {"volume": row["volume"], "rating": row["rating"]["n"], "net_sentiment": row["net_sentiment"]["n"]}
    volume, rating, balance = (Cell(figures.count(n), lead=row.get("mentions", {}).get(figure, "") if n else "") for figure, n in counts.items())
    return (volume, figures.rating(row["rating"]), rating, figures.balance(row["net_sentiment"]), balance)


def _seen(coverage: Mapping[str, Any] | None) -> Cell:
    if coverage is None:
        return Cell(figures.DASH, "dim")
    text = f"{coverage['read']}/{coverage['runs']}"
    return Cell(text, "good" if coverage["read"] == coverage["runs"] else "warn" if coverage["read"] else "bad")


def _not_seen(rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    lines = []
    for row in rows:
        for each in row["sources"]:
            seen = each["coverage"]
            if seen and seen.get("gaps") and row["employer"]:
                lines.append(n_("{place}: more arrived than the checks could read ({n} gap). The next checks read the rest, the oldest gap first.",
                                "{place}: more arrived than the checks could read ({n} gaps). The next checks read the rest, the oldest gap first.",
                                seen["gaps"], place=f"{row['employer']} · {words.place(each['source'])}"))  # fmt: skip
            for watch in seen["watches"] if seen and row["employer"] else ():
                if unread(watch["last_state"], watch["last_reason"]):
                    why = explained(watch["last_reason"]) if watch["last_reason"] else words.state(watch["last_state"])
                    last = _("Last read: {day}.", day=figures.day(watch["last_read"])) if watch["last_read"] else _("Never read so far.")
                    said = _("{place}: {reason}.", place=f"{row['employer']} · {words.place(each['source'], watch['target'])}", reason=why)
                    lines.append(f"{said} {last} {next_step(watch['last_reason'])}".rstrip())
    return tuple(lines)


def _unread_files(rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Name the imported files that nobody could read; they tell of no employer."""
    lines = [_("{file}, imported on {day}: {reason}.", file=one_line(row["file"], 60), day=figures.day(row["day"]), reason=explained(row["reason"]) if row["reason"] else words.state(row["state"])) for row in rows[:_FILES]]
    more = len(rows) - len(lines)
    return (*lines, *((n_("{n} more imported file could not be read, or not wholly.", "{n} more imported files could not be read, or not wholly.", more),) if more > 0 else ()))
