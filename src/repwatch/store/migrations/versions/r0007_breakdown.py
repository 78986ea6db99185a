"""Reviews a month by job family, place and country.

The counts themselves, and the new kinds of count in `rollup`, are filled by `Database` after any migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "breakdown",
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("dimension", sa.String(length=7), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("what", sa.String(length=5), nullable=False),
        sa.Column("bucket", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["employer_id"], ["employer.id"], name="fk_breakdown_employer_id"),
        sa.PrimaryKeyConstraint(
            "employer_id", "month", "dimension", "part", "what", "bucket", name="pk_breakdown"
        ),
        sqlite_with_rowid=False,
    )
