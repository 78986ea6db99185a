"""People who take part: volunteers, leaders and those who are coached, each hanging on a consent; what they did; goals; invitations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _of_a_member(table: str) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    rule = sa.ForeignKeyConstraint(["consent_id"], ["member.consent_id"], name=f"fk_{table}_consent_id", ondelete="CASCADE")
    return sa.Column("consent_id", sa.Integer(), nullable=False), rule


def upgrade() -> None:
    """Create the six tables. Whoever takes a consent back takes all rows along that hang on it."""
    op.create_table(
        "member",
        sa.Column("consent_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("joined", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name="fk_member_consent_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("consent_id", name="pk_member"),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
    )
    op.create_table(
        "action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_action"),
    )
    op.create_table(
        "relay",
        *_of_a_member("relay"),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("reach", sa.Integer(), nullable=True),
        sa.Column("reactions", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name="fk_relay_action_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("consent_id", "action_id", "day", name="pk_relay"),
    )
    op.create_table(
        "presence",
        *_of_a_member("presence"),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("consent_id", "day", name="pk_presence"),
    )
    op.create_table(
        "goal",
        *_of_a_member("goal"),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("due", sa.String(length=10), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("consent_id", "measure", name="pk_goal"),
    )
