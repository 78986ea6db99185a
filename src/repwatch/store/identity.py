"""Which sights are of one item, and what a second sight changes. Pure: dictionaries in, dictionaries out.

Data here is `item.model_dump(mode="json")`, the form in which items are stored.
"""

from __future__ import annotations

import json
from datetime import date
from hashlib import blake2b
from typing import Any

Data = dict[str, Any]

#: What marks an id that was derived from the content.
DERIVED = "x:"
#: A change of these alone is no revision: who is meant, and counts that move on their own.
SILENT = frozenset({"employer", "employer_id", "helpful", "engagement", "native_id"})
#: What a scorer reads.
WORDS = ("title", "text", "pros", "cons", "advice", "body", "process", "questions")
#: What tells two items apart when nobody wrote more than a title.
_WORDLESS = ("rating", "job_title", "location", "status", "experience", "difficulty", "outcome", "url")
_TOLD = frozenset({"title", "text", "pros", "cons", "advice", "body", "process", "questions", "author", "job_title", "location"})
_SALARY = ("job_title", "country", "currency", "period", "location")
_EMPTY: tuple[Any, ...] = (None, "", [], {})
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
#: What customers write is no word on work: their reviews are counted apart, under this name.
CUSTOMER = "customer"
_ROLLED_UP = frozenset({"review", "mention", "interview", CUSTOMER})


def dumps(value: Any) -> str:
    """Write JSON as the store keeps it: compact, letters as they are."""
    return _ENCODER.encode(value)


def is_derived(native_id: str | None) -> bool:
    """Tell whether an id is none, or one that this store made up."""
    return not native_id or native_id.startswith(DERIVED)


def derive(data: Data, employer: str) -> str:
    """Return the id of an item without one: "x:" and a digest of source, type, employer, date, title and text."""
    if data["type"] == "salary":
        content = [data.get(name) for name in _SALARY]
    else:
        content = [data.get(name) for name in WORDS]
        # A title alone ("Team lead") is no more than a rating is: two people may bear it in the same month.
        if all(part in _EMPTY for part in content[1:]):
            content = [*content[:1], *(data.get(name) for name in _WORDLESS)]
    published = (data.get("published") or "")[:10]
    parts = [data["source"], data["type"], employer, published, *content]
    normal = dumps([_normal(part) for part in parts])
    return DERIVED + blake2b(normal.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _normal(part: Any) -> Any:
    if isinstance(part, str):
        return " ".join(part.split()).casefold()
    if isinstance(part, list):
        return [_normal(one) for one in part]
    return part or ""


def merge(old: Data, new: Data) -> Data:
    """Lay `new` over `old`: what `new` does not show stays, and a date never loses precision."""
    merged = dict(old)
    for name, value in new.items():
        before = old.get(name)
        if value in _EMPTY:
            merged.setdefault(name, value)
        elif isinstance(value, dict) and isinstance(before, dict):
            merged[name] = {**before, **value}
        elif name == "published" and before and before.startswith(value):
            continue
        else:
            merged[name] = value
    return merged


def says_the_same(old: Data, new: Data) -> bool:
    """Tell whether two states of an item differ in nothing but the silent fields."""
    return all(old.get(name) == new.get(name) for name in {*old, *new} - SILENT)


def same_words(old: Data, new: Data) -> bool:
    """Tell whether a scorer would read the same."""
    return all(old.get(name) == new.get(name) for name in WORDS)


def day_of(published: str | None) -> tuple[str, str]:
    """Return the day an item counts for and the precision of its date: ("", "") when undated."""
    if not published:
        return "", ""
    if len(published) == 7:
        return published + "-01", "month"
    return published[:10], "day"


def stars_of(data: Data) -> int | None:
    """Return a review's rating in tenths on a scale of five, rounded half up: 3.55 of 5 is 36."""
    rating, scale = data.get("rating"), data.get("rating_scale")
    if data["type"] != "review" or rating is None or not scale:
        return None
    return tenths_of(rating, scale)


def facts_of(data: Data) -> list[tuple[str, str]]:
    """Return what else a review counts for, as (what, bucket): recommendation, CEO, sub-ratings, wait for an answer."""
    if data["type"] != "review":
        return []
    facts = [("wait", wait_of(data.get("published"), dumps(data.get("responses") or [])))]
    if data.get("recommend") is not None:
        facts.append(("recom", "yes" if data["recommend"] else "no"))
    if data.get("ceo_approval"):
        facts.append(("ceo", data["ceo_approval"]))
    scale = data.get("rating_scale") or 5
    facts += [("sub", f"{name}|{tenths_of(value, scale)}") for name, value in (data.get("subratings") or {}).items()]
    return facts


def tenths_of(rating: float, scale: int) -> int:
    """Return a rating in tenths on a scale of five, rounded half up: 3.55 of 5 is 36."""
    return int(rating * 50 / scale + 0.5 + 1e-9)


def wait_of(published: str | None, responses: str) -> str:
    """Return the days from a review to the first answer (JSON list): "open" without one, "answered" where no day is told."""
    answers = json.loads(responses)
    if not answers:
        return "open"
    try:
        days = [date.fromisoformat((each.get("published") or "")[:10]) for each in answers]
        return str(max(0, (min(days) - date.fromisoformat((published or "")[:10])).days))
    except ValueError:
        return "answered"


def topic_bucket(topic: str, polarity: float) -> str:
    """Return a topic with how it is spoken of: "pay|positive", negative or neutral."""
    return f"{topic}|{'positive' if polarity > 0.1 else 'negative' if polarity < -0.1 else 'neutral'}"


def more_words(data: Data) -> str:
    """Return the words that stand in lists: what was asked in an interview, what the employer answered."""
    answers = [response["text"] for response in data.get("responses") or ()]
    return "\n".join([*(data.get("questions") or ()), *answers])


def without_text(data: Data) -> Data:
    """Return the facts of an item: no words of its author or of the employer, no pseudonym, no job title."""
    kept = {name: value for name, value in data.items() if name not in _TOLD}
    kept |= dict.fromkeys(data.keys() & _TOLD)
    if "text" in data:
        kept["text"] = ""
    if "questions" in data:
        kept["questions"] = []
    if data.get("responses"):
        kept["responses"] = [{**response, "text": ""} for response in data["responses"]]
    # In the order in which they stood: an export of the same store has the same bytes.
    return {name: kept[name] for name in data}


def counted_as(data: Data) -> str:
    """Return the type under which an item counts."""
    return CUSTOMER if data.get("voice") == CUSTOMER else str(data["type"])


def is_rolled_up(kind: str) -> bool:
    """Tell whether items of this type are counted in the daily roll-ups."""
    return kind in _ROLLED_UP
