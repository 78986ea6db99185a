"""Consent, tombstones, the log of what was done with personal data, and which items have lost their text."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the four tables; the log refuses changes by triggers of its own."""
    op.create_table(
        "faded",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_faded_item_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", name="pk_faded"),
    )
    op.create_table(
        "tombstone",
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_tombstone"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("given", sa.String(length=10), nullable=False),
        sa.Column("expires", sa.String(length=10), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("accounts", sa.Text(), nullable=False),
        sa.Column("recorded", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_consent"),
        sa.UniqueConstraint("who", "purpose", name="uq_consent_who"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE"):
            op.get_bind().exec_driver_sql(
                f"CREATE TRIGGER audit_no_{what.lower()} BEFORE {what} ON audit BEGIN SELECT RAISE(ABORT, 'the log of privacy acts only grows'); END"
            )
