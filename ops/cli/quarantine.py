"""``mash quarantine``: messages that could not be handled."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from messages.codec import peek
from messages.parties import HUB
from ops.cli.app import app
from ops.cli.commands import command
from ops.cli.output import AsJson, as_json, table
from ops.engines import keys_of, open_store, partnership_of
from ops.local_time import local_time
from ops.operations import redriving
from ops.problem import Problem, WrongInput
from ops.settings import Settings
from store.port import Quarantined, Store
from store.quarantine import Quarantine, QuarantineUnreadable

quarantine = typer.Typer(
    no_args_is_help=True,
    help="Messages that could not be handled, sealed until somebody redrives them.",
    epilog="Example: [bold]mash quarantine list[/bold]",
)
app.add_typer(quarantine, name="quarantine")

_Id = Annotated[str, typer.Argument(help="The message id", metavar="ID")]
_Party = Annotated[str, typer.Option("--of", help="Whose quarantine: hub, or agency.<code>")]
_Sender = Annotated[str | None, typer.Option("--sender", help="Only of this sender: staff, agency.police…")]
_Reason = Annotated[str | None, typer.Option("--reason", help="Only for this reason")]
_Anyway = Annotated[bool, typer.Option("--anyway", help="Also when its case has moved on since")]


@command(quarantine, "list", example="mash quarantine list --sender agency.police")
async def list_(
    settings: Settings,
    of: _Party = HUB,
    sender: _Sender = None,
    reason: _Reason = None,
    json_: AsJson = False,
) -> None:
    """List what is in quarantine, oldest first: reasons and places, never content."""
    store = await open_store(settings, _known(settings, of))
    try:
        opening = _opening(settings, store, of)
        found = [
            _described(item, _about(opening, item))
            for item in await store.quarantined()
            if sender in (None, item.user) and reason in (None, item.reason)
        ]
    finally:
        await store.close()
    if json_:
        as_json(found)
        return
    columns = ("message_id", "about", "type", "reason", "fields", "sender", "at", "attempts")
    rows = (_as_read(one, settings) for one in found)
    table(columns, ([row[column] for column in columns] for row in rows))


@command(quarantine, "show", example="mash quarantine show 3f1c…")
async def show(settings: Settings, message_id: _Id, of: _Party = HUB, json_: AsJson = False) -> None:
    """Show one message: why it is there, who sent it, and its attributes; its texts stay sealed."""
    store = await open_store(settings, _known(settings, of))
    try:
        item = await Quarantine(store, keys_of(settings, of).quarantine).opened(message_id)
    finally:
        await store.close()
    found = {**_described(item, peek(item.body).get("subject")), "bytes": len(item.body)}
    if json_:
        as_json(found)
        return
    table(("", ""), _as_read(found, settings).items())


@command(quarantine, "redrive", example="mash quarantine redrive 3f1c…")
async def redrive(
    settings: Settings, message_id: _Id, of: _Party = HUB, anyway: _Anyway = False, json_: AsJson = False
) -> None:
    """Have a message handled again, after what was wrong was put right.

    A decision takes effect as of now. When people have decided in its case since it was refused, look at
    the case first.
    """
    answer = await redriving.redrive(settings, message_id, _known(settings, of), anyway=anyway)
    if json_:
        as_json({"outcome": answer.outcome, "reason": answer.reason})
    if not answer.done:
        raise Problem(f"it is still {answer.outcome}: {answer.reason}; it stays in quarantine")
    if not json_:
        typer.echo(f"{message_id}: {answer.outcome}")


def _known(settings: Settings, party: str) -> str:
    """A party that has a quarantine. Raises `WrongInput` for any other."""
    known = [HUB, *(f"agency.{agency}" for agency in sorted(partnership_of(settings).agencies))]
    if party not in known:
        raise WrongInput(f"--of takes one of {', '.join(known)}")
    return party


def _as_read(found: dict[str, Any], settings: Settings) -> dict[str, Any]:
    return {**found, "at": local_time(found["at"], partnership_of(settings).clocks.zone)}


def _opening(settings: Settings, store: Store, of: str) -> Quarantine | None:
    """What opens messages, where the key of this quarantine is."""
    try:
        return Quarantine(store, keys_of(settings, of).quarantine)
    except Problem:
        return None


def _about(opening: Quarantine | None, item: Quarantined) -> str | None:
    """The case or referral that a message says it is about, if it can be read."""
    if opening is None:
        return None
    try:
        return peek(opening.unsealed(item).body).get("subject")
    except QuarantineUnreadable:
        return None


def _described(item: Quarantined, about: str | None) -> dict[str, Any]:
    return {
        "message_id": item.message_id,
        "about": about,
        "type": item.type,
        "reason": item.reason,
        "fields": list(item.fields),
        "remedy": item.remedy,
        "sender": item.user,
        "queue": item.queue,
        "at": item.at.isoformat(),
        "attempts": item.attempts,
    }
