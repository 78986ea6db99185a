"""Which scorer reads: the built-in one, or a transformer that the settings name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from repwatch.models import Item, Mention, Score
from repwatch.text.scorer import SCORER, score_item

if TYPE_CHECKING:
    from repwatch.config import Loaded


class Scorer(Protocol):
    """What scores items. `warm` may read many at once before they are asked for one by one; without `why` there is no evidence."""

    version: str

    def warm(self, items: Sequence[Item]) -> None: ...
    def score(self, item: Item, *, why: bool = True) -> Score: ...


class BuiltIn:
    """The scorer that ships with repwatch."""

    version = SCORER

    def warm(self, items: Sequence[Item]) -> None:
        """Need no warning."""

    def score(self, item: Item, *, why: bool = True) -> Score:
        """Score one item."""
        return score_item(item, why=why)


BUILT_IN = BuiltIn()


def score_of(item: Item, scorer: Scorer) -> Score:
    """Return the score of an item. What the employer itself wrote is read by no scorer: it says nothing of its reputation."""
    if isinstance(item, Mention) and item.own:
        return Score(lang=item.lang, label="unscored", scorer=scorer.version)
    return scorer.score(item)


@contextmanager
def scorer_of(loaded: Loaded, folder: Path) -> Iterator[Scorer]:
    """Open the scorer that the settings name; a transformer keeps its verdicts in the data folder."""
    named = loaded.settings.scorer.onnx
    if named is None:
        yield BUILT_IN
        return
    from repwatch.store.model_cache import ModelCache
    from repwatch.text.transformer import Transformer

    place = (loaded.path.parent if loaded.path else Path()) / Path(named).expanduser()
    cache = ModelCache(folder)
    try:
        yield Transformer(place, cache)
    finally:
        cache.close()
