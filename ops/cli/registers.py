"""``mash registers`` and ``mash figures``: what a manager of the hub looks at."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from messages.parties import HUB
from messages.words import Mode
from ops.cli.app import app
from ops.cli.commands import command
from ops.cli.output import AsJson, as_json, table
from ops.engines import clock_of, open_store, partnership_of
from ops.figures import counted
from ops.problem import Problem
from ops.registers import entries, to_see_to
from ops.settings import Settings


@command(app, "registers", example="mash registers --due")
def registers(
    settings: Settings,
    due: Annotated[
        bool, typer.Option("--due", help="Only what has run out, is missing, or runs out within 60 days")
    ] = False,
    json_: AsJson = False,
) -> None:
    """Show the registers of the partnership: Memorandum, staff, supervisors, liaison officers, retention,
    procedures, legal bases; and what of them has run out.
    """
    partnership = partnership_of(settings)
    found = entries(partnership, partnership.clocks.day_of(clock_of(settings).now()))
    shown = to_see_to(found) if due else found
    if json_:
        as_json([asdict(one) for one in shown])
        return
    if not shown:
        typer.echo("everything is in date")
        return
    columns = ("register", "who", "what", "since", "until", "state")
    table(columns, ([one.register, one.who, one.what, one.since, one.until, one.state] for one in shown))


@command(app, "figures", example="mash figures --json")
async def figures(settings: Settings, json_: AsJson = False) -> None:
    """Count over everything: how people met to decide, and the panels called of late; exit 1 when those are
    more than the partnership's alarm.
    """
    level = partnership_of(settings).escalation_alarm
    store = await open_store(settings, HUB)
    try:
        found = await counted(store, level, clock_of(settings).now())
    finally:
        await store.close()
    share = found.phone_share
    if json_:
        as_json(
            {
                "cases": found.cases,
                "modes": {mode.value: found.modes[mode] for mode in Mode},
                "phone_share": share,
                "escalations": found.escalations,
                "days": found.days,
                "at_most": found.at_most,
                "alarm": found.alarm,
            }
        )
    else:
        by_mode = ", ".join(f"{found.modes[mode]} {mode.value.replace('_', ' ')}" for mode in Mode)
        typer.echo(f"cases: {found.cases}")
        typer.echo(f"meetings: {by_mode}")
        typer.echo(f"by telephone: {'none yet' if share is None else format(share, '.0%')}")
        typer.echo(f"panels called in {found.days} days: {found.escalations} (at most {found.at_most})")
    if found.alarm:
        raise Problem(
            f"{found.escalations} panels in {found.days} days, where at most {found.at_most} are meant: "
            "escalation is to be rare; look at what is disputed (mash cases), and at management action"
        )
