"""Commands of one buyer's data."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from studio import config
from studio.commands.options import settings_options, write_text
from studio.errors import NotFound


@click.group()
def buyer() -> None:
    """买家资料 One buyer's data: export or delete, also while the studio runs."""


@buyer.command("export")
@settings_options
@click.argument("who", metavar="PHONE|ID", required=False)
@click.option("--out", type=click.Path(path_type=Path), help="文件 file to write, else the terminal")
def buyer_export(who: str | None, out: Path | None, **flags: Any) -> None:
    """导出 Everything known about a buyer as JSON, the phone readable; asks for the number when none is given."""
    import json  # noqa: PLC0415

    from studio.remote import host_api  # noqa: PLC0415 - requests

    with host_api(config.load(flags)) as call:
        found = [call("GET", f"/buyers/{row['id']}/export") for row in _find_buyers(call, who)]
    text = json.dumps({"buyers": found}, ensure_ascii=False, indent=2) + "\n"
    if out is None:
        click.echo(text, nl=False)
    else:
        write_text(out, text)


@buyer.command("delete")
@settings_options
@click.argument("who", metavar="PHONE|ID", required=False)
@click.option("--force", is_flag=True, help="还有未完成的订单也删 also while orders are running")
@click.option("--yes", is_flag=True, help="不再确认 do not ask")
def buyer_delete(who: str | None, force: bool, yes: bool, **flags: Any) -> None:
    """删除 Delete a buyer's name, phone and links for good; orders stay without them."""
    from studio.remote import host_api  # noqa: PLC0415 - requests

    with host_api(config.load(flags)) as call:
        found = _find_buyers(call, who)
        for row in found:
            click.echo(f"#{row['id']}  {row['who']}  {row['phone'] or '-'}  {row['orders']} 单 orders")
        if not yes:
            click.confirm("删除后不能恢复，确定吗？ Delete for good?", abort=True)
        for row in found:
            call("DELETE", f"/buyers/{row['id']}{'?force=true' if force else ''}")
    click.echo("已删除\ndeleted")


def _find_buyers(call: Callable[[str, str], Any], who: str | None) -> list[dict[str, Any]]:
    from urllib.parse import quote  # noqa: PLC0415

    wanted = who or click.prompt("手机号或编号 phone number or id", type=str)
    found = call("GET", f"/buyers?exact=true&q={quote(wanted, safe='')}")["buyers"]
    if not found:
        raise NotFound("没有这位买家，或者资料已注销", "no such buyer, or their data were erased")
    return found
