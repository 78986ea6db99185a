"""Documents on alerts: the sentence of each kind, the list, the message of a run, a dry run over the past."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from repwatch.report import figures, words
from repwatch.report.answers import TOPICS
from repwatch.report.document import Cell, Document, Section, Tone
from repwatch.report.reasons import explained
from repwatch.text.clean import one_line
from repwatch.wording import N_, _, n_

Row = Mapping[str, Any]
SEVERITY: dict[str, tuple[str, Tone]] = {"critical": (N_("critical"), "bad"), "warning": (N_("warning"), "warn"), "info": (N_("info"), "dim")}
_STATE: dict[str, str] = {"open": N_("open"), "acknowledged": N_("seen"), "snoozed": N_("later")}


def sentence(alert: Row) -> str:
    """Say what happened."""
    return _SENTENCES[alert["kind"]]({"source": _place(alert), **alert["facts"]})


def _place(alert: Row) -> str:
    return words.place(alert["source"] or "", alert.get("url"))


def _negative_review(facts: Row) -> str:
    return _("A new review on {source} gives {stars}★.", stars=_plain(facts["stars"]), source=facts["source"])


def _answer_overdue(facts: Row) -> str:
    return n_("{n} review has waited too long for an answer, for {days} days.", "{n} reviews have waited too long for an answer, the oldest for {days} days.", facts["count"], days=facts["oldest"])


def _change(facts: Row) -> str:
    figure = _figure if facts["metric"] == "rating" else _points
    places = {"since": figures.day(facts["since"]), "before": figure(facts, "before"), "after": figure(facts, "after")}
    if facts["metric"] == "rating":
        return _("The rating has risen since {since}: {after}, before: {before}.", **places) if facts["up"] else _("The rating has fallen since {since}: {after}, before: {before}.", **places)
    return _("Net sentiment has risen since {since}: {after}, before: {before}.", **places) if facts["up"] else _("Net sentiment has fallen since {since}: {after}, before: {before}.", **places)


def _figure(facts: Row, when: str) -> str:
    told = {name: facts[f"{when}_{name}"] for name in ("value", "low", "high", "n")}
    return f"{figures.rating(told).text}, n = {told['n']}"


def _points(facts: Row, when: str) -> str:
    told = {name: facts[f"{when}_{name}"] for name in ("value", "low", "high", "n")}
    return f"{figures.balance(told).text}, n = {told['n']}"


def _volume(facts: Row) -> str:
    return n_("{items} mentions on {on}; about {expected} were to be expected.", "{items} mentions in the {n} days to {on}; about {expected} were to be expected.", facts["days"],
              items=figures.count(facts["items"]), on=figures.day(facts["on"]), expected=_plain(facts["expected"]))  # fmt: skip


def _plain(value: float) -> str:
    """Return 3 or 2.5: with a digit behind the comma only where it says something."""
    return figures.number(value, 0 if value == int(value) else 1)


def _topic(facts: Row) -> str:
    return n_("{n} text blames {topic} in {days} days.", "{n} texts blame {topic} in {days} days.", facts["count"], topic=_(TOPICS[facts["topic"]]), days=facts["days"])


def _word(facts: Row) -> str:
    return _('"{word}" is said on {source}.', word=facts["word"], source=facts["source"])


def _vanished(facts: Row) -> str:
    return _("A review of {day} has vanished from {source}.", day=figures.day(facts.get("published")), source=facts["source"])


def _peer_overtakes(facts: Row) -> str:
    return _("{peer} is rated higher now: {theirs} ({theirs_n} reviews) against {own} ({own_n}).", peer=facts["peer"], theirs=figures.number(facts["theirs"], 1), theirs_n=facts["theirs_n"],
             own=figures.number(facts["own"], 1), own_n=facts["own_n"])  # fmt: skip


def _blind(facts: Row) -> str:
    why = explained(str(facts["reason"] or ""))
    return _("{source} could not be read in the last {runs} checks, since {since}: {why}.", source=words.place(facts["source"], facts.get("target") or ""), runs=facts["runs"], since=figures.day(facts["since"]), why=why)


def _claimed(facts: Row) -> str:
    if facts["claimed"] == "claimed":
        return _("The profile on {source} is claimed now.", source=facts["source"])
    return _("The profile on {source} is not claimed any more.", source=facts["source"])


def _badge(facts: Row) -> str:
    if not facts.get("ruled", 1):
        return _("{badge}: the page shows the badge now.", badge=facts["badge"]) if facts["won"] else _("{badge}: the page does not show the badge any more.", badge=facts["badge"])
    return _("{badge}: the conditions are met now.", badge=facts["badge"]) if facts["won"] else _("{badge}: the conditions are not met any more.", badge=facts["badge"])


_SENTENCES: dict[str, Callable[[Row], str]] = {
    "negative_review": _negative_review, "answer_overdue": _answer_overdue, "change": _change, "volume": _volume, "topic": _topic, "word": _word, "vanished": _vanished,
    "peer_overtakes": _peer_overtakes, "blind": _blind, "claimed": _claimed, "badge": _badge,
}  # fmt: skip
#: The command that shows more of each kind.
_NEXT = {
    "negative_review": "repwatch answers", "answer_overdue": "repwatch answers", "change": "repwatch report --compare previous", "volume": "repwatch mentions --since 7d",
    "word": "repwatch mentions --since 14d", "vanished": "repwatch mentions --type review", "peer_overtakes": "repwatch report --since 180d",
    "blind": "repwatch doctor", "claimed": "repwatch profiles",
}  # fmt: skip


def next_step(alert: Row) -> str:
    """Return the command that shows more."""
    if alert["kind"] == "topic":
        facts = alert["facts"]
        return f"repwatch mentions --employer {shlex.quote(one_line(alert['employer']))} --topic {facts['topic']} --since {facts['days']}d"
    if alert["kind"] == "badge":
        return "repwatch report --source kununu" if alert["facts"].get("ruled", 1) else f"repwatch profiles --source {alert['source']}"
    return _NEXT[alert["kind"]]


def grouped(alerts: Sequence[Row]) -> list[tuple[Row, str]]:
    """Return (alert, sentence) a line, in order; new reviews and words of an employer share one, so that twelve are not twelve lines."""
    together: dict[tuple[str, str], list[Row]] = {}
    for number, alert in enumerate(alerts):
        key = alert["rule"] if alert["kind"] in _MANY else f"{number}"
        together.setdefault((alert["employer"], key), []).append(alert)
    return [(some[0], sentence(some[0]) if len(some) == 1 else _MANY[some[0]["kind"]](some)) for some in together.values()]


def _many_reviews(some: Sequence[Row]) -> str:
    stars = max(alert["facts"]["stars"] for alert in some)
    return n_("{n} new review with {stars}★ or less: {places}.", "{n} new reviews with {stars}★ or less: {places}.", len(some), stars=_plain(stars), places=_places(some))


def _many_words(some: Sequence[Row]) -> str:
    words = ", ".join(dict.fromkeys(alert["facts"]["word"] for alert in some))
    return n_("{n} text says {words}: {places}.", "{n} texts say {words}: {places}.", len(some), words=words, places=_places(some))


def _many_vanished(some: Sequence[Row]) -> str:
    return n_("{n} review has vanished: {places}.", "{n} reviews have vanished: {places}.", len(some), places=_places(some))


def _places(some: Sequence[Row]) -> str:
    return ", ".join(f"{source} {n}" for source, n in Counter(map(_place, some)).most_common())


_MANY: dict[str, Callable[[Sequence[Row]], str]] = {"negative_review": _many_reviews, "word": _many_words, "vanished": _many_vanished}


def section(alerts: Sequence[Row]) -> Section | None:
    """Return what needs a person, for the report of a check."""
    if not alerts:
        return None
    lines = grouped(alerts)
    several = len({alert["employer"] for alert in alerts}) > 1
    rows = tuple((_severity(alert), *((alert["employer"],) if several else ()), said, next_step(alert)) for alert, said in lines)
    columns = ("", *((_("Employer"),) if several else ()), _("What"), _("Next"))
    return Section("alerts", n_("{n} thing needs you", "{n} things need you", len(lines)), columns, rows)


def _severity(alert: Row) -> Cell:
    name, tone = SEVERITY[alert["severity"]]
    return Cell(_(name), tone)


def listing(alerts: Sequence[Row], unsent: int) -> Document:
    """Return the alerts that are open, or all."""
    rows = tuple((str(alert["id"]), figures.day(alert["day"]), _severity(alert), alert["employer"], sentence(alert), _(_STATE[alert["state"]])) for alert in alerts)
    title = n_("{n} alert", "{n} alerts", len(rows)) if rows else _("No alert is open.")
    columns = (_("Id"), _("Day"), "", _("Employer"), _("What"), _("State"))
    sections = (Section("alerts", "", columns, rows, numbers=frozenset({0})),) if rows else ()
    verdict = n_("{n} message waits to be sent: repwatch alerts send", "{n} messages wait to be sent: repwatch alerts send", unsent) if unsent else ""
    closing = _("Seen: repwatch alerts ack ID. Later: repwatch alerts snooze ID --until 2w") if rows else ""
    return Document("alerts", title, sections, {"alerts": [dict(alert) for alert in alerts], "unsent": unsent}, verdict=verdict, closing=closing)




def decided(alert_id: int, state: str, until: str) -> Document:
    """Return what was decided about an alert."""
    title = {"acknowledged": _("Alert {id} is seen; it stays silent.", id=alert_id), "snoozed": _("Alert {id} stays silent until {until}.", id=alert_id, until=figures.day(until))}
    return Document("alerts", title.get(state, _("Alert {id} is open again.", id=alert_id)), (), {"id": alert_id, "state": state, "until": until or None})


def sent(results: Sequence[tuple[str, str, str]]) -> Document:
    """Return what became of the messages: (channel, subject, error)."""
    rows = tuple((channel, one_line(subject, 60), Cell(one_line(error), "bad") if error else Cell(_("sent"), "good")) for channel, subject, error in results)
    wrong = sum(bool(error) for _channel, _subject, error in results)
    title = n_("{n} message", "{n} messages", len(results)) if results else _("Nothing waits to be sent.")
    verdict = n_("{n} could not be sent; the next check tries again.", "{n} could not be sent; the next check tries again.", wrong) if wrong else ""
    sections = (Section("outbox", "", (_("Channel"), _("Message"), _("State")), rows),) if rows else ()
    return Document("alerts send", title, sections, [{"channel": channel, "subject": subject, "error": error or None} for channel, subject, error in results], verdict=verdict)


def message(alerts: Sequence[Row]) -> tuple[str, str, str]:
    """Return one message for all alerts of a run: subject, plain text, HTML."""
    lines = [(_("{what}: {value}", what=one_line(alert["employer"]), value=one_line(said)), alert) for alert, said in grouped(alerts)]
    subject = n_("repwatch: {n} thing needs you", "repwatch: {n} things need you", len(lines))
    text = "\n".join(f"- {line}\n  {one_line(alert.get('url') or '') or next_step(alert)}" for line, alert in lines)
    items = "".join(f"<li>{escape(line)} {_lead(alert)}</li>" for line, alert in lines)
    closing = _("To put an alert off or mark it as seen: repwatch alerts")
    return subject, f"{text}\n\n{closing}\n", f"<p>{escape(subject)}</p><ul>{items}</ul><p>{escape(closing)}</p>"


def _lead(alert: Row) -> str:
    """Return the page, or the command that shows more. The address is said in full: the plain part of a mail is made of this, without its links."""
    url = one_line(alert.get("url") or "")
    if url.startswith(("https://", "http://")):
        return f'<a href="{escape(url)}">{escape(url)}</a>'
    return f"<code>{escape(next_step(alert))}</code>"


def _days(days: Sequence[str]) -> str:
    return "; ".join([*map(figures.day, days[:5]), *(["…"] if len(days) > 5 else [])])


def rehearsal(data: Row) -> Document:
    """Return what would have fired in the past, and how often on shuffled data, where nothing can be real."""
    rows = tuple((rule["rule"], "–" if rule["fired"] is None else str(rule["fired"]), "–" if rule["false"] is None else figures.number(rule["false"], 2), _days(rule["days"])) for rule in data["rules"])
    columns = (_("Rule"), _("Fired"), _("On shuffled data"), _("Days"))
    title = _("What would have fired from {since} to {until}", since=figures.day(data["since"]), until=figures.day(data["until"]))
    untried, waited = any(rule["fired"] is None for rule in data["rules"]), any(rule["kind"] == "answer_overdue" for rule in data["rules"])
    reading = (
        _("Fired: alerts in this time, cooldown counted. A day stands for the day of publication: what was read late would have fired later."),
        *((_("A review waited for an answer on each day on which it was published and listed, with no answer and no decision of yours; an answer that bears no day may have been there."),) if waited else ()),
        *((_("A dash under Fired: the rule was not tried. It looks at the ledger of checks, and none ran in this time."),) if untried else ()),
        _("On shuffled data: how many fire on average when the days are mixed, so that no change can be real. Such alerts are false. A dash: the rule tells of facts, not of changes."),
    )
    sections = (Section("rules", "", columns, rows, numbers=frozenset({1, 2})), Section("reading", _("How to read the figures"), before=reading))
    return Document("alerts test", title, sections, dict(data), verdict=n_("{n} alert in all.", "{n} alerts in all.", sum(rule["fired"] or 0 for rule in data["rules"])))
