"""Runs, ledger, profiles, gaps, cursors, undo and export."""

from __future__ import annotations

import json
from itertools import permutations, product
from pathlib import Path
from typing import Any

import pytest
from tests.store.conftest import (
    LATER,
    NOON,
    Rows,
    as_bytes,
    from_line,
    interview,
    mention,
    profile,
    review,
    run_of,
    score,
    seen,
)

from repwatch.errors import UsageError
from repwatch.models import PERSON, CoverageEntry, Salary
from repwatch.store import Gap, PageRow, ProblemRow, Store

ENTRY = CoverageEntry(
    source="indeed", employer="Acme", target="https://indeed.example/acme", state="read", pages=1, items=2
)


def test_runs_are_recorded(store: Store, rows: Rows) -> None:
    """What a run began with and how it ended stand in one row."""
    run = store.begin_run("check", NOON, {"settings": "abc"})
    store.finish_run(run, LATER, 3, {"took_s": 2})
    assert [(run, "check", NOON, LATER, 3, '{"settings":"abc","took_s":2}')] == rows("SELECT * FROM run")
    with pytest.raises(UsageError, match="no run 99"):
        store.finish_run(99, LATER, 0, {})


def test_a_page_is_saved_with_its_ledger_row(store: Store, rows: Rows) -> None:
    """The row counts what this run's saves for the watch came to; set_ledger has the last word."""
    run = run_of(store)
    page = PageRow("https://indeed.example/acme", '"e1"', None, "run-1.warc.gz", 12, NOON)
    problem = ProblemRow("indeed", page.url, "no date", "review 7")
    store.save(run, [seen(review("1")), seen(review("2"))], entry=ENTRY, pages=[page], problems=[problem])
    store.save(
        run,
        [seen(review("3")), seen(review("2", rating=1))],
        entry=ENTRY.model_copy(update={"pages": 2}),
        pages=[page],
    )

    assert rows("SELECT pages, new, revised FROM ledger") == [(2, 3, 1)]
    assert page == store.validators(page.url)
    assert store.validators("https://elsewhere.example") is None
    assert [(run, *problem)] == rows("SELECT run_id, source, place, reason, detail FROM problem")
    store.set_ledger(run, ENTRY.model_copy(update={"gap": True}))
    assert rows("SELECT state, new, gap FROM ledger") == [("read", 0, 1)]


def test_pages_and_problems_need_no_items(store: Store, rows: Rows) -> None:
    """A page with nothing on it is saved all the same."""
    saved = store.save(run_of(store), [], pages=[PageRow("u")], problems=[ProblemRow(None, "f", "empty")])
    assert saved == (0, 0, 0, (), 0)
    assert rows("SELECT (SELECT count(*) FROM page), (SELECT count(*) FROM problem)") == [(1, 1)]
    assert store.save(run_of(store), []) == (0, 0, 0, (), 0)


def test_a_long_import_goes_in_parts(store: Store, rows: Rows) -> None:
    """Ids come back in the order of the lines, and pages are written once."""
    items = (seen(mention(str(n))) for n in range(4_500))
    saved = store.save(run_of(store), items, problems=[ProblemRow(None, "f", "bad line")])
    assert (4_500, 0, 0, tuple(range(1, 4_501)), 0) == saved
    assert rows("SELECT count(*) FROM problem") == [(1,)]
    assert store.save(run_of(store), (seen(review(str(n))) for n in range(2_100)), entry=ENTRY).new == 2_100


def test_profiles_are_kept_over_time(store: Store, rows: Rows) -> None:
    """A row where something differs or the date is another; nothing for a repetition."""
    run = run_of(store)
    sights = [
        profile(),
        profile(),
        profile(rating=3.7),
        profile(rating=3.7, observed="2026-11-03"),
        profile(filter="BE"),
    ]
    saved = [store.save(run, [seen(item)])[:3] for item in sights]
    assert saved == [(1, 0, 0), (0, 0, 1), (0, 1, 0), (0, 0, 1), (1, 0, 0)]
    assert rows("SELECT count(*) FROM profile") == [(4,)]
    store.save(run, [seen(profile(observed="2026-11-01")), seen(profile(rating=3.7))])
    assert rows("SELECT count(*) FROM profile") == [(5,)]
    store.save(run, [seen(profile(observed=None, employer=None), at=LATER)._replace(employers=())])
    assert rows("SELECT day, employer_id FROM profile ORDER BY day DESC LIMIT 1") == [("2026-11-09", None)]


def test_the_pages_of_a_list_show_one_profile(store: Store, rows: Rows) -> None:
    """Reading pages 1 and 2 again and again adds no row; the first address is kept, and learnt where there was none."""
    store.save(run_of(store), [seen(profile())])
    for address in ("https://x.example/E1.htm", "https://x.example/E1_P2.htm", "https://x.example/E1.htm"):
        store.save(run_of(store), [seen(profile(url=address), at=LATER)])
    assert rows("SELECT json_extract(data, '$.url') FROM profile ORDER BY id") == [(None,), ("https://x.example/E1.htm",)]


def test_cursors(store: Store) -> None:
    """A cursor is what was last set."""
    assert store.cursor("w") is None
    store.set_cursor("w", {"newest": "r1"})
    store.set_cursor("w", {"newest": "r2"})
    assert store.cursor("w") == {"newest": "r2"}


def test_gaps(store: Store, rows: Rows) -> None:
    """A gap waits until it is filled; what a filling leaves out is a gap again."""
    run = run_of(store)
    store.add_gap(run, "w", "page 11")
    store.add_gap(run, "w", "page 11")
    store.add_gap(run, "v", "page 3")
    assert [Gap(1, "w", "page 11", run), Gap(2, "v", "page 3", run)] == store.gaps()
    later = run_of(store)
    store.fill_gap(later, 1, "page 21")
    store.fill_gap(later, 2, None)
    assert [Gap(3, "w", "page 21", later)] == store.gaps("w") == store.gaps()
    with pytest.raises(UsageError, match="no open gap 1"):
        store.fill_gap(later, 1, None)
    assert [(1, later), (2, later), (3, None)] == rows("SELECT id, filled_run FROM gap")


def filled(store: Store) -> None:
    """A store with something of everything."""
    run = run_of(store)
    store.save(
        run,
        [
            seen(review(), score=score()),
            seen(review(None, body="Été à la Côte"), score=score("mixed")),
            seen(mention(), "Globex", "Acme", score=score("negative")),
            seen(mention(None, text="no employer"))._replace(employers=()),
            seen(interview(), "Acme"),
            seen(interview(None), "Globex"),
            seen(profile()),
            seen(profile(rating=3.9, observed="2026-11-04"), "Acme", "Globex"),
            seen(Salary(source="glassdoor", job_title="Cook", base={"p50": 30000.0}), "Acme"),
            seen(mention(None, text="two of them"), "Globex", "Acme"),
            seen(profile(observed=None, employer=None))._replace(employers=()),
        ],
    )
    store.save(
        run,
        [
            seen(review(rating=1, body="Worse"), score=score("negative"), at=LATER),
            seen(review("m2"), vanished=LATER),
        ],
    )


def test_an_export_imported_is_the_same_export(store: Store, tmp_path: Path) -> None:
    """Byte for byte, into an empty store and into the one it came from."""
    filled(store)
    first = as_bytes(store)
    with Store.open(tmp_path / "other") as other:
        saved = other.save(run_of(other, "import"), (from_line(line) for line in store.export()))
        assert first == as_bytes(other)
        assert len(saved.new_ids) == 9
    again = store.save(run_of(store, "import"), (from_line(line) for line in store.export()))
    assert again[:2] == (0, 0)
    assert first == as_bytes(store)


def test_export_says_what_was_asked(store: Store) -> None:
    """Filters go by link, source and day; undated items are in no period."""
    filled(store)
    lines = list(store.export())
    assert sorted(lines, key=lambda line: line["source"]) == lines
    assert {"Globex"} == {line["employer"] for line in store.export(employer="Globex")}
    assert {"indeed"} == {line["source"] for line in store.export(source="indeed")}
    assert {"2026-10"} == {line["published"] for line in store.export(until="2026-10-31")}
    assert list(store.export(since="2026-12-01")) == []
    [worse] = [line for line in lines if line["native_id"] == "r1"]
    assert (
        worse["score"]["scorer"],
        worse["first_seen"],
        [(old["replaced"], old["data"]["rating"]) for old in worse["revisions"]],
    ) == ("v1", NOON, [(LATER, 4.0)])


def test_export_is_one_state_while_the_store_is_written(store: Store) -> None:
    """What is saved during an export is not in it."""
    store.save(run_of(store), [seen(review(str(n))) for n in range(3)])
    lines = store.export()
    first = next(lines)
    store.save(run_of(store), [seen(review("9"))])
    assert len([first, *lines]) == 3


def test_undo_takes_an_import_back(store: Store) -> None:
    """Items first seen in it go; revisions, scores, links and ids become what they were."""
    filled(store)
    before = as_bytes(store)
    run = run_of(store, "import")
    store.save(
        run,
        [
            seen(review("new")),
            seen(review(rating=3, body="Third"), "Initech", score=score("mixed", "v9")),
            seen(review("r8", body="Été à la Côte", helpful=3)),
            seen(profile(observed="2026-12-01")),
            seen(mention(), score=score("positive", "v9"), first_seen="2020-01-01T00:00:00Z"),
            seen(
                review("m2"),
                revisions=({"replaced": NOON, "data": review("m2", rating=2).model_dump(mode="json")},),
            ),
        ],
        entry=ENTRY,
    )
    assert before != as_bytes(store)
    assert store.undo(run) == 2
    assert before == as_bytes(store)
    with pytest.raises(UsageError, match="undone already"):
        store.undo(run)


def test_undo_of_an_import_that_others_built_upon(store: Store) -> None:
    """Taken out of the middle, an import leaves what came before and after it."""
    runs = [run_of(store), run_of(store, "import"), run_of(store, "import"), run_of(store)]
    store.save(runs[0], [seen(review(rating=1)), seen(review("b", rating=1))])
    store.save(
        runs[1],
        [
            seen(review(rating=2), "Initech", at="2026-11-04T00:00:00Z"),
            seen(review("b", rating=2), at="2026-11-04T00:00:00Z"),
        ],
    )
    store.save(runs[2], [seen(review(rating=3), at="2026-11-05T00:00:00Z")])
    store.save(runs[3], [seen(review("b", rating=4), at="2026-11-05T00:00:00Z")])
    assert store.undo(runs[1]) == 0
    ratings = {
        line["native_id"]: [*(old["data"]["rating"] for old in line["revisions"]), line["rating"]]
        for line in store.export()
    }
    assert ratings == {"r1": [1, 3], "b": [1, 4]}
    assert store.undo(runs[2]) == 0
    ratings = {
        line["native_id"]: [*(old["data"]["rating"] for old in line["revisions"]), line["rating"]]
        for line in store.export()
    }
    assert ratings == {"r1": [1], "b": [1, 4]}


def test_undo_leaves_what_a_later_run_holds(store: Store) -> None:
    """What a later run revised, or found for another employer, stays as that run saw it; taken back too, it goes."""
    runs = [run_of(store, "import"), run_of(store, "import"), run_of(store)]
    store.save(runs[0], [seen(review(name), "Initech", score=score()) for name in ("alone", "revised", "other", "checked")])
    store.save(runs[1], [seen(review("revised", rating=1), "Initech", at="2026-11-04T00:00:00Z"), seen(review("other"), "Acme")])
    store.save(runs[2], [seen(review("checked", rating=2), "Initech")])
    assert store.undo(runs[0]) == 1
    told = {line["native_id"]: (line["employer"], line["rating"], line["revisions"]) for line in store.export()}
    assert told == {"revised": ("Initech", 1, []), "other": ("Acme", 4, []), "checked": ("Initech", 2, [])}
    assert store.undo(runs[1]) == 2
    assert [line["native_id"] for line in store.export()] == ["checked"]


@pytest.mark.parametrize("gone", list(permutations(range(3), 2)))
@pytest.mark.parametrize("stars", list(product((1, 2), repeat=3)))
def test_undo_leaves_what_any_other_import_told(store: Store, stars: tuple[int, ...], gone: tuple[int, int]) -> None:
    """Of three imports that tell the same review and profile, alike or changed, the one that is not taken back still stands; then nothing."""
    runs = [run_of(store, "import") for _ in stars]
    for run, rating in zip(runs, stars, strict=True):
        store.save(run, [seen(review(rating=rating), score=score()), seen(profile(rating=float(rating)))])
    for each in gone:
        store.undo(runs[each])
    left = ({0, 1, 2} - {*gone}).pop()
    told = [line for line in store.export() if line["type"] == "review"]
    assert [line["revisions"] for line in told] == [[]]
    if stars != (1, 2, 1) and stars != (2, 1, 2):  # a file that tells an old text again is no news
        assert [line["rating"] for line in store.export()] == [stars[left], stars[left]]
    store.undo(runs[left])
    assert list(store.export()) == []


def test_undo_leaves_what_a_check_saw_too(store: Store, rows: Rows) -> None:
    """A check that finds an imported review as it is holds it, and is noted once however often it looks."""
    runs = [run_of(store, "import"), *(run_of(store) for _ in range(5))]
    for run in runs:
        store.save(run, [seen(review(), score=score()), seen(mention())])
    assert rows("SELECT run_id, count(*) FROM told_item GROUP BY 1") == [(runs[1], 2)]
    assert store.undo(runs[0]) == 0
    assert rows("SELECT DISTINCT run_id, changed_run FROM item") == [(runs[1], runs[1])]
    assert rows("SELECT count(*) FROM told_item") == [(0,)]


def test_a_revision_keeps_its_past_when_the_first_was_told_twice(store: Store) -> None:
    """Told, told again, changed: with the first taken back, the second is the first; with the change taken back, its words return."""
    runs = [run_of(store, "import") for _ in range(4)]
    for run, rating in zip(runs, (1, 1, 2, 2), strict=True):
        store.save(run, [seen(review(rating=rating), "Initech", score=score())])

    def told() -> list[tuple[Any, ...]]:
        return [(line["rating"], [old["data"]["rating"] for old in line["revisions"]]) for line in store.export()]

    assert (store.undo(runs[0]), told()) == (0, [(2, [1])])
    assert (store.undo(runs[2]), told()) == (0, [(2, [1])])
    assert (store.undo(runs[3]), told()) == (0, [(1, [])])
    assert (store.undo(runs[1]), told()) == (1, [])


def test_undo_takes_what_was_only_scored_masked_or_missed_since(store: Store) -> None:
    """A newer scorer, a person's word, a mask or an absence tells nothing: what the import added goes, and nothing of it counts."""
    first = run_of(store, "import")
    store.save(first, [seen(review(name, body=f"Good {name}."), score=score()) for name in ("a", "b", "c", "d")])
    ids = {line["native_id"]: number for number, line in enumerate(store.export(), 1)}
    check = run_of(store)
    store.score(check, [(number, score(scorer="lexicon-9", label="mixed")) for number in ids.values()])
    store.correct(run_of(store, "correct"), ids["b"], score(scorer=PERSON, label="negative"), NOON)
    store.privacy.rewrite(run_of(store, "mask"), lambda data: {**data, "body": "<PHONE>"} if data["native_id"] == "c" else data, 0)
    store.vanish(check, [ids["d"]], NOON)
    assert (store.undo(first), list(store.export()), store.corrections()) == (4, [], [])


def test_undo_brings_back_what_was_before_a_newer_score(store: Store, rows: Rows) -> None:
    """The words before the import come back and wait for the scorer; a person's word on words that stay the same stands."""
    store.save(run_of(store), [seen(review(name), score=score(label="positive")) for name in ("a", "b")])
    second = run_of(store, "import")
    store.save(second, [seen(review("a", body="Awful."), score=score(label="negative")), seen(review("b", rating=1), score=score(label="negative"))])
    store.score(run_of(store), [(1, score(scorer="lexicon-9", label="mixed"))])
    store.correct(run_of(store, "correct"), 2, score(scorer=PERSON, label="neutral"), NOON)
    store.undo(second)
    assert [(line["body"], line["rating"], line["score"]["label"]) for line in store.export()] == [("Good people.", 4, "positive"), ("Good people.", 4, "neutral")]
    assert [each.stands for each in store.corrections()] == [True]
    assert [row for row, _ in store.outdated("lexicon-9", 5)] == [1]
    store.score(run_of(store), [(1, score(scorer="lexicon-9", label="positive"))])
    assert rows("SELECT scorer.version, label FROM score JOIN scorer ON scorer.id = scorer_id WHERE item_id = 1 ORDER BY 1") == [("lexicon-9", "positive"), ("v1", "positive")]


def test_undo_refuses_what_is_no_import(store: Store) -> None:
    """A check saw what it saw."""
    with pytest.raises(UsageError, match="is no import"):
        store.undo(run_of(store))
    with pytest.raises(UsageError, match="no run 77"):
        store.undo(77)
    assert json.dumps(list(store.export())) == "[]"
