"""Scoring after the fact: a new scorer reads what an older one read, and people correct what it said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from repwatch.analysis.evaluation import Judged
from repwatch.errors import UsageError
from repwatch.models import PERSON, TOPICS, AnyItem, Mention, Score, TopicScore
from repwatch.pipeline.scorers import Scorer, score_of
from repwatch.store import Store
from repwatch.wording import _

#: Items that are scored between two commits; Ctrl-C loses at most these.
PORTION = 2_000
_ITEM: TypeAdapter[AnyItem] = TypeAdapter(Annotated[AnyItem, Field(discriminator="type")])
_SIDE = {"positive": 0.8, "negative": -0.8}
LABELS = ("positive", "negative", "neutral", "mixed")


def rescore(store: Store, run: int, scorer: Scorer, limit: int | None = None, *, total: Callable[[int], None] = lambda _: None, done: Callable[[object], None] = lambda _: None) -> int:
    """Let the scorer of today read what older ones read, at most `limit` items; return how many it read.

    What is done is kept at once: a later call goes on where this one stopped.
    """
    total(min(store.count_outdated(scorer.version), limit if limit is not None else 1 << 60))
    count = 0
    while limit is None or count < limit:
        portion = store.outdated(scorer.version, min(PORTION, (limit or count + PORTION) - count))
        if not portion:
            break
        items = [(item_id, _ITEM.validate_python(row)) for item_id, row in portion]
        scorer.warm([item for _, item in items])
        scores = [(item_id, score_of(item, scorer)) for item_id, item in items]
        store.score(run, scores)
        count += len(scores)
        for each in scores:
            done(each)
    return count


def human_score(label: str, topics: Sequence[str], lang: str | None = None) -> Score:
    """Return what a person said as a score. A topic is `pay` or `pay:negative`; without a side it takes that of the label.

    Raises UsageError for a label or topic that is not ours.
    """
    if label not in LABELS:
        raise UsageError(_("{text} is no label", text=repr(label)), hint=_("Use one of: {names}.", names=", ".join(LABELS)))
    told = []
    for topic in topics:
        name, _colon, side = topic.partition(":")
        if name not in TOPICS or (side and side not in LABELS):
            raise UsageError(_("--topic {topic}: there is no such topic or label", topic=topic), hint=_("Topics: {names}; with a side: pay:negative.", names=", ".join(TOPICS)))
        told.append(TopicScore(topic=name, polarity=_SIDE.get(side or label, 0.0)))
    return Score(lang=lang, label=label, polarity=_SIDE.get(label, 0.0), confidence=1.0, topics=tuple(told), scorer=PERSON)  # type: ignore[arg-type]  # one of LABELS


def scored_again(scorer: Scorer, data: dict[str, Any]) -> Score:
    """Return what the scorer of today says of a stored item."""
    return score_of(_ITEM.validate_python(data), scorer)


def on_corrections(store: Store, scorer: Scorer) -> Iterator[Judged]:
    """Yield each correction that still stands beside what the scorer says of its words alone, without the stars."""
    for each in store.corrections():
        if each.stands:
            bare = {"rating": None, "recommend": None} if each.data["type"] == "review" else {}
            item = _ITEM.validate_python({**each.data, **bare})
            yield _judged(each.label, scorer.score(item, why=False), item.lang or "", item.source)


def on_texts(rows: Iterable[dict[str, str]], scorer: Scorer) -> Iterator[Judged]:
    """Yield what the scorer says of labelled texts: rows of text, label, and perhaps lang and source."""
    for some in _portions(rows):
        items = [Mention(source=row.get("source") or "file", text=row["text"], lang=row.get("lang") or None) for row in some]
        scorer.warm(items)
        for row, item in zip(some, items, strict=True):
            yield _judged(row["label"], scorer.score(item, why=False), row.get("lang") or "", row.get("source") or "")


def _portions(rows: Iterable[dict[str, str]]) -> Iterator[list[dict[str, str]]]:
    """Cut rows into portions."""
    waiting = iter(rows)
    while some := list(islice(waiting, PORTION)):
        yield some


def _judged(truth: str, said: Score, lang: str, source: str) -> Judged:
    return Judged(truth, said.label, said.polarity, said.confidence, lang or said.lang or "", source)
