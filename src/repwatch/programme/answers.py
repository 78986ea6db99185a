"""Reviews that wait for an answer: whether one is worth it, and a draft from reviewed building blocks.

A draft thanks, names the topics, leaves a blank for what is done, and offers a contact. It never speaks of who wrote the review.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from hashlib import blake2b
from importlib import resources
from typing import Any, Literal, NamedTuple

from repwatch.errors import UsageError
from repwatch.wording import _

LANGUAGES = ("en", "fr", "nl", "de")
Worth = Literal["yes", "brief", "claim_first", "no"]
#: After so many days hardly anybody reads an answer as one.
STALE_DAYS = 365
#: Topics that a draft names; more would read like a list.
_NAMED = 2
_SURE = 0.1


class Verdict(NamedTuple):
    """Whether an answer is worth it, and the reason by its name."""

    worth: Worth
    reason: str


class Draft(NamedTuple):
    """A draft of an answer: its language, its text, and the blanks that a person has to fill."""

    lang: str
    text: str
    blanks: tuple[str, ...]


def worth_answering(review: Mapping[str, Any], *, age_days: int | None, claimed: str = "unknown") -> Verdict:
    """Judge whether a review is worth an answer. `claimed` is the state of the employer's profile on that site."""
    if claimed == "unclaimed":
        return Verdict("claim_first", "unclaimed")
    if not _written(review):
        return Verdict("no", "wordless")
    if age_days is not None and age_days > STALE_DAYS:
        return Verdict("no", "old")
    label = _label(review)
    if label == "positive":
        return Verdict("brief", "praise")
    if topics(review)[1]:
        return Verdict("yes", "names_topics")
    return Verdict("yes", "criticism") if label in ("negative", "mixed") else Verdict("brief", "unclear")


def age(published: str | None, today: date) -> int | None:
    """Return the days since a review was published, None without a date; a month counts from its first day."""
    if not published:
        return None
    return (today - date.fromisoformat(f"{published}-01" if len(published) == 7 else published[:10])).days


def topics(review: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return the topics that a review praises and those that it blames, the strongest first."""
    told = sorted((review.get("score") or {}).get("topics") or (), key=lambda row: (-abs(row["polarity"]), row["topic"]))
    return [row["topic"] for row in told if row["polarity"] > _SURE], [row["topic"] for row in told if row["polarity"] < -_SURE]


def draft(review: Mapping[str, Any], *, contact: str | None = None, lang: str | None = None) -> Draft:
    """Write a draft in the review's language, or in `lang`. Raises UsageError where neither is one of ours."""
    spoken = lang or (review.get("lang") or "")
    if spoken not in LANGUAGES:
        raise UsageError(_("there are no building blocks in the language {lang}", lang=spoken) if spoken else _("the language of this review is not known"), hint=_("Name one with --lang: {names}.", names=", ".join(LANGUAGES)))
    blocks = _blocks(spoken)
    tone = {"positive": "positive", "negative": "negative"}.get(_label(review), "mixed")
    praised, blamed = topics(review)
    if tone == "positive":
        blamed = []
    blanks = _blanks(blocks, tone, blamed, contact)
    offer = [blocks["contact"]["named"].format(contact=contact)] if contact and tone != "positive" else []
    parts = [_pick(blocks["thanks"][tone], review), _lead(blocks, praised[:_NAMED], blamed[:_NAMED]), *blanks[: 1 if tone != "positive" else 0], _pick(blocks["close"][tone], review),
             *offer, *blanks[1:]]  # fmt: skip
    return Draft(spoken, "\n".join(part for part in parts if part), tuple(blanks))


def _blanks(blocks: Mapping[str, Any], tone: str, blamed: Sequence[str], contact: str | None) -> list[str]:
    """Return what a person has to say: what is done, and whom to write to. Praise needs neither."""
    if tone == "positive":
        return []
    done = blocks["done"]["blame"].format(topic=_named(blocks, blamed[:1])) if blamed else blocks["done"]["nothing_named"]
    return [done] if contact else [done, blocks["contact"]["blank"]]


def _lead(blocks: Mapping[str, Any], praised: Sequence[str], blamed: Sequence[str]) -> str:
    lead = blocks["lead"]
    if praised and blamed:
        return str(lead["both"].format(praised=_named(blocks, praised), blamed=_named(blocks, blamed)))
    if praised or blamed:
        return str(lead["praise" if praised else "blame"].format(topics=_named(blocks, praised or blamed)))
    return ""


def _named(blocks: Mapping[str, Any], names: Sequence[str]) -> str:
    return f" {blocks['words']['and']} ".join(blocks["topics"][name] for name in names)


def _label(review: Mapping[str, Any]) -> str:
    return str((review.get("score") or {}).get("label") or "unclear")


def _written(review: Mapping[str, Any]) -> bool:
    return any((review.get(name) or "").strip() for name in ("pros", "cons", "advice", "body"))


def _pick(variants: Sequence[str], review: Mapping[str, Any]) -> str:
    """Choose by the review's own id: the same review gets the same words, neighbours get others."""
    digest = blake2b(f"{review.get('source')}|{review.get('identity')}".encode("utf-8", "replace"), digest_size=4).digest()
    return variants[int.from_bytes(digest, "big") % len(variants)]


@cache
def _blocks(lang: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("repwatch.programme").joinpath("blocks", f"{lang}.toml").read_text("utf-8"))
