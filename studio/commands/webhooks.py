"""Commands of the deliveries of other shops."""

from typing import Any

import click

from studio import config
from studio.commands.options import Command, settings_options


def _inbox_options(command: Command) -> Command:
    for option in reversed(
        (
            click.option("--source", type=click.Choice(["shopify", "woocommerce", "youzan", "generic"]), help="来源"),
            click.option("--since", help="从何时起收到的 received since, 2026-11-22 or 2026-11-22T20:00"),
        )
    ):
        command = option(command)
    return command


@click.group()
def webhooks() -> None:
    """订单推送 Deliveries of other shops: list them, process them again."""


@webhooks.command("list")
@settings_options
@_inbox_options
@click.option("--state", type=click.Choice(["new", "parked", "failed", "done", "stale", "ignored"]), help="状态")
def webhooks_list(state: str | None, source: str | None, since: str | None, **flags: Any) -> None:
    """列出 The newest 100, one a line: id, source, state, order number there, reason."""
    from studio.shop.webhooks.maintenance import list_deliveries  # noqa: PLC0415 - SQLAlchemy

    for row in list_deliveries(config.load(flags), state=state, source=source, since=since):
        reason = f"{row['reason']} {row['detail']}".strip()
        click.echo(f"{row['id']}\t{row['source']}\t{row['state']}\t{row['external_id'] or '-'}\t{reason}")


@webhooks.command("replay")
@settings_options
@_inbox_options
@click.option("--state", type=click.Choice(["failed", "parked", "stale", "ignored", "done"]), default="failed")
def webhooks_replay(state: str, source: str | None, since: str | None, **flags: Any) -> None:
    """重新处理 Put deliveries back: the running studio takes them within seconds, else the next start does."""
    from studio.shop.webhooks.maintenance import put_back  # noqa: PLC0415 - SQLAlchemy

    count = put_back(config.load(flags), state=state, source=source, since=since)
    click.echo(f"已放回 {count} 条推送，等待处理\n{count} deliveries put back")
