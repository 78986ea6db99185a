"""Stories, doubts, and listings that are looked at again.

The stories of the items that are there already are found once the migration is done (`Store.open`).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what finding needs. The item table is not copied: its triggers would be lost."""
    op.add_column("item", sa.Column("story", sa.Integer(), nullable=True))
    op.create_index("ix_item_story", "item", ["story"], unique=False)
    op.add_column("link", sa.Column("again", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "likeness",
        sa.Column("hash", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_likeness_item_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hash", "item_id", name="pk_likeness"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_likeness_item_id", "likeness", ["item_id"], unique=False)
    op.create_table(
        "doubt",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("relevance", sa.Float(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["employer_id"], ["employer.id"], name="fk_doubt_employer_id"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_doubt_item_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_doubt_run_id"),
        sa.PrimaryKeyConstraint("item_id", "employer_id", name="pk_doubt"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "listing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("employer", sa.Text(), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_listing"),
        sa.UniqueConstraint("key", name="uq_listing_key"),
    )
    op.create_table(
        "listed",
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("published", sa.Text(), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("lacked", sa.Integer(), nullable=False),
        sa.Column("lacked_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name="fk_listed_listing_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("listing_id", "identity", name="pk_listed"),
        sqlite_with_rowid=False,
    )
