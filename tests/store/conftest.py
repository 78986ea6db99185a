"""A store on a real file, and short ways to say what was seen."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from repwatch.models import AnyItem, Interview, Mention, Profile, Review, Score, TopicScore
from repwatch.store import Seen, Store

NOON = "2026-11-03T12:00:00Z"
LATER = "2026-11-09T12:00:00Z"


def review(native_id: str | None = "r1", **fields: Any) -> Review:
    return Review(
        **{
            "source": "indeed",
            "employer": "Acme",
            "published": "2026-11-02",
            "rating": 4,
            "title": "Fine",
            "body": "Good people.",
            "native_id": native_id,
        }
        | fields
    )


def mention(native_id: str | None = "m1", **fields: Any) -> Mention:
    return Mention(
        **{
            "source": "hackernews",
            "published": "2026-11-02T08:00:00Z",
            "text": "Acme hires again",
            "lang": "en",
            "native_id": native_id,
        }
        | fields
    )


def interview(native_id: str | None = "i1", **fields: Any) -> Interview:
    return Interview(
        **{
            "source": "glassdoor",
            "published": "2026-10",
            "process": "Two talks",
            "questions": ("Why us?",),
            "native_id": native_id,
        }
        | fields
    )


def profile(**fields: Any) -> Profile:
    return Profile(
        **{
            "source": "kununu",
            "employer": "Acme",
            "native_id": "acme",
            "domain": "kununu.com",
            "rating": 3.6,
            "review_count": 40,
            "observed": "2026-11-02",
        }
        | fields
    )


def score(label: str = "positive", scorer: str = "v1", **fields: Any) -> Score:
    return Score(
        **{
            "label": label,
            "polarity": 0.5,
            "confidence": 0.75,
            "lang": "en",
            "topics": (TopicScore(topic="pay", polarity=-0.25),),
            "evidence": ("good",),
            "scorer": scorer,
        }
        | fields
    )


def seen(item: AnyItem, *employers: str, score: Score | None = None, at: str = NOON, **past: Any) -> Seen:
    return Seen(item, employers or ("Acme",), score, at, **past)


_ITEM = TypeAdapter(AnyItem)


def from_line(line: dict[str, Any]) -> Seen:
    """Read a line of an export as an import does."""
    data = json.loads(json.dumps(line))
    past = {name: data.pop(name) for name in ("score", "first_seen", "vanished", "revisions")}
    models = {"review": Review, "mention": Mention, "interview": Interview, "profile": Profile}
    item = (
        models[data["type"]].model_validate(data) if data["type"] in models else _ITEM.validate_python(data)
    )
    return Seen(
        item,
        (item.employer,) if item.employer else (),
        Score.model_validate(past["score"]) if past["score"] else None,
        "2027-01-01T00:00:00Z",
        past["first_seen"],
        past["vanished"],
        tuple(past["revisions"]),
    )


def as_bytes(store: Store, **wanted: Any) -> bytes:
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in store.export(**wanted)).encode()


Rows = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    with Store.open(folder) as store:
        yield store


@pytest.fixture
def rows(folder: Path) -> Rows:
    """Ask the file itself."""

    def ask(statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(folder / "repwatch.db")) as connection:
            return connection.execute(statement, values).fetchall()

    return ask


def run_of(store: Store, kind: str = "check") -> int:
    return store.begin_run(kind, NOON, {})
