"""Hold the morning's facts against the rules, and say what needs a person. One function a kind of rule.

Nothing here asks the clock: the same store on the same day gives the same alerts, live, replayed or tried on the past.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from repwatch.analysis import change, peers, sequential, spikes
from repwatch.analysis.badges import shown, top_company
from repwatch.models import Alert, AlertKind, AlertRule, Employer
from repwatch.pipeline.answering import only_peers, weighed
from repwatch.programme.answers import STALE_DAYS
from repwatch.refusals import unread
from repwatch.stars import of_five
from repwatch.text.clean import fold, whole_text

if TYPE_CHECKING:
    from repwatch.store import Reader

#: What repwatch watches for where the settings say nothing else.
DEFAULTS = (
    AlertRule(kind="negative_review", cooldown_days=400),
    AlertRule(kind="answer_overdue"),
    AlertRule(kind="change", severity="critical", metric="rating", cooldown_days=30),
    AlertRule(kind="change", name="change of sentiment", metric="net_sentiment", cooldown_days=30),
    AlertRule(kind="volume", minimum=3),
    AlertRule(kind="vanished", cooldown_days=400),
    AlertRule(kind="peer_overtakes", severity="info", days=180, cooldown_days=90),
    AlertRule(kind="blind"),
    AlertRule(kind="claimed", cooldown_days=400),
    AlertRule(kind="badge", severity="info", cooldown_days=30),
)
#: How far back a series is read for changes and spikes.
_SERIES_DAYS = 2 * 365
#: Rules on what is new in the store.
ON_NEW = frozenset({"negative_review", "word"})
#: Rules that ask for an answer: none is given in the name of a peer, unless the rule names it.
_ANSWERED = frozenset({"negative_review", "answer_overdue"})
_OPEN = ("yes", "brief", "claim_first")


class Morning(NamedTuple):
    """What the rules are held against: the store as of a day, and the items that are new.

    An alarm in a series fires that is not older than `recent` days, should the check of its own day have been missed.
    `mix`, where given, shuffles the values of a series over its days, so that no change in it can be real. Where a day of
    the `past` is tried, reviews are looked at as they stood then; `check` is the run whose ledger is the last that counts.
    """

    reader: Reader
    today: date
    employers: tuple[Employer, ...]
    new: tuple[Mapping[str, Any], ...] = ()
    answer_days: int = 14
    recent: int = 7
    mix: Random | None = None
    past: bool = False
    check: int | None = None


class Fired(NamedTuple):
    """An alert, and the first day of its cooldown: fired since then, it stays silent now."""

    alert: Alert
    since: str


def rules_of(settings_rules: Sequence[AlertRule], *, enabled: bool, defaults: bool) -> tuple[AlertRule, ...]:
    """Return the rules in force: ours, and those of the settings, which take the place of ours of the same name."""
    if not enabled:
        return ()
    named = {rule.title for rule in settings_rules}
    ours = [rule for rule in DEFAULTS if rule.title not in named] if defaults else []
    return tuple(rule for rule in (*ours, *settings_rules) if rule.enabled)


def evaluate(rules: Sequence[AlertRule], morning: Morning) -> list[Fired]:
    """Return what fires, by severity, employer and rule; cooldown is not yet looked at."""
    found = [Fired(alert, _back(alert.day, rule.cooldown_days)) for rule in rules for alert in _KINDS[rule.kind](rule, morning)]
    order = {"critical": 0, "warning": 1, "info": 2}
    return sorted(found, key=lambda one: (order[one.alert.severity], one.alert.employer, one.alert.rule, one.alert.key))


def _back(day: str, days: int) -> str:
    return (date.fromisoformat(day) - timedelta(days=days)).isoformat()


def _alert(rule: AlertRule, morning: Morning, employer: str, key: str, *, source: str | None = None, url: str | None = None, day: str = "", **facts: Any) -> Alert:
    return Alert(rule=rule.title, kind=rule.kind, severity=rule.severity, employer=employer, source=source, key=key, day=day or morning.today.isoformat(), facts=facts, url=url)


def _watched(rule: AlertRule, morning: Morning) -> list[str]:
    if rule.employers:
        return [each.name for each in morning.employers if each.name in rule.employers]
    theirs = only_peers(morning.employers) if rule.kind in _ANSWERED else frozenset()
    return [each.name for each in morning.employers if each.name not in theirs]


def _new(rule: AlertRule, morning: Morning) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield (employer, item) for what is new and was published within the rule's days: history that is read late wakes nobody."""
    since = (morning.today - timedelta(days=rule.days)).isoformat()
    names = _watched(rule, morning)
    for row in morning.new:
        if (row.get("published") or "")[:10] >= since and (not rule.sources or row["source"] in rule.sources):
            yield from ((name, row) for name in row["employers"] if name in names)


def _identity(row: Mapping[str, Any]) -> str:
    return "|".join((row["source"], row["type"], row["identity"]))


def _story(row: Mapping[str, Any]) -> str:
    """Name the story that a mention tells: a copy that comes later is no news."""
    return "|".join(row["story"]) if row.get("story") else _identity(row)


def _negative_review(rule: AlertRule, morning: Morning) -> Iterator[Alert]:
    for employer, row in _new(rule, morning):
        stars = of_five(row) if row["type"] == "review" and row.get("voice") != "customer" else None
        if stars is not None and stars <= rule.stars:
            yield _alert(rule, morning, employer, _identity(row), source=row["source"], url=row.get("url"), stars=stars)


def _answer_overdue(rule: AlertRule, morning: Morning) -> Iterator[Alert]:
    # Nobody expects an answer to what is older than a year: `worth_answering` would say so of each.
    first, last = ((morning.today - timedelta(days=days)).isoformat() for days in (STALE_DAYS, morning.answer_days + 1))
    for employer in _watched(rule, morning):
        waiting = morning.reader.waiting(employer, None, first, last, on=morning.today.isoformat() if morning.past else None)
        late = [row for row in weighed(morning.reader, waiting, morning.today) if row["worth"] in _OPEN and (row["age_days"] or 0) > morning.answer_days]
        late = [row for row in late if not rule.sources or row["source"] in rule.sources]
        if late:
            yield _alert(rule, morning, employer, "waiting", count=len(late), oldest=late[0]["age_days"], source=late[0]["source"])


def _change(rule: AlertRule, morning: Morning) -> Iterator[Alert]:
    since = (morning.today - timedelta(days=_SERIES_DAYS)).isoformat()
    recent = (morning.today - timedelta(days=morning.recent)).isoformat()
    ends = sequential.STARS if rule.metric == "rating" else sequential.SENTIMENT
    for employer in _watched(rule, morning):
        for alarm in sequential.watch(_values(rule, morning, employer, since), ends):
            if alarm.day >= recent:
                told = {f"{when}_{name}": value for when, figure in (("before", alarm.before), ("after", alarm.after)) for name, value in figure._asdict().items()}
                yield _alert(rule, morning, employer, f"{rule.metric}|{alarm.since}", day=alarm.day, metric=rule.metric, since=alarm.since, up=int(alarm.up), **told)


def _values(rule: AlertRule, morning: Morning, employer: str, since: str) -> list[tuple[str, dict[int, int]]]:
    """Return the values of each day, in order: stars in tenths, or 1 and 0 for positive and negative."""
    what, kind, side = ("stars", "review", None) if rule.metric == "rating" else ("label", None, {"positive": 1, "negative": 0})
    days: dict[str, Counter[int]] = {}
    for row in _counts(rule, morning, employer, since, what, kind):
        value = int(row.bucket) if side is None else side.get(row.bucket)
        if value is not None:
            days.setdefault(row.day, Counter())[value] += row.n
    told = sorted(days.items())
    if morning.mix is not None:
        pool = [value for _, some in told for value in some.elements()]
        morning.mix.shuffle(pool)
        told = [(day, Counter(pool.pop() for _ in range(some.total()))) for day, some in told]
    return [(day, dict(some)) for day, some in told]


def _counts(rule: AlertRule, morning: Morning, employer: str, since: str, what: Any, kind: str | None) -> Iterator[Any]:
    for source in rule.sources or (None,):
        yield from morning.reader.per_day(employer, since, morning.today.isoformat(), what, source, kind)


def _volume(rule: AlertRule, morning: Morning) -> Iterator[Alert]:
    first = morning.today - timedelta(days=_SERIES_DAYS)
    for employer in _watched(rule, morning):
        days: Counter[str] = Counter()
        for row in _counts(rule, morning, employer, first.isoformat(), "all", "mention"):
            days[row.day] += row.n
        begin = date.fromisoformat(min(days, default=morning.today.isoformat()))
        series = [days[(begin + timedelta(days=number)).isoformat()] for number in range((morning.today - begin).days + 1)]
        if morning.mix is not None:
            morning.mix.shuffle(series)
        for spike in spikes.spikes(series, max(0, len(series) - 1 - morning.recent)):
            if spike.items >= rule.minimum:
                day = (begin + timedelta(days=spike.day)).isoformat()
                yield _alert(rule, morning, employer, "volume", day=day, items=spike.items, days=spike.window, expected=round(spike.expected, 1), on=day)


def _topic(rule: AlertRule, morning: Morning) -> Iterator[Alert]:
    since, until = (morning.today - timedelta(days=rule.days)).isoformat(), morning.today.isoformat()
    for employer in _watched(rule, morning):
        rows = morning.reader.mentions(employer=employer, since=since, until=until, limit=None, fold=True)
        rows = [row for row in rows if (not rule.sources or row["source"] in rule.sources) and _blames(row, rule.topic)]
        if len(rows) >= rule.minimum:
            yield _alert(rule, morning, employer, str(rule.topic), topic=rule.topic, count=len(rows), days=rule.days)


def _blames(row: Mapping[str, Any], topic: str | None) -> bool:
    return any(told["topic"] == topic and told["polarity"] < 0 for told in (row["score"] or {}).get("topics", ()))


def _word(rule: AlertRule, morning: Morning) -> Iterator[Alert]:
    words = [fold(word) for word in rule.words if word.strip()]
    told: set[tuple[str, str]] = set()
    for employer, row in _new(rule, morning):
        text = fold(whole_text(row))
        said = next((word for word in words if _stands_in(word, text)), None)
        if said is not None and (employer, _story(row)) not in told:
            told.add((employer, _story(row)))
            yield _alert(rule, morning, employer, _story(row), source=row["source"], url=row.get("url"), word=said)


def _stands_in(word: str, text: str) -> bool:
    place = text.find(word)
    while place >= 0:
        before, after = text[place - 1 : place], text[place + len(word) : place + len(word) + 1]
        if not before.isalnum() and not after.isalnum():
            return True
        place = text.find(word, place + 1)
    return False


def _vanished(rule: AlertRule, morning: Morning) -> Iterator[Alert]:
    since = (morning.today - timedelta(days=rule.days)).isoformat()
    for employer in _watched(rule, morning):
        for row in morning.reader.vanished_items(employer, since, morning.today.isoformat()):
            if not rule.sources or row["source"] in rule.sources:
                yield _alert(rule, morning, employer, _identity(row), source=row["source"], url=row.get("url"), stars=of_five(row), published=row.get("published"))


def _peer_overtakes(rule: AlertRule, morning: Morning) -> Iterator[Alert]:
    """Fire where a peer that stood below stands above now, and the difference of today is more than chance."""
    halves = ((2 * rule.days, rule.days + 1), (rule.days, 0))
    by_name = {each.name: each for each in morning.employers}
    for employer in _watched(rule, morning):
        for peer in by_name[employer].peers:
            (own_then, peer_then), (own_now, peer_now) = ((_stars(morning, employer, *half), _stars(morning, peer, *half)) for half in halves)
            figures = [change.figure("stars", stars) for stars in (own_then, peer_then, own_now, peer_now)]
            if any(each.n < peers.LEAST or each.value is None for each in figures):
                continue
            row = change.changes([change.Question("rating", None, None, "stars", own_now, peer_now)])[0]
            if (figures[1].value or 0) <= (figures[0].value or 0) and row.verdict == "up":
                yield _alert(rule, morning, employer, peer, peer=peer, own=figures[2].value, own_n=figures[2].n, theirs=figures[3].value, theirs_n=figures[3].n)


def _stars(morning: Morning, employer: str, back: int, until: int) -> dict[int, int]:
    first, last = (morning.today - timedelta(days=back)).isoformat(), (morning.today - timedelta(days=until)).isoformat()
    return morning.reader.histogram(employer, None, first, last, "review")["stars"]


def _blind(rule: AlertRule, morning: Morning) -> Iterator[Alert]:
    """Fire where nothing was read in each of the last runs, for whatever reason: who wants a source left alone takes it out of the settings."""
    for employer in _watched(rule, morning):
        for source, target in morning.reader.watches(employer, morning.check):
            states = morning.reader.states(source, employer, target, rule.runs, morning.check)
            if (not rule.sources or source in rule.sources) and len(states) == rule.runs and all(row["state"] != "partly" and unread(row["state"], row["reason"]) for row in states):
                yield _alert(rule, morning, employer, f"{source}|{target}", source=source, target=target, runs=rule.runs, since=states[-1]["at"][:10], reason=states[0]["reason"])


def _claimed(rule: AlertRule, morning: Morning) -> Iterator[Alert]:
    since = (morning.today - timedelta(days=rule.days)).isoformat()
    for employer in _watched(rule, morning):
        told: dict[str, list[dict[str, Any]]] = {}
        for row in morning.reader.profile_history(employer):
            if row["claimed"] != "unknown" and row["observed"][:10] <= morning.today.isoformat():
                told.setdefault(row["source"], []).append(row)
        for source, rows in told.items():
            last = rows[-2:]
            if len(last) == 2 and last[0]["claimed"] != last[1]["claimed"] and last[1]["observed"][:10] >= since:
                yield _alert(rule, morning, employer, f"{source}|{last[1]['observed'][:10]}", source=source, url=last[1].get("url"), claimed=last[1]["claimed"])


def _badge(rule: AlertRule, morning: Morning) -> Iterator[Alert]:
    """Compare the badge of today with that of `days` ago."""
    before = morning.today - timedelta(days=rule.days)
    for employer in _watched(rule, morning):
        then, now = (_top_company(morning, employer, day) for day in (before, morning.today))
        if then is not None and now is not None and then != now:
            yield _alert(rule, morning, employer, f"kununu|{now}", source="kununu", badge="kununu Top Company", won=int(now), ruled=1)
        yield from _shown_badges(rule, morning, employer, before)


def _shown_badges(rule: AlertRule, morning: Morning, employer: str, before: date) -> Iterator[Alert]:
    """Fire where a page shows a badge that it did not show then, or the other way round."""
    rows = morning.reader.profile_history(employer)
    then, now = ({each.name: each for each in shown(rows, day.isoformat())} for day in (before, morning.today))
    for name, badge in now.items():
        if name in then and then[name].won != badge.won and (not rule.sources or badge.source in rule.sources):
            yield _alert(rule, morning, employer, f"{badge.source}|{name}|{badge.won}", source=badge.source, badge=name, won=int(badge.won), ruled=0)


def _top_company(morning: Morning, employer: str, day: date) -> bool | None:
    stars = [morning.reader.histogram(employer, "kununu", since, day.isoformat(), "review")["stars"] for since in (None, (day - timedelta(days=365)).isoformat())]
    if not stars[0]:
        return None
    sums = [(sum(each.values()), sum(tenths * n for tenths, n in each.items()) / 10) for each in stars]
    return top_company(*sums[0], *sums[1]).won


_KINDS: dict[AlertKind, Callable[[AlertRule, Morning], Iterator[Alert]]] = {
    "negative_review": _negative_review, "answer_overdue": _answer_overdue, "change": _change, "volume": _volume, "topic": _topic, "word": _word, "vanished": _vanished,
    "peer_overtakes": _peer_overtakes, "blind": _blind, "claimed": _claimed, "badge": _badge,
}  # fmt: skip
