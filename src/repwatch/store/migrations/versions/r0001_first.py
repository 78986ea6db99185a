"""The first tables, and the full-text index over the items' words.

The index keeps no copy of the text (external content): it reads the view `item_text`, and triggers keep it in step
in the same transaction. Lists (questions, answers) come from a column of their own: FTS5 reads its content without
table-valued functions. It is SQLite's own; another database gets its own in a later migration.
"""

# ruff: noqa: S608 — every statement here is built from constants
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_FIELDS = ("text", "pros", "cons", "advice", "body", "job_title", "process")


def _words(row: str) -> str:
    """SQL for the title and the body of an item: all that somebody wrote in it."""
    plain = " || ' ' || ".join(f"coalesce(json_extract({row}data, '$.{field}'), '')" for field in _FIELDS)
    title = f"coalesce(json_extract({row}data, '$.title'), '')"
    return f"{title} AS title, {plain} || ' ' || {row}more_words AS body"


def _index() -> None:
    add = "INSERT INTO item_fts(rowid, title, body) SELECT new.id, " + _words("new.")
    drop = "INSERT INTO item_fts(item_fts, rowid, title, body) SELECT 'delete', old.id, " + _words("old.")
    for statement in (
        "CREATE VIEW item_text AS SELECT id, " + _words("") + " FROM item",
        (
            "CREATE VIRTUAL TABLE item_fts USING fts5(title, body, content='item_text', content_rowid='id', "
            "detail=full, tokenize='unicode61 remove_diacritics 2')"
        ),
        f"CREATE TRIGGER item_fts_new AFTER INSERT ON item BEGIN {add}; END",
        f"CREATE TRIGGER item_fts_gone AFTER DELETE ON item BEGIN {drop}; END",
        (
            "CREATE TRIGGER item_fts_changed AFTER UPDATE OF data ON item WHEN old.data IS NOT new.data "
            f"BEGIN {drop}; {add}; END"
        ),
    ):
        op.get_bind().exec_driver_sql(statement)


def upgrade() -> None:
    """Create what the first release knows."""
    _tables()
    if op.get_bind().dialect.name == "sqlite":
        _index()


def _tables() -> None:  # as Alembic wrote them; a migration is history and is not tidied
    op.create_table(
        "employer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_employer"),
        sa.UniqueConstraint("name", name="uq_employer_name"),
    )
    op.create_table(
        "page",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("archive_file", sa.Text(), nullable=True),
        sa.Column("offset", sa.Integer(), nullable=True),
        sa.Column("fetched_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("url", name="pk_page"),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("started", sa.Text(), nullable=False),
        sa.Column("finished", sa.Text(), nullable=True),
        sa.Column("exit_code", sa.Integer(), nullable=True),
        sa.Column("meta", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "scorer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_scorer"),
        sa.UniqueConstraint("version", name="uq_scorer_version"),
    )
    op.create_table(
        "watch_cursor",
        sa.Column("watch_key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("watch_key", name="pk_watch_cursor"),
    )
    op.create_table(
        "gap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("watch_key", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("recorded_run", sa.Integer(), nullable=False),
        sa.Column("filled_run", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["filled_run"], ["run.id"], name="fk_gap_filled_run"),
        sa.ForeignKeyConstraint(["recorded_run"], ["run.id"], name="fk_gap_recorded_run"),
        sa.PrimaryKeyConstraint("id", name="pk_gap"),
    )
    op.create_index("ix_gap_watch_key", "gap", ["watch_key"], unique=False)
    op.create_table(
        "item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("derived", sa.Text(), nullable=False),
        sa.Column("published", sa.Text(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("precision", sa.String(length=5), nullable=False),
        sa.Column("lang", sa.Text(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("more_words", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.Text(), nullable=False),
        sa.Column("vanished", sa.Text(), nullable=True),
        sa.Column("scorer_id", sa.Integer(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("changed_run", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["changed_run"], ["run.id"], name="fk_item_changed_run"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_item_run_id"),
        sa.ForeignKeyConstraint(["scorer_id"], ["scorer.id"], name="fk_item_scorer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_item"),
        sa.UniqueConstraint("source", "identity", "type", name="uq_item_source"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_item_published", "item", ["published"], unique=False)
    op.create_index("ix_item_derived", "item", ["derived"], unique=False)
    op.create_index("ix_item_run_id", "item", ["run_id"], unique=False)
    op.create_table(
        "ledger",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("employer", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("revised", sa.Integer(), nullable=False),
        sa.Column("problems", sa.Integer(), nullable=False),
        sa.Column("gap", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_ledger_run_id"),
        sa.PrimaryKeyConstraint("run_id", "source", "employer", "target", name="pk_ledger"),
    )
    op.create_index("ix_ledger_employer", "ledger", ["employer", "source"], unique=False)
    op.create_table(
        "problem",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_problem_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_problem"),
    )
    op.create_index("ix_problem_run_id", "problem", ["run_id"], unique=False)
    op.create_table(
        "profile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("filter", sa.Text(), nullable=False),
        sa.Column("observed", sa.Text(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["employer_id"], ["employer.id"], name="fk_profile_employer_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_profile_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_profile"),
    )
    op.create_index(
        "ix_profile_employer_id",
        "profile",
        ["employer_id", "source", "domain", "filter", "identity", "day"],
        unique=False,
    )
    op.create_index("ix_profile_run_id", "profile", ["run_id"], unique=False)
    op.create_table(
        "rollup",
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("what", sa.String(length=5), nullable=False),
        sa.Column("bucket", sa.Text(), nullable=False),
        sa.Column("lang", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["employer_id"], ["employer.id"], name="fk_rollup_employer_id"),
        sa.PrimaryKeyConstraint(
            "employer_id", "day", "source", "type", "what", "bucket", "lang", name="pk_rollup"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "journal",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_journal_item_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_journal_run_id"),
        sa.PrimaryKeyConstraint("run_id", "item_id", name="pk_journal"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_journal_item_id", "journal", ["item_id"], unique=False)
    op.create_table(
        "link",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["employer_id"], ["employer.id"], name="fk_link_employer_id"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_link_item_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_link_run_id"),
        sa.PrimaryKeyConstraint("item_id", "employer_id", name="pk_link"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_link_employer_id", "link", ["employer_id", "item_id"], unique=False)
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("replaced", sa.Text(), nullable=False),
        sa.Column("derived", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=4), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_revision_item_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_revision_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
    )
    op.create_index("ix_revision_derived", "revision", ["derived"], unique=False)
    op.create_index("ix_revision_item_id", "revision", ["item_id"], unique=False)
    op.create_index("ix_revision_run_id", "revision", ["run_id"], unique=False)
    op.create_table(
        "score",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("scorer_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("lang", sa.Text(), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("polarity", sa.Float(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_score_item_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_score_run_id"),
        sa.ForeignKeyConstraint(["scorer_id"], ["scorer.id"], name="fk_score_scorer_id"),
        sa.PrimaryKeyConstraint("item_id", "scorer_id", name="pk_score"),
        sqlite_with_rowid=False,
    )
