"""Try the rules on the past: what would have fired, and how often on shuffled data, where nothing can be real."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from repwatch.models import Alert, AlertRule, Employer
from repwatch.pipeline.alerting import ON_NEW, Morning, evaluate

if TYPE_CHECKING:
    from repwatch.store import Reader

#: Shuffles from which the share of false alerts is told.
SHUFFLES = 20
#: Rules on series, for which shuffled data has no true alert.
_SERIES = frozenset({"change", "volume"})


def rehearse(reader: Reader, rules: Sequence[AlertRule], employers: tuple[Employer, ...], today: date, days: int, answer_days: int) -> dict[str, Any]:
    """Return, for each rule, what would have fired in the last `days` days (None: no check ran whose ledger could tell), and the mean number on shuffled data (None: no such thing)."""
    rows = []
    checks = reader.checks((today - timedelta(days=days)).isoformat(), today.isoformat())
    for rule in rules:
        untried = rule.kind == "blind" and not checks
        past = _ledger(reader, rule, employers, checks) if rule.kind == "blind" else _past(reader, rule, employers, today, days, answer_days)
        found = _cooled(past, rule.cooldown_days)
        false = None
        if rule.kind in _SERIES:
            told = [_cooled(_series(reader, rule, employers, today, days, Random(number)), rule.cooldown_days) for number in range(SHUFFLES)]  # noqa: S311 — the same seed, the same shuffle
            false = sum(map(len, told)) / SHUFFLES
        rows.append({"rule": rule.title, "kind": rule.kind, "fired": None if untried else len(found), "false": false, "days": sorted({alert.day for alert in found}), "alerts": [alert.model_dump(mode="json") for alert in found]})
    return {"since": (today - timedelta(days=days)).isoformat(), "until": today.isoformat(), "rules": rows}


def _past(reader: Reader, rule: AlertRule, employers: tuple[Employer, ...], today: date, days: int, answer_days: int) -> Iterator[Alert]:
    if rule.kind in _SERIES:
        yield from _series(reader, rule, employers, today, days, None)
        return
    for back in range(days, -1, -1):
        day = (today - timedelta(days=back)).isoformat()
        new = tuple(reader.mentions(since=day, until=day, limit=None)) if rule.kind in ON_NEW else ()
        yield from (fired.alert for fired in evaluate([rule], Morning(reader, date.fromisoformat(day), employers, new, answer_days, past=True)))


def _ledger(reader: Reader, rule: AlertRule, employers: tuple[Employer, ...], checks: Sequence[tuple[int, str]]) -> Iterator[Alert]:
    """Yield what each check of the past would have said of its own ledger and those before."""
    for check, started in checks:
        yield from (fired.alert for fired in evaluate([rule], Morning(reader, date.fromisoformat(started[:10]), employers, check=check)))


def _series(reader: Reader, rule: AlertRule, employers: tuple[Employer, ...], today: date, days: int, mix: Random | None) -> Iterator[Alert]:
    """Yield the alarms of whole series: one look finds those of every day."""
    yield from (fired.alert for fired in evaluate([rule], Morning(reader, today, employers, recent=days, mix=mix)))


def _cooled(alerts: Iterator[Alert], cooldown_days: int) -> list[Alert]:
    """Leave out what would have stayed silent."""
    last: dict[tuple[str, str], date] = {}
    kept = []
    for alert in sorted(alerts, key=lambda alert: (alert.day, alert.employer, alert.key)):
        day, before = date.fromisoformat(alert.day), last.get((alert.employer, alert.key))
        if before is None or (day - before).days > cooldown_days:
            last[alert.employer, alert.key] = day
            kept.append(alert)
    return kept
