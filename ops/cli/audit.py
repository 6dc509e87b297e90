"""``mash audit``: what is on record, and whether it is as it was written."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

from messages.parties import HUB
from ops.case_views import look_up
from ops.cli.app import app
from ops.cli.commands import command
from ops.cli.output import AsJson, as_json, table
from ops.engines import keys_of, open_store, partnership_of
from ops.local_time import local_time
from ops.problem import Problem
from ops.settings import Settings
from store.audit_check import chains, verify_chain, whole_chain
from store.port import Store
from store.vault import access_key

audit = typer.Typer(
    no_args_is_help=True,
    help="The append-only, hash-chained record of every case.",
    epilog="Example: [bold]mash audit verify[/bold]",
)
app.add_typer(audit, name="audit")


@command(audit, "show", example="mash audit show C-ABCDEFGHIJKL")
async def show(
    settings: Settings,
    case: Annotated[str, typer.Argument(help="A case's id, or its referral's", metavar="CASE")],
    reads: Annotated[bool, typer.Option("--reads", help="Who read its content, instead")] = False,
    json_: AsJson = False,
) -> None:
    """Show what is on record of a case: each act, when, by whom, with codes and ids and no content."""
    store = await open_store(settings, HUB)
    try:
        key = await _key_of(store, case)
        chain = await whole_chain(store, access_key(key) if reads else key)
    finally:
        await store.close()
    acts = [{"seq": entry.seq, **json.loads(entry.body)} for entry in chain]
    if json_:
        as_json(acts)
        return
    zone = partnership_of(settings).clocks.zone
    columns = ("seq", "at", "act", "person", "role", "agency", "detail")
    table(columns, ([act["seq"], local_time(act["at"], zone), act["act"], *_said(act)] for act in acts))


async def _key_of(store: Store, case: str) -> str:
    """The chain of a case; a chain whose document is gone is known by its own id alone."""
    return case if await store.audit_head(case) is not None else (await look_up(store, case))[1].key


_IN_COLUMNS = frozenset({"seq", "at", "act", "by", "id"})


def _said(act: dict[str, Any]) -> list[str | None]:
    """Who acted, and what more is on record of it. A reading of content names its reader itself, and what
    somebody did in the dashboard has all roles that they held."""
    by = act.get("by") or act
    if "detail" in act:
        detail = act["detail"]
    elif "reason" in act:
        detail = {"purpose": act["purpose"], "refused": act["reason"]}
    elif "refs" in act:
        detail = {"purpose": act["purpose"], "texts": len(act["refs"])}
    else:
        detail = {name: value for name, value in act.items() if name not in _IN_COLUMNS}
    told = ", ".join(f"{name}={_short(value)}" for name, value in detail.items())
    return [
        by.get("person"),
        by.get("role") or ", ".join(by.get("roles", ())) or None,
        by.get("agency"),
        told,
    ]


def _short(value: object) -> str:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return " ".join(value) or "none"
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


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
            keys = [await _key_of(store, case)]
            if await store.audit_head(access_key(keys[0])) is not None:
                keys.append(access_key(keys[0]))
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
