"""What a product named by the host does."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("shows", sa.Column("cue_mode", sa.String(length=8), nullable=False, server_default="confirm"))
