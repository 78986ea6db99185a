"""Corrections win over every scorer; a new scorer finds what waits for it, and no more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.store.conftest import LATER, Rows, interview, mention, profile, review, run_of, score, seen

from repwatch.errors import UsageError
from repwatch.models import PERSON, Salary
from repwatch.store import Store, open_reader


def stored(store: Store, *items: Any, scorer: str = "v1") -> tuple[int, ...]:
    run = run_of(store)
    return store.save(run, [seen(item, score=score(scorer=scorer)) for item in items]).new_ids


def said(folder: Path, item: int) -> tuple[str, str]:
    with open_reader(folder) as reader:
        row = reader.item(item)
    assert row is not None
    return row["score"]["label"], row["score"]["scorer"]


def person(label: str = "negative", **fields: Any) -> Any:
    return score(label, PERSON, **fields)


def test_a_correction_wins_and_counts_in_the_roll_ups(store: Store, folder: Path) -> None:
    """The word of a person stands in lists and histograms; what it replaced is told."""
    (item,) = stored(store, review())
    before = store.correct(run_of(store), item, person(), LATER)
    with open_reader(folder) as reader:
        labels = reader.histogram("Acme")["label"]
    assert (before and before.label, said(folder, item), labels) == ("positive", ("negative", PERSON), {"negative": 1})


def test_no_scorer_overrules_a_person(store: Store, folder: Path) -> None:
    """Neither a second sight nor a new scorer changes a corrected item."""
    (item,) = stored(store, review())
    store.correct(run_of(store), item, person(), LATER)
    stored(store, review(), scorer="v2")
    assert store.score(run_of(store), [(item, score(scorer="v3"))]) == 0
    assert said(folder, item) == ("negative", PERSON)


def test_a_second_correction_keeps_what_the_scorer_had_said(store: Store, folder: Path) -> None:
    """The first word of the scorer is what a measure compares with."""
    (item,) = stored(store, review())
    store.correct(run_of(store), item, person(), LATER)
    store.correct(run_of(store), item, person("mixed", topics=()), LATER)
    (kept,) = store.corrections()
    assert (kept.label, kept.topics, kept.was and kept.was["scorer"], kept.stands, said(folder, item)) == ("mixed", {}, "v1", True, ("mixed", PERSON))


def test_a_correction_taken_back_leaves_no_trace_in_figures(store: Store, folder: Path) -> None:
    """The scorer's own word counts again."""
    (item,) = stored(store, review())
    store.correct(run_of(store), item, person(), LATER)
    store.withdraw(run_of(store), item, score(scorer="v1"))
    with open_reader(folder) as reader:
        labels = reader.histogram("Acme")["label"]
    assert (store.corrections(), said(folder, item), labels) == ([], ("positive", "v1"), {"positive": 1})
    with pytest.raises(UsageError, match="was not corrected"):
        store.withdraw(run_of(store), item, score(scorer="v1"))


def test_new_words_end_a_correction(store: Store, folder: Path) -> None:
    """A person spoke of other words: the correction stays on record, and the new text is scored."""
    (item,) = stored(store, review())
    store.correct(run_of(store), item, person(), LATER)
    stored(store, review(body="All is well now."), scorer="v2")
    (kept,) = store.corrections()
    assert (kept.stands, said(folder, item)) == (False, ("positive", "v2"))


def test_an_item_without_a_score_can_be_corrected(store: Store, folder: Path) -> None:
    """What no scorer read, a person may."""
    (item,) = store.save(run_of(store), [seen(review())]).new_ids
    assert store.correct(run_of(store), item, person(), LATER) is None
    assert (said(folder, item), store.corrections()[0].was) == (("negative", PERSON), None)


def test_only_what_people_wrote_can_be_corrected(store: Store) -> None:
    """An unknown id or a salary is answered with where the ids are."""
    (salary,) = store.save(run_of(store), [seen(Salary(source="glassdoor", employer="Acme", job_title="Nurse"))]).new_ids
    for item in (salary, 999):
        with pytest.raises(UsageError, match=f"there is no review, mention or interview {item}"):
            store.correct(run_of(store), item, person(), LATER)


def test_what_waits_for_a_new_scorer_is_found_and_then_no_more(store: Store) -> None:
    """Unscored and older items wait; salaries, profiles and what a person judged do not."""
    first, second = stored(store, review(), mention())
    (bare,) = store.save(run_of(store), [seen(interview())]).new_ids
    store.save(run_of(store), [seen(Salary(source="glassdoor", employer="Acme", job_title="Nurse")), seen(profile())])
    store.correct(run_of(store), second, person(), LATER)
    assert (sorted(row for row, _ in store.outdated("v2", 10)), store.count_outdated("v2"), len(store.outdated("v2", 1))) == ([first, bare], 2, 1)
    assert store.score(run_of(store), [(first, score(scorer="v2")), (bare, score(scorer="v2"))]) == 2
    assert (store.outdated("v2", 10), store.count_outdated("v2")) == ([], 0)


def test_the_scorer_in_use_reads_all_whatever_the_store_met_before(store: Store) -> None:
    """A version that came with an import, or a newer one after a step back, is read again once, and that ends."""
    (item,) = stored(store, review(), scorer="v1")
    stored(store, review(), scorer="v2")
    assert [row for row, _ in store.outdated("v1", 10)] == [item]
    store.score(run_of(store), [(item, score(scorer="v1"))])
    assert store.outdated("v1", 10) == []


def test_the_scorers_in_use_are_told(store: Store, folder: Path) -> None:
    """A report says when figures rest on more than one."""
    first, _ = stored(store, review(), mention(), scorer="v1")
    store.score(run_of(store), [(first, score(scorer="v2"))])
    with open_reader(folder) as reader:
        assert reader.scorers() == ["v1", "v2"]


def test_an_export_carries_corrections(store: Store, tmp_path: Path, rows: Rows) -> None:
    """Another store keeps the person's word."""
    from tests.store.conftest import from_line

    (item,) = stored(store, review())
    store.correct(run_of(store), item, person(), LATER)
    other = tmp_path / "other"
    with Store.open(other) as copy:
        copy.save(run_of(copy, "import"), [from_line(line) for line in store.export()])
        copy.save(run_of(copy), [seen(review(), score=score(scorer="v9"))])
    assert said(other, 1) == ("negative", PERSON)
