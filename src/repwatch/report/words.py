"""The words of the trade: what labels, states, metrics and topics are called in the reader's language.

The names on the left are part of the contract (JSON, CSV); the words on the right are for people. A name that is not
here (a topic of the user's own) is shown as it is.
"""

from __future__ import annotations

from repwatch.facets import town_name
from repwatch.report.document import Tone
from repwatch.wording import N_, _, n_, spoken

LABELS = {
    "positive": N_("positive"), "negative": N_("negative"), "mixed": N_("mixed"), "neutral": N_("neutral"), "unclear": N_("unclear"),
    "unscored": N_("unscored"),
}  # fmt: skip
STATES = {
    "read": N_("read"), "partly": N_("partly"), "refused": N_("refused"), "failed": N_("failed"), "stale": N_("stale"), "skipped": N_("skipped"),
    "ok": N_("ok"), "warning": N_("warning"), "wrong": N_("wrong"),
}  # fmt: skip
#: What the doctor looks at; a source is not here and keeps its name.
CHECKS = {
    "settings": N_("settings"), "contact": N_("contact"), "time zone": N_("time zone"), "data folder": N_("data folder"), "disk": N_("disk"), "store": N_("store"),
    "gaps": N_("gaps"), "last run": N_("last run"), "inbox": N_("inbox"), "start-up": N_("start-up"), "network": N_("network"), "clock": N_("clock"), "messages": N_("messages"),
    "peers": N_("peers"),
}  # fmt: skip
#: Sources that are no site: a reader knows what they read by the name of its site, else by what it is.
_NO_SITE = {"feed": N_("feed"), "jsonld": N_("page with ratings"), "table": N_("table"), "mail": N_("e-mail")}
CLAIMED = {"claimed": N_("claimed"), "unclaimed": N_("unclaimed"), "unknown": N_("unknown")}
METRICS = {
    "rating": N_("Rating"), "net_sentiment": N_("Net sentiment"), "volume": N_("Reviews and mentions"), "recommend": N_("Recommend"),
    "ceo_approval": N_("CEO approval"), "response_rate": N_("Response rate"), "time_to_respond": N_("Time to respond"),
    "answered_in_time": N_("Answered in time"), "topic_share": N_("Texts that speak of it"),
}  # fmt: skip
VERDICTS: dict[str, tuple[str, Tone]] = {
    "up": (N_("up"), "good"), "down": (N_("down"), "bad"), "no_detectable_change": (N_("no detectable change"), ""), "too_few": (N_("too few to tell"), "dim"),
}  # fmt: skip
#: Health stands in the lexicon, not here: words on health are no topic of a report (docs/explanation/figures.md).
TOPICS = {
    "pay": N_("pay"), "benefits": N_("benefits"), "workload": N_("workload"), "work_life_balance": N_("work-life balance"), "remote_work": N_("remote work"),
    "management": N_("management"), "leadership": N_("leadership"), "colleagues": N_("colleagues"), "culture": N_("culture"), "meaning": N_("meaning of the work"),
    "communication": N_("communication"), "training": N_("training"), "career": N_("career"), "job_security": N_("job security"), "diversity": N_("diversity"),
    "workplace": N_("workplace"), "tools": N_("tools"), "recruitment": N_("recruitment"),
}  # fmt: skip
#: Sub-ratings of the sites, by the names that these give them; those that are topics stand among the topics.
SUBRATINGS = {
    "compensation": N_("pay and benefits"), "salary": N_("pay and benefits"), "workLife": N_("work-life balance"), "security": N_("job security"), "skills": N_("training"),
    "satisfaction": N_("satisfaction with the work"), "atmosphere": N_("atmosphere"), "image": N_("image of the employer"), "environment": N_("environment and society"),
    "teamwork": N_("teamwork"), "oldColleagues": N_("older colleagues"), "workConditions": N_("working conditions"), "equality": N_("equality"), "tasks": N_("interesting tasks"),
}  # fmt: skip
HIDDEN_TOPICS = frozenset({"health"})
KINDS = {
    "daily": N_("Daily report"), "weekly": N_("Weekly report"), "monthly": N_("Monthly report"), "quarterly": N_("Quarterly report"),
    "board": N_("Report to the board"),
}  # fmt: skip


def place(source: str, url: str | None = None) -> str:
    """Return the name by which a reader knows where something stands; `url` is its address, where there is one."""
    if source not in _NO_SITE:
        return source
    from repwatch.text.query import host_of

    return host_of(url) or _(_NO_SITE[source])


def label(name: str) -> str:
    """Return a label of sentiment in the reader's language."""
    return _(LABELS[name]) if name in LABELS else name


def state(name: str) -> str:
    """Return a state of the coverage, or of an examination."""
    return _(STATES[name]) if name in STATES else name


def check(name: str) -> str:
    """Return what the doctor looked at, in the reader's language."""
    if name.startswith("credential "):
        return _("credential {name}", name=name.removeprefix("credential "))
    return _(CHECKS[name]) if name in CHECKS else name


def claimed(name: str) -> str:
    """Return whether a profile is claimed, in the reader's language."""
    return _(CLAIMED[name]) if name in CLAIMED else name


def metric(name: str) -> str:
    """Return what a metric is called at the head of a line; a sub-rating that is not ours keeps the site's name."""
    if name.startswith("subrating:"):
        part = name.partition(":")[2]
        return _("Rating · {name}", name=_(SUBRATINGS[part]) if part in SUBRATINGS else topic(part).replace("_", " "))
    return _(METRICS[name]) if name in METRICS else name


def topic(name: str) -> str:
    """Return a topic in the reader's language."""
    return _(TOPICS[name]) if name in TOPICS else name


def part(dimension: str, name: str) -> str:
    """Return what a part of a breakdown is called: a job family, a town, a country, a language or a source, in the reader's language."""
    if dimension == "place":
        return _(name) if town_name(name, spoken()) == name else town_name(name, spoken())
    if dimension in ("country", "lang") and name.isalpha() and len(name) == 2:
        from babel import Locale

        names = Locale(spoken()).territories if dimension == "country" else Locale(spoken()).languages
        return str(names.get(name, name))
    return place(name) if dimension == "source" else _(name)


def label_counted(name: str, n: int) -> str:
    """Return "3 positive", in the form that the count asks for."""
    forms = {
        "positive": n_("{n} positive", "{n} positive", n), "negative": n_("{n} negative", "{n} negative", n), "mixed": n_("{n} mixed", "{n} mixed", n),
        "neutral": n_("{n} neutral", "{n} neutral", n), "unclear": n_("{n} unclear", "{n} unclear", n), "unscored": n_("{n} unscored", "{n} unscored", n),
    }  # fmt: skip
    return forms.get(name, f"{n} {name}")


def things(kind: str, n: int) -> str:
    """Return "10 reviews": how many of a kind of item."""
    forms = {
        "review": n_("{n} review", "{n} reviews", n), "mention": n_("{n} mention", "{n} mentions", n), "interview": n_("{n} interview", "{n} interviews", n),
        "salary": n_("{n} salary", "{n} salaries", n), "profile": n_("{n} profile", "{n} profiles", n),
    }  # fmt: skip
    return forms.get(kind, f"{n} {kind}")
