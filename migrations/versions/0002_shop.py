"""The shop whole: buyers, order life, referrals, webhooks, audience, proof of shout-outs."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add_tables()
    _widen_tables()
    _give_secrets()
    _fill_amounts()
    with op.batch_alter_table("orders") as batch_op:
        batch_op.alter_column("secret", existing_type=sa.String(length=32), nullable=False)
        batch_op.create_unique_constraint("orders_secret_key", ["secret"])
    _rebuild_movements()


def _add_tables() -> None:
    op.create_table(
        "pickup_points",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=120), nullable=False),
        sa.Column("hours", sa.String(length=60), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "polls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("show_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("opened_ms", sa.BigInteger(), nullable=True),
        sa.Column("closed_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("show_id", sa.Integer(), nullable=True),
        sa.Column("sku", sa.String(length=64), nullable=True),
        sa.Column("visitor", sa.String(length=64), nullable=True),
        sa.Column("asker", sa.String(length=60), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("plain", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("draft", sa.Boolean(), nullable=False),
        sa.Column("folded_into", sa.Integer(), nullable=True),
        sa.Column("askers", sa.Integer(), nullable=False),
        sa.Column("asked_ms", sa.BigInteger(), nullable=False),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["folded_into"],
            ["questions.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("questions") as batch_op:
        batch_op.create_index("ix_questions_show_id_state", ["show_id", "state"])
        batch_op.create_index("ix_questions_folded_into", ["folded_into"])

    op.create_table(
        "webhook_sources",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("secret_sealed", sa.String(length=400), nullable=True),
        sa.Column("previous_sealed", sa.String(length=400), nullable=True),
        sa.Column("client_id", sa.String(length=80), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("last_delivery_ms", sa.BigInteger(), nullable=True),
        sa.Column("last_failure_ms", sa.BigInteger(), nullable=True),
        sa.Column("last_failure", sa.String(length=200), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "webhook_targets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=400), nullable=False),
        sa.Column("secret_sealed", sa.String(length=400), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("last_ok_ms", sa.BigInteger(), nullable=True),
        sa.Column("last_failure_ms", sa.BigInteger(), nullable=True),
        sa.Column("last_failure", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "buyers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visitor", sa.String(length=64), nullable=True),
        sa.Column("customer", sa.String(length=80), nullable=True),
        sa.Column("nickname", sa.String(length=60), nullable=False),
        sa.Column("phone_sealed", sa.String(length=200), nullable=True),
        sa.Column("phone_mark", sa.String(length=64), nullable=True),
        sa.Column("pickup_point_id", sa.Integer(), nullable=True),
        sa.Column("quiet", sa.Boolean(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("erased_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["pickup_point_id"],
            ["pickup_points.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("customer"),
        sa.UniqueConstraint("visitor"),
    )
    with op.batch_alter_table("buyers") as batch_op:
        batch_op.create_index("ix_buyers_phone_mark", ["phone_mark"])

    op.create_table(
        "comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("show_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("external_id", sa.String(length=100), nullable=False),
        sa.Column("who", sa.String(length=60), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source", "external_id"),
    )
    with op.batch_alter_table("comments") as batch_op:
        batch_op.create_index("ix_comments_show_id", ["show_id", "id"])

    op.create_table(
        "poll_options",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=40), nullable=False),
        sa.Column("sku", sa.String(length=64), nullable=True),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("poll_options") as batch_op:
        batch_op.create_index("ix_poll_options_poll_id", ["poll_id"])

    op.create_table(
        "shoutout_acks",
        sa.Column("shoutout_id", sa.Integer(), nullable=False),
        sa.Column("client", sa.String(length=40), nullable=False),
        sa.Column("page", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["shoutout_id"], ["shoutouts.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shoutout_id", "client"),
    )
    op.create_table(
        "sku_aliases",
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("external", sa.String(length=100), nullable=False),
        sa.Column("sku", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["sku"],
            ["products.sku"],
        ),
        sa.PrimaryKeyConstraint("source", "external"),
    )
    op.create_table(
        "webhook_outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=200), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("due_ms", sa.BigInteger(), nullable=False),
        sa.Column("sent_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["target_id"], ["webhook_targets.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("webhook_outbox") as batch_op:
        batch_op.create_index("ix_webhook_outbox_state_due_ms", ["state", "due_ms"])

    op.create_table(
        "referral_codes",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("buyer_id", sa.Integer(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["buyer_id"],
            ["buyers.id"],
        ),
        sa.PrimaryKeyConstraint("code"),
        sa.UniqueConstraint("buyer_id"),
    )
    op.create_table(
        "votes",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("voter", sa.String(length=64), nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["option_id"], ["poll_options.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("poll_id", "voter"),
    )
    op.create_table(
        "complaints",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(length=64), nullable=True),
        sa.Column("lot_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("photo", sa.String(length=80), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reply", sa.String(length=500), nullable=False),
        sa.Column("reported_ms", sa.BigInteger(), nullable=False),
        sa.Column("replied_ms", sa.BigInteger(), nullable=True),
        sa.Column("resolved_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["lot_id"],
            ["lots.id"],
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("complaints") as batch_op:
        batch_op.create_index("ix_complaints_order_id", ["order_id"])

    op.create_table(
        "order_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("order_steps") as batch_op:
        batch_op.create_index("ix_order_steps_order_id", ["order_id"])

    op.create_table(
        "referral_touches",
        sa.Column("visitor", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["code"],
            ["referral_codes.code"],
        ),
        sa.PrimaryKeyConstraint("visitor"),
    )
    op.create_table(
        "referrals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("referrer_id", sa.Integer(), nullable=False),
        sa.Column("buyer_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("reward_fen", sa.Integer(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("due_ms", sa.BigInteger(), nullable=True),
        sa.Column("settled_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["buyer_id"],
            ["buyers.id"],
        ),
        sa.ForeignKeyConstraint(
            ["code"],
            ["referral_codes.code"],
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
        ),
        sa.ForeignKeyConstraint(
            ["referrer_id"],
            ["buyers.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("buyer_id"),
        sa.UniqueConstraint("order_id"),
    )
    with op.batch_alter_table("referrals") as batch_op:
        batch_op.create_index("ix_referrals_referrer_id", ["referrer_id"])
        batch_op.create_index("ix_referrals_state", ["state"])

    op.create_table(
        "refunds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    with op.batch_alter_table("refunds") as batch_op:
        batch_op.create_index("ix_refunds_order_id", ["order_id"])

    op.create_table(
        "webhook_inbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("event_id", sa.String(length=80), nullable=True),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("external_id", sa.String(length=64), nullable=True),
        sa.Column("updated_ms", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("processed_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source", "key"),
    )
    with op.batch_alter_table("webhook_inbox") as batch_op:
        batch_op.create_index("ix_webhook_inbox_state", ["state", "id"])
        batch_op.create_index("ix_webhook_inbox_external_id", ["external_id", "source"])


def _widen_tables() -> None:
    with op.batch_alter_table("order_lines") as batch_op:
        batch_op.add_column(sa.Column("price_per_kg_fen", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("weight_g", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("final_fen", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("returned", sa.Integer(), nullable=False, server_default="0"))

    with op.batch_alter_table("orders") as batch_op:
        batch_op.add_column(sa.Column("buyer_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("pickup_point_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("note", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("paid_via", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("secret", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("settled_fen", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("paid_fen", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("due_fen", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("refunded_fen", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("hold_until_ms", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("packed_ms", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("picked_ms", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("external_id", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("external_number", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("external_ms", sa.BigInteger(), nullable=True))
        batch_op.create_index("ix_orders_buyer_id", ["buyer_id"])
        batch_op.create_index("ix_orders_status_hold_until_ms", ["status", "hold_until_ms"])
        batch_op.create_unique_constraint("orders_source_external_id_key", ["source", "external_id"])
        batch_op.create_foreign_key("orders_pickup_point_id_fkey", "pickup_points", ["pickup_point_id"], ["id"])
        batch_op.create_foreign_key("orders_buyer_id_fkey", "buyers", ["buyer_id"], ["id"])

    with op.batch_alter_table("products") as batch_op:
        batch_op.add_column(sa.Column("cap_per_buyer", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("price_per_kg_fen", sa.Integer(), nullable=True))

    with op.batch_alter_table("shoutouts") as batch_op:
        batch_op.add_column(sa.Column("priority", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("people", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("merged_into", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("due_ms", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("showings", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("retries", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_index("ix_shoutouts_merged_into", ["merged_into"])
        batch_op.create_foreign_key("shoutouts_merged_into_fkey", "shoutouts", ["merged_into"], ["id"])


def _give_secrets() -> None:
    """Orders from before the private link get one."""
    orders = sa.table("orders", sa.column("id"), sa.column("secret"))
    for (order_id,) in op.get_bind().execute(sa.select(orders.c.id)).all():
        op.execute(orders.update().where(orders.c.id == order_id).values(secret=secrets.token_urlsafe(16)))


def _fill_amounts() -> None:
    """Orders from before partial payments were paid whole or not at all."""
    op.execute("UPDATE orders SET paid_fen = total_fen WHERE status IN ('paid', 'refunded')")
    op.execute("UPDATE orders SET refunded_fen = total_fen WHERE status = 'refunded'")
    op.execute("UPDATE orders SET due_fen = total_fen WHERE status = 'placed'")


def _rebuild_movements() -> None:
    """Once an order, SKU and kind becomes once a cause; SQLite cannot drop the old unnamed constraint."""
    op.rename_table("stock_movements", "stock_movements_before")
    op.drop_index("ix_stock_movements_sku", "stock_movements_before")
    op.create_table(
        "stock_movements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("delta_on_hand", sa.Integer(), nullable=False),
        sa.Column("delta_held", sa.Integer(), nullable=False),
        sa.Column("delta_sold", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("cause", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["sku"], ["products.sku"]),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sku", "kind", "cause"),
    )
    op.create_index("ix_stock_movements_sku", "stock_movements", ["sku"])
    op.create_index("ix_stock_movements_order_id", "stock_movements", ["order_id"])
    # in order of id, without it: PostgreSQL's sequence of the new table counts along
    op.execute(
        "INSERT INTO stock_movements"
        " (sku, kind, delta_on_hand, delta_held, delta_sold, order_id, cause, reason, at)"
        " SELECT sku, kind, delta_on_hand, delta_held, delta_sold, order_id,"
        " CASE WHEN order_id IS NULL THEN NULL ELSE 'order:' || order_id END, reason, at"
        " FROM stock_movements_before ORDER BY id"
    )
    op.drop_table("stock_movements_before")
