"""``mash read`` and ``mash package``: what the hub holds in confidence, for whoever may see it, on record."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from agents.coordinator.case import Case
from messages.parties import HUB
from ops import case_views, retention
from ops.cli.app import app
from ops.cli.commands import command
from ops.cli.moments import past_moment
from ops.cli.output import AsJson, as_json, console
from ops.cli.package_page import drawn_package
from ops.cli.read_page import drawn_content, drawn_reasons
from ops.engines import clock_of, keys_of, open_store, partnership_of, vault_of
from ops.local_time import local_time
from ops.package_view import Shown, package_seat, read_package
from ops.problem import Problem, WrongInput
from ops.reading import Readings
from ops.settings import Settings
from ops.who_reads import asking, on_record
from store.port import Store

_As = Annotated[str, typer.Option("--as", help="Who reads it: PERSON@AGENCY of the register")]
_Purpose = Annotated[str, typer.Option(help="What for: a purpose of the partnership")]


@command(
    app,
    "read",
    example="mash read C-ABCDEFGHIJKL --as POL-SGT-01@police --purpose safeguarding_children",
)
async def read(
    settings: Settings,
    document: Annotated[
        str,
        typer.Argument(
            help="A case, C-… or its referral id; a DIAL, D-…; a missing person, M-…", metavar="ID"
        ),
    ],
    as_whom: _As,
    purpose: _Purpose,
    reasons: Annotated[
        bool, typer.Option("--reasons", help="Why everything was decided, in place of what is known")
    ] = False,
    at: Annotated[
        str | None,
        typer.Option(
            "--at", metavar="TIME", help="With --reasons: only what was decided by 2026-07-01T12:00"
        ),
    ] = None,
    json_: AsJson = False,
) -> None:
    """Read what people decide on: concern, people, form, elements, questions; a DIAL; a missing person.

    Staff of the hub see what was revealed in cases in which their agency was asked or which they manage; a
    panel sees its dispute; a field team its RED notice. The reading goes on record before anything is shown,
    and so does one that is refused.
    """
    if at is not None and not reasons:
        raise WrongInput("--at goes with --reasons: the content of a case is shown as it is now")
    partnership, clock = partnership_of(settings), clock_of(settings)
    zone, who = partnership.clocks.zone, asking(partnership, as_whom, purpose)
    until = past_moment(at, zone, clock.now()) if at is not None else None
    store = await open_store(settings, HUB)
    try:
        found = await case_views.look_up_any(store, document)
        vault = vault_of(store, keys_of(settings, HUB), clock)
        await _require_kept(store, found.case_id if isinstance(found, Case) else found.key, zone)
        readings = Readings(vault, partnership, partnership.clocks.day_of(clock.now()))
        if reasons:
            said = await readings.reasons(found, who, until)
        else:
            content = await readings.read(found, who)
    finally:
        await store.close()
    if reasons:
        if json_:
            as_json({"until": until.isoformat() if until else None, "reasons": said})
        else:
            console().print(drawn_reasons(said, zone), crop=False)
    elif json_:
        as_json(content)
    else:
        console().print(drawn_content(content, zone), crop=False)


@command(
    app,
    "package",
    example="mash package C-ABCDEFGHIJKL --as POL-SGT-01@police --purpose safeguarding_children",
)
async def package(
    settings: Settings,
    case_id: Annotated[str, typer.Argument(help="The case id, C-…, or the referral id", metavar="ID")],
    as_whom: _As,
    purpose: _Purpose,
    version: Annotated[int | None, typer.Option(help="1 and up; standard: the latest", min=1)] = None,
    json_: AsJson = False,
) -> None:
    """Show a package as it was issued, to staff of the hub or to a member of a team that received it.

    The reading goes on record: who, which case, what for; so does one that is refused.
    """
    partnership, clock = partnership_of(settings), clock_of(settings)
    today = partnership.clocks.day_of(clock.now())
    who = asking(partnership, as_whom, purpose)
    store = await open_store(settings, HUB)
    try:
        found, _ = await case_views.look_up(store, case_id)
        await _require_kept(store, found.case_id, partnership.clocks.zone)
        vault = vault_of(store, keys_of(settings, HUB), clock)

        async def work() -> Shown:
            seat = package_seat(found, who, partnership, today)
            return await read_package(
                found,
                version,
                vault,
                reader=seat.reader,
                purpose=purpose,
                partnership=partnership,
                today=today,
                teams=seat.teams,
            )

        shown = await on_record(vault, found.case_id, who, work)
    finally:
        await store.close()
    if json_:
        more = {"recipients": list(shown.recipients), "as_sent": shown.as_sent, "versions": shown.versions}
        as_json({**shown.package, **more})
        return
    console().print(drawn_package(shown, partnership), crop=False)
    if not shown.as_sent:
        typer.echo("note: the case has changed since; this is not in every detail what was sent", err=True)


async def _require_kept(store: Store, key: str, zone: ZoneInfo) -> None:
    """Raises `Problem` when the content has been destroyed, with when and by whose decision. [L09]"""
    if gone := await retention.destroyed(key, store):
        raise Problem(f"the content of {key} was {gone.in_words(local_time(gone.at, zone))}")
