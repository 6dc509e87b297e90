"""``mash audit``: whether the record is as it was written."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from messages.parties import HUB
from ops.cli.app import app
from ops.cli.commands import command
from ops.cli.output import AsJson, as_json
from ops.engines import keys_of, open_store
from ops.problem import Problem
from ops.settings import Settings
from store.audit_check import chains, verify_chain
from store.vault import access_key

audit = typer.Typer(
    no_args_is_help=True,
    help="The append-only, hash-chained record of every case.",
    epilog="Example: [bold]mash audit verify[/bold]",
)
app.add_typer(audit, name="audit")


@command(audit, "verify", example="mash audit verify C-ABCDEFGHIJKL")
async def verify(
    settings: Settings,
    case: Annotated[str | None, typer.Argument(help="One case; standard: all", metavar="[CASE]")] = None,
    json_: AsJson = False,
) -> None:
    """Check every entry of the audit and name the first bad one; exit 1 when there is one.

    For a case both its own chain and the one of who read its content are checked.
    """
    secret = keys_of(settings, HUB).audit
    store = await open_store(settings, HUB)
    checked = 0
    try:
        if case is None:
            keys = [key async for key in chains(store)]
        else:
            known = await store.audited_keys()
            keys = [key for key in (case, access_key(case)) if key == case or key in known]
            if case not in known and case not in await store.load([case]):
                raise Problem(f"there is no case {case}; `mash cases` lists them")
        for key in keys:
            found = await verify_chain(store, key, secret)
            if found is not None:
                if json_:
                    as_json({"ok": False, "chains": checked, "first_bad": asdict(found)})
                raise Problem(f"the audit of {found.key} is bad: entry {found.seq} is {found.problem}")
            checked += 1
    finally:
        await store.close()
    if json_:
        as_json({"ok": True, "chains": checked, "first_bad": None})
    else:
        typer.echo(f"{checked} chains verified")
