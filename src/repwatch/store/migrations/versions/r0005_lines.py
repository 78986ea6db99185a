"""The digests of imported lines, so that a line that comes again need not be read again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; a digest is its own row id, so that it costs some 16 bytes a line."""
    op.create_table(
        "line",
        sa.Column("digest", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_line"),
    )
