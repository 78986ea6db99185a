"""Documents of the `privacy` commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from repwatch.report.document import Cell, Document, Section
from repwatch.report.figures import count, number
from repwatch.report.figures import day as told_day
from repwatch.report.words import label as label_of
from repwatch.text.clean import one_line
from repwatch.wording import N_, _, n_, told

if TYPE_CHECKING:
    from repwatch.config import Settings
    from repwatch.models import Consent
    from repwatch.pipeline.erasure import Forgotten
    from repwatch.pipeline.upkeep import Kept
    from repwatch.store.consents import Act


def status(data: Mapping[str, Any]) -> Document:
    """Return what is kept about people."""
    keys, consents, archives, retention = data["keys"], data["consents"], data["archives"], data["retention"]
    tombstones = _("parts of the pseudonyms' key; the tombstones' own key is there") if keys["tombstones"] else _("parts of the pseudonyms' key; the tombstones' own key is not needed yet")
    masked, broken = data["masked"], data["log_broken_at"]
    rows = (
        (_("Items"), count(data["items"]), _("without their text: {bare}; vanished from their site: {vanished}", bare=count(data["without_text"]), vanished=count(data["vanished"]))),
        (_("Oldest text"), told_day(data["oldest_text"]), n_("texts are kept {n} month, then the figures alone", "texts are kept {n} months, then the figures alone", retention["text_months"])),
        (_("Old texts of edited items"), count(data["revisions"]), n_("kept {n} day after they were replaced", "kept {n} days after they were replaced", retention["replaced_days"])),
        (_("Texts that are due"), Cell(count(data["due"]), "warn" if data["due"] else "good"), _("the next check lets them go, or: repwatch privacy retention")),
        (_("Authors"), count(data["authors"]), _("pseudonyms: personal data all the same")),
        (_("Identifiers"), Cell(_("masked") if masked else _("not yet masked"), "good" if masked else "warn"), _("the next check masks what was stored before, or: repwatch privacy mask --stored")),
        (_("Keys"), count(keys["pseudonyms"]), tombstones),
        (_("Tombstones"), count(data["tombstones"]), _("digests of what was forgotten and may not come back")),
        (_("Consents"), count(consents["in_force"]), _("in force; ended: {ended}", ended=count(consents["ended"]))),
        (_("Archives"), count(archives["files"]), n_("{size} MB of pages as received, kept {n} day", "{size} MB of pages as received, kept {n} days", retention["archive_days"], size=number(archives["bytes"] / 1e6, 1))),
        (_("Log"), Cell(_("broken") if broken else _("whole"), "bad" if broken else "good"), n_("{n} act: repwatch privacy audit", "{n} acts: repwatch privacy audit", data["acts"])),
    )  # fmt: skip
    return Document("privacy status", _("What is kept about people"), (Section("status", "", (_("What"), _("Now"), _("Meaning")), rows),), dict(data))


def would_forget(count: int, ids: Sequence[int]) -> Document:
    """Return what a forget would do."""
    title = n_("{n} item would be forgotten. Nothing was changed.", "{n} items would be forgotten. Nothing was changed.", count)
    return Document("privacy forget", title, (), {"items": count, "ids": list(ids)[:1000]})


def forgotten(result: Forgotten) -> Document:
    """Return what was forgotten, and what still stands."""
    records = sum(each["records"] for each in result.archives.values())
    rows = (
        (_("Items"), count(result.items)), (_("Pages in archives"), count(records)), (_("Files"), count(len(result.files))), (_("Rows that named it"), count(result.rows)),
        (_("Tombstones"), count(result.tombstones)),
    )  # fmt: skip
    data = {**result._asdict(), "files": list(result.files), "left": list(result.left), "proved": bool(result.items) and not result.left}
    done = Section("done", "", (_("Removed"), _("Number")), rows, numbers=frozenset({1}))
    title = n_("{n} item forgotten", "{n} items forgotten", result.items)
    if not result.left:
        proved = _("Proved: no file of the data folder holds the text any more.") if result.items else _("Nothing that fits was stored, so no file was searched for its text.")
        return Document("privacy forget", title, (done,), data, closing=proved)
    left = Section("left", _("Still there"), (_("File"),), tuple((Cell(name, "bad"),) for name in result.left), after=(_("These files are not repwatch's own to remove. Remove them yourself."),))
    title += ". " + n_("The text still stands in {n} file.", "The text still stands in {n} files.", len(result.left))
    return Document("privacy forget", title, (done, left), data)


def kept(done: Kept, settings: Settings) -> Document:
    """Return what retention let go."""
    privacy = settings.privacy
    rows = (
        (n_("Texts held for {n} month", "Texts held for {n} months", privacy.text_months), count(done.aged)),
        (n_("Texts of items vanished for {n} day", "Texts of items vanished for {n} days", privacy.vanished_days), count(done.vanished)),
        (n_("Old texts replaced {n} day ago", "Old texts replaced {n} days ago", privacy.replaced_days), count(done.replaced)),
        (n_("Archives older than {n} day", "Archives older than {n} days", settings.archive_days), count(done.archives)),
        (_("Items masked"), count(done.masked)), (_("Consents to take part that ended a month ago"), count(done.ended)),
    )  # fmt: skip
    table = Section("done", "", (_("Let go"), _("Number")), rows, numbers=frozenset({1}))
    return Document("privacy retention", _("What was due is gone; the figures stay."), (table,), done._asdict())


def log(acts: Sequence[Act], broken: int | None) -> Document:
    """Return the log of acts, and whether it is as it was written: its own words, which the digests cover, stay as they are."""
    rows = tuple((str(each.number), each.at, each.action, ", ".join(f"{name} {_short(value)}" for name, value in each.detail.items()), each.digest[:12]) for each in acts)
    title = n_("{n} act, the log is whole", "{n} acts, the log is whole", len(acts)) if broken is None else _("The log was changed from line {line} on", line=broken)
    data = {"acts": [each._asdict() for each in acts], "broken_at": broken}
    columns = (_("No"), _("When"), _("What"), _("How much"), _("Digest"))
    return Document("privacy audit", title, (Section("acts", "", columns, rows, numbers=frozenset({0})),), data)


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return str(len(value))
    return "+".join(map(str, value)) if isinstance(value, list) else str(value)


def consents(found: Sequence[Consent], day: date) -> Document:
    """Return the consents on record."""
    rows = tuple((each.who, each.purpose, told_day(each.given.isoformat()), Cell(told_day(each.expires.isoformat()), "" if each.holds(day) else "bad"), each.how, ", ".join(each.accounts)) for each in found)
    in_force = sum(each.holds(day) for each in found)
    title = n_("{n} consent in force", "{n} consents in force", in_force) if found else _("Nobody is on record as having agreed to anything.")
    columns = (_("Who"), _("To what"), _("Since"), _("Until"), _("How asked"), _("Accounts"))
    return Document("privacy consent", title, (Section("consents", "", columns, rows),),
                    {"consents": [{**each.model_dump(mode="json"), "in_force": each.holds(day)} for each in found]})  # fmt: skip


_LABELS = {"published": N_("published"), "url": N_("address"), "title": N_("title"), "text": N_("text"), "pros": N_("pros"), "cons": N_("cons"), "advice": N_("advice to management"),
           "body": N_("text"), "process": N_("how it went"), "rating": N_("rating"), "job_title": N_("job title"), "location": N_("place"), "author": N_("pseudonym")}  # fmt: skip
_TYPES = {"review": N_("{number}. Review on {source} (item {item}), about {employers}"), "mention": N_("{number}. Mention on {source} (item {item}), about {employers}"),
          "interview": N_("{number}. Interview on {source} (item {item}), about {employers}"), "": N_("{number}. {type} on {source} (item {item}), about {employers}")}  # fmt: skip


def access_text(data: Mapping[str, Any]) -> str:
    """Return an answer to a request for access as a text to read."""
    heading = _("What is held")
    asked = ", ".join(f"{name} {', '.join(map(str, value)) if isinstance(value, list | tuple) else value}" for name, value in data["asked"].items())
    lines = [heading, "=" * len(heading), _("Written on {day}. Asked for: {asked}.", day=data["written"], asked=asked), ""]
    known = data["consents"] or data.get("takes_part")
    lines.append(_("No text is held.") if known and not data["items"] else _held(data["by_source"], len(data["items"])))
    for place, item in enumerate(data["items"], 1):
        lines += ["", *_item(place, item)]
    for each in data["consents"]:
        consent = _("Consent to {purpose}: given on {given}, until {expires}, asked {how}.", purpose=each["purpose"], given=told_day(each["given"]), expires=told_day(each["expires"]), how=each["how"])
        lines += ["", consent]
    for each in data.get("takes_part", ()):
        lines += ["", *_part(each)]
    if data["archived_pages"]:
        lines += ["", _("Pages as received that show it:")]
        lines += ["   " + _("{url} ({archive}, fetched {fetched})", url=page["url"], archive=page["archive"], fetched=page["fetched"]) for page in data["archived_pages"]]
    return "\n".join(lines) + "\n"


def _held(by_source: Mapping[str, int], items: int) -> str:
    if not items:
        return _("Nothing is held.")
    return n_("{n} item: {sources}.", "{n} items: {sources}.", items, sources=", ".join(_("{n} from {source}", n=count(many), source=source) for source, many in by_source.items()))


def _item(place: int, item: Mapping[str, Any]) -> list[str]:
    employers = ", ".join(filter(None, item["employers"])) or _("no employer")
    lines = [_(_TYPES.get(item["type"], _TYPES[""]), number=place, type=item["type"], source=item["source"], item=item["id"], employers=employers)]
    lines += ["   " + _("{what}: {value}", what=_(label), value=one_line(str(item[name]))) for name, label in _LABELS.items() if item.get(name)]
    if item["score"]:
        lines.append("   " + _("sentiment given by the program: {label}", label=label_of(item["score"]["label"])))
    lines.append("   " + _("first seen: {day}", day=item["first_seen"]))
    if item["vanished"]:
        lines.append("   " + _("vanished: {day}", day=item["vanished"]))
    for old in item["revisions"]:
        said = one_line(" ".join(str(old["data"][name]) for name in ("title", "text", "pros", "cons", "body") if old["data"].get(name)))
        lines.append("   " + _("said before {day}: {text}", day=old["replaced"], text=said))
    return lines


def _part(each: Mapping[str, Any]) -> list[str]:
    lines = [_("Takes part in {purpose} since {day} ({state}).", purpose=told(each["purpose"]), day=told_day(each["joined"]), state=told(each["state"]))]
    if any(each[name] for name in ("relays", "standings", "goals")):
        counts = {name: count(len(each[name])) for name in ("relays", "standings", "goals")}
        lines.append("   " + _("On record: relays {relays}, standings {standings}, goals {goals}; the whole stands in --format json.", **counts))
    return lines
