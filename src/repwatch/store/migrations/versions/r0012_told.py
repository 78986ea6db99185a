"""Which runs told again what was stored already, so that an undo of the first leaves it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

#: Until now the line of an export bore the run that told it last.
_LINES = """
INSERT OR IGNORE INTO told_item (item_id, run_id, as_of)
SELECT line.item_id, line.run_id, item.run_id FROM line JOIN item ON item.id = line.item_id WHERE line.run_id > item.changed_run
"""


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "told_item",
        sa.Column("item_id", sa.Integer, sa.ForeignKey("item.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("as_of", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "told_profile",
        sa.Column("profile_id", sa.Integer, sa.ForeignKey("profile.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("run.id"), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.execute(_LINES)
