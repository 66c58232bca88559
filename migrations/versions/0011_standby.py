"""The item that a hand put on standby."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("shows", sa.Column("standby_item_id", sa.Integer(), nullable=True))
