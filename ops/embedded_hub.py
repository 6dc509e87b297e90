"""A whole hub in one process and one folder: embedded broker, SQLite, coordinator, a worker for each agency.

Everything that differs from run to run is given: the clock, the source of ids, the secret. Under virtual
time it goes through three working days in seconds, the same way each time.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from opentelemetry.trace import Tracer

import store.connect
from agents.agency.folder import worker_from
from agents.coordinator.coordinator import Coordinator
from agents.deciding import Agent
from agents.partnership import Partnership
from agents.runtime import Given, Runtime
from broker.embedded import EmbeddedServer
from broker.port import Broker
from messages.clock import Clock, NewId
from messages.parties import HUB
from messages.private_folder import make_private_folder
from messages.sealing import WireKeys
from ops.engines import AgentKeys, agent_name
from store.port import Store
from store.quarantine import Quarantine
from store.vault import Vault

Tracers = Callable[[str], Tracer | None]

ALONE = timedelta(days=7)
"""How often an agent looks for what another process left behind, when there is no other process."""


def no_tracer(party: str) -> None:
    """Tracing is off."""


@dataclass(frozen=True, slots=True)
class EmbeddedHub:
    """A running hub. ``runtimes`` are by party; ``store`` and ``vault`` are the coordinator's."""

    partnership: Partnership
    clock: Clock
    wire_keys: WireKeys
    server: EmbeddedServer
    coordinator: Coordinator
    given: Given
    runtimes: Mapping[str, Runtime[Any]]

    @property
    def engine(self) -> Mapping[str, str]:
        """The names of the engines."""
        return {"broker": "embedded", "store": "sqlite"}

    @property
    def store(self) -> Store:
        return self.given.store

    @property
    def vault(self) -> Vault:
        return self.given.vault

    async def connect(self, party: str) -> Broker:
        """A connection of a party's own user. Raises BrokerError for a party that there is not."""
        return self.server.connect(party)


@asynccontextmanager
async def embedded_hub(
    folder: Path,
    partnership: Partnership,
    agencies: Mapping[str, Path],
    *,
    secret: bytes,
    clock: Clock,
    new_id: NewId,
    tracers: Tracers = no_tracer,
) -> AsyncIterator[EmbeddedHub]:
    """Run a hub until the block ends, then stop it gracefully.

    Parameters
    ----------
    folder
        Where everything is kept; made when it is not there.
    agencies
        The folders of records by agency; each gets a worker.
    secret
        32 bytes from which every key of the hub and of its workers is derived.

    Raises
    ------
    FolderUnsound
        for an agency's folder that cannot be used.
    BrokerError, StoreError
        when the files in the folder cannot be opened.
    """
    workers = {
        f"agency.{agency}": worker_from(
            path, AgentKeys.derived(_secret_of(secret, f"agency.{agency}")).records
        )
        for agency, path in sorted(agencies.items())
    }
    wire_keys = WireKeys(secret=secret)
    make_private_folder(folder)
    server = EmbeddedServer(folder / "broker.sqlite", partnership.topology(), clock)
    async with AsyncExitStack() as closing:
        closing.callback(server.close)

        async def given_to(party: str) -> Given:
            keys = AgentKeys.derived(_secret_of(secret, party))
            own = store.connect.connect(f"sqlite:///{folder / 'store'}", agent=agent_name(party))
            closing.push_async_callback(own.close)
            await own.provision()
            connection = server.connect(party)
            closing.push_async_callback(connection.close)
            return Given(
                broker=connection,
                store=own,
                vault=Vault(own, keys.vault, keys.audit, clock, new_id),
                quarantine=Quarantine(own, keys.quarantine),
                clock=clock,
                new_id=new_id,
                wire_keys=wire_keys if party == HUB else WireKeys(own={party: wire_keys.raw(party)}),
                audit_secret=keys.audit,
                keeps_content=party == HUB,
            )

        given = await given_to(HUB)
        index = AgentKeys.derived(_secret_of(secret, HUB)).index
        coordinator = Coordinator(partnership, given.store, index)
        runtimes = {HUB: _runtime(coordinator, given, tracers, dead_letters=True)}
        for party, worker in workers.items():
            runtimes[party] = _runtime(worker, await given_to(party), tracers)
        async with _running(runtimes):
            yield EmbeddedHub(partnership, clock, wire_keys, server, coordinator, given, runtimes)


def _runtime(
    agent: Agent[Any], given: Given, tracers: Tracers, *, dead_letters: bool = False
) -> Runtime[Any]:
    return Runtime(agent, given, tracer=tracers(agent.party), dead_letters=dead_letters, look_again=ALONE)


@asynccontextmanager
async def _running(runtimes: Mapping[str, Runtime[Any]]) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as tasks:
        for party, runtime in runtimes.items():
            tasks.create_task(runtime.run(), name=f"run:{party}")
        try:
            yield
        finally:
            for runtime in runtimes.values():
                await runtime.stop()


def _secret_of(secret: bytes, party: str) -> bytes:
    """A party's own secret: the hub's is the secret itself, as in a folder of keys."""
    if party == HUB:
        return secret
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"mash agent {party}".encode()).derive(secret)
