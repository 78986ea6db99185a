"""Training: the same weights each time, from the corpus alone, and nothing of what is measured on in them."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from model import measure, train
from tests.real import SHARED, needs_sentiment
from tests.text.test_traps import traps

from repwatch.text import hashing
from repwatch.text.clean import words
from repwatch.text.lexicon import LANGUAGES
from repwatch.text.reading import read
from repwatch.text.weights import load_weights, read_file

#: Words in a row that two texts share only when one was copied from the other.
LONG_RUN = 9


def test_a_small_training_gives_the_same_twice() -> None:
    """Bit for bit, whatever was trained in between."""
    rows = {lang: train.corpus(lang)[:150] for lang in LANGUAGES}
    first = train.build(rows)
    train.build({lang: list(reversed(some)) for lang, some in rows.items()})
    assert first == train.build(rows)


def test_the_shipped_weights_are_what_training_gives() -> None:
    """`make model` changes nothing."""
    assert train.OUT.read_bytes() == train.build({lang: train.corpus(lang) for lang in LANGUAGES})


def test_the_artefact_is_small() -> None:
    """Below 2 MB, with a header that names every table."""
    assert train.OUT.stat().st_size < 2_000_000
    header, tables = read_file()
    assert {*LANGUAGES, "languages", "familiar"} == set(header)
    assert len(tables) == sum(each.get("length", hashing.SIZE) for each in header.values())
    assert json.dumps(header)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_trained_is_what_is_scored(lang: str) -> None:
    """The sums kept for words and skeletons give the margin that the counted features give, but for rounding."""
    header, tables = read_file()
    mine = header[lang]
    table = memoryview(tables[mine["place"] : mine["place"] + hashing.SIZE]).cast("b")
    for row in train.corpus(lang)[::97]:
        each = train.example(row.text, lang, 1)
        hashed = [(place, value) for place, value in zip(each.places.tolist(), each.values.tolist(), strict=True)]
        learned = sum(table[place] * value for place, value in hashed if place < hashing.SIZE) * mine["scale"] / hashing.ONE
        ruled = sum(mine["dense"][place - hashing.SIZE] * value / hashing.ONE / train.DENSE_GAIN for place, value in hashed if place >= hashing.SIZE)
        assert read(train.prepare(row.text), lang).margin == pytest.approx(learned + ruled, abs=0.03)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_corpus_is_large_and_in_order(lang: str) -> None:
    """At least 2 000 rows a language, none twice, known labels, kinds and topics."""
    rows = train.corpus(lang)
    assert len(rows) >= 2000
    texts = [row.text for row in rows]
    assert len(set(texts)) == len(texts)
    assert {row.kind for row in rows} <= {"pro", "con", "advice", "review", "title", "post", "forum", "headline", "customer", "empty"}
    named = {topic[:-1] for row in rows for topic in row.topics.split(",") if topic}
    assert named <= set(TOPICS)


TOPICS = (
    "pay", "benefits", "management", "leadership", "culture", "colleagues", "work_life_balance", "workload", "career", "training", "job_security",
    "tools", "workplace", "remote_work", "diversity", "recruitment", "communication", "meaning", "health",
)  # fmt: skip


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[at : at + length]) for at in range(len(found) - length + 1)}


@needs_sentiment
@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_was_copied_from_what_is_measured_on(lang: str) -> None:
    """The corpus and the traps share no long run of words with the measured texts, and hardly a whole row of four words or more."""
    measured = [json.loads(line)["text"] for path in sorted((SHARED / "sentiment" / "dev").glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    known_runs = {run for text in measured for run in runs(text, LONG_RUN)}
    known_rows = {tuple(words(text)) for text in measured}
    own = [row.text for row in train.corpus(lang)] + [text for *_, text in traps(lang)]
    assert not [text for text in own if runs(text, LONG_RUN) & known_runs]
    same = [text for text in own if len(words(text)) >= 4 and tuple(words(text)) in known_rows]
    assert len(same) <= len(own) / 500, same


def test_calibration_rises_and_thresholds_lie_in_it() -> None:
    """Confidence never falls with the margin; a verdict is surer than a guess."""
    for lang in LANGUAGES:
        weights = load_weights(lang)
        shares = [weights.confidence(step / 50) for step in range(100)]
        assert shares[0] == 0.5
        assert shares[-1] > 0.9
        assert all(low <= high + 0.05 for low, high in pairwise(shares))
        assert 0 < weights.unclear < 0.5


def test_isotonic_regression_pools_what_falls() -> None:
    """Where larger margins were right less often, both shares become one."""
    seen = [(0.1, True, 1.0), (0.2, False, 1.0), (0.3, True, 1.0), (0.4, True, 1.0)]
    assert [(0.0, 0.5), (0.15, 0.5), (0.35, 0.99)] == train.calibrate(seen, knots=4)


def test_a_calibration_that_is_never_sure_has_a_threshold_at_its_end() -> None:
    """Where no margin is right often enough, all but the largest are unclear."""
    assert train.unclear_below([(0.0, 0.5), (0.4, 0.55)]) == 0.4
    assert train.unclear_below([(0.0, 0.7)]) == 0.0


def test_the_corpus_reader_skips_what_is_no_row(tmp_path: Path) -> None:
    """The head line and half lines are no rows; a plain file weighs more."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "plain-x.tsv").write_text("label\tkind\ttopics\ttext\n+\tpro\t\tgood pay\n+\tpro\n", "utf-8")
    assert [train.Row("+", "pro", "", "good pay", train.PLAIN_WEIGHT)] == train.corpus("en", tmp_path)


def test_near_duplicates_are_found_and_the_vocabulary_is_counted() -> None:
    """A row and its twin with another ending are a pair; different rows are none."""
    rows = [train.Row("+", "pro", "", text) for text in ("great people and good pay", "great people and good pay!", "my lungs say no")]
    assert [("great people and good pay", "great people and good pay!")] == measure.near_duplicates(rows)
    assert (3, 14, 9) == measure.vocabulary(rows)[-1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_corpus_was_written_and_not_multiplied(lang: str) -> None:
    """Fewer than two rows in a hundred have a near-duplicate."""
    rows = train.corpus(lang)
    assert 2 * len(measure.near_duplicates(rows)) < 0.02 * len(rows)
