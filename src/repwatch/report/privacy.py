"""Documents of the `privacy` commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from repwatch.report.document import Cell, Document, Section
from repwatch.text.clean import one_line

if TYPE_CHECKING:
    from repwatch.config import Settings
    from repwatch.models import Consent
    from repwatch.pipeline.erasure import Forgotten
    from repwatch.pipeline.upkeep import Kept
    from repwatch.store.consents import Act


def status(data: Mapping[str, Any]) -> Document:
    """Return what is kept about people."""
    keys, consents, archives, retention = data["keys"], data["consents"], data["archives"], data["retention"]
    rows = (
        ("Items", str(data["items"]), f"{data['without_text']} of them without their text, {data['vanished']} vanished from their site"),
        ("Oldest text", (data["oldest_text"] or "–")[:10], f"texts are kept {retention['text_months']} months, then the figures alone"),
        ("Old texts of edited items", str(data["revisions"]), f"kept {retention['replaced_days']} days after they were replaced"),
        ("Texts that are due", Cell(str(data["due"]), "warn" if data["due"] else "good"), "the next check lets them go, or: repwatch privacy retention"),
        ("Authors", str(data["authors"]), "pseudonyms: personal data all the same"),
        ("Identifiers", Cell("masked" if data["masked"] else "not yet masked", "good" if data["masked"] else "warn"), "the next check masks what was stored before, or: repwatch privacy mask --stored"),
        ("Keys", str(keys["pseudonyms"]), f"parts of the pseudonyms' key; the tombstones' own key is {'there' if keys['tombstones'] else 'not needed yet'}"),
        ("Tombstones", str(data["tombstones"]), "digests of what was forgotten and may not come back"),
        ("Consents", str(consents["in_force"]), f"in force, {consents['ended']} ended"),
        ("Archives", str(archives["files"]), f"{archives['bytes'] / 1e6:.1f} MB of pages as received, kept {retention['archive_days']} days"),
        ("Log", Cell("broken" if data["log_broken_at"] else "whole", "bad" if data["log_broken_at"] else "good"), f"{data['acts']} acts: repwatch privacy audit"),
    )
    return Document("privacy status", "What is kept about people", (Section("status", "", ("What", "Now", "Meaning"), rows),), dict(data))


def would_forget(count: int, ids: Sequence[int]) -> Document:
    """Return what a forget would do."""
    return Document("privacy forget", f"{count} items would be forgotten. Nothing was changed.", (), {"items": count, "ids": list(ids)[:1000]})


def forgotten(result: Forgotten) -> Document:
    """Return what was forgotten, and what still stands."""
    records = sum(each["records"] for each in result.archives.values())
    rows = (
        ("Items", str(result.items)), ("Pages in archives", str(records)), ("Files", str(len(result.files))), ("Rows that named it", str(result.rows)),
        ("Tombstones", str(result.tombstones)),
    )  # fmt: skip
    data = {**result._asdict(), "files": list(result.files), "left": list(result.left), "proved": not result.left}
    if not result.left:
        proof = "Proved: no file of the data folder holds the text any more."
        return Document("privacy forget", f"{result.items} items forgotten", (Section("done", "", ("Removed", "Number"), rows, numbers=frozenset({1})),), data, closing=proof)
    left = Section("left", "Still there", ("File",), tuple((Cell(name, "bad"),) for name in result.left), after=("These files are not repwatch's own to remove. Remove them yourself.",))
    return Document("privacy forget", f"{result.items} items forgotten, but the text still stands in {len(result.left)} files",
                    (Section("done", "", ("Removed", "Number"), rows, numbers=frozenset({1})), left), data)  # fmt: skip


def kept(done: Kept, settings: Settings) -> Document:
    """Return what retention let go."""
    privacy = settings.privacy
    rows = (
        (f"Texts held for {privacy.text_months} months", str(done.aged)), (f"Texts of items vanished for {privacy.vanished_days} days", str(done.vanished)),
        (f"Old texts replaced {privacy.replaced_days} days ago", str(done.replaced)), (f"Archives older than {settings.archive_days} days", str(done.archives)),
        ("Items masked", str(done.masked)),
    )  # fmt: skip
    return Document("privacy retention", "What was due is gone; the figures stay.", (Section("done", "", ("Let go", "Number"), rows, numbers=frozenset({1})),), done._asdict())


def log(acts: Sequence[Act], broken: int | None) -> Document:
    """Return the log of acts, and whether it is as it was written."""
    rows = tuple((str(each.number), each.at, each.action, ", ".join(f"{name} {_short(value)}" for name, value in each.detail.items()), each.digest[:12]) for each in acts)
    title = f"{len(acts)} acts, the log is whole" if broken is None else f"The log was changed from line {broken} on"
    data = {"acts": [each._asdict() for each in acts], "broken_at": broken}
    return Document("privacy audit", title, (Section("acts", "", ("No", "When", "What", "How much", "Digest"), rows, numbers=frozenset({0})),), data)


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return str(len(value))
    return "+".join(map(str, value)) if isinstance(value, list) else str(value)


def consents(found: Sequence[Consent], day: date) -> Document:
    """Return the consents on record."""
    rows = tuple((each.who, each.purpose, each.given.isoformat(), Cell(each.expires.isoformat(), "" if each.holds(day) else "bad"), each.how, ", ".join(each.accounts)) for each in found)
    title = f"{sum(each.holds(day) for each in found)} consents in force" if found else "Nobody is on record as having agreed to anything."
    return Document("privacy consent", title, (Section("consents", "", ("Who", "To what", "Since", "Until", "How asked", "Accounts"), rows),),
                    {"consents": [{**each.model_dump(mode="json"), "in_force": each.holds(day)} for each in found]})  # fmt: skip


_LABELS = {"published": "published", "url": "address", "title": "title", "text": "text", "pros": "pros", "cons": "cons", "advice": "advice to management", "body": "text",
           "process": "how it went", "rating": "rating", "job_title": "job title", "location": "place", "author": "pseudonym"}  # fmt: skip


def access_text(data: Mapping[str, Any]) -> str:
    """Return an answer to a request for access as a text to read."""
    lines = ["What is held", "============", f"Written on {data['written']}. Asked for: {', '.join(f'{name} {value}' for name, value in data['asked'].items())}.", ""]
    lines.append(f"{len(data['items'])} items: " + (", ".join(f"{count} from {source}" for source, count in data["by_source"].items()) or "nothing is held") + ".")
    for number, item in enumerate(data["items"], 1):
        lines += ["", f"{number}. {item['type']} on {item['source']} (item {item['id']}), about {', '.join(filter(None, item['employers'])) or 'no employer'}"]
        lines += [f"   {label}: {one_line(str(item[name]))}" for name, label in _LABELS.items() if item.get(name)]
        if item["score"]:
            lines.append(f"   sentiment given by the program: {item['score']['label']}")
        lines.append(f"   first seen: {item['first_seen']}" + (f"; vanished: {item['vanished']}" if item["vanished"] else ""))
        lines += [f"   said before {old['replaced']}: {one_line(' '.join(str(old['data'][name]) for name in ('title', 'text', 'pros', 'cons', 'body') if old['data'].get(name)))}" for old in item["revisions"]]
    for consent in data["consents"]:
        lines += ["", f"Consent to {consent['purpose']}: given on {consent['given']}, until {consent['expires']}, asked {consent['how']}."]
    if data["archived_pages"]:
        lines += ["", "Pages as received that show it:"]
        lines += [f"   {page['url']} ({page['archive']}, fetched {page['fetched']})" for page in data["archived_pages"]]
    return "\n".join(lines) + "\n"
