"""The face of each story is found by an index, however many tell it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_FACES = """
UPDATE link SET face = (SELECT story FROM item WHERE item.id = link.item_id)
WHERE again = 0 AND item_id IN (SELECT id FROM item WHERE story IS NOT NULL AND type = 'mention')
"""


def upgrade() -> None:
    """Add the column and its index, and mark the faces there are."""
    op.add_column("link", sa.Column("face", sa.Integer(), nullable=True))
    op.create_index("ix_link_face", "link", ["face"], unique=False, sqlite_where=sa.text("face IS NOT NULL"))
    op.execute(_FACES)
