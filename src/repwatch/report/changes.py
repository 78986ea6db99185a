"""What a comparison says in words: one sentence a verdict, and what the difference comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from repwatch.report import figures, words
from repwatch.report.document import Cell, Section, Tidy
from repwatch.wording import N_, _

_DIMENSIONS = {"source": N_("source"), "lang": N_("language"), "family": N_("job family"), "place": N_("place"), "country": N_("country")}


def sentence(row: Mapping[str, Any]) -> str:
    """Return the verdict on one row of `changes` as a sentence."""
    name = _name(row)
    before, after = _value(row["metric"], row["before"]), _value(row["metric"], row["after"])
    if row["verdict"] == "too_few":
        return _("{name}: too few to tell ({after_n} now, {before_n} before).", name=name, after_n=row["after"]["n"], before_n=row["before"]["n"])
    if row["verdict"] == "no_detectable_change":
        said = _("{name}: no detectable change, {after} now ({after_n}), {before} before ({before_n}).", name=name, after=after, before=before,
                 after_n=row["after"]["n"], before_n=row["before"]["n"])  # fmt: skip
        return f"{said} {_smallest(row)}".rstrip()
    form = _("{name} went up: {before} before ({before_n}), {after} now ({after_n}). The change is {change}.") if row["verdict"] == "up" else \
        _("{name} went down: {before} before ({before_n}), {after} now ({after_n}). The change is {change}.")  # fmt: skip
    return form.format_map({"name": name, "before": before, "after": after, "before_n": row["before"]["n"], "after_n": row["after"]["n"], "change": _change(row)}) + _scaled(row)


def _scaled(row: Mapping[str, Any]) -> str:
    """Say why a change in volume is not the difference of the two counts: days that were blind are taken into account."""
    before, after, change = row["before"]["value"], row["after"]["value"], row["change"]["value"]
    if row["metric"] != "volume" or None in (before, after, change) or abs(after - before - change) < 1:
        return ""
    return " " + _("It is told for equally many days on which the sources could be seen.")


def _smallest(row: Mapping[str, Any]) -> str:
    least = row["smallest_detectable"]
    return "" if least is None else _("With numbers like these only a change of about {least} shows.", least=_size(row["metric"], least))


def _name(row: Mapping[str, Any]) -> str:
    return " · ".join(filter(None, (words.metric(row["metric"]), words.topic(row["topic"]) if row["topic"] else "", words.place(row["source"]) if row["source"] else "")))


def _value(metric: str, figure: Mapping[str, Any]) -> str:
    if figure["value"] is None:
        return "–"
    if metric == "rating" or metric.startswith("subrating:"):
        return figures.rating(figure).text
    if metric == "net_sentiment":
        return figures.balance(figure).text
    if metric == "volume":
        return figures.count(figure["value"])
    return figures.share(figure["value"])


def _size(metric: str, value: float) -> str:
    if metric == "rating" or metric.startswith("subrating:"):
        return figures.number(value, 1)
    return figures.number(value) if metric == "volume" else _("{n} points", n=figures.number(value * 100))


def _change(row: Mapping[str, Any]) -> str:
    """Return "-0.6 (-0.9 to -0.2)", the size of a change with its interval."""
    change, metric = row["change"], row["metric"]
    scale = 1 if metric in ("rating", "volume") or ":" in metric else 100
    digits = 1 if metric == "rating" or ":" in metric else 0
    ends = [figures.number(change[name] * scale, digits, sign=True) for name in ("value", "low", "high") if change[name] is not None]
    return _("{value} ({low} to {high})", value=ends[0], low=ends[1], high=ends[2]) if len(ends) == 3 else "".join(ends[:1]) or "–"


def _mix(parts: Sequence[Mapping[str, Any]]) -> list[Section]:
    if not parts:
        return []
    rows = tuple((_(_DIMENSIONS[each["dimension"]]), figures.number(each["difference"], 2, sign=True), _part(each["mix"]), _part(each["opinion"]), words.part(each["dimension"], each["moved"]) if each["moved"] else figures.DASH) for each in parts)
    ends = ("value", "low", "high")
    columns = ("dimension", "difference", *(f"{side}_{end}" for side in ("mix", "opinion") for end in ends), "moved")
    tidy = Tidy(columns, tuple((each["dimension"], each["difference"], *(each[side][end] for side in ("mix", "opinion") for end in ends), each["moved"]) for each in parts))
    explained = _("Of the difference in rating, the mix comes from who speaks, the opinion from what they say.")
    return [Section("mix", _("Other people, or another opinion"), (_("By"), _("Difference"), _("From mix"), _("From opinion"), _("Moved most")), rows, before=(explained,), numbers=frozenset({1, 2, 3}), tidy=tidy)]


def _part(figure: Mapping[str, Any]) -> str:
    return _("{value} ({low} to {high})", **{name: figures.number(figure[name], 2, sign=True) for name in ("value", "low", "high")})


def _why(why: Mapping[str, Any]) -> list[Section]:
    told = [*((words.topic(each["topic"]), each) for each in why["topics"] if each["topic"] not in words.HIDDEN_TOPICS), *((each["word"], each) for each in why["words"])]
    rows = [(name, *(Cell(figures.count(each[when]), lead=each.get("mentions", {}).get(when, "")) for when in ("before", "after")), _example(each["quotes"])) for name, each in told]
    if not rows:
        return []
    texts = _("Said in how many texts ({before} before, {after} now); the words that tell the periods apart come first.", before=why["texts"]["before"], after=why["texts"]["after"])
    return [Section("why", _("What is said more, or less"), (_("Topic or word"), _("Before"), _("Now"), _("For example")), tuple(rows), before=(texts,), numbers=frozenset({1, 2}), tidy=_why_tidy([each for _name, each in told]))]


def _example(quotes: Sequence[Mapping[str, Any]]) -> Cell:
    return Cell(quotes[0]["excerpt"], url=quotes[0].get("url") or "") if quotes else Cell(figures.DASH)


def _why_tidy(told: Sequence[Mapping[str, Any]]) -> Tidy:
    """Return one row a quotation; a topic or word that none can be shown for has one row without."""
    names, quoted = ("topic", "word", "before", "after", "log_odds", "z"), ("source", "native_id", "published", "excerpt", "url")
    nothing: Mapping[str, Any] = {}
    return Tidy((*names, *quoted), tuple((*map(each.get, names), *map(quote.get, quoted)) for each in told for quote in each["quotes"] or (nothing,)))


def why_changed(data: Mapping[str, Any]) -> list[Section]:
    """Return what the difference comes from: who speaks, and what is said more or less."""
    return [*_mix(data.get("mix") or ()), *(_why(data["why"]) if data.get("why") else ())]
