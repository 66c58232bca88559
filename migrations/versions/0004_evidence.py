"""Producers with their place, and what a lot brings as proof and as warning."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "producers",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("story", sa.String(length=1000), nullable=True),
        sa.Column("photo", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.execute("INSERT INTO producers (name) SELECT DISTINCT producer FROM products WHERE producer IS NOT NULL")
    for name in ("certificates", "defects", "quality_log"):
        op.add_column("lots", sa.Column(name, sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
