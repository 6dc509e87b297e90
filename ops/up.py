"""The whole hub in one process: broker, coordinator and a worker for each agency with a folder of records.

Everything is in one folder. What others say to the hub comes through its inbox folder, and what it says
to sources, teams and the staff's desk goes to its outbox folder (`ops.mailroom`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from opentelemetry.trace import Tracer
from pydantic import SecretStr

from agents.runtime import Runtime
from broker.embedded import EmbeddedServer
from broker.port import Broker, BrokerError, NotPublished, Outbound, Subscription
from messages.catalogue import Kind
from messages.codec import peek
from messages.envelope import Lane, routing_key
from messages.parties import HUB, STAFF, kind_of, queue_name
from messages.private_folder import make_private_folder
from messages.refusal import Unacceptable
from messages.strict_json import parse_object
from ops import mailroom
from ops.engines import EMBEDDED, clock_of, given_to, partnership_of
from ops.hub_lock import one_hub_in
from ops.operations import standing_file
from ops.operations.requests import do_what_is_asked, now_and_then
from ops.problem import WrongInput
from ops.provisioning import make_keys
from ops.serving import (
    NO_AGENCY,
    WITH_NO_AGENCY_DO,
    coordinator_runtime,
    folders_of_nobody,
    run_until,
    worker_of,
    worker_runtime,
)
from ops.settings import Settings

_TAKE = 32
Tracers = Callable[[str], Tracer | None]


def in_one_process(settings: Settings) -> Settings:
    """The settings of a hub in one process, whose broker is inside it.

    Raises
    ------
    WrongInput
        when another broker is set.
    """
    url = settings.broker_url
    if url is not None and not url.get_secret_value().lower().startswith(EMBEDDED):
        raise WrongInput(
            "up runs the whole hub in one process, on the embedded broker: leave out --broker, "
            "MASH_BROKER_URL and broker_url; on servers run `mash provision`, then `mash coordinator` "
            "and a `mash worker` for each agency"
        )
    return settings.model_copy(update={"broker_url": SecretStr(EMBEDDED)})


async def up(
    settings: Settings, told: asyncio.Event, tracers: Tracers, ready: Callable[[list[str]], None]
) -> None:
    """Run until told. ``ready`` is called with the agencies that have a worker.

    Raises
    ------
    Problem
        when a hub runs in the folder already; `WrongInput` when an agency's folder cannot be used, or is of
        no agency.
    """
    make_private_folder(settings.data)
    with one_hub_in(settings.data):
        await _up(settings, told, tracers, ready)


async def _up(
    settings: Settings, told: asyncio.Event, tracers: Tracers, ready: Callable[[list[str]], None]
) -> None:
    partnership = partnership_of(settings)
    if strays := folders_of_nobody(settings, partnership):
        raise WrongInput(
            f"{settings.agencies_at} has a folder that nothing reads",
            tuple(f"{name}: {NO_AGENCY}; {WITH_NO_AGENCY_DO}" for name in strays),
        )
    topology = partnership.topology()
    agencies = [agency for agency in sorted(partnership.agencies) if (settings.agencies_at / agency).is_dir()]
    make_keys(
        settings.keys_at,
        [user.name for user in topology.users],
        [HUB, *(f"agency.{agency}" for agency in agencies)],
    )
    workers = {agency: worker_of(settings, agency) for agency in agencies}
    server = EmbeddedServer(settings.data / "broker.sqlite", topology, clock_of(settings))
    try:
        async with AsyncExitStack() as open_things, asyncio.TaskGroup() as tasks:
            given = await open_things.enter_async_context(given_to(settings, HUB, server))
            hub = coordinator_runtime(settings, given, tracers(HUB))
            runtimes: list[Runtime[Any]] = [hub]
            for worker in workers.values():
                its = await open_things.enter_async_context(given_to(settings, worker.party, server))
                runtimes.append(worker_runtime(settings, worker, its, tracers(worker.party)))
            for runtime in runtimes:
                tasks.create_task(run_until(runtime, told))
            tasks.create_task(_send_what_is_posted(settings.data, server, told))
            tasks.create_task(do_what_is_asked(settings.data, hub, told))
            tasks.create_task(standing_file.tell(settings.data, server, runtimes, told))
            for user in topology.users:
                if user.name == STAFF or kind_of(user.name) in (Kind.TEAM, Kind.SOURCE):
                    connection = server.connect(user.name)
                    open_things.push_async_callback(connection.close)
                    for lane in Lane:
                        subscription = await connection.subscribe(queue_name(user.name, lane), prefetch=_TAKE)
                        tasks.create_task(_deliver(settings.data, user.name, subscription))
                        tasks.create_task(_stop_once(told, subscription))
            ready(agencies)
    finally:
        server.close()


async def _stop_once(told: asyncio.Event, subscription: Subscription) -> None:
    await told.wait()
    await subscription.stop()


async def _deliver(data: Path, party: str, subscription: Subscription) -> None:
    """From the broker to the party's outbox folder."""
    while deliveries := await subscription.take(_TAKE):
        for one in deliveries:
            mailroom.deliver(data, party, one.message_id, one.body)
        await subscription.acknowledge(deliveries)


async def _send_what_is_posted(data: Path, server: EmbeddedServer, told: asyncio.Event) -> None:
    """From the inbox folder to the broker, in the name of the party that each message says it is from."""
    connections: dict[str, Broker] = {}
    async for _ in now_and_then(told):
        for file in mailroom.posted(data):
            try:
                message, party = _outbound(file.read_bytes())
                if party not in connections:
                    connections[party] = server.connect(party)
                await connections[party].publish([message])
            except Unacceptable as why:
                mailroom.refuse(data, file, why.reason)
            except NotPublished as why:
                mailroom.refuse(data, file, next(iter(why.failed.values())))
            except BrokerError:
                mailroom.refuse(data, file, "sender_unknown")
            else:
                file.unlink()
    for connection in connections.values():
        await connection.close()


def _outbound(body: bytes) -> tuple[Outbound, str]:
    event = parse_object(body)
    seen = peek(body)
    named = [event.get(name) for name in ("source", "recipient", "lane")]
    if "id" not in seen or "type" not in seen or not all(isinstance(name, str) for name in named):
        raise Unacceptable("envelope_invalid")
    source, recipient, lane = (str(name) for name in named)
    if lane not in set(Lane):
        raise Unacceptable("envelope_invalid", ("lane",))
    key = routing_key(recipient, Lane(lane), seen["type"])
    return Outbound(seen["id"], seen["type"], key, body), source
