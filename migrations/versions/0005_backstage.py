"""What an item proves on air, when it went on, and who went live against a red check."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rundown_items", sa.Column("trust", sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
    op.add_column("shows", sa.Column("item_taken_ms", sa.BigInteger(), nullable=True))
    op.create_table(
        "preflight_overrides",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("show_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("reds", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["show_id"], ["shows.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_preflight_overrides_show_id"), "preflight_overrides", ["show_id"])
