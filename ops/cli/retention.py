"""``mash retention``: how long content is kept, and its end."""

from __future__ import annotations

from itertools import chain
from typing import Annotated, Any

import typer

from messages.parties import HUB
from ops import case_views, retention_lists
from ops import retention as rules
from ops.cli.app import app
from ops.cli.commands import command
from ops.cli.output import AsJson, as_json, table
from ops.engines import clock_of, keys_of, open_store, partnership_of, vault_of
from ops.retention_lists import Heading
from ops.settings import Settings
from store.quarantine import Quarantine

retention = typer.Typer(
    no_args_is_help=True,
    help="How long cases, DIALs and reports of missing people are kept, and the end of their content.",
    epilog="Example: [bold]mash retention list[/bold]",
)
app.add_typer(retention, name="retention")


@command(retention, "list", example="mash retention list --json")
async def list_(
    settings: Settings,
    only: Annotated[
        Heading | None, typer.Option(help="One of these lists alone, else all of them in this order")
    ] = None,
    limit: Annotated[int, typer.Option(help="At most so many", min=1, max=case_views.MOST_ROWS)] = 100,
    json_: AsJson = False,
) -> None:
    """List what is done with, by the rule that keeps it: over, kept until a day, or held.

    Cases that are closed, DIALs that the meeting has decided on, and missing people whose reports no longer
    count; those that brought cases, and are kept as long as these; what champions decided to destroy.
    """
    partnership = partnership_of(settings)
    today = partnership.clocks.day_of(clock_of(settings).now())
    store = await open_store(settings, HUB)
    try:
        listed = await retention_lists.contents(store, partnership, today)
        lots = listed[only] if only else tuple(chain.from_iterable(listed.values()))
        found = await retention_lists.standings(store, lots, partnership, today, limit=limit)
    finally:
        await store.close()
    rows, total = [_row(one) for one in found], retention_lists.total(lots)
    if json_:
        as_json({"total": total, "documents": rows})
        return
    if not rows:
        typer.echo("there is none" if only else "nothing is done with: no case is closed")
        return
    table(tuple(rows[0]), (list(row.values()) for row in rows))
    if total > len(rows):
        typer.echo(f"{total} in all; --limit shows more, --only one of the lists")


def _row(one: retention_lists.Standing) -> dict[str, Any]:
    return {
        "id": one.key,
        "kind": one.kind,
        "keeping": one.term.keeping.value,
        "rule": one.term.rule,
        "until": one.term.until.isoformat() if one.term.until else None,
        "stayed_for": list(one.term.stayed_for),
        "agreed": list(one.agreed),
        "purge_decided": one.decided,
        "destroyed": one.destroyed,
    }


@command(retention, "purge", example="mash retention purge C-ABCDEFGHIJKL")
async def purge(
    settings: Settings,
    id_: Annotated[str, typer.Argument(help="The id of a case, a DIAL or a missing person", metavar="ID")],
) -> None:
    """Destroy content for good, once the champions' joint decision is on its record.

    The record stays and still verifies. Doing it twice is no error. It says what else holds the same words:
    the DIAL or the missing person's reports that brought a case, the cases that they brought. Copies of the
    store that were made before still hold the content, under the hub's secret.
    """
    keys = keys_of(settings, HUB)
    store = await open_store(settings, HUB)
    try:
        found, kept = await rules.look_up(store, id_)
        vault = vault_of(store, keys, clock_of(settings))
        now = await rules.destroy(found, kept, store, vault, Quarantine(store, keys.quarantine))
        left = await rules.left(found, store)
    finally:
        await store.close()
    typer.echo(f"{kept.key}: {'content destroyed' if now else 'content was destroyed before'}")
    for other in left:
        typer.echo(f"left: {other} holds the same words; champions decide on it too (mash retention list)")
