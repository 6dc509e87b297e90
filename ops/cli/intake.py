"""``mash intake`` and ``mash rounds``: what comes in day by day, and what is done about it each day."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from agents.coordinator import domestic_abuse, missing_children
from agents.coordinator.daily_rounds import Round, key_of
from messages.dial import DialReceived
from messages.envelope import Envelope
from messages.parties import HUB
from ops import key_folder
from ops.cli.app import app
from ops.cli.commands import command
from ops.cli.output import AsJson, as_json, table
from ops.engines import clock_of, is_embedded, new_id, open_store, partnership_of
from ops.hub_lock import hub_runs
from ops.intake_files import KINDS, Handed, read_batch
from ops.local_time import local_time
from ops.problem import Problem, WrongInput
from ops.reading_input import read_text
from ops.sending import answer_to, send
from ops.settings import Settings


@command(app, "intake", example="mash intake dials.csv --kind dials --source police_cru")
async def intake(
    settings: Settings,
    file: Annotated[str, typer.Argument(help="JSON or CSV file, or - for JSON", metavar="FILE|-")],
    kind: Annotated[str, typer.Option(help=f"What is in it: {' or '.join(KINDS)}")],
    source: Annotated[
        str | None,
        typer.Option(help="The referral source that hands it in; standard: the partnership's first"),
    ] = None,
    wait: Annotated[float, typer.Option(help="Seconds to wait for the hub to take each entry", min=0)] = 20.0,
    json_: AsJson = False,
) -> None:
    """Hand in a day's DIALs or reports of missing people: one as JSON, or a batch as CSV.

    Nothing is sent while anything in the file is wrong. Prints the key of each entry's document.
    """
    if kind not in KINDS:
        raise WrongInput(f"--kind: must be one of {', '.join(KINDS)}")
    partnership = partnership_of(settings)
    source = source or next(iter(partnership.sources))
    if source not in partnership.sources:
        raise WrongInput(f"--source: must be one of {', '.join(sorted(partnership.sources))}")
    is_csv = file.lower().endswith(".csv")
    entries = read_batch(read_text(file), kind, source, partnership.authorities, is_csv=is_csv)
    store = await open_store(settings, HUB)
    try:
        wire_keys = key_folder.wire_keys_of(settings.keys_at, f"source.{source}")
        taken = not is_embedded(settings, f"source.{source}") or hub_runs(settings.data)
        said = []
        for entry in entries:
            envelope = Envelope(
                new_id(), f"source.{source}", HUB, _id_of(entry), clock_of(settings).now(), entry
            )
            await send(envelope, settings, wire_keys)
            said.append((envelope, entry))
        rows: list[dict[str, Any]] = []
        for envelope, entry in said:
            answer = await answer_to(envelope, _key_of(entry), store, wait if taken else 0)
            rows.append(
                {
                    "id": _id_of(entry),
                    "key": _key_of(entry),
                    "outcome": answer.outcome,
                    "reason": answer.reason,
                    "remedy": answer.remedy,
                }
            )
    finally:
        await store.close()
    if json_:
        as_json({"entries": rows})
    else:
        columns = ("id", "key", "outcome", "reason")
        table(columns, ([row[column] for column in columns] for row in rows))
    refused = [row for row in rows if row["outcome"] == "refused"]
    if refused:
        raise Problem(f"{len(refused)} of {len(rows)} were refused; `mash quarantine list` has the reasons")
    if any(row["outcome"] == "waiting" for row in rows) and wait:
        raise Problem("what is waiting is kept; do not send it again. `mash doctor` says whether a hub runs")


def _id_of(entry: Handed) -> str:
    return entry.dial_id if isinstance(entry, DialReceived) else entry.report_id


def _key_of(entry: Handed) -> str:
    if isinstance(entry, DialReceived):
        return domestic_abuse.key_of(entry.source, entry.dial_id)
    return missing_children.key_of(entry.source, entry.person_ref)


@command(app, "rounds", example="mash rounds dial_meeting")
async def rounds(
    settings: Settings,
    code: Annotated[str | None, typer.Argument(help="One of them, with what is before it")] = None,
    json_: AsJson = False,
) -> None:
    """The daily rounds: when each was last held or missed, and what waits for it."""
    partnership = partnership_of(settings)
    if code is not None and code not in partnership.rounds:
        raise WrongInput(f"no such round; there is {', '.join(partnership.rounds) or 'none'}")
    store = await open_store(settings, HUB)
    try:
        kept = await store.load([key_of(one) for one in ([code] if code else partnership.rounds)])
    finally:
        await store.close()
    found = [Round.model_validate_json(one.state) for one in kept.values()]
    if json_:
        as_json({"rounds": [one.model_dump(mode="json") for one in found]})
        return
    zone = partnership.clocks.zone
    if code is not None and found:
        table(
            ("item", "listed", "agendas"),
            ([one.item, local_time(one.at.isoformat(), zone), one.agendas] for one in found[0].items),
        )
        return
    columns = ("round", "waiting", "next_agenda", "last_held", "last_missed")
    table(
        columns,
        (
            [
                one.code,
                len(one.items),
                one.agenda_day.isoformat(),
                max((held.day.isoformat() for held in one.held), default=None),
                max((day.isoformat() for day in one.missed), default=None),
            ]
            for one in found
        ),
    )
