"""The file itself: who may read it, who holds it, what it is, and what a crash leaves."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool
from tests.store.conftest import Rows, mention, review, run_of, seen

import repwatch.store
from repwatch.errors import StoreError
from repwatch.store import Store, open_reader, place
from repwatch.store.migrations import settings
from repwatch.store.schema import metadata


def test_only_its_owner_reads_it(folder: Path, store: Store) -> None:
    """The folder is 0700, the database and what SQLite puts beside it 0600."""
    with open_reader(folder) as reader:
        assert reader.employers() == []
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {0o600} == {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


def test_a_folder_of_the_user_keeps_its_mode(tmp_path: Path) -> None:
    """What was there before is not ours to close."""
    tmp_path.chmod(0o755)
    Store.open(tmp_path).close()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_the_migrations_make_the_schema(folder: Path, store: Store) -> None:
    """Upgrading from nothing gives what the metadata says, and nothing else."""
    engine = create_engine(f"sqlite:///{folder}/repwatch.db", poolclass=NullPool)
    ours = {
        "include_name": lambda name, kind, _: kind != "table" or not name.startswith("item_fts"),
        "compare_type": True,
    }
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=ours), metadata) == []


def test_the_program_knows_its_own_revisions() -> None:
    """The list that is read without Alembic is Alembic's."""
    script = ScriptDirectory.from_config(settings())
    assert script.get_heads() == [place.HEAD]
    assert list(place.REVISIONS) == [step.revision for step in script.walk_revisions()][::-1]


def test_the_file_runs_with_wal_and_foreign_keys(folder: Path, store: Store, rows: Rows) -> None:
    """Readers do not wait for the writer, and no link points at nothing."""
    assert rows("PRAGMA journal_mode") == [("wal",)]
    with closing(place.connect(folder / "repwatch.db", wait_ms=10)) as connection:
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_a_second_writer_is_told(folder: Path, store: Store) -> None:
    """Whoever holds the store for longer than the wait is another run."""
    script = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute('BEGIN IMMEDIATE'); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(folder / "repwatch.db")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with Store.open(folder, wait_ms=50) as second, pytest.raises(StoreError, match="in use") as told:
            second.begin_run("check", "now", {})
        other.communicate("")
    assert "Wait" in told.value.hint
    assert store.begin_run("check", "now", {}) == 1


def test_a_lock_while_opening_is_told(tmp_path: Path) -> None:
    """A store that another process is just creating is in use, too."""
    with closing(sqlite3.connect(tmp_path / "repwatch.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="in use"):
            Store.open(tmp_path, wait_ms=20)


@pytest.mark.parametrize("opened", [Store.open, open_reader])
def test_a_newer_store_is_refused(folder: Path, store: Store, opened: object) -> None:
    """An old program keeps its hands off a new store."""
    with closing(sqlite3.connect(folder / "repwatch.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match=r"newer repwatch.*9999") as told:
        opened(folder)  # type: ignore[operator]
    assert told.value.hint == "Upgrade repwatch."


def test_what_is_no_store_is_refused(tmp_path: Path) -> None:
    """Neither another file, nor another program's database, nor a file in the folder's place."""
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "repwatch.db").write_text("not a database, but long enough to look like one" * 30)
    (tmp_path / "other").mkdir()
    with closing(sqlite3.connect(tmp_path / "other" / "repwatch.db")) as connection:
        connection.execute("CREATE TABLE recipe (id)")
    (tmp_path / "file").touch()
    for name, said in (
        ("text", "not a database"),
        ("other", "not a store of repwatch"),
        ("file", "cannot be written"),
    ):
        with pytest.raises(StoreError, match=said) as told:
            Store.open(tmp_path / name)
        assert told.value.hint
    with pytest.raises(StoreError, match="not a database"):
        open_reader(tmp_path / "text")


def test_a_reader_needs_a_store(tmp_path: Path) -> None:
    """No store yet and an unfinished one are different words."""
    with pytest.raises(StoreError, match="no store yet"):
        open_reader(tmp_path)
    (tmp_path / "repwatch.db").touch()
    with pytest.raises(StoreError, match="revision none"):
        open_reader(tmp_path)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("database disk image is malformed", "damaged"),
        ("attempt to write a readonly database", "written"),
        ("database or disk is full", "disk"),
        ("unable to open database file", "opened"),
        ("odd", "odd"),
    ],
)
def test_what_sqlite_says_is_explained(said: str, told: str) -> None:
    """Every error of the database has a hint."""
    error = place.explain(sqlite3.OperationalError(said), Path("x"))
    assert told in error.message
    assert error.hint


def test_an_error_in_a_save_is_told_and_leaves_nothing(store: Store, rows: Rows) -> None:
    """A database that fails half-way keeps nothing of that page."""
    rows("CREATE TRIGGER fail BEFORE INSERT ON link BEGIN SELECT raise(ABORT, 'disk is full'); END")
    with pytest.raises(StoreError, match="does not fit"):
        store.save(run_of(store), [seen(review())])
    assert rows("SELECT * FROM item") == []


def test_reading_while_writing(folder: Path, store: Store) -> None:
    """A reader sees whole transactions only, and never waits."""
    run = run_of(store)
    done = threading.Event()
    counts = []

    def read() -> None:
        while not done.is_set():
            with open_reader(folder) as reader:
                counts.append((reader.counts()["item"], reader.histogram("Acme")["all"]))

    thread = threading.Thread(target=read)
    thread.start()
    for part in range(10):
        store.save(run, [seen(mention(f"{part}-{n}")) for n in range(20)])
    done.set()
    thread.join()
    with open_reader(folder) as reader:
        assert reader.counts()["item"] == 200
    assert {0} == {all_ % 20 for pair in counts for all_ in pair}


CRASH = """
import os, sys
from pathlib import Path
from repwatch.models import CoverageEntry, Mention
from repwatch.store import Seen, Store

def items():
    for n in range(5_000):
        if n == 4_500:
            os.kill(os.getpid(), 9)
        yield Seen(Mention(source="s", native_id=str(n), text="Acme"), ("Acme",), None, "2026-11-03T12:00:00Z")

store = Store.open(Path(sys.argv[1]))
entry = CoverageEntry(source="s", employer="Acme", target="t", state="read")
store.save(store.begin_run("check", "2026-11-03T12:00:00Z", {}), items(), entry=entry if sys.argv[2] == "page" else None)
"""


@pytest.mark.parametrize(("kind", "kept"), [("page", 0), ("import", 4_000)])
def test_a_crash_leaves_nothing_half(folder: Path, kind: str, kept: int) -> None:
    """A killed save leaves whole transactions: of a page nothing, of an import the parts that were done."""
    source = Path(repwatch.store.__file__).parents[2]
    died = subprocess.run(
        [sys.executable, "-c", CRASH, str(folder), kind], env={"PYTHONPATH": str(source)}, check=False
    )
    assert died.returncode == -9
    with Store.open(folder) as store, open_reader(folder) as reader:
        assert (kept, kept) == (reader.counts()["item"], reader.histogram("Acme")["all"])
        assert reader.ledger() == []
        assert kept == len(reader.mentions(search="acme", limit=None))
        assert run_of(store) == 2


def test_reading_stays_light() -> None:
    """The read path loads none of what would cost more than the reading."""
    source = Path(repwatch.store.__file__).parents[2]
    script = "import sys, repwatch.store.reading; print([m for m in ('sqlalchemy', 'alembic', 'pydantic') if m in sys.modules])"
    told = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == "[]\n"


def test_the_package_has_no_other_names() -> None:
    """A wrong name is an AttributeError, as ever."""
    with pytest.raises(AttributeError, match="nothing"):
        _ = repwatch.store.nothing
