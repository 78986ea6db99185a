"""A transformer of the user's own: a tiny one is made here, so that the real runtime and tokenizer are at work."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from repwatch.errors import SettingsError
from repwatch.models import Interview, Mention, Review
from repwatch.store.model_cache import FILE, ModelCache
from repwatch.text.transformer import Transformer

onnx = pytest.importorskip("onnx", reason="the package onnx makes the tiny model of these tests")
pytest.importorskip("onnxruntime", reason="the extra `onnx` is not installed: onnxruntime, tokenizers")
pytest.importorskip("tokenizers", reason="the extra `onnx` is not installed: onnxruntime, tokenizers")

WORDS = {"[PAD]": (0, 0, 0), "[UNK]": (0, 0, 0), "superb": (-3, 0, 3), "dreadful": (3, 0, -3), "colour": (-1, 3, -1)}


class Memory:
    """A cache that counts what it is asked."""

    def __init__(self) -> None:
        self.kept: dict[bytes, tuple[str, float, float]] = {}
        self.written = 0

    def get(self, keys: Sequence[bytes]) -> Mapping[bytes, tuple[str, float, float]]:
        return {key: self.kept[key] for key in keys if key in self.kept}

    def put(self, verdicts: Mapping[bytes, tuple[str, float, float]]) -> None:
        self.written += len(verdicts)
        self.kept |= verdicts


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a model that adds up a vector a word: logits for negative, neutral, positive."""
    from onnx import TensorProto, helper
    from tokenizers import Tokenizer, models, pre_tokenizers

    place = tmp_path_factory.mktemp("model")
    tokenizer = Tokenizer(models.WordLevel({word: row for row, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(place / "tokenizer.json"))
    table = helper.make_tensor("table", TensorProto.FLOAT, [len(WORDS), 3], [float(cell) for row in WORDS.values() for cell in row])
    axes = helper.make_tensor("axes", TensorProto.INT64, [1], [1])
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["vectors"]), helper.make_node("ReduceSum", ["vectors", "axes"], ["logits"], keepdims=0)]
    given = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "length"])
    told = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 3])
    graph = helper.make_graph(nodes, "tiny", [given], [told], [table, axes])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, str(place / "model.onnx"))
    (place / "labels.txt").write_text("negative\nneutral\npositive\n")
    return place


def post(text: str, **more: Any) -> Mention:
    return Mention(**{"source": "file", "text": text, "lang": "en"} | more)


@pytest.mark.parametrize(
    ("text", "label", "side"),
    [("a superb place", "positive", 1), ("simply dreadful", "negative", -1), ("the colour of it", "neutral", -0.0), ("nothing it knows", "unclear", 1)],
)
def test_the_label_is_the_models_and_open_where_it_is_not_sure(folder: Path, text: str, label: str, side: float) -> None:
    """Side and confidence follow the probabilities; three equal ones are no answer."""
    score = Transformer(folder, Memory()).score(post(text))
    assert (score.label, score.polarity * side >= 0, score.scorer[:5]) == (label, True, "onnx-")


def test_stars_empty_answers_and_foreign_texts_are_decided_as_ever(folder: Path) -> None:
    """A model reads words; what a person chose, an empty field and a language that is not ours are not its business."""
    model = Transformer(folder, Memory())
    assert model.score(Review(source="x", lang="en", rating=1, body="superb superb")).label == "negative"
    assert model.score(Review(source="x", lang="en", recommend=True, body="dreadful")).label == "positive"
    assert model.score(Interview(source="x", lang="en", experience="positive", process="dreadful")).label == "positive"
    assert model.score(Interview(source="x", lang="en", process="dreadful")).label == "negative"
    assert model.score(post("None")).label == "neutral"
    assert model.score(post("superb", lang="it")).label == "unscored"
    assert model.score(Review(source="x")).scorer == model.version


def test_many_texts_are_read_at_once_and_each_only_once(folder: Path) -> None:
    """After warming, scoring asks the cache; a second model object reads nothing anew."""
    cache = Memory()
    model = Transformer(folder, cache)
    items = [post(f"superb {number}") for number in range(70)] + [post("superb 1")]
    model.warm(items)
    assert cache.written == 70
    assert {model.score(item).label for item in items} == {"positive"}
    again = Transformer(folder, cache)
    again.warm(items)
    assert (cache.written, again.score(items[0])) == (70, model.score(items[0]))


def test_a_batch_gives_what_one_by_one_gives(folder: Path) -> None:
    """Padding changes nothing."""
    items = [post("superb"), post("a much longer and dreadful text with many words in it"), post("colour")]
    warm = Transformer(folder, Memory())
    warm.warm(items)
    assert [warm.score(item) for item in items] == [Transformer(folder, Memory()).score(item) for item in items]


def test_the_cache_on_disk_holds_no_word(folder: Path, tmp_path: Path) -> None:
    """Only digests and figures are kept, readable by the owner alone, and they are found again."""
    cache = ModelCache(tmp_path / "data")
    first = Transformer(folder, cache).score(post("superb quixotic zephyr"))
    cache.close()
    file = tmp_path / "data" / FILE
    assert (b"zephyr" not in file.read_bytes(), file.stat().st_mode & 0o777) == (True, 0o600)
    other = ModelCache(tmp_path / "data")
    asked = Transformer(folder, other)
    asked._read = lambda texts: pytest.fail(f"read again: {texts}")  # type: ignore[method-assign]
    assert asked.score(post("superb quixotic zephyr")) == first
    other.close()


def test_a_cache_that_is_no_database_is_told(tmp_path: Path) -> None:
    """The store's own words say what to do."""
    (tmp_path / FILE).write_bytes(b"no database" * 200)
    with pytest.raises(Exception, match="is not a database"):
        ModelCache(tmp_path)


def copy(folder: Path, to: Path, **files: str | bytes | None) -> Path:
    for path in folder.iterdir():
        (to / path.name).write_bytes(path.read_bytes())
    for name, content in files.items():
        path = to / name.replace("__", ".")
        path.unlink(missing_ok=True)
        if content is not None:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    return to


def test_labels_are_read_from_the_models_own_settings_too(folder: Path, tmp_path: Path) -> None:
    """`config.json` of published models names them by number."""
    told = json.dumps({"id2label": {"2": "Positive", "0": "NEG", "1": "neutral"}})
    assert Transformer(copy(folder, tmp_path, labels__txt=None, config__json=told), Memory()).score(post("superb")).label == "positive"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"model__onnx": None}, "here is missing: model.onnx"),
        ({"model__onnx": None, "tokenizer__json": None}, "here is missing: model.onnx, tokenizer.json"),
        ({"labels__txt": None}, "the order of the labels is not told"),
        ({"labels__txt": None, "config__json": '{"id2label": {"0": "LABEL_0"}}'}, "'LABEL_0' says no side"),
        ({"labels__txt": None, "config__json": "[]"}, "the order of the labels is not told"),
        ({"labels__txt": "negative\npositive\n"}, "the model has 3 labels, its list names 2"),
        ({"model__onnx": b"junk"}, "the model cannot be read"),
        ({"tokenizer__json": "{"}, "the model cannot be read"),
    ],
)
def test_a_folder_that_does_not_fit_is_told(folder: Path, tmp_path: Path, files: dict[str, str | bytes | None], message: str) -> None:
    """What is missing or wrong is named, with the folder and what to write there."""
    with pytest.raises(SettingsError) as caught:
        Transformer(copy(folder, tmp_path, **files), Memory()).score(post("superb"))
    assert (caught.value.message.startswith(message), caught.value.where, bool(caught.value.hint)) == (True, str(tmp_path), True)


def test_a_missing_extra_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hint is the command that installs it."""
    monkeypatch.setitem(__import__("sys").modules, "onnxruntime", None)
    with pytest.raises(SettingsError, match="needs the package") as caught:
        Transformer(folder, Memory()).score(post("superb"))
    assert caught.value.hint == 'Install it with: pip install "repwatch[onnx]"'


def test_the_settings_name_the_model_and_import_reads_with_it(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """From settings to store: labels of the model, digests in the cache, and `evaluate` measures it."""
    from repwatch.cli.start import run

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REPWATCH_CONFIG", str(tmp_path / "repwatch.toml"))
    (tmp_path / "repwatch.toml").write_text(f'data_dir = "data"\n[scorer]\nonnx = {json.dumps(str(folder))}\n')
    (tmp_path / "a.jsonl").write_text(json.dumps({"type": "mention", "source": "hackernews", "native_id": "1", "lang": "en", "text": "superb"}))
    assert run(["import", "a.jsonl"]) == 0
    with sqlite3.connect(tmp_path / "data" / FILE) as kept:
        assert kept.execute("SELECT label FROM verdict").fetchall() == [("positive",)]
    kept.close()
    (tmp_path / "mine.csv").write_text("text,label,lang\nsuperb,positive,en\ndreadful,positive,en\n")
    capfdbinary.readouterr()
    assert run(["evaluate", "mine.csv", "--format", "json"]) == 0
    told = json.loads(capfdbinary.readouterr().out)["data"]
    assert (told["scorer"][:5], told["accuracy"]["value"]) == ("onnx-", 0.5)
