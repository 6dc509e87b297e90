"""``mash retention``: how long cases are kept, and the end of their content."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from agents.coordinator.retention import term_of
from messages.parties import HUB
from ops import case_views
from ops.cli.app import app
from ops.cli.commands import command
from ops.cli.output import AsJson, as_json, table
from ops.engines import clock_of, keys_of, open_store, partnership_of, vault_of
from ops.retention import destroy
from ops.settings import Settings
from store.quarantine import Quarantine

retention = typer.Typer(
    no_args_is_help=True,
    help="How long closed cases are kept, and the end of their content.",
    epilog="Example: [bold]mash retention list[/bold]",
)
app.add_typer(retention, name="retention")


@command(retention, "list", example="mash retention list --json")
async def list_(
    settings: Settings,
    limit: Annotated[int, typer.Option(help="At most so many", min=1, max=case_views.MOST_ROWS)] = 100,
    json_: AsJson = False,
) -> None:
    """List closed cases with the rule that keeps them: held, kept until a day, or over."""
    rules, today = partnership_of(settings).retention, clock_of(settings).now().date()
    store = await open_store(settings, HUB)
    try:
        page = await store.find({"kind": "case", "open": False}, sort=[("received_at", 1)], limit=limit)
        cases = [case_views.case_from(kept) for kept in page.rows]
        there = await store.get_data_keys([case.case_id for case in cases])
    finally:
        await store.close()
    found: list[dict[str, Any]] = []
    for case in cases:
        term = term_of(case, rules, today)
        found.append(
            {
                "case": case.case_id,
                "keeping": term.keeping.value,
                "rule": term.rule,
                "until": term.until.isoformat() if term.until else None,
                "purge_decided": case.purge is not None,
                "destroyed": case.case_id not in there,
            }
        )
    if json_:
        as_json({"total": page.total, "cases": found})
        return
    if not found:
        typer.echo("no case is closed")
        return
    table(tuple(found[0]), (list(row.values()) for row in found))
    if page.total > len(found):
        typer.echo(f"{page.total} in all; --limit shows more")


@command(retention, "purge", example="mash retention purge C-ABCDEFGHIJKL")
async def purge(
    settings: Settings, case: Annotated[str, typer.Argument(help="A case's id", metavar="CASE")]
) -> None:
    """Destroy the content of a case for good, once the champions' joint decision is on its record.

    The record stays and still verifies. Doing it twice is no error. Copies of the store that were made before
    still hold the content, under the hub's secret.
    """
    keys = keys_of(settings, HUB)
    store = await open_store(settings, HUB)
    try:
        found, kept = await case_views.look_up(store, case)
        vault = vault_of(store, keys, clock_of(settings))
        now = await destroy(found, kept, store, vault, Quarantine(store, keys.quarantine))
    finally:
        await store.close()
    typer.echo(f"{found.case_id}: {'content destroyed' if now else 'content was destroyed before'}")
