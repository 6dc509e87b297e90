"""``mash cases``, ``mash case``, ``mash watch``, ``mash package``: what the hub knows."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Group
from rich.live import Live
from rich.text import Text

from agents.coordinator.needs import STAGES
from messages.parties import HUB
from ops import case_views, retention
from ops.as_at import as_at
from ops.case_filter import case_filter
from ops.cli.app import app
from ops.cli.case_page import drawn, drawn_as_at
from ops.cli.commands import command
from ops.cli.output import AsJson, as_json, console, table
from ops.engines import clock_of, keys_of, open_store, partnership_of, vault_of
from ops.local_time import local_time
from ops.package_view import read_package, reader_of
from ops.problem import Problem, WrongInput
from ops.settings import Settings
from ops.tracing.spans import spans_of
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
    """List the cases, those due first at the top."""
    partnership = partnership_of(settings)
    where = case_filter(partnership, stage=stage, rag=rag, needs_code=needs)
    store = await open_store(settings, HUB)
    try:
        found = await case_views.listed(store, where, limit)
    finally:
        await store.close()
    if json_:
        as_json({"total": found.total, "cases": list(found.rows)})
        return
    if not found.total:
        typer.echo("no case fits" if where else "there are no cases yet")
        return
    columns = ("case", "category", "rag", "stage", "due_at", "packages", "needs")
    zone = partnership.clocks.zone
    rows = (
        {**row, "due_at": local_time(row["due_at"], zone) if row["due_at"] else None} for row in found.rows
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
    """Show one case: states, codes and times, never content.

    With --at what was known and decided at a moment, told from the audit alone, which is verified first.
    A time without an offset is that of the partnership's clock.
    """
    if at is not None and trace:
        raise WrongInput("--trace draws a case as it is now: leave out --at, or --trace")
    if at is not None:
        await _show_as_at(settings, case_id, at, json_)
        return
    page = await _page(settings, case_id)
    zone = partnership_of(settings).clocks.zone
    spans = spans_of(settings.traces_at, page["trace_id"]) if trace else []
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
    moment = _moment(at, zone)
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


def _moment(said: str, zone: ZoneInfo) -> datetime:
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        raise WrongInput("--at takes a time such as 2026-07-01T12:00 or 2026-07-01T11:00:00Z") from None
    return found if found.tzinfo else found.replace(tzinfo=zone)


async def _page(settings: Settings, case_id: str) -> dict[str, Any]:
    store = await open_store(settings, HUB)
    try:
        page = case_views.page(*await case_views.look_up(store, case_id))
        gone = await retention.destroyed(page["case_id"], store)
        at = local_time(gone.at, partnership_of(settings).clocks.zone) if gone else ""
        return {**page, "content": gone.in_words(at) if gone else None}
    finally:
        await store.close()


@command(
    app,
    "package",
    example="mash package C-ABCDEFGHIJKL --as POL-SGT-01@police --purpose safeguarding_children",
)
async def package(
    settings: Settings,
    case_id: _Id,
    as_whom: Annotated[str, typer.Option("--as", help="Who reads it: PERSON@AGENCY of the register")],
    purpose: Annotated[str, typer.Option(help="What for: a purpose of the partnership")],
    version: Annotated[int | None, typer.Option(help="1 and up; standard: the latest", min=1)] = None,
    json_: AsJson = False,
) -> None:
    """Show a package as it was issued. The reading goes on record: who, which case, what for."""
    partnership = partnership_of(settings)
    today = partnership.clocks.day_of(clock_of(settings).now())
    reader = reader_of(partnership, as_whom, purpose, today)
    store = await open_store(settings, HUB)
    try:
        found, _ = await case_views.look_up(store, case_id)
        if gone := await retention.destroyed(found.case_id, store):
            at = local_time(gone.at, partnership.clocks.zone)
            raise Problem(f"the content of {found.case_id} was {gone.in_words(at)}")
        vault = vault_of(store, keys_of(settings, HUB), clock_of(settings))
        shown = await read_package(
            found, version, vault, reader=reader, purpose=purpose, partnership=partnership, today=today
        )
    finally:
        await store.close()
    if json_:
        more = {"recipients": list(shown.recipients), "as_sent": shown.as_sent, "versions": shown.versions}
        as_json({**shown.package, **more})
        return
    said = shown.package
    issued = local_time(said["issued_at"], partnership.clocks.zone)
    typer.echo(
        f"{said['package_id']}  {said['kind']}  {said['marking'].upper()}  issued {issued}"
        f"  to {', '.join(shown.recipients)}"
    )
    for line in shown.elsewhere():
        typer.echo(line)
    typer.echo(f"concern: {said['concern']}")
    table(
        ("agency", "answer", "released", "sanitised", "withheld", "waiting"),
        (
            [a["agency"], a["state"], a["released"], a["sanitised"], a["withheld"], a["waiting"]]
            for a in said["agencies"]
        ),
    )
    table(
        ("from", "kind", "marking", "text", "conditions"),
        ([e["agency"], e["kind"], e["marking"], e["text"], e["conditions"]] for e in said["elements"]),
    )
    if not shown.as_sent:
        typer.echo("note: the case has changed since; this is not in every detail what was sent", err=True)
