"""``mash cases``, ``mash case``, ``mash watch``, ``mash alarms``: how things stand, never content."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.console import Group
from rich.live import Live
from rich.text import Text

from agents.coordinator.needs import STAGES
from messages.parties import HUB
from ops import case_views, retention
from ops.alarms import alarms
from ops.as_at import as_at
from ops.case_filter import case_filter
from ops.cli.app import app
from ops.cli.case_page import drawn, drawn_as_at, drawn_page_of
from ops.cli.commands import command
from ops.cli.moments import past_moment
from ops.cli.output import AsJson, as_json, console, table
from ops.engines import clock_of, keys_of, open_store, partnership_of
from ops.local_time import local_time
from ops.need_words import need_in_words
from ops.problem import Problem, WrongInput
from ops.settings import Settings
from ops.tracing.spans import handled, spans_of
from ops.tracing.waterfall import waterfall
from store.audit_check import verify_chain, whole_chain

_Id = Annotated[str, typer.Argument(help="The case id, C-…, or the referral id", metavar="ID")]
LOOK_EVERY_S = 0.5


@command(app, "cases", example="mash cases --rag red --needs answer:police")
async def cases(
    settings: Settings,
    stage: Annotated[str | None, typer.Option(help=f"One of {', '.join(STAGES)}")] = None,
    rag: Annotated[str | None, typer.Option(help="red, amber or blue")] = None,
    needs: Annotated[
        str | None,
        typer.Option(help="What is waited for: rating, answer:police …; a wrong word lists them all"),
    ] = None,
    limit: Annotated[int, typer.Option(help="At most so many", min=1, max=case_views.MOST_ROWS)] = 100,
    json_: AsJson = False,
) -> None:
    """List the cases: those that are late first, then those due first.

    A case that is not rated is due by the clock of RED, two hours from receipt in the guidance.
    """
    partnership = partnership_of(settings)
    where = case_filter(partnership, stage=stage, rag=rag, needs_code=needs)
    store = await open_store(settings, HUB)
    try:
        found = await case_views.listed(
            store, where, limit, clocks=partnership.clocks, now=clock_of(settings).now()
        )
    finally:
        await store.close()
    if json_:
        as_json({"total": found.total, "cases": list(found.rows)})
        return
    if not found.total:
        typer.echo("no case fits" if where else "there are no cases yet")
        return
    columns = ("case", "category", "rag", "stage", "due_at", "late", "packages", "needs")
    zone = partnership.clocks.zone
    rows = (
        {
            **row,
            "due_at": local_time(row["due_at"], zone) if row["due_at"] else None,
            "late": "LATE" if row["late"] else None,
            "needs": [need_in_words(code) for code in row["needs"]],
        }
        for row in found.rows
    )
    table(columns, ([row[column] for column in columns] for row in rows))
    if found.total > len(found.rows):
        typer.echo(f"{found.total} in all; --limit shows more")


@command(app, "case", example="mash case C-ABCDEFGHIJKL --at 2026-07-01T12:00")
async def case(
    settings: Settings,
    case_id: _Id,
    trace: Annotated[bool, typer.Option("--trace", help="Draw the spans of the case as a waterfall")] = False,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="TIME", help="As it was then, from its record: 2026-07-01T12:00"),
    ] = None,
    json_: AsJson = False,
) -> None:
    """Show one case, a DIAL or a missing person: states, codes and times, never content (that is mash read).

    With --at what was known and decided at a moment, told from the audit alone, which is verified first.
    A time without an offset is that of the partnership's clock.
    """
    if at is not None and trace:
        raise WrongInput("--trace draws a case as it is now: leave out --at, or --trace")
    if at is not None:
        await _show_as_at(settings, case_id, at, json_)
        return
    other = await _other(settings, case_id)
    if other is not None and trace:
        raise WrongInput("--trace draws a case; a DIAL and a missing person have none")
    if other is not None:
        drawn_other = drawn_page_of(other, partnership_of(settings).clocks.zone)
        as_json(other) if json_ else console().print(drawn_other, crop=False)
        return
    page = await _page(settings, case_id)
    zone = partnership_of(settings).clocks.zone
    spans = handled(spans_of(settings.traces_at, page["trace_id"])) if trace else []
    if json_:
        as_json({**page, "spans": [span.as_json() for span in spans]} if trace else page)
        return
    if trace and not spans:
        there = f"there are no spans of {page['case_id']} in {settings.traces_at}"
        raise Problem(f"{there}; set MASH_TRACES to their folder")
    console().print(waterfall(spans) if trace else drawn(page, zone), crop=False)


@command(app, "watch", example="mash watch C-ABCDEFGHIJKL")
async def watch(settings: Settings, case_id: _Id) -> None:
    """Show one case live, until it is closed or Ctrl-C."""
    out, zone = console(), partnership_of(settings).clocks.zone
    with Live(console=out, auto_refresh=False) as live, suppress(asyncio.CancelledError):
        seen = -1
        while True:
            page = await _page(settings, case_id)
            if page["version"] != seen:
                seen = page["version"]
                foot = Text(f"version {seen}; Ctrl-C ends", style="dim")
                if out.is_terminal:
                    live.update(Group(drawn(page, zone), foot), refresh=True)
                else:
                    out.print(drawn(page, zone), crop=False)
                    sys.stdout.flush()
            if page["closed_at"]:
                return
            await asyncio.sleep(LOOK_EVERY_S)


async def _show_as_at(settings: Settings, said: str, at: str, json_: bool) -> None:
    zone = partnership_of(settings).clocks.zone
    moment = past_moment(at, zone, clock_of(settings).now())
    store = await open_store(settings, HUB)
    try:
        key = (await case_views.look_up(store, said))[1].key
        bad = await verify_chain(store, key, keys_of(settings, HUB).audit)
        acts = [json.loads(entry.body) for entry in await whole_chain(store, key)]
    finally:
        await store.close()
    if bad is not None:
        raise Problem(f"the record of {key} cannot be relied on: entry {bad.seq} is {bad.problem}")
    view = as_at(acts, moment)
    if view is None:
        first = local_time(acts[0]["at"], zone) if acts else "never"
        raise WrongInput(f"nothing is on record of {key} at {local_time(moment, zone)}; it begins {first}")
    if json_:
        as_json({"case_id": key, "as_at": moment.isoformat(), **view})
    else:
        console().print(drawn_as_at(key, moment, view, zone), crop=False)


async def _page(settings: Settings, case_id: str) -> dict[str, Any]:
    partnership, now = partnership_of(settings), clock_of(settings).now()
    store = await open_store(settings, HUB)
    try:
        found, kept = await case_views.look_up(store, case_id)
        acts = [json.loads(entry.body) for entry in await whole_chain(store, kept.key)]
        gone = await retention.destroyed(kept.key, store)
    finally:
        await store.close()
    timing = case_views.timing(found, partnership.clocks, now)
    at = local_time(gone.at, partnership.clocks.zone) if gone else ""
    content = gone.in_words(at) if gone else None
    return {**case_views.page(found, kept), **timing, **case_views.told(acts), "content": content}


async def _other(settings: Settings, said: str) -> dict[str, Any] | None:
    """The page of a DIAL or a missing person; None for whatever else."""
    store = await open_store(settings, HUB)
    try:
        kept = (await store.load([said])).get(said)
    finally:
        await store.close()
    state = case_views.other_from(kept) if kept is not None else None
    return case_views.other_page(state, kept) if state is not None and kept is not None else None


@command(app, "alarms", example="mash alarms --days 1")
async def alarms_(
    settings: Settings,
    days: Annotated[int, typer.Option(help="How far back to look", min=1, max=366)] = 7,
    json_: AsJson = False,
) -> None:
    """Show what staff were told to see to, newest first: warnings, breaches, panels, missed rounds, agendas.

    It is told from the records of open cases and of the daily rounds; no message is taken from anybody.
    """
    partnership = partnership_of(settings)
    since = clock_of(settings).now() - timedelta(days=days)
    store = await open_store(settings, HUB)
    try:
        found = await alarms(store, partnership, since)
    finally:
        await store.close()
    if json_:
        as_json({"since": since.isoformat(), "alarms": [asdict(one) for one in found]})
        return
    if not found:
        typer.echo(f"nothing in the last {days} days")
        return
    zone = partnership.clocks.zone
    table(
        ("at", "document", "alarm", "whom", "due_at", "detail"),
        (
            [
                local_time(one.at, zone),
                one.document,
                one.alarm,
                one.whom,
                local_time(one.due_at, zone) if one.due_at else None,
                one.detail,
            ]
            for one in found
        ),
    )
