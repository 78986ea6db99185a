"""Score with a transformer that the user supplies as ONNX: a folder of model.onnx, tokenizer.json and the order of its labels.

Nothing is ever downloaded. The extra `onnx` brings onnxruntime and tokenizers.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from repwatch.errors import SettingsError
from repwatch.models import Interview, Item, Review, Score
from repwatch.text.clean import clean, whole_text
from repwatch.text.lexicon import LANGUAGES
from repwatch.text.scorer import is_empty_answer, score_item
from repwatch.wording import _

if TYPE_CHECKING:
    import onnxruntime
    from tokenizers import Tokenizer

_BATCH = 32
_LONGEST = 512
#: Below this probability no label is believed.
_SURE = 0.5
#: What the labels of published models mean: their side -1..1.
_SIDES = {"negative": -1.0, "neg": -1.0, "neutral": 0.0, "neu": 0.0, "mixed": 0.0, "positive": 1.0, "pos": 1.0,
          "1 star": -1.0, "2 stars": -0.5, "3 stars": 0.0, "4 stars": 0.5, "5 stars": 1.0, "very negative": -1.0, "very positive": 1.0}  # fmt: skip
_WANTED = ("model.onnx", "tokenizer.json")


class Verdict(NamedTuple):
    """What the model says of one text: its side -1..1, and the probability of its best label."""

    label: str
    polarity: float
    confidence: float


class Cache(Protocol):
    """Where verdicts are kept between runs, by the digest of model and text; never the text."""

    def get(self, keys: Sequence[bytes]) -> Mapping[bytes, tuple[str, float, float]]: ...
    def put(self, verdicts: Mapping[bytes, Verdict]) -> None: ...


class Transformer:
    """A scorer with the interface of the built-in one; what stars or a recommendation decide, they decide here too."""

    def __init__(self, folder: Path, cache: Cache) -> None:
        self._folder, self._cache = folder, cache
        self._known: dict[bytes, Verdict] = {}
        missing = [name for name in _WANTED if not (folder / name).is_file()]
        if missing:
            raise SettingsError(_("here is missing: {names}", names=", ".join(missing)), where=str(folder), hint=_("[scorer] onnx names a folder with model.onnx, tokenizer.json and labels.txt."))
        self._sides = _sides(folder)
        self._digest = _digest(folder)
        self._session: onnxruntime.InferenceSession | None = None
        self._tokenizer: Tokenizer | None = None
        self.version = f"onnx-{self._digest.hex()[:12]}"

    def warm(self, items: Sequence[Item]) -> None:
        """Read the texts of many items in batches, so that scoring each is a look into the cache."""
        self._verdicts([text for text in map(_text, items) if text])

    def score(self, item: Item, *, why: bool = True) -> Score:
        """Score one item."""
        told = score_item(item, why=why)
        text = _text(item)
        if not text or told.lang not in LANGUAGES or _settled(item) or is_empty_answer(text, told.lang):
            return told.model_copy(update={"scorer": self.version})
        (verdict,) = self._verdicts([text])
        return told.model_copy(update={"label": verdict.label, "polarity": verdict.polarity, "confidence": verdict.confidence, "scorer": self.version})

    def _verdicts(self, texts: Sequence[str]) -> list[Verdict]:
        keys = [blake2b(text.encode("utf-8", "replace"), digest_size=16, key=self._digest).digest() for text in texts]
        wanted = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        self._known |= {key: Verdict(*row) for key, row in self._cache.get(list(wanted)).items()}
        missing = {key: text for key, text in wanted.items() if key not in self._known}
        fresh: dict[bytes, Verdict] = {}
        # Texts of a length go together: a batch is as long as its longest.
        ordered = sorted(missing, key=lambda key: (len(missing[key]), key))
        for start in range(0, len(ordered), _BATCH):
            batch = ordered[start : start + _BATCH]
            fresh |= zip(batch, self._read([missing[key] for key in batch]), strict=True)
        if fresh:
            self._cache.put(fresh)
            self._known |= fresh
        return [self._known[key] for key in keys]

    def _read(self, texts: list[str]) -> Iterator[Verdict]:
        import numpy as np

        session, tokenizer = self._load()
        found = tokenizer.encode_batch(texts)
        given = {"input_ids": [each.ids for each in found], "attention_mask": [each.attention_mask for each in found], "token_type_ids": [each.type_ids for each in found]}
        wanted = {each.name for each in session.get_inputs()}
        logits: Any = session.run(None, {name: np.array(rows, dtype=np.int64) for name, rows in given.items() if name in wanted})[0]
        for row in logits.tolist():
            yield self._verdict(row)

    def _verdict(self, logits: list[float]) -> Verdict:
        if len(logits) != len(self._sides):
            raise SettingsError(_("the model has {n} labels, its list names {listed}", n=len(logits), listed=len(self._sides)), where=str(self._folder), hint=_("Write one label a line into labels.txt, in the model's order."))
        top = max(logits)
        powers = [math.exp(each - top) for each in logits]
        shares = [each / sum(powers) for each in powers]
        best = max(range(len(shares)), key=lambda place: (shares[place], -place))
        polarity = sum(share * side for share, side in zip(shares, self._sides, strict=True))
        side = self._sides[best]
        label = "unclear" if shares[best] < _SURE else "positive" if side > 0 else "negative" if side < 0 else "neutral"
        return Verdict(label, round(polarity, 3) or 0.001, round(shares[best], 3))

    def _load(self) -> tuple[onnxruntime.InferenceSession, Tokenizer]:
        if self._session is None or self._tokenizer is None:
            try:
                import onnxruntime
                from tokenizers import Tokenizer
            except ImportError as error:
                raise SettingsError(_("[scorer] onnx needs the package {name}", name=error.name), where=str(self._folder), hint=_("Install it with: {command}", command='pip install "repwatch[onnx]"')) from error
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            try:
                self._session = onnxruntime.InferenceSession(str(self._folder / "model.onnx"), options, providers=["CPUExecutionProvider"])
                self._tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
            except Exception as error:
                raise SettingsError(_("the model cannot be read: {why}", why=error), where=str(self._folder), hint=_("Export it again, or copy the folder once more.")) from error
            self._tokenizer.enable_truncation(_LONGEST)
            self._tokenizer.enable_padding()
        return self._session, self._tokenizer


def _text(item: Item) -> str:
    return clean(whole_text(item))


def _settled(item: Item) -> bool:
    """Tell whether the person chose a side by stars, recommendation or experience, so that words do not decide it."""
    if isinstance(item, Review):
        return item.rating is not None or item.recommend is not None
    return isinstance(item, Interview) and item.experience is not None


def _sides(folder: Path) -> tuple[float, ...]:
    names = _labels(folder)
    unknown = next((name for name in names if name.casefold() not in _SIDES), None)
    if not names or unknown is not None:
        seen = _("{text} says no side", text=repr(unknown)) if unknown is not None else _("the order of the labels is not told")
        raise SettingsError(seen, where=str(folder), hint=_("Write labels.txt beside model.onnx: one of negative, neutral, positive a line, in the model's order."))
    return tuple(_SIDES[name.casefold()] for name in names)


def _labels(folder: Path) -> list[str]:
    listed = folder / "labels.txt"
    if listed.is_file():
        return [line.strip() for line in listed.read_text("utf-8").splitlines() if line.strip()]
    try:
        told = json.loads((folder / "config.json").read_text("utf-8"))["id2label"]
        return [str(told[key]) for key in sorted(told, key=int)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def _digest(folder: Path) -> bytes:
    """Name the model by its size and both its ends: reading all of some hundred megabytes would cost every run a second."""
    path = folder / "model.onnx"
    size = path.stat().st_size
    digest = blake2b(str(size).encode(), digest_size=16)
    with path.open("rb") as file:
        digest.update(file.read(1 << 20))
        file.seek(max(0, size - (1 << 20)))
        digest.update(file.read(1 << 20))
    for name in ("tokenizer.json", "labels.txt", "config.json"):
        if (folder / name).is_file():
            digest.update((folder / name).read_bytes())
    return digest.digest()
